/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the formats share. */
#pragma once

#include "report/format.h"

extern const struct vc_format_row vc_format_text, vc_format_json, vc_format_jsonl, vc_format_sarif,
	vc_format_junit, vc_format_github;

/* The file of a subject as people read it; "host" for the host alone. */
const char *vc_subject_file(const struct vc_report_subject *subject);
/* The same for programs: NULL for standard input, and for the host alone. */
const char *vc_subject_path(const struct vc_report_subject *subject);
/* Its name, else its file. */
const char *vc_subject_name(const struct vc_report_subject *subject);

/* What is wrong. */
const char *vc_finding_message(const struct vc_finding *finding);
/* "line 32", else the device, else NULL: what tells findings of one rule apart. Arena. */
const char *vc_finding_where(const struct vc_finding *finding, struct vc_arena *arena);
/* "REASON; HINT: FACT (FROM)" of one that is undecided. Arena. */
const char *vc_finding_doubt(const struct vc_finding *finding, struct vc_arena *arena);
/* "fix, in the domain, safe: SUMMARY", one line per fix that is offered. */
void vc_finding_add_fixes(const struct vc_report *report, const struct vc_finding *finding,
			  struct vc_buf *out);
