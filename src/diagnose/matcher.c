/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "diagnose/matcher.h"

#include <string.h>

#include "base/buf.h"
#include "diagnose/automaton.h"

/* Longer runs tell no more apart, and cost memory. */
#define KEY_MAX ((size_t)20)
/* What a typed hole may hold: 64 bits in binary would fit. */
#define RUN_MAX ((size_t)80)

/* A symptom, ready to be compared. */
struct pattern {
	struct vc_pattern public;
	const char **literal; /* by part, with blanks folded; NULL: a hole */
	size_t *length;
	size_t key; /* the part that holds its key, at the beginning of it */
	size_t key_length;
};

/*
 * Words of lines that report a failure. Many other lines have them too, so they count only where nothing is recognised,
 * and only as words of their own: QEMU's arguments are full of rerror=stop.
 */
static const char *const trouble[] = {
	"error",       "errors",      "failed",      "failure",        "fails",       "failing",   "fatal",
	"cannot",      "can't",       "couldn't",    "could not",      "unable",      "denied",    "refused",
	"refusing",    "invalid",     "unsupported", "not supported",  "not found",   "no such",   "abort",
	"aborted",     "aborting",    "panic",       "segfault",       "assertion",   "timeout",   "timed out",
	"not allowed", "not enabled", "not viable",  "doesn't support", "not available", "oops",   "bug:",
	"incompatible", "missing",    "corrupt",     "corrupted",      "terminated",  "crashed",
};

struct vc_matcher {
	struct vc_automaton *automaton; /* keys of patterns, then the words of trouble */
	struct pattern *pattern;
	size_t patterns;
	uint64_t steps;
};

static bool
is_word(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
	       byte == '_';
}

static bool
is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool
is_hex(char byte)
{
	return is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

/* --- making it --- */

/* Blanks of any number are one blank, as in the lines; case stays, and is not looked at. */
static const char *
fold_blanks(const char *text, struct vc_arena *arena)
{
	char *folded = vc_arena_alloc(arena, strlen(text) + 1);
	size_t used = 0;

	for (; *text; text++) {
		bool blank = strchr(" \t\r\n", *text) != NULL;

		if (!blank || used == 0 || folded[used - 1] != ' ')
			folded[used++] = blank ? ' ' : *text;
	}
	return folded;
}

static void
add_pattern(struct vc_matcher *m, struct vc_cause cause, const struct vc_symptom *symptom, struct vc_arena *arena)
{
	struct pattern *p = vc_arena_append(arena, (void **)&m->pattern, &m->patterns, sizeof(*p));

	p->public = (struct vc_pattern){ .cause = cause, .symptom = symptom };
	p->literal = vc_arena_make_array(arena, symptom->parts, const char *);
	p->length = vc_arena_make_array(arena, symptom->parts, size_t);
	for (size_t i = 0; i < symptom->parts; i++) {
		if (!symptom->part[i].text)
			continue;
		p->literal[i] = fold_blanks(symptom->part[i].text, arena);
		p->length[i] = strlen(p->literal[i]);
		p->public.literals += p->length[i];
		if (p->length[i] > p->length[p->key])
			p->key = i;
	}
	p->key_length = p->length[p->key] < KEY_MAX ? p->length[p->key] : KEY_MAX;
}

struct vc_matcher *
vc_matcher_new(const struct vc_ruleset *rules, const struct vc_messages *messages, struct vc_arena *arena)
{
	struct vc_matcher *m = vc_arena_make(arena, struct vc_matcher);
	const char **word;

	for (size_t i = 0; i < rules->count; i++) {
		for (size_t j = 0; j < rules->rule[i]->symptoms; j++)
			add_pattern(m, (struct vc_cause){ .rule = rules->rule[i] }, &rules->rule[i]->symptom[j], arena);
	}
	for (size_t i = 0; i < messages->count; i++) {
		for (size_t j = 0; j < messages->item[i].symptoms; j++)
			add_pattern(m, (struct vc_cause){ .message = &messages->item[i] },
				    &messages->item[i].symptom[j], arena);
	}
	word = vc_arena_make_array(arena, m->patterns + VC_COUNT(trouble), const char *);
	for (size_t i = 0; i < m->patterns; i++)
		word[i] = vc_arena_strndup(arena, m->pattern[i].literal[m->pattern[i].key], m->pattern[i].key_length);
	memcpy(word + m->patterns, trouble, sizeof(trouble));
	m->automaton = vc_automaton_new(word, m->patterns + VC_COUNT(trouble), arena);
	return m;
}

const struct vc_pattern *
vc_matcher_pattern(const struct vc_matcher *matcher, size_t index)
{
	return &matcher->pattern[index].public;
}

size_t
vc_matcher_patterns(const struct vc_matcher *matcher)
{
	return matcher->patterns;
}

uint64_t
vc_matcher_steps(const struct vc_matcher *matcher)
{
	return matcher->steps;
}

/* --- comparing one symptom --- */

struct text {
	struct vc_matcher *matcher;
	const char *at;
	size_t length;
};

static bool
literal_at(struct text *text, size_t at, const char *literal, size_t length)
{
	if (at > text->length || length > text->length - at)
		return false;
	for (size_t i = 0; i < length; i++) {
		text->matcher->steps++;
		if (vc_fold_case((unsigned char)text->at[at + i]) != vc_fold_case((unsigned char)literal[i]))
			return false;
	}
	return true;
}

static bool
belongs(enum vc_hole hole, char byte)
{
	switch (hole) {
	case VC_HOLE_DEC:
		return is_digit(byte);
	case VC_HOLE_HEX:
		return is_hex(byte);
	case VC_HOLE_WORD:
		return is_word(byte) || (byte && strchr(".-+@/#", byte));
	case VC_HOLE_VERSION:
		return is_digit(byte) || byte == '.';
	case VC_HOLE_DEVICE:
		return is_hex(byte) || byte == ':' || byte == '.';
	case VC_HOLE_TEXT:
		break;
	}
	return true;
}

/* How many of @count bytes from @at on are hexadecimal digits, when exactly so many are asked for. */
static bool
hex_digits(const struct text *text, size_t at, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (at + i >= text->length || !is_hex(text->at[at + i]))
			return false;
	}
	return true;
}

