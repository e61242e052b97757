/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

static int
write_all(int fd, const char *text, size_t length)
{
	while (length > 0) {
		ssize_t wrote = write(fd, text, length);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote < 0 && errno == EAGAIN) {
			/* Whoever gave us the pipe made it non-blocking. */
			struct pollfd ready = { .fd = fd, .events = POLLOUT };

			if (poll(&ready, 1, -1) < 0 && errno != EINTR)
				return -errno;
			continue;
		}
		if (wrote < 0)
			return -errno;
		text += wrote;
		length -= (size_t)wrote;
	}
	return 0;
}

/* A pipe, a terminal or /dev/null is written to as it is: renaming over it would replace it. */
static int
write_existing(const char *path, const struct vc_buf *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	int r;

	if (fd < 0)
		return -errno;
	r = write_all(fd, vc_buf_text(text), text->length);
	if (close(fd) < 0 && r == 0)
		r = -errno;
	return r;
}

static int
write_temporary(int fd, const char *temporary, const char *path, const struct vc_buf *text)
{
	int r = write_all(fd, vc_buf_text(text), text->length);
	mode_t mask = umask(0);

	umask(mask);
	/* mkostemp() makes files for their owner alone; a report is an ordinary file. */
	if (r == 0 && fchmod(fd, 0666 & ~mask) < 0)
		r = -errno;
	if (r == 0 && fsync(fd) < 0)
		r = -errno;
	if (close(fd) < 0 && r == 0)
		r = -errno;
	if (r == 0 && rename(temporary, path) < 0)
		r = -errno;
	if (r < 0)
		unlink(temporary);
	return r;
}

static int
write_file(const char *path, const struct vc_buf *text)
{
	_cleanup_free_ char *resolved = realpath(path, NULL);
	_cleanup_buf_ struct vc_buf temporary = { 0 };
	struct stat st;
	int fd;

	/* A link stays a link: what it points to is replaced. */
	if (resolved)
		path = resolved;
	if (stat(path, &st) == 0) {
		if (S_ISDIR(st.st_mode))
			return -EISDIR;
		if (!S_ISREG(st.st_mode))
			return write_existing(path, text);
	}
	vc_buf_addf(&temporary, "%s.XXXXXX", path);
	fd = mkostemp(temporary.text, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	return write_temporary(fd, temporary.text, path, text);
}

enum vc_exit
vc_output_write(const struct vc_options *options, const struct vc_buf *text)
{
	int r;

	if (options->output && strcmp(options->output, "-") != 0) {
		r = write_file(options->output, text);
		if (r < 0)
			vc_print_problem("%s: cannot be written: %s", options->output, strerror(-r));
	} else {
		r = write_all(STDOUT_FILENO, vc_buf_text(text), text->length);
		if (r < 0)
			vc_print_problem("cannot write the result: %s", strerror(-r));
	}
	return r < 0 ? VC_EXIT_INPUT : VC_EXIT_OK;
}
