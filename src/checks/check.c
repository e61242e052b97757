/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "checks/check.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "checks/internal.h"

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

#define ROW(id, collection) { .name = #id, .each = collection, .run = check_##id },
const struct vc_check vc_checks[] = { VC_CHECKS(ROW) };
const size_t vc_checks_count = VC_COUNT(vc_checks);

static int
compare_name(const void *name, const void *check)
{
	return strcmp(name, ((const struct vc_check *)check)->name);
}

const struct vc_check *
vc_check_find(const char *name)
{
	return bsearch(name, vc_checks, vc_checks_count, sizeof(vc_checks[0]), compare_name);
}

void
vc_verdict_unknown(struct vc_verdict *verdict, const struct vc_fact *fact)
{
	assert(fact->state != VC_KNOWN);
	if (verdict->fails == VC_YES)
		return;
	verdict->fails = VC_UNKNOWN;
	verdict->unknown = fact;
}

bool
vc_verdict_needs(struct vc_verdict *verdict, const struct vc_fact *fact)
{
	if (vc_known(fact))
		return true;
	vc_verdict_unknown(verdict, fact);
	return false;
}
