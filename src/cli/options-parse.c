/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From arguments to options, by the tables of options.c. */
#include <errno.h>
#include <string.h>

#include "base/suggest.h"
#include "cli/options.h"
#include "guest/command-line.h"

struct parser {
	char *const *argv;
	int argc, next;
	unsigned long long seen; /* bits by the id of the option */
	bool help_command;	 /* "vhostcheck help": the next operand names a command */
	struct vc_diags *diags;
	struct vc_options *options;
};

static const struct vc_option_row *
find_long(const char *name, size_t length)
{
	for (size_t i = 0; i < vc_option_rows_count; i++) {
		if (strlen(vc_option_rows[i].name) == length && memcmp(vc_option_rows[i].name, name, length) == 0)
			return &vc_option_rows[i];
	}
	return NULL;
}

static const struct vc_option_row *
find_letter(char letter)
{
	for (size_t i = 0; i < vc_option_rows_count; i++) {
		if (vc_option_rows[i].letter && vc_option_rows[i].letter == letter)
			return &vc_option_rows[i];
	}
	return NULL;
}

static int
take(struct parser *parser, const struct vc_option_row *row, const char *written, const char *value)
{
	if (!row->argument && value) {
		vc_diag_add(parser->diags, NULL, 0, "%s takes no value, but got '%s'", written, value);
		return -EINVAL;
	}
	if (row->argument && !value) {
		if (parser->next == parser->argc) {
			vc_diag_add(parser->diags, NULL, 0, "%s expects %s after it", written, row->argument);
			return -EINVAL;
		}
		value = parser->argv[parser->next++];
	}
	parser->seen |= 1ull << row->id;
	return row->read(value, parser->diags, parser->options);
}

static int
unknown_option(struct parser *parser, const char *written, const char *name)
{
	struct vc_suggest suggest;

	vc_suggest_init(&suggest, name);
	for (size_t i = 0; i < vc_option_rows_count; i++)
		vc_suggest_offer(&suggest, vc_option_rows[i].name);
	if (suggest.best)
		vc_diag_add(parser->diags, NULL, 0, "there is no option %s; did you mean --%s?", written,
			    suggest.best);
	else
		vc_diag_add(parser->diags, NULL, 0, "there is no option %s; 'vhostcheck --help' lists them",
			    written);
	return -EINVAL;
}

static int
parse_long(struct parser *parser, const char *argument)
{
	size_t length = strcspn(argument + 2, "=");
	const char *value = argument[2 + length] == '=' ? argument + 2 + length + 1 : NULL;
	const char *written = vc_arena_strndup(parser->options->arena, argument, length + 2);
	const struct vc_option_row *row = find_long(argument + 2, length);

	return row ? take(parser, row, written, value) : unknown_option(parser, written, written + 2);
}

/* "-qv", "-oFILE", "-o FILE" */
static int
parse_letters(struct parser *parser, const char *argument)
{
	for (const char *at = argument + 1; *at; at++) {
		const struct vc_option_row *row = find_letter(*at);
		const char written[] = { '-', *at, '\0' };
		bool rest = row && row->argument && at[1];
		int r;

		if (!row) {
			/* "-root" is --root with a dash missing, not five letters. */
			if (argument[2])
				return unknown_option(parser, argument, argument + 1);
			vc_diag_add(parser->diags, NULL, 0,
				    "there is no option %s; 'vhostcheck --help' lists them", written);
			return -EINVAL;
		}
		r = take(parser, row, vc_arena_strdup(parser->options->arena, written), rest ? at + 1 : NULL);
		if (r < 0 || rest)
			return r;
	}
	return 0;
}

static void
add_operand(struct parser *parser, const char *operand)
{
	struct vc_options *options = parser->options;
	const char **slot = vc_arena_append(options->arena, (void **)&options->operand, &options->operands,
					    sizeof(*slot));

	*slot = operand;
}

