/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/attributes.h"
#include "cli/cli.h"
#include "cli/input.h"
#include "cli/sink.h"

enum vc_exit
vc_output_problem(const char *file, int err)
{
	if (file && strcmp(file, "-") != 0)
		vc_print_problem("%s: cannot be written: %s", file, strerror(-err));
	else
		vc_print_problem("cannot write the result: %s", strerror(-err));
	return VC_EXIT_INPUT;
}

enum vc_exit
vc_output_write(const struct vc_options *options, const struct vc_buf *text)
{
	struct vc_sink sink;
	int r = vc_sink_open(options->output, &sink);

	if (r == 0) {
		vc_sink_write(&sink, text);
		r = vc_sink_close(&sink, true);
	}
	return r < 0 ? vc_output_problem(options->output, r) : VC_EXIT_OK;
}

/* --- in place --- */

/* Owner, mode and extended attributes are those of @of. */
static int
make_alike(int fd, const char *of, const struct stat *st)
{
	/* The owner first: giving a file away takes its set-user-id bit. An access control list is part of the mode. */
	if (fchown(fd, st->st_uid, st->st_gid) < 0 || fchmod(fd, st->st_mode & 07777) < 0)
		return -errno;
	return vc_copy_attributes(of, fd);
}

/* A file beside @path, like it but for its content; its name in *ret_name. */
static int
write_beside(const char *path, const struct stat *st, const char *text, size_t size, struct vc_buf *ret_name)
{
	int fd, r;

	vc_buf_addf(ret_name, "%s.XXXXXX", path);
	fd = mkostemp(ret_name->text, O_CLOEXEC);
	if (fd < 0) {
		r = -errno;
		vc_buf_release(ret_name);
		return r;
	}
	r = make_alike(fd, path, st);
	if (r == 0)
		r = vc_write_all(fd, text, size);
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
