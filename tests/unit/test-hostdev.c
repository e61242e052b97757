/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Assigned devices: how they are named, and whether the host has them. */
#include "guest-domain.h"

static const struct vc_hostdev *
hostdev(struct world *world, const char *address)
{
	read_sketch(world,
		    (struct sketch){
			    .devices = vc_arena_printf(
				    world->arena,
				    "<hostdev mode='subsystem' type='pci'><source>%s</source></hostdev>",
				    address),
		    });
	assert_int_equal(world->guest.hostdev.count, 1);
	assert_number(world->guest.pci_devices, 1);
	assert_number(world->guest.vfio_devices, 1);
	return world->guest.hostdev.item;
}

static void
addresses(void **state)
{
	struct world *world = *state;
	static const struct {
		const char *element, *address, *hex; /* NULL: not understood, absent */
	} cases[] = {
		{ "<address domain='0x0000' bus='0x01' slot='0x1f' function='0x7'/>", "0000:01:1f.7", NULL },
		{ "<address bus='1'/>", "0000:01:00.0", NULL },
		{ "<address domain='0xFFFF' bus='0Xff' slot='0' function='0'/>", "ffff:ff:00.0", NULL },
		/* Copied from lspci, where 10 is sixteen. */
		{ "<address domain='0' bus='10' slot='00' function='0'/>", "0000:0a:00.0", "0000:10:00.0" },
		{ "<address bus='0x03' slot='10' function='2'/>", "0000:03:0a.2", "0000:03:10.2" },
		{ "<address bus='9' slot='9'/>", "0000:09:09.0", NULL },
		{ "<address bus='010'/>", "0000:08:00.0", "0000:10:00.0" }, /* octal */
		{ "<address bus='255'/>", "0000:ff:00.0", NULL },           /* 0x255 is no bus */
		/* Hexadecimal without 0x is refused, but it is clear what was meant. */
		{ "<address bus='3b'/>", NULL, "0000:3b:00.0" },
		{ "<address bus='08'/>", NULL, "0000:08:00.0" },
		{ "<address bus='zz'/>", NULL, NULL },
		{ "<address bus='0x100'/>", NULL, NULL },
		{ "<address bus='1' slot='0x20'/>", NULL, NULL },
		{ "<address bus='1' function='8'/>", NULL, NULL },
		{ "<address bus=''/>", NULL, NULL },
		{ "", NULL, NULL },
	};

	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		const struct vc_hostdev *device = hostdev(world, cases[i].element);

		if (cases[i].address)
			assert_text(device->address, cases[i].address);
		else
			assert_unreadable(device->address, VC_EGARBLED);
		if (cases[i].hex)
			assert_text(device->address_read_as_hex, cases[i].hex);
		else
			assert_absent(device->address_read_as_hex);
		/* Without a host nothing is known of the device; a garbled address stays garbled. */
		vc_guest_derive(&world->guest, &world->host, world->arena);
		assert_int_not_equal(device->device.fact.state, VC_KNOWN);
		assert_int_not_equal(device->device.fact.state, VC_ABSENT);
	}
}

static void
kinds(void **state)
{
	struct world *world = *state;
	const struct vc_hostdev *devices;

	read_sketch(
		world,
		(struct sketch){
			.devices =
				"<hostdev mode='subsystem' type='usb'><source><address bus='1' "
				"device='2'/></source></hostdev>"
				"<hostdev mode='subsystem' type='pci' managed='yes'><source><address "
				"bus='1'/></source>"
				"<rom file='/x/card.rom' bar='off'/></hostdev>"
				"<hostdev mode='subsystem' type='mdev' model='vfio-pci'><source>"
				"<address uuid='c2177883-f1bb-47f0-914d-32a22e3a8804'/></source></hostdev>"
				"<interface type='network'><source network='default'/></interface>"
				"<interface type='hostdev' managed='yes'><source>"
				"<address type='pci' bus='3' slot='16' function='2'/></source></interface>",
		});
	devices = world->guest.hostdev.item;
	assert_int_equal(world->guest.hostdev.count, 3);
	assert_number(world->guest.vfio_devices, 3);
	assert_number(world->guest.pci_devices, 2);
	assert_text(devices[0].source, "hostdev");
	assert_flag(devices[0].managed, true);
	assert_text(devices[0].rom_file, "/x/card.rom");
	assert_flag(devices[0].rom_bar, false);
	assert_text(devices[1].kind, "mdev");
	assert_text(devices[1].uuid, "c2177883-f1bb-47f0-914d-32a22e3a8804");
	assert_absent(devices[1].address);
	assert_flag(devices[1].managed, false);
	assert_text(devices[2].source, "interface");
	assert_text(devices[2].address, "0000:03:10.2");
	assert_absent(devices[2].rom_file);
	assert_flag(devices[2].rom_bar, true);
}

