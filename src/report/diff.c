/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/diff.h"

#include <string.h>

#define CONTEXT 3

/* The lines of a text: line i is [begin[i], begin[i + 1]). */
struct lines {
	const char *text;
	size_t size;
	size_t *begin;
	size_t count;
};

/* Lines [from, to) of the one become lines [new_from, new_to) of the other. */
struct change {
	size_t from, to, new_from, new_to;
};

struct differ {
	struct lines before, after;
	struct change *change;
	size_t changes;
	struct vc_buf *out;
};

static void *
allocate(size_t count, size_t size)
{
	void *items = calloc(count, size);

	if (!items)
		abort();
	return items;
}

static void
split(const char *text, size_t size, struct lines *lines)
{
	size_t count = 1;

	for (const char *at = memchr(text, '\n', size); at;
	     at = memchr(at + 1, '\n', size - (size_t)(at + 1 - text)))
		count++;
	*lines = (struct lines){ .text = text, .size = size, .begin = allocate(count + 1, sizeof(size_t)) };
	for (size_t at = 0; at < size;) {
		const char *newline = memchr(text + at, '\n', size - at);

		lines->begin[lines->count++] = at;
		at = newline ? (size_t)(newline - text) + 1 : size;
	}
	lines->begin[lines->count] = size;
}

