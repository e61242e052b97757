/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rule files on disk. */
#pragma once

#include <stddef.h>
#include <sys/stat.h>

#include "base/arena.h"

/*
 * Reads the rule file @name in the directory @dir (AT_FDCWD: a path) and tells about it in @ret_stat. At most
 * one byte more than a rule file may have is read. The caller frees *ret_text. On failure *ret_why says why,
 * and a negative errno is returned.
 */
int vc_rule_file_read(int dir, const char *name, const char **ret_why, struct stat *ret_stat, char **ret_text,
		      size_t *ret_size) _must_check_;

/* The directory that the file stands in: "iommu" of "rules/iommu/x.xml". */
const char *vc_rule_topic(struct vc_arena *arena, const char *path);
