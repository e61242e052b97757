/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host-tree.h"

#include <string.h>

#define CPU(vendor, family, flags, sizes)                                                                    \
	"processor\t: 0\nvendor_id\t: " vendor "\ncpu family\t: " family                                     \
	"\nmodel\t\t: 1\nmodel name\t: A CPU: the one\nstepping\t: 2\nflags\t\t: " flags "\naddress sizes\t: " sizes "\n\n"
#define SIZES(phys) #phys " bits physical, 48 bits virtual"
#define INTEL(flags, phys) CPU("GenuineIntel", "6", flags, SIZES(phys))
#define AMD(flags, phys) CPU("AuthenticAMD", "25", flags, SIZES(phys))
#define UNAME(machine) "Linux\nhost\n6.12.107\n#1 SMP\n" machine "\n"
#define WIDTH (VC_AREA_CPU | VC_AREA_CPUID | VC_AREA_MSR)

/* EPYC 9124: 52 bits, encryption takes 6. */
#define EPYC_CPUID                                                                                           \
	"00000001 00a10f11 00000000 00000000 00000000\n80000000 80000028 68747541 444d4163 69746e65\n"       \
	"80000001 00a10f11 00000000 00000004 00000000\n80000008 00003934 00000000 00000000 00000000\n"       \
	"8000001f 00000003 000001b3 000003ee 00000064\n"
#define INTEL_CPUID                                                                                          \
	"00000001 000906ed 00000000 00000020 00000000\n80000000 80000008 00000000 00000000 00000000\n"       \
	"80000001 00000000 00000000 00000000 00000000\n80000008 0000302e 00000000 00000000 00000000\n"

static const struct vc_host *
probe_cpuinfo(struct tree *tree, const char *machine, const char *cpuinfo)
{
	if (machine)
		tree_ask(tree, "uname", vc_arena_printf(tree->arena, UNAME("%s"), machine));
	tree_file(tree, "/proc/cpuinfo", cpuinfo);
	return tree_probe(tree, VC_AREA_CPU);
}

static void
one_cpu(void **state)
{
	struct tree *tree = tree_new(true);
	const struct vc_host *host = probe_cpuinfo(tree, "x86_64", INTEL("fpu vmx  lm", 39));

	(void)state;
	assert_known_text(host->cpu_arch, "x86_64");
	assert_known_text(host->cpu_vendor, "GenuineIntel");
	assert_known_number(host->cpu_family, 6);
	assert_known_number(host->cpu_model, 1);
	assert_known_number(host->cpu_stepping, 2);
	assert_known_text(host->cpu_model_name, "A CPU: the one");
	assert_known_number(host->cpu_count, 1);
	assert_known_number(host->cpu_phys_bits, 39);
	assert_known_number(host->cpu_phys_bits_widest, 39);
	assert_known_number(host->cpu_virt_bits, 48);
	assert_int_equal(host->cpu_flags.count, 3);
	assert_known_flag(host->cpu_hypervisor, false);
	assert_known_flag(host->cpu_virtualization, true);
	tree_free(tree);
}

static void
stepping(void **state)
{
	static const struct {
		const char *line;
		enum vc_state state;
	} cases[] = {
		{ "stepping\t: 1\n", VC_KNOWN },
		{ "stepping\t: unknown\n", VC_ABSENT },
		{ "stepping\t: x\n", VC_UNREADABLE },
		{ "", VC_UNREADABLE },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		struct tree *tree = tree_new(true);
		const char *text = vc_arena_printf(tree->arena, "processor\t: 0\nvendor_id\t: AuthenticAMD\n%s\n",
						   cases[i].line);

		assert_int_equal(probe_cpuinfo(tree, "x86_64", text)->cpu_stepping.fact.state, cases[i].state);
		tree_free(tree);
	}
}

