/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where firmware puts the 64-bit BARs of devices, and how much room it has for them. It goes by the width
 * that the guest's processor reports, if it believes it: QEMU's default is 40 bits whatever the host has, and
 * so what could be that default is believed only where processors with such a width exist. [edk2 2025.02
 * OvmfPkg/Library/PlatformInitLib/MemDetect.c PlatformAddressWidthFromCpuid, PlatformDynamicMmioWindow,
 * PlatformGetFirstNonAddress; seabios 1.16.3 src/fw/paravirt.c physbits, src/fw/pciinit.c pci_setup]
 */
#include <string.h>

#include "base/number.h"
#include "base/tri.h"
#include "guest/derive.h"

#define MIB (UINT64_C(1) << 20)
#define GIB (UINT64_C(1) << 30)
#define FROM "window of the firmware"

/* The default is 40, so that everything beyond was asked for. */
#define BELIEVED_FROM 41
/* Older Linux guests cannot handle addresses beyond: both firmwares stop there. edk2 2022.11 stops at 47. */
#define MOST_BITS 46
/* Without pages of 1 GiB the tables that map everything would take too long to make. */
#define MOST_BITS_SMALL_PAGES 40
/* [edk2 2025.02 OvmfPkg/OvmfPkgX64.dsc PcdPciMmio64Size] */
#define CLASSIC_SIZE (32 * GIB)
/* [edk2 2025.02 MemDetect.c PlatformGetFirstNonAddress] */
#define OVERRIDE "opt/ovmf/X-PciMmio64Mb"
#define OVERRIDE_MOST_MIB UINT64_C(0x1000000)
/* Kept free for AMD's IOMMU [qemu 10.0.13 hw/i386/pc.c AMD_HT_START, AMD_HT_END] */
#define HT_START UINT64_C(0xfd00000000)
#define HT_LAST UINT64_C(0xffffffffff)

/* Whether the guest's processor has a feature that some models lack. Unknown leaves the reason in @ret_cause.
 */
static enum vc_tri
has_large_pages(const struct vc_deriver *d, const struct vc_fact **ret_cause)
{
	/* Models with pdpe1gb, and those without [qemu 10.0.13 target/i386/cpu.c builtin_x86_defs]. */
	static const char *const with[] = {
		"Cascadelake-", "ClearwaterForest", "Cooperlake",   "Denverton",      "Dhyana",
		"EPYC",         "GraniteRapids",    "Icelake-",     "KnightsMill",    "Opteron_G4",
		"Opteron_G5",   "SapphireRapids",   "SierraForest", "Skylake-Server", "Snowridge",
		"YongFeng",     "phenom",
	};
	static const char *const without[] = {
		"Broadwell",      "Conroe",     "Haswell",    "IvyBridge", "Nehalem",
		"Opteron_G1",     "Opteron_G2", "Opteron_G3", "Penryn",    "SandyBridge",
		"Skylake-Client", "Westmere",   "core2duo",   "kvm64",     "qemu64",
	};
	const struct vc_guest *guest = d->guest;
	const struct vc_fact_set *flags = &d->host->cpu_flags;
	const char *model = vc_known(&guest->cpu_model.fact) ? guest->cpu_model.value : NULL;
	bool named = vc_text_is(&guest->cpu_mode, "custom");

	if (vc_set_has(&guest->cpu_disabled, "pdpe1gb"))
		return VC_NO;
	if (named && !model)
		model = "qemu64";
	for (size_t i = 0; named && i < VC_COUNT(without); i++) {
		if (strncmp(model, without[i], strlen(without[i])) == 0 &&
		    !vc_set_has(&guest->cpu_required, "pdpe1gb"))
			return VC_NO;
	}
	/* KVM takes away what the host lacks, whatever the model has. */
	if (!vc_known(&flags->fact)) {
		*ret_cause = &flags->fact;
		return VC_UNKNOWN;
	}
	if (!vc_set_has(flags, "pdpe1gb"))
		return VC_NO;
	if (!named || vc_set_has(&guest->cpu_required, "pdpe1gb"))
		return VC_YES;
	for (size_t i = 0; i < VC_COUNT(with); i++) {
		if (strncmp(model, with[i], strlen(with[i])) == 0)
			return VC_YES;
	}
	*ret_cause = NULL;
	return VC_UNKNOWN;
}

