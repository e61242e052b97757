/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "generate/roff.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/*
 * Characters that groff would take for something else: the hyphen, quotes and accents become typographic
 * ones, a backslash begins an escape, a point at the beginning of a line a macro [groff 1.22.4 groff_char(7),
 * groff_man_style(7)].
 */
static const struct {
	char character;
	const char *escape;
} escapes[] = {
	{ .character = '\\', .escape = "\\e" },   { .character = '-', .escape = "\\-" },
	{ .character = '\'', .escape = "\\(aq" }, { .character = '"', .escape = "\\(dq" },
	{ .character = '`', .escape = "\\(ga" },  { .character = '^', .escape = "\\(ha" },
	{ .character = '~', .escape = "\\(ti" },
};

static void
add_character(struct vc_buf *out, char character)
{
	for (size_t i = 0; i < VC_COUNT(escapes); i++) {
		if (escapes[i].character == character) {
			vc_buf_add(out, escapes[i].escape);
			return;
		}
	}
	vc_buf_add_n(out, &character, 1);
}

/* Words beyond this length may be broken, without a hyphen: addresses of pages, lists of options. */
#define LONG_WORD 30

static void
add_word(struct vc_buf *out, const char *word, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		add_character(out, word[i]);
		if (length > LONG_WORD && strchr("/-_.,;:=&?", word[i]))
			vc_buf_add(out, "\\:");
	}
}

/* One line, blanks and line ends folded. Nothing for a text without a word. */
static void
add_line(struct vc_buf *out, const char *text, size_t length)
{
	const char *end = text + length;
	bool begun = false;

	while (text < end) {
		const char *word = text;

		while (text < end && !isspace((unsigned char)*text))
			text++;
		if (text > word) {
			if (begun)
				vc_buf_add(out, " ");
			else if (*word == '.')
				vc_buf_add(out, "\\&");
			add_word(out, word, (size_t)(text - word));
			begun = true;
		}
		while (text < end && isspace((unsigned char)*text))
			text++;
	}
	if (begun)
		vc_buf_add(out, "\n");
}

/* The paragraphs of @text, with @macro between them. */
static void
add_paragraphs(struct vc_buf *out, const char *text, const char *macro)
{
	for (const char *end = strstr(text, "\n\n"); end; end = strstr(text, "\n\n")) {
		add_line(out, text, (size_t)(end - text));
		text = end + strspn(end, "\n");
		if (*text)
			vc_buf_addf(out, "%s\n", macro);
	}
	add_line(out, text, strlen(text));
}

static void
add_heading(struct vc_buf *out, const char *macro, const char *title)
{
	vc_buf_addf(out, "%s ", macro);
	add_line(out, title, strlen(title));
}

void
roff_begin(struct vc_buf *out, const char *name, unsigned section, const char *what)
{
	vc_buf_add(out, ".\\\" Made by the build of vhostcheck; changes are lost.\n.TH ");
	for (const char *at = name; *at; at++)
		add_character(out, (char)toupper((unsigned char)*at));
	/* whatis(1) takes the name apart at the first escaped hyphen, so that those in it are plain ones. */
	vc_buf_addf(out, " %u \"\" \"vhostcheck " VC_VERSION "\"\n.SH NAME\n%s \\- ", section, name);
	add_line(out, what, strlen(what));
	/* Ragged and unbroken: names, conditions and paths are copied from here. */
	vc_buf_add(out, ".ad l\n.nh\n");
}

void
roff_section(struct vc_buf *out, const char *title)
{
	add_heading(out, ".SH", title);
}

void
roff_subsection(struct vc_buf *out, const char *title)
{
	add_heading(out, ".SS", title);
}

void
roff_paragraph(struct vc_buf *out, const char *text)
{
	vc_buf_add(out, ".PP\n");
	add_paragraphs(out, text, ".PP");
}

void
roff_term(struct vc_buf *out, const char *strong, const char *rest)
{
	vc_buf_add(out, ".TP\n\\fB");
	for (const char *at = strong; *at; at++)
		add_character(out, *at);
	vc_buf_add(out, "\\fR");
	if (rest) {
		vc_buf_add(out, " ");
		for (const char *at = rest; *at; at++)
			add_character(out, *at);
	}
	vc_buf_add(out, "\n");
}

void
roff_text(struct vc_buf *out, const char *text)
{
	add_paragraphs(out, text, ".IP");
}

void
roff_list(struct vc_buf *out, const char *term, const char *const *item, size_t count)
{
	if (count == 0)
		return;
	roff_term(out, term, NULL);
	if (count == 1) {
		roff_text(out, item[0]);
		return;
	}
	vc_buf_add(out, ".RS\n.PD 0\n");
	for (size_t i = 0; i < count; i++) {
		vc_buf_add(out, ".IP \\(bu 2\n");
		add_line(out, item[i], strlen(item[i]));
	}
	vc_buf_add(out, ".PD\n.RE\n");
}

void
roff_break(struct vc_buf *out)
{
	vc_buf_add(out, ".br\n");
}
