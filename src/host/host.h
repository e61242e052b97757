/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The host model: all facts of the host side. Filled by the probes, then sealed: const for everyone else.
 * The tables below are the reference of fact names; vhostcheck facts prints them.
 */
#pragma once

#include "base/diag.h"
#include "base/fact.h"

/*
 * Areas of the host. A probe reads one area; only those that the rules in play need are read.
 * Every field below names the areas that must have been probed before it can be known.
 */
enum vc_area {
	VC_AREA_CPU = 1 << 0,	  /* /proc/cpuinfo, uname */
	VC_AREA_CPUID = 1 << 1,	  /* CPUID leaves 0x80000008, 0x8000001F */
	VC_AREA_MSR = 1 << 2,	  /* /dev/cpu/0/msr */
	VC_AREA_KERNEL = 1 << 3,  /* release, command line, lockdown */
	VC_AREA_KCONFIG = 1 << 4, /* /boot/config-RELEASE: 250 kB, so apart */
	VC_AREA_SYSCTL = 1 << 5,
	VC_AREA_MODULE = 1 << 6, /* loaded modules and their effective parameters */
	VC_AREA_CLOCK = 1 << 7,
	VC_AREA_MEMORY = 1 << 8, /* meminfo, huge pages, resource limits */
	VC_AREA_DMI = 1 << 9,
	VC_AREA_KVM = 1 << 10,	 /* /dev/kvm */
	VC_AREA_IOMMU = 1 << 11, /* units, groups, ACPI tables, interrupt remapping */
	VC_AREA_PCI = 1 << 12,
	VC_AREA_IOMEM = 1 << 13, /* who holds the BARs */
	VC_AREA_QEMU = 1 << 14,	 /* version of the emulator */
	VC_AREA_LIBVIRT = 1 << 15,
	VC_AREA_DISTRIBUTION = 1 << 16, /* os-release, boot loader: how the host is changed */
	VC_AREA_ROM = 1 << 17, /* ROM files that domains name */
	VC_AREA_TOPOLOGY = 1 << 18, /* which CPUs there are, and which are set apart: /sys/devices/system/cpu */
	VC_AREA_MOUNTS = 1 << 19,   /* mounted file systems that matter: /proc/mounts */
	VC_AREA_QEMU_CONF = 1 << 20, /* libvirt's settings for QEMU: /etc/libvirt/qemu.conf */
	VC_AREA_NETWORK = 1 << 21,   /* interfaces, libvirt's networks */
	VC_AREA_HELPER = 1 << 22,    /* what devices of guests are made with besides QEMU: programs, descriptors, nodes */
	VC_AREA_SEV = 1 << 23,	     /* /dev/sev */
	VC_AREA_IMAGE = 1 << 24,     /* files that domains start from */
	VC_AREA_USE = 1 << 25,	     /* what the host itself needs: mounted disks, swap, the way out */
	VC_AREA_DESKTOP = 1 << 26,   /* what puts the host to sleep, and its own display: systemd, /sys/class/drm, the X server */
	VC_AREA_QUIRK = 1 << 27,     /* data/quirks, and those of the site */
	VC_AREA_FIRMWARE = 1 << 28,  /* firmware files that guests name */
	VC_AREA_USER = 1 << 29,	     /* who asks */
	VC_AREA_NVMM = 1 << 30,	     /* /dev/nvmm of NetBSD and DragonFly */
};
#define VC_AREA_ALL ((1u << 31) - 1)

/* A region of I/O virtual addresses the IOMMU does not translate freely. */
struct vc_reserved;
#define VC_RESERVED_FACTS(F) \
	F(range, region, "region", none, VC_AREA_IOMMU, NULL, "addresses") \
	F(text, type, "type", none, VC_AREA_IOMMU, NULL, \
	  "direct, direct-relaxable, reserved or msi [linux 6.12 drivers/iommu/iommu.c iommu_group_resv_type_string]")
struct vc_reserved { VC_RESERVED_FACTS(VC_FACT_MEMBER) };
extern const struct vc_schema vc_schema_reserved;

#define VC_IOMMU_GROUP_FACTS(F) \
	F(number, id, "id", none, VC_AREA_IOMMU, NULL, "number of the group: /sys/kernel/iommu_groups/ID") \
	F(text, type, "type", none, VC_AREA_IOMMU | VC_AREA_KERNEL, NULL, \
	  "default domain of the group (not VFIO's): identity, DMA, DMA-FQ, blocked; file type") \
	F(set, members, "members", none, VC_AREA_IOMMU, NULL, "PCI addresses in the group: directory devices/") \
	F(flag, has_relaxable_class, "has_relaxable_class", none, VC_AREA_IOMMU | VC_AREA_PCI, NULL, \
	  "a member is a USB controller, a display or an ISA bridge: for others no driver calls a region direct-relaxable") \
	F(list, reserved, "reserved", none, VC_AREA_IOMMU, &vc_schema_reserved, \
	  "regions that VFIO cannot map, or must map one to one: file reserved_regions")
struct vc_iommu_group { VC_IOMMU_GROUP_FACTS(VC_FACT_MEMBER) };
extern const struct vc_schema vc_schema_iommu_group;

#define VC_IOMMU_UNIT_FACTS(F) \
	F(text, name, "name", none, VC_AREA_IOMMU, NULL, "dmarN, ivhdN, ...: /sys/class/iommu/NAME") \
	F(text, kind, "kind", none, VC_AREA_IOMMU, NULL, "intel, amd, or other") \
	F(number, cap, "cap", hex, VC_AREA_IOMMU, NULL, "Intel capability register: intel-iommu/cap (printed without 0x)") \
	F(number, ecap, "ecap", hex, VC_AREA_IOMMU, NULL, "Intel extended capability register: intel-iommu/ecap") \
	F(number, efr, "efr", hex, VC_AREA_IOMMU | VC_AREA_KERNEL, NULL, "AMD extended feature register: amd-iommu/features") \
	F(number, efr2, "efr2", hex, VC_AREA_IOMMU | VC_AREA_KERNEL, NULL, \
	  "AMD second extended feature register; absent before Linux 6.0") \
	F(number, mgaw_bits, "mgaw_bits", bits, VC_AREA_IOMMU, NULL, "Intel maximum guest address width: cap 21:16 + 1") \
	F(number, aw_bits, "aw_bits", bits, VC_AREA_IOMMU | VC_AREA_KERNEL | VC_AREA_CPU, NULL, \
	  "widest I/O virtual address VFIO can map through this unit, by the running kernel's formula") \
	F(flag, interrupt_remapping, "interrupt_remapping", none, VC_AREA_IOMMU, NULL, \
	  "the hardware can remap interrupts: Intel ecap bit 3; AMD units always can") \
	F(flag, extended_interrupts, "extended_interrupts", none, VC_AREA_IOMMU, NULL, "Intel ecap bit 4 (EIM), AMD EFR XTSup") \
	F(flag, pass_through, "pass_through", none, VC_AREA_IOMMU, NULL, "Intel ecap bit 6 (PT)") \
	F(flag, snoop_control, "snoop_control", none, VC_AREA_IOMMU, NULL, "Intel ecap bit 7 (SC)") \
	F(flag, scalable_mode, "scalable_mode", none, VC_AREA_IOMMU, NULL, "Intel ecap bit 43 (SMTS)") \
	F(flag, first_stage, "first_stage", none, VC_AREA_IOMMU, NULL, "Intel ecap bit 47 (FLTS)") \
	F(flag, second_stage, "second_stage", none, VC_AREA_IOMMU, NULL, "Intel ecap bit 46 (SLTS)")
