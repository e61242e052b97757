/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fake-hostfs.h"
#include "host/host.h"
#include "host/iommu-width.h"
#include "host/probe-iommu.h"
#include "host/probe-pci.h"

#define KERNEL(...)                                                                                          \
	{                                                                                                    \
		.part = { __VA_ARGS__ }                                                                      \
	}

/* A client, 39 bits and no scalable mode. */
#define CLIENT_CAP UINT64_C(0xd2008c20660462)
#define CLIENT_ECAP UINT64_C(0xf010da)
/* Width 48 or 57 in both stages: MGAW, SAGAW and ecap are what matters. */
#define CAP(mgaw, sagaw) ((uint64_t)((mgaw)-1) << 16 | (uint64_t)(sagaw) << 8)
#define FL5LP (UINT64_C(1) << 60)
#define SMTS (UINT64_C(1) << 43)
#define SLTS (UINT64_C(1) << 46)
#define FLTS (UINT64_C(1) << 47)

/* Bits of the aperture, or the negative errno. */
static int
intel(uint64_t cap, uint64_t ecap, struct vc_version kernel, enum vc_tri scalable)
{
	uint64_t last;
	int r = vc_intel_aperture(cap, ecap, kernel, scalable, &last);

	if (r < 0)
		return r;
	assert_int_equal(last & (last + 1), 0);
	return (int)vc_bits_for(last);
}

static void
test_intel_width(void **state)
{
	static const struct {
		uint64_t cap, ecap;
		struct vc_version kernel;
		enum vc_tri scalable;
		int bits;
	} row[] = {
		{ CLIENT_CAP, CLIENT_ECAP, KERNEL(6, 12), VC_UNKNOWN, 39 },
		{ CLIENT_CAP, CLIENT_ECAP, KERNEL(5, 4), VC_UNKNOWN, 39 },
		{ CLIENT_CAP, CLIENT_ECAP, KERNEL(6, 18), VC_UNKNOWN, 39 },
		{ CLIENT_CAP, CLIENT_ECAP, KERNEL(7, 2), VC_UNKNOWN, 39 },
		/* All formulas agree, so kernels nobody read are no obstacle. */
		{ CLIENT_CAP, CLIENT_ECAP, KERNEL(9, 0), VC_UNKNOWN, 39 },
		{ CAP(48, 0x4), CLIENT_ECAP, KERNEL(6, 12), VC_UNKNOWN, 48 },
		{ CAP(46, 0x4), CLIENT_ECAP, KERNEL(6, 12), VC_UNKNOWN, 46 },
		{ CAP(57, 0xc), CLIENT_ECAP, KERNEL(6, 12), VC_UNKNOWN, 57 },
		{ CAP(57, 0x4), CLIENT_ECAP, KERNEL(6, 12), VC_UNKNOWN, 48 },
		/* Both stages, scalable mode on: the first stage loses a bit, from 6.13 on. */
		{ CAP(48, 0x4), SMTS | SLTS | FLTS, KERNEL(6, 12, 107), VC_YES, 48 },
		{ CAP(48, 0x4), SMTS | SLTS | FLTS, KERNEL(6, 13), VC_YES, 47 },
		{ CAP(48, 0x4), SMTS | SLTS | FLTS, KERNEL(6, 18, 2), VC_YES, 47 },
		{ CAP(48, 0x4), SMTS | SLTS | FLTS, KERNEL(6, 19), VC_YES, 47 },
		{ CAP(48, 0x4), SMTS | SLTS | FLTS, KERNEL(6, 18), VC_NO, 48 },
		{ CAP(57, 0xc) | FL5LP, SMTS | SLTS | FLTS, KERNEL(6, 18), VC_YES, 56 },
		{ CAP(57, 0xc), SMTS | SLTS | FLTS, KERNEL(6, 19), VC_YES, 47 },
		{ CAP(39, 0x6), SMTS | SLTS | FLTS, KERNEL(6, 18), VC_YES, 38 },
		/* Without any one of the three bits it is the second stage. */
		{ CAP(48, 0x4), SLTS | FLTS, KERNEL(6, 18), VC_YES, 48 },
		{ CAP(48, 0x4), SMTS | SLTS, KERNEL(6, 18), VC_YES, 48 },
		/* Only a first stage: no choice, in every kernel. */
		{ CAP(48, 0x4), SMTS | FLTS, KERNEL(6, 12), VC_YES, 47 },
		/* It depends on what is not known. */
		{ CAP(48, 0x4), SMTS | SLTS | FLTS, KERNEL(6, 18), VC_UNKNOWN, -ENODATA },
		{ CAP(48, 0x4), SMTS | SLTS | FLTS, KERNEL(6, 12), VC_UNKNOWN, 48 },
		{ CAP(48, 0x4), SMTS | SLTS | FLTS, KERNEL(6, 0), VC_YES, -EOPNOTSUPP },
		{ CAP(48, 0x4), SMTS | SLTS | FLTS, KERNEL(6, 0), VC_NO, 48 },
		{ CAP(48, 0x4), SMTS | SLTS | FLTS, KERNEL(7, 3), VC_YES, -EOPNOTSUPP },
		{ CAP(48, 0x4), SMTS | SLTS | FLTS, KERNEL(7, 2, 99), VC_YES, 47 },
		/* No table the kernel could use. */
		{ CAP(39, 0x0), 0, KERNEL(6, 12), VC_NO, -EBADMSG },
		{ CAP(30, 0x2), 0, KERNEL(6, 12), VC_NO, -EBADMSG },
		{ CAP(31, 0x2), 0, KERNEL(6, 12), VC_NO, 31 },
		{ 0, 0, KERNEL(6, 19), VC_NO, -EBADMSG },
		{ UINT64_MAX, UINT64_MAX, KERNEL(6, 12), VC_YES, 57 },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(row); i++) {
		int bits = intel(row[i].cap, row[i].ecap, row[i].kernel, row[i].scalable);

		if (bits != row[i].bits)
			print_error("row %zu: %d, not %d\n", i, bits, row[i].bits);
		assert_int_equal(bits, row[i].bits);
	}
}

