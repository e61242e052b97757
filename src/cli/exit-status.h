/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The exit status, decided in one place. */
#pragma once

#include "report/report.h"

enum vc_exit {
	VC_EXIT_OK = 0,	       /* nothing at or above the threshold */
	VC_EXIT_FINDING = 1,   /* a finding at or above it */
	VC_EXIT_INPUT = 2,     /* usage, unreadable or malformed input, broken rule, output that cannot be written */
	VC_EXIT_UNDECIDED = 3, /* nothing failed, but with --strict something is undecided */
	VC_EXIT_INTERNAL = 4,  /* vhostcheck is wrong */
};

enum vc_fail_on { VC_FAIL_ON_ERROR, VC_FAIL_ON_WARNING, VC_FAIL_ON_INFO, VC_FAIL_ON_NEVER };

/*
 * @broken: an input or a rule file was refused, so that the report is not complete. That outweighs a finding,
 * as a caller who asked about three domains has to know that only two were checked.
 */
enum vc_exit vc_exit_status(const struct vc_count *count, enum vc_fail_on fail_on, bool strict, bool broken);