struct vc_iommu_unit { VC_IOMMU_UNIT_FACTS(VC_FACT_MEMBER) };
extern const struct vc_schema vc_schema_iommu_unit;

#define VC_BAR_FACTS(F) \
	F(number, index, "index", none, VC_AREA_PCI, NULL, "0 to 5") \
	F(range, region, "region", none, VC_AREA_PCI, NULL, "host physical addresses; absent while not assigned") \
	F(number, size, "size", bytes, VC_AREA_PCI, NULL, "size of the BAR") \
	F(flag, memory, "memory", none, VC_AREA_PCI, NULL, "a memory BAR, not I/O ports") \
	F(flag, wide, "wide", none, VC_AREA_PCI, NULL, "a 64-bit BAR") \
	F(flag, prefetchable, "prefetchable", none, VC_AREA_PCI, NULL, "a prefetchable BAR") \
	F(number, possible_sizes, "possible_sizes", hex, VC_AREA_PCI | VC_AREA_KERNEL, NULL, \
	  "bit n: 2^n MiB is possible; resourceN_resize (Linux 6.1) or the configuration space; absent if not resizable") \
	F(text, holder, "holder", none, VC_AREA_PCI | VC_AREA_IOMEM, NULL, \
	  "who claimed part of the BAR and keeps it when the device's driver goes: /proc/iomem; absent if nobody") \
	F(range, held, "held", none, VC_AREA_PCI | VC_AREA_IOMEM, NULL, "the part that holder claimed")
struct vc_bar { VC_BAR_FACTS(VC_FACT_MEMBER) };
extern const struct vc_schema vc_schema_bar;

/* Detailed only for the devices somebody asked for, see struct vc_host_request. */
#define VC_PCI_FACTS(F) \
	F(text, address, "address", none, VC_AREA_PCI, NULL, "DDDD:BB:DD.F") \
	F(number, vendor_id, "vendor_id", hex, VC_AREA_PCI, NULL, "file vendor") \
	F(number, device_id, "device_id", hex, VC_AREA_PCI, NULL, "file device") \
	F(number, subsystem_vendor_id, "subsystem_vendor_id", hex, VC_AREA_PCI, NULL, "file subsystem_vendor") \
	F(number, subsystem_device_id, "subsystem_device_id", hex, VC_AREA_PCI, NULL, "file subsystem_device") \
	F(number, class, "class", hex, VC_AREA_PCI, NULL, "24 bits: base class, subclass, interface; file class") \
	F(number, revision, "revision", hex, VC_AREA_PCI, NULL, "file revision") \
	F(number, header_type, "header_type", hex, VC_AREA_PCI, NULL, \
	  "byte 0x0e of the configuration space, bits 6:0; 0 endpoint, 1 bridge, 0x7f no answer") \
	F(flag, responds, "responds", none, VC_AREA_PCI, NULL, \
	  "the configuration space does not read as all ones; the vendor alone may, in a virtual function") \
	F(text, driver, "driver", none, VC_AREA_PCI, NULL, "name of the bound driver; absent if none is") \
	F(text, driver_override, "driver_override", none, VC_AREA_PCI, NULL, "file driver_override; absent if unset") \
	F(set, reset_methods, "reset_methods", none, VC_AREA_PCI | VC_AREA_KERNEL, NULL, \
	  "file reset_method (Linux 5.15); absent if no function-level method works") \
	F(text, power_state, "power_state", none, VC_AREA_PCI | VC_AREA_KERNEL, NULL, "D0, D3hot, D3cold, ...: file power_state (Linux 5.11)") \
	F(flag, d3cold_allowed, "d3cold_allowed", none, VC_AREA_PCI, NULL, "file d3cold_allowed") \
	F(flag, boot_vga, "boot_vga", none, VC_AREA_PCI, NULL, "the firmware's display; absent for other classes; file boot_vga") \
	F(number, enable_count, "enable_count", none, VC_AREA_PCI, NULL, \
	  "how often it is enabled: file enable; vfio-pci enables it while somebody has it open") \
	F(number, numa_node, "numa_node", none, VC_AREA_PCI, NULL, "file numa_node; absent if the firmware names none (-1)") \
	F(text, local_cpus, "local_cpus", none, VC_AREA_PCI, NULL, \
	  "CPUs of that node, as 0-7,16: file local_cpulist; absent without a node, or if it has none") \
	F(number, sriov_total_vfs, "sriov_total_vfs", none, VC_AREA_PCI, NULL, "file sriov_totalvfs; absent without SR-IOV") \
	F(number, sriov_vfs, "sriov_vfs", none, VC_AREA_PCI, NULL, "file sriov_numvfs; absent without SR-IOV") \
	F(text, physical_function, "physical_function", none, VC_AREA_PCI, NULL, "address of the PF of a VF: link physfn; absent otherwise") \
	F(text, physical_driver, "physical_driver", none, VC_AREA_PCI, NULL, \
	  "driver of the PF of a VF; absent if none is bound, or this is no VF") \
	F(flag, flr, "flr", none, VC_AREA_PCI, NULL, \
	  "function level reset: PCIe DEVCAP bit 28, or the Advanced Features capability with TP and FLR") \
	F(flag, pm_reset, "pm_reset", none, VC_AREA_PCI, NULL, "D3hot to D0 resets it: PMCSR NoSoftRst is 0; absent without the capability") \
	F(flag, express, "express", none, VC_AREA_PCI, NULL, "has the PCI Express capability; no: conventional PCI") \
	F(flag, msi, "msi", none, VC_AREA_PCI, NULL, "has the MSI capability") \
	F(flag, msi_enabled, "msi_enabled", none, VC_AREA_PCI, NULL, "MSI is enabled now") \
	F(flag, msix, "msix", none, VC_AREA_PCI, NULL, "has the MSI-X capability") \
	F(flag, msix_enabled, "msix_enabled", none, VC_AREA_PCI, NULL, "MSI-X is enabled now") \
	F(flag, ats_enabled, "ats_enabled", none, VC_AREA_PCI, NULL, \
	  "the device asks the IOMMU for translations and keeps them (ATS): enabled now; no without the capability") \
	F(number, irq, "irq", none, VC_AREA_PCI, NULL, \
	  "interrupt line of INTx; absent without one; known while the device is enabled and MSI is not in use; file irq") \
	F(set, irq_handlers, "irq_handlers", none, VC_AREA_PCI, NULL, \
	  "who else handles that line, without the device's own driver; absent if nobody: /proc/interrupts") \
	F(number, rom_size, "rom_size", bytes, VC_AREA_PCI, NULL, "expansion ROM; absent if none") \
	F(text, root_port, "root_port", none, VC_AREA_PCI, NULL, \
	  "address of the root port above it; absent if it sits on the root bus; link /sys/bus/pci/devices/ADDRESS") \
	F(number, root_port_errors, "root_port_errors", none, VC_AREA_PCI, NULL, \
	  "uncorrectable errors (AER) the root port was told of since the host booted; absent without root port or AER") \
	F(flag, rom_shadowed, "rom_shadowed", none, VC_AREA_PCI, NULL, \
	  "the ROM resource is the copy at 0xc0000: file resource, ROM line bit 1") \
	F(list, bar, "bar", none, VC_AREA_PCI, &vc_schema_bar, "base address registers in use: file resource") \
	F(number, largest_bar, "largest_bar", bytes, VC_AREA_PCI, NULL, "size of the largest memory BAR; absent if there is none") \
	F(number, unassigned_bar, "unassigned_bar", none, VC_AREA_PCI, NULL, \
	  "first BAR that firmware and kernel found no addresses for: file resource, flag IORESOURCE_UNSET; absent if none") \
	F(text, bar_holder, "bar_holder", none, VC_AREA_PCI | VC_AREA_IOMEM, NULL, \
	  "holder of the first BAR that has one; absent if there is none") \
	F(range, bar_held, "bar_held", none, VC_AREA_PCI | VC_AREA_IOMEM, NULL, "what bar_holder claimed") \
	F(number, bar_held_index, "bar_held_index", none, VC_AREA_PCI | VC_AREA_IOMEM, NULL, "the BAR that bar_holder claimed") \
	F(ref, group, "group", none, VC_AREA_PCI | VC_AREA_IOMMU, &vc_schema_iommu_group, \
	  "link iommu_group; absent if the device is in none") \
	F(ref, iommu_unit, "iommu_unit", none, VC_AREA_PCI | VC_AREA_IOMMU, &vc_schema_iommu_unit, \
	  "link iommu: the unit that translates for this device") \
	F(number, aw_bits, "aw_bits", bits, VC_AREA_PCI | VC_AREA_IOMMU | VC_AREA_KERNEL | VC_AREA_CPU, NULL, \
	  "address bits QEMU sees as host aw-bits for this device [qemu 10.0.13 hw/vfio/helpers.c vfio_device_get_aw_bits]") \
	F(set, quirk, "quirk", none, VC_AREA_PCI | VC_AREA_KERNEL | VC_AREA_QUIRK, NULL, \
	  "names of the quirks of data/quirks and of the site that apply to it on the running kernel; absent if none does")
