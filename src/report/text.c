/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The report for people. One finding reads from the top: what is wrong, where, on which device, why, what to do.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "report/fix-text.h"
#include "report/layout.h"
#include "report/text.h"

/* An element longer than this is no longer something to paste from a terminal; the JSON report has all of it. */
#define XML_LINES_MAX 60
#define ARGUMENT_MAX ((size_t)200)

struct writer {
	const struct vc_report *report;
	const struct vc_style *style;
	struct vc_buf *out;
	const struct vc_report_subject *subject;
	const struct vc_rule *explained; /* the rule of the finding before */
};

/* Code is indented below the sentence that introduces it. */
#define CODE_COLUMN (VC_LAYOUT_COLUMN + 2)

static const char *
subject_file(const struct vc_report_subject *subject)
{
	if (!subject->guest || !subject->guest->file)
		return "host";
	return strcmp(subject->guest->file, "-") == 0 ? "<stdin>" : subject->guest->file;
}

/* --- header --- */

static void
add_version(struct vc_buf *out, const char *name, const struct vc_fact_version *version)
{
	char text[VC_VERSION_TEXT_MAX];

	if (!vc_known(&version->fact))
		return;
	vc_version_format(version->value, text);
	vc_buf_addf(out, ", %s %s", name, text);
}

void
vc_text_host(const struct vc_report *report, const struct vc_fact_version *qemu, struct vc_buf *out)
{
	const struct vc_host *host = report->host;

	if (report->source == VC_HOSTFS_LIVE) {
		vc_buf_add(out, "live");
	} else {
		vc_buf_add(out, report->source == VC_HOSTFS_CAPTURE ? "capture " : "tree ");
		vc_buf_add_safe(out, report->root, 0);
	}
	if (vc_known(&host->kernel_release.fact)) {
		vc_buf_add(out, ", Linux ");
		vc_buf_add_safe(out, host->kernel_release.value, 0);
	}
	if (qemu)
		add_version(out, "QEMU", qemu);
	add_version(out, "libvirt", &host->libvirt_version);
}

static void
write_header(const struct writer *writer)
{
	const struct vc_guest *guest = writer->subject->guest;
	struct vc_buf *out = writer->out;

	if (guest) {
		/* Both labels are of the width of the next line's. */
		vc_layout_add(out, writer->style, VC_ROLE_LABEL, guest->is_command_line ? "command" : "domain");
		vc_layout_pad(out, guest->is_command_line ? 1 : 2);
		if (vc_known(&guest->name.fact)) {
			vc_layout_add(out, writer->style, VC_ROLE_STRONG, guest->name.value);
			vc_buf_add(out, "  ");
		}
		vc_buf_add_safe(out, subject_file(writer->subject), 0);
		vc_buf_add(out, "\n");
	}
	vc_layout_add(out, writer->style, VC_ROLE_LABEL, "host");
	vc_layout_pad(out, 4);
	vc_text_host(writer->report, guest ? &guest->qemu_version : NULL, out);
	vc_buf_add(out, "\n");
}

/* --- one finding --- */