/* Absent bits: the firmware does not believe the width. */
static void
derive_bits(const struct vc_deriver *d, bool efi)
{
	struct vc_guest *guest = d->guest;
	struct vc_fact_number *fact = &guest->firmware_phys_bits;
	const struct vc_fact_text *vendor = &guest->cpu_vendor;
	const struct vc_fact *cause = NULL;
	enum vc_tri large_pages;
	uint64_t bits;

	if (!vc_known(&guest->phys_bits.fact)) {
		vc_set_unknown_like(&fact->fact, &guest->phys_bits.fact);
		return;
	}
	bits = guest->phys_bits.value;
	if (bits < BELIEVED_FROM) {
		bool intel = bits == 36 || bits == 39, amd = bits == 40;

		if ((intel || amd) && !vc_known(&vendor->fact))
			vc_set_unknown_like(&fact->fact, &vendor->fact);
		else if ((intel && vc_text_is(vendor, "GenuineIntel")) ||
			 (amd && vc_text_is(vendor, "AuthenticAMD")))
			vc_set_number(fact, bits, FROM);
		else
			vc_set_absent(&fact->fact, FROM);
		return;
	}
	if (bits > MOST_BITS)
		bits = MOST_BITS;
	large_pages = efi ? has_large_pages(d, &cause) : VC_YES;
	if (large_pages == VC_YES)
		vc_set_number(fact, bits, FROM);
	else if (large_pages == VC_NO)
		vc_set_number(fact, MOST_BITS_SMALL_PAGES, FROM);
	else if (cause)
		vc_set_unknown_like(&fact->fact, cause);
	else
		vc_set_unreadable(&fact->fact, EOPNOTSUPP, guest->cpu_model.fact.from);
}

/* "name=opt/ovmf/X-PciMmio64Mb,string=65536" among QEMU's arguments. */
static bool
override_in_arguments(const struct vc_guest *guest, uint64_t *ret_mib)
{
	bool found = false;

	for (size_t i = 0; i < guest->qemu_args.count; i++) {
		const char *word = guest->qemu_args.word[i], *value;

		if (!strstr(word, OVERRIDE))
			continue;
		value = strstr(word, "string=");
		if (value && vc_parse_u64(value + strlen("string="), VC_BASE_DEC, ret_mib) == 0)
			found = true;
	}
	return found;
}

static uint64_t
classic_size(const struct vc_deriver *d)
{
	uint64_t mib;

	if (vc_known(&d->input->firmware_window_mib.fact))
		mib = d->input->firmware_window_mib.value;
	else if (!override_in_arguments(d->guest, &mib))
		return CLASSIC_SIZE;
	/* What is malformed is ignored, and 0 means none, until a window at the end takes its place. */
	return mib > 0 && mib <= OVERRIDE_MOST_MIB ? mib * MIB : CLASSIC_SIZE;
}

static uint64_t
power_of_two_below(uint64_t value)
{
	return UINT64_C(1) << (vc_bits_for(value) - 1);
}

/* QEMU names the region in its memory map, and OVMF moves the window away from it [MemDetect.c
 * PlatformReservationConflictCB]. */
static uint64_t
avoid_hypertransport(const struct vc_guest *guest, uint64_t start, uint64_t size)
{
	bool reserved = vc_text_is(&guest->cpu_vendor, "AuthenticAMD") &&
			vc_known(&guest->machine_version.fact) &&
			vc_version_at_least(guest->machine_version.value, 7, 1);

	if (!reserved || start > HT_LAST || start + size <= HT_START)
		return start;
	return (HT_START - size) & ~(size - 1);
}

static void
set_window(struct vc_guest *guest, uint64_t start, uint64_t size)
{
	struct vc_range window;

	if (size == 0 || vc_range_from_size(start, size, &window) < 0) {
		vc_set_absent(&guest->firmware_window.fact, FROM);
		vc_set_number(&guest->firmware_window_size, 0, FROM);
		return;
	}
	vc_set_range(&guest->firmware_window, window, FROM);
	vc_set_number(&guest->firmware_window_size, size, FROM);
}

static void
window_unknown(struct vc_guest *guest, const struct vc_fact *cause)
{
	vc_set_unknown_like(&guest->firmware_window.fact, cause);
	vc_set_unknown_like(&guest->firmware_window_size.fact, cause);
}

/* OVMF: 32 GiB behind RAM, or the last eighth of the address space if that is more and lies behind RAM. */
static void
derive_efi_window(const struct vc_deriver *d)
{
	struct vc_guest *guest = d->guest;
	const struct vc_fact_number *bits = &guest->firmware_phys_bits;
	uint64_t start = guest->pci_window.value.first, size = classic_size(d), space, dynamic, end;

	if (bits->fact.state != VC_KNOWN && bits->fact.state != VC_ABSENT) {
		window_unknown(guest, &bits->fact);
		return;
	}
	if (vc_round_up(size, GIB, &size) < 0 || vc_round_up(start, power_of_two_below(size), &start) < 0) {
		vc_set_absent(&guest->firmware_window.fact, FROM);
		vc_set_number(&guest->firmware_window_size, 0, FROM);
		return;
	}
	if (vc_known(&bits->fact) && bits->value >= 32) {
		space = UINT64_C(1) << bits->value;
		dynamic = space >> 3;
		if (size < dynamic && vc_add(start, dynamic, &end) == 0 && end < space) {
			size = dynamic;
			start = avoid_hypertransport(guest, space - dynamic, dynamic);
		}
	}
	set_window(guest, start, size);
}

