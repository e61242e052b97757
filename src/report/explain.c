/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One rule in full, as it is written: nothing here depends on a host or a domain. */
#include <string.h>

#include "report/fix-text.h"
#include "report/host-plan.h"
#include "report/layout.h"

/* More facts than a readable rule can name. */
#define PATHS_MAX 64

static const char *const severity_meanings[] = {
	[VC_ERROR] = "the guest will not start, or data or the host are at risk",
	[VC_WARNING] = "the guest starts and runs wrong, badly or unsafely",
	[VC_INFO] = "it can be better",
};

static const char *const confidence_meanings[] = {
	[VC_PROVEN] = "follows from source code, for the versions named",
	[VC_REPORTED] = "known from the field; no source code proves it",
};

static const char *const who_titles[] = {
	[VC_WHO_DOMAIN] = "In the domain",
	[VC_WHO_HOST] = "On the host",
	[VC_WHO_FIRMWARE] = "In the firmware",
	[VC_WHO_VENDOR] = "By the vendor",
};

struct writer {
	const struct vc_rule *rule;
	struct vc_arena *arena;
	const struct vc_style *style;
	struct vc_buf *out;
};

static void
write_heading(const struct writer *writer, const char *heading)
{
	vc_buf_add(writer->out, "\n");
	vc_layout_add(writer->out, writer->style, VC_ROLE_STRONG, heading);
	vc_buf_add(writer->out, "\n");
}

static void
write_prose(const struct writer *writer, const char *text, unsigned indent)
{
	vc_layout_pad(writer->out, indent);
	vc_layout_wrap(writer->out, writer->style, text, indent, indent);
}

static void
write_row(const struct writer *writer, const char *label, const char *value, const char *meaning)
{
	_cleanup_buf_ struct vc_buf text = { 0 };
	unsigned columns = 2 + vc_layout_columns(label);

	vc_buf_addf(&text, "%s%s%s", value, meaning ? ": " : "", meaning ? meaning : "");
	vc_layout_pad(writer->out, 2);
	vc_layout_add(writer->out, writer->style, VC_ROLE_LABEL, label);
	vc_layout_pad(writer->out, columns < 14 ? 14 - columns : 1);
	vc_layout_wrap(writer->out, writer->style, vc_buf_text(&text), 14, 14);
}

/* --- the facts it decides by --- */

struct paths {
	const struct vc_path *item[PATHS_MAX];
	size_t count;
};

static void
add_path(struct paths *paths, const struct vc_path *path)
{
	for (size_t i = 0; i < paths->count; i++) {
		if (strcmp(paths->item[i]->text, path->text) == 0)
			return;
	}
	if (paths->count < PATHS_MAX)
		paths->item[paths->count++] = path;
}

static void
add_expr(struct paths *paths, const struct vc_expr *expr)
{
	const struct vc_path *found[PATHS_MAX];
	size_t count = vc_expr_paths(expr, found, PATHS_MAX);

	for (size_t i = 0; i < count && i < PATHS_MAX; i++)
		add_path(paths, found[i]);
}

static void
write_facts(const struct writer *writer)
{
	const struct vc_rule *rule = writer->rule;
	struct paths paths = { .count = 0 };

	add_expr(&paths, &rule->applies);
	add_expr(&paths, &rule->fails);
	for (size_t i = 0; i < rule->uses_count; i++)
		add_path(&paths, rule->uses[i]);
	if (paths.count == 0)
		return;
	write_heading(writer, "Facts it decides by");
	for (size_t i = 0; i < paths.count; i++) {
		const struct vc_path *path = paths.item[i];

		vc_layout_pad(writer->out, 2);
		vc_layout_add(writer->out, writer->style, VC_ROLE_LABEL, path->text);
		vc_buf_add(writer->out, "\n");
		if (path->steps > 0 && path->step[path->steps - 1]->doc)
			write_prose(writer, path->step[path->steps - 1]->doc, 6);
	}
}

/* --- how it decides --- */

static void
write_conditions(const struct writer *writer)
{
	const struct vc_rule *rule = writer->rule;

	write_heading(writer, "When it applies");
	if (rule->applies.count > 0)
		write_prose(writer, rule->applies.text, 2);
	else
		write_prose(writer, "always", 2);
	if (rule->each) {
		_cleanup_buf_ struct vc_buf text = { 0 };

		/* Fields of the models are named in full; only record fields are relative. */
		vc_buf_addf(&text, "asked once for each record of %s", rule->each->name);
		write_prose(writer, vc_buf_text(&text), 2);
	}
	write_heading(writer, "When it fails");
	if (rule->check) {
		_cleanup_buf_ struct vc_buf text = { 0 };

		vc_buf_addf(&text, "as the check '%s' decides from the facts below", rule->check->name);
		write_prose(writer, vc_buf_text(&text), 2);
	} else {
		write_prose(writer, rule->fails.text ? rule->fails.text : "", 2);
	}
}

/* --- fixes --- */

