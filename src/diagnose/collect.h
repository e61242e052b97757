/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside src/diagnose: what is kept of the logs while they are read. */
#pragma once

#include "base/buf.h"
#include "diagnose/diagnosis.h"
#include "diagnose/lines.h"

#define VC_LOG_VERSIONS_MAX 16

struct vc_diagnoser {
	struct vc_arena *arena;
	struct vc_matcher *matcher;
	struct vc_log_lines *lines;
	struct vc_match *match; /* of one piece */
	struct vc_log *log;
	size_t logs;
	struct vc_sighting *sighting; /* VC_SIGHTINGS_MAX */
	uint64_t *hash;		      /* by sighting */
	size_t sightings;
	uint32_t *table; /* of sightings by their hash: index plus 1 */
	uint64_t left_out;
	struct vc_log_value version[VC_LOG_VERSIONS_MAX];
	size_t versions;
	struct vc_log_line unknown[VC_UNKNOWN_LINES_MAX];
	size_t unknowns;
	uint64_t unknown_lines;
	/* Of the line that is being read. */
	bool recognised, trouble;
	struct vc_buf trouble_text;
};
