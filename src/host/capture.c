/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/capture.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "host/capture-archive.h"
#include "host/capture-image.h"
#include "host/os.h"
#include "host/redact.h"

struct vc_capture {
	struct vc_hostfs *fs;
	const struct vc_record **record; /* in the order they were asked */
	size_t count;
};

static void
note(void *context, const struct vc_record *record)
{
	struct vc_capture *capture = context;

	*(const struct vc_record **)vc_arena_append(capture->fs->arena, (void **)&capture->record,
						    &capture->count, sizeof(record)) = record;
}

struct vc_capture *
vc_capture_start(struct vc_hostfs *fs)
{
	struct vc_capture *capture = vc_arena_make(fs->arena, struct vc_capture);

	capture->fs = fs;
	fs->listen = note;
	fs->listener = capture;
	return capture;
}

/* A record with the place it had in time, so that of two answers the first is kept. */
struct ordered {
	const struct vc_record *record;
	size_t order;
};

static int
compare_ordered(const void *a, const void *b)
{
	const struct ordered *x = a, *y = b;
	int order = vc_record_compare(x->record, y->record);

	return order != 0 ? order : (x->order > y->order) - (x->order < y->order);
}

/* Every question once, sorted, with copies of the records. */
static void
collect(const struct vc_capture *capture, struct vc_manifest *manifest)
{
	struct vc_arena *arena = capture->fs->arena;
	struct ordered *all = vc_arena_make_array(arena, capture->count + 1, struct ordered);

	for (size_t i = 0; i < capture->count; i++)
		all[i] = (struct ordered){ .record = capture->record[i], .order = i };
	qsort(all, capture->count, sizeof(*all), compare_ordered);
	manifest->record = vc_arena_make_array(arena, capture->count + 1, struct vc_record);
	for (size_t i = 0; i < capture->count; i++) {
		if (i == 0 || vc_record_compare(all[i - 1].record, all[i].record) != 0)
			manifest->record[manifest->count++] = *all[i].record;
	}
}

static void
redact_all(struct vc_arena *arena, struct vc_manifest *manifest, const char *host_name)
{
	struct vc_redact *redact = vc_redact_new(arena, host_name);

	for (size_t i = 0; i < manifest->count; i++) {
		struct vc_record *record = &manifest->record[i];

		if (!vc_known(&record->fact) || !record->data || record->question == VC_ASK_LINK)
			continue;
		if (vc_redact(redact, record->path, record->offset, record->data, record->size, &record->data,
			      &record->size) < 0)
			vc_set_unreadable(&record->fact, VC_ENOTCOLLECTED, record->path);
	}
	manifest->redacted = true;
}

static bool
is_part_at(const struct vc_record *record, bool start)
{
	return record->question == VC_ASK_PART && (record->offset == 0) == start;
}

static void
add(struct vc_image *image, struct vc_record *record, bool now)
{
	if (now && vc_known(&record->fact))
		vc_image_add(image, record);
}

static void
fill_image(struct vc_image *image, struct vc_manifest *manifest)
{
	struct vc_arena *arena = image->fs->arena;
	_cleanup_buf_ struct vc_buf text = { 0 };

	/* Parts in reverse, because shorter ones sort first. */
	for (size_t i = 0; i < manifest->count; i++)
		add(image, &manifest->record[i], manifest->record[i].question != VC_ASK_PART);
	for (size_t i = manifest->count; i-- > 0;)
		add(image, &manifest->record[i], is_part_at(&manifest->record[i], true));
	for (size_t i = manifest->count; i-- > 0;)
		add(image, &manifest->record[i], is_part_at(&manifest->record[i], false));
	vc_manifest_format(&text, manifest);
	vc_image_add_own(image, "/vhostcheck/manifest",
			 vc_arena_strndup(arena, vc_buf_text(&text), text.length), text.length);
	vc_image_sort(image);
}

