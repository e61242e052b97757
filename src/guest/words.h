/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Word lists that become set facts. Private to this room. */
#pragma once

#include "base/fact.h"

struct vc_words {
	const char **word;
	size_t count;
};

/* Copies @word. */
void vc_words_add(struct vc_arena *arena, struct vc_words *words, const char *word);

/* Adds words to a set that is known, or makes it known. */
void vc_set_extend(struct vc_arena *arena, struct vc_fact_set *set, const struct vc_words *words,
		   const char *from);
void vc_set_remove(struct vc_arena *arena, struct vc_fact_set *set, const char *word);
