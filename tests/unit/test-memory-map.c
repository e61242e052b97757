/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where RAM lies. The figures are those of QEMU 7.2.22's "info mtree -f" and its error messages, unless said.
 */
#include "guest-domain.h"

static const struct vc_ram *
ram(const struct world *world, size_t i)
{
	assert_true(i < world->guest.ram.count);
	return (const struct vc_ram *)world->guest.ram.item + i;
}

static void
assert_ram(const struct world *world, size_t i, uint64_t first, uint64_t last, const char *kind)
{
	assert_int_equal(ram(world, i)->region.value.first, first);
	assert_int_equal(ram(world, i)->region.value.last, last);
	assert_string_equal(ram(world, i)->kind.value, kind);
}

static bool
overlaps_ram(const struct world *world, uint64_t first, uint64_t last)
{
	const struct vc_range range = { .first = first, .last = last };

	for (size_t i = 0; i < world->guest.ram.count; i++) {
		if (vc_range_overlaps(ram(world, i)->region.value, range))
			return true;
	}
	return false;
}

static void
map(struct world *world, const char *machine, const char *memory, const char *qemu)
{
	read_sketch(world, (struct sketch){ .machine = machine, .memory = memory });
	vc_set_text(&world->host.cpu_vendor, "GenuineIntel", "test");
	derive(world, qemu);
}

static void
amd_map(struct world *world, const char *machine, const char *memory)
{
	read_sketch(world, (struct sketch){ .machine = machine, .memory = memory });
	vc_set_text(&world->host.cpu_vendor, "AuthenticAMD", "test");
	derive(world, "10.0.13");
}

static void
low_memory_of_a_pc(void **state)
{
	struct world *world = *state;

	map(world, "pc-q35-7.2", "<memory unit='GiB'>1</memory>", "7.2.22");
	assert_int_equal(world->guest.ram.count, 4);
	assert_ram(world, 0, 0, 0x9ffff, "low");
	assert_ram(world, 1, 0xc0000, 0xfffff, "rom");
	assert_ram(world, 2, 0x100000, 0x3fffffff, "low");
	assert_ram(world, 3, 0xfffc0000, 0xffffffff, "rom");
	assert_number(world->guest.highest_ram, 0x3fffffff);
}

static void
flash_is_not_mapped(void **state)
{
	struct world *world = *state;

	read_sketch(world, (struct sketch){ .os = "<loader type='pflash'>/x/OVMF_CODE.fd</loader>" });
	derive(world, "7.2.22");
	assert_false(overlaps_ram(world, 0xff000000, 0xffffffff));
}

static void
q35_splits_at_2816_mib(void **state)
{
	struct world *world = *state;

	map(world, "pc-q35-7.2", "<memory unit='MiB'>2815</memory>", "7.2.22");
	assert_ram(world, 2, 0x100000, 0xafefffff, "low");
	assert_false(overlaps_ram(world, 0x100000000, UINT64_MAX));
	map(world, "pc-q35-7.2", "<memory unit='MiB'>2816</memory>", "7.2.22");
	assert_ram(world, 2, 0x100000, 0x7fffffff, "low");
	assert_ram(world, 4, 0x100000000, 0x12fffffff, "high");
	assert_number(world->guest.highest_ram, 0x12fffffff);
}

static void
i440fx_splits_at_3584_mib(void **state)
{
	struct world *world = *state;

	map(world, "pc-i440fx-7.2", "<memory unit='MiB'>3583</memory>", "7.2.22");
	assert_ram(world, 2, 0x100000, 0xdfefffff, "low");
	map(world, "pc-i440fx-7.2", "<memory unit='MiB'>3584</memory>", "7.2.22");
	assert_ram(world, 2, 0x100000, 0xbfffffff, "low");
	assert_ram(world, 4, 0x100000000, 0x11fffffff, "high");
	/* Before 2.0 nothing was aligned. */
	map(world, "pc-i440fx-1.7", "<memory unit='MiB'>4096</memory>", "7.2.22");
	assert_ram(world, 2, 0x100000, 0xdfffffff, "low");
}

static void
microvm_splits_at_3_gib(void **state)
{
	struct world *world = *state;

	map(world, "microvm", "<memory unit='GiB'>3</memory>", "7.2.22");
	assert_int_equal(world->guest.ram.count, 1);
	assert_ram(world, 0, 0, 0xbfffffff, "low");
	map(world, "microvm", "<memory unit='GiB'>4</memory>", "7.2.22");
	assert_ram(world, 1, 0x100000000, 0x13fffffff, "high");
}

