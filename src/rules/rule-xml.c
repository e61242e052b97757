/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/rule-xml.h"

#include <errno.h>
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <string.h>

#include "base/suggest.h"

/* Far more than any element has. libxml2 takes time with the square of their number to keep them. */
#define ATTRIBUTES_MAX 64

struct reader {
	int line;            /* of the first complaint; 0: none */
	char text[256];      /* what libxml2 said of it */
	const char *refused; /* why the reading was stopped; NULL if it was not */
};

static inline void
parser_freep(xmlParserCtxt **parser)
{
	if (*parser)
		xmlFreeParserCtxt(*parser);
}

static void
copy_message(char *text, size_t room, const char *message)
{
	size_t length = message ? strcspn(message, "\n") : 0;

	if (length >= room)
		length = room - 1;
	memcpy(text, message ? message : "", length);
	text[length] = '\0';
}

/* Only the first complaint tells something; the others follow from it. */
static void
#if LIBXML_VERSION >= 21200
take_error(void *context, const xmlError *error)
#else
take_error(void *context, xmlError *error)
#endif
{
	struct reader *reader = ((xmlParserCtxt *)context)->_private;

	if (reader->line > 0)
		return;
	reader->line = error->line > 0 ? error->line : 1;
	copy_message(reader->text, sizeof(reader->text), error->message);
}

static void
refuse(xmlParserCtxt *parser, const char *why)
{
	struct reader *reader = parser->_private;

	reader->refused = why;
	reader->line = parser->input ? parser->input->line : 1;
	xmlStopParser(parser);
}

/* A DTD is the door to entities: to those that grow without bound, and to other files. */
static void
refuse_doctype(void *context, const xmlChar *name _unused_, const xmlChar *public_id _unused_,
	       const xmlChar *system_id _unused_)
{
	refuse(context, "a rule file has no <!DOCTYPE>");
}

static void
start_element(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespaces,
	      const xmlChar **namespace, int attributes, int defaulted, const xmlChar **attribute)
{
	if (attributes + namespaces > ATTRIBUTES_MAX)
		refuse(context, "an element has too many attributes for a rule");
	else
		xmlSAX2StartElementNs(context, name, prefix, uri, namespaces, namespace, attributes, defaulted,
				      attribute);
}

int
vc_xml_parse(const char *text, size_t size, const struct vc_source *source, xmlDoc **ret_doc)
{
	_cleanup_(parser_freep) xmlParserCtxt *parser = NULL;
	_cleanup_xml_doc_ xmlDoc *doc = NULL;
	struct reader reader = { 0 };

	if (size > VC_RULE_FILE_MAX) {
		vc_diag_add(source->diags, source->file, 0, "the file is larger than %zu kB",
			    VC_RULE_FILE_MAX / 1024);
		return -EFBIG;
	}
	if (size == 0) {
		vc_diag_add(source->diags, source->file, 0, "the file is empty");
		return -EBADMSG;
	}
	parser = xmlNewParserCtxt();
	if (!parser)
		return -ENOMEM;
	parser->_private = &reader;
	parser->sax->serror = take_error;
	parser->sax->internalSubset = refuse_doctype;
	parser->sax->startElementNs = start_element;
	doc = xmlCtxtReadMemory(parser, text, (int)size, source->file, NULL,
				XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_BIG_LINES);
	if (reader.refused) {
		vc_diag_add(source->diags, source->file, reader.line, "%s", reader.refused);
		return -EBADMSG;
	}
	/* A misused namespace leaves a document behind, but not the one that was meant. */
	if (!doc || reader.line > 0 || !xmlDocGetRootElement(doc)) {
		vc_diag_add(source->diags, source->file, reader.line, "not well-formed XML: %s",
			    reader.text[0] ? reader.text : "nothing in it could be read");
		return -EBADMSG;
	}
	*ret_doc = doc;
	doc = NULL;
	return 0;
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