static int
amd(struct vc_amd_unit unit)
{
	uint64_t last;
	int r = vc_amd_aperture(&unit, &last);

	return r < 0 ? r : (int)vc_bits_for(last);
}

#define HATS(n) ((uint64_t)(n) << 10)
#define GATS(n) ((uint64_t)(n) << 12)
#define GUEST (UINT64_C(1) << 4 | UINT64_C(1) << 48)

static void
test_amd_width(void **state)
{
	static const struct {
		struct vc_amd_unit unit;
		int bits;
	} row[] = {
		{ { .efr = HATS(0), .kernel = KERNEL(6, 12) }, 64 },
		{ { .efr = HATS(0), .kernel = KERNEL(6, 14, 99) }, 64 },
		{ { .efr = HATS(0), .kernel = KERNEL(6, 15) }, -EOPNOTSUPP },
		{ { .efr = HATS(2), .kernel = KERNEL(6, 15) }, 64 },
		{ { .efr = HATS(0), .kernel = KERNEL(6, 18) }, 48 },
		{ { .efr = HATS(1), .kernel = KERNEL(6, 18) }, 57 },
		{ { .efr = HATS(2), .kernel = KERNEL(6, 18) }, 64 },
		{ { .efr = HATS(3), .kernel = KERNEL(6, 18) }, -EBADMSG },
		{ { .efr = HATS(2), .kernel = KERNEL(6, 19) }, -ENODATA },
		{ { .efr = HATS(2), .kernel = KERNEL(6, 19), .vasize = 64, .vasize_known = true }, 64 },
		{ { .efr = HATS(2), .kernel = KERNEL(6, 19), .vasize = 48, .vasize_known = true }, 48 },
		{ { .efr = HATS(2), .kernel = KERNEL(6, 19), .vasize = 0, .vasize_known = true }, 64 },
		{ { .efr = HATS(0), .kernel = KERNEL(6, 19), .vasize = 127, .vasize_known = true }, 48 },
		/* amd_iommu=pgtbl_v2 */
		{ { .efr = GUEST, .kernel = KERNEL(6, 0), .guest_tables = true }, 64 },
		{ { .efr = GUEST, .kernel = KERNEL(6, 1, 176), .guest_tables = true }, 48 },
		{ { .efr = GUEST, .kernel = KERNEL(6, 6), .guest_tables = true }, -EOPNOTSUPP },
		{ { .efr = GUEST, .kernel = KERNEL(6, 12, 107), .guest_tables = true }, 47 },
		{ { .efr = GUEST | GATS(1),
		    .kernel = KERNEL(6, 12, 107),
		    .guest_tables = true,
		    .la57 = VC_YES },
		  56 },
		{ { .efr = GUEST | GATS(1),
		    .kernel = KERNEL(6, 12, 107),
		    .guest_tables = true,
		    .la57 = VC_NO },
		  47 },
		{ { .efr = GUEST | GATS(1), .kernel = KERNEL(6, 12, 107), .guest_tables = true }, -ENODATA },
		/* Units that cannot do it fall back. */
		{ { .efr = UINT64_C(1) << 4, .kernel = KERNEL(6, 12, 107), .guest_tables = true }, 64 },
		{ { .efr = UINT64_C(1) << 48, .kernel = KERNEL(6, 12, 107), .guest_tables = true }, 64 },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(row); i++) {
		int bits = amd(row[i].unit);

		if (bits != row[i].bits)
			print_error("row %zu: %d, not %d\n", i, bits, row[i].bits);
		assert_int_equal(bits, row[i].bits);
	}
}