static void
max_ram_below_4g(void **state)
{
	struct world *world = *state;

	read_sketch(world, (struct sketch){
				   .top = "<qemu:commandline><qemu:arg value='-machine'/>"
					  "<qemu:arg value='max-ram-below-4g=1G'/></qemu:commandline>",
			   });
	derive(world, "7.2.22");
	assert_ram(world, 2, 0x100000, 0x3fffffff, "low");
}

static void
hotplug_room_is_no_ram(void **state)
{
	struct world *world = *state;
	const struct vc_range window = { 0x300000000, 0xaffffffff };

	/* -m 4G,slots=2,maxmem=8G: device-memory 0x180000000-0x2ffffffff */
	map(world, "pc-q35-7.2", "<memory unit='GiB'>4</memory><maxMemory slots='2' unit='GiB'>8</maxMemory>",
	    "7.2.22");
	assert_number(world->guest.highest_ram, 0x17fffffff);
	assert_int_equal(world->guest.pci_window.value.first, window.first);
	assert_int_equal(world->guest.pci_window.value.last, window.last);
	assert_number(world->guest.highest_address, window.last);
}

static void
highest_address_counts_the_whole_window(void **state)
{
	struct world *world = *state;

	/* "Address space limit 0xfffffffff < 0x12ffffffff phys-bits too low (36)" */
	map(world, "pc-q35-7.2",
	    "<memory unit='GiB'>4</memory><maxMemory slots='2' unit='GiB'>40</maxMemory>", "7.2.22");
	assert_number(world->guest.highest_address, 0x12ffffffff);
	assert_number(world->guest.address_bits_needed, 37);
	map(world, "pc-i440fx-7.2", "<memory unit='GiB'>4</memory>", "7.2.22");
	assert_number(world->guest.highest_address, 0x1bfffffff);
}

static void
written_window(void **state)
{
	struct world *world = *state;

	read_sketch(world, (struct sketch){
				   .devices = "<controller type='pci' index='0' model='pcie-root'>"
					      "<pcihole64 unit='GiB'>64</pcihole64></controller>",
			   });
	derive(world, "10.0.13");
	assert_number(world->guest.pci_window_size, 64 * GIB);
	assert_number(world->guest.highest_address, 0x117fffffff);
	read_sketch(world, (struct sketch){
				   .devices = "<controller type='pci' index='0' "
					      "model='pcie-root'><pcihole64>0</pcihole64></controller>",
			   });
	derive(world, "10.0.13");
	assert_absent(world->guest.pci_window);
	assert_number(world->guest.highest_address, 0x17fffffff);
}

static void
memory_devices_fill_the_room(void **state)
{
	struct world *world = *state;

	/*
	 * -m 4G,slots=4,maxmem=16G with pc-dimms of 512 MiB and 1 GiB: 0x180000000-0x19fffffff,
	 * 0x1a0000000-0x1dfffffff
	 */
	read_sketch(
		world,
		(struct sketch){
			.machine = "pc-q35-7.2",
			.memory = "<memory unit='MiB'>5632</memory><maxMemory slots='4' "
				  "unit='GiB'>16</maxMemory>",
			.devices =
				"<memory model='dimm'><target><size unit='MiB'>512</size></target></memory>"
				"<memory model='dimm'><target><size unit='GiB'>1</size></target></memory>",
		});
	derive(world, "7.2.22");
	assert_number(world->guest.memory, 4 * GIB);
	assert_number(world->guest.memory_devices, 1536 * MIB);
	assert_ram(world, 5, 0x180000000, 0x19fffffff, "hotplug");
	assert_ram(world, 6, 0x1a0000000, 0x1dfffffff, "hotplug");
	assert_number(world->guest.highest_ram, 0x1dfffffff);
}

