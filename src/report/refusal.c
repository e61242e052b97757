/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/refusal.h"

#include <string.h>

#include "report/fix-text.h"
#include "report/layout.h"

#define NAME_MAX_SHOWN 100
#define MESSAGE_MAX 500
#define WHY_MAX 400
#define FIXES_MAX 2
/* What one fix may take to be shown in full. */
#define CODE_MAX 500
#define CODE_COLUMN (VC_LAYOUT_COLUMN + 2)

/* The more there is to say, the less is said of each. */
enum detail { DETAIL_HEADLINE, DETAIL_FIX, DETAIL_FULL };

struct writer {
	const struct vc_report *report;
	const struct vc_rule *explained; /* the rule of the finding before */
	enum detail detail;
	struct vc_buf *out;
};

static const struct vc_style plain = { .width = VC_WIDTH_DEFAULT };

bool
vc_finding_refuses(const struct vc_finding *finding)
{
	return finding->outcome == VC_FAIL && finding->rule->severity == VC_ERROR &&
	       finding->rule->confidence == VC_PROVEN;
}

/* At most @max bytes of @text, with no character cut in two. */
static void
add_cut(struct vc_buf *out, const char *text, size_t max)
{
	size_t length = strlen(text);

	if (length > max) {
		for (length = max; length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80;)
			length--;
	}
	vc_buf_add_n(out, text, length);
	if (text[length] != '\0')
		vc_buf_add(out, "...");
}

static void
add_safe_cut(struct vc_buf *out, const char *text, size_t max)
{
	_cleanup_buf_ struct vc_buf safe = { 0 };

	vc_buf_add_safe(&safe, text, 0);
	add_cut(out, vc_buf_text(&safe), max);
}

/* As many whole sentences of the first paragraph as fit. */
static void
write_why(const struct writer *writer, const char *why)
{
	_cleanup_buf_ struct vc_buf folded = { 0 }, cut = { 0 };
	const char *text, *at;
	size_t length, last = 0;

	vc_layout_fold(&folded, why);
	text = vc_buf_text(&folded);
	length = strcspn(text, "\n");
	for (at = text; length > WHY_MAX && (at = strstr(at, ". ")) && (size_t)(at + 1 - text) <= WHY_MAX;
	     at++)
		last = (size_t)(at + 1 - text);
	if (last > 0)
		length = last;
	vc_buf_add_n(&cut, text, length);
	vc_layout_label(writer->out, &plain, "why");
	vc_layout_wrap(writer->out, &plain, vc_buf_text(&cut), VC_LAYOUT_COLUMN, VC_LAYOUT_COLUMN);
}

/* What can be pasted, if all of it fits. */
static void
write_code(const struct writer *writer, const struct vc_fix_text *text)
{
	_cleanup_buf_ struct vc_buf code = { 0 };

	if (text->xml)
		vc_layout_block(&code, &plain, text->xml, CODE_COLUMN);
	for (size_t i = 0; i < text->commands; i++) {
		const struct vc_fix_command *command = &text->command[i];

		if (command->command)
			vc_layout_block(&code, &plain, command->command, CODE_COLUMN);
		else if (command->persist)
			vc_layout_block(&code, &plain, command->persist, CODE_COLUMN);
	}
	if (code.length <= CODE_MAX)
		vc_buf_add(writer->out, vc_buf_text(&code));
}

static void
write_fixes(const struct writer *writer, const struct vc_finding *finding)
{
	const struct vc_report *report = writer->report;
	const struct vc_fix_input input =
		vc_fix_input_of(finding, report->host, report->subject[0].guest, report->arena);
	size_t shown = 0;

	for (size_t i = 0;
	     i < finding->rule->fixes && shown < (writer->detail == DETAIL_FULL ? FIXES_MAX : 1); i++) {
		_cleanup_buf_ struct vc_buf lead = { 0 };
		struct vc_fix_text text;

		if (!vc_fix_text(&finding->rule->fix[i], &input, &text))
			continue;
		vc_buf_addf(&lead, "%s: ", vc_who_phrase(text.who));
		add_safe_cut(&lead, text.summary, MESSAGE_MAX);
		vc_layout_label(writer->out, &plain, "fix");
		vc_layout_wrap(writer->out, &plain, vc_buf_text(&lead), VC_LAYOUT_COLUMN, VC_LAYOUT_COLUMN);
		if (writer->detail == DETAIL_FULL)
			write_code(writer, &text);
		shown++;
	}
}

