/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/fix-text.h"

#include <string.h>

#include <libxml/tree.h>

#include "rules/template.h"

struct vc_fix_input
vc_fix_input_of(const struct vc_finding *finding, const struct vc_host *host, const struct vc_guest *guest,
		struct vc_arena *arena)
{
	return (struct vc_fix_input){
		.finding = finding,
		.scope = { .host = host, .guest = guest, .each = finding->each, .verdict = &finding->verdict },
		.arena = arena,
	};
}

typedef void render_fn(const struct vc_template *template, const struct vc_scope *scope, struct vc_buf *buf);

/* NULL for an empty template: the rule says nothing there. */
static const char *
render_by(render_fn *fn, const struct vc_template *template, const struct vc_fix_input *input)
{
	_cleanup_buf_ struct vc_buf text = { 0 };

	if (template->count == 0)
		return NULL;
	fn(template, &input->scope, &text);
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

		if (!part->text && !vc_known(vc_path_resolve(part->path, scope)))
			return part->path;
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
			vc_buf_addf(&text, "{%s}", template->part[i].path->text);
	}
	return vc_arena_strndup(arena, vc_buf_text(&text), text.length);
}

const char *
vc_action_words(const struct vc_action *action, const char *value, struct vc_arena *arena)
{
	const char *select = action->select && *action->select ? action->select : NULL;

	/* As rules write it: "driver/@aw_bits", "/@type", "@managed". */
	const char *attribute = !action->attribute ? NULL
						   : vc_arena_printf(arena, "%s%s@%s", select ? select : "",
								     select && strcmp(select, "/") != 0 ? "/" : "",
								     action->attribute);

	switch (action->verb) {
	case VC_VERB_SET:
		if (!attribute)
			return vc_arena_printf(arena, "set the text of %s to %s", select ? select : "the element",
					       value);
		return vc_arena_printf(arena, "set %s to %s", attribute, value);
	case VC_VERB_REMOVE:
		return vc_arena_printf(arena, "remove %s", attribute ? attribute : select ? select : "the element");
	case VC_VERB_INSERT:
		return vc_arena_printf(arena, "insert into %s: %s", select ? select : "the element", value);
	case VC_VERB_SYSCTL:
	case VC_VERB_MODULE:
	case VC_VERB_KERNEL:
	case VC_VERB_LOAD:
		return vc_host_setting_words(&(struct vc_host_setting){ .verb = action->verb,
									.name = action->name,
									.parameter = action->parameter,
									.value = value,
									.remove = action->remove },
					     arena);
	case VC_VERB_QEMU:
		return vc_arena_printf(arena, "with QEMU: %s", value);
	case VC_VERB_COMMAND:
	case VC_VERB_SETTING:
	case VC_VERB_ADVICE:
		break;
	}
	return value;
}

