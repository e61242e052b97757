/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/hostfs.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/hostfs-archive.h"
#include "host/hostfs-impl.h"
#include "host/os.h"
#include "host/slices.h"

#define MANIFEST "/vhostcheck/manifest"
/* Entries of a root that are looked at for a host below it; a report has one. */
#define BELOW_MAX 64

struct vc_hostfs *
vc_hostfs_new(struct vc_arena *arena, enum vc_hostfs_kind kind)
{
	struct vc_hostfs *fs = vc_arena_make(arena, struct vc_hostfs);

	fs->arena = arena;
	fs->kind = kind;
	fs->file_max = VC_HOSTFS_FILE_MAX;
	fs->members_max = VC_HOSTFS_ENTRIES_MAX;
	fs->room = VC_HOSTFS_TOTAL_MAX;
	fs->unpack = VC_HOSTFS_TOTAL_MAX;
	return fs;
}

int
vc_hostfs_take(struct vc_hostfs *fs, uint64_t size)
{
	if (size > fs->room)
		return -EFBIG;
	fs->room -= size;
	return 0;
}

static int
load_manifest(struct vc_hostfs *fs, const char *name, struct vc_diags *diags)
{
	const char *file = vc_arena_printf(fs->arena, "%s" MANIFEST, name);
	struct vc_manifest *manifest = vc_arena_make(fs->arena, struct vc_manifest);
	const char *text;
	size_t size;
	int r;

	r = fs->backend->read(fs, MANIFEST, 0, VC_HOSTFS_WHOLE, &text, &size);
	if (r < 0) {
		vc_diag_add(diags, file, 0, "the manifest cannot be read: %s", strerror(-r));
		return r;
	}
	/* In the arena, and asked for this once. */
	r = vc_manifest_parse(fs->arena, file, (char *)(uintptr_t)text, size, diags, manifest);
	if (r < 0)
		return r;
	fs->kind = VC_HOSTFS_CAPTURE;
	fs->manifest = manifest;
	return 0;
}

/* Is a host below @prefix ("" for the root)? @ret_capture tells whether it is a capture. */
static bool
holds_host(struct vc_hostfs *fs, const char *prefix, bool *ret_capture)
{
	static const char *const sign[] = { MANIFEST, "/proc", "/sys" };
	struct vc_node node;

	for (size_t i = 0; i < VC_COUNT(sign); i++) {
		const char *path = vc_arena_printf(fs->arena, "%s%s", prefix, sign[i]);

		/* A manifest that cannot be looked at is still a sign: reading it tells what is wrong. */
		*ret_capture = i == 0;
		if (fs->backend->stat(fs, path, &node) == 0 && (i == 0 || node.kind == VC_NODE_DIRECTORY))
			return true;
	}
	return false;
}

int
vc_hostfs_settle(struct vc_hostfs *fs, const char *name, struct vc_diags *diags)
{
	const char *const *below;
	const char *found = NULL;
	bool capture = false, capture_below = false;
	size_t count;
	int r;

	if (!holds_host(fs, "", &capture)) {
		capture = false;
		r = fs->backend->list(fs, "/", &below, &count);
		if (r < 0) {
			vc_diag_add(diags, name, 0, "the directory cannot be read: %s", strerror(-r));
			return r;
		}
		for (size_t i = 0; i < count && i < BELOW_MAX; i++) {
			bool is_capture;

			if (!holds_host(fs, vc_arena_printf(fs->arena, "/%s", below[i]), &is_capture))
				continue;
			if (found) {
				vc_diag_add(diags, name, 0,
					    "there are several hosts in it (%s, %s): name one of them", found,
					    below[i]);
				return -EINVAL;
			}
			found = below[i];
			capture_below = is_capture;
		}
		/* A link is no directory of the tree: it is left alone, and the tree has no host. */
		if (found && fs->backend->enter(fs, found) == 0)
			capture = capture_below;
	}
	return capture ? load_manifest(fs, name, diags) : 0;
}

static int
refuse_root(const char *root, struct vc_diags *diags)
{
	vc_diag_add(diags, root, 0, "this is neither a directory nor an archive");
	return -EINVAL;
}

