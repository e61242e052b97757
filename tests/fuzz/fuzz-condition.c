/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A condition and a template: the text up to a NUL byte. */
#include <stdint.h>

#include "rules/engine.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct vc_names_scope names = { .each = &vc_schema_hostdev,
						     .check = true,
						     .guest = true };
	struct vc_arena *arena = vc_arena_new();
	struct vc_diags diags = { .arena = arena };
	const char *text = vc_arena_strndup(arena, (const char *)data, size);
	const struct vc_scope nothing = { 0 };
	_cleanup_buf_ struct vc_buf buf = { 0 };
	const struct vc_path *unknown, *path[8];
	struct vc_template template;
	struct vc_expr expr;

	if (vc_expr_parse(text, &names, "x", 1, arena, &diags, &expr) == 0) {
		enum vc_tri tri = vc_expr_evaluate(&expr, &nothing, &unknown);

		if ((tri == VC_UNKNOWN) != (unknown != NULL) || vc_expr_paths(&expr, path, 8) > 8)
			__builtin_trap();
	} else if (diags.count != 1) {
		__builtin_trap(); /* one condition, one complaint */
	}
	if (vc_template_parse(text, &names, "x", 1, arena, &diags, &template) == 0)
		vc_template_render(&template, &nothing, &buf);
	vc_arena_free(arena);
	return 0;
}