static int
parse_regions(struct vc_arena *arena, const char *text, struct vc_fact_list *list)
{
	return vc_reserved_parse(arena, text, strlen(text), "test", list);
}

static void
test_reserved(void **state)
{
	static const char *const bad[] = {
		"0x0 0xfff\n",
		"0x0 0xfff msi more\n",
		"0xfff 0x0 msi\n",
		"0x0 0x10000000000000000 msi\n",
		"0x0 0xfff Msi\n",
		"0x0 0xfff a-word-that-is-far-too-long-to-be-a-type\n",
		"\n",
		"garbage\n",
	};
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	struct vc_fact_list list = { .count = 0 };
	const struct vc_reserved *region;

	(void)state;
	assert_int_equal(parse_regions(arena, "", &list), 0);
	assert_int_equal(list.count, 0);
	assert_int_equal(list.fact.state, VC_KNOWN);
	assert_int_equal(parse_regions(arena,
				       "0x0000000000000000 0x0000000000ffffff direct-relaxable\n"
				       "0x00000000fee00000 0x00000000feefffff msi\n"
				       "0xffffffffffffffff 0xffffffffffffffff reserved",
				       &list),
			 0);
	assert_int_equal(list.count, 3);
	region = list.item;
	assert_string_equal(region[0].type.value, "direct-relaxable");
	assert_int_equal(region[1].region.value.last, 0xfeefffff);
	assert_true(region[2].region.value.first == UINT64_MAX);
	for (size_t i = 0; i < VC_COUNT(bad); i++)
		assert_int_equal(parse_regions(arena, bad[i], &list), -EBADMSG);
	assert_int_equal(list.count, 3);
}

/* A line of a megabyte, and a file of more regions than there are. */
static void
test_reserved_large(void **state)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	struct vc_fact_list list = { .count = 0 };
	_cleanup_buf_ struct vc_buf text = { 0 };

	(void)state;
	for (size_t i = 0; i < 1024 * 1024; i++)
		vc_buf_add_n(&text, "0", 1);
	assert_int_equal(parse_regions(arena, vc_buf_text(&text), &list), -EBADMSG);
	text.length = 0;
	for (size_t i = 0; i < 4096; i++)
		vc_buf_add(&text, "0x0 0x1 msi\n");
	assert_int_equal(parse_regions(arena, vc_buf_text(&text), &list), 0);
	vc_buf_add(&text, "0x0 0x1 msi\n");
	assert_int_equal(parse_regions(arena, vc_buf_text(&text), &list), -EBADMSG);
}

static void
test_last_usable(void **state)
{
	static const struct {
		const char *regions;
		uint64_t last;
		int r;
		uint64_t usable;
	} row[] = {
		{ "", 0x7fffffffff, 0, 0x7fffffffff },
		{ "0xfee00000 0xfeefffff msi\n", 0x7fffffffff, 0, 0x7fffffffff },
		/* The HyperTransport hole is not at the top of 64 bits, but at that of 40. */
		{ "0xfd00000000 0xffffffffff reserved\n", UINT64_MAX, 0, UINT64_MAX },
		{ "0xfd00000000 0xffffffffff reserved\n", 0xffffffffff, 0, 0xfcffffffff },
		{ "0x7fffffffff 0x7fffffffff reserved\n", 0x7fffffffff, 0, 0x7ffffffffe },
		{ "0x8000000000 0x8000000000 reserved\n", 0x7fffffffff, 0, 0x7fffffffff },
		{ "0x4000000000 0xffffffffff direct-relaxable\n", 0x7fffffffff, 0, 0x7fffffffff },
		/* One below the other, in any order. */
		{ "0x1000 0x1fff direct\n0x3000 0x3fff msi\n0x2000 0x2fff msi\n", 0x3fff, 0, 0xfff },
		{ "0x0 0xffffffffffffffff direct\n", 0x7fffffffff, -ENOENT, 0 },
	};
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();

	(void)state;
	for (size_t i = 0; i < VC_COUNT(row); i++) {
		struct vc_fact_list list = { .count = 0 };
		uint64_t usable = 0;

		assert_int_equal(parse_regions(arena, row[i].regions, &list), 0);
		assert_int_equal(vc_reserved_last_usable(&list, row[i].last, &usable), row[i].r);
		assert_true(usable == row[i].usable);
	}
}

