/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the findings mean to each other, and their order. */
#include <stdlib.h>
#include <string.h>

#include "rules/finding.h"

#define NOBODY SIZE_MAX

/* What a person has to find out to decide it: where the answer was looked for, or the fact if that is not
 * known. */
static const char *
question_of(const struct vc_finding *finding)
{
	return finding->unknown_from ? finding->unknown_from : finding->unknown_fact;
}

static int
compare_texts(const char *a, const char *b)
{
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

static int
compare_questions(const void *left, const void *right)
{
	const struct vc_finding *const *a = left, *const *b = right;
	int order = strcmp((*a)->rule->id, (*b)->rule->id);

	if (order == 0)
		order = compare_texts(question_of(*a), question_of(*b));
	if (order == 0)
		order = compare_texts((*a)->unknown_reason, (*b)->unknown_reason);
	return order;
}

static int
compare_asked(const void *left, const void *right)
{
	const struct vc_finding *const *a = left, *const *b = right;
	int order = compare_questions(left, right);

	return order != 0 ? order : (*a > *b) - (*a < *b);
}

/* Ten records of a rule that miss the same answer are one question to the reader: the first asks it. */
static void
ask_once(struct vc_findings *findings, struct vc_arena *arena)
{
	struct vc_finding **undecided = vc_arena_make_array(arena, findings->count, struct vc_finding *);
	bool *repeated = vc_arena_make_array(arena, findings->count, bool);
	size_t count = 0, kept = 0;

	for (size_t i = 0; i < findings->count; i++) {
		if (findings->item[i].outcome == VC_UNDECIDED && question_of(&findings->item[i]))
			undecided[count++] = &findings->item[i];
	}
	qsort(undecided, count, sizeof(*undecided), compare_asked);
	for (size_t i = 1; i < count; i++)
		repeated[undecided[i] - findings->item] =
			compare_questions(&undecided[i - 1], &undecided[i]) == 0;
	for (size_t i = 0; i < findings->count; i++) {
		if (!repeated[i])
			findings->item[kept++] = findings->item[i];
	}
	findings->count = kept;
}

static bool
names_rule(const struct vc_rule *rule, const char *id)
{
	for (size_t i = 0; i < rule->supersedes_count; i++) {
		if (strcmp(rule->supersedes[i], id) == 0)
			return true;
	}
	return false;
}

/* The same cause: of the same device where both name one, else of the domain as a whole. */
static bool
explains(const struct vc_finding *special, const struct vc_finding *general)
{
	if (special->outcome != VC_FAIL || !names_rule(special->rule, general->rule->id))
		return false;
	if (special->device && general->device)
		return strcmp(special->device, general->device) == 0;
	return true;
}

/*
 * Rules of a site may supersede each other in a circle, and then all of them would vanish: what is suppressed
 * by way of itself stays.
 */
static bool
leads_to_itself(const size_t *by, size_t start, size_t count)
{
	size_t at = by[start];

	for (size_t steps = 0; at != NOBODY && steps < count; steps++) {
		if (at == start)
			return true;
		at = by[at];
	}
	return false;
}

static void
supersede(struct vc_findings *findings, struct vc_arena *arena)
{
	size_t *by = vc_arena_make_array(arena, findings->count, size_t);
	size_t *special = vc_arena_make_array(arena, findings->count, size_t);
	size_t specials = 0;
	bool any = false;

	for (size_t i = 0; i < findings->count; i++) {
		if (findings->item[i].outcome == VC_FAIL && findings->item[i].rule->supersedes_count > 0)
			special[specials++] = i;
	}
	for (size_t i = 0; i < findings->count; i++) {
		by[i] = NOBODY;
		for (size_t j = 0; j < specials && by[i] == NOBODY; j++) {
			/* What is ignored explains nothing: ignoring one rule must not hide another. */
			if (findings->item[i].outcome != VC_SUPPRESSED &&
			    explains(&findings->item[special[j]], &findings->item[i]))
				by[i] = special[j];
		}
		any = any || by[i] != NOBODY;
	}
	for (size_t i = 0; any && i < findings->count; i++) {
		if (by[i] == NOBODY || leads_to_itself(by, i, findings->count))
			continue;
		findings->item[i].outcome = VC_SUPPRESSED;
		findings->item[i].suppressed_by = findings->item[by[i]].rule->id;
	}
}

static void
suppress(struct vc_findings *findings, const char *rule, const char *by)
{
	for (size_t i = 0; i < findings->count; i++) {
		if (strcmp(findings->item[i].rule->id, rule) != 0)
			continue;
		findings->item[i].outcome = VC_SUPPRESSED;
		findings->item[i].suppressed_by = by;
	}
}

struct sorted {
	struct vc_finding finding;
	size_t position; /* the order in which the records were looked at */
};

static int
rank(enum vc_outcome outcome)
{
	return outcome == VC_FAIL ? 0 : outcome == VC_UNDECIDED ? 1 : 2;
}

static int
compare_findings(const void *left, const void *right)
{
	const struct sorted *a = left, *b = right;
	int order = rank(a->finding.outcome) - rank(b->finding.outcome);

	if (order == 0 && a->finding.outcome == VC_FAIL)
		order = (int)b->finding.rule->severity - (int)a->finding.rule->severity;
	if (order == 0)
		order = strcmp(a->finding.rule->id, b->finding.rule->id);
	if (order == 0)
		order = (a->finding.place.line > b->finding.place.line) -
			(a->finding.place.line < b->finding.place.line);
	if (order == 0)
		order = (a->finding.place.argument > b->finding.place.argument) -
			(a->finding.place.argument < b->finding.place.argument);
	if (order == 0)
		order = (a->position > b->position) - (a->position < b->position);
	return order;
}

void
vc_findings_settle(struct vc_findings *findings, const struct vc_models *models, const char *const *ignore,
		   size_t ignored, struct vc_arena *arena)
{
	struct sorted *sorted;

	if (findings->count == 0)
		return;
	ask_once(findings, arena);
	for (size_t i = 0; i < models->suppressions; i++)
		suppress(findings, models->suppression[i].rule, models->suppression[i].by);
	/* Whoever asks has the last word. */
	for (size_t i = 0; i < ignored; i++)
		suppress(findings, ignore[i], "--ignore");
	supersede(findings, arena);
	sorted = vc_arena_make_array(arena, findings->count, struct sorted);
	for (size_t i = 0; i < findings->count; i++)
		sorted[i] = (struct sorted){ .finding = findings->item[i], .position = i };
	qsort(sorted, findings->count, sizeof(*sorted), compare_findings);
	for (size_t i = 0; i < findings->count; i++)
		findings->item[i] = sorted[i].finding;
}