static bool
byte_is(const struct text *text, size_t at, char byte)
{
	return at < text->length && text->at[at] == byte;
}

/* "03:00.0" */
static bool
is_function(const struct text *text, size_t at)
{
	return hex_digits(text, at, 2) && byte_is(text, at + 2, ':') && hex_digits(text, at + 3, 2) &&
	       byte_is(text, at + 5, '.') && at + 6 < text->length && text->at[at + 6] >= '0' &&
	       text->at[at + 6] <= '7';
}
#define FUNCTION_LENGTH ((size_t)7)
/* A domain has four digits, behind some bridges up to eight [linux 6.12 drivers/pci/controller/vmd.c domain]. */
#define DOMAIN_MIN ((size_t)4)
#define DOMAIN_MAX ((size_t)8)

/* The length of the PCI address at @at; 0: there is none. */
static size_t
device_forward(const struct text *text, size_t at)
{
	for (size_t domain = DOMAIN_MIN; domain <= DOMAIN_MAX && hex_digits(text, at, domain); domain++) {
		if (byte_is(text, at + domain, ':') && is_function(text, at + domain + 1))
			return domain + 1 + FUNCTION_LENGTH;
	}
	return is_function(text, at) ? FUNCTION_LENGTH : 0;
}

/* The length of the PCI address that ends at @end. */
static size_t
device_backward(const struct text *text, size_t end)
{
	size_t length = FUNCTION_LENGTH;

	if (end < length || !is_function(text, end - length))
		return 0;
	for (size_t domain = DOMAIN_MIN; domain <= DOMAIN_MAX && end >= length + 1 + domain; domain++) {
		size_t begin = end - FUNCTION_LENGTH - 1 - domain;

		if (byte_is(text, end - FUNCTION_LENGTH - 1, ':') && hex_digits(text, begin, domain))
			length = domain + 1 + FUNCTION_LENGTH;
	}
	return length;
}

size_t
vc_match_device_before(const char *text, size_t end)
{
	return device_backward(&(struct text){ .at = text, .length = end }, end);
}

#define NIL "(nil)"

