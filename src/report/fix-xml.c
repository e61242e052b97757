/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The domain side of a fix, shown as XML. Only the elements that change are copied: a domain may hold a
 * thousand devices, and every one of them may have its own finding.
 */
#include "report/fix-text.h"

#include <errno.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <string.h>

#include "report/xml-write.h"

/* Prefix that rule files may use in the elements they insert [libvirt 11.3 src/qemu/qemu_domain.c virXMLNamespace]. */
#define WRAPPER_BEGIN "<fix xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>"
#define WRAPPER_END "</fix>"

/* A fix changes an element or two; more pieces than this are no fix that a person pastes. */
#define PIECES_MAX 8

/* An element as it will be after the fix. */
struct piece {
	const xmlNode *original; /* NULL: it is new */
	xmlNode *copy;
	const char *inside; /* name of the parent that a new element goes into */
	bool removed;
	bool shallow; /* only the start tag matters */
};

struct pieces {
	const xmlNode *domain, *place; /* place NULL: not in XML, or the domain itself */
	xmlDoc *doc;		       /* owns the copies */
	struct piece item[PIECES_MAX];
	size_t count;
};

static void
pieces_release(struct pieces *pieces)
{
	for (size_t i = 0; i < pieces->count; i++)
		xmlFreeNode(pieces->item[i].copy);
	if (pieces->doc)
		xmlFreeDoc(pieces->doc);
}

static bool
is_named(const xmlNode *node, const char *name, size_t length)
{
	const char *local = (const char *)node->name;

	if (node->type != XML_ELEMENT_NODE)
		return false;
	if (node->ns && node->ns->prefix) {
		const char *prefix = (const char *)node->ns->prefix;
		size_t prefix_length = strlen(prefix);

		return length > prefix_length + 1 && memcmp(name, prefix, prefix_length) == 0 &&
		       name[prefix_length] == ':' && strlen(local) == length - prefix_length - 1 &&
		       memcmp(local, name + prefix_length + 1, length - prefix_length - 1) == 0;
	}
	return strlen(local) == length && memcmp(local, name, length) == 0;
}

static xmlNode *
find_child(const xmlNode *parent, const char *name, size_t length)
{
	for (xmlNode *child = parent->children; child; child = child->next) {
		if (is_named(child, name, length))
			return child;
	}
	return NULL;
}

static struct piece *
add_piece(struct pieces *pieces, const struct piece *piece)
{
	if (!piece->copy)
		return NULL;
	if (pieces->count == PIECES_MAX) {
		xmlFreeNode(piece->copy);
		return NULL;
	}
	pieces->item[pieces->count] = *piece;
	return &pieces->item[pieces->count++];
}

/* The piece that stands for @original; a second action on the same element goes to the same copy. */
static struct piece *
copy_of(struct pieces *pieces, const xmlNode *original, bool shallow)
{
	for (size_t i = 0; i < pieces->count; i++) {
		if (pieces->item[i].original == original)
			return &pieces->item[i];
	}
	/* 2: with attributes and namespaces, without children [libxml2 tree.c xmlDocCopyNode] */
	return add_piece(pieces, &(struct piece){
					 .original = original,
					 .copy = xmlDocCopyNode((xmlNode *)(uintptr_t)original, pieces->doc,
								shallow ? 2 : 1),
					 .shallow = shallow,
				 });
}

static xmlNode *
new_element(struct pieces *pieces, const char *name, size_t length)
{
	char text[128];

	if (length == 0 || length >= sizeof(text))
		return NULL;
	memcpy(text, name, length);
	text[length] = '\0';
	return xmlNewDocNode(pieces->doc, NULL, (const xmlChar *)text, NULL);
}

static struct piece *
new_piece(struct pieces *pieces, const char *inside, const char *name, size_t length)
{
	return add_piece(pieces, &(struct piece){
					 .copy = new_element(pieces, name, length),
					 .inside = inside,
				 });
}

