/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/hostfs-archive.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "host/libarchive.h"

#define BLOCK ((size_t)64 * 1024)
/* What a member takes beside its name and contents. */
#define MEMBER_COST (sizeof(struct vc_tree_member) + sizeof(struct vc_tree_node))
#define NO_ARCHIVE "this is no tar archive, plain or packed with gzip or xz"

struct loader {
	const struct vc_libarchive *lib;
	struct archive *archive;
	struct vc_hostfs *fs;
	struct vc_tree tree;
	size_t members;
	uint64_t unpacked; /* bytes of members passed over: time, not memory */
	uint64_t passed;   /* bytes of all kinds up to the last member */
	const char *name;
	struct vc_diags *diags;
};

static int
refuse(struct loader *loader, int err, const char *why)
{
	vc_diag_add(loader->diags, loader->name, 0, "%s", why);
	return -err;
}

static int
refuse_as_read(struct loader *loader, const char *what)
{
	const char *why = loader->lib->archive_error_string(loader->archive);

	vc_diag_add(loader->diags, loader->name, 0, "%s: %s", what, why ? why : "unknown error");
	return -EBADMSG;
}

static int
refuse_size(struct loader *loader)
{
	return refuse(loader, EFBIG,
		      "the archive holds more than 512 MiB; unpack it and name the directory instead");
}

/* The name as bytes. In the C locale libarchive cannot say names beyond ASCII except as UTF-8. */
static const char *
entry_path(const struct vc_libarchive *lib, struct archive_entry *entry)
{
	const char *path = lib->archive_entry_pathname(entry);

	return path ? path : lib->archive_entry_pathname_utf8(entry);
}

static int
load_contents(struct loader *loader, struct archive_entry *entry, struct vc_tree_node *node)
{
	int64_t size = loader->lib->archive_entry_size(entry);
	size_t done = 0;
	char *data;

	if (size < 0)
		return refuse(loader, EBADMSG, "a member of the archive has no size");
	node->size = (size_t)size;
	if ((uint64_t)size > loader->fs->file_max) {
		/* The next header comes only after all of it is unpacked, so it counts as well. */
		if ((uint64_t)size > loader->fs->unpack - loader->unpacked)
			return refuse_size(loader);
		loader->unpacked += (uint64_t)size;
		return 0;
	}
	if (vc_hostfs_take(loader->fs, (uint64_t)size) < 0)
		return refuse_size(loader);
	data = vc_arena_alloc(loader->fs->arena, (size_t)size + 1);
	while (done < (size_t)size) {
		ssize_t n = loader->lib->archive_read_data(loader->archive, data + done, (size_t)size - done);

		if (n <= 0)
			return refuse_as_read(loader, "the archive is damaged or cut short");
		done += (size_t)n;
	}
	node->data = data;
	return 0;
}

static int
load_member(struct loader *loader, struct archive_entry *entry)
{
	const struct vc_libarchive *lib = loader->lib;
	struct vc_arena *arena = loader->fs->arena;
	const char *path = entry_path(lib, entry);
	const char *hard = lib->archive_entry_hardlink(entry);
	const char *target = NULL;
	struct vc_tree_node node = {
		.mode = lib->archive_entry_perm(entry) & 07777,
		.uid = (unsigned)lib->archive_entry_uid(entry),
		.gid = (unsigned)lib->archive_entry_gid(entry),
	};
	int r = 0;

	if (!path)
		return 0;
	switch (hard ? 0 : lib->archive_entry_filetype(entry)) {
	case S_IFREG:
		node.kind = VC_TREE_FILE;
		r = load_contents(loader, entry, &node);
		break;
	case S_IFDIR:
		node.kind = VC_TREE_DIRECTORY;
		break;
	case S_IFLNK:
		node.kind = VC_TREE_LINK;
		target = lib->archive_entry_symlink(entry);
		break;
	case S_IFCHR:
		node.kind = VC_TREE_SPECIAL;
		node.special = VC_NODE_CHARACTER;
		break;
	case S_IFBLK:
		node.kind = VC_TREE_SPECIAL;
		node.special = VC_NODE_BLOCK;
		break;
	default:
		node.kind = hard ? VC_TREE_HARDLINK : VC_TREE_SPECIAL;
		target = hard;
	}
	if (r < 0)
		return r;
	if (vc_hostfs_take(loader->fs, MEMBER_COST + strlen(path) + (target ? strlen(target) : 0)) < 0)
		return refuse_size(loader);
	if (node.kind == VC_TREE_LINK || node.kind == VC_TREE_HARDLINK) {
		node.data = vc_arena_strdup(arena, target ? target : "");
		node.size = strlen(node.data);
	}
	vc_tree_add(&loader->tree, path, &node);
	return 0;
}

