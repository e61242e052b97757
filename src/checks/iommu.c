/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the host's IOMMU can translate for a guest, and which groups can be given away. */
#include "checks/internal.h"

#include <string.h>

/*
 * The group of the assigned device of input->each, or NULL with an undecided verdict.
 * *ret_device is set in both cases when the device is known.
 */
static const struct vc_iommu_group *
group_of(const struct vc_check_input *input, struct vc_verdict *verdict, const struct vc_pci **ret_device)
{
	const struct vc_hostdev *hostdev = input->each;
	const struct vc_pci *device;

	if (!vc_verdict_needs(verdict, &hostdev->device.fact))
		return NULL;
	device = hostdev->device.item;
	*ret_device = device;
	if (!vc_verdict_needs(verdict, &device->group.fact))
		return NULL;
	return device->group.item;
}

/*
 * Linux 6.6 and later refuse VFIO any group with a "direct" region, whatever made it
 * [linux 6.12 drivers/iommu/iommu.c __iommu_device_set_domain, require_direct]. Before, only the Intel driver
 * refused [linux 6.1 drivers/iommu/intel/iommu.c intel_iommu_attach_device, device_is_rmrr_locked].
 */
static enum vc_tri
direct_is_refused(const struct vc_host *host, const struct vc_pci *device, struct vc_verdict *verdict)
{
	const struct vc_iommu_unit *unit;

	if (!vc_verdict_needs(verdict, &host->kernel_version.fact))
		return VC_UNKNOWN;
	if (vc_version_at_least(host->kernel_version.value, 6, 6))
		return VC_YES;
	if (vc_known(&device->iommu_unit.fact)) {
		unit = device->iommu_unit.item;
		if (vc_known(&unit->kind.fact))
			return vc_tri_from(strcmp(unit->kind.value, "intel") == 0);
	}
	if (!vc_verdict_needs(verdict, &host->cpu_vendor.fact))
		return VC_UNKNOWN;
	return vc_tri_from(strcmp(host->cpu_vendor.value, "GenuineIntel") == 0);
}

void
check_iommu_rmrr_direct(const struct vc_check_input *input, struct vc_verdict *verdict)
{
	const struct vc_pci *device;
	const struct vc_iommu_group *group;
	const struct vc_reserved *reserved;

	verdict->fails = VC_NO;
	group = group_of(input, verdict, &device);
	if (!group || !vc_verdict_needs(verdict, &group->reserved.fact))
		return;
	reserved = group->reserved.item;
	for (size_t i = 0; i < group->reserved.count; i++) {
		if (!vc_verdict_needs(verdict, &reserved[i].type.fact))
			continue;
		if (strcmp(reserved[i].type.value, "direct") != 0)
			continue;
		if (direct_is_refused(input->host, device, verdict) != VC_YES)
			return;
		verdict->fails = VC_YES;
		verdict->region = reserved[i].region;
		verdict->region_type = reserved[i].type;
		verdict->group = group->id;
		return;
	}
}

static const struct vc_reserved *
find_region(const struct vc_iommu_group *group, const char *type, struct vc_verdict *verdict)
{
	const struct vc_reserved *reserved = group->reserved.item;

	if (!vc_verdict_needs(verdict, &group->reserved.fact))
		return NULL;
	for (size_t i = 0; i < group->reserved.count; i++) {
		if (vc_verdict_needs(verdict, &reserved[i].type.fact) &&
		    strcmp(reserved[i].type.value, type) == 0)
			return &reserved[i];
	}
	return NULL;
}

static enum vc_tri
is_driven_by_intel(const struct vc_pci *device, struct vc_verdict *verdict)
{
	const struct vc_iommu_unit *unit = device->iommu_unit.item;

	if (!vc_verdict_needs(verdict, &device->iommu_unit.fact) || !vc_verdict_needs(verdict, &unit->kind.fact))
		return VC_UNKNOWN;
	return vc_tri_from(strcmp(unit->kind.value, "intel") == 0);
}

