/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "guest/derive.h"
#include "guest/machine.h"
#include "guest/read.h"

/* Enlightenments are for Windows; other guests have no use for them. */
static void
read_windows(struct vc_guest *guest)
{
	bool named = vc_known(&guest->os.fact) && strstr(guest->os.value, "microsoft.com/win");
	const struct vc_fact *source = vc_known(&guest->os.fact) ? &guest->os.fact : &guest->hyperv.fact;

	vc_set_flag(&guest->windows, named || guest->hyperv.count > 0, source->from);
	vc_fact_place_like(&guest->windows.fact, source);
}

static bool
is_on(const struct vc_fact_flag *flag)
{
	return vc_known(&flag->fact) && flag->value;
}

/* [qemu 10.0.13 hw/i386/intel_iommu.c vtd_decide_config: eim=on needs intremap=on] */
static void
read_remapping(struct vc_guest *guest)
{
	const struct vc_viommu *iommus = guest->iommu.item;
	bool on = false;

	for (size_t i = 0; i < guest->iommu.count; i++) {
		if (!vc_text_is(&iommus[i].model, "virtio"))
			on = on || is_on(&iommus[i].interrupt_remapping) || is_on(&iommus[i].extended_interrupts);
	}
	vc_set_flag(&guest->interrupt_remapping, on, guest->iommu.fact.from);
}

/* Memory is one piece, or one for each cell [qemu 7.2, 10.0 hw/core/numa.c numa_init_memdev_container]. */
static void
read_largest_part(const struct vc_reader *r)
{
	struct vc_fact_number *largest = &r->guest->memory_largest_part;

	*largest = r->guest->memory;
	if (r->input->cells > 0)
		vc_set_number(largest, 0, "numa");
	for (size_t i = 0; i < r->input->cells; i++) {
		const struct vc_fact_number *size = &r->input->cell[i].size;

		if (!vc_known(&size->fact)) {
			vc_set_unknown_like(&largest->fact, &size->fact);
			return;
		}
		if (size->value > largest->value)
			*largest = *size;
	}
}

void
vc_read_totals(const struct vc_reader *r)
{
	struct vc_guest *guest = r->guest;
	uint64_t functions = vc_count_hostdevs(guest, "pci", false);
	uint64_t mediated = vc_count_hostdevs(guest, "mdev", false);
	const char *from = guest->hostdev.fact.from;

	vc_emulator_name(guest, r->input, r->arena);
	vc_machine_name(guest, r->input);
	vc_phys_bits_source(guest, r->input);
	read_largest_part(r);
	read_windows(guest);
	vc_read_hyperv_dependencies(r);
	read_remapping(guest);
	vc_set_number(&guest->pci_devices, functions, from);
	vc_set_flag(&guest->iommufd, r->input->iommufd, from);
	vc_set_number(&guest->vfio_devices, functions + mediated, from);
	vc_read_memlock(r);
}
