/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report for programs; keys in the order of the contract. */
#include "report/json.h"

#include "report/fix-text.h"
#include "report/layout.h"

struct writer {
	const struct vc_report *report;
	const struct vc_report_subject *subject;
};

static void
add_line(struct vc_buf *text, const char *separator, const char *line)
{
	if (!line)
		return;
	if (text->length > 0)
		vc_buf_add(text, separator);
	vc_buf_add(text, line);
}

static const char *
text_or_null(const struct vc_buf *text)
{
	return text->length > 0 ? vc_buf_text(text) : NULL;
}

static struct json_object *
make_fix(const struct vc_fix_text *text)
{
	_cleanup_buf_ struct vc_buf summary = { 0 }, persist = { 0 }, undo = { 0 }, costs = { 0 };
	struct json_object *fix = json_object_new_object(), *commands = json_object_new_array();
	struct json_object *qemu = json_object_new_array();
	bool reboot = false;

	/* Firmware settings and advice have no key of their own: they are further lines of the summary. */
	add_line(&summary, "\n", text->summary);
	for (size_t i = 0; i < text->lines; i++)
		add_line(&summary, "\n", text->line[i]);
	for (size_t i = 0; i < text->commands; i++) {
		const struct vc_fix_command *command = &text->command[i];

		if (command->command)
			json_object_array_add(commands, vc_json_text(command->command));
		add_line(&persist, "\n", command->persist);
		add_line(&undo, "\n", command->undo);
		add_line(&costs, "; ", command->costs);
		reboot = reboot || command->reboot;
	}
	vc_json_add_text(fix, "who", vc_who_name(text->who));
	json_object_object_add(fix, "safe", json_object_new_boolean(text->safe));
	vc_json_add_text(fix, "summary", vc_buf_text(&summary));
	vc_json_add_text(fix, "xml", text->xml);
	json_object_object_add(fix, "commands", commands);
	vc_json_add_text(fix, "persist", text_or_null(&persist));
	vc_json_add_text(fix, "undo", text_or_null(&undo));
	json_object_object_add(fix, "reboot", json_object_new_boolean(reboot));
	vc_json_add_text(fix, "costs", text_or_null(&costs));
	for (size_t i = 0; i < text->qemus; i++)
		json_object_array_add(qemu, vc_json_text(text->qemu[i]));
	json_object_object_add(fix, "qemu_args", qemu);
	return fix;
}

static struct json_object *
make_fixes(const struct writer *writer, const struct vc_finding *finding)
{
	const struct vc_fix_input input = vc_fix_input_of(finding, writer->report->host, writer->subject->guest,
							  writer->report->arena);
	struct json_object *fixes = json_object_new_array();

	for (size_t i = 0; i < finding->rule->fixes; i++) {
		struct vc_fix_text text;

		if (vc_fix_text(&finding->rule->fix[i], &input, &text))
			json_object_array_add(fixes, make_fix(&text));
	}
	return fixes;
}

static struct json_object *
make_place(const struct vc_place *place)
{
	struct json_object *at;

	if (place->line == 0 && place->argument == 0 && !place->xpath)
		return NULL;
	at = json_object_new_object();
	json_object_object_add(at, "line", place->line > 0 ? json_object_new_int(place->line) : NULL);
	vc_json_add_text(at, "xpath", place->xpath);
	json_object_object_add(at, "argument", place->argument > 0 ? json_object_new_int(place->argument) : NULL);
	vc_json_add_text(at, "text", place->text);
	return at;
}

static struct json_object *
make_evidence(const struct vc_finding *finding)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < finding->evidences; i++) {
		struct json_object *item = json_object_new_object();

		vc_json_add_text(item, "fact", finding->evidence[i].fact);
		vc_json_add_text(item, "value", finding->evidence[i].value);
		vc_json_add_text(item, "from", finding->evidence[i].from);
		json_object_array_add(list, item);
	}
	return list;
}

