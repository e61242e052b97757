/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Completion for fish: one line for each option, with the commands that have it as its condition. */
#include "generate/completion.h"
#include "generate/generate.h"

static const char head[] = "# fish completion for vhostcheck\n"
			   "# Made from the tables of commands and options; changes are lost.\n"
			   "\n"
			   "# The operands of the line, the command first; nothing before there is one.\n"
			   "function __vhostcheck_operands\n"
			   "	set -l words (commandline -opc)\n"
			   "	set -l argument no\n"
			   "	set -l only_operands no\n"
			   "	for word in $words[2..]\n"
			   "		if test $argument = yes\n"
			   "			set argument no\n"
			   "			continue\n"
			   "		end\n"
			   "		if test $only_operands = yes\n"
			   "			echo -- $word\n"
			   "			continue\n"
			   "		end\n"
			   "		switch $word\n"
			   "			case --\n"
			   "				set only_operands yes\n"
			   "			case ";

static const char middle[] = "\n"
			     "				set argument yes\n"
			     "			case '-?*'\n"
			     "			case '*'\n"
			     "				echo -- $word\n"
			     "		end\n"
			     "	end\n"
			     "end\n"
			     "\n"
			     "function __vhostcheck_command\n"
			     "	set -l operands (__vhostcheck_operands)\n"
			     "	if contains -- \"$operands[1]\" ";

static const char tail[] =
	"\n"
	"		echo $operands[1]\n"
	"	else\n"
	"		echo check\n"
	"	end\n"
	"end\n"
	"\n"
	"# __vhostcheck_is COMMAND...: whether the command is one of these.\n"
	"function __vhostcheck_is\n"
	"	contains -- (__vhostcheck_command) $argv\n"
	"end\n"
	"\n"
	"# __vhostcheck_counts NUMBER: whether as many operands stand there, the command included.\n"
	"function __vhostcheck_counts\n"
	"	test (count (__vhostcheck_operands)) -eq $argv[1]\n"
	"end\n"
	"\n"
	"# The rules, those of the site included.\n"
	"function __vhostcheck_rules\n"
	"	vhostcheck rules list --quiet 2>/dev/null | string replace -r ' .*' ''\n"
	"end\n"
	"\n"
	"complete -c vhostcheck -f\n";

/* In single quotes only these two mean something to fish. */
static void
add_quoted(struct vc_buf *out, const char *text)
{
	vc_buf_add(out, "'");
	for (; *text; text++) {
		if (*text == '\'' || *text == '\\')
			vc_buf_add(out, "\\");
		vc_buf_add_n(out, text, 1);
	}
	vc_buf_add(out, "'");
}

/* The options of complete that offer what is due. */
static void
add_action(struct vc_buf *out, struct vc_words words, enum vc_takes takes)
{
	if (words.count > 0) {
		vc_buf_add(out, " -a '");
		completion_add_words(out, words, " ");
		vc_buf_add(out, "'");
		return;
	}
	switch (takes) {
	case VC_TAKES_TEXT:
		return;
	case VC_TAKES_FILE:
	case VC_TAKES_DOMAIN:
		vc_buf_add(out, " -F");
		return;
	case VC_TAKES_DIRECTORY:
		vc_buf_add(out, " -a '(__fish_complete_directories)'");
		return;
	case VC_TAKES_RULE:
		vc_buf_add(out, " -a '(__vhostcheck_rules)'");
		return;
	case VC_TAKES_TOPIC:
		vc_buf_add(out, " -a '");
		completion_add_topics(out, " ");
		vc_buf_add(out, "'");
		return;
	case VC_TAKES_FACT:
		vc_buf_add(out, " -a '");
		completion_add_facts(out, " ");
		vc_buf_add(out, "'");
		return;
	}
}

static void
add_command(struct vc_buf *out, const char *name, const char *help)
{
	vc_buf_addf(out, "complete -c vhostcheck -n '__vhostcheck_counts 0' -a %s -d ", name);
	add_quoted(out, help);
	vc_buf_add(out, "\n");
}

static void
add_option(struct vc_buf *out, const struct vc_option_row *option)
{
	vc_buf_add(out, "complete -c vhostcheck -n '__vhostcheck_is");
	for (size_t i = 0; i < VC_COMMAND_COUNT; i++) {
		if (vc_option_fits(option, (enum vc_command_id)i))
			vc_buf_addf(out, " %s", vc_commands[i].name);
	}
	vc_buf_addf(out, "' -l %s", option->name);
	if (option->letter)
		vc_buf_addf(out, " -s %c", option->letter);
	if (option->argument) {
		const bool file = option->takes == VC_TAKES_FILE || option->takes == VC_TAKES_DOMAIN;

		/* Both say that an argument follows; the second, that it is no file. */
		vc_buf_add(out, file ? " -r" : " -x");
		add_action(out, option->words, option->takes);
	}
	vc_buf_add(out, " -d ");
	add_quoted(out, option->help);
	vc_buf_add(out, "\n");
}

static void
add_operands(struct vc_buf *out, const struct vc_command_row *command)
{
	const struct vc_words none = { .count = 0 };
	size_t position = 1;

	if (command->words.count > 0) {
		vc_buf_addf(out,
			    "complete -c vhostcheck -n '__vhostcheck_is %s; and __vhostcheck_counts %zu'",
			    command->name, position++);
		add_action(out, command->words, command->takes);
		vc_buf_add(out, "\n");
	}
	for (size_t i = 0; command->operands_max < SIZE_MAX && i < command->operands_max; i++) {
		vc_buf_addf(out,
			    "complete -c vhostcheck -n '__vhostcheck_is %s; and __vhostcheck_counts %zu'",
			    command->name, position++);
		add_action(out, none, command->takes);
		vc_buf_add(out, "\n");
	}
	if (command->operands_max == SIZE_MAX) {
		vc_buf_addf(out, "complete -c vhostcheck -n '__vhostcheck_is %s%s'", command->name,
			    command->words.count > 0 ? "; and not __vhostcheck_counts 1" : "");
		add_action(out, none, command->takes);
		vc_buf_add(out, "\n");
	}
}

void
generate_fish(struct vc_buf *out)
{
	vc_buf_add(out, head);
	completion_add_options_with_argument(out, " ");
	vc_buf_add(out, middle);
	completion_add_commands(out, " ");
	vc_buf_add(out, tail);
	for (size_t i = 0; i < VC_COMMAND_COUNT; i++)
		add_command(out, vc_commands[i].name, vc_commands[i].help);
	add_command(out, "help", "help, in full for a command");
	vc_buf_add(out, "complete -c vhostcheck -n '__vhostcheck_is help; and __vhostcheck_counts 1' -a '");
	completion_add_commands(out, " ");
	vc_buf_add(out, "'\n");
	for (size_t i = 0; i < VC_COMMAND_COUNT; i++)
		add_operands(out, &vc_commands[i]);
	for (size_t i = 0; i < vc_option_rows_count; i++)
		add_option(out, &vc_option_rows[i]);
}
