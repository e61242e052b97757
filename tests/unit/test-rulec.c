/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rulec SOURCES, as constant data in this program, against the same files loaded now: nothing may get lost or
 * change on the way through C.
 */
#include "rule-helper.h"

/* Equal to the other one, or both NULL. */
static void
same_text(const char *a, const char *b)
{
	if (!a || !b)
		assert_ptr_equal(a, b);
	else
		assert_string_equal(a, b);
}

static void
same_path(const struct vc_path *a, const struct vc_path *b)
{
	if (!a || !b) {
		assert_ptr_equal(a, b);
		return;
	}
	assert_int_equal(a->steps, b->steps);
	assert_int_equal(a->root, b->root);
	for (unsigned i = 0; i < a->steps; i++)
		assert_ptr_equal(a->step[i], b->step[i]);
	same_text(a->text, b->text);
}

static void
same_literal(const struct vc_node_expr *a, const struct vc_node_expr *b)
{
	switch (a->type) {
	case VC_TYPE_flag:
		assert_int_equal(a->flag, b->flag);
		break;
	case VC_TYPE_number:
		assert_true(a->number == b->number);
		break;
	case VC_TYPE_version:
		assert_int_equal(vc_version_compare(a->version, b->version), 0);
		break;
	default:
		assert_int_equal(a->type, VC_TYPE_text);
		assert_string_equal(a->text, b->text);
	}
}

static void
same_expr(const struct vc_expr *a, const struct vc_expr *b)
{
	assert_int_equal(a->count, b->count);
	same_text(a->text, b->text);
	for (size_t i = 0; i < a->count; i++) {
		const struct vc_node_expr *x = &a->node[i], *y = &b->node[i];

		assert_int_equal(x->op, y->op);
		assert_int_equal(x->type, y->type);
		assert_int_equal(x->left, y->left);
		assert_int_equal(x->right, y->right);
		assert_int_equal(x->count, y->count);
		if (x->op == VC_OP_FACT)
			same_path(x->path, y->path);
		else if (x->op == VC_OP_LITERAL)
			same_literal(x, y);
	}
}

static void
same_template(const struct vc_template *a, const struct vc_template *b)
{
	assert_int_equal(a->count, b->count);
	for (size_t i = 0; i < a->count; i++) {
		same_text(a->part[i].text, b->part[i].text);
		same_path(a->part[i].path, b->part[i].path);
		assert_int_equal(a->part[i].unit, b->part[i].unit);
	}
}

static void
same_action(const struct vc_action *a, const struct vc_action *b)
{
	assert_int_equal(a->verb, b->verb);
	same_text(a->select, b->select);
	same_text(a->attribute, b->attribute);
	same_template(&a->value, &b->value);
	same_text(a->xml, b->xml);
	same_template(&a->xml_template, &b->xml_template);
	same_text(a->before, b->before);
	same_text(a->after, b->after);
	same_template(&a->persist, &b->persist);
	same_template(&a->undo, &b->undo);
	assert_int_equal(a->reboot, b->reboot);
	same_text(a->costs, b->costs);
	same_text(a->name, b->name);
	same_text(a->parameter, b->parameter);
	same_template(&a->was, &b->was);
	assert_int_equal(a->remove, b->remove);
	assert_int_equal(a->live, b->live);
}

static void
same_fix(const struct vc_fix *a, const struct vc_fix *b)
{
	assert_int_equal(a->who, b->who);
	assert_int_equal(a->safe, b->safe);
	same_expr(&a->when, &b->when);
	same_template(&a->summary, &b->summary);
	assert_int_equal(a->actions, b->actions);
	for (size_t i = 0; i < a->actions; i++)
		same_action(&a->action[i], &b->action[i]);
}

static void
same_texts(const char *const *a, size_t a_count, const char *const *b, size_t b_count)
{
	assert_int_equal(a_count, b_count);
	for (size_t i = 0; i < a_count; i++)
		same_text(a[i], b[i]);
}

