/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "diagnose/lines.h"

#include <string.h>

/* Escape sequences [ECMA-48 5.4, 5.6]; one that does not end is given up at the line end, or after so many bytes. */
enum { PLAIN, ESCAPE, CONTROL, STRING, STRING_ESCAPE };
#define ESCAPE_MAX 256

void
vc_log_lines_init(struct vc_log_lines *lines, vc_log_piece_fn take, void *context)
{
	lines->take = take;
	lines->context = context;
	lines->line = 0;
	lines->bytes = 0;
	lines->state = PLAIN;
	lines->escape = 0;
	lines->begun = false;
	lines->used = 0;
	lines->old = 0;
}

static void
hand_over(struct vc_log_lines *lines, bool last)
{
	struct vc_log_piece piece = {
		.text = lines->text,
		.length = lines->used,
		.old = lines->old,
		.line = lines->line + 1,
		.last = last,
	};

	lines->text[lines->used] = '\0';
	lines->take(lines->context, &piece);
}

static void
end_line(struct vc_log_lines *lines)
{
	if (lines->used > 0 && lines->text[lines->used - 1] == ' ' && lines->used > lines->old)
		lines->used--;
	hand_over(lines, true);
	lines->line++;
	lines->used = 0;
	lines->old = 0;
	lines->state = PLAIN;
	lines->begun = false;
}

static bool
ends_with(const struct vc_log_lines *lines, const char *bytes, size_t count)
{
	return lines->used >= count && memcmp(lines->text + lines->used - count, bytes, count) == 0;
}

/* Quotes that a word processor or a forum put in the place of the plain ones, and blanks that do not break. */
static void
plain_quotes(struct vc_log_lines *lines)
{
	static const struct {
		const char *bytes, plain;
	} table[] = {
		{ "\xe2\x80\x98", '\'' }, { "\xe2\x80\x99", '\'' }, { "\xe2\x80\x9c", '"' },
		{ "\xe2\x80\x9d", '"' },  { "\xc2\xa0", ' ' },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		size_t count = strlen(table[i].bytes);

		if (!ends_with(lines, table[i].bytes, count))
			continue;
		lines->used -= count;
		lines->text[lines->used++] = table[i].plain;
		return;
	}
}

static void
keep(struct vc_log_lines *lines, char byte)
{
	bool blank = byte == ' ' || byte == '\t' || byte == '\r' || byte == '\v' || byte == '\f';

	if (byte == '\0')
		return;
	if (blank && (lines->used == 0 || lines->text[lines->used - 1] == ' '))
		return;
	/* A message quoted in JSON, as the monitor and journalctl -o json have it. */
	if (byte == '"' && ends_with(lines, "\\", 1))
		lines->used--;
	if (lines->used == VC_LINE_MAX) {
		hand_over(lines, false);
		memmove(lines->text, lines->text + lines->used - VC_LINE_OVERLAP, VC_LINE_OVERLAP);
		lines->used = VC_LINE_OVERLAP;
		lines->old = VC_LINE_OVERLAP;
	}
	lines->text[lines->used++] = blank ? ' ' : byte;
	if ((unsigned char)byte >= 0x80)
		plain_quotes(lines);
}

static void
take_escape(struct vc_log_lines *lines, unsigned char byte)
{
	if (++lines->escape > ESCAPE_MAX) {
		lines->state = PLAIN;
		return;
	}
	switch (lines->state) {
	case ESCAPE:
		/* Intermediate bytes, as in "ESC ( B", come before the final one. */
		if (byte >= 0x20 && byte <= 0x2f)
			return;
		lines->state = byte == '[' ? CONTROL : strchr("]PX^_", byte) && byte ? STRING : PLAIN;
		return;
	case CONTROL:
		if (byte >= 0x40 && byte <= 0x7e)
			lines->state = PLAIN;
		return;
	case STRING:
		if (byte == '\a')
			lines->state = PLAIN;
		else if (byte == '\033')
			lines->state = STRING_ESCAPE;
		return;
	case STRING_ESCAPE:
		lines->state = byte == '\\' ? PLAIN : STRING;
		return;
	}
}

void
vc_log_lines_feed(struct vc_log_lines *lines, const char *data, size_t size)
{
	lines->bytes += size;
	for (size_t i = 0; i < size; i++) {
		if (data[i] == '\n') {
			end_line(lines);
			continue;
		}
		lines->begun = true;
		if (lines->state != PLAIN) {
			take_escape(lines, (unsigned char)data[i]);
		} else if (data[i] == '\033') {
			lines->state = ESCAPE;
			lines->escape = 0;
		} else {
			keep(lines, data[i]);
		}
	}
}

void
vc_log_lines_end(struct vc_log_lines *lines)
{
	if (lines->begun)
		end_line(lines);
}
