/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The domain side of a fix, shown as XML: the editor applies it to a sketch of the domain, and what has changed there is
 * what is shown. The sketch holds the elements that the fix is about and nothing else: a domain may hold a thousand
 * devices, and every one of them may have its own finding.
 */
#include "report/fix-text.h"

#include <libxml/tree.h>
#include <string.h>

#include "report/edit.h"
#include "report/xml-write.h"

/* A fix changes an element or two; more pieces than this are no fix that a person pastes. */
#define PIECES_MAX 8
/* Of a larger piece only that is shown which the fix is about; some sixty features of a processor take as much. */
#define PIECE_BYTES_MAX (3 * 1024)
/* Elements that are named on the way to what changes. */
#define NAMED_MAX 64

struct sketch {
	const xmlNode *domain, *place; /* place NULL: not in XML */
	const xmlNode *piece[PIECES_MAX]; /* copied with all that is in them; of what is around them the start tags */
	size_t pieces;
	const xmlNode *named[NAMED_MAX]; /* in the sketch in any case, and all that is around them */
	size_t nameds;
	xmlDoc *doc;
	/* In the sketch, elements counted in document order; VC_SPAN_NONE: it is not there. */
	size_t elements, place_index, piece_index[PIECES_MAX];
};

static void
free_doc(xmlDoc **doc)
{
	if (*doc)
		xmlFreeDoc(*doc);
}

/* --- what the fix is about --- */

static bool
is_inside(const xmlNode *node, const xmlNode *outer)
{
	while (node && node != outer)
		node = node->parent;
	return node == outer;
}

/* No piece holds another one. */
static bool
add_piece(struct sketch *sketch, const xmlNode *node)
{
	size_t kept = 0;

	for (size_t i = 0; i < sketch->pieces; i++) {
		if (is_inside(node, sketch->piece[i]))
			return true;
		if (!is_inside(sketch->piece[i], node))
			sketch->piece[kept++] = sketch->piece[i];
	}
	sketch->pieces = kept;
	if (kept == PIECES_MAX)
		return false;
	sketch->piece[sketch->pieces++] = node;
	return true;
}

static bool
add_named(struct sketch *sketch, const xmlNode *node)
{
	if (sketch->nameds == NAMED_MAX)
		return false;
	sketch->named[sketch->nameds++] = node;
	return true;
}

static bool
add_named_child(struct sketch *sketch, const xmlNode *parent, const char *name)
{
	const xmlNode *child = name ? vc_edit_find_child(parent, name, strlen(name)) : NULL;

	return !child || add_named(sketch, child);
}

/* A child of <domain> is a piece; of the devices, which may be many, each one. */
static bool
is_around_pieces(const struct sketch *sketch, const xmlNode *node)
{
	return node == sketch->domain ||
	       (node->parent == sketch->domain && !node->ns && xmlStrEqual(node->name, BAD_CAST "devices"));
}

/* What @action names, from @node on: the way to the element, as far as there is one, and siblings. */
static bool
add_way(struct sketch *sketch, const xmlNode *node, const char *path, const struct vc_action *action)
{
	bool in_piece = !is_around_pieces(sketch, node);

	if (in_piece && !add_piece(sketch, node))
		return false;
	while (*path) {
		size_t length = strcspn(path, "/");
		const xmlNode *child = vc_edit_find_child(node, path, length);

		if (!child)
			break;
		node = child;
		path += length + (path[length] == '/');
		if (!in_piece && !is_around_pieces(sketch, node)) {
			in_piece = true;
			if (!add_piece(sketch, node))
				return false;
		}
	}
	/* Also all devices at once, if they go. */
	if (action->verb == VC_VERB_REMOVE && !action->attribute && !add_piece(sketch, node))
		return false;
	return add_named(sketch, node) && add_named_child(sketch, node, action->before) &&
	       add_named_child(sketch, node, action->after);
}

static bool
find_pieces(struct sketch *sketch, const struct vc_fix *fix)
{
	for (size_t i = 0; i < fix->actions; i++) {
		const struct vc_action *action = &fix->action[i];
		const char *path = action->select ? action->select : "";
		bool from_domain = *path == '/';
		const xmlNode *start = from_domain ? sketch->domain : sketch->place;

		if (!vc_verb_is_edit(action->verb))
			continue;
		if (!start || !add_way(sketch, start, path + from_domain, action))
			return false;
	}
	return true;
}

