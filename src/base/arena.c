/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Blocks double up to this: an arena that holds little must not cost the clearing of much. */
#define BLOCK_SIZE ((size_t)64 * 1024)
#define FIRST_SIZE ((size_t)4 * 1024)
#define ALIGNMENT alignof(max_align_t)

struct block {
	struct block *next;
	size_t size, used;
	max_align_t data[];
};

struct vc_arena {
	struct block *first; /* the block that is being filled */
};

static _noreturn_ void
out_of_memory(void)
{
	fputs("vhostcheck: out of memory\n", stderr);
	_Exit(4);
}

static struct block *
block_new(size_t size)
{
	/* Zeroed, as all of the arena is: fresh pages of the kernel are so without being written to. */
	struct block *block = calloc(1, sizeof(*block) + size);

	if (!block)
		out_of_memory();
	block->size = size;
	return block;
}

struct vc_arena *
vc_arena_new(void)
{
	struct vc_arena *arena = malloc(sizeof(*arena));

	if (!arena)
		out_of_memory();
	arena->first = block_new(FIRST_SIZE);
	return arena;
}

void
vc_arena_free(struct vc_arena *arena)
{
	if (!arena)
		return;
	for (struct block *block = arena->first, *next; block; block = next) {
		next = block->next;
		free(block);
	}
	free(arena);
}

static size_t
next_size(size_t last, size_t least)
{
	size_t size = 2 * last;

	while (size < least)
		size *= 2;
	return size < BLOCK_SIZE ? size : BLOCK_SIZE;
}

void *
vc_arena_alloc(struct vc_arena *arena, size_t size)
{
	struct block *block = arena->first;
	size_t padded;
	void *memory;

	if (__builtin_add_overflow(size, ALIGNMENT - 1, &padded) || padded > SIZE_MAX / 2)
		out_of_memory();
	padded &= ~(ALIGNMENT - 1);
	if (block->size - block->used < padded) {
		if (padded > BLOCK_SIZE / 4) {
			/* A block of its own, behind the first, which still has room for small things. */
			struct block *own = block_new(padded);

			own->next = block->next;
			block->next = own;
			block = own;
		} else {
			block = block_new(next_size(block->size, padded));
			block->next = arena->first;
			arena->first = block;
		}
	}
	memory = (char *)block->data + block->used;
	block->used += padded;
	return memory;
}

void *
vc_arena_alloc_array(struct vc_arena *arena, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		out_of_memory();
	return vc_arena_alloc(arena, bytes);
}

void *
vc_arena_grow(struct vc_arena *arena, const void *old, size_t old_size, size_t new_size)
{
	void *memory = vc_arena_alloc(arena, new_size);

	if (old_size > 0)
		memcpy(memory, old, old_size);
	return memory;
}

char *
vc_arena_strndup(struct vc_arena *arena, const char *text, size_t length)
{
	char *copy = vc_arena_alloc(arena, length + 1);

	memcpy(copy, text, length);
	return copy;
}

char *
vc_arena_strdup(struct vc_arena *arena, const char *text)
{
	return vc_arena_strndup(arena, text, strlen(text));
}

char *
vc_arena_join(struct vc_arena *arena, const char *first, ...)
{
	va_list args, again;
	size_t length = 0;
	char *joined, *to;

	va_start(args, first);
	va_copy(again, args);
	for (const char *text = first; text; text = va_arg(args, const char *))
		length += strlen(text);
	va_end(args);
	to = joined = vc_arena_alloc(arena, length + 1);
	for (const char *text = first; text; text = va_arg(again, const char *))
		to = stpcpy(to, text);
	va_end(again);
	return joined;
}

/* Most texts fit into what is left of the block: they are made where they stay, and in one go. */
char *
vc_arena_vprintf(struct vc_arena *arena, const char *format, va_list args)
{
	struct block *block = arena->first;
	size_t room = block->size - block->used;
	char *text = (char *)block->data + block->used;
	va_list again;
	int length;

	va_copy(again, args);
	length = vsnprintf(text, room, format, again);
	va_end(again);
	if (length < 0)
		out_of_memory();
	if ((size_t)length < room)
		return vc_arena_alloc(arena, (size_t)length + 1);
	/* What is not given out stays zeroed. */
	memset(text, 0, room);
	text = vc_arena_alloc(arena, (size_t)length + 1);
	vsnprintf(text, (size_t)length + 1, format, args);
	return text;
}

char *
vc_arena_printf(struct vc_arena *arena, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = vc_arena_vprintf(arena, format, args);
	va_end(args);
	return text;
}

void *
vc_arena_append(struct vc_arena *arena, void **items, size_t *count, size_t size)
{
	size_t n = *count;

	if ((n & (n - 1)) == 0) {
		size_t room = n == 0 ? 1 : 2 * n;

		*items = vc_arena_grow(arena, *items, n * size, room * size);
	}
	*count = n + 1;
	return (char *)*items + n * size;
}