static void
commandline(void **state)
{
	struct world *world = *state;
	static const struct {
		const char *option, *kind, *address;
	} cases[] = {
		{ "vfio-pci,host=01:00.0", "pci", "0000:01:00.0" },
		{ "vfio-pci,host=0000:3b:1f.7,x-vga=on", "pci", "0000:3b:1f.7" },
		{ "driver=vfio-pci,host=0001:0A:00.1", "pci", "0001:0a:00.1" },
		{ "{&quot;driver&quot;:&quot;vfio-pci&quot;,&quot;host&quot;:&quot;0000:02:00.0&quot;,&quot;"
		  "id&quot;:1}",
		  "pci", "0000:02:00.0" },
		{ "vfio-pci,sysfsdev=/sys/bus/pci/devices/0000:05:00.0", "pci", "0000:05:00.0" },
		{ "vfio-pci,sysfsdev=/sys/bus/mdev/devices/c2177883-f1bb-47f0-914d-32a22e3a8804", "mdev",
		  NULL },
		{ "vfio-pci-nohotplug,host=06:00.0", "pci", "0000:06:00.0" },
		{ "vfio-pci,host=nonsense", "pci", NULL },
		{ "vfio-pci,host=01:00", "pci", NULL },
		{ "vfio-pci", "pci", NULL },
		{ "vfio-pci,host=ffff1:00:00.0", "pci", NULL },
	};

	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		const struct vc_hostdev *device;

		read_sketch(world,
			    (struct sketch){
				    .top = vc_arena_printf(world->arena,
							   "<qemu:commandline><qemu:arg value='-device'/>"
							   "<qemu:arg value='%s'/></qemu:commandline>",
							   cases[i].option),
			    });
		assert_int_equal(world->guest.hostdev.count, 1);
		device = world->guest.hostdev.item;
		assert_text(device->source, "qemu:commandline");
		assert_text(device->kind, cases[i].kind);
		if (cases[i].address)
			assert_text(device->address, cases[i].address);
		else
			assert_int_not_equal(device->address.fact.state, VC_KNOWN);
		assert_absent(device->address_read_as_hex);
		assert_string_equal(device->place.xpath, "/domain/qemu:commandline/qemu:arg[2]");
	}
}

static void
on_the_host(void **state)
{
	struct world *world = *state;
	static const char *const addresses[] = { "0000:10:00.0", "0000:01:00.0" };
	const struct vc_hostdev *device;
	struct vc_pci *pci = vc_list_append(world->arena, &world->host.pci, sizeof(*pci), "test");

	vc_set_text(&pci->address, "0000:01:00.0", "test");
	vc_set_set(world->arena, &world->host.pci_addresses, addresses, 2, "test");

	device = hostdev(world, "<address bus='0x01'/>");
	vc_guest_derive(&world->guest, &world->host, world->arena);
	assert_int_equal(device->device.fact.state, VC_KNOWN);
	assert_ptr_equal(device->device.item, pci);
	assert_flag(device->exists_if_hex, false);
	assert_absent(device->name_if_hex);

	/* 10 written, 0x10 meant. */
	device = hostdev(world, "<address bus='10'/>");
	vc_guest_derive(&world->guest, &world->host, world->arena);
	assert_absent(device->device);
	assert_flag(device->exists_if_hex, true);
	assert_text(device->name_if_hex, "0000:10:00.0");

	device = hostdev(world, "<address bus='11'/>");
	vc_guest_derive(&world->guest, &world->host, world->arena);
	assert_absent(device->device);
	assert_flag(device->exists_if_hex, false);
	assert_absent(device->name_if_hex);

	/* There, but nobody asked for its details: unknown, not absent. */
	device = hostdev(world, "<address bus='0x10'/>");
	vc_guest_derive(&world->guest, &world->host, world->arena);
	assert_unreadable(device->device, VC_ENOTCOLLECTED);

	/* The list of devices itself is not readable. */
	vc_set_unreadable(&world->host.pci_addresses.fact, EACCES, "/sys/bus/pci/devices");
	device = hostdev(world, "<address bus='10'/>");
	vc_guest_derive(&world->guest, &world->host, world->arena);
	assert_unreadable(device->device, EACCES);
	assert_unreadable(device->exists_if_hex, EACCES);
	assert_unreadable(device->name_if_hex, EACCES);
}

