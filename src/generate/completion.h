/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the completions of all shells share. The word "help" is a command to a person, and none in the table.
 */
#pragma once

#include "base/buf.h"
#include "cli/options.h"

static inline bool
vc_option_fits(const struct vc_option_row *option, enum vc_command_id command)
{
	return option->commands & (1u << command);
}

/* Every word of these, with @separator between them. */
void completion_add_words(struct vc_buf *out, struct vc_words words, const char *separator);
/* Every command, and help. */
void completion_add_commands(struct vc_buf *out, const char *separator);
/* Every option that takes an argument, as it is written: --output, -o. */
void completion_add_options_with_argument(struct vc_buf *out, const char *separator);
/* The topics of the rules. */
void completion_add_topics(struct vc_buf *out, const char *separator);
/* The facts of the host. */
void completion_add_facts(struct vc_buf *out, const char *separator);
