/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The decisions of src/checks/cpu.c, kvm.c and pci.c over models filled by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "checks/check.h"

#define F "test"

static struct vc_host host;
static struct vc_guest guest;
static struct vc_hostdev hostdev;
static struct vc_pci pci;
static struct vc_parameter parameter[2];
static const char *const flags[] = { "fpu", "split_lock_detect" };

static int
setup(void **state)
{
	(void)state;
	host = (struct vc_host){ 0 };
	guest = (struct vc_guest){ 0 };
	hostdev = (struct vc_hostdev){ 0 };
	pci = (struct vc_pci){ 0 };
	memset(parameter, 0, sizeof(parameter));
	return 0;
}

static struct vc_verdict
run(const char *name)
{
	const struct vc_check *check = vc_check_find(name);
	struct vc_check_input input = { .host = &host, .guest = &guest, .each = &hostdev };
	struct vc_verdict verdict = { 0 };

	assert_non_null(check);
	check->run(&input, &verdict);
	if (verdict.fails == VC_UNKNOWN)
		assert_non_null(verdict.unknown);
	return verdict;
}

static void
test_phys_bits(void **state)
{
	struct vc_verdict verdict;

	(void)state;
	vc_set_number(&host.cpu_phys_bits, 39, F);
	vc_set_number(&host.cpuid_phys_bits, 39, F);
	vc_set_absent(&guest.phys_bits_written.fact, F);
	vc_set_text(&guest.phys_bits_source, "written", F);
	vc_set_number(&guest.phys_bits, 39, F);
	assert_int_equal(run("guest_phys_bits_over_host").fails, VC_NO);
	vc_set_number(&guest.phys_bits, 41, F);
	verdict = run("guest_phys_bits_over_host");
	assert_int_equal(verdict.fails, VC_YES);
	assert_string_equal(verdict.word.value, "kvm");
	/* Up to 40 firmware does not believe it: it harms only where RAM is out of reach. */
	vc_set_number(&guest.phys_bits, 40, F);
	vc_set_number(&guest.highest_ram, ((uint64_t)1 << 39) - 1, F);
	assert_int_equal(run("guest_phys_bits_over_host").fails, VC_NO);
	vc_set_number(&guest.highest_ram, (uint64_t)1 << 39, F);
	assert_int_equal(run("guest_phys_bits_over_host").fails, VC_YES);
	/* Memory encryption takes bits from the kernel's number, not from KVM's. */
	vc_set_number(&host.cpuid_phys_bits, 46, F);
	assert_int_equal(run("guest_phys_bits_over_host").fails, VC_NO);
	/* libvirt goes by the kernel's, whatever becomes of the width in QEMU. */
	vc_set_text(&guest.phys_bits_source, "host", F);
	vc_set_number(&guest.phys_bits_written, 39, F);
	assert_int_equal(run("guest_phys_bits_over_host").fails, VC_NO);
	vc_set_number(&guest.phys_bits_written, 40, F);
	verdict = run("guest_phys_bits_over_host");
	assert_int_equal(verdict.fails, VC_YES);
	assert_string_equal(verdict.word.value, "libvirt");
	assert_int_equal(verdict.width.value, 39);
	host.cpu_phys_bits.fact.state = VC_UNREAD;
	assert_int_equal(run("guest_phys_bits_over_host").fails, VC_UNKNOWN);
	vc_set_number(&host.cpu_phys_bits, 39, F);
	vc_set_absent(&guest.phys_bits_written.fact, F);
	vc_set_text(&guest.phys_bits_source, "default", F);
	host.cpuid_phys_bits.fact.state = VC_UNREAD;
	assert_int_equal(run("guest_phys_bits_over_host").fails, VC_UNKNOWN);
	vc_set_number(&guest.phys_bits, 39, F);
	assert_int_equal(run("guest_phys_bits_over_host").fails, VC_NO);
}

static void
set_mode(const char *value)
{
	vc_set_text(&parameter[0].name, "split_lock_detect", F);
	vc_set_text(&parameter[0].value, value ? value : "", F);
	host.kernel_parameter = (struct vc_fact_list){
		.fact = { .state = VC_KNOWN, .from = F }, .item = parameter, .count = value ? 1 : 0,
	};
}

static void
set_kernel(uint32_t major, uint32_t minor)
{
	vc_set_version(&host.kernel_version, (struct vc_version){ .part = { major, minor } }, F);
}

