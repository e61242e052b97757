/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "checks/check.h"

#include <assert.h>
#include <string.h>

#define VC_FACT_STRUCT struct vc_verdict
/* Not static: see host/host-facts.c. */
extern const struct vc_field vc_fields_verdict[];
const struct vc_field vc_fields_verdict[] = { VC_VERDICT_FACTS(VC_FACT_FIELD) };
const struct vc_schema vc_schema_verdict = {
	.name = "check",
	.field = vc_fields_verdict,
	.count = VC_COUNT(vc_fields_verdict),
	.size = sizeof(struct vc_verdict),
};

/* Defined in the file of their topic. Sorted by name: vc_check_find() searches by halves. */
#define VC_CHECKS(C)

#define DECLARE(id, each) void check_##id(const struct vc_check_input *input, struct vc_verdict *verdict);
VC_CHECKS(DECLARE)

const struct vc_check vc_checks[] = {
	{ .name = "", .each = NULL, .run = NULL },
};
const size_t vc_checks_count = 0;

const struct vc_check *
vc_check_find(const char *name)
{
	for (size_t i = 0; i < vc_checks_count; i++) {
		if (strcmp(vc_checks[i].name, name) == 0)
			return &vc_checks[i];
	}
	return NULL;
}

void
vc_verdict_unknown(struct vc_verdict *verdict, const struct vc_fact *fact)
{
	assert(fact->state != VC_KNOWN);
	verdict->fails = VC_UNKNOWN;
	verdict->unknown = fact;
}
