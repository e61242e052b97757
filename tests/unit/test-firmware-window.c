/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where firmware puts 64-bit BARs. Marked [run]: seen with OVMF of edk2 2025.02 under QEMU 10.0. */
#include "guest-domain.h"

#define EFI "<loader readonly='yes' type='pflash'>/x/OVMF_CODE_4M.fd</loader>"
#define TIB (UINT64_C(1) << 40)

struct guest {
	const char *vendor, *flags, *cpu, *os, *memory, *top;
	uint64_t host_bits;
};

static void
guest(struct world *world, struct guest g)
{
	static const char *const large[] = { "fpu", "pdpe1gb" }, *const small[] = { "fpu" };

	read_sketch(world, (struct sketch){ .machine = "pc-q35-9.1",
					    .memory = g.memory,
					    .os = g.os,
					    .top = vc_arena_printf(world->arena, "%s%s", g.cpu ? g.cpu : "",
								   g.top ? g.top : "") });
	vc_set_number(&world->host.cpuid_phys_bits, g.host_bits, "test");
	vc_set_text(&world->host.cpu_vendor, g.vendor, "test");
	if (g.flags)
		vc_set_set(world->arena, &world->host.cpu_flags, large, 2, "test");
	else
		vc_set_set(world->arena, &world->host.cpu_flags, small, 1, "test");
	derive(world, "10.0.13");
}

static void
assert_window(const struct world *world, uint64_t first, uint64_t size)
{
	assert_int_equal(world->guest.firmware_window.fact.state, VC_KNOWN);
	assert_int_equal(world->guest.firmware_window.value.first, first);
	assert_int_equal(world->guest.firmware_window.value.last, first + size - 1);
	assert_number(world->guest.firmware_window_size, size);
}

#define HOST "<cpu mode='host-passthrough'/>"
#define LIMIT(bits) "<cpu mode='host-passthrough'><maxphysaddr mode='passthrough' limit='" bits "'/></cpu>"
#define NAMED "<cpu mode='custom'><model>Skylake-Server</model></cpu>"
#define WIDE(model) \
	"<cpu mode='custom'><model>" model "</model><maxphysaddr mode='passthrough'/></cpu>"

/* Which widths are believed. */
static void
believed(void **state)
{
	static const struct {
		const char *vendor, *cpu, *flags;
		uint64_t host_bits, bits; /* 0: not believed */
	} cases[] = {
		{ "GenuineIntel", HOST, "large", 36, 36 },
		{ "GenuineIntel", HOST, "large", 37, 0 },
		{ "GenuineIntel", HOST, "large", 38, 0 },
		{ "GenuineIntel", HOST, "large", 39, 39 },
		{ "GenuineIntel", HOST, "large", 40, 0 },
		{ "GenuineIntel", HOST, "large", 41, 41 },
		{ "GenuineIntel", HOST, "large", 46, 46 },
		{ "GenuineIntel", HOST, "large", 47, 46 },
		{ "GenuineIntel", HOST, "large", 52, 46 },
		{ "GenuineIntel", NAMED, "large", 46, 0 },
		{ "AuthenticAMD", HOST, "large", 39, 0 },
		{ "AuthenticAMD", HOST, "large", 40, 40 },
		{ "AuthenticAMD", HOST, "large", 48, 46 },
		{ "AuthenticAMD", NAMED, "large", 48, 40 },
		{ "HygonGenuine", NAMED, "large", 48, 0 },
		/* Without pages of 1 GiB, the host's or the model's. */
		{ "GenuineIntel", HOST, NULL, 46, 40 },
		{ "GenuineIntel", HOST, NULL, 39, 39 },
		{ "GenuineIntel", WIDE("Skylake-Server"), "large", 46, 46 },
		{ "GenuineIntel", WIDE("Skylake-Server"), NULL, 46, 40 },
		{ "GenuineIntel", WIDE("Haswell"), "large", 46, 40 },
		{ "GenuineIntel", WIDE("Haswell-noTSX"), "large", 46, 40 },
		{ "AuthenticAMD", WIDE("EPYC-Milan"), "large", 48, 46 },
		{ "GenuineIntel",
		  "<cpu mode='custom'><model>Haswell</model><maxphysaddr mode='passthrough'/>"
		  "<feature name='pdpe1gb' policy='require'/></cpu>",
		  "large", 46, 46 },
		{ "GenuineIntel",
		  "<cpu mode='host-passthrough'><feature name='pdpe1gb' policy='disable'/></cpu>", "large", 46, 40 },
	};
	struct world *world = *state;

	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		guest(world, (struct guest){ .vendor = cases[i].vendor,
					     .flags = cases[i].flags,
					     .cpu = cases[i].cpu,
					     .os = EFI,
					     .host_bits = cases[i].host_bits });
		if (cases[i].bits)
			assert_number(world->guest.firmware_phys_bits, cases[i].bits);
		else
			assert_absent(world->guest.firmware_phys_bits);
	}
	/* A model that nobody knows, with bits enough for it to matter. */
	guest(world, (struct guest){ .vendor = "GenuineIntel",
				     .flags = "large",
				     .cpu = WIDE("Newest"),
				     .os = EFI,
				     .host_bits = 46 });
	assert_unreadable(world->guest.firmware_phys_bits, EOPNOTSUPP);
	assert_unreadable(world->guest.firmware_window_size, EOPNOTSUPP);
	/* SeaBIOS maps nothing by tables. */
	guest(world, (struct guest){ .vendor = "GenuineIntel", .cpu = WIDE("Haswell"), .host_bits = 46 });
	assert_number(world->guest.firmware_phys_bits, 46);
}

