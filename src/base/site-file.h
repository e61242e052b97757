/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that belong to vhostcheck itself: the rules, quirks and configuration of a site. */
#pragma once

#include <stddef.h>
#include <sys/stat.h>

#include "base/macro.h"

/*
 * Reads the plain file @name in the directory @dir (AT_FDCWD: a path) and tells about it in @ret_stat. At
 * most one byte more than @max is read, so that the caller sees that it is too large. The caller frees
 * *ret_text. On failure *ret_why says why, and a negative errno is returned.
 */
int vc_site_file_read(int dir, const char *name, size_t max, const char **ret_why, struct stat *ret_stat,
		      char **ret_text, size_t *ret_size) _must_check_;

/* Reads to the end of @fd, or until @room bytes are there. */
int vc_read_all(int fd, char *text, size_t room, size_t *ret_size) _must_check_;