static void
memory_devices_with_addresses_and_pages(void **state)
{
	struct world *world = *state;

	read_sketch(world,
		    (struct sketch){
			    .memory = "<memory unit='MiB'>5632</memory><maxMemory slots='4' "
				      "unit='GiB'>16</maxMemory>",
			    .devices =
				    "<memory model='dimm'><target><size unit='MiB'>512</size></target>"
				    "<address type='dimm' slot='0' base='0x180000000'/></memory>"
				    "<memory model='dimm'><source><pagesize unit='GiB'>1</pagesize></source>"
				    "<target><size unit='GiB'>1</size></target></memory>",
		    });
	derive(world, "10.0.13");
	/* A page of 1 GiB lies at a multiple of it. */
	assert_ram(world, 5, 0x180000000, 0x19fffffff, "hotplug");
	assert_ram(world, 6, 0x1c0000000, 0x1ffffffff, "hotplug");
	/* Outside the room: QEMU refuses, and nothing is claimed. */
	read_sketch(world,
		    (struct sketch){
			    .memory = "<memory unit='MiB'>4608</memory><maxMemory slots='4' "
				      "unit='GiB'>16</maxMemory>",
			    .devices = "<memory model='dimm'><target><size unit='MiB'>512</size></target>"
				       "<address type='dimm' base='0x100000'/></memory>",
		    });
	derive(world, "10.0.13");
	assert_unreadable(world->guest.ram, VC_EGARBLED);
	assert_unreadable(world->guest.highest_ram, VC_EGARBLED);
}

static void
virtio_mem_counts_what_is_plugged(void **state)
{
	struct world *world = *state;

	read_sketch(world, (struct sketch){
				   .memory = "<memory unit='GiB'>12</memory><maxMemory slots='2' "
					     "unit='GiB'>16</maxMemory>",
				   .devices = "<memory model='virtio-mem'><target><size "
					      "unit='GiB'>8</size><block unit='MiB'>2</block>"
					      "<requested unit='GiB'>1</requested></target></memory>",
			   });
	derive(world, "10.0.13");
	assert_ram(world, 5, 0x180000000, 0x1bfffffff, "hotplug");
}

static void
amd_relocation(void **state)
{
	struct world *world = *state;

	/* 1100 GiB on an AMD host: into the HyperTransport region, or around it. */
	amd_map(world, "pc-q35-7.0", "<memory unit='GiB'>1100</memory>");
	assert_flag(world->guest.amd_relocation, false);
	assert_true(overlaps_ram(world, 0xfd00000000, 0xffffffffff));
	amd_map(world, "pc-q35-7.1", "<memory unit='GiB'>1100</memory>");
	assert_flag(world->guest.amd_relocation, true);
	assert_false(overlaps_ram(world, 0xfd00000000, 0xffffffffff));
	assert_ram(world, 4, 0x10000000000, 0x10000000000 + 1098 * GIB - 1, "high");
	assert_number(world->guest.address_bits_needed, 42);
}

static void
amd_relocation_threshold(void **state)
{
	struct world *world = *state;

	/*
	 * Window of 32 GiB behind RAM ends at 1012 GiB: 0xfcffffffff is the last address that is not in the
	 * region.
	 */
	amd_map(world, "pc-q35-10.0", "<memory unit='GiB'>978</memory>");
	assert_flag(world->guest.amd_relocation, false);
	assert_number(world->guest.highest_address, 0xfcffffffff);
	amd_map(world, "pc-q35-10.0", "<memory unit='MiB'>1001473</memory>");
	assert_flag(world->guest.amd_relocation, true);
	/* "Address space limit 0xffffffffff < 0x201bfffffff phys-bits too low (40)" */
	amd_map(world, "pc-q35-10.0", "<memory unit='GiB'>1</memory><maxMemory unit='GiB'>1000</maxMemory>");
	assert_number(world->guest.highest_address, 0x201bfffffff);
	/* "Address space limit 0xfffffffff < 0x102ffffffff phys-bits too low (36)" */
	amd_map(world, "pc-q35-7.0",
		"<memory unit='GiB'>2</memory><maxMemory slots='2' unit='GiB'>1000</maxMemory>");
	assert_number(world->guest.highest_address, 0x102ffffffff);
}

