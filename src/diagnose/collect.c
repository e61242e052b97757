/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading logs: each message is kept once, and what is kept is bounded. */
#include "diagnose/collect.h"

#include <string.h>

/* Twice the sightings, and a power of two. */
#define TABLE_SIZE ((size_t)2 * VC_SIGHTINGS_MAX)
#define MATCHES_MAX ((size_t)256)
/* ": " may stand between the links of one chain: "failed to setup container for group 1: memory listener ...". */
#define CHAIN_GAP ((size_t)2)

static void take_piece(void *context, const struct vc_log_piece *piece);

struct vc_diagnoser *
vc_diagnoser_new(const struct vc_ruleset *rules, const struct vc_messages *messages, struct vc_arena *arena)
{
	struct vc_diagnoser *d = vc_arena_make(arena, struct vc_diagnoser);

	d->arena = arena;
	d->matcher = vc_matcher_new(rules, messages, arena);
	d->lines = vc_arena_make(arena, struct vc_log_lines);
	d->match = vc_arena_make_array(arena, MATCHES_MAX, struct vc_match);
	d->sighting = vc_arena_make_array(arena, VC_SIGHTINGS_MAX, struct vc_sighting);
	d->hash = vc_arena_make_array(arena, VC_SIGHTINGS_MAX, uint64_t);
	d->table = vc_arena_make_array(arena, TABLE_SIZE, uint32_t);
	return d;
}

void
vc_diagnoser_begin(struct vc_diagnoser *diagnoser, const char *file)
{
	struct vc_log *log = vc_arena_append(diagnoser->arena, (void **)&diagnoser->log, &diagnoser->logs, sizeof(*log));

	log->file = vc_arena_strdup(diagnoser->arena, file);
	vc_log_lines_init(diagnoser->lines, take_piece, diagnoser);
}

void
vc_diagnoser_feed(struct vc_diagnoser *diagnoser, const char *data, size_t size)
{
	vc_log_lines_feed(diagnoser->lines, data, size);
}

void
vc_diagnoser_end(struct vc_diagnoser *diagnoser)
{
	struct vc_log *log = &diagnoser->log[diagnoser->logs - 1];

	vc_log_lines_end(diagnoser->lines);
	log->lines = diagnoser->lines->line;
	log->bytes = diagnoser->lines->bytes;
	vc_buf_release(&diagnoser->trouble_text);
}

static const char *
log_file(const struct vc_diagnoser *d)
{
	return d->log[d->logs - 1].file;
}

/* At most VC_LOG_TEXT_MAX bytes of the line with [begin, end) among them, "..." where something is left out. */
static void
add_excerpt(const struct vc_log_piece *piece, size_t begin, size_t end, struct vc_buf *buf)
{
	size_t from = 0, to = piece->length;

	if (to > VC_LOG_TEXT_MAX) {
		size_t spare = end - begin < VC_LOG_TEXT_MAX ? VC_LOG_TEXT_MAX - (end - begin) : 0;

		from = begin > spare / 2 ? begin - spare / 2 : 0;
		to = from + VC_LOG_TEXT_MAX < piece->length ? from + VC_LOG_TEXT_MAX : piece->length;
	}
	/* Not in the middle of a character. */
	while (from > 0 && from < to && ((unsigned char)piece->text[from] & 0xc0) == 0x80)
		from++;
	while (to < piece->length && to > from && ((unsigned char)piece->text[to] & 0xc0) == 0x80)
		to--;
	if (from > 0 || piece->old > 0)
		vc_buf_add(buf, "... ");
	vc_buf_add_n(buf, piece->text + from, to - from);
	if (to < piece->length || !piece->last)
		vc_buf_add(buf, " ...");
}

/* --- what the matches of one place say together --- */

#define PATTERNS_MAX 16
#define VALUES_MAX 16

struct value {
	const char *name, *text;
	size_t length;
};

struct reading {
	size_t pattern[PATTERNS_MAX]; /* what says most first */
	size_t patterns;
	struct value value[VALUES_MAX];
	size_t values;
	size_t begin, end;
};

