/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host-tree.h"

#include <errno.h>
#include <string.h>

#include "host/kernel-parameter.h"

#define NONE "(none)"

struct split {
	const char *text;
	const char *pair[8]; /* name, value (NONE: without '='), ... */
};

/* The results were compared with the kernel's own function, built as a program. */
static void
split(void **state)
{
	static const struct split splits[] = {
		{ "", { NULL } },
		{ "   \t ", { NULL } },
		{ "quiet", { "quiet", NONE } },
		{ " a=1  b", { "a", "1", "b", NONE } },
		{ "a=", { "a", "" } },
		{ "a=b=c", { "a", "b=c" } },
		{ "a=\"b c\" d", { "a", "b c", "d", NONE } },
		{ "\"a=b c\" d", { "a", "b c", "d", NONE } },
		{ "a=\"b", { "a", "b" } },
		{ "a=\"b c", { "a", "b c" } },
		{ "a=b\"c d\"e", { "a", "b\"c d\"e" } },
		{ "a=\"", { "a", "" } },
		{ "\"", { "", NONE } },
		{ "\"\"", { "", NONE } },
		{ "\"\" b", { "", NONE, "b", NONE } },
		{ "=a", { "=a", NONE } },
		{ "=a=b", { "=a", "b" } },
		{ "a -- b=1", { "a", NONE } },
		{ "a --b", { "a", NONE, "--b", NONE } },
		{ "a --=1 b", { "a", NONE, "--", "1", "b", NONE } },
		{ "a=-- b", { "a", "--", "b", NONE } },
		{ "a\xa0"
		  "b",
		  { "a", NONE, "b", NONE } },
		{ "a\nb", { "a", NONE, "b", NONE } },
	};
	struct vc_arena *arena = vc_arena_new();

	(void)state;
	for (size_t i = 0; i < VC_COUNT(splits); i++) {
		struct vc_fact_list list = { .count = 0 };
		const struct vc_parameter *parameter;
		size_t expected = 0;

		assert_int_equal(
			vc_kernel_parameter_split(arena, vc_span_from(splits[i].text), "test", &list), 0);
		assert_int_equal(list.fact.state, VC_KNOWN);
		while (expected < 4 && splits[i].pair[2 * expected])
			expected++;
		assert_int_equal(list.count, expected);
		parameter = list.item;
		for (size_t k = 0; k < expected; k++) {
			const char *value = splits[i].pair[2 * k + 1];

			assert_known_text(parameter[k].name, splits[i].pair[2 * k]);
			if (strcmp(value, NONE) == 0) {
				assert_absent(parameter[k].value);
			} else {
				assert_known_text(parameter[k].value, value);
			}
		}
	}
	vc_arena_free(arena);
}

static void
bounds(void **state)
{
	struct vc_arena *arena = vc_arena_new();
	char *text = vc_arena_alloc(arena, VC_CMDLINE_MAX + 2);
	struct vc_fact_list list = { .fact = { .state = VC_UNREAD } };

	(void)state;
	memset(text, 'a', VC_CMDLINE_MAX + 1);
	assert_int_equal(
		vc_kernel_parameter_split(arena, (struct vc_span){ text, VC_CMDLINE_MAX + 1 }, "", &list),
		-E2BIG);
	assert_int_equal(list.fact.state, VC_UNREAD);
	assert_int_equal(vc_kernel_parameter_split(arena, (struct vc_span){ "a\0b", 3 }, "", &list),
			 -EBADMSG);
	assert_int_equal(list.fact.state, VC_UNREAD);
	assert_int_equal(
		vc_kernel_parameter_split(arena, (struct vc_span){ text, VC_CMDLINE_MAX }, "", &list), 0);
	assert_int_equal(list.count, 1);
	vc_arena_free(arena);
}

enum { MATTERS, IGNORED, UNDECIDED };

