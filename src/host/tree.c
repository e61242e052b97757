/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/tree.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "host/walk.h"

/* The path without "", "." and a leading '/'. NULL if it has "..", or is too long to be asked for. */
static const char *
normalise(struct vc_arena *arena, const char *path)
{
	size_t length = strlen(path);
	char *out, *to;

	if (length >= PATH_MAX)
		return NULL;
	out = to = vc_arena_alloc(arena, length + 1);
	while (*path) {
		size_t name = strcspn(path, "/");

		if (name == 2 && path[0] == '.' && path[1] == '.')
			return NULL;
		if (name > NAME_MAX)
			return NULL;
		if (name > 0 && !(name == 1 && path[0] == '.')) {
			if (to > out)
				*to++ = '/';
			memcpy(to, path, name);
			to += name;
		}
		path += name;
		path += strspn(path, "/");
	}
	*to = '\0';
	return out;
}

void
vc_tree_add(struct vc_tree *tree, const char *path, const struct vc_tree_node *node)
{
	struct vc_tree_member *member;
	const char *clean = normalise(tree->arena, path);

	if (!clean || !*clean)
		return;
	member = vc_arena_append(tree->arena, (void **)&tree->member, &tree->count, sizeof(*member));
	*member = (struct vc_tree_member){
		.path = clean,
		.order = tree->count,
		.node = vc_arena_make(tree->arena, struct vc_tree_node),
	};
	*member->node = *node;
}

static int
rank(char c)
{
	return c == '\0' ? 0 : c == '/' ? 1 : (unsigned char)c + 1;
}

int
vc_tree_compare(const char *a, const char *b)
{
	while (*a == *b && *a) {
		a++;
		b++;
	}
	return rank(*a) - rank(*b);
}

static int
compare_members(const void *a, const void *b)
{
	const struct vc_tree_member *x = a, *y = b;
	int order = vc_tree_compare(x->path, y->path);

	return order != 0 ? order : (x->order > y->order) - (x->order < y->order);
}

static void
sort(struct vc_tree *tree)
{
	bool sorted = true;

	/* Our own captures are in order already. */
	for (size_t i = 1; i < tree->count && sorted; i++)
		sorted = compare_members(&tree->member[i - 1], &tree->member[i]) < 0;
	if (!sorted)
		qsort(tree->member, tree->count, sizeof(*tree->member), compare_members);
}

/* The tree as it grows in the order of paths: always at the end of one branch. */
struct builder {
	struct vc_arena *arena;
	struct vc_tree_node **node; /* all but the root, parents first */
	size_t count;
	struct vc_tree_node *at; /* the node added last, which is @path without its last @beyond bytes */
	const char *path;
	size_t length; /* of the path of @at */
};

static void
add_child(struct builder *builder, struct vc_tree_node *node, const char *name)
{
	node->name = name;
	node->parent = builder->at;
	node->parent->children++;
	*(struct vc_tree_node **)vc_arena_append(builder->arena, (void **)&builder->node, &builder->count,
						 sizeof(builder->node)) = node;
	builder->at = node;
}

/* A directory that the archive does not have, but whose contents it has. */
static void
add_directory(struct builder *builder, const char *name, size_t length)
{
	struct vc_tree_node *node = vc_arena_make(builder->arena, struct vc_tree_node);

	node->kind = VC_TREE_DIRECTORY;
	node->mode = 0755;
	add_child(builder, node, vc_arena_strndup(builder->arena, name, length));
}

static bool
is_below(const char *path, const char *parent, size_t length)
{
	return length == 0 || (strncmp(path, parent, length) == 0 && path[length] == '/');
}

