/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What safe fixes keep when no rule is left out, so that those of several meet in one domain, tried on every case:
 *   end        they come to an end, with no safe fix left and none taken back;
 *   no harm    no finding is there that was not there before;
 *   rest       a second run changes nothing;
 *   order      rule by rule, the last one first, gives the same text;
 *   coverage   safe fixes of two rules that set the same meet in a case, unless they exclude each other.
 * Usage: fix-together CASES-DIRECTORY [DIRECTORY]: leaves the domains that several rules change there, as fix-laws does.
 */
#include <stdio.h>
#include <string.h>

#include "cli/case.h"
#include "cli/fixer.h"
#include "leave.h"

#define RULES_MAX 1024
#define ROUNDS_MAX 20

static const struct vc_run_options options = { .root = NULL };
static const struct vc_fixer_options all = { .only_count = 0 };
static unsigned broken, tried;
static const char *samples;

/* Fixes that were about to be applied in the same domain. */
static const struct vc_fix *met[RULES_MAX][2];
static size_t met_count;

struct domain {
	const char *file;
	struct vc_run run;
	struct vc_case test;
};

static void _printf_(2, 3)
complain(const struct domain *domain, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	printf("%s: ", domain->file);
	vprintf(format, args);
	printf("\n");
	va_end(args);
	broken++;
}

static void
domain_release(struct domain *domain)
{
	vc_run_release(&domain->run);
}

/* False if the case has no domain. */
static bool
domain_open(struct domain *domain, const char *file)
{
	struct vc_run *run = &domain->run;

	domain->file = file;
	vc_run_init(run);
	if (vc_case_load(file, run->arena, &run->diags, &domain->test) == 0 && vc_run_open(run, &options) == 0 &&
	    vc_case_prepare(&domain->test, &options, run) == 0) {
		if (domain->test.domain)
			vc_run_judge(run, &options);
		return domain->test.domain;
	}
	complain(domain, "cannot be prepared: %s", run->diags.count > 0 ? run->diags.item[0].text : "no reason given");
	return false;
}

/* The safe fixes that would be applied; returns of how many rules they are. */
static size_t
find_fixes(const struct domain *domain, const struct vc_fix **fix, const struct vc_rule **rule)
{
	const struct vc_findings *findings = &domain->run.subject[0].findings;
	size_t count = 0;

	for (size_t i = 0; i < findings->count && count < RULES_MAX; i++) {
		const struct vc_finding *finding = &findings->item[i];

		if (finding->outcome != VC_FAIL || (count > 0 && rule[count - 1] == finding->rule))
			continue;
		fix[count] = vc_fixer_choose(&domain->run, 0, finding, false);
		rule[count] = finding->rule;
		count += fix[count] != NULL;
	}
	return count;
}

static void
remember_meeting(const struct vc_fix *const *fix, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t j = i + 1; j < count && met_count < RULES_MAX; j++) {
			met[met_count][0] = fix[i];
			met[met_count++][1] = fix[j];
		}
	}
}

/* Failing findings of every rule, by index. */
static void
count_failed(const struct domain *domain, size_t *failed)
{
	const struct vc_findings *findings = &domain->run.subject[0].findings;

	memset(failed, 0, RULES_MAX * sizeof(*failed));
	for (size_t i = 0; i < domain->run.rules.count && i < RULES_MAX; i++) {
		for (size_t j = 0; j < findings->count; j++)
			failed[i] += findings->item[j].rule == domain->run.rules.rule[i] &&
				     (findings->item[j].outcome == VC_FAIL ||
				      findings->item[j].outcome == VC_SUPPRESSED);
	}
}

