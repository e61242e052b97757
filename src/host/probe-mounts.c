/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/mounts: "device directory type options 0 0"; blanks are written \\040 [linux 6.12
 * fs/proc_namespace.c]. */
#include <inttypes.h>
#include <string.h>

#include "base/macro.h"
#include "host/probe.h"

/* More page sizes than any architecture has. */
#define SIZES_MAX 16
/* One per page size is usual, and one per guest at most. */
#define MOUNTS_MAX 1024

/* "pagesize=2M" among the options; K and M are all the kernel prints [linux 6.12 fs/hugetlbfs/inode.c]. */
static bool
page_size(struct vc_span options, uint64_t *ret_bytes)
{
	const size_t prefix = strlen("pagesize=");
	struct vc_span option;
	uint64_t unit;

	while (vc_span_until(&options, ',', &option)) {
		if (!vc_span_starts(option, "pagesize=") || option.length == prefix)
			continue;
		unit = option.text[option.length - 1] == 'K'   ? UINT64_C(1) << 10
		       : option.text[option.length - 1] == 'M' ? UINT64_C(1) << 20
							       : 0;
		option.text += prefix;
		option.length -= prefix + 1;
		return unit && vc_span_number(option, VC_BASE_DEC, ret_bytes) == 0 &&
		       vc_mul(*ret_bytes, unit, ret_bytes) == 0;
	}
	return false;
}

static void
add_mount(struct vc_hostfs *fs, struct vc_host *host, struct vc_span directory, uint64_t bytes, const char *from)
{
	struct vc_arena *arena = vc_hostfs_arena(fs);
	_cleanup_buf_ struct vc_buf path = { 0 };
	struct vc_hugetlbfs *mount;

	if (host->hugetlbfs_mount.count == MOUNTS_MAX)
		return;
	mount = vc_list_append(arena, &host->hugetlbfs_mount, sizeof(*mount), from);
	vc_span_unescape(directory, &path);
	vc_set_text(&mount->path, vc_arena_strdup(arena, vc_buf_text(&path)), from);
	vc_set_number(&mount->size, bytes, from);
}

/* @directory is @path or above it. */
static bool
holds(struct vc_span directory, const char *path)
{
	if (vc_span_is(directory, "/"))
		return true;
	return strncmp(path, directory.text, directory.length) == 0 &&
	       (path[directory.length] == '/' || path[directory.length] == '\0');
}

void
vc_probe_mounts(struct vc_hostfs *fs, const struct vc_host_request *request _unused_, struct vc_host *host)
{
	struct vc_answer answer = vc_hostfs_read(fs, "/proc/mounts");
	const char *ram = vc_known(&host->memory_backing_dir.fact) ? host->memory_backing_dir.value : NULL;
	struct vc_span rest, line, directory, type, word, best = { .length = 0 },
							  best_type = vc_span_from("");
	struct vc_arena *arena = vc_hostfs_arena(fs);
	const char *size[SIZES_MAX];
	size_t sizes = 0;
	uint64_t bytes;

	if (!vc_known(&answer.fact)) {
		vc_set_unknown_like(&host->hugetlbfs.fact, &answer.fact);
		vc_set_unknown_like(&host->hugetlbfs_mount.fact, &answer.fact);
		vc_set_unknown_like(&host->memory_backing_filesystem.fact, &answer.fact);
		return;
	}
	host->hugetlbfs_mount.fact = (struct vc_fact){ .state = VC_KNOWN, .from = answer.fact.from };
	rest = vc_span_of(&answer);
	while (vc_span_line(&rest, &line)) {
		if (!vc_span_word(&line, &word) || !vc_span_word(&line, &directory) ||
		    !vc_span_word(&line, &type) || !vc_span_word(&line, &word))
			continue;
		if (vc_span_is(type, "hugetlbfs") && page_size(word, &bytes)) {
			if (sizes < SIZES_MAX)
				size[sizes++] = vc_arena_printf(arena, "%" PRIu64, bytes);
			add_mount(fs, host, directory, bytes, answer.fact.from);
		}
		/* What is mounted later lies on top. */
		if (ram && holds(directory, ram) && directory.length >= best.length) {
			best = directory;
			best_type = type;
		}
	}
	vc_set_set(arena, &host->hugetlbfs, size, sizes, answer.fact.from);
	if (!ram)
		vc_set_unknown_like(&host->memory_backing_filesystem.fact, &host->memory_backing_dir.fact);
	else if (best.length > 0)
		vc_set_text(&host->memory_backing_filesystem, vc_span_dup(arena, best_type),
			    answer.fact.from);
	else
		vc_set_unreadable(&host->memory_backing_filesystem.fact, VC_EGARBLED, answer.fact.from);
}