static bool
has_kind(const struct vc_pattern *pattern, enum vc_message_kind kind)
{
	return !pattern->cause.rule && pattern->cause.message->kind == kind;
}

/*
 * What is said better is left out: a wrapper where there is what it wraps; a message where a rule, or a message with more
 * text of its own, knows the line.
 */
static bool
is_outdone(const struct vc_diagnoser *d, const struct vc_match *match, size_t matches,
	   const struct vc_pattern *pattern)
{
	bool wrapper = has_kind(pattern, VC_MESSAGE_WRAPPER);

	if (pattern->cause.rule)
		return false;
	for (size_t i = 0; i < matches; i++) {
		const struct vc_pattern *other = vc_matcher_pattern(d->matcher, match[i].pattern);

		if (other->cause.message == pattern->cause.message || has_kind(other, VC_MESSAGE_WRAPPER))
			continue;
		if (wrapper || other->literals > pattern->literals ||
		    (other->cause.rule && other->literals == pattern->literals))
			return true;
	}
	return false;
}

static void
read_pattern(const struct vc_diagnoser *d, struct reading *reading, size_t pattern)
{
	size_t literals = vc_matcher_pattern(d->matcher, pattern)->literals, at = 0;

	for (size_t i = 0; i < reading->patterns; i++) {
		if (reading->pattern[i] == pattern)
			return;
	}
	if (reading->patterns == PATTERNS_MAX)
		return;
	while (at < reading->patterns &&
	       vc_matcher_pattern(d->matcher, reading->pattern[at])->literals >= literals)
		at++;
	memmove(reading->pattern + at + 1, reading->pattern + at, (reading->patterns - at) * sizeof(size_t));
	reading->pattern[at] = pattern;
	reading->patterns++;
}

static void
read_value(struct reading *reading, const char *name, const char *text, size_t length)
{
	while (length > 0 && text[length - 1] == ' ')
		length--;
	if (length == 0 || reading->values == VALUES_MAX)
		return;
	for (size_t i = 0; i < reading->values; i++) {
		const struct value *value = &reading->value[i];

		if (strcmp(value->name, name) == 0 && value->length == length &&
		    memcmp(value->text, text, length) == 0)
			return;
	}
	reading->value[reading->values++] = (struct value){ .name = name, .text = text, .length = length };
}

/* QEMU and the kernel put the device that a message is about before it: "vfio 0000:01:00.0: ". */
static void
read_device(struct reading *reading, const struct vc_log_piece *piece)
{
	size_t end = reading->begin, length;

	for (size_t i = 0; i < reading->values; i++) {
		if (strcmp(reading->value[i].name, "device") == 0)
			return;
	}
	if (end > 0 && piece->text[end - 1] == ' ')
		end--;
	if (end == 0 || piece->text[end - 1] != ':')
		return;
	length = vc_match_device_before(piece->text, end - 1);
	if (length == 0)
		return;
	read_value(reading, "device", piece->text + end - 1 - length, length);
	/* First, as it stands. */
	for (size_t i = reading->values - 1; i > 0; i--) {
		struct value swap = reading->value[i];

		reading->value[i] = reading->value[i - 1];
		reading->value[i - 1] = swap;
	}
}

static void
read_matches(const struct vc_diagnoser *d, const struct vc_log_piece *piece, const struct vc_match *match,
	     size_t matches, struct reading *reading)
{
	*reading = (struct reading){ .begin = match[0].begin, .end = match[0].end };
	for (size_t i = 0; i < matches; i++) {
		const struct vc_pattern *pattern = vc_matcher_pattern(d->matcher, match[i].pattern);
		bool outdone = is_outdone(d, match, matches, pattern);

		if (match[i].end > reading->end)
			reading->end = match[i].end;
		if (!outdone)
			read_pattern(d, reading, match[i].pattern);
		/* What a wrapper tells belongs to the whole chain. */
		if (outdone && !has_kind(pattern, VC_MESSAGE_WRAPPER))
			continue;
		for (size_t j = 0; j < match[i].values; j++) {
			const struct vc_match_value *value = &match[i].value[j];

			read_value(reading, value->name, piece->text + value->begin, value->end - value->begin);
		}
	}
	read_device(reading, piece);
}

