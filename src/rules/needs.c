/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which areas of the host the rules ask for. What the input alone decides needs no host: conditions are
 * evaluated with every host fact unread, and Kleene's logic makes sure that whatever is decided then stays
 * decided.
 */
#include "rules/names.h"

static unsigned
needs_of_path(const struct vc_path *path)
{
	unsigned needs = 0;

	for (unsigned i = 0; i < path->steps; i++)
		needs |= path->step[i]->needs;
	return needs;
}

static unsigned
needs_of_expr(const struct vc_expr *expr)
{
	unsigned needs = 0;

	for (size_t i = 0; i < expr->count; i++) {
		if (expr->node[i].op == VC_OP_FACT)
			needs |= needs_of_path(expr->node[i].path);
	}
	return needs;
}

static unsigned
needs_of_template(const struct vc_template *template)
{
	unsigned needs = 0;

	for (size_t i = 0; i < template->count; i++) {
		if (!template->part[i].text)
			needs |= needs_of_path(template->part[i].path);
	}
	return needs;
}

static unsigned
needs_of_action(const struct vc_action *action)
{
	/* How to change the kernel command line depends on what boots this host. */
	unsigned needs = action->verb == VC_VERB_KERNEL ? VC_AREA_DISTRIBUTION | VC_AREA_KERNEL : 0;

	return needs | needs_of_template(&action->was) | needs_of_template(&action->value) | needs_of_template(&action->xml_template) |
	       needs_of_template(&action->persist) | needs_of_template(&action->undo);
}

static unsigned
needs_of_fix(const struct vc_fix *fix)
{
	unsigned needs = needs_of_expr(&fix->when) | needs_of_template(&fix->summary);

	for (size_t i = 0; i < fix->actions; i++)
		needs |= needs_of_action(&fix->action[i]);
	return needs;
}

/* A check that names a list reads its records. */
static unsigned
needs_of_use(const struct vc_path *path)
{
	const struct vc_field *last = vc_path_field(path);
	unsigned needs = needs_of_path(path);

	if (last->type == VC_TYPE_list) {
		for (size_t i = 0; i < last->item->count; i++)
			needs |= last->item->field[i].needs;
	}
	return needs;
}

unsigned
vc_rule_needs(const struct vc_rule *rule)
{
	unsigned needs = needs_of_expr(&rule->applies) | needs_of_expr(&rule->fails);

	for (size_t i = 0; i < rule->says_count; i++)
		needs |= needs_of_expr(&rule->says[i].when) | needs_of_template(&rule->says[i].text);
	if (rule->each)
		needs |= rule->each->needs;
	for (size_t i = 0; i < rule->uses_count; i++)
		needs |= needs_of_use(rule->uses[i]);
	if (rule->at)
		needs |= needs_of_path(rule->at);
	if (rule->device)
		needs |= needs_of_path(rule->device);
	for (size_t i = 0; i < rule->fixes; i++)
		needs |= needs_of_fix(&rule->fix[i]);
	return needs;
}

static bool
may_matter(const struct vc_rule *rule, const struct vc_scope *scope)
{
	enum vc_tri applies = vc_expr_evaluate(&rule->applies, scope, NULL);
	enum vc_tri fails;

	if (applies == VC_NO)
		return false;
	fails = rule->check ? VC_UNKNOWN : vc_expr_evaluate(&rule->fails, scope, NULL);
	return fails != VC_NO;
}

static bool
any_record_may_matter(const struct vc_rule *rule, const struct vc_guest *guest)
{
	struct vc_scope scope = { .guest = guest };
	const struct vc_fact_list *list;

	if (!rule->each || rule->each_root != VC_ROOT_GUEST)
		return may_matter(rule, &scope);
	list = (const struct vc_fact_list *)vc_field_fact(rule->each, guest);
	if (list->fact.state == VC_ABSENT)
		return false;
	if (!vc_known(&list->fact))
		return may_matter(rule, &scope);
	for (size_t i = 0; i < list->count; i++) {
		scope.each = (const char *)list->item + i * rule->each->item->size;
		if (may_matter(rule, &scope))
			return true;
	}
	return false;
}

unsigned
vc_ruleset_needs(const struct vc_ruleset *rules, const struct vc_guest *guest)
{
	unsigned needs = 0;

	for (size_t i = 0; i < rules->count; i++) {
		const struct vc_rule *rule = rules->rule[i];

		if (!guest && !rule->host_only)
			continue;
		/* Whether it matters is asked only where the answer could change something. */
		if ((rule->needs & ~needs) != 0 && any_record_may_matter(rule, guest))
			needs |= rule->needs;
	}
	return needs;
}
