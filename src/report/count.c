/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/report.h"

static void
count_failure(enum vc_severity severity, struct vc_count *count)
{
	switch (severity) {
	case VC_ERROR:
		count->error++;
		break;
	case VC_WARNING:
		count->warning++;
		break;
	case VC_INFO:
		count->info++;
		break;
	}
}

void
vc_count_findings(const struct vc_findings *findings, struct vc_count *count)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct vc_finding *finding = &findings->item[i];

		switch (finding->outcome) {
		case VC_FAIL:
			count_failure(finding->rule->severity, count);
			break;
		case VC_UNDECIDED:
			count->undecided++;
			break;
		case VC_SUPPRESSED:
			count->suppressed++;
			break;
		case VC_PASS:
			count->passed++;
			break;
		case VC_SKIP:
			count->skipped++;
			break;
		}
	}
	count->passed += findings->passed;
	count->skipped += findings->skipped;
}
