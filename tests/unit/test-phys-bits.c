/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The width of guest physical addresses. Marked [run]: seen with QEMU 7.2.22. */
#include "guest-domain.h"

static void
cpu(struct world *world, const char *type, const char *machine, const char *element)
{
	read_sketch(world, (struct sketch){ .type = type, .machine = machine, .top = element });
	vc_set_number(&world->host.cpuid_phys_bits, 46, "test");
	vc_set_text(&world->host.cpu_vendor, "GenuineIntel", "test");
	derive(world, "10.0.13");
}

static void
widths(void **state)
{
	struct world *world = *state;
	static const struct {
		const char *type, *cpu;
		uint64_t bits;
		const char *source;
	} cases[] = {
		{ "kvm", "", 40, "default" },
		{ "kvm", "<cpu mode='custom'><model>Skylake-Server</model></cpu>", 40, "default" },
		/*
		 * What domcapabilities says of host-model is not what it starts with [libvirt 11.3
		 * virQEMUCapsGetHostPhysAddr].
		 */
		{ "kvm", "<cpu mode='host-model'/>", 40, "default" },
		{ "kvm", "<cpu mode='host-passthrough'/>", 46, "host" },
		{ "kvm", "<cpu mode='maximum'/>", 46, "host" },
		{ "hvf", "<cpu mode='host-passthrough'/>", 46, "host" },
		{ "kvm", "<cpu mode='host-passthrough'><maxphysaddr mode='passthrough' limit='39'/></cpu>",
		  39, "host" },
		{ "kvm", "<cpu mode='host-passthrough'><maxphysaddr mode='passthrough' limit='46'/></cpu>",
		  46, "host" },
		{ "kvm", "<cpu mode='host-passthrough'><maxphysaddr mode='passthrough' limit='52'/></cpu>",
		  46, "host" },
		{ "kvm", "<cpu><model>EPYC</model><maxphysaddr mode='passthrough'/></cpu>", 46, "host" },
		{ "kvm", "<cpu><model>EPYC</model><maxphysaddr mode='emulate' bits='48'/></cpu>", 48,
		  "written" },
		/* [run] host-phys-bits beats phys-bits */
		{ "kvm", "<cpu mode='host-passthrough'><maxphysaddr mode='emulate' bits='36'/></cpu>", 46,
		  "host" },
		{ "kvm", "<cpu mode='host-passthrough'><maxphysaddr mode='emulate'/></cpu>", 40, "default" },
		/* [run] TCG never looks at the host */
		{ "qemu", "<cpu><model>EPYC</model><maxphysaddr mode='passthrough'/></cpu>", 40, "default" },
		{ "qemu", "<cpu mode='maximum'/>", 40, "default" },
		{ "qemu", "<cpu><model>EPYC</model><maxphysaddr mode='emulate' bits='48'/></cpu>", 48,
		  "written" },
	};

	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		cpu(world, cases[i].type, "q35", cases[i].cpu);
		if (world->guest.phys_bits.value != cases[i].bits)
			print_error("%s\n", cases[i].cpu);
		assert_number(world->guest.phys_bits, cases[i].bits);
		assert_text(world->guest.phys_bits_source, cases[i].source);
	}
	cpu(world, "kvm", "microvm", "");
	assert_number(world->guest.phys_bits, 46);
}

/* What libvirt looks at, whoever follows it. */
static void
written(void **state)
{
	struct world *world = *state;

	cpu(world, "kvm", "q35", "<cpu mode='host-passthrough'><maxphysaddr mode='emulate' bits='48'/></cpu>");
	assert_number(world->guest.phys_bits_written, 48);
	cpu(world, "kvm", "q35", "<cpu mode='host-passthrough'><maxphysaddr mode='passthrough' limit='39'/></cpu>");
	assert_int_equal(world->guest.phys_bits_written.fact.state, VC_ABSENT);
	cpu(world, "kvm", "q35", "<qemu:commandline><qemu:arg value='-cpu'/><qemu:arg value='EPYC,phys-bits=48'/>"
				 "</qemu:commandline>");
	assert_int_equal(world->guest.phys_bits_written.fact.state, VC_ABSENT);
}

