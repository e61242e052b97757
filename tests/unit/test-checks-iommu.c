/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The decisions of src/checks/iommu.c over models filled by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "checks/check.h"

#define F "test"

struct fixture {
	struct vc_host host;
	struct vc_guest guest;
	struct vc_hostdev hostdev[2];
	struct vc_pci pci[3];
	struct vc_iommu_group group;
	struct vc_reserved reserved[4];
	struct vc_ram ram[3];
	struct vc_bar bar;
	struct vc_parameter parameter[2];
};

static struct fixture x;
static const char *const members[] = { "0000:04:00.0", "0000:04:00.1" };

static void
set_list(struct vc_fact_list *list, void *item, size_t count)
{
	list->fact = (struct vc_fact){ .state = VC_KNOWN, .from = F };
	list->item = item;
	list->count = count;
}

static void
set_kernel(uint32_t major, uint32_t minor)
{
	vc_set_version(&x.host.kernel_version, (struct vc_version){ .part = { major, minor } }, F);
}

static void
set_reserved(size_t i, uint64_t first, uint64_t last, const char *type)
{
	vc_set_range(&x.reserved[i].region, (struct vc_range){ first, last }, F);
	vc_set_text(&x.reserved[i].type, type, F);
	set_list(&x.group.reserved, x.reserved, i + 1);
}

static void
set_ram(size_t i, uint64_t first, uint64_t size, const char *kind)
{
	uint64_t memory = 0;

	vc_set_range(&x.ram[i].region, (struct vc_range){ first, first + size - 1 }, F);
	vc_set_text(&x.ram[i].kind, kind, F);
	set_list(&x.guest.ram, x.ram, i + 1);
	vc_set_number(&x.guest.highest_ram, first + size - 1, F);
	for (size_t j = 0; j <= i; j++)
		memory += x.ram[j].region.value.last - x.ram[j].region.value.first + 1;
	vc_set_number(&x.guest.memory, memory, F);
}

static int
setup(void **state)
{
	(void)state;
	x = (struct fixture){ 0 };
	set_kernel(6, 12);
	vc_set_text(&x.host.cpu_vendor, "GenuineIntel", F);
	for (size_t i = 0; i < 2; i++) {
		vc_set_text(&x.pci[i].address, members[i], F);
		vc_set_ref(&x.pci[i].group, &x.group, F);
		vc_set_text(&x.hostdev[i].kind, "pci", F);
		vc_set_text(&x.hostdev[i].address, members[i], F);
		vc_set_flag(&x.hostdev[i].managed, true, F);
		vc_set_ref(&x.hostdev[i].device, &x.pci[i], F);
	}
	set_list(&x.host.pci, x.pci, 2);
	set_list(&x.guest.hostdev, x.hostdev, 1);
	x.group.members = (struct vc_fact_set){ .fact = { .state = VC_KNOWN, .from = F }, .word = members, .count = 2 };
	vc_set_number(&x.group.id, 15, F);
	set_list(&x.group.reserved, x.reserved, 0);
	vc_set_number(&x.guest.memory_devices, 0, F);
	return 0;
}

static struct vc_verdict
run(const char *name)
{
	const struct vc_check *check = vc_check_find(name);
	struct vc_check_input input = { .host = &x.host, .guest = &x.guest, .each = &x.hostdev[0] };
	struct vc_verdict verdict = { 0 };

	assert_non_null(check);
	check->run(&input, &verdict);
	if (verdict.fails == VC_UNKNOWN)
		assert_non_null(verdict.unknown);
	return verdict;
}

#define GIB ((uint64_t)1 << 30)
#define MIB ((uint64_t)1 << 20)

static void
test_arm_window(void **state)
{
	struct vc_verdict verdict;

	(void)state;
	set_reserved(0, 0xfee00000, 0xfeefffff, "msi");
	set_ram(0, GIB, 3054 * MIB, "low");
	assert_int_equal(run("guest_ram_over_reserved_iova").fails, VC_NO);
	set_ram(0, GIB, 3055 * MIB, "low");
	verdict = run("guest_ram_over_reserved_iova");
	assert_int_equal(verdict.fails, VC_YES);
	assert_int_equal(verdict.largest_memory_mib.value, 3054);
	assert_int_equal(verdict.largest_memory.value, 3054 * MIB);
	assert_int_equal(verdict.region.value.first, 0xfee00000);
}

static void
test_amd_hole(void **state)
{
	struct vc_verdict verdict;

	(void)state;
	set_reserved(0, 0xfd00000000, 0xffffffffff, "reserved");
	set_ram(0, 0, 2 * GIB, "low");
	set_ram(1, 4 * GIB, 1098 * GIB, "high");
	verdict = run("guest_ram_over_reserved_iova");
	assert_int_equal(verdict.fails, VC_YES);
	assert_int_equal(verdict.largest_memory.value, 1010 * GIB);
	set_ram(1, 1024 * GIB, 1098 * GIB, "high");
	assert_int_equal(run("guest_ram_over_reserved_iova").fails, VC_NO);
}

