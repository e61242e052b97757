/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pieces of a text that need not end in NUL: what the probes cut /proc and /sys files into, without copying.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fact.h"
#include "base/number.h"
#include "host/hostfs.h"

struct vc_span {
	const char *text;
	size_t length;
};

/* Here, so that the length of a literal is known where it is compared: most names differ by that alone. */
static inline bool
vc_span_is(struct vc_span span, const char *text)
{
	return span.length == strlen(text) && memcmp(span.text, text, span.length) == 0;
}

static inline bool
vc_span_same(struct vc_span a, struct vc_span b)
{
	return a.length == b.length && memcmp(a.text, b.text, a.length) == 0;
}

static inline bool
vc_span_starts(struct vc_span span, const char *text)
{
	size_t length = strlen(text);

	return span.length >= length && memcmp(span.text, text, length) == 0;
}

struct vc_span vc_span_from(const char *text);
struct vc_span vc_span_of(const struct vc_answer *answer);
/* Without blanks at both ends. */
struct vc_span vc_span_trim(struct vc_span span);
/* Takes the next line (without its newline), or the next word between blanks, off @rest; false at the end. */
bool vc_span_line(struct vc_span *rest, struct vc_span *ret_line);
bool vc_span_word(struct vc_span *rest, struct vc_span *ret_word);
/* Takes what stands before the next @separator off @rest; false at the end. */
bool vc_span_until(struct vc_span *rest, char separator, struct vc_span *ret_piece);
/* "key : value", both trimmed; false without a colon. */
bool vc_span_key(struct vc_span line, struct vc_span *ret_key, struct vc_span *ret_value);
int vc_span_number(struct vc_span span, enum vc_base base, uint64_t *ret_value) _must_check_;
char *vc_span_dup(struct vc_arena *arena, struct vc_span span);
/* "\\040" in a mount point is a blank [linux 6.12 fs/proc_namespace.c mangle]. */
void vc_span_unescape(struct vc_span span, struct vc_buf *out);

/* No list of words that a kernel prints is longer; a file that is longer is not what it says it is. */
#define VC_WORDS_MAX 65536
/* The words of @span as texts of their own. -E2BIG when there are more than VC_WORDS_MAX. */
int vc_span_words(struct vc_arena *arena, struct vc_span span, const char ***ret_word,
		  size_t *ret_count) _must_check_;

/*
 * An answer becomes a fact. What is not known passes its state on; what is known and not of the type is
 * VC_EGARBLED. An empty text is absent: the file is there to say nothing.
 */
void vc_take_text(struct vc_arena *arena, const struct vc_answer *answer, struct vc_fact_text *ret_fact);
void vc_take_number(const struct vc_answer *answer, enum vc_base base, struct vc_fact_number *ret_fact);
/* Y and N, as the kernel prints a bool parameter, or a number: everything but 0 is yes. */
void vc_take_flag(const struct vc_answer *answer, struct vc_fact_flag *ret_fact);
void vc_take_words(struct vc_arena *arena, const struct vc_answer *answer, struct vc_fact_set *ret_fact);
