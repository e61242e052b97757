/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What libvirt shows when its hook refuses to start a guest: a report that is short and plain. */
#pragma once

#include "report/report.h"

/*
 * libvirt puts the text behind a line of its own, and everything that shows it shows it raw. It stays below 4
 * kB, a size that every pipe takes at once.
 */
#define VC_REFUSAL_MAX ((size_t)4000)

/* A proven error: nothing less keeps a guest from starting. */
bool vc_finding_refuses(const struct vc_finding *finding);

/*
 * Why the guest of the only subject is not started. @override tells how to start it all the same, one or more
 * plain sentences. Begins with a newline, ends without one.
 */
void vc_report_refusal(const struct vc_report *report, const char *name, const char *override,
		       struct vc_buf *out);

/* The same without findings: because of @reason. */
void vc_report_refusal_because(const char *name, const char *reason, const char *override,
			       struct vc_buf *out);

/* "error[iommu-off]: message": one line, for a log. */
void vc_finding_line(const struct vc_finding *finding, struct vc_buf *out);
