/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "report/host-fix.h"

static struct vc_arena *arena;

static int
setup(void **state _unused_)
{
	arena = vc_arena_new();
	return 0;
}

static int
teardown(void **state _unused_)
{
	vc_arena_free(arena);
	return 0;
}

static struct vc_host_step
make(const struct vc_host_setting *setting, const struct vc_boot_way *way)
{
	struct vc_host_step step;

	vc_host_step_make(setting, way, false, arena, &step);
	return step;
}

static const struct vc_boot_way *
way_of(const char *loader, const char *like)
{
	const char *const word[] = { like };
	struct vc_host host = { 0 };

	if (like)
		vc_set_set(arena, &host.distribution_like, word, 1, "/etc/os-release");
	if (loader)
		vc_set_text(&host.boot_loader, loader, "/boot");
	return vc_boot_way_find(&host);
}

static void
test_sysctl(void **state _unused_)
{
	struct vc_host_setting setting = { .verb = VC_VERB_SYSCTL, .name = "kernel.x", .value = "0", .was = "1" };
	struct vc_host_step step = make(&setting, NULL);

	assert_string_equal(step.now, "sysctl -w kernel.x=0");
	assert_string_equal(step.file, "/etc/sysctl.d/99-vhostcheck-kernel.x.conf");
	assert_string_equal(vc_host_step_persist(&step, arena),
			    "echo 'kernel.x = 0' > /etc/sysctl.d/99-vhostcheck-kernel.x.conf");
	assert_string_equal(step.undo, "rm -f /etc/sysctl.d/99-vhostcheck-kernel.x.conf && sysctl -w kernel.x=1");
	assert_false(step.reboot);
	assert_null(step.words);
	setting.was = NULL;
	assert_string_equal(make(&setting, NULL).undo, "rm -f /etc/sysctl.d/99-vhostcheck-kernel.x.conf");
}

static void
test_module(void **state _unused_)
{
	struct vc_host_setting setting = {
		.verb = VC_VERB_MODULE, .name = "vfio-pci", .parameter = "p", .value = "1", .was = "0",
	};
	struct vc_host_step step = make(&setting, NULL);

	assert_null(step.now);
	assert_true(step.reboot);
	assert_string_equal(vc_host_step_persist(&step, arena),
			    "echo 'options vfio-pci p=1' > /etc/modprobe.d/vhostcheck-vfio-pci-p.conf");
	assert_string_equal(step.undo, "rm -f /etc/modprobe.d/vhostcheck-vfio-pci-p.conf");
	setting.live = true;
	step = make(&setting, NULL);
	assert_string_equal(step.now, "echo 1 > /sys/module/vfio_pci/parameters/p");
	assert_string_equal(step.needs, "/sys/module/vfio_pci/parameters/p");
	assert_false(step.reboot);
	assert_non_null(strstr(step.undo, "&& echo 0 > /sys/module/vfio_pci/parameters/p"));
}

static void
test_load(void **state _unused_)
{
	const struct vc_host_setting setting = { .verb = VC_VERB_LOAD, .name = "vfio-pci" };
	struct vc_host_step step = make(&setting, NULL);

	assert_string_equal(step.now, "modprobe vfio-pci");
	assert_string_equal(step.unless, "/sys/module/vfio_pci");
	assert_string_equal(vc_host_step_persist(&step, arena),
			    "echo 'vfio-pci' > /etc/modules-load.d/vhostcheck-vfio-pci.conf");
}

static void
test_ways(void **state _unused_)
{
	assert_string_equal(way_of("grub", "debian")->title, "Debian and Ubuntu with GRUB");
	assert_string_equal(way_of("grubby", "fedora")->title, "Fedora, RHEL and theirs");
	assert_string_equal(way_of("systemd-boot", "debian")->title, "Debian and Ubuntu with systemd-boot");
	assert_string_equal(way_of("systemd-boot", "arch")->title, "systemd-boot with kernel-install");
	assert_string_equal(way_of("proxmox", "debian")->title, "Proxmox with systemd-boot");
	assert_string_equal(way_of("rpm-ostree", "fedora")->loader, "rpm-ostree");
	/* Nobody's update-grub elsewhere; and what is not known is not guessed. */
	assert_null(way_of("grub", "arch"));
	assert_null(way_of("grub", NULL));
	assert_null(way_of("systemd-boot", NULL));
	assert_null(way_of(NULL, "debian"));
}

