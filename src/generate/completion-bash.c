/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Completion for bash. Where a file is due nothing is offered, and bash completes files as it always does;
 * where nothing can be offered that is switched off. It needs no function of bash-completion, which only
 * loads it.
 */
#include "generate/completion.h"
#include "generate/generate.h"

static const char head[] = "# bash completion for vhostcheck\n"
			   "# Made from the tables of commands and options; changes are lost.\n"
			   "\n"
			   "# Words, and no files.\n"
			   "_vhostcheck_words()\n"
			   "{\n"
			   "	compopt +o default +o bashdefault\n"
			   "	mapfile -t COMPREPLY < <(compgen -W \"$*\" -- \"$cur\")\n"
			   "}\n"
			   "\n"
			   "# The rules, those of the site included.\n"
			   "_vhostcheck_rules()\n"
			   "{\n"
			   "	local rule rules=()\n"
			   "	while read -r rule _; do\n"
			   "		rules+=(\"$rule\")\n"
			   "	done < <(\"$1\" rules list --quiet 2>/dev/null)\n"
			   "	_vhostcheck_words \"${rules[@]}\"\n"
			   "}\n"
			   "\n"
			   "_vhostcheck_directories()\n"
			   "{\n"
			   "	compopt -o dirnames +o default +o bashdefault\n"
			   "}\n"
			   "\n"
			   "# A command or a domain: both begin as they like.\n"
			   "_vhostcheck_first()\n"
			   "{\n"
			   "	local files=()\n"
			   "	_vhostcheck_words \"$@\"\n"
			   "	mapfile -t files < <(compgen -f -- \"$cur\")\n"
			   "	COMPREPLY+=(\"${files[@]}\")\n"
			   "	compopt -o filenames\n"
			   "}\n"
			   "\n";

/* The command that does the completing, by what is due. NULL: files, which are bash's own business. */
static const char *const actions[] = {
	[VC_TAKES_TEXT] = "_vhostcheck_words",
	[VC_TAKES_FILE] = NULL,
	[VC_TAKES_DIRECTORY] = "_vhostcheck_directories",
	[VC_TAKES_DOMAIN] = NULL,
	[VC_TAKES_RULE] = "_vhostcheck_rules \"$1\"",
	[VC_TAKES_TOPIC] = "_vhostcheck_words",
	[VC_TAKES_FACT] = "_vhostcheck_words",
};

static void
add_action(struct vc_buf *out, struct vc_words words, enum vc_takes takes)
{
	if (words.count > 0) {
		vc_buf_add(out, "_vhostcheck_words ");
		completion_add_words(out, words, " ");
		return;
	}
	vc_buf_add(out, actions[takes] ? actions[takes] : ":");
	if (takes == VC_TAKES_TOPIC) {
		vc_buf_add(out, " ");
		completion_add_topics(out, " ");
	} else if (takes == VC_TAKES_FACT) {
		vc_buf_add(out, " ");
		completion_add_facts(out, " ");
	}
}

/* Finds $command and counts $operands; an argument that is due leaves $i behind the word to complete. */
static void
add_line(struct vc_buf *out)
{
	vc_buf_add(out, "_vhostcheck()\n"
			"{\n"
			"	local cur=${COMP_WORDS[COMP_CWORD]} command= option= only_operands= word\n"
			"	local -i operands=0 i\n"
			"\n"
			"	COMPREPLY=()\n"
			"	for ((i = 1; i < COMP_CWORD; i++)); do\n"
			"		word=${COMP_WORDS[i]}\n"
			"		if [[ -z $only_operands ]]; then\n"
			"			case $word in\n"
			"			--)\n"
			"				only_operands=yes\n"
			"				continue\n"
			"				;;\n"
			"			");
	completion_add_options_with_argument(out, " | ");
	vc_buf_add(out,
		   ")\n"
		   "				option=$word\n"
		   "				# In --option=value the middle is a word of its own.\n"
		   "				[[ ${COMP_WORDS[i + 1]} != = ]] || i+=1\n"
		   "				i+=1\n"
		   "				continue\n"
		   "				;;\n"
		   "			-?*)\n"
		   "				continue\n"
		   "				;;\n"
		   "			esac\n"
		   "		fi\n"
		   "		if [[ -z $command && $operands -eq 0 ]]; then\n"
		   "			case $word in\n"
		   "			");
	completion_add_commands(out, " | ");
	vc_buf_add(out, ")\n"
			"				command=$word\n"
			"				continue\n"
			"				;;\n"
			"			esac\n"
			"		fi\n"
			"		operands+=1\n"
			"	done\n"
			"\n");
}

