/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The readers of captures: an archive, or the text of a manifest alone. Whatever opens is asked all its own
 * questions and some others; a manifest that is understood must survive being written and read again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/hostfs-archive.h"
#include "host/hostfs-impl.h"
#include "host/redact.h"
#include "host/slices.h"
#include "host/tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TEXT "vhostcheck-capture"

static void
must(int holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "fuzz-capture: %s\n", what);
	abort();
}

static int
ask_never(void *context, struct vc_buf *answer)
{
	(void)context;
	(void)answer;
	must(0, "the live host was asked");
	return 0;
}

static void
check_answer(struct vc_answer answer)
{
	must(answer.fact.state == VC_KNOWN || answer.fact.state == VC_ABSENT || answer.fact.err > 0,
	     "an answer has neither value nor reason");
	if (answer.fact.state == VC_KNOWN)
		must(answer.data[answer.size] == '\0', "an answer does not end in NUL");
}

static void
ask(struct vc_hostfs *fs, const struct vc_record *record)
{
	switch (record->question) {
	case VC_ASK_FILE:
		check_answer(vc_hostfs_read(fs, "%s", record->path));
		check_answer(vc_hostfs_read_line(fs, "%s", record->path));
		break;
	case VC_ASK_PART:
		check_answer(vc_hostfs_read_part(fs, record->offset, record->length, "%s", record->path));
		break;
	case VC_ASK_LINK:
		check_answer(vc_hostfs_read_link(fs, "%s", record->path));
		break;
	case VC_ASK_LIST:
		vc_hostfs_list(fs, "%s", record->path);
		break;
	case VC_ASK_STAT:
		vc_hostfs_stat(fs, "%s", record->path);
		break;
	case VC_ASK_OTHER:
		check_answer(vc_hostfs_ask(fs, record->path, ask_never, NULL));
		break;
	}
}

/* Every kind of question about every node of the tree, and about its names behind links. */
static void
ask_tree(struct vc_hostfs *fs, const struct vc_tree_node *node, const char *path, int depth)
{
	struct vc_redact *redact = vc_redact_new(fs->arena, "web01.example.org");
	struct vc_answer answer = vc_hostfs_read(fs, "%s", path);
	const char *text;
	size_t size;

	check_answer(answer);
	if (answer.fact.state == VC_KNOWN)
		(void)!vc_redact(redact, path, 0, answer.data, answer.size, &text, &size);
	check_answer(vc_hostfs_read_part(fs, 3, 5, "%s", path));
	check_answer(vc_hostfs_read_link(fs, "%s", path));
	vc_hostfs_stat(fs, "%s/..", path);
	vc_hostfs_list(fs, "%s", path);
	for (size_t i = 0; i < node->children && i < 50 && depth < 20; i++)
		ask_tree(fs, node->child[i], vc_arena_printf(fs->arena, "%s/%s", path, node->child[i]->name),
			 depth + 1);
}

static void
check_manifest(struct vc_arena *arena, struct vc_diags *diags, const struct vc_manifest *manifest)
{
	_cleanup_buf_ struct vc_buf one = { 0 };
	_cleanup_buf_ struct vc_buf two = { 0 };
	struct vc_manifest again;

	vc_manifest_format(&one, manifest);
	must(vc_manifest_parse(arena, "again", vc_arena_strndup(arena, one.text, one.length), one.length,
			       diags, &again) == 0,
	     "a manifest that was written is not understood");
	vc_manifest_format(&two, &again);
	must(one.length == two.length && memcmp(one.text, two.text, one.length) == 0,
	     "a manifest changes when it is read and written");
}

static int
open_text(struct vc_hostfs *fs, const uint8_t *data, size_t size, struct vc_diags *diags)
{
	struct vc_tree tree = { .arena = fs->arena };

	vc_tree_add(&tree, "vhostcheck/manifest",
		    &(const struct vc_tree_node){
			    .kind = VC_TREE_FILE,
			    .data = vc_arena_strndup(fs->arena, (const char *)data, size),
			    .size = size,
		    });
	vc_tree_add(&tree, "sys/file",
		    &(const struct vc_tree_node){ .kind = VC_TREE_FILE, .data = "text\n", .size = 5 });
	vc_tree_add(&tree, "sys/link",
		    &(const struct vc_tree_node){ .kind = VC_TREE_LINK, .data = "file", .size = 4 });
	vc_hostfs_use_tree(fs, vc_tree_build(&tree));
	return vc_hostfs_settle(fs, "fuzz", diags);
}

static int
open_archive(struct vc_hostfs *fs, const uint8_t *data, size_t size, struct vc_diags *diags)
{
	struct vc_archive_source source = { .fd = -1, .data = data, .size = size };
	int r;

	struct vc_slices *slices;
	struct vc_node node;

	/* Small limits, so that the fuzzer reaches them too. */
	fs->file_max = 64 * 1024;
	fs->members_max = 100;
	slices = vc_slices_open(fs, (const char *)data, size);
	if (slices) {
		vc_hostfs_use_slices(fs, slices);
		if (fs->backend->stat(fs, "/vhostcheck/manifest", &node) == 0)
			return vc_hostfs_settle(fs, "fuzz", diags);
	}
	r = vc_hostfs_load_archive(fs, &source, "fuzz", diags);
	return r < 0 ? r : vc_hostfs_settle(fs, "fuzz", diags);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	struct vc_diags diags = { .arena = arena };
	struct vc_hostfs *fs = vc_hostfs_new(arena, VC_HOSTFS_FOREIGN);
	int r;

	fs->room = 16 * 1024 * 1024;
	if (size >= strlen(TEXT) && memcmp(data, TEXT, strlen(TEXT)) == 0)
		r = open_text(fs, data, size, &diags);
	else
		r = open_archive(fs, data, size, &diags);
	must((r < 0) == (diags.count > 0), "a failure without a diagnostic, or the other way round");
	if (r == 0) {
		if (fs->tree)
			ask_tree(fs, fs->tree, "", 0);
		if (fs->manifest) {
			check_manifest(arena, &diags, fs->manifest);
			for (size_t i = 0; i < fs->manifest->count; i++)
				ask(fs, &fs->manifest->record[i]);
		}
	}
	vc_hostfs_close(fs);
	return 0;
}
