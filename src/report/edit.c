/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/edit.h"

#include <errno.h>
#include <libxml/parser.h>
#include <libxml/xmlstring.h>
#include <string.h>

#include "report/edit-step.h"
#include "report/fix-text.h"

/* --- a text in two readings that agree --- */

struct agreement {
	struct vc_edit *edit;
	size_t next; /* element */
};

static bool
is_spelt(const struct vc_edit *edit, size_t begin, size_t end, const xmlNs *ns, const xmlChar *name)
{
	const char *at = edit->text + begin, *prefix = ns && ns->prefix ? (const char *)ns->prefix : NULL;
	size_t length = end - begin, prefix_length = prefix ? strlen(prefix) + 1 : 0;

	return length == prefix_length + strlen((const char *)name) &&
	       (!prefix || (memcmp(at, prefix, prefix_length - 1) == 0 && at[prefix_length - 1] == ':')) &&
	       memcmp(at + prefix_length, name, length - prefix_length) == 0;
}

static bool
declares_namespace(const struct vc_edit *edit, const struct vc_span_attribute *attribute)
{
	const char *name = edit->text + attribute->name;
	size_t length = attribute->name_end - attribute->name;

	return (length == 5 && memcmp(name, "xmlns", 5) == 0) || (length > 6 && memcmp(name, "xmlns:", 6) == 0);
}

static bool
attributes_agree(const struct vc_edit *edit, const struct vc_span_element *element, const xmlNode *node)
{
	const xmlAttr *seen = node->properties;
	const xmlNs *declared = node->nsDef;

	for (size_t i = 0; i < element->attributes; i++) {
		const struct vc_span_attribute *span = &edit->spans.attribute[element->attribute + i];

		if (declares_namespace(edit, span)) {
			/* libxml2 keeps no second declaration of the same prefix: it is not well-formed. */
			if (!declared)
				return false;
			declared = declared->next;
			continue;
		}
		if (!seen || !is_spelt(edit, span->name, span->name_end, seen->ns, seen->name))
			return false;
		seen = seen->next;
	}
	return !seen && !declared;
}

static bool
elements_agree(struct agreement *a, xmlNode *node, size_t parent)
{
	const struct vc_spans *spans = &a->edit->spans;
	size_t index = a->next++;

	if (index >= spans->elements || spans->element[index].parent != parent ||
	    !is_spelt(a->edit, spans->element[index].begin + 1, spans->element[index].name_end, node->ns,
		      node->name) ||
	    !attributes_agree(a->edit, &spans->element[index], node))
		return false;
	node->_private = (void *)(uintptr_t)(index + 1);
	a->edit->node[index] = node;
	for (xmlNode *child = node->children; child; child = child->next) {
		if (child->type == XML_ENTITY_REF_NODE ||
		    (child->type == XML_ELEMENT_NODE && !elements_agree(a, child, index)))
			return false;
	}
	return true;
}

