/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kernel, configuration, modules, sysctls, clock, firmware names, and the advice about what is not known. */
#include "host-tree.h"

#include <errno.h>
#include <string.h>

#include "host/scan.h"

#define UNAME(release) "Linux\nhost\n" release "\n#1 SMP\nx86_64\n"

/* What VFIO will be given, from all that modprobe reads. */
static void
modprobe(void **state)
{
	static const struct {
		const char *cmdline, *path, *text;
		bool yes;
	} cases[] = {
		{ "quiet", NULL, NULL, false },
		{ "vfio_iommu_type1.allow_unsafe_interrupts=1", NULL, NULL, true },
		{ "vfio-iommu-type1.allow_unsafe_interrupts", NULL, NULL, true },
		{ "vfio_iommu_type1.allow_unsafe_interrupts=0", NULL, NULL, false },
		{ "", "/etc/modprobe.d/vfio.conf", "# x\noptions vfio_iommu_type1 dma_entry_limit=9 allow_unsafe_interrupts=1\n", true },
		{ "", "/etc/modprobe.d/vfio.conf", "options vfio-iommu-type1 allow-unsafe-interrupts=Y", true },
		{ "", "/etc/modprobe.d/vfio.conf", "options vfio_iommu_type1 allow_unsafe_interrupts=0", false },
		{ "", "/etc/modprobe.d/vfio.conf", "#options vfio_iommu_type1 allow_unsafe_interrupts=1", false },
		{ "", "/etc/modprobe.d/vfio.conf", "options iommufd allow_unsafe_interrupts=1", false },
		{ "", "/etc/modprobe.d/vfio.conf.off", "options vfio_iommu_type1 allow_unsafe_interrupts=1", false },
		{ "", "/usr/lib/modprobe.d/vfio.conf", "options vfio_iommu_type1 allow_unsafe_interrupts=1", true },
		{ "", "/usr/lib/modprobe.d/hidden.conf", "options vfio_iommu_type1 allow_unsafe_interrupts=1", false },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		struct tree *tree = tree_new(true);
		const char *name = cases[i].path ? strrchr(cases[i].path, '/') + 1 : "empty.conf";
		bool etc = cases[i].path && strncmp(cases[i].path, "/etc/", 5) == 0;

		tree_file(tree, "/proc/cmdline", cases[i].cmdline);
		tree_line(tree, "file absent /sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts");
		/* The same name in /etc hides what is below. */
		tree_file(tree, "/etc/modprobe.d/hidden.conf", "");
		tree_line(tree, vc_arena_printf(tree->arena, "list known /etc/modprobe.d\n\thidden.conf%s%s",
						etc ? "\n\t" : "", etc ? name : ""));
		tree_line(tree, "list absent /lib/modprobe.d");
		tree_line(tree, "list absent /run/modprobe.d");
		tree_line(tree, vc_arena_printf(tree->arena, "list known /usr/lib/modprobe.d\n\t%s", name));
		tree_line(tree, "list absent /usr/local/lib/modprobe.d");
		if (cases[i].path)
			tree_file(tree, cases[i].path, cases[i].text);
		else
			tree_file(tree, "/usr/lib/modprobe.d/empty.conf", "");
		assert_known_flag(tree_probe(tree, VC_AREA_MODULE)->modprobe_type1_unsafe_interrupts, cases[i].yes);
		assert_absent(tree->host.module_type1_unsafe_interrupts);
		tree_free(tree);
	}
}

/* A loaded module has what it has; what was not collected may say yes. */
static void
modprobe_states(void **state)
{
	struct tree *tree = tree_new(true);

	(void)state;
	tree_file(tree, "/sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts", "N\n");
	assert_known_flag(tree_probe(tree, VC_AREA_MODULE)->modprobe_type1_unsafe_interrupts, false);
	tree_free(tree);
	tree = tree_new(true);
	tree_line(tree, "file absent /sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts");
	tree_file(tree, "/proc/cmdline", "quiet");
	tree_line(tree, "list EACCES /etc/modprobe.d");
	tree_line(tree, "list absent /lib/modprobe.d");
	tree_line(tree, "list absent /run/modprobe.d");
	tree_line(tree, "list absent /usr/lib/modprobe.d");
	tree_line(tree, "list absent /usr/local/lib/modprobe.d");
	assert_unreadable(tree_probe(tree, VC_AREA_MODULE)->modprobe_type1_unsafe_interrupts, EACCES);
	tree_free(tree);
}

