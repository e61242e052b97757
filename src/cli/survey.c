/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/survey.h"

#include <string.h>

#include "cli/connect.h"
#include "cli/wants.h"

/* Domains that are in memory at the same time, unless they are large. */
#define BATCH_MAX 32
#define BATCH_BYTES_MAX ((size_t)2 << 20)

struct host {
	const char *root;
	struct vc_arena *arena; /* all that is known of it; NULL: not probed */
	struct vc_hostfs *fs;   /* open until it is probed */
	enum vc_hostfs_kind kind;
	struct vc_host model;
	unsigned generation; /* of the wants it was probed for */
	bool refused;
};

struct survey {
	const struct vc_ruleset *rules;
	const struct vc_survey_options *options;
	const struct vc_survey_events *events;
	struct vc_arena *arena; /* for the whole of it */
	struct host *host;
	struct vc_wants wants;
	unsigned generation;
	size_t next; /* domain to read */
	size_t done, refused;
};

/* Domains that were read and not yet judged. */
struct batch {
	struct vc_arena *arena;
	struct vc_guest *guest;
	size_t count;
};

static struct vc_run_options
options_for(const struct survey *s, const struct host *host)
{
	struct vc_run_options options = s->options->run;

	/* The binaries of a capture are not those that would be run here. */
	options.may_execute = options.may_execute && strcmp(host->root, "/") == 0;
	return options;
}

static void
forget_host(struct host *host)
{
	vc_hostfs_close(host->fs);
	vc_arena_free(host->arena);
	host->fs = NULL;
	host->arena = NULL;
}

static void
refuse(struct survey *s, const struct vc_diags *diags)
{
	s->refused++;
	s->events->refused(s->events->context, diags);
}

static void
open_host(struct survey *s, struct host *host)
{
	struct vc_diags diags;
	int r;

	forget_host(host);
	host->arena = vc_arena_new();
	diags = (struct vc_diags){ .arena = host->arena };
	r = vc_hostfs_open(host->root, host->arena, &diags, &host->fs);
	if (r == 0) {
		host->kind = vc_hostfs_kind(host->fs);
		return;
	}
	refuse(s, &diags);
	host->refused = true;
	forget_host(host);
}

/* What was read lives in the arena: the host is closed, so that any number of them can be looked at. */
static void
probe_host(struct survey *s, struct host *host)
{
	const struct vc_run_options options = options_for(s, host);

	if (host->refused || host->generation == s->generation)
		return;
	if (!host->fs)
		open_host(s, host);
	if (host->refused)
		return;
	vc_wants_probe(&s->wants, &options, host->fs, &host->model);
	vc_hostfs_close(host->fs);
	host->fs = NULL;
	host->generation = s->generation;
}

/* What later batches ask beyond the first is most often other devices, so that all are looked at then. */
static void
want(struct survey *s, struct vc_wants *more)
{
	more->all_devices = s->options->everything || s->generation > 0;
	if (s->options->everything) {
		more->areas = VC_AREA_ALL;
		vc_wants_usual_files(more);
	}
	if (!vc_wants_merge(&s->wants, more))
		return;
	s->generation++;
	for (size_t i = 0; i < s->options->roots; i++)
		probe_host(s, &s->host[i]);
}

/* What the findings are about; the guest itself if there is but one host. */
static struct vc_guest *
guest_for_host(const struct survey *s, struct vc_guest *guest, struct vc_arena *arena)
{
	struct vc_guest *copy;

	if (!guest || s->options->roots == 1)
		return guest;
	copy = vc_arena_make(arena, struct vc_guest);
	vc_guest_copy(guest, arena, copy);
	return copy;
}

