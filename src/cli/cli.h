/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the commands share: telling people what is wrong, styles, and writing results. */
#pragma once

#include "cli/options.h"
#include "cli/run.h"
#include "host/quirk-site.h"

/* One function per command, in the file of its name. */
enum vc_exit vc_command_check(const struct vc_options *options);
enum vc_exit vc_command_fix(const struct vc_options *options);
enum vc_exit vc_command_host(const struct vc_options *options);
enum vc_exit vc_command_facts(const struct vc_options *options);
enum vc_exit vc_command_compare(const struct vc_options *options);
enum vc_exit vc_command_capture(const struct vc_options *options);
enum vc_exit vc_command_diagnose(const struct vc_options *options);
enum vc_exit vc_command_explain(const struct vc_options *options);
enum vc_exit vc_command_hook(const struct vc_options *options);
enum vc_exit vc_command_rules(const struct vc_options *options);

/* "FILE:LINE: text" */
void vc_diag_format(const struct vc_diag *diag, struct vc_buf *out);
/* On standard error: "vhostcheck: FILE:LINE: text". */
void vc_print_diags(const struct vc_diags *diags);
void vc_print_problem(const char *format, ...) _printf_(1, 2);

/* Colour and width for where the output goes: @file, or standard output for NULL. */
struct vc_style vc_style_of(const struct vc_options *options, const char *file);
/* The same for options->output. */
struct vc_style vc_style_for(const struct vc_options *options);

/*
 * Writes a whole result, to options->output (through a temporary file, so that there is always an old or a new one)
 * or to standard output. VC_EXIT_OK, or VC_EXIT_INPUT after a message.
 */
enum vc_exit vc_output_write(const struct vc_options *options, const struct vc_buf *text) _must_check_;
/* Says that @file (NULL: standard output) could not be written. VC_EXIT_INPUT. */
enum vc_exit vc_output_problem(const char *file, int err);

/*
 * Puts @text in the place of @file, which held @old, and keeps that as FILE~. Mode and owner stay. There is always the old
 * file or the new one. VC_EXIT_OK, or VC_EXIT_INPUT after a message, and then nothing has changed.
 */
enum vc_exit vc_output_replace(const char *file, const char *old, size_t old_size, const char *text, size_t size)
	_must_check_;

/* YYYY-MM-DD, UTC; NULL if the clock is not set. */
const char *vc_today(struct vc_arena *arena);

/* For vc_run_open() and the probes. The result borrows from @options. */
struct vc_run_options vc_run_options_from(const struct vc_options *options);

/*
 * Reads the configuration of the site into @options; mistakes are printed. A broken one counts as a broken rule file.
 */
void vc_configure(struct vc_options *options);

/* Adds the rules of the site to those of the run; broken files are in its diagnostics, and counted. */
void vc_add_site_rules(struct vc_run *run);

/*
 * Opens the run with the rules of the project, of the site and of --rules. VC_EXIT_OK, or another status after the
 * messages are printed; broken rule files alone are no failure: run->broken_rules counts them.
 */
enum vc_exit vc_open_run(const struct vc_options *options, struct vc_run *run) _must_check_;

/* The same rules without a host. A broken file adds a diagnostic and counts in *ret_broken. */
enum vc_exit vc_load_rules(const struct vc_options *options, struct vc_arena *arena, struct vc_diags *diags,
			   struct vc_ruleset *ret_rules, int *ret_broken) _must_check_;

/*
 * Whether there is a rule for every id; VC_EXIT_INPUT after messages about those without, and before them @diags (NULL:
 * printed already), because a rule file that is broken may be the one that has it.
 */
enum vc_exit vc_check_rule_ids(const struct vc_ruleset *rules, const struct vc_diags *diags, const char *const *id,
			       size_t count) _must_check_;

/* Says that there is no rule @id, and which one may be meant. */
void vc_unknown_rule(const struct vc_ruleset *rules, const char *id);

/* The quirks of the site, for struct vc_run_options: probes read them when they need them. */
struct vc_quirks_reader {
	struct vc_arena *arena;
	struct vc_diags diags;
	struct vc_site_quirks quirks;
};
void vc_quirks_open(struct vc_quirks_reader *reader);
void vc_quirks_close(struct vc_quirks_reader *reader);
/* Prints what was wrong with the files that were read, if any were; whether there was something. */
bool vc_quirks_tell(const struct vc_quirks_reader *reader);

/* What the reports are made from; in the arena of the run. */
struct vc_report vc_make_report(const struct vc_options *options, const struct vc_run *run);
