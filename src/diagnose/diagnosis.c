/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was seen in the logs, sorted by what can have caused it. */
#include "diagnose/diagnosis.h"

#include <string.h>

#include "diagnose/collect.h"

const char *
vc_cause_id(const struct vc_cause *cause)
{
	return cause->rule ? cause->rule->id : cause->message->id;
}

const char *
vc_cause_title(const struct vc_cause *cause)
{
	return cause->rule ? cause->rule->title : cause->message->title;
}

enum vc_severity
vc_cause_severity(const struct vc_cause *cause)
{
	static const enum vc_severity severities[] = {
		[VC_MESSAGE_FAILURE] = VC_ERROR, [VC_MESSAGE_WARNING] = VC_WARNING, [VC_MESSAGE_NOISE] = VC_INFO,
		[VC_MESSAGE_WRAPPER] = VC_ERROR, [VC_MESSAGE_VERSION] = VC_INFO,
	};

	return cause->rule ? cause->rule->severity : severities[cause->message->kind];
}

const char *
vc_verdict_name(enum vc_verdict_word verdict)
{
	static const char *const names[] = {
		[VC_VERDICT_CONFIRMED] = "confirmed",
		[VC_VERDICT_UNDECIDED] = "undecided",
		[VC_VERDICT_NOT_ASKED] = "not-asked",
		[VC_VERDICT_DOES_NOT_APPLY] = "does-not-apply",
		[VC_VERDICT_REFUTED] = "refuted",
	};

	return names[verdict];
}

static bool
same_cause(const struct vc_cause *a, const struct vc_cause *b)
{
	return a->rule == b->rule && a->message == b->message;
}

/* --- order --- */

/* What is confirmed; then what explains most; then what says most. */
static int
compare_causes(const void *a, const void *b)
{
	const struct vc_diagnosis_cause *x = a, *y = b;
	enum vc_severity one = vc_cause_severity(&x->cause), other = vc_cause_severity(&y->cause);

	if (x->verdict != y->verdict)
		return x->verdict < y->verdict ? -1 : 1;
	if (x->clue != y->clue)
		return x->clue ? 1 : -1;
	if (x->sightings != y->sightings)
		return x->sightings > y->sightings ? -1 : 1;
	if (x->literals != y->literals)
		return x->literals > y->literals ? -1 : 1;
	if (one != other)
		return one > other ? -1 : 1;
	return strcmp(vc_cause_id(&x->cause), vc_cause_id(&y->cause));
}

static bool
supersedes(const struct vc_diagnosis_cause *a, const struct vc_diagnosis_cause *b)
{
	const struct vc_rule *rule = a->cause.rule;

	for (size_t i = 0; rule && b->cause.rule && i < rule->supersedes_count; i++) {
		if (strcmp(rule->supersedes[i], b->cause.rule->id) == 0)
			return true;
	}
	return false;
}

/* Of two that explain the same, the specific one stands before the general one. */
static void
put_specific_first(struct vc_diagnosis *diagnosis)
{
	struct vc_diagnosis_cause *cause = diagnosis->cause;

	for (size_t i = 1; i < diagnosis->causes; i++) {
		for (size_t j = i; j > 0 && cause[j].verdict == cause[j - 1].verdict &&
				   cause[j].sightings == cause[j - 1].sightings && supersedes(&cause[j], &cause[j - 1]);
		     j--) {
			struct vc_diagnosis_cause swap = cause[j];

			cause[j] = cause[j - 1];
			cause[j - 1] = swap;
		}
	}
}

/* Failures first; sightings are one array in the order of the logs, so that their addresses are that order. */
static int
compare_diagnoses(const void *a, const void *b)
{
	const struct vc_diagnosis *x = a, *y = b;

	if (x->clue != y->clue)
		return x->clue ? 1 : -1;
	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	return x->sighting[0] < y->sighting[0] ? -1 : x->sighting[0] > y->sighting[0];
}

void
vc_diagnoses_order(struct vc_diagnoses *diagnoses)
{
	for (size_t i = 0; i < diagnoses->count; i++) {
		struct vc_diagnosis *diagnosis = &diagnoses->item[i];

		qsort(diagnosis->cause, diagnosis->causes, sizeof(*diagnosis->cause), compare_causes);
		put_specific_first(diagnosis);
		diagnosis->severity = vc_cause_severity(&diagnosis->cause[0].cause);
		diagnosis->clue = diagnosis->cause[0].clue && diagnosis->cause[0].verdict != VC_VERDICT_CONFIRMED;
	}
	if (diagnoses->count > 0)
		qsort(diagnoses->item, diagnoses->count, sizeof(*diagnoses->item), compare_diagnoses);
}

/* --- groups --- */

struct grouping {
	const struct vc_diagnoser *d;
	size_t *group;		 /* by sighting: the first one of its group; a chain that ends in itself */
	struct vc_cause *cause;	 /* seen so far */
	size_t *cause_group;	 /* by it: a sighting of the group */
	size_t causes;
};

static size_t
find_group(struct grouping *g, size_t sighting)
{
	while (g->group[sighting] != sighting) {
		g->group[sighting] = g->group[g->group[sighting]];
		sighting = g->group[sighting];
	}
	return sighting;
}

static void
join(struct grouping *g, size_t sighting, const struct vc_cause *cause)
{
	size_t at = 0, one, other;

	while (at < g->causes && !same_cause(&g->cause[at], cause))
		at++;
	if (at == g->causes) {
		g->cause[at] = *cause;
		g->cause_group[at] = sighting;
		g->causes++;
	}
	one = find_group(g, sighting);
	other = find_group(g, g->cause_group[at]);
	g->group[one < other ? other : one] = one < other ? one : other;
}

