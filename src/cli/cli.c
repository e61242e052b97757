/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/suggest.h"
#include "cli/site.h"

void
vc_diag_format(const struct vc_diag *diag, struct vc_buf *out)
{
	if (diag->file) {
		vc_buf_add_safe(out, strcmp(diag->file, "-") == 0 ? "<stdin>" : diag->file, 0);
		if (diag->line > 0)
			vc_buf_addf(out, ":%d", diag->line);
		vc_buf_add(out, ": ");
	}
	vc_buf_add(out, diag->text);
}

void
vc_print_diags(const struct vc_diags *diags)
{
	for (size_t i = 0; i < diags->count; i++) {
		_cleanup_buf_ struct vc_buf line = { 0 };

		vc_buf_add(&line, "vhostcheck: ");
		vc_diag_format(&diags->item[i], &line);
		vc_buf_add(&line, "\n");
		fputs(vc_buf_text(&line), stderr);
	}
}

void
vc_print_problem(const char *format, ...)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	_cleanup_buf_ struct vc_buf line = { 0 };
	va_list args;

	va_start(args, format);
	vc_buf_add_safe(&line, vc_arena_vprintf(arena, format, args), 0);
	va_end(args);
	fprintf(stderr, "vhostcheck: %s\n", vc_buf_text(&line));
}

static bool
wants_color(const struct vc_options *options, const char *file)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	switch (options->color) {
	case VC_COLOR_ALWAYS:
		return true;
	case VC_COLOR_NEVER:
		return false;
	case VC_COLOR_AUTO:
		break;
	}
	/* NO_COLOR counts when it is not empty [no-color.org]. */
	if (no_color && *no_color)
		return false;
	if (!term || strcmp(term, "dumb") == 0)
		return false;
	return !file && isatty(STDOUT_FILENO);
}

struct vc_style
vc_style_for(const struct vc_options *options)
{
	return vc_style_of(options, options->output);
}

struct vc_style
vc_style_of(const struct vc_options *options, const char *file)
{
	struct vc_style style = {
		.color = wants_color(options, file),
		.width = VC_WIDTH_DEFAULT,
		.loudness = options->loudness,
	};
	struct winsize size;

	/* A wide terminal does not make long lines easier to read. */
	if (!file && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 &&
	    size.ws_col < style.width)
		style.width = size.ws_col;
	return style;
}

const char *
vc_today(struct vc_arena *arena)
{
	time_t now = time(NULL);
	struct tm day;
	char text[16];

	/* Not later than 1970: a clock that nobody has set. */
	if (now < 366 * 86400 || !gmtime_r(&now, &day) || strftime(text, sizeof(text), "%F", &day) != 10)
		return NULL;
	return vc_arena_strdup(arena, text);
}

struct vc_run_options
vc_run_options_from(const struct vc_options *options)
{
	return (struct vc_run_options){
		.root = options->root,
		.rules_dir = options->rules_dir,
		.ignore = options->ignore,
		.ignored = options->ignored,
		.qemu_version = options->has_qemu_version ? &options->qemu_version : NULL,
		.libvirt_version = options->has_libvirt_version ? &options->libvirt_version : NULL,
		/* The binaries of a capture are not those that would be run here. */
		.may_execute = strcmp(options->root, "/") == 0,
		.named = options->named,
		.config = options->config,
		.today = vc_today(options->arena),
	};
}

static bool
is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* The directory of the site need not exist; one that somebody named must. */
static enum vc_exit
check_rules_dir(const struct vc_options *options)
{
	if (!options->rules_dir || is_directory(options->rules_dir))
		return VC_EXIT_OK;
	vc_print_problem("%s: --rules expects a directory with rule files", options->rules_dir);
	return VC_EXIT_INPUT;
}

/* Adds the rules of the site to @rules; returns the number of broken files. */
static int
add_site_rules(struct vc_arena *arena, struct vc_diags *diags, struct vc_ruleset *rules)
{
	struct vc_ruleset more;
	int broken;

	if (!is_directory(vc_site()->rules_dir))
		return 0;
	broken = vc_ruleset_load(rules, vc_site()->rules_dir, arena, diags, &more);
	*rules = more;
	return broken;
}

