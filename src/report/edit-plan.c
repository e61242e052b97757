/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What one action changes in the text. */
#include <errno.h>
#include <string.h>

#include "report/edit-step.h"

/* Goes down @path as far as there are elements; *ret_rest is what is missing. */
static xmlNode *
descend(xmlNode *node, const char *path, const char **ret_rest)
{
	while (*path) {
		size_t length = strcspn(path, "/");
		xmlNode *child = vc_edit_find_child(node, path, length);

		if (!child)
			break;
		node = child;
		path += length + (path[length] == '/');
	}
	*ret_rest = path;
	return node;
}

static xmlNode *
find_place(const struct vc_edit *edit, size_t place)
{
	size_t index = place == VC_SPAN_NONE ? VC_SPAN_NONE : vc_spans_find(&edit->spans, place);

	return index == VC_SPAN_NONE ? NULL : edit->node[index];
}

static const char *
escape(struct vc_edit_work *w, const char *value, char quote)
{
	_cleanup_buf_ struct vc_buf text = { 0 };

	vc_xml_escape_for(&text, value, quote);
	return vc_arena_strndup(w->arena, vc_buf_text(&text), text.length);
}

static const struct vc_span_attribute *
find_attribute(const struct vc_edit *edit, const struct vc_span_element *element, const char *name)
{
	size_t length = strlen(name);

	for (size_t i = 0; i < element->attributes; i++) {
		const struct vc_span_attribute *span = &edit->spans.attribute[element->attribute + i];

		if (span->name_end - span->name == length && memcmp(edit->text + span->name, name, length) == 0)
			return span;
	}
	return NULL;
}

/* Attributes that stand on lines of their own get another line. */
static const char *
blank_before_new(struct vc_edit_work *w, const struct vc_span_element *element)
{
	const struct vc_span_attribute *last;

	if (element->attributes == 0)
		return " ";
	last = &w->edit->spans.attribute[element->attribute + element->attributes - 1];
	if (!memchr(w->edit->text + last->blank, '\n', last->name - last->blank))
		return " ";
	return vc_arena_strndup(w->arena, w->edit->text + last->blank, last->name - last->blank);
}

static void
set_attribute(struct vc_edit_work *w, xmlNode *node, const char *name, const char *value,
	      struct vc_edit_step *step)
{
	const struct vc_span_element *element = vc_edit_element(w->edit, node);
	const struct vc_span_attribute *old = find_attribute(w->edit, element, name);
	char quote = old ? w->edit->text[old->value_end] : vc_edit_quote(w->edit, node);
	const char *escaped = escape(w, value, quote);
	size_t at = element->name_end;
	xmlChar *was = old ? xmlGetNoNsProp(node, (const xmlChar *)name) : NULL;
	bool same = was && strcmp((const char *)was, value) == 0;

	xmlFree(was);
	if (same)
		return;
	step->touched = vc_edit_index(node);
	step->attribute = name;
	if (old) {
		vc_edit_add_splice(step, old->value, old->value_end, escaped, strlen(escaped));
		return;
	}
	if (element->attributes > 0)
		at = w->edit->spans.attribute[element->attribute + element->attributes - 1].value_end + 1;
	escaped = vc_arena_printf(w->arena, "%s%s=%c%s%c", blank_before_new(w, element), name, quote, escaped, quote);
	vc_edit_add_splice(step, at, at, escaped, strlen(escaped));
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
has_content_text(const char *text, size_t begin, size_t end)
{
	while (begin < end && is_blank(text[begin]))
		begin++;
	return begin < end;
}

/* Behind the comment, processing instruction or CDATA section at @at. */
static size_t
behind_markup(const char *text, size_t at, size_t end)
{
	const char *open = "<?", *close = "?>", *found;

	if (memcmp(text + at, "<!--", 4) == 0) {
		open = "<!--";
		close = "-->";
	} else if (text[at + 1] == '!') {
		open = "<![CDATA[";
		close = "]]>";
	}
	/* The end cannot share a byte with the beginning: <!---> is none yet. */
	at += strlen(open);
	found = memmem(text + at, end - at, close, strlen(close));
	return found ? (size_t)(found - text) + strlen(close) : end;
}

/* The first piece of text becomes the value, the others go; comments between them stay. */
static int
set_pieces(struct vc_edit_work *w, const struct vc_span_element *element, const char *escaped,
	   struct vc_edit_step *step)
{
	const char *text = w->edit->text;
	size_t at = element->tag_end;
	bool written = false;

