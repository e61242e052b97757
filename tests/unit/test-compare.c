/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sample.h"

#include "report/compare.h"

struct fixture {
	struct vc_arena *arena;
	struct vc_host before, after;
	struct vc_changes changes;
};

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	f->arena = vc_arena_new();
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	vc_arena_free(f->arena);
	free(f);
	return 0;
}

/* The only change; its index is of no interest. */
static const struct vc_change *
only_change(struct fixture *f, const char *fact)
{
	vc_compare_hosts(&f->before, &f->after, f->arena, &f->changes);
	if (f->changes.count != 1)
		fail_msg("%zu changes, not one of %s", f->changes.count, fact);
	assert_string_equal(f->changes.item[0].fact, fact);
	return &f->changes.item[0];
}

static void
test_values(void **state)
{
	struct fixture *f = *state;
	const struct vc_change *change;

	vc_set_number(&f->before.iommu_aw_bits, 39, "x");
	vc_set_number(&f->after.iommu_aw_bits, 39, "y");
	vc_compare_hosts(&f->before, &f->after, f->arena, &f->changes);
	assert_int_equal(f->changes.count, 0);
	vc_set_number(&f->after.iommu_aw_bits, 48, "y");
	change = only_change(f, "host.iommu.aw_bits");
	assert_int_equal(change->kind, VC_CHANGE_VALUE);
	assert_string_equal(change->before, "39");
	assert_string_equal(change->after, "48");
	assert_false(change->minor);
	vc_set_absent(&f->after.iommu_aw_bits.fact, "y");
	assert_string_equal(only_change(f, "host.iommu.aw_bits")->after, "absent");
}

/* Nobody knows whether it changed. */
static void
test_unknown(void **state)
{
	struct fixture *f = *state;
	const struct vc_change *change;

	vc_set_number(&f->before.iommu_aw_bits, 39, "x");
	vc_set_unreadable(&f->after.iommu_aw_bits.fact, EACCES, "y");
	change = only_change(f, "host.iommu.aw_bits");
	assert_int_equal(change->kind, VC_CHANGE_UNKNOWN);
	assert_string_equal(change->after, "permission denied");
	/* Not known before and now: there is nothing to say. */
	vc_set_unreadable(&f->before.iommu_aw_bits.fact, ENODATA, "x");
	vc_compare_hosts(&f->before, &f->after, f->arena, &f->changes);
	assert_int_equal(f->changes.count, 0);
}

static void
test_minor(void **state)
{
	struct fixture *f = *state;

	vc_set_number(&f->before.memory_available, 1000, "x");
	vc_set_number(&f->after.memory_available, 2000, "x");
	assert_true(only_change(f, "host.memory.available")->minor);
	f->before.memory_available = f->after.memory_available;
	vc_set_number(&f->before.memory_total, UINT64_C(64) << 30, "x");
	vc_set_number(&f->after.memory_total, (UINT64_C(64) << 30) - (UINT64_C(512) << 20), "x");
	assert_true(only_change(f, "host.memory.total")->minor);
	vc_set_number(&f->after.memory_total, UINT64_C(48) << 30, "x");
	assert_false(only_change(f, "host.memory.total")->minor);
}

static void
test_sets(void **state)
{
	static const char *const before[] = { "kvm", "nouveau", "xhci" };
	static const char *const after[] = { "kvm", "vfio_pci", "xhci" };
	struct fixture *f = *state;

	vc_set_set(f->arena, &f->before.modules, before, 3, "x");
	vc_set_set(f->arena, &f->after.modules, after, 3, "x");
	assert_string_equal(only_change(f, "host.modules")->difference, "+vfio_pci -nouveau");
}

static struct vc_pci *
add_device(struct fixture *f, struct vc_host *host, const char *address)
{
	struct vc_pci *pci = vc_list_append(f->arena, &host->pci, sizeof(*pci), "x");

	vc_set_text(&pci->address, address, "x");
	vc_set_number(&pci->vendor_id, 0x10de, "x");
	return pci;
}