static const struct vc_pattern *
pattern_of(const struct vc_diagnoser *d, const struct vc_sighting *sighting, size_t i)
{
	return vc_matcher_pattern(d->matcher, sighting->pattern[i]);
}

static bool
is_kind(const struct vc_diagnoser *d, const struct vc_sighting *sighting, enum vc_message_kind kind)
{
	const struct vc_cause *cause = &pattern_of(d, sighting, 0)->cause;

	return !cause->rule && cause->message->kind == kind;
}

static void
add_cause(const struct vc_diagnoser *d, struct vc_diagnosis *diagnosis, const struct vc_pattern *pattern, bool first)
{
	struct vc_diagnosis_cause *cause = NULL;

	for (size_t i = 0; i < diagnosis->causes; i++) {
		if (same_cause(&diagnosis->cause[i].cause, &pattern->cause))
			cause = &diagnosis->cause[i];
	}
	if (!cause) {
		cause = vc_arena_append(d->arena, (void **)&diagnosis->cause, &diagnosis->causes, sizeof(*cause));
		cause->cause = pattern->cause;
		cause->verdict = VC_VERDICT_NOT_ASKED;
		cause->clue = true;
	}
	/* Two symptoms of one rule in one line are one sighting. */
	cause->sightings += first;
	cause->clue = cause->clue && pattern->symptom->clue;
	if (pattern->literals > cause->literals)
		cause->literals = pattern->literals;
}

static void
add_sighting(const struct vc_diagnoser *d, struct vc_diagnosis *diagnosis, const struct vc_sighting *sighting)
{
	const struct vc_sighting **item = vc_arena_append(d->arena, (void **)&diagnosis->sighting,
							  &diagnosis->sightings, sizeof(*item));

	*item = sighting;
	diagnosis->count += sighting->count;
	for (size_t i = 0; i < sighting->patterns; i++) {
		const struct vc_pattern *pattern = pattern_of(d, sighting, i);
		bool first = true;

		for (size_t j = 0; j < i; j++)
			first = first && !same_cause(&pattern_of(d, sighting, j)->cause, &pattern->cause);
		add_cause(d, diagnosis, pattern, first);
	}
}

static void
append_sighting(const struct vc_diagnoser *d, const struct vc_sighting ***list, size_t *count,
		const struct vc_sighting *sighting)
{
	*(const struct vc_sighting **)vc_arena_append(d->arena, (void **)list, count, sizeof(**list)) = sighting;
}

static bool
is_failure(const struct vc_diagnoses *diagnoses)
{
	for (size_t i = 0; i < diagnoses->count; i++) {
		if (!diagnoses->item[i].clue && diagnoses->item[i].severity == VC_ERROR)
			return true;
	}
	return false;
}

/* One diagnosis for each group of the sightings that are of no kind beside, or of that one. */
static void
add_groups(struct grouping *g, bool wrappers, struct vc_diagnoses *diagnoses)
{
	const struct vc_diagnoser *d = g->d;
	size_t *index = vc_arena_make_array(d->arena, d->sightings + 1, size_t);

	for (size_t i = 0; i < d->sightings; i++) {
		const struct vc_sighting *sighting = &d->sighting[i];
		size_t group = find_group(g, i);

		if (is_kind(d, sighting, VC_MESSAGE_NOISE) || is_kind(d, sighting, VC_MESSAGE_WRAPPER) != wrappers)
			continue;
		if (index[group] == 0) {
			(void)vc_arena_append(d->arena, (void **)&diagnoses->item, &diagnoses->count,
					      sizeof(*diagnoses->item));
			index[group] = diagnoses->count;
		}
		add_sighting(d, &diagnoses->item[index[group] - 1], sighting);
	}
	vc_diagnoses_order(diagnoses);
}

static void
group_sightings(const struct vc_diagnoser *d, struct vc_diagnoses *diagnoses)
{
	struct grouping g = {
		.d = d,
		.group = vc_arena_make_array(d->arena, d->sightings + 1, size_t),
		.cause = vc_arena_make_array(d->arena, vc_matcher_patterns(d->matcher) + 1, struct vc_cause),
		.cause_group = vc_arena_make_array(d->arena, vc_matcher_patterns(d->matcher) + 1, size_t),
	};

	for (size_t i = 0; i < d->sightings; i++) {
		const struct vc_sighting *sighting = &d->sighting[i];

		g.group[i] = i;
		if (is_kind(d, sighting, VC_MESSAGE_NOISE))
			append_sighting(d, &diagnoses->noise, &diagnoses->noises, sighting);
		else if (is_kind(d, sighting, VC_MESSAGE_WRAPPER))
			append_sighting(d, &diagnoses->wrapper, &diagnoses->wrappers, sighting);
		for (size_t j = 0; j < sighting->patterns; j++)
			join(&g, i, &pattern_of(d, sighting, j)->cause);
	}
	add_groups(&g, false, diagnoses);
	/* What only carries the words of others is all there is to say, where those are not known. */
	if (diagnoses->wrappers > 0 && !is_failure(diagnoses)) {
		diagnoses->wrappers = 0;
		add_groups(&g, true, diagnoses);
	}
}

void
vc_diagnoser_finish(struct vc_diagnoser *diagnoser, struct vc_diagnoses *ret_diagnoses)
{
	*ret_diagnoses = (struct vc_diagnoses){
		.log = diagnoser->log,
		.logs = diagnoser->logs,
		.version = diagnoser->version,
		.versions = diagnoser->versions,
		.unknown = diagnoser->unknown,
		.unknowns = diagnoser->unknowns,
		.unknown_lines = diagnoser->unknown_lines,
		.left_out = diagnoser->left_out,
		.matcher = diagnoser->matcher,
	};
	group_sightings(diagnoser, ret_diagnoses);
}
