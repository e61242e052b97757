/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The laws every rule keeps, tried on every case of every rule:
 *   knowledge  taking a fact away may only turn an outcome into undecided;
 *   locality   a device that has nothing to do with the guest changes nothing;
 *   sameness   the same input gives the same findings, to the byte;
 *   coverage   every rule has cases that fail and pass, and one that is undecided if it names a host fact.
 * Usage: laws CASES-DIRECTORY
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/case.h"

static const struct vc_run_options options = { .root = NULL };
static unsigned broken;

static void _printf_(2, 3)
complain(const char *file, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	printf("%s: ", file);
	vprintf(format, args);
	printf("\n");
	va_end(args);
	broken++;
}

/* --- one world: a case, prepared afresh so that every experiment starts from the same models --- */

struct world {
	struct vc_run run;
	struct vc_case test;
};

static bool
world_init(struct world *world, const char *file)
{
	vc_run_init(&world->run);
	if (vc_case_load(file, world->run.arena, &world->run.diags, &world->test) == 0 &&
	    vc_run_open(&world->run, &options) == 0 &&
	    vc_case_prepare(&world->test, &options, &world->run) == 0)
		return true;
	complain(file, "cannot be prepared: %s",
		 world->run.diags.count > 0 ? world->run.diags.item[0].text : "no reason given");
	vc_run_release(&world->run);
	return false;
}

/*
 * How often a rule failed, and how often it found nothing wrong: it passed, or does not apply. Which of the two
 * may be unknown while it is certain that nothing is wrong. What is left is undecided.
 */
struct tally {
	size_t failed, fine;
};

/* Each rule by itself: superseding would hide outcomes. */
static struct tally
judge_one(struct world *world, size_t rule)
{
	struct vc_run *run = &world->run;
	struct vc_ruleset one = { .rule = &run->rules.rule[rule], .count = 1 };
	struct vc_models models = {
		.host = &run->host,
		.guest = run->subject[0].host_only ? NULL : &run->subject[0].guest,
	};
	struct vc_findings findings;
	struct tally tally = { 0 };

	vc_rules_evaluate(&one, &models, NULL, 0, run->arena, &findings);
	/* What failed has a message, also if the domain suppresses it: that is no decision of the rule. */
	for (size_t i = 0; i < findings.count; i++)
		tally.failed += findings.item[i].message != NULL;
	tally.fine = findings.passed + findings.skipped;
	return tally;
}

static void
derive(struct world *world)
{
	if (!world->run.subject[0].host_only)
		vc_guest_derive(&world->run.subject[0].guest, &world->run.host, world->run.arena);
}

/* --- knowledge --- */

/* The n-th fact of a record and the records in its lists that somebody looked at; NULL beyond the last. */
static struct vc_fact *
nth_fact(const struct vc_schema *schema, const void *record, size_t *n, const char **ret_name)
{
	for (size_t i = 0; i < schema->count; i++) {
		const struct vc_field *field = &schema->field[i];
		struct vc_fact *fact = vc_field_fact(field, record);

		if (fact->state != VC_UNREAD && (*n)-- == 0) {
			*ret_name = field->name;
			return fact;
		}
		if (field->type != VC_TYPE_list || fact->state != VC_KNOWN)
			continue;
		for (size_t j = 0; j < ((struct vc_fact_list *)fact)->count; j++) {
			const char *item = (const char *)((struct vc_fact_list *)fact)->item;
			struct vc_fact *below = nth_fact(field->item, item + j * field->item->size, n, ret_name);

			if (below)
				return below;
		}
	}
	return NULL;
}

static void
compare(const char *file, const struct world *world, const struct tally *before, struct world *after,
	const char *name)
{
	for (size_t i = 0; i < world->run.rules.count; i++) {
		struct tally tally = judge_one(after, i);

		if (tally.failed > before[i].failed || tally.fine > before[i].fine)
			complain(file, "rule %s decides more once %s is not known", world->run.rules.rule[i]->id,
				 name);
	}
}

/* Takes the n-th fact of the host (before deriving) or of the guest (after). False beyond the last fact. */
static bool
take_away(const char *file, const struct world *world, const struct tally *before, bool guest_side, size_t n)
{
	struct world after;
	struct vc_fact *fact;
	const char *name;

	if (!world_init(&after, file))
		return false;
	if (guest_side) {
		derive(&after);
		fact = after.run.subject[0].host_only ?
			       NULL :
			       nth_fact(&vc_schema_guest, &after.run.subject[0].guest, &n, &name);
	} else {
		fact = nth_fact(&vc_schema_host, &after.run.host, &n, &name);
	}
	if (fact) {
		fact->state = VC_UNREAD;
		if (!guest_side)
			derive(&after);
		compare(file, world, before, &after, name);
	}
	vc_run_release(&after.run);
	return fact != NULL;
}

/* --- locality --- */

static void
add_stranger(struct vc_run *run)
{
	static const char address[] = "00fe:fe:1f.7";
	struct vc_iommu_group *group;
	struct vc_pci *pci;
	const char **all;

	/* Only where devices are known at all: a list that nobody read stays unread. */
	if (!vc_known(&run->host.pci.fact) || !vc_known(&run->host.pci_addresses.fact))
		return;
	all = vc_arena_make_array(run->arena, run->host.pci_addresses.count + 1, const char *);
	memcpy(all, run->host.pci_addresses.word, run->host.pci_addresses.count * sizeof(*all));
	all[run->host.pci_addresses.count] = address;
	vc_set_set(run->arena, &run->host.pci_addresses, all, run->host.pci_addresses.count + 1, "stranger");
	group = vc_arena_make(run->arena, struct vc_iommu_group);
	vc_set_number(&group->id, 9999, "stranger");
	vc_set_set(run->arena, &group->members, (const char *const[]){ address }, 1, "stranger");
	pci = vc_list_append(run->arena, &run->host.pci, sizeof(*pci), "stranger");
	vc_set_text(&pci->address, address, "stranger");
	vc_set_number(&pci->header_type, 0x7f, "stranger");
	vc_set_flag(&pci->responds, false, "stranger");
	vc_set_text(&pci->driver, "i915", "stranger");
	vc_set_text(&pci->bar_holder, "BOOTFB", "stranger");
	vc_set_ref(&pci->group, group, "stranger");
}

