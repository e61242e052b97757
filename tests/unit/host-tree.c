/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host-tree.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct tree *
tree_new(bool capture)
{
	struct tree *tree = calloc(1, sizeof(*tree));

	assert_non_null(tree);
	tree->capture = capture;
	tree->arena = vc_arena_new();
	snprintf(tree->root, sizeof(tree->root), "/tmp/vhostcheck-test-XXXXXX");
	assert_non_null(mkdtemp(tree->root));
	vc_buf_add(&tree->manifest, "vhostcheck-capture 1\nredacted no\n");
	return tree;
}

static int
remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

void
tree_free(struct tree *tree)
{
	vc_hostfs_close(tree->fs);
	nftw(tree->root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	vc_buf_release(&tree->manifest);
	vc_arena_free(tree->arena);
	free(tree);
}

/* Makes the directories above @path and returns the path below the root. */
static void
locate(struct tree *tree, const char *path, char full[PATH_MAX])
{
	snprintf(full, PATH_MAX, "%s%s", tree->root, path);
	for (char *at = full + strlen(tree->root) + 1; (at = strchr(at, '/')); at++) {
		*at = '\0';
		if (mkdir(full, 0755) < 0)
			assert_int_equal(errno, EEXIST);
		*at = '/';
	}
}

static void
write_file(struct tree *tree, const char *path, const char *text, size_t size)
{
	char full[PATH_MAX];
	FILE *file;

	locate(tree, path, full);
	file = fopen(full, "we");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

void
tree_line(struct tree *tree, const char *line)
{
	vc_buf_addf(&tree->manifest, "%s\n", line);
}

void
tree_file_n(struct tree *tree, const char *path, const char *text, size_t size)
{
	write_file(tree, path, text, size);
	vc_buf_addf(&tree->manifest, "file known %s\n", path);
}

void
tree_file(struct tree *tree, const char *path, const char *text)
{
	tree_file_n(tree, path, text, strlen(text));
}

void
tree_ask(struct tree *tree, const char *name, const char *text)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "/vhostcheck/%s", name);
	write_file(tree, path, text, strlen(text));
	vc_buf_addf(&tree->manifest, "ask known %s\n", name);
}

void
tree_link(struct tree *tree, const char *path, const char *target)
{
	char full[PATH_MAX];

	locate(tree, path, full);
	assert_int_equal(symlink(target, full), 0);
	vc_buf_addf(&tree->manifest, "link known %s\n", path);
}

const struct vc_host *
tree_probe_request(struct tree *tree, const struct vc_host_request *request)
{
	struct vc_diags diags = { .arena = tree->arena };

	if (!tree->fs) {
		if (tree->capture) {
			vc_buf_add(&tree->manifest, "end\n");
			write_file(tree, "/vhostcheck/manifest", vc_buf_text(&tree->manifest),
				   tree->manifest.length);
		} else {
			mkdir(vc_arena_printf(tree->arena, "%s/proc", tree->root), 0755);
		}
		assert_int_equal(vc_hostfs_open(tree->root, tree->arena, &diags, &tree->fs), 0);
		assert_int_equal(vc_hostfs_kind(tree->fs),
				 tree->capture ? VC_HOSTFS_CAPTURE : VC_HOSTFS_FOREIGN);
	}
	vc_host_probe(tree->fs, request, &tree->host);
	return &tree->host;
}

const struct vc_host *
tree_probe(struct tree *tree, unsigned areas)
{
	const struct vc_host_request request = { .areas = areas };

	return tree_probe_request(tree, &request);
}
