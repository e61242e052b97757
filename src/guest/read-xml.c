/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The door for domain XML. The text is hostile: a document type ends the reading before any entity of it is
 * looked at, and size, depth and number of elements are bounded before a tree is built of them.
 */
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <string.h>

#include "guest/read.h"

#define INPUT_MAX ((size_t)16 * 1024 * 1024)
#define DEPTH_MAX 128u
#define NODES_MAX 200000u /* elements and attributes */
/*
 * libxml2 compares all attributes of an element with each other before anybody is told of it [libxml2 2.9.14
 * parser.c xmlParseStartTag2], so a single tag must not grow without bound. Nothing that is meant comes near:
 * the longest values are arguments for QEMU, and no argument of a program can be longer than 128 KiB [linux
 * 6.12 include/uapi/linux/binfmts.h MAX_ARG_STRLEN].
 */
#define ATTRIBUTES_MAX 1000u
#define TAG_MAX (128 * 1024)
#define CHUNK (16 * 1024)

/* libxml2 2.12 made the error a handler is given const [libxml2 2.12 include/libxml/xmlerror.h]. */
#if LIBXML_VERSION >= 21200
typedef const xmlError *error_arg;
#else
typedef xmlErrorPtr error_arg;
#endif

struct parse {
	unsigned depth, nodes;
	const char *refused; /* why the reading was stopped; NULL if it was not */
	int refusal;         /* negative errno that goes with it */
	int line;
	bool cut;        /* all of it was read without a complaint, and an element is still open */
	char error[200]; /* libxml2's first complaint */
};

static struct parse *
parse_of(void *context)
{
	return ((xmlParserCtxtPtr)context)->_private;
}

static void
refuse(void *context, int refusal, const char *why)
{
	struct parse *parse = parse_of(context);
	int line = xmlSAX2GetLineNumber(context);

	if (!parse->refused) {
		parse->refused = why;
		parse->refusal = refusal;
		parse->line = line;
	}
	xmlStopParser(context);
}

static void
on_doctype(void *context, const xmlChar *name, const xmlChar *public_id, const xmlChar *system_id)
{
	(void)name;
	(void)public_id;
	(void)system_id;
	refuse(context, -EBADMSG, "it has a document type declaration (<!DOCTYPE>); domain XML has none");
}

static void
on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespaces,
	 const xmlChar **namespace, int attributes, int defaulted, const xmlChar **attribute)
{
	struct parse *parse = parse_of(context);
	xmlParserCtxtPtr parser = context;
	int line;

	parse->nodes += 1 + (unsigned)attributes + (unsigned)namespaces;
	if (++parse->depth > DEPTH_MAX) {
		refuse(context, -EFBIG, "elements are nested too deeply for a domain");
		return;
	}
	if ((unsigned)attributes + (unsigned)namespaces > ATTRIBUTES_MAX) {
		refuse(context, -EFBIG, "an element has too many attributes for a domain");
		return;
	}
	if (parse->nodes > NODES_MAX) {
		refuse(context, -EFBIG, "it has too many elements for a domain");
		return;
	}
	xmlSAX2StartElementNs(context, name, prefix, uri, namespaces, namespace, attributes, defaulted,
			      attribute);
	/* An element has 16 bits for its line [libxml2 2.9.14 include/libxml/tree.h struct _xmlNode]. */
	line = xmlSAX2GetLineNumber(context);
	if (line >= UINT16_MAX && parser->node)
		parser->node->_private = (void *)(intptr_t)line;
}

static void
on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	parse_of(context)->depth--;
	xmlSAX2EndElementNs(context, name, prefix, uri);
}

static void
on_error(void *context, error_arg error)
{
	struct parse *parse = parse_of(context);
	size_t length;

	if (parse->error[0] || !error->message || error->level < XML_ERR_ERROR)
		return;
	/* Some messages go on with a dump of the bytes. */
	length = strcspn(error->message, "\n");
	if (length >= sizeof(parse->error))
		length = sizeof(parse->error) - 1;
	memcpy(parse->error, error->message, length);
	parse->error[length] = '\0';
	parse->line = error->line;
}

static void
free_context(xmlParserCtxtPtr *context)
{
	xmlFreeParserCtxt(*context);
}

/* Why @text cannot even begin to be XML; NULL if it can. */
static const char *
not_xml(const char *text, size_t size)
{
	size_t i = 0;

	while (i < size && strchr(" \t\r\n", text[i]) && text[i])
		i++;
	if (i == size)
		return "the input is empty";
	/* '<', or a byte order mark or NUL that announces another encoding of it */
	if (text[i] == '<' || (unsigned char)text[i] >= 0xef ||
	    (text[i] == '\0' && size > i + 1 && text[i + 1] == '<'))
		return NULL;
	return "not XML: it does not begin with '<'";
}

/* In pieces, so that what libxml2 has taken in and not yet understood can be looked at in between. */
static void
parse_pieces(xmlParserCtxtPtr context, const char *text, size_t size)
{
	struct parse *parse = context->_private;

	for (size_t at = 0; at < size && !parse->refused; at += CHUNK) {
		size_t length = size - at < CHUNK ? size - at : CHUNK;

		if (xmlParseChunk(context, text + at, (int)length, 0) != 0)
			break;
		if (context->input && context->input->end - context->input->cur > TAG_MAX)
			refuse(context, -EFBIG, "a tag or comment is too long for a domain");
	}
	/* What libxml2 says of an end that comes too early depends on where it comes, and is not always that. */
	parse->cut = !parse->error[0] && (parse->depth > 0 || !context->myDoc || !context->myDoc->children);
	(void)!xmlParseChunk(context, NULL, 0, 1);
}

