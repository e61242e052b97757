/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Annotations of GitHub Actions: workflow commands on standard output.
 *
 *   ::error file=win11.xml,line=32,title=viommu-aw-bits::MESSAGE
 *
 * Escapes as the runner undoes them [actions/runner src/Runner.Common/ActionCommand.cs]: % CR LF in a
 * message, and ':' and ',' as well in a property. The runner also takes "##[" anywhere in a line that is no
 * such command for one, so that no text from outside stands in any other line.
 */
#include <string.h>

#include "report/stream.h"

struct github_stream {
	size_t checks;
	struct vc_count count;
};

static void
begin(struct vc_stream *stream, struct vc_buf *out)
{
	(void)out;
	stream->state = vc_arena_make(stream->arena, struct github_stream);
}

static void
add_escaped(struct vc_buf *out, const char *text, const char *special)
{
	_cleanup_buf_ struct vc_buf safe = { 0 };

	vc_buf_add_safe(&safe, text, 1);
	for (const char *at = vc_buf_text(&safe); *at; at++) {
		if (strchr(special, *at))
			vc_buf_addf(out, "%%%02X", (unsigned char)*at);
		else
			vc_buf_add_n(out, at, 1);
	}
}

struct command {
	const char *name, *file, *title, *host, *text;
	int line;
};

static void
add_property(struct vc_buf *out, const char *name, const char *value, char *separator)
{
	vc_buf_addf(out, "%c%s=", *separator, name);
	add_escaped(out, value, "%\r\n:,");
	*separator = ',';
}

static void
write_command(const struct command *command, struct vc_buf *out)
{
	_cleanup_buf_ struct vc_buf title = { 0 };
	char separator = ' ';

	vc_buf_addf(out, "::%s", command->name);
	if (command->file) {
		add_property(out, "file", command->file, &separator);
		if (command->line > 0)
			vc_buf_addf(out, ",line=%d", command->line);
	}
	vc_buf_add(&title, command->title);
	if (command->host)
		vc_buf_addf(&title, " on %s", command->host);
	add_property(out, "title", vc_buf_text(&title), &separator);
	vc_buf_add(out, "::");
	add_escaped(out, command->text, "%\r\n");
	vc_buf_add(out, "\n");
}

static const char *
name_of(enum vc_severity severity)
{
	return severity == VC_ERROR ? "error" : severity == VC_WARNING ? "warning" : "notice";
}

/* What nobody could decide is one annotation: GitHub shows only the first ten of a kind. */
static void
write_undecided(const struct vc_report *report, const char *host, struct vc_buf *out)
{
	const struct vc_findings *findings = report->subject[0].findings;
	struct command command = { .name = "notice",
				   .file = vc_subject_path(&report->subject[0]),
				   .host = host };
	_cleanup_buf_ struct vc_buf text = { 0 };
	size_t count = 0;

	for (size_t i = 0; i < findings->count; i++) {
		if (findings->item[i].outcome != VC_UNDECIDED)
			continue;
		vc_buf_addf(&text, "%s%s: %s", count > 0 ? "\n" : "", findings->item[i].rule->id,
			    vc_finding_doubt(&findings->item[i], report->arena));
		count++;
	}
	command.title = vc_arena_printf(report->arena, "%zu undecided", count);
	command.text = vc_buf_text(&text);
	if (count > 0)
		write_command(&command, out);
}

static void
add(struct vc_stream *stream, const struct vc_report *report, size_t host, struct vc_buf *out)
{
	const char *label = stream->info->hosts > 1 ? stream->info->host[host].label : NULL;
	const struct vc_findings *findings = report->subject[0].findings;
	struct github_stream *state = stream->state;

	for (size_t i = 0; i < findings->count; i++) {
		const struct vc_finding *finding = &findings->item[i];
		_cleanup_buf_ struct vc_buf text = { 0 };

		if (finding->outcome != VC_FAIL)
			continue;
		vc_buf_addf(&text, "%s\n", vc_finding_message(finding));
		vc_finding_add_fixes(report, finding, &text);
		text.text[--text.length] = '\0';
		write_command(&(struct command){ .name = name_of(finding->rule->severity),
						 .file = vc_subject_path(&report->subject[0]),
						 .line = finding->place.line,
						 .title = finding->rule->id,
						 .host = label,
						 .text = vc_buf_text(&text) },
			      out);
	}
	write_undecided(report, label, out);
	vc_count_findings(findings, &state->count);
	state->checks++;
}

static void
end(struct vc_stream *stream, const struct vc_diags *refused, struct vc_buf *out)
{
	const struct github_stream *state = stream->state;

	for (size_t i = 0; i < refused->count; i++) {
		const struct vc_diag *diag = &refused->item[i];
		bool standard_input = diag->file && strcmp(diag->file, "-") == 0;

		write_command(&(struct command){ .name = "error",
						 .file = standard_input ? NULL : diag->file,
						 .line = diag->line,
						 .title = "not checked",
						 .text = diag->text },
			      out);
	}
	vc_buf_addf(out, "vhostcheck, checks %zu: errors %zu, warnings %zu, infos %zu, undecided %zu\n",
		    state->checks, state->count.error, state->count.warning, state->count.info,
		    state->count.undecided);
}

const struct vc_format_row vc_format_github = { "github", begin, add, end };
