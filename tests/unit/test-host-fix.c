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
	assert_string_equal(way_of("systemd-boot", "arch")->title, "systemd-boot with kernel-install (systemd 255)");
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
	struct vc_host_setting setting = {
		.verb = VC_VERB_KERNEL, .value = " hugepagesz=1G  hugepages=4 ", .cmdline = "root=/dev/x quiet",
	};
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

/* grubby puts a new value in the place of an old one, and pages of another size may have the same number. */
static void
test_kernel_beside(void **state _unused_)
{
	static const struct {
		const char *cmdline, *value, *then, *undo; /* then NULL: by hand */
	} cases[] = {
		{ "quiet intel_iommu=on", "intel_iommu=sm_off", "--args='intel_iommu=on,sm_off'", " --args='intel_iommu=on'" },
		{ "intel_iommu=on,igfx_off intel_iommu=sm_on", "intel_iommu=sm_off",
		  "--args='intel_iommu=on,igfx_off,sm_off'", " --args='intel_iommu=on,igfx_off,sm_on'" },
		{ "intel_iommu=off", "intel_iommu=on", "--args='intel_iommu=on'", " --args='intel_iommu=off'" },
		{ "xintel_iommu=off intel_iommux=1", "intel_iommu=on", "--args='intel_iommu=on'",
		  " --remove-args='intel_iommu=on'" },
		{ "intel_iommu=on", "intel_iommu=on", "--args='intel_iommu=on'", " --remove-args='intel_iommu=on'" },
		{ "initcall_blacklist=a", "initcall_blacklist=sysfb_init nomodeset",
		  "--args='initcall_blacklist=a,sysfb_init nomodeset'",
		  " --remove-args='nomodeset' --args='initcall_blacklist=a'" },
		{ "video=HDMI-A-1:1920x1080", "video=efifb:off", NULL, NULL },
		{ "intel_iommu=$(reboot)", "intel_iommu=on", NULL, NULL },
		{ NULL, "intel_iommu=on", NULL, NULL },
	};

	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		struct vc_host_setting setting = {
			.verb = VC_VERB_KERNEL, .value = cases[i].value, .cmdline = cases[i].cmdline,
		};
		struct vc_host_step step = make(&setting, way_of("grubby", "fedora"));

		if (!cases[i].then) {
			assert_null(step.then);
			assert_null(step.undo);
			assert_non_null(step.words);
			continue;
		}
		assert_null(step.words);
		assert_string_equal(step.then, vc_arena_printf(arena, "grubby --update-kernel=ALL %s", cases[i].then));
		assert_string_equal(step.undo, vc_arena_printf(arena, "grubby --update-kernel=ALL%s", cases[i].undo));
	}
}

static void
test_kernel_hugepages(void **state _unused_)
{
	struct vc_host_setting setting = {
		.verb = VC_VERB_KERNEL, .value = "hugepagesz=1G hugepages=4", .cmdline = "hugepagesz=2M hugepages=4",
	};
	struct vc_host_step step = make(&setting, way_of("systemd-boot", "arch"));

	/* Both words together, as the second one means nothing alone. */
	assert_non_null(strstr(step.then, "\\~(^| )hugepagesz=1G hugepages=4( |$)~!s~$~ hugepagesz=1G hugepages=4~"));
	assert_non_null(strstr(step.undo, ":a; s~(^| )hugepagesz=1G hugepages=4( |$)~"));
	assert_non_null(make(&setting, way_of("grub", "debian")).file);
	assert_null(make(&setting, way_of("grubby", "fedora")).then);
	assert_null(make(&setting, way_of("rpm-ostree", "fedora")).then);
	/* The kernel takes the first hugepagesz of a size. */
	setting.cmdline = "quiet hugepagesz=1G hugepages=2";
	for (size_t i = 0; i < vc_boot_ways_count; i++) {
		step = make(&setting, &vc_boot_ways[i]);
		assert_null(step.then);
		assert_non_null(strstr(step.words, "hugepagesz=1G hugepages=4: it has hugepagesz=1G already"));
		assert_true(step.reboot);
	}
}

static void
test_kernel_remove(void **state _unused_)
{
	struct vc_host_setting setting = {
		.verb = VC_VERB_KERNEL, .value = "a.b=off", .cmdline = "a.b=off", .remove = true,
	};
	struct vc_host_step step = make(&setting, way_of("grub", "debian"));

	assert_string_equal(step.file, "/etc/default/grub.d/99-vhostcheck-no-a.b-off.cfg");
	assert_non_null(strstr(step.content, "GRUB_CMDLINE_LINUX=$(echo \" $GRUB_CMDLINE_LINUX \" | "
					     "sed -e :a -e \"s| a[.]b=off | |; ta\")\n"));
	step = make(&setting, way_of("grubby", "fedora"));
	assert_string_equal(step.then, "grubby --update-kernel=ALL --remove-args='a.b=off'");
	assert_string_equal(step.undo, "grubby --update-kernel=ALL --args='a.b=off'");
	/* Adding it again would cost what is there besides. */
	setting.cmdline = "a.b=off a.b=on";
	assert_null(make(&setting, way_of("grubby", "fedora")).undo);
	step = make(&setting, way_of("proxmox", "debian"));
	assert_string_equal(step.then, "sed -E -i ':a; s~(^| )a[.]b=off( |$)~\\1\\2~; ta' /etc/kernel/cmdline && "
				       "proxmox-boot-tool refresh");
	assert_string_equal(step.undo, "sed -E -i '/^ *(#|$)/!{\\~(^| )a[.]b=off( |$)~!s~$~ a.b=off~}' /etc/kernel/cmdline && "
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
		cmocka_unit_test(test_kernel_beside), cmocka_unit_test(test_kernel_hugepages),
		cmocka_unit_test(test_unknown_way), cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