void
vc_finding_line(const struct vc_finding *finding, struct vc_buf *out)
{
	vc_buf_addf(out, "%s[%s]: ", vc_severity_name(finding->rule->severity), finding->rule->id);
	add_safe_cut(out, finding->message ? finding->message : finding->rule->title, MESSAGE_MAX);
}

static void
write_finding(struct writer *writer, const struct vc_finding *finding)
{
	_cleanup_buf_ struct vc_buf line = { 0 };

	vc_finding_line(finding, &line);
	vc_buf_add(writer->out, "\n");
	vc_layout_wrap(writer->out, &plain, vc_buf_text(&line), 0, 2);
	if (finding->device && writer->detail > DETAIL_HEADLINE) {
		vc_layout_label(writer->out, &plain, "device");
		add_safe_cut(writer->out, finding->device, NAME_MAX_SHOWN);
		vc_buf_add(writer->out, "\n");
	}
	if (writer->detail == DETAIL_FULL && writer->explained != finding->rule)
		write_why(writer, finding->rule->why);
	if (writer->detail > DETAIL_HEADLINE)
		write_fixes(writer, finding);
	writer->explained = finding->rule;
}

static void
write_head(struct vc_buf *out, const char *name)
{
	/* libvirt has printed the command that it ran, and no end of line. */
	vc_buf_add(out, "\nvhostcheck: '");
	add_safe_cut(out, name, NAME_MAX_SHOWN);
	vc_buf_add(out, "' is not started: ");
}

static void
write_end(struct vc_buf *out, const char *override)
{
	vc_buf_add(out, "\n");
	vc_layout_wrap(out, &plain, override, 0, 0);
	/* libvirt ends the line itself. */
	while (out->length > 0 && out->text[out->length - 1] == '\n')
		out->text[--out->length] = '\0';
}

/* All findings with this detail; as headlines, as many as fit. */
static void
write_findings(struct writer *writer, size_t count, size_t room)
{
	const struct vc_findings *findings = writer->report->subject[0].findings;
	size_t written = 0;

	for (size_t i = 0; i < findings->count; i++) {
		size_t before = writer->out->length;

		if (!vc_finding_refuses(&findings->item[i]))
			continue;
		write_finding(writer, &findings->item[i]);
		if (writer->detail == DETAIL_HEADLINE && writer->out->length > room) {
			writer->out->length = before;
			writer->out->text[before] = '\0';
			vc_buf_addf(writer->out, "\nand %zu more\n", count - written);
			return;
		}
		written++;
	}
}

void
vc_report_refusal(const struct vc_report *report, const char *name, const char *override, struct vc_buf *out)
{
	const struct vc_findings *findings = report->subject[0].findings;
	_cleanup_buf_ struct vc_buf head = { 0 }, end = { 0 }, body = { 0 };
	size_t count = 0, room;
	struct writer writer = { .report = report, .out = &body };

	for (size_t i = 0; i < findings->count; i++)
		count += vc_finding_refuses(&findings->item[i]);
	write_head(&head, name);
	vc_buf_addf(&head, "%zu %s\n", count, count == 1 ? "error" : "errors");
	write_end(&end, override);
	/* Some of it for "and 17 more". */
	room = VC_REFUSAL_MAX - head.length - end.length - 40;
	for (int detail = DETAIL_FULL; detail >= DETAIL_HEADLINE; detail--) {
		vc_buf_release(&body);
		writer.explained = NULL;
		writer.detail = (enum detail)detail;
		write_findings(&writer, count, room);
		if (body.length <= room)
			break;
	}
	vc_buf_add(out, vc_buf_text(&head));
	vc_buf_add(out, vc_buf_text(&body));
	vc_buf_add(out, vc_buf_text(&end));
}

void
vc_report_refusal_because(const char *name, const char *reason, const char *override, struct vc_buf *out)
{
	_cleanup_buf_ struct vc_buf line = { 0 };

	write_head(&line, name);
	add_safe_cut(&line, reason, 1000);
	vc_buf_add(out, vc_buf_text(&line));
	vc_buf_add(out, "\n");
	write_end(out, override);
}
