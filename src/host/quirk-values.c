/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/quirk-values.h"

#include <errno.h>
#include <string.h>

#include "base/number.h"

/* Exactly @digits hexadecimal digits. */
static int
parse_hex(const char *text, size_t length, size_t digits, uint64_t *ret_value)
{
	if (length != digits || memchr(text, 'x', length))
		return -EINVAL;
	return vc_parse_u64_n(text, length, VC_BASE_HEX, ret_value);
}

/* "1487", "2340-237f" */
static int
parse_hex_range(const char *text, size_t digits, uint64_t *ret_first, uint64_t *ret_last)
{
	const char *dash = strchr(text, '-');
	uint64_t first, last;

	if (parse_hex(text, dash ? (size_t)(dash - text) : strlen(text), digits, &first) < 0)
		return -EINVAL;
	last = first;
	if (dash && (parse_hex(dash + 1, strlen(dash + 1), digits, &last) < 0 || last < first))
		return -EINVAL;
	*ret_first = first;
	*ret_last = last;
	return 0;
}

int
vc_quirk_parse_pci(const char *text, uint32_t *ret_first, uint32_t *ret_last)
{
	const char *colon = strchr(text, ':');
	uint64_t vendor, first = 0, last = 0xffff;

	if (!colon || parse_hex(text, (size_t)(colon - text), 4, &vendor) < 0)
		return -EINVAL;
	if (strcmp(colon + 1, "*") != 0 && parse_hex_range(colon + 1, 4, &first, &last) < 0)
		return -EINVAL;
	*ret_first = (uint32_t)(vendor << 16 | first);
	*ret_last = (uint32_t)(vendor << 16 | last);
	return 0;
}

int
vc_quirk_parse_class(const char *text, uint32_t *ret_class, uint32_t *ret_mask)
{
	size_t digits = strlen(text);
	unsigned missing;
	uint64_t value;

	if ((digits != 2 && digits != 4 && digits != 6) || parse_hex(text, digits, digits, &value) < 0)
		return -EINVAL;
	missing = (unsigned)(6 - digits) * 4;
	*ret_class = (uint32_t)(value << missing);
	*ret_mask = 0xffffffu >> missing << missing;
	return 0;
}

int
vc_quirk_parse_revision(const char *text, uint8_t *ret_first, uint8_t *ret_last)
{
	uint64_t first, last;

	if (parse_hex_range(text, 2, &first, &last) < 0)
		return -EINVAL;
	*ret_first = (uint8_t)first;
	*ret_last = (uint8_t)last;
	return 0;
}

static int
parse_version(struct vc_arena *arena, const char *text, size_t length, struct vc_version *ret_version)
{
	return vc_version_parse(vc_arena_strndup(arena, text, length), ret_version);
}

/* "6.12-", "6.1.91-6.2", "-6.3": from the first on, up to the second, which is not one of them. */
static int
parse_range(struct vc_arena *arena, const char *text, size_t length, struct vc_quirk_kernels *ret_range)
{
	const char *dash = memchr(text, '-', length);
	struct vc_quirk_kernels range = { .since = { .part = { 0 } } };
	size_t since = dash ? (size_t)(dash - text) : 0, before = dash ? length - since - 1 : 0;

	if (!dash || since + before == 0)
		return -EINVAL;
	if (since && parse_version(arena, text, since, &range.since) < 0)
		return -EINVAL;
	if (before && (parse_version(arena, dash + 1, before, &range.before) < 0 ||
		       vc_version_compare(range.since, range.before) >= 0))
		return -EINVAL;
	*ret_range = range;
	return 0;
}

int
vc_quirk_parse_kernels(struct vc_arena *arena, const char *text, const struct vc_quirk_kernels **ret_kernels,
		       size_t *ret_count, const char **ret_bad, size_t *ret_length)
{
	struct vc_version end = { .part = { 0 } };
	bool open = false;
	void *ranges = NULL;
	size_t count = 0;

	for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
		struct vc_quirk_kernels range;
		size_t length = strcspn(text, " ");

		if (open || parse_range(arena, text, length, &range) < 0 ||
		    (count > 0 && vc_version_compare(range.since, end) <= 0)) {
			*ret_bad = text;
			*ret_length = length;
			return -EINVAL;
		}
		*(struct vc_quirk_kernels *)vc_arena_append(arena, &ranges, &count, sizeof(range)) = range;
		end = range.before;
		open = text[length - 1] == '-';
		text += length;
	}
	*ret_kernels = ranges;
	*ret_count = count;
	return 0;
}
