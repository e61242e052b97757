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
block_init(struct block *block, size_t size)
{
	if (!block)
		out_of_memory();
	block->next = NULL;
	block->size = size;
	block->used = 0;
	return block;
}

/* Cleared piece by piece, when it is given out. */
static struct block *
block_new(size_t size)
{
	return block_init(malloc(sizeof(struct block) + size), size);
}

/* Zeroed: fresh pages of the kernel are so without being written to. */
static struct block *
block_new_zeroed(size_t size)
{
	return block_init(calloc(1, sizeof(struct block) + size), size);
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

static size_t
pad(size_t size)
{
	size_t padded;

	if (__builtin_add_overflow(size, ALIGNMENT - 1, &padded) || padded > SIZE_MAX / 2)
		out_of_memory();
	return padded & ~(ALIGNMENT - 1);
}

/* Memory for what is small, and not cleared. */
static void *
take_small(struct vc_arena *arena, size_t padded)
{
	struct block *block = arena->first;
	void *memory;

	if (block->size - block->used < padded) {
		block = block_new(next_size(block->size, padded));
		block->next = arena->first;
		arena->first = block;
	}
	memory = (char *)block->data + block->used;
	block->used += padded;
	return memory;
}

/* @own serves one purpose; it stands behind the first block, which still has room for small things. */
static void *
take_large(struct vc_arena *arena, struct block *own)
{
	own->used = own->size;
	own->next = arena->first->next;
	arena->first->next = own;
	return own->data;
}

static bool
is_large(size_t padded)
{
	return padded > BLOCK_SIZE / 4;
}

void *
vc_arena_alloc(struct vc_arena *arena, size_t size)
{
	size_t padded = pad(size);

	if (is_large(padded))
		return take_large(arena, block_new_zeroed(padded));
	return memset(take_small(arena, padded), 0, size);
}

/* Room for a text of @length bytes, with its end. */
static char *
alloc_text(struct vc_arena *arena, size_t length)
{
	size_t padded = pad(length < SIZE_MAX ? length + 1 : SIZE_MAX);
	char *text = is_large(padded) ? take_large(arena, block_new(padded)) : take_small(arena, padded);

	text[length] = '\0';
	return text;
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
	char *copy = alloc_text(arena, length);

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
	to = joined = alloc_text(arena, length);
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
		return take_small(arena, pad((size_t)length + 1));
	text = alloc_text(arena, (size_t)length);
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
