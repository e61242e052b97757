/* SPDX-License-Identifier: GPL-2.0-or-later */
/* New elements look like their neighbours: line ends, indentation, quotes. */
#include <string.h>

#include "report/edit-step.h"

static bool
is_space(char c)
{
	return c == ' ' || c == '\t';
}

/* How the first line of the text ends. */
static const char *
newline_of(const struct vc_edit *edit)
{
	const char *newline = memchr(edit->text, '\n', edit->size);

	return newline && newline > edit->text && newline[-1] == '\r' ? "\r\n" : "\n";
}

/* Whether only blanks stand before @at in its line, and then where the line begins. */
static bool
begins_line(const struct vc_edit *edit, size_t at, size_t *ret_line)
{
	while (at > 0 && is_space(edit->text[at - 1]))
		at--;
	if (at > 0 && edit->text[at - 1] != '\n')
		return false;
	*ret_line = at;
	return true;
}

static const char *
copy(const struct vc_edit *edit, size_t begin, size_t end, struct vc_arena *arena)
{
	return vc_arena_strndup(arena, edit->text + begin, end - begin);
}

/* The blanks before the first element of a line; NULL if it is not the first. */
static const char *
indent_of(const struct vc_edit *edit, const xmlNode *node, struct vc_arena *arena)
{
	size_t begin = vc_edit_element(edit, node)->begin, line;

	return begins_line(edit, begin, &line) ? copy(edit, line, begin, arena) : NULL;
}

static const xmlNode *
first_child_element(const xmlNode *node)
{
	const xmlNode *child = node->children;

	while (child && child->type != XML_ELEMENT_NODE)
		child = child->next;
	return child;
}

/* By how much the first child of @parent is indented more; NULL if that cannot be seen. */
static const char *
unit_inside(const struct vc_edit *edit, const xmlNode *parent, struct vc_arena *arena)
{
	const xmlNode *child = first_child_element(parent);
	const char *outer = indent_of(edit, parent, arena);
	const char *inner = child ? indent_of(edit, child, arena) : NULL;

	/* A root that stands behind the XML declaration in one line is not indented. */
	if (!outer && vc_edit_index(parent) == 0)
		outer = "";
	if (!outer || !inner || strlen(inner) <= strlen(outer) || strncmp(inner, outer, strlen(outer)) != 0)
		return NULL;
	return inner + strlen(outer);
}

/* One level of indentation, as it is nearest to @node. */
static const char *
unit_near(const struct vc_edit *edit, const xmlNode *node, struct vc_arena *arena)
{
	for (; node && node->type == XML_ELEMENT_NODE; node = node->parent) {
		const char *unit = unit_inside(edit, node, arena);

		if (unit)
			return unit;
	}
	return "  ";
}

char
vc_edit_quote(const struct vc_edit *edit, const xmlNode *node)
{
	for (; node && node->type == XML_ELEMENT_NODE; node = node->parent) {
		const struct vc_span_element *element = vc_edit_element(edit, node);

		if (element->attributes > 0)
			return edit->text[edit->spans.attribute[element->attribute + element->attributes - 1].value_end];
	}
	return '\'';
}

static struct vc_xml_layout *
layout_of(const struct vc_edit *edit, const xmlNode *near, const char *prefix, struct vc_arena *arena)
{
	struct vc_xml_layout *layout = vc_arena_make(arena, struct vc_xml_layout);

	*layout = (struct vc_xml_layout){
		.newline = prefix ? newline_of(edit) : "",
		.prefix = prefix ? prefix : "",
		.indent = prefix ? unit_near(edit, near, arena) : "",
		.quote = vc_edit_quote(edit, near),
	};
	return layout;
}

struct vc_edit_spot
vc_edit_spot_before(const struct vc_edit *edit, const xmlNode *sibling, struct vc_arena *arena)
{
	const struct vc_span_element *element = vc_edit_element(edit, sibling);
	const char *prefix = indent_of(edit, sibling, arena);
	struct vc_xml_layout *layout = layout_of(edit, sibling, prefix, arena);

	return (struct vc_edit_spot){
		.begin = element->begin,
		.end = element->begin,
		.lead = "",
		.trail = vc_arena_printf(arena, "%s%s", layout->newline, layout->prefix),
		.layout = layout,
	};
}

