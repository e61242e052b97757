/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/quirk-source.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "base/number.h"

struct reader {
	struct vc_arena *arena;
	struct vc_diags *diags;
	const char *path;
	struct vc_quirk_file *file;
	bool failed;
};

static void _printf_(3, 4) complain(struct reader *reader, const xmlNode *node, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vc_diag_add(reader->diags, reader->path, node ? (int)xmlGetLineNo((xmlNode *)(uintptr_t)node) : 0,
		    "%s", vc_arena_vprintf(reader->arena, format, args));
	va_end(args);
	reader->failed = true;
}

static bool
is(const xmlNode *node, const char *name)
{
	return strcmp((const char *)node->name, name) == 0;
}

/* The value of an attribute in the arena, NULL if it is not there. */
static const char *
attribute(struct reader *reader, const xmlNode *node, const char *name)
{
	xmlChar *value = xmlGetNoNsProp((xmlNode *)(uintptr_t)node, (const xmlChar *)name);
	const char *copy = value ? vc_arena_strdup(reader->arena, (const char *)value) : NULL;

	xmlFree(value);
	return copy;
}

static void
only_attributes(struct reader *reader, const xmlNode *node, const char *const *known, size_t count)
{
	for (const xmlAttr *attr = node->properties; attr; attr = attr->next) {
		bool found = false;

		for (size_t i = 0; i < count; i++)
			found |= strcmp((const char *)attr->name, known[i]) == 0;
		if (!found)
			complain(reader, node, "<%s> has no attribute '%s'", (const char *)node->name,
				 (const char *)attr->name);
	}
}

/* Exactly @digits hexadecimal digits. */
static int
parse_hex(const char *text, size_t length, size_t digits, uint64_t *ret_value)
{
	if (length != digits || memchr(text, 'x', length))
		return -EINVAL;
	return vc_parse_u64_n(text, length, VC_BASE_HEX, ret_value);
}

/* "1022:1487", "10de:2340-237f", "1002:*" */
static int
parse_pci(const char *text, uint32_t *ret_first, uint32_t *ret_last)
{
	const char *colon = strchr(text, ':'), *dash;
	uint64_t vendor, first, last;

	if (!colon || parse_hex(text, (size_t)(colon - text), 4, &vendor) < 0)
		return -EINVAL;
	text = colon + 1;
	dash = strchr(text, '-');
	if (strcmp(text, "*") == 0) {
		first = 0;
		last = 0xffff;
	} else if (dash) {
		if (parse_hex(text, (size_t)(dash - text), 4, &first) < 0 ||
		    parse_hex(dash + 1, strlen(dash + 1), 4, &last) < 0 || last < first)
			return -EINVAL;
	} else {
		if (parse_hex(text, strlen(text), 4, &first) < 0)
			return -EINVAL;
		last = first;
	}
	*ret_first = (uint32_t)(vendor << 16 | first);
	*ret_last = (uint32_t)(vendor << 16 | last);
	return 0;
}

/* "03", "0300" or "030000": base class, subclass, interface. */
static int
parse_class(const char *text, uint32_t *ret_class, uint32_t *ret_mask)
{
	size_t digits = strlen(text);
	unsigned missing;
	uint64_t value;

	if ((digits != 2 && digits != 4 && digits != 6) || parse_hex(text, digits, digits, &value) < 0)
		return -EINVAL;
	missing = (unsigned)(6 - digits) * 4;
	*ret_class = (uint32_t)(value << missing);
	*ret_mask = 0xffffffu >> missing << missing;
	return 0;
}

static int
parse_version(struct reader *reader, const char *text, size_t length, struct vc_version *ret_version)
{
	return vc_version_parse(vc_arena_strndup(reader->arena, text, length), ret_version);
}

/* "6.12-", "6.1.91-6.2", "-6.3": from the first on, up to the second, which is not one of them. */
static int
parse_range(struct reader *reader, const char *text, size_t length, struct vc_quirk_kernels *ret_range)
{
	const char *dash = memchr(text, '-', length);
	struct vc_quirk_kernels range = { .since = { .part = { 0 } } };
	size_t since = dash ? (size_t)(dash - text) : 0, before = dash ? length - since - 1 : 0;

	if (!dash || since + before == 0)
		return -EINVAL;
	if (since && parse_version(reader, text, since, &range.since) < 0)
		return -EINVAL;
	if (before && (parse_version(reader, dash + 1, before, &range.before) < 0 ||
		       vc_version_compare(range.since, range.before) >= 0))
		return -EINVAL;
	*ret_range = range;
	return 0;
}

