/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looking a path up while rules run. */
#include "rules/names.h"

#include <assert.h>

/* Stands for every fact of a side that was not given: nobody looked. As large as the largest kind of fact. */
static const union {
	struct vc_fact fact;
	struct vc_fact_version version;
	struct vc_fact_set set;
	struct vc_fact_list list;
	struct vc_fact_range range;
} nobody_looked;

static const void *
root_record(enum vc_root root, const struct vc_scope *scope)
{
	switch (root) {
	case VC_ROOT_HOST:
		return scope->host;
	case VC_ROOT_GUEST:
		return scope->guest;
	case VC_ROOT_EACH:
		return scope->each;
	case VC_ROOT_CHECK:
		return scope->verdict;
	}
	return NULL;
}

const struct vc_fact *
vc_path_follow(const struct vc_path *path, const struct vc_scope *scope, const struct vc_field **ret_field)
{
	const void *record = root_record(path->root, scope);

	assert(path->steps > 0);
	for (unsigned i = 0;; i++) {
		const struct vc_field *field = path->step[i];
		const struct vc_fact *fact = record ? vc_field_fact(field, record) : &nobody_looked.fact;

		/* A name of all records of a list ends there: no single fact is behind it. */
		if (i + 1 == path->steps || !vc_known(fact) || field->type != VC_TYPE_ref) {
			*ret_field = field;
			return fact;
		}
		record = ((const struct vc_fact_ref *)fact)->item;
	}
}

const struct vc_fact *
vc_path_resolve(const struct vc_path *path, const struct vc_scope *scope)
{
	const struct vc_field *field;

	return vc_path_follow(path, scope, &field);
}

bool
vc_path_same(const struct vc_path *a, const struct vc_path *b)
{
	if (a->root != b->root || a->steps != b->steps)
		return false;
	for (unsigned i = 0; i < a->steps; i++) {
		if (a->step[i] != b->step[i])
			return false;
	}
	return true;
}