/* A comment behind an element in its line is about that element: what is inserted comes after it. */
static size_t
behind_comments(const struct vc_edit *edit, const xmlNode *sibling)
{
	size_t end = vc_edit_element(edit, sibling)->end, at = end;
	size_t limit = vc_edit_element(edit, sibling->parent)->content_end;

	for (;;) {
		const char *close;

		while (at < limit && is_space(edit->text[at]))
			at++;
		if (limit - at < 4 || memcmp(edit->text + at, "<!--", 4) != 0)
			return end;
		close = memmem(edit->text + at + 4, limit - at - 4, "-->", 3);
		if (!close || memchr(edit->text + at, '\n', (size_t)(close - edit->text) - at))
			return end;
		end = at = (size_t)(close - edit->text) + 3;
	}
}

struct vc_edit_spot
vc_edit_spot_behind(const struct vc_edit *edit, const xmlNode *sibling, struct vc_arena *arena)
{
	const char *prefix = indent_of(edit, sibling, arena);
	struct vc_xml_layout *layout = layout_of(edit, sibling, prefix, arena);
	size_t at = prefix ? behind_comments(edit, sibling) : vc_edit_element(edit, sibling)->end;

	return (struct vc_edit_spot){
		.begin = at,
		.end = at,
		.lead = vc_arena_printf(arena, "%s%s", layout->newline, layout->prefix),
		.trail = "",
		.layout = layout,
	};
}

static const char *
name_in_text(const struct vc_edit *edit, const struct vc_span_element *element, struct vc_arena *arena)
{
	return copy(edit, element->begin + 1, element->name_end, arena);
}

/* Behind the last thing in it that is not blank; the end of the start tag if there is none. */
static size_t
content_so_far(const struct vc_edit *edit, const struct vc_span_element *element)
{
	size_t at = element->content_end;

	while (at > element->tag_end && (is_space(edit->text[at - 1]) || edit->text[at - 1] == '\n' ||
					 edit->text[at - 1] == '\r'))
		at--;
	return at;
}

struct vc_edit_spot
vc_edit_spot_inside(const struct vc_edit *edit, const xmlNode *parent, struct vc_arena *arena)
{
	const struct vc_span_element *element = vc_edit_element(edit, parent);
	const char *outer = indent_of(edit, parent, arena);
	const char *prefix = outer ? vc_arena_printf(arena, "%s%s", outer, unit_near(edit, parent, arena)) : NULL;
	struct vc_xml_layout *layout = layout_of(edit, parent, prefix, arena);
	const char *lead = vc_arena_printf(arena, "%s%s", layout->newline, layout->prefix);
	const char *last = outer ? vc_arena_printf(arena, "%s%s", layout->newline, outer) : "";
	struct vc_edit_spot spot = { .layout = layout, .lead = lead, .trail = "" };

	if (element->closes_itself) {
		spot.begin = element->end - 2;
		spot.end = element->end;
		while (is_space(edit->text[spot.begin - 1]))
			spot.begin--;
		spot.lead = vc_arena_printf(arena, ">%s", lead);
		spot.trail = vc_arena_printf(arena, "%s</%s>", last, name_in_text(edit, element, arena));
		return spot;
	}
	spot.begin = spot.end = content_so_far(edit, element);
	/* <x></x> gets an end of line before its end tag; <x>, end of line, </x> has one. */
	if (!memchr(edit->text + spot.end, '\n', element->content_end - spot.end)) {
		spot.end = outer ? element->content_end : spot.end;
		spot.trail = last;
	}
	return spot;
}

void
vc_edit_lines(const struct vc_edit *edit, const xmlNode *node, size_t *ret_begin, size_t *ret_end)
{
	const struct vc_span_element *element = vc_edit_element(edit, node);
	size_t end = element->end, line;

	*ret_begin = element->begin;
	*ret_end = element->end;
	if (!begins_line(edit, element->begin, &line))
		return;
	while (end < edit->size && (is_space(edit->text[end]) || edit->text[end] == '\r'))
		end++;
	if (edit->size - end >= 4 && memcmp(edit->text + end, "<!--", 4) == 0) {
		/* The comment takes its place in the line. */
		*ret_end = end;
		return;
	}
	if (end == edit->size || edit->text[end] != '\n')
		return;
	*ret_begin = line;
	*ret_end = end + 1;
}
