/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files that domains start from: firmware, its variables, the disk that is started first. What they hold is
 * somebody else's, so that only what follows from it becomes an answer, and no byte of it gets into a
 * capture. Files that a running QEMU may write to are left alone, and so is whatever is no regular file.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/macro.h"
#include "host/disk-image.h"
#include "host/os.h"
#include "host/probe.h"

/* Of the bytes QEMU locks, those that stand for writing, writing what is there already, and resizing
 * [qemu 10.0.13 block/file-posix.c RAW_LOCK_PERM_BASE, include/block/block-common.h BLK_PERM_WRITE]. Firmware
 * that all guests share is open for reading alone. */
#define LOCKS_START 101
#define LOCKS_SIZE 3

static int
read_file(void *context, uint64_t offset, void *buffer, size_t size)
{
	const int *fd = context;
	ssize_t n;

	if (offset > INT64_MAX - size)
		return -EBADMSG;
	n = pread(*fd, buffer, size, (off_t)offset);
	if (n < 0)
		return -errno;
	return (size_t)n == size ? 0 : -EBADMSG;
}

static const char *
yes_or_no(bool flag)
{
	return flag ? "yes" : "no";
}

static int
describe(int fd, uint64_t size, struct vc_buf *answer)
{
	struct vc_disk_image image;
	bool locked;
	int r = vc_os_is_locked(fd, LOCKS_START, LOCKS_SIZE, &locked);

	if (r < 0)
		return r;
	vc_buf_addf(answer, "size %" PRIu64 "\nin-use %s\n", size, yes_or_no(locked));
	if (locked)
		return 0;
	r = vc_disk_image_look(read_file, &fd, &image);
	if (r < 0)
		return r;
	vc_buf_addf(answer, "format %s\n", image.qcow2 ? "qcow2" : "raw");
	if (image.sector == 0)
		vc_buf_addf(answer, "signature %s\nefi-layout %s\nboot-code %s\nuefi-notice %s\n",
			    yes_or_no(image.signature), yes_or_no(image.efi_layout),
			    yes_or_no(image.boot_code), yes_or_no(image.uefi_notice));
	return 0;
}

/* Looked at before it is opened: opening a device can do something, and a pipe can make one wait. */
static int
ask_image(void *context, struct vc_buf *answer)
{
	const char *path = context;
	struct stat st;
	int handle = vc_os_open_handle(path, 0), fd, r;

	if (handle < 0)
		return handle;
	if (fstat(handle, &st) < 0) {
		r = -errno;
	} else if (!S_ISREG(st.st_mode)) {
		r = -EOPNOTSUPP;
	} else {
		fd = vc_os_reopen(handle);
		r = fd < 0 ? fd : describe(fd, (uint64_t)st.st_size, answer);
		if (fd >= 0)
			close(fd);
	}
	close(handle);
	return r;
}

/* The answer's name in a capture tells nothing of the path: FNV-1a [RFC 9923 2]. */
static const char *
answer_name(struct vc_arena *arena, const char *path)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (; *path; path++)
		hash = (hash ^ (unsigned char)*path) * UINT64_C(0x100000001b3);
	return vc_arena_printf(arena, "image/%016" PRIx64, hash);
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
			vc_set_unreadable(contents[i],
					  vc_known(&image->in_use.fact) && image->in_use.value ? EBUSY
											       : EOPNOTSUPP,
					  cause.from);
		else if (cause.state == VC_ABSENT)
			/* A file that is not there has no contents that could be absent. */
			vc_set_unreadable(contents[i], ENOENT, cause.from);
		else
			vc_set_unknown_like(contents[i], &cause);
	}
}

void
vc_probe_image(struct vc_hostfs *fs, const struct vc_host_request *request, struct vc_host *host)
{
	struct vc_arena *arena = vc_hostfs_arena(fs);

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
		answer = vc_hostfs_ask(fs, answer_name(arena, path), ask_image, path);
		rest = vc_known(&answer.fact) ? vc_span_of(&answer) : vc_span_from("");
		while (vc_span_line(&rest, &line))
			take_line(arena, image, line);
		fill_gaps(image, &answer.fact);
	}
}
