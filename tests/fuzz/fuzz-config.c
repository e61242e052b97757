/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The configuration of a site. What is refused is refused with a line; what is not answers every question. */
#include <stdint.h>

#include "cli/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vc_arena *arena = vc_arena_new();
	struct vc_diags diags = { .arena = arena };
	const struct vc_suppression *list;
	struct vc_config config;
	size_t count;

	vc_config_parse((const char *)data, size, "fuzz.conf", arena, &diags, &config);
	if (config.broken != (diags.count > 0))
		__builtin_trap();
	for (size_t i = 0; i < config.domains; i++)
		vc_hook_mode_name(vc_config_mode(&config, config.domain[i].domain, config.domain[i].domain));
	list = vc_config_suppressions(&config, "win11", "4dea22b3-1d52-d8f3-2516-782e98ab3fa0", arena,
				      &count);
	for (size_t i = 0; i < count; i++) {
		if (!*list[i].rule || !*list[i].by)
			__builtin_trap();
	}
	vc_arena_free(arena);
	return 0;
}
