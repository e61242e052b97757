/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * XML as libvirt prints it: two blanks per level, attributes in single quotes, text in one line with its tags.
 * The writer of libxml2 uses double quotes and keeps whatever blanks the input had.
 */
#pragma once

#include <libxml/tree.h>

#include "base/buf.h"

/* Adds @node, indented afresh. Namespaces that @context (may be NULL) declares are not declared again. */
void vc_xml_write(struct vc_buf *out, const xmlNode *node, const xmlNode *context);

/* How the text around it is laid out. Three empty texts: everything in one line. */
struct vc_xml_layout {
	const char *newline, *prefix, *indent; /* a line begins with the prefix, and an indent for every level */
	char quote;
};
/* The same without a newline at the end; the first line begins where the text stands. */
void vc_xml_write_in(struct vc_buf *out, const xmlNode *node, const xmlNode *context,
		     const struct vc_xml_layout *layout);

/*
 * Adds @text as it has to stand between quotes of this kind, or outside of tags for '\0'. Blanks need an escape in
 * attributes only (XML 1.0 section 3.3.3).
 */
void vc_xml_escape_for(struct vc_buf *out, const char *text, char quote);

/* Adds @text with what XML treats specially replaced, for text and for attributes in either quotes. */
void vc_xml_escape(struct vc_buf *out, const char *text);