static xmlDoc *
parse(const char *text, size_t size)
{
	if (size > INT32_MAX)
		return NULL;
	return xmlReadMemory(text, (int)size, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
}

int
vc_edit_open(const char *text, size_t size, struct vc_edit *ret_edit, const char **ret_why)
{
	struct vc_edit edit = { .size = size };
	struct agreement agreement = { .edit = &edit };
	int r = vc_spans_scan(text, size, &edit.spans, ret_why);
	xmlNode *root;

	if (r < 0)
		return r;
	edit.text = malloc(size + 1);
	edit.node = calloc(edit.spans.elements, sizeof(xmlNode *));
	if (!edit.text || !edit.node)
		abort();
	memcpy(edit.text, text, size);
	edit.text[size] = '\0';
	edit.doc = parse(edit.text, size);
	root = edit.doc ? xmlDocGetRootElement(edit.doc) : NULL;
	if (!root || !elements_agree(&agreement, root, VC_SPAN_NONE) || agreement.next != edit.spans.elements) {
		*ret_why = edit.doc ? "it can be read in more than one way" : "it is not well-formed XML";
		vc_edit_release(&edit);
		return -EBADMSG;
	}
	*ret_edit = edit;
	return 0;
}

void
vc_edit_release(struct vc_edit *edit)
{
	if (edit->doc)
		xmlFreeDoc(edit->doc);
	vc_spans_release(&edit->spans);
	free(edit->text);
	free(edit->node);
	*edit = (struct vc_edit){ 0 };
}

size_t
vc_edit_index(const xmlNode *node)
{
	return (size_t)(uintptr_t)node->_private - 1;
}

const struct vc_span_element *
vc_edit_element(const struct vc_edit *edit, const xmlNode *node)
{
	return &edit->spans.element[vc_edit_index(node)];
}

/* --- what an action is about --- */

struct work {
	const struct vc_edit *edit;
	const struct vc_scope *scope;
	struct vc_arena *arena;
	const char *why;
	size_t same_kind; /* sibling that an element was put behind because it is of the same name */
};

static int
refuse(struct work *w, int r, const char *why)
{
	w->why = why;
	return r;
}

/* libvirt's elements have no namespace, but for those of its QEMU driver, which rules call "qemu:...". */
static bool
is_named(const xmlNode *node, const char *name, size_t length)
{
	static const char prefix[] = "qemu:";
	bool qemu = length > strlen(prefix) && memcmp(name, prefix, strlen(prefix)) == 0;

	if (node->type != XML_ELEMENT_NODE)
		return false;
	if (qemu) {
		name += strlen(prefix);
		length -= strlen(prefix);
	}
	if (strlen((const char *)node->name) != length || memcmp(node->name, name, length) != 0)
		return false;
	if (qemu)
		return node->ns && node->ns->href && strcmp((const char *)node->ns->href, VC_QEMU_NAMESPACE) == 0;
	return !node->ns;
}

xmlNode *
vc_edit_find_child(const xmlNode *parent, const char *name, size_t length)
{
	for (xmlNode *child = parent->children; child; child = child->next) {
		if (is_named(child, name, length))
			return child;
	}
	return NULL;
}

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

/* --- new elements --- */

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
find_anchor(struct work *w, const xmlNode *parent, const xmlNode *new)
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
find_spot(struct work *w, const xmlNode *parent, const xmlNode *new, const struct vc_action *action)
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
add_splice(struct vc_edit_step *step, size_t begin, size_t end, const char *text, size_t length)
{
	step->splice[step->splices++] = (struct vc_splice){ begin, end, text, length };
}

static void
insert(struct work *w, const xmlNode *parent, const xmlNode *new, const struct vc_action *action,
       struct vc_edit_step *step)
{
	struct vc_edit_spot spot = find_spot(w, parent, new, action);
	_cleanup_buf_ struct vc_buf text = { 0 };

	vc_buf_add(&text, spot.lead);
	vc_xml_write_in(&text, new, xmlDocGetRootElement(w->edit->doc), spot.layout);
	vc_buf_add(&text, spot.trail);
	add_splice(step, spot.begin, spot.end, vc_arena_strndup(w->arena, vc_buf_text(&text), text.length),
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

static int
render_value(struct work *w, const struct vc_template *template, const char **ret_value)
{
	_cleanup_buf_ struct vc_buf value = { 0 };

	vc_template_render(template, w->scope, &value);
	if (!is_xml_text(vc_buf_text(&value)))
		return refuse(w, -EILSEQ, "a value in it cannot be written in XML");
	*ret_value = vc_arena_strndup(w->arena, vc_buf_text(&value), value.length);
	return 0;
}

/* Markup with facts in it: literal parts are markup, facts are text inside it. */
static int
render_markup(struct work *w, const struct vc_action *action, struct vc_buf *out)
{
	const struct vc_template *template = &action->xml_template;

	if (template->count == 0)
		vc_buf_add(out, action->xml ? action->xml : "");
	for (size_t i = 0; i < template->count; i++) {
		const struct vc_template one = { .part = &template->part[i], .count = 1 };
		const char *value;
		int r = render_value(w, &one, &value);

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
insert_markup(struct work *w, const xmlNode *parent, const char *path, const char *content,
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
	doc = parse(vc_buf_text(&text), text.length);
	new = doc ? xmlDocGetRootElement(doc)->children : NULL;
	while (new && new->type != XML_ELEMENT_NODE)
		new = new->next;
	if (!new)
		return refuse(w, -EINVAL, "what it inserts is no element");
	/* A copy by itself declares the namespaces it uses. */
	new = xmlDocCopyNode(new, doc, 1);
	if (!new)
		abort();
	insert(w, parent, new, *path ? NULL : action, step);
	xmlFreeNode(new);
	return 0;
}

/* The innermost element of a path that does not exist yet, with the attribute or the text. */
static int
insert_set(struct work *w, const xmlNode *parent, const char *rest, const struct vc_action *action,
	   const char *value, struct vc_edit_step *step)
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

/* --- set --- */

static const char *
escape(struct work *w, const char *value, char quote)
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
blank_before_new(struct work *w, const struct vc_span_element *element)
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
set_attribute(struct work *w, xmlNode *node, const char *name, const char *value, struct vc_edit_step *step)
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
		add_splice(step, old->value, old->value_end, escaped, strlen(escaped));
		return;
	}
	if (element->attributes > 0)
		at = w->edit->spans.attribute[element->attribute + element->attributes - 1].value_end + 1;
	escaped = vc_arena_printf(w->arena, "%s%s=%c%s%c", blank_before_new(w, element), name, quote, escaped, quote);
	add_splice(step, at, at, escaped, strlen(escaped));
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
set_pieces(struct work *w, const struct vc_span_element *element, const char *escaped, struct vc_edit_step *step)
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
			return refuse(w, -EINVAL, "its text is in too many pieces");
		add_splice(step, begin, end, written ? "" : escaped, written ? 0 : strlen(escaped));
		written = true;
	}
	if (!written) {
		/* Blanks alone give way; beside a comment they are its layout. */
		size_t end = memchr(text + element->tag_end, '<', element->content_end - element->tag_end)
				     ? element->tag_end
				     : element->content_end;

		add_splice(step, element->tag_end, end, escaped, strlen(escaped));
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
set_text(struct work *w, xmlNode *node, const char *value, struct vc_edit_step *step)
{
	const struct vc_span_element *element = vc_edit_element(w->edit, node);
	const char *escaped = escape(w, value, '\0');

	for (const xmlNode *child = node->children; child; child = child->next) {
		if (child->type == XML_ELEMENT_NODE)
			return refuse(w, -EINVAL, "the element whose text it sets holds elements");
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
		add_splice(step, begin, element->end, tag, strlen(tag));
		return 0;
	}
	return set_pieces(w, element, escaped, step);
}

/* --- one action, and all of a fix --- */

static int
plan_set(struct work *w, xmlNode *node, const char *rest, const struct vc_action *action, struct vc_edit_step *step)
{
	const char *value;
	int r = render_value(w, &action->value, &value);

	if (r < 0)
		return r;
	if (*rest)
		return insert_set(w, node, rest, action, value, step);
	if (!action->attribute)
		return set_text(w, node, value, step);
	set_attribute(w, node, action->attribute, value, step);
	return 0;
}

static void
remove_attribute(struct work *w, const xmlNode *node, const char *name, struct vc_edit_step *step)
{
	const struct vc_span_attribute *span = find_attribute(w->edit, vc_edit_element(w->edit, node), name);

	if (!span)
		return;
	step->touched = vc_edit_index(node);
	step->attribute = name;
	add_splice(step, span->blank, span->value_end + 1, "", 0);
}

static int
plan_remove(struct work *w, const xmlNode *node, const char *rest, const struct vc_action *action,
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
		return refuse(w, -EINVAL, "it would remove the domain itself");
	vc_edit_lines(w->edit, node, &begin, &end);
	step->removed = vc_edit_index(node);
	add_splice(step, begin, end, "", 0);
	return 0;
}

static int
plan_insert(struct work *w, const xmlNode *node, const char *rest, const struct vc_action *action,
	    struct vc_edit_step *step)
{
	_cleanup_buf_ struct vc_buf markup = { 0 };
	int r = render_markup(w, action, &markup);

	return r < 0 ? r : insert_markup(w, node, rest, vc_buf_text(&markup), action, step);
}

static int
plan(struct work *w, size_t place, const struct vc_action *action, struct vc_edit_step *step)
{
	const char *path = action->select ? action->select : "", *rest;
	bool from_domain = *path == '/';
	xmlNode *node = from_domain ? xmlDocGetRootElement(w->edit->doc) : find_place(w->edit, place);

	if (!node)
		return refuse(w, -EINVAL, "the element it is about is gone");
	node = descend(node, path + from_domain, &rest);
	switch (action->verb) {
	case VC_VERB_SET:
		return plan_set(w, node, rest, action, step);
	case VC_VERB_REMOVE:
		return plan_remove(w, node, rest, action, step);
	case VC_VERB_INSERT:
		return plan_insert(w, node, rest, action, step);
	default:
		break;
	}
	return 0;
}

static void
splice_text(const struct vc_edit *edit, const struct vc_edit_step *step, struct vc_buf *out)
{
	size_t at = 0;

	for (size_t i = 0; i < step->splices; i++) {
		vc_buf_add_n(out, edit->text + at, step->splice[i].begin - at);
		vc_buf_add_n(out, step->splice[i].text, step->splice[i].length);
		at = step->splice[i].end;
	}
	vc_buf_add_n(out, edit->text + at, edit->size - at);
}

/* Carries the step out; 1, or the defect that it is if the result is not what was meant. */
static int
carry_out(struct work *w, const struct vc_edit_step *step, struct vc_edit *ret_edit, struct vc_kept *ret_kept)
{
	_cleanup_kept_ struct vc_kept kept = { 0 };
	_cleanup_edit_ struct vc_edit after = { 0 };
	_cleanup_buf_ struct vc_buf text = { 0 };
	const char *unused;

	splice_text(w->edit, step, &text);
	vc_kept_from_splices(w->edit->size, step->splice, step->splices, &kept);
	if (vc_edit_open(vc_buf_text(&text), text.length, &after, &unused) < 0)
		return refuse(w, -ENOTRECOVERABLE, "the result is not well-formed; this is a defect of vhostcheck");
	if (!vc_edit_check(w->edit, &after, step, &kept))
		return refuse(w, -ENOTRECOVERABLE, "the result is not what was meant; this is a defect of vhostcheck");
	*ret_edit = after;
	*ret_kept = kept;
	after = (struct vc_edit){ 0 };
	kept = (struct vc_kept){ 0 };
	return 1;
}

/* Applied step by step, each to the text that the one before left. */
struct applied {
	struct vc_edit edit; /* empty: nothing has changed yet */
	struct vc_kept kept;
};

static void
applied_release(struct applied *applied)
{
	vc_edit_release(&applied->edit);
	vc_kept_release(&applied->kept);
}

/* Has another fix just put one of these there? Once it is judged, this one may be needless. */
static bool
is_repeated(const struct work *w, const struct vc_kept *earlier, const struct applied *applied)
{
	size_t place, unused;

	return earlier && w->same_kind != VC_SPAN_NONE &&
	       vc_kept_backward(&applied->kept, w->edit->spans.element[w->same_kind].begin, &place) &&
	       !vc_kept_backward(earlier, place, &unused);
}

static int
apply_action(struct work *w, const struct vc_edit_fix *fix, const struct vc_action *action, const struct vc_kept *earlier,
	     struct applied *applied)
{
	struct vc_edit_step step = { .touched = VC_SPAN_NONE, .removed = VC_SPAN_NONE };
	struct applied next;
	size_t place;
	int r;

	w->same_kind = VC_SPAN_NONE;
	if (!vc_kept_forward(&applied->kept, fix->place, &place))
		place = VC_SPAN_NONE;
	r = plan(w, place, action, &step);
	if (r < 0 || step.splices == 0)
		return r;
	if (is_repeated(w, earlier, applied))
		return refuse(w, -EBUSY, "another fix inserts the same");
	r = carry_out(w, &step, &next.edit, &next.kept);
	if (r < 0)
		return r;
	vc_kept_then(&applied->kept, &next.kept);
	vc_kept_release(&next.kept);
	vc_edit_release(&applied->edit);
	applied->edit = next.edit;
	return 0;
}

int
vc_edit_apply(const struct vc_edit *edit, const struct vc_edit_fix *fix, const struct vc_kept *earlier,
	      struct vc_edit *ret_edit, struct vc_kept *ret_kept, const char **ret_why)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	_cleanup_(applied_release) struct applied applied = { 0 };
	struct work w = { .edit = edit, .scope = fix->scope, .arena = arena };

	vc_kept_all(edit->size, &applied.kept);
	for (size_t i = 0; i < fix->fix->actions; i++) {
		const struct vc_action *action = &fix->fix->action[i];
		int r = vc_verb_is_edit(action->verb) ? apply_action(&w, fix, action, earlier, &applied) : 0;

		if (r < 0) {
			*ret_why = w.why;
			return r;
		}
		w.edit = applied.edit.text ? &applied.edit : edit;
	}
	if (!applied.edit.text)
		return 0;
	if (earlier && vc_kept_collide(earlier, &applied.kept)) {
		*ret_why = "another fix changes the same";
		return -EBUSY;
	}
	*ret_edit = applied.edit;
	*ret_kept = applied.kept;
	applied = (struct applied){ 0 };
	return 1;
}
