/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From logs to diagnoses. Whatever was recognised in any line, of any log and in any order, is kept once, with its
 * places; what can come of one cause is one diagnosis, its causes ordered by how much of it they explain.
 *
 *   vc_diagnoser_new -> for each log: begin, feed..., end -> finish
 */
#pragma once

#include "diagnose/matcher.h"

struct vc_log {
	const char *file; /* as the user named it */
	uint64_t lines, bytes;
};

struct vc_log_place {
	const char *file;
	uint64_t line;
};

struct vc_log_value {
	const char *name, *text;
};

/* A message of the logs, however often it stands there. */
struct vc_sighting {
	const size_t *pattern; /* what recognises it, what says most first */
	size_t patterns;
	const char *text; /* of the first line it stands in, that part of it */
	const struct vc_log_value *value;
	size_t values;
	struct vc_log_place first, last;
	uint64_t count;
	bool various; /* the last ones differed in their values, of which there were too many to keep */
};

/* What running the rule on a domain and a host says of it. */
enum vc_verdict_word {
	VC_VERDICT_CONFIRMED,
	VC_VERDICT_UNDECIDED,
	VC_VERDICT_NOT_ASKED,
	VC_VERDICT_DOES_NOT_APPLY,
	VC_VERDICT_REFUTED,
};

struct vc_diagnosis_cause {
	struct vc_cause cause;
	size_t sightings; /* that it explains */
	size_t literals;  /* of the symptom that says most */
	bool clue;	  /* nothing but clues speaks for it */
	enum vc_verdict_word verdict;
	struct vc_findings findings; /* of the rule alone, about the domain or the host, if it was asked */
};

struct vc_diagnosis {
	struct vc_diagnosis_cause *cause; /* the most likely first */
	size_t causes;
	const struct vc_sighting **sighting; /* in the order of the logs */
	size_t sightings;
	uint64_t count; /* of all sightings */
	enum vc_severity severity;
	bool clue; /* no failure, unless it is confirmed */
};

/* A line that looks like an error, of which nothing is known. */
struct vc_log_line {
	struct vc_log_place place;
	const char *text;
};

struct vc_diagnoses {
	const struct vc_log *log;
	size_t logs;
	struct vc_diagnosis *item; /* failures first, then as they come in the logs */
	size_t count;
	/* Sightings of messages that are no diagnosis. */
	const struct vc_sighting **noise, **wrapper;
	size_t noises, wrappers;
	/* "qemu", "libvirt", "kernel": as the logs tell, each version once */
	const struct vc_log_value *version;
	size_t versions;
	const struct vc_log_line *unknown; /* the first ones */
	size_t unknowns;
	uint64_t unknown_lines;
	uint64_t left_out; /* recognised, and not kept: there were too many different ones */
	const struct vc_matcher *matcher;
};

struct vc_diagnoser;

/* Everything is kept in @arena; @rules and @messages outlive it. */
struct vc_diagnoser *vc_diagnoser_new(const struct vc_ruleset *rules, const struct vc_messages *messages,
				      struct vc_arena *arena);
void vc_diagnoser_begin(struct vc_diagnoser *diagnoser, const char *file);
void vc_diagnoser_feed(struct vc_diagnoser *diagnoser, const char *data, size_t size);
void vc_diagnoser_end(struct vc_diagnoser *diagnoser);
void vc_diagnoser_finish(struct vc_diagnoser *diagnoser, struct vc_diagnoses *ret_diagnoses);

/* Orders the causes and the diagnoses anew, after verdicts have come in. */
void vc_diagnoses_order(struct vc_diagnoses *diagnoses);

/* Title and id of a cause, whichever it is. */
const char *vc_cause_id(const struct vc_cause *cause);
const char *vc_cause_title(const struct vc_cause *cause);
enum vc_severity vc_cause_severity(const struct vc_cause *cause);

/* "confirmed", "undecided", "not-asked", "does-not-apply", "refuted" */
const char *vc_verdict_name(enum vc_verdict_word verdict);

/* How much is kept, whatever a log holds. */
#define VC_SIGHTINGS_MAX 4096	   /* of all messages */
#define VC_SIGHTINGS_PER_MESSAGE 32 /* with different values */
#define VC_UNKNOWN_LINES_MAX 50
#define VC_LOG_TEXT_MAX ((size_t)400)