/* --- keeping it --- */

/* FNV-1a [G. Fowler, L. C. Noll, K.-P. Vo; RFC 9923 section 2]. */
#define HASH_START UINT64_C(0xcbf29ce484222325)

static uint64_t
add_hash(uint64_t hash, const void *data, size_t size)
{
	const unsigned char *at = data;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ at[i]) * UINT64_C(0x100000001b3);
	return hash;
}

/* @values: whether those count; of messages with too many different ones they do not. */
static uint64_t
hash_reading(const struct reading *reading, bool values)
{
	uint64_t hash = add_hash(HASH_START, reading->pattern, reading->patterns * sizeof(reading->pattern[0]));

	for (size_t i = 0; values && i < reading->values; i++) {
		hash = add_hash(hash, reading->value[i].name, strlen(reading->value[i].name) + 1);
		hash = add_hash(hash, reading->value[i].text, reading->value[i].length);
		hash = add_hash(hash, "", 1);
	}
	return hash;
}

static bool
same_patterns(const struct vc_sighting *sighting, const struct reading *reading)
{
	return sighting->patterns == reading->patterns &&
	       memcmp(sighting->pattern, reading->pattern, reading->patterns * sizeof(size_t)) == 0;
}

static bool
same_values(const struct vc_sighting *sighting, const struct reading *reading)
{
	if (sighting->values != reading->values)
		return false;
	for (size_t i = 0; i < sighting->values; i++) {
		const struct value *value = &reading->value[i];

		if (strcmp(sighting->value[i].name, value->name) != 0 ||
		    strlen(sighting->value[i].text) != value->length ||
		    memcmp(sighting->value[i].text, value->text, value->length) != 0)
			return false;
	}
	return true;
}

/* The slot of the table with the sighting, or the empty one where it belongs. */
static uint32_t *
find_slot(struct vc_diagnoser *d, const struct reading *reading, bool values, uint64_t hash)
{
	for (size_t at = hash % TABLE_SIZE;; at = (at + 1) % TABLE_SIZE) {
		const struct vc_sighting *sighting;

		if (d->table[at] == 0)
			return &d->table[at];
		sighting = &d->sighting[d->table[at] - 1];
		if (d->hash[d->table[at] - 1] == hash && sighting->various == !values &&
		    same_patterns(sighting, reading) && (!values || same_values(sighting, reading)))
			return &d->table[at];
	}
}

static size_t
count_same_patterns(const struct vc_diagnoser *d, const struct reading *reading)
{
	size_t count = 0;

	for (size_t i = 0; i < d->sightings; i++)
		count += same_patterns(&d->sighting[i], reading);
	return count;
}

static void
keep_sighting(struct vc_diagnoser *d, const struct vc_log_piece *piece, const struct reading *reading, bool values,
	      struct vc_sighting *sighting)
{
	size_t *pattern = vc_arena_make_array(d->arena, reading->patterns, size_t);
	struct vc_log_value *value = vc_arena_make_array(d->arena, reading->values + 1, struct vc_log_value);
	_cleanup_buf_ struct vc_buf text = { 0 };

	memcpy(pattern, reading->pattern, reading->patterns * sizeof(*pattern));
	for (size_t i = 0; values && i < reading->values; i++) {
		value[i].name = reading->value[i].name;
		value[i].text = vc_arena_strndup(d->arena, reading->value[i].text, reading->value[i].length);
	}
	add_excerpt(piece, reading->begin, reading->end, &text);
	*sighting = (struct vc_sighting){
		.pattern = pattern,
		.patterns = reading->patterns,
		.text = vc_arena_strdup(d->arena, vc_buf_text(&text)),
		.value = value,
		.values = values ? reading->values : 0,
		.first = { .file = log_file(d), .line = piece->line },
		.various = !values,
	};
}

