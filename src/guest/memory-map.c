/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest's physical memory map: where QEMU puts RAM, memory devices and the 64-bit PCI window.
 * Checked against the flat view of QEMU 7.2.22 ("info mtree -f") and the sources of 7.2 and 10.0.13.
 */
#include <string.h>

#include "guest/derive.h"
#include "guest/machine.h"

#define KIB (UINT64_C(1) << 10)
#define MIB (UINT64_C(1) << 20)
#define GIB (UINT64_C(1) << 30)
#define TIB (UINT64_C(1) << 40)
#define LIMIT_4G (4 * GIB)

/* [qemu 10.0.13 hw/i386/pc.c AMD_HT_START, AMD_ABOVE_1TB_START] */
#define AMD_HT_START UINT64_C(0xfd00000000)
#define AMD_ABOVE_1TB_START UINT64_C(0x10000000000)

/*
 * [qemu 10.0.13 hw/pci-host/q35.c Q35_PCI_HOST_HOLE64_SIZE_DEFAULT, i440fx.c
 * I440FX_PCI_HOST_HOLE64_SIZE_DEFAULT]
 */
#define Q35_WINDOW (32 * GIB)
#define I440FX_WINDOW (2 * GIB)

#define ARM_RAM_BASE GIB /* [qemu 10.0.13 hw/arm/virt.c base_memmap VIRT_MEM] */

/* More than QEMU has slots for (256); more would only cost time [qemu 10.0.13 include/hw/acpi/acpi.h]. */
#define DEVICES_MAX 1024

/* What the layout is computed from, with the compatibility switches of old machine types. */
struct plan {
	uint64_t ram, max, slots; /* -m ram,maxmem=max,slots=; max is ram without hotplug */
	uint64_t epc;             /* SGX enclave memory, behind RAM */
	uint64_t window;          /* pci-hole64-size */
	uint64_t low_limit;       /* RAM below 4 GiB ends here at the latest */
	bool slot_slack;          /* 1 GiB for each slot, for alignment */
	bool window_behind_room;  /* the window starts behind the hotplug room, not behind RAM */
};

struct layout {
	uint64_t low, high, high_start; /* sizes of both parts of RAM, start of the second */
	uint64_t room_start, room_size; /* hotplug room; size 0: none */
	uint64_t window_start;
	uint64_t last; /* highest address in use, window included */
};

/* [qemu 10.0.13 hw/i386/pc_q35.c pc_q35_init] */
static uint64_t
q35_low_limit(uint64_t ram, uint64_t max_below_4g)
{
	uint64_t limit = ram >= UINT64_C(0xb0000000) ? UINT64_C(0x80000000) : UINT64_C(0xb0000000);

	return max_below_4g && max_below_4g < limit ? max_below_4g : limit;
}

/* [qemu 10.0.13 hw/i386/pc_piix.c pc_init1]; before pc-2.0 there was no alignment */
static uint64_t
i440fx_low_limit(uint64_t ram, uint64_t max_below_4g, bool aligned)
{
	uint64_t limit = max_below_4g ? max_below_4g : UINT64_C(0xe0000000);

	return aligned && ram >= limit && limit > UINT64_C(0xc0000000) ? UINT64_C(0xc0000000) : limit;
}

/*
 * [qemu 10.0.13 hw/i386/pc.c pc_memory_init, pc_get_device_memory_range, pc_pci_hole64_start,
 * pc_max_used_gpa]; -ERANGE when something passes 2^64.
 */
