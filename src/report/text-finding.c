/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One finding for people. It reads from the top: what is wrong, where, on which device, why, what to do. */
#include <inttypes.h>
#include <string.h>

#include "report/fix-text.h"
#include "report/text-writer.h"

/* An element longer than this is no longer something to paste from a terminal; the JSON report has all of it. */
#define XML_LINES_MAX 60
#define ARGUMENT_MAX ((size_t)200)

/* Code is indented below the sentence that introduces it. */
#define CODE_COLUMN (VC_LAYOUT_COLUMN + 2)

static void
write_headline(const struct vc_text_writer *writer, const struct vc_finding *finding)
{
	const struct vc_rule *rule = finding->rule;
	_cleanup_buf_ struct vc_buf title = { 0 };

	vc_buf_addf(&title, "%s[%s]", vc_severity_name(rule->severity), rule->id);
	vc_layout_add(writer->out, writer->style, vc_severity_role(rule->severity), vc_buf_text(&title));
	vc_buf_add(writer->out, ": ");
	vc_layout_add(writer->out, writer->style, VC_ROLE_STRONG, finding->message ? finding->message : rule->title);
	vc_buf_add(writer->out, "\n");
}

/* An argument, cut where it gets too long to be read; the JSON report has all of it. */
static void
add_argument(struct vc_buf *out, const char *text)
{
	_cleanup_buf_ struct vc_buf shown = { 0 };
	size_t length = text ? strlen(text) : 0;

	vc_buf_add_n(&shown, text ? text : "", length > ARGUMENT_MAX ? ARGUMENT_MAX : length);
	vc_buf_add(&shown, length > ARGUMENT_MAX ? "..." : "");
	vc_buf_add_safe(out, vc_buf_text(&shown), 0);
}

static void
write_place(const struct vc_text_writer *writer, const struct vc_finding *finding)
{
	const struct vc_place *place = &finding->place;

	if (!writer->subject->guest || (place->line == 0 && place->argument == 0 && !place->xpath))
		return;
	vc_layout_label(writer->out, writer->style, "at");
	vc_buf_add_safe(writer->out, vc_text_file(writer->subject), 0);
	if (place->line > 0)
		vc_buf_addf(writer->out, ":%d", place->line);
	if (place->argument > 0) {
		vc_buf_addf(writer->out, "  argument %d: ", place->argument);
		add_argument(writer->out, place->text);
	} else if (place->xpath) {
		vc_buf_add(writer->out, "  ");
		vc_buf_add_safe(writer->out, place->xpath, 0);
	}
	vc_buf_add(writer->out, "\n");
}

static void
write_device(const struct vc_text_writer *writer, const struct vc_finding *finding)
{
	const struct vc_pci *pci;

	if (!finding->device)
		return;
	vc_layout_label(writer->out, writer->style, "device");
	vc_buf_add_safe(writer->out, finding->device, 0);
	pci = vc_host_find_pci(writer->report->host, finding->device);
	if (pci && vc_known(&pci->vendor_id.fact) && vc_known(&pci->device_id.fact) &&
	    pci->vendor_id.value <= UINT16_MAX && pci->device_id.value <= UINT16_MAX) {
		const char *name = vc_pci_name(writer->report->arena, (uint16_t)pci->vendor_id.value,
					       (uint16_t)pci->device_id.value);

		vc_buf_add(writer->out, "  ");
		if (name)
			vc_buf_add_safe(writer->out, name, 0);
		vc_buf_addf(writer->out, "%s[%04" PRIx64 ":%04" PRIx64 "]", name ? " " : "",
			    pci->vendor_id.value, pci->device_id.value);
	}
	vc_buf_add(writer->out, "\n");
}