static size_t
run_forward(struct text *text, size_t at, enum vc_hole hole)
{
	size_t begin = at;

	text->matcher->steps += DOMAIN_MAX + FUNCTION_LENGTH;
	if (hole == VC_HOLE_DEVICE)
		return device_forward(text, at);
	if (hole == VC_HOLE_HEX && literal_at(text, at, NIL, sizeof(NIL) - 1))
		return sizeof(NIL) - 1;
	if (hole == VC_HOLE_HEX && literal_at(text, at, "0x", 2))
		at += 2;
	if (hole == VC_HOLE_DEC && byte_is(text, at, '-'))
		at++;
	while (at < text->length && at - begin < RUN_MAX && belongs(hole, text->at[at]))
		at++;
	text->matcher->steps += at - begin + 1;
	return at > begin && belongs(hole, text->at[at - 1]) ? at - begin : 0;
}

static size_t
run_backward(struct text *text, size_t end, enum vc_hole hole)
{
	size_t begin = end;

	text->matcher->steps += DOMAIN_MAX + FUNCTION_LENGTH;
	if (hole == VC_HOLE_DEVICE)
		return device_backward(text, end);
	if (hole == VC_HOLE_HEX && end >= sizeof(NIL) - 1 && literal_at(text, end - sizeof(NIL) + 1, NIL, sizeof(NIL) - 1))
		return sizeof(NIL) - 1;
	while (begin > 0 && end - begin < RUN_MAX && belongs(hole, text->at[begin - 1]))
		begin--;
	text->matcher->steps += end - begin + 1;
	if (begin == end)
		return 0;
	if (hole == VC_HOLE_HEX && begin >= 2 && literal_at(text, begin - 2, "0x", 2))
		begin -= 2;
	if (hole == VC_HOLE_DEC && begin > 0 && text->at[begin - 1] == '-')
		begin--;
	return end - begin;
}

static void
take_value(struct vc_match *match, const struct vc_symptom_part *part, size_t begin, size_t end)
{
	if (part->name)
		match->value[match->values++] =
			(struct vc_match_value){ .name = part->name, .begin = begin, .end = end };
}

/* The hole @i, of which the literal behind it begins where it ends. -1: it does not fit. */
static int
hole_forward(struct text *text, const struct pattern *p, size_t i, size_t *at, struct vc_match *match)
{
	const struct vc_symptom_part *part = &p->public.symptom->part[i];
	const char *next = i + 1 < p->public.symptom->parts ? p->literal[i + 1] : NULL;
	size_t next_length = next ? p->length[i + 1] : 0, begin = *at, length;

	if (part->hole == VC_HOLE_TEXT) {
		size_t room = text->length - begin < VC_HOLE_TEXT_MAX ? text->length - begin : VC_HOLE_TEXT_MAX;

		for (length = next ? 0 : room; next && length <= room; length++) {
			text->matcher->steps++;
			if (literal_at(text, begin + length, next, next_length))
				break;
		}
		if (length > room)
			return -1;
		take_value(match, part, begin, begin + length);
		/* What a text at the end holds does not belong to what the symptom is recognised by. */
		*at = next ? begin + length : begin;
		return 0;
	}
	length = run_forward(text, begin, part->hole);
	/* A full stop or a comma behind a word is the sentence's. */
	while (next && length > 1 && !literal_at(text, begin + length, next, next_length) &&
	       !is_word(text->at[begin + length - 1]))
		length--;
	if (length == 0)
		return -1;
	take_value(match, part, begin, begin + length);
	*at = begin + length;
	return 0;
}

/* The same to the left: the hole ends at *@at, and the literal before it ends where the hole begins. */
static int
hole_backward(struct text *text, const struct pattern *p, size_t i, size_t *at, struct vc_match *match)
{
	const struct vc_symptom_part *part = &p->public.symptom->part[i];
	size_t end = *at, length;

	if (part->hole != VC_HOLE_TEXT) {
		length = run_backward(text, end, part->hole);
		if (length == 0)
			return -1;
	} else {
		const char *before = p->literal[i - 1];
		size_t size = p->length[i - 1];
		size_t room = end < VC_HOLE_TEXT_MAX ? end : VC_HOLE_TEXT_MAX;

		for (length = 0; length <= room; length++) {
			text->matcher->steps++;
			if (end - length >= size && literal_at(text, end - length - size, before, size))
				break;
		}
		if (length > room)
			return -1;
	}
	take_value(match, part, end - length, end);
	*at = end - length;
	return 0;
}