/* Records are compared by their key, wherever they stand. */
static void
test_records(void **state)
{
	struct fixture *f = *state;

	vc_set_text(&add_device(f, &f->before, "0000:01:00.0")->driver, "nvidia", "x");
	add_device(f, &f->before, "0000:02:00.0");
	add_device(f, &f->after, "0000:03:00.0");
	vc_set_text(&add_device(f, &f->after, "0000:01:00.0")->driver, "vfio-pci", "x");
	vc_compare_hosts(&f->before, &f->after, f->arena, &f->changes);
	assert_int_equal(f->changes.count, 3);
	assert_string_equal(f->changes.item[0].fact, "host.pci.device[0000:03:00.0]");
	assert_int_equal(f->changes.item[0].kind, VC_CHANGE_APPEARED);
	assert_string_equal(f->changes.item[0].after, "vendor_id=0x10de");
	assert_null(f->changes.item[0].before);
	assert_string_equal(f->changes.item[1].fact, "host.pci.device[0000:02:00.0]");
	assert_int_equal(f->changes.item[1].kind, VC_CHANGE_GONE);
	assert_string_equal(f->changes.item[2].fact, "host.pci.device[0000:01:00.0].driver");
	assert_string_equal(f->changes.item[2].pattern, "host.pci.device[*].driver");
	assert_string_equal(f->changes.item[2].key, "0000:01:00.0");
	assert_string_equal(f->changes.item[2].after, "vfio-pci");
}

static void
add_group(struct fixture *f, struct vc_host *host, uint64_t id, const char *const *members, size_t count)
{
	struct vc_iommu_group *group = vc_list_append(f->arena, &host->iommu_group, sizeof(*group), "x");

	vc_set_number(&group->id, id, "x");
	vc_set_set(f->arena, &group->members, members, count, "x");
	vc_set_ref(&add_device(f, host, "0000:01:00.0")->group, group, "x");
}

/* A group is its members: its number changes with every card. */
static void
test_groups(void **state)
{
	static const char *const members[] = { "0000:01:00.0", "0000:01:00.1" };
	struct fixture *f = *state;
	const struct vc_change *change;

	add_group(f, &f->before, 15, members, 1);
	add_group(f, &f->after, 16, members, 1);
	vc_compare_hosts(&f->before, &f->after, f->arena, &f->changes);
	assert_int_equal(f->changes.count, 0);
	vc_set_set(f->arena, &((struct vc_iommu_group *)f->after.iommu_group.item)->members, members, 2, "x");
	change = only_change(f, "host.pci.device[0000:01:00.0].group.members");
	assert_string_equal(change->difference, "+0000:01:00.1");
}

static void
add_parameter(struct fixture *f, struct vc_host *host, const char *name, const char *value)
{
	struct vc_parameter *parameter =
		vc_list_append(f->arena, &host->kernel_parameter, sizeof(*parameter), "x");

	vc_set_text(&parameter->name, name, "x");
	vc_set_text(&parameter->value, value, "x");
}

/* Several records with one key are compared in their order. */
static void
test_repeated_keys(void **state)
{
	struct fixture *f = *state;

	add_parameter(f, &f->before, "console", "ttyS0");
	add_parameter(f, &f->before, "console", "tty0");
	add_parameter(f, &f->after, "console", "ttyS0");
	add_parameter(f, &f->after, "console", "tty1");
	assert_string_equal(only_change(f, "host.kernel.parameter[console].value")->before, "tty0");
	add_parameter(f, &f->before, "BOOT_IMAGE", "/vmlinuz-6.1");
	add_parameter(f, &f->after, "BOOT_IMAGE", "/vmlinuz-6.12");
	vc_compare_hosts(&f->before, &f->after, f->arena, &f->changes);
	assert_int_equal(f->changes.count, 2);
	assert_true(f->changes.item[0].minor != f->changes.item[1].minor);
}

/* --- findings --- */

static const struct vc_rule wide = { .id = "wide", .severity = VC_ERROR },
			    off = { .id = "off", .severity = VC_WARNING },
			    alone = { .id = "alone", .severity = VC_INFO, .host_only = true };