/* --- the sketch --- */

/* Takes the size of @node from @room; false if that does not suffice. */
static bool
take_size(const xmlNode *node, size_t *room)
{
	bool element = node->type == XML_ELEMENT_NODE;
	const char *text = (const char *)(element ? node->name : node->content);
	size_t size = 8 + (text ? strlen(text) : 0);

	for (const xmlAttr *attribute = element ? node->properties : NULL; attribute; attribute = attribute->next) {
		size += 8 + strlen((const char *)attribute->name);
		for (const xmlNode *value = attribute->children; value; value = value->next)
			size += value->content ? strlen((const char *)value->content) : 0;
	}
	if (size > *room)
		return false;
	*room -= size;
	for (const xmlNode *child = node->children; child; child = child->next) {
		if (!take_size(child, room))
			return false;
	}
	return true;
}

static void
count_elements(struct sketch *sketch, const xmlNode *node)
{
	if (node == sketch->place)
		sketch->place_index = sketch->elements;
	sketch->elements++;
	for (const xmlNode *child = node->children; child; child = child->next) {
		if (child->type == XML_ELEMENT_NODE)
			count_elements(sketch, child);
	}
}

static size_t
find_piece(const struct sketch *sketch, const xmlNode *node)
{
	size_t i = 0;

	while (i < sketch->pieces && sketch->piece[i] != node)
		i++;
	return i;
}

static bool
is_on_the_way(const struct sketch *sketch, const xmlNode *node)
{
	for (size_t i = 0; i < sketch->nameds; i++) {
		if (is_inside(sketch->named[i], node))
			return true;
	}
	return false;
}

static void
add_child(xmlNode *parent, xmlNode *child)
{
	if (!child || !xmlAddChild(parent, child))
		abort();
}

static xmlNode *
copy_for_sketch(struct sketch *sketch, const xmlNode *node)
{
	size_t piece = find_piece(sketch, node), room = PIECE_BYTES_MAX;
	bool is_piece = piece < sketch->pieces, whole = is_piece && take_size(node, &room);
	/* 1: all of it; 2: with attributes and namespaces, without children [libxml2 2.9.14 tree.c xmlDocCopyNode] */
	xmlNode *copy = xmlDocCopyNode((xmlNode *)(uintptr_t)node, sketch->doc, whole ? 1 : 2);

	if (!copy)
		abort();
	if (is_piece)
		sketch->piece_index[piece] = sketch->elements;
	if (whole) {
		count_elements(sketch, node);
		return copy;
	}
	if (is_piece)
		add_child(copy, xmlNewDocComment(sketch->doc, BAD_CAST " ... "));
	if (node == sketch->place)
		sketch->place_index = sketch->elements;
	sketch->elements++;
	for (const xmlNode *child = node->children; child; child = child->next) {
		if (child->type == XML_ELEMENT_NODE && is_on_the_way(sketch, child))
			add_child(copy, copy_for_sketch(sketch, child));
	}
	return copy;
}

/* The sketch as text, read by the editor. */
static bool
draw(struct sketch *sketch, struct vc_edit *ret_edit)
{
	_cleanup_buf_ struct vc_buf text = { 0 };
	const char *unused;

	for (size_t i = 0; i < PIECES_MAX; i++)
		sketch->piece_index[i] = VC_SPAN_NONE;
	sketch->place_index = VC_SPAN_NONE;
	sketch->doc = xmlNewDoc(BAD_CAST "1.0");
	if (!sketch->doc)
		abort();
	xmlDocSetRootElement(sketch->doc, copy_for_sketch(sketch, sketch->domain));
	vc_xml_write(&text, xmlDocGetRootElement(sketch->doc), NULL);
	return vc_edit_open(vc_buf_text(&text), text.length, ret_edit, &unused) == 0;
}

/* --- what has changed in it --- */

struct shower {
	const struct sketch *sketch;
	const struct vc_edit *before, *after;
	const struct vc_kept *kept;
	struct vc_buf *out;
};

static bool
is_piece(const struct sketch *sketch, size_t index)
{
	for (size_t i = 0; i < sketch->pieces; i++) {
		if (sketch->piece_index[i] == index)
			return true;
	}
	return false;
}

