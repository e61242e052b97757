/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Logs as people have them, made comparable: colours, carriage returns and NUL bytes gone, runs of blanks one blank,
 * typographic quotes plain ones. Works on what arrives, in the memory of one line, however long a line is.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of a line that is longer, pieces are looked at, each beginning with the last bytes of the one before. */
#define VC_LINE_MAX ((size_t)16 * 1024)
#define VC_LINE_OVERLAP ((size_t)2 * 1024)

struct vc_log_piece {
	const char *text; /* NUL-terminated, no NUL inside */
	size_t length;
	size_t old;	/* so many bytes at its beginning were part of the piece before */
	uint64_t line;	/* counted from 1 */
	bool last;	/* the line ends here */
};
typedef void (*vc_log_piece_fn)(void *context, const struct vc_log_piece *piece);

struct vc_log_lines {
	vc_log_piece_fn take;
	void *context;
	uint64_t line; /* complete ones */
	uint64_t bytes;
	int state;     /* inside an escape sequence */
	size_t escape; /* bytes of it so far */
	bool begun;    /* something of the line was read, be it nothing that is kept */
	size_t used, old;
	char text[VC_LINE_MAX + 1];
};

void vc_log_lines_init(struct vc_log_lines *lines, vc_log_piece_fn take, void *context);
void vc_log_lines_feed(struct vc_log_lines *lines, const char *data, size_t size);
/* What stands behind the last line end is a line too. */
void vc_log_lines_end(struct vc_log_lines *lines);