static void
commandline(void **state)
{
	struct world *world = *state;
	static const struct {
		const char *argument;
		uint64_t bits;
	} cases[] = {
		{ "host", 46 },
		{ "host,host-phys-bits-limit=39", 39 },
		{ "host,host-phys-bits-limit=0", 46 },
		{ "host,phys-bits=36", 46 },
		{ "host,host-phys-bits=off,phys-bits=42", 42 },
		{ "EPYC,phys-bits=48", 48 },
		{ "EPYC,host-phys-bits=on", 46 },
		{ "EPYC,+host-phys-bits", 46 },
		{ "EPYC,host_phys_bits=yes", 46 },
		{ "host,-host-phys-bits", 40 },
		{ "qemu64", 40 },
	};

	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		cpu(world, "kvm", "q35",
		    vc_arena_printf(world->arena,
				    "<cpu mode='host-passthrough'/><qemu:commandline><qemu:arg value='-cpu'/>"
				    "<qemu:arg value='%s'/></qemu:commandline>",
				    cases[i].argument));
		assert_number(world->guest.phys_bits, cases[i].bits);
	}
}

static void
unknown_widths(void **state)
{
	struct world *world = *state;

	/* The host did not say. */
	read_sketch(world, (struct sketch){ .top = "<cpu mode='host-passthrough'/>" });
	vc_set_unreadable(&world->host.cpuid_phys_bits.fact, EACCES, "/dev/cpu/0/cpuid");
	derive(world, "10.0.13");
	assert_unreadable(world->guest.phys_bits, EACCES);
	assert_string_equal(world->guest.phys_bits.fact.from, "/dev/cpu/0/cpuid");
	/* A distributor's defaults are its own. */
	cpu(world, "kvm", "pc-q35-rhel9.4.0", "<cpu><model>EPYC</model></cpu>");
	assert_unreadable(world->guest.phys_bits, EOPNOTSUPP);
	cpu(world, "kvm", "pc-q35-rhel9.4.0", "<cpu mode='host-passthrough'/>");
	assert_number(world->guest.phys_bits, 46);
	cpu(world, "kvm", "q35", "<cpu><model>qemu32</model></cpu>");
	assert_unreadable(world->guest.phys_bits, EOPNOTSUPP);
	assert_unreadable(world->guest.highest_address, EOPNOTSUPP);
	cpu(world, "kvm", "q35", "<cpu><model>EPYC</model><maxphysaddr mode='emulate' bits='many'/></cpu>");
	assert_unreadable(world->guest.phys_bits, VC_EGARBLED);
	read_sketch(world, (struct sketch){ .arch = "aarch64", .machine = "virt" });
	derive(world, "10.0.13");
	assert_unreadable(world->guest.phys_bits, EOPNOTSUPP);
}

static void
vendors(void **state)
{
	struct world *world = *state;
	static const struct {
		const char *type, *cpu, *vendor;
	} cases[] = {
		{ "kvm", "", "GenuineIntel" },
		{ "kvm", "<cpu><model>EPYC</model></cpu>",
		  "GenuineIntel" }, /* [run] with kvm64 on an AMD host */
		{ "kvm", "<cpu><model vendor_id='AuthenticAMD'>EPYC</model></cpu>", "AuthenticAMD" },
		{ "qemu", "", "AuthenticAMD" },
		{ "qemu", "<cpu><model>EPYC-Milan</model></cpu>", "AuthenticAMD" },
		{ "qemu", "<cpu><model>kvm64</model></cpu>", "GenuineIntel" }, /* [run] */
		{ "qemu", "<cpu mode='maximum'/>", "AuthenticAMD" },
		{ "qemu", "<cpu><model>Dhyana</model></cpu>", "HygonGenuine" },
	};

	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		cpu(world, cases[i].type, "q35", cases[i].cpu);
		assert_text(world->guest.cpu_vendor, cases[i].vendor);
	}
	cpu(world, "qemu", "q35", "<cpu><model>FutureCPU</model></cpu>");
	assert_unreadable(world->guest.cpu_vendor, EOPNOTSUPP);
	cpu(world, "kvm", "q35",
	    "<qemu:commandline><qemu:arg value='-cpu'/><qemu:arg "
	    "value='host,vendor=AuthenticAMD'/></qemu:commandline>");
	assert_text(world->guest.cpu_vendor, "AuthenticAMD");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(widths), WORLD_TEST(written),
		WORLD_TEST(commandline),
		WORLD_TEST(unknown_widths),
		WORLD_TEST(vendors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