static void
release(void **state)
{
	static const struct {
		const char *uname, *version;
	} cases[] = {
		{ UNAME("6.12.107+deb13-amd64"), "6.12.107" },
		{ UNAME("5.14.0-503.el9.x86_64"), "5.14" },
		{ UNAME("7.2.0-rc1"), "7.2" },
		{ UNAME("linux"), NULL },
		{ UNAME("7"), NULL },
		{ UNAME(""), NULL },
		{ "Linux\n", NULL },
		{ "", NULL },
	};
	char text[VC_VERSION_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		struct tree *tree = tree_new(true);
		const struct vc_host *host;

		tree_ask(tree, "uname", cases[i].uname);
		host = tree_probe(tree, VC_AREA_KERNEL);
		if (cases[i].version) {
			assert_int_equal(host->kernel_version.fact.state, VC_KNOWN);
			vc_version_format(host->kernel_version.value, text);
			assert_string_equal(text, cases[i].version);
			assert_known_text(host->hostname, "host");
		} else {
			assert_unreadable(host->kernel_version, VC_EGARBLED);
		}
		assert_unreadable(host->kernel_cmdline, VC_ENOTCOLLECTED);
		assert_unreadable(host->kernel_parameter, VC_ENOTCOLLECTED);
		assert_unreadable(host->iommu_igfx_off, VC_ENOTCOLLECTED);
		assert_unreadable(host->kernel_verbose, VC_ENOTCOLLECTED);
		assert_unreadable(host->kernel_msi_off, VC_ENOTCOLLECTED);
		tree_free(tree);
	}
}

static void
stable_version(void **state)
{
	static const struct {
		const char *release, *version, *signature; /* NULL: no such file */
		const char *stable;                        /* NULL: nobody says */
	} cases[] = {
		{ "6.1.0-13-amd64", "#1 SMP PREEMPT_DYNAMIC Debian 6.1.55-1 (2023-09-29)", NULL, "6.1.55" },
		{ "5.15.0-130-generic", "#140-Ubuntu SMP", "Ubuntu 5.15.0-130.140-generic 5.15.173\n", "5.15.173" },
		{ "5.15.0-130-generic", "#140-Ubuntu SMP", "Ubuntu\n", NULL },
		{ "5.14.0-503.el9.x86_64", "#1 SMP", NULL, NULL },
		{ "6.6.1-arch1-1", "#1 SMP", NULL, "6.6.1" },
		{ "6.7", "#1 SMP Debian x", NULL, NULL },
	};
	char text[VC_VERSION_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		struct tree *tree = tree_new(true);
		const struct vc_host *host;

		tree_ask(tree, "uname",
			 vc_arena_printf(tree->arena, "Linux\nhost\n%s\n%s\nx86_64\n", cases[i].release,
					 cases[i].version));
		if (cases[i].signature)
			tree_file(tree, "/proc/version_signature", cases[i].signature);
		host = tree_probe(tree, VC_AREA_KERNEL);
		if (cases[i].stable) {
			assert_int_equal(host->kernel_stable_version.fact.state, VC_KNOWN);
			vc_version_format(host->kernel_stable_version.value, text);
			assert_string_equal(text, cases[i].stable);
		} else {
			assert_unreadable(host->kernel_stable_version, EOPNOTSUPP);
		}
		tree_free(tree);
	}
}

