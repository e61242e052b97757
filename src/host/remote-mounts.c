/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/remote-mounts.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* More than a page per mount of a large server. */
#define TEXT_MAX ((size_t)4 * 1024 * 1024)

/* Automatic mounts are made by the look at them. */
static const char *const types[] = {
	"9p",         "afs",       "autofs",         "beegfs",      "ceph",
	"cifs",       "fuse.ceph", "fuse.glusterfs", "fuse.rclone", "fuse.s3fs",
	"fuse.sshfs", "glusterfs", "gpfs",           "lustre",      "nfs",
	"nfs4",       "orangefs",  "smb3",           "smbfs",
};

static bool
is_remote(struct vc_span type)
{
	for (size_t i = 0; i < VC_COUNT(types); i++) {
		if (vc_span_is(type, types[i]))
			return true;
	}
	return false;
}

void
vc_remote_mounts_parse(struct vc_span text, struct vc_remote_mounts *mounts)
{
	struct vc_span line, device, directory, type;

	while (vc_span_line(&text, &line)) {
		if (!vc_span_word(&line, &device) || !vc_span_word(&line, &directory) ||
		    !vc_span_word(&line, &type) || !is_remote(type))
			continue;
		vc_span_unescape(directory, &mounts->names);
		vc_buf_add_n(&mounts->names, "", 1);
	}
}

void
vc_remote_mounts_read(struct vc_remote_mounts *mounts)
{
	_cleanup_buf_ struct vc_buf text = { 0 };
	char chunk[4096];
	ssize_t n = -1;
	int fd;

	if (mounts->read)
		return;
	mounts->read = true;
	fd = open("/proc/self/mounts", O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && text.length < TEXT_MAX && (n = read(fd, chunk, sizeof(chunk))) > 0)
		vc_buf_add_n(&text, chunk, (size_t)n);
	if (fd >= 0)
		close(fd);
	vc_remote_mounts_parse((struct vc_span){ .text = vc_buf_text(&text), .length = text.length }, mounts);
}

void
vc_remote_mounts_release(struct vc_remote_mounts *mounts)
{
	vc_buf_release(&mounts->names);
}

bool
vc_is_remote_mount(const struct vc_remote_mounts *mounts, const char *path)
{
	const char *name = vc_buf_text(&mounts->names);

	for (const char *end = name + mounts->names.length; name < end; name += strlen(name) + 1) {
		if (strcmp(name, path) == 0)
			return true;
	}
	return false;
}
