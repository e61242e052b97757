/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading the XML of rule files, strictly: whatever is not expected is refused, with a suggestion. */
#pragma once

#include <libxml/tree.h>

#include "host/site-xml.h"
#include "rules/names.h"

/* No DTD, no entities, no network. On failure adds one diagnostic and returns a negative errno. */
int vc_xml_parse(const char *text, size_t size, const struct vc_source *source,
		 xmlDoc **ret_doc) _must_check_;

struct vc_xml_attribute {
	const char *name;
	bool required;
};

struct vc_xml_element {
	const char *name;
	bool required, repeatable;
	const struct vc_xml_attribute *attribute;
	size_t attributes;
	/* Text and other elements are refused in an empty element, and elements in one that holds text. */
	enum { VC_XML_EMPTY, VC_XML_TEXT, VC_XML_CHILDREN } content;
	/*
	 * Its attributes and their presence are checked, and @text, if it holds any, is not blank. Complains
	 * by adding to the source's diagnostics, whose line is that of the element.
	 */
	void (*load)(void *context, const struct vc_source *source, xmlNode *node, const char *text);
};

/* Attributes of @node that are not in the table, or missing. */
void vc_xml_check_attributes(const struct vc_source *source, xmlNode *node,
			     const struct vc_xml_attribute *attribute, size_t attributes);

/* Calls the loader of each child of @parent in order; complains about unknown, repeated or missing ones. */
void vc_xml_load_children(const struct vc_source *source, xmlNode *parent,
			  const struct vc_xml_element *element, size_t elements, void *context);

/* NULL when there is none. */
const char *vc_xml_attribute(const struct vc_source *source, xmlNode *node, const char *name);

/* The element's own name. */
static inline const char *
vc_xml_name(const xmlNode *node)
{
	return (const char *)node->name;
}

static inline int
vc_xml_line(const xmlNode *node)
{
	return (int)xmlGetLineNo(node);
}
