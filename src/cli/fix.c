/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command fix. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/fixer.h"
#include "report/diff.h"
#include "report/fix-text.h"

static bool
is_standard_input(const struct vc_options *options)
{
	return options->operands > 0 && strcmp(options->operand[0], "-") == 0;
}

static bool
is_about_command_line(const struct vc_options *options)
{
	return options->qemu_args || options->words > 0;
}

/* What the options ask for at once and cannot have. */
static enum vc_exit
check_combination(const struct vc_options *options)
{
	const char *problem = NULL;

	if (options->in_place && options->diff)
		problem = "--in-place and --diff exclude each other";
	else if (options->in_place && options->output)
		problem = "--in-place and --output exclude each other";
	else if (options->in_place && options->connect)
		problem = "--in-place needs a file: libvirt's domains are not changed; 'virsh define' the result";
	else if (options->in_place && is_standard_input(options))
		problem = "--in-place needs a file, not standard input";
	else if ((options->in_place || options->diff) && is_about_command_line(options))
		problem = "a command line is not edited, its arguments are printed: no --in-place, no --diff";
	else if (options->host_script && options->ansible)
		problem = "--host-script and --ansible exclude each other";
	else if ((options->host_script || options->ansible) && (options->in_place || options->diff))
		problem = "--host-script and --ansible do not change the domain: no --in-place, no --diff";
	if (problem)
		vc_print_problem("%s", problem);
	return problem ? VC_EXIT_INPUT : VC_EXIT_OK;
}

/* --- what was done, and what is left --- */

struct teller {
	bool host_left; /* somebody can do something on the host */
	const struct vc_options *options;
	const struct vc_fixer_options *fixer_options;
	struct vc_run *run;
	const struct vc_fixed *fixed;
	struct vc_buf *out;
};

/* The beginning of a line about one finding or fix. */
static void
tell_head(struct teller *t, const char *what, const char *severity, const char *rule, const char *text)
{
	vc_buf_addf(t->out, "%-7s ", what);
	if (severity)
		vc_buf_addf(t->out, "%s[%s]: ", severity, rule);
	else
		vc_buf_addf(t->out, "%s: ", rule);
	vc_buf_add_safe(t->out, text, 0);
}

static void
tell_note(struct teller *t, const struct vc_fixer_note *note)
{
	tell_head(t, note->undone ? "undone" : "fixed", NULL, note->rule->id, note->summary);
	if (note->undone)
		vc_buf_addf(t->out, ": %s", note->undone);
	vc_buf_add(t->out, "\n");
}

static bool
was_tried(const struct teller *t, const struct vc_finding *finding, const struct vc_fix *fix)
{
	for (size_t i = 0; i < t->fixed->notes; i++) {
		const struct vc_fixer_note *note = &t->fixed->note[i];

		if (note->undone && note->fix == fix && strcmp(note->message, finding->message) == 0)
			return true;
	}
	return false;
}

/* Why this fix of a finding that is left was not applied. */
static const char *
why_left(const struct teller *t, const struct vc_fix *fix, const struct vc_fix_input *input)
{
	switch (fix->who) {
	case VC_WHO_HOST:
		return "on the host";
	case VC_WHO_FIRMWARE:
		return "in the firmware";
	case VC_WHO_VENDOR:
		return "by the vendor";
	case VC_WHO_DOMAIN:
		break;
	}
	if (!vc_fix_is_concrete(fix, input))
		return "by hand";
	if (was_tried(t, input->finding, fix))
		return "tried, in vain";
	if (!vc_fixer_is_asked(t->fixer_options, input->finding->rule))
		return "not asked for";
	return !fix->safe && !t->options->unsafe ? "with --unsafe" : "not tried";
}

static void
tell_left(struct teller *t, const struct vc_finding *finding)
{
	const struct vc_fix_input input = vc_fix_input_of(finding, &t->run->host, &t->run->subject[0].guest,
							  t->run->arena);

	tell_head(t, "left", vc_severity_name(finding->rule->severity), finding->rule->id, finding->message);
	vc_buf_add(t->out, "\n");
	if (t->options->loudness == VC_QUIET)
		return;
	for (size_t i = 0; i < finding->rule->fixes; i++) {
		const struct vc_fix *fix = &finding->rule->fix[i];

		if (vc_expr_evaluate(&fix->when, &input.scope, NULL) != VC_YES)
			continue;
		t->host_left = t->host_left || fix->who == VC_WHO_HOST;
		vc_buf_addf(t->out, "        %s: ", why_left(t, fix, &input));
		vc_buf_add_safe(t->out, vc_fix_words(&fix->summary, &input), 0);
		vc_buf_add(t->out, "\n");
	}
}