struct vc_pci {
	VC_PCI_FACTS(VC_FACT_MEMBER)
	bool detailed; /* asked for itself, not only as a member of somebody's group */
};
extern const struct vc_schema vc_schema_pci;

/* Something the running host needs, and the PCI devices on the way to it. */
#define VC_USE_FACTS(F) \
	F(text, kind, "kind", none, VC_AREA_USE, NULL, "disk or network") \
	F(text, purpose, "purpose", none, VC_AREA_USE, NULL, "the file system on /, swap, the default route") \
	F(set, through, "through", none, VC_AREA_USE, NULL, "addresses of the PCI devices: /sys/class/block, /sys/class/net")
struct vc_use { VC_USE_FACTS(VC_FACT_MEMBER) };
extern const struct vc_schema vc_schema_use;

#define VC_USB_FACTS(F) \
	F(text, id, "id", none, VC_AREA_HELPER, NULL, "vendor:product in hexadecimal, @bus.device, or both") \
	F(number, count, "count", none, VC_AREA_HELPER, NULL, "how many such devices there are: /sys/bus/usb/devices")
struct vc_usb { VC_USB_FACTS(VC_FACT_MEMBER) };
extern const struct vc_schema vc_schema_usb;

#define VC_LISTEN_FACTS(F) \
	F(text, address, "address", none, VC_AREA_NETWORK, NULL, "as the guest names it") \
	F(flag, here, "here", none, VC_AREA_NETWORK, NULL, \
	  "an interface has it, or it stands for all; not known of names, which are not resolved")
struct vc_listen { VC_LISTEN_FACTS(VC_FACT_MEMBER) };
extern const struct vc_schema vc_schema_listen;

/* A guest of libvirt that takes PCI devices of the host. */
#define VC_DOMAIN_FACTS(F) \
	F(text, name, "name", none, VC_AREA_USE, NULL, "its name; not recorded in captures") \
	F(text, uuid_mark, "uuid_mark", none, VC_AREA_USE, NULL, "a number made from its UUID, to know it again") \
	F(text, name_mark, "name_mark", none, VC_AREA_USE, NULL, "the same from its name") \
	F(flag, running, "running", none, VC_AREA_USE, NULL, "it is running: /run/libvirt/qemu/NAME.xml") \
	F(flag, autostart, "autostart", none, VC_AREA_USE, NULL, \
	  "libvirt's daemon starts it with itself: /etc/libvirt/qemu/autostart/NAME.xml") \
	F(set, devices, "devices", none, VC_AREA_USE, NULL, "addresses of the PCI devices")
struct vc_domain { VC_DOMAIN_FACTS(VC_FACT_MEMBER) };
extern const struct vc_schema vc_schema_domain;

#define VC_PARAMETER_FACTS(F) \
	F(text, name, "name", none, VC_AREA_KERNEL, NULL, "as written, before '='") \
	F(text, value, "value", none, VC_AREA_KERNEL, NULL, "after '=', quotes removed; absent without '='") \
	F(text, ignored_because, "ignored_because", none, VC_AREA_KERNEL | VC_AREA_IOMMU | VC_AREA_CPU, NULL, \
	  "why the running kernel does nothing with it; absent if it may have an effect")
struct vc_parameter { VC_PARAMETER_FACTS(VC_FACT_MEMBER) };
extern const struct vc_schema vc_schema_parameter;

#define VC_HUGEPAGE_POOL_FACTS(F) \
	F(number, size, "size", bytes, VC_AREA_MEMORY, NULL, "size of one page") \
	F(number, node, "node", none, VC_AREA_MEMORY, NULL, "NUMA node; absent for the whole host") \
	F(number, total_pages, "total_pages", pages, VC_AREA_MEMORY, NULL, "nr_hugepages") \
	F(number, free_pages, "free_pages", pages, VC_AREA_MEMORY, NULL, "free_hugepages") \
	F(number, reserved_pages, "reserved_pages", pages, VC_AREA_MEMORY, NULL, "resv_hugepages; whole host only") \
	F(number, overcommit_pages, "overcommit_pages", pages, VC_AREA_MEMORY, NULL, "nr_overcommit_hugepages; whole host only") \
	F(number, surplus_pages, "surplus_pages", pages, VC_AREA_MEMORY, NULL, "surplus_hugepages")
struct vc_hugepage_pool { VC_HUGEPAGE_POOL_FACTS(VC_FACT_MEMBER) };
extern const struct vc_schema vc_schema_hugepage_pool;

#define VC_EMULATOR_FACTS(F) \
	F(text, path, "path", none, VC_AREA_QEMU, NULL, "the binary") \
	F(version, version, "version", none, VC_AREA_QEMU, NULL, \
	  "libvirt's capability cache, the version text in the binary, or its --version")
struct vc_emulator { VC_EMULATOR_FACTS(VC_FACT_MEMBER) };
extern const struct vc_schema vc_schema_emulator;

#define VC_ROM_FACTS(F) \
	F(text, path, "path", none, VC_AREA_ROM, NULL, "the file") \
	F(number, size, "size", bytes, VC_AREA_ROM, NULL, "size of the file; absent if there is none") \
	F(text, fault, "fault", none, VC_AREA_ROM, NULL, \
	  "why firmware does not find all of its images; absent if it is sound") \
	F(number, fault_at, "fault_at", hex, VC_AREA_ROM, NULL, "the byte the fault is about") \
	F(flag, x86, "x86", none, VC_AREA_ROM, NULL, "holds an image for BIOS: PCIR code type 0") \
	F(flag, efi, "efi", none, VC_AREA_ROM, NULL, "holds an image for UEFI: PCIR code type 3") \
	F(set, ids, "ids", none, VC_AREA_ROM, NULL, "devices its images are for, vendor:device")
struct vc_rom { VC_ROM_FACTS(VC_FACT_MEMBER) };
extern const struct vc_schema vc_schema_rom;

