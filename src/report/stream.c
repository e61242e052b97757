/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/stream.h"

#include <string.h>

#include "report/fix-text.h"
#include "report/layout.h"

const char *
vc_subject_path(const struct vc_report_subject *subject)
{
	if (!subject->guest || !subject->guest->file || strcmp(subject->guest->file, "-") == 0)
		return NULL;
	return subject->guest->file;
}

const char *
vc_subject_file(const struct vc_report_subject *subject)
{
	const char *path = vc_subject_path(subject);

	return path ? path : subject->guest && subject->guest->file ? "<stdin>" : "host";
}

const char *
vc_subject_name(const struct vc_report_subject *subject)
{
	const struct vc_guest *guest = subject->guest;

	return guest && vc_known(&guest->name.fact) ? guest->name.value : vc_subject_file(subject);
}

const char *
vc_finding_message(const struct vc_finding *finding)
{
	return finding->message ? finding->message : finding->rule->title;
}

const char *
vc_finding_where(const struct vc_finding *finding, struct vc_arena *arena)
{
	if (finding->place.line > 0)
		return vc_arena_printf(arena, "line %d", finding->place.line);
	return finding->device;
}

const char *
vc_finding_doubt(const struct vc_finding *finding, struct vc_arena *arena)
{
	_cleanup_buf_ struct vc_buf text = { 0 };

	vc_buf_add(&text, finding->unknown_reason ? finding->unknown_reason : "not known");
	if (finding->unknown_hint)
		vc_buf_addf(&text, "; %s", finding->unknown_hint);
	if (finding->unknown_fact)
		vc_buf_addf(&text, ": %s", finding->unknown_fact);
	if (finding->unknown_from)
		vc_buf_addf(&text, " (%s)", finding->unknown_from);
	return vc_arena_strndup(arena, vc_buf_text(&text), text.length);
}

void
vc_finding_add_fixes(const struct vc_report *report, const struct vc_finding *finding, struct vc_buf *out)
{
	const struct vc_fix_input input =
		vc_fix_input_of(finding, report->host, report->subject[0].guest, report->arena);

	for (size_t i = 0; i < finding->rule->fixes; i++) {
		struct vc_fix_text text;

		if (vc_fix_text(&finding->rule->fix[i], &input, &text))
			vc_buf_addf(out, "fix, %s%s: %s\n", vc_who_phrase(text.who), text.safe ? ", safe" : "",
				    text.summary);
	}
}
