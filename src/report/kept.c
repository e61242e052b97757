/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/kept.h"

static void
add_run(struct vc_kept *kept, size_t before, size_t after, size_t length)
{
	struct vc_kept_run *last = kept->count > 0 ? &kept->run[kept->count - 1] : NULL;

	if (length == 0)
		return;
	if (last && last->before + last->length == before && last->after + last->length == after) {
		last->length += length;
		return;
	}
	if (kept->count == kept->room) {
		kept->room = kept->room ? 2 * kept->room : 8;
		kept->run = reallocarray(kept->run, kept->room, sizeof(*kept->run));
		if (!kept->run)
			abort();
	}
	kept->run[kept->count++] = (struct vc_kept_run){ before, after, length };
}

void
vc_kept_all(size_t size, struct vc_kept *ret_kept)
{
	vc_kept_from_splices(size, NULL, 0, ret_kept);
}

void
vc_kept_from_splices(size_t size, const struct vc_splice *splice, size_t count, struct vc_kept *ret_kept)
{
	struct vc_kept kept = { .before_size = size };
	size_t before = 0, after = 0;

	for (size_t i = 0; i < count; i++) {
		size_t length = splice[i].begin - before;

		add_run(&kept, before, after, length);
		before = splice[i].end;
		after += length + splice[i].length;
	}
	add_run(&kept, before, after, size - before);
	kept.after_size = after + (size - before);
	*ret_kept = kept;
}

void
vc_kept_then(struct vc_kept *kept, const struct vc_kept *next)
{
	struct vc_kept both = { .before_size = kept->before_size, .after_size = next->after_size };
	size_t i = 0, j = 0;

	while (i < kept->count && j < next->count) {
		const struct vc_kept_run *a = &kept->run[i], *b = &next->run[j];
		size_t a_end = a->after + a->length, b_end = b->before + b->length;
		size_t begin = a->after > b->before ? a->after : b->before;
		size_t end = a_end < b_end ? a_end : b_end;

		if (begin < end)
			add_run(&both, a->before + (begin - a->after), b->after + (begin - b->before), end - begin);
		if (a_end <= b_end)
			i++;
		else
			j++;
	}
	vc_kept_release(kept);
	*kept = both;
}

void
vc_kept_release(struct vc_kept *kept)
{
	free(kept->run);
	*kept = (struct vc_kept){ 0 };
}

bool
vc_kept_forward(const struct vc_kept *kept, size_t before, size_t *ret_after)
{
	for (size_t i = 0; i < kept->count && kept->run[i].before <= before; i++) {
		const struct vc_kept_run *run = &kept->run[i];

		if (before - run->before < run->length) {
			*ret_after = run->after + (before - run->before);
			return true;
		}
	}
	return false;
}

bool
vc_kept_backward(const struct vc_kept *kept, size_t after, size_t *ret_before)
{
	for (size_t i = 0; i < kept->count && kept->run[i].after <= after; i++) {
		const struct vc_kept_run *run = &kept->run[i];

		if (after - run->after < run->length) {
			*ret_before = run->before + (after - run->after);
			return true;
		}
	}
	return false;
}

/* Is [begin, end] of the later text one piece of the earlier one? Its edges may touch what is new. */
static bool
is_untouched(const struct vc_kept *kept, size_t begin, size_t end)
{
	for (size_t i = 0; i < kept->count; i++) {
		const struct vc_kept_run *run = &kept->run[i];

		if (run->after <= begin && end <= run->after + run->length)
			return true;
	}
	return false;
}

bool
vc_kept_collide(const struct vc_kept *kept, const struct vc_kept *next)
{
	size_t before = 0, after = 0;

	for (size_t i = 0; i <= next->count; i++) {
		bool last = i == next->count;
		size_t to = last ? next->before_size : next->run[i].before;
		size_t new_to = last ? next->after_size : next->run[i].after;

		if ((to > before || new_to > after) && !is_untouched(kept, before, to))
			return true;
		if (!last) {
			before = to + next->run[i].length;
			after = new_to + next->run[i].length;
		}
	}
	return false;
}