/* A flag counts if every CPU has it, and the narrowest CPU decides, wherever it stands in the list. */
static void
hybrid(void **state)
{
	static const char *const cpuinfo[] = {
		INTEL("fpu avx512f vmx ab", 46) INTEL("fpu vmx a", 39),
		INTEL("fpu vmx a", 39) INTEL("fpu avx512f vmx ab", 46),
		INTEL("vmx b fpu", 46) INTEL("fpu vmx a", 39) INTEL("vmx b fpu", 46) INTEL("c fpu vmx", 40)
			INTEL("fpu vmx d", 40) INTEL("fpu vmx e", 40) INTEL("vmx fpu f", 40)
				INTEL("vmx b fpu", 46),
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(cpuinfo); i++) {
		struct tree *tree = tree_new(true);
		const struct vc_host *host = probe_cpuinfo(tree, "x86_64", cpuinfo[i]);

		assert_known_number(host->cpu_phys_bits, 39);
		assert_known_number(host->cpu_phys_bits_widest, 46);
		assert_int_equal(host->cpu_flags.fact.state, VC_KNOWN);
		assert_int_equal(host->cpu_flags.count, 2);
		assert_true(vc_set_has(&host->cpu_flags, "fpu"));
		assert_true(vc_set_has(&host->cpu_flags, "vmx"));
		tree_free(tree);
	}
}

static void
many_cpus(void **state)
{
	struct tree *tree = tree_new(true);
	struct vc_buf text = { 0 };
	const struct vc_host *host;

	(void)state;
	for (unsigned i = 0; i < 1024; i++)
		vc_buf_add(&text, i % 2 ? INTEL("fpu vmx p", 46) : INTEL("fpu vmx e", 46));
	host = probe_cpuinfo(tree, "x86_64", vc_buf_text(&text));
	assert_known_number(host->cpu_count, 1024);
	assert_int_equal(host->cpu_flags.count, 2);
	vc_buf_release(&text);
	tree_free(tree);
}

/* What is not as the kernel prints it is not believed. */
static void
garbled(void **state)
{
	static const char *const sizes[] = {
		"",
		"48 bits physical",
		"48 bits physical, x bits virtual",
		"0 bits physical, 48 bits virtual",
		"65 bits physical, 48 bits virtual",
		"18446744073709551616 bits physical, 48 bits virtual",
		"-1 bits physical, 48 bits virtual",
		"48 bytes physical, 48 bits virtual",
	};
	struct tree *tree;
	const struct vc_host *host;

	(void)state;
	for (size_t i = 0; i < VC_COUNT(sizes); i++) {
		tree = tree_new(true);
		host = probe_cpuinfo(tree, "x86_64",
				     vc_arena_printf(tree->arena, "%s" CPU("GenuineIntel", "6", "fpu", "%s"),
						     INTEL("fpu", 39), sizes[i]));
		assert_unreadable(host->cpu_phys_bits, VC_EGARBLED);
		assert_unreadable(host->cpu_phys_bits_widest, VC_EGARBLED);
		assert_known_number(host->cpu_count, 2);
		tree_free(tree);
	}
	/* 64 is the last that is believed. */
	tree = tree_new(true);
	host = probe_cpuinfo(tree, "x86_64", INTEL("fpu", 64));
	assert_known_number(host->cpu_phys_bits, 64);
	tree_free(tree);

	/* A CPU without the lines hides whether it is the narrow one. */
	tree = tree_new(true);
	host = probe_cpuinfo(tree, "x86_64",
			     INTEL("fpu", 39) "processor\t: 1\nvendor_id\t: GenuineIntel\n\n");
	assert_unreadable(host->cpu_phys_bits, VC_EGARBLED);
	assert_unreadable(host->cpu_flags, VC_EGARBLED);
	assert_unreadable(host->cpu_hypervisor, VC_EGARBLED);
	tree_free(tree);

	tree = tree_new(true);
	host = probe_cpuinfo(tree, "x86_64", "");
	assert_unreadable(host->cpu_vendor, VC_EGARBLED);
	assert_unreadable(host->cpu_count, VC_EGARBLED);
	assert_unreadable(host->cpu_virtualization, VC_EGARBLED);
	tree_free(tree);
}

