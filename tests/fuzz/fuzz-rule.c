/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A rule file. What loads is evaluated and linted as well. */
#include <stdint.h>

#include "rules/engine.h"
#include "rules/lint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

__attribute__((weak)) const char *
vc_area_hint(unsigned areas _unused_, const struct vc_fact *fact _unused_)
{
	return NULL;
}

static void
use_rule(const struct vc_rule *rule, struct vc_arena *arena, struct vc_diags *diags)
{
	const struct vc_ruleset rules = { .rule = &rule, .count = 1 };
	struct vc_host host = { 0 };
	struct vc_guest guest = { 0 };
	const struct vc_models models = { .host = &host, .guest = &guest };
	struct vc_findings findings;

	vc_ruleset_lint(&rules, diags);
	vc_ruleset_needs(&rules, &guest);
	/* A check of the project may expect models that were derived. */
	if (!rule->check)
		vc_rules_evaluate(&rules, &models, NULL, 0, arena, &findings);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vc_arena *arena = vc_arena_new();
	struct vc_diags diags = { .arena = arena };
	struct vc_rule *rule;

	/* The name that the corpus uses as its id. */
	if (vc_rule_load((const char *)data, size, "rules/t/x.xml", "t", arena, &diags, &rule) == 0)
		use_rule(rule, arena, &diags);
	else if (diags.count == 0)
		__builtin_trap(); /* refused without a word */
	vc_arena_free(arena);
	return 0;
}