static void
write_labelled(const struct writer *writer, const char *label, const struct vc_template *template)
{
	if (template->count == 0)
		return;
	vc_layout_pad(writer->out, 6);
	vc_buf_addf(writer->out, "%s\n", label);
	vc_layout_block(writer->out, writer->style, vc_template_source(template, writer->arena), 8);
}

static void
write_code(const struct writer *writer, const char *label, const char *code)
{
	if (!code)
		return;
	vc_layout_pad(writer->out, 6);
	vc_buf_addf(writer->out, "%s\n", label);
	vc_layout_block(writer->out, writer->style, code, 8);
}

static void
write_costs(const struct writer *writer, const char *costs)
{
	_cleanup_buf_ struct vc_buf text = { 0 };

	if (!costs)
		return;
	vc_buf_addf(&text, "what it costs: %s", costs);
	write_prose(writer, vc_buf_text(&text), 6);
}

static struct vc_host_setting
setting_of(const struct writer *writer, const struct vc_action *action)
{
	return (struct vc_host_setting){
		.verb = action->verb,
		.name = action->name,
		.parameter = action->parameter,
		.value = vc_template_source(&action->value, writer->arena),
		.was = action->was.count ? vc_template_source(&action->was, writer->arena) : NULL,
		.remove = action->remove,
		.live = action->live,
	};
}

/* One kind of host, for the kernel command line. */
static void
write_way(const struct writer *writer, const struct vc_host_setting *setting, const struct vc_boot_way *way)
{
	struct vc_host_step step;

	vc_host_step_make(setting, way, true, writer->arena, &step);
	write_code(writer, vc_arena_printf(writer->arena, "%s:", way->title), vc_host_step_persist(&step, writer->arena));
	if (step.undo)
		vc_layout_block(writer->out, writer->style,
				vc_arena_printf(writer->arena, "undo: %s", step.undo), 8);
}

static void
write_setting(const struct writer *writer, const struct vc_action *action)
{
	const struct vc_host_setting setting = setting_of(writer, action);
	struct vc_host_step step;

	write_prose(writer, vc_host_setting_words(&setting, writer->arena), 6);
	for (size_t i = 0; action->verb == VC_VERB_KERNEL && i < vc_boot_ways_count; i++)
		write_way(writer, &setting, &vc_boot_ways[i]);
	vc_host_step_make(&setting, NULL, true, writer->arena, &step);
	write_code(writer, "now:", step.now);
	write_code(writer, step.reboot ? "at boot:" : "to keep it after a reboot:",
		   vc_host_step_persist(&step, writer->arena));
	write_code(writer, "to undo it:", step.undo);
	if (step.note)
		write_prose(writer, step.note, 6);
	write_costs(writer, action->costs);
	if (step.reboot)
		write_prose(writer, "takes effect after a reboot", 6);
}

static void
write_action(const struct writer *writer, const struct vc_action *action)
{
	const char *value = vc_template_source(&action->value, writer->arena);
	_cleanup_buf_ struct vc_buf text = { 0 };

	switch (action->verb) {
	case VC_VERB_SET:
	case VC_VERB_REMOVE:
		write_prose(writer, vc_action_words(action, value, writer->arena), 6);
		return;
	case VC_VERB_INSERT:
		vc_buf_addf(&text, "insert into %s:",
			    action->select && *action->select ? action->select : "the element");
		write_prose(writer, vc_buf_text(&text), 6);
		vc_layout_block(writer->out, writer->style,
				action->xml_template.count
					? vc_template_source(&action->xml_template, writer->arena)
					: action->xml ? action->xml : "", 8);
		return;
	case VC_VERB_COMMAND:
		vc_layout_block(writer->out, writer->style, value, 8);
		write_labelled(writer, "to keep it after a reboot:", &action->persist);
		write_labelled(writer, "to undo it:", &action->undo);
		write_costs(writer, action->costs);
		if (action->reboot)
			write_prose(writer, "takes effect after a reboot", 6);
		return;
	case VC_VERB_SYSCTL:
	case VC_VERB_MODULE:
	case VC_VERB_KERNEL:
	case VC_VERB_LOAD:
		write_setting(writer, action);
		return;
	case VC_VERB_QEMU:
		write_code(writer, "with QEMU:", value);
		return;
	case VC_VERB_SETTING:
	case VC_VERB_ADVICE:
		write_prose(writer, value, 6);
		return;
	}
}

static void
write_fixes(const struct writer *writer)
{
	if (writer->rule->fixes == 0)
		return;
	write_heading(writer, "Fixes");
	for (size_t i = 0; i < writer->rule->fixes; i++) {
		const struct vc_fix *fix = &writer->rule->fix[i];
		_cleanup_buf_ struct vc_buf lead = { 0 };

		vc_buf_addf(&lead, "%zu. %s%s: %s", i + 1, who_titles[fix->who], fix->safe ? ", safe" : "",
			    vc_template_source(&fix->summary, writer->arena));
		write_prose(writer, vc_buf_text(&lead), 2);
		if (fix->when.count > 0) {
			lead.length = 0;
			vc_buf_addf(&lead, "offered when %s", fix->when.text);
			write_prose(writer, vc_buf_text(&lead), 6);
		}
		for (size_t j = 0; j < fix->actions; j++)
			write_action(writer, &fix->action[j]);
	}
}