/*
 * Intel's driver calls regions relaxable for USB controllers and displays alone, and for ISA bridges the first 16 MiB
 * [linux 6.12 drivers/iommu/intel/iommu.c device_rmrr_is_relaxable, intel_iommu_get_resv_regions]. On another device it
 * was made to [report relax-intel-rmrr patches/].
 */
static void
find_relaxed(const struct vc_check_input *input, struct vc_verdict *verdict)
{
	const struct vc_pci *device;
	const struct vc_iommu_group *group = group_of(input, verdict, &device);
	const struct vc_reserved *region = group ? find_region(group, "direct-relaxable", verdict) : NULL;
	const struct vc_fact_flag *excuse = group ? &group->has_relaxable_class : NULL;
	enum vc_tri intel;

	if (!region)
		return;
	verdict->fails = VC_NO;
	intel = is_driven_by_intel(device, verdict);
	if (intel == VC_NO || (vc_known(&excuse->fact) && excuse->value)) {
		verdict->fails = VC_NO;
		return;
	}
	if (!vc_verdict_needs(verdict, &excuse->fact) || intel == VC_UNKNOWN)
		return;
	verdict->fails = VC_YES;
	verdict->region = region->region;
	verdict->region_type = region->type;
	verdict->group = group->id;
	vc_set_text(&verdict->word, "relaxed", VC_CHECK_FROM);
}

/*
 * A group that the kernel refuses, and all the same somebody has the device open through VFIO. VFIO gives out a device
 * only after its group was attached [linux 6.12 drivers/vfio/group.c vfio_group_ioctl_get_device_fd], and opening it is
 * what enables it [drivers/vfio/pci/vfio_pci_core.c vfio_pci_core_enable]. A driver that had it before may have left it
 * enabled, so that the guest has to run as well.
 */
static void
find_open(const struct vc_check_input *input, struct vc_verdict *verdict)
{
	const struct vc_hostdev *hostdev = input->each;
	const struct vc_pci *device = hostdev->device.item;
	const struct vc_fact_flag *running = &input->guest->running;

	check_iommu_rmrr_direct(input, verdict);
	if (verdict->fails == VC_NO || !vc_known(&hostdev->device.fact))
		return;
	if ((vc_known(&running->fact) && !running->value) || device->driver.fact.state == VC_ABSENT ||
	    (vc_known(&device->driver.fact) && !strstr(device->driver.value, "vfio")) ||
	    (vc_known(&device->enable_count.fact) && device->enable_count.value == 0)) {
		*verdict = (struct vc_verdict){ .fails = VC_NO };
		return;
	}
	if (vc_known(&running->fact) && vc_known(&device->driver.fact) && vc_known(&device->enable_count.fact)) {
		vc_set_text(&verdict->word, "open", VC_CHECK_FROM);
		return;
	}
	*verdict = (struct vc_verdict){ .fails = VC_NO };
	(void)(vc_verdict_needs(verdict, &running->fact) && vc_verdict_needs(verdict, &device->driver.fact) &&
	       vc_verdict_needs(verdict, &device->enable_count.fact));
}

void
check_rmrr_check_bypassed(const struct vc_check_input *input, struct vc_verdict *verdict)
{
	struct vc_verdict relaxed = { .fails = VC_NO }, open = { .fails = VC_NO };

	find_relaxed(input, &relaxed);
	find_open(input, &open);
	*verdict = relaxed.fails == VC_YES || open.fails == VC_NO ? relaxed : open;
}

/*
 * VFIO can map nothing that touches a region of the group, except the relaxable ones
 * [linux 6.12 drivers/vfio/vfio_iommu_type1.c vfio_iommu_resv_exclude].
 */
