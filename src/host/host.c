/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>

#include "base/macro.h"
#include "base/tri.h"
#include "host/kernel-parameter.h"
#include "host/probe-iomem.h"
#include "host/probe-iommu.h"
#include "host/probe-pci.h"
#include "host/probe.h"

/* In this order: a probe may use the facts of those above it, and names the areas it cannot do without. */
static const struct probe {
	enum vc_area area;
	unsigned needs;
	vc_probe_fn *probe;
} probes[] = {
	{ VC_AREA_KERNEL, 0, vc_probe_kernel },     { VC_AREA_KCONFIG, VC_AREA_KERNEL, vc_probe_kconfig },
	{ VC_AREA_CPU, 0, vc_probe_cpu },           { VC_AREA_CPUID, 0, vc_probe_cpuid },
	{ VC_AREA_MSR, VC_AREA_CPU, vc_probe_msr }, { VC_AREA_SYSCTL, 0, vc_probe_sysctl },
	{ VC_AREA_MODULE, VC_AREA_KERNEL, vc_probe_module }, { VC_AREA_CLOCK, 0, vc_probe_clock },
	{ VC_AREA_MEMORY, 0, vc_probe_memory },     { VC_AREA_DMI, 0, vc_probe_dmi },
	{ VC_AREA_KVM, VC_AREA_CPU, vc_probe_kvm }, { VC_AREA_PCI, 0, vc_probe_pci },
	{ VC_AREA_IOMMU, 0, vc_probe_iommu },       { VC_AREA_IOMEM, 0, vc_probe_iomem },
	{ VC_AREA_QEMU, 0, vc_probe_qemu },         { VC_AREA_LIBVIRT, 0, vc_probe_libvirt },
	{ VC_AREA_TOPOLOGY, 0, vc_probe_topology },
	{ VC_AREA_QEMU_CONF, 0, vc_probe_qemu_conf }, { VC_AREA_MOUNTS, 0, vc_probe_mounts },
	{ VC_AREA_SEV, 0, vc_probe_sev },
	{ VC_AREA_NETWORK, 0, vc_probe_network },   { VC_AREA_NETWORK, 0, vc_probe_listen },
	{ VC_AREA_HELPER, 0, vc_probe_helper },     { VC_AREA_HELPER, 0, vc_probe_usb },
	{ VC_AREA_USE, 0, vc_probe_use },
	{ VC_AREA_USE, 0, vc_probe_domains },
	{ VC_AREA_DESKTOP, 0, vc_probe_sleep },
	{ VC_AREA_DESKTOP, 0, vc_probe_display },
	{ VC_AREA_USER, 0, vc_probe_user },
	{ VC_AREA_NVMM, VC_AREA_USER | VC_AREA_KERNEL, vc_probe_nvmm },
	{ VC_AREA_DISTRIBUTION, 0, vc_probe_distribution },
	{ VC_AREA_QUIRK, VC_AREA_KERNEL, vc_probe_quirk },
};

/* Files that guests name, a record for each; nothing else depends on them. */
static const struct probe file_probes[] = {
	{ VC_AREA_ROM, 0, vc_probe_rom },
	{ VC_AREA_IMAGE, 0, vc_probe_image },
	{ VC_AREA_IMAGE, VC_AREA_QEMU_CONF, vc_probe_file },
	{ VC_AREA_FIRMWARE, 0, vc_probe_firmware },
};

static unsigned
areas_of(const struct probe *probe, size_t count, unsigned areas)
{
	for (size_t i = 0; i < count; i++) {
		if (areas & probe[i].area)
			areas |= probe[i].needs;
	}
	return areas;
}

void
vc_host_probe_files(struct vc_hostfs *fs, const struct vc_host_request *request, struct vc_host *host)
{
	host->rom = host->image = host->file = host->firmware = (struct vc_fact_list){ .item = NULL };
	for (size_t i = 0; i < VC_COUNT(file_probes); i++) {
		if (request->areas & file_probes[i].area)
			file_probes[i].probe(fs, request, host);
	}
}