static void
window_of_ovmf(void **state)
{
	struct world *world = *state;

	/* 36 bits: an eighth would be 8 GiB, and 32 GiB are there anyway. */
	guest(world, (struct guest){ .vendor = "GenuineIntel", .flags = "x", .cpu = HOST, .os = EFI, .host_bits = 36 });
	assert_window(world, 32 * GIB, 32 * GIB);
	guest(world, (struct guest){ .vendor = "GenuineIntel", .flags = "x", .cpu = HOST, .os = EFI, .host_bits = 39 });
	assert_window(world, 448 * GIB, 64 * GIB);
	guest(world, (struct guest){ .vendor = "GenuineIntel", .flags = "x", .cpu = HOST, .os = EFI, .host_bits = 46 });
	assert_window(world, 56 * TIB, 8 * TIB);
	/* [run] AMD with 40 bits: QEMU reserves what lies below 1 TiB, and OVMF moves away from it. */
	guest(world, (struct guest){ .vendor = "AuthenticAMD", .flags = "x", .cpu = NAMED, .os = EFI, .host_bits = 48 });
	assert_window(world, UINT64_C(0xc000000000), 128 * GIB);
	/* Not believed: behind RAM, at a multiple of its size. */
	guest(world, (struct guest){ .vendor = "GenuineIntel", .flags = "x", .cpu = NAMED, .os = EFI, .host_bits = 46 });
	assert_window(world, 32 * GIB, 32 * GIB);
	guest(world, (struct guest){ .vendor = "GenuineIntel",
				     .flags = "x",
				     .cpu = NAMED,
				     .os = EFI,
				     .host_bits = 46,
				     .memory = "<memory unit='GiB'>64</memory>" });
	assert_window(world, 96 * GIB, 32 * GIB);
	/* A window at the end has to fit behind the one it replaces. */
	guest(world, (struct guest){ .vendor = "GenuineIntel",
				     .flags = "x",
				     .cpu = HOST,
				     .os = EFI,
				     .host_bits = 39,
				     .memory = "<memory unit='GiB'>414</memory>" });
	assert_window(world, 448 * GIB, 64 * GIB);
	guest(world, (struct guest){ .vendor = "GenuineIntel",
				     .flags = "x",
				     .cpu = HOST,
				     .os = EFI,
				     .host_bits = 39,
				     .memory = "<memory unit='GiB'>446</memory>" });
	assert_window(world, 448 * GIB, 32 * GIB);
}

static void
asked_for(void **state)
{
	struct world *world = *state;
	struct guest g = { .vendor = "GenuineIntel", .flags = "x", .cpu = NAMED, .os = EFI, .host_bits = 46 };

	g.top = "<sysinfo type='fwcfg'><entry name='opt/ovmf/X-PciMmio64Mb'>65536</entry></sysinfo>";
	guest(world, g);
	assert_window(world, 64 * GIB, 64 * GIB);
	g.top = "<qemu:commandline><qemu:arg value='-fw_cfg'/>"
		"<qemu:arg value='name=opt/ovmf/X-PciMmio64Mb,string=131072'/></qemu:commandline>";
	guest(world, g);
	assert_window(world, 128 * GIB, 128 * GIB);
	/* No power of two: it begins at a multiple of the largest below. */
	g.top = "<sysinfo type='fwcfg'><entry name='opt/ovmf/X-PciMmio64Mb'>98304</entry></sysinfo>";
	guest(world, g);
	assert_window(world, 64 * GIB, 96 * GIB);
	/* Above 16 TiB it is ignored. */
	g.top = "<sysinfo type='fwcfg'><entry name='opt/ovmf/X-PciMmio64Mb'>16777217</entry></sysinfo>";
	guest(world, g);
	assert_window(world, 32 * GIB, 32 * GIB);
	/* The window at the end wins if it is larger. */
	g.top = "<sysinfo type='fwcfg'><entry name='opt/ovmf/X-PciMmio64Mb'>65536</entry></sysinfo>";
	g.cpu = HOST;
	guest(world, g);
	assert_window(world, 56 * TIB, 8 * TIB);
}