static void
foreign_release(void **state)
{
	static const struct {
		const char *path, *text, *release;
	} cases[] = {
		{ "/proc/sys/kernel/osrelease", "6.12.1-x\n", "6.12.1-x" },
		{ "/proc/version", "Linux version 6.1.0-9-amd64 (who@where) (gcc) #1 SMP\n",
		  "6.1.0-9-amd64" },
		{ "/proc/version", "Linux 6.1.0\n", NULL },
		{ "/proc/version", "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		struct tree *tree = tree_new(false);
		const struct vc_host *host;

		tree_file(tree, cases[i].path, cases[i].text);
		host = tree_probe(tree, VC_AREA_KERNEL);
		if (cases[i].release) {
			assert_known_text(host->kernel_release, cases[i].release);
		} else {
			assert_unreadable(host->kernel_release, VC_EGARBLED);
		}
		tree_free(tree);
	}
}

static void
lockdown(void **state)
{
	static const struct {
		const char *text, *value;
	} cases[] = {
		{ "[none] integrity confidentiality\n", "none" },
		{ "none [integrity] confidentiality\n", "integrity" },
		{ "none integrity\n", NULL },
		{ "[]\n", NULL },
	};
	struct tree *tree;

	(void)state;
	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		tree = tree_new(true);
		tree_file(tree, "/sys/kernel/security/lockdown", cases[i].text);
		tree_probe(tree, VC_AREA_KERNEL);
		if (cases[i].value) {
			assert_known_text(tree->host.kernel_lockdown, cases[i].value);
		} else {
			assert_unreadable(tree->host.kernel_lockdown, VC_EGARBLED);
		}
		tree_free(tree);
	}
	/* Nothing there at all: securityfs is not mounted. Something there: the kernel has no lockdown. */
	tree = tree_new(true);
	tree_line(tree, "file absent /sys/kernel/security/lockdown\nlist known /sys/kernel/security");
	assert_unreadable(tree_probe(tree, VC_AREA_KERNEL)->kernel_lockdown, ENODEV);
	tree_free(tree);
	tree = tree_new(true);
	tree_line(tree, "file absent /sys/kernel/security/lockdown\nlist known /sys/kernel/security\n\tlsm");
	assert_absent(tree_probe(tree, VC_AREA_KERNEL)->kernel_lockdown);
	tree_free(tree);
}

struct config {
	const char *text;
	int simplefb, default_on, intel; /* -1: garbled */
};

static void
kconfig(void **state)
{
	static const struct config configs[] = {
		{ "CONFIG_SYSFB_SIMPLEFB=y\nCONFIG_INTEL_IOMMU=y\nCONFIG_INTEL_IOMMU_DEFAULT_ON=y\n", 1, 1,
		  1 },
		{ "# CONFIG_SYSFB_SIMPLEFB is not set\nCONFIG_INTEL_IOMMU=y\n", 0, 0, 1 },
		{ "CONFIG_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF=y\n", 0, 1, 0 },
		{ "CONFIG_X86_SYSFB=y", 1, 0, 0 },
		{ "CONFIG_SYSFB_SIMPLEFB=yes\nXCONFIG_INTEL_IOMMU=y\n#CONFIG_INTEL_IOMMU=y\n", 0, 0, 0 },
		{ "nothing of the kind\n", -1, -1, -1 },
		{ "", -1, -1, -1 },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(configs); i++) {
		struct tree *tree = tree_new(true);
		const struct vc_host *host;

		tree_ask(tree, "uname", UNAME("6.12.1"));
		tree_file(tree, "/boot/config-6.12.1", configs[i].text);
		host = tree_probe(tree, VC_AREA_KCONFIG);
		if (configs[i].simplefb < 0) {
			assert_unreadable(host->kconfig_sysfb_simplefb, VC_EGARBLED);
		} else {
			assert_known_flag(host->kconfig_sysfb_simplefb, configs[i].simplefb);
			assert_known_flag(host->kconfig_iommu_default_on, configs[i].default_on);
			assert_known_flag(host->kconfig_intel_iommu, configs[i].intel);
		}
		tree_free(tree);
	}
}

/* Not installed is not known: every kernel has a configuration. */
static void
kconfig_missing(void **state)
{
	struct tree *tree = tree_new(true);
	const struct vc_host *host;

	(void)state;
	tree_ask(tree, "uname", UNAME("6.12.1"));
	tree_line(tree, "file absent /boot/config-6.12.1");
	tree_line(tree, "file absent /usr/lib/modules/6.12.1/config");
	tree_line(tree, "file absent /lib/modules/6.12.1/config");
	host = tree_probe(tree, VC_AREA_KCONFIG);
	assert_unreadable(host->kconfig_intel_iommu, VC_ENOTCOLLECTED);
	assert_non_null(
		strstr(vc_area_hint(VC_AREA_KCONFIG | VC_AREA_KERNEL, &host->kconfig_intel_iommu.fact),
		       "/boot/config"));
	tree_free(tree);

	tree = tree_new(true);
	tree_ask(tree, "uname", UNAME("../../etc/6.12"));
	assert_unreadable(tree_probe(tree, VC_AREA_KCONFIG)->kconfig_intel_iommu, VC_EGARBLED);
	tree_free(tree);
}