struct verdict {
	const char *text;
	int verdict;
	const char *vendor; /* NULL: Intel */
	const char *table;  /* NULL: DMAR; "": none; "?": not known */
	const char *kernel; /* NULL: 6.12.107 */
};

static void
judge(void **state)
{
	static const struct verdict verdicts[] = {
		/* Parsers compare the beginning of a word. */
		{ "amd_iommu=on", IGNORED, "AuthenticAMD", "IVRS", NULL },
		{ "amd-iommu=on", IGNORED, "AuthenticAMD", "IVRS", NULL },
		{ "amd_iommu=pt", IGNORED, "AuthenticAMD", "IVRS", NULL },
		{ "amd_iommu", IGNORED, "AuthenticAMD", "IVRS", NULL },
		{ "amd_iommu=off", MATTERS, "AuthenticAMD", "IVRS", NULL },
		{ "amd_iommu=on,pgtbl_v2", MATTERS, "AuthenticAMD", "IVRS", NULL },
		{ "amd_iommu=offline", MATTERS, "AuthenticAMD", "IVRS", NULL },
		/* Not only after a comma: older parsers looked everywhere. */
		{ "amd_iommu=turnoff", MATTERS, "AuthenticAMD", "IVRS", NULL },
		{ "iommu=nodac", MATTERS, NULL, NULL, NULL },
		{ "intel_iommu=turnoff", IGNORED, NULL, NULL, NULL },
		{ "amd_iommu=of", IGNORED, "AuthenticAMD", "IVRS", NULL },
		{ "amd_iommu=pgtbl_v2", IGNORED, NULL, "DMAR", NULL },
		{ "amd_iommu=pgtbl_v2", UNDECIDED, NULL, "?", NULL },
		{ "intel_iommu=on", MATTERS, NULL, NULL, NULL },
		{ "intel_iommu=on", IGNORED, NULL, "", NULL },
		{ "intel_iommu=on", UNDECIDED, NULL, "?", NULL },
		{ "intel_iommu=on", IGNORED, "AuthenticAMD", "IVRS", NULL },
		/* The table decides, not the vendor: an emulated machine may have both. */
		{ "intel_iommu=on", MATTERS, "AuthenticAMD", "DMAR", NULL },
		{ "intel_iommu=yes", IGNORED, NULL, "?", NULL },
		{ "intel_iommu=1", IGNORED, NULL, NULL, NULL },
		{ "intel_iommu=intgpu_off", MATTERS, NULL, NULL, NULL },
		{ "iommu=on", IGNORED, NULL, NULL, NULL },
		{ "iommu=1", IGNORED, NULL, NULL, NULL },
		{ "iommu=1,pt", MATTERS, NULL, NULL, NULL },
		{ "iommu=pt", MATTERS, NULL, NULL, NULL },
		{ "iommu=1", MATTERS, "AuthenticAMD", "IVRS", NULL }, /* family 0x15: the size of a GART */
		{ "iommu.passthrough=1", MATTERS, NULL, NULL, NULL },
		{ "intremap=on", MATTERS, NULL, NULL, NULL },
		{ "intremap=yes", IGNORED, NULL, NULL, NULL },
		{ "pcie_acs_override=downstream,multifunction", UNDECIDED, NULL, NULL, NULL },
		{ "split_lock_detect=off", MATTERS, NULL, NULL, NULL },
		{ "split_lock_detect=offf", IGNORED, NULL, NULL, NULL },
		{ "split_lock_detect=of", IGNORED, NULL, NULL, NULL },
		{ "split_lock_detect=ratelimit:0", IGNORED, NULL, NULL, NULL },
		{ "split_lock_detect=ratelimit:1", MATTERS, NULL, NULL, NULL },
		{ "split_lock_detect=ratelimit:1000", MATTERS, NULL, NULL, NULL },
		{ "split_lock_detect=ratelimit:1001", IGNORED, NULL, NULL, NULL },
		{ "split_lock_detect=ratelimit:99999999999999999999", IGNORED, NULL, NULL, NULL },
		{ "split_lock_detect", IGNORED, NULL, NULL, NULL },
		{ "kvm.ignore_msrs=1", MATTERS, NULL, NULL, NULL },
		{ "kvm_ignore_msrs=1", IGNORED, NULL, NULL, NULL },
		{ "kvm-ignore-msrs=1", IGNORED, NULL, NULL, NULL },
		{ "kvm_amd.nested=1", IGNORED, NULL, NULL, NULL },
		{ "kvm-intel.nested=1", MATTERS, NULL, NULL, NULL },
		{ "kvm-intel.nested=1", IGNORED, "AuthenticAMD", NULL, NULL },
		{ "kvm_intel.nested=1", MATTERS, "CentaurHauls", NULL, NULL },
		{ "vfio-pci.ids=10de:1b80", MATTERS, NULL, NULL, NULL },
		{ "vfio_pci.ids=10de:1b80", MATTERS, NULL, NULL, NULL },
		{ "nosuchthing=1", MATTERS, NULL, NULL, NULL },
		/* Nothing is claimed of kernels whose source was not read. */
		{ "amd_iommu=on", UNDECIDED, "AuthenticAMD", "IVRS", "5.3.18" },
		{ "amd_iommu=on", IGNORED, "AuthenticAMD", "IVRS", "5.4.0" },
		{ "amd_iommu=on", IGNORED, "AuthenticAMD", "IVRS", "7.2.99" },
		{ "amd_iommu=on", UNDECIDED, "AuthenticAMD", "IVRS", "7.3.0" },
	};
	struct tree *tree = tree_new(false);

	(void)state;
	tree_probe(tree, 0);
	for (size_t i = 0; i < VC_COUNT(verdicts); i++) {
		const struct verdict *v = &verdicts[i];
		struct vc_host host = { .cpu_arch = { .value = NULL } };
		const struct vc_parameter *parameter;
		struct vc_version version;

		assert_int_equal(vc_kernel_parameter_split(tree->arena, vc_span_from(v->text), "",
							   &host.kernel_parameter),
				 0);
		assert_int_equal(vc_version_parse(v->kernel ? v->kernel : "6.12.107", &version), 0);
		vc_set_version(&host.kernel_version, version, "test");
		vc_set_text(&host.cpu_arch, "x86_64", "test");
		vc_set_text(&host.cpu_vendor, v->vendor ? v->vendor : "GenuineIntel", "test");
		vc_set_number(&host.cpu_family, 0x15, "test");
		if (!v->table)
			vc_set_text(&host.iommu_firmware_table_name, "DMAR", "test");
		else if (!*v->table)
			vc_set_absent(&host.iommu_firmware_table_name.fact, "test");
		else if (*v->table == '?')
			vc_set_unreadable(&host.iommu_firmware_table_name.fact, EACCES, "test");
		else
			vc_set_text(&host.iommu_firmware_table_name, v->table, "test");
		vc_kernel_parameter_judge(tree->fs, &host);
		parameter = host.kernel_parameter.item;
		if (parameter->ignored_because.fact.state != (v->verdict == IGNORED   ? VC_KNOWN
							      : v->verdict == MATTERS ? VC_ABSENT
										      : VC_UNREADABLE))
			fail_msg("%s (row %zu): state %d", v->text, i, parameter->ignored_because.fact.state);
	}
	tree_free(tree);
}

