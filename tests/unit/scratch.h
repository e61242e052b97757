/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A directory of its own for a test, filled by path and removed afterwards. */
#pragma once

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct scratch {
	char path[256];
};

static inline void
scratch_make(struct scratch *scratch)
{
	const char *base = getenv("TMPDIR");

	snprintf(scratch->path, sizeof(scratch->path), "%s/vhostcheck-test-XXXXXX",
		 base && *base ? base : "/tmp");
	assert_non_null(mkdtemp(scratch->path));
}

static inline int
scratch_remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static inline void
scratch_remove(struct scratch *scratch)
{
	nftw(scratch->path, scratch_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* "DIR/name", with the directories above it; one of a few buffers, used in turn. */
static inline const char *
scratch_path(const struct scratch *scratch, const char *name)
{
	static char buffer[8][4096];
	static unsigned turn;
	char *path = buffer[turn++ % 8];

	snprintf(path, sizeof(buffer[0]), "%s/%s", scratch->path, name);
	for (char *slash = path + strlen(scratch->path) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(path, 0755);
		*slash = '/';
	}
	return path;
}

static inline void
scratch_bytes(const struct scratch *scratch, const char *name, const void *data, size_t size)
{
	int fd = open(scratch_path(scratch, name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, size), (ssize_t)size);
	close(fd);
}

static inline void
scratch_file(const struct scratch *scratch, const char *name, const char *text)
{
	scratch_bytes(scratch, name, text, strlen(text));
}

static inline void
scratch_directory(const struct scratch *scratch, const char *name)
{
	assert_int_equal(mkdir(scratch_path(scratch, name), 0755), 0);
}

static inline void
scratch_link(const struct scratch *scratch, const char *name, const char *target)
{
	assert_int_equal(symlink(target, scratch_path(scratch, name)), 0);
}
