/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/lines.h"

#include <string.h>

bool
vc_line_next(struct vc_slice *rest, struct vc_slice *ret_line)
{
	const char *end;
	size_t length;

	if (rest->length == 0)
		return false;
	end = memchr(rest->text, '\n', rest->length);
	length = end ? (size_t)(end - rest->text) : rest->length;
	*ret_line = (struct vc_slice){ .text = rest->text, .length = length };
	length += end ? 1 : 0;
	rest->text += length;
	rest->length -= length;
	return true;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

bool
vc_word_next(struct vc_slice *rest, struct vc_slice *ret_word)
{
	size_t first = 0, last;

	while (first < rest->length && is_blank(rest->text[first]))
		first++;
	for (last = first; last < rest->length && !is_blank(rest->text[last]);)
		last++;
	if (first == last)
		return false;
	*ret_word = (struct vc_slice){ .text = rest->text + first, .length = last - first };
	rest->text += last;
	rest->length -= last;
	return true;
}

bool
vc_slice_equal(struct vc_slice slice, const char *text)
{
	return slice.length == strlen(text) && memcmp(slice.text, text, slice.length) == 0;
}

bool
vc_slice_begins(struct vc_slice slice, const char *text)
{
	size_t length = strlen(text);

	return slice.length >= length && memcmp(slice.text, text, length) == 0;
}
