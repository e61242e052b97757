/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands check and host. */
#include <string.h>
#include <unistd.h>

#include "base/suggest.h"
#include "cli/cli.h"
#include "cli/outputs.h"

struct check {
	const struct vc_options *options;
	struct vc_outputs *outputs;
	struct vc_count count;
};

static int
take_row(void *context, const struct vc_survey_row *row)
{
	struct check *check = context;

	for (size_t i = 0; i < row->reports; i++)
		vc_count_findings(row->report[i].subject[0].findings, &check->count);
	return vc_outputs_add(check->outputs, row);
}

static void
take_refused(void *context, const struct vc_diags *diags)
{
	struct check *check = context;

	vc_print_diags(diags);
	vc_outputs_refused(check->outputs, diags);
}

static void
take_progress(void *context, size_t done, size_t of)
{
	struct check *check = context;

	vc_outputs_progress(check->outputs, done, of);
}

/* The guests of command lines. False if there is an input that has none. */
static bool
read_command_lines(const struct vc_options *options, struct vc_run *run)
{
	int r = 0;

	if (options->qemu_args)
		r = vc_run_add_command_lines(run, options->qemu_args);
	if (options->words > 0)
		vc_run_add_command(run, options->word, options->words);
	vc_print_diags(&run->diags);
	return r == 0;
}

static enum vc_exit
run_survey(const struct vc_options *options, const struct vc_ruleset *rules, bool host_alone, bool broken)
{
	_cleanup_(vc_run_release) struct vc_run lines = { 0 };
	_cleanup_(vc_outputs_release) struct vc_outputs outputs = { 0 };
	struct check check = { .options = options, .outputs = &outputs };
	_cleanup_(vc_quirks_close) struct vc_quirks_reader quirks;
	struct vc_survey_options survey = {
		.run = vc_run_options_from(options),
		.root = options->roots,
		.roots = options->root_count,
		.domain = host_alone ? NULL : options->operand,
		.domains = host_alone ? 0 : options->operands,
		.host_alone = host_alone,
	};
	const struct vc_survey_events events = {
		.context = &check,
		.row = take_row,
		.refused = take_refused,
		.progress = take_progress,
	};
	size_t refused = 0;
	int r;

	vc_run_init(&lines);
	vc_quirks_open(&quirks);
	survey.run.site_quirks = &quirks.quirks;
	broken = !read_command_lines(options, &lines) || broken;
	survey.guest = vc_arena_make_array(lines.arena, lines.subjects + 1, struct vc_guest);
	for (size_t i = 0; i < lines.subjects; i++)
		survey.guest[survey.guests++] = lines.subject[i].guest;
	vc_outputs_init(&outputs, options, rules, survey.domains + survey.guests + host_alone);
	r = vc_survey(rules, &survey, &events, &refused);
	broken = vc_quirks_tell(&quirks) || broken;
	if (vc_outputs_finish(&outputs, r == 0) != VC_EXIT_OK)
		return VC_EXIT_INPUT;
	return vc_exit_status(&check.count, options->fail_on, options->strict, broken || refused > 0);
}

static enum vc_exit
run_and_report(const struct vc_options *options, bool host_alone)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	struct vc_diags diags = { .arena = arena };
	struct vc_ruleset rules;
	int broken;

	if (vc_load_rules(options, arena, &diags, &rules, &broken) != VC_EXIT_OK)
		return VC_EXIT_INPUT;
	vc_print_diags(&diags);
	if (vc_check_rule_ids(&rules, NULL, options->ignore, options->ignored) != VC_EXIT_OK)
		return VC_EXIT_INPUT;
	return run_survey(options, &rules, host_alone, broken > 0);
}

/* "vhostcheck chekc x.xml": no such file, and nearly a command. */
static bool
is_misspelt_command(const struct vc_options *options)
{
	const char *word = options->operands > 0 ? options->operand[0] : NULL;
	struct vc_suggest suggest;

	if (!word || options->command_named || strpbrk(word, "./") || access(word, F_OK) == 0)
		return false;
	vc_suggest_init(&suggest, word);
	for (size_t i = 0; i < VC_COMMAND_COUNT; i++)
		vc_suggest_offer(&suggest, vc_commands[i].name);
	if (!suggest.best)
		return false;
	vc_print_problem("there is no command and no file '%s'; did you mean '%s'?", word, suggest.best);
	return true;
}

enum vc_exit
vc_command_check(const struct vc_options *options)
{
	return is_misspelt_command(options) ? VC_EXIT_INPUT : run_and_report(options, false);
}

enum vc_exit
vc_command_host(const struct vc_options *options)
{
	return run_and_report(options, true);
}
