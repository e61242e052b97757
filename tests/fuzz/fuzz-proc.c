/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every probe over a host made of the input:
 *
 *   == file /proc/cpuinfo      contents follow
 *   == ask cpuid               an answer that is no file
 *   == link /usr/lib64/libvirt.so.0
 *   == list /sys/module        a name per line
 *
 * What is not mentioned was not collected. The functions of hostfs are defined here, so that
 * src/host/hostfs.c stays out of the program.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "host/account.h"
#include "host/host.h"
#include "host/hostfs.h"
#include "host/remote-mounts.h"
#include "host/scan.h"

#define ENTRIES 64
#define NAMES 256

struct entry {
	struct vc_span kind, path, data;
};

struct vc_hostfs {
	struct vc_arena *arena;
	struct entry entry[ENTRIES];
	size_t count;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
read_input(struct vc_hostfs *fs, struct vc_span rest)
{
	struct vc_span line, mark;
	struct entry *entry = NULL;

	while (vc_span_line(&rest, &line)) {
		if (!vc_span_word(&line, &mark) || !vc_span_is(mark, "==")) {
			if (entry)
				entry->data.length = (size_t)(rest.text - entry->data.text);
			continue;
		}
		if (fs->count == ENTRIES)
			break;
		entry = &fs->entry[fs->count++];
		entry->data = (struct vc_span){ .text = rest.text, .length = 0 };
		if (!vc_span_word(&line, &entry->kind))
			entry->kind = vc_span_from("");
		if (!vc_span_word(&line, &entry->path))
			entry->path = vc_span_from("");
	}
}

static const struct entry *
find(struct vc_hostfs *fs, const char *kind, const char *path, struct vc_fact *ret_fact)
{
	for (size_t i = 0; i < fs->count; i++) {
		if (vc_span_is(fs->entry[i].kind, kind) && vc_span_is(fs->entry[i].path, path)) {
			*ret_fact = (struct vc_fact){ .state = VC_KNOWN, .from = path };
			return &fs->entry[i];
		}
	}
	*ret_fact = (struct vc_fact){ .state = VC_UNREADABLE, .err = VC_ENOTCOLLECTED, .from = path };
	return NULL;
}

static struct vc_answer
answer(struct vc_hostfs *fs, const char *kind, const char *path)
{
	struct vc_answer answer = { .size = 0 };
	const struct entry *entry = find(fs, kind, path, &answer.fact);

	if (entry) {
		/* A copy with an end of its own, so that reading past it is seen. */
		answer.data = vc_span_dup(fs->arena, entry->data);
		answer.size = entry->data.length;
	}
	return answer;
}

#define PATH(format)                                                                                         \
	va_list args;                                                                                        \
	const char *path;                                                                                    \
	va_start(args, format);                                                                              \
	path = vc_arena_vprintf(fs->arena, format, args);                                                    \
	va_end(args)

struct vc_answer
vc_hostfs_read(struct vc_hostfs *fs, const char *format, ...)
{
	PATH(format);
	return answer(fs, "file", path);
}

struct vc_answer
vc_hostfs_read_line(struct vc_hostfs *fs, const char *format, ...)
{
	struct vc_answer line;

	PATH(format);
	line = answer(fs, "file", path);
	if (vc_known(&line.fact)) {
		struct vc_span text = vc_span_trim(vc_span_of(&line));

		line.data = vc_span_dup(fs->arena, text);
		line.size = text.length;
	}
	return line;
}

struct vc_answer
vc_hostfs_read_part(struct vc_hostfs *fs, uint64_t offset, size_t size, const char *format, ...)
{
	struct vc_answer part;

	PATH(format);
	part = answer(fs, "file", path);
	if (vc_known(&part.fact)) {
		struct vc_span text = vc_span_of(&part);

		text.text += offset < text.length ? offset : text.length;
		text.length -= offset < text.length ? offset : text.length;
		if (text.length > size)
			text.length = size;
		part.data = vc_span_dup(fs->arena, text);
		part.size = text.length;
	}
	return part;
}

struct vc_answer
vc_hostfs_read_link(struct vc_hostfs *fs, const char *format, ...)
{
	struct vc_answer link;
	struct vc_span target;

	PATH(format);
	link = answer(fs, "link", path);
	if (vc_known(&link.fact)) {
		target = vc_span_trim(vc_span_of(&link));
		link.data = vc_span_dup(fs->arena, target);
		link.size = strlen(link.data);
	}
	return link;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

struct vc_names
vc_hostfs_list(struct vc_hostfs *fs, const char *format, ...)
{
	struct vc_names names = { .count = 0 };
	const struct entry *entry;
	const char **name;

	PATH(format);
	entry = find(fs, "list", path, &names.fact);
	name = vc_arena_make_array(fs->arena, NAMES, const char *);
	names.name = name;
	if (entry) {
		struct vc_span rest = entry->data, word;

		while (names.count < NAMES && vc_span_word(&rest, &word)) {
			if (!memchr(word.text, '/', word.length) && !memchr(word.text, '\0', word.length))
				name[names.count++] = vc_span_dup(fs->arena, word);
		}
		qsort(name, names.count, sizeof(*name), compare_names);
	}
	return names;
}

struct vc_node
vc_hostfs_stat(struct vc_hostfs *fs, const char *format, ...)
{
	struct vc_node node = { .kind = VC_NODE_FILE };

	PATH(format);
	if (!find(fs, "file", path, &node.fact) && find(fs, "list", path, &node.fact))
		node.kind = VC_NODE_DIRECTORY;
	return node;
}

struct vc_answer
vc_hostfs_ask(struct vc_hostfs *fs, const char *name, vc_hostfs_ask_fn *ask, void *context)
{
	(void)ask;
	(void)context;
	return answer(fs, "ask", name);
}

enum vc_hostfs_kind
vc_hostfs_kind(const struct vc_hostfs *fs)
{
	/* The kind that searches binaries through hostfs. */
	(void)fs;
	return VC_HOSTFS_FOREIGN;
}

struct vc_arena *
vc_hostfs_arena(const struct vc_hostfs *fs)
{
	return fs->arena;
}

/* Every fact can be shown, and what is known has a value. */
static void
show(const struct vc_schema *schema, const void *record, struct vc_buf *buf, unsigned depth)
{
	for (size_t i = 0; i < schema->count; i++) {
		const struct vc_field *field = &schema->field[i];
		const struct vc_fact *fact = vc_field_fact(field, record);

		vc_fact_format(buf, field, fact);
		vc_area_hint(field->needs, fact);
		assert(fact->state != VC_UNREADABLE || fact->err > 0);
		if (fact->state != VC_KNOWN)
			continue;
		assert(fact->from);
		assert(field->type != VC_TYPE_text || ((const struct vc_fact_text *)fact)->value);
		assert(field->unit != VC_UNIT_bits || ((const struct vc_fact_number *)fact)->value < 256);
		if (field->type == VC_TYPE_list && depth < 4) {
			const struct vc_fact_list *list = (const struct vc_fact_list *)fact;

			for (size_t k = 0; k < list->count; k++)
				show(field->item, (const char *)list->item + k * field->item->size, buf,
				     depth + 1);
		}
	}
}

/* /etc/passwd, /etc/group and /proc/mounts in one. */
static void
parse_accounts(struct vc_span text)
{
	struct vc_remote_mounts mounts = { .read = true };
	_cleanup_buf_ struct vc_buf answer = { 0 };

	assert(vc_account_describe(text, text, NULL, NULL, &answer) == 0 || answer.length == 0);
	vc_remote_mounts_parse(text, &mounts);
	assert(!vc_is_remote_mount(&mounts, "/") || mounts.names.length > 0);
	vc_remote_mounts_release(&mounts);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const emulator[] = { "/usr/bin/qemu-system-x86_64" };
	static const char *const file[] = { "/a/b/c" };
	const struct vc_host_request request = {
		.areas = VC_AREA_ALL,
		.all_devices = true,
		.emulator = emulator,
		.emulators = VC_COUNT(emulator),
		.file = file,
		.files = VC_COUNT(file),
		.image = file,
		.images = VC_COUNT(file),
		.may_execute = true,
	};
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	_cleanup_buf_ struct vc_buf buf = { 0 };
	struct vc_hostfs fs = { .arena = arena };
	struct vc_host host;

	read_input(&fs, (struct vc_span){ .text = (const char *)data, .length = size });
	vc_host_probe(&fs, &request, &host);
	assert(!vc_known(&host.cpu_usable_phys_bits.fact) || host.cpu_usable_phys_bits.value <= 64);
	assert(!vc_known(&host.cpu_phys_bits.fact) ||
	       host.cpu_phys_bits.value <= host.cpu_phys_bits_widest.value);
	show(&vc_schema_host, &host, &buf, 0);
	parse_accounts((struct vc_span){ .text = (const char *)data, .length = size });
	return 0;
}
