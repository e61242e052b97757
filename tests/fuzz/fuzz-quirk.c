/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A quirk file of a site. What is accepted is matched as well. */
#include <stdint.h>

#include "host/quirk-source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
match(const struct vc_quirk *quirk)
{
	const uint32_t class = 0x030000, subsystem = 0x10438747;
	const uint8_t revision = 1;
	const struct vc_version kernel = { .part = { 6, 12 } };
	const struct vc_quirk_host host = { .text = { "A", "B", "", "", "", "", "" }, .kernel = &kernel };
	unsigned needs;
	bool matches;

	for (size_t i = 0; i < quirk->count; i++) {
		const struct vc_quirk_device device = {
			.vendor = (uint16_t)(quirk->row[i].first >> 16),
			.device = (uint16_t)quirk->row[i].first,
			.class = &class,
			.subsystem = &subsystem,
			.revision = &revision,
			.kernel = &kernel,
		};

		/* All is known, so that it is decided. */
		if (vc_quirk_match(quirk, &device, &matches, &needs) < 0)
			__builtin_trap();
	}
	if (vc_quirk_match_machine(quirk, &host, &matches, &needs) < 0)
		__builtin_trap();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	struct vc_diags diags = { .arena = arena };
	struct vc_quirk_file file = { .quirk = NULL };
	int r = vc_quirk_text_read(arena, (const char *)data, size, "x.xml", &diags, &file);

	if (r == 0)
		r = vc_quirk_file_finish("x.xml", &diags, &file);
	if ((r < 0) != (diags.count > 0))
		__builtin_trap(); /* refused without a word */
	/* What is refused as XML may still begin as a quirk file. */
	if (r == 0 && !vc_quirk_text_is_one((const char *)data, size))
		__builtin_trap();
	for (size_t i = 0; r == 0 && i < file.count; i++)
		match(&file.quirk[i]);
	return 0;
}
