/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reports: what was found, in words for people and in JSON for programs. A report decides nothing and writes
 * nothing: it turns sealed models and findings into text in a buffer.
 */
#pragma once

#include "base/buf.h"
#include "host/hostfs.h"
#include "rules/engine.h"

struct vc_report_subject {
	const struct vc_guest *guest; /* NULL: the host alone was checked */
	const struct vc_findings *findings;
};

struct vc_report {
	struct vc_arena *arena;
	const struct vc_host *host;
	enum vc_hostfs_kind source;
	const char *root; /* as the user named it: "/" or a capture */
	const struct vc_report_subject *subject;
	size_t subjects;
};

/* Outcomes of one subject, or of several: counting adds. */
struct vc_count {
	size_t error, warning, info, undecided, suppressed, passed, skipped;
};
void vc_count_findings(const struct vc_findings *findings, struct vc_count *count);

enum vc_loudness { VC_NORMAL, VC_QUIET, VC_VERBOSE };

/* How text is laid out. */
struct vc_style {
	bool color;
	unsigned width; /* columns; 0 means VC_WIDTH_DEFAULT */
	enum vc_loudness loudness;
};
#define VC_WIDTH_DEFAULT 100

void vc_report_text(const struct vc_report *report, const struct vc_style *style, struct vc_buf *out);
/* Section 8 of the contract: src/report/vhostcheck-report.schema.json. */
void vc_report_json(const struct vc_report *report, struct vc_buf *out);

/*
 * The host fixes of all findings, numbered: as a shell script that does nothing until it is told which of them,
 * and as a list of Ansible tasks that run only when their tag is asked for.
 */
void vc_report_host_script(const struct vc_report *report, struct vc_buf *out);
void vc_report_host_ansible(const struct vc_report *report, struct vc_buf *out);

/*
 * Every fact of the host whose name begins with @prefix ("" for all), lists with their records.
 * Returns how many there were.
 */
size_t vc_facts_text(const struct vc_host *host, const char *prefix, const struct vc_style *style,
		     struct vc_buf *out);
size_t vc_facts_json(const struct vc_report *report, const char *prefix, struct vc_buf *out);

/* One rule in full. */
void vc_explain_text(const struct vc_rule *rule, struct vc_arena *arena, const struct vc_style *style,
		     struct vc_buf *out);

/* How far a rule can be acted on: the best of its fixes. */
enum vc_fixable {
	VC_FIXABLE_NO,	 /* advice at most */
	VC_FIXABLE_ANY,	 /* an edit, a command or a setting, which somebody has to decide on */
	VC_FIXABLE_SAFE, /* an edit that needs no deciding */
};
enum vc_fixable vc_rule_fixable(const struct vc_rule *rule);

/* Which rules are listed. */
struct vc_rules_filter {
	const char *topic; /* NULL: all */
	bool has_severity;
	enum vc_severity severity;
	enum vc_fixable fixable; /* at least; NO: all */
};

/* @filter NULL: all rules. */
void vc_rules_text(const struct vc_ruleset *rules, const struct vc_rules_filter *filter,
		   const struct vc_style *style, struct vc_buf *out);
void vc_rules_json(const struct vc_ruleset *rules, const struct vc_rules_filter *filter, struct vc_buf *out);