static int
write_fully(int fd, const char *data, size_t size)
{
	while (size > 0) {
		ssize_t n = write(fd, data, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		size -= (size_t)n;
	}
	return 0;
}

static int
write_file(int root, const struct vc_image_entry *place)
{
	int fd = openat(root, place->path + 1, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	int r;

	if (fd < 0)
		return -errno;
	r = write_fully(fd, place->data, place->size);
	if (close(fd) < 0 && r == 0)
		r = -errno;
	return r;
}

static int
write_place(int root, const struct vc_image_entry *place)
{
	switch (place->kind) {
	case VC_IMAGE_UNUSED:
		return 0;
	case VC_IMAGE_DIRECTORY:
		return mkdirat(root, place->path + 1, 0755) < 0 ? -errno : 0;
	case VC_IMAGE_LINK:
		return symlinkat(place->data, root, place->path + 1) < 0 ? -errno : 0;
	case VC_IMAGE_FILE:
		break;
	}
	return write_file(root, place);
}

static bool
is_empty(int root)
{
	int fd = openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	bool empty = dir != NULL;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	while (empty && (entry = readdir(dir)))
		empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
	closedir(dir);
	return empty;
}

static int
fail(struct vc_diags *diags, const char *path, const char *what, int err)
{
	vc_diag_add(diags, path, 0, "%s: %s", what, strerror(-err));
	return err;
}

static int
save_directory(const struct vc_image *image, const char *path, struct vc_diags *diags)
{
	int root, r = 0;

	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return fail(diags, path, "the directory cannot be made", -errno);
	root = vc_os_open_handle(path, O_DIRECTORY);
	if (root < 0)
		return fail(diags, path, "the capture cannot be written", root);
	if (!is_empty(root)) {
		close(root);
		vc_diag_add(diags, path, 0, "the directory is not empty: name a new one");
		return -ENOTEMPTY;
	}
	for (size_t i = 0; i < image->count && r == 0; i++) {
		r = write_place(root, image->place[i]);
		if (r < 0)
			fail(diags, path, image->place[i]->path + 1, r);
	}
	close(root);
	return r;
}

static bool
has_suffix(const char *path, const char *suffix)
{
	size_t length = strlen(path), tail = strlen(suffix);

	return length > tail && strcmp(path + length - tail, suffix) == 0;
}

static int
save(const struct vc_image *image, const char *path, struct vc_diags *diags)
{
	static const char *const other[] = { ".tar", ".gz", ".xz", ".txz", ".bz2", ".zst", ".zip" };

	if (has_suffix(path, ".tar.gz") || has_suffix(path, ".tgz"))
		return vc_capture_write_archive(image, path, diags);
	for (size_t i = 0; i < VC_COUNT(other); i++) {
		if (has_suffix(path, other[i])) {
			vc_diag_add(diags, path, 0, "a capture is written as FILE.tar.gz or as a directory");
			return -EINVAL;
		}
	}
	return save_directory(image, path, diags);
}

static void
summarize(const struct vc_manifest *manifest, struct vc_capture_summary *summary)
{
	*summary = (struct vc_capture_summary){ 0 };
	for (size_t i = 0; i < manifest->count; i++) {
		const struct vc_fact *fact = &manifest->record[i].fact;

		if (fact->state == VC_KNOWN)
			summary->known++;
		else if (fact->state == VC_ABSENT)
			summary->absent++;
		else
			summary->refused++;
	}
}

/* The name that the recorded host goes by. NULL: it does not say. */
static const char *
find_host_name(struct vc_hostfs *fs)
{
	static const char *const file[] = { "/proc/sys/kernel/hostname", "/etc/hostname" };
	struct utsname machine;
	const char *text;
	size_t size;

	if (fs->kind == VC_HOSTFS_LIVE)
		return uname(&machine) == 0 ? vc_arena_strdup(fs->arena, machine.nodename) : NULL;
	for (size_t i = 0; i < VC_COUNT(file); i++) {
		/* Not a question of a probe, so the recorder does not hear of it. */
		if (fs->backend->read(fs, file[i], 0, VC_HOSTFS_WHOLE, &text, &size) == 0)
			return vc_arena_strndup(fs->arena, text, strcspn(text, " \t\n"));
	}
	return NULL;
}

int
vc_capture_save(struct vc_capture *capture, const char *path, const struct vc_capture_options *options,
		struct vc_diags *diags, struct vc_capture_summary *ret_summary)
{
	const char *name = vc_arena_strdup(diags->arena, path);
	struct vc_manifest manifest = { 0 };
	struct vc_image image;
	int r;

	collect(capture, &manifest);
	if (!options->keep_identity)
		redact_all(capture->fs->arena, &manifest,
			   options->host_name ? options->host_name : find_host_name(capture->fs));
	vc_image_init(&image, capture->fs);
	fill_image(&image, &manifest);
	r = save(&image, name, diags);
	vc_image_release(&image);
	if (r == 0 && ret_summary)
		summarize(&manifest, ret_summary);
	return r;
}