static int
parse_help_command(struct parser *parser, const char *name)
{
	const struct vc_command_row *command = vc_command_find(name);
	struct vc_suggest suggest;

	if (command) {
		parser->options->command = (enum vc_command_id)(command - vc_commands);
		parser->options->command_named = true;
		return 0;
	}
	vc_suggest_init(&suggest, name);
	for (size_t i = 0; i < VC_COMMAND_COUNT; i++)
		vc_suggest_offer(&suggest, vc_commands[i].name);
	if (suggest.best)
		vc_diag_add(parser->diags, NULL, 0, "there is no command '%s'; did you mean '%s'?", name,
			    suggest.best);
	else
		vc_diag_add(parser->diags, NULL, 0, "there is no command '%s'; 'vhostcheck --help' lists them",
			    name);
	return -EINVAL;
}

/* The first operand may be a command; everything after it, and everything after "--", is what it works on. */
static int
parse_operand(struct parser *parser, const char *operand)
{
	struct vc_options *options = parser->options;
	const struct vc_command_row *command;

	if (parser->help_command && !options->command_named)
		return parse_help_command(parser, operand);
	if (options->command_named || options->operands > 0) {
		add_operand(parser, operand);
		return 0;
	}
	if (strcmp(operand, "help") == 0) {
		parser->help_command = true;
		options->ask = VC_ASK_HELP;
		return 0;
	}
	command = vc_command_find(operand);
	if (command) {
		options->command = (enum vc_command_id)(command - vc_commands);
		options->command_named = true;
	} else {
		add_operand(parser, operand);
	}
	return 0;
}

static int
check_options(const struct parser *parser)
{
	const struct vc_options *options = parser->options;

	for (size_t i = 0; i < vc_option_rows_count; i++) {
		if (!(parser->seen & (1ull << vc_option_rows[i].id)) || vc_option_rows[i].commands & (1u << options->command))
			continue;
		vc_diag_add(parser->diags, NULL, 0, "'vhostcheck %s' takes no --%s",
			    vc_commands[options->command].name, vc_option_rows[i].name);
		return -EINVAL;
	}
	return 0;
}

static bool
same_file(const char *a, const char *b)
{
	bool a_standard = !a || strcmp(a, "-") == 0, b_standard = !b || strcmp(b, "-") == 0;

	return a_standard || b_standard ? a_standard && b_standard : strcmp(a, b) == 0;
}

/* Several outputs: each has its format, and its own place. */
static int
check_outputs(const struct parser *parser)
{
	const struct vc_options *options = parser->options;
	const struct vc_output *output = options->outputs;

	for (size_t i = 0; i < options->output_count; i++) {
		if (options->output_count > 1 && !output[i].format_named) {
			vc_diag_add(parser->diags, NULL, 0, "of several --output each needs its --format; '%s' has none",
				    output[i].file);
			return -EINVAL;
		}
		for (size_t j = 0; j < i; j++) {
			if (!same_file(output[i].file, output[j].file))
				continue;
			vc_diag_add(parser->diags, NULL, 0, "%s and %s would both go to %s; give one of them --output FILE",
				    vc_formats[output[j].format]->name, vc_formats[output[i].format]->name,
				    output[i].file && strcmp(output[i].file, "-") != 0 ? output[i].file
										       : "standard output");
			return -EINVAL;
		}
	}
	return 0;
}

/* What only the commands that report checks can do. */
static int
check_single(const struct parser *parser)
{
	const struct vc_options *options = parser->options;
	const char *name = vc_commands[options->command].name;

	if (vc_commands[options->command].reports)
		return 0;
	if (options->root_count > 1) {
		vc_diag_add(parser->diags, NULL, 0, "'vhostcheck %s' takes one --root", name);
		return -EINVAL;
	}
	if (options->output_count > 1) {
		vc_diag_add(parser->diags, NULL, 0, "'vhostcheck %s' takes one --format and one --output", name);
		return -EINVAL;
	}
	if (options->format > VC_FORMAT_JSON) {
		vc_diag_add(parser->diags, NULL, 0, "'vhostcheck %s' takes --format text or json, not '%s'", name,
			    vc_formats[options->format]->name);
		return -EINVAL;
	}
	return 0;
}

