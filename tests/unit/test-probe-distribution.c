/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host-tree.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define LOADER "/sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"

static const char *const paths[] = {
	"/run/ostree-booted",		 "/usr/bin/rpm-ostree",   "/usr/sbin/grubby",	"/usr/bin/grubby",
	"/etc/kernel/proxmox-boot-uuids", "/etc/kernel/cmdline", "/boot/grub/grub.cfg", "/boot/grub2/grub.cfg",
};

/* A capture of a host that has @there of the paths, was refused @refused, and was asked for all of them. */
static struct tree *
boots_with(const char *const *there, size_t count, const char *refused)
{
	struct tree *tree = tree_new(true);

	tree_file(tree, "/etc/os-release", "NAME=x\nID=debian\n");
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		char line[128];
		bool found = false;

		for (size_t j = 0; j < count; j++)
			found = found || strcmp(there[j], paths[i]) == 0;
		if (refused && strcmp(refused, paths[i]) == 0)
			snprintf(line, sizeof(line), "stat EACCES %s", paths[i]);
		else if (found)
			snprintf(line, sizeof(line), "stat known %s file 0644 0 0 1 0", paths[i]);
		else
			snprintf(line, sizeof(line), "stat absent %s", paths[i]);
		tree_line(tree, line);
	}
	return tree;
}

static void
loader(struct tree *tree, const char *name)
{
	char data[64] = { 6 };
	size_t size = 4;

	for (; *name; name++) {
		data[size++] = *name;
		data[size++] = '\0';
	}
	tree_file_n(tree, LOADER, data, size);
}

static void
os_release(void **state)
{
	struct tree *tree = tree_new(true);
	const struct vc_host *host;

	(void)state;
	tree_file(tree, "/etc/os-release",
		  "PRETTY_NAME=\"Linux Mint\"\n# ID=none\nID='linuxmint'\nVERSION_ID=22\nID_LIKE=\"ubuntu debian\"\n");
	host = tree_probe(tree, VC_AREA_DISTRIBUTION);
	assert_known_text(host->distribution_id, "linuxmint");
	assert_int_equal(host->distribution_like.fact.state, VC_KNOWN);
	assert_int_equal(host->distribution_like.count, 3);
	assert_true(vc_set_has(&host->distribution_like, "debian"));
	assert_true(vc_set_has(&host->distribution_like, "linuxmint"));
	tree_free(tree);
}

static void
os_release_elsewhere(void **state)
{
	struct tree *tree = tree_new(true);
	const struct vc_host *host;

	(void)state;
	tree_line(tree, "file absent /etc/os-release");
	tree_file(tree, "/usr/lib/os-release", "NAME=Some\n");
	host = tree_probe(tree, VC_AREA_DISTRIBUTION);
	/* What os-release(5) says of a file without ID. */
	assert_known_text(host->distribution_id, "linux");
	tree_free(tree);

	tree = tree_new(true);
	tree_line(tree, "file EACCES /etc/os-release");
	host = tree_probe(tree, VC_AREA_DISTRIBUTION);
	assert_unreadable(host->distribution_id, EACCES);
	assert_unreadable(host->distribution_like, EACCES);
	tree_free(tree);
}

static void
boot_loader(void **state)
{
	static const struct {
		const char *there[3];
		size_t count;
		const char *info;     /* of the boot loader; NULL: no such file */
		const char *expected; /* NULL: absent */
	} cases[] = {
		{ .there = { "/boot/grub/grub.cfg" }, .count = 1, .expected = "grub" },
		{ .there = { "/boot/grub2/grub.cfg" }, .count = 1, .info = "GRUB 2.12", .expected = "grub" },
		{ .there = { "/usr/sbin/grubby", "/boot/grub2/grub.cfg" }, .count = 2, .expected = "grubby" },
		{ .there = { "/run/ostree-booted", "/usr/bin/rpm-ostree", "/usr/bin/grubby" },
		  .count = 3,
		  .expected = "rpm-ostree" },
		{ .there = { "/etc/kernel/cmdline" }, .count = 1, .info = "systemd-boot 257", .expected = "systemd-boot" },
		{ .there = { "/etc/kernel/cmdline", "/etc/kernel/proxmox-boot-uuids" },
		  .count = 2,
		  .info = "systemd-boot 252",
		  .expected = "proxmox" },
		/* The files of systemd-boot are there, and GRUB has started the kernel. */
		{ .there = { "/etc/kernel/cmdline", "/etc/kernel/proxmox-boot-uuids", "/boot/grub/grub.cfg" },
		  .count = 3,
		  .expected = "grub" },
		{ .there = { "/etc/kernel/cmdline" }, .count = 1, .info = "systemd-boo", .expected = NULL },
		/* And the other way round: nothing that GRUB left behind is changed. */
		{ .there = { "/boot/grub/grub.cfg" }, .count = 1, .info = "systemd-boot 257", .expected = NULL },
		{ .count = 0, .expected = NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct tree *tree = boots_with(cases[i].there, cases[i].count, NULL);
		const struct vc_host *host;

		if (cases[i].info)
			loader(tree, cases[i].info);
		else
			tree_line(tree, "file absent " LOADER);
		host = tree_probe(tree, VC_AREA_DISTRIBUTION);
		if (cases[i].expected) {
			assert_known_text(host->boot_loader, cases[i].expected);
		} else {
			assert_absent(host->boot_loader);
		}
		tree_free(tree);
	}
}

/* What may be there and could not be looked at is not taken to be something else. */
static void
boot_loader_unknown(void **state)
{
	static const char *const there[] = { "/boot/grub/grub.cfg", "/etc/kernel/cmdline" };
	static const char *const ostree[] = { "/usr/bin/rpm-ostree", "/boot/grub/grub.cfg" };
	struct tree *tree = boots_with(ostree, 2, "/run/ostree-booted");
	const struct vc_host *host;

	(void)state;
	tree_line(tree, "file absent " LOADER);
	host = tree_probe(tree, VC_AREA_DISTRIBUTION);
	assert_unreadable(host->boot_loader, EACCES);
	tree_free(tree);

	/* It cannot be rpm-ostree without the program. */
	tree = boots_with(there, 2, "/run/ostree-booted");
	tree_line(tree, "file absent " LOADER);
	host = tree_probe(tree, VC_AREA_DISTRIBUTION);
	assert_known_text(host->boot_loader, "grub");
	tree_free(tree);

	tree = boots_with(there, 2, NULL);
	tree_line(tree, "file EACCES " LOADER);
	host = tree_probe(tree, VC_AREA_DISTRIBUTION);
	assert_unreadable(host->boot_loader, EACCES);
	tree_free(tree);

	tree = tree_new(false);
	tree_file(tree, "/etc/os-release", "ID=fedora\n");
	host = tree_probe(tree, VC_AREA_DISTRIBUTION);
	assert_known_text(host->distribution_id, "fedora");
	assert_unreadable(host->boot_loader, VC_ENOTCOLLECTED);
	tree_free(tree);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(os_release),
		cmocka_unit_test(os_release_elsewhere),
		cmocka_unit_test(boot_loader),
		cmocka_unit_test(boot_loader_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