static void
hostile_bytes(void **state)
{
	static const char text[] =
		"processor\t: 0\nvendor_id\t: Genu\0ineIntel\ncpu family\t: 6\nflags\t: fpu\0 vmx\n";
	struct tree *tree = tree_new(true);
	const struct vc_host *host;
	char *line;

	(void)state;
	tree_ask(tree, "uname", UNAME("x86_64"));
	tree_file_n(tree, "/proc/cpuinfo", text, sizeof(text) - 1);
	host = tree_probe(tree, VC_AREA_CPU);
	assert_unreadable(host->cpu_vendor, VC_EGARBLED);
	assert_unreadable(host->cpu_flags, VC_EGARBLED);
	tree_free(tree);

	/* Longer than any list of flags. */
	tree = tree_new(true);
	line = vc_arena_alloc(tree->arena, 70000);
	memset(line, 'a', 69999);
	host = probe_cpuinfo(tree, "x86_64",
			     vc_arena_printf(tree->arena, CPU("GenuineIntel", "6", "%s", SIZES(39)), line));
	assert_unreadable(host->cpu_flags, VC_EGARBLED);
	assert_known_number(host->cpu_phys_bits, 39);
	tree_free(tree);
}

/* On other architectures the lines do not exist: absent, because nothing would make them readable. */
static void
arm(void **state)
{
	static const char cpuinfo[] =
		"processor\t: 0\nBogoMIPS\t: 48.00\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\n\n"
		"processor\t: 1\nBogoMIPS\t: 48.00\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\n";
	struct tree *tree = tree_new(true);
	const struct vc_host *host = probe_cpuinfo(tree, "aarch64", cpuinfo);

	(void)state;
	assert_known_text(host->cpu_arch, "aarch64");
	assert_known_number(host->cpu_count, 2);
	assert_int_equal(host->cpu_flags.count, 2);
	assert_absent(host->cpu_vendor);
	assert_absent(host->cpu_family);
	assert_absent(host->cpu_phys_bits);
	assert_absent(host->cpu_hypervisor);
	assert_absent(host->cpu_virtualization);
	tree_ask(tree, "cpuid", "");
	host = tree_probe(tree, WIDTH);
	assert_absent(host->msr_syscfg);
	assert_absent(host->cpu_memory_encryption);
	assert_int_not_equal(host->cpu_usable_phys_bits.fact.state, VC_KNOWN);
	assert_int_not_equal(host->kvm_firmware_disabled.fact.state, VC_KNOWN);
	tree_free(tree);
}

/* A copied tree has no uname: the flags tell. */
static void
foreign(void **state)
{
	struct tree *tree = tree_new(false);
	const struct vc_host *host;

	(void)state;
	tree_file(tree, "/proc/cpuinfo", AMD("fpu lm", 48));
	host = tree_probe(tree, WIDTH);
	assert_known_text(host->cpu_arch, "x86_64");
	/* Nothing is taken off the width, so it is that of the hardware. */
	assert_known_number(host->cpuid_phys_bits, 48);
	assert_absent(host->msr_test_ctrl);
	assert_unreadable(host->msr_syscfg, VC_ENOTCOLLECTED);
	assert_unreadable(host->cpu_memory_encryption, VC_ENOTCOLLECTED);
	/* What the kernel left is what is usable. */
	assert_known_number(host->cpu_usable_phys_bits, 48);
	tree_free(tree);

	/* Where something may be taken off, or CPUs differ, the width of the hardware stays unknown. */
	tree = tree_new(false);
	tree_file(tree, "/proc/cpuinfo", AMD("fpu lm sme", 46));
	host = tree_probe(tree, WIDTH);
	assert_unreadable(host->cpuid_phys_bits, VC_ENOTCOLLECTED);
	tree_free(tree);
	tree = tree_new(false);
	tree_file(tree, "/proc/cpuinfo", INTEL("fpu lm", 46) INTEL("fpu lm", 39));
	host = tree_probe(tree, WIDTH);
	assert_unreadable(host->cpuid_phys_bits, VC_ENOTCOLLECTED);
	tree_free(tree);

	tree = tree_new(false);
	host = tree_probe(tree, WIDTH);
	assert_unreadable(host->cpu_vendor, VC_ENOTCOLLECTED);
	assert_unreadable(host->msr_syscfg, VC_ENOTCOLLECTED);
	assert_unreadable(host->msr_test_ctrl, VC_ENOTCOLLECTED);
	assert_unreadable(host->cpu_usable_phys_bits, VC_ENOTCOLLECTED);
	assert_unreadable(host->kvm_firmware_disabled, VC_ENOTCOLLECTED);
	tree_free(tree);
}

