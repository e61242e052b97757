/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What 'vhostcheck diagnose' found in logs, for people and for programs. */
#pragma once

#include "diagnose/diagnosis.h"
#include "report/report.h"

struct vc_diagnosis_report {
	struct vc_arena *arena;
	const struct vc_diagnoses *diagnoses;
	const struct vc_report *run; /* the domains and the host that the rules were asked about; NULL: none */
};

/* How many diagnoses of each severity there are; clues are counted apart. */
struct vc_diagnosis_count {
	struct vc_count count; /* error, warning, info */
	size_t clue;
	uint64_t noise, wrapper; /* sightings, each as often as it stands there */
};
void vc_count_diagnoses(const struct vc_diagnoses *diagnoses, struct vc_diagnosis_count *ret_count);

void vc_diagnosis_text(const struct vc_diagnosis_report *report, const struct vc_style *style, struct vc_buf *out);
/* src/report/vhostcheck-diagnosis.schema.json */
void vc_diagnosis_json(const struct vc_diagnosis_report *report, struct vc_buf *out);

/* The summary of a fix before any value is known: "limit it to <aw bits> bits". Arena. */
const char *vc_fix_outline(const struct vc_fix *fix, struct vc_arena *arena);
/* What a rule looks at to decide, at most @max facts: "host.iommu.aw_bits, guest.memory". Arena; "" if there are none. */
const char *vc_rule_facts(const struct vc_rule *rule, size_t max, struct vc_arena *arena);
