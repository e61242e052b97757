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

/* Adds @text with what XML treats specially replaced, for text and for attributes in either quotes. */
void vc_xml_escape(struct vc_buf *out, const char *text);