static void
read_kernels(struct reader *reader, const xmlNode *node, const char *text, struct vc_quirk_row *row)
{
	struct vc_quirk_kernels range;
	void *ranges = NULL;

	for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
		size_t length = strcspn(text, " ");

		if (parse_range(reader, text, length, &range) < 0) {
			complain(reader, node, "kernel: '%.*s' is not a range such as 6.1.91-6.2 or 6.12-",
				 (int)length, text);
			return;
		}
		*(struct vc_quirk_kernels *)vc_arena_append(reader->arena, &ranges, &row->kernels_count,
							    sizeof(range)) = range;
		text += length;
	}
	row->kernels = ranges;
	if (row->kernels_count == 0)
		complain(reader, node, "kernel: is empty");
}

static void
read_match(struct reader *reader, const xmlNode *node, struct vc_quirk *quirk)
{
	static const char *const known[] = { "pci", "class", "subsystem", "kernel" };
	const char *pci = attribute(reader, node, "pci"), *class = attribute(reader, node, "class");
	const char *subsystem = attribute(reader, node, "subsystem"),
		   *kernel = attribute(reader, node, "kernel");
	struct vc_quirk_row row = { .first = 0 };
	void *rows = (void *)(uintptr_t)quirk->row;
	uint32_t same;

	only_attributes(reader, node, known, VC_COUNT(known));
	if (xmlFirstElementChild((xmlNode *)(uintptr_t)node))
		complain(reader, node, "<match> has nothing inside");
	if (!pci || parse_pci(pci, &row.first, &row.last) < 0)
		complain(reader, node, "pci: '%s' is not an id such as 1022:1487, 10de:2340-237f or 1002:*",
			 pci ? pci : "");
	if (class && parse_class(class, &row.class, &row.class_mask) < 0)
		complain(reader, node, "class: '%s' is not two, four or six hexadecimal digits", class);
	if (subsystem) {
		row.with_subsystem = true;
		if (parse_pci(subsystem, &row.subsystem, &same) < 0 || same != row.subsystem)
			complain(reader, node, "subsystem: '%s' is not an id such as 1043:8747", subsystem);
	}
	if (kernel)
		read_kernels(reader, node, kernel, &row);
	*(struct vc_quirk_row *)vc_arena_append(reader->arena, &rows, &quirk->count, sizeof(row)) = row;
	quirk->row = rows;
}

static bool
good_name(const char *name)
{
	size_t length = strlen(name);

	return length > 0 && length <= 64 &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == length && name[0] != '-' &&
	       name[length - 1] != '-';
}

static struct vc_quirk *
find_or_add(struct reader *reader, const char *name)
{
	struct vc_quirk_file *file = reader->file;
	void *quirks = file->quirk;
	struct vc_quirk *quirk;

	for (size_t i = 0; i < file->count; i++) {
		if (strcmp(file->quirk[i].name, name) == 0)
			return &file->quirk[i];
	}
	quirk = vc_arena_append(reader->arena, &quirks, &file->count, sizeof(*quirk));
	file->quirk = quirks;
	quirk->name = name;
	return quirk;
}

/* <summary> and <source> are for people; a quirk without them is refused all the same. */
static bool
has_text(const xmlNode *node)
{
	xmlChar *text = xmlNodeGetContent((xmlNode *)(uintptr_t)node);
	bool some = text && text[strspn((const char *)text, " \t\r\n")] != '\0';

	xmlFree(text);
	return some;
}

