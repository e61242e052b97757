/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/derive.h"

void
vc_derive_unknown(struct vc_fact *fact, const struct vc_fact *cause)
{
	if (cause->state == VC_ABSENT || cause->state == VC_KNOWN)
		vc_set_unreadable(fact, VC_ENOTCOLLECTED, cause->from);
	else
		vc_set_unknown_like(fact, cause);
}

void
vc_guest_derive(struct vc_guest *guest, const struct vc_host *host, struct vc_arena *arena)
{
	const struct vc_deriver d = { .guest = guest, .input = guest->input, .host = host, .arena = arena };

	/* A guest that was not read has nothing to derive from. */
	if (!d.input)
		return;
	vc_derive_machine(&d);
	vc_derive_cpu_vendor(&d);
	vc_derive_phys_bits(&d);
	vc_derive_memory_map(&d);
	vc_derive_firmware_window(&d);
	vc_derive_hostdevs(&d);
	vc_derive_rivals(&d);
	vc_derive_assigned_bars(&d);
	vc_derive_viommus(&d);
	vc_derive_irqchip(&d);
	vc_derive_hugepages(&d);
	vc_derive_topology(&d);
	vc_derive_memlock(&d);
	vc_derive_firmware(&d);
	vc_derive_pins(&d);
	vc_derive_usb(&d);
	vc_derive_listens(&d);
	vc_derive_disks(&d);
	vc_derive_files(&d);
	vc_derive_firmware_images(&d);
	vc_derive_numa_bindings(&d);
	vc_derive_vdpa(&d);
	vc_derive_interfaces(&d);
}
