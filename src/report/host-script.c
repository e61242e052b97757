/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host fixes as a script. Fixes exclude one another, cost something and may open a hole, so that nothing
 * in it runs until somebody has read it and says which. Only settings are run, because they can be made twice;
 * everything else stands there as a comment.
 */
#include "report/host-plan.h"

static const char head[] =
	"#!/bin/bash\n"
	"# SPDX-License-Identifier: GPL-2.0-or-later\n"
	"# What vhostcheck suggests to change on this host. Read it first.\n"
	"#   bash FILE              lists the fixes, and changes nothing\n"
	"#   bash FILE apply 1 3    makes them; again does no harm\n"
	"#   bash FILE undo 1 3     takes them back\n"
	"# Several fixes of one rule are alternatives: one of them is enough.\n"
	"# What is in single quotes is for the files it goes into.\n"
	"# shellcheck disable=SC2016\n"
	"set -eu\n";

static const char put[] = "\n# FILE CONTENT: writes the file, unless it holds that already.\n"
			  "put() {\n"
			  "\tif [ -f \"$1\" ] && [ \"$(cat \"$1\")\" = \"$2\" ]; then\n"
			  "\t\treturn\n"
			  "\tfi\n"
			  "\tmkdir -p \"$(dirname \"$1\")\"\n"
			  "\tprintf '%s\\n' \"$2\" > \"$1\"\n"
			  "}\n";

static void
write_step(const struct vc_host_step *step, struct vc_buf *out)
{
	if (step->file) {
		vc_buf_addf(out, "\tput %s ", step->file);
		vc_shell_quote(out, step->content);
		vc_buf_add(out, "\n");
	}
	if (step->then)
		vc_buf_addf(out, "\t%s\n", step->then);
	if (step->now && step->needs)
		vc_buf_addf(out, "\tif [ -e %s ]; then\n\t\t%s\n\tfi\n", step->needs, step->now);
	else if (step->now)
		vc_buf_addf(out, "\t%s\n", step->now);
	if (step->reboot)
		vc_buf_add(out, "\techo 'reboot for this to take effect'\n");
}

static void
write_item(const struct vc_host_plan_item *item, size_t number, struct vc_buf *out)
{
	vc_buf_addf(out, "apply_%zu() {\n", number);
	for (size_t i = 0; i < item->fix.settings; i++)
		write_step(&item->fix.setting[i].step, out);
	vc_buf_addf(out, "}\nundo_%zu() {\n", number);
	/* Backwards, as one takes off what one has put on. */
	for (size_t i = item->fix.settings; i > 0; i--) {
		const char *undo = item->fix.setting[i - 1].step.undo;

		vc_buf_addf(out, "\t%s\n", undo ? undo : "echo 'what the kernel command line was is not known: not taken back' >&2");
	}
	vc_buf_add(out, "}\n");
}

static void
write_list(const struct vc_host_plan *plan, struct vc_buf *out)
{
	vc_buf_add(out, "\nlist() {\n");
	for (size_t i = 0; i < plan->count; i++) {
		const struct vc_host_plan_item *item = &plan->item[i];
		_cleanup_buf_ struct vc_buf line = { 0 }, safe = { 0 };

		vc_buf_addf(&line, "%zu. %s: %s%s", i + 1, item->rule->id, item->fix.summary,
			    vc_host_plan_is_automatic(item) ? "" : " (by hand)");
		vc_buf_add_safe(&safe, vc_buf_text(&line), 0);
		vc_buf_add(out, "\tprintf '%s\\n' ");
		vc_shell_quote(out, vc_buf_text(&safe));
		vc_buf_add(out, "\n");
	}
	vc_buf_add(out, "}\n");
}

static void
write_choice(const struct vc_host_plan *plan, struct vc_buf *out)
{
	vc_buf_add(out, "\nmode=${1:-list}\n"
			"case $mode in\n"
			"list)\n\tlist\n\texit 0\n\t;;\n"
			"apply | undo)\n\tshift\n\t;;\n"
			"*)\n\techo \"usage: bash $0 [apply|undo NUMBER...]\" >&2\n\texit 2\n\t;;\n"
			"esac\n"
			"for number in \"$@\"; do\n"
			"\tcase $mode-$number in\n");
	for (size_t i = 0; i < plan->count; i++) {
		if (!vc_host_plan_is_automatic(&plan->item[i]))
			continue;
		vc_buf_addf(out, "\tapply-%zu) apply_%zu ;;\n", i + 1, i + 1);
		vc_buf_addf(out, "\tundo-%zu) undo_%zu ;;\n", i + 1, i + 1);
	}
	vc_buf_add(out, "\t*)\n\t\techo \"nothing can be done for $number here\" >&2\n\t\texit 2\n\t\t;;\n"
			"\tesac\ndone\n");
}

void
vc_report_host_script(const struct vc_report *report, struct vc_buf *out)
{
	struct vc_host_plan plan;
	bool automatic = false;

	vc_host_plan_make(report, &plan);
	vc_buf_add(out, head);
	if (plan.count == 0) {
		vc_buf_add(out, "\necho 'there is nothing to change on the host'\n");
		return;
	}
	for (size_t i = 0; i < plan.count; i++)
		automatic = automatic || vc_host_plan_is_automatic(&plan.item[i]);
	if (automatic)
		vc_buf_add(out, put);
	for (size_t i = 0; i < plan.count; i++) {
		vc_buf_add(out, "\n");
		vc_host_plan_comment(&plan.item[i], i + 1, report->arena, out);
		if (vc_host_plan_is_automatic(&plan.item[i]))
			write_item(&plan.item[i], i + 1, out);
	}
	write_list(&plan, out);
	write_choice(&plan, out);
}
