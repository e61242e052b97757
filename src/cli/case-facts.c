/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Facts set by hand: finds a fact of the host model by its name, makes the records on the way, sets it. */
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "base/number.h"
#include "base/suggest.h"
#include "cli/case.h"

struct setter {
	struct vc_host *host;
	struct vc_arena *arena;
	struct vc_diags *diags;
	const char *file;
	int line;
	const char *from; /* source of every fact set here */
};

static _printf_(2, 3) int
complain(struct setter *setter, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vc_diag_add(setter->diags, setter->file, setter->line, "%s",
		    vc_arena_vprintf(setter->arena, format, args));
	va_end(args);
	return -EINVAL;
}

/* A list grew and moved: what pointed into its old memory follows. Only PCI devices refer to other records. */
static void
follow_moved(struct vc_host *host, const struct vc_schema *schema, const void *old, size_t count, const void *new)
{
	for (size_t i = 0; i < host->pci.count; i++) {
		struct vc_pci *pci = (struct vc_pci *)host->pci.item + i;

		for (size_t f = 0; f < vc_schema_pci.count; f++) {
			const struct vc_field *field = &vc_schema_pci.field[f];
			struct vc_fact_ref *ref;
			uintptr_t offset;

			if (field->type != VC_TYPE_ref || field->item != schema)
				continue;
			ref = (struct vc_fact_ref *)vc_field_fact(field, pci);
			offset = (uintptr_t)ref->item - (uintptr_t)old;
			if (vc_known(&ref->fact) && offset < count * schema->size)
				ref->item = (const char *)new + offset;
		}
	}
}

static int set_value(struct setter *setter, const struct vc_field *field, struct vc_fact *fact, const char *value);

/* The record of @list that @key names, made if it is not there. NULL with a diagnostic if it cannot be. */
static void *
find_record(struct setter *setter, const struct vc_field *field, struct vc_fact_list *list, const char *key)
{
	const struct vc_schema *schema = field->item;
	const struct vc_field *key_field = schema->key ? vc_schema_find(schema, schema->key) : NULL;
	const void *old = list->item;
	size_t old_count = list->count;
	uint64_t position;
	void *record;

	if (!key_field) {
		if (vc_parse_u64(key, VC_BASE_DEC, &position) < 0 || position > list->count) {
			complain(setter, "'%s' is not the number of a record, or leaves a gap", key);
			return NULL;
		}
		if (position < list->count)
			return (char *)list->item + position * schema->size;
	}
	for (size_t i = 0; key_field && i < list->count; i++) {
		_cleanup_buf_ struct vc_buf text = { 0 };

		record = (char *)list->item + i * schema->size;
		vc_fact_format(&text, key_field, vc_field_fact(key_field, record));
		if (strcmp(vc_buf_text(&text), key) == 0)
			return record;
	}
	record = vc_list_append(setter->arena, list, schema->size, setter->from);
	if (list->item != old)
		follow_moved(setter->host, schema, old, old_count, list->item);
	if (key_field && set_value(setter, key_field, vc_field_fact(key_field, record), key) < 0)
		return NULL;
	return record;
}

static const struct vc_field *
find_field(struct setter *setter, const struct vc_schema *schema, const char *name)
{
	const struct vc_field *field = vc_schema_find(schema, name);
	struct vc_suggest suggest;

	if (field)
		return field;
	vc_suggest_init(&suggest, name);
	for (size_t i = 0; i < schema->count; i++)
		vc_suggest_offer(&suggest, schema->field[i].name);
	complain(setter, "no fact '%s' of %s%s%s%s", name, schema->name, suggest.best ? "; did you mean '" : "",
		 suggest.best ? suggest.best : "", suggest.best ? "'?" : "");
	return NULL;
}

/* "host.pci.device[0000:01:00.0].driver": lists are entered by [key], the rest is a field name. */
static int
find_fact(struct setter *setter, const char *path, const struct vc_field **ret_field, struct vc_fact **ret_fact)
{
	const struct vc_schema *schema = &vc_schema_host;
	char *record = (char *)setter->host;

	for (;;) {
		const char *open = strchr(path, '['), *close;
		const struct vc_field *field;
		const char *key;

		if (!open) {
			field = find_field(setter, schema, path);
			if (!field)
				return -EINVAL;
			*ret_field = field;
			*ret_fact = vc_field_fact(field, record);
			return 0;
		}
		close = strchr(open, ']');
		if (!close || close[1] != '.')
			return complain(setter, "'%s' lacks '].'", path);
		field = find_field(setter, schema, vc_arena_strndup(setter->arena, path, (size_t)(open - path)));
		if (!field)
			return -EINVAL;
		if (field->type != VC_TYPE_list)
			return complain(setter, "'%s' is not a list", field->name);
		key = vc_arena_strndup(setter->arena, open + 1, (size_t)(close - open - 1));
		record = find_record(setter, field, (struct vc_fact_list *)vc_field_fact(field, record), key);
		if (!record)
			return -EINVAL;
		schema = field->item;
		path = close + 2;
	}
}

/* A reference is set by the key of a record in the host's list of that schema. */
static int
set_ref(struct setter *setter, const struct vc_field *field, struct vc_fact_ref *fact, const char *key)
{
	for (size_t i = 0; i < vc_schema_host.count; i++) {
		const struct vc_field *list = &vc_schema_host.field[i];
		void *record;

		if (list->type != VC_TYPE_list || list->item != field->item)
			continue;
		record = find_record(setter, list, (struct vc_fact_list *)vc_field_fact(list, setter->host), key);
		if (!record)
			return -EINVAL;
		vc_set_ref(fact, record, setter->from);
		return 0;
	}
	return complain(setter, "'%s' cannot be set", field->name);
}

static int
set_value(struct setter *setter, const struct vc_field *field, struct vc_fact *fact, const char *value)
{
	if (field->type == VC_TYPE_ref)
		return set_ref(setter, field, (struct vc_fact_ref *)fact, value);
	if (vc_fact_parse(setter->arena, field, fact, value, setter->from) < 0)
		return complain(setter, "'%s' is not a value of '%s'", value, field->name);
	return 0;
}

/* What follows the path: "= value", "absent", "unreadable EACCES", "unread", "none". */
static int
set_state(struct setter *setter, const struct vc_field *field, struct vc_fact *fact, const char *rest)
{
	if (rest[0] == '=')
		return set_value(setter, field, fact, rest + 1 + strspn(rest + 1, " "));
	if (vc_fact_parse_state(setter->arena, field, fact, rest, setter->from) < 0)
		return complain(setter, "'%s' is not '= value', 'absent', 'unreadable ERRNO', 'unread' or 'none'",
				rest);
	return 0;
}

int
vc_case_set_fact(struct vc_host *host, const char *text, const char *file, int line, struct vc_arena *arena,
		 struct vc_diags *diags)
{
	struct setter setter = {
		.host = host,
		.arena = arena,
		.diags = diags,
		.file = file,
		.line = line,
		.from = vc_arena_printf(arena, "%s:%d", file, line),
	};
	size_t length = strcspn(text, " ");
	const char *rest = text + length + strspn(text + length, " ");
	const struct vc_field *field = NULL;
	struct vc_fact *fact = NULL;
	int r;

	r = find_fact(&setter, vc_arena_strndup(arena, text, length), &field, &fact);
	if (r < 0)
		return r;
	return set_state(&setter, field, fact, rest);
}
