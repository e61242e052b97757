/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/image-file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/disk-image.h"
#include "host/os.h"
#include "host/reach.h"

/* [libvirt 11.3 src/qemu/qemu_domain.h QEMU_DOMAIN_STORAGE_SOURCE_CHAIN_MAX_DEPTH is 200]; nobody has so
 * many. */
#define LEVELS_MAX 32

int
vc_image_read(void *context, uint64_t offset, void *buffer, size_t size)
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

int
vc_image_open(const char *path, uint64_t *ret_size)
{
	struct stat st;
	int handle = vc_os_open_handle(path, 0), fd;

	if (handle < 0)
		return handle;
	if (fstat(handle, &st) < 0) {
		fd = -errno;
	} else if (!S_ISREG(st.st_mode)) {
		fd = -EOPNOTSUPP;
	} else {
		fd = vc_os_reopen(handle);
		*ret_size = (uint64_t)st.st_size;
	}
	close(handle);
	return fd;
}

/* Where @name, in the image at @path, is. False: not a path that can be looked at. */
static bool
find_backing(const char *path, const char *name, struct vc_buf *ret_path)
{
	const char *colon = strchr(name, ':'), *slash = strchr(name, '/'), *end = strrchr(path, '/');

	if (strpbrk(name, "\r\n"))
		return false;
	/* A protocol, or JSON [qemu 10.0.13 block.c path_has_protocol]. */
	if (colon && (!slash || colon < slash)) {
		if (strncmp(name, "file:", strlen("file:")) != 0)
			return false;
		name += strlen("file:");
	}
	if (name[0] != '/' && end)
		vc_buf_add_n(ret_path, path, (size_t)(end - path) + 1);
	vc_buf_add(ret_path, name);
	return true;
}

/*
 * The file that @backing, of the image at @path, names. True: it is on top of another, ret_next, and is at
 * @next itself; false: the chain ends there, and @answer says how.
 */
static bool
follow_chain(const struct vc_remote_mounts *mounts, const char *path, const struct vc_disk_backing *backing,
	     struct vc_disk_backing *ret_next, struct vc_buf *next, struct vc_buf *answer)
{
	struct vc_reach reach;
	uint64_t size;
	int fd, r;

	if (!find_backing(path, backing->name, next) ||
	    vc_reach_look(vc_buf_text(next), NULL, mounts, &reach) < 0) {
		vc_buf_add(answer, "backing unknown\n");
		return false;
	}
	if (!reach.exists) {
		vc_buf_addf(answer, "backing missing %s\n", vc_buf_text(next));
		return false;
	}
	if ((backing->formatted && !backing->qcow2) || !S_ISREG(reach.st.st_mode)) {
		vc_buf_add(answer, "backing complete\n");
		return false;
	}
	fd = vc_image_open(vc_buf_text(next), &size);
	r = fd < 0 ? fd : vc_disk_image_backing(vc_image_read, &fd, ret_next);
	if (fd >= 0)
		close(fd);
	if (r < 0 || !ret_next->name[0]) {
		/* What is no qcow2 image is on top of nothing. */
		vc_buf_add(answer, r < 0 && r != -EBADMSG ? "backing unknown\n" : "backing complete\n");
		return false;
	}
	if (!backing->formatted) {
		vc_buf_addf(answer, "backing unformatted %s\n", vc_buf_text(next));
		return false;
	}
	return true;
}

void
vc_image_chain(const char *image, int fd, const struct vc_remote_mounts *mounts, struct vc_buf *answer)
{
	struct vc_disk_backing backing, next_backing = { .name = "" };
	_cleanup_buf_ struct vc_buf path = { 0 };

	if (vc_disk_image_backing(vc_image_read, &fd, &backing) < 0) {
		vc_buf_add(answer, "backing unknown\n");
		return;
	}
	if (!backing.name[0]) {
		vc_buf_add(answer, "backing complete\n");
		return;
	}
	vc_buf_add(&path, image);
	for (size_t level = 0; level < LEVELS_MAX; level++) {
		_cleanup_buf_ struct vc_buf next = { 0 };

		if (!follow_chain(mounts, vc_buf_text(&path), &backing, &next_backing, &next, answer))
			return;
		vc_buf_release(&path);
		path = next;
		next = (struct vc_buf){ 0 };
		backing = next_backing;
	}
	vc_buf_add(answer, "backing unknown\n");
}