static void
modules(void **state)
{
	struct tree *tree = tree_new(true);
	const struct vc_host *host;

	(void)state;
	tree_file(tree, "/proc/modules",
		  "vfio_pci 16384 0 - Live 0x0000000000000000\nvfio 69632 2 vfio_pci,vfio_iommu_type1, Live "
		  "0x0\n\n");
	tree_line(tree, "list known /sys/module\n\tkvm\n\tvfio");
	tree_file(tree, "/sys/module/kvm/parameters/ignore_msrs", "Y\n");
	tree_file(tree, "/sys/module/kvm_amd/parameters/nested", "1\n");
	tree_file(tree, "/sys/module/kvm_intel/parameters/nested", "N\n");
	tree_file(tree, "/sys/module/kvm_amd/parameters/sev", "maybe\n");
	tree_file(tree, "/sys/module/vfio_iommu_type1/parameters/dma_entry_limit", "65535\n");
	tree_line(tree, "file absent /sys/module/iommufd/parameters/allow_unsafe_interrupts");
	tree_line(tree, "file EACCES /sys/module/vfio_pci/parameters/disable_idle_d3");
	host = tree_probe(tree, VC_AREA_MODULE);
	assert_int_equal(host->modules.fact.state, VC_KNOWN);
	assert_int_equal(host->modules.count, 3);
	assert_true(vc_set_has(&host->modules, "vfio_pci"));
	assert_true(vc_set_has(&host->modules, "kvm"));
	assert_known_flag(host->module_kvm_ignore_msrs, true);
	assert_known_flag(host->module_kvm_amd_nested, true);
	assert_known_flag(host->module_kvm_intel_nested, false);
	assert_unreadable(host->module_kvm_amd_sev, VC_EGARBLED);
	assert_known_number(host->module_type1_dma_entry_limit, 65535);
	assert_absent(host->module_iommufd_unsafe_interrupts);
	assert_unreadable(host->module_vfio_pci_disable_idle_d3, EACCES);
	assert_unreadable(host->module_kvm_mmio_caching, VC_ENOTCOLLECTED);
	tree_free(tree);

	/* A kernel without loadable modules, and a list that was refused. */
	tree = tree_new(true);
	tree_line(tree, "file absent /proc/modules\nlist known /sys/module\n\tkvm");
	assert_int_equal(tree_probe(tree, VC_AREA_MODULE)->modules.count, 1);
	tree_free(tree);
	tree = tree_new(true);
	tree_line(tree, "file EACCES /proc/modules\nlist known /sys/module\n\tkvm");
	assert_unreadable(tree_probe(tree, VC_AREA_MODULE)->modules, EACCES);
	tree_free(tree);
}

static void
too_many_modules(void **state)
{
	static const struct {
		size_t lines;
		int state;
	} cases[] = { { VC_WORDS_MAX, VC_KNOWN }, { VC_WORDS_MAX + 1, VC_UNREADABLE } };

	(void)state;
	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		struct tree *tree = tree_new(true);
		struct vc_buf text = { 0 };

		for (size_t k = 0; k < cases[i].lines; k++)
			vc_buf_add(&text, "m\n");
		tree_file(tree, "/proc/modules", vc_buf_text(&text));
		vc_buf_release(&text);
		assert_int_equal(tree_probe(tree, VC_AREA_MODULE)->modules.fact.state, cases[i].state);
		tree_free(tree);
	}
}

