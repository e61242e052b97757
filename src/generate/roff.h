/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Manual pages as groff_man(7) takes them. Text is shown as it is, whatever it holds. */
#pragma once

#include "base/buf.h"

/* The heading, and the section NAME: "NAME - what". */
void roff_begin(struct vc_buf *out, const char *name, unsigned section, const char *what);
void roff_section(struct vc_buf *out, const char *title);
void roff_subsection(struct vc_buf *out, const char *title);
/* One paragraph, or more where empty lines separate them. */
void roff_paragraph(struct vc_buf *out, const char *text);
/* The heading of an indented paragraph: @strong in bold, @rest behind it (NULL: nothing). The text comes
 * next. */
void roff_term(struct vc_buf *out, const char *strong, const char *rest);
/* Text in the paragraph that was begun; empty lines become paragraphs of the same indent. */
void roff_text(struct vc_buf *out, const char *text);
/* Both, for several texts: a point before each. */
void roff_list(struct vc_buf *out, const char *term, const char *const *item, size_t count);
/* A line break in the paragraph. */
void roff_break(struct vc_buf *out);
