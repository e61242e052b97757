/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the editor share: edit.c and edit-*.c. */
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

static inline void
vc_edit_add_splice(struct vc_edit_step *step, size_t begin, size_t end, const char *text, size_t length)
{
	step->splice[step->splices++] = (struct vc_splice){ begin, end, text, length };
}

/* One fix being applied. */
struct vc_edit_work {
	const struct vc_edit *edit;
	const struct vc_scope *scope;
	struct vc_arena *arena;
	const char *why;
	size_t same_kind; /* sibling that an element was put behind because it is of the same name */
};

/* Returns @r, with the reason kept. */
static inline int
vc_edit_refuse(struct vc_edit_work *w, int r, const char *why)
{
	w->why = why;
	return r;
}

size_t vc_edit_index(const xmlNode *node);
/* NULL: it is not well-formed. */
xmlDoc *vc_edit_parse(const char *text, size_t size);

/* What @action changes, as seen from the element at @place. */
int vc_edit_plan(struct vc_edit_work *w, size_t place, const struct vc_action *action, struct vc_edit_step *step)
	_must_check_;

/* A value with its facts, as text. */
int vc_edit_render_value(struct vc_edit_work *w, const struct vc_template *template, const char **ret_value)
	_must_check_;
/* The XML of the action, in the elements of @rest that @node does not have. */
int vc_edit_insert(struct vc_edit_work *w, const xmlNode *node, const char *rest, const struct vc_action *action,
		   struct vc_edit_step *step) _must_check_;
/* The innermost element of a path that does not exist yet, with the attribute or the text. */
int vc_edit_insert_set(struct vc_edit_work *w, const xmlNode *parent, const char *rest,
		       const struct vc_action *action, const char *value, struct vc_edit_step *step) _must_check_;

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