static void
test_interrupts(void **state)
{
#define HEAD "           CPU0       CPU1\n"
	static const struct {
		const char *text;
		int r;
		enum vc_isolation isolation;
	} row[] = {
		{ HEAD "  1:   9   0  IR-IO-APIC   1-edge      i8042\n", 0, VC_ISOLATION_REMAPPED },
		{ HEAD "  1:   9   0  IO-APIC   1-edge      i8042\n", 0, VC_ISOLATION_NONE },
		{ HEAD "  1:   9   0  IO-APIC   1-edge      IR-receiver\n", 0, VC_ISOLATION_NONE },
		{ HEAD " 24:   0   0  DMAR-MSI   0-edge      dmar0\n 25:  0  0  IR-PCI-MSIX-0000:00:1c.0  "
		       "0-edge  x\n",
		  0, VC_ISOLATION_REMAPPED },
		{ HEAD " 24:   0   0  PCI-MSI 524288-edge      x\nNMI:   0   0   IR-interrupts\n", 0,
		  VC_ISOLATION_NONE },
		{ HEAD " 11:   9   0     GICv3  27 Level     arch_timer\n", -EOPNOTSUPP, 0 },
		{ HEAD " 11:   9   0     GICv3  27 Level     arch_timer\n"
		       " 40:   1   0   ITS-MSI 524288 Edge      nvme0q0\n",
		  0, VC_ISOLATION_ITS },
		{ HEAD " 40:   1   0   ITS-PCI-MSIX-0000:01:00.0   0 Edge      nvme0q0\n", 0,
		  VC_ISOLATION_ITS },
		{ HEAD " 40:   1   0   GICv2m-PCI-MSI-0000:01:00.0   0 Edge      nvme0q0\n", 0,
		  VC_ISOLATION_NONE },
		{ HEAD " 40:   1   0   MBI-PCI-MSI-0000:01:00.0   0 Edge      nvme0q0\n", 0,
		  VC_ISOLATION_NONE },
		{ HEAD " 40:   1   0   MSI  64 Edge      nvme0q0\n", 0, VC_ISOLATION_NONE },
		/* Interrupts of platform devices say nothing of PCI's. */
		{ HEAD " 40:   1   0   ITS-pMSI 65536 Edge      arm-smmu-v3-evtq\n", -EOPNOTSUPP, 0 },
		/* Two kinds of controllers: which one a device has is not to be seen. */
		{ HEAD
		  " 40:   1   0   ITS-MSI 524288 Edge      nvme0q0\n 41:  0  0  PCI-MSI   0 Edge  aerdrv\n",
		  -EOPNOTSUPP, 0 },
		{ HEAD, -EOPNOTSUPP, 0 },
		{ "", -EOPNOTSUPP, 0 },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(row); i++) {
		enum vc_isolation isolation = 0;

		assert_int_equal(vc_interrupts_isolated(row[i].text, strlen(row[i].text), &isolation),
				 row[i].r);
		assert_int_equal(isolation, row[i].isolation);
	}
}

#define DEVICE "/sys/bus/pci/devices/0000:01:00.0"
#define TWIN "/sys/bus/pci/devices/0000:01:00.1"
#define IDS(dir)                                                                                             \
	{ .path = dir "/vendor", .data = "0x8086\n" }, { .path = dir "/device", .data = "0x1234\n" },        \
	{                                                                                                    \
		.path = dir "/class", .data = "0x020000\n"                                                   \
	}

static const struct fake_entry machine[] = {
	IDS(DEVICE),
	{ .path = DEVICE "/iommu_group", .data = "../../../../kernel/iommu_groups/12", .link = true },
	{ .path = DEVICE "/iommu", .data = "../../../virtual/iommu/dmar1", .link = true },
	IDS(TWIN),
	{ .path = TWIN "/iommu_group", .data = "../../../../kernel/iommu_groups/12", .link = true },
	{ .path = "/sys/class/iommu/dmar0/intel-iommu/cap", .data = "d2008c20660462\n" },
	{ .path = "/sys/class/iommu/dmar0/intel-iommu/ecap", .data = "f0101a\n" },
	{ .path = "/sys/class/iommu/dmar1/intel-iommu/cap", .data = "8d2078c106f0466\n" },
	{ .path = "/sys/class/iommu/dmar1/intel-iommu/ecap", .data = "f020df\n" },
	{ .path = "/sys/kernel/iommu_groups/3/type", .data = "DMA\n" },
	{ .path = "/sys/kernel/iommu_groups/12/type", .data = "identity\n" },
	{ .path = "/sys/kernel/iommu_groups/12/devices/0000:01:00.0", .directory = true },
	{ .path = "/sys/kernel/iommu_groups/12/devices/0000:01:00.1", .directory = true },
	{ .path = "/sys/kernel/iommu_groups/12/reserved_regions",
	  .data = "0x00000000fee00000 0x00000000feefffff msi\n0x0000fd0000000000 0x0000ffffffffffff "
		  "reserved\n" },
	{ .path = "/sys/firmware/acpi/tables/APIC", .err = EACCES },
	{ .path = "/sys/firmware/acpi/tables/DMAR", .err = EACCES },
	{ .path = "/proc/interrupts", .data = HEAD "  1:   9   0  IR-IO-APIC   1-edge      i8042\n" },
};

