/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A hostfs over a tree in memory, or over slices of one. Contents are borrowed from the tree, which lives in
 * the same arena.
 */
#include <string.h>

#include "host/hostfs-impl.h"
#include "host/slices.h"
#include "host/tree.h"

static int
find(struct vc_hostfs *fs, const char *path, bool follow, const struct vc_tree_node **ret_node)
{
	return fs->slices ? vc_slices_find(fs, path, follow, ret_node)
			  : vc_tree_find(fs->tree, path, follow, ret_node);
}

static int
tree_read(struct vc_hostfs *fs, const char *path, uint64_t offset, size_t size, const char **ret_data,
	  size_t *ret_size)
{
	const struct vc_tree_node *node;
	bool whole = size == VC_HOSTFS_WHOLE;
	size_t left;
	int r;

	r = find(fs, path, true, &node);
	if (r < 0)
		return r;
	if (node->kind != VC_TREE_FILE)
		return node->kind == VC_TREE_DIRECTORY ? -EISDIR : -EOPNOTSUPP;
	if (!node->data || (whole ? node->size : size) > fs->file_max)
		return -EFBIG;
	if (whole) {
		*ret_data = node->data;
		*ret_size = node->size;
		return 0;
	}
	left = offset < node->size ? node->size - (size_t)offset : 0;
	if (left > size)
		left = size;
	r = vc_hostfs_take(fs, left);
	if (r < 0)
		return r;
	*ret_data = vc_arena_strndup(fs->arena, left > 0 ? node->data + offset : "", left);
	*ret_size = left;
	return 0;
}

static int
tree_read_link(struct vc_hostfs *fs, const char *path, const char **ret_target)
{
	const struct vc_tree_node *node;
	int r;

	r = find(fs, path, false, &node);
	if (r < 0)
		return r;
	if (node->kind != VC_TREE_LINK)
		return -EINVAL;
	*ret_target = node->data;
	return 0;
}

static int
tree_list(struct vc_hostfs *fs, const char *path, const char *const **ret_name, size_t *ret_count)
{
	const struct vc_tree_node *node;
	const char **name;
	int r;

	/* No slice knows all that is in a directory. In a capture the manifest does. */
	if (fs->slices)
		return -EOPNOTSUPP;
	r = find(fs, path, true, &node);
	if (r < 0)
		return r;
	if (node->kind != VC_TREE_DIRECTORY)
		return -ENOTDIR;
	if (node->children > VC_HOSTFS_NAMES_MAX)
		return -EFBIG;
	r = vc_hostfs_take(fs, node->children * sizeof(*name));
	if (r < 0)
		return r;
	name = vc_arena_make_array(fs->arena, node->children, const char *);
	for (size_t i = 0; i < node->children; i++)
		name[i] = node->child[i]->name;
	*ret_name = name;
	*ret_count = node->children;
	return 0;
}

static int
tree_stat(struct vc_hostfs *fs, const char *path, struct vc_node *ret_node)
{
	const struct vc_tree_node *node;
	int r;

	r = find(fs, path, true, &node);
	if (r < 0)
		return r;
	*ret_node = (struct vc_node){
		.kind = node->kind == VC_TREE_DIRECTORY ? VC_NODE_DIRECTORY
			: node->kind == VC_TREE_FILE    ? VC_NODE_FILE
							: node->special,
		.mode = node->mode,
		.uid = node->uid,
		.gid = node->gid,
		.size = node->size,
	};
	return 0;
}

static int
tree_enter(struct vc_hostfs *fs, const char *name)
{
	const struct vc_tree_node *node;
	int r;

	if (fs->slices)
		return -EOPNOTSUPP;
	r = vc_tree_find(fs->tree, name, false, &node);
	if (r < 0)
		return r;
	if (node->kind != VC_TREE_DIRECTORY)
		return -ENOTDIR;
	fs->tree = node;
	return 0;
}

static void
tree_close(struct vc_hostfs *fs)
{
	fs->tree = NULL;
	fs->slices = NULL;
}

void
vc_hostfs_use_tree(struct vc_hostfs *fs, const struct vc_tree_node *root)
{
	fs->backend = &vc_hostfs_tree;
	fs->tree = root;
	fs->slices = NULL;
}

void
vc_hostfs_use_slices(struct vc_hostfs *fs, struct vc_slices *slices)
{
	fs->backend = &vc_hostfs_tree;
	fs->tree = NULL;
	fs->slices = slices;
}

const struct vc_backend vc_hostfs_tree = {
	.read = tree_read,
	.read_link = tree_read_link,
	.list = tree_list,
	.stat = tree_stat,
	.enter = tree_enter,
	.close = tree_close,
};