void
check_guest_ram_over_reserved_iova(const struct vc_check_input *input, struct vc_verdict *verdict)
{
	const struct vc_guest *guest = input->guest;
	const struct vc_pci *device;
	const struct vc_iommu_group *group;
	const struct vc_reserved *reserved, *worst = NULL;
	const struct vc_ram *ram = guest->ram.item, *worst_ram = NULL;

	verdict->fails = VC_NO;
	group = group_of(input, verdict, &device);
	if (!group || !vc_verdict_needs(verdict, &group->reserved.fact) ||
	    !vc_verdict_needs(verdict, &guest->ram.fact))
		return;
	reserved = group->reserved.item;
	for (size_t i = 0; i < group->reserved.count; i++) {
		if (!vc_verdict_needs(verdict, &reserved[i].type.fact) ||
		    !vc_verdict_needs(verdict, &reserved[i].region.fact))
			continue;
		if (strcmp(reserved[i].type.value, "direct-relaxable") == 0)
			continue;
		for (size_t j = 0; j < guest->ram.count; j++) {
			if (!vc_verdict_needs(verdict, &ram[j].region.fact) ||
			    !vc_range_overlaps(ram[j].region.value, reserved[i].region.value))
				continue;
			/* The lowest region limits what fits. */
			if (worst && worst->region.value.first <= reserved[i].region.value.first)
				continue;
			worst = &reserved[i];
			worst_ram = &ram[j];
		}
	}
	if (!worst)
		return;
	verdict->fails = VC_YES;
	verdict->region = worst->region;
	verdict->region_type = worst->type;
	verdict->ram = worst_ram->region;
	verdict->group = group->id;
	vc_verdict_set_largest_memory(verdict, guest, worst->region.value.first);
}

/* RAM beyond the width of the IOMMU cannot be mapped, and that is fatal when the guest starts. */
void
check_guest_address_space_over_iommu(const struct vc_check_input *input, struct vc_verdict *verdict)
{
	const struct vc_hostdev *hostdev = input->each;
	const struct vc_guest *guest = input->guest;
	const struct vc_pci *device;
	uint64_t last;

	verdict->fails = VC_NO;
	if (!vc_verdict_needs(verdict, &hostdev->device.fact))
		return;
	device = hostdev->device.item;
	if (!vc_verdict_needs(verdict, &device->aw_bits.fact) ||
	    !vc_verdict_needs(verdict, &guest->highest_ram.fact))
		return;
	if (device->aw_bits.value >= 64)
		return;
	last = vc_last_address((unsigned)device->aw_bits.value);
	if (guest->highest_ram.value <= last)
		return;
	verdict->fails = VC_YES;
	verdict->width = device->aw_bits;
	vc_set_number(&verdict->address, guest->highest_ram.value, VC_CHECK_FROM);
	vc_verdict_set_largest_memory(verdict, guest, last + 1);
}

/* Only a 64-bit BAR is placed in the window above RAM. */
static bool
has_wide_bar(const struct vc_pci *device, struct vc_verdict *verdict)
{
	const struct vc_bar *bar = device->bar.item;

	if (!vc_verdict_needs(verdict, &device->bar.fact))
		return false;
	for (size_t i = 0; i < device->bar.count; i++) {
		if (!vc_verdict_needs(verdict, &bar[i].wide.fact) ||
		    !vc_verdict_needs(verdict, &bar[i].memory.fact))
			continue;
		if (bar[i].wide.value && bar[i].memory.value)
			return true;
	}
	return false;
}

/*
 * Where OVMF puts 64-bit BARs when it believes the guest's width W: the last eighth of 2^W
 * [edk2 OvmfPkg/Library/PlatformInitLib/MemDetect.c PlatformDynamicMmioWindow]. It takes 46 bits at most without
 * 5-level paging, and without GuestPhysBits does not believe widths up to 40: QEMU's default is 40 whatever the host
 * has [PlatformAddressWidthFromCpuid].
 */
#define OVMF_BELIEVES_FROM 41
#define OVMF_MOST_BITS 46

/* Bits of the address space at whose end firmware places 64-bit BARs; 0: it does not, or the verdict is undecided. */
static unsigned
window_bits(const struct vc_guest *guest, struct vc_verdict *verdict)
{
	if (!vc_verdict_needs(verdict, &guest->firmware.fact) || strcmp(guest->firmware.value, "efi") != 0 ||
	    !vc_verdict_needs(verdict, &guest->phys_bits.fact) || guest->phys_bits.value < OVMF_BELIEVES_FROM)
		return 0;
	return guest->phys_bits.value > OVMF_MOST_BITS ? OVMF_MOST_BITS : (unsigned)guest->phys_bits.value;
}