	while (at < element->content_end) {
		const char *markup = memchr(text + at, '<', element->content_end - at);
		size_t begin = at, end = markup ? (size_t)(markup - text) : element->content_end;

		at = end;
		if (begin == end) {
			at = behind_markup(text, at, element->content_end);
			if (text[begin + 1] != '!' || text[begin + 2] != '[')
				continue;
			end = at;
		} else if (!has_content_text(text, begin, end)) {
			continue;
		}
		/* The blanks around it are layout. */
		while (is_blank(text[begin]))
			begin++;
		while (is_blank(text[end - 1]))
			end--;
		if (step->splices + 1 == VC_COUNT(step->splice))
			return vc_edit_refuse(w, -EINVAL, "its text is in too many pieces");
		vc_edit_add_splice(step, begin, end, written ? "" : escaped, written ? 0 : strlen(escaped));
		written = true;
	}
	if (!written) {
		/* Blanks alone give way; beside a comment they are its layout. */
		size_t end = memchr(text + element->tag_end, '<', element->content_end - element->tag_end)
				     ? element->tag_end
				     : element->content_end;

		vc_edit_add_splice(step, element->tag_end, end, escaped, strlen(escaped));
	}
	return 0;
}

static bool
holds_text(const xmlNode *node, const char *value)
{
	xmlChar *content = xmlNodeGetContent(node);
	const char *text = content ? (const char *)content : "";
	size_t length;
	bool same;

	text += strspn(text, " \t\r\n");
	length = strlen(text);
	while (length > 0 && is_blank(text[length - 1]))
		length--;
	same = length == strlen(value) && memcmp(text, value, length) == 0;
	xmlFree(content);
	return same;
}

static int
set_text(struct vc_edit_work *w, xmlNode *node, const char *value, struct vc_edit_step *step)
{
	const struct vc_span_element *element = vc_edit_element(w->edit, node);
	const char *escaped = escape(w, value, '\0');

	for (const xmlNode *child = node->children; child; child = child->next) {
		if (child->type == XML_ELEMENT_NODE)
			return vc_edit_refuse(w, -EINVAL, "the element whose text it sets holds elements");
	}
	if (holds_text(node, value))
		return 0;
	step->touched = vc_edit_index(node);
	if (element->closes_itself) {
		size_t begin = element->end - 2;
		const char *tag;

		while (is_blank(w->edit->text[begin - 1]))
			begin--;
		tag = vc_arena_printf(w->arena, ">%s</%.*s>", escaped, (int)(element->name_end - element->begin - 1),
				      w->edit->text + element->begin + 1);
		vc_edit_add_splice(step, begin, element->end, tag, strlen(tag));
		return 0;
	}
	return set_pieces(w, element, escaped, step);
}

static int
plan_set(struct vc_edit_work *w, xmlNode *node, const char *rest, const struct vc_action *action,
	 struct vc_edit_step *step)
{
	const char *value;
	int r = vc_edit_render_value(w, &action->value, &value);

	if (r < 0)
		return r;
	if (*rest)
		return vc_edit_insert_set(w, node, rest, action, value, step);
	if (!action->attribute)
		return set_text(w, node, value, step);
	set_attribute(w, node, action->attribute, value, step);
	return 0;
}

static void
remove_attribute(struct vc_edit_work *w, const xmlNode *node, const char *name, struct vc_edit_step *step)
{
	const struct vc_span_attribute *span = find_attribute(w->edit, vc_edit_element(w->edit, node), name);

	if (!span)
		return;
	step->touched = vc_edit_index(node);
	step->attribute = name;
	vc_edit_add_splice(step, span->blank, span->value_end + 1, "", 0);
}

static int
plan_remove(struct vc_edit_work *w, const xmlNode *node, const char *rest, const struct vc_action *action,
	    struct vc_edit_step *step)
{
	size_t begin, end;

	if (*rest)
		return 0;
	if (action->attribute) {
		remove_attribute(w, node, action->attribute, step);
		return 0;
	}
	if (vc_edit_index(node) == 0)
		return vc_edit_refuse(w, -EINVAL, "it would remove the domain itself");
	vc_edit_lines(w->edit, node, &begin, &end);
	step->removed = vc_edit_index(node);
	vc_edit_add_splice(step, begin, end, "", 0);
	return 0;
}

int
vc_edit_plan(struct vc_edit_work *w, size_t place, const struct vc_action *action, struct vc_edit_step *step)
{
	const char *path = action->select ? action->select : "", *rest;
	bool from_domain = *path == '/';
	xmlNode *node = from_domain ? xmlDocGetRootElement(w->edit->doc) : find_place(w->edit, place);

	if (!node)
		return vc_edit_refuse(w, -EINVAL, "the element it is about is gone");
	node = descend(node, path + from_domain, &rest);
	switch (action->verb) {
	case VC_VERB_SET:
		return plan_set(w, node, rest, action, step);
	case VC_VERB_REMOVE:
		return plan_remove(w, node, rest, action, step);
	case VC_VERB_INSERT:
		return vc_edit_insert(w, node, rest, action, step);
	default:
		break;
	}
	return 0;
}