/* Other architectures have other parsers. */
static void
other_architecture(void **state)
{
	struct tree *tree = tree_new(false);
	struct vc_host host = { .cpu_arch = { .value = NULL } };
	const struct vc_parameter *parameter;

	(void)state;
	tree_probe(tree, 0);
	assert_int_equal(
		vc_kernel_parameter_split(tree->arena, vc_span_from("iommu=on"), "", &host.kernel_parameter),
		0);
	parameter = host.kernel_parameter.item;
	vc_kernel_parameter_judge(tree->fs, &host);
	assert_int_equal(parameter->ignored_because.fact.state, VC_UNREAD);
	vc_set_text(&host.cpu_arch, "aarch64", "test");
	vc_kernel_parameter_judge(tree->fs, &host);
	assert_absent(parameter->ignored_because);
	tree_free(tree);
}

#define PLATFORM "/sys/bus/platform/devices/"

struct video {
	const char *text;
	const char *file[2]; /* files of the tree, the second with its contents */
	const char *contents;
	int verdict;
};

/* What became of the firmware's display decides whether efifb can be switched off. */
static void
framebuffer(void **state)
{
	static const struct video videos[] = {
		{ "video=efifb:off", { PLATFORM "simple-framebuffer.0/name", NULL }, NULL, IGNORED },
		{ "video=efifb:off", { PLATFORM "efi-framebuffer.0/name", NULL }, NULL, MATTERS },
		{ "video=efifb:off",
		  { NULL, "/boot/config-6.12.1" },
		  "CONFIG_X=y\n# CONFIG_SYSFB_SIMPLEFB is not set\n",
		  MATTERS },
		{ "video=efifb:off",
		  { NULL, "/boot/config-6.12.1" },
		  "CONFIG_SYSFB_SIMPLEFB=y\n",
		  UNDECIDED },
		{ "video=efifb:off", { NULL, NULL }, NULL, UNDECIDED },
		{ "video=HDMI-A-1:1920x1080", { NULL, NULL }, NULL, MATTERS },
		{ "video=vesafb:off,efifb:off",
		  { "/sys/firmware/efi/fw_platform_size", NULL },
		  NULL,
		  IGNORED },
		{ "video=vesafb:off,efifb:off", { NULL, NULL }, NULL, UNDECIDED },
		{ "video=vesafb:off", { "/sys/firmware/efi/fw_platform_size", NULL }, NULL, MATTERS },
		{ "video", { NULL, NULL }, NULL, IGNORED },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(videos); i++) {
		const struct video *v = &videos[i];
		struct tree *tree = tree_new(false);
		const struct vc_parameter *parameter;

		tree_file(tree, "/proc/cmdline", v->text);
		tree_file(tree, "/proc/sys/kernel/osrelease", "6.12.1\n");
		tree_file(tree, "/proc/sys/kernel/arch", "x86_64\n");
		if (v->file[0])
			tree_file(tree, v->file[0], "");
		if (v->file[1])
			tree_file(tree, v->file[1], v->contents);
		parameter = tree_probe(tree, VC_AREA_KERNEL | VC_AREA_CPU)->kernel_parameter.item;
		if (parameter->ignored_because.fact.state != (v->verdict == IGNORED   ? VC_KNOWN
							      : v->verdict == MATTERS ? VC_ABSENT
										      : VC_UNREADABLE))
			fail_msg("%s (row %zu): state %d", v->text, i, parameter->ignored_because.fact.state);
		tree_free(tree);
	}
}

/* The kernel hands init what it does not know. */
static void
out_of_tree(void **state)
{
	static const struct {
		const char *answer;
		int verdict;
	} cases[] = { { "yes\n", VC_KNOWN }, { "no\n", VC_UNREADABLE } };

	(void)state;
	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		struct tree *tree = tree_new(true);
		const struct vc_parameter *parameter;

		tree_ask(tree, "uname", "Linux\nh\n6.12.1\n#1\nx86_64\n");
		tree_file(tree, "/proc/cmdline", "pcie_acs_override=downstream\n");
		tree_ask(tree, "init-environment/pcie_acs_override", cases[i].answer);
		parameter = tree_probe(tree, VC_AREA_KERNEL | VC_AREA_CPU)->kernel_parameter.item;
		assert_int_equal(parameter->ignored_because.fact.state, cases[i].verdict);
		tree_free(tree);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(split),       cmocka_unit_test(bounds),
		cmocka_unit_test(judge),       cmocka_unit_test(other_architecture),
		cmocka_unit_test(framebuffer), cmocka_unit_test(out_of_tree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