static void
test_memory_device(void **state)
{
	struct vc_verdict verdict;

	(void)state;
	set_reserved(0, 0xfd00000000, 0xffffffffff, "reserved");
	set_ram(0, 0, 2 * GIB, "low");
	set_ram(1, 1000 * GIB, 12 * GIB, "hotplug");
	vc_set_number(&x.guest.memory_devices, 12 * GIB, F);
	assert_int_equal(run("guest_ram_over_reserved_iova").fails, VC_NO);
	set_ram(1, 1000 * GIB, 12 * GIB + 1, "hotplug");
	verdict = run("guest_ram_over_reserved_iova");
	assert_int_equal(verdict.fails, VC_YES);
	/* Less RAM would not move the device out of the way. */
	assert_int_equal(verdict.largest_memory.fact.state, VC_ABSENT);
	x.ram[1].region.fact.state = VC_UNREAD;
	assert_int_equal(run("guest_ram_over_reserved_iova").fails, VC_UNKNOWN);
}

static void
test_no_memory_fits(void **state)
{
	struct vc_verdict verdict;

	(void)state;
	set_reserved(0, 0xe8000, 0xe8fff, "direct");
	set_ram(0, 0, 2 * GIB, "low");
	verdict = run("guest_ram_over_reserved_iova");
	assert_int_equal(verdict.fails, VC_YES);
	assert_int_equal(verdict.largest_memory.fact.state, VC_ABSENT);
	set_reserved(0, 0, 0xffffff, "direct-relaxable");
	assert_int_equal(run("guest_ram_over_reserved_iova").fails, VC_NO);
}

static void
test_direct(void **state)
{
	(void)state;
	set_reserved(0, 0xfee00000, 0xfeefffff, "msi");
	assert_int_equal(run("iommu_rmrr_direct").fails, VC_NO);
	set_reserved(1, 0xe8000, 0xe8fff, "direct");
	assert_int_equal(run("iommu_rmrr_direct").fails, VC_YES);
	set_kernel(6, 5);
	assert_int_equal(run("iommu_rmrr_direct").fails, VC_YES);
	vc_set_text(&x.host.cpu_vendor, "AuthenticAMD", F);
	assert_int_equal(run("iommu_rmrr_direct").fails, VC_NO);
	set_kernel(6, 6);
	assert_int_equal(run("iommu_rmrr_direct").fails, VC_YES);
	x.host.kernel_version.fact.state = VC_UNREAD;
	assert_int_equal(run("iommu_rmrr_direct").fails, VC_UNKNOWN);
	/* Whatever else is unknown, without a region nothing is refused. */
	set_list(&x.group.reserved, x.reserved, 1);
	assert_int_equal(run("iommu_rmrr_direct").fails, VC_NO);
	x.reserved[0].type.fact.state = VC_UNREAD;
	assert_int_equal(run("iommu_rmrr_direct").fails, VC_UNKNOWN);
}

static void
test_width(void **state)
{
	struct vc_verdict verdict;

	(void)state;
	set_ram(0, 0, 2 * GIB, "low");
	set_ram(1, 4 * GIB, 508 * GIB, "high");
	vc_set_number(&x.pci[0].aw_bits, 39, F);
	assert_int_equal(run("guest_address_space_over_iommu").fails, VC_NO);
	set_ram(1, 4 * GIB, 508 * GIB + 1, "high");
	verdict = run("guest_address_space_over_iommu");
	assert_int_equal(verdict.fails, VC_YES);
	assert_int_equal(verdict.largest_memory.value, 510 * GIB);
	vc_set_number(&x.pci[0].aw_bits, 64, F);
	assert_int_equal(run("guest_address_space_over_iommu").fails, VC_NO);
	vc_set_unreadable(&x.pci[0].aw_bits.fact, EACCES, F);
	assert_int_equal(run("guest_address_space_over_iommu").fails, VC_UNKNOWN);
}