/* What an action works on. */
struct target {
	struct piece *piece; /* NULL with node NULL: there is nothing to remove, or a new piece is to be made */
	xmlNode *node;	     /* inside the piece's copy */
	const char *inside;  /* insert of a new piece: name of its parent */
};

/* Goes down @path from @node; creates what is missing if @create, else gives NULL. */
static xmlNode *
descend(struct pieces *pieces, xmlNode *node, const char *path, bool create)
{
	while (node && *path) {
		size_t length = strcspn(path, "/");
		xmlNode *child = find_child(node, path, length);

		if (!child && create) {
			child = new_element(pieces, path, length);
			if (child)
				xmlAddChild(node, child);
		}
		node = child;
		path += length + (path[length] == '/');
	}
	return node;
}

static int
find_below_domain(struct pieces *pieces, const char *path, enum vc_verb verb, struct target *target)
{
	const xmlNode *parent = pieces->domain, *original;
	const char *inside = "domain";
	size_t length = strcspn(path, "/");

	/* All devices at once are no piece to show: it is one of them. */
	if (length == strlen("devices") && memcmp(path, "devices", length) == 0) {
		const xmlNode *devices = find_child(parent, path, length);

		if (devices) {
			parent = devices;
			inside = "devices";
			path += length + (path[length] == '/');
			length = strcspn(path, "/");
		}
	}
	if (length == 0) {
		if (verb == VC_VERB_INSERT) {
			target->inside = inside;
			return 0;
		}
		if (verb == VC_VERB_REMOVE)
			return -EINVAL;
		target->piece = copy_of(pieces, parent, true);
		target->node = target->piece ? target->piece->copy : NULL;
		return target->node ? 0 : -E2BIG;
	}
	original = find_child(parent, path, length);
	if (original)
		target->piece = copy_of(pieces, original, false);
	else if (verb != VC_VERB_REMOVE)
		target->piece = new_piece(pieces, inside, path, length);
	else
		return 0;
	if (!target->piece)
		return -E2BIG;
	path += length + (path[length] == '/');
	target->node = descend(pieces, target->piece->copy, path, verb != VC_VERB_REMOVE);
	return 0;
}

static int
find_target(struct pieces *pieces, const struct vc_action *action, struct target *ret_target)
{
	struct target target = { 0 };
	const char *path = action->select ? action->select : "";
	int r = 0;

	if (*path == '/' || (pieces->place && pieces->place == pieces->domain)) {
		r = find_below_domain(pieces, path + (*path == '/'), action->verb, &target);
	} else if (pieces->place) {
		target.piece = copy_of(pieces, pieces->place, false);
		if (!target.piece)
			return -E2BIG;
		target.node = descend(pieces, target.piece->copy, path, action->verb != VC_VERB_REMOVE);
	} else {
		r = -ENOENT;
	}
	if (r == 0)
		*ret_target = target;
	return r;
}

/* Adds the template as XML: literal parts are markup, facts are text inside it. */
static void
render_markup(const struct vc_template *template, const struct vc_scope *scope, struct vc_buf *out)
{
	for (size_t i = 0; i < template->count; i++) {
		const struct vc_template one = { .part = &template->part[i], .count = 1 };
		_cleanup_buf_ struct vc_buf value = { 0 };

		vc_template_render(&one, scope, &value);
		if (template->part[i].text)
			vc_buf_add(out, vc_buf_text(&value));
		else
			vc_xml_escape(out, vc_buf_text(&value));
	}
}

/* Puts @child where the action says; it belongs to @parent afterwards. */
static void
place_child(xmlNode *parent, xmlNode *child, const struct vc_action *action)
{
	xmlNode *before = action->before ? find_child(parent, action->before, strlen(action->before)) : NULL;
	xmlNode *after = action->after ? find_child(parent, action->after, strlen(action->after)) : NULL;

	if (before)
		xmlAddPrevSibling(before, child);
	else if (after)
		xmlAddNextSibling(after, child);
	else
		xmlAddChild(parent, child);
}

static int
apply_insert(struct pieces *pieces, const struct vc_action *action, const struct vc_scope *scope,
	     struct target *target)
{
	_cleanup_buf_ struct vc_buf text = { 0 };
	xmlDoc *doc;
	int r = 0;

