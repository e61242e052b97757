/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compiler attributes and the few macros every room needs. */
#pragma once

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define _must_check_ __attribute__((warn_unused_result))
#define _printf_(fmt, args) __attribute__((format(printf, fmt, args)))
#define _cleanup_(fn) __attribute__((cleanup(fn)))
#define _unused_ __attribute__((unused))
#define _sentinel_ __attribute__((sentinel))
#define _noreturn_ __attribute__((noreturn))

#define VC_COUNT(array) (sizeof(array) / sizeof((array)[0]))

static inline void
vc_free_ptr(void *p)
{
	free(*(void **)p);
}
#define _cleanup_free_ _cleanup_(vc_free_ptr)

/* The first word of @text, which are separated by blanks; NULL: there is none. The next one is behind its length. */
static inline const char *
vc_word(const char *text, size_t *ret_length)
{
	text += strspn(text, " ");
	*ret_length = strcspn(text, " ");
	return *text ? text : NULL;
}

/* NULL is the same as NULL alone. */
static inline bool
vc_same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}