static int
check_operands(const struct parser *parser)
{
	const struct vc_options *options = parser->options;
	const struct vc_command_row *command = &vc_commands[options->command];

	if (options->all && !options->connect) {
		vc_diag_add(parser->diags, NULL, 0, "--all is for the domains of libvirt: it needs --connect URI");
		return -EINVAL;
	}
	if (options->all && options->operands > 0) {
		vc_diag_add(parser->diags, NULL, 0, "--all means every domain, '%s' included", options->operand[0]);
		return -EINVAL;
	}
	if (options->connect && !options->all && options->operands < 1 && command->operands_min > 0) {
		vc_diag_add(parser->diags, NULL, 0, "--connect expects the name or UUID of a domain%s",
			    options->command == VC_COMMAND_CHECK ? ", or --all" : "");
		return -EINVAL;
	}
	if (options->connect && (options->qemu_args || options->words > 0)) {
		vc_diag_add(parser->diags, NULL, 0, "--connect takes names of domains, and no command line");
		return -EINVAL;
	}
	if (options->qemu_args && options->words > 0) {
		vc_diag_add(parser->diags, NULL, 0, "--qemu-args and a command line behind '--' exclude each other");
		return -EINVAL;
	}
	if (options->operands > 0 && (options->qemu_args || options->words > 0) && command->operands_max == 1) {
		vc_diag_add(parser->diags, NULL, 0, "'vhostcheck %s' takes one domain or one command line",
			    command->name);
		return -EINVAL;
	}
	if (options->operands < command->operands_min && options->command_named && !options->all && !options->qemu_args &&
	    options->words == 0) {
		vc_diag_add(parser->diags, NULL, 0, "'vhostcheck %s' expects %s", command->name,
			    command->expected);
		return -EINVAL;
	}
	if (options->operands > command->operands_max) {
		vc_diag_add(parser->diags, NULL, 0, "'vhostcheck %s' does not expect '%s'", command->name,
			    options->operand[command->operands_max]);
		return -EINVAL;
	}
	return 0;
}

/* What stands behind "--" is a program of QEMU's, and the command takes one. */
static bool
is_command_line(const struct parser *parser)
{
	enum vc_command_id command = parser->options->command;

	return parser->next < parser->argc && vc_is_qemu_program(parser->argv[parser->next]) &&
	       (command == VC_COMMAND_CHECK || command == VC_COMMAND_FIX || command == VC_COMMAND_CAPTURE);
}

static void
take_command_line(struct parser *parser)
{
	parser->options->word = (const char *const *)parser->argv + parser->next;
	parser->options->words = (size_t)(parser->argc - parser->next);
	parser->next = parser->argc;
}

bool
vc_options_have_input(const struct vc_options *options)
{
	return options->operands > 0 || options->qemu_args || options->words > 0;
}

static void
fill_defaults(struct vc_options *options)
{
	static const char *const live[] = { "/" };
	static const struct vc_output standard;

	options->root_named = options->root_count > 0;
	if (options->root_count == 0) {
		options->roots = live;
		options->root_count = 1;
	}
	if (options->output_count == 0) {
		options->outputs = &standard;
		options->output_count = 1;
	}
	options->root = options->roots[0];
	options->format = options->outputs[0].format;
	options->output = options->outputs[0].file;
}

int
vc_options_parse(int argc, char *const *argv, struct vc_arena *arena, struct vc_diags *diags,
		 struct vc_options *ret_options)
{
	struct vc_options options = { .arena = arena, .timeout = 30 };
	struct parser parser = { .argv = argv, .argc = argc, .diags = diags, .options = &options };
	bool only_operands = false;
	int r = 0;

	while (r == 0 && parser.next < argc) {
		const char *argument = argv[parser.next++];

		if (only_operands)
			add_operand(&parser, argument);
		else if (strcmp(argument, "--") == 0 && is_command_line(&parser))
			take_command_line(&parser);
		else if (strcmp(argument, "--") == 0)
			only_operands = true;
		else if (argument[0] == '-' && argument[1] == '-')
			r = parse_long(&parser, argument);
		else if (argument[0] == '-' && argument[1] != '\0')
			r = parse_letters(&parser, argument);
		else
			r = parse_operand(&parser, argument);
	}
	fill_defaults(&options);
	if (r == 0 && options.ask == VC_ASK_NOTHING) {
		r = check_options(&parser);
		if (r == 0)
			r = check_outputs(&parser);
		if (r == 0)
			r = check_single(&parser);
		if (r == 0)
			r = check_operands(&parser);
	}
	if (r < 0)
		return r;
	*ret_options = options;
	return 0;
}
