/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the checks of a run go into: one stream per --format, and the line about progress. */
#pragma once

#include <time.h>

#include "cli/cli.h"
#include "cli/sink.h"
#include "cli/survey.h"

struct vc_outputs {
	struct vc_arena *arena;
	const struct vc_options *options;
	const struct vc_output *output; /* of each stream */
	struct vc_stream *stream;
	struct vc_stream_info *info;
	struct vc_sink *sink;
	size_t count;
	bool begun; /* the sinks are open */
	struct vc_diags refused;
	struct vc_buf text;
	/* progress */
	bool shows_progress, progress_shown;
	struct timespec started, told;
};

/* @domains: as many checks there may be on each host. */
void vc_outputs_init(struct vc_outputs *outputs, const struct vc_options *options,
		     const struct vc_ruleset *rules, size_t domains);
/* Negative errno after a message: something cannot be written. */
int vc_outputs_add(struct vc_outputs *outputs, const struct vc_survey_row *row);
void vc_outputs_refused(struct vc_outputs *outputs, const struct vc_diags *diags);
/* Tells a terminal how far it is, if it takes longer than a second. */
void vc_outputs_progress(struct vc_outputs *outputs, size_t done, size_t of);

/*
 * Ends the streams, if there was any check. Without @good the files stay as they were. VC_EXIT_OK, or
 * VC_EXIT_INPUT after a message.
 */
enum vc_exit vc_outputs_finish(struct vc_outputs *outputs, bool good) _must_check_;
void vc_outputs_release(struct vc_outputs *outputs);
