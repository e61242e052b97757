/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A tree in memory, for hosts that come in an archive. Members are added in any order under any name, then
 * vc_tree_build() makes the tree of them once. What could do harm is left out there: names with "..", members
 * below something that is no directory, all but the last of the same name.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "host/hostfs.h"

enum vc_tree_kind { VC_TREE_DIRECTORY, VC_TREE_FILE, VC_TREE_LINK, VC_TREE_HARDLINK, VC_TREE_SPECIAL };

struct vc_tree_node {
	const char *name;
	enum vc_tree_kind kind;
	enum vc_node_kind special; /* VC_TREE_SPECIAL: what kind of device, if any */
	unsigned mode, uid, gid;
	const char *data; /* contents; target of a link. NULL: a file that was too large to keep */
	size_t size;
	struct vc_tree_node *parent; /* NULL: the root */
	struct vc_tree_node **child; /* sorted by name */
	size_t children;
};

struct vc_tree_member {
	const char *path; /* normalised: "sys/class/iommu" */
	size_t order;
	struct vc_tree_node *node;
};

struct vc_tree {
	struct vc_arena *arena;
	struct vc_tree_member *member;
	size_t count;
};

/* Adds a member under @path as the archive has it. @node is copied; its texts live in the arena. */
void vc_tree_add(struct vc_tree *tree, const char *path, const struct vc_tree_node *node);

/* Orders paths so that a directory comes right before what is in it. */
int vc_tree_compare(const char *a, const char *b);

/* The root of a tree of all members. */
const struct vc_tree_node *vc_tree_build(struct vc_tree *tree);

/* Finds @path below @root, which nothing leads out of. Negative errno as open(2) would give. */
int vc_tree_find(const struct vc_tree_node *root, const char *path, bool follow,
		 const struct vc_tree_node **ret_node) _must_check_;
