/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines and words of kernel files, without copying: the text may be anything, NUL bytes included. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct vc_slice {
	const char *text; /* not NUL-terminated */
	size_t length;
};

/* Takes the next line off @rest, without its newline. False at the end. */
bool vc_line_next(struct vc_slice *rest, struct vc_slice *ret_line);

/* Takes the next word (blanks and tabs part words) off @rest. False when only blanks are left. */
bool vc_word_next(struct vc_slice *rest, struct vc_slice *ret_word);

bool vc_slice_equal(struct vc_slice slice, const char *text);
bool vc_slice_begins(struct vc_slice slice, const char *text);
