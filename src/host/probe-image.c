/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files that domains start from: firmware, its variables, the disk that is started first. What they hold is
 * somebody else's, so that only what follows from it becomes an answer, and no byte of it gets into a
 * capture. Files that a running QEMU may write to are left alone, and so is whatever is no regular file.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/macro.h"
#include "host/disk-image.h"
#include "host/image-file.h"
#include "host/os.h"
#include "host/probe.h"
#include "host/reach.h"

/* Of the bytes QEMU locks, those that stand for writing, writing what is there already, and resizing
 * [qemu 10.0.13 block/file-posix.c RAW_LOCK_PERM_BASE, include/block/block-common.h BLK_PERM_WRITE]. Firmware
 * that all guests share is open for reading alone. */
#define LOCKS_START 101
#define LOCKS_SIZE 3
/* One who wants to write takes the first, and gives way to one who holds either: who writes, or who lets nobody write
 * [qemu 10.0.13 block/file-posix.c raw_check_lock_bytes, RAW_LOCK_SHARED_BASE]. */
#define LOCK_WRITES 101
#define LOCK_LETS_NOBODY_WRITE 201

struct looker {
	const char *path;
	struct vc_remote_mounts mounts;
};

static const char *
yes_or_no(bool flag)
{
	return flag ? "yes" : "no";
}

static int
describe(const struct looker *looker, int fd, uint64_t size, struct vc_buf *answer)
{
	struct vc_disk_image image;
	bool writes = false, refuses = false, locked;
	int r = vc_os_is_locked(fd, LOCKS_START, LOCKS_SIZE, &locked);

	if (r == 0)
		r = vc_os_is_locked(fd, LOCK_WRITES, 1, &writes);
	if (r == 0)
		r = vc_os_is_locked(fd, LOCK_LETS_NOBODY_WRITE, 1, &refuses);
	if (r < 0)
		return r;
	vc_buf_addf(answer, "size %" PRIu64 "\nin-use %s\nlocked %s\n", size, yes_or_no(locked),
		    yes_or_no(writes || refuses));
	if (locked)
		return 0;
	r = vc_disk_image_look(vc_image_read, &fd, &image);
	if (r < 0)
		return r;
	vc_buf_addf(answer, "format %s\n", image.qcow2 ? "qcow2" : "raw");
	if (image.sector == 0)
		vc_buf_addf(answer, "signature %s\nefi-layout %s\nboot-code %s\nuefi-notice %s\n",
			    yes_or_no(image.signature), yes_or_no(image.efi_layout),
			    yes_or_no(image.boot_code), yes_or_no(image.uefi_notice));
	if (image.qcow2)
		vc_image_chain(looker->path, fd, &looker->mounts, answer);
	else
		vc_buf_add(answer, "backing complete\n");
	return 0;
}

static int
ask_image(void *context, struct vc_buf *answer)
{
	struct looker *looker = context;
	struct vc_reach reach;
	uint64_t size = 0;
	int fd, r;

	vc_remote_mounts_read(&looker->mounts);
	/* What only looks like a path is the kernel's to judge. */
	r = vc_reach_look(looker->path, NULL, &looker->mounts, &reach);
	if (r == -EREMOTE)
		return r;
	fd = vc_image_open(looker->path, &size);
	if (fd < 0)
		return fd;
	r = describe(looker, fd, size, answer);
	close(fd);
	return r;
}

static const struct row {
	const char *key;
	size_t offset; /* of the flag in the record */
} flags[] = {
	{ "signature", offsetof(struct vc_host_image, signature) },
	{ "efi-layout", offsetof(struct vc_host_image, efi_layout) },
	{ "boot-code", offsetof(struct vc_host_image, boot_code) },
	{ "uefi-notice", offsetof(struct vc_host_image, uefi_notice) },
};

/* A capture leaves the name of the file out. */
static void
take_backing(struct vc_arena *arena, struct vc_host_image *image, struct vc_span word, struct vc_span name)
{
	const char *from = image->path.value;

	if (vc_span_is(word, "unknown")) {
		vc_set_unreadable(&image->backing_fault.fact, EOPNOTSUPP, from);
		vc_set_unreadable(&image->backing_file.fact, EOPNOTSUPP, from);
	} else if (vc_span_is(word, "complete")) {
		vc_set_absent(&image->backing_fault.fact, from);
		vc_set_absent(&image->backing_file.fact, from);
	} else if (vc_span_is(word, "missing") || vc_span_is(word, "unformatted")) {
		vc_set_text(&image->backing_fault, vc_span_dup(arena, word), from);
		vc_set_text(&image->backing_file, name.length > 0 ? vc_span_dup(arena, name) : "(not recorded)", from);
	}
}