static const char *const wanted[] = { "0000:01:00.0" };
static const struct vc_host_request request = { .areas = VC_AREA_PCI | VC_AREA_IOMMU,
						.device = wanted,
						.devices = 1 };

static void
probe(struct vc_hostfs *fs, struct vc_host *host)
{
	if (!vc_known(&host->kernel_version.fact))
		vc_set_version(&host->kernel_version, (struct vc_version)KERNEL(6, 12), "test");
	if (host->kernel_parameter.fact.state == VC_UNREAD)
		host->kernel_parameter.fact = (struct vc_fact){ .state = VC_KNOWN, .from = "test" };
	vc_probe_pci(fs, &request, host);
	vc_probe_iommu(fs, &request, host);
}

static void
test_probe(void **state)
{
	_cleanup_fake_ struct vc_hostfs *fs = fake_hostfs_new(machine, VC_COUNT(machine), 0);
	struct vc_host host = { 0 };
	const struct vc_iommu_group *group;
	const struct vc_iommu_unit *unit;
	const struct vc_pci *pci;

	(void)state;
	probe(fs, &host);
	assert_true(host.iommu_present.value);
	assert_int_equal(host.iommu_unit.count, 2);
	assert_int_equal(host.iommu_aw_bits.value, 39);
	assert_int_equal(host.iommu_groups.value, 2);
	assert_true(host.iommu_firmware_table.value);
	assert_string_equal(host.iommu_firmware_table_name.value, "DMAR");
	assert_true(host.iommu_interrupt_remapping.value);

	unit = host.iommu_unit.item;
	assert_false(unit[0].pass_through.value);
	assert_false(unit[0].snoop_control.value);
	assert_true(unit[0].extended_interrupts.value);
	assert_int_equal(unit[0].efr.fact.state, VC_ABSENT);

	/*
	 * Only the group asked for, and the width of the device's own unit less what is reserved at its top.
	 */
	assert_int_equal(host.iommu_group.count, 1);
	pci = vc_host_find_pci(&host, "0000:01:00.0");
	group = pci->group.item;
	assert_int_equal(group->id.value, 12);
	assert_int_equal(group->members.count, 2);
	assert_int_equal(group->reserved.count, 2);
	assert_string_equal(group->type.value, "identity");
	assert_ptr_equal(pci->iommu_unit.item, &unit[1]);
	assert_int_equal(unit[1].aw_bits.value, 48);
	assert_int_equal(pci->aw_bits.value, 48);
	pci = vc_host_find_pci(&host, "0000:01:00.1");
	assert_ptr_equal(pci->group.item, group);
	assert_int_equal(pci->aw_bits.fact.state, VC_UNREAD);
	assert_int_equal(fake_hostfs_asked(fs, "/sys/kernel/iommu_groups/3/type"), 0);
}

/* One member of a class that has relaxable regions is enough; of one that nobody knows it may be so. */
static void
test_relaxable_class(void **state)
{
	static const struct {
		const char *first, *second; /* classes of the two members; NULL: the file is missing */
		enum vc_state state;
		bool relaxable;
	} row[] = {
		{ "0x020000\n", "0x040300\n", VC_KNOWN, false },
		{ "0x020000\n", "0x0c0330\n", VC_KNOWN, true },
		{ "0x030200\n", NULL, VC_KNOWN, true },
		{ "0x060100\n", "0x020000\n", VC_KNOWN, true },
		{ "0x060000\n", "0x0c0500\n", VC_KNOWN, false },
		{ "0x020000\n", NULL, VC_UNREADABLE, false },
		{ NULL, "0x020000\n", VC_UNREADABLE, false },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(row); i++) {
		struct fake_entry entry[VC_COUNT(machine)];
		struct vc_host host = { 0 };
		const struct vc_iommu_group *group;

		memcpy(entry, machine, sizeof(entry));
		for (size_t j = 0; j < VC_COUNT(entry); j++) {
			const char *class =
				strstr(entry[j].path, "01:00.0/class") ? row[i].first : row[i].second;

			if (!strstr(entry[j].path, "0/class") && !strstr(entry[j].path, "1/class"))
				continue;
			entry[j].data = class;
			entry[j].err = class ? 0 : EACCES;
		}
		_cleanup_fake_ struct vc_hostfs *fs = fake_hostfs_new(entry, VC_COUNT(entry), 0);
		probe(fs, &host);
		group = host.iommu_group.item;
		assert_int_equal(group->has_relaxable_class.fact.state, row[i].state);
		if (row[i].state == VC_KNOWN)
			assert_int_equal(group->has_relaxable_class.value, row[i].relaxable);
	}
}

