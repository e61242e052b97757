/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/span.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

/* The reader of domains has the same bounds [src/guest/read-xml.c]. */
#define DEPTH_MAX 128u
#define SPANS_MAX 200000u

struct scanner {
	const char *text;
	size_t at, size;
	struct vc_spans *spans;
	size_t parent; /* the element we are in */
	unsigned depth;
	const char *why;
};

static int
refuse(struct scanner *s, const char *why)
{
	s->why = why;
	return -EBADMSG;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
looks_at(const struct scanner *s, const char *what)
{
	size_t length = strlen(what);

	return s->size - s->at >= length && memcmp(s->text + s->at, what, length) == 0;
}

static void
skip_blanks(struct scanner *s)
{
	while (s->at < s->size && is_blank(s->text[s->at]))
		s->at++;
}

/* Goes behind the next @what. */
static int
skip_behind(struct scanner *s, const char *what)
{
	const char *found = memmem(s->text + s->at, s->size - s->at, what, strlen(what));

	if (!found)
		return refuse(s, "something in it is never closed");
	s->at = (size_t)(found - s->text) + strlen(what);
	return 0;
}

/* Names as libxml2 found them to be; here it only matters where they end. */
static int
skip_name(struct scanner *s)
{
	size_t begin = s->at;

	while (s->at < s->size && !is_blank(s->text[s->at]) && !strchr("=/><\"'&", s->text[s->at]))
		s->at++;
	return s->at > begin ? 0 : refuse(s, "a name is missing");
}

static void *
grow(void *items, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return items;
	*room = *room ? 2 * *room : 64;
	items = reallocarray(items, *room, size);
	if (!items)
		abort();
	return items;
}

/* --- tags --- */

static int
scan_attribute(struct scanner *s, size_t blank)
{
	struct vc_spans *spans = s->spans;
	struct vc_span_attribute attribute = { .blank = blank, .name = s->at };
	const char *close;
	char quote;

	if (spans->attributes >= SPANS_MAX)
		return refuse(s, "it has too many attributes");
	if (skip_name(s) < 0)
		return -EBADMSG;
	attribute.name_end = s->at;
	skip_blanks(s);
	if (!looks_at(s, "="))
		return refuse(s, "an attribute has no value");
	s->at++;
	skip_blanks(s);
	if (!looks_at(s, "'") && !looks_at(s, "\""))
		return refuse(s, "the value of an attribute has no quotes");
	quote = s->text[s->at++];
	attribute.value = s->at;
	close = memchr(s->text + s->at, quote, s->size - s->at);
	if (!close)
		return refuse(s, "the quotes of an attribute are never closed");
	attribute.value_end = (size_t)(close - s->text);
	s->at = attribute.value_end + 1;
	spans->attribute = grow(spans->attribute, spans->attributes, &spans->attribute_room, sizeof(attribute));
	spans->attribute[spans->attributes++] = attribute;
	return 0;
}

static int
scan_start_tag(struct scanner *s)
{
	struct vc_spans *spans = s->spans;
	struct vc_span_element element = { .parent = s->parent, .begin = s->at, .attribute = spans->attributes };

	if (spans->elements >= SPANS_MAX || s->depth >= DEPTH_MAX)
		return refuse(s, "it has too many elements, or they are nested too deeply");
	s->at++;
	if (skip_name(s) < 0)
		return -EBADMSG;
	element.name_end = s->at;
	for (;;) {
		size_t blank = s->at;

		skip_blanks(s);
		if (looks_at(s, ">") || looks_at(s, "/>"))
			break;
		if (s->at == blank)
			return refuse(s, "a tag is never closed");
		if (scan_attribute(s, blank) < 0)
			return -EBADMSG;
	}
	element.attributes = spans->attributes - element.attribute;
	element.closes_itself = s->text[s->at] == '/';
	s->at += element.closes_itself ? 2 : 1;
	element.tag_end = element.content_end = element.end = s->at;
	spans->element = grow(spans->element, spans->elements, &spans->element_room, sizeof(element));
	spans->element[spans->elements++] = element;
	if (!element.closes_itself) {
		s->parent = spans->elements - 1;
		s->depth++;
	}
	return 0;
}

static int
scan_end_tag(struct scanner *s)
{
	struct vc_span_element *element;
	size_t name, length;

	if (s->parent == VC_SPAN_NONE)
		return refuse(s, "an element ends that never began");
	element = &s->spans->element[s->parent];
	element->content_end = s->at;
	s->at += 2;
	name = s->at;
	if (skip_name(s) < 0)
		return -EBADMSG;
	length = s->at - name;
	if (length != element->name_end - element->begin - 1 ||
	    memcmp(s->text + name, s->text + element->begin + 1, length) != 0)
		return refuse(s, "an element ends inside another one");
	skip_blanks(s);
	if (!looks_at(s, ">"))
		return refuse(s, "a tag is never closed");
	s->at++;
	element->end = s->at;
	s->parent = element->parent;
	s->depth--;
	return 0;
}

/* --- the whole --- */

static int
scan_markup(struct scanner *s)
{
	if (looks_at(s, "<!--")) {
		s->at += strlen("<!--");
		return skip_behind(s, "-->");
	}
	if (looks_at(s, "<![CDATA[") && s->parent != VC_SPAN_NONE)
		return skip_behind(s, "]]>");
	if (looks_at(s, "<!"))
		return refuse(s, "it has a document type or a declaration; domain XML has none");
	if (looks_at(s, "<?"))
		return skip_behind(s, "?>");
	if (looks_at(s, "</"))
		return scan_end_tag(s);
	if (s->parent == VC_SPAN_NONE && s->spans->elements > 0)
		return refuse(s, "it has more than one root");
	return scan_start_tag(s);
}

static int
scan_all(struct scanner *s)
{
	while (s->at < s->size) {
		if (s->text[s->at] == '<') {
			if (scan_markup(s) < 0)
				return -EBADMSG;
			continue;
		}
		if (s->text[s->at] == '\0' || (s->parent == VC_SPAN_NONE && !is_blank(s->text[s->at])))
			return refuse(s, "there is something beside the elements");
		s->at++;
	}
	if (s->parent != VC_SPAN_NONE || s->spans->elements == 0)
		return refuse(s, "it ends too early");
	return 0;
}

/* Of the declaration, if there is one: the quoted word behind "encoding". */
static bool
is_declared_otherwise(const char *text, size_t size)
{
	const char *end = memmem(text, size, "?>", 2), *at;
	char quote;

	if (size < 6 || memcmp(text, "<?xml", 5) != 0 || !is_blank(text[5]) || !end)
		return false;
	at = memmem(text, (size_t)(end - text), "encoding", 8);
	if (!at)
		return false;
	at += strlen("encoding");
	while (at < end && (is_blank(*at) || *at == '='))
		at++;
	if (at == end || (*at != '\'' && *at != '"'))
		return true;
	quote = *at++;
	return !(end - at > 5 && strncasecmp(at, "UTF-8", 5) == 0 && at[5] == quote) &&
	       !(end - at > 4 && strncasecmp(at, "UTF8", 4) == 0 && at[4] == quote);
}

static bool
is_wide(const char *text, size_t size)
{
	return size >= 2 && (memcmp(text, "\xfe\xff", 2) == 0 || memcmp(text, "\xff\xfe", 2) == 0 ||
			     text[0] == '\0' || text[1] == '\0');
}

int
vc_spans_scan(const char *text, size_t size, struct vc_spans *ret_spans, const char **ret_why)
{
	struct vc_spans spans = { 0 };
	struct scanner s = { .text = text, .size = size, .spans = &spans, .parent = VC_SPAN_NONE };

	if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		s.at = 3;
	if (is_wide(text, size) || is_declared_otherwise(text + s.at, size - s.at)) {
		*ret_why = "it is not in UTF-8, and only that can be changed byte by byte; convert it first";
		return -EILSEQ;
	}
	if (scan_all(&s) < 0) {
		vc_spans_release(&spans);
		*ret_why = s.why;
		return -EBADMSG;
	}
	*ret_spans = spans;
	return 0;
}

size_t
vc_spans_find(const struct vc_spans *spans, size_t offset)
{
	size_t low = 0, high = spans->elements;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (spans->element[middle].begin == offset)
			return middle;
		if (spans->element[middle].begin < offset)
			low = middle + 1;
		else
			high = middle;
	}
	return VC_SPAN_NONE;
}

void
vc_spans_release(struct vc_spans *spans)
{
	free(spans->element);
	free(spans->attribute);
	*spans = (struct vc_spans){ 0 };
}
