/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The quirk files as they are written: read and checked strictly, at build time only. The program itself
 * never parses them. The format is described in data/quirks/README.md.
 */
#pragma once

#include "base/arena.h"
#include "base/diag.h"
#include "host/quirk.h"

struct vc_quirk_file {
	struct vc_quirk *quirk; /* sorted by name; row.kernels point into the arena */
	size_t count;
};

/*
 * Adds the quirks of the file @path to @file. A quirk may be spread over files. -EINVAL: something is wrong,
 * and the diagnostics say where.
 */
int vc_quirk_file_read(struct vc_arena *arena, const char *path, struct vc_diags *diags,
		       struct vc_quirk_file *file) _must_check_;

/* Sorts, and refuses rows of one quirk that overlap without having the same ids. */
int vc_quirk_file_finish(struct vc_diags *diags, struct vc_quirk_file *file) _must_check_;
