/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the host needs, through layers of volumes and bridges. */
#include "host-tree.h"

#include <errno.h>

#define DISK "../../devices/pci0000:00/0000:00:1d.0/0000:02:00.0/nvme/nvme0/nvme0n1/nvme0n1p2"
#define CARD "../../devices/pci0000:00/0000:00:1c.0/0000:03:00.0/net/eno1"

static const struct vc_use *
use_of(const struct vc_host *host, size_t i)
{
	assert_true(i < host->use.count);
	return (const struct vc_use *)host->use.item + i;
}

static void
layers(void **state)
{
	struct tree *tree = tree_new(true);
	const struct vc_host *host;

	(void)state;
	tree_file(tree, "/proc/mounts",
		  "/dev/mapper/vg-root / ext4 rw 0 0\ntmpfs /run tmpfs rw 0 0\n/dev/nvme0n1p2 /boot ext4 rw "
		  "0 0\n");
	tree_file(tree, "/proc/swaps", "Filename Type Size Used Priority\n/dev/dm-1 partition 1 0 -2\n");
	tree_file(tree, "/proc/net/route",
		  "Iface Destination Gateway\nbr0 00000000 010200C0\nbr0 000200C0 00000000\n");
	tree_link(tree, "/dev/mapper/vg-root", "../dm-0");
	tree_link(tree, "/sys/class/block/dm-0", "../../devices/virtual/block/dm-0");
	tree_line(tree, "list known /sys/class/block/dm-0/slaves\n\tnvme0n1p2");
	tree_link(tree, "/sys/class/block/nvme0n1p2", DISK);
	tree_link(tree, "/sys/class/block/dm-1", "../../devices/virtual/block/dm-1");
	/* A circle ends. */
	tree_line(tree, "list known /sys/class/block/dm-1/slaves\n\tdm-1");
	tree_link(tree, "/sys/class/net/br0", "../../devices/virtual/net/br0");
	tree_line(tree, "list known /sys/class/net/br0\n\tbrif\n\tlower_eno1");
	tree_link(tree, "/sys/class/net/eno1", CARD);
	host = tree_probe(tree, VC_AREA_USE);
	assert_int_equal(host->use.fact.state, VC_KNOWN);
	assert_int_equal(host->use.count, 4);
	assert_known_text(use_of(host, 0)->purpose, "the file system on /");
	assert_true(vc_set_has(&use_of(host, 0)->through, "0000:02:00.0"));
	assert_known_text(use_of(host, 1)->purpose, "the file system on /boot");
	assert_known_text(use_of(host, 2)->purpose, "swap");
	assert_int_equal(use_of(host, 2)->through.count, 0);
	assert_known_text(use_of(host, 3)->kind, "network");
	assert_true(vc_set_has(&use_of(host, 3)->through, "0000:03:00.0"));
	tree_free(tree);
}

static void
not_collected(void **state)
{
	struct tree *tree = tree_new(true);
	const struct vc_host *host;

	(void)state;
	tree_file(tree, "/proc/mounts", "/dev/sda1 / ext4 rw 0 0\n");
	tree_line(tree, "file absent /proc/swaps");
	tree_line(tree, "file absent /proc/net/route");
	host = tree_probe(tree, VC_AREA_USE);
	assert_int_equal(host->use.count, 1);
	assert_unreadable(use_of(host, 0)->through, VC_ENOTCOLLECTED);
	tree_free(tree);

	tree = tree_new(true);
	host = tree_probe(tree, VC_AREA_USE);
	assert_unreadable(host->use, VC_ENOTCOLLECTED);
	tree_free(tree);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layers),
		cmocka_unit_test(not_collected),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
