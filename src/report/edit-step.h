/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the editor share: edit.c, edit-layout.c and edit-check.c. */
#pragma once

#include "report/edit.h"
#include "report/xml-write.h"

/* What one action changes, for the comparison of the trees. */
struct vc_edit_step {
	struct vc_splice splice[64]; /* sorted; their texts are owned by the arena */
	size_t splices;
	size_t touched;		/* index of the element whose attribute or text changes or goes, or VC_SPAN_NONE */
	const char *attribute;	/* NULL: its text */
	size_t removed;		/* index of the element that goes, or VC_SPAN_NONE */
	unsigned inserted;	/* elements that come, those inside them not counted */
};

size_t vc_edit_index(const xmlNode *node);

/* Where a new child of @parent goes, and how it is laid out. */
struct vc_edit_spot {
	size_t begin, end;	       /* bytes that it replaces: blanks, or "/>" */
	const char *lead, *trail;      /* around it */
	struct vc_xml_layout *layout;
};

/* How a new element is put before or behind a sibling, or into a parent without children. */
struct vc_edit_spot vc_edit_spot_before(const struct vc_edit *edit, const xmlNode *sibling, struct vc_arena *arena);
struct vc_edit_spot vc_edit_spot_behind(const struct vc_edit *edit, const xmlNode *sibling, struct vc_arena *arena);
struct vc_edit_spot vc_edit_spot_inside(const struct vc_edit *edit, const xmlNode *parent, struct vc_arena *arena);
/* The bytes that go with an element: its lines, if it has them for itself. */
void vc_edit_lines(const struct vc_edit *edit, const xmlNode *node, size_t *ret_begin, size_t *ret_end);
/* The quotes that @node, or what is around it, uses. */
char vc_edit_quote(const struct vc_edit *edit, const xmlNode *node);

/* Whether nothing but what @step says is different. */
bool vc_edit_check(const struct vc_edit *before, const struct vc_edit *after, const struct vc_edit_step *step,
		   const struct vc_kept *kept);
