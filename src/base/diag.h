/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is wrong with an input, as data: library rooms collect it, only the command line prints it.
 */
#pragma once

#include <stddef.h>

#include "base/arena.h"
#include "base/macro.h"

struct vc_diag {
	const char *file; /* NULL: no file, for instance a usage error */
	int line;	  /* 0: no line */
	const char *text; /* one sentence, no full stop, no newline */
};

struct vc_diags {
	struct vc_arena *arena; /* borrowed; holds the texts */
	struct vc_diag *item;
	size_t count;
};

/* @file is borrowed for the life of the arena. Text is made safe for a terminal. */
void vc_diag_add(struct vc_diags *diags, const char *file, int line, const char *format, ...) _printf_(4, 5);
