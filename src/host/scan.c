/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/scan.h"

#include <errno.h>
#include <string.h>

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct vc_span
vc_span_from(const char *text)
{
	return (struct vc_span){ .text = text, .length = strlen(text) };
}

struct vc_span
vc_span_of(const struct vc_answer *answer)
{
	return (struct vc_span){ .text = answer->data, .length = answer->size };
}

struct vc_span
vc_span_trim(struct vc_span span)
{
	while (span.length > 0 && is_blank(span.text[0])) {
		span.text++;
		span.length--;
	}
	while (span.length > 0 && is_blank(span.text[span.length - 1]))
		span.length--;
	return span;
}

bool
vc_span_until(struct vc_span *rest, char separator, struct vc_span *ret_piece)
{
	const char *end;
	size_t length;

	if (rest->length == 0)
		return false;
	end = memchr(rest->text, separator, rest->length);
	length = end ? (size_t)(end - rest->text) : rest->length;
	*ret_piece = (struct vc_span){ .text = rest->text, .length = length };
	if (end)
		length++;
	rest->text += length;
	rest->length -= length;
	return true;
}

bool
vc_span_line(struct vc_span *rest, struct vc_span *ret_line)
{
	return vc_span_until(rest, '\n', ret_line);
}

bool
vc_span_word(struct vc_span *rest, struct vc_span *ret_word)
{
	size_t start = 0, end;

	while (start < rest->length && is_blank(rest->text[start]))
		start++;
	end = start;
	while (end < rest->length && !is_blank(rest->text[end]))
		end++;
	if (start == end) {
		rest->text += start;
		rest->length -= start;
		return false;
	}
	*ret_word = (struct vc_span){ .text = rest->text + start, .length = end - start };
	rest->text += end;
	rest->length -= end;
	return true;
}

bool
vc_span_key(struct vc_span line, struct vc_span *ret_key, struct vc_span *ret_value)
{
	const char *colon = line.length ? memchr(line.text, ':', line.length) : NULL;
	size_t at;

	if (!colon)
		return false;
	at = (size_t)(colon - line.text);
	*ret_key = vc_span_trim((struct vc_span){ .text = line.text, .length = at });
	*ret_value = vc_span_trim((struct vc_span){ .text = colon + 1, .length = line.length - at - 1 });
	return true;
}

int
vc_span_number(struct vc_span span, enum vc_base base, uint64_t *ret_value)
{
	return vc_parse_u64_n(span.text, span.length, base, ret_value);
}

char *
vc_span_dup(struct vc_arena *arena, struct vc_span span)
{
	return vc_arena_strndup(arena, span.text ? span.text : "", span.length);
}

int
vc_span_words(struct vc_arena *arena, struct vc_span span, const char ***ret_word, size_t *ret_count)
{
	struct vc_span rest = span, word;
	const char **list;
	size_t count = 0;
	char *copy;

	while (vc_span_word(&rest, &word)) {
		if (++count > VC_WORDS_MAX)
			return -E2BIG;
	}
	/* One copy of the text, cut into words in place. */
	copy = vc_span_dup(arena, span);
	list = vc_arena_make_array(arena, count ? count : 1, const char *);
	rest = (struct vc_span){ .text = copy, .length = span.length };
	count = 0;
	while (vc_span_word(&rest, &word)) {
		copy[(size_t)(word.text - copy) + word.length] = '\0';
		list[count++] = word.text;
		/* The blank that became NUL is no blank any more: step over it. */
		if (rest.length > 0) {
			rest.text++;
			rest.length--;
		}
	}
	*ret_word = list;
	*ret_count = count;
	return 0;
}

void
vc_take_text(struct vc_arena *arena, const struct vc_answer *answer, struct vc_fact_text *ret_fact)
{
	struct vc_span text;

	if (!vc_known(&answer->fact)) {
		vc_set_unknown_like(&ret_fact->fact, &answer->fact);
		return;
	}
	text = vc_span_trim(vc_span_of(answer));
	if (text.length == 0)
		vc_set_absent(&ret_fact->fact, answer->fact.from);
	else if (memchr(text.text, '\0', text.length))
		vc_set_unreadable(&ret_fact->fact, VC_EGARBLED, answer->fact.from);
	else
		vc_set_text(ret_fact, vc_span_dup(arena, text), answer->fact.from);
}

void
vc_take_number(const struct vc_answer *answer, enum vc_base base, struct vc_fact_number *ret_fact)
{
	uint64_t value;
	int r;

	if (!vc_known(&answer->fact)) {
		vc_set_unknown_like(&ret_fact->fact, &answer->fact);
		return;
	}
	r = vc_span_number(vc_span_trim(vc_span_of(answer)), base, &value);
	if (r < 0)
		vc_set_unreadable(&ret_fact->fact, r == -ERANGE ? ERANGE : VC_EGARBLED, answer->fact.from);
	else
		vc_set_number(ret_fact, value, answer->fact.from);
}

void
vc_take_flag(const struct vc_answer *answer, struct vc_fact_flag *ret_fact)
{
	struct vc_span text;
	uint64_t value;

	if (!vc_known(&answer->fact)) {
		vc_set_unknown_like(&ret_fact->fact, &answer->fact);
		return;
	}
	text = vc_span_trim(vc_span_of(answer));
	if (vc_span_is(text, "Y") || vc_span_is(text, "N"))
		vc_set_flag(ret_fact, text.text[0] == 'Y', answer->fact.from);
	else if (vc_span_number(text, VC_BASE_DEC, &value) == 0)
		vc_set_flag(ret_fact, value != 0, answer->fact.from);
	else
		vc_set_unreadable(&ret_fact->fact, VC_EGARBLED, answer->fact.from);
}

void
vc_take_words(struct vc_arena *arena, const struct vc_answer *answer, struct vc_fact_set *ret_fact)
{
	const char **word;
	size_t count;

	if (!vc_known(&answer->fact))
		vc_set_unknown_like(&ret_fact->fact, &answer->fact);
	else if (vc_span_words(arena, vc_span_of(answer), &word, &count) < 0)
		vc_set_unreadable(&ret_fact->fact, VC_EGARBLED, answer->fact.from);
	else
		vc_set_set(arena, ret_fact, word, count, answer->fact.from);
}

void
vc_span_unescape(struct vc_span span, struct vc_buf *out)
{
	const char *at = span.text, *end = span.text + span.length;

	while (at < end) {
		if (end - at >= 4 && at[0] == '\\' && at[1] >= '0' && at[1] <= '3' && at[2] >= '0' && at[2] <= '7' &&
		    at[3] >= '0' && at[3] <= '7') {
			char c = (char)((at[1] - '0') * 64 + (at[2] - '0') * 8 + (at[3] - '0'));

			vc_buf_add_n(out, &c, 1);
			at += 4;
		} else {
			vc_buf_add_n(out, at++, 1);
		}
	}
}