struct width {
	const char *cpuinfo, *cpuid;
	const char *msr, *value; /* value: text, or "!LINE" of the manifest */
	int encryption;          /* -1: not known */
	unsigned usable;
};

static void
usable_width(void **state)
{
	static const struct width widths[] = {
		/* SYSCFG bit 23 decides; its neighbours do not. */
		{ AMD("lm svm sme", 46), EPYC_CPUID, "msr/0xc0010010", "0x800000\n", true, 46 },
		{ AMD("lm svm", 52), EPYC_CPUID, "msr/0xc0010010", "0x0\n", false, 52 },
		{ AMD("lm svm", 52), EPYC_CPUID, "msr/0xc0010010", "0x1400000\n", false, 52 },
		{ CPU("HygonGenuine", "24", "lm svm", SIZES(52)), EPYC_CPUID, "msr/0xc0010010", "0x800000\n",
		  true, 46 },
		/* The register is not there: nothing is encrypted. */
		{ AMD("lm svm", 52), EPYC_CPUID, "msr/0xc0010010", "!ask absent msr/0xc0010010", false, 52 },
		/* Refused: the kernel's own width stands in, and its flags prove encryption. */
		{ AMD("lm svm", 46), EPYC_CPUID, "msr/0xc0010010", "!ask EPERM msr/0xc0010010", -1, 46 },
		{ AMD("lm svm sev", 46), EPYC_CPUID, "msr/0xc0010010", "!ask EPERM msr/0xc0010010", true,
		  46 },
		{ AMD("lm svm sev hypervisor", 46), EPYC_CPUID, "msr/0xc0010010", "!ask EPERM msr/0xc0010010",
		  -1, 46 },
		/* A CPU without the leaf, or with neither SME nor SEV, needs no register. */
		{ AMD("lm svm", 48), "80000000 80000008 0 0 0\n80000008 3030 0 0 0\n", "msr/0xc0010010",
		  "!ask EPERM msr/0xc0010010", false, 48 },
		{ AMD("lm svm", 48), "80000000 8000001f 0 0 0\n80000008 3030 0 0 0\n8000001f 4 180 0 0\n",
		  "msr/0xc0010010", "!ask EPERM msr/0xc0010010", false, 48 },
		/* SEV alone is enough for the bits to be gone. */
		{ AMD("lm svm", 46), "80000000 8000001f 0 0 0\n80000008 3034 0 0 0\n8000001f 2 1b3 0 0\n",
		  "msr/0xc0010010", "0x800000\n", true, 46 },
		/* TME: enabled and locked, the KeyID bits are gone. */
		{ INTEL("lm tme", 42), INTEL_CPUID, "msr/0x982", "0x400000003\n", true, 42 },
		{ INTEL("lm tme", 46), INTEL_CPUID, "msr/0x982", "0x400000002\n", false, 46 },
		{ INTEL("lm tme", 46), INTEL_CPUID, "msr/0x982", "0x400000001\n", false, 46 },
		{ INTEL("lm tme", 46), INTEL_CPUID, "msr/0x982", "0x3\n", true, 46 },
		{ INTEL("lm", 46), INTEL_CPUID, "msr/0x982", "!ask EPERM msr/0x982", false, 46 },
		{ INTEL("lm tme", 42), INTEL_CPUID, "msr/0x982", "!ask EPERM msr/0x982", -1, 42 },
		{ INTEL("lm tme", 42), INTEL_CPUID, "msr/0x982", "garbage\n", -1, 42 },
		/* Of a hybrid, CPUID may have been asked of a wide CPU. */
		{ INTEL("lm", 46) INTEL("lm", 39), INTEL_CPUID, "msr/0x982", "!ask absent msr/0x982", false,
		  39 },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(widths); i++) {
		const struct width *width = &widths[i];
		struct tree *tree = tree_new(true);
		const struct vc_host *host;

		tree_ask(tree, "uname", UNAME("x86_64"));
		tree_file(tree, "/proc/cpuinfo", width->cpuinfo);
		tree_ask(tree, "cpuid", width->cpuid);
		if (width->value[0] == '!')
			tree_line(tree, width->value + 1);
		else
			tree_ask(tree, width->msr, width->value);
		host = tree_probe(tree, WIDTH);
		if (width->encryption < 0)
			assert_int_not_equal(host->cpu_memory_encryption.fact.state, VC_KNOWN);
		else {
			assert_known_flag(host->cpu_memory_encryption, width->encryption);
		}
		assert_known_number(host->cpu_usable_phys_bits, width->usable);
		tree_free(tree);
	}
}