static int
parse_text(const char *text, size_t size, const char *file, struct vc_diags *diags, xmlDocPtr *ret_doc)
{
	__attribute__((cleanup(free_context))) xmlParserCtxtPtr context = NULL;
	struct parse parse = { 0 };
	const char *why = not_xml(text, size);
	xmlDocPtr doc;

	if (why) {
		vc_diag_add(diags, file, size > 0, "%s", why);
		return -EBADMSG;
	}
	if (size > INPUT_MAX) {
		vc_diag_add(diags, file, 0, "larger than 16 MiB; no domain is");
		return -EFBIG;
	}
	context = xmlCreatePushParserCtxt(NULL, NULL, NULL, 0, NULL);
	if (!context)
		abort();
	context->_private = &parse;
	context->sax->internalSubset = on_doctype;
	context->sax->startElementNs = on_start;
	context->sax->endElementNs = on_end;
	context->sax->serror = on_error;
	/*
	 * Entities are not expanded (no XML_PARSE_NOENT), nothing is fetched, and libxml2's own limits stay
	 * (no XML_PARSE_HUGE). XML_PARSE_BIG_LINES keeps line numbers beyond 65535 for those who ask libxml2.
	 */
	(void)!xmlCtxtUseOptions(context, XML_PARSE_NONET | XML_PARSE_BIG_LINES);
	parse_pieces(context, text, size);
	doc = context->myDoc;
	context->myDoc = NULL;
	context->_private = NULL;
	if (doc && !parse.refused && context->wellFormed) {
		*ret_doc = doc;
		return 0;
	}
	xmlFreeDoc(doc);
	if (parse.refused) {
		vc_diag_add(diags, file, parse.line, "%s", parse.refused);
		return parse.refusal;
	}
	vc_diag_add(diags, file, parse.line, "not well-formed XML: %s",
		    parse.error[0] && !parse.cut ? parse.error : "it ends too early");
	return -EBADMSG;
}

/* <domain>, or the one in libvirt's status file. */
static int
find_domain(const struct vc_reader *r, const xmlDoc *doc, const char *file, struct vc_diags *diags,
	    struct vc_el *ret_domain)
{
	const xmlNode *root = xmlDocGetRootElement((xmlDoc *)(uintptr_t)doc);
	struct vc_el el = { .node = root };

	if (!root) {
		vc_diag_add(diags, file, 0, "not XML: it has no element");
		return -EBADMSG;
	}
	if (root->ns) {
		vc_diag_add(diags, file, (int)xmlGetLineNo(root),
			    "its <%.40s> is in a namespace; libvirt's elements are in none", root->name);
		return -EBADMSG;
	}
	el.path = vc_arena_printf(r->arena, "/%s", root->name);
	if (vc_el_named(el, "domstatus")) {
		el = vc_el_child(r, el, "domain");
		if (!el.node) {
			vc_diag_add(diags, file, (int)xmlGetLineNo(root),
				    "this <domstatus> holds no <domain>");
			return -EBADMSG;
		}
	} else if (!vc_el_named(el, "domain")) {
		vc_diag_add(diags, file, (int)xmlGetLineNo(root), "this is a <%.40s>, not a domain",
			    root->name);
		return -EBADMSG;
	}
	*ret_domain = el;
	return 0;
}

int
vc_guest_read_xml(const char *text, size_t size, const char *file, struct vc_arena *arena,
		  struct vc_diags *diags, struct vc_guest *ret_guest)
{
	struct vc_guest_input *input = vc_arena_make(arena, struct vc_guest_input);
	struct vc_guest guest = { .file = file, .input = input };
	struct vc_reader r = { .arena = arena, .guest = &guest, .input = input };
	struct vc_el domain;
	xmlDocPtr doc = NULL;
	int e;

	e = parse_text(text, size, file, diags, &doc);
	if (e < 0)
		return e;
	e = find_domain(&r, doc, file, diags, &domain);
	if (e < 0) {
		xmlFreeDoc(doc);
		return e;
	}
	guest.doc = doc;
	guest.root = domain.node;
	vc_read_machine(&r, domain);
	vc_read_firmware(&r, domain);
	vc_read_features(&r, domain);
	vc_read_cpu(&r, domain);
	vc_read_memory(&r, domain);
	vc_read_devices(&r, domain);
	vc_read_files(&r, domain);
	vc_read_metadata(&r, domain);
	vc_read_recent_settings(&r, domain);
	vc_read_qemu_args(&r, domain);
	vc_read_totals(&r);
	vc_read_option_files(&r);
	vc_settle_files(&r);
	*ret_guest = guest;
	return 0;
}

void
vc_guest_release(struct vc_guest *guest)
{
	xmlFreeDoc((xmlDocPtr)(uintptr_t)guest->doc);
	guest->doc = NULL;
	guest->root = NULL;
}
