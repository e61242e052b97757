/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads an archive into a tree: tar, plain or compressed with gzip or xz. */
#pragma once

#include "host/hostfs-impl.h"
#include "host/tree.h"

/* Where the archive is: an open regular file, or with fd -1 in memory. */
struct vc_archive_source {
	int fd;
	const void *data;
	size_t size;
};

/*
 * Reads the whole of it; files above fs->file_max are remembered without contents. On failure adds a
 * diagnostic about @name, which lives as long as the run. Bounded in members, bytes and time, whatever the
 * archive says.
 */
int vc_archive_read(struct vc_hostfs *fs, const struct vc_archive_source *source, const char *name,
		    struct vc_diags *diags, const struct vc_tree_node **ret_tree) _must_check_;
/* The same, and puts @fs on it. */
int vc_hostfs_load_archive(struct vc_hostfs *fs, const struct vc_archive_source *source, const char *name,
			   struct vc_diags *diags) _must_check_;
