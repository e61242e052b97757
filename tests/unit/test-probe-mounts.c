/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mounts that matter, and where libvirt puts the memory of guests. */
#include "host-tree.h"

#include <errno.h>

#define AREAS (VC_AREA_MOUNTS | VC_AREA_QEMU_CONF)
#define MOUNTS                                                                                               \
	"/dev/sda1 / ext4 rw,relatime 0 0\n"                                                                 \
	"tmpfs /dev/shm tmpfs rw 0 0\n"                                                                      \
	"hugetlbfs /dev/hugepages hugetlbfs rw,relatime,pagesize=2M 0 0\n"                                   \
	"none /huge hugetlbfs rw,mode=755,pagesize=1024M,size=1 0 0\n"                                       \
	"/dev/sdb1 /var/lib/libvirt xfs rw 0 0\n"                                                            \
	"/dev/sdc1 /var/lib/lib btrfs rw 0 0\n"

static const struct vc_host *
probe(struct tree *tree, const char *mounts, const char *conf)
{
	if (mounts)
		tree_file(tree, "/proc/mounts", mounts);
	if (conf)
		tree_file(tree, "/etc/libvirt/qemu.conf", conf);
	else
		tree_line(tree, "file absent /etc/libvirt/qemu.conf");
	return tree_probe(tree, AREAS);
}

static void
defaults(void **state)
{
	struct tree *tree = tree_new(true);
	const struct vc_host *host = probe(tree, MOUNTS, NULL);

	(void)state;
	assert_int_equal(host->hugetlbfs.count, 2);
	assert_true(vc_set_has(&host->hugetlbfs, "2097152"));
	assert_true(vc_set_has(&host->hugetlbfs, "1073741824"));
	assert_known_text(host->memory_backing_dir, "/var/lib/libvirt/qemu/ram");
	assert_known_text(host->memory_backing_filesystem, "xfs");
	tree_free(tree);
}

static void
settings(void **state)
{
	static const struct {
		const char *conf, *directory, *filesystem; /* directory NULL: garbled */
	} examples[] = {
		{ "memory_backing_dir = \"/dev/shm\"\n", "/dev/shm/libvirt/qemu", "tmpfs" },
		{ "  memory_backing_dir='/dev/shm' # fast\n", "/dev/shm/libvirt/qemu", "tmpfs" },
		{ "#memory_backing_dir = \"/dev/shm\"\n", "/var/lib/libvirt/qemu/ram", "xfs" },
		{ "memory_backing_dirs = \"/dev/shm\"\n", "/var/lib/libvirt/qemu/ram", "xfs" },
		{ "memory_backing_dir = \"/a\"\nmemory_backing_dir = \"/dev/shmem\"\n",
		  "/dev/shmem/libvirt/qemu", "ext4" },
		{ "memory_backing_dir = 1\n", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(examples); i++) {
		struct tree *tree = tree_new(true);
		const struct vc_host *host = probe(tree, MOUNTS, examples[i].conf);

		if (examples[i].directory) {
			assert_known_text(host->memory_backing_dir, examples[i].directory);
			assert_known_text(host->memory_backing_filesystem, examples[i].filesystem);
		} else {
			assert_unreadable(host->memory_backing_dir, VC_EGARBLED);
			assert_unreadable(host->memory_backing_filesystem, VC_EGARBLED);
		}
		tree_free(tree);
	}
}

static void
nothing_to_go_by(void **state)
{
	struct tree *tree = tree_new(true);
	const struct vc_host *host;

	(void)state;
	tree_line(tree, "file EACCES /etc/libvirt/qemu.conf");
	tree_file(tree, "/proc/mounts",
		  "garbled\n\n/dev/sda1 /boot ext4 rw,pagesize=2M 0 0\n"
		  "h /h hugetlbfs pagesize=99999999999999999M 0 0\nh /h hugetlbfs pagesize= 0 0\n");
	host = tree_probe(tree, AREAS);
	assert_unreadable(host->memory_backing_dir, EACCES);
	assert_unreadable(host->memory_backing_filesystem, EACCES);
	assert_int_equal(host->hugetlbfs.fact.state, VC_KNOWN);
	assert_int_equal(host->hugetlbfs.count, 0);
	tree_free(tree);

	tree = tree_new(true);
	host = probe(tree, NULL, NULL);
	assert_unreadable(host->hugetlbfs, VC_ENOTCOLLECTED);
	assert_unreadable(host->memory_backing_filesystem, VC_ENOTCOLLECTED);
	tree_free(tree);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(settings),
		cmocka_unit_test(nothing_to_go_by),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
