/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/derive.h"

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
	vc_derive_assigned_bars(&d);
	vc_derive_viommus(&d);
	vc_derive_irqchip(&d);
	vc_derive_hugepages(&d);
	vc_derive_topology(&d);
	vc_derive_memlock(&d);
	vc_derive_firmware(&d);
	vc_derive_pins(&d);
	vc_derive_interfaces(&d);
}