static int
emit(struct survey *s, struct vc_guest *guest)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	size_t roots = s->options->roots, total = s->options->domains + s->options->guests + s->options->host_alone;
	struct vc_report_subject *subject = vc_arena_make_array(arena, roots, struct vc_report_subject);
	struct vc_findings *findings = vc_arena_make_array(arena, roots, struct vc_findings);
	struct vc_report *report = vc_arena_make_array(arena, roots, struct vc_report);
	size_t *host = vc_arena_make_array(arena, roots, size_t);
	struct vc_survey_row row = { .report = report, .host = host };
	int r = 0;

	for (size_t i = 0; i < roots; i++) {
		const struct host *of = &s->host[i];
		struct vc_guest *copy;

		if (of->refused)
			continue;
		copy = guest_for_host(s, guest, arena);
		vc_judge(s->rules, &of->model, copy, &s->options->run, arena, &findings[i]);
		subject[i] = (struct vc_report_subject){ .guest = copy, .findings = &findings[i] };
		host[row.reports] = i;
		report[row.reports++] = (struct vc_report){
			.arena = arena,
			.host = &of->model,
			.source = of->kind,
			.root = of->root,
			.subject = &subject[i],
			.subjects = 1,
		};
	}
	if (row.reports > 0)
		r = s->events->row(s->events->context, &row);
	s->done++;
	if (r >= 0 && s->events->progress)
		s->events->progress(s->events->context, s->done, total);
	return r;
}

/* Reads domains until the batch is full. */
static void
fill_batch(struct survey *s, struct batch *batch)
{
	size_t bytes = 0;

	for (; s->next < s->options->domains && batch->count < BATCH_MAX && bytes < BATCH_BYTES_MAX;
	     s->next++) {
		const char *file = s->options->domain[s->next], *text;
		struct vc_diags diags = { .arena = batch->arena };
		size_t size;

		if (vc_domain_read(s->options->run.named, file, batch->arena, &diags, &text, &size) < 0 ||
		    vc_guest_read_xml(text, size, file, batch->arena, &diags, &batch->guest[batch->count]) <
			    0) {
			refuse(s, &diags);
			continue;
		}
		batch->count++;
		bytes += size;
	}
}

static bool
any_host(const struct survey *s)
{
	for (size_t i = 0; i < s->options->roots; i++) {
		if (!s->host[i].refused)
			return true;
	}
	return false;
}

static int
judge_batch(struct survey *s, struct batch *batch)
{
	struct vc_wants more = { .arena = batch->arena };
	int r = 0;

	for (size_t i = 0; i < batch->count; i++)
		vc_wants_add(&more, s->rules, &batch->guest[i]);
	if (batch->count > 0)
		want(s, &more);
	for (size_t i = 0; r >= 0 && i < batch->count && any_host(s); i++)
		r = emit(s, &batch->guest[i]);
	return r;
}

static int
next_batch(struct survey *s)
{
	struct batch batch = { .arena = vc_arena_new() };
	size_t left = s->options->domains - s->next;
	int r;

	batch.guest = vc_arena_make_array(batch.arena, left < BATCH_MAX ? left : BATCH_MAX, struct vc_guest);
	fill_batch(s, &batch);
	r = judge_batch(s, &batch);
	for (size_t i = 0; i < batch.count; i++)
		vc_guest_release(&batch.guest[i]);
	vc_arena_free(batch.arena);
	return r;
}

static int
check_hosts(struct survey *s)
{
	struct vc_wants more = { .arena = s->arena };

	vc_wants_add(&more, s->rules, NULL);
	want(s, &more);
	return any_host(s) ? emit(s, NULL) : 0;
}

static int
check_guests(struct survey *s)
{
	struct batch batch = { .arena = s->arena, .guest = s->options->guest, .count = s->options->guests };

	return judge_batch(s, &batch);
}

static int
run(struct survey *s)
{
	int r = 0;

	/* A mistaken --root is told before a domain is waited for. */
	if (s->options->roots == 1)
		open_host(s, &s->host[0]);
	if (s->options->host_alone && any_host(s))
		r = check_hosts(s);
	while (r >= 0 && s->next < s->options->domains && any_host(s))
		r = next_batch(s);
	if (r >= 0 && s->options->guests > 0 && any_host(s))
		r = check_guests(s);
	return r;
}

int
vc_survey(const struct vc_ruleset *rules, const struct vc_survey_options *options,
	  const struct vc_survey_events *events, size_t *ret_refused)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	struct survey s = {
		.rules = rules,
		.options = options,
		.events = events,
		.arena = arena,
		.host = vc_arena_make_array(arena, options->roots, struct host),
		.wants = { .arena = arena },
	};
	int r;

	for (size_t i = 0; i < options->roots; i++)
		s.host[i].root = options->root[i];
	r = run(&s);
	for (size_t i = 0; i < options->roots; i++)
		forget_host(&s.host[i]);
	*ret_refused = s.refused;
	return r < 0 ? r : 0;
}