static void
take_line(struct vc_arena *arena, struct vc_host_image *image, struct vc_span line)
{
	struct vc_span key, value;
	const char *from = image->path.value;
	uint64_t number;

	if (!vc_span_word(&line, &key) || !vc_span_word(&line, &value))
		return;
	if (vc_span_is(key, "size") && vc_span_number(value, VC_BASE_DEC, &number) == 0)
		vc_set_number(&image->size, number, from);
	else if (vc_span_is(key, "format"))
		vc_set_text(&image->format, vc_span_dup(arena, value), from);
	else if (vc_span_is(key, "in-use"))
		vc_set_flag(&image->in_use, vc_span_is(value, "yes"), from);
	else if (vc_span_is(key, "locked"))
		vc_set_flag(&image->locked, vc_span_is(value, "yes"), from);
	else if (vc_span_is(key, "backing"))
		take_backing(arena, image, value, vc_span_trim(line));
	for (size_t i = 0; i < VC_COUNT(flags); i++) {
		if (vc_span_is(key, flags[i].key))
			vc_set_flag((void *)((char *)image + flags[i].offset), vc_span_is(value, "yes"),
				    from);
	}
}

/* What the answer does not say: in use, or stored in a way that is not followed. */
static void
fill_gaps(struct vc_host_image *image, const struct vc_fact *answer)
{
	struct vc_fact *const contents[] = {
		&image->format.fact,    &image->signature.fact,   &image->efi_layout.fact,
		&image->boot_code.fact, &image->uefi_notice.fact,
	};
	/* Captures of earlier versions do not say anything of these. */
	struct vc_fact *const recent[] = {
		&image->locked.fact,
		&image->backing_fault.fact,
		&image->backing_file.fact,
	};
	bool busy = vc_known(&image->in_use.fact) && image->in_use.value;
	struct vc_fact cause = *answer;

	cause.from = image->path.value;
	if (!vc_known(answer)) {
		vc_set_unknown_like(&image->size.fact, &cause);
		vc_set_unknown_like(&image->in_use.fact, &cause);
	} else if (!vc_known(&image->size.fact) || !vc_known(&image->in_use.fact)) {
		vc_set_unreadable(&image->size.fact, VC_EGARBLED, cause.from);
		vc_set_unreadable(&image->in_use.fact, VC_EGARBLED, cause.from);
	}
	for (size_t i = 0; i < VC_COUNT(contents); i++) {
		if (vc_known(contents[i]))
			continue;
		if (vc_known(answer))
			vc_set_unreadable(contents[i], busy ? EBUSY : EOPNOTSUPP, cause.from);
		else if (cause.state == VC_ABSENT)
			/* A file that is not there has no contents that could be absent. */
			vc_set_unreadable(contents[i], ENOENT, cause.from);
		else
			vc_set_unknown_like(contents[i], &cause);
	}
	for (size_t i = 0; i < VC_COUNT(recent); i++) {
		if (recent[i]->state != VC_UNREAD)
			continue;
		if (vc_known(answer))
			vc_set_unreadable(recent[i], busy ? EBUSY : VC_ENOTCOLLECTED, cause.from);
		else if (cause.state == VC_ABSENT)
			vc_set_unreadable(recent[i], ENOENT, cause.from);
		else
			vc_set_unknown_like(recent[i], &cause);
	}
}

void
vc_probe_image(struct vc_hostfs *fs, const struct vc_host_request *request, struct vc_host *host)
{
	struct vc_arena *arena = vc_hostfs_arena(fs);
	struct looker looker = { .path = NULL };

	host->image.fact = (struct vc_fact){ .state = VC_KNOWN, .from = "the images that were asked for" };
	for (size_t i = 0; i < request->images; i++) {
		char *path = vc_arena_strdup(arena, request->image[i]);
		struct vc_host_image *image;
		struct vc_answer answer;
		struct vc_span rest, line;

		if (path[0] != '/' || vc_host_find_image(host, path))
			continue;
		image = vc_list_append(arena, &host->image, sizeof(*image), host->image.fact.from);
		vc_set_text(&image->path, path, "the domain");
		looker.path = path;
		answer = vc_hostfs_ask(fs, vc_path_answer(arena, "image", path), ask_image, &looker);
		rest = vc_known(&answer.fact) ? vc_span_of(&answer) : vc_span_from("");
		while (vc_span_line(&rest, &line))
			take_line(arena, image, line);
		fill_gaps(image, &answer.fact);
	}
	vc_remote_mounts_release(&looker.mounts);
}