static void
rom_file(void **state)
{
	struct world *world = *state;
	static const char *const ids[] = { "10de:1184", "10de:1185" };
	struct vc_pci *pci = vc_list_append(world->arena, &world->host.pci, sizeof(*pci), "test");
	const struct vc_hostdev *device;
	struct vc_rom *rom;

	vc_set_text(&pci->address, "0000:01:00.0", "test");
	vc_set_number(&pci->vendor_id, 0x10de, "test");
	vc_set_number(&pci->device_id, 0x1185, "test");

	device = hostdev(world, "<address bus='0x01'/>");
	vc_guest_derive(&world->guest, &world->host, world->arena);
	assert_absent(device->rom);
	assert_absent(device->rom_matches);

	/* Nobody looked at any file; then, at others only. */
	device = hostdev(world, "<address bus='0x01'/></source><rom file='/x/card.rom'/><source>");
	vc_guest_derive(&world->guest, &world->host, world->arena);
	assert_int_equal(device->rom.fact.state, VC_UNREAD);
	rom = vc_list_append(world->arena, &world->host.rom, sizeof(*rom), "test");
	vc_set_text(&rom->path, "/x/other.rom", "test");
	vc_guest_derive(&world->guest, &world->host, world->arena);
	assert_unreadable(device->rom, VC_ENOTCOLLECTED);
	assert_unreadable(device->rom_matches, VC_ENOTCOLLECTED);

	vc_set_text(&rom->path, "/x/card.rom", "test");
	vc_guest_derive(&world->guest, &world->host, world->arena);
	assert_ptr_equal(device->rom.item, rom);
	assert_int_equal(device->rom_matches.fact.state, VC_UNREAD);
	vc_set_set(world->arena, &rom->ids, ids, 2, "test");
	vc_guest_derive(&world->guest, &world->host, world->arena);
	assert_flag(device->rom_matches, true);
	vc_set_number(&pci->device_id, 0x1186, "test");
	vc_guest_derive(&world->guest, &world->host, world->arena);
	assert_flag(device->rom_matches, false);
	vc_set_unreadable(&pci->device_id.fact, EACCES, "test");
	vc_guest_derive(&world->guest, &world->host, world->arena);
	assert_unreadable(device->rom_matches, EACCES);
}

/* Devices that are not assigned, and tables, that only count. */
static void
counted(void **state)
{
	struct world *world = *state;

	read_sketch(world, (struct sketch){ .devices = "" });
	assert_number(world->guest.shared_memory_devices, 0);
	assert_number(world->guest.acpi_tables, 0);
	read_sketch(world,
		    (struct sketch){
			    .os = "<acpi><table type='slic'>/x/slic.dat</table></acpi>",
			    .devices = "<shmem name='looking-glass'><model type='ivshmem-plain'/></shmem>",
			    .top = "<qemu:commandline><qemu:arg value='-device'/>"
				   "<qemu:arg value='ivshmem-plain,memdev=lg'/>"
				   "<qemu:arg value='-acpitable'/><qemu:arg value='file=/x/SSDT1.dat'/>"
				   "<qemu:arg value='-device'/><qemu:arg value='virtio-balloon'/>"
				   "</qemu:commandline>",
		    });
	assert_number(world->guest.shared_memory_devices, 2);
	assert_number(world->guest.acpi_tables, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(addresses),
		WORLD_TEST(kinds),
		WORLD_TEST(commandline),
		WORLD_TEST(on_the_host),
		WORLD_TEST(rom_file),
		WORLD_TEST(counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