static void
check_end(const struct domain *domain, const struct vc_fixed *fixed, const size_t *failed_before)
{
	const struct vc_fix *fix[RULES_MAX];
	const struct vc_rule *rule[RULES_MAX];
	size_t failed[RULES_MAX];

	for (size_t i = 0; i < fixed->notes; i++) {
		if (fixed->note[i].undone)
			complain(domain, "the fix of %s is taken back: %s", fixed->note[i].rule->id,
				 fixed->note[i].undone);
	}
	if (fixed->exhausted)
		complain(domain, "it stops before the end");
	if (find_fixes(domain, fix, rule) > 0)
		complain(domain, "%s has a safe fix still", rule[0]->id);
	count_failed(domain, failed);
	for (size_t i = 0; i < domain->run.rules.count && i < RULES_MAX; i++) {
		if (failed[i] > failed_before[i])
			complain(domain, "there is a new finding, %s", domain->run.rules.rule[i]->id);
	}
}

static void
check_rest(struct domain *domain, const struct vc_fixed *fixed)
{
	struct vc_fixed again;

	if (vc_fixer_run(&domain->run, 0, &options, &all, &again) < 0) {
		complain(domain, "the result cannot be fixed again");
		return;
	}
	if (again.applied > 0 || again.size != fixed->size || memcmp(again.text, fixed->text, fixed->size) != 0)
		complain(domain, "a second run changes something");
	vc_fixed_release(&again);
}

/* The same domain again, one rule at a time: the last one that has a fix. */
static void
check_order(const char *file, const struct vc_fixed *fixed)
{
	_cleanup_(domain_release) struct domain domain = { 0 };
	const struct vc_fix *fix[RULES_MAX];
	const struct vc_rule *rule[RULES_MAX];
	struct vc_fixed single = { 0 };
	size_t rules;

	if (!domain_open(&domain, file))
		return;
	for (unsigned round = 0; round < ROUNDS_MAX && (rules = find_fixes(&domain, fix, rule)) > 0; round++) {
		const struct vc_fixer_options one = { .only = &rule[rules - 1]->id, .only_count = 1 };

		vc_fixed_release(&single);
		if (vc_fixer_run(&domain.run, 0, &options, &one, &single) < 0) {
			complain(&domain, "cannot be fixed");
			return;
		}
	}
	if (single.size != fixed->size || memcmp(single.text, fixed->text, fixed->size) != 0)
		complain(&domain, "another order gives another result:\n%.*s", (int)single.size, single.text);
	vc_fixed_release(&single);
}

static void
try_case(const char *file)
{
	_cleanup_(domain_release) struct domain domain = { 0 };
	const struct vc_fix *fix[RULES_MAX];
	const struct vc_rule *rule[RULES_MAX];
	size_t failed[RULES_MAX], rules;
	struct vc_fixed fixed;

	if (!domain_open(&domain, file))
		return;
	rules = find_fixes(&domain, fix, rule);
	if (rules == 0)
		return;
	tried += rules > 1;
	remember_meeting(fix, rules);
	count_failed(&domain, failed);
	if (vc_fixer_run(&domain.run, 0, &options, &all, &fixed) < 0) {
		complain(&domain, "cannot be fixed");
		return;
	}
	check_end(&domain, &fixed, failed);
	check_rest(&domain, &fixed);
	check_order(file, &fixed);
	if (samples && rules > 1)
		leave_fixed(samples, tried, file, domain.test.domain, domain.test.domain_size, fixed.text, fixed.size);
	vc_fixed_release(&fixed);
}

/* --- coverage --- */

static bool
set_the_same(const struct vc_fix *a, const struct vc_fix *b)
{
	for (size_t i = 0; i < a->actions; i++) {
		for (size_t j = 0; j < b->actions; j++) {
			const struct vc_action *x = &a->action[i], *y = &b->action[j];

			if (x->verb == VC_VERB_SET && y->verb == VC_VERB_SET && vc_same_text(x->select, y->select) &&
			    vc_same_text(x->attribute, y->attribute))
				return true;
		}
	}
	return false;
}