static void
read_quirk(struct reader *reader, const xmlNode *node)
{
	static const char *const known[] = { "name" };
	const char *name = attribute(reader, node, "name");
	size_t summaries = 0, sources = 0, matches = 0;
	struct vc_quirk *quirk;

	only_attributes(reader, node, known, VC_COUNT(known));
	if (!name || !good_name(name)) {
		complain(reader, node, "name: '%s' is not lower-case words joined by '-'", name ? name : "");
		return;
	}
	quirk = find_or_add(reader, name);
	for (const xmlNode *child = xmlFirstElementChild((xmlNode *)(uintptr_t)node); child;
	     child = xmlNextElementSibling((xmlNode *)(uintptr_t)child)) {
		if (is(child, "match")) {
			read_match(reader, child, quirk);
			matches++;
		} else if (is(child, "summary") || is(child, "source")) {
			only_attributes(reader, child, NULL, 0);
			if (!has_text(child))
				complain(reader, child, "<%s> is empty", (const char *)child->name);
			summaries += is(child, "summary");
			sources += is(child, "source");
		} else {
			complain(reader, child, "<quirk> has no element <%s>", (const char *)child->name);
		}
	}
	if (matches == 0 || sources == 0 || summaries != 1)
		complain(reader, node, "<quirk name='%s'> needs one <summary>, a <match> and a <source>",
			 name);
}

static void
ignore_message(void *context, const char *message, ...)
{
	(void)context;
	(void)message;
}

int
vc_quirk_file_read(struct vc_arena *arena, const char *path, struct vc_diags *diags,
		   struct vc_quirk_file *file)
{
	struct reader reader = { .arena = arena, .diags = diags, .path = path, .file = file };
	const xmlNode *root;
	xmlDoc *doc;

	xmlSetGenericErrorFunc(NULL, ignore_message);
	doc = xmlReadFile(path, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	if (!doc) {
		const xmlError *error = xmlGetLastError();

		vc_diag_add(diags, path, error ? error->line : 0, "%s",
			    error && error->message ? error->message : "cannot be read");
		return -EINVAL;
	}
	root = xmlDocGetRootElement(doc);
	if (doc->intSubset)
		complain(&reader, root, "a document type is not allowed");
	else if (!root || !is(root, "quirks"))
		complain(&reader, root, "the root element is not <quirks>");
	else
		only_attributes(&reader, root, NULL, 0);
	for (const xmlNode *child = reader.failed ? NULL : xmlFirstElementChild((xmlNode *)(uintptr_t)root);
	     child; child = xmlNextElementSibling((xmlNode *)(uintptr_t)child)) {
		if (is(child, "quirk"))
			read_quirk(&reader, child);
		else
			complain(&reader, child, "<quirks> has no element <%s>", (const char *)child->name);
	}
	xmlFreeDoc(doc);
	return reader.failed ? -EINVAL : 0;
}

static int
compare_quirk(const void *a, const void *b)
{
	return strcmp(((const struct vc_quirk *)a)->name, ((const struct vc_quirk *)b)->name);
}

static int
compare_row(const void *a, const void *b)
{
	const struct vc_quirk_row *x = a, *y = b;

	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	if (x->last != y->last)
		return x->last < y->last ? -1 : 1;
	if (x->class_mask != y->class_mask)
		return x->class_mask < y->class_mask ? -1 : 1;
	if (x->class != y->class)
		return x->class < y->class ? -1 : 1;
	return x->subsystem < y->subsystem ? -1 : x->subsystem > y->subsystem;
}

int
vc_quirk_file_finish(struct vc_diags *diags, struct vc_quirk_file *file)
{
	int r = 0;

	if (file->count > 0)
		qsort(file->quirk, file->count, sizeof(*file->quirk), compare_quirk);
	for (size_t i = 0; i < file->count; i++) {
		const struct vc_quirk *quirk = &file->quirk[i];
		struct vc_quirk_row *row = (struct vc_quirk_row *)(uintptr_t)quirk->row;

		if (quirk->count > 0)
			qsort(row, quirk->count, sizeof(*row), compare_row);
		for (size_t j = 1; j < quirk->count; j++) {
			bool same = row[j].first == row[j - 1].first && row[j].last == row[j - 1].last;

			if (row[j].first > row[j - 1].last ||
			    (same && compare_row(&row[j], &row[j - 1]) != 0))
				continue;
			vc_diag_add(diags, NULL, 0, "quirk %s: %04x:%04x is matched twice", quirk->name,
				    row[j].first >> 16, row[j].first & 0xffff);
			r = -EINVAL;
		}
	}
	return r;
}
