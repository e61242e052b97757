/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "generate/completion.h"

#include <string.h>

#include "host/host.h"
#include "rules/rule.h"

struct list {
	struct vc_buf *out;
	const char *separator;
	bool begun;
};

static void
add(struct list *list, const char *word)
{
	vc_buf_addf(list->out, "%s%s", list->begun ? list->separator : "", word);
	list->begun = true;
}

void
completion_add_words(struct vc_buf *out, struct vc_words words, const char *separator)
{
	struct list list = { .out = out, .separator = separator };

	for (size_t i = 0; i < words.count; i++)
		add(&list, words.word[i]);
}

void
completion_add_commands(struct vc_buf *out, const char *separator)
{
	struct list list = { .out = out, .separator = separator };

	for (size_t i = 0; i < VC_COMMAND_COUNT; i++)
		add(&list, vc_commands[i].name);
	add(&list, "help");
}

void
completion_add_options_with_argument(struct vc_buf *out, const char *separator)
{
	struct list list = { .out = out, .separator = separator };

	for (size_t i = 0; i < vc_option_rows_count; i++) {
		const struct vc_option_row *option = &vc_option_rows[i];
		_cleanup_buf_ struct vc_buf name = { 0 };

		if (!option->argument)
			continue;
		vc_buf_addf(&name, "--%s", option->name);
		add(&list, vc_buf_text(&name));
		if (!option->letter)
			continue;
		name.length = 0;
		vc_buf_addf(&name, "-%c", option->letter);
		add(&list, vc_buf_text(&name));
	}
}

/* Whether a rule before this one has its topic. */
static bool
is_known_topic(size_t index)
{
	const struct vc_rule *const *rule = vc_builtin_rules.rule;

	for (size_t i = 0; i < index; i++) {
		if (strcmp(rule[i]->topic, rule[index]->topic) == 0)
			return true;
	}
	return false;
}

void
completion_add_topics(struct vc_buf *out, const char *separator)
{
	struct list list = { .out = out, .separator = separator };

	for (size_t i = 0; i < vc_builtin_rules.count; i++) {
		if (!is_known_topic(i))
			add(&list, vc_builtin_rules.rule[i]->topic);
	}
}

void
completion_add_facts(struct vc_buf *out, const char *separator)
{
	struct list list = { .out = out, .separator = separator };

	for (size_t i = 0; i < vc_schema_host.count; i++)
		add(&list, vc_schema_host.field[i].name);
}