/* Whether @when, which has no alternatives, says of @fact that it is not @value (quotes included). */
static bool
rules_out(const char *when, const char *fact, size_t fact_length, const char *value)
{
	_cleanup_buf_ struct vc_buf other = { 0 }, not = { 0 };
	size_t length = strcspn(value + 1, "'") + 2;
	const char *at;

	vc_buf_add_n(&other, fact, fact_length);
	vc_buf_add_n(&not, fact, fact_length);
	vc_buf_add(&other, " == ");
	vc_buf_add(&not, " != ");
	vc_buf_add_n(&not, value, length);
	at = strstr(when, vc_buf_text(&other));
	return (at && strncmp(at + other.length, value, length) != 0) || strstr(when, vc_buf_text(&not));
}

/* All that has to be true where the fix is offered. */
static void
write_conditions(struct vc_buf *out, const struct vc_rule *rule, const struct vc_fix *fix)
{
	vc_buf_addf(out, "%s and %s", rule->applies.text ? rule->applies.text : "yes", fix->when.text ? fix->when.text : "yes");
}

/* "FACT == 'one'" here, and "FACT == 'other'" or "FACT != 'one'" there: the two are never offered at the same time. */
static bool
exclude_each_other(const char *a, const char *b)
{
	static const char equals[] = " == '";

	if (strstr(a, " or ") || strstr(b, " or "))
		return false;
	for (const char *at = strstr(a, equals); at; at = strstr(at + 1, equals)) {
		const char *fact = at;

		while (fact > a && !strchr(" (", fact[-1]))
			fact--;
		if (rules_out(b, fact, (size_t)(at - fact), at + strlen(equals) - 1))
			return true;
	}
	return false;
}

static bool
cannot_meet(const struct vc_rule *a, size_t i, const struct vc_rule *b, size_t j)
{
	_cleanup_buf_ struct vc_buf one = { 0 }, other = { 0 };

	write_conditions(&one, a, &a->fix[i]);
	write_conditions(&other, b, &b->fix[j]);
	return exclude_each_other(vc_buf_text(&one), vc_buf_text(&other)) ||
	       exclude_each_other(vc_buf_text(&other), vc_buf_text(&one));
}

static bool
supersedes(const struct vc_rule *a, const struct vc_rule *b)
{
	for (size_t i = 0; i < a->supersedes_count; i++) {
		if (strcmp(a->supersedes[i], b->id) == 0)
			return true;
	}
	return false;
}

static bool
have_met(const struct vc_fix *a, const struct vc_fix *b)
{
	for (size_t i = 0; i < met_count; i++) {
		if ((met[i][0] == a && met[i][1] == b) || (met[i][0] == b && met[i][1] == a))
			return true;
	}
	return false;
}

static void
check_pair(const struct vc_rule *a, const struct vc_rule *b)
{
	if (supersedes(a, b) || supersedes(b, a))
		return;
	for (size_t i = 0; i < a->fixes; i++) {
		for (size_t j = 0; j < b->fixes; j++) {
			if (!a->fix[i].safe || !b->fix[j].safe || !set_the_same(&a->fix[i], &b->fix[j]) ||
			    cannot_meet(a, i, b, j) || have_met(&a->fix[i], &b->fix[j]))
				continue;
			printf("%s and %s: safe fixes that set the same meet in no case\n", a->id, b->id);
			broken++;
		}
	}
}

int
main(int argc, char **argv)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	struct vc_diags diags = { .arena = arena };
	const char *directory = argc >= 2 ? argv[1] : "";
	const char *const *file;
	size_t files;

	samples = argc >= 3 ? argv[2] : NULL;
	if (vc_cases_find(&directory, 1, arena, &diags, &file, &files) < 0 || files == 0) {
		printf("no cases in '%s'\n", directory);
		return 2;
	}
	for (size_t i = 0; i < files; i++)
		try_case(file[i]);
	for (size_t i = 0; i < vc_builtin_rules.count; i++) {
		for (size_t j = i + 1; j < vc_builtin_rules.count; j++)
			check_pair(vc_builtin_rules.rule[i], vc_builtin_rules.rule[j]);
	}
	printf("%zu cases, %u with fixes of several rules, %u laws broken\n", files, tried, broken);
	return broken > 0 || tried == 0 ? 1 : 0;
}