static const char *
plural(size_t count)
{
	return count == 1 ? "" : "s";
}

/* libvirt writes this into its own files [libvirt 11.3 src/conf/domain_conf.c virDomainDefSave, virXMLSaveFile]. */
static bool
is_of_libvirt(const struct vc_fixed *fixed)
{
	static const char mark[] = "AUTO-GENERATED FILE";

	return memmem(fixed->text, fixed->size, mark, strlen(mark)) != NULL;
}

/* The password of a display is not in what libvirt tells everybody, and would be lost with a definition from that. */
static void
tell_secrets(struct teller *t)
{
	static const char display[] = "<graphics";

	if (t->options->connect && t->fixed->applied > 0 &&
	    memmem(t->fixed->text, t->fixed->size, display, strlen(display)))
		vc_buf_add(t->out, "this is without passwords; if a display has one, make the changes with 'virsh edit'\n");
}

static void
tell(struct teller *t, const struct vc_count *count)
{
	const struct vc_findings *findings = &t->run->subject[0].findings;

	for (size_t i = 0; i < t->fixed->notes; i++)
		tell_note(t, &t->fixed->note[i]);
	for (size_t i = 0; i < findings->count; i++) {
		if (findings->item[i].outcome == VC_FAIL)
			tell_left(t, &findings->item[i]);
	}
	if (t->host_left)
		vc_buf_add(t->out, "on the host: --host-script says how, or 'vhostcheck check'\n");
	if (t->fixed->exhausted)
		vc_buf_add(t->out, "stopped before every fix was tried; run it again on the result\n");
	vc_buf_addf(t->out, "%zu fixed; left: %zu error%s, %zu warning%s, %zu info%s, %zu undecided\n",
		    t->fixed->applied, count->error, plural(count->error), count->warning, plural(count->warning),
		    count->info, plural(count->info), count->undecided);
	if (t->options->in_place && t->fixed->applied > 0 && is_of_libvirt(t->fixed))
		vc_buf_add(t->out, "libvirt does not read its files by itself: 'virsh define' this one\n");
	tell_secrets(t);
}

/* --- the result --- */

static const char *
name_of(const struct vc_options *options)
{
	return options->connect || is_standard_input(options) ? "domain.xml" : options->operand[0];
}

static enum vc_exit
write_result(const struct vc_options *options, const struct vc_fixed *fixed, const char *old, size_t old_size)
{
	_cleanup_buf_ struct vc_buf out = { 0 };

	if (options->in_place) {
		if (fixed->applied == 0)
			return VC_EXIT_OK;
		return vc_output_replace(options->operand[0], old, old_size, fixed->text, fixed->size);
	}
	if (options->diff)
		vc_diff_unified(&out, name_of(options), old, fixed->text, &fixed->kept);
	else
		vc_buf_add_n(&out, fixed->text, fixed->size);
	return vc_output_write(options, &out);
}

static enum vc_exit
write_and_tell(const struct vc_options *options, const struct vc_fixer_options *fixer_options, struct vc_run *run,
	       const struct vc_fixed *fixed, const char *old, size_t old_size)
{
	_cleanup_buf_ struct vc_buf told = { 0 };
	struct teller teller = {
		.options = options, .fixer_options = fixer_options, .run = run, .fixed = fixed, .out = &told,
	};
	const struct vc_options plain = { .output = NULL };
	struct vc_count count = { 0 };

	if (write_result(options, fixed, old, old_size) != VC_EXIT_OK)
		return VC_EXIT_INPUT;
	vc_count_findings(&run->subject[0].findings, &count);
	tell(&teller, &count);
	/* Where the result goes to standard output, nothing else does. */
	if (!options->in_place)
		fputs(vc_buf_text(&told), stderr);
	else if (vc_output_write(&plain, &told) != VC_EXIT_OK)
		return VC_EXIT_INPUT;
	return vc_exit_status(&count, options->fail_on, options->strict, run->broken_rules > 0);
}

/* --- a command line: what to change is said, and changed by hand --- */

static void
add_arguments(const struct teller *t, const struct vc_subject *subject, const struct vc_finding *finding)
{
	const struct vc_fix_input input =
		vc_fix_input_of(finding, &t->run->host, &subject->guest, t->run->arena);

	for (size_t i = 0; i < finding->rule->fixes; i++) {
		struct vc_fix_text text;

		if (!vc_fix_text(&finding->rule->fix[i], &input, &text) || text.qemus == 0 ||
		    (!text.safe && !t->options->unsafe))
			continue;
		vc_buf_addf(t->out, "# %s: ", finding->rule->id);
		vc_buf_add_safe(t->out, text.summary, 0);
		vc_buf_add(t->out, "\n");
		for (size_t q = 0; q < text.qemus; q++) {
			vc_buf_add_safe(t->out, text.qemu[q], 0);
			vc_buf_add(t->out, "\n");
		}
		return;
	}
}