/* As fix --ansible would write them, if all of them were offered. Of the boot loaders the first has to do. */
static void
write_tasks(const struct writer *writer)
{
	_cleanup_buf_ struct vc_buf tasks = { 0 };

	for (size_t i = 0; i < writer->rule->fixes; i++) {
		for (size_t j = 0; j < writer->rule->fix[i].actions; j++) {
			const struct vc_action *action = &writer->rule->fix[i].action[j];
			struct vc_host_setting setting;
			struct vc_host_step step;

			if (!vc_verb_is_host_setting(action->verb))
				continue;
			setting = setting_of(writer, action);
			vc_host_step_make(&setting, &vc_boot_ways[0], true, writer->arena, &step);
			vc_host_ansible_tasks(&setting, &step, writer->rule->id, i + 1, writer->arena, &tasks);
		}
	}
	if (tasks.length == 0)
		return;
	write_heading(writer, "Fixes of the host as Ansible tasks");
	write_prose(writer, vc_arena_printf(writer->arena, "the kernel command line for %s; 'vhostcheck fix --ansible DOMAIN' "
							   "writes them for the host it is asked about",
					    vc_boot_ways[0].title), 2);
	vc_layout_block(writer->out, writer->style, vc_buf_text(&tasks), 4);
}

static void
write_texts(const struct writer *writer, const char *heading, const char *const *text, size_t count)
{
	if (count == 0)
		return;
	write_heading(writer, heading);
	for (size_t i = 0; i < count; i++) {
		vc_layout_pad(writer->out, 2);
		vc_buf_add_safe(writer->out, text[i], 0);
		vc_buf_add(writer->out, "\n");
	}
}

/* The messages, and below each who prints it in which versions. */
static void
write_symptoms(const struct writer *writer)
{
	const struct vc_rule *rule = writer->rule;

	write_heading(writer, "What people see");
	if (rule->symptoms == 0)
		write_prose(writer, "no message of its own", 2);
	for (size_t i = 0; i < rule->symptoms; i++) {
		_cleanup_buf_ struct vc_buf text = { 0 }, printer = { 0 };

		vc_symptom_format(&rule->symptom[i], &text);
		vc_layout_pad(writer->out, 2);
		vc_buf_add_safe(writer->out, vc_buf_text(&text), 0);
		vc_buf_add(writer->out, "\n");
		vc_symptom_format_printer(&rule->symptom[i], &printer);
		if (rule->symptom[i].clue)
			vc_buf_addf(&printer, "%sa clue: guests that work come with it too",
				    printer.length > 0 ? "; " : "");
		if (printer.length > 0)
			write_prose(writer, vc_buf_text(&printer), 6);
	}
}

static void
write_says(const struct writer *writer)
{
	const struct vc_rule *rule = writer->rule;

	write_heading(writer, "What it says");
	for (size_t i = 0; i < rule->says_count; i++) {
		_cleanup_buf_ struct vc_buf when = { 0 };

		write_prose(writer, vc_template_source(&rule->says[i].text, writer->arena), 2);
		if (rule->says_count == 1)
			return;
		if (rule->says[i].when.count > 0)
			vc_buf_addf(&when, "said when %s", rule->says[i].when.text);
		else
			vc_buf_add(&when, "said otherwise");
		write_prose(writer, vc_buf_text(&when), 6);
	}
}

void
vc_explain_text(const struct vc_rule *rule, struct vc_arena *arena, const struct vc_style *style,
		struct vc_buf *out)
{
	const struct writer writer = { .rule = rule, .arena = arena, .style = style, .out = out };

	vc_layout_add(out, style, VC_ROLE_STRONG, rule->id);
	vc_buf_add(out, ": ");
	vc_buf_add_safe(out, rule->title, 0);
	vc_buf_add(out, "\n\n");
	write_row(&writer, "severity", vc_severity_name(rule->severity), severity_meanings[rule->severity]);
	write_row(&writer, "confidence", vc_confidence_name(rule->confidence), confidence_meanings[rule->confidence]);
	write_row(&writer, "scope", rule->host_only ? "host" : "domain",
		  rule->host_only ? "needs no domain; 'vhostcheck host' asks it too" : "asked for every domain");
	if (rule->host_at_risk)
		write_row(&writer, "silencing", "host only", "it endangers the host, so no domain may silence it");
	write_row(&writer, "since", rule->since ? rule->since : "unknown", NULL);
	write_conditions(&writer);
	write_facts(&writer);
	write_says(&writer);
	write_heading(&writer, "Why");
	write_prose(&writer, rule->why, 2);
	write_heading(&writer, "Versions affected");
	write_prose(&writer, rule->affects ? rule->affects : "the rule names none", 2);
	write_symptoms(&writer);
	write_fixes(&writer);
	write_tasks(&writer);
	write_texts(&writer, "Supersedes", rule->supersedes, rule->supersedes_count);
	write_texts(&writer, "Sources", rule->source, rule->sources);
}
