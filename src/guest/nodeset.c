/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/nodeset.h"

#include <errno.h>
#include <string.h>

#include "base/number.h"

static int
parse_node(const char *text, size_t length, uint64_t *ret_node)
{
	uint64_t node;
	int r = vc_parse_u64_n(text, length, VC_BASE_DEC, &node);

	if (r < 0)
		return r;
	if (node >= VC_NODESET_MAX)
		return -ERANGE;
	*ret_node = node;
	return 0;
}

/* One item: "3", "0-7" or "^3". */
static int
parse_item(const char *text, size_t length, struct vc_nodeset *set)
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

		r = parse_node(text, head, &first);
		if (r < 0)
			return r;
		r = parse_node(dash + 1, length - head - 1, &last);
		if (r < 0)
			return r;
		if (last < first)
			return -EINVAL;
	} else {
		r = parse_node(text, length, &first);
		if (r < 0)
			return r;
		last = first;
	}
	for (uint64_t node = first; node <= last; node++) {
		if (remove)
			set->word[node / 64] &= ~(UINT64_C(1) << (node % 64));
		else
			set->word[node / 64] |= UINT64_C(1) << (node % 64);
	}
	return 0;
}

int
vc_nodeset_parse(const char *text, struct vc_nodeset *ret_set)
{
	struct vc_nodeset set = { { 0 } };
	bool any = false;

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
	for (size_t i = 0; i < sizeof(set.word) / sizeof(set.word[0]); i++)
		any = any || set.word[i] != 0;
	if (!any)
		return -EINVAL;
	*ret_set = set;
	return 0;
}

bool
vc_nodeset_has(const struct vc_nodeset *set, uint64_t node)
{
	return node < VC_NODESET_MAX && (set->word[node / 64] >> (node % 64) & 1);
}

int
vc_nodeset_only(const struct vc_nodeset *set)
{
	int only = -1;

	for (int node = 0; node < VC_NODESET_MAX; node++) {
		if (!vc_nodeset_has(set, (uint64_t)node))
			continue;
		if (only >= 0)
			return -1;
		only = node;
	}
	return only;
}