static void
room_of_seabios(void **state)
{
	struct world *world = *state;

	guest(world, (struct guest){ .vendor = "GenuineIntel", .cpu = NAMED, .host_bits = 46 });
	assert_window(world, 6 * GIB, TIB - 6 * GIB);
	guest(world, (struct guest){ .vendor = "GenuineIntel", .cpu = HOST, .host_bits = 52 });
	assert_window(world, 6 * GIB, 64 * TIB - 6 * GIB);
	guest(world, (struct guest){ .vendor = "GenuineIntel",
				     .cpu = LIMIT("36"),
				     .host_bits = 46,
				     .memory = "<memory unit='GiB'>80</memory>" });
	assert_absent(world->guest.firmware_window);
	assert_number(world->guest.firmware_window_size, 0);
}

static void
unknown(void **state)
{
	struct world *world = *state;

	read_sketch(world, (struct sketch){ .os = EFI, .top = HOST });
	derive(world, "10.0.13");
	assert_int_not_equal(world->guest.firmware_window.fact.state, VC_KNOWN);
	read_sketch(world, (struct sketch){ .os = EFI, .top = NAMED });
	derive(world, "10.0.13");
	/* 40 bits are believed of AMD alone. */
	assert_int_not_equal(world->guest.firmware_window.fact.state, VC_KNOWN);
	read_sketch(world, (struct sketch){ .arch = "aarch64", .machine = "virt", .os = EFI });
	derive(world, "10.0.13");
	assert_unreadable(world->guest.firmware_window, EOPNOTSUPP);
	read_sketch(world, (struct sketch){ .os = "<loader>/x/OVMF.fd</loader>", .top = NAMED });
	derive(world, "10.0.13");
	assert_unreadable(world->guest.firmware_window, EOPNOTSUPP);
}

static void
bar(struct world *world, struct vc_pci *pci, uint64_t size, bool wide, bool prefetchable)
{
	struct vc_bar *added = vc_list_append(world->arena, &pci->bar, sizeof(*added), "test");

	vc_set_number(&added->size, size, "test");
	vc_set_flag(&added->memory, true, "test");
	vc_set_flag(&added->wide, wide, "test");
	vc_set_flag(&added->prefetchable, prefetchable, "test");
}

static void
bars(void **state)
{
	struct world *world = *state;
	struct vc_pci *pci;

	read_sketch(world, (struct sketch){
				   .devices = "<hostdev mode='subsystem' type='pci'><source>"
					      "<address bus='0x01' slot='0x00'/></source></hostdev>" });
	pci = vc_list_append(world->arena, &world->host.pci, sizeof(*pci), "test");
	vc_set_text(&pci->address, "0000:01:00.0", "test");
	bar(world, pci, 16 * MIB, false, false);
	bar(world, pci, 32 * GIB, true, true);
	bar(world, pci, 32 * MIB, true, true);
	bar(world, pci, 1 * GIB, true, false);
	derive(world, "10.0.13");
	assert_number(world->guest.assigned_bars, 32 * GIB + 32 * MIB);
	assert_number(world->guest.pci_window_wanted_mib, 64 * 1024);
	/* A BAR whose size nobody knows. */
	((struct vc_bar *)pci->bar.item)[1].size.fact.state = VC_UNREADABLE;
	vc_guest_derive(&world->guest, &world->host, world->arena);
	assert_int_not_equal(world->guest.assigned_bars.fact.state, VC_KNOWN);
	/* One that is not counted is no matter. */
	((struct vc_bar *)pci->bar.item)[1].prefetchable.value = false;
	vc_guest_derive(&world->guest, &world->host, world->arena);
	assert_number(world->guest.assigned_bars, 32 * MIB);
	assert_number(world->guest.pci_window_wanted_mib, 32 * 1024);
	pci->bar.fact.state = VC_UNREAD;
	vc_guest_derive(&world->guest, &world->host, world->arena);
	assert_int_not_equal(world->guest.assigned_bars.fact.state, VC_KNOWN);
	read_sketch(world, (struct sketch){ 0 });
	derive(world, "10.0.13");
	assert_number(world->guest.assigned_bars, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(believed),	     WORLD_TEST(window_of_ovmf), WORLD_TEST(asked_for),
		WORLD_TEST(room_of_seabios), WORLD_TEST(unknown),	 WORLD_TEST(bars),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
