/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds any of many words in a text, looking at every byte once [A. V. Aho, M. J. Corasick, Efficient string
 * matching, CACM 18(6), 1975]. Letters are the same in upper and lower case.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct vc_automaton;

/* Words are found by their index. None is empty; two may be the same. */
struct vc_automaton *vc_automaton_new(const char *const *word, size_t count, struct vc_arena *arena);

/* In the beginning. */
#define VC_AUTOMATON_START 0u
uint32_t vc_automaton_step(const struct vc_automaton *automaton, uint32_t state, unsigned char byte);

/*
 * The words that end in @state, the longest first, as a chain of links: *ret_link is the next one, and the result the
 * index of the word. Begin with vc_automaton_first(); 0 is the end of the chain.
 */
uint32_t vc_automaton_first(const struct vc_automaton *automaton, uint32_t state);
size_t vc_automaton_word(const struct vc_automaton *automaton, uint32_t link, uint32_t *ret_link);

static inline unsigned char
vc_fold_case(unsigned char byte)
{
	return byte >= 'A' && byte <= 'Z' ? (unsigned char)(byte - 'A' + 'a') : byte;
}
