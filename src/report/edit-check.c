/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The editor's word is not taken for it: both trees are written down without what was meant to change, and have
 * to be the same. Blanks between tags are not looked at, as they come and go with elements.
 */
#include <string.h>

#include "report/edit-step.h"

struct side {
	const struct vc_edit *edit;
	const struct vc_kept *kept;
	bool after;		/* which side of @kept the offsets are of */
	size_t touched;		/* index or VC_SPAN_NONE */
	const char *attribute;
	size_t changed;		/* roots of what was removed or inserted */
	size_t last_changed;
	struct vc_buf out;
};

static bool
is_kept(const struct side *side, size_t offset)
{
	size_t unused;

	return side->after ? vc_kept_backward(side->kept, offset, &unused)
			   : vc_kept_forward(side->kept, offset, &unused);
}

static void
write_text(struct side *side, const char *text)
{
	for (; text && *text; text++) {
		if (!strchr(" \t\r\n", *text))
			vc_buf_add_n(&side->out, text, 1);
	}
}

static void
write_name(struct side *side, const xmlNs *ns, const xmlChar *name)
{
	vc_buf_addf(&side->out, "{%s}%s", ns && ns->href ? (const char *)ns->href : "", (const char *)name);
}

static void
write_attributes(struct side *side, const xmlNode *node, bool touched)
{
	for (const xmlNs *ns = node->nsDef; ns; ns = ns->next)
		vc_buf_addf(&side->out, " xmlns:%s=%s", ns->prefix ? (const char *)ns->prefix : "",
			    ns->href ? (const char *)ns->href : "");
	for (const xmlAttr *attribute = node->properties; attribute; attribute = attribute->next) {
		xmlChar *value;

		if (touched && side->attribute && !attribute->ns &&
		    strcmp((const char *)attribute->name, side->attribute) == 0)
			continue;
		value = xmlNodeListGetString(node->doc, attribute->children, 1);
		vc_buf_add(&side->out, " ");
		write_name(side, attribute->ns, attribute->name);
		vc_buf_addf(&side->out, "=%s", value ? (const char *)value : "");
		xmlFree(value);
	}
}

/* The reader bounds the depth. */
static void
write_node(struct side *side, const xmlNode *node, bool in_touched_text)
{
	size_t index;
	bool touched;

	switch (node->type) {
	case XML_ELEMENT_NODE:
		break;
	case XML_TEXT_NODE:
	case XML_CDATA_SECTION_NODE:
		if (!in_touched_text)
			write_text(side, (const char *)node->content);
		return;
	default:
		vc_buf_addf(&side->out, "<%d %s %s>", (int)node->type, node->name ? (const char *)node->name : "",
			    node->content ? (const char *)node->content : "");
		return;
	}
	index = vc_edit_index(node);
	if (!is_kept(side, side->edit->spans.element[index].begin)) {
		side->changed++;
		side->last_changed = index;
		return;
	}
	touched = index == side->touched;
	vc_buf_add(&side->out, "<");
	write_name(side, node->ns, node->name);
	write_attributes(side, node, touched);
	vc_buf_add(&side->out, ">");
	for (const xmlNode *child = node->children; child; child = child->next)
		write_node(side, child, touched && !side->attribute);
	vc_buf_add(&side->out, "</>");
}

static void
write_side(struct side *side)
{
	for (const xmlNode *node = side->edit->doc->children; node; node = node->next)
		write_node(side, node, false);
}

/* The element of the later text that begins where @index of the earlier one went; VC_SPAN_NONE if it is gone. */
static size_t
find_after(const struct vc_edit *before, const struct vc_edit *after, const struct vc_kept *kept, size_t index)
{
	size_t offset;

	if (index == VC_SPAN_NONE || !vc_kept_forward(kept, before->spans.element[index].begin, &offset))
		return VC_SPAN_NONE;
	return vc_spans_find(&after->spans, offset);
}

bool
vc_edit_check(const struct vc_edit *before, const struct vc_edit *after, const struct vc_edit_step *step,
	      const struct vc_kept *kept)
{
	struct side old = { .edit = before, .kept = kept, .touched = step->touched, .attribute = step->attribute };
	struct side new = { .edit = after, .kept = kept, .after = true, .attribute = step->attribute };
	bool same;

	new.touched = find_after(before, after, kept, step->touched);
	write_side(&old);
	write_side(&new);
	same = strcmp(vc_buf_text(&old.out), vc_buf_text(&new.out)) == 0 && new.changed == step->inserted &&
	       (step->removed == VC_SPAN_NONE ? old.changed == 0
					      : old.changed == 1 && old.last_changed == step->removed) &&
	       (step->touched == VC_SPAN_NONE || new.touched != VC_SPAN_NONE);
	vc_buf_release(&old.out);
	vc_buf_release(&new.out);
	return same;
}
