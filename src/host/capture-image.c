/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/capture-image.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "host/tree.h"
#include "host/walk.h"

#define OWN "/vhostcheck"
/* A path that would not fit below the directory a capture is unpacked to. */
#define PLACE_MAX (PATH_MAX - 256)

void
vc_image_init(struct vc_image *image, struct vc_hostfs *fs)
{
	*image = (struct vc_image){ .fs = fs };
}

static void
forget(void *place)
{
	(void)place; /* in the arena */
}

void
vc_image_release(struct vc_image *image)
{
	tdestroy(image->index, forget);
	image->index = NULL;
}

static int
compare_places(const void *a, const void *b)
{
	const struct vc_image_entry *x = a, *y = b;

	return strcmp(x->path, y->path);
}

/* /proc/self leads to another number in every run; a capture keeps the name. */
static bool
is_self(const char *path)
{
	return strcmp(path, "/proc/self") == 0 || strcmp(path, "/proc/thread-self") == 0;
}

/* The place at @path, whose parent is a real directory. */
static struct vc_image_entry *
find_place(struct vc_image *image, const char *path, bool own)
{
	struct vc_arena *arena = image->fs->arena;
	struct vc_image_entry key = { .path = path };
	struct vc_image_entry *place;
	const char *target;
	void *found;

	found = tfind(&key, &image->index, compare_places);
	if (found)
		return *(struct vc_image_entry **)found;
	place = vc_arena_make(arena, struct vc_image_entry);
	place->path = vc_arena_strdup(arena, path);
	if (!own && !is_self(path) && image->fs->backend->read_link(image->fs, path, &target) == 0) {
		place->kind = VC_IMAGE_LINK;
		place->data = target;
		place->size = strlen(target);
	}
	if (!tsearch(place, &image->index, compare_places))
		abort();
	*(struct vc_image_entry **)vc_arena_append(arena, (void **)&image->place, &image->count,
						   sizeof(place)) = place;
	return place;
}

static void
cut_last(struct vc_buf *path)
{
	while (path->length > 0 && path->text[--path->length] != '/')
		;
	if (path->text)
		path->text[path->length] = '\0';
}

/*
 * The place that @path leads to through the links of the host, making directories of all above it. NULL if
 * that cannot be kept as it is: a name is two things at once, or a part of the capture's own.
 */
static struct vc_image_entry *
locate(struct vc_image *image, const char *path, bool follow, bool own)
{
	_cleanup_buf_ struct vc_buf real = { 0 };
	struct vc_image_entry *place = NULL;
	struct vc_walk walk;
	const char *name;
	bool last = false;

	if (vc_walk_begin(&walk, path) < 0)
		return NULL;
	while ((name = vc_walk_next(&walk, &last))) {
		if (place && place->kind == VC_IMAGE_UNUSED)
			place->kind = VC_IMAGE_DIRECTORY;
		if (place && place->kind != VC_IMAGE_DIRECTORY)
			return NULL;
		place = NULL;
		if (strcmp(name, "..") == 0) {
			cut_last(&real);
			continue;
		}
		vc_buf_addf(&real, "/%s", name);
		if (real.length > PLACE_MAX || strlen(name) > NAME_MAX ||
		    (!own && strcmp(real.text, OWN) == 0))
			return NULL;
		place = find_place(image, real.text, own);
		if (place->kind == VC_IMAGE_LINK && (follow || !last)) {
			if (vc_walk_link(&walk, place->data) < 0)
				return NULL;
			if (place->data[0] == '/')
				real.length = 0;
			else
				cut_last(&real);
			place = NULL;
		}
	}
	return place;
}

/* Claims @place for a file. True if it holds just that already. */
static bool
claim(struct vc_image_entry *place, const char *data, size_t size)
{
	if (place->kind == VC_IMAGE_UNUSED) {
		place->kind = VC_IMAGE_FILE;
		place->data = data;
		place->size = size;
	}
	return place->kind == VC_IMAGE_FILE && place->size == size && memcmp(place->data, data, size) == 0;
}

/* The same for a part: the file at @place may hold more than the part, but nothing else there. */
static bool
claim_part(struct vc_image_entry *place, const struct vc_record *part)
{
	size_t left;

	if (place->kind == VC_IMAGE_UNUSED && part->offset == 0)
		return claim(place, part->data, part->size);
	if (place->kind != VC_IMAGE_FILE || part->offset > place->size)
		return false;
	left = place->size - (size_t)part->offset;
	return part->size == (part->length < left ? part->length : left) &&
	       memcmp(place->data + part->offset, part->data, part->size) == 0;
}

void
vc_image_add_own(struct vc_image *image, const char *path, const char *data, size_t size)
{
	struct vc_image_entry *place = locate(image, path, false, true);

	if (!place || !claim(place, data, size))
		abort(); /* nothing but the capture itself writes there */
}

static void
store(struct vc_image *image, struct vc_record *record)
{
	record->store = ++image->stored;
	vc_image_add_own(image, vc_arena_printf(image->fs->arena, OWN "/data/%u", record->store),
			 record->data, record->size);
}

/* Not a name that the capture uses itself, nor one that leads elsewhere. */
static bool
is_plain_name(const char *name)
{
	size_t length = strcspn(name, "/");

	if ((length == 8 && strncmp(name, "manifest", length) == 0) ||
	    (length == 4 && strncmp(name, "data", length) == 0))
		return false;
	for (;; name += length + 1, length = strcspn(name, "/")) {
		if (length == 0 || name[0] == '.')
			return false;
		if (name[length] == '\0')
			return true;
	}
}

void
vc_image_add(struct vc_image *image, struct vc_record *record)
{
	struct vc_image_entry *place = NULL;

	switch (record->question) {
	case VC_ASK_STAT:
		return;
	case VC_ASK_LIST:
		place = locate(image, record->path, true, false);
		if (place && place->kind == VC_IMAGE_UNUSED)
			place->kind = VC_IMAGE_DIRECTORY;
		return;
	case VC_ASK_LINK:
		place = locate(image, record->path, false, false);
		if (!place || place->kind != VC_IMAGE_LINK || strcmp(place->data, record->data) != 0)
			store(image, record);
		return;
	case VC_ASK_PART:
		place = locate(image, record->path, true, false);
		if (!place || !claim_part(place, record))
			store(image, record);
		return;
	case VC_ASK_FILE:
		place = locate(image, record->path, true, false);
		break;
	case VC_ASK_OTHER:
		if (is_plain_name(record->path))
			place = locate(image, vc_arena_printf(image->fs->arena, OWN "/%s", record->path),
				       false, true);
		break;
	}
	if (!place || !claim(place, record->data, record->size))
		store(image, record);
}

static int
compare_for_writing(const void *a, const void *b)
{
	const struct vc_image_entry *const *x = a, *const *y = b;

	return vc_tree_compare((*x)->path, (*y)->path);
}

void
vc_image_sort(struct vc_image *image)
{
	if (image->count > 0)
		qsort(image->place, image->count, sizeof(*image->place), compare_for_writing);
}
