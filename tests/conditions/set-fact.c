/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "set-fact.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "rules/names.h"

static _noreturn_ void
give_up(const char *line, const char *why)
{
	fprintf(stderr, "'%s': %s\n", line, why);
	exit(99);
}

struct vc_scope
test_scope(const struct test_models *models)
{
	return (struct vc_scope){
		.host = &models->host,
		.guest = &models->guest,
		.each = models->each,
		.verdict = &models->verdict,
	};
}

static void *
root_record(struct test_models *models, enum vc_root root)
{
	switch (root) {
	case VC_ROOT_HOST:
		return &models->host;
	case VC_ROOT_GUEST:
		return &models->guest;
	case VC_ROOT_EACH:
		return models->each;
	case VC_ROOT_CHECK:
		return &models->verdict;
	}
	return NULL;
}

static struct vc_fact *
find_fact(struct test_models *models, const struct vc_path *path)
{
	void *record = root_record(models, path->root);

	for (unsigned i = 0; i + 1 < path->steps; i++) {
		struct vc_fact_ref *ref = (struct vc_fact_ref *)vc_field_fact(path->step[i], record);

		if (!vc_known(&ref->fact))
			vc_set_ref(ref, vc_arena_alloc(models->arena, path->step[i]->item->size), "test");
		record = (void *)(uintptr_t)ref->item;
	}
	return vc_field_fact(vc_path_field(path), record);
}

static uint64_t
number_of(const char *line, const char *text)
{
	uint64_t value;

	if (vc_parse_u64(text, VC_BASE_C, &value) < 0)
		give_up(line, "no number");
	return value;
}

static void
set_words(struct test_models *models, struct vc_fact_set *set, char *value)
{
	const char *word[64];
	size_t count = 0;

	for (char *at = strtok(value, " "); at && count < VC_COUNT(word); at = strtok(NULL, " "))
		word[count++] = at;
	vc_set_set(models->arena, set, word, count, "test");
}

static void
set_value(struct test_models *models, const struct vc_field *field, struct vc_fact *fact, char *value,
	  const char *line)
{
	struct vc_version version;
	char *dash;

	switch (field->type) {
	case VC_TYPE_flag:
		if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
			give_up(line, "a flag is yes or no");
		vc_set_flag((struct vc_fact_flag *)fact, strcmp(value, "yes") == 0, "test");
		break;
	case VC_TYPE_number:
		vc_set_number((struct vc_fact_number *)fact, number_of(line, value), "test");
		break;
	case VC_TYPE_text:
		vc_set_text((struct vc_fact_text *)fact, value, "test");
		break;
	case VC_TYPE_version:
		if (vc_version_parse(value, &version) < 0)
			give_up(line, "no version");
		vc_set_version((struct vc_fact_version *)fact, version, "test");
		break;
	case VC_TYPE_range:
		dash = strchr(value, '-');
		if (!dash)
			give_up(line, "no range");
		*dash = '\0';
		vc_set_range((struct vc_fact_range *)fact,
			     (struct vc_range){ .first = number_of(line, value),
						.last = number_of(line, dash + 1) },
			     "test");
		break;
	case VC_TYPE_set:
		set_words(models, (struct vc_fact_set *)fact, value);
		break;
	case VC_TYPE_list:
		if (strcmp(value, "none") != 0)
			give_up(line, "a list can only be none");
		fact->state = VC_KNOWN;
		break;
	case VC_TYPE_ref:
		give_up(line, "a reference is made by setting a fact behind it");
	}
}

static int
errno_of(const char *line, const char *name)
{
	static const struct {
		const char *name;
		int number;
	} names[] = {
		{ .name = "EACCES", .number = EACCES },
		{ .name = "EIO", .number = EIO },
		{ .name = "ENODATA", .number = ENODATA },
	};

	for (size_t i = 0; i < VC_COUNT(names); i++) {
		if (strcmp(names[i].name, name) == 0)
			return names[i].number;
	}
	give_up(line, "an error that tests do not know");
}

void
test_set(struct test_models *models, const struct vc_names_scope *names, const char *line)
{
	const struct vc_source source = { .file = "test",
					  .arena = models->arena,
					  .diags = &(struct vc_diags){ .arena = models->arena } };
	char *copy = vc_arena_strdup(models->arena, line);
	char *rest = copy + strcspn(copy, " ");
	struct vc_path path;
	struct vc_fact *fact;

	if (*rest)
		*rest++ = '\0';
	if (vc_names_resolve(&source, copy, names, VC_LISTS_LAST, &path) < 0)
		give_up(line, source.diags->item[0].text);
	fact = find_fact(models, &path);
	if (strncmp(rest, "= ", 2) == 0 || strcmp(rest, "=") == 0)
		set_value(models, vc_path_field(&path), fact, rest + (rest[1] ? 2 : 1), line);
	else if (strcmp(rest, "absent") == 0)
		vc_set_absent(fact, "test");
	else if (strcmp(rest, "unread") == 0)
		memset(fact, 0, sizeof(*fact));
	else if (strncmp(rest, "unreadable ", 11) == 0)
		vc_set_unreadable(fact, errno_of(line, rest + 11), "test");
	else
		give_up(line, "expected '= value', 'absent', 'unreadable ERROR' or 'unread'");
}