static void
test_window(void **state)
{
	struct vc_verdict verdict;

	(void)state;
	vc_set_text(&x.guest.firmware, "efi", F);
	vc_set_number(&x.guest.phys_bits, 46, F);
	for (size_t i = 0; i < 2; i++) {
		vc_set_number(&x.pci[i].aw_bits, 39, F);
		set_list(&x.pci[i].bar, &x.bar, 1);
	}
	vc_set_flag(&x.bar.wide, true, F);
	vc_set_flag(&x.bar.memory, true, F);
	vc_set_flag(&x.hostdev[0].peer_to_peer, true, F);
	verdict = run("guest_pci_window_over_iommu");
	assert_int_equal(verdict.fails, VC_YES);
	assert_int_equal(verdict.address.value, 0x380000000000);
	vc_set_number(&x.guest.phys_bits, 40, F);
	assert_int_equal(run("guest_pci_window_over_iommu").fails, VC_NO);
	vc_set_number(&x.guest.phys_bits, 41, F);
	assert_int_equal(run("guest_pci_window_over_iommu").fails, VC_YES);
	vc_set_flag(&x.hostdev[0].peer_to_peer, false, F);
	assert_int_equal(run("guest_pci_window_over_iommu").fails, VC_NO);
	x.hostdev[0].peer_to_peer.fact.state = VC_UNREAD;
	assert_int_equal(run("guest_pci_window_over_iommu").fails, VC_UNKNOWN);
	vc_set_flag(&x.hostdev[0].peer_to_peer, true, F);
	vc_set_flag(&x.bar.wide, false, F);
	assert_int_equal(run("guest_pci_window_over_iommu").fails, VC_NO);
}

static void
set_parameter(size_t i, const char *name, const char *value)
{
	vc_set_text(&x.parameter[i].name, name, F);
	vc_set_text(&x.parameter[i].value, value, F);
	set_list(&x.host.kernel_parameter, x.parameter, i + 1);
}

static void
assert_off(const char *word, const char *parameter)
{
	struct vc_verdict verdict = run("iommu_off");

	assert_int_equal(verdict.fails, VC_YES);
	assert_string_equal(verdict.word.value, word);
	assert_int_equal(vc_known(&verdict.parameter.fact), parameter != NULL);
	if (parameter)
		assert_string_equal(verdict.parameter.value, parameter);
}

static void
test_iommu_off(void **state)
{
	(void)state;
	assert_int_equal(run("iommu_off").fails, VC_UNKNOWN);
	vc_set_flag(&x.host.iommu_present, true, F);
	assert_int_equal(run("iommu_off").fails, VC_NO);
	vc_set_flag(&x.host.iommu_present, false, F);
	assert_off("unknown", NULL);
	vc_set_flag(&x.host.iommu_firmware_table, true, F);
	vc_set_text(&x.host.iommu_firmware_table_name, "DMAR", F);
	assert_off("not-driven", NULL);
	set_parameter(0, "intel_iommu", "off");
	assert_off("parameter", "intel_iommu=off");
	/* The last one counts, and options are separated by commas. */
	set_parameter(1, "intel_iommu", "igfx_off,on");
	assert_off("not-driven", NULL);
	set_parameter(1, "intel_iommu", "sm_on,off");
	assert_off("parameter", "intel_iommu=off");
	set_parameter(1, "iommu", "pt,off");
	assert_off("parameter", "iommu=off");
	set_parameter(0, "iommu", "noforce");
	set_parameter(1, "amd_iommu", "off");
	assert_off("off-by-default", NULL);
	vc_set_text(&x.host.iommu_firmware_table_name, "IVRS", F);
	assert_off("parameter", "amd_iommu=off");
	/* Neither parameter is read for other tables. */
	set_parameter(0, "iommu", "off");
	vc_set_text(&x.host.iommu_firmware_table_name, "VIOT", F);
	assert_off("not-driven", NULL);
	vc_set_flag(&x.host.iommu_firmware_table, false, F);
	assert_off("no-table", NULL);
}

/* Every check answers "undecided", with a fact that says why, while nothing is known. */
static void
test_nothing_known(void **state)
{
	(void)state;
	x = (struct fixture){ 0 };
	for (size_t i = 0; i < vc_checks_count; i++) {
		struct vc_check_input input = { .host = &x.host, .guest = &x.guest, .each = &x.hostdev[0] };
		struct vc_verdict verdict = { 0 };

		vc_checks[i].run(&input, &verdict);
		assert_int_equal(verdict.fails, VC_UNKNOWN);
		assert_non_null(verdict.unknown);
		assert_ptr_equal(vc_check_find(vc_checks[i].name), &vc_checks[i]);
		if (i > 0)
			assert_true(strcmp(vc_checks[i - 1].name, vc_checks[i].name) < 0);
	}
	assert_null(vc_check_find("no_such_check"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_arm_window, setup),
		cmocka_unit_test_setup(test_amd_hole, setup),
		cmocka_unit_test_setup(test_memory_device, setup),
		cmocka_unit_test_setup(test_no_memory_fits, setup),
		cmocka_unit_test_setup(test_direct, setup),
		cmocka_unit_test_setup(test_width, setup),
		cmocka_unit_test_setup(test_window, setup),
		cmocka_unit_test_setup(test_iommu_off, setup),
		cmocka_unit_test_setup(test_nothing_known, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