static uint64_t
window_start(unsigned bits)
{
	return vc_last_address(bits) - ((uint64_t)1 << (bits - 3)) + 1;
}

/* What @found says of a question that left its doubts in @verdict. */
static enum vc_tri
settle(bool found, const struct vc_verdict *verdict)
{
	return found ? VC_YES : verdict->unknown ? VC_UNKNOWN : VC_NO;
}

/* Whether the window lies beyond what is mapped for the device. */
static enum vc_tri
window_is_beyond(const struct vc_check_input *input, struct vc_verdict *verdict)
{
	const struct vc_hostdev *hostdev = input->each;
	const struct vc_pci *device = hostdev->device.item;
	unsigned bits = window_bits(input->guest, verdict);

	if (bits == 0)
		return settle(false, verdict);
	if (!vc_verdict_needs(verdict, &hostdev->device.fact) || !vc_verdict_needs(verdict, &device->aw_bits.fact))
		return VC_UNKNOWN;
	verdict->width = device->aw_bits;
	vc_set_number(&verdict->address, window_start(bits), VC_CHECK_FROM);
	return vc_tri_from(bits > device->aw_bits.value);
}

/* Each question alone may say no, and then nobody needs the answers to the others. */
void
check_guest_pci_window_over_iommu(const struct vc_check_input *input, struct vc_verdict *verdict)
{
	const struct vc_hostdev *hostdev = input->each;
	struct vc_verdict peer = { 0 }, bar = { 0 }, window = { 0 };
	const struct vc_verdict *const doubt[] = { &peer, &bar, &window };
	enum vc_tri fails = vc_verdict_needs(&peer, &hostdev->peer_to_peer.fact) ?
				    vc_tri_from(hostdev->peer_to_peer.value) : VC_UNKNOWN;

	fails = vc_tri_and(fails, vc_verdict_needs(&bar, &hostdev->device.fact) ?
					  settle(has_wide_bar(hostdev->device.item, &bar), &bar) : VC_UNKNOWN);
	fails = vc_tri_and(fails, window_is_beyond(input, &window));
	verdict->fails = fails;
	verdict->width = window.width;
	verdict->address = window.address;
	for (size_t i = 0; fails == VC_UNKNOWN && !verdict->unknown && i < VC_COUNT(doubt); i++)
		verdict->unknown = doubt[i]->unknown;
}

/*
 * What an ivshmem device shows is memory like any other for QEMU: that it cannot be mapped for a device is no matter
 * of peer-to-peer, and ends the guest [qemu 10.0.13 hw/misc/ivshmem-pci.c ivshmem_common_realize, hw/vfio/common.c
 * vfio_listener_region_add].
 */
void
check_shared_memory_over_iommu(const struct vc_check_input *input, struct vc_verdict *verdict)
{
	const struct vc_guest *guest = input->guest;
	const struct vc_hostdev *hostdev = guest->hostdev.item;
	unsigned bits;

	verdict->fails = VC_NO;
	bits = window_bits(guest, verdict);
	if (bits == 0 || !vc_verdict_needs(verdict, &guest->hostdev.fact))
		return;
	for (size_t i = 0; i < guest->hostdev.count; i++) {
		const struct vc_pci *device = hostdev[i].device.item;

		if (vc_text_is(&hostdev[i].kind, "mdev") || hostdev[i].device.fact.state == VC_ABSENT)
			continue;
		if (!vc_verdict_needs(verdict, &hostdev[i].device.fact) ||
		    !vc_verdict_needs(verdict, &device->aw_bits.fact))
			continue;
		if (bits <= device->aw_bits.value ||
		    (verdict->fails == VC_YES && verdict->width.value <= device->aw_bits.value))
			continue;
		verdict->fails = VC_YES;
		verdict->width = device->aw_bits;
		verdict->peer = hostdev[i].address;
	}
	vc_set_number(&verdict->address, window_start(bits), VC_CHECK_FROM);
}

