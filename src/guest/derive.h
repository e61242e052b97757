/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of vc_guest_derive(), in the order they build on each other. Private to this room. */
#pragma once

#include "guest/guest-input.h"

struct vc_deriver {
	struct vc_guest *guest;
	const struct vc_guest_input *input;
	const struct vc_host *host;
	struct vc_arena *arena;
};

void vc_derive_machine(const struct vc_deriver *d);
void vc_derive_cpu_vendor(const struct vc_deriver *d);
void vc_derive_phys_bits(const struct vc_deriver *d);
void vc_derive_memory_map(const struct vc_deriver *d);
void vc_derive_hostdevs(const struct vc_deriver *d);
/* After the memory map and the devices. */
void vc_derive_firmware_window(const struct vc_deriver *d);
void vc_derive_assigned_bars(const struct vc_deriver *d);
void vc_derive_viommus(const struct vc_deriver *d);
void vc_derive_irqchip(const struct vc_deriver *d);
void vc_derive_hugepages(const struct vc_deriver *d);
void vc_derive_topology(const struct vc_deriver *d);
void vc_derive_memlock(const struct vc_deriver *d);
void vc_derive_firmware(const struct vc_deriver *d);
void vc_derive_pins(const struct vc_deriver *d);
/* After the devices. */
void vc_derive_rivals(const struct vc_deriver *d);
void vc_derive_usb(const struct vc_deriver *d);
void vc_derive_listens(const struct vc_deriver *d);
void vc_derive_files(const struct vc_deriver *d);
void vc_derive_disks(const struct vc_deriver *d);
void vc_derive_firmware_images(const struct vc_deriver *d);
/* The file that was looked at under this path. */
void vc_derive_image(const struct vc_deriver *d, const struct vc_fact_text *path, struct vc_fact_ref *ret_image);
void vc_derive_numa_bindings(const struct vc_deriver *d);
void vc_derive_vdpa(const struct vc_deriver *d);
void vc_derive_interfaces(const struct vc_deriver *d);

/*
 * @fact cannot be computed because of @cause. A list that is absent, or that was made without the record, proves
 * nothing about it.
 */
void vc_derive_unknown(struct vc_fact *fact, const struct vc_fact *cause);

/* A CPU model without long mode. */
bool vc_cpu_is_32bit(const struct vc_guest *guest);

/*
 * The rule for pages of a guest NUMA cell (NULL: of what belongs to none); NULL if no huge pages are asked
 * for.
 */
const struct vc_page_rule *vc_page_rule_for(const struct vc_guest_input *input, const uint64_t *cell);

/* The same for a memory device. */
const struct vc_page_rule *vc_page_rule_of_device(const struct vc_guest_input *input,
						  const struct vc_memory_device *device);

static inline bool
vc_guest_is_x86(const struct vc_guest *guest)
{
	return vc_text_is(&guest->arch, "x86_64") || vc_text_is(&guest->arch, "i686");
}
