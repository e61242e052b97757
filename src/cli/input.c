/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"

static void
close_fd(int *fd)
{
	if (*fd > STDERR_FILENO)
		close(*fd);
}

static int
read_all(int fd, struct vc_buf *buf)
{
	char chunk[65536];

	for (;;) {
		ssize_t got = read(fd, chunk, sizeof(chunk));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			return 0;
		if (buf->length + (size_t)got > VC_INPUT_MAX)
			return -EFBIG;
		vc_buf_add_n(buf, chunk, (size_t)got);
	}
}

int
vc_input_read(const char *file, struct vc_arena *arena, struct vc_diags *diags, const char **ret_text,
	      size_t *ret_size)
{
	_cleanup_(close_fd) int fd = STDIN_FILENO;
	_cleanup_buf_ struct vc_buf buf = { 0 };
	struct stat st;
	int r;

	if (strcmp(file, "-") != 0) {
		fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
		if (fd < 0) {
			r = -errno;
			vc_diag_add(diags, file, 0, "%s", strerror(-r));
			return r;
		}
	}
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		vc_diag_add(diags, file, 0, "is a directory");
		return -EISDIR;
	}
	r = read_all(fd, &buf);
	if (r == -EFBIG)
		vc_diag_add(diags, file, 0, "is larger than 16 MiB");
	else if (r < 0)
		vc_diag_add(diags, file, 0, "%s", strerror(-r));
	if (r < 0)
		return r;
	if (buf.length == 0) {
		vc_diag_add(diags, file, 0, "is empty");
		return -ENODATA;
	}
	*ret_text = vc_arena_strndup(arena, buf.text, buf.length);
	*ret_size = buf.length;
	return 0;
}