static struct json_object *
make_finding(const struct writer *writer, const struct vc_finding *finding)
{
	const struct vc_rule *rule = finding->rule;
	struct json_object *object = json_object_new_object(), *sources = json_object_new_array();
	_cleanup_buf_ struct vc_buf why = { 0 };

	vc_layout_fold(&why, rule->why);
	vc_json_add_text(object, "rule", rule->id);
	vc_json_add_text(object, "outcome", vc_outcome_name(finding->outcome));
	vc_json_add_text(object, "severity", vc_severity_name(rule->severity));
	vc_json_add_text(object, "confidence", vc_confidence_name(rule->confidence));
	vc_json_add_text(object, "title", rule->title);
	vc_json_add_text(object, "message", finding->message ? finding->message : rule->title);
	vc_json_add_text(object, "why", vc_buf_text(&why));
	json_object_object_add(object, "at", make_place(&finding->place));
	vc_json_add_text(object, "device", finding->device);
	json_object_object_add(object, "evidence", make_evidence(finding));
	json_object_object_add(object, "fixes", make_fixes(writer, finding));
	for (size_t i = 0; i < rule->sources; i++)
		json_object_array_add(sources, vc_json_text(rule->source[i]));
	json_object_object_add(object, "sources", sources);
	return object;
}

struct json_object *
vc_json_undecided(const struct vc_finding *finding)
{
	struct json_object *object = json_object_new_object();

	vc_json_add_text(object, "rule", finding->rule->id);
	vc_json_add_text(object, "fact", finding->unknown_fact);
	vc_json_add_text(object, "reason", finding->unknown_reason ? finding->unknown_reason : "not known");
	vc_json_add_text(object, "hint", finding->unknown_hint);
	return object;
}

struct json_object *
vc_json_domain(const struct vc_guest *guest)
{
	struct json_object *domain;

	if (!guest)
		return NULL;
	domain = json_object_new_object();
	vc_json_add_text(domain, "name", vc_known(&guest->name.fact) ? guest->name.value : NULL);
	vc_json_add_text(domain, "uuid", vc_known(&guest->uuid.fact) ? guest->uuid.value : NULL);
	vc_json_add_text(domain, "file", guest->file);
	return domain;
}

static struct json_object *
make_summary(const struct vc_findings *findings)
{
	struct json_object *summary = json_object_new_object();
	struct vc_count count = { 0 };

	vc_count_findings(findings, &count);
	vc_json_add_count(summary, "error", count.error);
	vc_json_add_count(summary, "warning", count.warning);
	vc_json_add_count(summary, "info", count.info);
	vc_json_add_count(summary, "undecided", count.undecided);
	vc_json_add_count(summary, "suppressed", count.suppressed);
	vc_json_add_count(summary, "passed", count.passed);
	vc_json_add_count(summary, "skipped", count.skipped);
	return summary;
}

static struct json_object *
make_subject(const struct writer *writer, bool host)
{
	const struct vc_findings *found = writer->subject->findings;
	struct json_object *subject = json_object_new_object();
	struct json_object *findings = json_object_new_array(), *undecided = json_object_new_array();

	for (size_t i = 0; i < found->count; i++) {
		const struct vc_finding *finding = &found->item[i];

		if (finding->outcome == VC_FAIL)
			json_object_array_add(findings, make_finding(writer, finding));
		else if (finding->outcome == VC_UNDECIDED)
			json_object_array_add(undecided, vc_json_undecided(finding));
	}
	json_object_object_add(subject, "domain", vc_json_domain(writer->subject->guest));
	if (host)
		json_object_object_add(subject, "host", vc_json_host_of_several(writer->report));
	json_object_object_add(subject, "findings", findings);
	json_object_object_add(subject, "undecided", undecided);
	json_object_object_add(subject, "summary", make_summary(found));
	return subject;
}

struct json_object *
vc_json_subject(const struct vc_report *report, bool host)
{
	const struct writer writer = { .report = report, .subject = &report->subject[0] };

	return make_subject(&writer, host);
}

struct json_object *
vc_json_finding(const struct vc_report *report, const struct vc_finding *finding)
{
	const struct writer writer = { .report = report, .subject = &report->subject[0] };

	return make_finding(&writer, finding);
}

void
vc_report_json(const struct vc_report *report, struct vc_buf *out)
{
	_cleanup_json_ struct json_object *object = vc_json_begin("vhostcheck-report");
	struct json_object *subjects = json_object_new_array();
	struct writer writer = { .report = report };

	json_object_object_add(object, "host", vc_json_host(report));
	for (size_t i = 0; i < report->subjects; i++) {
		writer.subject = &report->subject[i];
		json_object_array_add(subjects, make_subject(&writer, false));
	}
	json_object_object_add(object, "subjects", subjects);
	vc_json_write(object, out);
}
