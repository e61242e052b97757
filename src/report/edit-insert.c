/* SPDX-License-Identifier: GPL-2.0-or-later */
/* New elements: where they go, and what they are made of. */
#include <errno.h>
#include <libxml/parser.h>
#include <libxml/xmlstring.h>
#include <string.h>

#include "report/edit-step.h"
#include "report/fix-text.h"

/* Order of the children of <domain> as libvirt writes them [libvirt 11.3 src/conf/domain_conf.c
 * virDomainDefFormatInternalSetRootName]. */
static const char *const domain_order[] = {
	"name", "uuid", "genid", "title", "description", "metadata", "maxMemory", "memory", "currentMemory",
	"blkiotune", "memtune", "memoryBacking", "vcpu", "vcpus", "iothreads", "iothreadids", "defaultiothread",
	"throttlegroups", "cputune", "numatune", "resource", "sysinfo", "bootloader", "bootloader_args", "os",
	"idmap", "features", "cpu", "clock", "on_poweroff", "on_reboot", "on_crash", "on_lockfailure", "pm",
	"perf", "devices", "seclabel", "keywrap", "launchSecurity",
};

static size_t
rank_of(const xmlNode *node)
{
	size_t rank = 0;

	while (rank < VC_COUNT(domain_order) &&
	       (node->ns || strcmp((const char *)node->name, domain_order[rank]) != 0))
		rank++;
	return rank;
}

static bool
is_same_kind(const xmlNode *a, const xmlNode *b)
{
	return a->type == XML_ELEMENT_NODE && strcmp((const char *)a->name, (const char *)b->name) == 0 &&
	       !a->ns == !b->ns && (!a->ns || xmlStrcmp(a->ns->href, b->ns->href) == 0);
}

/* The child that a new one goes behind, if nothing was said: its like, else the last that libvirt writes before it. */
static const xmlNode *
find_anchor(struct vc_edit_work *w, const xmlNode *parent, const xmlNode *new)
{
	bool in_domain = vc_edit_index(parent) == 0;
	const xmlNode *like = NULL, *before = NULL;

	for (const xmlNode *child = parent->children; child; child = child->next) {
		if (child->type != XML_ELEMENT_NODE)
			continue;
		if (is_same_kind(child, new))
			like = child;
		if (!in_domain || rank_of(child) <= rank_of(new))
			before = child;
	}
	if (like)
		w->same_kind = vc_edit_index(like);
	return like ? like : before;
}

static struct vc_edit_spot
find_spot(struct vc_edit_work *w, const xmlNode *parent, const xmlNode *new, const struct vc_action *action)
{
	const xmlNode *before = NULL, *behind = NULL;

	if (action && action->before)
		before = vc_edit_find_child(parent, action->before, strlen(action->before));
	if (action && action->after)
		behind = vc_edit_find_child(parent, action->after, strlen(action->after));
	if (!before && !behind)
		behind = find_anchor(w, parent, new);
	if (!before && !behind) {
		for (before = parent->children; before && before->type != XML_ELEMENT_NODE; before = before->next)
			continue;
	}
	if (behind)
		return vc_edit_spot_behind(w->edit, behind, w->arena);
	if (before)
		return vc_edit_spot_before(w->edit, before, w->arena);
	return vc_edit_spot_inside(w->edit, parent, w->arena);
}

static void
insert(struct vc_edit_work *w, const xmlNode *parent, const xmlNode *new, const struct vc_action *action,
       struct vc_edit_step *step)
{
	struct vc_edit_spot spot = find_spot(w, parent, new, action);
	_cleanup_buf_ struct vc_buf text = { 0 };

	vc_buf_add(&text, spot.lead);
	vc_xml_write_in(&text, new, xmlDocGetRootElement(w->edit->doc), spot.layout);
	vc_buf_add(&text, spot.trail);
	vc_edit_add_splice(step, spot.begin, spot.end, vc_arena_strndup(w->arena, vc_buf_text(&text), text.length),
		   text.length);
	step->inserted = 1;
}

static bool
is_xml_text(const char *text)
{
	for (const char *at = text; *at; at++) {
		/* Control characters, and U+FFFE and U+FFFF, cannot be written in XML 1.0 at all. */
		if ((unsigned char)*at < ' ' && !strchr("\t\n\r", *at))
			return false;
		if (memcmp(at, "\xef\xbf", strnlen(at, 2)) == 0 && strnlen(at, 3) == 3 &&
		    ((unsigned char)at[2] == 0xbe || (unsigned char)at[2] == 0xbf))
			return false;
	}
	return xmlCheckUTF8((const unsigned char *)text) == 1;
}