/* --- sameness --- */

static void
describe(const struct vc_findings *findings, struct vc_buf *buf)
{
	vc_buf_addf(buf, "%zu passed, %zu skipped\n", findings->passed, findings->skipped);
	for (size_t i = 0; i < findings->count; i++) {
		const struct vc_finding *finding = &findings->item[i];

		vc_buf_addf(buf, "%s %s %d %s %s %s\n", finding->rule->id, vc_outcome_name(finding->outcome),
			    finding->place.line, finding->message ? finding->message : "-",
			    finding->device ? finding->device : "-",
			    finding->unknown_fact ? finding->unknown_fact : "-");
		for (size_t e = 0; e < finding->evidences; e++)
			vc_buf_addf(buf, "  %s %s %s\n", finding->evidence[e].fact, finding->evidence[e].value,
				    finding->evidence[e].from ? finding->evidence[e].from : "-");
	}
}

static void
findings_of(const char *file, bool with_stranger, struct vc_buf *buf)
{
	struct world world;

	if (!world_init(&world, file))
		return;
	if (with_stranger)
		add_stranger(&world.run);
	vc_run_judge(&world.run, &options);
	describe(&world.run.subject[0].findings, buf);
	vc_run_release(&world.run);
}

static void
check_findings(const char *file)
{
	_cleanup_buf_ struct vc_buf once = { 0 }, again = { 0 }, crowded = { 0 };

	findings_of(file, false, &once);
	findings_of(file, false, &again);
	findings_of(file, true, &crowded);
	if (strcmp(vc_buf_text(&once), vc_buf_text(&again)) != 0)
		complain(file, "the same input gives other findings:\n%s%s", vc_buf_text(&once), vc_buf_text(&again));
	if (strcmp(vc_buf_text(&once), vc_buf_text(&crowded)) != 0)
		complain(file, "a device that is not the guest's changes the findings:\n%s%s", vc_buf_text(&once),
			 vc_buf_text(&crowded));
}

static void
check_case(const char *file)
{
	struct tally *before;
	struct world world;

	if (!world_init(&world, file))
		return;
	derive(&world);
	before = vc_arena_make_array(world.run.arena, world.run.rules.count, struct tally);
	for (size_t i = 0; i < world.run.rules.count; i++)
		before[i] = judge_one(&world, i);
	for (size_t n = 0; take_away(file, &world, before, false, n);)
		n++;
	for (size_t n = 0; take_away(file, &world, before, true, n);)
		n++;
	vc_run_release(&world.run);
	check_findings(file);
}

/* --- coverage --- */

static bool
names_host_fact(const struct vc_rule *rule)
{
	const struct vc_path *path[64];
	size_t count = vc_expr_paths(&rule->applies, path, VC_COUNT(path));
	bool names = false;

	count += vc_expr_paths(&rule->fails, path + count, VC_COUNT(path) - count);
	for (size_t i = 0; i < rule->uses_count && count < VC_COUNT(path); i++)
		path[count++] = rule->uses[i];
	for (size_t i = 0; i < count; i++) {
		for (unsigned s = 0; s < path[i]->steps; s++)
			names |= path[i]->step[s]->needs != 0;
	}
	return names;
}

static void
check_coverage(const struct vc_rule *rule, const struct vc_case *tests, size_t count)
{
	bool has[VC_EXPECT_CLEAN + 1] = { false };

	for (size_t i = 0; i < count; i++) {
		if (strcmp(tests[i].rule, rule->id) == 0)
			has[tests[i].expected] = true;
	}
	if (!has[VC_EXPECT_FAIL])
		complain(rule->id, "has no case in which it fails");
	if (!has[VC_EXPECT_PASS])
		complain(rule->id, "has no case in which it passes");
	if (!has[VC_EXPECT_UNDECIDED] && names_host_fact(rule))
		complain(rule->id, "names host facts and has no case in which it is undecided");
}

int
main(int argc, char **argv)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	struct vc_diags diags = { .arena = arena };
	const char *directory = argc == 2 ? argv[1] : "";
	const char *const *file;
	struct vc_case *tests;
	size_t files;

	if (vc_cases_find(&directory, 1, arena, &diags, &file, &files) < 0 || files == 0) {
		printf("no cases in '%s'\n", directory);
		return 2;
	}
	tests = vc_arena_make_array(arena, files, struct vc_case);
	for (size_t i = 0; i < files; i++) {
		if (vc_case_load(file[i], arena, &diags, &tests[i]) < 0)
			complain(file[i], "%s", diags.item[diags.count - 1].text);
		check_case(file[i]);
	}
	for (size_t i = 0; i < vc_builtin_rules.count; i++)
		check_coverage(vc_builtin_rules.rule[i], tests, files);
	printf("%zu cases, %zu rules, %u laws broken\n", files, vc_builtin_rules.count, broken);
	return broken > 0 ? 1 : 0;
}
