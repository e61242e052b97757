/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the findings mean to each other, and their order. */
#include <stdlib.h>
#include <string.h>

#include "rules/finding.h"

#define NOBODY SIZE_MAX

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