/* The sighting that this is one more of; NULL if there are too many to keep another one. */
static struct vc_sighting *
find_sighting(struct vc_diagnoser *d, const struct vc_log_piece *piece, const struct reading *reading)
{
	uint64_t hash = hash_reading(reading, true), plain = hash_reading(reading, false);
	uint32_t *slot = find_slot(d, reading, true, hash), *various;
	bool values = true;

	if (*slot != 0)
		return &d->sighting[*slot - 1];
	various = find_slot(d, reading, false, plain);
	if (*various != 0)
		return &d->sighting[*various - 1];
	if (d->sightings == VC_SIGHTINGS_MAX)
		return NULL;
	if (count_same_patterns(d, reading) >= VC_SIGHTINGS_PER_MESSAGE) {
		values = false;
		slot = various;
	}
	keep_sighting(d, piece, reading, values, &d->sighting[d->sightings]);
	d->hash[d->sightings] = values ? hash : plain;
	*slot = (uint32_t)++d->sightings;
	return &d->sighting[*slot - 1];
}

static void
keep_versions(struct vc_diagnoser *d, const struct reading *reading)
{
	for (size_t i = 0; i < reading->values; i++) {
		const struct value *value = &reading->value[i];
		bool known = false;

		for (size_t j = 0; j < d->versions; j++)
			known = known || (strcmp(d->version[j].name, value->name) == 0 &&
					  strlen(d->version[j].text) == value->length &&
					  memcmp(d->version[j].text, value->text, value->length) == 0);
		if (!known && d->versions < VC_LOG_VERSIONS_MAX)
			d->version[d->versions++] = (struct vc_log_value){
				.name = value->name,
				.text = vc_arena_strndup(d->arena, value->text, value->length),
			};
	}
}

static void
take_reading(struct vc_diagnoser *d, const struct vc_log_piece *piece, const struct reading *reading)
{
	struct vc_sighting *sighting;

	if (has_kind(vc_matcher_pattern(d->matcher, reading->pattern[0]), VC_MESSAGE_VERSION)) {
		keep_versions(d, reading);
		return;
	}
	sighting = find_sighting(d, piece, reading);
	if (!sighting) {
		d->left_out++;
		return;
	}
	sighting->count++;
	sighting->last = (struct vc_log_place){ .file = log_file(d), .line = piece->line };
}

/* Leaves out the symptoms that have to stand alone and do not; the first one does. Returns how many are left. */
static size_t
leave_out_chained(const struct vc_diagnoser *d, struct vc_match *match, size_t matches)
{
	size_t left = 0;

	for (size_t i = 0; i < matches; i++) {
		if (match[i].begin > match[0].begin && vc_matcher_pattern(d->matcher, match[i].pattern)->symptom->alone)
			continue;
		match[left++] = match[i];
	}
	return left;
}

static void
keep_unknown(struct vc_diagnoser *d, uint64_t line)
{
	d->unknown_lines++;
	if (d->unknowns < VC_UNKNOWN_LINES_MAX)
		d->unknown[d->unknowns++] = (struct vc_log_line){
			.place = { .file = log_file(d), .line = line },
			.text = vc_arena_strdup(d->arena, vc_buf_text(&d->trouble_text)),
		};
}

static void
take_piece(void *context, const struct vc_log_piece *piece)
{
	struct vc_diagnoser *d = context;
	bool trouble;
	size_t matches = vc_matcher_find(d->matcher, piece->text, piece->length, piece->old, d->match, MATCHES_MAX,
					 &trouble);

	for (size_t i = 0, next; i < matches; i = next) {
		size_t end = d->match[i].end;
		struct reading reading;

		for (next = i + 1; next < matches && d->match[next].begin <= end + CHAIN_GAP; next++) {
			if (d->match[next].end > end)
				end = d->match[next].end;
		}
		read_matches(d, piece, d->match + i, leave_out_chained(d, d->match + i, next - i), &reading);
		take_reading(d, piece, &reading);
		d->recognised = true;
	}
	if (trouble && !d->trouble) {
		d->trouble = true;
		add_excerpt(piece, 0, 0, &d->trouble_text);
	}
	if (!piece->last)
		return;
	if (d->trouble && !d->recognised)
		keep_unknown(d, piece->line);
	d->trouble = false;
	d->recognised = false;
	d->trouble_text.length = 0;
}