static void
same_symptom(const struct vc_symptom *a, const struct vc_symptom *b)
{
	assert_int_equal(a->from, b->from);
	assert_int_equal(a->clue, b->clue);
	assert_int_equal(a->versions_count, b->versions_count);
	for (size_t i = 0; i < a->versions_count; i++) {
		assert_int_equal(vc_version_compare(a->versions[i].since, b->versions[i].since), 0);
		assert_int_equal(vc_version_compare(a->versions[i].before, b->versions[i].before), 0);
	}
	assert_int_equal(a->parts, b->parts);
	for (size_t i = 0; i < a->parts; i++) {
		same_text(a->part[i].text, b->part[i].text);
		assert_int_equal(a->part[i].hole, b->part[i].hole);
		same_text(a->part[i].name, b->part[i].name);
	}
}

static void
same_rule(const struct vc_rule *a, const struct vc_rule *b)
{
	same_text(a->id, b->id);
	same_text(a->topic, b->topic);
	same_text(a->since, b->since);
	assert_int_equal(a->severity, b->severity);
	assert_int_equal(a->confidence, b->confidence);
	assert_int_equal(a->host_only, b->host_only);
	assert_int_equal(a->host_at_risk, b->host_at_risk);
	assert_int_equal(a->needs, b->needs);
	same_text(a->title, b->title);
	same_text(a->affects, b->affects);
	assert_ptr_equal(a->each, b->each);
	assert_int_equal(a->each_root, b->each_root);
	same_expr(&a->applies, &b->applies);
	same_expr(&a->fails, &b->fails);
	assert_ptr_equal(a->check, b->check);
	assert_int_equal(a->uses_count, b->uses_count);
	for (size_t i = 0; i < a->uses_count; i++)
		same_path(a->uses[i], b->uses[i]);
	same_path(a->at, b->at);
	same_path(a->device, b->device);
	assert_int_equal(a->says_count, b->says_count);
	for (size_t i = 0; i < a->says_count; i++) {
		same_expr(&a->says[i].when, &b->says[i].when);
		same_template(&a->says[i].text, &b->says[i].text);
	}
	same_text(a->why, b->why);
	assert_int_equal(a->fixes, b->fixes);
	for (size_t i = 0; i < a->fixes; i++)
		same_fix(&a->fix[i], &b->fix[i]);
	assert_int_equal(a->symptoms, b->symptoms);
	for (size_t i = 0; i < a->symptoms; i++)
		same_symptom(&a->symptom[i], &b->symptom[i]);
	same_texts(a->supersedes, a->supersedes_count, b->supersedes, b->supersedes_count);
	same_texts(a->source, a->sources, b->source, b->sources);
}

/* VC_SAMPLE_RULES: the directory that rulec was given. */
static void
same_rules(void **state _unused_)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	struct vc_diags diags = { .arena = arena };
	struct vc_ruleset rules;

	if (vc_ruleset_load(NULL, VC_SAMPLE_RULES, arena, &diags, &rules) > 0)
		print_error("%s: %s\n", diags.item[0].file, diags.item[0].text);
	assert_int_equal(diags.count, 0);
	assert_int_equal(rules.count, 3);
	assert_int_equal(vc_builtin_rules.count, 3);
	for (size_t i = 0; i < rules.count; i++)
		same_rule(vc_builtin_rules.rule[i], rules.rule[i]);
	/* The path of the build directory is no part of the program. */
	assert_string_equal(vc_builtin_rules.rule[2]->file, "rules/sample/plain.xml");
}

/* The bytes that the compiler could have taken for something else. */
static void
awkward_bytes(void **state _unused_)
{
	const struct vc_rule *rule = vc_ruleset_find(&vc_builtin_rules, "awkward-bytes-1.0");

	assert_non_null(rule);
	assert_string_equal(rule->title, "\"quoted\" \\ and \\n and \\x41 and ?\?= ?\?/ %s /* no comment */");
	assert_string_equal(rule->why, "line\ntwo \"\nthree \\\nfour ?\?/\n\n//");
	assert_string_equal(rule->symptom[0].part[0].text, "tab\tinside \"quoted\" ?");
	assert_string_equal(rule->says[0].text.part[0].text, "\303\251"
							     "1 \342\202\254"
							     "2 \360\237\220\247"
							     "3 \177"
							     "4 \302\205"
							     "5 ");
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(same_rules), cmocka_unit_test(awkward_bytes) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
