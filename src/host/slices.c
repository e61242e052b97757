/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/slices.h"

#include <string.h>
#include <unistd.h>

#include "host/hostfs-archive.h"
#include "host/walk.h"

/* [RFC 1952 2.3] */
#define GZIP_HEADER 10
#define GZIP_FLAGS 3
#define GZIP_EXTRA 0x04
#define MAGIC "\x1f\x8b\x08"
#define FIELD_HEADER (GZIP_HEADER + 2 + 4 + 4) /* up to the path */

struct slice {
	const char *path; /* of the first member */
	const char *data;
	size_t size;
	int err; /* it was loaded: 0, or why it could not be */
	bool loaded;
	const struct vc_tree_node *tree;
};

struct vc_slices {
	struct slice *slice; /* sorted by path */
	size_t count;
};

static uint32_t
little(const char *at, unsigned bytes)
{
	uint32_t value = 0;

	while (bytes-- > 0)
		value = value << 8 | (unsigned char)at[bytes];
	return value;
}

static void
put_little(char *at, unsigned bytes, uint32_t value)
{
	for (unsigned i = 0; i < bytes; i++)
		at[i] = (char)(value >> 8 * i);
}

int
vc_slice_seal(struct vc_buf *slice, const char *path, const char *gzip, size_t size)
{
	size_t length = strlen(path), total;
	char header[FIELD_HEADER];

	if (size < GZIP_HEADER || memcmp(gzip, MAGIC, strlen(MAGIC)) != 0 || gzip[GZIP_FLAGS] != 0)
		return -EBADMSG;
	total = size - GZIP_HEADER + FIELD_HEADER + length;
	if (length > PATH_MAX || total > UINT32_MAX)
		return -EFBIG;
	memcpy(header, gzip, GZIP_HEADER);
	header[GZIP_FLAGS] = GZIP_EXTRA;
	put_little(header + GZIP_HEADER, 2, (uint32_t)length + 8);
	memcpy(header + GZIP_HEADER + 2, "VC", 2);
	put_little(header + GZIP_HEADER + 4, 2, (uint32_t)length + 4);
	put_little(header + GZIP_HEADER + 6, 4, (uint32_t)total);
	vc_buf_add_n(slice, header, sizeof(header));
	vc_buf_add_n(slice, path, length);
	vc_buf_add_n(slice, gzip + GZIP_HEADER, size - GZIP_HEADER);
	return 0;
}

static bool
begins_slice(const char *data)
{
	return memcmp(data, MAGIC, strlen(MAGIC)) == 0 && data[GZIP_FLAGS] == GZIP_EXTRA &&
	       memcmp(data + GZIP_HEADER + 2, "VC", 2) == 0;
}

bool
vc_slices_begin(int fd)
{
	char header[FIELD_HEADER];

	return pread(fd, header, sizeof(header), 0) == (ssize_t)sizeof(header) && begins_slice(header);
}

/* The slice at @data. False if it is none, or does not fit into @size. */
static bool
read_slice(struct vc_arena *arena, const char *data, size_t size, struct slice *ret_slice)
{
	size_t length;

	if (size < FIELD_HEADER || !begins_slice(data))
		return false;
	length = little(data + GZIP_HEADER + 4, 2);
	if (length <= 4 || length > size - FIELD_HEADER || little(data + GZIP_HEADER, 2) != length + 4)
		return false;
	*ret_slice = (struct slice){
		.path = vc_arena_strndup(arena, data + FIELD_HEADER, length - 4),
		.data = data,
		.size = little(data + GZIP_HEADER + 6, 4),
	};
	return ret_slice->size >= FIELD_HEADER + length && ret_slice->size <= size;
}

struct vc_slices *
vc_slices_open(struct vc_hostfs *fs, const char *data, size_t size)
{
	struct vc_slices *slices = vc_arena_make(fs->arena, struct vc_slices);

	while (size > 0) {
		struct slice slice, *last = slices->count > 0 ? &slices->slice[slices->count - 1] : NULL;

		if (slices->count >= VC_HOSTFS_ENTRIES_MAX || !read_slice(fs->arena, data, size, &slice) ||
		    (last && vc_tree_compare(last->path, slice.path) >= 0))
			return NULL;
		*(struct slice *)vc_arena_append(fs->arena, (void **)&slices->slice, &slices->count,
						 sizeof(slice)) = slice;
		data += slice.size;
		size -= slice.size;
	}
	return slices->count > 0 ? slices : NULL;
}

static int
load(struct vc_hostfs *fs, struct slice *slice)
{
	const struct vc_archive_source source = { .fd = -1, .data = slice->data, .size = slice->size };
	/* Nobody hears of it: the fact that was asked for is unreadable. */
	struct vc_diags diags = { .arena = fs->arena };

	if (!slice->loaded) {
		slice->loaded = true;
		slice->err = vc_archive_read(fs, &source, slice->path, &diags, &slice->tree);
	}
	return slice->err;
}

/* The member @path, "/sys/class" or "", of which nothing is a link but perhaps its last name. */
static int
find_member(struct vc_hostfs *fs, const char *path, const struct vc_tree_node **ret_node)
{
	struct vc_slices *slices = fs->slices;
	size_t first = 0, end = slices->count;
	int r;

	path += strspn(path, "/");
	/* The last slice that begins with @path or with something before it. */
	while (end - first > 1) {
		size_t middle = first + (end - first) / 2;

		if (vc_tree_compare(slices->slice[middle].path, path) <= 0)
			first = middle;
		else
			end = middle;
	}
	r = load(fs, &slices->slice[first]);
	return r < 0 ? r : vc_tree_find(slices->slice[first].tree, path, false, ret_node);
}

static void
cut_last(struct vc_buf *path)
{
	while (path->length > 0 && path->text[--path->length] != '/')
		;
	if (path->text)
		path->text[path->length] = '\0';
}

static void
cut_all(struct vc_buf *path)
{
	path->length = 0;
	path->text[0] = '\0';
}

int
vc_slices_find(struct vc_hostfs *fs, const char *path, bool follow, const struct vc_tree_node **ret_node)
{
	_cleanup_buf_ struct vc_buf real = { 0 };
	const struct vc_tree_node *node;
	struct vc_walk walk;
	const char *name;
	bool last = false;
	int r;

	r = vc_walk_begin(&walk, path);
	if (r < 0)
		return r;
	while ((name = vc_walk_next(&walk, &last))) {
		if (strcmp(name, "..") == 0) {
			cut_last(&real);
			continue;
		}
		vc_buf_addf(&real, "/%s", name);
		if (real.length >= PATH_MAX)
			return -ENAMETOOLONG;
		r = find_member(fs, real.text, &node);
		if (r < 0)
			return r;
		if (node->kind == VC_TREE_LINK && (follow || !last)) {
			r = vc_walk_link(&walk, node->data);
			if (r < 0)
				return r;
			if (node->data[0] == '/')
				cut_all(&real);
			else
				cut_last(&real);
		} else if (!last && node->kind != VC_TREE_DIRECTORY) {
			return -ENOTDIR;
		}
	}
	return find_member(fs, vc_buf_text(&real), ret_node);
}