void
vc_host_probe(struct vc_hostfs *fs, const struct vc_host_request *request, struct vc_host *ret_host)
{
	unsigned areas = areas_of(file_probes, VC_COUNT(file_probes), request->areas);

	areas = areas_of(probes, VC_COUNT(probes), areas);
	*ret_host = (struct vc_host){ .recorded = vc_hostfs_kind(fs) != VC_HOSTFS_LIVE };
	for (size_t i = 0; i < VC_COUNT(probes); i++) {
		if (areas & probes[i].area)
			probes[i].probe(fs, request, ret_host);
	}
	vc_host_probe_files(fs, request, ret_host);
	if (areas & VC_AREA_MODULE)
		vc_probe_modprobe(fs, ret_host);
	if (areas & VC_AREA_MSR) {
		vc_host_derive_cpu(ret_host);
		vc_host_derive_firmware_lock(ret_host);
	}
	if (areas & VC_AREA_KERNEL)
		vc_kernel_parameter_judge(fs, ret_host);
}

const struct vc_rom *
vc_host_find_rom(const struct vc_host *host, const char *path)
{
	const struct vc_rom *rom = host->rom.item;

	for (size_t i = 0; i < host->rom.count; i++) {
		if (vc_known(&rom[i].path.fact) && strcmp(rom[i].path.value, path) == 0)
			return &rom[i];
	}
	return NULL;
}

const struct vc_firmware *
vc_host_find_firmware(const struct vc_host *host, const char *path)
{
	const struct vc_firmware *firmware = host->firmware.item;

	for (size_t i = 0; i < host->firmware.count; i++) {
		if (vc_known(&firmware[i].path.fact) && strcmp(firmware[i].path.value, path) == 0)
			return &firmware[i];
	}
	return NULL;
}

const struct vc_host_image *
vc_host_find_image(const struct vc_host *host, const char *path)
{
	const struct vc_host_image *image = host->image.item;

	for (size_t i = 0; i < host->image.count; i++) {
		if (vc_known(&image[i].path.fact) && strcmp(image[i].path.value, path) == 0)
			return &image[i];
	}
	return NULL;
}

const struct vc_usb *
vc_host_find_usb(const struct vc_host *host, const char *id)
{
	const struct vc_usb *usb = host->usb.item;

	for (size_t i = 0; i < host->usb.count; i++) {
		if (vc_known(&usb[i].id.fact) && strcmp(usb[i].id.value, id) == 0)
			return &usb[i];
	}
	return NULL;
}

const struct vc_listen *
vc_host_find_listen(const struct vc_host *host, const char *address)
{
	const struct vc_listen *listen = host->listen.item;

	for (size_t i = 0; i < host->listen.count; i++) {
		if (vc_known(&listen[i].address.fact) && strcmp(listen[i].address.value, address) == 0)
			return &listen[i];
	}
	return NULL;
}

const struct vc_host_file *
vc_host_find_file(const struct vc_host *host, const char *path)
{
	const struct vc_host_file *file = host->file.item;

	for (size_t i = 0; i < host->file.count; i++) {
		if (vc_known(&file[i].path.fact) && strcmp(file[i].path.value, path) == 0)
			return &file[i];
	}
	return NULL;
}

const struct vc_emulator *
vc_host_find_emulator(const struct vc_host *host, const char *path)
{
	const struct vc_emulator *emulator = host->emulator.item;

	for (size_t i = 0; i < host->emulator.count; i++) {
		if (vc_known(&emulator[i].path.fact) && strcmp(emulator[i].path.value, path) == 0)
			return &emulator[i];
	}
	return NULL;
}

static enum vc_tri
is_number(const struct vc_fact_number *fact, uint64_t value)
{
	if (vc_known(&fact->fact))
		return vc_tri_from(fact->value == value);
	/* Proved to be none at all, so not this one either. */
	return fact->fact.state == VC_ABSENT ? VC_NO : VC_UNKNOWN;
}