static int
lay_out_pc(const struct plan *plan, uint64_t high_start, struct layout *ret_layout)
{
	struct layout l = { .high_start = high_start };
	uint64_t end, slack;

	l.low = plan->ram < plan->low_limit ? plan->ram : plan->low_limit;
	l.high = plan->ram - l.low;
	/* Enclave memory is placed before the relocation, and does not move with it. */
	if (vc_add(plan->epc ? LIMIT_4G : high_start, l.high, &end) < 0 || vc_add(end, plan->epc, &end) < 0)
		return -ERANGE;
	if (plan->max > plan->ram) {
		if (vc_mul(plan->slots, GIB, &slack) < 0 || vc_round_up(end, GIB, &l.room_start) < 0 ||
		    vc_add(plan->max - plan->ram, plan->slot_slack ? slack : 0, &l.room_size) < 0)
			return -ERANGE;
		end = l.room_start;
		if (plan->window_behind_room && vc_add(end, l.room_size, &end) < 0)
			return -ERANGE;
	}
	if (vc_round_up(end, GIB, &l.window_start) < 0 || vc_add(l.window_start, plan->window, &end) < 0)
		return -ERANGE;
	l.last = end - 1;
	*ret_layout = l;
	return 0;
}

static void
add_ram(const struct vc_deriver *d, struct vc_range region, const char *kind)
{
	struct vc_ram *ram = vc_list_append(d->arena, &d->guest->ram, sizeof(*ram), "memory map");

	vc_set_range(&ram->region, region, "memory map");
	vc_set_text(&ram->kind, kind, "memory map");
	if (strcmp(kind, "rom") == 0)
		return;
	if (!vc_known(&d->guest->highest_ram.fact) || d->guest->highest_ram.value < region.last)
		vc_set_number(&d->guest->highest_ram, region.last, "memory map");
}

/* The part of [first, last] that lies below @end. */
static void
add_ram_below(const struct vc_deriver *d, uint64_t first, uint64_t last, uint64_t end, const char *kind)
{
	if (first >= end)
		return;
	add_ram(d, (struct vc_range){ .first = first, .last = last < end ? last : end - 1 }, kind);
}

static void
add_sized(const struct vc_deriver *d, uint64_t first, uint64_t size, const char *kind)
{
	struct vc_range region;

	if (vc_range_from_size(first, size, &region) == 0)
		add_ram(d, region, kind);
}

/*
 * Below 1 MiB a PC has a hole for the VGA and ROM behind it, which devices are given like RAM; what the
 * firmware makes of it later (PAM) stays within these bounds.
 */
static void
add_pc_ram(const struct vc_deriver *d, const struct layout *l)
{
	add_ram_below(d, 0, UINT64_C(0x9ffff), l->low, "low");
	add_ram(d, (struct vc_range){ .first = UINT64_C(0xc0000), .last = UINT64_C(0xfffff) }, "rom");
	add_ram_below(d, MIB, UINT64_MAX, l->low, "low");
	/* QEMU's own BIOS is a ROM of 256 KiB at the top of 4 GiB; flash there is not mapped for devices. */
	if (vc_text_is(&d->guest->firmware, "bios") && d->guest->loader.fact.state == VC_ABSENT)
		add_sized(d, LIMIT_4G - 256 * KIB, 256 * KIB, "rom");
	add_sized(d, l->high_start, l->high, "high");
}

static uint64_t
number_or(const struct vc_fact_number *fact, uint64_t otherwise)
{
	return vc_known(&fact->fact) ? fact->value : otherwise;
}

/* Sizes are multiples of 2 MiB, so that only larger pages and blocks move a device. */
static uint64_t
device_alignment(const struct vc_deriver *d, const struct vc_memory_device *device)
{
	const struct vc_page_rule *rule = vc_page_rule_of_device(d->input, device);
	uint64_t page = number_or(&device->page_size, rule ? number_or(&rule->size, 0) : 0);
	uint64_t block = number_or(&device->block, 0);
	uint64_t alignment = 2 * MIB;

	if (device->model == VC_MEMORY_NVDIMM || device->model == VC_MEMORY_VIRTIO_PMEM)
		page = 0;
	if (page > alignment)
		alignment = page;
	if (block > alignment)
		alignment = block;
	return (alignment & (alignment - 1)) == 0 ? alignment : 2 * MIB;
}

/*
 * Where a device without an address goes: the first gap [qemu 10.0.13 hw/mem/memory-device.c
 * memory_device_get_free_addr].
 */
static int
find_gap(const struct vc_range *placed, size_t count, struct vc_range room, uint64_t size, uint64_t alignment,
	 struct vc_range *ret_region)
{
	struct vc_range region;
	uint64_t first;

