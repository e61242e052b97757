/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/site-xml.h"

#include <errno.h>
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <stdio.h>
#include <string.h>

/* Far more than any element has. libxml2 takes time with the square of their number to keep them. */
#define ATTRIBUTES_MAX 64

struct reader {
	const char *what;
	int line;       /* of the first complaint; 0: none */
	char text[256]; /* what libxml2 said of it */
	bool refused;   /* the reading was stopped, and the text is ours */
	char root[16];  /* name of the root element, as far as it goes */
};

static inline void
parser_freep(xmlParserCtxt **parser)
{
	if (*parser)
		xmlFreeParserCtxt(*parser);
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
	const char *message = error->message ? error->message : "";

	if (reader->line > 0)
		return;
	reader->line = error->line > 0 ? error->line : 1;
	snprintf(reader->text, sizeof(reader->text), "%.*s", (int)strcspn(message, "\n"), message);
}

static void
refuse(xmlParserCtxt *parser, const char *before, const char *behind)
{
	struct reader *reader = parser->_private;

	snprintf(reader->text, sizeof(reader->text), "%s%s%s", before, reader->what, behind);
	reader->refused = true;
	reader->line = parser->input ? parser->input->line : 1;
	xmlStopParser(parser);
}

/* A DTD is the door to entities: to those that grow without bound, and to other files. */
static void
refuse_doctype(void *context, const xmlChar *name _unused_, const xmlChar *public_id _unused_,
	       const xmlChar *system_id _unused_)
{
	refuse(context, "a ", " file has no <!DOCTYPE>");
}

static void
start_element(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespaces,
	      const xmlChar **namespace, int attributes, int defaulted, const xmlChar **attribute)
{
	if (attributes + namespaces > ATTRIBUTES_MAX)
		refuse(context, "an element has too many attributes for a ", "");
	else
		xmlSAX2StartElementNs(context, name, prefix, uri, namespaces, namespace, attributes, defaulted,
				      attribute);
}

/* Only how far it takes to see the root element. */
static void
take_root(void *context, const xmlChar *name, const xmlChar *prefix _unused_, const xmlChar *uri _unused_,
	  int namespaces _unused_, const xmlChar **namespace _unused_, int attributes _unused_,
	  int defaulted _unused_, const xmlChar **attribute _unused_)
{
	xmlParserCtxt *parser = context;
	struct reader *reader = parser->_private;

	snprintf(reader->root, sizeof(reader->root), "%s", (const char *)name);
	xmlStopParser(parser);
}

static int
parse(const char *text, size_t size, const char *file, startElementNsSAX2Func start, struct reader *reader,
      xmlDoc **ret_doc)
{
	_cleanup_(parser_freep) xmlParserCtxt *parser = xmlNewParserCtxt();

	if (!parser)
		return -ENOMEM;
	parser->_private = reader;
	parser->sax->serror = take_error;
	parser->sax->internalSubset = refuse_doctype;
	parser->sax->startElementNs = start;
	*ret_doc = xmlCtxtReadMemory(parser, text, (int)size, file, NULL,
				     XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_BIG_LINES);
	return 0;
}

int
vc_site_xml_parse(const char *text, size_t size, const char *what, const char *file, struct vc_diags *diags,
		  xmlDoc **ret_doc)
{
	struct reader reader = { .what = what };
	_cleanup_xml_doc_ xmlDoc *doc = NULL;
	int r;

	if (size > VC_SITE_XML_MAX) {
		vc_diag_add(diags, file, 0, "the file is larger than %zu kB", VC_SITE_XML_MAX / 1024);
		return -EFBIG;
	}
	if (size == 0) {
		vc_diag_add(diags, file, 0, "the file is empty");
		return -EBADMSG;
	}
	r = parse(text, size, file, start_element, &reader, &doc);
	if (r < 0) {
		vc_diag_add(diags, file, 0, "out of memory");
		return r;
	}
	/* A misused namespace leaves a document behind, but not the one that was meant. */
	if (!doc || reader.line > 0 || !xmlDocGetRootElement(doc)) {
		vc_diag_add(diags, file, reader.line, "%s%s", reader.refused ? "" : "not well-formed XML: ",
			    reader.text[0] ? reader.text : "nothing in it could be read");
		return -EBADMSG;
	}
	*ret_doc = doc;
	doc = NULL;
	return 0;
}

bool
vc_site_xml_root_is(const char *text, size_t size, const char *name)
{
	struct reader reader = { .what = name };
	_cleanup_xml_doc_ xmlDoc *doc = NULL;

	return size > 0 && size <= VC_SITE_XML_MAX && parse(text, size, NULL, take_root, &reader, &doc) == 0 &&
	       strcmp(reader.root, name) == 0;
}