static void
cpuid(void **state)
{
	struct tree *tree = tree_new(true);
	const struct vc_host *host;

	(void)state;
	tree_ask(tree, "cpuid", EPYC_CPUID);
	host = tree_probe(tree, VC_AREA_CPUID);
	assert_known_number(host->cpuid_phys_bits, 52);
	assert_known_number(host->cpuid_guest_phys_bits, 0);
	assert_known_number(host->cpuid_encryption, 3);
	assert_known_number(host->cpuid_encryption_bit, 51);
	assert_known_number(host->cpuid_phys_bits_reduction, 6);
	assert_known_number(host->cpuid_encryption_asids, 1006);
	assert_known_number(host->cpuid_encryption_first_sev, 100);
	assert_known_flag(host->cpuid_virtualization, true);
	tree_free(tree);

	/* Below the maximum and missing: not collected; above it: absent. */
	tree = tree_new(true);
	tree_ask(tree, "cpuid", "80000000 80000008 0 0 0\n");
	host = tree_probe(tree, VC_AREA_CPUID);
	assert_unreadable(host->cpuid_phys_bits, VC_ENOTCOLLECTED);
	assert_absent(host->cpuid_encryption);
	assert_unreadable(host->cpuid_virtualization, VC_ENOTCOLLECTED);
	tree_free(tree);

	tree = tree_new(true);
	tree_ask(tree, "cpuid", "80000008 1ffffffff 0 0 0\n");
	host = tree_probe(tree, VC_AREA_CPUID);
	assert_unreadable(host->cpuid_phys_bits, VC_EGARBLED);
	tree_free(tree);

	tree = tree_new(true);
	tree_line(tree, "ask EOPNOTSUPP cpuid");
	host = tree_probe(tree, VC_AREA_CPUID);
	assert_absent(host->cpuid_phys_bits);
	assert_absent(host->cpuid_virtualization);
	tree_free(tree);
}

struct lock {
	const char *cpuinfo, *cpuid, *msr, *value;
	int disabled; /* -1: not known */
};