/* What one unit or one file does not tell makes unknown what depends on it, and nothing else. */
static void
test_partly_readable(void **state)
{
	struct fake_entry entry[VC_COUNT(machine)];
	struct vc_host host = { 0 };
	const struct vc_pci *pci;

	(void)state;
	memcpy(entry, machine, sizeof(entry));
	for (size_t i = 0; i < VC_COUNT(entry); i++) {
		if (strstr(entry[i].path, "dmar0/intel-iommu/cap"))
			entry[i].data = "d2008c2066046g\n";
		if (strstr(entry[i].path, "reserved_regions"))
			entry[i].data = "nonsense\n";
	}
	_cleanup_fake_ struct vc_hostfs *fs = fake_hostfs_new(entry, VC_COUNT(entry), 0);
	probe(fs, &host);
	assert_int_equal(host.iommu_aw_bits.fact.err, VC_EGARBLED);
	assert_true(host.iommu_present.value);
	pci = vc_host_find_pci(&host, "0000:01:00.0");
	assert_int_equal(((const struct vc_iommu_unit *)pci->iommu_unit.item)->aw_bits.value, 48);
	assert_int_equal(pci->aw_bits.fact.err, VC_EGARBLED);
}

static void
test_none(void **state)
{
	static const struct fake_entry none[] = {
		IDS(DEVICE),
		{ .path = "/sys/class/iommu", .directory = true },
		{ .path = "/sys/kernel/iommu_groups", .directory = true },
		{ .path = "/sys/firmware/acpi/tables/APIC", .err = EACCES },
	};
	_cleanup_fake_ struct vc_hostfs *fs = fake_hostfs_new(none, VC_COUNT(none), 0);
	struct vc_host host = { 0 };

	(void)state;
	probe(fs, &host);
	assert_int_equal(host.iommu_present.fact.state, VC_KNOWN);
	assert_false(host.iommu_present.value);
	assert_int_equal(host.iommu_unit.count, 0);
	assert_int_equal(host.iommu_aw_bits.fact.state, VC_ABSENT);
	assert_false(host.iommu_firmware_table.value);
	assert_int_equal(vc_host_find_pci(&host, "0000:01:00.0")->group.fact.state, VC_ABSENT);
	assert_int_equal(vc_host_find_pci(&host, "0000:01:00.0")->aw_bits.fact.state, VC_ABSENT);
}

/* Without ACPI there is no table on x86. An empty /sys/firmware is that of a container, and proves nothing.
 */
static void
test_no_tables(void **state)
{
	static const struct fake_entry without_acpi[] = {
		{ .path = "/sys/firmware/memmap", .directory = true },
	};
	static const struct fake_entry masked[] = {
		{ .path = "/sys/firmware", .directory = true },
	};
	static const struct fake_entry arm[] = {
		{ .path = "/sys/firmware/acpi/tables/IORT", .err = EACCES },
	};
	static const struct fake_entry virtio[] = {
		{ .path = "/sys/firmware/acpi/tables/VIOT", .err = EACCES },
	};
	static const struct {
		const struct fake_entry *entry;
		const char *arch, *name;
		enum vc_state state;
		bool exists;
	} row[] = {
		{ .entry = without_acpi, .arch = "x86_64", .state = VC_KNOWN },
		{ .entry = without_acpi, .arch = "aarch64", .state = VC_UNREADABLE },
		{ .entry = masked, .arch = "x86_64", .state = VC_UNREADABLE },
		/* IORT is about interrupts as well. */
		{ .entry = arm, .arch = "aarch64", .name = "IORT", .state = VC_UNREADABLE },
		{ .entry = virtio, .arch = "x86_64", .name = "VIOT", .state = VC_KNOWN, .exists = true },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(row); i++) {
		_cleanup_fake_ struct vc_hostfs *fs = fake_hostfs_new(row[i].entry, 1, 0);
		struct vc_host host = { 0 };

		vc_set_text(&host.cpu_arch, row[i].arch, "test");
		probe(fs, &host);
		assert_int_equal(host.iommu_firmware_table.fact.state, row[i].state);
		assert_int_equal(host.iommu_firmware_table.value, row[i].exists);
		if (row[i].name)
			assert_string_equal(host.iommu_firmware_table_name.value, row[i].name);
	}
}

/* A copied tree that lacks the directories: only the tables can tell, and only on x86. */
static void
test_not_collected(void **state)
{
	static const struct fake_entry tree[] = {
		IDS(DEVICE),
		{ .path = "/sys/firmware/acpi/tables/APIC", .data = "x" },
	};
	struct vc_host host = { 0 };

	(void)state;
	for (int x86 = 0; x86 < 2; x86++) {
		_cleanup_fake_ struct vc_hostfs *fs = fake_hostfs_new(tree, VC_COUNT(tree), VC_ENOTCOLLECTED);

		host = (struct vc_host){ 0 };
		vc_set_text(&host.cpu_arch, x86 ? "x86_64" : "aarch64", "test");
		probe(fs, &host);
		assert_int_equal(host.iommu_present.fact.state, x86 ? VC_KNOWN : VC_UNREADABLE);
		assert_false(host.iommu_present.value);
		assert_int_equal(host.iommu_unit.fact.err, VC_ENOTCOLLECTED);
	}
}