/* Where the attributes end. */
static size_t
attributes_end(const struct vc_edit *edit, const struct vc_span_element *element)
{
	return element->attributes == 0
		       ? element->name_end
		       : edit->spans.attribute[element->attribute + element->attributes - 1].value_end;
}

static bool
is_same(const struct vc_edit *a, size_t a_begin, size_t a_end, const struct vc_edit *b, size_t b_begin, size_t b_end)
{
	return a_end - a_begin == b_end - b_begin && memcmp(a->text + a_begin, b->text + b_begin, a_end - a_begin) == 0;
}

/* In libvirt's own layout, whatever the domain has. */
static void
write_piece(const struct shower *shower, const struct vc_edit *edit, const xmlNode *node)
{
	vc_xml_write(shower->out, node, xmlDocGetRootElement(edit->doc));
}

/* A start tag by itself. */
static void
write_start_tag(const struct shower *shower, const xmlNode *node)
{
	xmlNode *copy = xmlDocCopyNode((xmlNode *)(uintptr_t)node, node->doc, 2);

	if (!copy)
		abort();
	vc_buf_add(shower->out, "<!-- change the start tag: -->\n");
	vc_xml_write(shower->out, copy, NULL);
	xmlFreeNode(copy);
}

static void
show_changes(const struct shower *shower, const xmlNode *node)
{
	const struct vc_edit *before = shower->before, *after = shower->after;
	const struct vc_span_element *new = vc_edit_element(after, node), *old;
	size_t was, index;

	if (!vc_kept_backward(shower->kept, new->begin, &was)) {
		vc_buf_addf(shower->out, "<!-- add inside <%s>: -->\n", (const char *)node->parent->name);
		write_piece(shower, after, node);
		return;
	}
	index = vc_spans_find(&before->spans, was);
	old = &before->spans.element[index];
	if (is_piece(shower->sketch, index)) {
		if (!is_same(before, old->begin, old->end, after, new->begin, new->end))
			write_piece(shower, after, node);
		return;
	}
	if (!is_same(before, old->begin, attributes_end(before, old), after, new->begin, attributes_end(after, new)))
		write_start_tag(shower, node);
	for (const xmlNode *child = node->children; child; child = child->next) {
		if (child->type == XML_ELEMENT_NODE)
			show_changes(shower, child);
	}
}

static void
show_removed(const struct shower *shower)
{
	for (size_t i = 0; i < shower->sketch->pieces; i++) {
		size_t index = shower->sketch->piece_index[i], unused;

		if (vc_kept_forward(shower->kept, shower->before->spans.element[index].begin, &unused))
			continue;
		vc_buf_add(shower->out, "<!-- remove this element: -->\n");
		write_piece(shower, shower->before, shower->before->node[index]);
	}
}

char *
vc_fix_xml(const struct vc_fix *fix, const struct vc_fix_input *input)
{
	_cleanup_(free_doc) xmlDoc *doc = NULL;
	_cleanup_edit_ struct vc_edit before = { 0 }, after = { 0 };
	_cleanup_kept_ struct vc_kept kept = { 0 };
	_cleanup_buf_ struct vc_buf out = { 0 };
	struct sketch sketch = { .place = input->finding->place.node };
	struct shower shower = { .sketch = &sketch, .before = &before, .after = &after, .kept = &kept, .out = &out };
	struct vc_edit_fix edit_fix = { .fix = fix, .scope = &input->scope, .place = VC_SPAN_NONE };
	const char *unused;
	bool drawn;

	if (!input->scope.guest || !input->scope.guest->root)
		return NULL;
	sketch.domain = input->scope.guest->root;
	drawn = find_pieces(&sketch, fix) && draw(&sketch, &before);
	doc = sketch.doc;
	if (!drawn)
		return NULL;
	if (sketch.place_index != VC_SPAN_NONE)
		edit_fix.place = before.spans.element[sketch.place_index].begin;
	if (vc_edit_apply(&before, &edit_fix, NULL, &after, &kept, &unused) != 1)
		return NULL;
	show_removed(&shower);
	show_changes(&shower, xmlDocGetRootElement(after.doc));
	return out.length > 0 ? vc_arena_strndup(input->arena, out.text, out.length) : NULL;
}
