/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facts do not know their names: a name is needed only for what is shown, and is found by where the fact lies in
 * memory.
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

/* Whether @fact lies in the record or in the lists below it. */
static bool
holds(const struct vc_schema *schema, const void *record, const struct vc_fact *fact)
{
	if (lies_in(fact, record, schema->size))
		return true;
	for (size_t i = 0; i < schema->count; i++) {
		const struct vc_fact_list *list = list_of(&schema->field[i], record);

		for (size_t j = 0; list && j < list->count; j++) {
			if (holds(schema->field[i].item, record_of(&schema->field[i], list, j), fact))
				return true;
		}
	}
	return false;
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

static const struct vc_field *
name_in(const struct vc_schema *schema, const void *record, const struct vc_fact *fact, struct vc_buf *name)
{
	for (size_t i = 0; i < schema->count; i++) {
		const struct vc_field *field = &schema->field[i];
		const struct vc_fact_list *list;

		if (vc_field_fact(field, record) == fact) {
			vc_buf_add(name, field->name);
			return field;
		}
		list = list_of(field, record);
		for (size_t j = 0; list && j < list->count; j++) {
			const void *item = record_of(field, list, j);

			if (!holds(field->item, item, fact))
				continue;
			vc_buf_add(name, field->name);
			add_key(field->item, item, j, name);
			vc_buf_add(name, ".");
			return name_in(field->item, item, fact, name);
		}
	}
	return NULL;
}

const struct vc_field *
vc_fact_name(const struct vc_scope *scope, const struct vc_fact *fact, struct vc_buf *name)
{
	if (scope->host && holds(&vc_schema_host, scope->host, fact))
		return name_in(&vc_schema_host, scope->host, fact, name);
	if (scope->guest && holds(&vc_schema_guest, scope->guest, fact))
		return name_in(&vc_schema_guest, scope->guest, fact, name);
	if (scope->verdict && lies_in(fact, scope->verdict, sizeof(*scope->verdict))) {
		vc_buf_add(name, "check.");
		return name_in(&vc_schema_verdict, scope->verdict, fact, name);
	}
	return NULL;
}
