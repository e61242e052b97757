/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report for people: whose it is, the findings, what could not be decided, the sum. */
#include <stdio.h>
#include <string.h>

#include "report/text-writer.h"

const char *
vc_text_file(const struct vc_report_subject *subject)
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
write_header(const struct vc_text_writer *writer)
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
		vc_buf_add_safe(out, vc_text_file(writer->subject), 0);
		vc_buf_add(out, "\n");
	}
	vc_layout_add(out, writer->style, VC_ROLE_LABEL, "host");
	vc_layout_pad(out, 4);
	vc_text_host(writer->report, guest ? &guest->qemu_version : NULL, out);
	vc_buf_add(out, "\n");
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
write_undecided_fact(const struct vc_text_writer *writer, const struct vc_finding *const *finding,
		     size_t count)
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
write_undecided_group(const struct vc_text_writer *writer, const struct vc_finding *const *finding,
		      size_t count)
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
write_undecided(const struct vc_text_writer *writer)
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
write_suppressed(const struct vc_text_writer *writer)
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
write_summary(const struct vc_text_writer *writer, const struct vc_count *count)
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
write_line(const struct vc_text_writer *writer, const struct vc_finding *finding, const char *host)
{
	struct vc_buf *out = writer->out;

	vc_buf_add_safe(out, vc_text_file(writer->subject), 0);
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
write_plain_line(const struct vc_text_writer *writer, const struct vc_finding *finding)
{
	write_line(writer, finding, NULL);
}

static void
write_findings(struct vc_text_writer *writer,
	       void (*write)(const struct vc_text_writer *, const struct vc_finding *))
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
write_subject(struct vc_text_writer *writer)
{
	struct vc_count count = { 0 };

	write_header(writer);
	vc_buf_add(writer->out, "\n");
	write_findings(writer, vc_text_finding);
	write_undecided(writer);
	if (writer->style->loudness == VC_VERBOSE)
		write_suppressed(writer);
	vc_count_findings(writer->subject->findings, &count);
	write_summary(writer, &count);
}

/* --- parts, for reports of several checks --- */

void
vc_text_subject(const struct vc_report *report, const struct vc_style *style, struct vc_buf *out)
{
	const struct vc_text_writer writer = vc_text_writer_of(report, style, out);

	write_header(&writer);
}

void
vc_text_line(const struct vc_report *report, const struct vc_finding *finding, const char *host,
	     const struct vc_style *style, struct vc_buf *out)
{
	const struct vc_text_writer writer = vc_text_writer_of(report, style, out);

	write_line(&writer, finding, host);
}

void
vc_text_counts(const struct vc_count *count, const struct vc_style *style, struct vc_buf *out)
{
	const struct vc_text_writer writer = { .style = style, .out = out };

	write_summary(&writer, count);
}

void
vc_report_text(const struct vc_report *report, const struct vc_style *style, struct vc_buf *out)
{
	struct vc_text_writer writer = { .report = report, .style = style, .out = out };
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
