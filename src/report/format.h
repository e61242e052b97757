/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A report as a stream: one check after the other goes in, text comes out, and nothing is kept that grows
 * with their number but a few bytes for each in the text report.
 */
#pragma once

#include "base/diag.h"
#include "report/report.h"

enum vc_format {
	VC_FORMAT_TEXT,
	VC_FORMAT_JSON,
	VC_FORMAT_JSONL,
	VC_FORMAT_SARIF,
	VC_FORMAT_JUNIT,
	VC_FORMAT_GITHUB,
	VC_FORMAT_COUNT,
};

struct vc_stream_host {
	const char *root;  /* as the user named it */
	const char *label; /* short, and not that of another host */
};

/* What is known before the first check; borrowed. */
struct vc_stream_info {
	const struct vc_stream_host *host;
	size_t hosts;
	bool several; /* checks may come */
	const struct vc_ruleset *rules;
	struct vc_style style;
	bool fails[VC_ERROR + 1]; /* by severity: it makes the run fail */
	bool strict;              /* so does what is undecided */
};

struct vc_stream {
	const struct vc_stream_info *info;
	struct vc_arena *arena; /* lives as long as the stream */
	void *state;            /* of the format */
};

/*
 * A check comes as a report of one subject, with the index of its host. All checks of a domain follow each
 * other, in the order of the hosts.
 */
struct vc_format_row {
	const char *name; /* --format NAME */
	void (*begin)(struct vc_stream *stream, struct vc_buf *out);
	void (*add)(struct vc_stream *stream, const struct vc_report *report, size_t host,
		    struct vc_buf *out);
	/* @refused: inputs and hosts that could not be checked. */
	void (*end)(struct vc_stream *stream, const struct vc_diags *refused, struct vc_buf *out);
};

/* By enum vc_format. */
extern const struct vc_format_row *const vc_formats[VC_FORMAT_COUNT];