static void
test_split_lock(void **state)
{
	(void)state;
	host.cpu_flags = (struct vc_fact_set){ .fact = { .state = VC_KNOWN, .from = F }, .word = flags, .count = 2 };
	guest.hostdev.fact = (struct vc_fact){ .state = VC_KNOWN, .from = F };
	set_mode(NULL);
	set_kernel(6, 12);
	guest.hostdev.item = &hostdev;
	guest.hostdev.count = 1;
	vc_set_text(&hostdev.kind, "pci", F);
	vc_set_ref(&hostdev.device, &pci, F);
	vc_set_number(&pci.class, 0x030000, F);
	assert_int_equal(run("split_lock_penalty").fails, VC_UNKNOWN);
	vc_set_flag(&host.sysctl_split_lock_mitigate, true, F);
	assert_int_equal(run("split_lock_penalty").fails, VC_YES);
	vc_set_flag(&host.sysctl_split_lock_mitigate, false, F);
	assert_int_equal(run("split_lock_penalty").fails, VC_NO);
	set_mode("fatal");
	assert_int_equal(run("split_lock_penalty").fails, VC_YES);
	assert_string_equal(run("split_lock_penalty").word.value, "fatal");
	set_mode("off");
	assert_int_equal(run("split_lock_penalty").fails, VC_NO);
	set_mode("ratelimit:5");
	assert_int_equal(run("split_lock_penalty").fails, VC_NO);
	set_mode("nonsense");
	vc_set_absent(&host.sysctl_split_lock_mitigate.fact, F);
	set_kernel(5, 18);
	assert_int_equal(run("split_lock_penalty").fails, VC_NO);
	set_kernel(5, 19);
	assert_int_equal(run("split_lock_penalty").fails, VC_YES);
	/* Where it is seen. */
	guest.hostdev.count = 0;
	assert_int_equal(run("split_lock_penalty").fails, VC_NO);
	guest.hostdev.count = 1;
	hostdev.device.fact.state = VC_UNREAD;
	assert_int_equal(run("split_lock_penalty").fails, VC_UNKNOWN);
	vc_set_ref(&hostdev.device, &pci, F);
	vc_set_number(&pci.class, 0x020000, F);
	assert_int_equal(run("split_lock_penalty").fails, VC_NO);
	set_mode("fatal");
	assert_int_equal(run("split_lock_penalty").fails, VC_YES);
	set_mode(NULL);
	vc_set_number(&pci.class, 0x038000, F);
	assert_int_equal(run("split_lock_penalty").fails, VC_YES);
	/* A processor without the trap decides whatever else is unknown. */
	pci.class.fact.state = VC_UNREAD;
	host.cpu_flags.count = 1;
	assert_int_equal(run("split_lock_penalty").fails, VC_NO);
}

static void
test_kvm(void **state)
{
	(void)state;
	assert_int_equal(run("kvm_unavailable").fails, VC_UNKNOWN);
	vc_set_unreadable(&host.kvm_usable.fact, EACCES, F);
	vc_set_flag(&host.kvm_device, true, F);
	assert_int_equal(run("kvm_unavailable").fails, VC_UNKNOWN);
	vc_set_flag(&host.kvm_device, false, F);
	assert_string_equal(run("kvm_unavailable").word.value, "no-device");
	vc_set_flag(&host.kvm_module, false, F);
	assert_string_equal(run("kvm_unavailable").word.value, "no-module");
	vc_set_flag(&host.cpu_virtualization, false, F);
	assert_string_equal(run("kvm_unavailable").word.value, "no-flag");
	vc_set_flag(&host.kvm_firmware_disabled, true, F);
	assert_string_equal(run("kvm_unavailable").word.value, "locked-out");
	vc_set_flag(&host.kvm_usable, true, F);
	assert_int_equal(run("kvm_unavailable").fails, VC_NO);
}

static void
test_hostdev_missing(void **state)
{
	struct vc_verdict verdict;

	(void)state;
	assert_int_equal(run("hostdev_missing").fails, VC_UNKNOWN);
	vc_set_ref(&hostdev.device, &pci, F);
	assert_int_equal(run("hostdev_missing").fails, VC_NO);
	vc_set_absent(&hostdev.device.fact, F);
	verdict = run("hostdev_missing");
	assert_int_equal(verdict.fails, VC_YES);
	assert_false(vc_known(&verdict.peer.fact));
	vc_set_text(&hostdev.name_if_hex, "0000:10:1f.7", F);
	verdict = run("hostdev_missing");
	assert_string_equal(verdict.peer.value, "0000:10:1f.7");
	assert_int_equal(verdict.bus.value, 0x10);
	assert_int_equal(verdict.slot.value, 0x1f);
	assert_int_equal(verdict.function.value, 7);
	/* What is no address is not offered as one. */
	vc_set_text(&hostdev.name_if_hex, "10:1f", F);
	verdict = run("hostdev_missing");
	assert_false(vc_known(&verdict.peer.fact));
	assert_false(vc_known(&verdict.bus.fact));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_phys_bits, setup),
		cmocka_unit_test_setup(test_split_lock, setup),
		cmocka_unit_test_setup(test_kvm, setup),
		cmocka_unit_test_setup(test_hostdev_missing, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