static void
relocation_that_cannot_be_decided(void **state)
{
	struct world *world = *state;

	read_sketch(world, (struct sketch){ .machine = "q35", .memory = "<memory unit='GiB'>1100</memory>" });
	derive(world, "10.0.13");
	assert_int_equal(world->guest.ram.fact.state, VC_UNREAD);
	assert_int_equal(world->guest.amd_relocation.fact.state, VC_UNREAD);
	/* Small guests need neither the vendor nor a version. */
	read_sketch(world, (struct sketch){ .machine = "q35" });
	vc_guest_derive(&world->guest, &world->host, world->arena);
	assert_flag(world->guest.amd_relocation, false);
	assert_number(world->guest.highest_ram, 0x17fffffff);
	/* Under TCG the CPU model decides, not the host. */
	vc_set_text(&world->host.cpu_vendor, "GenuineIntel", "test");
	read_sketch(world, (struct sketch){ .type = "qemu", .memory = "<memory unit='GiB'>1100</memory>" });
	derive(world, "10.0.13");
	assert_flag(world->guest.amd_relocation, true);
	read_sketch(world, (struct sketch){
				   .type = "qemu",
				   .memory = "<memory unit='GiB'>1100</memory>",
				   .top = "<cpu><model>kvm64</model></cpu>",
			   });
	derive(world, "10.0.13");
	assert_flag(world->guest.amd_relocation, false);
	/* Under KVM the host does, not the model. */
	read_sketch(world, (struct sketch){
				   .memory = "<memory unit='GiB'>1100</memory>",
				   .top = "<cpu><model>EPYC</model></cpu>",
			   });
	derive(world, "10.0.13");
	assert_flag(world->guest.amd_relocation, false);
}

static void
arm_virt(void **state)
{
	struct world *world = *state;

	for (unsigned mib = 3054; mib <= 3055; mib++) {
		read_sketch(world, (struct sketch){
					   .type = "qemu",
					   .arch = "aarch64",
					   .machine = "virt-9.2",
					   .memory = vc_arena_printf(world->arena,
								     "<memory unit='MiB'>%u</memory>", mib),
				   });
		derive(world, "10.0.13");
		assert_int_equal(world->guest.ram.count, 1);
		assert_int_equal(ram(world, 0)->region.value.first, GIB);
		assert_int_equal(overlaps_ram(world, 0xfee00000, 0xfeefffff), mib > 3054);
		assert_unreadable(world->guest.highest_address, EOPNOTSUPP);
	}
	assert_number(world->guest.highest_ram, 0xfeefffff);
}

static void
what_is_not_supported(void **state)
{
	struct world *world = *state;
	static const char *const machines[] = { "isapc", "pc-i440fx-rhel7.6.0", "pc-i440fx-trusty" };

	for (size_t i = 0; i < VC_COUNT(machines); i++) {
		map(world, machines[i], NULL, "10.0.13");
		assert_unreadable(world->guest.ram, EOPNOTSUPP);
		assert_unreadable(world->guest.highest_ram, EOPNOTSUPP);
	}
	read_sketch(world, (struct sketch){ .arch = "riscv64", .machine = "virt" });
	derive(world, "10.0.13");
	assert_text(world->guest.machine_family, "other");
	assert_unreadable(world->guest.ram, EOPNOTSUPP);
	/* RAM that QEMU is told of behind libvirt's back. */
	read_sketch(world, (struct sketch){
				   .top = "<qemu:commandline><qemu:arg value='-m'/><qemu:arg "
					  "value='8G'/></qemu:commandline>",
			   });
	derive(world, "10.0.13");
	assert_unreadable(world->guest.memory, EOPNOTSUPP);
	assert_unreadable(world->guest.ram, EOPNOTSUPP);
	read_sketch(world, (struct sketch){ .memory = "<memory>lots</memory>" });
	derive(world, "10.0.13");
	assert_unreadable(world->guest.ram, VC_EGARBLED);
	/* Sizes that pass 2^64. */
	map(world, "q35",
	    "<memory unit='GiB'>4</memory><maxMemory slots='9999999999999999' unit='GiB'>8</maxMemory>",
	    "10.0.13");
	assert_unreadable(world->guest.ram, ERANGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(low_memory_of_a_pc),
		WORLD_TEST(flash_is_not_mapped),
		WORLD_TEST(q35_splits_at_2816_mib),
		WORLD_TEST(i440fx_splits_at_3584_mib),
		WORLD_TEST(microvm_splits_at_3_gib),
		WORLD_TEST(max_ram_below_4g),
		WORLD_TEST(hotplug_room_is_no_ram),
		WORLD_TEST(highest_address_counts_the_whole_window),
		WORLD_TEST(written_window),
		WORLD_TEST(memory_devices_fill_the_room),
		WORLD_TEST(memory_devices_with_addresses_and_pages),
		WORLD_TEST(virtio_mem_counts_what_is_plugged),
		WORLD_TEST(amd_relocation),
		WORLD_TEST(amd_relocation_threshold),
		WORLD_TEST(relocation_that_cannot_be_decided),
		WORLD_TEST(arm_virt),
		WORLD_TEST(what_is_not_supported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
