/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shell text taken apart into commands and their words, the way a shell does before it expands anything. What only
 * a running shell could tell ($VARIABLE, $(command)) is left as it is written, and marked. Private to this room.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/diag.h"

struct vc_shell_word {
	const char *text;
	int line;    /* where it begins */
	bool open;   /* holds something that a shell would replace */
	bool quoted; /* some of it stands in quotes */
};

struct vc_shell_command {
	const char *array; /* NAME of "NAME=( words )" or "NAME+=( words )"; NULL: a command */
	struct vc_shell_word *word;
	size_t words;
};

struct vc_shell_script {
	struct vc_shell_command *command;
	size_t commands;
};

/*
 * @first_line is the number of the line that @text begins with. Comments, redirections and here-documents are not
 * in the result. -EBADMSG with a diagnostic for a quote or substitution that is never closed. What a person is
 * likely not to have meant (a comment that cuts a command) is a diagnostic as well, and no failure.
 */
int vc_shell_parse(const char *text, size_t size, int first_line, const char *file, struct vc_arena *arena,
		   struct vc_diags *diags, struct vc_shell_script *ret_script) _must_check_;
