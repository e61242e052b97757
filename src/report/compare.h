/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two states of a host, or two hosts: which facts differ, and which findings came and went. */
#pragma once

#include "report/report.h"

enum vc_change_kind {
	VC_CHANGE_VALUE,    /* known on both sides, and different */
	VC_CHANGE_APPEARED, /* a record of a list that is new */
	VC_CHANGE_GONE,
	VC_CHANGE_UNKNOWN, /* one side does not know it */
};

struct vc_change {
	enum vc_change_kind kind;
	bool minor;                 /* changes all the time, or is said by another fact as well */
	size_t field;               /* of the host's table: facts of one area stand together */
	const char *fact;           /* host.pci.device[0000:01:00.0].driver */
	const char *pattern;        /* the same with [*] */
	const char *key;            /* what stands for the star; "" if there is none */
	const char *before, *after; /* as people read it; NULL: the record is not there */
	const char *difference;     /* of a set: "+new -old"; NULL for all others */
};

struct vc_changes {
	struct vc_change *item; /* by field, pattern and values: those that are alike stand together */
	size_t count;
};

void vc_compare_hosts(const struct vc_host *before, const struct vc_host *after, struct vc_arena *arena,
		      struct vc_changes *ret_changes);

/* What came and went for one subject; borrowed from the two findings. */
struct vc_compared {
	const struct vc_finding **appeared, **gone, **undecided;
	size_t appeared_count, gone_count, undecided_count; /* undecided: rules that were not so before */
	const struct vc_rule **decided;                     /* rules that were undecided before */
	size_t decided_count;
};

/* @host_rules: those that need no domain count as well. */
void vc_compare_findings(const struct vc_findings *before, const struct vc_findings *after, bool host_rules,
			 struct vc_arena *arena, struct vc_compared *ret_compared);

/* Counts of all subjects; for the exit status what appeared and became undecided. */
struct vc_compared_count {
	struct vc_count appeared; /* error, warning, info; undecided: what became so */
	size_t gone, decided, subjects;
};
void vc_compared_add(const struct vc_compared *compared, struct vc_compared_count *count);

/*
 * The comparison as a stream, like the formats of format.h: the hosts and their facts, one subject after the
 * other, the end. @before and @after are reports of the same subject.
 */
struct vc_comparison {
	const struct vc_style *style;
	struct vc_arena *arena;
	struct vc_compared_count count;
	size_t facts; /* that changed and are not minor */
	void *state;  /* of the format */
};

struct vc_comparison_format {
	void (*begin)(struct vc_comparison *comparison, const struct vc_report *before,
		      const struct vc_report *after, const struct vc_changes *changes, struct vc_buf *out);
	void (*add)(struct vc_comparison *comparison, const struct vc_report *before,
		    const struct vc_report *after, const struct vc_compared *compared, struct vc_buf *out);
	void (*end)(struct vc_comparison *comparison, struct vc_buf *out);
};
extern const struct vc_comparison_format vc_comparison_text, vc_comparison_json;