static void
add_arguments(struct vc_buf *out)
{
	vc_buf_add(out, "	if ((i > COMP_CWORD)); then\n"
			"		[[ $cur != = ]] || cur=\n"
			"		case $option in\n");
	for (size_t i = 0; i < vc_option_rows_count; i++) {
		const struct vc_option_row *option = &vc_option_rows[i];

		if (!option->argument)
			continue;
		vc_buf_addf(out, "		--%s", option->name);
		if (option->letter)
			vc_buf_addf(out, " | -%c", option->letter);
		vc_buf_add(out, ") ");
		add_action(out, option->words, option->takes);
		vc_buf_add(out, " ;;\n");
	}
	vc_buf_add(out, "		esac\n"
			"		return\n"
			"	fi\n"
			"\n");
}

static void
add_options(struct vc_buf *out)
{
	vc_buf_add(out, "	if [[ $cur == -* && -z $only_operands ]]; then\n"
			"		case ${command:-check} in\n");
	for (size_t i = 0; i < VC_COMMAND_COUNT; i++) {
		vc_buf_addf(out, "		%s) _vhostcheck_words", vc_commands[i].name);
		for (size_t j = 0; j < vc_option_rows_count; j++) {
			const struct vc_option_row *option = &vc_option_rows[j];

			if (vc_option_fits(option, (enum vc_command_id)i))
				vc_buf_addf(out, " --%s", option->name);
		}
		vc_buf_add(out, " ;;\n");
	}
	vc_buf_add(out, "		esac\n"
			"		return\n"
			"	fi\n"
			"\n");
}

/* The operands of a command: its words first, then what it takes, then nothing. */
static void
add_operands_of(struct vc_buf *out, const struct vc_command_row *command)
{
	const struct vc_words none = { .count = 0 };

	if (command->words.count > 0) {
		vc_buf_addf(out, "	%s:0) ", command->name);
		add_action(out, command->words, command->takes);
		vc_buf_add(out, " ;;\n");
	}
	for (size_t i = 0; command->operands_max < SIZE_MAX && i < command->operands_max; i++) {
		vc_buf_addf(out, "	%s:%zu) ", command->name, i);
		add_action(out, none, command->takes);
		vc_buf_add(out, " ;;\n");
	}
	vc_buf_addf(out, "	%s:*) ", command->name);
	add_action(out, none, command->operands_max == SIZE_MAX ? command->takes : VC_TAKES_TEXT);
	vc_buf_add(out, " ;;\n");
}

static void
add_operands(struct vc_buf *out)
{
	vc_buf_add(out, "	case $command:$operands in\n"
			"	:0) _vhostcheck_first ");
	completion_add_commands(out, " ");
	vc_buf_add(out, " ;;\n"
			"	help:0) _vhostcheck_words ");
	completion_add_commands(out, " ");
	vc_buf_add(out, " ;;\n"
			"	help:*) _vhostcheck_words ;;\n");
	for (size_t i = 0; i < VC_COMMAND_COUNT; i++)
		add_operands_of(out, &vc_commands[i]);
	vc_buf_add(out, "	esac\n"
			"}\n"
			"\n"
			"complete -o bashdefault -o default -F _vhostcheck vhostcheck\n");
}

void
generate_bash(struct vc_buf *out)
{
	vc_buf_add(out, head);
	add_line(out);
	add_arguments(out);
	add_options(out);
	add_operands(out);
}