/* An ITS isolates the devices, unless the board may have put a window in front of it. */
static void
test_its(void **state)
{
	static const struct {
		const char *compatible; /* NULL: the firmware has no device tree */
		size_t size;
		int err; /* 0: the fact is known */
	} row[] = {
		{ NULL, 0, 0 },
		{ "arm,foundation-aarch64\0arm,vexpress", 36, 0 },
		{ "socionext,developer-box\0socionext,synquacer", 44, EOPNOTSUPP },
		{ "vendor,board\0ti,j721e", 22, EOPNOTSUPP },
		{ "vendor,ti,board", 16, 0 },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(row); i++) {
		const struct fake_entry tree[] = {
			{ .path = "/proc/interrupts",
			  .data = HEAD " 40:   1   0   ITS-MSI 524288 Edge      x\n" },
			{ .path = row[i].compatible ? "/sys/firmware/devicetree/base/compatible"
						    : "/sys/none",
			  .data = row[i].compatible ? row[i].compatible : "",
			  .size = row[i].size },
		};
		_cleanup_fake_ struct vc_hostfs *fs = fake_hostfs_new(tree, VC_COUNT(tree), 0);
		struct vc_host host = { 0 };

		probe(fs, &host);
		assert_int_equal(host.iommu_interrupt_remapping.fact.state,
				 row[i].err ? VC_UNREADABLE : VC_KNOWN);
		assert_int_equal(host.iommu_interrupt_remapping.fact.err, row[i].err);
		if (row[i].err == 0)
			assert_true(host.iommu_interrupt_remapping.value);
	}
}

/* VFIO's own groups for devices without an IOMMU are none of an IOMMU. */
static void
test_noiommu_groups(void **state)
{
	static const struct fake_entry fake[] = {
		{ .path = "/sys/class/iommu", .directory = true },
		{ .path = "/sys/kernel/iommu_groups/0/name", .data = "vfio-noiommu\n" },
	};
	static const struct fake_entry real[] = {
		{ .path = "/sys/class/iommu", .directory = true },
		{ .path = "/sys/kernel/iommu_groups/0/name", .data = "vfio-noiommu\n" },
		{ .path = "/sys/kernel/iommu_groups/1/type", .data = "DMA\n" },
	};
	_cleanup_fake_ struct vc_hostfs *without = fake_hostfs_new(fake, VC_COUNT(fake), 0);
	_cleanup_fake_ struct vc_hostfs *with = fake_hostfs_new(real, VC_COUNT(real), 0);
	struct vc_host host = { 0 };

	(void)state;
	probe(without, &host);
	assert_int_equal(host.iommu_present.fact.state, VC_KNOWN);
	assert_false(host.iommu_present.value);
	host = (struct vc_host){ 0 };
	probe(with, &host);
	assert_true(host.iommu_present.value);
}

static void
test_amd_features(void **state)
{
	static const struct {
		const char *features;
		struct vc_version kernel;
		uint64_t efr;
		int err;
	} row[] = {
		{ "29d7\n", KERNEL(5, 10), 0x29d7, 0 },
		{ "0:29d7\n", KERNEL(6, 1), 0x29d7, 0 },
		{ "29d7:0\n", KERNEL(6, 12), 0x29d7, 0 },
		{ "10:29d7\n", KERNEL(6, 4, 99), 0x29d7, 0 },
		{ "29d7:10\n", KERNEL(6, 12), 0x29d7, 0 },
		{ "29d7:10\n", KERNEL(6, 5), 0, EOPNOTSUPP },
		{ "29d7:10\n", KERNEL(6, 11, 99), 0, EOPNOTSUPP },
		{ "29d7:\n", KERNEL(6, 12), 0, VC_EGARBLED },
		{ ":\n", KERNEL(6, 12), 0, VC_EGARBLED },
		{ "29d7:0:0\n", KERNEL(6, 12), 0, VC_EGARBLED },
		{ "\n", KERNEL(6, 12), 0, VC_EGARBLED },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(row); i++) {
		const struct fake_entry entry[] = {
			{ .path = "/sys/class/iommu/ivhd0/amd-iommu/features", .data = row[i].features },
		};
		_cleanup_fake_ struct vc_hostfs *fs = fake_hostfs_new(entry, VC_COUNT(entry), 0);
		struct vc_host host = { 0 };
		const struct vc_iommu_unit *unit;

		vc_set_version(&host.kernel_version, row[i].kernel, "test");
		probe(fs, &host);
		unit = host.iommu_unit.item;
		assert_string_equal(unit->kind.value, "amd");
		assert_int_equal(unit->efr.fact.err, row[i].err);
		if (row[i].err == 0) {
			assert_true(unit->efr.value == row[i].efr);
			assert_int_equal(unit->aw_bits.value, 64);
		} else {
			assert_int_equal(unit->aw_bits.fact.err, row[i].err);
			assert_int_equal(host.iommu_aw_bits.fact.err, row[i].err);
		}
	}
}