#define VC_FIRMWARE_FACTS(F) \
	F(text, path, "path", none, VC_AREA_FIRMWARE, NULL, "the file") \
	F(flag, exists, "exists", none, VC_AREA_FIRMWARE, NULL, "there is such a file") \
	F(number, size, "size", bytes, VC_AREA_FIRMWARE, NULL, "size of the file; absent if there is none") \
	F(flag, whole_blocks, "whole_blocks", none, VC_AREA_FIRMWARE, NULL, \
	  "its size is a multiple of 64 KiB, and not 0 [qemu 10.0.13 hw/i386/x86-common.c x86_bios_rom_init]") \
	F(flag, efi, "efi", none, VC_AREA_FIRMWARE, NULL, \
	  "it begins with a firmware volume, as UEFI images do: signature _FVH at byte 0x28 " \
	  "[edk2 2025.02 MdePkg/Include/Pi/PiFirmwareVolume.h EFI_FVH_SIGNATURE]")
struct vc_firmware { VC_FIRMWARE_FACTS(VC_FACT_MEMBER) };
extern const struct vc_schema vc_schema_firmware;

#define VC_HUGETLBFS_FACTS(F) \
	F(text, path, "path", none, VC_AREA_MOUNTS, NULL, "where it is mounted") \
	F(number, size, "size", bytes, VC_AREA_MOUNTS, NULL, "size of its pages: mount option pagesize")
struct vc_hugetlbfs { VC_HUGETLBFS_FACTS(VC_FACT_MEMBER) };
extern const struct vc_schema vc_schema_hugetlbfs;

/* The contents are not known while a QEMU may be writing to them. */
#define VC_HOST_IMAGE_FACTS(F) \
	F(text, path, "path", none, VC_AREA_IMAGE, NULL, "the file") \
	F(number, size, "size", bytes, VC_AREA_IMAGE, NULL, "size of the file; absent if there is none") \
	F(flag, in_use, "in_use", none, VC_AREA_IMAGE, NULL, \
	  "a QEMU may write to it: somebody holds one of the bytes that it locks for that [qemu 10.0.13 block/file-posix.c]") \
	F(flag, locked, "locked", none, VC_AREA_IMAGE, NULL, \
	  "a QEMU that wants to write to it would be refused: somebody writes, or lets nobody write") \
	F(text, backing_fault, "backing_fault", none, VC_AREA_IMAGE, NULL, \
	  "what is wrong with the chain of files a qcow2 image is on top of: missing, or unformatted (its format is not " \
	  "written in the image above, and it is on top of another); absent if nothing is") \
	F(text, backing_file, "backing_file", none, VC_AREA_IMAGE, NULL, "the file that is about; absent without") \
	F(text, format, "format", none, VC_AREA_IMAGE, NULL, "qcow2 if it begins with its magic number, else raw") \
	F(flag, signature, "signature", none, VC_AREA_IMAGE, NULL, "the first sector of the disk ends in 55 aa, as BIOS wants it") \
	F(flag, efi_layout, "efi_layout", none, VC_AREA_IMAGE, NULL, \
	  "its partition table announces GPT, or holds an EFI system partition") \
	F(flag, boot_code, "boot_code", none, VC_AREA_IMAGE, NULL, "something is where BIOS jumps to: the first 440 bytes") \
	F(flag, uefi_notice, "uefi_notice", none, VC_AREA_IMAGE, NULL, "and it holds the word UEFI: it only says what is needed")
struct vc_host_image { VC_HOST_IMAGE_FACTS(VC_FACT_MEMBER) };
extern const struct vc_schema vc_schema_host_image;

/* Whatever a guest names by its path. Nothing is opened. */
#define VC_NEEDS_ACCESS (VC_AREA_IMAGE | VC_AREA_QEMU_CONF)
#define VC_HOST_FILE_FACTS(F) \
	F(text, path, "path", none, VC_AREA_IMAGE, NULL, "as the guest names it") \
	F(flag, exists, "exists", none, VC_AREA_IMAGE, NULL, "something is there; not known on file systems of other machines") \
	F(text, kind, "kind", none, VC_AREA_IMAGE, NULL, "file, directory, character, block or other; absent if nothing is there") \
	F(flag, reached, "reached", none, VC_NEEDS_ACCESS, NULL, \
	  "every directory on the way lets host.qemu.user through, by mode and access control list") \
	F(text, stopped_at, "stopped_at", none, VC_NEEDS_ACCESS, NULL, "the first that does not; absent if all do") \
	F(flag, readable, "readable", none, VC_NEEDS_ACCESS, NULL, \
	  "host.qemu.user gets there and may read it as it is now; libvirt gives it many files first") \
	F(flag, writable, "writable", none, VC_NEEDS_ACCESS, NULL, "the same for reading and writing")
struct vc_host_file { VC_HOST_FILE_FACTS(VC_FACT_MEMBER) };
extern const struct vc_schema vc_schema_host_file;

#define VC_VDPA_DEVICE_FACTS(F) \
	F(text, name, "name", none, VC_AREA_HELPER, NULL, "name of the device: vdpa0") \
	F(text, driver, "driver", none, VC_AREA_HELPER, NULL, "vhost_vdpa (for guests), virtio_vdpa (for the host itself); absent if none") \
	F(text, node, "node", none, VC_AREA_HELPER, NULL, \
	  "/dev/vhost-vdpa-N, which vhost_vdpa makes; absent without [linux 6.12 drivers/vhost/vdpa.c vhost_vdpa_probe]")
struct vc_vdpa_device { VC_VDPA_DEVICE_FACTS(VC_FACT_MEMBER) };
extern const struct vc_schema vc_schema_vdpa_device;

