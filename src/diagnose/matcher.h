/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the symptoms of rules and messages in text. Of each symptom a run of its literal text is looked for, all of
 * them in one pass; where one is found, the rest of the symptom is compared around it. Holes are bounded, so that the
 * time is linear in the text whatever stands in it.
 */
#pragma once

#include "rules/engine.h"
#include "rules/message.h"

/* What a symptom belongs to: a rule or a message. */
struct vc_cause {
	const struct vc_rule *rule; /* NULL: message */
	const struct vc_message *message;
};

struct vc_pattern {
	struct vc_cause cause;
	const struct vc_symptom *symptom;
	size_t literals; /* bytes of it that are fixed: how much it says */
};

/* What an anything-goes hole may hold, inside a symptom and at its end. */
#define VC_HOLE_TEXT_MAX ((size_t)256)

struct vc_match_value {
	const char *name;
	size_t begin, end;
};

struct vc_match {
	size_t pattern;
	size_t begin, end; /* of what is fixed or of a type; what a text at the end holds is beyond it */
	struct vc_match_value value[VC_SYMPTOM_VALUES_MAX];
	size_t values;
};

struct vc_matcher;

struct vc_matcher *vc_matcher_new(const struct vc_ruleset *rules, const struct vc_messages *messages,
				  struct vc_arena *arena);
const struct vc_pattern *vc_matcher_pattern(const struct vc_matcher *matcher, size_t index);
size_t vc_matcher_patterns(const struct vc_matcher *matcher);

/*
 * Writes at most @room matches of @text to @match, in the order of their places, and returns how many there are. Those
 * that end within the first @old bytes are left out. *ret_trouble: whether it has a word that errors are made of.
 */
size_t vc_matcher_find(struct vc_matcher *matcher, const char *text, size_t length, size_t old, struct vc_match *match,
		       size_t room, bool *ret_trouble);

/* The length of the PCI address that ends at @end; 0: there is none. */
size_t vc_match_device_before(const char *text, size_t end);

/* How often a byte was looked at since the matcher was made. */
uint64_t vc_matcher_steps(const struct vc_matcher *matcher);
