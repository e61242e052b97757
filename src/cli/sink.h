/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a result goes, piece by piece: standard output, or a file that is replaced as a whole at the end or
 * stays as it was.
 */
#pragma once

#include <stdbool.h>

#include "base/buf.h"

struct vc_sink {
	const char *name; /* as the user named it; NULL: standard output */
	char *path;       /* what will be replaced; NULL: what is written to as it is */
	char *temporary;  /* beside it; NULL: the file has no name yet */
	int fd;
	int err; /* the first negative errno; nothing is written after it */
};

/* @file NULL or "-": standard output. Negative errno. */
int vc_sink_open(const char *file, struct vc_sink *ret_sink) _must_check_;
/* Writes all of @text. Negative errno, also that of an earlier call. */
int vc_sink_write(struct vc_sink *sink, const struct vc_buf *text);
/* Ends it; without @keep what a file held stays. Negative errno, also that of an earlier call. */
int vc_sink_close(struct vc_sink *sink, bool keep);

/* All of it, whatever the descriptor makes of blocking. Negative errno. */
int vc_write_all(int fd, const char *text, size_t length) _must_check_;
