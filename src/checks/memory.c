/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decisions about the guest's physical memory map, shared by the IOMMU checks. */
#include "checks/internal.h"

#define MIB ((uint64_t)1024 * 1024)

void
vc_verdict_set_largest_memory(struct vc_verdict *verdict, const struct vc_guest *guest, uint64_t limit)
{
	const struct vc_ram *ram = guest->ram.item;
	uint64_t beyond = 0, left;

	vc_set_absent(&verdict->largest_memory.fact, VC_CHECK_FROM);
	vc_set_absent(&verdict->largest_memory_mib.fact, VC_CHECK_FROM);
	/* Memory devices keep their place when guest.memory shrinks, so the sum below would not be the answer. */
	if (!vc_known(&guest->memory.fact) || !vc_known(&guest->memory_devices.fact) ||
	    guest->memory_devices.value > 0)
		return;
	for (size_t i = 0; i < guest->ram.count; i++) {
		struct vc_range range = ram[i].region.value;

		if (!vc_known(&ram[i].region.fact) || range.last < limit)
			continue;
		/* What is there whatever the size, such as the ROMs below 1 MiB, does not go away. */
		if (!vc_text_is(&ram[i].kind, "low") && !vc_text_is(&ram[i].kind, "high")) {
			if (range.first < MIB)
				return;
			continue;
		}
		if (range.first < limit)
			range.first = limit;
		if (vc_add(beyond, range.last - range.first, &beyond) < 0 || vc_add(beyond, 1, &beyond) < 0)
			return;
	}
	if (beyond >= guest->memory.value)
		return;
	left = guest->memory.value - beyond;
	if (left < MIB || limit < MIB)
		return;
	vc_set_number(&verdict->largest_memory, left / MIB * MIB, VC_CHECK_FROM);
	vc_set_number(&verdict->largest_memory_mib, left / MIB, VC_CHECK_FROM);
}
