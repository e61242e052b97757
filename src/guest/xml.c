/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/xml.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
matches(const xmlNode *node, const char *name, const char *ns)
{
	if (node->type != XML_ELEMENT_NODE)
		return false;
	if (!name)
		return true;
	if (strcmp((const char *)node->name, name) != 0)
		return false;
	if (!ns)
		return node->ns == NULL;
	return node->ns && node->ns->href && strcmp((const char *)node->ns->href, ns) == 0;
}

static const xmlNode *
next_match(const xmlNode *node, const char *name, const char *ns)
{
	while (node && !matches(node, name, ns))
		node = node->next;
	return node;
}

struct vc_el
vc_el_child(const struct vc_reader *r, struct vc_el parent, const char *name)
{
	const xmlNode *node = parent.node ? next_match(parent.node->children, name, NULL) : NULL;
	bool siblings = node && next_match(node->next, name, NULL);

	return (struct vc_el){
		.node = node,
		.path = vc_arena_join(r->arena, parent.path, "/", name, siblings ? "[1]" : "", NULL),
	};
}

struct vc_el
vc_el_at(const struct vc_reader *r, struct vc_el parent, const char *steps)
{
	struct vc_el el = parent;
	char step[64];

	for (;;) {
		size_t length = strcspn(steps, "/");

		if (length >= sizeof(step))
			abort();
		memcpy(step, steps, length);
		step[length] = '\0';
		el = vc_el_child(r, el, step);
		if (steps[length] == '\0')
			return el;
		steps += length + 1;
	}
}

/* How the element is named in an XPath: with the prefix that the input uses. */
static const char *
shown_name(const struct vc_reader *r, const xmlNode *node)
{
	if (!node->ns || !node->ns->prefix)
		return (const char *)node->name;
	return vc_arena_join(r->arena, (const char *)node->ns->prefix, ":", (const char *)node->name, NULL);
}

struct vc_els
vc_el_children(const struct vc_reader *r, struct vc_el parent, const char *name, const char *ns)
{
	struct vc_els list = { 0 };
	const xmlNode *first = parent.node ? parent.node->children : NULL;

	for (const xmlNode *node = next_match(first, name, ns); node;
	     node = next_match(node->next, name, ns)) {
		struct vc_el *el = vc_arena_append(r->arena, (void **)&list.el, &list.count, sizeof(*el));

		el->node = node;
	}
	for (size_t i = 0; i < list.count; i++) {
		const char *shown = shown_name(r, list.el[i].node);

		/* Without a name the list mixes elements, and their positions among all of them say nothing.
		 */
		if (name && list.count > 1)
			list.el[i].path = vc_arena_printf(r->arena, "%s/%s[%zu]", parent.path, shown, i + 1);
		else
			list.el[i].path = vc_arena_join(r->arena, parent.path, "/", shown, NULL);
	}
	return list;
}

static int
line_of(const xmlNode *node)
{
	/* Lines that do not fit the element are kept beside it, see read-xml.c. */
	if (node && node->_private)
		return (int)(intptr_t)node->_private;
	return node ? node->line : 0;
}

struct vc_place
vc_el_place(struct vc_el el)
{
	return (struct vc_place){ .line = line_of(el.node), .xpath = el.path, .node = el.node };
}

bool
vc_el_named(struct vc_el el, const char *name)
{
	return el.node && strcmp((const char *)el.node->name, name) == 0;
}

static const xmlAttr *
find_attr(const xmlNode *node, const char *name)
{
	for (const xmlAttr *attr = node ? node->properties : NULL; attr; attr = attr->next) {
		if (!attr->ns && strcmp((const char *)attr->name, name) == 0)
			return attr;
	}
	return NULL;
}

static const char *
copy_content(const struct vc_reader *r, const xmlNode *node)
{
	xmlChar *content = xmlNodeGetContent(node);
	const char *text = vc_arena_strdup(r->arena, content ? (const char *)content : "");

	xmlFree(content);
	return text;
}

const char *
vc_el_attr(const struct vc_reader *r, struct vc_el el, const char *name)
{
	const xmlAttr *attr = find_attr(el.node, name);

	if (!attr)
		return NULL;
	if (!attr->children)
		return "";
	if (!attr->children->next && attr->children->type == XML_TEXT_NODE)
		return vc_arena_strdup(r->arena, (const char *)attr->children->content);
	return copy_content(r, (const xmlNode *)attr);
}

const char *
vc_el_text(const struct vc_reader *r, struct vc_el el)
{
	const char *text;
	size_t length;

	if (!el.node)
		return NULL;
	text = copy_content(r, el.node);
	while (is_blank(*text))
		text++;
	length = strlen(text);
	while (length > 0 && is_blank(text[length - 1]))
		length--;
	return vc_arena_strndup(r->arena, text, length);
}

