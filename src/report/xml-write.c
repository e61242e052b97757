/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/xml-write.h"

#include <stdbool.h>
#include <string.h>

/* The reader refuses deeper input; this keeps a tree that was made otherwise from using up the stack. */
#define DEPTH_MAX 512

struct writer {
	struct vc_buf *out;
	const xmlNode *context;
	const struct vc_xml_layout *layout;
};

void
vc_xml_escape(struct vc_buf *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			vc_buf_add(out, "&amp;");
			break;
		case '<':
			vc_buf_add(out, "&lt;");
			break;
		case '>':
			vc_buf_add(out, "&gt;");
			break;
		case '\'':
			vc_buf_add(out, "&apos;");
			break;
		case '"':
			vc_buf_add(out, "&quot;");
			break;
		default:
			vc_buf_add_n(out, text, 1);
		}
	}
}

void
vc_xml_escape_for(struct vc_buf *out, const char *text, char quote)
{
	for (; *text; text++) {
		if (*text == '&')
			vc_buf_add(out, "&amp;");
		else if (*text == '<')
			vc_buf_add(out, "&lt;");
		else if (*text == '>')
			vc_buf_add(out, "&gt;");
		else if (quote && *text == quote)
			vc_buf_add(out, quote == '"' ? "&quot;" : "&apos;");
		else if (*text == '\r' || (quote && (*text == '\n' || *text == '\t')))
			vc_buf_addf(out, "&#%d;", *text);
		else
			vc_buf_add_n(out, text, 1);
	}
}

static bool
is_blank(const xmlNode *node)
{
	const char *text = (const char *)node->content;

	return node->type == XML_TEXT_NODE && (!text || text[strspn(text, " \t\r\n")] == '\0');
}

/* Text beside the elements: then every blank counts, and nothing may be indented. */
static bool
has_text(const xmlNode *node)
{
	for (const xmlNode *child = node->children; child; child = child->next) {
		if ((child->type == XML_TEXT_NODE && !is_blank(child)) ||
		    child->type == XML_CDATA_SECTION_NODE || child->type == XML_ENTITY_REF_NODE)
			return true;
	}
	return false;
}

static bool
is_declared(const xmlNode *context, const xmlNs *ns)
{
	for (const xmlNs *other = context ? context->nsDef : NULL; other; other = other->next) {
		if (xmlStrEqual(other->prefix, ns->prefix) && xmlStrEqual(other->href, ns->href))
			return true;
	}
	return false;
}

static void
write_name(struct vc_buf *out, const xmlNs *ns, const xmlChar *name)
{
	if (ns && ns->prefix)
		vc_buf_addf(out, "%s:", (const char *)ns->prefix);
	vc_buf_add(out, (const char *)name);
}

static void
write_start(const struct writer *writer, const xmlNode *node)
{
	struct vc_buf *out = writer->out;
	const char quote = writer->layout->quote;

	vc_buf_add(out, "<");
	write_name(out, node->ns, node->name);
	for (const xmlNs *ns = node->nsDef; ns; ns = ns->next) {
		if (is_declared(writer->context, ns))
			continue;
		vc_buf_addf(out, " xmlns%s%s=%c", ns->prefix ? ":" : "",
			    ns->prefix ? (const char *)ns->prefix : "", quote);
		vc_xml_escape_for(out, ns->href ? (const char *)ns->href : "", quote);
		vc_buf_add_n(out, &quote, 1);
	}
	for (const xmlAttr *attribute = node->properties; attribute; attribute = attribute->next) {
		xmlChar *value = xmlNodeListGetString(node->doc, attribute->children, 1);

		vc_buf_add(out, " ");
		write_name(out, attribute->ns, attribute->name);
		vc_buf_addf(out, "=%c", quote);
		vc_xml_escape_for(out, value ? (const char *)value : "", quote);
		vc_buf_add_n(out, &quote, 1);
		xmlFree(value);
	}
}

static void
begin_line(const struct writer *writer, unsigned depth)
{
	vc_buf_add(writer->out, writer->layout->newline);
	vc_buf_add(writer->out, writer->layout->prefix);
	for (unsigned i = 0; i < depth; i++)
		vc_buf_add(writer->out, writer->layout->indent);
}

static void
write_node(const struct writer *writer, const xmlNode *node, unsigned depth, bool indented);

static bool
has_children(const xmlNode *node)
{
	for (const xmlNode *child = node->children; child; child = child->next) {
		if (!is_blank(child))
			return true;
	}
	return false;
}

static void
write_element(const struct writer *writer, const xmlNode *node, unsigned depth, bool indented)
{
	struct vc_buf *out = writer->out;
	bool inner = indented && !has_text(node);

	write_start(writer, node);
	/* Blanks alone are layout, except where every blank counts. */
	if (indented ? !has_children(node) : !node->children) {
		vc_buf_add(out, "/>");
		return;
	}
	vc_buf_add(out, ">");
	for (const xmlNode *child = node->children; child; child = child->next) {
		if (inner && is_blank(child))
			continue;
		if (inner)
			begin_line(writer, depth + 1);
		write_node(writer, child, depth + 1, inner);
	}
	if (inner)
		begin_line(writer, depth);
	vc_buf_add(out, "</");
	write_name(out, node->ns, node->name);
	vc_buf_add(out, ">");
}

static void
write_node(const struct writer *writer, const xmlNode *node, unsigned depth, bool indented)
{
	struct vc_buf *out = writer->out;
	const char *content = (const char *)node->content;

	if (depth > DEPTH_MAX)
		return;
	switch (node->type) {
	case XML_ELEMENT_NODE:
		write_element(writer, node, depth, indented);
		break;
	case XML_TEXT_NODE:
	case XML_CDATA_SECTION_NODE:
		if (content)
			vc_xml_escape_for(out, content, '\0');
		break;
	case XML_COMMENT_NODE:
		vc_buf_addf(out, "<!--%s-->", content ? content : "");
		break;
	default:
		/* Entities and processing instructions mean nothing in a domain. */
		break;
	}
}

void
vc_xml_write_in(struct vc_buf *out, const xmlNode *node, const xmlNode *context, const struct vc_xml_layout *layout)
{
	const struct writer writer = { .out = out, .context = context, .layout = layout };

	write_node(&writer, node, 0, true);
}

void
vc_xml_write(struct vc_buf *out, const xmlNode *node, const xmlNode *context)
{
	static const struct vc_xml_layout libvirt = { .newline = "\n", .prefix = "", .indent = "  ", .quote = '\'' };

	vc_xml_write_in(out, node, context, &libvirt);
	vc_buf_add(out, "\n");
}
