/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/suggest.h"
#include "cli/cli.h"

/* Every name, and every name cut at a dot, is a prefix somebody may have meant. */
static void
offer_prefixes(struct vc_arena *arena, const char *name, struct vc_suggest *suggest)
{
	for (const char *dot = strchr(name, '.'); dot; dot = strchr(dot + 1, '.'))
		vc_suggest_offer(suggest, vc_arena_strndup(arena, name, (size_t)(dot - name)));
	vc_suggest_offer(suggest, name);
}

static void
unknown_fact(struct vc_arena *arena, const char *prefix)
{
	struct vc_suggest suggest;

	vc_suggest_init(&suggest, prefix);
	for (size_t i = 0; i < vc_schema_host.count; i++)
		offer_prefixes(arena, vc_schema_host.field[i].name, &suggest);
	if (suggest.best)
		vc_print_problem("there is no fact that begins with '%s'; did you mean '%s'?", prefix, suggest.best);
	else
		vc_print_problem("there is no fact that begins with '%s'; 'vhostcheck facts' lists them", prefix);
}

enum vc_exit
vc_command_facts(const struct vc_options *options)
{
	_cleanup_(vc_run_release) struct vc_run run = { 0 };
	struct vc_run_options run_options = vc_run_options_from(options);
	const char *prefix = options->operands > 0 ? options->operand[0] : "";
	const struct vc_style style = vc_style_for(options);
	_cleanup_buf_ struct vc_buf out = { 0 };
	_cleanup_(vc_quirks_close) struct vc_quirks_reader quirks;
	enum vc_exit status;
	struct vc_report report;
	size_t count;

	vc_quirks_open(&quirks);
	run_options.site_quirks = &quirks.quirks;
	vc_run_init(&run);
	/* No rule is asked, so that a broken one of the site is no concern here. */
	if (vc_run_open(&run, &run_options) < 0) {
		vc_print_diags(&run.diags);
		return VC_EXIT_INPUT;
	}
	vc_run_probe_all(&run, &run_options);
	status = vc_quirks_tell(&quirks) ? VC_EXIT_INPUT : VC_EXIT_OK;
	report = (struct vc_report){
		.arena = run.arena,
		.host = &run.host,
		.source = vc_hostfs_kind(run.fs),
		.root = options->root,
	};
	if (options->format == VC_FORMAT_JSON)
		count = vc_facts_json(&report, prefix, &out);
	else
		count = vc_facts_text(&run.host, prefix, &style, &out);
	if (count == 0) {
		unknown_fact(run.arena, prefix);
		return VC_EXIT_INPUT;
	}
	return vc_output_write(options, &out) == VC_EXIT_OK ? status : VC_EXIT_INPUT;
}
