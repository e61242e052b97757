/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands rules list, rules lint and rules test. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/site-file.h"
#include "base/suggest.h"
#include "cli/case.h"
#include "cli/cli.h"
#include "cli/input.h"
#include "cli/site.h"

/* A topic nobody has is a slip of the pen, and an empty list would hide it. */
static enum vc_exit
check_topic(const struct vc_ruleset *rules, const char *topic)
{
	struct vc_suggest suggest;

	if (!topic)
		return VC_EXIT_OK;
	vc_suggest_init(&suggest, topic);
	for (size_t i = 0; i < rules->count; i++) {
		if (!rules->rule[i]->topic)
			continue;
		if (strcmp(rules->rule[i]->topic, topic) == 0)
			return VC_EXIT_OK;
		vc_suggest_offer(&suggest, rules->rule[i]->topic);
	}
	if (suggest.best)
		vc_print_problem("no rule has the topic '%s'; did you mean '%s'?", topic, suggest.best);
	else
		vc_print_problem("no rule has the topic '%s'", topic);
	return VC_EXIT_INPUT;
}

static enum vc_exit
rules_list(const struct vc_options *options)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	struct vc_diags diags = { .arena = arena };
	const struct vc_style style = vc_style_for(options);
	_cleanup_buf_ struct vc_buf out = { 0 };
	struct vc_ruleset rules;
	int broken;

	if (options->operands > 1) {
		vc_print_problem("'vhostcheck rules list' does not expect '%s'", options->operand[1]);
		return VC_EXIT_INPUT;
	}
	if (vc_load_rules(options, arena, &diags, &rules, &broken) != VC_EXIT_OK)
		return VC_EXIT_INPUT;
	vc_print_diags(&diags);
	if (check_topic(&rules, options->filter.topic) != VC_EXIT_OK)
		return VC_EXIT_INPUT;
	if (options->format == VC_FORMAT_JSON)
		vc_rules_json(&rules, &options->filter, &out);
	else
		vc_rules_text(&rules, &options->filter, &style, &out);
	if (vc_output_write(options, &out) != VC_EXIT_OK)
		return VC_EXIT_INPUT;
	return broken > 0 ? VC_EXIT_INPUT : VC_EXIT_OK;
}

/* --- lint --- */

struct lint {
	struct vc_arena *arena;
	struct vc_diags diags;
	size_t rules, quirks; /* good ones */
};

/* The file a rule of the project was made from, wherever the source directory stands. */
static bool
is_own_file(const struct vc_rule *builtin, const char *file)
{
	size_t length = builtin->file ? strlen(builtin->file) : 0, whole = strlen(file);

	return length > 0 && whole >= length && strcmp(file + whole - length, builtin->file) == 0 &&
	       (whole == length || file[whole - length - 1] == '/');
}

/* A rule of the site may not take the name of one of the project: nobody would know which one spoke. */
static void
lint_rule(struct lint *lint, const struct vc_rule *rule)
{
	const struct vc_rule *builtin = vc_ruleset_find(&vc_builtin_rules, rule->id);

	lint->rules++;
	if (builtin && !is_own_file(builtin, rule->file))
		vc_diag_add(&lint->diags, rule->file, 0, "vhostcheck has a rule '%s' of its own; choose another id",
			    rule->id);
}

static void
lint_quirk_directory(struct lint *lint, const char *directory)
{
	struct vc_site_quirks quirks = { .dir = directory, .arena = lint->arena, .diags = &lint->diags };

	vc_site_quirks_load(&quirks);
	for (size_t i = 0; i < quirks.files; i++)
		lint->quirks += quirks.file[i].count;
}

/* Quirk files know no subdirectories, so that one of them in the directory says what it is for. */
static bool
holds_quirks(const char *directory)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	struct dirent **entry = NULL;
	int count = scandir(directory, &entry, vc_quirk_file_named, alphasort);
	bool quirks = false;

	for (int i = 0; i < count; i++) {
		_cleanup_free_ char *text = NULL;
		struct stat st;
		const char *why;
		size_t size;

		if (!quirks &&
		    vc_site_file_read(AT_FDCWD, vc_arena_printf(arena, "%s/%s", directory, entry[i]->d_name),
				      VC_SITE_XML_MAX, &why, &st, &text, &size) == 0)
			quirks = vc_quirk_text_is_one(text, size);
		free(entry[i]);
	}
	free(entry);
	return quirks;
}

static void
lint_directory(struct lint *lint, const char *directory)
{
	const struct vc_ruleset none = { .count = 0 };
	struct vc_ruleset found;

	if (holds_quirks(directory)) {
		lint_quirk_directory(lint, directory);
		return;
	}
	/* The count of broken files is in the diagnostics. */
	(void)vc_ruleset_load(&none, directory, lint->arena, &lint->diags, &found);
	for (size_t i = 0; i < found.count; i++)
		lint_rule(lint, found.rule[i]);
}

static void
lint_quirks(struct lint *lint, const char *text, size_t size, const char *file)
{
	struct vc_quirk_file quirks = { .quirk = NULL };

	if (vc_quirk_text_read(lint->arena, text, size, file, &lint->diags, &quirks) == 0 &&
	    vc_quirk_file_finish(file, &lint->diags, &quirks) == 0)
		lint->quirks += quirks.count;
}