	if (vc_round_up(room.first, alignment, &first) < 0 || vc_range_from_size(first, size, &region) < 0)
		return -ERANGE;
	for (size_t i = 0; i < count && placed[i].first <= region.last; i++) {
		if (!vc_range_overlaps(placed[i], region))
			continue;
		if (vc_add(placed[i].last, 1, &first) < 0 || vc_round_up(first, alignment, &first) < 0 ||
		    vc_range_from_size(first, size, &region) < 0)
			return -ERANGE;
	}
	*ret_region = region;
	return 0;
}

static void
insert_sorted(struct vc_range *placed, size_t count, struct vc_range region)
{
	size_t i = count;

	for (; i > 0 && placed[i - 1].first > region.first; i--)
		placed[i] = placed[i - 1];
	placed[i] = region;
}

/* Devices present at boot fill the hotplug room from its start. */
static int
add_memory_devices(const struct vc_deriver *d, uint64_t start, uint64_t size)
{
	const struct vc_guest_input *input = d->input;
	struct vc_range room, *placed;
	size_t count = 0;

	if (input->memory_devices > DEVICES_MAX)
		return -EFBIG;
	placed = vc_arena_make_array(d->arena, input->memory_devices + 1, struct vc_range);
	for (size_t i = 0; i < input->memory_devices; i++) {
		const struct vc_memory_device *device = &input->memory_device[i];
		struct vc_range region;
		uint64_t used;

		if (device->model == VC_MEMORY_SGX_EPC)
			continue;
		if (device->address.fact.state == VC_UNREADABLE || vc_range_from_size(start, size, &room) < 0)
			return -EBADMSG;
		if (vc_known(&device->address.fact) && device->address.value > 0) {
			if (vc_range_from_size(device->address.value, device->size.value, &region) < 0)
				return -EBADMSG;
		} else if (find_gap(placed, count, room, device->size.value, device_alignment(d, device),
				    &region) < 0) {
			return -EBADMSG;
		}
		if (!vc_range_contains(room, region))
			return -EBADMSG;
		insert_sorted(placed, count++, region);
		/*
		 * Of virtio-mem only what is plugged is mapped [qemu 10.0.13 hw/vfio/common.c,
		 * RamDiscardManager].
		 */
		used = device->size.value;
		if (device->model == VC_MEMORY_VIRTIO_MEM && number_or(&device->requested, used) < used)
			used = device->requested.value;
		add_sized(d, region.first, used, "hotplug");
	}
	return 0;
}

/* Every fact of the map is unknown for one reason. */
static void
map_unknown(struct vc_guest *guest, const struct vc_fact *cause)
{
	guest->ram = (struct vc_fact_list){ 0 };
	vc_set_unknown_like(&guest->ram.fact, cause);
	vc_set_unknown_like(&guest->highest_ram.fact, cause);
	vc_set_unknown_like(&guest->highest_address.fact, cause);
	vc_set_unknown_like(&guest->address_bits_needed.fact, cause);
	vc_set_unknown_like(&guest->pci_window.fact, cause);
	vc_set_unknown_like(&guest->amd_relocation.fact, cause);
}

static void
map_unsupported(struct vc_guest *guest, int err, const char *from)
{
	struct vc_fact cause = { .state = VC_UNREADABLE, .err = err, .from = from };

	map_unknown(guest, &cause);
}

/* Whatever is computed only for PCs. */
static void
window_unsupported(struct vc_guest *guest)
{
	const char *from = guest->machine.fact.from;

	vc_set_flag(&guest->amd_relocation, false, from);
	vc_set_unreadable(&guest->highest_address.fact, EOPNOTSUPP, from);
	vc_set_unreadable(&guest->address_bits_needed.fact, EOPNOTSUPP, from);
	vc_set_unreadable(&guest->pci_window.fact, EOPNOTSUPP, from);
}

static bool
version_known_before(const struct vc_guest *guest, uint32_t major, uint32_t minor)
{
	return vc_known(&guest->machine_version.fact) &&
	       !vc_version_at_least(guest->machine_version.value, major, minor);
}