static bool
is_command_line(const struct vc_guest *guest)
{
	return guest && guest->is_command_line;
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

static bool
has_word(const char *words, const char *wanted, size_t wanted_length)
{
	size_t length;

	for (const char *word = vc_word(words, &length); word; word = vc_word(word + length, &length)) {
		if (length == wanted_length && memcmp(word, wanted, length) == 0)
			return true;
	}
	return false;
}

/*
 * Of the words to remove, those that the kernel was started with: what is not there needs no removal, and what
 * takes it back must not add what never was. NULL: none of them.
 */
static const char *
words_in_use(const struct vc_fact_text *cmdline, const char *words, struct vc_arena *arena)
{
	_cleanup_buf_ struct vc_buf used = { 0 };
	size_t length;

	for (const char *word = vc_word(words, &length); word; word = vc_word(word + length, &length)) {
		if (!has_word(cmdline->value, word, length))
			continue;
		vc_buf_add(&used, used.length > 0 ? " " : "");
		vc_buf_add_n(&used, word, length);
	}
	return used.length > 0 ? vc_arena_strdup(arena, vc_buf_text(&used)) : NULL;
}

/* "iommu=off" in "iommu=pt,off": somebody has to take it out of there. */
static bool
is_among_options(const char *cmdline, const char *word)
{
	size_t name = strcspn(word, "= "), length = strcspn(word, " "), here;

	if (word[name] != '=')
		return false;
	for (const char *at = vc_word(cmdline, &here); at; at = vc_word(at + here, &here)) {
		if (here <= name || memcmp(at, word, name + 1) != 0)
			continue;
		for (const char *option = at + name + 1; option < at + here;) {
			size_t size = strcspn(option, ", ");

			if (size == length - name - 1 && memcmp(option, word + name + 1, size) == 0)
				return true;
			option += size + 1;
		}
	}
	return false;
}

/* What is shown as commands of the setting; how it is made stays beside them, for scripts. */
static bool
add_setting(const struct vc_action *action, const struct vc_fix_input *input, struct vc_fix_text *text,
	    struct vc_fix_setting *ret_setting)
{
	const struct vc_fact_text *cmdline = &input->scope.host->kernel_cmdline;
	bool was = action->was.count > 0 && !find_unknown(&action->was, &input->scope);
	const char *value = render(&action->value, input);
	struct vc_fix_setting *setting;
	bool mixed = false;

	if (action->remove && value && vc_known(&cmdline->fact)) {
		const char *used = words_in_use(cmdline, value, input->arena);

		if (!used && !is_among_options(cmdline->value, value))
			return false;
		mixed = !used;
		value = used ? used : value;
	}
	setting = vc_arena_append(input->arena, (void **)&text->setting, &text->settings, sizeof(*setting));
	setting->setting = (struct vc_host_setting){
		.verb = action->verb,
		.name = action->name,
		.parameter = action->parameter,
		.value = value,
		.was = was ? render(&action->was, input) : NULL,
		.cmdline = vc_known(&cmdline->fact) ? cmdline->value : NULL,
		.remove = action->remove,
		.live = action->live,
	};
	setting->costs = action->costs;
	vc_host_step_make(&setting->setting, mixed ? NULL : vc_boot_way_find(input->scope.host), false, input->arena,
			  &setting->step);
	/* A file of ours is taken away again; words that may never have been there are not added. */
	if (action->remove && !vc_known(&cmdline->fact) && !setting->step.file)
		setting->step.undo = NULL;
	*ret_setting = *setting;
	return true;
}

static void
add_setting_command(const struct vc_fix_setting *setting, const struct vc_fix_input *input,
		    struct vc_fix_text *text)
{
	struct vc_fix_command *command = vc_arena_append(input->arena, (void **)&text->command,
							 &text->commands, sizeof(*command));

	*command = (struct vc_fix_command){
		.command = setting->step.now,
		.persist = vc_host_step_persist(&setting->step, input->arena),
		.undo = setting->step.undo,
		.costs = setting->costs,
		.note = setting->step.note,
		.reboot = setting->step.reboot,
	};
}

static void
add_qemu(struct vc_fix_text *text, const struct vc_action *action, const struct vc_fix_input *input)
{
	const char **slot = vc_arena_append(input->arena, (void **)&text->qemu, &text->qemus, sizeof(*slot));

	*slot = render_command(&action->value, input);
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

	/* The edit of the domain does not need the arguments; on a command line they are the fix. */
	text->safe = text->safe && action->verb == VC_VERB_QEMU && !is_command_line(input->scope.guest);
	add_line(text, input,
		 vc_arena_printf(input->arena, "%s, where %s has to be found out first: %s",
				 vc_action_words(action, value, input->arena), path->text,
				 vc_fact_reason(vc_path_resolve(path, &input->scope))));
}

/* The domain actions in words, where there is no XML to show them in. */
static void
add_domain_words(const struct vc_fix *fix, const struct vc_fix_input *input, struct vc_fix_text *text)
{
	for (size_t i = 0; i < fix->actions; i++) {
		const struct vc_action *action = &fix->action[i];
		const char *value = NULL;

		if (!vc_verb_is_edit(action->verb) || find_unknown_of_action(action, &input->scope))
			continue;
		if (action->verb == VC_VERB_INSERT)
			value = action->xml_template.count ? render(&action->xml_template, input) : action->xml;
		else
			value = render(&action->value, input);
		add_line(text, input, vc_action_words(action, value ? value : "", input->arena));
	}
}

/* An argument of <qemu:commandline> holds no elements: what is relative to it cannot be edited there. */
static bool
has_no_place(const struct vc_action *action, const struct vc_finding *finding)
{
	const xmlNode *node = finding->place.node;

	return vc_verb_is_edit(action->verb) && !(action->select && action->select[0] == '/') && node && node->ns &&
	       xmlStrEqual(node->ns->href, BAD_CAST VC_QEMU_NAMESPACE);
}

bool
vc_fix_text(const struct vc_fix *fix, const struct vc_fix_input *input, struct vc_fix_text *ret_text)
{
	struct vc_fix_text text = { .who = fix->who, .safe = fix->safe };
	bool domain = false, concrete = true, placed = true, has_arguments = false;
	bool command_line = is_command_line(input->scope.guest);
	size_t idle = 0;

	if (vc_expr_evaluate(&fix->when, &input->scope, NULL) != VC_YES)
		return false;
	text.summary = vc_fix_words(&fix->summary, input);
	for (size_t i = 0; i < fix->actions; i++)
		has_arguments = has_arguments || fix->action[i].verb == VC_VERB_QEMU;
	for (size_t i = 0; i < fix->actions; i++) {
		const struct vc_action *action = &fix->action[i];
		const struct vc_path *path = find_unknown_of_action(action, &input->scope);

		/* A command line has no elements; its arguments say the same, and are all there is to say. */
		if (command_line && (vc_verb_is_edit(action->verb) || (has_arguments && action->verb == VC_VERB_ADVICE)))
			continue;
		domain = domain || vc_verb_is_edit(action->verb);
		placed = placed && !has_no_place(action, input->finding);
		if (path && action->verb != VC_VERB_ADVICE) {
			concrete = concrete && !vc_verb_is_edit(action->verb);
			add_unknown(action, path, input, &text);
		} else if (action->verb == VC_VERB_COMMAND) {
			add_command(action, input, &text);
		} else if (action->verb == VC_VERB_QEMU) {
			add_qemu(&text, action, input);
		} else if (vc_verb_is_host_setting(action->verb)) {
			struct vc_fix_setting setting;

			if (!add_setting(action, input, &text, &setting)) {
				idle++;
				continue;
			}
			if (setting.step.words)
				add_line(&text, input, setting.step.words);
			add_setting_command(&setting, input, &text);
		} else if (!vc_verb_is_edit(action->verb)) {
			add_line(&text, input, render(&action->value, input));
		}
	}
	/* Nothing of it can be said in arguments: somebody has to find out how. */
	if (command_line && fix->who == VC_WHO_DOMAIN && !has_arguments)
		text.safe = false;
	/* There is nothing to remove: no fix for this host. */
	if (idle > 0 && idle == fix->actions)
		return false;
	if (!placed) {
		text.safe = false;
		add_line(&text, input, "it stands in an argument for QEMU: change it there, by hand");
	}
	if (domain && concrete && placed)
		text.xml = vc_fix_xml(fix, input);
	/* Of what they name there is nothing in an argument; the form for QEMU says it. */
	if (domain && !text.xml && (placed || text.qemus == 0))
		add_domain_words(fix, input, &text);
	*ret_text = text;
	return true;
}

bool
vc_fix_is_concrete(const struct vc_fix *fix, const struct vc_fix_input *input)
{
	bool domain = false;

	if (is_command_line(input->scope.guest))
		return false;
	if (fix->who != VC_WHO_DOMAIN || vc_expr_evaluate(&fix->when, &input->scope, NULL) != VC_YES)
		return false;
	for (size_t i = 0; i < fix->actions; i++) {
		const struct vc_action *action = &fix->action[i];

		if (!vc_verb_is_edit(action->verb)) {
			/* What somebody else has to do besides is not done by changing the domain. */
			if (action->verb != VC_VERB_ADVICE && action->verb != VC_VERB_QEMU)
				return false;
			continue;
		}
		if (find_unknown_of_action(action, &input->scope) || has_no_place(action, input->finding))
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
