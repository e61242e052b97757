/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/layout.h"

#include <string.h>

/* Below this nothing readable can be laid out; a terminal that claims less is treated as this wide. */
#define WIDTH_MIN 40
#define BLANKS " \t\n\r"

static const char *const role_colors[] = {
	[VC_ROLE_PLAIN] = "",
	[VC_ROLE_ERROR] = "\033[1;31m",
	[VC_ROLE_WARNING] = "\033[1;33m",
	[VC_ROLE_INFO] = "\033[1;36m",
	[VC_ROLE_UNDECIDED] = "\033[1;35m",
	[VC_ROLE_STRONG] = "\033[1m",
	[VC_ROLE_LABEL] = "\033[36m",
	[VC_ROLE_CODE] = "\033[32m",
};

enum vc_role
vc_severity_role(enum vc_severity severity)
{
	switch (severity) {
	case VC_ERROR:
		return VC_ROLE_ERROR;
	case VC_WARNING:
		return VC_ROLE_WARNING;
	case VC_INFO:
		break;
	}
	return VC_ROLE_INFO;
}

static bool
is_colored(const struct vc_style *style, enum vc_role role)
{
	return style->color && role != VC_ROLE_PLAIN;
}

const char *
vc_who_phrase(enum vc_who who)
{
	static const char *const phrases[] = {
		[VC_WHO_DOMAIN] = "in the domain",
		[VC_WHO_HOST] = "on the host",
		[VC_WHO_FIRMWARE] = "in the firmware",
		[VC_WHO_VENDOR] = "by the vendor",
	};

	return phrases[who];
}

void
vc_layout_add(struct vc_buf *out, const struct vc_style *style, enum vc_role role, const char *text)
{
	if (is_colored(style, role))
		vc_buf_add(out, role_colors[role]);
	vc_buf_add_safe(out, text, 0);
	if (is_colored(style, role))
		vc_buf_add(out, "\033[0m");
}

unsigned
vc_layout_columns(const char *text)
{
	unsigned columns = 0;

	/* Every byte but the continuation bytes of UTF-8 (RFC 3629 section 3) begins a character. */
	for (; *text; text++)
		columns += ((unsigned char)*text & 0xc0) != 0x80;
	return columns;
}

void
vc_layout_pad(struct vc_buf *out, unsigned columns)
{
	vc_buf_addf(out, "%*s", (int)columns, "");
}

static unsigned
usable_width(const struct vc_style *style)
{
	unsigned width = style->width ? style->width : VC_WIDTH_DEFAULT;

	return width < WIDTH_MIN ? WIDTH_MIN : width;
}

/* Passes the blanks at @text; tells whether an empty line is among them. */
static const char *
skip_blanks(const char *text, bool *ret_paragraph)
{
	unsigned newlines = 0;

	for (; *text && strchr(BLANKS, *text); text++)
		newlines += *text == '\n';
	*ret_paragraph = newlines > 1;
	return text;
}

void
vc_layout_wrap(struct vc_buf *out, const struct vc_style *style, const char *text, unsigned column,
	       unsigned indent)
{
	_cleanup_buf_ struct vc_buf raw = { 0 }, word = { 0 };
	unsigned width = usable_width(style);
	bool first = true, paragraph;

	text = skip_blanks(text, &paragraph);
	while (*text) {
		size_t length = strcspn(text, BLANKS);
		unsigned columns;

		raw.length = word.length = 0;
		vc_buf_add_n(&raw, text, length);
		vc_buf_add_safe(&word, vc_buf_text(&raw), 0);
		columns = vc_layout_columns(vc_buf_text(&word));
		if (!first && column + 1 + columns > width) {
			vc_buf_add(out, "\n");
			vc_layout_pad(out, indent);
			column = indent;
		} else if (!first && column > indent) {
			vc_buf_add(out, " ");
			column++;
		}
		vc_buf_add(out, vc_buf_text(&word));
		column += columns;
		first = false;
		text = skip_blanks(text + length, &paragraph);
		if (*text && paragraph) {
			vc_buf_add(out, "\n\n");
			vc_layout_pad(out, indent);
			column = indent;
		}
	}
	vc_buf_add(out, "\n");
}

void
vc_layout_fold(struct vc_buf *out, const char *text)
{
	bool paragraph;

	text = skip_blanks(text, &paragraph);
	while (*text) {
		size_t length = strcspn(text, BLANKS);

		vc_buf_add_n(out, text, length);
		text = skip_blanks(text + length, &paragraph);
		if (*text)
			vc_buf_add(out, paragraph ? "\n\n" : " ");
	}
}

void
vc_layout_label(struct vc_buf *out, const struct vc_style *style, const char *label)
{
	unsigned columns = 2 + vc_layout_columns(label);

	vc_layout_pad(out, 2);
	vc_layout_add(out, style, VC_ROLE_LABEL, label);
	vc_layout_pad(out, columns < VC_LAYOUT_COLUMN ? VC_LAYOUT_COLUMN - columns : 1);
}

void
vc_layout_block(struct vc_buf *out, const struct vc_style *style, const char *text, unsigned indent)
{
	_cleanup_buf_ struct vc_buf line = { 0 };

	while (*text) {
		size_t length = strcspn(text, "\n");

		line.length = 0;
		vc_buf_add_n(&line, text, length);
		if (length > 0) {
			vc_layout_pad(out, indent);
			vc_layout_add(out, style, VC_ROLE_CODE, vc_buf_text(&line));
		}
		vc_buf_add(out, "\n");
		text += length + (text[length] == '\n');
	}
}
