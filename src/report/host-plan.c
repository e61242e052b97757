/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/host-plan.h"

#include <string.h>

#include "report/layout.h"

/* Two devices with the same fault ask for the same fix. */
static bool
is_same_fix(const struct vc_fix_text *a, const struct vc_fix_text *b)
{
	if (a->commands != b->commands || a->lines != b->lines || (a->commands == 0 && a->lines == 0))
		return false;
	for (size_t i = 0; i < a->commands; i++) {
		if (!vc_same_text(a->command[i].command, b->command[i].command) ||
		    !vc_same_text(a->command[i].persist, b->command[i].persist))
			return false;
	}
	for (size_t i = 0; i < a->lines; i++) {
		if (!vc_same_text(a->line[i], b->line[i]))
			return false;
	}
	return true;
}

static bool
is_there(const struct vc_host_plan *plan, const struct vc_fix_text *fix)
{
	for (size_t i = 0; i < plan->count; i++) {
		if (is_same_fix(&plan->item[i].fix, fix))
			return true;
	}
	return false;
}

static void
add_finding(const struct vc_report *report, const struct vc_report_subject *subject,
	    const struct vc_finding *finding, struct vc_host_plan *plan)
{
	const struct vc_fix_input input = vc_fix_input_of(finding, report->host, subject->guest, report->arena);

	for (size_t i = 0; i < finding->rule->fixes; i++) {
		struct vc_host_plan_item *item;
		struct vc_fix_text fix;

		if (finding->rule->fix[i].who != VC_WHO_HOST ||
		    !vc_fix_text(&finding->rule->fix[i], &input, &fix) || is_there(plan, &fix))
			continue;
		item = vc_arena_append(report->arena, (void **)&plan->item, &plan->count, sizeof(*item));
		*item = (struct vc_host_plan_item){
			.rule = finding->rule,
			.message = finding->message ? finding->message : finding->rule->title,
			.fix = fix,
		};
	}
}

void
vc_host_plan_make(const struct vc_report *report, struct vc_host_plan *ret_plan)
{
	struct vc_host_plan plan = { 0 };

	for (size_t i = 0; i < report->subjects; i++) {
		const struct vc_findings *findings = report->subject[i].findings;

		for (size_t j = 0; j < findings->count; j++) {
			if (findings->item[j].outcome == VC_FAIL)
				add_finding(report, &report->subject[i], &findings->item[j], &plan);
		}
	}
	*ret_plan = plan;
}

bool
vc_host_plan_is_automatic(const struct vc_host_plan_item *item)
{
	for (size_t i = 0; i < item->fix.settings; i++) {
		if (item->fix.setting[i].step.words)
			return false;
	}
	return item->fix.settings > 0 && item->fix.settings == item->fix.commands && item->fix.lines == 0;
}

/* Every line of @text behind a '#': no text from outside ends a comment. */
static void
add_comment(struct vc_buf *out, const char *lead, const char *text)
{
	_cleanup_buf_ struct vc_buf wrapped = { 0 };
	const struct vc_style style = { .width = 98 };

	if (!text || *text == '\0')
		return;
	vc_buf_add(&wrapped, lead);
	vc_layout_wrap(&wrapped, &style, text, vc_layout_columns(lead), 4);
	for (const char *line = vc_buf_text(&wrapped); *line;) {
		size_t length = strcspn(line, "\n");

		vc_buf_add(out, length > 0 ? "# " : "#");
		vc_buf_add_n(out, line, length);
		vc_buf_add(out, "\n");
		line += length + (line[length] == '\n');
	}
}

void
vc_host_plan_comment_code(const char *code, struct vc_buf *out)
{
	_cleanup_buf_ struct vc_buf safe = { 0 };

	if (!code)
		return;
	vc_buf_add_safe(&safe, code, 0);
	for (const char *line = vc_buf_text(&safe); *line;) {
		size_t length = strcspn(line, "\n");

		vc_buf_add(out, "#       ");
		vc_buf_add_n(out, line, length);
		vc_buf_add(out, "\n");
		line += length + (line[length] == '\n');
	}
}

/* The first paragraph; 'vhostcheck explain' has the others. */
static const char *
short_why(const struct vc_rule *rule, struct vc_arena *arena)
{
	const char *end = strstr(rule->why, "\n\n");

	return end ? vc_arena_strndup(arena, rule->why, (size_t)(end - rule->why)) : rule->why;
}

void
vc_host_plan_comment(const struct vc_host_plan_item *item, size_t number, struct vc_arena *arena,
		     struct vc_buf *out)
{
	const struct vc_fix_text *fix = &item->fix;
	bool automatic = vc_host_plan_is_automatic(item);

	add_comment(out, vc_arena_printf(arena, "%zu. %s: ", number, item->rule->id), fix->summary);
	add_comment(out, "  found: ", item->message);
	add_comment(out, "  why: ", short_why(item->rule, arena));
	for (size_t i = 0; i < fix->commands; i++) {
		add_comment(out, "  costs: ", fix->command[i].costs);
		add_comment(out, "  besides: ", fix->command[i].note);
	}
	if (automatic)
		return;
	vc_buf_add(out, "#   by hand:\n");
	for (size_t i = 0; i < fix->lines; i++)
		add_comment(out, "    ", fix->line[i]);
	for (size_t i = 0; i < fix->commands; i++) {
		vc_host_plan_comment_code(fix->command[i].command, out);
		vc_host_plan_comment_code(fix->command[i].persist, out);
		if (fix->command[i].undo) {
			vc_buf_add(out, "#   to undo it:\n");
			vc_host_plan_comment_code(fix->command[i].undo, out);
		}
	}
}
