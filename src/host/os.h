/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What only some systems can do: os-linux.c for Linux, os-portable.c for all others. Meson chooses by the headers, and
 * nothing else in this room includes one that Linux alone has.
 */
#pragma once

#include <fcntl.h>
#include <stdbool.h>

#include "base/buf.h"

/* For a descriptor that is only looked at, or a directory on the way to something else. */
#ifdef O_PATH
#define VC_O_WALK O_PATH
#else
#define VC_O_WALK (O_RDONLY | O_NONBLOCK | O_NOCTTY)
#endif

/* Opens @path below @root, out of which no link leads. -ENOSYS where the kernel cannot. */
int vc_os_open_confined(int root, const char *path, int flags) _must_check_;

/* Opens what is at @path to look at it, which does nothing to it. */
int vc_os_open_handle(const char *path, int flags) _must_check_;
/* Opens the regular file of such a descriptor for reading, and no other that is at its path by now. */
int vc_os_reopen(int handle) _must_check_;

/* Is @path in a file system of its own, so that its absence may mean that this is not mounted? */
bool vc_os_is_mounted_apart(const char *path);
/* @directory is open, and lies at @path: is it in the file system that belongs there? */
bool vc_os_is_mounted(int directory, const char *path);

/* Does anybody hold a lock on these bytes that keeps others from taking one? Negative errno where nobody can say. */
int vc_os_is_locked(int fd, long start, long size, bool *ret_locked) _must_check_;

/* The access control list of what is at @path, which is no link. Returns its size; 0: it has none, or too large a one. */
size_t vc_os_read_acl(const char *path, void *buffer, size_t size);

/* "NAME VALUE" lines: what /dev/kvm says of itself. */
int vc_os_ask_kvm(void *context, struct vc_buf *answer);