/*
 * Both stages on a kernel that prefers the first: parameter, else the kernel's configuration, else unknown.
 */
static void
test_scalable_mode(void **state)
{
	static const struct {
		const char *parameter, *config;
		int bits, err;
	} row[] = {
		{ "sm_on", NULL, 47, 0 },
		{ "on,sm_off", NULL, 48, 0 },
		{ "sm_on,on,sm_off,,", NULL, 48, 0 },
		{ "on", "CONFIG_INTEL_IOMMU=y\nCONFIG_INTEL_IOMMU_SCALABLE_MODE_DEFAULT_ON=y\n", 47, 0 },
		{ "on", "CONFIG_INTEL_IOMMU=y\n# CONFIG_INTEL_IOMMU_SCALABLE_MODE_DEFAULT_ON is not set\n",
		  48, 0 },
		{ "on", NULL, 0, EACCES },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(row); i++) {
		const struct fake_entry entry[] = {
			{ .path = "/sys/class/iommu/dmar0/intel-iommu/cap", .data = "2f0400\n" },
			{ .path = "/sys/class/iommu/dmar0/intel-iommu/ecap", .data = "c80000000000\n" },
			{ .path = "/boot/config-6.18.0",
			  .data = row[i].config,
			  .err = row[i].config ? 0 : EACCES },
		};
		_cleanup_fake_ struct vc_hostfs *fs = fake_hostfs_new(entry, VC_COUNT(entry), 0);
		struct vc_host host = { 0 };
		struct vc_parameter *parameter = vc_list_append(vc_hostfs_arena(fs), &host.kernel_parameter,
								sizeof(*parameter), "test");

		vc_set_text(&parameter->name, "intel_iommu", "test");
		vc_set_text(&parameter->value, row[i].parameter, "test");
		vc_set_version(&host.kernel_version, (struct vc_version)KERNEL(6, 18), "test");
		vc_set_text(&host.kernel_release, "6.18.0", "test");
		probe(fs, &host);
		assert_int_equal(host.iommu_aw_bits.fact.err, row[i].err);
		if (row[i].err == 0)
			assert_int_equal(host.iommu_aw_bits.value, row[i].bits);
		/* Large, and read only where it decides. */
		assert_int_equal(fake_hostfs_asked(fs, "/boot/config-6.18.0"),
				 strstr(row[i].parameter, "sm_") ? 0 : 1);
	}
}

/* From 6.19 on the IVRS table takes part. */
static void
test_vasize(void **state)
{
	static const struct {
		const char *table;
		size_t size;
		int err, bits;
	} row[] = {
		/* IVinfo 0x00203043: 64 bits; 0x00183043: 48 bits */
		{ "IVRS................................\x43\x30\x20\x00", 40, 0, 64 },
		{ "IVRS................................\x43\x30\x18\x00", 40, 0, 48 },
		{ "IVRS................................\x43\x30\x18", 39, VC_EGARBLED, 0 },
		{ "XXXX................................\x43\x30\x18\x00", 40, VC_EGARBLED, 0 },
		{ NULL, 0, EACCES, 0 },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(row); i++) {
		const struct fake_entry entry[] = {
			{ .path = "/sys/class/iommu/ivhd0/amd-iommu/features", .data = "829d7:0\n" },
			{ .path = "/sys/firmware/acpi/tables/IVRS",
			  .data = row[i].table,
			  .size = row[i].size,
			  .err = row[i].table ? 0 : EACCES },
		};
		_cleanup_fake_ struct vc_hostfs *fs = fake_hostfs_new(entry, VC_COUNT(entry), 0);
		struct vc_host host = { 0 };

		vc_set_version(&host.kernel_version, (struct vc_version)KERNEL(6, 19), "test");
		probe(fs, &host);
		assert_int_equal(host.iommu_aw_bits.fact.err, row[i].err);
		if (row[i].err == 0)
			assert_int_equal(host.iommu_aw_bits.value, row[i].bits);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_intel_width),
		cmocka_unit_test(test_amd_width),
		cmocka_unit_test(test_reserved),
		cmocka_unit_test(test_reserved_large),
		cmocka_unit_test(test_last_usable),
		cmocka_unit_test(test_interrupts),
		cmocka_unit_test(test_probe),
		cmocka_unit_test(test_relaxable_class),
		cmocka_unit_test(test_partly_readable),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_no_tables),
		cmocka_unit_test(test_not_collected),
		cmocka_unit_test(test_its),
		cmocka_unit_test(test_noiommu_groups),
		cmocka_unit_test(test_amd_features),
		cmocka_unit_test(test_scalable_mode),
		cmocka_unit_test(test_vasize),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
