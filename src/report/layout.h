/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Laying out text: colours by role, wrapped prose, labelled lines. All text that passes through here is made safe. */
#pragma once

#include "report/report.h"

enum vc_role {
	VC_ROLE_PLAIN,
	VC_ROLE_ERROR,
	VC_ROLE_WARNING,
	VC_ROLE_INFO,
	VC_ROLE_UNDECIDED,
	VC_ROLE_STRONG, /* the message, a heading */
	VC_ROLE_LABEL,	/* at, device, why, fix */
	VC_ROLE_CODE,	/* what can be pasted */
};

enum vc_role vc_severity_role(enum vc_severity severity);
/* Where a fix is made: "in the domain". */
const char *vc_who_phrase(enum vc_who who);

/* Column where the text after a label begins. */
#define VC_LAYOUT_COLUMN 10

/* @text in the colours of @role. */
void vc_layout_add(struct vc_buf *out, const struct vc_style *style, enum vc_role role, const char *text);

/*
 * Prose, wrapped to the width, every line but the first indented by @indent columns; the first one begins
 * where the line stands, @column. Paragraphs stay apart by an empty line. Ends with a newline.
 */
void vc_layout_wrap(struct vc_buf *out, const struct vc_style *style, const char *text, unsigned column,
		    unsigned indent);

/* Prose with its lines folded: one line per paragraph, an empty line between them. */
void vc_layout_fold(struct vc_buf *out, const char *text);

/* "  label   ", after which VC_LAYOUT_COLUMN columns are used. */
void vc_layout_label(struct vc_buf *out, const struct vc_style *style, const char *label);

/* The lines of @text, indented and otherwise as they are. */
void vc_layout_block(struct vc_buf *out, const struct vc_style *style, const char *text, unsigned indent);

/* How many columns @text takes, one per character. */
unsigned vc_layout_columns(const char *text);
void vc_layout_pad(struct vc_buf *out, unsigned columns);
