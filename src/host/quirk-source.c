/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/quirk-source.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/tree.h>

#include "base/macro.h"
#include "host/quirk-values.h"

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

static bool
has_text(const xmlNode *node)
{
	xmlChar *text = xmlNodeGetContent((xmlNode *)(uintptr_t)node);
	bool some = text && text[strspn((const char *)text, " \t\r\n")] != '\0';

	xmlFree(text);
	return some;
}

/* Both kinds of matches may be limited to kernels. */
static void
read_kernels(struct reader *reader, const xmlNode *node, const struct vc_quirk_kernels **ret_kernels,
	     size_t *ret_count)
{
	const char *text = attribute(reader, node, "kernel"), *bad;
	size_t length;

	if (!text)
		return;
	if (vc_quirk_parse_kernels(reader->arena, text, ret_kernels, ret_count, &bad, &length) < 0)
		complain(reader, node,
			 "kernel: '%.*s' is not a range such as 6.1.91-6.2 or 6.12-, after those before it",
			 (int)length, bad);
	else if (*ret_count == 0)
		complain(reader, node, "kernel: is empty");
}

static void
no_content(struct reader *reader, const xmlNode *node)
{
	if (xmlFirstElementChild((xmlNode *)(uintptr_t)node) || has_text(node))
		complain(reader, node, "<%s> has nothing inside", (const char *)node->name);
}

static void
read_match(struct reader *reader, const xmlNode *node, struct vc_quirk *quirk)
{
	static const char *const known[] = { "pci", "class", "subsystem", "revision", "kernel" };
	const char *pci = attribute(reader, node, "pci"), *class = attribute(reader, node, "class");
	const char *subsystem = attribute(reader, node, "subsystem"),
		   *revision = attribute(reader, node, "revision");
	struct vc_quirk_row row = { .line = (int)xmlGetLineNo((xmlNode *)(uintptr_t)node) };
	void *rows = (void *)(uintptr_t)quirk->row;
	uint32_t same;

	only_attributes(reader, node, known, VC_COUNT(known));
	no_content(reader, node);
	if (!pci || vc_quirk_parse_pci(pci, &row.first, &row.last) < 0)
		complain(reader, node, "pci: '%s' is not an id such as 1022:1487, 10de:2340-237f or 1002:*",
			 pci ? pci : "");
	if (class && vc_quirk_parse_class(class, &row.class, &row.class_mask) < 0)
		complain(reader, node, "class: '%s' is not two, four or six hexadecimal digits", class);
	if (subsystem) {
		row.with_subsystem = true;
		if (vc_quirk_parse_pci(subsystem, &row.subsystem, &same) < 0 || same != row.subsystem)
			complain(reader, node, "subsystem: '%s' is not an id such as 1043:8747", subsystem);
	}
	if (revision) {
		row.with_revision = true;
		if (vc_quirk_parse_revision(revision, &row.first_revision, &row.last_revision) < 0)
			complain(reader, node,
				 "revision: '%s' is not one such as 01, or a range such as 00-1f", revision);
	}
	read_kernels(reader, node, &row.kernels, &row.kernels_count);
	*(struct vc_quirk_row *)vc_arena_append(reader->arena, &rows, &quirk->count, sizeof(row)) = row;
	quirk->row = rows;
}

static bool
same_machine(const struct vc_quirk_machine *a, const struct vc_quirk_machine *b)
{
	for (size_t i = 0; i < VC_QUIRK_DMI_COUNT; i++) {
		if (!a->text[i] != !b->text[i] || (a->text[i] && strcmp(a->text[i], b->text[i]) != 0))
			return false;
	}
	return true;
}

static void
read_machine(struct reader *reader, const xmlNode *node, struct vc_quirk *quirk)
{
	static const char *const known[VC_QUIRK_DMI_COUNT + 1] = {
		[VC_QUIRK_SYSTEM_VENDOR] = "system-vendor", [VC_QUIRK_PRODUCT] = "product",
		[VC_QUIRK_BOARD_VENDOR] = "board-vendor",   [VC_QUIRK_BOARD] = "board",
		[VC_QUIRK_BIOS_VENDOR] = "bios-vendor",     [VC_QUIRK_BIOS_VERSION] = "bios-version",
		[VC_QUIRK_BIOS_DATE] = "bios-date",         [VC_QUIRK_DMI_COUNT] = "kernel",
	};
	struct vc_quirk_machine machine = { .line = (int)xmlGetLineNo((xmlNode *)(uintptr_t)node) };
	void *machines = (void *)(uintptr_t)quirk->machine;

	only_attributes(reader, node, known, VC_COUNT(known));
	no_content(reader, node);
	for (size_t i = 0; i < VC_QUIRK_DMI_COUNT; i++) {
		const char *text = attribute(reader, node, known[i]), *star = text ? strchr(text, '*') : NULL;

		machine.text[i] = text;
		if (text && (text[0] == '\0' || text[0] == '*'))
			complain(reader, node, "%s: '%s' says nothing", known[i], text);
		else if (star && star[1] != '\0')
			complain(reader, node, "%s: '%s' has a '*' that is not at its end", known[i], text);
	}
	/* Product names alone repeat: "System Product Name" is the one of thousands of boards. */
	if (!machine.text[VC_QUIRK_SYSTEM_VENDOR] && !machine.text[VC_QUIRK_BOARD_VENDOR])
		complain(reader, node, "<machine> needs a system-vendor or a board-vendor");
	read_kernels(reader, node, &machine.kernels, &machine.kernels_count);
	for (size_t i = 0; i < quirk->machines; i++) {
		if (same_machine(&quirk->machine[i], &machine))
			complain(reader, node, "the machine stands in line %d already",
				 quirk->machine[i].line);
	}
	*(struct vc_quirk_machine *)vc_arena_append(reader->arena, &machines, &quirk->machines,
						    sizeof(machine)) = machine;
	quirk->machine = machines;
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
		} else if (is(child, "machine")) {
			read_machine(reader, child, quirk);
			matches++;
		} else if (is(child, "summary") || is(child, "source")) {
			/* For people; a quirk without them is refused all the same. */
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
		complain(reader, node,
			 "<quirk name='%s'> needs one <summary>, a <match> or <machine>, and a <source>",
			 name);
}

int
vc_quirk_text_read(struct vc_arena *arena, const char *text, size_t size, const char *path,
		   struct vc_diags *diags, struct vc_quirk_file *file)
{
	struct reader reader = { .arena = arena, .diags = diags, .path = path, .file = file };
	_cleanup_xml_doc_ xmlDoc *doc = NULL;
	const xmlNode *root;

	if (vc_site_xml_parse(text, size, "quirk", path, diags, &doc) < 0)
		return -EINVAL;
	root = xmlDocGetRootElement(doc);
	if (!is(root, "quirks"))
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
	return reader.failed ? -EINVAL : 0;
}

bool
vc_quirk_text_is_one(const char *text, size_t size)
{
	return vc_site_xml_root_is(text, size, "quirks");
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
	if (x->subsystem != y->subsystem)
		return x->subsystem < y->subsystem ? -1 : 1;
	return x->first_revision < y->first_revision ? -1 : x->first_revision > y->first_revision;
}

int
vc_quirk_file_finish(const char *path, struct vc_diags *diags, struct vc_quirk_file *file)
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
			vc_diag_add(diags, path, path ? row[j].line : 0,
				    "quirk %s: %04x:%04x is matched twice", quirk->name, row[j].first >> 16,
				    row[j].first & 0xffff);
			r = -EINVAL;
		}
	}
	return r;
}
