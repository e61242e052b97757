/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What decides what root is told and does. Someone else who may write it could have root do anything, so it is not
 * used when running as root.
 */
#pragma once

#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file or directory that root can rely on; everything, for others. */
static inline bool
vc_is_trusted(const struct stat *st)
{
	if (geteuid() != 0)
		return true;
	return st->st_uid == 0 && !(st->st_mode & S_IWOTH) && (!(st->st_mode & S_IWGRP) || st->st_gid == 0);
}
