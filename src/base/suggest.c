/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/suggest.h"

#include <stdint.h>
#include <string.h>

#include "base/macro.h"

#define WORD_MAX 96

/* Edits that turn a into b: insert, delete, replace, or swap two neighbours (optimal string alignment). */
static size_t
edit_distance(const char *a, const char *b)
{
	size_t rows[3][WORD_MAX + 1];
	size_t *before = rows[0], *last = rows[1], *row = rows[2];
	size_t a_len = strlen(a), b_len = strlen(b);

	if (a_len > WORD_MAX || b_len > WORD_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= b_len; j++)
		last[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t *turn;

		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t best = last[j - 1] + (a[i - 1] != b[j - 1]);

			if (last[j] + 1 < best)
				best = last[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			row[j] = best;
		}
		turn = before;
		before = last;
		last = row;
		row = turn;
	}
	return last[b_len];
}

void
vc_suggest_init(struct vc_suggest *suggest, const char *word)
{
	/* A third of the word may be wrong; beyond that a suggestion confuses. */
	*suggest = (struct vc_suggest){ .word = word, .distance = strlen(word) / 3 + 2 };
}

void
vc_suggest_offer(struct vc_suggest *suggest, const char *candidate)
{
	size_t word = strlen(suggest->word), length = strlen(candidate), distance;

	/* Each byte more or less is an edit. */
	if ((word > length ? word - length : length - word) >= suggest->distance)
		return;
	distance = edit_distance(suggest->word, candidate);
	if (distance < suggest->distance) {
		suggest->distance = distance;
		suggest->best = candidate;
	}
}