static void
write_evidence(const struct vc_text_writer *writer, const struct vc_finding *finding)
{
	for (size_t i = 0; i < finding->evidences; i++) {
		const struct vc_evidence *evidence = &finding->evidence[i];

		if (i == 0)
			vc_layout_label(writer->out, writer->style, "seen");
		else
			vc_layout_pad(writer->out, VC_LAYOUT_COLUMN);
		vc_buf_add_safe(writer->out, evidence->fact, 0);
		vc_buf_add(writer->out, " = ");
		vc_buf_add_safe(writer->out, evidence->value, 0);
		if (evidence->from) {
			vc_buf_add(writer->out, "  (");
			vc_buf_add_safe(writer->out, evidence->from, 0);
			vc_buf_add(writer->out, ")");
		}
		vc_buf_add(writer->out, "\n");
	}
}

static void
write_why(const struct vc_text_writer *writer, const struct vc_rule *rule)
{
	vc_layout_label(writer->out, writer->style, "why");
	/* Four devices with the same fault need the reason once. */
	if (writer->explained == rule) {
		vc_buf_add(writer->out, "as above\n");
		return;
	}
	vc_layout_wrap(writer->out, writer->style, rule->why, VC_LAYOUT_COLUMN, VC_LAYOUT_COLUMN);
	if (rule->confidence == VC_REPORTED) {
		vc_layout_label(writer->out, writer->style, "note");
		vc_layout_wrap(writer->out, writer->style,
			       "reported from the field; not proven from source code", VC_LAYOUT_COLUMN,
			       VC_LAYOUT_COLUMN);
	}
}

static void
write_code_line(const struct vc_text_writer *writer, const char *introduction, const char *code)
{
	if (introduction) {
		vc_layout_pad(writer->out, VC_LAYOUT_COLUMN);
		vc_buf_addf(writer->out, "%s\n", introduction);
	}
	vc_layout_block(writer->out, writer->style, code, CODE_COLUMN);
}

static void
write_sentence(const struct vc_text_writer *writer, const char *sentence)
{
	vc_layout_pad(writer->out, VC_LAYOUT_COLUMN);
	vc_layout_wrap(writer->out, writer->style, sentence, VC_LAYOUT_COLUMN, VC_LAYOUT_COLUMN);
}

static void
write_commands(const struct vc_text_writer *writer, const struct vc_fix_text *text)
{
	for (size_t i = 0; i < text->commands; i++) {
		if (text->command[i].command)
			write_code_line(writer, NULL, text->command[i].command);
	}
	for (size_t i = 0; i < text->commands; i++) {
		const struct vc_fix_command *command = &text->command[i];

		if (command->persist)
			write_code_line(writer,
					command->command || !command->reboot ? "to keep it after a reboot:"
									     : "for the next boot:",
					command->persist);
		if (command->undo)
			write_code_line(writer, "to undo it:", command->undo);
		if (command->note)
			write_sentence(writer, command->note);
		if (command->costs) {
			_cleanup_buf_ struct vc_buf costs = { 0 };

			vc_buf_addf(&costs, "what it costs: %s", command->costs);
			write_sentence(writer, vc_buf_text(&costs));
		}
		if (command->reboot && (command->command || !command->persist))
			write_sentence(writer, "takes effect after a reboot");
	}
}

/* Cuts @xml after XML_LINES_MAX lines; returns how many were cut off. */
static size_t
limit_lines(char *xml)
{
	size_t lines = 0, cut = 0;

	for (char *at = xml; *at; at++) {
		if (*at != '\n')
			continue;
		if (++lines == XML_LINES_MAX) {
			for (const char *rest = at + 1; *rest; rest++)
				cut += *rest == '\n';
			at[1] = '\0';
		}
	}
	return cut;
}

static void
write_xml(const struct vc_text_writer *writer, const char *xml)
{
	char *text = vc_arena_strdup(writer->report->arena, xml);
	size_t cut = limit_lines(text);

	vc_layout_block(writer->out, writer->style, text, CODE_COLUMN);
	if (cut > 0) {
		vc_layout_pad(writer->out, CODE_COLUMN);
		vc_buf_addf(writer->out, "... and %zu more lines: --format json has them\n", cut);
	}
}

static const char *
who_phrase(const struct vc_text_writer *writer, enum vc_who who)
{
	const struct vc_guest *guest = writer->subject->guest;

	return who == VC_WHO_DOMAIN && guest && guest->is_command_line ? "on the command line" : vc_who_phrase(who);
}