int
vc_edit_render_value(struct vc_edit_work *w, const struct vc_template *template, const char **ret_value)
{
	_cleanup_buf_ struct vc_buf value = { 0 };

	vc_template_render(template, w->scope, &value);
	if (!is_xml_text(vc_buf_text(&value)))
		return vc_edit_refuse(w, -EILSEQ, "a value in it cannot be written in XML");
	*ret_value = vc_arena_strndup(w->arena, vc_buf_text(&value), value.length);
	return 0;
}

/* Markup with facts in it: literal parts are markup, facts are text inside it. */
static int
render_markup(struct vc_edit_work *w, const struct vc_action *action, struct vc_buf *out)
{
	const struct vc_template *template = &action->xml_template;

	if (template->count == 0)
		vc_buf_add(out, action->xml ? action->xml : "");
	for (size_t i = 0; i < template->count; i++) {
		const struct vc_template one = { .part = &template->part[i], .count = 1 };
		const char *value;
		int r = vc_edit_render_value(w, &one, &value);

		if (r < 0)
			return r;
		if (template->part[i].text)
			vc_buf_add(out, value);
		else
			vc_xml_escape(out, value);
	}
	return 0;
}

static void
free_doc(xmlDoc **doc)
{
	if (*doc)
		xmlFreeDoc(*doc);
}

/* Opens the elements of @path around what is to come, and closes them behind it. */
static void
add_path(struct vc_buf *out, const char *path, bool close)
{
	if (*path) {
		size_t length = strcspn(path, "/");

		if (!close)
			vc_buf_addf(out, "<%.*s>", (int)length, path);
		add_path(out, path + length + (path[length] == '/'), close);
		if (close)
			vc_buf_addf(out, "</%.*s>", (int)length, path);
	}
}

/* Inserts @content, which is markup, in the elements of @path that @parent does not have. */
static int
insert_markup(struct vc_edit_work *w, const xmlNode *parent, const char *path, const char *content,
	      const struct vc_action *action, struct vc_edit_step *step)
{
	_cleanup_(free_doc) xmlDoc *doc = NULL;
	_cleanup_buf_ struct vc_buf text = { 0 };
	xmlNode *new;

	vc_buf_add(&text, "<fix xmlns:qemu='" VC_QEMU_NAMESPACE "'>");
	add_path(&text, path, false);
	vc_buf_add(&text, content);
	add_path(&text, path, true);
	vc_buf_add(&text, "</fix>");
	doc = vc_edit_parse(vc_buf_text(&text), text.length);
	new = doc ? xmlDocGetRootElement(doc)->children : NULL;
	while (new && new->type != XML_ELEMENT_NODE)
		new = new->next;
	if (!new)
		return vc_edit_refuse(w, -EINVAL, "what it inserts is no element");
	/* A copy by itself declares the namespaces it uses. */
	new = xmlDocCopyNode(new, doc, 1);
	if (!new)
		abort();
	insert(w, parent, new, *path ? NULL : action, step);
	xmlFreeNode(new);
	return 0;
}

int
vc_edit_insert(struct vc_edit_work *w, const xmlNode *node, const char *rest, const struct vc_action *action,
	    struct vc_edit_step *step)
{
	_cleanup_buf_ struct vc_buf markup = { 0 };
	int r = render_markup(w, action, &markup);

	return r < 0 ? r : insert_markup(w, node, rest, vc_buf_text(&markup), action, step);
}

int
vc_edit_insert_set(struct vc_edit_work *w, const xmlNode *parent, const char *rest,
		   const struct vc_action *action, const char *value, struct vc_edit_step *step)
{
	const char *slash = strrchr(rest, '/'), *name = slash ? slash + 1 : rest;
	const char *outer = slash ? vc_arena_strndup(w->arena, rest, (size_t)(slash - rest)) : "";
	_cleanup_buf_ struct vc_buf content = { 0 };

	vc_buf_addf(&content, "<%s", name);
	if (action->attribute) {
		vc_buf_addf(&content, " %s='", action->attribute);
		vc_xml_escape_for(&content, value, '\'');
		vc_buf_add(&content, "'/>");
	} else {
		vc_buf_add(&content, ">");
		vc_xml_escape_for(&content, value, '\0');
		vc_buf_addf(&content, "</%s>", name);
	}
	return insert_markup(w, parent, outer, vc_buf_text(&content), NULL, step);
}
