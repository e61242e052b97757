/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The project's own rules and messages, as vhostcheck rules lint looks at those of a site, and what is asked of them alone. */
#include <stdio.h>

#include "rules/engine.h"
#include "rules/lint.h"

int
main(void)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	struct vc_diags diags = { .arena = arena };
	size_t problems = vc_ruleset_lint(&vc_builtin_rules, &diags) + vc_messages_lint(&vc_builtin_messages, &vc_builtin_rules, &diags);

	for (size_t i = 0; i < vc_builtin_rules.count; i++) {
		const struct vc_rule *rule = vc_builtin_rules.rule[i];

		if (rule->affects)
			continue;
		fprintf(stderr, "%s: it does not say which versions it is about: <affects>\n", rule->file);
		problems++;
	}
	for (size_t i = 0; i < diags.count; i++)
		fprintf(stderr, "%s: %s\n", diags.item[i].file, diags.item[i].text);
	printf("%zu rules, %zu messages, %zu problems\n", vc_builtin_rules.count, vc_builtin_messages.count, problems);
	return problems > 0;
}