static void
firmware_lock(void **state)
{
	static const struct lock locks[] = {
		{ INTEL("lm", 39), INTEL_CPUID, "msr/0x3a", "0x1\n", true },
		{ INTEL("lm", 39), INTEL_CPUID, "msr/0x3a", "0x0\n", false },
		{ INTEL("lm vmx", 39), INTEL_CPUID, "msr/0x3a", "0x5\n", false },
		{ INTEL("lm", 39), INTEL_CPUID, "msr/0x3a", "0x3\n", true },
		/* Started by Trusted Boot: the kernel kept the flag. */
		{ INTEL("lm vmx", 39), INTEL_CPUID, "msr/0x3a", "0x3\n", false },
		/* Without the register the CPU has no VMX to lock. */
		{ INTEL("lm", 39), INTEL_CPUID, "msr/0x3a", "!ask absent msr/0x3a", false },
		{ INTEL("lm", 39), INTEL_CPUID, "msr/0x3a", "!ask EPERM msr/0x3a", -1 },
		{ INTEL("lm", 39), INTEL_CPUID, "msr/0x3a", "!ask ENXIO msr/0x3a", -1 },
		/* Locked, but the hardware never had it. */
		{ INTEL("lm", 39), "00000001 0 0 0 0\n80000000 80000008 0 0 0\n80000001 0 0 0 0\n",
		  "msr/0x3a", "0x1\n", false },
		/* In a guest the register is the outer hypervisor's. */
		{ INTEL("lm hypervisor", 39), INTEL_CPUID, "msr/0x3a", "0x1\n", -1 },
		{ AMD("lm", 48), EPYC_CPUID, "msr/0xc0010114", "0x10\n", true },
		{ AMD("lm svm", 48), EPYC_CPUID, "msr/0xc0010114", "0x8\n", false },
		{ AMD("lm svm", 48), EPYC_CPUID, "msr/0xc0010114", "0x18\n", true },
		{ AMD("lm svm", 48), EPYC_CPUID, "msr/0xc0010114", "!ask EACCES msr/0xc0010114", -1 },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(locks); i++) {
		struct tree *tree = tree_new(true);
		const struct vc_host *host;

		tree_ask(tree, "uname", UNAME("x86_64"));
		tree_file(tree, "/proc/cpuinfo", locks[i].cpuinfo);
		tree_ask(tree, "cpuid", locks[i].cpuid);
		if (locks[i].value[0] == '!')
			tree_line(tree, locks[i].value + 1);
		else
			tree_ask(tree, locks[i].msr, locks[i].value);
		host = tree_probe(tree, WIDTH);
		if (locks[i].disabled < 0)
			assert_int_not_equal(host->kvm_firmware_disabled.fact.state, VC_KNOWN);
		else {
			assert_known_flag(host->kvm_firmware_disabled, locks[i].disabled);
		}
		tree_free(tree);
	}
}

/* Of the registers only the vendor's own are asked for: the others are absent without an answer in the
 * capture. */
static void
registers_of_the_vendor(void **state)
{
	struct tree *tree = tree_new(true);
	const struct vc_host *host;

	(void)state;
	tree_ask(tree, "uname", UNAME("x86_64"));
	tree_file(tree, "/proc/cpuinfo", INTEL("lm", 39));
	tree_ask(tree, "msr/0x33", "0x20000000\n");
	tree_line(tree, "ask absent msr/0xcf");
	tree_line(tree, "ask ENXIO msr/0x3a");
	host = tree_probe(tree, VC_AREA_MSR);
	assert_known_number(host->msr_test_ctrl, 0x20000000);
	assert_absent(host->msr_core_capabilities);
	assert_unreadable(host->msr_feature_control, ENXIO);
	assert_unreadable(host->msr_tme_activate, VC_ENOTCOLLECTED);
	assert_absent(host->msr_syscfg);
	assert_string_equal(host->msr_syscfg.fact.from, "not an AMD CPU");
	assert_non_null(strstr(vc_area_hint(VC_AREA_MSR, &host->msr_feature_control.fact), "modprobe msr"));
	tree_free(tree);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_cpu),
		cmocka_unit_test(stepping), cmocka_unit_test(hybrid),
		cmocka_unit_test(many_cpus),
		cmocka_unit_test(garbled),
		cmocka_unit_test(hostile_bytes),
		cmocka_unit_test(arm),
		cmocka_unit_test(foreign),
		cmocka_unit_test(usable_width),
		cmocka_unit_test(cpuid),
		cmocka_unit_test(firmware_lock),
		cmocka_unit_test(registers_of_the_vendor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