static void
test_kernel(void **state _unused_)
{
	struct vc_host_setting setting = { .verb = VC_VERB_KERNEL, .value = " hugepagesz=1G  hugepages=4 " };
	struct vc_host_step step = make(&setting, way_of("grub", "debian"));

	assert_null(step.now);
	assert_true(step.reboot);
	assert_string_equal(step.file, "/etc/default/grub.d/99-vhostcheck-hugepagesz-1G-hugepages-4.cfg");
	assert_string_equal(step.content, "GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT hugepagesz=1G "
					  "hugepages=4\"");
	assert_string_equal(step.then, "update-grub");
	step = make(&setting, way_of("grubby", "fedora"));
	assert_null(step.file);
	assert_string_equal(step.then, "grubby --update-kernel=ALL --args='hugepagesz=1G hugepages=4'");
	assert_string_equal(step.undo, "grubby --update-kernel=ALL --remove-args='hugepagesz=1G hugepages=4'");
	step = make(&setting, way_of("rpm-ostree", "fedora"));
	assert_string_equal(step.then, "rpm-ostree kargs --append-if-missing=hugepagesz=1G "
				       "--append-if-missing=hugepages=4");
	assert_string_equal(step.undo, "rpm-ostree kargs --delete-if-present=hugepagesz=1G "
				       "--delete-if-present=hugepages=4");
}

static void
test_kernel_remove(void **state _unused_)
{
	struct vc_host_setting setting = { .verb = VC_VERB_KERNEL, .value = "a.b=off", .remove = true };
	struct vc_host_step step = make(&setting, way_of("grub", "debian"));

	assert_string_equal(step.file, "/etc/default/grub.d/99-vhostcheck-no-a.b-off.cfg");
	assert_non_null(strstr(step.content, "GRUB_CMDLINE_LINUX=$(echo \" $GRUB_CMDLINE_LINUX \" | "
					     "sed -e :a -e \"s| a[.]b=off | |; ta\")\n"));
	step = make(&setting, way_of("grubby", "fedora"));
	assert_string_equal(step.then, "grubby --update-kernel=ALL --remove-args='a.b=off'");
	assert_string_equal(step.undo, "grubby --update-kernel=ALL --args='a.b=off'");
	step = make(&setting, way_of("proxmox", "debian"));
	assert_string_equal(step.then, "sed -E -i ':a; s#(^| )a[.]b=off( |$)#\\1\\2#; ta' /etc/kernel/cmdline && "
				       "proxmox-boot-tool refresh");
	assert_string_equal(step.undo, "sed -E -i '1{\\#(^| )a[.]b=off( |$)#!s#$# a.b=off#}' /etc/kernel/cmdline && "
				       "proxmox-boot-tool refresh");
}

static void
test_unknown_way(void **state _unused_)
{
	struct vc_host_setting setting = { .verb = VC_VERB_KERNEL, .value = "x=1" };
	struct vc_host_step step = make(&setting, NULL);

	assert_null(step.file);
	assert_null(step.then);
	assert_null(vc_host_step_persist(&step, arena));
	assert_non_null(strstr(step.words, "add x=1 to the kernel command line"));
	assert_non_null(strstr(step.words, "grubby --update-kernel=ALL --args="));
	setting.remove = true;
	assert_non_null(strstr(make(&setting, NULL).words, "remove x=1 from the kernel command line"));
}

/* What means something to a shell, to sed or to YAML is said, and never run. */
static void
test_hostile(void **state _unused_)
{
	static const char *const values[] = {
		"$(reboot)", "a;b", "a'b", "a\"b", "a\nb", "a|b", "a#b", "a`b`", "a{b}", "{{ x }}", "a\\b", "", "a\tb",
	};

	for (size_t i = 0; i < VC_COUNT(values); i++) {
		const struct vc_host_setting setting[] = {
			{ .verb = VC_VERB_KERNEL, .value = values[i] },
			{ .verb = VC_VERB_SYSCTL, .name = "x", .value = values[i] },
			{ .verb = VC_VERB_MODULE, .name = "m", .parameter = "p", .value = values[i], .live = true },
		};

		for (size_t j = 0; j < VC_COUNT(setting); j++) {
			struct vc_host_step step = make(&setting[j], way_of("grub", "debian"));

			assert_non_null(step.words);
			assert_null(step.now);
			assert_null(step.file);
			assert_null(step.then);
			assert_null(step.undo);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sysctl),	 cmocka_unit_test(test_module),	       cmocka_unit_test(test_load),
		cmocka_unit_test(test_ways),	 cmocka_unit_test(test_kernel),	       cmocka_unit_test(test_kernel_remove),
		cmocka_unit_test(test_unknown_way), cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
