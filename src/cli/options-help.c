/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --help, from the tables of options.c. */
#include "cli/options.h"

/* Columns before the help text of a command or an option; the longest row sets it. */
#define COMMAND_COLUMN 34
#define OPTION_COLUMN 26

static void
add_columns(struct vc_buf *out, const char *left, int column, const char *right)
{
	vc_buf_addf(out, "  %-*s %s\n", column - 3, left, right);
}

static void
add_option(struct vc_buf *out, const struct vc_option_row *row)
{
	_cleanup_buf_ struct vc_buf left = { 0 };

	if (row->letter)
		vc_buf_addf(&left, "-%c, ", row->letter);
	vc_buf_addf(&left, "--%s%s%s", row->name, row->argument ? " " : "", row->argument ? row->argument : "");
	add_columns(out, vc_buf_text(&left), OPTION_COLUMN, row->help);
}

void
vc_options_help(struct vc_buf *out)
{
	vc_buf_add(out, "Usage: vhostcheck [COMMAND] [OPTIONS] [ARGUMENTS]\n");
	for (size_t i = 0; i < VC_COMMAND_COUNT; i++) {
		_cleanup_buf_ struct vc_buf left = { 0 };

		vc_buf_addf(&left, "%s %s", vc_commands[i].name, vc_commands[i].arguments);
		add_columns(out, vc_buf_text(&left), COMMAND_COLUMN, vc_commands[i].help);
	}
	vc_buf_add(out, "Options:\n");
	for (size_t i = 0; i < vc_option_rows_count; i++) {
		if (!vc_option_rows[i].rare)
			add_option(out, &vc_option_rows[i]);
	}
	vc_buf_add(out, "'vhostcheck help COMMAND' and 'man vhostcheck' say more.\n");
}

void
vc_options_help_command(enum vc_command_id command, struct vc_buf *out)
{
	const struct vc_command_row *row = &vc_commands[command];

	vc_buf_addf(out, "Usage: vhostcheck %s [OPTIONS]%s%s\n\n", row->name, *row->arguments ? " " : "",
		    row->arguments);
	vc_buf_addf(out, "%s\nOptions:\n", row->details);
	for (size_t i = 0; i < vc_option_rows_count; i++) {
		if (vc_option_rows[i].commands & (1u << command))
			add_option(out, &vc_option_rows[i]);
	}
}