/* The line that holds the byte at @offset; count for the end of a text that ends with a line's end. */
static size_t
line_at(const struct lines *lines, size_t offset)
{
	size_t low = 0, high = lines->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (lines->begin[middle + 1] <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
same_line(const struct differ *d, size_t line, size_t new_line)
{
	size_t begin = d->before.begin[line], length = d->before.begin[line + 1] - begin;
	size_t new_begin = d->after.begin[new_line];

	return d->after.begin[new_line + 1] - new_begin == length &&
	       memcmp(d->before.text + begin, d->after.text + new_begin, length) == 0;
}

/* A change in bytes touches whole lines; those at its edges may be the same all the same. */
static void
add_change(struct differ *d, size_t from, size_t to, size_t new_from, size_t new_to)
{
	struct change *last = d->changes > 0 ? &d->change[d->changes - 1] : NULL;
	struct change change = {
		.from = line_at(&d->before, from),
		.to = line_at(&d->before, to) + 1,
		.new_from = line_at(&d->after, new_from),
		.new_to = line_at(&d->after, new_to) + 1,
	};

	if (change.to > d->before.count)
		change.to = d->before.count;
	if (change.new_to > d->after.count)
		change.new_to = d->after.count;
	if (last && (change.from < last->to || change.new_from < last->new_to)) {
		last->to = change.to;
		last->new_to = change.new_to;
		return;
	}
	d->change[d->changes++] = change;
}

static void
find_changes(struct differ *d, const struct vc_kept *kept)
{
	size_t before = 0, after = 0;

	d->change = allocate(kept->count + 1, sizeof(*d->change));
	for (size_t i = 0; i <= kept->count; i++) {
		bool last = i == kept->count;
		size_t to = last ? kept->before_size : kept->run[i].before;
		size_t new_to = last ? kept->after_size : kept->run[i].after;

		if (to > before || new_to > after)
			add_change(d, before, to, after, new_to);
		if (!last) {
			before = to + kept->run[i].length;
			after = new_to + kept->run[i].length;
		}
	}
}

static void
trim(const struct differ *d, struct change *change)
{
	while (change->from < change->to && change->new_from < change->new_to &&
	       same_line(d, change->from, change->new_from)) {
		change->from++;
		change->new_from++;
	}
	while (change->from < change->to && change->new_from < change->new_to &&
	       same_line(d, change->to - 1, change->new_to - 1)) {
		change->to--;
		change->new_to--;
	}
}

static void
trim_all(struct differ *d)
{
	size_t kept = 0;

	for (size_t i = 0; i < d->changes; i++) {
		struct change change = d->change[i];

		trim(d, &change);
		if (change.from == change.to && change.new_from == change.new_to)
			continue;
		/* What is removed beside what is added is one change: people look for the old lines first. */
		if (kept > 0 && d->change[kept - 1].to == change.from && d->change[kept - 1].new_to == change.new_from) {
			d->change[kept - 1].to = change.to;
			d->change[kept - 1].new_to = change.new_to;
			continue;
		}
		d->change[kept++] = change;
	}
	d->changes = kept;
}

/* --- writing --- */

static void
write_lines(struct differ *d, char mark, const struct lines *lines, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		size_t begin = lines->begin[i], length = lines->begin[i + 1] - begin;

		vc_buf_add_n(d->out, &mark, 1);
		vc_buf_add_n(d->out, lines->text + begin, length);
		if (lines->text[begin + length - 1] != '\n')
			vc_buf_add(d->out, "\n\\ No newline at end of file\n");
	}
}

static void
write_range(struct vc_buf *out, char mark, size_t from, size_t count)
{
	/* An empty range is named by the line before it. */
	vc_buf_addf(out, "%c%zu", mark, count == 0 ? from : from + 1);
	if (count != 1)
		vc_buf_addf(out, ",%zu", count);
}

/* Changes [first, behind) are near enough to each other for one hunk. */
static void
write_hunk(struct differ *d, size_t first, size_t behind)
{
	const struct change *a = &d->change[first], *z = &d->change[behind - 1];
	size_t lead = a->from < CONTEXT ? a->from : CONTEXT;
	size_t left = d->before.count - z->to, trail = left < CONTEXT ? left : CONTEXT;
	size_t at = a->from - lead;

	vc_buf_add(d->out, "@@ ");
	write_range(d->out, '-', at, z->to + trail - at);
	vc_buf_add(d->out, " ");
	write_range(d->out, '+', a->new_from - lead, z->new_to + trail - (a->new_from - lead));
	vc_buf_add(d->out, " @@\n");
	for (size_t i = first; i < behind; i++) {
		const struct change *change = &d->change[i];

		write_lines(d, ' ', &d->before, at, change->from);
		write_lines(d, '-', &d->before, change->from, change->to);
		write_lines(d, '+', &d->after, change->new_from, change->new_to);
		at = change->to;
	}
	write_lines(d, ' ', &d->before, at, at + trail);
}

/* GNU patch takes a name to its tab, or in quotes with escapes as C has them [GNU patch 2.7 pch.c, name.c]. */
static void
write_name(struct vc_buf *out, const char *mark, const char *name)
{
	bool plain = true;

	for (const char *at = name; *at; at++)
		plain = plain && (unsigned char)*at >= ' ' && *at != '"' && *at != '\\' && *at != 0x7f;
	vc_buf_addf(out, "%s ", mark);
	if (plain) {
		vc_buf_addf(out, "%s%s\n", name, strchr(name, ' ') ? "\t" : "");
		return;
	}
	vc_buf_add(out, "\"");
	for (const char *at = name; *at; at++) {
		if ((unsigned char)*at >= ' ' && *at != '"' && *at != '\\' && *at != 0x7f)
			vc_buf_add_n(out, at, 1);
		else
			vc_buf_addf(out, "\\%03o", (unsigned char)*at);
	}
	vc_buf_add(out, "\"\n");
}

void
vc_diff_unified(struct vc_buf *out, const char *name, const char *before, const char *after,
		const struct vc_kept *kept)
{
	struct differ d = { .out = out };
	size_t first = 0;

	split(before, kept->before_size, &d.before);
	split(after, kept->after_size, &d.after);
	find_changes(&d, kept);
	trim_all(&d);
	if (d.changes > 0) {
		write_name(out, "---", name);
		write_name(out, "+++", name);
	}
	for (size_t i = 1; i <= d.changes; i++) {
		if (i < d.changes && d.change[i].from - d.change[i - 1].to <= (size_t)2 * CONTEXT)
			continue;
		write_hunk(&d, first, i);
		first = i;
	}
	free(d.before.begin);
	free(d.after.begin);
	free(d.change);
}
