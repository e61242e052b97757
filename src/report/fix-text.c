/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/fix-text.h"

#include <string.h>

#include "rules/template.h"

typedef void render_fn(const struct vc_template *template, const struct vc_scope *scope, struct vc_buf *buf);

/* NULL for an empty template: the rule says nothing there. */
static const char *
render_by(render_fn *fn, const struct vc_template *template, const struct vc_fix_input *input)
{
	_cleanup_buf_ struct vc_buf text = { 0 };

	if (template->count == 0)
		return NULL;
	fn(template, input->scope, &text);
	return vc_arena_strndup(input->arena, vc_buf_text(&text), text.length);
}

static const char *
render(const struct vc_template *template, const struct vc_fix_input *input)
{
	return render_by(vc_template_render, template, input);
}

/* For text that people paste into a shell. */
static const char *
render_command(const struct vc_template *template, const struct vc_fix_input *input)
{
	return render_by(vc_template_render_command, template, input);
}

/* The first fact in @template that is not known, or NULL. */
static const struct vc_path *
find_unknown(const struct vc_template *template, const struct vc_scope *scope)
{
	for (size_t i = 0; i < template->count; i++) {
		const struct vc_template_part *part = &template->part[i];

		if (!part->text && !vc_known(vc_path_resolve(&part->path, scope)))
			return &part->path;
	}
	return NULL;
}

/* Every template of an action that must be known before anyone may act on it. */
static const struct vc_path *
find_unknown_of_action(const struct vc_action *action, const struct vc_scope *scope)
{
	const struct vc_template *const templates[] = { &action->value, &action->xml_template, &action->persist,
							&action->undo };

	for (size_t i = 0; i < VC_COUNT(templates); i++) {
		const struct vc_path *path = find_unknown(templates[i], scope);

		if (path)
			return path;
	}
	return NULL;
}

const char *
vc_template_source(const struct vc_template *template, struct vc_arena *arena)
{
	_cleanup_buf_ struct vc_buf text = { 0 };

	for (size_t i = 0; i < template->count; i++) {
		if (template->part[i].text)
			vc_buf_add(&text, template->part[i].text);
		else
			vc_buf_addf(&text, "{%s}", template->part[i].path.text);
	}
	return vc_arena_strndup(arena, vc_buf_text(&text), text.length);
}

const char *
vc_action_words(const struct vc_action *action, const char *value, struct vc_arena *arena)
{
	const char *select = action->select && *action->select ? action->select : NULL;

	switch (action->verb) {
	case VC_VERB_SET:
		if (!action->attribute)
			return vc_arena_printf(arena, "set the text of %s to %s", select ? select : "the element",
					       value);
		return vc_arena_printf(arena, "set %s%s@%s to %s", select ? select : "", select ? "/" : "",
				       action->attribute, value);
	case VC_VERB_REMOVE:
		return vc_arena_printf(arena, "remove %s", select ? select : "the element");
	case VC_VERB_INSERT:
		return vc_arena_printf(arena, "insert into %s: %s", select ? select : "the element", value);
	case VC_VERB_COMMAND:
	case VC_VERB_SETTING:
	case VC_VERB_ADVICE:
		break;
	}
	return value;
}

static bool
is_domain_verb(enum vc_verb verb)
{
	return verb == VC_VERB_SET || verb == VC_VERB_REMOVE || verb == VC_VERB_INSERT;
}

static void
add_command(const struct vc_action *action, const struct vc_fix_input *input, struct vc_fix_text *text)
{
	struct vc_fix_command *command = vc_arena_append(input->arena, (void **)&text->command, &text->commands,
							 sizeof(*command));

	*command = (struct vc_fix_command){
		.command = render_command(&action->value, input),
		.persist = render_command(&action->persist, input),
		.undo = render_command(&action->undo, input),
		.costs = action->costs,
		.reboot = action->reboot,
	};
}

static void
add_line(struct vc_fix_text *text, const struct vc_fix_input *input, const char *line)
{
	const char **slot = vc_arena_append(input->arena, (void **)&text->line, &text->lines, sizeof(*slot));

	*slot = line;
}

/* An action whose values are not all known is described, never offered for pasting. */
static void
add_unknown(const struct vc_action *action, const struct vc_path *path, const struct vc_fix_input *input,
	    struct vc_fix_text *text)
{
	const struct vc_template *template = action->verb == VC_VERB_INSERT ? &action->xml_template
									    : &action->value;
	const char *value = vc_template_source(template, input->arena);

	text->safe = false;
	add_line(text, input,
		 vc_arena_printf(input->arena, "%s, where %s has to be found out first: %s",
				 vc_action_words(action, value, input->arena), path->text,
				 vc_fact_reason(vc_path_resolve(path, input->scope))));
}

/* The domain actions in words, where there is no XML to show them in. */
static void
add_domain_words(const struct vc_fix *fix, const struct vc_fix_input *input, struct vc_fix_text *text)
{
	for (size_t i = 0; i < fix->actions; i++) {
		const struct vc_action *action = &fix->action[i];
		const char *value = NULL;

		if (!is_domain_verb(action->verb) || find_unknown_of_action(action, input->scope))
			continue;
		if (action->verb == VC_VERB_INSERT)
			value = action->xml_template.count ? render(&action->xml_template, input) : action->xml;
		else
			value = render(&action->value, input);
		add_line(text, input, vc_action_words(action, value ? value : "", input->arena));
	}
}

bool
vc_fix_text(const struct vc_fix *fix, const struct vc_fix_input *input, struct vc_fix_text *ret_text)
{
	struct vc_fix_text text = { .who = fix->who, .safe = fix->safe };
	bool domain = false, concrete = true;

	if (vc_expr_evaluate(&fix->when, input->scope, NULL) != VC_YES)
		return false;
	text.summary = vc_fix_words(&fix->summary, input);
	for (size_t i = 0; i < fix->actions; i++) {
		const struct vc_action *action = &fix->action[i];
		const struct vc_path *path = find_unknown_of_action(action, input->scope);

		domain = domain || is_domain_verb(action->verb);
		if (path && action->verb != VC_VERB_ADVICE) {
			concrete = concrete && !is_domain_verb(action->verb);
			add_unknown(action, path, input, &text);
		} else if (action->verb == VC_VERB_COMMAND) {
			add_command(action, input, &text);
		} else if (!is_domain_verb(action->verb)) {
			add_line(&text, input, render(&action->value, input));
		}
	}
	if (domain && concrete)
		text.xml = vc_fix_xml(fix, input);
	if (domain && !text.xml)
		add_domain_words(fix, input, &text);
	*ret_text = text;
	return true;
}

bool
vc_fix_is_concrete(const struct vc_fix *fix, const struct vc_scope *scope)
{
	bool domain = false;

	if (fix->who != VC_WHO_DOMAIN || vc_expr_evaluate(&fix->when, scope, NULL) != VC_YES)
		return false;
	for (size_t i = 0; i < fix->actions; i++) {
		const struct vc_action *action = &fix->action[i];

		if (!is_domain_verb(action->verb)) {
			/* What somebody else has to do besides is not done by changing the domain. */
			if (action->verb != VC_VERB_ADVICE)
				return false;
			continue;
		}
		if (find_unknown_of_action(action, scope))
			return false;
		domain = true;
	}
	return domain;
}

const char *
vc_fix_words(const struct vc_template *template, const struct vc_fix_input *input)
{
	const char *words = render(template, input);

	return words ? words : "";
}
