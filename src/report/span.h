/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where everything of an XML text stands, in bytes. libxml2 gives a line for an element and nothing for an
 * attribute, which is not enough to change one value and leave every other byte alone.
 *
 * The scanner knows only what a domain is made of: elements, attributes, text, comments, CDATA and processing
 * instructions, in UTF-8. Whatever else it meets it refuses. It is no judge of the text: libxml2 is, and
 * edit.c lets nothing pass in which the two do not see the same elements and attributes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/macro.h"

/* The root has no parent. */
#define VC_SPAN_NONE ((size_t)-1)

struct vc_span_attribute {
	size_t blank;		 /* where the blanks before its name begin */
	size_t name, name_end;
	size_t value, value_end; /* without the quotes; the quote is the byte at value_end */
};

struct vc_span_element {
	size_t parent;	     /* index, or VC_SPAN_NONE */
	size_t begin;	     /* its '<' */
	size_t name_end;     /* the name begins at begin + 1 */
	size_t tag_end;	     /* behind the '>' of the start tag */
	size_t content_end;  /* the '<' of the end tag; tag_end if it closes itself */
	size_t end;	     /* behind the element */
	size_t attribute;    /* index of the first one */
	size_t attributes;
	bool closes_itself;  /* <x/> */
};

struct vc_spans {
	struct vc_span_element *element; /* in document order */
	size_t elements, element_room;
	struct vc_span_attribute *attribute; /* those of an element stand together, in its order */
	size_t attributes, attribute_room;
};

/* -EILSEQ: another encoding; -EBADMSG: not what a domain is made of. *ret_why is a static sentence then. */
int vc_spans_scan(const char *text, size_t size, struct vc_spans *ret_spans, const char **ret_why) _must_check_;
/* The element that begins at @offset, or VC_SPAN_NONE. */
size_t vc_spans_find(const struct vc_spans *spans, size_t offset);
void vc_spans_release(struct vc_spans *spans);