#define VC_HOST_FACTS(F) \
	F(text, cpu_arch, "host.cpu.arch", none, VC_AREA_CPU, NULL, "uname machine: x86_64, aarch64") \
	F(text, cpu_vendor, "host.cpu.vendor", none, VC_AREA_CPU, NULL, "/proc/cpuinfo vendor_id: GenuineIntel, AuthenticAMD") \
	F(number, cpu_family, "host.cpu.family", none, VC_AREA_CPU, NULL, "/proc/cpuinfo cpu family") \
	F(number, cpu_model, "host.cpu.model", none, VC_AREA_CPU, NULL, "/proc/cpuinfo model") \
	F(number, cpu_stepping, "host.cpu.stepping", none, VC_AREA_CPU, NULL, "/proc/cpuinfo stepping") \
	F(text, cpu_model_name, "host.cpu.model_name", none, VC_AREA_CPU, NULL, "/proc/cpuinfo model name") \
	F(set, cpu_flags, "host.cpu.flags", none, VC_AREA_CPU, NULL, "/proc/cpuinfo flags that every CPU has") \
	F(number, cpu_count, "host.cpu.count", none, VC_AREA_CPU, NULL, "CPUs online") \
	F(text, cpu_online, "host.cpu.online", none, VC_AREA_TOPOLOGY, NULL, "CPUs that run, as 0-7,16: /sys/devices/system/cpu/online") \
	F(text, cpu_possible, "host.cpu.possible", none, VC_AREA_TOPOLOGY, NULL, \
	  "CPUs the kernel has room for, running or not: /sys/devices/system/cpu/possible") \
	F(text, cpu_isolated, "host.cpu.isolated", none, VC_AREA_TOPOLOGY, NULL, \
	  "CPUs without load balancing (isolcpus=, isolated cpusets): /sys/devices/system/cpu/isolated; absent if none") \
	F(number, cpu_phys_bits, "host.cpu.phys_bits", bits, VC_AREA_CPU, NULL, \
	  "/proc/cpuinfo address sizes, the narrowest CPU; after the kernel took memory encryption bits off") \
	F(number, cpu_phys_bits_widest, "host.cpu.phys_bits_widest", bits, VC_AREA_CPU, NULL, "the same of the widest CPU: differs on hybrids") \
	F(number, cpu_virt_bits, "host.cpu.virt_bits", bits, VC_AREA_CPU, NULL, "/proc/cpuinfo address sizes, virtual") \
	F(flag, cpu_hypervisor, "host.cpu.hypervisor", none, VC_AREA_CPU, NULL, "the host is itself a guest: flag hypervisor") \
	F(flag, cpu_virtualization, "host.cpu.virtualization", none, VC_AREA_CPU, NULL, "flag vmx or svm") \
	F(number, cpuid_phys_bits, "host.cpuid.phys_bits", bits, VC_AREA_CPUID | VC_AREA_CPU, NULL, \
	  "CPUID 0x80000008 EAX 7:0: what the hardware has; /proc/cpuinfo where CPUID is not to be had and nothing is taken off") \
	F(number, cpuid_guest_phys_bits, "host.cpuid.guest_phys_bits", bits, VC_AREA_CPUID, NULL, "CPUID 0x80000008 EAX 23:16; 0 means the same as phys_bits") \
	F(number, cpuid_encryption, "host.cpuid.encryption", hex, VC_AREA_CPUID, NULL, "CPUID 0x8000001F EAX: SME 0, SEV 1, SEV-ES 3, SEV-SNP 4; absent without the leaf") \
	F(number, cpuid_encryption_bit, "host.cpuid.encryption_bit", none, VC_AREA_CPUID, NULL, "CPUID 0x8000001F EBX 5:0") \
	F(number, cpuid_phys_bits_reduction, "host.cpuid.phys_bits_reduction", bits, VC_AREA_CPUID, NULL, "CPUID 0x8000001F EBX 11:6") \
	F(number, cpuid_encryption_asids, "host.cpuid.encryption_asids", none, VC_AREA_CPUID, NULL, \
	  "CPUID 0x8000001F ECX: how many encrypted guests can run at once; firmware may have set 0") \
	F(number, cpuid_encryption_first_sev, "host.cpuid.encryption_first_sev_asid", none, VC_AREA_CPUID, NULL, \
	  "CPUID 0x8000001F EDX: the ASIDs from here on are for SEV, those below for SEV-ES and SEV-SNP; firmware draws the line") \
	F(flag, cpuid_virtualization, "host.cpuid.virtualization", none, VC_AREA_CPUID, NULL, \
	  "CPUID 0x1 ECX 5 (VMX) or 0x80000001 ECX 2 (SVM): what the hardware has, whatever firmware and kernel left of it") \
	F(flag, cpu_memory_encryption, "host.cpu.memory_encryption", none, VC_AREA_MSR | VC_AREA_CPU | VC_AREA_CPUID, NULL, \
	  "AMD SYSCFG bit 23; Intel IA32_TME_ACTIVATE bit 1") \
	F(number, cpu_usable_phys_bits, "host.cpu.usable_phys_bits", bits, VC_AREA_CPU | VC_AREA_CPUID | VC_AREA_MSR, NULL, \
	  "hardware width less what active memory encryption takes [linux 6.12 arch/x86/kernel/cpu/amd.c early_detect_mem_encrypt]") \
	F(number, msr_test_ctrl, "host.msr.test_ctrl", hex, VC_AREA_MSR, NULL, "MSR 0x33, bit 29: split lock detection is on") \
	F(number, msr_feature_control, "host.msr.feature_control", hex, VC_AREA_MSR, NULL, "MSR 0x3a: bit 0 locked, bit 2 VMX outside SMX") \
	F(number, msr_core_capabilities, "host.msr.core_capabilities", hex, VC_AREA_MSR, NULL, "MSR 0xcf, bit 5: split lock detection exists") \
	F(number, msr_tme_activate, "host.msr.tme_activate", hex, VC_AREA_MSR, NULL, "MSR 0x982: bit 0 locked, bit 1 enabled, 35:32 KeyID bits") \
	F(number, msr_syscfg, "host.msr.syscfg", hex, VC_AREA_MSR, NULL, "MSR 0xC0010010: bit 23 memory encryption, bit 24 SNP") \
	F(number, msr_hwcr, "host.msr.hwcr", hex, VC_AREA_MSR, NULL, "MSR 0xC0010015: bit 0 SMM is locked, without which Linux uses no SEV") \
	F(number, msr_vm_cr, "host.msr.vm_cr", hex, VC_AREA_MSR, NULL, "MSR 0xC0010114: bit 3 lock, bit 4 SVM disabled") \
	F(version, kernel_version, "host.kernel.version", none, VC_AREA_KERNEL, NULL, "uname release, its numbers") \
	F(version, kernel_stable_version, "host.kernel.stable_version", none, VC_AREA_KERNEL, NULL, \
	  "the release of kernel.org the running kernel is made from, where the distribution says so; unreadable for kernels " \
	  "that keep the number x.y.0 and take corrections over under numbers of their own") \
	F(text, kernel_release, "host.kernel.release", none, VC_AREA_KERNEL, NULL, "uname release") \
	F(text, kernel_cmdline, "host.kernel.cmdline", none, VC_AREA_KERNEL, NULL, "/proc/cmdline") \
	F(list, kernel_parameter, "host.kernel.parameter", none, VC_AREA_KERNEL, &vc_schema_parameter, \
	  "the command line split as the kernel splits it [linux 6.12 lib/cmdline.c next_arg]") \
	F(flag, kernel_verbose, "host.kernel.verbose", none, VC_AREA_KERNEL, NULL, \
	  "debug, ignore_loglevel or a loglevel= above 7 stands on the command line: the console shows every message") \
	F(flag, kernel_msi_off, "host.kernel.msi_off", none, VC_AREA_KERNEL, NULL, \
	  "pci= on the command line holds nomsi: no device interrupts by messages (MSI, MSI-X)") \
	F(text, kernel_lockdown, "host.kernel.lockdown", none, VC_AREA_KERNEL, NULL, "none, integrity or confidentiality: /sys/kernel/security/lockdown") \
	F(text, os, "host.os", none, VC_AREA_KERNEL, NULL, "uname sysname: Linux, NetBSD, DragonFly") \
	F(flag, kernel_modules_installed, "host.kernel.modules_installed", none, VC_AREA_MODULE | VC_AREA_KERNEL, NULL, \
	  "the modules of the running kernel are on disk: /lib/modules/RELEASE/modules.dep") \
	F(text, hostname, "host.name", none, VC_AREA_KERNEL, NULL, "uname nodename; redacted in captures") \
	F(flag, kconfig_sysfb_simplefb, "host.kernel.config.sysfb_simplefb", none, VC_AREA_KCONFIG | VC_AREA_KERNEL, NULL, "CONFIG_SYSFB_SIMPLEFB") \
	F(flag, kconfig_iommu_default_on, "host.kernel.config.intel_iommu_default_on", none, VC_AREA_KCONFIG | VC_AREA_KERNEL, NULL, "CONFIG_INTEL_IOMMU_DEFAULT_ON") \
	F(flag, kconfig_intel_iommu, "host.kernel.config.intel_iommu", none, VC_AREA_KCONFIG | VC_AREA_KERNEL, NULL, "CONFIG_INTEL_IOMMU") \
	F(flag, sysctl_split_lock_mitigate, "host.sysctl.split_lock_mitigate", none, VC_AREA_SYSCTL, NULL, \
	  "/proc/sys/kernel/split_lock_mitigate; absent before Linux 6.2 and its backports") \
	F(number, sysctl_overcommit_memory, "host.sysctl.overcommit_memory", none, VC_AREA_SYSCTL, NULL, "/proc/sys/vm/overcommit_memory") \
	F(flag, sysctl_numa_balancing, "host.sysctl.numa_balancing", none, VC_AREA_SYSCTL, NULL, "/proc/sys/kernel/numa_balancing") \
	F(set, modules, "host.modules", none, VC_AREA_MODULE, NULL, "loaded modules, names with '_': /proc/modules") \
	F(flag, module_kvm_ignore_msrs, "host.module.kvm.ignore_msrs", none, VC_AREA_MODULE, NULL, "effective parameter") \
	F(flag, module_kvm_intel_nested, "host.module.kvm_intel.nested", none, VC_AREA_MODULE, NULL, "effective parameter") \
	F(flag, module_kvm_amd_nested, "host.module.kvm_amd.nested", none, VC_AREA_MODULE, NULL, "effective parameter") \
	F(flag, module_kvm_mmio_caching, "host.module.kvm.mmio_caching", none, VC_AREA_MODULE, NULL, "effective parameter") \
	F(flag, module_kvm_amd_sev, "host.module.kvm_amd.sev", none, VC_AREA_MODULE, NULL, "effective parameter") \
	F(flag, module_kvm_amd_sev_es, "host.module.kvm_amd.sev_es", none, VC_AREA_MODULE, NULL, "effective parameter") \
	F(flag, module_kvm_amd_sev_snp, "host.module.kvm_amd.sev_snp", none, VC_AREA_MODULE, NULL, "effective parameter") \
	F(flag, module_type1_unsafe_interrupts, "host.module.vfio_iommu_type1.allow_unsafe_interrupts", none, VC_AREA_MODULE, NULL, "effective parameter; absent while the module is not loaded") \
	F(flag, modprobe_type1_unsafe_interrupts, "host.modprobe.vfio_iommu_type1.allow_unsafe_interrupts", none, VC_AREA_MODULE, NULL, \
	  "what the module has, or will have once it is loaded: effective parameter, else kernel command line and modprobe.d, else no") \
	F(flag, module_iommufd_unsafe_interrupts, "host.module.iommufd.allow_unsafe_interrupts", none, VC_AREA_MODULE, NULL, "effective parameter; absent while the module is not loaded") \
	F(number, module_type1_dma_entry_limit, "host.module.vfio_iommu_type1.dma_entry_limit", none, VC_AREA_MODULE, NULL, "effective parameter") \
	F(flag, module_vfio_pci_disable_denylist, "host.module.vfio_pci.disable_denylist", none, VC_AREA_MODULE, NULL, "effective parameter; absent while the module is not loaded") \
	F(flag, module_vfio_pci_nointxmask, "host.module.vfio_pci.nointxmask", none, VC_AREA_MODULE, NULL, "effective parameter; absent while the module is not loaded") \
	F(flag, module_type1_disable_hugepages, "host.module.vfio_iommu_type1.disable_hugepages", none, VC_AREA_MODULE, NULL, "effective parameter; absent while the module is not loaded") \
	F(flag, module_vfio_pci_disable_idle_d3, "host.module.vfio_pci.disable_idle_d3", none, VC_AREA_MODULE, NULL, "effective parameter") \
	F(text, clocksource, "host.clocksource.current", none, VC_AREA_CLOCK, NULL, "clocksource0/current_clocksource") \
	F(set, clocksource_available, "host.clocksource.available", none, VC_AREA_CLOCK, NULL, "clocksource0/available_clocksource") \
	F(number, memory_total, "host.memory.total", bytes, VC_AREA_MEMORY, NULL, "/proc/meminfo MemTotal") \
	F(number, memory_available, "host.memory.available", bytes, VC_AREA_MEMORY, NULL, "/proc/meminfo MemAvailable") \
	F(number, memory_swap, "host.memory.swap", bytes, VC_AREA_MEMORY, NULL, "/proc/meminfo SwapTotal") \
	F(number, memory_commit_limit, "host.memory.commit_limit", bytes, VC_AREA_MEMORY, NULL, "/proc/meminfo CommitLimit") \
	F(number, memory_committed, "host.memory.committed", bytes, VC_AREA_MEMORY, NULL, "/proc/meminfo Committed_AS") \
	F(number, memlock_soft, "host.memlock.soft", bytes, VC_AREA_MEMORY, NULL, "RLIMIT_MEMLOCK of vhostcheck's own process; absent if unlimited") \
	F(number, memlock_hard, "host.memlock.hard", bytes, VC_AREA_MEMORY, NULL, "the hard limit; absent if unlimited") \
	F(list, hugepage_pool, "host.hugepage_pool", none, VC_AREA_MEMORY, &vc_schema_hugepage_pool, "per page size, whole host and per node") \
	F(set, hugetlbfs, "host.hugetlbfs", none, VC_AREA_MOUNTS, NULL, \
	  "page sizes in bytes of which a hugetlbfs is mounted: /proc/mounts, option pagesize") \
	F(text, memory_backing_dir, "host.memory_backing_dir", none, VC_AREA_QEMU_CONF, NULL, \
	  "where libvirt puts the files of guests with memoryBacking/source type file: memory_backing_dir") \
	F(text, qemu_user, "host.qemu.user", none, VC_AREA_QEMU_CONF, NULL, \
	  "whom libvirt's QEMU runs as: user in qemu.conf, or libvirt-qemu or qemu; a number where it is somebody else") \
	F(number, qemu_uid, "host.qemu.uid", none, VC_AREA_QEMU_CONF, NULL, "number of that user: /etc/passwd") \
	F(set, qemu_groups, "host.qemu.groups", none, VC_AREA_QEMU_CONF, NULL, \
	  "numbers of its groups: /etc/group, and group in qemu.conf") \
	F(text, memory_backing_filesystem, "host.memory_backing_filesystem", none, VC_AREA_QEMU_CONF | VC_AREA_MOUNTS, NULL, \
	  "type of the file system that memory_backing_dir lies on: /proc/mounts") \
	F(text, numa_nodes_with_memory, "host.numa_nodes_with_memory", none, VC_AREA_MEMORY, NULL, \
	  "/sys/devices/system/node/has_memory") \
	F(list, hugetlbfs_mount, "host.hugetlbfs_mount", none, VC_AREA_MOUNTS, &vc_schema_hugetlbfs, "mounted hugetlbfs: /proc/mounts") \
	F(set, numa_nodes, "host.numa_nodes", none, VC_AREA_MEMORY, NULL, "/sys/devices/system/node/nodeN") \
	F(text, dmi_system_vendor, "host.dmi.system_vendor", none, VC_AREA_DMI, NULL, "/sys/class/dmi/id/sys_vendor") \
	F(text, dmi_product_name, "host.dmi.product_name", none, VC_AREA_DMI, NULL, "product_name") \
	F(text, dmi_board_vendor, "host.dmi.board_vendor", none, VC_AREA_DMI, NULL, "board_vendor") \
	F(text, dmi_board_name, "host.dmi.board_name", none, VC_AREA_DMI, NULL, "board_name") \
	F(text, dmi_bios_vendor, "host.dmi.bios_vendor", none, VC_AREA_DMI, NULL, "bios_vendor") \
	F(text, dmi_bios_version, "host.dmi.bios_version", none, VC_AREA_DMI, NULL, "bios_version") \
	F(text, dmi_bios_date, "host.dmi.bios_date", none, VC_AREA_DMI, NULL, "bios_date") \
	F(number, dmi_chassis_type, "host.dmi.chassis_type", none, VC_AREA_DMI, NULL, \
	  "chassis_type: 3 desktop, 8 to 10 and 14 portable, 30 to 32 tablet, convertible, detachable [SMBIOS 3.7 table 17]") \
	F(set, display_cards, "host.display.cards", none, VC_AREA_DESKTOP, NULL, \
	  "PCI addresses of the cards that a driver of the host shows something on: /sys/class/drm; absent if there is none") \
	F(flag, display_x_server, "host.display.x_server", none, VC_AREA_DESKTOP, NULL, "an X server (Xorg) is installed") \
	F(flag, display_manager, "host.display.manager", none, VC_AREA_DESKTOP, NULL, \
	  "a display manager is enabled: /etc/systemd/system/display-manager.service") \
	F(flag, display_running, "host.display.running", none, VC_AREA_DESKTOP, NULL, \
	  "an X server or a Wayland compositor runs: a socket in /tmp/.X11-unix, or wayland-... below /run/user") \
	F(flag, display_card_chosen, "host.display.card_chosen", none, VC_AREA_DESKTOP, NULL, \
	  "the X server is told which card to use: BusID, PrimaryGPU or kmsdev in its configuration") \
	F(set, sleep_states, "host.sleep.states", none, VC_AREA_DESKTOP, NULL, \
	  "what the kernel can: freeze, standby, mem, disk; absent if it cannot sleep; file /sys/power/state") \
	F(flag, sleep_allowed, "host.sleep.allowed", none, VC_AREA_DESKTOP, NULL, \
	  "systemd may suspend: neither sleep.target nor suspend.target is masked, and AllowSuspend= is not no; absent without systemd") \
	F(text, lid_action, "host.sleep.lid_action", none, VC_AREA_DESKTOP, NULL, \
	  "what systemd-logind does when the lid is closed: HandleLidSwitch= of logind.conf; absent without systemd") \
	F(flag, lid_ignores_inhibitors, "host.sleep.lid_ignores_inhibitors", none, VC_AREA_DESKTOP, NULL, \
	  "and does so although something inhibits sleep: LidSwitchIgnoreInhibited=; absent without systemd") \
	F(flag, portable, "host.portable", none, VC_AREA_DMI, NULL, "chassis_type is that of a laptop or tablet") \
	F(set, quirk, "host.quirk", none, VC_AREA_DMI | VC_AREA_KERNEL | VC_AREA_QUIRK, NULL, \
	  "names of the quirks of data/quirks and of the site that apply to this machine; absent if none does") \
	F(flag, kvm_device, "host.kvm.device", none, VC_AREA_KVM, NULL, "/dev/kvm exists; absence is a known no") \
	F(flag, kvm_usable, "host.kvm.usable", none, VC_AREA_KVM, NULL, \
	  "/dev/kvm opened and answered KVM_GET_API_VERSION 12; unreadable if this user may not open it") \
	F(flag, kvm_permitted, "host.kvm.permitted", none, VC_AREA_KVM, NULL, "/dev/kvm lets this user in, whatever it answers then") \
	F(number, kvm_api_version, "host.kvm.api_version", none, VC_AREA_KVM, NULL, "KVM_GET_API_VERSION") \
	F(flag, kvm_module, "host.kvm.module", none, VC_AREA_KVM | VC_AREA_MODULE, NULL, "kvm_intel or kvm_amd (or a built-in equal) is loaded") \
	F(flag, kvm_firmware_disabled, "host.kvm.firmware_disabled", none, VC_AREA_MSR | VC_AREA_CPU | VC_AREA_CPUID, NULL, \
	  "firmware locked virtualization out: Intel FEATURE_CONTROL locked without bit 2, AMD VM_CR SVMDIS") \
	F(flag, sev_device, "host.sev.device", none, VC_AREA_SEV, NULL, \
	  "/dev/sev exists: the module ccp drives AMD's secure processor; absence is a known no") \
	F(flag, iommu_present, "host.iommu.present", none, VC_AREA_IOMMU | VC_AREA_CPU, NULL, \
	  "the kernel drives at least one unit: /sys/class/iommu; the effect, not the parameter") \
	F(list, iommu_unit, "host.iommu.unit", none, VC_AREA_IOMMU, &vc_schema_iommu_unit, "/sys/class/iommu/*") \
	F(number, iommu_aw_bits, "host.iommu.aw_bits", bits, VC_AREA_IOMMU | VC_AREA_KERNEL | VC_AREA_CPU, NULL, "the narrowest unit's aw_bits") \
	F(number, iommu_groups, "host.iommu.groups", none, VC_AREA_IOMMU, NULL, "how many /sys/kernel/iommu_groups there are") \
	F(list, iommu_group, "host.iommu.group", none, VC_AREA_IOMMU, &vc_schema_iommu_group, "the groups of the devices asked for") \
	F(flag, iommu_firmware_table, "host.iommu.firmware_table", none, VC_AREA_IOMMU | VC_AREA_CPU, NULL, \
	  "the firmware describes an IOMMU: ACPI DMAR, IVRS or VIOT exists; not known with IORT, which may be about interrupts alone") \
	F(text, iommu_firmware_table_name, "host.iommu.firmware_table_name", none, VC_AREA_IOMMU, NULL, "DMAR, IVRS, VIOT or IORT; absent if none") \
	F(flag, iommu_interrupt_remapping, "host.iommu.interrupt_remapping", none, VC_AREA_IOMMU, NULL, \
	  "no device can raise an interrupt that is not its own: interrupt chips are named IR-... in /proc/interrupts (x86), " \
	  "or ITS-... (ARM)") \
	F(flag, iommu_igfx_off, "host.iommu.igfx_off", none, VC_AREA_KERNEL, NULL, \
	  "intel_iommu= holds igfx_off: no translation for graphics that have a unit of their own") \
	F(set, pci_addresses, "host.pci.addresses", none, VC_AREA_PCI, NULL, "every PCI device: /sys/bus/pci/devices") \
	F(list, pci, "host.pci.device", none, VC_AREA_PCI, &vc_schema_pci, "the devices asked for, and the members of their groups") \
	F(set, network_interfaces, "host.network.interfaces", none, VC_AREA_NETWORK, NULL, "interfaces and bridges: /sys/class/net") \
	F(set, networks_defined, "host.network.defined", none, VC_AREA_NETWORK, NULL, \
	  "networks that libvirt knows: /etc/libvirt/qemu/networks/NAME.xml") \
	F(set, networks_autostart, "host.network.autostart", none, VC_AREA_NETWORK, NULL, \
	  "those that libvirt's daemon starts with itself: /etc/libvirt/qemu/networks/autostart/NAME.xml") \
	F(set, networks_active, "host.network.active", none, VC_AREA_NETWORK, NULL, \
	  "those that are started: /run/libvirt/network/NAME.xml") \
	F(list, listen, "host.listen", none, VC_AREA_NETWORK, &vc_schema_listen, "the addresses asked for, to listen on") \
	F(flag, bridge_call_iptables, "host.network.bridge_call_iptables", none, VC_AREA_NETWORK, NULL, \
	  "frames on bridges pass iptables: /proc/sys/net/bridge/bridge-nf-call-iptables; absent without br_netfilter") \
	F(set, mediated_devices, "host.mediated_devices", none, VC_AREA_HELPER, NULL, "UUIDs: /sys/bus/mdev/devices") \
	F(list, vdpa, "host.vdpa", none, VC_AREA_HELPER, &vc_schema_vdpa_device, "vDPA devices: /sys/bus/vdpa/devices") \
	F(list, usb, "host.usb", none, VC_AREA_HELPER, &vc_schema_usb, "the USB devices asked for") \
	F(flag, vhost_vsock, "host.vhost_vsock", none, VC_AREA_HELPER, NULL, "/dev/vhost-vsock exists; absence is a known no") \
	F(set, programs, "host.programs", none, VC_AREA_HELPER, NULL, \
	  "those of swtpm, swtpm_setup and swtpm_ioctl that are installed where services look for programs") \
	F(flag, virtiofsd, "host.virtiofsd", none, VC_AREA_HELPER, NULL, \
	  "libvirt finds a program that serves virtiofs: *virtiofsd*.json in /etc/qemu/vhost-user or /usr/share/qemu/vhost-user") \
	F(number, firmware_descriptors, "host.firmware_descriptors", none, VC_AREA_HELPER, NULL, \
	  "how many firmwares libvirt may choose from: /etc/qemu/firmware and /usr/share/qemu/firmware, *.json") \
	F(list, use, "host.use", none, VC_AREA_USE, &vc_schema_use, \
	  "what the host itself needs: /proc/mounts, /proc/swaps, /proc/net/route; pools of ZFS and the like are not followed") \
	F(list, domain, "host.domain", none, VC_AREA_USE, &vc_schema_domain, \
	  "guests of libvirt's system daemon that take PCI devices of the host, running or defined") \
	F(number, domains_running, "host.domains.running", none, VC_AREA_USE, NULL, "how many of them run: /run/libvirt/qemu") \
	F(number, domains_defined, "host.domains.defined", none, VC_AREA_USE, NULL, "how many are defined: /etc/libvirt/qemu") \
	F(text, distribution_id, "host.distribution.id", none, VC_AREA_DISTRIBUTION, NULL, "ID of os-release: debian, fedora") \
	F(set, distribution_like, "host.distribution.like", none, VC_AREA_DISTRIBUTION, NULL, \
	  "ID of os-release, and those of ID_LIKE") \
	F(text, boot_loader, "host.boot_loader", none, VC_AREA_DISTRIBUTION, NULL, \
	  "what the kernel command line is changed with: rpm-ostree, grubby, proxmox, systemd-boot or grub; absent if it is none of them") \
	F(version, libvirt_version, "libvirt.version", none, VC_AREA_LIBVIRT, NULL, \
	  "--libvirt-version, libvirt's capability cache, or the name of the installed library") \
	F(list, emulator, "host.emulator", none, VC_AREA_QEMU, &vc_schema_emulator, "the emulators asked for") \
	F(list, rom, "host.rom", none, VC_AREA_ROM, &vc_schema_rom, "the ROM files asked for") \
	F(list, firmware, "host.firmware_file", none, VC_AREA_FIRMWARE, &vc_schema_firmware, "the firmware files asked for") \
	F(number, user_id, "host.user.uid", none, VC_AREA_USER, NULL, "effective user of vhostcheck's own process") \
	F(set, user_groups, "host.user.groups", none, VC_AREA_USER, NULL, "numbers of its groups") \
	F(flag, nvmm_device, "host.nvmm.device", none, VC_AREA_NVMM, NULL, "/dev/nvmm exists; absence is a known no") \
	F(flag, nvmm_permitted, "host.nvmm.permitted", none, VC_AREA_NVMM | VC_AREA_USER, NULL, \
	  "mode and owner of /dev/nvmm let this user open it for reading; absent without the device") \
	F(number, nvmm_group, "host.nvmm.group", none, VC_AREA_NVMM, NULL, "group that /dev/nvmm belongs to; absent without the device") \
	F(number, nvmm_version, "host.nvmm.version", none, VC_AREA_NVMM, NULL, "nvmmctl identify: Kernel API version") \
	F(number, nvmm_max_vcpus, "host.nvmm.max_vcpus", none, VC_AREA_NVMM, NULL, "nvmmctl identify: Max VCPUs per machine") \
	F(number, nvmm_max_memory, "host.nvmm.max_memory", bytes, VC_AREA_NVMM, NULL, "nvmmctl identify: Max RAM per machine") \
	F(list, file, "host.file", none, VC_AREA_IMAGE, &vc_schema_host_file, "the paths asked for: what guests are made of") \
	F(list, image, "host.image", none, VC_AREA_IMAGE, &vc_schema_host_image, \
	  "the files asked for: firmware, its variables, disks")