static void
write_headline(const struct writer *writer, const struct vc_finding *finding)
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
write_place(const struct writer *writer, const struct vc_finding *finding)
{
	const struct vc_place *place = &finding->place;

	if (!writer->subject->guest || (place->line == 0 && place->argument == 0 && !place->xpath))
		return;
	vc_layout_label(writer->out, writer->style, "at");
	vc_buf_add_safe(writer->out, subject_file(writer->subject), 0);
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
write_device(const struct writer *writer, const struct vc_finding *finding)
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
write_evidence(const struct writer *writer, const struct vc_finding *finding)
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
write_why(const struct writer *writer, const struct vc_rule *rule)
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
write_code_line(const struct writer *writer, const char *introduction, const char *code)
{
	if (introduction) {
		vc_layout_pad(writer->out, VC_LAYOUT_COLUMN);
		vc_buf_addf(writer->out, "%s\n", introduction);
	}
	vc_layout_block(writer->out, writer->style, code, CODE_COLUMN);
}

static void
write_sentence(const struct writer *writer, const char *sentence)
{
	vc_layout_pad(writer->out, VC_LAYOUT_COLUMN);
	vc_layout_wrap(writer->out, writer->style, sentence, VC_LAYOUT_COLUMN, VC_LAYOUT_COLUMN);
}

static void
write_commands(const struct writer *writer, const struct vc_fix_text *text)
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
write_xml(const struct writer *writer, const char *xml)
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
who_phrase(const struct writer *writer, enum vc_who who)
{
	const struct vc_guest *guest = writer->subject->guest;

	return who == VC_WHO_DOMAIN && guest && guest->is_command_line ? "on the command line" : vc_who_phrase(who);
}

static void
write_fix(const struct writer *writer, const struct vc_fix_text *text)
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
write_fixes(const struct writer *writer, const struct vc_finding *finding)
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
write_sources(const struct writer *writer, const struct vc_rule *rule)
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
write_details(const struct writer *writer, const struct vc_finding *finding)
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

static void
write_finding(const struct writer *writer, const struct vc_finding *finding)
{
	write_headline(writer, finding);
	write_details(writer, finding);
	vc_buf_add(writer->out, "\n");
}

/* --- what could not be decided --- */

static int
compare_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

/* What one step would decide stands together: the same reason and advice, then the same fact, then the rule. */
static int
compare_group(const struct vc_finding *a, const struct vc_finding *b)
{
	int order = compare_text(a->unknown_reason, b->unknown_reason);

	return order ? order : compare_text(a->unknown_hint, b->unknown_hint);
}

static int
compare_fact(const struct vc_finding *a, const struct vc_finding *b)
{
	int order = compare_group(a, b);

	if (order == 0)
		order = compare_text(a->unknown_fact, b->unknown_fact);
	return order ? order : compare_text(a->unknown_from, b->unknown_from);
}

static int
compare_undecided(const void *a, const void *b)
{
	const struct vc_finding *one = *(const struct vc_finding *const *)a;
	const struct vc_finding *other = *(const struct vc_finding *const *)b;
	int order = compare_fact(one, other);

	return order ? order : strcmp(one->rule->id, other->rule->id);
}

/* One fact, and the rules that wait for it. Returns how many findings that were. */
static size_t
write_undecided_fact(const struct writer *writer, const struct vc_finding *const *finding, size_t count)
{
	_cleanup_buf_ struct vc_buf line = { 0 };
	size_t i;

	vc_buf_add_safe(&line, finding[0]->unknown_fact ? finding[0]->unknown_fact : "a fact without a name", 0);
	if (finding[0]->unknown_from) {
		vc_buf_add(&line, " (");
		vc_buf_add_safe(&line, finding[0]->unknown_from, 0);
		vc_buf_add(&line, ")");
	}
	vc_buf_addf(&line, ": %s", finding[0]->rule->id);
	for (i = 1; i < count && compare_fact(finding[0], finding[i]) == 0; i++) {
		if (finding[i]->rule != finding[i - 1]->rule)
			vc_buf_addf(&line, ", %s", finding[i]->rule->id);
	}
	vc_layout_pad(writer->out, 2);
	vc_layout_wrap(writer->out, writer->style, vc_buf_text(&line), 2, 6);
	return i;
}

static size_t
write_undecided_group(const struct writer *writer, const struct vc_finding *const *finding, size_t count)
{
	const char *reason = finding[0]->unknown_reason, *hint = finding[0]->unknown_hint;
	size_t length = 1;
	char lead[64];

	while (length < count && compare_group(finding[0], finding[length]) == 0)
		length++;
	snprintf(lead, sizeof(lead), "%zu undecided", length);
	vc_layout_add(writer->out, writer->style, VC_ROLE_UNDECIDED, lead);
	vc_buf_add(writer->out, ": ");
	vc_buf_add_safe(writer->out, reason ? reason : "not known", 0);
	if (hint) {
		vc_buf_add(writer->out, "; ");
		vc_layout_add(writer->out, writer->style, VC_ROLE_STRONG, hint);
	}
	vc_buf_add(writer->out, "\n");
	for (size_t i = 0; i < length;)
		i += write_undecided_fact(writer, finding + i, length - i);
	vc_buf_add(writer->out, "\n");
	return length;
}

static void
write_undecided(const struct writer *writer)
{
	const struct vc_findings *findings = writer->subject->findings;
	const struct vc_finding **undecided =
		vc_arena_make_array(writer->report->arena, findings->count + 1, const struct vc_finding *);
	size_t count = 0;

	for (size_t i = 0; i < findings->count; i++) {
		if (findings->item[i].outcome == VC_UNDECIDED)
			undecided[count++] = &findings->item[i];
	}
	qsort(undecided, count, sizeof(*undecided), compare_undecided);
	for (size_t i = 0; i < count;)
		i += write_undecided_group(writer, undecided + i, count - i);
}

static void
write_suppressed(const struct writer *writer)
{
	const struct vc_findings *findings = writer->subject->findings;
	bool any = false;

	for (size_t i = 0; i < findings->count; i++) {
		const struct vc_finding *finding = &findings->item[i];

		if (finding->outcome != VC_SUPPRESSED)
			continue;
		any = true;
		vc_buf_add(writer->out, "suppressed: ");
		vc_buf_add_safe(writer->out, finding->rule->id, 0);
		if (finding->suppressed_by) {
			vc_buf_add(writer->out, ", by ");
			vc_buf_add_safe(writer->out, finding->suppressed_by, 0);
		}
		vc_buf_add(writer->out, "\n");
	}
	if (any)
		vc_buf_add(writer->out, "\n");
}

/* --- summary --- */

static void
add_count(struct vc_buf *out, const struct vc_style *style, enum vc_role role, size_t count, const char *word)
{
	char text[64];

	snprintf(text, sizeof(text), "%zu %s", count, word);
	vc_layout_add(out, style, count > 0 ? role : VC_ROLE_PLAIN, text);
}

/* Always all counts: "no error" alone would hide what nobody could look at. */
static void
write_summary(const struct writer *writer, const struct vc_count *count)
{
	const struct vc_style *style = writer->style;
	struct vc_buf *out = writer->out;

	add_count(out, style, VC_ROLE_ERROR, count->error, count->error == 1 ? "error" : "errors");
	vc_buf_add(out, ", ");
	add_count(out, style, VC_ROLE_WARNING, count->warning, count->warning == 1 ? "warning" : "warnings");
	vc_buf_add(out, ", ");
	add_count(out, style, VC_ROLE_INFO, count->info, count->info == 1 ? "info" : "infos");
	vc_buf_add(out, ", ");
	add_count(out, style, VC_ROLE_UNDECIDED, count->undecided, "undecided");
	vc_buf_addf(out, ", %zu suppressed, %zu passed", count->suppressed, count->passed);
	if (style->loudness == VC_VERBOSE)
		vc_buf_addf(out, ", %zu %s not apply", count->skipped, count->skipped == 1 ? "does" : "do");
	vc_buf_add(out, "\n");
}

/* FILE:LINE: severity: message [rule], which editors and grep understand. */
static void
write_line(const struct writer *writer, const struct vc_finding *finding, const char *host)
{
	struct vc_buf *out = writer->out;

	vc_buf_add_safe(out, subject_file(writer->subject), 0);
	if (finding->place.line > 0)
		vc_buf_addf(out, ":%d", finding->place.line);
	vc_buf_add(out, ": ");
	vc_layout_add(out, writer->style, vc_severity_role(finding->rule->severity),
		      vc_severity_name(finding->rule->severity));
	vc_buf_add(out, ": ");
	vc_buf_add_safe(out, finding->message ? finding->message : finding->rule->title, 0);
	vc_buf_add(out, " [");
	vc_buf_add_safe(out, finding->rule->id, 0);
	vc_buf_add(out, "]");
	if (host) {
		vc_buf_add(out, " on ");
		vc_buf_add_safe(out, host, 0);
	}
	vc_buf_add(out, "\n");
}

static void
write_plain_line(const struct writer *writer, const struct vc_finding *finding)
{
	write_line(writer, finding, NULL);
}

static void
write_findings(struct writer *writer, void (*write)(const struct writer *, const struct vc_finding *))
{
	const struct vc_findings *findings = writer->subject->findings;

	for (size_t i = 0; i < findings->count; i++) {
		if (findings->item[i].outcome != VC_FAIL)
			continue;
		write(writer, &findings->item[i]);
		writer->explained = findings->item[i].rule;
	}
	writer->explained = NULL;
}

static void
write_subject(struct writer *writer)
{
	struct vc_count count = { 0 };

	write_header(writer);
	vc_buf_add(writer->out, "\n");
	write_findings(writer, write_finding);
	write_undecided(writer);
	if (writer->style->loudness == VC_VERBOSE)
		write_suppressed(writer);
	vc_count_findings(writer->subject->findings, &count);
	write_summary(writer, &count);
}

/* --- parts, for reports of several checks --- */

static struct writer
writer_of_one(const struct vc_report *report, const struct vc_style *style, struct vc_buf *out)
{
	return (struct writer){ .report = report, .style = style, .out = out, .subject = &report->subject[0] };
}

void
vc_text_subject(const struct vc_report *report, const struct vc_style *style, struct vc_buf *out)
{
	const struct writer writer = writer_of_one(report, style, out);

	write_header(&writer);
}

void
vc_text_details(const struct vc_report *report, const struct vc_finding *finding, bool explained,
		const struct vc_style *style, struct vc_buf *out)
{
	struct writer writer = writer_of_one(report, style, out);

	writer.explained = explained ? finding->rule : NULL;
	write_details(&writer, finding);
}

void
vc_text_head(const struct vc_report *report, const struct vc_finding *finding, const struct vc_style *style,
	     struct vc_buf *out)
{
	const struct writer writer = writer_of_one(report, style, out);

	write_headline(&writer, finding);
	write_place(&writer, finding);
	write_device(&writer, finding);
}

void
vc_text_why(const struct vc_rule *rule, bool explained, const struct vc_style *style, struct vc_buf *out)
{
	const struct writer writer = { .style = style, .out = out, .explained = explained ? rule : NULL };

	write_why(&writer, rule);
}

void
vc_text_fixes(const struct vc_report *report, const struct vc_finding *finding, const struct vc_style *style,
	      struct vc_buf *out)
{
	const struct writer writer = writer_of_one(report, style, out);

	write_fixes(&writer, finding);
}

void
vc_text_line(const struct vc_report *report, const struct vc_finding *finding, const char *host,
	     const struct vc_style *style, struct vc_buf *out)
{
	const struct writer writer = writer_of_one(report, style, out);

	write_line(&writer, finding, host);
}

void
vc_text_counts(const struct vc_count *count, const struct vc_style *style, struct vc_buf *out)
{
	const struct writer writer = { .style = style, .out = out };

	write_summary(&writer, count);
}

void
vc_report_text(const struct vc_report *report, const struct vc_style *style, struct vc_buf *out)
{
	struct writer writer = { .report = report, .style = style, .out = out };
	struct vc_count count = { 0 };

	for (size_t i = 0; i < report->subjects; i++) {
		writer.subject = &report->subject[i];
		if (style->loudness == VC_QUIET) {
			write_findings(&writer, write_plain_line);
			continue;
		}
		if (i > 0)
			vc_buf_add(out, "\n\n");
		write_subject(&writer);
		vc_count_findings(writer.subject->findings, &count);
	}
	if (style->loudness != VC_QUIET && report->subjects > 1) {
		vc_buf_addf(out, "\n\nall %zu domains: ", report->subjects);
		write_summary(&writer, &count);
	}
}
