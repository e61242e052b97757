/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/rule-xml.h"

#include <string.h>

#include "base/suggest.h"

int
vc_xml_parse(const char *text, size_t size, const struct vc_source *source, xmlDoc **ret_doc)
{
	return vc_site_xml_parse(text, size, "rule", source->file, source->diags, ret_doc);
}

const char *
vc_xml_attribute(const struct vc_source *source, xmlNode *node, const char *name)
{
	xmlChar *value = xmlGetNoNsProp(node, (const xmlChar *)name);
	const char *copy = value ? vc_arena_strdup(source->arena, (const char *)value) : NULL;

	xmlFree(value);
	return copy;
}

static bool
has_attribute(const xmlAttr *at, const struct vc_xml_attribute *attribute, size_t attributes)
{
	for (size_t i = 0; i < attributes && !at->ns; i++) {
		if (strcmp(attribute[i].name, (const char *)at->name) == 0)
			return true;
	}
	return false;
}

static void
refuse_attribute(const struct vc_source *source, const xmlAttr *at, const struct vc_xml_attribute *attribute,
		 size_t attributes)
{
	const char *name = (const char *)at->name;
	struct vc_suggest suggest;

	vc_suggest_init(&suggest, name);
	for (size_t i = 0; i < attributes; i++)
		vc_suggest_offer(&suggest, attribute[i].name);
	if (suggest.best)
		vc_diag_add(source->diags, source->file, source->line,
			    "<%s> has no attribute '%s'; did you mean '%s'?", vc_xml_name(at->parent), name,
			    suggest.best);
	else
		vc_diag_add(source->diags, source->file, source->line, "<%s> has no attribute '%s'",
			    vc_xml_name(at->parent), name);
}

void
vc_xml_check_attributes(const struct vc_source *source, xmlNode *node,
			const struct vc_xml_attribute *attribute, size_t attributes)
{
	for (xmlAttr *at = node->properties; at; at = at->next) {
		if (!has_attribute(at, attribute, attributes))
			refuse_attribute(source, at, attribute, attributes);
	}
	for (size_t i = 0; i < attributes; i++) {
		if (attribute[i].required && !xmlHasNsProp(node, (const xmlChar *)attribute[i].name, NULL))
			vc_diag_add(source->diags, source->file, source->line,
				    "<%s> needs the attribute '%s'", vc_xml_name(node), attribute[i].name);
	}
}

static bool
is_blank(const char *text)
{
	return text[strspn(text, " \t\r\n")] == '\0';
}

/* NULL after a diagnostic. */
static const char *
read_text(const struct vc_source *source, xmlNode *node)
{
	_cleanup_buf_ struct vc_buf buf = { 0 };

	for (xmlNode *child = node->children; child; child = child->next) {
		switch (child->type) {
		case XML_TEXT_NODE:
		case XML_CDATA_SECTION_NODE:
			vc_buf_add(&buf, child->content ? (const char *)child->content : "");
			break;
		case XML_COMMENT_NODE:
		case XML_PI_NODE:
			break;
		default:
			vc_diag_add(source->diags, source->file, vc_xml_line(child),
				    "<%s> holds text, not <%s>", vc_xml_name(node), vc_xml_name(child));
			return NULL;
		}
	}
	if (is_blank(vc_buf_text(&buf))) {
		vc_diag_add(source->diags, source->file, source->line, "<%s> is empty", vc_xml_name(node));
		return NULL;
	}
	return vc_arena_strdup(source->arena, vc_buf_text(&buf));
}

static const struct vc_xml_element *
find_element(const struct vc_source *source, xmlNode *node, const struct vc_xml_element *element,
	     size_t elements)
{
	struct vc_suggest suggest;

	for (size_t i = 0; i < elements; i++) {
		if (!node->ns && strcmp(element[i].name, vc_xml_name(node)) == 0)
			return &element[i];
	}
	vc_suggest_init(&suggest, vc_xml_name(node));
	for (size_t i = 0; i < elements; i++)
		vc_suggest_offer(&suggest, element[i].name);
	if (suggest.best)
		vc_diag_add(source->diags, source->file, source->line,
			    "<%s> has no element <%s>; did you mean <%s>?", vc_xml_name(node->parent),
			    vc_xml_name(node), suggest.best);
	else
		vc_diag_add(source->diags, source->file, source->line, "<%s> has no element <%s>",
			    vc_xml_name(node->parent), vc_xml_name(node));
	return NULL;
}

static void
load_child(const struct vc_source *source, xmlNode *node, const struct vc_xml_element *element, void *context)
{
	size_t before = source->diags->count;
	const char *text = NULL;

	vc_xml_check_attributes(source, node, element->attribute, element->attributes);
	if (element->content == VC_XML_EMPTY && node->children) {
		vc_diag_add(source->diags, source->file, source->line, "<%s> holds nothing but attributes",
			    vc_xml_name(node));
		return;
	}
	if (element->content == VC_XML_TEXT) {
		text = read_text(source, node);
		if (!text)
			return;
	}
	/* With a wrong attribute there is nothing to load, but children may be wrong as well. */
	if (source->diags->count == before || element->content == VC_XML_CHILDREN)
		element->load(context, source, node, text);
}

void
vc_xml_load_children(const struct vc_source *source, xmlNode *parent, const struct vc_xml_element *element,
		     size_t elements, void *context)
{
	struct vc_source at = *source;
	uint64_t seen = 0;

	for (xmlNode *node = parent->children; node; node = node->next) {
		const struct vc_xml_element *found;

		if (vc_source_is_enough(source))
			return;
		at.line = vc_xml_line(node);
		if (node->type == XML_COMMENT_NODE || node->type == XML_PI_NODE)
			continue;
		if (node->type != XML_ELEMENT_NODE) {
			if (!node->content || !is_blank((const char *)node->content))
				vc_diag_add(at.diags, at.file, at.line, "<%s> holds elements, not text",
					    vc_xml_name(parent));
			continue;
		}
		found = find_element(&at, node, element, elements);
		if (!found)
			continue;
		if ((seen >> (found - element) & 1) && !found->repeatable) {
			vc_diag_add(at.diags, at.file, at.line, "<%s> has more than one <%s>",
				    vc_xml_name(parent), found->name);
			continue;
		}
		seen |= UINT64_C(1) << (found - element);
		load_child(&at, node, found, context);
	}
	for (size_t i = 0; i < elements; i++) {
		if (element[i].required && !(seen >> i & 1))
			vc_diag_add(source->diags, source->file, source->line, "<%s> needs <%s>",
				    vc_xml_name(parent), element[i].name);
	}
}