static void
small_files(void **state)
{
	struct tree *tree = tree_new(true);
	const struct vc_host *host;

	(void)state;
	tree_file(tree, "/proc/sys/vm/overcommit_memory", "2\n");
	tree_file(tree, "/proc/sys/kernel/numa_balancing", "2\n");
	tree_line(tree, "file absent /proc/sys/kernel/split_lock_mitigate");
	tree_file(tree, "/sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet\n");
	tree_file(tree, "/sys/devices/system/clocksource/clocksource0/available_clocksource",
		  "tsc hpet acpi_pm \n");
	tree_file(tree, "/sys/class/dmi/id/sys_vendor", "ACME \n");
	tree_file(tree, "/sys/class/dmi/id/product_name", "   \n");
	tree_line(tree, "file EACCES /sys/class/dmi/id/board_name");
	tree_file(tree, "/sys/class/dmi/id/chassis_type", "138\n");
	host = tree_probe(tree, VC_AREA_SYSCTL | VC_AREA_CLOCK | VC_AREA_DMI);
	assert_known_number(host->sysctl_overcommit_memory, 2);
	assert_known_flag(host->sysctl_numa_balancing, true);
	assert_absent(host->sysctl_split_lock_mitigate);
	assert_known_text(host->clocksource, "hpet");
	assert_int_equal(host->clocksource_available.count, 3);
	assert_known_text(host->dmi_system_vendor, "ACME");
	assert_absent(host->dmi_product_name);
	/* A notebook with a lock. */
	assert_known_number(host->dmi_chassis_type, 138);
	assert_known_flag(host->portable, true);
	assert_unreadable(host->dmi_board_name, EACCES);
	assert_string_equal(vc_area_hint(VC_AREA_DMI, &host->dmi_board_name.fact), "run as root");
	assert_null(vc_area_hint(VC_AREA_DMI, &host->dmi_product_name.fact));
	assert_null(vc_area_hint(VC_AREA_CLOCK, &host->clocksource.fact));
	/* Areas that nobody asked for stay unread. */
	assert_int_equal(host->cpu_vendor.fact.state, VC_UNREAD);
	assert_int_equal(host->kernel_version.fact.state, VC_UNREAD);
	assert_int_equal(host->kvm_device.fact.state, VC_UNREAD);
	tree_free(tree);
}

static void
chassis(void **state)
{
	static const struct {
		const char *type;
		enum vc_state state;
		bool portable;
	} cases[] = {
		{ "3\n", VC_KNOWN, false },  { "7\n", VC_KNOWN, false },  { "8\n", VC_KNOWN, true },
		{ "10\n", VC_KNOWN, true },  { "11\n", VC_KNOWN, false }, { "14\n", VC_KNOWN, true },
		{ "29\n", VC_KNOWN, false }, { "30\n", VC_KNOWN, true },  { "32\n", VC_KNOWN, true },
		{ "33\n", VC_KNOWN, false }, { "x\n", VC_UNREADABLE, false },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		struct tree *tree = tree_new(true);
		const struct vc_host *host;

		tree_file(tree, "/sys/class/dmi/id/chassis_type", cases[i].type);
		host = tree_probe(tree, VC_AREA_DMI);
		assert_int_equal(host->portable.fact.state, cases[i].state);
		assert_int_equal(host->portable.value, cases[i].portable);
		tree_free(tree);
	}
}

static void
verbose(void **state)
{
	static const struct {
		const char *cmdline;
		bool verbose;
	} cases[] = {
		{ "ro quiet", false },
		{ "ro debug", true },
		{ "ignore_loglevel", true },
		{ "ignore-loglevel=1", true },
		{ "loglevel=7", false },
		{ "loglevel=8", true },
		{ "loglevel=high", false },
		{ "debugpat systemd.log_level=debug", false },
		{ "debug=1", false },
		{ "ro -- debug", false },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		struct tree *tree = tree_new(true);
		const struct vc_host *host;

		tree_file(tree, "/proc/cmdline", cases[i].cmdline);
		host = tree_probe(tree, VC_AREA_KERNEL);
		assert_known_flag(host->kernel_verbose, cases[i].verbose);
		tree_free(tree);
	}
}

static void
igfx_off(void **state)
{
	static const struct {
		const char *cmdline;
		bool off;
	} cases[] = {
		{ "ro quiet", false },
		{ "intel_iommu=on,igfx_off", true },
		{ "intel-iommu=igfx_off intel_iommu=on", true },
		{ "intel_iommu=on,igfx_offset", true }, /* the kernel compares eight letters */
		{ "intel_iommu=xigfx_off", false },
		{ "intel_iommu", false },
		{ "amd_iommu=igfx_off", false },
		{ "ro -- intel_iommu=igfx_off", false },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		struct tree *tree = tree_new(true);
		const struct vc_host *host;

		tree_file(tree, "/proc/cmdline", cases[i].cmdline);
		host = tree_probe(tree, VC_AREA_KERNEL);
		assert_known_flag(host->iommu_igfx_off, cases[i].off);
		tree_free(tree);
	}
}

static void
msi_off(void **state)
{
	static const struct {
		const char *cmdline;
		bool off;
	} cases[] = {
		{ "ro quiet", false },
		{ "pci=nomsi", true },
		{ "pci=noaer,nomsi,realloc", true },
		{ "pci=nomsix pci=realloc", false },
		{ "pci=realloc pci=nomsi", true },
		{ "pci", false },
		{ "nomsi", false },
		{ "ro -- pci=nomsi", false },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		struct tree *tree = tree_new(true);
		const struct vc_host *host;

		tree_file(tree, "/proc/cmdline", cases[i].cmdline);
		host = tree_probe(tree, VC_AREA_KERNEL);
		assert_known_flag(host->kernel_msi_off, cases[i].off);
		tree_free(tree);
	}
}

