/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Assigned devices, looked up on the host. */
#include <string.h>

#include "guest/assigned.h"

/* Whether the host has a device: known, or the fact that would decide. */
static const struct vc_fact *
find_address(const struct vc_host *host, const char *address, bool *ret_there)
{
	*ret_there = false;
	if (vc_host_find_pci(host, address)) {
		*ret_there = true;
		return NULL;
	}
	if (!vc_known(&host->pci_addresses.fact))
		return &host->pci_addresses.fact;
	*ret_there = vc_set_has(&host->pci_addresses, address);
	return NULL;
}

static void
derive_device(const struct vc_host *host, struct vc_hostdev *hostdev)
{
	const struct vc_fact *cause;
	const struct vc_pci *pci;
	bool there;

	if (!vc_known(&hostdev->address.fact)) {
		vc_set_unknown_like(&hostdev->device.fact, &hostdev->address.fact);
		return;
	}
	pci = vc_host_find_pci(host, hostdev->address.value);
	if (pci) {
		vc_set_ref(&hostdev->device, pci, hostdev->address.fact.from);
		return;
	}
	cause = find_address(host, hostdev->address.value, &there);
	if (cause)
		vc_derive_unknown(&hostdev->device.fact, cause);
	else if (there)
		/* It exists, but nobody asked for its details. */
		vc_set_unreadable(&hostdev->device.fact, VC_ENOTCOLLECTED, host->pci_addresses.fact.from);
	else
		vc_set_absent(&hostdev->device.fact, host->pci_addresses.fact.from);
}

/* [linux 6.12 drivers/vfio/pci: every driver of it has vfio in its name] */
static void
derive_bound(struct vc_hostdev *hostdev)
{
	const struct vc_pci *pci = hostdev->device.item;

	if (!vc_known(&hostdev->device.fact))
		vc_set_unknown_like(&hostdev->bound.fact, &hostdev->device.fact);
	else if (pci->driver.fact.state == VC_ABSENT)
		vc_set_flag(&hostdev->bound, false, pci->driver.fact.from);
	else if (!vc_known(&pci->driver.fact))
		vc_set_unknown_like(&hostdev->bound.fact, &pci->driver.fact);
	else
		vc_set_flag(&hostdev->bound, strstr(pci->driver.value, "vfio") != NULL, pci->driver.fact.from);
}

/* Disks count before the network: losing them is worse. */
static void
derive_use(const struct vc_host *host, struct vc_hostdev *hostdev)
{
	const struct vc_fact *doubt = vc_known(&host->use.fact) ? NULL : &host->use.fact;
	const struct vc_use *use = host->use.item;

	if (!vc_known(&hostdev->address.fact)) {
		vc_set_unknown_like(&hostdev->host_use.fact, &hostdev->address.fact);
		vc_set_unknown_like(&hostdev->host_use_kind.fact, &hostdev->address.fact);
		return;
	}
	vc_set_absent(&hostdev->host_use.fact, host->use.fact.from);
	vc_set_absent(&hostdev->host_use_kind.fact, host->use.fact.from);
	for (size_t i = 0; i < host->use.count; i++) {
		if (!vc_known(&use[i].through.fact)) {
			doubt = &use[i].through.fact;
		} else if (vc_set_has(&use[i].through, hostdev->address.value)) {
			hostdev->host_use = use[i].purpose;
			hostdev->host_use_kind = use[i].kind;
			return;
		}
	}
	if (doubt) {
		vc_set_unknown_like(&hostdev->host_use.fact, doubt);
		vc_set_unknown_like(&hostdev->host_use_kind.fact, doubt);
	}
}

/* As the kernel writes UUIDs. */
static const char *
lower_case(struct vc_arena *arena, const char *uuid)
{
	char *lower = vc_arena_strdup(arena, uuid);

	for (char *c = lower; *c; c++)
		*c = *c >= 'A' && *c <= 'F' ? (char)(*c - 'A' + 'a') : *c;
	return lower;
}

static void
derive_mediated(const struct vc_host *host, struct vc_arena *arena, struct vc_hostdev *hostdev)
{
	if (!vc_known(&hostdev->uuid.fact))
		vc_set_unknown_like(&hostdev->mediated_exists.fact, &hostdev->uuid.fact);
	else if (!vc_known(&host->mediated_devices.fact))
		vc_set_unknown_like(&hostdev->mediated_exists.fact, &host->mediated_devices.fact);
	else
		vc_set_flag(&hostdev->mediated_exists, vc_set_has(&host->mediated_devices, lower_case(arena, hostdev->uuid.value)),
			    host->mediated_devices.fact.from);
}

