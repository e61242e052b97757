/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/template.h"

#include <errno.h>
#include <string.h>

#include "base/suggest.h"
#include "rules/names.h"
#include "rules/words.h"

/* Far more than a sentence holds. */
#define FACTS_MAX 64

static const struct {
	const char *name;
	enum vc_unit unit;
} forms[] = {
	{ .name = "hex", .unit = VC_UNIT_hex },
	{ .name = "dec", .unit = VC_UNIT_none },
	{ .name = "size", .unit = VC_UNIT_bytes },
};

static int
parse_form(const struct vc_source *source, const char *form, struct vc_template_part *part)
{
	struct vc_suggest suggest;

	vc_suggest_init(&suggest, form);
	for (size_t i = 0; i < VC_COUNT(forms); i++) {
		vc_suggest_offer(&suggest, forms[i].name);
		if (strcmp(form, forms[i].name) != 0)
			continue;
		if (vc_path_field(part->path)->type != VC_TYPE_number) {
			vc_diag_add(source->diags, source->file, source->line,
				    "'%s' is %s; ':%s' needs a number", part->path->text,
				    vc_type_name(vc_path_field(part->path)->type), form);
			return -EINVAL;
		}
		part->unit = forms[i].unit;
		return 0;
	}
	vc_diag_add(source->diags, source->file, source->line,
		    "a number cannot be shown as '%s'; did you mean '%s'?", form,
		    suggest.best ? suggest.best : "hex");
	return -EINVAL;
}

/* What stands between braces: fact, or fact:form. */
static int
parse_braces(const struct vc_source *source, const char *text, size_t length,
	     const struct vc_names_scope *names, struct vc_template_part *part)
{
	const char *colon = memchr(text, ':', length);
	size_t name_length = colon ? (size_t)(colon - text) : length;
	const char *name = vc_arena_strndup(source->arena, text, name_length);
	int r;

	r = vc_path_parse_lists(name, names, VC_LISTS_LAST, source, &part->path);
	if (r < 0)
		return r;
	part->unit = vc_path_field(part->path)->unit;
	if (!colon)
		return 0;
	return parse_form(source, vc_arena_strndup(source->arena, colon + 1, length - name_length - 1), part);
}

static void
flush_text(struct vc_buf *literal, struct vc_arena *arena, struct vc_template *template)
{
	struct vc_template_part *part;

	if (literal->length == 0)
		return;
	part = vc_arena_append(arena, (void **)&template->part, &template->count, sizeof(*part));
	part->text = vc_arena_strndup(arena, literal->text, literal->length);
	literal->length = 0;
}

int
vc_template_parse(const char *text, const struct vc_names_scope *names, const char *file, int line,
		  struct vc_arena *arena, struct vc_diags *diags, struct vc_template *ret_template)
{
	struct vc_source source = { .file = file, .line = line, .arena = arena, .diags = diags };
	_cleanup_buf_ struct vc_buf literal = { 0 };
	struct vc_template template = { 0 };
	unsigned facts = 0;
	int result = 0;

	for (const char *at = text; *at;) {
		struct vc_template_part part = { 0 }, *item;
		size_t length;

		source.line += *at == '\n';
		if ((*at == '{' || *at == '}') && at[1] == *at) {
			vc_buf_add_n(&literal, at, 1);
			at += 2;
			continue;
		}
		if (*at == '}') {
			vc_diag_add(diags, file, source.line,
				    "'}' closes nothing; write '}}' for the character itself");
			return -EINVAL;
		}
		if (*at != '{') {
			vc_buf_add_n(&literal, at++, 1);
			continue;
		}
		length = strcspn(at + 1, "{}");
		if (at[1 + length] != '}') {
			vc_diag_add(diags, file, source.line,
				    "'%.20s' has no closing '}'; write '{{' for the character itself", at);
			return -EINVAL;
		}
		if (facts++ == FACTS_MAX) {
			vc_diag_add(diags, file, source.line, "the text names more than %d facts", FACTS_MAX);
			return -EINVAL;
		}
		if (parse_braces(&source, at + 1, length, names, &part) < 0) {
			result = -EINVAL;
		} else {
			flush_text(&literal, arena, &template);
			item = vc_arena_append(arena, (void **)&template.part, &template.count,
					       sizeof(*item));
			*item = part;
		}
		at += length + 2;
	}
	if (result < 0)
		return result;
	flush_text(&literal, arena, &template);
	*ret_template = template;
	return 0;
}

static void
add_shell_word(struct vc_buf *buf, const char *text)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:=@%+,-";

	if (text[0] != '\0' && text[strspn(text, plain)] == '\0') {
		vc_buf_add(buf, text);
		return;
	}
	vc_buf_add(buf, "'");
	for (; *text; text++) {
		if (*text == '\'')
			vc_buf_add(buf, "'\\''");
		else
			vc_buf_add_n(buf, text, 1);
	}
	vc_buf_add(buf, "'");
}

static void
format_part(const struct vc_template_part *part, const struct vc_scope *scope, struct vc_buf *buf)
{
	const struct vc_field *field;
	const struct vc_fact *fact = vc_path_follow(part->path, scope, &field);

	if (!vc_known(fact))
		vc_buf_addf(buf, "(%s)", vc_fact_reason(fact));
	else if (field->type == VC_TYPE_number)
		vc_number_format(buf, ((const struct vc_fact_number *)fact)->value, part->unit);
	else
		vc_fact_format(buf, field, fact);
}

void
vc_template_render(const struct vc_template *template, const struct vc_scope *scope, struct vc_buf *buf)
{
	for (size_t i = 0; i < template->count; i++) {
		if (template->part[i].text)
			vc_buf_add(buf, template->part[i].text);
		else
			format_part(&template->part[i], scope, buf);
	}
}

void
vc_template_render_command(const struct vc_template *template, const struct vc_scope *scope,
			   struct vc_buf *buf)
{
	for (size_t i = 0; i < template->count; i++) {
		_cleanup_buf_ struct vc_buf value = { 0 };

		if (template->part[i].text) {
			vc_buf_add(buf, template->part[i].text);
			continue;
		}
		format_part(&template->part[i], scope, &value);
		add_shell_word(buf, vc_buf_text(&value));
	}
}
