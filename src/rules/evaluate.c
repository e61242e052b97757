/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All rules, all records. No order between rules, and none is left out because another failed. */
#include "rules/finding.h"
#include "rules/names.h"

struct evaluation {
	const struct vc_models *models;
	struct vc_arena *arena;
	struct vc_findings findings;
};

static void
add_finding(struct evaluation *e, const struct vc_finding *finding)
{
	struct vc_finding *item =
		vc_arena_append(e->arena, (void **)&e->findings.item, &e->findings.count, sizeof(*item));

	*item = *finding;
}

static enum vc_tri
run_check(const struct vc_check *check, const struct vc_scope *scope, struct vc_verdict *verdict)
{
	const struct vc_check_input input = { .host = scope->host,
					      .guest = scope->guest,
					      .each = scope->each };

	check->run(&input, verdict);
	return verdict->fails;
}

/* @applies is yes or unknown. */
static void
evaluate_failure(struct evaluation *e, const struct vc_rule *rule, struct vc_scope *scope, struct vc_doubt *doubt,
		 enum vc_tri applies)
{
	struct vc_finding finding = { .rule = rule, .each = scope->each };
	enum vc_tri fails = VC_UNKNOWN;

	if (rule->check && !doubt->list) {
		fails = run_check(rule->check, scope, &finding.verdict);
		scope->verdict = &finding.verdict;
		doubt->fact = finding.verdict.unknown;
	} else if (!rule->check) {
		fails = vc_expr_evaluate(&rule->fails, scope, applies == VC_YES ? &doubt->path : NULL);
	}
	switch (vc_tri_and(applies, fails)) {
	case VC_NO:
		e->findings.passed++;
		return;
	case VC_YES:
		finding.outcome = VC_FAIL;
		break;
	case VC_UNKNOWN:
		finding.outcome = VC_UNDECIDED;
		break;
	}
	vc_finding_describe(&finding, scope, doubt, e->arena);
	add_finding(e, &finding);
}

/* @list: the list of <each> is not known, so there is no record. */
static void
evaluate_record(struct evaluation *e, const struct vc_rule *rule, const void *each,
		const struct vc_fact_list *list)
{
	struct vc_scope scope = { .host = e->models->host, .guest = e->models->guest, .each = each };
	struct vc_doubt doubt = { .list = list };
	enum vc_tri applies = vc_expr_evaluate(&rule->applies, &scope, &doubt.path);

	/* Most rules are about something that this guest has not. */
	if (applies == VC_NO)
		e->findings.skipped++;
	else
		evaluate_failure(e, rule, &scope, &doubt, applies);
}

static void
evaluate_rule(struct evaluation *e, const struct vc_rule *rule)
{
	const void *root = rule->each_root == VC_ROOT_HOST ? (const void *)e->models->host : e->models->guest;
	static const struct vc_fact_list no_list;
	const struct vc_fact_list *list;

	if (!rule->each) {
		evaluate_record(e, rule, NULL, NULL);
		return;
	}
	list = root ? (const struct vc_fact_list *)vc_field_fact(rule->each, root) : &no_list;
	if (list->fact.state == VC_ABSENT || (vc_known(&list->fact) && list->count == 0)) {
		e->findings.skipped++;
		return;
	}
	if (!vc_known(&list->fact)) {
		evaluate_record(e, rule, NULL, list);
		return;
	}
	for (size_t i = 0; i < list->count; i++)
		evaluate_record(e, rule, (const char *)list->item + i * rule->each->item->size, NULL);
}

/* What became of an <ignore> is known when everything else has been decided. */
static bool
is_about_ignores(const struct vc_rule *rule)
{
	return rule->each && rule->each->item == &vc_schema_ignore;
}

/* The rules about a domain's <ignore> elements, or all others. */
static void
evaluate_rules(struct evaluation *e, const struct vc_ruleset *rules, bool about_ignores, bool *passed_rule)
{
	for (size_t i = 0; i < rules->count; i++) {
		size_t passed = e->findings.passed, found = e->findings.count;

		/* Without a domain there is nothing that the others could be about. */
		if ((!e->models->guest && !rules->rule[i]->host_only) ||
		    is_about_ignores(rules->rule[i]) != about_ignores)
			continue;
		evaluate_rule(e, rules->rule[i]);
		passed_rule[i] = e->findings.passed > passed && e->findings.count == found;
	}
}

void
vc_rules_evaluate(const struct vc_ruleset *rules, const struct vc_models *models, const char *const *ignore,
		  size_t ignored, struct vc_arena *arena, struct vc_findings *ret_findings)
{
	struct evaluation e = { .models = models, .arena = arena };
	struct vc_models last = *models;
	bool *passed_rule = vc_arena_make_array(arena, rules->count + 1, bool);

	evaluate_rules(&e, rules, false, passed_rule);
	last.guest = vc_findings_suppress(&e.findings, rules, models, arena);
	e.models = &last;
	evaluate_rules(&e, rules, true, passed_rule);
	e.findings.passed_rule = passed_rule;
	vc_findings_settle(&e.findings, models, ignore, ignored, arena);
	*ret_findings = e.findings;
}
