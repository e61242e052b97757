/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A host of a few lines, in place of src/host/hostfs.c: what is not in it is absent, refused or not collected
 * as the test says, and what was asked for can be looked up afterwards.
 */
#pragma once

#include "host/hostfs.h"

struct fake_entry {
	const char *path;
	const char *data; /* file contents, or the target if link */
	size_t size;      /* 0: the length of data */
	int err;          /* refused with this errno */
	bool link;
	bool directory; /* an empty one; others follow from the paths below them */
};

/* @missing: 0 what is not there is absent, else the errno it is unreadable with. */
struct vc_hostfs *fake_hostfs_new(const struct fake_entry *entry, size_t count, int missing);
void fake_hostfs_free(struct vc_hostfs *fs);
/* How often the contents, target or names at @path were asked for (existence does not count). */
unsigned fake_hostfs_asked(const struct vc_hostfs *fs, const char *path);

static inline void
fake_hostfs_freep(struct vc_hostfs **fs)
{
	fake_hostfs_free(*fs);
}
#define _cleanup_fake_ _cleanup_(fake_hostfs_freep)
