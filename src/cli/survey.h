/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every domain on every host, in one process: the rules are loaded once, a domain is read once, a host is
 * probed once for what the domains need of it, and again only when a later one needs more.
 *
 * Domains are read in batches. After each domain what was made for it is forgotten, so that memory does not
 * depend on how many there are.
 */
#pragma once

#include "cli/run.h"
#include "report/report.h"

struct vc_survey_options {
	struct vc_run_options run; /* without root */
	const char *const *root;
	size_t roots;
	const char *const *domain; /* files, "-" for standard input */
	size_t domains;
	struct vc_guest *guest; /* read already, those of command lines; checked after the domains */
	size_t guests;
	bool host_alone; /* the hosts are checked without a domain, before the domains if there are any */
	bool everything; /* the hosts are probed for all their facts */
};

/* One domain, or the hosts alone, on all hosts that could be opened. Lives until the next one. */
struct vc_survey_row {
	const struct vc_report *report; /* of one subject each */
	const size_t *host;             /* the index of its root */
	size_t reports;
};

struct vc_survey_events {
	void *context;
	/* Negative: stop. */
	int (*row)(void *context, const struct vc_survey_row *row);
	/* A domain that could not be read, or a host that could not be opened. */
	void (*refused)(void *context, const struct vc_diags *diags);
	/* After every row; @of rows there will be. */
	void (*progress)(void *context, size_t done, size_t of);
};

/*
 * 0, or what a row answered. *ret_refused counts domains and hosts that were refused; without any row nothing
 * could be checked.
 */
int vc_survey(const struct vc_ruleset *rules, const struct vc_survey_options *options,
	      const struct vc_survey_events *events, size_t *ret_refused) _must_check_;
