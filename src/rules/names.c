/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/names.h"

#include <errno.h>
#include <string.h>

#include "base/suggest.h"
#include "checks/check.h"

/*
 * The field that @text is, or begins with: the longest one, because the host's names have dots of their own
 * ("host.cpu.model" and "host.cpu.model_name"). Only what leads to other records may be the beginning.
 */
static const struct vc_field *
match_field(const struct vc_schema *schema, const char *text, size_t *ret_length)
{
	const struct vc_field *best = NULL;
	size_t best_length = 0;

	for (size_t i = 0; i < schema->count; i++) {
		const struct vc_field *field = &schema->field[i];
		size_t length = strlen(field->name);

		if (length <= best_length || strncmp(text, field->name, length) != 0)
			continue;
		if (text[length] == '\0' || (text[length] == '.' && field->item)) {
			best = field;
			best_length = length;
		}
	}
	*ret_length = best_length;
	return best;
}

static void
offer_fields(struct vc_suggest *suggest, struct vc_arena *arena, const char *prefix, size_t prefix_length,
	     const struct vc_schema *schema, const char *tail)
{
	for (size_t i = 0; i < schema->count; i++) {
		/* What leads nowhere has no tail. */
		if (tail[0] == '\0' || schema->field[i].item)
			vc_suggest_offer(suggest, vc_arena_printf(arena, "%.*s%s%s", (int)prefix_length,
								  prefix, schema->field[i].name, tail));
	}
}

static int
unknown_name(const struct vc_source *source, const char *text, const struct vc_suggest *suggest)
{
	if (suggest->best)
		vc_diag_add(source->diags, source->file, source->line,
			    "there is no fact '%s'; did you mean '%s'?", text, suggest->best);
	else
		vc_diag_add(source->diags, source->file, source->line, "there is no fact '%s'", text);
	return -EINVAL;
}

/* A name of which not even the first part is known: every fact that may be named here is a candidate. */
static int
unknown_root(const struct vc_source *source, const char *text, const struct vc_names_scope *names)
{
	struct vc_suggest suggest;

	vc_suggest_init(&suggest, text);
	offer_fields(&suggest, source->arena, "", 0, &vc_schema_host, "");
	if (names->guest)
		offer_fields(&suggest, source->arena, "", 0, &vc_schema_guest, "");
	if (names->each)
		offer_fields(&suggest, source->arena, "each.", 5, names->each, "");
	if (names->check)
		offer_fields(&suggest, source->arena, "check.", 6, &vc_schema_verdict, "");
	return unknown_name(source, text, &suggest);
}

/* A name whose part at @rest is no field of @schema. */
static int
unknown_field(const struct vc_source *source, const char *text, const char *rest,
	      const struct vc_schema *schema)
{
	const char *dot = strchr(rest, '.');
	struct vc_suggest suggest;

	vc_suggest_init(&suggest, text);
	offer_fields(&suggest, source->arena, text, (size_t)(rest - text), schema, "");
	if (dot)
		offer_fields(&suggest, source->arena, text, (size_t)(rest - text), schema, dot);
	return unknown_name(source, text, &suggest);
}

/* The schema that @text starts in, and where in @text its names begin. NULL after a diagnostic. */
static const struct vc_schema *
find_root(const struct vc_source *source, const char *text, const struct vc_names_scope *names,
	  enum vc_root *ret_root, const char **ret_rest)
{
	size_t length;