/* A capture in slices. False: any other archive, which has to be read from its beginning. */
static bool
open_slices(struct vc_hostfs *fs, int fd, size_t size)
{
	struct vc_slices *slices;
	struct vc_node node;
	char *data;

	if (!vc_slices_begin(fd) || vc_hostfs_take(fs, size) < 0)
		return false;
	data = vc_arena_alloc(fs->arena, size);
	if (pread(fd, data, size, 0) != (ssize_t)size)
		return false;
	slices = vc_slices_open(fs, data, size);
	if (!slices)
		return false;
	vc_hostfs_use_slices(fs, slices);
	/* Nothing but a capture can be asked without a look at all of it. */
	return fs->backend->stat(fs, MANIFEST, &node) == 0;
}

static int
open_archive(struct vc_hostfs *fs, const char *root, struct vc_diags *diags)
{
	struct vc_archive_source source;
	struct stat st;
	int fd, r;

	fd = open(root, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0) {
		r = -errno;
		vc_diag_add(diags, root, 0, "%s", strerror(-r));
		return r;
	}
	/* Looked at again: what the name leads to may have changed since. */
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		r = refuse_root(root, diags);
	} else if (st.st_size == 0) {
		vc_diag_add(diags, root, 0, "the file is empty");
		r = -EBADMSG;
	} else if (open_slices(fs, fd, (size_t)st.st_size)) {
		r = 0;
	} else {
		source = (struct vc_archive_source){ .fd = fd };
		r = vc_hostfs_load_archive(fs, &source, root, diags);
	}
	close(fd);
	return r;
}

/* True for "/" under any name: "/.", "//", a link to it. */
static bool
is_live(const struct stat *st)
{
	struct stat live;

	return stat("/", &live) == 0 && live.st_dev == st->st_dev && live.st_ino == st->st_ino;
}

static int
open_root(struct vc_hostfs *fs, const char *root, struct vc_diags *diags)
{
	struct stat st;
	int fd, r;

	/* Nothing is opened for reading before it is known to be harmless. */
	fd = vc_os_open_handle(root, 0);
	if (fd < 0 || fstat(fd, &st) < 0) {
		r = fd < 0 ? fd : -errno;
		if (fd >= 0)
			close(fd);
		vc_diag_add(diags, root, 0, "%s", strerror(-r));
		return r;
	}
	if (S_ISDIR(st.st_mode)) {
		if (is_live(&st)) {
			fs->kind = VC_HOSTFS_LIVE;
			fs->dir.mounts = true;
		}
		vc_hostfs_use_dir(fs, fd, fs->kind != VC_HOSTFS_LIVE);
	} else {
		close(fd);
		r = S_ISREG(st.st_mode) ? open_archive(fs, root, diags) : refuse_root(root, diags);
		if (r < 0)
			return r;
	}
	return fs->kind == VC_HOSTFS_LIVE ? 0 : vc_hostfs_settle(fs, root, diags);
}

int
vc_hostfs_open(const char *root, struct vc_arena *arena, struct vc_diags *diags, struct vc_hostfs **ret_fs)
{
	struct vc_hostfs *fs = vc_hostfs_new(arena, VC_HOSTFS_FOREIGN);
	int r = open_root(fs, vc_arena_strdup(arena, root), diags);

	if (r < 0) {
		vc_hostfs_close(fs);
		return r;
	}
	*ret_fs = fs;
	return 0;
}

void
vc_hostfs_close(struct vc_hostfs *fs)
{
	if (!fs || !fs->backend)
		return;
	fs->backend->close(fs);
	fs->backend = NULL;
}

enum vc_hostfs_kind
vc_hostfs_kind(const struct vc_hostfs *fs)
{
	return fs->kind;
}

struct vc_arena *
vc_hostfs_arena(const struct vc_hostfs *fs)
{
	return fs->arena;
}

void
vc_hostfs_answer_in(struct vc_hostfs *fs, struct vc_arena *arena)
{
	fs->arena = arena;
}

