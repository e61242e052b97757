/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facts do not know their names: a name is needed only for what is shown, and is found by where the fact lies
 * in memory.
 */
#include "rules/fact-name.h"

#include <stdint.h>

static bool
lies_in(const void *fact, const void *memory, size_t size)
{
	uintptr_t at = (uintptr_t)fact, start = (uintptr_t)memory;

	return at >= start && at - start < size;
}

static const struct vc_fact_list *
list_of(const struct vc_field *field, const void *record)
{
	const struct vc_fact_list *list;

	if (field->type != VC_TYPE_list)
		return NULL;
	list = (const struct vc_fact_list *)vc_field_fact(field, record);
	return vc_known(&list->fact) && list->count > 0 ? list : NULL;
}

/* The record of a list, as large as its schema says. */
static const void *
record_of(const struct vc_field *field, const struct vc_fact_list *list, size_t index)
{
	return (const char *)list->item + index * field->item->size;
}

/* "[0000:01:00.0]": what names the record, or its position. */
static void
add_key(const struct vc_schema *schema, const void *record, size_t index, struct vc_buf *name)
{
	const struct vc_field *key = schema->key ? vc_schema_find(schema, schema->key) : NULL;
	const struct vc_fact *fact = key ? vc_field_fact(key, record) : NULL;

	vc_buf_add(name, "[");
	if (fact && vc_known(fact))
		vc_fact_format(name, key, fact);
	else
		vc_buf_addf(name, "%zu", index);
	vc_buf_add(name, "]");
}

static size_t find_below(const struct vc_field *field, const struct vc_fact_list *list,
			 const struct vc_fact *fact);

/* Whether @fact lies in the list @nested of a record, or in a list below that. */
static bool
holds(const struct vc_field *nested, const void *record, const struct vc_fact *fact)
{
	const struct vc_fact_list *list = list_of(nested, record);

	return list && (lies_in(fact, list->item, list->count * nested->item->size) ||
			find_below(nested, list, fact) < list->count);
}

/* The record of the list that has @fact in a list of its own. SIZE_MAX if none has. */
static size_t
find_below(const struct vc_field *field, const struct vc_fact_list *list, const struct vc_fact *fact)
{
	/* Field by field: of dozens that a device has few are lists. */
	for (size_t i = 0; i < field->item->count; i++) {
		const struct vc_field *nested = &field->item->field[i];

		for (size_t j = 0; nested->type == VC_TYPE_list && j < list->count; j++) {
			if (holds(nested, record_of(field, list, j), fact))
				return j;
		}
	}
	return SIZE_MAX;
}

static const struct vc_field *name_in(const struct vc_schema *schema, const void *record,
				      const struct vc_fact *fact, struct vc_buf *name);

static const struct vc_field *
name_in_list(const struct vc_field *field, const struct vc_fact_list *list, size_t index,
	     const struct vc_fact *fact, struct vc_buf *name)
{
	const void *record = record_of(field, list, index);

	vc_buf_add(name, field->name);
	add_key(field->item, record, index, name);
	vc_buf_add(name, ".");
	return name_in(field->item, record, fact, name);
}

static const struct vc_field *
name_in(const struct vc_schema *schema, const void *record, const struct vc_fact *fact, struct vc_buf *name)
{
	bool own = lies_in(fact, record, schema->size);

	for (size_t i = 0; i < schema->count; i++) {
		const struct vc_field *field = &schema->field[i];
		const struct vc_fact_list *list = own ? NULL : list_of(field, record);

		if (own && vc_field_fact(field, record) == fact) {
			vc_buf_add(name, field->name);
			return field;
		}
		/* Records lie side by side, so hundreds of devices need no search; only what is below one
		 * does. */
		if (list && lies_in(fact, list->item, list->count * field->item->size))
			return name_in_list(field, list,
					    ((uintptr_t)fact - (uintptr_t)list->item) / field->item->size,
					    fact, name);
	}
	for (size_t i = 0; !own && i < schema->count; i++) {
		const struct vc_fact_list *list = list_of(&schema->field[i], record);
		size_t index = list ? find_below(&schema->field[i], list, fact) : SIZE_MAX;

		if (index != SIZE_MAX)
			return name_in_list(&schema->field[i], list, index, fact, name);
	}
	return NULL;
}

const struct vc_field *
vc_fact_name(const struct vc_scope *scope, const struct vc_fact *fact, struct vc_buf *name)
{
	const struct vc_field *field = NULL;

	if (scope->verdict && lies_in(fact, scope->verdict, sizeof(*scope->verdict))) {
		vc_buf_add(name, "check.");
		return name_in(&vc_schema_verdict, scope->verdict, fact, name);
	}
	/* The guest first: it is small. */
	if (scope->guest)
		field = name_in(&vc_schema_guest, scope->guest, fact, name);
	if (!field && scope->host)
		field = name_in(&vc_schema_host, scope->host, fact, name);
	return field;
}