	if (strncmp(text, "each.", 5) == 0) {
		if (!names->each) {
			vc_diag_add(source->diags, source->file, source->line,
				    "'%s' is a fact of the records of <each>, and this rule has no <each>",
				    text);
			return NULL;
		}
		*ret_root = VC_ROOT_EACH;
		*ret_rest = text + 5;
		return names->each;
	}
	if (strncmp(text, "check.", 6) == 0) {
		if (!names->check) {
			vc_diag_add(
				source->diags, source->file, source->line,
				"'%s' is a result of a check: it is known only in <says> and <fix> of a rule "
				"with check=",
				text);
			return NULL;
		}
		*ret_root = VC_ROOT_CHECK;
		*ret_rest = text + 6;
		return &vc_schema_verdict;
	}
	*ret_rest = text;
	if (match_field(&vc_schema_host, text, &length)) {
		*ret_root = VC_ROOT_HOST;
		return &vc_schema_host;
	}
	if (match_field(&vc_schema_guest, text, &length)) {
		if (!names->guest) {
			vc_diag_add(source->diags, source->file, source->line,
				    "'%s' is a fact of the domain, which a rule with scope=\"host\" has not",
				    text);
			return NULL;
		}
		*ret_root = VC_ROOT_GUEST;
		return &vc_schema_guest;
	}
	(void)unknown_root(source, text, names);
	return NULL;
}

static int
refuse_list(const struct vc_source *source, const char *text, const char *list, size_t list_length)
{
	vc_diag_add(source->diags, source->file, source->line,
		    "'%s': %.*s is a list; name it in <each> and write each.NAME for a fact of its records",
		    text, (int)list_length, list);
	return -EINVAL;
}

int
vc_names_resolve(const struct vc_source *source, const char *text, const struct vc_names_scope *names,
		 enum vc_names_lists lists, const struct vc_path **ret_path)
{
	struct vc_path path = { .text = text }, *kept;
	const struct vc_schema *schema;
	const char *rest;

	schema = find_root(source, text, names, &path.root, &rest);
	if (!schema)
		return -EINVAL;
	for (;;) {
		const struct vc_field *field;
		size_t length;

		field = match_field(schema, rest, &length);
		if (!field)
			return unknown_field(source, text, rest, schema);
		if (path.steps == VC_PATH_MAX) {
			vc_diag_add(source->diags, source->file, source->line,
				    "'%s' follows more than %d references", text, VC_PATH_MAX - 1);
			return -EINVAL;
		}
		path.step[path.steps++] = field;
		if (field->type == VC_TYPE_list &&
		    (lists == VC_LISTS_REFUSED || (lists == VC_LISTS_LAST && rest[length] != '\0')))
			return refuse_list(source, text, text, (size_t)(rest - text) + length);
		if (rest[length] == '\0')
			break;
		schema = field->item;
		rest += length + 1;
	}
	kept = vc_arena_make(source->arena, struct vc_path);
	*kept = path;
	*ret_path = kept;
	return 0;
}

/* A fact name is one word; says what else stands there. */
static int
check_word(const struct vc_source *source, const char *text)
{
	if (text[0] == '\0') {
		vc_diag_add(source->diags, source->file, source->line, "the name of a fact is missing");
		return -EINVAL;
	}
	if (strchr(text, ' ')) {
		vc_diag_add(source->diags, source->file, source->line, "'%s' should be the name of one fact",
			    text);
		return -EINVAL;
	}
	return 0;
}

int
vc_path_parse_lists(const char *text, const struct vc_names_scope *names, enum vc_names_lists lists,
		    const struct vc_source *source, const struct vc_path **ret_path)
{
	const char *word = vc_text_fold(source->arena, text, strlen(text));
	int r = check_word(source, word);

	if (r < 0)
		return r;
	return vc_names_resolve(source, word, names, lists, ret_path);
}

int
vc_path_parse(const char *text, const struct vc_names_scope *names, const char *file, int line,
	      struct vc_arena *arena, struct vc_diags *diags, const struct vc_path **ret_path)
{
	const struct vc_source source = { .file = file, .line = line, .arena = arena, .diags = diags };

	return vc_path_parse_lists(text, names, VC_LISTS_REFUSED, &source, ret_path);
}

char *
vc_text_fold(struct vc_arena *arena, const char *text, size_t length)
{
	char *folded = vc_arena_alloc(arena, length + 1);
	size_t used = 0;

	for (size_t i = 0; i < length; i++) {
		if (!strchr(" \t\r\n", text[i]))
			folded[used++] = text[i];
		else if (used > 0 && folded[used - 1] != ' ')
			folded[used++] = ' ';
	}
	if (used > 0 && folded[used - 1] == ' ')
		used--;
	folded[used] = '\0';
	return folded;
}