/* What a refusal means here: the table at the top of hostfs.h. @err is a negative errno. */
static void
refuse(struct vc_hostfs *fs, struct vc_fact *fact, int err)
{
	bool missing = err == -ENOENT || err == -ENOTDIR;

	switch (fs->kind) {
	case VC_HOSTFS_LIVE:
		if (err == -ENOENT && (!fs->backend->covers || fs->backend->covers(fs, fact->from)))
			vc_set_absent(fact, fact->from);
		else
			vc_set_unreadable(fact, err == -ENOENT ? VC_ENOTCOLLECTED : -err, fact->from);
		break;
	case VC_HOSTFS_CAPTURE:
	case VC_HOSTFS_FOREIGN:
		vc_set_unreadable(fact, missing ? VC_ENOTCOLLECTED : -err, fact->from);
		break;
	}
}

static void
settle_fact(struct vc_hostfs *fs, struct vc_fact *fact, int r)
{
	if (r < 0)
		refuse(fs, fact, r);
	else
		fact->state = VC_KNOWN;
}

/* Where the answer to a question lies in a capture, unless at its own path. */
static const char *
stored_at(struct vc_hostfs *fs, const struct vc_record *record, const char *path)
{
	return record->store > 0 ? vc_arena_printf(fs->arena, "/vhostcheck/data/%u", record->store) : path;
}

/* The contents for @record, which @found, perhaps more of the file, is the answer to. */
static int
read_stored(struct vc_hostfs *fs, const struct vc_record *found, const char *path, struct vc_record *record)
{
	const char *place = stored_at(fs, found, path);
	/* A part that was stored apart begins where it was asked for. */
	bool apart = found->store > 0 && found->question == VC_ASK_PART;
	bool part = record->question == VC_ASK_PART;
	int r;

	if (record->question == VC_ASK_LINK && found->store == 0) {
		r = fs->backend->read_link(fs, path, &record->data);
		if (r == 0)
			record->size = strlen(record->data);
		return r;
	}
	return fs->backend->read(fs, place, part && !apart ? record->offset : 0,
				 part ? record->length : VC_HOSTFS_WHOLE, &record->data, &record->size);
}

/* Answers from the manifest; @path is where the contents lie by nature. */
static void
replay(struct vc_hostfs *fs, struct vc_record *record, const char *path)
{
	const struct vc_manifest *manifest = fs->manifest;
	const struct vc_record *found;
	int r = 0;

	if (record->question == VC_ASK_PART)
		found = vc_manifest_find_part(manifest, record->path, record->offset, record->length);
	else
		found = vc_manifest_find(manifest, record->question, record->path, 0, 0);
	if (!found) {
		vc_set_unreadable(&record->fact, VC_ENOTCOLLECTED, record->path);
		return;
	}
	if (!vc_known(&found->fact)) {
		record->fact.state = found->fact.state;
		record->fact.err = found->fact.err;
		return;
	}
	if (record->question == VC_ASK_LIST) {
		record->name = found->name;
		record->names = found->names;
	} else if (record->question == VC_ASK_STAT) {
		record->node = found->node;
	} else {
		r = read_stored(fs, found, path, record);
	}
	settle_fact(fs, &record->fact, r);
}

static int
ask_backend(struct vc_hostfs *fs, struct vc_record *record)
{
	const struct vc_backend *backend = fs->backend;
	const char *path = record->path;
	int r;

	switch (record->question) {
	case VC_ASK_FILE:
		return backend->read(fs, path, 0, VC_HOSTFS_WHOLE, &record->data, &record->size);
	case VC_ASK_PART:
		return backend->read(fs, path, record->offset, record->length, &record->data, &record->size);
	case VC_ASK_LINK:
		r = backend->read_link(fs, path, &record->data);
		break;
	case VC_ASK_LIST:
		return backend->list(fs, path, &record->name, &record->names);
	case VC_ASK_STAT:
		return backend->stat(fs, path, &record->node);
	case VC_ASK_OTHER:
	default:
		return -ENODATA;
	}
	if (r == 0)
		record->size = strlen(record->data);
	return r;
}

static struct vc_record *
ask(struct vc_hostfs *fs, enum vc_question question, uint64_t offset, size_t length, const char *format,
    va_list args)
{
	struct vc_record *record = vc_arena_make(fs->arena, struct vc_record);

	record->question = question;
	record->path = vc_arena_vprintf(fs->arena, format, args);
	record->offset = offset;
	record->length = length;
	record->fact.from = record->path;
	if (fs->manifest)
		replay(fs, record, record->path);
	else
		settle_fact(fs, &record->fact, ask_backend(fs, record));
	if (fs->listen)
		fs->listen(fs->listener, record);
	return record;
}