static void
compare(const struct fixture *f, struct vc_finding *before, size_t befores, struct vc_finding *after,
	size_t afters, bool host_rules, struct vc_compared *compared)
{
	const struct vc_findings a = { .item = before, .count = befores },
				 b = { .item = after, .count = afters };

	vc_compare_findings(&a, &b, host_rules, f->arena, compared);
}

static void
test_findings(void **state)
{
	struct vc_finding before[] = {
		{ .rule = &wide, .outcome = VC_FAIL, .message = "48 and 39" },
		{ .rule = &off, .outcome = VC_FAIL, .message = "off", .device = "0000:01:00.0" },
	};
	struct vc_finding after[] = {
		{ .rule = &wide, .outcome = VC_FAIL, .message = "48 and 46" },
		{ .rule = &off, .outcome = VC_FAIL, .message = "off", .device = "0000:02:00.0" },
		{ .rule = &alone, .outcome = VC_FAIL, .message = "alone" },
	};
	struct vc_compared_count count = { 0 };
	struct vc_compared compared;

	/* Another value is no other finding; another device is. The host's own is told with the host. */
	compare(*state, before, 2, after, 3, false, &compared);
	assert_int_equal(compared.appeared_count, 1);
	assert_ptr_equal(compared.appeared[0], &after[1]);
	assert_int_equal(compared.gone_count, 1);
	assert_ptr_equal(compared.gone[0], &before[1]);
	compare(*state, before, 2, after, 3, true, &compared);
	assert_int_equal(compared.appeared_count, 2);
	vc_compared_add(&compared, &count);
	assert_int_equal(count.appeared.warning, 1);
	assert_int_equal(count.appeared.info, 1);
	assert_int_equal(count.gone, 1);
}

/* Of several alike those that say the same belong together. */
static void
test_alike(void **state)
{
	struct vc_finding before[] = { { .rule = &wide, .outcome = VC_FAIL, .message = "second" } };
	struct vc_finding after[] = {
		{ .rule = &wide, .outcome = VC_FAIL, .message = "first" },
		{ .rule = &wide, .outcome = VC_FAIL, .message = "second" },
	};
	struct vc_compared compared;

	compare(*state, before, 1, after, 2, true, &compared);
	assert_int_equal(compared.appeared_count, 1);
	assert_string_equal(compared.appeared[0]->message, "first");
	assert_int_equal(compared.gone_count, 0);
}

/* What another finding hides is still there. */
static void
test_suppressed(void **state)
{
	struct vc_finding before[] = { { .rule = &wide, .outcome = VC_FAIL, .message = "x" } };
	struct vc_finding after[] = {
		{ .rule = &wide, .outcome = VC_SUPPRESSED, .message = "x", .suppressed_by = "off" },
	};
	struct vc_compared compared;

	compare(*state, before, 1, after, 1, true, &compared);
	assert_int_equal(compared.gone_count + compared.appeared_count, 0);
	compare(*state, after, 1, before, 1, true, &compared);
	assert_int_equal(compared.gone_count + compared.appeared_count, 0);
}

static void
test_undecided(void **state)
{
	struct vc_finding before[] = {
		{ .rule = &wide, .outcome = VC_FAIL, .message = "x" },
		{ .rule = &off, .outcome = VC_UNDECIDED, .unknown_fact = "host.a" },
	};
	struct vc_finding after[] = {
		{ .rule = &wide, .outcome = VC_UNDECIDED, .unknown_fact = "host.b" },
		{ .rule = &wide, .outcome = VC_UNDECIDED, .unknown_fact = "host.c" },
	};
	struct vc_compared compared;

	compare(*state, before, 2, after, 2, true, &compared);
	/* Once per rule. Whether it went nobody knows. */
	assert_int_equal(compared.undecided_count, 1);
	assert_int_equal(compared.decided_count, 1);
	assert_ptr_equal(compared.decided[0], &off);
	assert_int_equal(compared.gone_count, 0);
	compare(*state, after, 2, after, 2, true, &compared);
	assert_int_equal(compared.undecided_count + compared.decided_count, 0);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_values),  T(test_unknown),    T(test_minor),         T(test_sets),
		T(test_records), T(test_groups),     T(test_repeated_keys), T(test_findings),
		T(test_alike),   T(test_suppressed), T(test_undecided),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
