/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parts of the report for people, each of a report of one subject. */
#pragma once

#include "report/report.h"

/* "capture hosts/a, Linux 6.12.107, libvirt 11.3.0"; @qemu NULL: without it. */
void vc_text_host(const struct vc_report *report, const struct vc_fact_version *qemu, struct vc_buf *out);
/* The domain, if there is one, and the host, a line each. */
void vc_text_subject(const struct vc_report *report, const struct vc_style *style, struct vc_buf *out);
/* All but what is wrong: where, on which device, why, what to do. @explained: the reason was given already. */
void vc_text_details(const struct vc_report *report, const struct vc_finding *finding, bool explained,
		     const struct vc_style *style, struct vc_buf *out);
/* What is wrong, where, and on which device. */
void vc_text_head(const struct vc_report *report, const struct vc_finding *finding,
		  const struct vc_style *style, struct vc_buf *out);
/* The reason; @explained: it was given already. */
void vc_text_why(const struct vc_rule *rule, bool explained, const struct vc_style *style,
		 struct vc_buf *out);
void vc_text_fixes(const struct vc_report *report, const struct vc_finding *finding,
		   const struct vc_style *style, struct vc_buf *out);
/* FILE:LINE: severity: message [rule], and "on HOST" unless that is NULL. */
void vc_text_line(const struct vc_report *report, const struct vc_finding *finding, const char *host,
		  const struct vc_style *style, struct vc_buf *out);
/* "1 error, 0 warnings, ..." with a newline. */
void vc_text_counts(const struct vc_count *count, const struct vc_style *style, struct vc_buf *out);