/* "Code 43" is not in "Code 430", and 40 no number in "0x40". Distributions write into versions: "10.0.13Debian". */
static bool
cuts_a_word(const struct text *text, const struct pattern *p, const struct vc_match *match)
{
	const struct vc_symptom_part *last = &p->public.symptom->part[p->public.symptom->parts - 1];

	if (match->begin > 0 && is_word(text->at[match->begin]) && is_word(text->at[match->begin - 1]))
		return true;
	if (!last->text && (last->hole == VC_HOLE_TEXT || last->hole == VC_HOLE_VERSION))
		return false;
	return match->end < text->length &&
	       is_word(text->at[match->end - 1]) && is_word(text->at[match->end]);
}

static bool
holds(const struct text *text, const struct pattern *p, const struct vc_match *match)
{
	struct vc_symptom_value value[VC_SYMPTOM_VALUES_MAX];

	for (size_t i = 0; i < match->values; i++)
		value[i] = (struct vc_symptom_value){ .name = match->value[i].name,
						      .text = text->at + match->value[i].begin,
						      .length = match->value[i].end - match->value[i].begin };
	return vc_symptom_holds(p->public.symptom, value, match->values);
}

static int
compare_values(const void *a, const void *b)
{
	const struct vc_match_value *x = a, *y = b;

	return x->begin < y->begin ? -1 : x->begin > y->begin;
}

/* Whether the symptom stands around its key, which begins at @key. */
static bool
compare(struct text *text, const struct pattern *p, size_t key, struct vc_match *match)
{
	size_t parts = p->public.symptom->parts, at = key;

	match->values = 0;
	if (!literal_at(text, key, p->literal[p->key], p->length[p->key]))
		return false;
	for (size_t i = p->key; i-- > 0;) {
		if (!p->literal[i]) {
			if (hole_backward(text, p, i, &at, match) < 0)
				return false;
		} else if (at < p->length[i] || !literal_at(text, at - p->length[i], p->literal[i], p->length[i])) {
			return false;
		} else {
			at -= p->length[i];
		}
	}
	match->begin = at;
	at = key + p->length[p->key];
	for (size_t i = p->key + 1; i < parts; i++) {
		if (!p->literal[i]) {
			if (hole_forward(text, p, i, &at, match) < 0)
				return false;
		} else if (!literal_at(text, at, p->literal[i], p->length[i])) {
			return false;
		} else {
			at += p->length[i];
		}
	}
	match->end = at;
	qsort(match->value, match->values, sizeof(match->value[0]), compare_values);
	return !cuts_a_word(text, p, match) && holds(text, p, match);
}

/* --- looking for all --- */

static int
compare_places(const void *a, const void *b)
{
	const struct vc_match *x = a, *y = b;

	if (x->begin != y->begin)
		return x->begin < y->begin ? -1 : 1;
	if (x->end != y->end)
		return x->end < y->end ? -1 : 1;
	return x->pattern < y->pattern ? -1 : x->pattern > y->pattern;
}

static bool
is_own_word(const struct text *text, size_t begin, size_t end)
{
	const char *at = text->at;

	if (begin > 0 && (is_word(at[begin - 1]) || at[begin - 1] == '-'))
		return false;
	return end >= text->length || !is_word(at[end - 1]) || !(is_word(at[end]) || at[end] == '=' || at[end] == '-');
}

size_t
vc_matcher_find(struct vc_matcher *matcher, const char *text, size_t length, size_t old, struct vc_match *match,
		size_t room, bool *ret_trouble)
{
	struct text whole = { .matcher = matcher, .at = text, .length = length };
	uint32_t state = VC_AUTOMATON_START;
	size_t count = 0;

	*ret_trouble = false;
	for (size_t i = 0; i < length; i++) {
		uint32_t link;

		matcher->steps++;
		state = vc_automaton_step(matcher->automaton, state, (unsigned char)text[i]);
		for (link = vc_automaton_first(matcher->automaton, state); link != 0;) {
			size_t word = vc_automaton_word(matcher->automaton, link, &link);

			matcher->steps++;
			if (word >= matcher->patterns) {
				size_t size = strlen(trouble[word - matcher->patterns]);

				*ret_trouble = *ret_trouble || is_own_word(&whole, i + 1 - size, i + 1);
				continue;
			}
			if (count == room || !compare(&whole, &matcher->pattern[word],
						      i + 1 - matcher->pattern[word].key_length, &match[count]) ||
			    match[count].end <= old)
				continue;
			match[count++].pattern = word;
		}
	}
	qsort(match, count, sizeof(*match), compare_places);
	return count;
}
