/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "diagnose/automaton.h"

#include <string.h>

/* Where words end: one link per word, and per state the first of a chain. A link is its index plus 1. */
struct link {
	uint32_t word, next;
};

struct vc_automaton {
	unsigned char class_of[256]; /* 0: in no word */
	size_t classes, states;
	uint32_t *step;	 /* states * classes */
	uint32_t *first; /* per state: links of the words that end there and of their ends that are words */
	struct link *link;
};

static void
make_classes(struct vc_automaton *a, const char *const *word, size_t count)
{
	a->classes = 1;
	for (size_t i = 0; i < count; i++) {
		for (const char *at = word[i]; *at; at++) {
			unsigned char byte = vc_fold_case((unsigned char)*at);

			if (a->class_of[byte] == 0)
				a->class_of[byte] = (unsigned char)a->classes++;
		}
	}
	for (unsigned byte = 'A'; byte <= 'Z'; byte++)
		a->class_of[byte] = a->class_of[vc_fold_case((unsigned char)byte)];
}

static uint32_t *
edge(const struct vc_automaton *a, size_t state, size_t class)
{
	return &a->step[state * a->classes + class];
}

static void
add_word(struct vc_automaton *a, const char *word, uint32_t index)
{
	size_t state = VC_AUTOMATON_START;

	for (; *word; word++) {
		uint32_t *next = edge(a, state, a->class_of[(unsigned char)*word]);

		if (*next == 0)
			*next = (uint32_t)a->states++;
		state = *next;
	}
	a->link[index] = (struct link){ .word = index, .next = a->first[state] };
	a->first[state] = index + 1;
}

/*
 * Breadth first: a state's failure state is shorter, so that its edges and chain are complete. A chain of its own
 * words goes on with that of the failure state.
 */
static void
add_failures(struct vc_automaton *a, struct vc_arena *arena)
{
	uint32_t *failure = vc_arena_make_array(arena, a->states, uint32_t);
	uint32_t *queue = vc_arena_make_array(arena, a->states, uint32_t);
	size_t begin = 0, end = 0;

	for (size_t class = 0; class < a->classes; class++) {
		if (*edge(a, VC_AUTOMATON_START, class) != 0)
			queue[end++] = *edge(a, VC_AUTOMATON_START, class);
	}
	while (begin < end) {
		uint32_t state = queue[begin++], *last = &a->first[state];

		while (*last != 0)
			last = &a->link[*last - 1].next;
		*last = a->first[failure[state]];
		for (size_t class = 0; class < a->classes; class++) {
			uint32_t *next = edge(a, state, class), beside = *edge(a, failure[state], class);

			if (*next == 0) {
				*next = beside;
			} else {
				failure[*next] = beside;
				queue[end++] = *next;
			}
		}
	}
}

struct vc_automaton *
vc_automaton_new(const char *const *word, size_t count, struct vc_arena *arena)
{
	struct vc_automaton *a = vc_arena_make(arena, struct vc_automaton);
	size_t states = 1;

	make_classes(a, word, count);
	for (size_t i = 0; i < count; i++)
		states += strlen(word[i]);
	a->step = vc_arena_alloc_array(arena, states, a->classes * sizeof(*a->step));
	a->first = vc_arena_make_array(arena, states, uint32_t);
	a->link = vc_arena_make_array(arena, count + 1, struct link);
	a->states = 1;
	for (size_t i = 0; i < count; i++)
		add_word(a, word[i], (uint32_t)i);
	add_failures(a, arena);
	return a;
}

uint32_t
vc_automaton_step(const struct vc_automaton *automaton, uint32_t state, unsigned char byte)
{
	return *edge(automaton, state, automaton->class_of[byte]);
}

uint32_t
vc_automaton_first(const struct vc_automaton *automaton, uint32_t state)
{
	return automaton->first[state];
}

size_t
vc_automaton_word(const struct vc_automaton *automaton, uint32_t link, uint32_t *ret_link)
{
	*ret_link = automaton->link[link - 1].next;
	return automaton->link[link - 1].word;
}