static void
hints(void **state)
{
	static const struct {
		unsigned areas;
		enum vc_state state;
		int err;
		const char *from, *part;
	} cases[] = {
		{ VC_AREA_MSR, VC_UNREADABLE, ENXIO, "/dev/cpu/0/msr 0x33", "modprobe msr" },
		{ VC_AREA_MSR, VC_UNREADABLE, EACCES, "/dev/cpu/0/msr 0x33", "run as root" },
		{ VC_AREA_MSR, VC_UNREADABLE, VC_ENOTCOLLECTED, "/dev/cpu/0/msr 0x33", "vhostcheck capture" },
		{ VC_AREA_MSR, VC_ABSENT, 0, "/dev/cpu/0/msr 0x33", NULL },
		{ VC_AREA_IOMEM, VC_UNREADABLE, EPERM, "/proc/iomem", "run as root" },
		{ VC_AREA_PCI, VC_UNREADABLE, VC_ENOTCOLLECTED, "/sys/bus/pci", "vhostcheck capture" },
		{ VC_AREA_CPU, VC_UNREADABLE, VC_EGARBLED, "/proc/cpuinfo", NULL },
		{ VC_AREA_CPU, VC_UNREAD, 0, NULL, NULL },
		{ VC_AREA_QEMU, VC_UNREADABLE, VC_EGARBLED, "/usr/bin/qemu-system-x86_64", "--qemu-version" },
		{ VC_AREA_LIBVIRT, VC_UNREADABLE, VC_ENOTCOLLECTED, "libvirt.so.0", "--libvirt-version" },
		/* A fact of several areas: advice for the one that failed. */
		{ VC_AREA_QEMU | VC_AREA_MSR | VC_AREA_CPU, VC_UNREADABLE, ENXIO, "/dev/cpu/0/msr 0xc0010010",
		  "modprobe msr" },
		{ VC_AREA_QEMU | VC_AREA_MSR | VC_AREA_CPU, VC_UNREADABLE, EACCES, "/proc/cpuinfo",
		  "run as root" },
		{ VC_AREA_QEMU | VC_AREA_MSR | VC_AREA_CPU, VC_ABSENT, 0, "/usr/bin/qemu-system-x86_64",
		  "--qemu-version" },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		const struct vc_fact fact = { .state = cases[i].state,
					      .err = cases[i].err,
					      .from = cases[i].from };
		const char *hint = vc_area_hint(cases[i].areas, &fact);

		if (!cases[i].part != !hint || (hint && !strstr(hint, cases[i].part)))
			fail_msg("row %zu: %s", i, hint ? hint : "none");
	}
}

/* Root here reads nothing of a host that was recorded elsewhere. */
static void
hints_for_recorded_hosts(void **state)
{
	const struct vc_host live = { 0 }, recorded = { .recorded = true };
	const struct vc_fact refused = { .state = VC_UNREADABLE, .err = EACCES, .from = "/dev/kvm" };
	const struct vc_fact known = { .state = VC_KNOWN };

	(void)state;
	assert_string_equal(vc_host_hint(&live, VC_AREA_KVM, &refused), "run as root");
	assert_string_equal(vc_host_hint(&recorded, VC_AREA_KVM, &refused), "record the host as root");
	assert_null(vc_host_hint(&recorded, VC_AREA_KVM, &known));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(modprobe),
		cmocka_unit_test(modprobe_states),
		cmocka_unit_test(release),
		cmocka_unit_test(stable_version),
		cmocka_unit_test(foreign_release),
		cmocka_unit_test(lockdown),
		cmocka_unit_test(kconfig),
		cmocka_unit_test(kconfig_missing),
		cmocka_unit_test(modules),
		cmocka_unit_test(too_many_modules),
		cmocka_unit_test(small_files),
		cmocka_unit_test(chassis), cmocka_unit_test(igfx_off), cmocka_unit_test(msi_off), cmocka_unit_test(verbose),
		cmocka_unit_test(hints), cmocka_unit_test(hints_for_recorded_hosts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
