/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Findings that a domain does not want to hear of: of rules about itself, with a reason and for as long as it says,
 * but not of those that protect the host from it.
 */
#include <string.h>

#include "base/number.h"
#include "rules/finding.h"

static bool
is_leap(uint64_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* YYYY-MM-DD of a day that exists, so that dates compare as text. */
static bool
is_date(const char *text)
{
	static const uint64_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	uint64_t year, month, day;

	if (strlen(text) != 10 || text[4] != '-' || text[7] != '-' ||
	    vc_parse_u64_n(text, 4, VC_BASE_DEC, &year) < 0 ||
	    vc_parse_u64_n(text + 5, 2, VC_BASE_DEC, &month) < 0 ||
	    vc_parse_u64_n(text + 8, 2, VC_BASE_DEC, &day) < 0 || month < 1 || month > 12)
		return false;
	return day >= 1 && day <= days[month - 1] + (month == 2 && is_leap(year));
}

/* A fact nobody can tell about leaves the effect as unknown as itself. */
static bool
is_open(const struct vc_fact_text *fact)
{
	return !vc_known(&fact->fact) && fact->fact.state != VC_ABSENT;
}

/* Why it is not followed, whatever was found; "" if it is. NULL, with the fact in *ret_cause: it cannot be
 * told. */
static const char *
why_not(const struct vc_ignore *ignore, const struct vc_ruleset *rules, const char *today,
	const struct vc_fact **ret_cause)
{
	const struct vc_fact_text *const facts[] = { &ignore->rule, &ignore->reason, &ignore->until,
						     &ignore->unknown };
	const struct vc_rule *rule;

	for (size_t i = 0; i < VC_COUNT(facts); i++) {
		if (is_open(facts[i])) {
			*ret_cause = &facts[i]->fact;
			return NULL;
		}
	}
	if (!vc_known(&ignore->rule.fact))
		return "no-rule";
	if (vc_known(&ignore->unknown.fact))
		return "unknown-attribute";
	if (!vc_known(&ignore->reason.fact))
		return "no-reason";
	if (vc_known(&ignore->until.fact) && !is_date(ignore->until.value))
		return "bad-date";
	rule = vc_ruleset_find(rules, ignore->rule.value);
	if (!rule)
		return "unknown-rule";
	if (rule->host_at_risk)
		return "host-at-risk";
	if (vc_known(&ignore->until.fact) && !today) {
		*ret_cause = &ignore->until.fact;
		return NULL;
	}
	return vc_known(&ignore->until.fact) && strcmp(ignore->until.value, today) < 0 ? "expired" : "";
}

static const char *
words_of(const struct vc_ignore *ignore, struct vc_arena *arena)
{
	if (!vc_known(&ignore->until.fact))
		return vc_arena_printf(arena, "the domain: %s", ignore->reason.value);
	return vc_arena_printf(arena, "the domain, until %s: %s", ignore->until.value, ignore->reason.value);
}

/* Returns how many findings that were. */
static size_t
suppress(struct vc_findings *findings, const char *rule, const char *by)
{
	size_t count = 0;

	for (size_t i = 0; i < findings->count; i++) {
		struct vc_finding *finding = &findings->item[i];

		if (strcmp(finding->rule->id, rule) != 0)
			continue;
		finding->outcome = VC_SUPPRESSED;
		finding->suppressed_by = by;
		count++;
	}
	return count;
}

static void
follow(struct vc_findings *findings, const struct vc_ruleset *rules, const char *today,
       struct vc_arena *arena, struct vc_ignore *ignore)
{
	const struct vc_fact *cause = NULL;
	const char *effect = why_not(ignore, rules, today, &cause);

	if (effect && !*effect)
		effect = suppress(findings, ignore->rule.value, words_of(ignore, arena)) > 0 ? "used"
											     : "unused";
	if (effect)
		vc_set_text(&ignore->effect, effect, ignore->place.xpath);
	else if (vc_known(cause))
		vc_set_unreadable(&ignore->effect.fact, VC_ENOTCOLLECTED, "today's date");
	else
		vc_set_unknown_like(&ignore->effect.fact, cause);
}

const struct vc_guest *
vc_findings_suppress(struct vc_findings *findings, const struct vc_ruleset *rules,
		     const struct vc_models *models, struct vc_arena *arena)
{
	struct vc_guest *guest;
	struct vc_ignore *ignore;

	if (!models->guest || !vc_known(&models->guest->ignore.fact) || models->guest->ignore.count == 0)
		return models->guest;
	/* The model itself is sealed. */
	guest = vc_arena_make(arena, struct vc_guest);
	*guest = *models->guest;
	ignore = vc_arena_make_array(arena, guest->ignore.count, struct vc_ignore);
	memcpy(ignore, guest->ignore.item, guest->ignore.count * sizeof(*ignore));
	for (size_t i = 0; i < guest->ignore.count; i++)
		follow(findings, rules, models->today, arena, &ignore[i]);
	guest->ignore.item = ignore;
	return guest;
}