static void
derive_hex(const struct vc_host *host, struct vc_hostdev *hostdev)
{
	const struct vc_fact_text *hex = &hostdev->address_read_as_hex;
	const struct vc_fact *cause;
	bool there;

	if (!vc_known(&hex->fact)) {
		vc_set_flag(&hostdev->exists_if_hex, false, hex->fact.from);
		vc_set_absent(&hostdev->name_if_hex.fact, hex->fact.from);
		return;
	}
	cause = find_address(host, hex->value, &there);
	if (cause) {
		vc_derive_unknown(&hostdev->exists_if_hex.fact, cause);
		vc_derive_unknown(&hostdev->name_if_hex.fact, cause);
		return;
	}
	vc_set_flag(&hostdev->exists_if_hex, there, host->pci_addresses.fact.from);
	if (there)
		vc_set_text(&hostdev->name_if_hex, hex->value, hex->fact.from);
	else
		vc_set_absent(&hostdev->name_if_hex.fact, host->pci_addresses.fact.from);
}

static void
derive_rom(const struct vc_deriver *d, struct vc_hostdev *hostdev)
{
	const struct vc_fact *file = &hostdev->rom_file.fact;
	const struct vc_rom *rom;
	const struct vc_pci *pci;
	const char *id;

	if (!vc_known(file)) {
		vc_set_unknown_like(&hostdev->rom.fact, file);
		vc_set_unknown_like(&hostdev->rom_matches.fact, file);
		return;
	}
	rom = vc_host_find_rom(d->host, hostdev->rom_file.value);
	if (!rom) {
		vc_derive_unknown(&hostdev->rom.fact, &d->host->rom.fact);
		vc_derive_unknown(&hostdev->rom_matches.fact, &d->host->rom.fact);
		return;
	}
	vc_set_ref(&hostdev->rom, rom, file->from);
	vc_fact_place_like(&hostdev->rom.fact, file);
	if (!vc_known(&rom->ids.fact) || !vc_known(&hostdev->device.fact)) {
		vc_derive_unknown(&hostdev->rom_matches.fact,
				  vc_known(&rom->ids.fact) ? &hostdev->device.fact : &rom->ids.fact);
		return;
	}
	pci = hostdev->device.item;
	if (!vc_known(&pci->vendor_id.fact) || !vc_known(&pci->device_id.fact)) {
		vc_derive_unknown(&hostdev->rom_matches.fact, vc_known(&pci->vendor_id.fact) ? &pci->device_id.fact
											      : &pci->vendor_id.fact);
		return;
	}
	id = vc_arena_printf(d->arena, "%04x:%04x", (unsigned)(pci->vendor_id.value & 0xffff),
			     (unsigned)(pci->device_id.value & 0xffff));
	vc_set_flag(&hostdev->rom_matches, vc_set_has(&rom->ids, id), rom->ids.fact.from);
}

void
vc_derive_hostdevs(const struct vc_deriver *d)
{
	struct vc_hostdev *hostdevs = d->guest->hostdev.item;
	struct vc_assigned_devices all;

	for (size_t i = 0; i < d->guest->hostdev.count; i++) {
		if (vc_text_is(&hostdevs[i].kind, "pci")) {
			derive_device(d->host, &hostdevs[i]);
		} else {
			vc_set_absent(&hostdevs[i].device.fact, hostdevs[i].kind.fact.from);
			vc_set_absent(&hostdevs[i].group_blocker.fact, hostdevs[i].kind.fact.from);
			vc_set_absent(&hostdevs[i].group_blocker_driver.fact, hostdevs[i].kind.fact.from);
			vc_set_absent(&hostdevs[i].group_apart.fact, hostdevs[i].kind.fact.from);
			vc_set_absent(&hostdevs[i].memory_far.fact, hostdevs[i].kind.fact.from);
			vc_set_absent(&hostdevs[i].processors_far.fact, hostdevs[i].kind.fact.from);
			vc_set_flag(&hostdevs[i].peer_to_peer, false, hostdevs[i].kind.fact.from);
		}
		derive_bound(&hostdevs[i]);
		derive_use(d->host, &hostdevs[i]);
		derive_mediated(d->host, d->arena, &hostdevs[i]);
		derive_hex(d->host, &hostdevs[i]);
		hostdevs[i].device.fact.line = hostdevs[i].place.line;
		hostdevs[i].device.fact.argument = hostdevs[i].place.argument;
		derive_rom(d, &hostdevs[i]);
	}
	all = vc_assigned_gather(d);
	vc_derive_group_blockers(&all);
	vc_derive_group_sharing(&all);
	vc_derive_device_distance(&all);
	vc_derive_peer_to_peer(&all);
}