	vc_buf_add(&text, WRAPPER_BEGIN);
	if (action->xml_template.count)
		render_markup(&action->xml_template, scope, &text);
	else if (action->xml)
		vc_buf_add(&text, action->xml);
	vc_buf_add(&text, WRAPPER_END);
	if (text.length > INT32_MAX)
		return -E2BIG;
	doc = xmlReadMemory(vc_buf_text(&text), (int)text.length, NULL, NULL,
			    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOBLANKS);
	if (!doc)
		return -EBADMSG;
	for (const xmlNode *child = xmlDocGetRootElement(doc)->children; child; child = child->next) {
		xmlNode *copy = xmlDocCopyNode((xmlNode *)(uintptr_t)child, pieces->doc, 1);

		if (copy && target->node)
			place_child(target->node, copy, action);
		else if (!add_piece(pieces, &(struct piece){ .copy = copy, .inside = target->inside }))
			r = -E2BIG;
	}
	xmlFreeDoc(doc);
	return r;
}

static void
apply_set(const struct vc_action *action, const struct vc_scope *scope, xmlNode *node)
{
	_cleanup_buf_ struct vc_buf value = { 0 };

	vc_template_render(&action->value, scope, &value);
	if (action->attribute) {
		xmlSetProp(node, (const xmlChar *)action->attribute, (const xmlChar *)vc_buf_text(&value));
		return;
	}
	xmlNodeSetContent(node, NULL);
	xmlNodeAddContent(node, (const xmlChar *)vc_buf_text(&value));
}

static void
apply_remove(struct target *target)
{
	if (!target->node)
		return;
	if (target->node == target->piece->copy) {
		target->piece->removed = true;
		return;
	}
	xmlUnlinkNode(target->node);
	xmlFreeNode(target->node);
}

static int
apply(struct pieces *pieces, const struct vc_action *action, const struct vc_scope *scope)
{
	struct target target = { 0 };
	int r;

	switch (action->verb) {
	case VC_VERB_SET:
		r = find_target(pieces, action, &target);
		if (r < 0)
			return r;
		if (!target.node)
			return -ENOENT;
		apply_set(action, scope, target.node);
		return 0;
	case VC_VERB_REMOVE:
		r = find_target(pieces, action, &target);
		if (r < 0)
			return r;
		apply_remove(&target);
		return 0;
	case VC_VERB_INSERT:
		r = find_target(pieces, action, &target);
		return r < 0 ? r : apply_insert(pieces, action, scope, &target);
	default:
		break;
	}
	return 0;
}

static void
write_pieces(const struct pieces *pieces, struct vc_buf *out)
{
	for (size_t i = 0; i < pieces->count; i++) {
		const struct piece *piece = &pieces->item[i];

		if (piece->removed)
			vc_buf_add(out, "<!-- remove this element: -->\n");
		else if (piece->shallow)
			vc_buf_add(out, "<!-- change the start tag: -->\n");
		else if (!piece->original)
			vc_buf_addf(out, "<!-- add inside <%s>: -->\n", piece->inside);
		vc_xml_write(out, piece->copy, piece->shallow ? NULL : pieces->domain);
	}
}

char *
vc_fix_xml(const struct vc_fix *fix, const struct vc_fix_input *input)
{
	_cleanup_(pieces_release) struct pieces pieces = { 0 };
	_cleanup_buf_ struct vc_buf out = { 0 };

	if (!input->guest || !input->guest->root)
		return NULL;
	pieces.domain = input->guest->root;
	pieces.place = input->finding->place.node;
	pieces.doc = xmlNewDoc((const xmlChar *)"1.0");
	if (!pieces.doc)
		return NULL;
	for (size_t i = 0; i < fix->actions; i++) {
		if (apply(&pieces, &fix->action[i], input->scope) < 0)
			return NULL;
	}
	write_pieces(&pieces, &out);
	return out.length ? vc_arena_strndup(input->arena, out.text, out.length) : NULL;
}
