/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/words.h"

#include <string.h>

void
vc_words_add(struct vc_arena *arena, struct vc_words *words, const char *word)
{
	const char **slot = vc_arena_append(arena, (void **)&words->word, &words->count, sizeof(*slot));

	*slot = vc_arena_strdup(arena, word);
}

void
vc_set_extend(struct vc_arena *arena, struct vc_fact_set *set, const struct vc_words *words, const char *from)
{
	size_t old = vc_known(&set->fact) ? set->count : 0;
	const char **all = vc_arena_make_array(arena, old + words->count + 1, const char *);

	for (size_t i = 0; i < old; i++)
		all[i] = set->word[i];
	for (size_t i = 0; i < words->count; i++)
		all[old + i] = words->word[i];
	vc_set_set(arena, set, all, old + words->count, from);
}

void
vc_set_remove(struct vc_arena *arena, struct vc_fact_set *set, const char *word)
{
	const char **kept = vc_arena_make_array(arena, set->count + 1, const char *);
	size_t count = 0;

	for (size_t i = 0; i < set->count; i++) {
		if (strcmp(set->word[i], word) != 0)
			kept[count++] = set->word[i];
	}
	vc_set_set(arena, set, kept, count, set->fact.from);
}
