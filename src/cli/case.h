/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Test cases of rules: a domain and a host, or facts set by hand, and the outcome a rule must have.
 * The format is described in CONTRIBUTING.md.
 */
#pragma once

#include <stdio.h>

#include "cli/run.h"

enum vc_expectation {
	VC_EXPECT_PASS,
	VC_EXPECT_FAIL,
	VC_EXPECT_UNDECIDED,
	VC_EXPECT_SKIP,
	VC_EXPECT_CLEAN, /* no rule at all fails */
};

struct vc_case_line {
	int line;
	const char *text;
};

struct vc_case {
	const char *file;
	const char *rule;	       /* name of its directory */
	enum vc_expectation expected;
	const char *host;	       /* capture or tree, NULL: facts alone */
	const char *domain_file;
	const char *domain;	       /* text, NULL: a host-only case */
	size_t domain_size;
	bool is_command_line;	       /* it is a QEMU command line, not a domain */
	bool has_qemu_version, has_libvirt_version;
	struct vc_version qemu_version, libvirt_version;
	struct vc_case_line *fact;     /* "host.x = value", ... */
	size_t facts;
	struct vc_case_line *says;
	size_t says_count;
};

int vc_case_load(const char *file, struct vc_arena *arena, struct vc_diags *diags, struct vc_case *ret_case)
	_must_check_;

/*
 * Fills @run as the case says: domain read, host probed or facts set, ready for vc_run_judge(). The run must
 * have been opened with the rules and no root.
 */
int vc_case_prepare(const struct vc_case *test, const struct vc_run_options *options, struct vc_run *run)
	_must_check_;

/* Sets one fact of @host: "PATH = VALUE", "PATH absent", "PATH unreadable ERRNO", "PATH none". */
int vc_case_set_fact(struct vc_host *host, const char *text, const char *file, int line, struct vc_arena *arena,
		     struct vc_diags *diags) _must_check_;

/* "" when the outcome is as expected, else what is different (arena text). */
const char *vc_case_judge(const struct vc_case *test, const struct vc_run *run);

/* All *.case files below the paths, sorted. Negative errno with a diagnostic when a path cannot be read. */
int vc_cases_find(const char *const *path, size_t count, struct vc_arena *arena, struct vc_diags *diags,
		  const char *const **ret_file, size_t *ret_count) _must_check_;

/*
 * Runs every case at or below @path and prints one line for each that is not as expected, and a summary.
 * Returns 0 if all are as expected, 1 if one is not, 2 if one cannot be read.
 */
int vc_cases_run(const char *const *path, size_t count, const struct vc_run_options *options, FILE *out);
