/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The only door to the host. Everything a probe learns about the host comes through here, from one of
 *   - the live host ("/"),
 *   - a capture: a directory or archive that holds vhostcheck/manifest,
 *   - a foreign tree without a manifest: a copied /sys, an unpacked or packed sos report.
 * Paths are absolute inside the root ("/sys/class/iommu"); no link in a tree can lead out of it.
 *
 * What "missing" means depends on the tree, and is decided here, once:
 *   live      ENOENT below a readable parent is VC_ABSENT, anything else VC_UNREADABLE with its errno; where the
 *             file system that would hold it is not mounted or hidden (a chroot, a container): not collected;
 *   capture   what the manifest says: absent, refused with its errno, or never asked for (not collected);
 *   foreign   VC_UNREADABLE with VC_ENOTCOLLECTED: nobody promised that the tree is complete.
 * An existing empty directory is "none" everywhere.
 *
 * A recorder may listen (src/host/capture.h): it is told of every question and its answer, so that a capture
 * holds exactly what was asked, refusals included.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/fact.h"

struct vc_hostfs;

enum vc_hostfs_kind { VC_HOSTFS_LIVE, VC_HOSTFS_CAPTURE, VC_HOSTFS_FOREIGN };

/* No file a probe reads is larger; what is larger is VC_UNREADABLE with EFBIG. */
#define VC_HOSTFS_FILE_MAX ((size_t)64 * 1024 * 1024)

/*
 * Opens "/", a directory or an archive (tar, plain or packed with gzip or xz; needs libarchive at run time). A
 * single directory above proc/ and sys/, as reports have it, is skipped. On failure adds a diagnostic and returns
 * a negative errno. The result is released by vc_hostfs_close(); everything read through it lives in @arena.
 */
int vc_hostfs_open(const char *root, struct vc_arena *arena, struct vc_diags *diags,
		   struct vc_hostfs **ret_fs) _must_check_;
void vc_hostfs_close(struct vc_hostfs *fs); /* NULL is allowed */
enum vc_hostfs_kind vc_hostfs_kind(const struct vc_hostfs *fs);
struct vc_arena *vc_hostfs_arena(const struct vc_hostfs *fs);
/* From now on answers live in @arena, and outlive the arena that it was opened with. */
void vc_hostfs_answer_in(struct vc_hostfs *fs, struct vc_arena *arena);

/*
 * An answer. fact.state says how far it can be trusted; fact.from is the path (arena). Copy fact into the
 * facts that depend on it when it is not VC_KNOWN (vc_set_unknown_like).
 */
struct vc_answer {
	struct vc_fact fact;
	const char *data; /* VC_KNOWN: contents, NUL-terminated (NUL bytes inside are kept); arena */
	size_t size;
};

/* The whole of a regular file. FIFOs, devices and sockets are never opened for reading: VC_UNREADABLE. */
struct vc_answer vc_hostfs_read(struct vc_hostfs *fs, const char *format, ...) _printf_(2, 3);
/* At most @size bytes at @offset, for files too large to read whole (a QEMU binary, PCI config space). */
struct vc_answer vc_hostfs_read_part(struct vc_hostfs *fs, uint64_t offset, size_t size, const char *format,
				     ...) _printf_(4, 5);
/* As vc_hostfs_read(), with one trailing newline and surrounding blanks removed. */
struct vc_answer vc_hostfs_read_line(struct vc_hostfs *fs, const char *format, ...) _printf_(2, 3);
/* Target of a symbolic link, not followed. */
struct vc_answer vc_hostfs_read_link(struct vc_hostfs *fs, const char *format, ...) _printf_(2, 3);

/* Names in a directory, sorted, without "." and "..". */
struct vc_names {
	struct vc_fact fact;
	const char *const *name;
	size_t count;
};
struct vc_names vc_hostfs_list(struct vc_hostfs *fs, const char *format, ...) _printf_(2, 3);

enum vc_node_kind { VC_NODE_OTHER, VC_NODE_FILE, VC_NODE_DIRECTORY, VC_NODE_CHARACTER, VC_NODE_BLOCK };

struct vc_node {
	struct vc_fact fact; /* VC_KNOWN: it exists (links are followed) */
	enum vc_node_kind kind;
	unsigned mode, uid, gid; /* permission bits and owner */
	uint64_t size;
	int64_t ctime; /* seconds; 0 where the tree does not know it */
};
struct vc_node vc_hostfs_stat(struct vc_hostfs *fs, const char *format, ...) _printf_(2, 3);

/*
 * What is not a file: MSRs, CPUID, ioctls, resource limits, uname. @name ("msr/0x33") is the file below
 * vhostcheck/ that holds the answer in a capture; none of its parts begins with a dot, and "manifest" and "data"
 * are taken. On the live host @ask produces it: it adds text to @answer and returns 0, or a negative errno, which
 * is recorded as a refusal (-ENOENT: absent). In a foreign tree the answer is not collected.
 */
typedef int vc_hostfs_ask_fn(void *context, struct vc_buf *answer);
struct vc_answer vc_hostfs_ask(struct vc_hostfs *fs, const char *name, vc_hostfs_ask_fn *ask, void *context);