/*
 * AMD guests of machine types since 7.1 have everything above 4 GiB moved to 1 TiB, if it would reach into
 * the HyperTransport region otherwise. NULL with *ret_moved, or the fact that would decide.
 */
static const struct vc_fact *
decide_relocation(const struct vc_guest *guest, const struct layout *at_4g, bool *ret_moved)
{
	*ret_moved = false;
	if (at_4g->last < AMD_HT_START || version_known_before(guest, 7, 1))
		return NULL;
	if (vc_known(&guest->cpu_vendor.fact) && !vc_text_is(&guest->cpu_vendor, "AuthenticAMD"))
		return NULL;
	if (!vc_known(&guest->machine_version.fact))
		return &guest->machine_version.fact;
	if (!vc_known(&guest->cpu_vendor.fact))
		return &guest->cpu_vendor.fact;
	*ret_moved = true;
	return NULL;
}

static void
set_highest(struct vc_guest *guest, const struct layout *l)
{
	if (vc_cpu_is_32bit(guest)) {
		/* No 64-bit window there, and what counts instead changed between releases. */
		vc_set_unreadable(&guest->highest_address.fact, EOPNOTSUPP, guest->cpu_model.fact.from);
		vc_set_unreadable(&guest->address_bits_needed.fact, EOPNOTSUPP, guest->cpu_model.fact.from);
		return;
	}
	vc_set_number(&guest->highest_address, l->last, "memory map");
	vc_set_number(&guest->address_bits_needed, vc_bits_for(l->last), "guest.highest_address");
}

static void
map_pc(const struct vc_deriver *d, const struct plan *plan)
{
	struct vc_guest *guest = d->guest;
	const struct vc_fact *cause;
	struct vc_range window;
	struct layout l;
	bool moved;
	int r;

	if (lay_out_pc(plan, LIMIT_4G, &l) < 0) {
		map_unsupported(guest, ERANGE, guest->memory.fact.from);
		return;
	}
	cause = decide_relocation(guest, &l, &moved);
	if (cause) {
		map_unknown(guest, cause);
		return;
	}
	if (moved && lay_out_pc(plan, AMD_ABOVE_1TB_START, &l) < 0) {
		map_unsupported(guest, ERANGE, guest->memory.fact.from);
		return;
	}
	vc_set_flag(&guest->amd_relocation, moved, "memory map");
	add_pc_ram(d, &l);
	set_highest(guest, &l);
	if (vc_range_from_size(l.window_start, plan->window, &window) == 0)
		vc_set_range(&guest->pci_window, window, "memory map");
	else
		vc_set_absent(&guest->pci_window.fact, guest->pci_window_size.fact.from);
	r = add_memory_devices(d, l.room_start, l.room_size);
	if (r < 0)
		map_unsupported(guest, -r, "/domain/devices/memory");
}

/* [qemu 10.0.13 hw/i386/microvm.c microvm_memory_init] */
static void
map_microvm(const struct vc_deriver *d, const struct plan *plan)
{
	uint64_t limit = UINT64_C(0xc0000000);

	window_unsupported(d->guest);
	add_sized(d, 0, plan->ram < limit ? plan->ram : limit, "low");
	if (plan->ram > limit)
		add_sized(d, LIMIT_4G, plan->ram - limit, "high");
	if (d->input->memory_devices > 0)
		map_unsupported(d->guest, EOPNOTSUPP, "/domain/devices/memory");
}

/*
 * [qemu 10.0.13 hw/arm/virt.c virt_set_memmap]. What lies behind RAM depends on the widest address of the
 * host's KVM, which no fact holds.
 */
