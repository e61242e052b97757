/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/outputs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SECOND INT64_C(1000000000)
#define PROGRESS_AFTER SECOND
#define PROGRESS_EVERY (SECOND / 5)
/* More inputs that cannot be read than this are counted, and told on standard error alone. */
#define REFUSED_MAX 1000

/* --- hosts --- */

/* Without the directories above, and without what says how it is packed. */
static const char *
short_name(const char *root, struct vc_arena *arena)
{
	static const char *const endings[] = { ".tar.gz", ".tar.xz", ".tgz", ".tar" };
	size_t length = strlen(root);
	const char *name;
	char *copy;

	while (length > 1 && root[length - 1] == '/')
		length--;
	if (length == 1 && root[0] == '/')
		return "live";
	copy = vc_arena_strndup(arena, root, length);
	name = strrchr(copy, '/');
	name = name ? name + 1 : copy;
	for (size_t i = 0; i < VC_COUNT(endings); i++) {
		size_t end = strlen(endings[i]), all = strlen(name);

		if (all > end && strcmp(name + all - end, endings[i]) == 0) {
			copy[(size_t)(name - copy) + all - end] = '\0';
			break;
		}
	}
	return name;
}

static struct vc_stream_host *
name_hosts(const struct vc_options *options, struct vc_arena *arena)
{
	struct vc_stream_host *host = vc_arena_make_array(arena, options->root_count, struct vc_stream_host);
	bool unique = true;

	for (size_t i = 0; i < options->root_count; i++) {
		host[i].root = options->roots[i];
		host[i].label = short_name(options->roots[i], arena);
		for (size_t j = 0; j < i && unique; j++)
			unique = strcmp(host[i].label, host[j].label) != 0;
	}
	for (size_t i = 0; i < options->root_count && !unique; i++)
		host[i].label = host[i].root;
	return host;
}

/* --- streams --- */

static struct vc_stream_info
make_info(const struct vc_options *options, const struct vc_stream_host *host, const struct vc_ruleset *rules,
	  size_t domains, const char *file)
{
	struct vc_stream_info info = {
		.host = host,
		.hosts = options->root_count,
		.several = options->root_count * domains > 1,
		.rules = rules,
		.style = vc_style_of(options, file),
		.strict = options->strict,
	};

	info.fails[VC_ERROR] = options->fail_on <= VC_FAIL_ON_INFO;
	info.fails[VC_WARNING] =
		options->fail_on == VC_FAIL_ON_WARNING || options->fail_on == VC_FAIL_ON_INFO;
	info.fails[VC_INFO] = options->fail_on == VC_FAIL_ON_INFO;
	return info;
}

static const struct vc_format_row *
format_of(const struct vc_outputs *outputs, size_t index)
{
	return vc_formats[outputs->output[index].format];
}

/* A line that is written over and over has no place among others. */
static bool
may_show_progress(const struct vc_outputs *outputs)
{
	if (!outputs->info[0].several || outputs->options->loudness == VC_QUIET || !isatty(STDERR_FILENO))
		return false;
	for (size_t i = 0; i < outputs->count && isatty(STDOUT_FILENO); i++) {
		const struct vc_output *output = &outputs->output[i];
		bool waits = output->format == VC_FORMAT_TEXT && outputs->options->loudness == VC_NORMAL;

		if ((!output->file || strcmp(output->file, "-") == 0) && !waits)
			return false;
	}
	return true;
}

void
vc_outputs_init(struct vc_outputs *outputs, const struct vc_options *options, const struct vc_ruleset *rules,
		size_t domains)
{
	struct vc_arena *arena = vc_arena_new();
	size_t count = options->output_count;
	const struct vc_stream_host *host = name_hosts(options, arena);

	*outputs = (struct vc_outputs){
		.arena = arena,
		.options = options,
		.output = options->outputs,
		.count = count,
		.stream = vc_arena_make_array(arena, count, struct vc_stream),
		.info = vc_arena_make_array(arena, count, struct vc_stream_info),
		.sink = vc_arena_make_array(arena, count, struct vc_sink),
		.refused = { .arena = arena },
	};
	for (size_t i = 0; i < count; i++) {
		outputs->info[i] = make_info(options, host, rules, domains, outputs->output[i].file);
		outputs->stream[i] = (struct vc_stream){ .info = &outputs->info[i], .arena = arena };
	}
	outputs->shows_progress = may_show_progress(outputs);
	if (outputs->shows_progress)
		clock_gettime(CLOCK_MONOTONIC, &outputs->started);
}

