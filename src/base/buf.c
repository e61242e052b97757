/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/buf.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static _noreturn_ void
out_of_memory(void)
{
	fputs("vhostcheck: out of memory\n", stderr);
	_Exit(4);
}

/* Room for @more bytes and the NUL behind them. */
static void
make_room(struct vc_buf *buf, size_t more)
{
	size_t room = buf->room ? buf->room : 256;
	size_t need;

	if (__builtin_add_overflow(buf->length, more, &need) || need > SIZE_MAX / 4)
		out_of_memory();
	if (buf->text && need < buf->room)
		return;
	while (room <= need)
		room *= 2;
	buf->text = realloc(buf->text, room);
	if (!buf->text)
		out_of_memory();
	buf->room = room;
}

void
vc_buf_add_n(struct vc_buf *buf, const char *text, size_t length)
{
	make_room(buf, length);
	if (length > 0)
		memcpy(buf->text + buf->length, text, length);
	buf->length += length;
	buf->text[buf->length] = '\0';
}

void
vc_buf_add(struct vc_buf *buf, const char *text)
{
	vc_buf_add_n(buf, text, strlen(text));
}

void
vc_buf_vaddf(struct vc_buf *buf, const char *format, va_list args)
{
	va_list again;
	int length;

	make_room(buf, 0);
	va_copy(again, args);
	length = vsnprintf(buf->text + buf->length, buf->room - buf->length, format, again);
	va_end(again);
	if (length < 0) {
		buf->text[buf->length] = '\0';
		return;
	}
	if ((size_t)length >= buf->room - buf->length) {
		make_room(buf, (size_t)length);
		vsnprintf(buf->text + buf->length, (size_t)length + 1, format, args);
	}
	buf->length += (size_t)length;
}

void
vc_buf_addf(struct vc_buf *buf, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vc_buf_vaddf(buf, format, args);
	va_end(args);
}

/* Length of the well-formed UTF-8 sequence at @text (RFC 3629 section 4), 0 if there is none. */
static size_t
utf8_length(const unsigned char *text)
{
	size_t length;

	if (text[0] < 0x80)
		return 1;
	if (text[0] >= 0xc2 && text[0] <= 0xdf)
		length = 2;
	else if ((text[0] & 0xf0) == 0xe0)
		length = 3;
	else if (text[0] >= 0xf0 && text[0] <= 0xf4)
		length = 4;
	else
		return 0;
	for (size_t i = 1; i < length; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	}
	/* Overlong forms, surrogates and what lies beyond U+10FFFF. */
	if ((text[0] == 0xe0 && text[1] < 0xa0) || (text[0] == 0xed && text[1] > 0x9f) ||
	    (text[0] == 0xf0 && text[1] < 0x90) || (text[0] == 0xf4 && text[1] > 0x8f))
		return 0;
	return length;
}

/* What stands at @text and is no control character; C1 (U+0080 to U+009F) drives terminals as well as C0 does. */
static size_t
safe_length(const unsigned char *text, int newlines)
{
	size_t length;

	if (text[0] < 0x80)
		return (text[0] >= 0x20 && text[0] != 0x7f) || (newlines && text[0] == '\n');
	length = utf8_length(text);
	return length == 2 && text[0] == 0xc2 && text[1] < 0xa0 ? 0 : length;
}

void
vc_buf_add_safe(struct vc_buf *buf, const char *text, int newlines)
{
	const unsigned char *at = (const unsigned char *)text;

	while (*at) {
		const unsigned char *start = at;
		size_t length;

		while ((length = safe_length(at, newlines)) > 0)
			at += length;
		vc_buf_add_n(buf, (const char *)start, (size_t)(at - start));
		if (!*at)
			break;
		/* All bytes of one character, of which the others would be no characters alone. */
		length = utf8_length(at);
		do
			vc_buf_addf(buf, "\\x%02x", *at++);
		while (length-- > 1);
	}
}

const char *
vc_buf_text(const struct vc_buf *buf)
{
	return buf->text ? buf->text : "";
}

void
vc_buf_release(struct vc_buf *buf)
{
	free(buf->text);
	*buf = (struct vc_buf){ 0 };
}
