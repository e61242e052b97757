/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands check and host. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/suggest.h"
#include "cli/cli.h"

struct vc_report
vc_make_report(const struct vc_options *options, const struct vc_run *run)
{
	struct vc_report_subject *subjects = vc_arena_make_array(run->arena, run->subjects + 1,
								 struct vc_report_subject);

	for (size_t i = 0; i < run->subjects; i++) {
		subjects[i] = (struct vc_report_subject){
			.guest = run->subject[i].host_only ? NULL : &run->subject[i].guest,
			.findings = &run->subject[i].findings,
		};
	}
	return (struct vc_report){
		.arena = run->arena,
		.host = &run->host,
		.source = vc_hostfs_kind(run->fs),
		.root = options->root,
		.subject = subjects,
		.subjects = run->subjects,
	};
}

static enum vc_exit
report_run(const struct vc_options *options, const struct vc_run *run, bool broken)
{
	const struct vc_report report = vc_make_report(options, run);
	const struct vc_style style = vc_style_for(options);
	_cleanup_buf_ struct vc_buf out = { 0 };
	struct vc_count count = { 0 };

	if (options->format == VC_FORMAT_JSON)
		vc_report_json(&report, &out);
	else
		vc_report_text(&report, &style, &out);
	if (vc_output_write(options, &out) != VC_EXIT_OK)
		return VC_EXIT_INPUT;
	for (size_t i = 0; i < report.subjects; i++)
		vc_count_findings(report.subject[i].findings, &count);
	return vc_exit_status(&count, options->fail_on, options->strict, broken);
}

/* Adds the domains and command lines; false if one of them was refused. */
static bool
add_domains(const struct vc_options *options, struct vc_run *run)
{
	bool all = true;

	for (size_t i = 0; i < options->operands; i++)
		all = vc_run_add_domain(run, options->operand[i]) == 0 && all;
	if (options->qemu_args)
		all = vc_run_add_command_lines(run, options->qemu_args) == 0 && all;
	if (options->words > 0)
		vc_run_add_command(run, options->word, options->words);
	return all;
}

static enum vc_exit
run_and_report(const struct vc_options *options, bool host_only)
{
	_cleanup_(vc_run_release) struct vc_run run = { 0 };
	struct vc_run_options run_options = vc_run_options_from(options);
	bool broken = false;

	vc_run_init(&run);
	if (vc_open_run(options, &run) != VC_EXIT_OK ||
	    vc_check_rule_ids(&run.rules, options->ignore, options->ignored) != VC_EXIT_OK)
		return VC_EXIT_INPUT;
	if (host_only)
		vc_run_add_host(&run);
	else
		broken = !add_domains(options, &run);
	vc_print_diags(&run.diags);
	if (run.subjects == 0)
		return VC_EXIT_INPUT;
	vc_run_probe(&run, &run_options);
	vc_run_judge(&run, &run_options);
	return report_run(options, &run, broken || run.broken_rules > 0);
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