void
vc_add_site_rules(struct vc_run *run)
{
	run->broken_rules += add_site_rules(run->arena, &run->diags, &run->rules);
}

void
vc_configure(struct vc_options *options)
{
	struct vc_config *config = vc_arena_make(options->arena, struct vc_config);
	struct vc_diags diags = { .arena = options->arena };

	vc_config_read(vc_site()->configuration, options->arena, &diags, config);
	vc_print_diags(&diags);
	options->config = config;
}

/* Who may not read it is told so. Without it there are more findings, and none is missing. */
static bool
is_config_broken(const struct vc_options *options)
{
	return options->config && options->config->broken && !options->config->forbidden;
}

enum vc_exit
vc_open_run(const struct vc_options *options, struct vc_run *run)
{
	struct vc_run_options run_options = vc_run_options_from(options);

	if (check_rules_dir(options) != VC_EXIT_OK)
		return VC_EXIT_INPUT;
	if (vc_run_open(run, &run_options) < 0) {
		vc_print_diags(&run->diags);
		return VC_EXIT_INPUT;
	}
	vc_add_site_rules(run);
	run->broken_rules += is_config_broken(options);
	return VC_EXIT_OK;
}

enum vc_exit
vc_load_rules(const struct vc_options *options, struct vc_arena *arena, struct vc_diags *diags,
	      struct vc_ruleset *ret_rules, int *ret_broken)
{
	struct vc_ruleset rules;
	int broken;

	if (check_rules_dir(options) != VC_EXIT_OK)
		return VC_EXIT_INPUT;
	broken = vc_ruleset_load(&vc_builtin_rules, options->rules_dir, arena, diags, &rules);
	broken += add_site_rules(arena, diags, &rules);
	broken += is_config_broken(options);
	*ret_rules = rules;
	*ret_broken = broken;
	return VC_EXIT_OK;
}

void
vc_quirks_open(struct vc_quirks_reader *reader)
{
	*reader = (struct vc_quirks_reader){ .arena = vc_arena_new() };
	reader->diags.arena = reader->arena;
	reader->quirks = (struct vc_site_quirks){
		.dir = vc_site()->quirks_dir,
		.arena = reader->arena,
		.diags = &reader->diags,
	};
}

void
vc_quirks_close(struct vc_quirks_reader *reader)
{
	vc_arena_free(reader->arena);
}

bool
vc_quirks_tell(const struct vc_quirks_reader *reader)
{
	vc_print_diags(&reader->diags);
	return reader->quirks.broken > 0;
}

void
vc_unknown_rule(const struct vc_ruleset *rules, const char *id)
{
	struct vc_suggest suggest;

	vc_suggest_init(&suggest, id);
	for (size_t i = 0; i < rules->count; i++)
		vc_suggest_offer(&suggest, rules->rule[i]->id);
	if (suggest.best)
		vc_print_problem("there is no rule '%s'; did you mean '%s'?", id, suggest.best);
	else
		vc_print_problem("there is no rule '%s'; 'vhostcheck rules list' lists them", id);
}

enum vc_exit
vc_check_rule_ids(const struct vc_ruleset *rules, const struct vc_diags *diags, const char *const *id, size_t count)
{
	enum vc_exit status = VC_EXIT_OK;

	for (size_t i = 0; i < count; i++) {
		if (vc_ruleset_find(rules, id[i]))
			continue;
		if (diags && status == VC_EXIT_OK)
			vc_print_diags(diags);
		vc_unknown_rule(rules, id[i]);
		status = VC_EXIT_INPUT;
	}
	return status;
}

struct vc_report
vc_make_report(const struct vc_options *options, const struct vc_run *run)
{
	struct vc_report_subject *subjects = vc_arena_make_array(run->arena, run->subjects + 1,
								 struct vc_report_subject);

	for (size_t i = 0; i < run->subjects; i++) {
		subjects[i] = (struct vc_report_subject){
			.guest = run->subject[i].host_only ? NULL : &run->subject[i].guest,
			.findings = &run->subject[i].findings,
		};
	}
	return (struct vc_report){
		.arena = run->arena,
		.host = &run->host,
		.source = vc_hostfs_kind(run->fs),
		.root = options->root,
		.subject = subjects,
		.subjects = run->subjects,
	};
}