static enum vc_exit
write_arguments(const struct vc_options *options, const struct vc_fixer_options *fixer_options, struct vc_run *run)
{
	_cleanup_buf_ struct vc_buf out = { 0 };
	struct teller teller = { .options = options, .run = run, .out = &out };
	struct vc_count count = { 0 };

	for (size_t i = 0; i < run->subjects; i++) {
		const struct vc_subject *subject = &run->subject[i];

		for (size_t n = 0; n < subject->findings.count; n++) {
			const struct vc_finding *finding = &subject->findings.item[n];

			if (finding->outcome == VC_FAIL && vc_fixer_is_asked(fixer_options, finding->rule))
				add_arguments(&teller, subject, finding);
		}
		vc_count_findings(&subject->findings, &count);
	}
	if (vc_output_write(options, &out) != VC_EXIT_OK)
		return VC_EXIT_INPUT;
	if (options->loudness != VC_QUIET)
		fputs(out.length > 0 ? "arguments to put into the command line by hand, '...' being what is there already; nothing was edited\n"
				     : "no safe fix can be said in arguments; nothing was edited\n",
		      stderr);
	return vc_exit_status(&count, options->fail_on, options->strict, run->broken_rules > 0);
}

/* Adds what the fixes are for. Negative errno after a diagnostic. */
static int
add_input(const struct vc_options *options, struct vc_run *run)
{
	if (options->words > 0) {
		vc_run_add_command(run, options->word, options->words);
		return 0;
	}
	if (options->qemu_args)
		return vc_run_add_command_lines(run, options->qemu_args);
	return vc_run_add_domain(run, options->operand[0]);
}

/* The domain stays as it is: this is about its host. */
static enum vc_exit
write_host_fixes(const struct vc_options *options, const struct vc_run *run)
{
	const struct vc_report report = vc_make_report(options, run);
	_cleanup_buf_ struct vc_buf out = { 0 };
	struct vc_count count = { 0 };

	if (options->host_script)
		vc_report_host_script(&report, &out);
	else
		vc_report_host_ansible(&report, &out);
	if (vc_output_write(options, &out) != VC_EXIT_OK)
		return VC_EXIT_INPUT;
	vc_count_findings(&run->subject[0].findings, &count);
	return vc_exit_status(&count, options->fail_on, options->strict, run->broken_rules > 0);
}

enum vc_exit
vc_command_fix(const struct vc_options *options)
{
	_cleanup_(vc_run_release) struct vc_run run = { 0 };
	_cleanup_(vc_fixed_release) struct vc_fixed fixed = { 0 };
	_cleanup_(vc_quirks_close) struct vc_quirks_reader quirks;
	struct vc_run_options run_options = vc_run_options_from(options);
	const struct vc_fixer_options fixer_options = {
		.only = options->only,
		.only_count = options->only_count,
		.unsafe = options->unsafe,
		.probe = true,
	};
	const char *old;
	size_t old_size, told;
	int r;

	vc_quirks_open(&quirks);
	run_options.site_quirks = &quirks.quirks;
	vc_run_init(&run);
	if (check_combination(options) != VC_EXIT_OK || vc_open_run(options, &run) != VC_EXIT_OK ||
	    vc_check_rule_ids(&run.rules, &run.diags, options->ignore, options->ignored) != VC_EXIT_OK ||
	    vc_check_rule_ids(&run.rules, &run.diags, options->only, options->only_count) != VC_EXIT_OK)
		return VC_EXIT_INPUT;
	r = add_input(options, &run);
	vc_print_diags(&run.diags);
	if (r < 0)
		return VC_EXIT_INPUT;
	told = run.diags.count;
	old = run.subject[0].text;
	old_size = run.subject[0].size;
	vc_run_probe(&run, &run_options);
	vc_run_judge(&run, &run_options);
	if (options->host_script || options->ansible) {
		run.broken_rules += vc_quirks_tell(&quirks);
		return write_host_fixes(options, &run);
	}
	if (is_about_command_line(options))
		return write_arguments(options, &fixer_options, &run);
	r = vc_fixer_run(&run, 0, &run_options, &fixer_options, &fixed);
	run.broken_rules += vc_quirks_tell(&quirks);
	run.diags.item += told;
	run.diags.count -= told;
	vc_print_diags(&run.diags);
	if (r < 0)
		return r == -ENOTRECOVERABLE ? VC_EXIT_INTERNAL : VC_EXIT_INPUT;
	return write_and_tell(options, &fixer_options, &run, &fixed, old, old_size);
}
