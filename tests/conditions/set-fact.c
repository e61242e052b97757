/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "set-fact.h"

#include <stdio.h>
#include <string.h>

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

void
test_set(struct test_models *models, const struct vc_names_scope *names, const char *line)
{
	const struct vc_source source = { .file = "test",
					  .arena = models->arena,
					  .diags = &(struct vc_diags){ .arena = models->arena } };
	char *copy = vc_arena_strdup(models->arena, line);
	char *rest = copy + strcspn(copy, " ");
	const struct vc_path *path;
	struct vc_fact *fact;
	int r;

	if (*rest)
		*rest++ = '\0';
	if (vc_names_resolve(&source, copy, names, VC_LISTS_LAST, &path) < 0)
		give_up(line, source.diags->item[0].text);
	fact = find_fact(models, path);
	if (*rest == '=')
		r = vc_fact_parse(models->arena, vc_path_field(path), fact, rest + 1 + strspn(rest + 1, " "), "test");
	else
		r = vc_fact_parse_state(models->arena, vc_path_field(path), fact, rest, "test");
	if (r < 0)
		give_up(line, "no value or state of this fact");
}