struct vc_host {
	VC_HOST_FACTS(VC_FACT_MEMBER)
	bool recorded; /* looked at in a capture or tree: nothing done here makes a fact of it known */
};
extern const struct vc_schema vc_schema_host;

struct vc_site_quirks;

/* What the probes are to find out. */
struct vc_host_request {
	unsigned areas;			     /* VC_AREA_* */
	const char *const *device;	     /* PCI addresses to detail, with the members of their groups */
	size_t devices;
	bool all_devices;		     /* facts, capture: every device */
	const char *const *emulator;	     /* emulator paths whose version is wanted */
	size_t emulators;
	const char *const *rom; /* ROM files that domains name */
	size_t roms;
	const char *const *firmware; /* firmware files that guests name */
	size_t firmwares;
	const char *const *image; /* files that domains start from */
	size_t images;
	const char *const *listen; /* addresses that guests listen on */
	size_t listens;
	const char *const *usb; /* USB devices that guests take */
	size_t usbs;
	const char *const *file; /* paths that guests name */
	size_t files;
	const struct vc_version *qemu_version;	  /* --qemu-version: overrides every emulator; or NULL */
	const char *qemu_version_from;		  /* NULL: the option */
	const char *libvirt_version_from;
	const struct vc_version *libvirt_version; /* --libvirt-version, or NULL */
	bool may_execute;		     /* an emulator may be asked for its version (never in the hook) */
	struct vc_site_quirks *site_quirks; /* read when an area asks for them, once for all requests; NULL: none */
};

