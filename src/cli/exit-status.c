/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/exit-status.h"

static size_t
findings_at_or_above(const struct vc_count *count, enum vc_fail_on fail_on)
{
	switch (fail_on) {
	case VC_FAIL_ON_ERROR:
		return count->error;
	case VC_FAIL_ON_WARNING:
		return count->error + count->warning;
	case VC_FAIL_ON_INFO:
		return count->error + count->warning + count->info;
	case VC_FAIL_ON_NEVER:
		break;
	}
	return 0;
}

enum vc_exit
vc_exit_status(const struct vc_count *count, enum vc_fail_on fail_on, bool strict, bool broken)
{
	if (broken)
		return VC_EXIT_INPUT;
	if (findings_at_or_above(count, fail_on) > 0)
		return VC_EXIT_FINDING;
	if (strict && count->undecided > 0)
		return VC_EXIT_UNDECIDED;
	return VC_EXIT_OK;
}
