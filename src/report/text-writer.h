/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What text.c and text-finding.c share. */
#pragma once

#include "report/layout.h"
#include "report/text.h"

struct vc_text_writer {
	const struct vc_report *report;
	const struct vc_style *style;
	struct vc_buf *out;
	const struct vc_report_subject *subject;
	const struct vc_rule *explained; /* the rule of the finding before */
};

/* Of a report of one subject. */
static inline struct vc_text_writer
vc_text_writer_of(const struct vc_report *report, const struct vc_style *style, struct vc_buf *out)
{
	return (struct vc_text_writer){
		.report = report,
		.style = style,
		.out = out,
		.subject = &report->subject[0],
	};
}

/* "win11.xml", "<stdin>", or "host" without a domain. */
const char *vc_text_file(const struct vc_report_subject *subject);
void vc_text_finding(const struct vc_text_writer *writer, const struct vc_finding *finding);
