/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The quirk files as they are written, read and checked strictly: those of the project at build time, those
 * of a site at run time. The format is described in data/quirks/README.md.
 */
#pragma once

#include "base/arena.h"
#include "base/diag.h"
#include "host/quirk.h"
#include "host/site-xml.h"

struct vc_quirk_file {
	struct vc_quirk *quirk; /* sorted by name; all it points to is in the arena */
	size_t count;
};

/*
 * Adds the quirks of @text to @file; @path names it in messages. A quirk may be spread over files. -EINVAL:
 * something is wrong, and the diagnostics say where.
 */
int vc_quirk_text_read(struct vc_arena *arena, const char *text, size_t size, const char *path,
		       struct vc_diags *diags, struct vc_quirk_file *file) _must_check_;

/* Sorts, and refuses rows of one quirk that overlap without having the same ids. @path NULL: of several
 * files. */
int vc_quirk_file_finish(const char *path, struct vc_diags *diags, struct vc_quirk_file *file) _must_check_;

/* The root element of @text is <quirks>; whether the rest is good is not asked. */
bool vc_quirk_text_is_one(const char *text, size_t size);