/* SeaBIOS takes what it needs, up to the end of the address space. */
static void
derive_bios_window(struct vc_guest *guest)
{
	const struct vc_fact_number *believed = &guest->firmware_phys_bits, *bits = &guest->phys_bits;
	uint64_t start = guest->pci_window.value.first, end;

	if (believed->fact.state != VC_KNOWN && believed->fact.state != VC_ABSENT) {
		window_unknown(guest, &believed->fact);
		return;
	}
	end = UINT64_C(1) << (vc_known(&believed->fact) ? believed->value : bits->value);
	set_window(guest, start, end > start ? end - start : 0);
}

void
vc_derive_firmware_window(const struct vc_deriver *d)
{
	struct vc_guest *guest = d->guest;
	bool efi = vc_text_is(&guest->firmware, "efi");
	struct vc_fact other = { .state = VC_UNREADABLE, .err = EOPNOTSUPP, .from = "guest.arch" };
	const struct vc_fact *cause = NULL;

	if (!vc_guest_is_x86(guest) || vc_cpu_is_32bit(guest))
		cause = &other;
	else if (!vc_known(&guest->firmware.fact))
		cause = &guest->firmware.fact;
	else if (!vc_known(&guest->phys_bits.fact))
		cause = &guest->phys_bits.fact;
	else if (guest->phys_bits.value < 32 || guest->phys_bits.value > 52)
		cause = &other;
	if (cause) {
		vc_set_unknown_like(&guest->firmware_phys_bits.fact, cause);
		window_unknown(guest, cause);
		return;
	}
	derive_bits(d, efi);
	if (guest->pci_window.fact.state == VC_ABSENT)
		/* What is written for it does not fit 64 bits. */
		window_unknown(guest, &other);
	else if (!vc_known(&guest->pci_window.fact))
		window_unknown(guest, &guest->pci_window.fact);
	else if (efi)
		derive_efi_window(d);
	else
		derive_bios_window(guest);
}

/* Prefetchable BARs of 64 bits are what goes above 4 GiB. NULL with the sum of a device, or what is not
 * known. */
static const struct vc_fact *
add_device(const struct vc_pci *device, uint64_t *sum)
{
	const struct vc_bar *bar = device->bar.item;

	if (!vc_known(&device->bar.fact))
		return &device->bar.fact;
	for (size_t i = 0; i < device->bar.count; i++) {
		const struct vc_fact_flag *const needed[] = { &bar[i].memory, &bar[i].wide,
							      &bar[i].prefetchable };
		enum vc_tri counts = VC_YES;
		const struct vc_fact *unknown = NULL;

		for (size_t k = 0; k < VC_COUNT(needed); k++) {
			if (!vc_known(&needed[k]->fact))
				unknown = &needed[k]->fact;
			else if (!needed[k]->value)
				counts = VC_NO;
		}
		if (counts == VC_NO)
			continue;
		if (unknown)
			return unknown;
		if (!vc_known(&bar[i].size.fact))
			return &bar[i].size.fact;
		if (vc_add(*sum, bar[i].size.value, sum) < 0)
			*sum = UINT64_MAX;
	}
	return NULL;
}

void
vc_derive_assigned_bars(const struct vc_deriver *d)
{
	struct vc_guest *guest = d->guest;
	const struct vc_hostdev *hostdev = guest->hostdev.item;
	const struct vc_fact *unknown = NULL;
	uint64_t sum = 0, wanted = CLASSIC_SIZE;

	for (size_t i = 0; i < guest->hostdev.count && !unknown; i++) {
		if (hostdev[i].device.fact.state == VC_ABSENT)
			continue;
		unknown = vc_known(&hostdev[i].device.fact) ? add_device(hostdev[i].device.item, &sum)
							    : &hostdev[i].device.fact;
	}
	if (unknown) {
		vc_set_unknown_like(&guest->assigned_bars.fact, unknown);
		vc_set_unknown_like(&guest->pci_window_wanted_mib.fact, unknown);
		return;
	}
	vc_set_number(&guest->assigned_bars, sum, guest->hostdev.fact.from);
	while (wanted < sum && wanted < UINT64_C(1) << 62)
		wanted <<= 1;
	vc_set_number(&guest->pci_window_wanted_mib, wanted / MIB, "guest.assigned_bars");
}