static int
open_source(struct loader *loader, const struct vc_archive_source *source)
{
	const struct vc_libarchive *lib = loader->lib;
	struct archive *archive = loader->archive;

	/* A warning here means that it would start a program to unpack: nothing is ever started. */
	if (lib->archive_read_support_filter_gzip(archive) != VC_ARCHIVE_OK ||
	    lib->archive_read_support_filter_xz(archive) != VC_ARCHIVE_OK ||
	    lib->archive_read_support_format_tar(archive) != VC_ARCHIVE_OK)
		return refuse(loader, ENOSYS,
			      "the installed libarchive can unpack neither gzip nor xz by itself");
	if (source->fd >= 0
		    ? lib->archive_read_open_fd(archive, source->fd, BLOCK) != VC_ARCHIVE_OK
		    : lib->archive_read_open_memory(archive, source->data, source->size) != VC_ARCHIVE_OK)
		return refuse_as_read(loader, NO_ARCHIVE);
	return 0;
}

static int
load_members(struct loader *loader)
{
	struct archive_entry *entry;

	for (;;) {
		int status = loader->lib->archive_read_next_header(loader->archive, &entry);
		int r;

		if (status == VC_ARCHIVE_EOF)
			break;
		if (status != VC_ARCHIVE_OK && status != VC_ARCHIVE_WARN)
			return refuse_as_read(loader, loader->members > 0
							      ? "the archive is damaged or cut short"
							      : NO_ARCHIVE);
		if (++loader->members > loader->fs->members_max) {
			vc_diag_add(loader->diags, loader->name, 0, "the archive has more than %zu members",
				    loader->fs->members_max);
			return -EFBIG;
		}
		r = load_member(loader, entry);
		if (r < 0)
			return r;
		/* Padding and extra headers are not part of any member, but cost time all the same. */
		loader->passed = (uint64_t)loader->lib->archive_filter_bytes(loader->archive, 0);
		if (loader->passed > loader->fs->unpack + loader->members * 4096)
			return refuse_size(loader);
	}
	if (loader->members == 0)
		return refuse(loader, EBADMSG, "the archive is empty");
	return 0;
}

/* What this archive has taken is gone for the next one, damaged or not. */
static void
pay(const struct loader *loader)
{
	uint64_t taken = loader->passed > loader->unpacked ? loader->passed : loader->unpacked;

	loader->fs->unpack -= taken < loader->fs->unpack ? taken : loader->fs->unpack;
}

int
vc_archive_read(struct vc_hostfs *fs, const struct vc_archive_source *source, const char *name,
		struct vc_diags *diags, const struct vc_tree_node **ret_tree)
{
	struct loader loader = { .fs = fs, .tree = { .arena = fs->arena }, .name = name, .diags = diags };
	int r;

	if (fs->unpack == 0)
		return refuse_size(&loader);
	loader.lib = vc_libarchive_load(name, diags);
	if (!loader.lib)
		return -ENOSYS;
	loader.archive = loader.lib->archive_read_new();
	if (!loader.archive)
		return refuse(&loader, ENOMEM, "there is not enough memory to read the archive");
	r = open_source(&loader, source);
	if (r == 0)
		r = load_members(&loader);
	pay(&loader);
	loader.lib->archive_read_free(loader.archive);
	if (r < 0)
		return r;
	*ret_tree = vc_tree_build(&loader.tree);
	return 0;
}

int
vc_hostfs_load_archive(struct vc_hostfs *fs, const struct vc_archive_source *source, const char *name,
		       struct vc_diags *diags)
{
	const struct vc_tree_node *tree;
	int r = vc_archive_read(fs, source, name, diags, &tree);

	if (r == 0)
		vc_hostfs_use_tree(fs, tree);
	return r;
}