static void
map_arm(const struct vc_deriver *d, const struct plan *plan)
{
	uint64_t start, room = 0, slack;
	int r;

	window_unsupported(d->guest);
	if (vc_add(ARM_RAM_BASE, plan->ram, &start) < 0 || vc_round_up(start, GIB, &start) < 0 ||
	    vc_mul(plan->slots, GIB, &slack) < 0 || vc_add(plan->max - plan->ram, slack, &room) < 0) {
		map_unsupported(d->guest, ERANGE, d->guest->memory.fact.from);
		return;
	}
	add_sized(d, ARM_RAM_BASE, plan->ram, "low");
	r = add_memory_devices(d, start, room);
	if (r < 0)
		map_unsupported(d->guest, -r, "/domain/devices/memory");
}

/* The first fact of the input that the map needs and lacks, NULL if all is there. */
static const struct vc_fact *
missing_input(const struct vc_guest *guest, const struct vc_guest_input *input)
{
	const struct vc_fact *const needed[] = { &guest->memory.fact, &guest->memory_devices.fact };
	const struct vc_fact *const readable[] = {
		&guest->memory_max.fact,
		&guest->memory_slots.fact,
		&guest->pci_window_size.fact,
		&input->max_below_4g.fact,
	};

	for (size_t i = 0; i < VC_COUNT(needed); i++) {
		if (!vc_known(needed[i]))
			return needed[i];
	}
	for (size_t i = 0; i < VC_COUNT(readable); i++) {
		if (readable[i]->state == VC_UNREADABLE)
			return readable[i];
	}
	return NULL;
}

static uint64_t
enclave_memory(const struct vc_guest_input *input)
{
	uint64_t sum = 0;

	/* The sizes were added up before, so that this sum fits. */
	for (size_t i = 0; i < input->memory_devices; i++) {
		if (input->memory_device[i].model == VC_MEMORY_SGX_EPC)
			sum += input->memory_device[i].size.value;
	}
	return sum;
}

/* Switches of old machine types [qemu 7.2 hw/i386/pc_piix.c pc_i440fx_2_4_machine_options and older]. */
static void
plan_pc(const struct vc_guest *guest, const struct vc_guest_input *input, struct plan *plan)
{
	bool q35 = vc_text_is(&guest->machine_family, "q35");
	uint64_t below = number_or(&input->max_below_4g, 0);

	plan->low_limit = q35 ? q35_low_limit(plan->ram, below)
			      : i440fx_low_limit(plan->ram, below, !version_known_before(guest, 2, 0));
	plan->window = number_or(&guest->pci_window_size, q35 ? Q35_WINDOW : I440FX_WINDOW);
	plan->slot_slack = !version_known_before(guest, 2, 2);
	plan->window_behind_room = !version_known_before(guest, 2, 5);
	if (version_known_before(guest, 2, 1))
		plan->max = plan->ram;
}

void
vc_derive_memory_map(const struct vc_deriver *d)
{
	struct vc_guest *guest = d->guest;
	const struct vc_fact *missing = missing_input(guest, d->input);
	const char *family = vc_known(&guest->machine_family.fact) ? guest->machine_family.value : "other";
	struct plan plan = { 0 };

	if (d->input->memory_elsewhere) {
		map_unsupported(guest, EOPNOTSUPP, guest->qemu_args.fact.from);
		return;
	}
	if (guest->machine_family.fact.state == VC_UNREADABLE) {
		map_unknown(guest, &guest->machine_family.fact);
		return;
	}
	if (strcmp(family, "other") == 0 || vc_machine_is_old_vendor(guest)) {
		map_unsupported(guest, EOPNOTSUPP, guest->machine.fact.from);
		return;
	}
	if (missing) {
		map_unknown(guest, missing);
		return;
	}
	plan.ram = guest->memory.value;
	plan.max = number_or(&guest->memory_max, plan.ram);
	plan.slots = number_or(&guest->memory_slots, 0);
	plan.epc = enclave_memory(d->input);
	if (plan.max < plan.ram) {
		map_unsupported(guest, VC_EGARBLED, guest->memory_max.fact.from);
		return;
	}
	if (strcmp(family, "virt") == 0) {
		map_arm(d, &plan);
	} else if (strcmp(family, "microvm") == 0) {
		map_microvm(d, &plan);
	} else {
		plan_pc(guest, d->input, &plan);
		map_pc(d, &plan);
	}
}
