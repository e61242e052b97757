/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/version.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"

/* Parses "N(.N){0,3}" at @text; returns the number of bytes used, 0 if there is no number. */
static size_t
parse_parts(const char *text, struct vc_version *ret_version, unsigned *ret_parts)
{
	struct vc_version version = { { 0 } };
	unsigned parts = 0;
	size_t used = 0;

	while (parts < VC_COUNT(version.part)) {
		size_t start = parts == 0 ? 0 : used + 1;
		size_t digits;
		uint64_t value;

		if (parts > 0 && text[used] != '.')
			break;
		digits = strspn(text + start, "0123456789");
		if (vc_parse_u64_n(text + start, digits, VC_BASE_DEC, &value) < 0 || value > UINT32_MAX)
			break;
		version.part[parts++] = (uint32_t)value;
		used = start + digits;
	}
	*ret_version = version;
	*ret_parts = parts;
	return used;
}

int
vc_version_parse(const char *text, struct vc_version *ret_version)
{
	struct vc_version version;
	unsigned parts;
	size_t used = parse_parts(text, &version, &parts);

	if (used == 0 || text[used] != '\0')
		return -EINVAL;
	*ret_version = version;
	return 0;
}

int
vc_version_parse_prefix(const char *text, struct vc_version *ret_version)
{
	struct vc_version version;
	unsigned parts;

	parse_parts(text, &version, &parts);
	if (parts < 2)
		return -EINVAL;
	*ret_version = version;
	return 0;
}

int
vc_version_compare(struct vc_version a, struct vc_version b)
{
	for (size_t i = 0; i < VC_COUNT(a.part); i++) {
		if (a.part[i] != b.part[i])
			return a.part[i] < b.part[i] ? -1 : 1;
	}
	return 0;
}

void
vc_version_format(struct vc_version version, char text[VC_VERSION_TEXT_MAX])
{
	int used = snprintf(text, VC_VERSION_TEXT_MAX, "%u.%u", version.part[0], version.part[1]);
	size_t last = version.part[3] ? 4 : version.part[2] ? 3 : 2;

	for (size_t i = 2; i < last; i++)
		used += snprintf(text + used, VC_VERSION_TEXT_MAX - (size_t)used, ".%u", version.part[i]);
}
