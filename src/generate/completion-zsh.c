/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Completion for zsh, by its function _arguments. Only the command has to be found by hand: it decides which
 * options there are, and may stand behind some of them.
 */
#include "generate/completion.h"
#include "generate/generate.h"

static const char head[] =
	"#compdef vhostcheck\n"
	"# Made from the tables of commands and options; changes are lost.\n"
	"\n"
	"# The rules, those of the site included.\n"
	"_vhostcheck_rules() {\n"
	"	local -a rules\n"
	"	rules=(${${(f)\"$(_call_program rules vhostcheck rules list --quiet 2>/dev/null)\"}%% *})\n"
	"	_wanted rules expl rule compadd -a rules\n"
	"}\n"
	"\n"
	"_vhostcheck_first() {\n"
	"	_alternative 'commands:command:_vhostcheck_commands' 'domains:domain:_files'\n"
	"}\n"
	"\n";

/* @text inside single quotes, where the shell expands nothing, and _arguments reads '[', ']' and ':' only
 * after a backslash. */
static void
add_escaped(struct vc_buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\'')
			vc_buf_add(out, "'\\''");
		else if (*text == '[' || *text == ']' || *text == ':' || *text == '\\')
			vc_buf_addf(out, "\\%c", *text);
		else
			vc_buf_add_n(out, text, 1);
	}
}

/* "message:action" of a specification. */
static void
add_action(struct vc_buf *out, const char *message, struct vc_words words, enum vc_takes takes)
{
	add_escaped(out, message);
	vc_buf_add(out, ":");
	if (words.count > 0) {
		vc_buf_add(out, "(");
		completion_add_words(out, words, " ");
		vc_buf_add(out, ")");
		return;
	}
	switch (takes) {
	case VC_TAKES_TEXT:
		/* A blank shows the message and offers nothing. */
		vc_buf_add(out, " ");
		return;
	case VC_TAKES_FILE:
	case VC_TAKES_DOMAIN:
		vc_buf_add(out, "_files");
		return;
	case VC_TAKES_DIRECTORY:
		vc_buf_add(out, "_files -/");
		return;
	case VC_TAKES_RULE:
		vc_buf_add(out, "_vhostcheck_rules");
		return;
	case VC_TAKES_TOPIC:
		vc_buf_add(out, "(");
		completion_add_topics(out, " ");
		vc_buf_add(out, ")");
		return;
	case VC_TAKES_FACT:
		vc_buf_add(out, "(");
		completion_add_facts(out, " ");
		vc_buf_add(out, ")");
		return;
	}
}

static void
add_commands(struct vc_buf *out)
{
	vc_buf_add(out, "_vhostcheck_commands() {\n"
			"	local -a commands=(\n");
	for (size_t i = 0; i < VC_COMMAND_COUNT; i++) {
		vc_buf_addf(out, "		'%s:", vc_commands[i].name);
		add_escaped(out, vc_commands[i].help);
		vc_buf_add(out, "'\n");
	}
	vc_buf_add(out, "		'help:help, in full for a command'\n"
			"	)\n"
			"	_describe -t commands command commands\n"
			"}\n"
			"\n");
}

/* Twice for an option with a letter, as the two are completed differently. */
static void
add_option(struct vc_buf *out, const struct vc_option_row *option)
{
	for (int letter = 0; letter <= (option->letter ? 1 : 0); letter++) {
		/* The star lets it be repeated, as the program does. */
		vc_buf_add(out, "			'*");
		if (letter)
			vc_buf_addf(out, "-%c%s[", option->letter, option->argument ? "+" : "");
		else
			vc_buf_addf(out, "--%s%s[", option->name, option->argument ? "=" : "");
		add_escaped(out, option->help);
		vc_buf_add(out, "]");
		if (option->argument) {
			vc_buf_add(out, ":");
			add_action(out, option->argument, option->words, option->takes);
		}
		vc_buf_add(out, "'\n");
	}
}

/* The command is the first operand, if it was written. */
static void
add_arguments(struct vc_buf *out, enum vc_command_id id)
{
	const struct vc_command_row *command = &vc_commands[id];
	const struct vc_words none = { .count = 0 };
	size_t position = 2;

	vc_buf_addf(out, "	(%s)\n		arguments=(\n", command->name);
	for (size_t i = 0; i < vc_option_rows_count; i++) {
		if (vc_option_fits(&vc_option_rows[i], id))
			add_option(out, &vc_option_rows[i]);
	}
	if (command->words.count > 0) {
		vc_buf_addf(out, "			'%zu:", position++);
		add_action(out, command->arguments, command->words, command->takes);
		vc_buf_add(out, "'\n");
	}
	for (size_t i = 0; command->operands_max < SIZE_MAX && i < command->operands_max; i++) {
		vc_buf_addf(out, "			'%zu:", position++);
		add_action(out, command->arguments, none, command->takes);
		vc_buf_add(out, "'\n");
	}
	if (command->operands_max == SIZE_MAX) {
		vc_buf_add(out, "			'*:");
		add_action(out, command->arguments, none, command->takes);
		vc_buf_add(out, "'\n");
	}
	vc_buf_add(out, "		)\n"
			"		;;\n");
}

static void
add_line(struct vc_buf *out)
{
	vc_buf_add(out, "_vhostcheck() {\n"
			"	local command first=_vhostcheck_first\n"
			"	local -a arguments\n"
			"	integer i\n"
			"\n"
			"	for ((i = 2; i < CURRENT; i++)); do\n"
			"		case $words[i] in\n"
			"		(");
	completion_add_options_with_argument(out, "|");
	vc_buf_add(out, ")\n"
			"			((i++))\n"
			"			;;\n"
			"		(--)\n"
			"			break\n"
			"			;;\n"
			"		(-?*)\n"
			"			;;\n"
			"		(");
	completion_add_commands(out, "|");
	vc_buf_add(out, ")\n"
			"			command=$words[i] first=_vhostcheck_commands\n"
			"			break\n"
			"			;;\n"
			"		(*)\n"
			"			break\n"
			"			;;\n"
			"		esac\n"
			"	done\n"
			"	case ${command:-check} in\n");
	for (size_t i = 0; i < VC_COMMAND_COUNT; i++)
		add_arguments(out, (enum vc_command_id)i);
	vc_buf_add(out, "	(help)\n"
			"		arguments=('2:command:_vhostcheck_commands')\n"
			"		;;\n"
			"	esac\n"
			"	_arguments -s -S : \"1:command:$first\" $arguments\n"
			"}\n"
			"\n"
			"_vhostcheck \"$@\"\n");
}

void
generate_zsh(struct vc_buf *out)
{
	vc_buf_add(out, head);
	add_commands(out);
	add_line(out);
}
