/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which bytes of a text an edited one still holds, and where. All others were changed. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"

struct vc_kept_run {
	size_t before, after, length;
};

/* Runs in order of both texts; never empty ones, but for a text of which nothing is kept. */
struct vc_kept {
	struct vc_kept_run *run;
	size_t count, room;
	size_t before_size, after_size;
};

/* Bytes [begin, end) give way to @length others. */
struct vc_splice {
	size_t begin, end;
	const char *text; /* not NUL-terminated */
	size_t length;
};

/* Everything is kept. */
void vc_kept_all(size_t size, struct vc_kept *ret_kept);
/* What @splice (sorted, not overlapping) keep of a text of @size bytes. */
void vc_kept_from_splices(size_t size, const struct vc_splice *splice, size_t count, struct vc_kept *ret_kept);
/* What two edits after each other keep. Takes over @kept's place. */
void vc_kept_then(struct vc_kept *kept, const struct vc_kept *next);
void vc_kept_release(struct vc_kept *kept);
#define _cleanup_kept_ _cleanup_(vc_kept_release)

/* Where the byte at @before is now; false if it is gone. */
bool vc_kept_forward(const struct vc_kept *kept, size_t before, size_t *ret_after);
/* Where the byte at @after was before; false if it is new. */
bool vc_kept_backward(const struct vc_kept *kept, size_t after, size_t *ret_before);
/* Whether @next changes something that @kept changed already, so that the two are in each other's way. */
bool vc_kept_collide(const struct vc_kept *kept, const struct vc_kept *next);
