/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A path on its way through a tree, one name at a time, with the targets of links put in front of what is
 * left. Whoever walks keeps its own place (a stack of descriptors, a node); a link that begins with '/' and
 * ".." at the root are for it to confine.
 */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"

struct vc_walk {
	char text[2 *
		  PATH_MAX]; /* what is left ends at the end of the array, so that there is room in front */
	size_t at;
	unsigned links;
};

/* -ENAMETOOLONG as the kernel has it: PATH_MAX bytes with the NUL. */
int vc_walk_begin(struct vc_walk *walk, const char *path) _must_check_;

/* The next name, or NULL at the end; "" and "." are skipped. Valid until the next call. */
const char *vc_walk_next(struct vc_walk *walk, bool *ret_last);

/* The name just returned is a link to @target. -ELOOP after as many links as the kernel follows. */
int vc_walk_link(struct vc_walk *walk, const char *target) _must_check_;
