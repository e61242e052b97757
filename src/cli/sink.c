/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int
vc_write_all(int fd, const char *text, size_t length)
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

/* The name by which a file without one can be linked; needs /proc. */
static void
name_of_descriptor(int fd, char name[32])
{
	snprintf(name, 32, "/proc/self/fd/%d", fd);
}

/* A file that nobody sees until it is whole, and that an interrupted run leaves no trace of. */
static int
open_nameless(const char *path)
{
	_cleanup_free_ char *copy = strdup(path);
	char name[32];
	int fd = copy ? open(dirname(copy), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600) : -1;

	if (fd < 0)
		return -1;
	name_of_descriptor(fd, name);
	if (access(name, F_OK) == 0)
		return fd;
	close(fd);
	return -1;
}

static int
open_temporary(struct vc_sink *sink)
{
	if (asprintf(&sink->temporary, "%s.XXXXXX", sink->path) < 0) {
		sink->temporary = NULL;
		return -ENOMEM;
	}
	sink->fd = mkostemp(sink->temporary, O_CLOEXEC);
	return sink->fd < 0 ? -errno : 0;
}

/* A file that will take the place of the path, with this mode. */
static int
open_replacement(struct vc_sink *sink, mode_t mode)
{
	int r = 0;

	sink->fd = open_nameless(sink->path);
	if (sink->fd < 0)
		r = open_temporary(sink);
	if (r == 0 && fchmod(sink->fd, mode) < 0) {
		r = -errno;
		close(sink->fd);
		if (sink->temporary)
			unlink(sink->temporary);
	}
	return r;
}

/* A pipe, a terminal or /dev/null is written to as it is: renaming over it would replace it. */
static int
open_special(struct vc_sink *sink)
{
	sink->fd = open(sink->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	free(sink->path);
	sink->path = NULL;
	return sink->fd < 0 ? -errno : 0;
}

static int
open_file(const char *file, struct vc_sink *sink)
{
	char *resolved = realpath(file, NULL);
	mode_t mask = umask(0);
	struct stat st;

	umask(mask);
	/* A link stays a link: what it points to is replaced. */
	sink->path = resolved ? resolved : strdup(file);
	if (!sink->path)
		return -ENOMEM;
	if (stat(sink->path, &st) < 0)
		return open_replacement(sink, 0666 & ~mask);
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	/* What was not for everybody to read still is not. */
	return S_ISREG(st.st_mode) ? open_replacement(sink, st.st_mode & 0777) : open_special(sink);
}

static void
release(struct vc_sink *sink)
{
	free(sink->path);
	free(sink->temporary);
	sink->path = sink->temporary = NULL;
}

int
vc_sink_open(const char *file, struct vc_sink *ret_sink)
{
	struct vc_sink sink = { .fd = STDOUT_FILENO };
	int r = 0;

	if (file && strcmp(file, "-") != 0) {
		sink.name = file;
		r = open_file(file, &sink);
	}
	if (r < 0)
		release(&sink);
	else
		*ret_sink = sink;
	return r;
}

int
vc_sink_write(struct vc_sink *sink, const struct vc_buf *text)
{
	if (sink->err == 0 && text->length > 0)
		sink->err = vc_write_all(sink->fd, text->text, text->length);
	return sink->err;
}

/* A name beside the path for a file that has none. */
static int
link_nameless(struct vc_sink *sink)
{
	char name[32];

	name_of_descriptor(sink->fd, name);
	for (unsigned attempt = 0; attempt < 100; attempt++) {
		if (asprintf(&sink->temporary, "%s.%d-%u", sink->path, (int)getpid(), attempt) < 0) {
			sink->temporary = NULL;
			return -ENOMEM;
		}
		if (linkat(AT_FDCWD, name, AT_FDCWD, sink->temporary, AT_SYMLINK_FOLLOW) == 0)
			return 0;
		free(sink->temporary);
		sink->temporary = NULL;
		if (errno != EEXIST)
			return -errno;
	}
	return -EEXIST;
}

static int
replace(struct vc_sink *sink)
{
	int r = fsync(sink->fd) < 0 ? -errno : 0;

	if (r == 0 && !sink->temporary)
		r = link_nameless(sink);
	if (r == 0 && rename(sink->temporary, sink->path) < 0)
		r = -errno;
	return r;
}

int
vc_sink_close(struct vc_sink *sink, bool keep)
{
	int r = sink->err;
	bool kept = keep && r == 0;

	if (sink->path && kept)
		r = replace(sink);
	if (sink->temporary && (!kept || r < 0))
		unlink(sink->temporary);
	if (sink->name && close(sink->fd) < 0 && r == 0)
		r = -errno;
	release(sink);
	return r;
}
