/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/cli.h"

enum vc_exit
vc_command_explain(const struct vc_options *options)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	struct vc_diags diags = { .arena = arena };
	const struct vc_style style = vc_style_for(options);
	_cleanup_buf_ struct vc_buf out = { 0 };
	const struct vc_rule *rule;
	struct vc_ruleset rules;
	int broken;

	if (vc_load_rules(options, arena, &diags, &rules, &broken) != VC_EXIT_OK)
		return VC_EXIT_INPUT;
	vc_print_diags(&diags);
	rule = vc_ruleset_find(&rules, options->operand[0]);
	if (!rule) {
		vc_unknown_rule(&rules, options->operand[0]);
		return VC_EXIT_INPUT;
	}
	vc_explain_text(rule, arena, &style, &out);
	if (vc_output_write(options, &out) != VC_EXIT_OK)
		return VC_EXIT_INPUT;
	return broken > 0 ? VC_EXIT_INPUT : VC_EXIT_OK;
}