/* Absent stands for the whole host. */
static enum vc_tri
is_whole(const struct vc_fact_number *node)
{
	if (node->fact.state == VC_ABSENT)
		return VC_YES;
	return vc_known(&node->fact) ? VC_NO : VC_UNKNOWN;
}

const struct vc_hugepage_pool *
vc_host_find_hugepage_pool(const struct vc_host *host, uint64_t size, int node)
{
	/* Nobody can say whether there is one: all its facts are unread. */
	static const struct vc_hugepage_pool unknown;
	const struct vc_hugepage_pool *pool = host->hugepage_pool.item;
	bool possible = !vc_known(&host->hugepage_pool.fact) ||
			(node >= 0 && host->numa_nodes.fact.state == VC_UNREADABLE);

	for (size_t i = 0; i < host->hugepage_pool.count; i++) {
		enum vc_tri here =
			node < 0 ? is_whole(&pool[i].node) : is_number(&pool[i].node, (uint64_t)node);
		enum vc_tri match = vc_tri_and(here, is_number(&pool[i].size, size));

		if (match == VC_YES)
			return &pool[i];
		possible = possible || match == VC_UNKNOWN;
	}
	return possible ? &unknown : NULL;
}

/* The fact came from below @prefix, or is named by it. */
static bool
is_from(const struct vc_fact *fact, const char *prefix)
{
	return fact->from && strncmp(fact->from, prefix, strlen(prefix)) == 0;
}

/* Of a fact that needs several areas: is this the area that failed? */
static bool
is_from_host_file(const struct vc_fact *fact)
{
	return is_from(fact, "/proc/") || is_from(fact, "/sys/") || is_from(fact, "/dev/") ||
	       is_from(fact, "/boot/") || is_from(fact, "vhostcheck/") || is_from(fact, "CPUID");
}

const char *
vc_area_hint(unsigned areas, const struct vc_fact *fact)
{
	if (fact->state == VC_KNOWN || fact->state == VC_UNREAD)
		return NULL;
	if ((areas & VC_AREA_MSR) && is_from(fact, "/dev/cpu/") && fact->state == VC_UNREADABLE &&
	    fact->err != VC_ENOTCOLLECTED && fact->err != EACCES && fact->err != EPERM)
		return "load the msr module (modprobe msr) and run as root";
	/* What the input leaves open no host can tell. */
	if (fact->state == VC_UNREADABLE && (fact->err == VC_ESHELL || fact->err == VC_EOPTIONS))
		return NULL;
	/* Versions can be given by hand, whatever kept them from being read. */
	if ((areas & VC_AREA_QEMU) && !is_from_host_file(fact))
		return "name it with --qemu-version";
	if ((areas & VC_AREA_LIBVIRT) && !is_from_host_file(fact))
		return "name it with --libvirt-version";
	if (fact->state == VC_ABSENT)
		return NULL;
	if (fact->err == VC_ERELATIVE)
		return "write the whole path";
	if (fact->err == EBUSY)
		return "check the domain while its guest is off";
	if (fact->err == EACCES || fact->err == EPERM)
		return "run as root";
	if ((areas & VC_AREA_KCONFIG) && (is_from(fact, "/boot/") || is_from(fact, "/usr/lib/modules/")))
		return "install the kernel's configuration as /boot/config-RELEASE";
	if (fact->err == VC_ENOTCOLLECTED)
		return "record the host with vhostcheck capture";
	return NULL;
}

const char *
vc_host_hint(const struct vc_host *host, unsigned areas, const struct vc_fact *fact)
{
	bool refused = fact->state == VC_UNREADABLE && (fact->err == EACCES || fact->err == EPERM);
	const char *hint = vc_area_hint(areas, fact);

	return hint && refused && host && host->recorded ? "record the host as root" : hint;
}
