/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/idset.h"

#include <errno.h>
#include <string.h>

#include "base/number.h"

static int
parse_id(const char *text, size_t length, uint64_t *ret_id)
{
	uint64_t id;
	int r = vc_parse_u64_n(text, length, VC_BASE_DEC, &id);

	if (r < 0)
		return r;
	if (id >= VC_IDSET_MAX)
		return -ERANGE;
	*ret_id = id;
	return 0;
}

/* One item: "3", "0-7" or "^3". */
static int
parse_item(const char *text, size_t length, struct vc_idset *set)
{
	const char *dash = memchr(text, '-', length);
	uint64_t first, last;
	bool remove = false;
	int r;

	if (length > 0 && text[0] == '^') {
		remove = true;
		text++;
		length--;
	}
	if (dash && !remove) {
		size_t head = (size_t)(dash - text);

		r = parse_id(text, head, &first);
		if (r < 0)
			return r;
		r = parse_id(dash + 1, length - head - 1, &last);
		if (r < 0)
			return r;
		if (last < first)
			return -EINVAL;
	} else {
		r = parse_id(text, length, &first);
		if (r < 0)
			return r;
		last = first;
	}
	for (uint64_t id = first; id <= last; id++) {
		if (remove)
			set->word[id / 64] &= ~(UINT64_C(1) << (id % 64));
		else
			set->word[id / 64] |= UINT64_C(1) << (id % 64);
	}
	return 0;
}

int
vc_idset_parse(const char *text, struct vc_idset *ret_set)
{
	struct vc_idset set = { { 0 } };

	for (;;) {
		size_t length;
		int r;

		/*
		 * libvirt allows blanks around the items [libvirt 11.3 src/util/virbitmap.c
		 * virBitmapParseInternal]
		 */
		text += strspn(text, " \t\n");
		length = strcspn(text, ", \t\n");
		r = parse_item(text, length, &set);
		if (r < 0)
			return r;
		text += length;
		text += strspn(text, " \t\n");
		if (*text == '\0')
			break;
		if (*text++ != ',')
			return -EINVAL;
	}
	if (vc_idset_count(&set) == 0)
		return -EINVAL;
	*ret_set = set;
	return 0;
}

bool
vc_idset_has(const struct vc_idset *set, uint64_t id)
{
	return id < VC_IDSET_MAX && (set->word[id / 64] >> (id % 64) & 1);
}

uint64_t
vc_idset_count(const struct vc_idset *set)
{
	return vc_idset_count_common(set, set);
}

int
vc_idset_only(const struct vc_idset *set)
{
	static const struct vc_idset none;

	return vc_idset_count(set) == 1 ? vc_idset_first_beyond(set, &none) : -1;
}

uint64_t
vc_idset_count_common(const struct vc_idset *a, const struct vc_idset *b)
{
	uint64_t count = 0;

	for (size_t i = 0; i < VC_COUNT(a->word); i++) {
		for (uint64_t common = a->word[i] & b->word[i]; common; common &= common - 1)
			count++;
	}
	return count;
}

int
vc_idset_first_beyond(const struct vc_idset *set, const struct vc_idset *other)
{
	for (size_t i = 0; i < VC_COUNT(set->word); i++) {
		uint64_t beyond = set->word[i] & ~other->word[i];

		for (int bit = 0; beyond && bit < 64; bit++) {
			if (beyond >> bit & 1)
				return (int)(i * 64) + bit;
		}
	}
	return -1;
}
