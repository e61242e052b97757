/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/input.h"

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

/* --- in place --- */

/* A file beside @path with this content, owner and mode; its name in *ret_name. */
static int
write_beside(const char *path, const struct stat *st, const char *text, size_t size, struct vc_buf *ret_name)
{
	int fd, r = 0;

	vc_buf_addf(ret_name, "%s.XXXXXX", path);
	fd = mkostemp(ret_name->text, O_CLOEXEC);
	if (fd < 0) {
		r = -errno;
		vc_buf_release(ret_name);
		return r;
	}
	/* The owner first: giving a file away takes its set-user-id bit. */
	if (fchown(fd, st->st_uid, st->st_gid) < 0 || fchmod(fd, st->st_mode & 07777) < 0)
		r = -errno;
	if (r == 0)
		r = write_all(fd, text, size);
	if (r == 0 && fsync(fd) < 0)
		r = -errno;
	if (close(fd) < 0 && r == 0)
		r = -errno;
	if (r < 0) {
		unlink(ret_name->text);
		vc_buf_release(ret_name);
	}
	return r;
}

/*
 * A link is refused: in a directory that somebody else can write to it would lead root to any file. So is a file with
 * several names, of which the others would keep the old text. NULL if there is nothing against it.
 */
static const char *
why_not_in_place(const char *file, struct stat *ret_st)
{
	if (lstat(file, ret_st) < 0)
		return "is gone";
	if (S_ISLNK(ret_st->st_mode))
		return "is a symbolic link; name the file itself";
	if (!S_ISREG(ret_st->st_mode))
		return "is no regular file";
	if (ret_st->st_nlink > 1)
		return "has several names (hard links), and the others would keep the old text";
	return NULL;
}

/* Between reading and writing somebody may have changed it. */
static bool
still_holds(const char *file, const char *old, size_t old_size)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	struct vc_diags diags = { .arena = arena };
	const char *text;
	size_t size;

	return vc_input_read(file, arena, &diags, &text, &size) == 0 && size == old_size &&
	       memcmp(text, old, size) == 0;
}

enum vc_exit
vc_output_replace(const char *file, const char *old, size_t old_size, const char *text, size_t size)
{
	_cleanup_buf_ struct vc_buf backup = { 0 }, new_name = { 0 }, old_name = { 0 };
	struct stat st;
	const char *why = why_not_in_place(file, &st);
	int r;

	if (!why && !still_holds(file, old, old_size))
		why = "was changed by somebody else meanwhile";
	if (why) {
		vc_print_problem("%s: is not changed: it %s", file, why);
		return VC_EXIT_INPUT;
	}
	vc_buf_addf(&backup, "%s~", file);
	r = write_beside(file, &st, text, size, &new_name);
	if (r == 0)
		r = write_beside(file, &st, old, old_size, &old_name);
	if (r == 0 && rename(old_name.text, vc_buf_text(&backup)) < 0)
		r = -errno;
	if (r == 0) {
		/* From here on the temporary name is gone. */
		vc_buf_release(&old_name);
		if (rename(new_name.text, file) < 0)
			r = -errno;
	}
	if (r == 0)
		return VC_EXIT_OK;
	if (old_name.text)
		unlink(old_name.text);
	if (new_name.text)
		unlink(new_name.text);
	vc_print_problem("%s: is not changed: %s", file, strerror(-r));
	return VC_EXIT_INPUT;
}
