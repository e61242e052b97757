/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/site-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static inline void
close_fd(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

int
vc_read_all(int fd, char *text, size_t room, size_t *ret_size)
{
	size_t size = 0;

	while (size < room) {
		ssize_t n = read(fd, text + size, room - size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		size += (size_t)n;
	}
	*ret_size = size;
	return 0;
}

int
vc_site_file_read(int dir, const char *name, size_t max, const char **ret_why, struct stat *ret_stat,
		  char **ret_text, size_t *ret_size)
{
	/* Not blocking, so that a FIFO is refused instead of waited for. */
	_cleanup_(close_fd) int fd =
		openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	_cleanup_free_ char *text = NULL;
	int r;

	if (fd < 0) {
		*ret_why = errno == ELOOP ? "a link; only plain files are read" : strerror(errno);
		return -errno;
	}
	if (fstat(fd, ret_stat) < 0 || !S_ISREG(ret_stat->st_mode)) {
		*ret_why = "not a plain file";
		return -EINVAL;
	}
	text = malloc(max + 1);
	if (!text) {
		*ret_why = "out of memory";
		return -ENOMEM;
	}
	r = vc_read_all(fd, text, max + 1, ret_size);
	if (r < 0) {
		*ret_why = strerror(-r);
		return r;
	}
	*ret_text = text;
	text = NULL;
	return 0;
}
