/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Paths that no link leads out of @root, where the kernel does not see to that (before Linux 5.6, in a sandbox without
 * openat2, on another system): they are walked name by name, and no link is followed but by hand.
 */
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

#include "base/macro.h"

/* For a file that was looked at: should a FIFO be put in its place, O_NONBLOCK keeps it from holding us up. */
#define VC_O_FILE (O_RDONLY | O_NONBLOCK | O_NOCTTY)

/* 0 for a regular file: nothing else is read. */
static inline int
vc_refuse_kind(const struct stat *st)
{
	if (S_ISREG(st->st_mode))
		return 0;
	return S_ISDIR(st->st_mode) ? -EISDIR : -EOPNOTSUPP;
}

/* The descriptor, or a negative errno. */
int vc_confined_open(int root, const char *path, int flags) _must_check_;
int vc_confined_stat(int root, const char *path, struct stat *ret_st) _must_check_;
/* Looks at the file before it opens it, because opening a device can act on it. */
int vc_confined_open_file(int root, const char *path, struct stat *ret_st) _must_check_;
/* -EINVAL: there is something else. */
int vc_confined_read_link(int root, const char *path, char target[PATH_MAX]) _must_check_;

/* Of one name in the directory @fd; of @fd itself if it is "". */
int vc_read_link_at(int fd, const char *name, char target[PATH_MAX]) _must_check_;
