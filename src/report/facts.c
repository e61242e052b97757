/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The facts of the host. One walk over the tables serves both formats; names are the canonical ones that rules,
 * cases and reports use: host.pci.device[0000:01:00.0].driver.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "report/json.h"
#include "report/layout.h"

/* Records hold records hold records: nothing in the model is deeper. */
#define DEPTH_MAX 8

/* Name of record @index: the field that is its key, or its position. */
static void
add_record_name(struct vc_buf *out, const struct vc_schema *schema, const void *record, size_t index)
{
	const struct vc_field *key = schema->key ? vc_schema_find(schema, schema->key) : NULL;

	vc_buf_add(out, "[");
	if (key && vc_known(vc_field_fact(key, record)))
		vc_fact_format(out, key, vc_field_fact(key, record));
	else
		vc_buf_addf(out, "%zu", index);
	vc_buf_add(out, "]");
}

static const void *
record_at(const struct vc_fact_list *list, const struct vc_schema *schema, size_t index)
{
	return (const char *)list->item + index * schema->size;
}

static bool
begins_with(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

static const struct vc_fact_list *
known_list(const struct vc_field *field, const struct vc_fact *fact)
{
	return field->type == VC_TYPE_list && vc_known(fact) ? (const struct vc_fact_list *)fact : NULL;
}

/* --- text --- */

struct text_writer {
	const struct vc_host *host;
	const char *prefix;
	const struct vc_style *style;
	struct vc_buf *out;
	size_t count;
};

static void
write_text_fact(struct text_writer *writer, const char *name, const struct vc_field *field,
		const struct vc_fact *fact, unsigned depth)
{
	struct vc_buf *out = writer->out;

	writer->count++;
	vc_layout_pad(out, 2 * depth);
	vc_buf_add_safe(out, name, 0);
	if (!vc_known(fact)) {
		vc_buf_add(out, ": ");
		vc_layout_add(out, writer->style,
			      fact->state == VC_ABSENT ? VC_ROLE_PLAIN : VC_ROLE_UNDECIDED, vc_fact_reason(fact));
		if (fact->from && fact->state != VC_ABSENT) {
			vc_buf_add(out, " (");
			vc_buf_add_safe(out, fact->from, 0);
			vc_buf_add(out, ")");
		}
		if (fact->state == VC_UNREADABLE && vc_host_hint(writer->host, field->needs, fact))
			vc_buf_addf(out, "; %s", vc_host_hint(writer->host, field->needs, fact));
	} else {
		vc_buf_add(out, " = ");
		vc_fact_format(out, field, fact);
		if (writer->style->loudness == VC_VERBOSE && fact->from) {
			vc_buf_add(out, "  (");
			vc_buf_add_safe(out, fact->from, 0);
			vc_buf_add(out, ")");
		}
	}
	vc_buf_add(out, "\n");
}

static void
walk_text(struct text_writer *writer, const struct vc_schema *schema, const void *record, struct vc_buf *name,
	  unsigned depth)
{
	size_t stem = name->length;

	for (size_t i = 0; i < schema->count && depth < DEPTH_MAX; i++) {
		const struct vc_field *field = &schema->field[i];
		const struct vc_fact *fact = vc_field_fact(field, record);
		const struct vc_fact_list *list = known_list(field, fact);
		size_t whole;

		vc_buf_addf(name, "%s%s", stem > 0 ? "." : "", field->name);
		whole = name->length;
		if (begins_with(vc_buf_text(name), writer->prefix))
			write_text_fact(writer, vc_buf_text(name), field, fact, depth);
		for (size_t j = 0; list && j < list->count; j++) {
			const void *item = record_at(list, field->item, j);

			add_record_name(name, field->item, item, j);
			walk_text(writer, field->item, item, name, depth + 1);
			name->length = whole;
		}
		name->length = stem;
	}
}

size_t
vc_facts_text(const struct vc_host *host, const char *prefix, const struct vc_style *style, struct vc_buf *out)
{
	struct text_writer writer = { .host = host, .prefix = prefix, .style = style, .out = out };
	_cleanup_buf_ struct vc_buf name = { 0 };

	walk_text(&writer, &vc_schema_host, host, &name, 0);
	return writer.count;
}

/* --- JSON --- */

struct json_walk {
	const struct vc_host *host;
	const char *prefix;
	size_t count;
};

static struct json_object *
make_formatted(const struct vc_field *field, const struct vc_fact *fact)
{
	_cleanup_buf_ struct vc_buf text = { 0 };

	vc_fact_format(&text, field, fact);
	return vc_json_text(vc_buf_text(&text));
}

/* Numbers are text: exact, decimal unless they are addresses or register contents. */
static struct json_object *
make_number(const struct vc_field *field, uint64_t value)
{
	_cleanup_buf_ struct vc_buf text = { 0 };

	if (field->unit == VC_UNIT_address || field->unit == VC_UNIT_hex)
		vc_number_format(&text, value, field->unit);
	else
		vc_number_format(&text, value, VC_UNIT_none);
	return vc_json_text(vc_buf_text(&text));
}

static struct json_object *
make_range(struct vc_range range)
{
	struct json_object *object = json_object_new_object();
	char text[32];

	snprintf(text, sizeof(text), "0x%" PRIx64, range.first);
	vc_json_add_text(object, "first", text);
	snprintf(text, sizeof(text), "0x%" PRIx64, range.last);
	vc_json_add_text(object, "last", text);
	return object;
}

static struct json_object *
make_set(const struct vc_fact_set *set)
{
	struct json_object *words = json_object_new_array();

	for (size_t i = 0; i < set->count; i++)
		json_object_array_add(words, vc_json_text(set->word[i]));
	return words;
}

/* A list is made by walk_json(), which knows the names. */
static struct json_object *
make_value(const struct vc_field *field, const struct vc_fact *fact)
{
	switch (field->type) {
	case VC_TYPE_flag:
		return json_object_new_boolean(((const struct vc_fact_flag *)fact)->value);
	case VC_TYPE_number:
		return make_number(field, ((const struct vc_fact_number *)fact)->value);
	case VC_TYPE_text:
		return vc_json_text(((const struct vc_fact_text *)fact)->value);
	case VC_TYPE_range:
		return make_range(((const struct vc_fact_range *)fact)->value);
	case VC_TYPE_set:
		return make_set((const struct vc_fact_set *)fact);
	case VC_TYPE_version:
	case VC_TYPE_ref:
	case VC_TYPE_list:
		break;
	}
	return make_formatted(field, fact);
}

static const char *const state_names[] = {
	[VC_UNREAD] = "unread",
	[VC_KNOWN] = "known",
	[VC_ABSENT] = "absent",
	[VC_UNREADABLE] = "unreadable",
};

static struct json_object *
make_fact(const struct vc_host *host, const struct vc_field *field, const struct vc_fact *fact,
	  struct json_object *value)
{
	struct json_object *object = json_object_new_object();

	vc_json_add_text(object, "state", state_names[fact->state]);
	if (vc_known(fact)) {
		json_object_object_add(object, "value", value ? value : make_value(field, fact));
	} else {
		vc_json_add_text(object, "reason", vc_fact_reason(fact));
		vc_json_add_text(object, "hint",
				 fact->state == VC_UNREADABLE ? vc_host_hint(host, field->needs, fact) : NULL);
	}
	vc_json_add_text(object, "from", fact->from);
	return object;
}

static struct json_object *walk_json(struct json_walk *walk, const struct vc_schema *schema, const void *record,
				     struct vc_buf *name, unsigned depth);

/* The records of a list that hold something asked for. */
static struct json_object *
make_records(struct json_walk *walk, const struct vc_schema *schema, const struct vc_fact_list *list,
	     struct vc_buf *name, unsigned depth)
{
	struct json_object *records = json_object_new_array();
	size_t whole = name->length;

	for (size_t i = 0; i < list->count; i++) {
		const void *item = record_at(list, schema, i);
		struct json_object *record;

		add_record_name(name, schema, item, i);
		record = walk_json(walk, schema, item, name, depth + 1);
		if (json_object_object_length(record) > 0)
			json_object_array_add(records, record);
		else
			json_object_put(record);
		name->length = whole;
	}
	return records;
}

static struct json_object *
walk_json(struct json_walk *walk, const struct vc_schema *schema, const void *record, struct vc_buf *name,
	  unsigned depth)
{
	struct json_object *facts = json_object_new_object();
	size_t stem = name->length;

	for (size_t i = 0; i < schema->count && depth < DEPTH_MAX; i++) {
		const struct vc_field *field = &schema->field[i];
		const struct vc_fact *fact = vc_field_fact(field, record);
		const struct vc_fact_list *list = known_list(field, fact);
		struct json_object *records = NULL;
		size_t before = walk->count;

		vc_buf_addf(name, "%s%s", stem > 0 ? "." : "", field->name);
		if (begins_with(vc_buf_text(name), walk->prefix))
			walk->count++;
		if (list)
			records = make_records(walk, field->item, list, name, depth);
		if (walk->count > before)
			json_object_object_add(facts, field->name, make_fact(walk->host, field, fact, records));
		else
			json_object_put(records);
		name->length = stem;
	}
	return facts;
}

size_t
vc_facts_json(const struct vc_report *report, const char *prefix, struct vc_buf *out)
{
	_cleanup_json_ struct json_object *object = vc_json_begin("vhostcheck-facts");
	struct json_walk walk = { .host = report->host, .prefix = prefix };
	_cleanup_buf_ struct vc_buf name = { 0 };

	json_object_object_add(object, "host", vc_json_host(report));
	json_object_object_add(object, "facts", walk_json(&walk, &vc_schema_host, report->host, &name, 0));
	vc_json_write(object, out);
	return walk.count;
}
