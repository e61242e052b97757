/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The assigned devices themselves. */
#include "checks/internal.h"

#include <string.h>

#include "base/number.h"

/* "0000:10:00.0" into its numbers. -EINVAL if it is not a PCI address. */
static int
parse_address(const char *text, struct vc_verdict *verdict)
{
	static const char separator[] = "::.";
	struct vc_fact_number *const part[] = { &verdict->domain, &verdict->bus, &verdict->slot, &verdict->function };
	uint64_t value[4];

	for (size_t i = 0; i < VC_COUNT(part); i++) {
		size_t length = i < 3 ? strcspn(text, ":.") : strlen(text);
		int r;

		if (i < 3 && text[length] != separator[i])
			return -EINVAL;
		r = vc_parse_u64_n(text, length, VC_BASE_HEX, &value[i]);
		if (r < 0)
			return r;
		text += length + 1;
	}
	for (size_t i = 0; i < VC_COUNT(part); i++)
		vc_set_number(part[i], value[i], VC_CHECK_FROM);
	return 0;
}

/*
 * The device does not exist. If it does with the numbers read as hexadecimal, they were copied from lspci:
 * libvirt reads them as C does [libvirt 11.3 src/conf/device_conf.c virPCIDeviceAddressParseXML].
 */
void
check_hostdev_missing(const struct vc_check_input *input, struct vc_verdict *verdict)
{
	const struct vc_hostdev *hostdev = input->each;

	verdict->fails = VC_NO;
	if (hostdev->device.fact.state != VC_ABSENT) {
		(void)vc_verdict_needs(verdict, &hostdev->device.fact);
		return;
	}
	verdict->fails = VC_YES;
	if (vc_known(&hostdev->name_if_hex.fact) && parse_address(hostdev->name_if_hex.value, verdict) == 0)
		verdict->peer = hostdev->name_if_hex;
}

#define MIB ((uint64_t)1 << 20)
#define PCI_VENDOR_AMD 0x1002
/* What cards without a resized BAR have at most: 32-bit firmware has to place it [report Microsoft WDDM]. */
#define USUAL_BAR (256 * MIB)
/* The BAR of AMD's doorbells, and what their Windows driver is reported to want of it [report Arch Wiki]. */
#define DOORBELL_BAR 2
#define DOORBELL_SIZE_BIT 3
#define DOORBELL_SIZE (MIB << DOORBELL_SIZE_BIT)

/* Sizes that a BAR can be given, 0 if it cannot be resized. False, with an undecided verdict: nobody can say. */
static bool
possible_sizes(const struct vc_bar *bar, struct vc_verdict *verdict, uint64_t *ret_sizes)
{
	*ret_sizes = 0;
	if (bar->possible_sizes.fact.state == VC_ABSENT)
		return true;
	if (!vc_verdict_needs(verdict, &bar->possible_sizes.fact))
		return false;
	*ret_sizes = bar->possible_sizes.value;
	return true;
}

/* Why the guest's driver may stumble over it, or NULL. */
static const char *
trouble_with(const struct vc_check_input *input, const struct vc_pci *device, const struct vc_bar *bar,
	     uint64_t sizes, struct vc_verdict *verdict)
{
	const struct vc_fact_version *qemu = &input->guest->qemu_version;

	/*
	 * QEMU left the capability out, and shows it now with the present size as the only one
	 * [qemu 7.2, 10.0.13 hw/vfio/pci.c vfio_add_ext_cap, vfio_setup_rebar_ecap]. When that came was not looked at.
	 */
	if (bar->size.value > USUAL_BAR && vc_verdict_needs(verdict, &qemu->fact) &&
	    !vc_version_at_least(qemu->value, 7, 3))
		return "hidden";
	if (bar->index.value == DOORBELL_BAR && bar->size.value > DOORBELL_SIZE && sizes >> DOORBELL_SIZE_BIT & 1 &&
	    vc_verdict_needs(verdict, &device->vendor_id.fact) && device->vendor_id.value == PCI_VENDOR_AMD)
		return "doorbell";
	return NULL;
}

void
check_resizable_bar_size(const struct vc_check_input *input, struct vc_verdict *verdict)
{
	const struct vc_hostdev *hostdev = input->each;
	const struct vc_pci *device = hostdev->device.item;
	const struct vc_bar *bar;

	verdict->fails = VC_NO;
	if (!vc_verdict_needs(verdict, &hostdev->device.fact) || !vc_verdict_needs(verdict, &device->bar.fact))
		return;
	bar = device->bar.item;
	for (size_t i = 0; i < device->bar.count; i++) {
		const char *word;
		uint64_t sizes;

		if (!possible_sizes(&bar[i], verdict, &sizes) || sizes == 0 ||
		    !vc_verdict_needs(verdict, &bar[i].size.fact) || !vc_verdict_needs(verdict, &bar[i].index.fact))
			continue;
		word = trouble_with(input, device, &bar[i], sizes, verdict);
		if (!word)
			continue;
		verdict->fails = VC_YES;
		verdict->bar = bar[i].index;
		verdict->size = bar[i].size;
		vc_set_text(&verdict->word, word, VC_CHECK_FROM);
		return;
	}
}
