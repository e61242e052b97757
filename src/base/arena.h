/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One arena per run: everything vhostcheck builds lives in it and dies with it, nothing is freed singly.
 * Running out of memory ends the program (it is short-lived and has nothing to save).
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>

#include "base/macro.h"

struct vc_arena;

struct vc_arena *vc_arena_new(void);
void vc_arena_free(struct vc_arena *arena); /* NULL is allowed */

/* Zeroed and aligned for any type. */
void *vc_arena_alloc(struct vc_arena *arena, size_t size);
/* @count items of @size bytes; ends the program on overflow. */
void *vc_arena_alloc_array(struct vc_arena *arena, size_t count, size_t size);
/* Moves @old (@old_size bytes, may be NULL) into @new_size zero-extended bytes. */
void *vc_arena_grow(struct vc_arena *arena, const void *old, size_t old_size, size_t new_size);
char *vc_arena_strdup(struct vc_arena *arena, const char *text);
char *vc_arena_strndup(struct vc_arena *arena, const char *text, size_t length);
/* The texts up to NULL, one after the other. */
char *vc_arena_join(struct vc_arena *arena, const char *first, ...) _sentinel_;
char *vc_arena_printf(struct vc_arena *arena, const char *format, ...) _printf_(2, 3);
char *vc_arena_vprintf(struct vc_arena *arena, const char *format, va_list args) _printf_(2, 0);

#define vc_arena_make(arena, type) ((type *)vc_arena_alloc((arena), sizeof(type)))
#define vc_arena_make_array(arena, count, type) \
	((type *)vc_arena_alloc_array((arena), (count), sizeof(type)))

/*
 * Appends one zeroed item to the array (*items, *count) and returns it. The array grows by doubling at
 * powers of two, so items may move: hold indices, not pointers, while it grows.
 */
void *vc_arena_append(struct vc_arena *arena, void **items, size_t *count, size_t size);

static inline void
vc_arena_freep(struct vc_arena **arena)
{
	vc_arena_free(*arena);
}
#define _cleanup_arena_ _cleanup_(vc_arena_freep)