static void
lint_file(struct lint *lint, const char *file)
{
	const char *topic = basename(dirname(vc_arena_strdup(lint->arena, file)));
	struct vc_rule *rule;
	const char *text;
	size_t size;

	if (vc_input_read(file, lint->arena, &lint->diags, &text, &size) < 0)
		return;
	if (vc_quirk_text_is_one(text, size))
		lint_quirks(lint, text, size, file);
	else if (vc_rule_load(text, size, file, topic, lint->arena, &lint->diags, &rule) == 0)
		lint_rule(lint, rule);
}

static void
lint_path(struct lint *lint, const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		lint_directory(lint, path);
	else
		lint_file(lint, path);
}

static void
add_problems(const struct vc_diags *diags, struct vc_buf *out)
{
	for (size_t i = 0; i < diags->count; i++) {
		vc_buf_add_safe(out, diags->item[i].file ? diags->item[i].file : "vhostcheck", 0);
		if (diags->item[i].line > 0)
			vc_buf_addf(out, ":%d", diags->item[i].line);
		vc_buf_addf(out, ": %s\n", diags->item[i].text);
	}
}

static enum vc_exit
rules_lint(const struct vc_options *options)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	struct lint lint = { .arena = arena, .diags = { .arena = arena } };
	_cleanup_buf_ struct vc_buf out = { 0 };

	for (size_t i = 1; i < options->operands; i++)
		lint_path(&lint, options->operand[i]);
	if (options->operands == 1) {
		const char *site = vc_site()->rules_dir;

		if (!options->rules_dir && access(site, F_OK) < 0 && errno == ENOENT &&
		    access(vc_site()->quirks_dir, F_OK) < 0) {
			if (options->loudness != VC_QUIET)
				vc_buf_addf(&out, "this site has no rules of its own: there is no %s\n", site);
			return vc_output_write(options, &out);
		}
		if (options->rules_dir || access(site, F_OK) == 0)
			lint_path(&lint, options->rules_dir ? options->rules_dir : site);
		lint_quirk_directory(&lint, vc_site()->quirks_dir);
	}
	add_problems(&lint.diags, &out);
	if (options->loudness != VC_QUIET) {
		if (lint.rules > 0 || lint.quirks == 0)
			vc_buf_addf(&out, "%zu %s%s", lint.rules, lint.rules == 1 ? "rule" : "rules",
				    lint.quirks > 0 ? " and " : "");
		if (lint.quirks > 0)
			vc_buf_addf(&out, "%zu %s", lint.quirks, lint.quirks == 1 ? "quirk" : "quirks");
		vc_buf_addf(&out, " loaded, %zu %s\n", lint.diags.count,
			    lint.diags.count == 1 ? "problem" : "problems");
	}
	if (vc_output_write(options, &out) != VC_EXIT_OK)
		return VC_EXIT_INPUT;
	return lint.diags.count > 0 ? VC_EXIT_INPUT : VC_EXIT_OK;
}

/* --- test --- */

static enum vc_exit
rules_test(const struct vc_options *options)
{
	struct vc_run_options run_options = vc_run_options_from(options);
	_cleanup_free_ char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	_cleanup_buf_ struct vc_buf result = { 0 };
	int r;

	if (!out)
		return VC_EXIT_INTERNAL;
	if (options->operands < 2) {
		fclose(out);
		vc_print_problem("'vhostcheck rules test' expects case files or directories");
		return VC_EXIT_INPUT;
	}
	/* A case says itself what its host is. */
	run_options.root = NULL;
	run_options.may_execute = false;
	r = vc_cases_run(options->operand + 1, options->operands - 1, &run_options, out);
	if (fclose(out) != 0)
		return VC_EXIT_INTERNAL;
	vc_buf_add_n(&result, text, size);
	if (vc_output_write(options, &result) != VC_EXIT_OK)
		return VC_EXIT_INPUT;
	return r == 0 ? VC_EXIT_OK : r == 1 ? VC_EXIT_FINDING : VC_EXIT_INPUT;
}

static const struct {
	const char *name;
	enum vc_exit (*run)(const struct vc_options *options);
} subcommands[] = {
	{ .name = "list", .run = rules_list },
	{ .name = "lint", .run = rules_lint },
	{ .name = "test", .run = rules_test },
};

enum vc_exit
vc_command_rules(const struct vc_options *options)
{
	struct vc_suggest suggest;

	vc_suggest_init(&suggest, options->operand[0]);
	for (size_t i = 0; i < VC_COUNT(subcommands); i++) {
		if (strcmp(subcommands[i].name, options->operand[0]) == 0) {
			if (options->filtered && subcommands[i].run != rules_list) {
				vc_print_problem("'vhostcheck rules %s' takes no --topic, --severity or --fixable",
						 options->operand[0]);
				return VC_EXIT_INPUT;
			}
			return subcommands[i].run(options);
		}
		vc_suggest_offer(&suggest, subcommands[i].name);
	}
	if (suggest.best)
		vc_print_problem("'vhostcheck rules' expects list, lint or test, not '%s'; did you mean '%s'?",
				 options->operand[0], suggest.best);
	else
		vc_print_problem("'vhostcheck rules' expects list, lint or test, not '%s'", options->operand[0]);
	return VC_EXIT_INPUT;
}