struct vc_hostfs;

/* Runs the probes of request->areas. Never fails: what cannot be read is in the facts. */
void vc_host_probe(struct vc_hostfs *fs, const struct vc_host_request *request, struct vc_host *ret_host);
/* Once more those of the files that guests name, which take the place of the former ones. */
void vc_host_probe_files(struct vc_hostfs *fs, const struct vc_host_request *request, struct vc_host *host);

/* What a guest of this UUID or name is known by in captures. */
const char *vc_domain_mark(struct vc_arena *arena, const char *identity);

/* NULL when the device was not detailed. */
const struct vc_pci *vc_host_find_pci(const struct vc_host *host, const char *address);
const struct vc_rom *vc_host_find_rom(const struct vc_host *host, const char *path);
const struct vc_firmware *vc_host_find_firmware(const struct vc_host *host, const char *path);
const struct vc_usb *vc_host_find_usb(const struct vc_host *host, const char *id);
const struct vc_listen *vc_host_find_listen(const struct vc_host *host, const char *address);
const struct vc_host_file *vc_host_find_file(const struct vc_host *host, const char *path);
const struct vc_host_image *vc_host_find_image(const struct vc_host *host, const char *path);
const struct vc_emulator *vc_host_find_emulator(const struct vc_host *host, const char *path);

/*
 * The pool of pages of @size bytes on @node (-1: the whole host). NULL when there is none; where nobody can say
 * whether there is one, a pool whose facts are unread.
 */
const struct vc_hugepage_pool *vc_host_find_hugepage_pool(const struct vc_host *host, uint64_t size, int node);

/* What would make an unknown fact of these areas known, as advice to a person. NULL if there is none. */
const char *vc_area_hint(unsigned areas, const struct vc_fact *fact);
/* The same for a fact of this host, which may be one that is only recorded here. */
const char *vc_host_hint(const struct vc_host *host, unsigned areas, const struct vc_fact *fact);

/* "vendor device" from pci.ids, or NULL. Loads the list at the first call; for findings, never on the quiet path. */
const char *vc_pci_name(struct vc_arena *arena, uint16_t vendor, uint16_t device);
