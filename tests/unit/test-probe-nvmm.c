/* SPDX-License-Identifier: GPL-2.0-or-later */
/* NVMM, who asks for it, and the firmware files that guests name. */
#include "host-tree.h"

#include <errno.h>

#define DEVICE "stat known /dev/nvmm character 0640 0 999 0 0"
#define IDENTIFY \
	"nvmm: Kernel API version 3\nnvmm: State size 1008\nnvmm: Comm size 4096\nnvmm: Max machines 128\n" \
	"nvmm: Max VCPUs per machine 128\nnvmm: Max RAM per machine 127T\nnvmm: Arch Mach conf 0\n"

static void
permission(void **state)
{
	static const struct {
		const char *node, *user;
		bool permitted;
	} examples[] = {
		{ DEVICE, "uid 1001\ngid 1001\ngid 999\n", true },
		{ DEVICE, "uid 1001\ngid 999\n", true },
		{ DEVICE, "uid 1001\ngid 1001\n", false },
		{ DEVICE, "uid 0\ngid 0\n", true },
		{ "stat known /dev/nvmm character 0604 0 999 0 0", "uid 1001\ngid 999\n", false },
		{ "stat known /dev/nvmm character 0604 0 999 0 0", "uid 1001\ngid 1\n", true },
		{ "stat known /dev/nvmm character 0440 1001 999 0 0", "uid 1001\ngid 1\n", true },
		{ "stat known /dev/nvmm character 0040 1001 999 0 0", "uid 1001\ngid 999\n", false },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(examples); i++) {
		struct tree *tree = tree_new(true);
		const struct vc_host *host;

		tree_line(tree, examples[i].node);
		tree_ask(tree, "user", examples[i].user);
		host = tree_probe(tree, VC_AREA_NVMM);
		assert_known_flag(host->nvmm_device, true);
		assert_known_number(host->nvmm_group, 999);
		assert_known_flag(host->nvmm_permitted, examples[i].permitted);
		tree_free(tree);
	}
}

static void
no_device(void **state)
{
	struct tree *tree = tree_new(true);
	const struct vc_host *host;

	(void)state;
	tree_line(tree, "stat absent /dev/nvmm");
	host = tree_probe(tree, VC_AREA_NVMM);
	assert_known_flag(host->nvmm_device, false);
	assert_absent(host->nvmm_permitted);
	assert_unreadable(host->nvmm_max_vcpus, VC_ENOTCOLLECTED);
	assert_unreadable(host->user_id, VC_ENOTCOLLECTED);
	tree_free(tree);
	/* Whose it is is known, who asks is not. */
	tree = tree_new(true);
	tree_line(tree, DEVICE);
	host = tree_probe(tree, VC_AREA_NVMM);
	assert_unreadable(host->nvmm_permitted, VC_ENOTCOLLECTED);
	tree_free(tree);
}

static void
limits(void **state)
{
	static const struct {
		const char *text;
		uint64_t vcpus, memory; /* 0: not understood */
	} examples[] = {
		{ IDENTIFY, 128, UINT64_C(127) << 40 },
		{ "nvmm: Max VCPUs per machine 256\nnvmm: Max RAM per machine 128G\n", 256, UINT64_C(128) << 30 },
		{ "Max RAM per machine 512GB\n", 0, UINT64_C(512) << 30 },
		{ "nvmm: Max RAM per machine 1000\n", 0, 1000 },
		{ "nvmm: Max RAM per machine 99999999999E\nnvmm: Max VCPUs per machine many\n", 0, 0 },
		{ "", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(examples); i++) {
		struct tree *tree = tree_new(true);
		const struct vc_host *host;

		tree_ask(tree, "nvmm", examples[i].text);
		host = tree_probe(tree, VC_AREA_NVMM);
		if (examples[i].vcpus) {
			assert_known_number(host->nvmm_max_vcpus, examples[i].vcpus);
		} else {
			assert_unreadable(host->nvmm_max_vcpus, VC_EGARBLED);
		}
		if (examples[i].memory) {
			assert_known_number(host->nvmm_max_memory, examples[i].memory);
		} else {
			assert_unreadable(host->nvmm_max_memory, VC_EGARBLED);
		}
		tree_free(tree);
	}
}

static void
who(void **state)
{
	struct tree *tree = tree_new(true);
	const struct vc_host *host;

	(void)state;
	tree_ask(tree, "user", "uid 1000\ngid 1000\nnonsense\ngid x\ngid 36\n");
	host = tree_probe(tree, VC_AREA_USER);
	assert_known_number(host->user_id, 1000);
	assert_int_equal(host->user_groups.count, 2);
	assert_true(vc_set_has(&host->user_groups, "36"));
	tree_free(tree);
}

static void
firmware(void **state)
{
	static const char *const path[] = { "/uefi", "/bios", "/none", "/secret", "relative" };
	const struct vc_host_request request = { .areas = VC_AREA_FIRMWARE, .firmware = path, .firmwares = VC_COUNT(path) };
	struct tree *tree = tree_new(true);
	const struct vc_firmware *file;
	char image[65536] = { 0 };

	(void)state;
	tree_file_n(tree, "/bios", image, sizeof(image) - 1);
	memcpy(image + 0x28, "_FVH", 4);
	tree_file_n(tree, "/uefi", image, sizeof(image));
	tree_line(tree, "stat known /uefi file 0644 0 0 65536 0");
	tree_line(tree, "stat known /bios file 0644 0 0 65535 0");
	tree_line(tree, "stat absent /none");
	tree_line(tree, "stat EACCES /secret");
	file = tree_probe_request(tree, &request)->firmware.item;
	assert_int_equal(tree->host.firmware.count, VC_COUNT(path));
	assert_known_flag(file[0].exists, true);
	assert_known_number(file[0].size, 65536);
	assert_known_flag(file[0].whole_blocks, true);
	assert_known_flag(file[0].efi, true);
	assert_known_flag(file[1].whole_blocks, false);
	assert_known_flag(file[1].efi, false);
	assert_known_flag(file[2].exists, false);
	assert_absent(file[2].size);
	assert_unreadable(file[2].efi, ENOENT);
	assert_unreadable(file[3].exists, EACCES);
	assert_unreadable(file[4].exists, VC_ERELATIVE);
	tree_free(tree);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(permission), cmocka_unit_test(no_device), cmocka_unit_test(limits),
		cmocka_unit_test(who),	      cmocka_unit_test(firmware),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