static void
write_fix(const struct vc_text_writer *writer, const struct vc_fix_text *text)
{
	_cleanup_buf_ struct vc_buf lead = { 0 };

	vc_buf_addf(&lead, "%s%s: %s", who_phrase(writer, text->who), text->safe ? ", safe" : "", text->summary);
	vc_buf_add(writer->out, "\n");
	vc_layout_label(writer->out, writer->style, "fix");
	vc_layout_wrap(writer->out, writer->style, vc_buf_text(&lead), VC_LAYOUT_COLUMN, VC_LAYOUT_COLUMN);
	for (size_t i = 0; i < text->lines; i++)
		write_sentence(writer, text->line[i]);
	if (text->xml)
		write_xml(writer, text->xml);
	for (size_t i = 0; i < text->qemus; i++)
		write_code_line(writer, writer->subject->guest && writer->subject->guest->is_command_line ? NULL : "with QEMU:",
				text->qemu[i]);
	write_commands(writer, text);
}

static void
write_fixes(const struct vc_text_writer *writer, const struct vc_finding *finding)
{
	const struct vc_fix_input input = vc_fix_input_of(finding, writer->report->host, writer->subject->guest,
							  writer->report->arena);

	for (size_t i = 0; i < finding->rule->fixes; i++) {
		struct vc_fix_text text;

		if (vc_fix_text(&finding->rule->fix[i], &input, &text))
			write_fix(writer, &text);
	}
}

static void
write_sources(const struct vc_text_writer *writer, const struct vc_rule *rule)
{
	if (rule->sources > 0)
		vc_buf_add(writer->out, "\n");
	for (size_t i = 0; i < rule->sources; i++) {
		if (i == 0)
			vc_layout_label(writer->out, writer->style, "source");
		else
			vc_layout_pad(writer->out, VC_LAYOUT_COLUMN);
		vc_buf_add_safe(writer->out, rule->source[i], 0);
		vc_buf_add(writer->out, "\n");
	}
}

/* All but what is wrong. */
static void
write_details(const struct vc_text_writer *writer, const struct vc_finding *finding)
{
	bool verbose = writer->style->loudness == VC_VERBOSE;

	write_place(writer, finding);
	write_device(writer, finding);
	if (verbose)
		write_evidence(writer, finding);
	write_why(writer, finding->rule);
	write_fixes(writer, finding);
	if (verbose && writer->explained != finding->rule)
		write_sources(writer, finding->rule);
}

void
vc_text_finding(const struct vc_text_writer *writer, const struct vc_finding *finding)
{
	write_headline(writer, finding);
	write_details(writer, finding);
	vc_buf_add(writer->out, "\n");
}

/* --- parts, for reports of several checks --- */

void
vc_text_details(const struct vc_report *report, const struct vc_finding *finding, bool explained,
		const struct vc_style *style, struct vc_buf *out)
{
	struct vc_text_writer writer = vc_text_writer_of(report, style, out);

	writer.explained = explained ? finding->rule : NULL;
	write_details(&writer, finding);
}

void
vc_text_head(const struct vc_report *report, const struct vc_finding *finding, const struct vc_style *style,
	     struct vc_buf *out)
{
	const struct vc_text_writer writer = vc_text_writer_of(report, style, out);

	write_headline(&writer, finding);
	write_place(&writer, finding);
	write_device(&writer, finding);
}

void
vc_text_why(const struct vc_rule *rule, bool explained, const struct vc_style *style, struct vc_buf *out)
{
	const struct vc_text_writer writer = { .style = style, .out = out, .explained = explained ? rule : NULL };

	write_why(&writer, rule);
}

void
vc_text_fixes(const struct vc_report *report, const struct vc_finding *finding, const struct vc_style *style,
	      struct vc_buf *out)
{
	const struct vc_text_writer writer = vc_text_writer_of(report, style, out);

	write_fixes(&writer, finding);
}
