/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Facts from text, as people write them: the opposite of vc_fact_format(). */
#include <errno.h>
#include <string.h>

#include "base/fact.h"
#include "base/number.h"

static int
parse_number(const char *text, uint64_t *ret_value)
{
	static const struct {
		const char *suffix;
		unsigned shift;
	} unit[] = { { "KiB", 10 }, { "MiB", 20 }, { "GiB", 30 }, { "TiB", 40 } };
	size_t length = strlen(text);

	for (size_t i = 0; i < VC_COUNT(unit); i++) {
		size_t digits;
		uint64_t value;

		if (length < 3 || strcmp(text + length - 3, unit[i].suffix) != 0)
			continue;
		digits = length - 3;
		while (digits > 0 && text[digits - 1] == ' ')
			digits--;
		if (vc_parse_u64_n(text, digits, VC_BASE_C, &value) < 0)
			return -EINVAL;
		return vc_mul(value, UINT64_C(1) << unit[i].shift, ret_value);
	}
	return vc_parse_u64(text, VC_BASE_C, ret_value);
}

static int
parse_range(const char *text, struct vc_range *ret_range)
{
	const char *dash = strchr(text, '-');
	struct vc_range range;

	if (!dash || vc_parse_u64_n(text, (size_t)(dash - text), VC_BASE_C, &range.first) < 0 ||
	    vc_parse_u64(dash + 1, VC_BASE_C, &range.last) < 0 || range.last < range.first)
		return -EINVAL;
	*ret_range = range;
	return 0;
}

static void
set_words(struct vc_arena *arena, struct vc_fact_set *fact, const char *value, const char *from)
{
	const char **word = NULL;
	size_t count = 0;

	for (const char *at = value + strspn(value, " "); *at; at += strspn(at, " ")) {
		size_t length = strcspn(at, " ");

		*(const char **)vc_arena_append(arena, (void **)&word, &count, sizeof(*word)) =
			vc_arena_strndup(arena, at, length);
		at += length;
	}
	vc_set_set(arena, fact, word, count, from);
}

int
vc_fact_parse(struct vc_arena *arena, const struct vc_field *field, struct vc_fact *fact, const char *value,
	      const char *from)
{
	struct vc_version version;
	struct vc_range range;
	uint64_t number;

	switch (field->type) {
	case VC_TYPE_flag:
		if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
			return -EINVAL;
		vc_set_flag((struct vc_fact_flag *)fact, strcmp(value, "yes") == 0, from);
		return 0;
	case VC_TYPE_number:
		if (parse_number(value, &number) < 0)
			return -EINVAL;
		vc_set_number((struct vc_fact_number *)fact, number, from);
		return 0;
	case VC_TYPE_text:
		vc_set_text((struct vc_fact_text *)fact, vc_arena_strdup(arena, value), from);
		return 0;
	case VC_TYPE_version:
		if (vc_version_parse_prefix(value, &version) < 0)
			return -EINVAL;
		vc_set_version((struct vc_fact_version *)fact, version, from);
		return 0;
	case VC_TYPE_range:
		if (parse_range(value, &range) < 0)
			return -EINVAL;
		vc_set_range((struct vc_fact_range *)fact, range, from);
		return 0;
	case VC_TYPE_set:
		set_words(arena, (struct vc_fact_set *)fact, value, from);
		return 0;
	case VC_TYPE_ref:
	case VC_TYPE_list:
		break;
	}
	return -EINVAL;
}

static int
errno_by_name(const char *name)
{
	static const struct {
		const char *name;
		int err;
	} known[] = {
		{ "EACCES", EACCES }, { "EPERM", EPERM },   { "ENODATA", VC_ENOTCOLLECTED },
		{ "ENXIO", ENXIO },   { "EIO", EIO },	    { "EBADMSG", VC_EGARBLED },
		{ "ENODEV", ENODEV }, { "EINVAL", EINVAL }, { "EOPNOTSUPP", EOPNOTSUPP },
	};

	for (size_t i = 0; i < VC_COUNT(known); i++) {
		if (strcmp(known[i].name, name) == 0)
			return known[i].err;
	}
	return -EINVAL;
}

int
vc_fact_parse_state(struct vc_arena *arena, const struct vc_field *field, struct vc_fact *fact, const char *state,
		    const char *from)
{
	int err;

	if (strcmp(state, "absent") == 0) {
		vc_set_absent(fact, from);
		return 0;
	}
	if (strcmp(state, "unread") == 0) {
		*fact = (struct vc_fact){ .state = VC_UNREAD };
		return 0;
	}
	if (strncmp(state, "unreadable ", 11) == 0 && (err = errno_by_name(state + 11)) > 0) {
		vc_set_unreadable(fact, err, from);
		return 0;
	}
	if (strcmp(state, "none") == 0 && field->type == VC_TYPE_list) {
		*(struct vc_fact_list *)fact = (struct vc_fact_list){
			.fact = { .state = VC_KNOWN, .from = from },
		};
		return 0;
	}
	if (strcmp(state, "none") == 0 && field->type == VC_TYPE_set) {
		vc_set_set(arena, (struct vc_fact_set *)fact, NULL, 0, from);
		return 0;
	}
	return -EINVAL;
}
