/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A text in two readings that agree, bytes and tree, and finding one's way in it. */
#include <errno.h>
#include <libxml/parser.h>
#include <libxml/xmlstring.h>
#include <string.h>

#include "report/edit-step.h"
#include "report/fix-text.h"

struct agreement {
	struct vc_edit *edit;
	size_t next; /* element */
};

static bool
is_spelt(const struct vc_edit *edit, size_t begin, size_t end, const xmlNs *ns, const xmlChar *name)
{
	const char *at = edit->text + begin, *prefix = ns && ns->prefix ? (const char *)ns->prefix : NULL;
	size_t length = end - begin, prefix_length = prefix ? strlen(prefix) + 1 : 0;

	return length == prefix_length + strlen((const char *)name) &&
	       (!prefix || (memcmp(at, prefix, prefix_length - 1) == 0 && at[prefix_length - 1] == ':')) &&
	       memcmp(at + prefix_length, name, length - prefix_length) == 0;
}

static bool
declares_namespace(const struct vc_edit *edit, const struct vc_span_attribute *attribute)
{
	const char *name = edit->text + attribute->name;
	size_t length = attribute->name_end - attribute->name;

	return (length == 5 && memcmp(name, "xmlns", 5) == 0) || (length > 6 && memcmp(name, "xmlns:", 6) == 0);
}

static bool
attributes_agree(const struct vc_edit *edit, const struct vc_span_element *element, const xmlNode *node)
{
	const xmlAttr *seen = node->properties;
	const xmlNs *declared = node->nsDef;

	for (size_t i = 0; i < element->attributes; i++) {
		const struct vc_span_attribute *span = &edit->spans.attribute[element->attribute + i];

		if (declares_namespace(edit, span)) {
			/* libxml2 keeps no second declaration of the same prefix: it is not well-formed. */
			if (!declared)
				return false;
			declared = declared->next;
			continue;
		}
		if (!seen || !is_spelt(edit, span->name, span->name_end, seen->ns, seen->name))
			return false;
		seen = seen->next;
	}
	return !seen && !declared;
}

static bool
elements_agree(struct agreement *a, xmlNode *node, size_t parent)
{
	const struct vc_spans *spans = &a->edit->spans;
	size_t index = a->next++;

	if (index >= spans->elements || spans->element[index].parent != parent ||
	    !is_spelt(a->edit, spans->element[index].begin + 1, spans->element[index].name_end, node->ns,
		      node->name) ||
	    !attributes_agree(a->edit, &spans->element[index], node))
		return false;
	node->_private = (void *)(uintptr_t)(index + 1);
	a->edit->node[index] = node;
	for (xmlNode *child = node->children; child; child = child->next) {
		if (child->type == XML_ENTITY_REF_NODE ||
		    (child->type == XML_ELEMENT_NODE && !elements_agree(a, child, index)))
			return false;
	}
	return true;
}

xmlDoc *
vc_edit_parse(const char *text, size_t size)
{
	if (size > INT32_MAX)
		return NULL;
	return xmlReadMemory(text, (int)size, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
}

int
vc_edit_open(const char *text, size_t size, struct vc_edit *ret_edit, const char **ret_why)
{
	struct vc_edit edit = { .size = size };
	struct agreement agreement = { .edit = &edit };
	int r = vc_spans_scan(text, size, &edit.spans, ret_why);
	xmlNode *root;

	if (r < 0)
		return r;
	edit.text = malloc(size + 1);
	edit.node = calloc(edit.spans.elements, sizeof(xmlNode *));
	if (!edit.text || !edit.node)
		abort();
	memcpy(edit.text, text, size);
	edit.text[size] = '\0';
	edit.doc = vc_edit_parse(edit.text, size);
	root = edit.doc ? xmlDocGetRootElement(edit.doc) : NULL;
	if (!root || !elements_agree(&agreement, root, VC_SPAN_NONE) || agreement.next != edit.spans.elements) {
		*ret_why = edit.doc ? "it can be read in more than one way" : "it is not well-formed XML";
		vc_edit_release(&edit);
		return -EBADMSG;
	}
	*ret_edit = edit;
	return 0;
}

void
vc_edit_release(struct vc_edit *edit)
{
	if (edit->doc)
		xmlFreeDoc(edit->doc);
	vc_spans_release(&edit->spans);
	free(edit->text);
	free(edit->node);
	*edit = (struct vc_edit){ 0 };
}

size_t
vc_edit_index(const xmlNode *node)
{
	return (size_t)(uintptr_t)node->_private - 1;
}

const struct vc_span_element *
vc_edit_element(const struct vc_edit *edit, const xmlNode *node)
{
	return &edit->spans.element[vc_edit_index(node)];
}

/* libvirt's elements have no namespace, but for those of its QEMU driver, which rules call "qemu:...". */
static bool
is_named(const xmlNode *node, const char *name, size_t length)
{
	static const char prefix[] = "qemu:";
	bool qemu = length > strlen(prefix) && memcmp(name, prefix, strlen(prefix)) == 0;

	if (node->type != XML_ELEMENT_NODE)
		return false;
	if (qemu) {
		name += strlen(prefix);
		length -= strlen(prefix);
	}
	if (strlen((const char *)node->name) != length || memcmp(node->name, name, length) != 0)
		return false;
	if (qemu)
		return node->ns && node->ns->href && strcmp((const char *)node->ns->href, VC_QEMU_NAMESPACE) == 0;
	return !node->ns;
}

xmlNode *
vc_edit_find_child(const xmlNode *parent, const char *name, size_t length)
{
	for (xmlNode *child = parent->children; child; child = child->next) {
		if (is_named(child, name, length))
			return child;
	}
	return NULL;
}
