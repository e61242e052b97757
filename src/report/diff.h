/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A unified diff, made from what is known to be kept: nothing has to be guessed by comparing lines. */
#pragma once

#include "base/buf.h"
#include "report/kept.h"

/*
 * Adds the difference between the two texts, with @name in both headers, as "patch -p0" takes it. Nothing if there is
 * none. @kept is what @after holds of @before.
 */
void vc_diff_unified(struct vc_buf *out, const char *name, const char *before, const char *after,
		     const struct vc_kept *kept);
