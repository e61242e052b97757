/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/diag.h"

#include <stdarg.h>

#include "base/buf.h"

void
vc_diag_add(struct vc_diags *diags, const char *file, int line, const char *format, ...)
{
	_cleanup_buf_ struct vc_buf text = { 0 };
	struct vc_diag *diag;
	va_list args;

	va_start(args, format);
	vc_buf_add_safe(&text, vc_arena_vprintf(diags->arena, format, args), 0);
	va_end(args);
	diag = vc_arena_append(diags->arena, (void **)&diags->item, &diags->count, sizeof(*diag));
	*diag = (struct vc_diag){
		.file = file,
		.line = line,
		.text = vc_arena_strndup(diags->arena, vc_buf_text(&text), text.length),
	};
}