/* The value of a kernel parameter, option by option. */
static bool
next_option(const char **value, const char **ret_option)
{
	*value += strspn(*value, ",");
	if (**value == '\0')
		return false;
	*ret_option = *value;
	*value += strcspn(*value, ",");
	return true;
}

bool
vc_has_option(const char *value, const char *option)
{
	const char *found;

	/* The kernel compares the beginning only [linux 6.12 arch/x86/kernel/pci-dma.c iommu_setup]. */
	while (next_option(&value, &found)) {
		if (strncmp(found, option, strlen(option)) == 0)
			return true;
	}
	return false;
}

/* What the kernel was told about the IOMMU that a firmware table describes. */
struct orders {
	const char *off; /* the parameter that turns it off, as people write it; NULL: none does */
	bool on;	 /* intel_iommu=on */
};

/*
 * [linux 6.12 drivers/iommu/intel/iommu.c intel_iommu_setup: the last of on and off counts;
 *  drivers/iommu/amd/init.c parse_amd_iommu_options; arch/x86/kernel/pci-dma.c iommu_setup]
 */
static struct orders
read_orders(const struct vc_host *host, const char *table)
{
	const struct vc_parameter *parameter = host->kernel_parameter.item;
	bool intel = strcmp(table, "DMAR") == 0, amd = strcmp(table, "IVRS") == 0;
	bool off = false, vendor_off = false;
	struct orders orders = { .off = NULL };

	for (size_t i = 0; (intel || amd) && i < host->kernel_parameter.count; i++) {
		const char *value = parameter[i].value.value, *name = parameter[i].name.value, *option;

		if (!vc_known(&parameter[i].name.fact) || !vc_known(&parameter[i].value.fact))
			continue;
		if (strcmp(name, "iommu") == 0)
			off = off || vc_has_option(value, "off");
		else if (amd && strcmp(name, "amd_iommu") == 0)
			vendor_off = vendor_off || vc_has_option(value, "off");
		else if (intel && strcmp(name, "intel_iommu") == 0) {
			while (next_option(&value, &option)) {
				if (strncmp(option, "on", 2) == 0)
					orders.on = true;
				else if (strncmp(option, "off", 3) == 0)
					orders.on = false;
				else
					continue;
				vendor_off = !orders.on;
			}
		}
	}
	if (off)
		orders.off = "iommu=off";
	else if (vendor_off)
		orders.off = intel ? "intel_iommu=off" : "amd_iommu=off";
	return orders;
}

/* Why no unit is driven: no-table, parameter, off-by-default, not-driven, unknown. */
static const char *
why_off(const struct vc_host *host, struct vc_verdict *verdict)
{
	const char *table = host->iommu_firmware_table_name.value;
	struct orders orders;

	if (vc_known(&host->iommu_firmware_table.fact) && !host->iommu_firmware_table.value)
		return "no-table";
	if (!vc_known(&host->iommu_firmware_table.fact) || !vc_known(&host->iommu_firmware_table_name.fact))
		return "unknown";
	if (!vc_known(&host->kernel_parameter.fact))
		return "not-driven";
	orders = read_orders(host, table);
	if (orders.off) {
		vc_set_text(&verdict->parameter, orders.off, VC_CHECK_FROM);
		return "parameter";
	}
	return strcmp(table, "DMAR") == 0 && !orders.on ? "off-by-default" : "not-driven";
}

void
check_iommu_off(const struct vc_check_input *input, struct vc_verdict *verdict)
{
	const struct vc_host *host = input->host;

	verdict->fails = VC_NO;
	if (!vc_verdict_needs(verdict, &host->iommu_present.fact))
		return;
	if (host->iommu_present.value)
		return;
	verdict->fails = VC_YES;
	vc_set_text(&verdict->word, why_off(host, verdict), VC_CHECK_FROM);
}
