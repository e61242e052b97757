/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host-tree.h"

#include <errno.h>
#include <string.h>

enum { NO, YES, UNKNOWN };

static void
check(const struct vc_fact_flag *flag, int expected)
{
	if (expected == UNKNOWN) {
		assert_int_not_equal(flag->fact.state, VC_KNOWN);
		assert_int_not_equal(flag->fact.state, VC_UNREAD);
		return;
	}
	assert_int_equal(flag->fact.state, VC_KNOWN);
	assert_int_equal(flag->value, expected == YES);
}

static void
device(void **state)
{
	static const struct {
		const char *line;
		int expected;
	} cases[] = {
		{ "stat known /dev/kvm character 0660 0 104 0 0", YES },
		{ "stat absent /dev/kvm", NO },
		{ "stat known /dev/kvm file 0644 0 0 0 0", NO },
		{ "stat EACCES /dev/kvm", UNKNOWN },
		{ "file known /nothing", UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		struct tree *tree = tree_new(true);

		tree_line(tree, cases[i].line);
		check(&tree_probe(tree, VC_AREA_KVM)->kvm_device, cases[i].expected);
		tree_free(tree);
	}
}

static void
use(void **state)
{
	static const struct {
		const char *answer, *line;
		int expected;
	} cases[] = {
		{ "api_version 12\nreadonly_mem 1\n", NULL, YES },
		{ "api_version 11\n", NULL, NO },
		{ "api_version 13\n", NULL, NO },
		{ "api_version twelve\n", NULL, UNKNOWN },
		{ "readonly_mem 12\n", NULL, UNKNOWN },
		{ "", NULL, UNKNOWN },
		{ NULL, "ask absent kvm", NO },
		{ NULL, "ask ENODEV kvm", NO },
		{ NULL, "ask ENXIO kvm", NO },
		{ NULL, "ask EACCES kvm", UNKNOWN },
		{ NULL, "ask EPERM kvm", UNKNOWN },
		{ NULL, "ask EMFILE kvm", UNKNOWN },
		{ NULL, "stat absent /dev/kvm", UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		struct tree *tree = tree_new(true);
		const struct vc_host *host;

		if (cases[i].answer)
			tree_ask(tree, "kvm", cases[i].answer);
		else
			tree_line(tree, cases[i].line);
		host = tree_probe(tree, VC_AREA_KVM);
		check(&host->kvm_usable, cases[i].expected);
		if (i == 0) {
			assert_known_number(host->kvm_api_version, 12);
		}
		tree_free(tree);
	}
}

static void
module(void **state)
{
	static const struct {
		const char *machine, *line[3];
		int expected;
	} cases[] = {
		{ "x86_64", { "stat known /sys/module/kvm_intel directory 0755 0 0 0 0" }, YES },
		{ "x86_64",
		  { "stat absent /sys/module/kvm_intel",
		    "stat known /sys/module/kvm_amd directory 0755 0 0 0 0" },
		  YES },
		{ "x86_64",
		  { "stat absent /sys/module/kvm_intel", "stat absent /sys/module/kvm_amd",
		    "stat absent /sys/module/kvm_pvm" },
		  NO },
		/* The common half alone drives no CPU. */
		{ "x86_64",
		  { "stat known /sys/module/kvm directory 0755 0 0 0 0",
		    "stat absent /sys/module/kvm_intel" },
		  UNKNOWN },
		{ "x86_64",
		  { "stat EACCES /sys/module/kvm_intel", "stat absent /sys/module/kvm_amd",
		    "stat absent /sys/module/kvm_pvm" },
		  UNKNOWN },
		{ "aarch64", { "stat known /sys/module/kvm directory 0755 0 0 0 0" }, YES },
		{ "aarch64", { "stat absent /sys/module/kvm" }, NO },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		struct tree *tree = tree_new(true);

		tree_ask(tree, "uname",
			 vc_arena_printf(tree->arena, "Linux\nh\n6.12.1\n#1\n%s\n", cases[i].machine));
		for (size_t k = 0; k < 3 && cases[i].line[k]; k++)
			tree_line(tree, cases[i].line[k]);
		check(&tree_probe(tree, VC_AREA_KVM)->kvm_module, cases[i].expected);
		tree_free(tree);
	}
}

/* A container has a /dev of its own: the kernel has the device, whatever is missing there. */
static void
container(void **state)
{
	struct tree *tree = tree_new(true);
	const struct vc_host *host;

	(void)state;
	tree_line(tree, "ask absent kvm");
	tree_line(tree, "stat absent /dev/kvm");
	tree_line(tree, "stat known /sys/class/misc/kvm directory 0755 0 0 0 0");
	host = tree_probe(tree, VC_AREA_KVM);
	check(&host->kvm_device, UNKNOWN);
	check(&host->kvm_usable, UNKNOWN);
	tree_free(tree);
}

static void
sev(void **state)
{
	static const struct {
		const char *line[2];
		int expected;
	} cases[] = {
		{ { "stat known /dev/sev character 0600 0 0 0 0" }, YES },
		{ { "stat absent /dev/sev", "stat absent /sys/class/misc/sev" }, NO },
		{ { "stat absent /dev/sev", "stat known /sys/class/misc/sev directory 0755 0 0 0 0" }, UNKNOWN },
		{ { "stat known /dev/sev file 0644 0 0 0 0" }, NO },
		{ { "stat EACCES /dev/sev" }, UNKNOWN },
		{ { "file known /nothing" }, UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		struct tree *tree = tree_new(true);

		for (size_t k = 0; k < 2 && cases[i].line[k]; k++)
			tree_line(tree, cases[i].line[k]);
		check(&tree_probe(tree, VC_AREA_SEV)->sev_device, cases[i].expected);
		tree_free(tree);
	}
}

/* A copied tree proves nothing about a device, whatever lies in its place. */
static void
foreign(void **state)
{
	struct tree *tree = tree_new(false);
	const struct vc_host *host;

	(void)state;
	tree_file(tree, "/dev/kvm", "");
	tree_file(tree, "/sys/module/kvm_amd/parameters/nested", "1\n");
	host = tree_probe(tree, VC_AREA_KVM | VC_AREA_MODULE);
	check(&host->kvm_device, UNKNOWN);
	check(&host->kvm_usable, UNKNOWN);
	check(&host->kvm_module, YES);
	check(&host->module_kvm_amd_nested, YES);
	check(&host->module_kvm_intel_nested, UNKNOWN);
	tree_free(tree);
}

/* The live host answers, whatever it is: yes, no, or a refusal with a reason. */
static void
live(void **state)
{
	struct vc_arena *arena = vc_arena_new();
	struct vc_diags diags = { .arena = arena };
	const struct vc_host_request request = { .areas = VC_AREA_ALL & ~(unsigned)VC_AREA_PCI };
	struct vc_hostfs *fs;
	struct vc_host host;

	(void)state;
	assert_int_equal(vc_hostfs_open("/", arena, &diags, &fs), 0);
	vc_host_probe(fs, &request, &host);
	assert_int_not_equal(host.kvm_device.fact.state, VC_UNREAD);
	assert_int_not_equal(host.kvm_usable.fact.state, VC_UNREAD);
	assert_int_equal(host.kernel_version.fact.state, VC_KNOWN);
	assert_int_equal(host.memory_total.fact.state, VC_KNOWN);
	assert_true(host.cpu_count.value > 0);
	for (size_t i = 0; i < vc_schema_host.count; i++) {
		const struct vc_fact *fact = vc_field_fact(&vc_schema_host.field[i], &host);

		/* The devices and groups of nobody. */
		if (vc_schema_host.field[i].needs & (VC_AREA_PCI | VC_AREA_IOMMU))
			continue;
		/* Whoever looked says what came of it, and where from. */
		if (fact->state == VC_UNREAD)
			fail_msg("%s was not read", vc_schema_host.field[i].name);
		if (!fact->from)
			fail_msg("%s has no source", vc_schema_host.field[i].name);
	}
	vc_hostfs_close(fs);
	vc_arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(device),  cmocka_unit_test(use),  cmocka_unit_test(module),
		cmocka_unit_test(container), cmocka_unit_test(sev), cmocka_unit_test(foreign), cmocka_unit_test(live),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