static int
flush(struct vc_outputs *outputs, size_t index)
{
	int r = vc_sink_write(&outputs->sink[index], &outputs->text);

	outputs->text.length = 0;
	if (r < 0)
		vc_output_problem(outputs->output[index].file, r);
	return r;
}

/* Not before there is something to say: where nothing could be checked, files stay as they are. */
static int
begin(struct vc_outputs *outputs)
{
	for (size_t i = 0; i < outputs->count; i++) {
		int r = vc_sink_open(outputs->output[i].file, &outputs->sink[i]);

		if (r < 0) {
			outputs->count = i;
			vc_output_problem(outputs->output[i].file, r);
			return r;
		}
		outputs->begun = true;
		format_of(outputs, i)->begin(&outputs->stream[i], &outputs->text);
		r = flush(outputs, i);
		if (r < 0) {
			outputs->count = i + 1;
			return r;
		}
	}
	return 0;
}

static void
clear_progress(struct vc_outputs *outputs)
{
	if (outputs->progress_shown)
		fputs("\r\033[K", stderr);
	outputs->progress_shown = false;
}

int
vc_outputs_add(struct vc_outputs *outputs, const struct vc_survey_row *row)
{
	int r = outputs->begun ? 0 : begin(outputs);

	for (size_t i = 0; r == 0 && i < outputs->count; i++) {
		for (size_t j = 0; j < row->reports; j++)
			format_of(outputs, i)
				->add(&outputs->stream[i], &row->report[j], row->host[j], &outputs->text);
		r = flush(outputs, i);
	}
	return r;
}

void
vc_outputs_refused(struct vc_outputs *outputs, const struct vc_diags *diags)
{
	clear_progress(outputs);
	for (size_t i = 0; i < diags->count && outputs->refused.count < REFUSED_MAX; i++) {
		const char *file = diags->item[i].file;

		vc_diag_add(&outputs->refused, file ? vc_arena_strdup(outputs->arena, file) : NULL,
			    diags->item[i].line, "%s", diags->item[i].text);
	}
}

static int64_t
nanoseconds_since(const struct timespec *then, const struct timespec *now)
{
	return (int64_t)(now->tv_sec - then->tv_sec) * SECOND + (now->tv_nsec - then->tv_nsec);
}

void
vc_outputs_progress(struct vc_outputs *outputs, size_t done, size_t of)
{
	struct timespec now;

	if (!outputs->shows_progress)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (nanoseconds_since(&outputs->started, &now) < PROGRESS_AFTER ||
	    (outputs->progress_shown && nanoseconds_since(&outputs->told, &now) < PROGRESS_EVERY))
		return;
	fprintf(stderr, "\r%zu of %zu domains checked\033[K", done, of);
	fflush(stderr);
	outputs->progress_shown = true;
	outputs->told = now;
}

enum vc_exit
vc_outputs_finish(struct vc_outputs *outputs, bool good)
{
	enum vc_exit status = good ? VC_EXIT_OK : VC_EXIT_INPUT;

	clear_progress(outputs);
	if (!outputs->begun)
		return status;
	for (size_t i = 0; i < outputs->count; i++) {
		int before = outputs->sink[i].err, r;

		if (good) {
			format_of(outputs, i)->end(&outputs->stream[i], &outputs->refused, &outputs->text);
			vc_sink_write(&outputs->sink[i], &outputs->text);
			outputs->text.length = 0;
		}
		r = vc_sink_close(&outputs->sink[i], good);
		if (r < 0 && before == 0)
			vc_output_problem(outputs->output[i].file, r);
		if (r < 0)
			status = VC_EXIT_INPUT;
	}
	outputs->begun = false;
	return status;
}

void
vc_outputs_release(struct vc_outputs *outputs)
{
	vc_buf_release(&outputs->text);
	vc_arena_free(outputs->arena);
	*outputs = (struct vc_outputs){ 0 };
}