static struct vc_answer
answer(const struct vc_record *record)
{
	bool known = vc_known(&record->fact);

	return (struct vc_answer){
		.fact = record->fact,
		.data = known ? record->data : NULL,
		.size = known ? record->size : 0,
	};
}

struct vc_answer
vc_hostfs_read(struct vc_hostfs *fs, const char *format, ...)
{
	const struct vc_record *record;
	va_list args;

	va_start(args, format);
	record = ask(fs, VC_ASK_FILE, 0, 0, format, args);
	va_end(args);
	return answer(record);
}

struct vc_answer
vc_hostfs_read_part(struct vc_hostfs *fs, uint64_t offset, size_t size, const char *format, ...)
{
	const struct vc_record *record;
	va_list args;

	va_start(args, format);
	record = ask(fs, VC_ASK_PART, offset, size, format, args);
	va_end(args);
	return answer(record);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

struct vc_answer
vc_hostfs_read_line(struct vc_hostfs *fs, const char *format, ...)
{
	struct vc_answer line;
	const char *first, *end;
	va_list args;

	va_start(args, format);
	line = answer(ask(fs, VC_ASK_FILE, 0, 0, format, args));
	va_end(args);
	if (!vc_known(&line.fact))
		return line;
	first = line.data;
	end = first + line.size;
	if (end > first && end[-1] == '\n')
		end--;
	while (first < end && is_blank(*first))
		first++;
	while (end > first && is_blank(end[-1]))
		end--;
	line.size = (size_t)(end - first);
	line.data = vc_arena_strndup(fs->arena, first, line.size);
	return line;
}

struct vc_answer
vc_hostfs_read_link(struct vc_hostfs *fs, const char *format, ...)
{
	const struct vc_record *record;
	va_list args;

	va_start(args, format);
	record = ask(fs, VC_ASK_LINK, 0, 0, format, args);
	va_end(args);
	return answer(record);
}

struct vc_names
vc_hostfs_list(struct vc_hostfs *fs, const char *format, ...)
{
	const struct vc_record *record;
	va_list args;

	va_start(args, format);
	record = ask(fs, VC_ASK_LIST, 0, 0, format, args);
	va_end(args);
	if (!vc_known(&record->fact))
		return (struct vc_names){ .fact = record->fact };
	return (struct vc_names){ .fact = record->fact, .name = record->name, .count = record->names };
}

struct vc_node
vc_hostfs_stat(struct vc_hostfs *fs, const char *format, ...)
{
	struct vc_record *record;
	va_list args;

	va_start(args, format);
	record = ask(fs, VC_ASK_STAT, 0, 0, format, args);
	va_end(args);
	record->node.fact = record->fact;
	return record->node;
}

static int
ask_live(struct vc_hostfs *fs, struct vc_record *record, vc_hostfs_ask_fn *call, void *context)
{
	_cleanup_buf_ struct vc_buf buf = { 0 };
	int r = call(context, &buf);

	if (r < 0)
		return r;
	record->size = buf.length;
	record->data = vc_arena_strndup(fs->arena, vc_buf_text(&buf), buf.length);
	return 0;
}

struct vc_answer
vc_hostfs_ask(struct vc_hostfs *fs, const char *name, vc_hostfs_ask_fn *call, void *context)
{
	struct vc_record *record = vc_arena_make(fs->arena, struct vc_record);
	int r;

	record->question = VC_ASK_OTHER;
	record->path = vc_arena_strdup(fs->arena, name);
	record->fact.from = record->path;
	switch (fs->kind) {
	case VC_HOSTFS_LIVE:
		r = ask_live(fs, record, call, context);
		if (r == -ENOENT)
			vc_set_absent(&record->fact, record->path);
		else
			settle_fact(fs, &record->fact, r);
		break;
	case VC_HOSTFS_CAPTURE:
		replay(fs, record, vc_arena_printf(fs->arena, "/vhostcheck/%s", name));
		break;
	case VC_HOSTFS_FOREIGN:
		vc_set_unreadable(&record->fact, VC_ENOTCOLLECTED, record->path);
		break;
	}
	if (fs->listen)
		fs->listen(fs->listener, record);
	return answer(record);
}
