/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fake-hostfs.h"

#include <stdarg.h>
#include <string.h>

struct vc_hostfs {
	struct vc_arena *arena;
	const struct fake_entry *entry;
	size_t count;
	int missing;
	const char **asked;
	size_t asked_count;
};

struct vc_hostfs *
fake_hostfs_new(const struct fake_entry *entry, size_t count, int missing)
{
	struct vc_arena *arena = vc_arena_new();
	struct vc_hostfs *fs = vc_arena_make(arena, struct vc_hostfs);

	*fs = (struct vc_hostfs){ .arena = arena, .entry = entry, .count = count, .missing = missing };
	return fs;
}

void
fake_hostfs_free(struct vc_hostfs *fs)
{
	vc_arena_free(fs->arena);
}

unsigned
fake_hostfs_asked(const struct vc_hostfs *fs, const char *path)
{
	unsigned times = 0;

	for (size_t i = 0; i < fs->asked_count; i++)
		times += strcmp(fs->asked[i], path) == 0;
	return times;
}

enum vc_hostfs_kind
vc_hostfs_kind(const struct vc_hostfs *fs)
{
	return fs->missing == VC_ENOTCOLLECTED ? VC_HOSTFS_FOREIGN : VC_HOSTFS_LIVE;
}

struct vc_arena *
vc_hostfs_arena(const struct vc_hostfs *fs)
{
	return fs->arena;
}

static const struct fake_entry *
find(const struct vc_hostfs *fs, const char *path)
{
	for (size_t i = 0; i < fs->count; i++) {
		if (strcmp(fs->entry[i].path, path) == 0)
			return &fs->entry[i];
	}
	return NULL;
}

/* What follows "PATH/" in an entry below the directory, or NULL. */
static const char *
below(const char *entry, const char *path)
{
	size_t length = strlen(path);

	return strncmp(entry, path, length) == 0 && entry[length] == '/' ? entry + length + 1 : NULL;
}

static void
set_missing(const struct vc_hostfs *fs, struct vc_fact *fact, const char *path)
{
	if (fs->missing)
		vc_set_unreadable(fact, fs->missing, path);
	else
		vc_set_absent(fact, path);
}

static struct vc_answer
answer(struct vc_hostfs *fs, const char *path, bool link)
{
	const struct fake_entry *entry = find(fs, path);
	struct vc_answer answer = { .fact = { .from = path } };
	void *asked = fs->asked;

	*(const char **)vc_arena_append(fs->arena, &asked, &fs->asked_count, sizeof(path)) = path;
	fs->asked = asked;
	if (!entry || entry->directory || entry->link != link) {
		set_missing(fs, &answer.fact, path);
	} else if (entry->err) {
		vc_set_unreadable(&answer.fact, entry->err, path);
	} else {
		answer.fact.state = VC_KNOWN;
		answer.size = entry->size ? entry->size : strlen(entry->data);
		answer.data = memcpy(vc_arena_alloc(fs->arena, answer.size + 1), entry->data, answer.size);
	}
	return answer;
}

#define PATH_OF(fs, format)                                                                                  \
	({                                                                                                   \
		va_list args_;                                                                               \
		va_start(args_, format);                                                                     \
		const char *path_ = vc_arena_vprintf((fs)->arena, format, args_);                            \
		va_end(args_);                                                                               \
		path_;                                                                                       \
	})

struct vc_answer
vc_hostfs_read(struct vc_hostfs *fs, const char *format, ...)
{
	return answer(fs, PATH_OF(fs, format), false);
}

struct vc_answer
vc_hostfs_read_part(struct vc_hostfs *fs, uint64_t offset, size_t size, const char *format, ...)
{
	struct vc_answer part = answer(fs, PATH_OF(fs, format), false);

	if (offset > part.size)
		offset = part.size;
	part.data = part.data ? part.data + offset : NULL;
	part.size = part.size - offset < size ? part.size - offset : size;
	return part;
}

struct vc_answer
vc_hostfs_read_line(struct vc_hostfs *fs, const char *format, ...)
{
	struct vc_answer line = answer(fs, PATH_OF(fs, format), false);

	if (vc_known(&line.fact) && line.size > 0 && line.data[line.size - 1] == '\n')
		line.data = vc_arena_strndup(fs->arena, line.data, --line.size);
	return line;
}

struct vc_answer
vc_hostfs_read_link(struct vc_hostfs *fs, const char *format, ...)
{
	return answer(fs, PATH_OF(fs, format), true);
}

struct vc_names
vc_hostfs_list(struct vc_hostfs *fs, const char *format, ...)
{
	const char *path = PATH_OF(fs, format);
	const struct fake_entry *entry = find(fs, path);
	struct vc_names names = { .fact = { .from = path } };
	struct vc_fact_set set = { .count = 0 };
	const char **name = vc_arena_make_array(fs->arena, fs->count + 1, const char *);
	size_t count = 0;

	for (size_t i = 0; i < fs->count; i++) {
		const char *rest = below(fs->entry[i].path, path);

		if (rest)
			name[count++] = vc_arena_strndup(fs->arena, rest, strcspn(rest, "/"));
	}
	if (entry && entry->err) {
		vc_set_unreadable(&names.fact, entry->err, path);
	} else if (count == 0 && !(entry && entry->directory)) {
		set_missing(fs, &names.fact, path);
	} else {
		vc_set_set(fs->arena, &set, name, count, path);
		names.fact.state = VC_KNOWN;
		names.name = set.word;
		names.count = set.count;
	}
	return names;
}

struct vc_node
vc_hostfs_stat(struct vc_hostfs *fs, const char *format, ...)
{
	const char *path = PATH_OF(fs, format);
	const struct fake_entry *entry = find(fs, path);
	struct vc_node node = { .fact = { .from = path }, .kind = VC_NODE_FILE };
	bool exists = entry != NULL;

	for (size_t i = 0; !exists && i < fs->count; i++)
		exists = below(fs->entry[i].path, path) != NULL;
	if (exists)
		node.fact.state = VC_KNOWN;
	else
		set_missing(fs, &node.fact, path);
	return node;
}

struct vc_answer
vc_hostfs_ask(struct vc_hostfs *fs, const char *name, vc_hostfs_ask_fn *ask, void *context)
{
	struct vc_answer none = { .fact = { .from = name } };

	(void)ask;
	(void)context;
	set_missing(fs, &none.fact, name);
	return none;
}
