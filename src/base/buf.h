/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text that grows. Owned by whoever declares it, released with _cleanup_buf_. */
#pragma once

#include <stdarg.h>
#include <stddef.h>

#include "base/macro.h"

struct vc_buf {
	char *text; /* always NUL-terminated once something was added; may hold NUL bytes before that */
	size_t length, room;
};

void vc_buf_add(struct vc_buf *buf, const char *text);
void vc_buf_add_n(struct vc_buf *buf, const char *text, size_t length);
void vc_buf_addf(struct vc_buf *buf, const char *format, ...) _printf_(2, 3);
void vc_buf_vaddf(struct vc_buf *buf, const char *format, va_list args) _printf_(2, 0);

/*
 * Adds text that came from outside (XML, sysfs, captures) so that a terminal is safe with it: control
 * characters and invalid UTF-8 become \xNN. A newline is kept only if @newlines.
 */
void vc_buf_add_safe(struct vc_buf *buf, const char *text, int newlines);

/* "" when nothing was added. Valid until the buffer changes. */
const char *vc_buf_text(const struct vc_buf *buf);
void vc_buf_release(struct vc_buf *buf);
#define _cleanup_buf_ _cleanup_(vc_buf_release)
