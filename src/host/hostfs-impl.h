/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside of hostfs: what its files share. Nobody else includes this but its tests. */
#pragma once

#include "host/hostfs.h"
#include "host/manifest.h"

/* What one run may hold of a host in memory, whatever the tree claims to be. */
#define VC_HOSTFS_TOTAL_MAX ((uint64_t)512 * 1024 * 1024)
/* Names in one directory: the largest real one, /sys/bus/pci/devices, has some thousands. */
#define VC_HOSTFS_NAMES_MAX ((size_t)100000)
/* Members of one archive, and questions in one manifest; a capture of 400 PCI devices has 10,000. */
#define VC_HOSTFS_ENTRIES_MAX ((size_t)200000)

/* As the size of a part: all there is, or -EFBIG. */
#define VC_HOSTFS_WHOLE SIZE_MAX

/*
 * Where a tree lies. Each answers 0 or a negative errno and leaves what "missing" means to hostfs.c: -ENOENT
 * is only for a path that leads nowhere. Results live in the arena; fact is not theirs to fill.
 */
struct vc_backend {
	int (*read)(struct vc_hostfs *fs, const char *path, uint64_t offset, size_t size,
		    const char **ret_data, size_t *ret_size);
	int (*read_link)(struct vc_hostfs *fs, const char *path, const char **ret_target);
	int (*list)(struct vc_hostfs *fs, const char *path, const char *const **ret_name, size_t *ret_count);
	int (*stat)(struct vc_hostfs *fs, const char *path, struct vc_node *ret_node);
	/* Makes the directory @name of the root the root. */
	int (*enter)(struct vc_hostfs *fs, const char *name);
	/* Would @path be here if it existed? No where a file system is not mounted or hidden. NULL: always.
	 */
	bool (*covers)(struct vc_hostfs *fs, const char *path);
	void (*close)(struct vc_hostfs *fs);
};

struct vc_slices;
struct vc_tree_node;

/* A listener is told of every question with its answer. The record and all it points to live in the arena. */
typedef void vc_hostfs_listen_fn(void *context, const struct vc_record *record);

/* What is missing in the directory that the first @length bytes of @path name: is it missing on the host? */
struct vc_covered {
	const char *path; /* NULL: not in use */
	size_t length;
	bool covers;
};

struct vc_hostfs {
	const struct vc_backend *backend;
	enum vc_hostfs_kind kind;
	struct vc_arena *arena;
	size_t file_max;                    /* VC_HOSTFS_FILE_MAX, less in tests */
	size_t members_max;                 /* VC_HOSTFS_ENTRIES_MAX, less in tests */
	uint64_t room;                      /* bytes that may still be held */
	uint64_t unpack;                    /* bytes of archives that may still be unpacked: time, not memory */
	const struct vc_manifest *manifest; /* VC_HOSTFS_CAPTURE */
	vc_hostfs_listen_fn *listen;
	void *listener;
	const struct vc_tree_node *tree; /* backend vc_hostfs_tree, and either this */
	struct vc_slices *slices;        /* or this */
	struct {                         /* backend vc_hostfs_dir */
		int root;
		bool confined; /* no link leads out; false for the live host only */
		bool openat2;  /* the kernel does the confining */
		bool mounts;   /* "/" itself: file systems are mounted below it */
		struct vc_covered covered[8];
		unsigned next_covered;
	} dir;
};

extern const struct vc_backend vc_hostfs_dir;
extern const struct vc_backend vc_hostfs_tree;

/* An unopened hostfs of @kind; released by vc_hostfs_close(). */
struct vc_hostfs *vc_hostfs_new(struct vc_arena *arena, enum vc_hostfs_kind kind);

/* Puts @fs on the directory @root, which it takes over. Without @confined links lead where they say. */
void vc_hostfs_use_dir(struct vc_hostfs *fs, int root, bool confined);
void vc_hostfs_use_tree(struct vc_hostfs *fs, const struct vc_tree_node *root);
void vc_hostfs_use_slices(struct vc_hostfs *fs, struct vc_slices *slices);

/*
 * Finds out whether the tree is a capture and skips a single directory above proc/ and sys/. @name names the
 * tree in diagnostics and lives as long as the run.
 */
int vc_hostfs_settle(struct vc_hostfs *fs, const char *name, struct vc_diags *diags) _must_check_;

/* Takes @size bytes out of what may be held. -EFBIG: there is not that much left. */
int vc_hostfs_take(struct vc_hostfs *fs, uint64_t size) _must_check_;
