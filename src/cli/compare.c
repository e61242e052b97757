/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command compare: two recordings of a host, and what the second one does to the guests. */
#include <errno.h>

#include "cli/cli.h"
#include "cli/sink.h"
#include "cli/survey.h"
#include "report/compare.h"

struct comparing {
	const struct vc_options *options;
	const struct vc_comparison_format *format;
	struct vc_comparison comparison;
	struct vc_sink sink;
	struct vc_buf text;
	bool begun;
};

static int
flush(struct comparing *c)
{
	int r = vc_sink_write(&c->sink, &c->text);

	c->text.length = 0;
	if (r < 0)
		vc_output_problem(c->options->output, r);
	return r;
}

static int
begin(struct comparing *c, const struct vc_report *report)
{
	struct vc_changes changes;
	int r = vc_sink_open(c->options->output, &c->sink);

	if (r < 0) {
		vc_output_problem(c->options->output, r);
		return r;
	}
	c->begun = true;
	vc_compare_hosts(report[0].host, report[1].host, report[0].arena, &changes);
	for (size_t i = 0; i < changes.count; i++)
		c->comparison.facts += changes.item[i].kind != VC_CHANGE_UNKNOWN && !changes.item[i].minor;
	c->format->begin(&c->comparison, &report[0], &report[1], &changes, &c->text);
	return flush(c);
}

static int
take_row(void *context, const struct vc_survey_row *row)
{
	struct comparing *c = context;
	const struct vc_report *before = &row->report[0], *after = &row->report[1];
	struct vc_compared compared;
	int r = 0;

	/* One of the hosts could not be opened, and there is nothing to compare. */
	if (row->reports < 2)
		return -ECANCELED;
	if (!c->begun)
		r = begin(c, row->report);
	if (r < 0)
		return r;
	vc_compare_findings(before->subject[0].findings, after->subject[0].findings, !after->subject[0].guest,
			    after->arena, &compared);
	vc_compared_add(&compared, &c->comparison.count);
	c->format->add(&c->comparison, before, after, &compared, &c->text);
	return flush(c);
}

static void
take_refused(void *context, const struct vc_diags *diags)
{
	(void)context;
	vc_print_diags(diags);
}

static enum vc_exit
finish(struct comparing *c, bool good)
{
	int before = c->sink.err, r;

	if (!c->begun)
		return VC_EXIT_INPUT;
	if (good) {
		c->format->end(&c->comparison, &c->text);
		vc_sink_write(&c->sink, &c->text);
	}
	r = vc_sink_close(&c->sink, good);
	if (r < 0 && before == 0)
		vc_output_problem(c->options->output, r);
	return r < 0 || !good ? VC_EXIT_INPUT : VC_EXIT_OK;
}

static enum vc_exit
compare(struct comparing *c, const struct vc_ruleset *rules, bool broken)
{
	const struct vc_options *options = c->options;
	_cleanup_(vc_quirks_close) struct vc_quirks_reader quirks;
	struct vc_survey_options survey = {
		.run = vc_run_options_from(options),
		.root = options->operand,
		.roots = 2,
		.domain = options->operand + 2,
		.domains = options->operands - 2,
		.host_alone = true,
		.everything = true,
	};
	const struct vc_survey_events events = { .context = c, .row = take_row, .refused = take_refused };
	size_t refused = 0;
	int r;

	vc_quirks_open(&quirks);
	survey.run.site_quirks = &quirks.quirks;
	r = vc_survey(rules, &survey, &events, &refused);
	broken = vc_quirks_tell(&quirks) || broken;
	if (finish(c, r == 0) != VC_EXIT_OK)
		return VC_EXIT_INPUT;
	return vc_exit_status(&c->comparison.count.appeared, options->fail_on, options->strict,
			      broken || refused > 0);
}

enum vc_exit
vc_command_compare(const struct vc_options *options)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	const struct vc_style style = vc_style_for(options);
	struct comparing comparing = {
		.options = options,
		.format = options->format == VC_FORMAT_JSON ? &vc_comparison_json : &vc_comparison_text,
		.comparison = { .style = &style, .arena = arena },
	};
	struct vc_diags diags = { .arena = arena };
	struct vc_ruleset rules;
	enum vc_exit status;
	int broken;

	if (vc_load_rules(options, arena, &diags, &rules, &broken) != VC_EXIT_OK)
		return VC_EXIT_INPUT;
	vc_print_diags(&diags);
	if (vc_check_rule_ids(&rules, NULL, options->ignore, options->ignored) != VC_EXIT_OK)
		return VC_EXIT_INPUT;
	status = compare(&comparing, &rules, broken > 0);
	vc_buf_release(&comparing.text);
	return status;
}
