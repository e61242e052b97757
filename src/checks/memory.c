/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decisions about the guest's physical memory map, shared by the IOMMU checks. */
#include "checks/internal.h"

#include <string.h>

#define MIB ((uint64_t)1024 * 1024)

void
vc_verdict_set_largest_memory(struct vc_verdict *verdict, const struct vc_guest *guest, uint64_t limit)
{
	uint64_t total = 0;
	const struct vc_ram *ram = guest->ram.item;

	vc_set_absent(&verdict->largest_memory.fact, VC_CHECK_FROM);
	vc_set_absent(&verdict->largest_memory_mib.fact, VC_CHECK_FROM);
	/* Memory devices keep their size when guest.memory shrinks, so the sum below would not be the answer. */
	if (!vc_known(&guest->memory_devices.fact) || guest->memory_devices.value > 0)
		return;
	for (size_t i = 0; i < guest->ram.count; i++) {
		struct vc_range range = ram[i].region.value;

		if (!vc_text_is(&ram[i].kind, "low") && !vc_text_is(&ram[i].kind, "high"))
			continue;
		if (!vc_known(&ram[i].region.fact))
			return;
		if (range.first >= limit)
			continue;
		if (range.last >= limit)
			range.last = limit - 1;
		/* Cannot wrap: the range begins below limit, so it is shorter than 2^64. */
		if (vc_add(total, range.last - range.first + 1, &total) < 0)
			return;
	}
	if (total < MIB)
		return;
	vc_set_number(&verdict->largest_memory, total / MIB * MIB, VC_CHECK_FROM);
	vc_set_number(&verdict->largest_memory_mib, total / MIB, VC_CHECK_FROM);
}

bool
vc_ram_in_use(const struct vc_guest *guest, const struct vc_ram *ram, struct vc_verdict *verdict,
	      struct vc_range *ret_range)
{
	struct vc_range range;

	if (!vc_verdict_needs(verdict, &ram->region.fact) || !vc_verdict_needs(verdict, &ram->kind.fact))
		return false;
	range = ram->region.value;
	if (strcmp(ram->kind.value, "hotplug") == 0) {
		/* VFIO maps memory devices, not the room for them: it holds something up to highest_ram. */
		if (!vc_verdict_needs(verdict, &guest->highest_ram.fact))
			return false;
		if (guest->highest_ram.value < range.first)
			return false;
		if (guest->highest_ram.value < range.last)
			range.last = guest->highest_ram.value;
	}
	*ret_range = range;
	return true;
}