void
vc_fact_at(const struct vc_reader *r, struct vc_fact *fact, struct vc_el el, const char *attr)
{
	fact->line = line_of(el.node);
	fact->from = attr ? vc_arena_join(r->arena, el.path, "/@", attr, NULL) : el.path;
}

/* The text to understand, or NULL with @fact absent. */
static const char *
source_text(const struct vc_reader *r, struct vc_el el, const char *attr, struct vc_fact *fact)
{
	const char *text = attr ? vc_el_attr(r, el, attr) : vc_el_text(r, el);

	vc_fact_at(r, fact, el, attr);
	if (!text)
		vc_set_absent(fact, fact->from);
	return text;
}

void
vc_read_text(const struct vc_reader *r, struct vc_el el, const char *attr, struct vc_fact_text *fact)
{
	const char *text = source_text(r, el, attr, &fact->fact);

	if (text && *text)
		vc_set_text(fact, text, fact->fact.from);
	else if (text)
		vc_set_absent(&fact->fact, fact->fact.from);
}

void
vc_read_number(const struct vc_reader *r, struct vc_el el, const char *attr, enum vc_base base,
	       struct vc_fact_number *fact)
{
	const char *text = source_text(r, el, attr, &fact->fact);
	uint64_t value;

	if (!text)
		return;
	if (vc_parse_u64(text, base, &value) < 0)
		vc_set_unreadable(&fact->fact, VC_EGARBLED, fact->fact.from);
	else
		vc_set_number(fact, value, fact->fact.from);
}

static int
parse_flag(const char *text, bool *ret_flag)
{
	if (strcmp(text, "yes") == 0 || strcmp(text, "on") == 0) {
		*ret_flag = true;
		return 0;
	}
	if (strcmp(text, "no") == 0 || strcmp(text, "off") == 0) {
		*ret_flag = false;
		return 0;
	}
	return -EINVAL;
}

void
vc_read_flag(const struct vc_reader *r, struct vc_el el, const char *attr, struct vc_fact_flag *fact)
{
	const char *text = source_text(r, el, attr, &fact->fact);
	bool flag;

	if (!text)
		return;
	if (parse_flag(text, &flag) < 0)
		vc_set_unreadable(&fact->fact, VC_EGARBLED, fact->fact.from);
	else
		vc_set_flag(fact, flag, fact->fact.from);
}

void
vc_read_flag_or(const struct vc_reader *r, struct vc_el el, const char *attr, bool assumed,
		struct vc_fact_flag *fact)
{
	vc_read_flag(r, el, attr, fact);
	if (fact->fact.state == VC_ABSENT)
		vc_set_flag(fact, assumed, fact->fact.from);
}

void
vc_read_presence(struct vc_el el, struct vc_fact_flag *fact)
{
	fact->fact.line = line_of(el.node);
	vc_set_flag(fact, el.node != NULL, el.path);
}

/* [libvirt 11.3 src/util/virutil.c virScaleInteger] */
static int
unit_factor(const char *unit, uint64_t *ret_factor)
{
	static const char prefixes[] = "kmgtpe";
	const char *prefix;
	uint64_t base, factor = 1;

	if (strcasecmp(unit, "b") == 0 || strcasecmp(unit, "byte") == 0 || strcasecmp(unit, "bytes") == 0) {
		*ret_factor = 1;
		return 0;
	}
	prefix = *unit ? strchr(prefixes, tolower((unsigned char)*unit)) : NULL;
	if (!prefix)
		return -EINVAL;
	if (unit[1] == '\0' || strcasecmp(unit + 1, "iB") == 0)
		base = 1024;
	else if (strcasecmp(unit + 1, "b") == 0)
		base = 1000;
	else
		return -EINVAL;
	for (const char *p = prefixes; p <= prefix; p++)
		factor *= base;
	*ret_factor = factor;
	return 0;
}

void
vc_read_size(const struct vc_reader *r, struct vc_el el, const char *attr, struct vc_fact_number *fact)
{
	const char *text = source_text(r, el, attr, &fact->fact);
	const char *unit = vc_el_attr(r, el, "unit");
	uint64_t value, factor = 1024;
	int e = 0;

	if (!text)
		return;
	if (vc_parse_u64(text, VC_BASE_DEC, &value) < 0 || (unit && *unit && unit_factor(unit, &factor) < 0))
		e = VC_EGARBLED;
	else if (vc_mul(value, factor, &value) < 0 || vc_round_up(value, 1024, &value) < 0)
		e = ERANGE; /* libvirt counts in KiB, rounded up [libvirt 11.3 src/conf/domain_conf.c
			       virDomainParseMemory] */
	if (e)
		vc_set_unreadable(&fact->fact, e, fact->fact.from);
	else
		vc_set_number(fact, value, fact->fact.from);
}

void
vc_round_fact(struct vc_fact_number *fact, uint64_t to)
{
	if (vc_known(&fact->fact) && vc_round_up(fact->value, to, &fact->value) < 0)
		vc_set_unreadable(&fact->fact, ERANGE, fact->fact.from);
}
