/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/run.h"

#include <errno.h>

#include "cli/connect.h"
#include "cli/input.h"
#include "guest/command-line.h"
#include "cli/wants.h"

void
vc_run_init(struct vc_run *run)
{
	*run = (struct vc_run){ .arena = vc_arena_new() };
	run->diags.arena = run->arena;
}

void
vc_run_release(struct vc_run *run)
{
	for (size_t i = 0; i < run->subjects; i++)
		vc_guest_release(&run->subject[i].guest);
	vc_hostfs_close(run->fs);
	vc_arena_free(run->arena);
	*run = (struct vc_run){ 0 };
}

int
vc_run_open(struct vc_run *run, const struct vc_run_options *options)
{
	run->broken_rules = vc_ruleset_load(&vc_builtin_rules, options->rules_dir, run->arena, &run->diags,
					    &run->rules);
	run->named = options->named;
	if (!options->root)
		return 0;
	return vc_hostfs_open(options->root, run->arena, &run->diags, &run->fs);
}

static struct vc_subject *
append_subject(struct vc_run *run)
{
	return vc_arena_append(run->arena, (void **)&run->subject, &run->subjects, sizeof(*run->subject));
}

int
vc_run_add_domain_text(struct vc_run *run, const char *text, size_t size, const char *file)
{
	struct vc_guest guest;
	int r = vc_guest_read_xml(text, size, file, run->arena, &run->diags, &guest);

	if (r < 0)
		return r;
	*append_subject(run) = (struct vc_subject){ .guest = guest, .text = text, .size = size };
	return 0;
}

int
vc_run_replace_text(struct vc_run *run, size_t subject, const char *text, size_t size)
{
	struct vc_subject *old = &run->subject[subject];
	struct vc_guest guest;
	int r = vc_guest_read_xml(text, size, old->guest.file, run->arena, &run->diags, &guest);

	if (r < 0)
		return r;
	vc_guest_release(&old->guest);
	*old = (struct vc_subject){ .guest = guest, .text = text, .size = size };
	return 0;
}

int
vc_run_add_domain(struct vc_run *run, const char *file)
{
	const char *text;
	size_t size;
	int r = vc_domain_read(run->named, file, run->arena, &run->diags, &text, &size);

	if (r < 0)
		return r;
	return vc_run_add_domain_text(run, text, size, file);
}

static void
add_command_line(struct vc_run *run, const struct vc_command_line *line, const char *file)
{
	struct vc_guest guest;

	vc_guest_read_command_line(line, file, run->arena, &run->diags, &guest);
	*append_subject(run) = (struct vc_subject){ .guest = guest };
}

int
vc_run_add_command_lines_text(struct vc_run *run, const char *text, size_t size, const char *file)
{
	struct vc_command_line *line;
	size_t lines;
	int r = vc_command_lines_find(text, size, file, run->arena, &run->diags, &line, &lines);

	for (size_t i = 0; r == 0 && i < lines; i++)
		add_command_line(run, &line[i], file);
	return r;
}

int
vc_run_add_command_lines(struct vc_run *run, const char *file)
{
	const char *text;
	size_t size;
	int r = vc_input_read(file, run->arena, &run->diags, &text, &size);

	return r < 0 ? r : vc_run_add_command_lines_text(run, text, size, file);
}

void
vc_run_add_command(struct vc_run *run, const char *const *word, size_t words)
{
	struct vc_command_line line;

	vc_command_line_from_words(word, words, run->arena, &line);
	add_command_line(run, &line, "command line");
}

void
vc_run_add_host(struct vc_run *run)
{
	append_subject(run)->host_only = true;
}

static const struct vc_guest *
guest_of(const struct vc_subject *subject)
{
	return subject->host_only ? NULL : &subject->guest;
}

static struct vc_wants
wants_of_subjects(const struct vc_run *run)
{
	struct vc_wants wants = { .arena = run->arena };

	for (size_t i = 0; i < run->subjects; i++)
		vc_wants_add(&wants, &run->rules, guest_of(&run->subject[i]));
	return wants;
}

void
vc_run_probe(struct vc_run *run, const struct vc_run_options *options)
{
	const struct vc_wants wants = wants_of_subjects(run);

	vc_wants_probe(&wants, options, run->fs, &run->host);
}

static const char *
known_text(const struct vc_fact_text *fact)
{
	return vc_known(&fact->fact) ? fact->value : NULL;
}

void
vc_judge(const struct vc_ruleset *rules, const struct vc_host *host, struct vc_guest *guest,
	 const struct vc_run_options *options, struct vc_arena *arena, struct vc_findings *ret_findings)
{
	struct vc_models models = { .host = host, .guest = guest, .today = options->today };

	if (options->config)
		models.suppression = vc_config_suppressions(options->config, guest ? known_text(&guest->name) : NULL,
							    guest ? known_text(&guest->uuid) : NULL, arena,
							    &models.suppressions);
	if (guest)
		vc_guest_derive(guest, host, arena);
	vc_rules_evaluate(rules, &models, options->ignore, options->ignored, arena, ret_findings);
}

void
vc_run_judge(struct vc_run *run, const struct vc_run_options *options)
{
	for (size_t i = 0; i < run->subjects; i++) {
		struct vc_subject *subject = &run->subject[i];
		vc_judge(&run->rules, &run->host, subject->host_only ? NULL : &subject->guest, options, run->arena,
			 &subject->findings);
	}
}

void
vc_run_probe_all(struct vc_run *run, const struct vc_run_options *options)
{
	struct vc_wants wants = wants_of_subjects(run);

	vc_wants_usual_files(&wants);
	wants.areas = VC_AREA_ALL;
	wants.all_devices = true;
	vc_wants_probe(&wants, options, run->fs, &run->host);
}