static void
add_member(struct builder *builder, const struct vc_tree_member *member)
{
	while (!is_below(member->path, builder->path, builder->length)) {
		builder->length -= strlen(builder->at->name);
		if (builder->length > 0)
			builder->length--; /* the '/' */
		builder->at = builder->at->parent;
	}
	builder->path = member->path;
	while (builder->at->kind == VC_TREE_DIRECTORY) {
		const char *name = member->path + builder->length + (builder->length > 0);
		size_t length = strcspn(name, "/");

		builder->length = (size_t)(name - member->path) + length;
		if (name[length] == '\0') {
			add_child(builder, member->node, name);
			return;
		}
		add_directory(builder, name, length);
	}
}

static void
resolve_hardlinks(const struct vc_tree_node *root, struct builder *builder)
{
	for (size_t i = 0; i < builder->count; i++) {
		struct vc_tree_node *node = builder->node[i];
		const struct vc_tree_node *target;

		if (node->kind != VC_TREE_HARDLINK)
			continue;
		/* The target is a member's name, not a path that links could bend. */
		if (vc_tree_find(root, node->data, false, &target) == 0 && target->kind == VC_TREE_FILE) {
			node->data = target->data;
			node->size = target->size;
			node->kind = VC_TREE_FILE;
		} else {
			node->kind = VC_TREE_SPECIAL;
		}
	}
}

const struct vc_tree_node *
vc_tree_build(struct vc_tree *tree)
{
	struct vc_tree_node *root = vc_arena_make(tree->arena, struct vc_tree_node);
	struct builder builder = { .arena = tree->arena, .at = root, .path = "" };

	*root = (struct vc_tree_node){ .name = "", .kind = VC_TREE_DIRECTORY, .mode = 0755 };
	sort(tree);
	for (size_t i = 0; i < tree->count; i++) {
		const struct vc_tree_member *next = i + 1 < tree->count ? &tree->member[i + 1] : NULL;

		if (!next || strcmp(tree->member[i].path, next->path) != 0)
			add_member(&builder, &tree->member[i]);
	}
	/* Nodes are in the order of their paths, so every list of children comes out sorted. */
	root->child = vc_arena_make_array(tree->arena, root->children, struct vc_tree_node *);
	root->children = 0;
	for (size_t i = 0; i < builder.count; i++) {
		struct vc_tree_node *node = builder.node[i];

		node->child = vc_arena_make_array(tree->arena, node->children, struct vc_tree_node *);
		node->children = 0;
		node->parent->child[node->parent->children++] = node;
	}
	resolve_hardlinks(root, &builder);
	return root;
}

static int
compare_name(const void *name, const void *node)
{
	return strcmp(name, (*(struct vc_tree_node *const *)node)->name);
}

static const struct vc_tree_node *
find_child(const struct vc_tree_node *node, const char *name)
{
	struct vc_tree_node *const *found;

	if (node->children == 0)
		return NULL;
	found = bsearch(name, node->child, node->children, sizeof(*node->child), compare_name);
	return found ? *found : NULL;
}

int
vc_tree_find(const struct vc_tree_node *root, const char *path, bool follow,
	     const struct vc_tree_node **ret_node)
{
	const struct vc_tree_node *at = root;
	struct vc_walk walk;
	const char *name;
	bool last = false;
	int r;

	r = vc_walk_begin(&walk, path);
	if (r < 0)
		return r;
	while ((name = vc_walk_next(&walk, &last))) {
		const struct vc_tree_node *child;

		if (at->kind != VC_TREE_DIRECTORY)
			return -ENOTDIR;
		if (strcmp(name, "..") == 0) {
			if (at != root)
				at = at->parent;
			continue;
		}
		if (strlen(name) > NAME_MAX)
			return -ENAMETOOLONG;
		child = find_child(at, name);
		if (!child)
			return -ENOENT;
		if (child->kind == VC_TREE_LINK && (follow || !last)) {
			r = vc_walk_link(&walk, child->data);
			if (r < 0)
				return r;
			if (child->data[0] == '/')
				at = root;
			continue;
		}
		at = child;
	}
	*ret_node = at;
	return 0;
}
