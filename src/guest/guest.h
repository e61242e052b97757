/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The guest model: the effective guest, not the written one. It is made in two steps:
 *   vc_guest_read_xml()  what the input says, with the defaults that need no host;
 *   vc_guest_derive()    what depends on the host: versions, widths, the memory map, the assigned devices.
 * A field whose "needs" is 0 is known (or absent) after the first step; the others after the second.
 */
#pragma once

#include "base/diag.h"
#include "base/fact.h"
#include "host/host.h"

/* libvirt's elements that hold arguments for QEMU are in it. */
#define VC_QEMU_NAMESPACE "http://libvirt.org/schemas/domain/qemu/1.0"
/* What a domain says to vhostcheck stands in its <metadata>, in this namespace. */
#define VC_CONFIG_NAMESPACE "https://vhostcheck.org/xmlns/domain/1.0"

/* What the vIOMMU facts and the memory map need: the emulator's version decides defaults. */
#define VC_NEEDS_QEMU VC_AREA_QEMU
#define VC_NEEDS_WIDTH (VC_AREA_CPU | VC_AREA_CPUID | VC_AREA_MSR)
#define VC_NEEDS_MAP (VC_AREA_QEMU | VC_NEEDS_WIDTH)
#define VC_NEEDS_DEVICE (VC_AREA_PCI)
/* Whose drivers own a group depends on the kernel. */
#define VC_NEEDS_GROUP (VC_AREA_PCI | VC_AREA_IOMMU | VC_AREA_KERNEL)
#define VC_NEEDS_DEVICE_WIDTH (VC_AREA_PCI | VC_AREA_IOMMU | VC_AREA_KERNEL | VC_AREA_CPU)
/* default_hugepagesz= on the kernel's command line decides which pool "huge pages" without a size means. */
#define VC_NEEDS_HUGEPAGES (VC_AREA_MEMORY | VC_AREA_KERNEL | VC_AREA_CPU | VC_AREA_MOUNTS)

/* Without libvirt the limit of locked memory is that of whoever starts QEMU. */
#define VC_NEEDS_LIMIT (VC_AREA_MEMORY | VC_AREA_USER)

struct vc_guest_input;

#define VC_RAM_FACTS(F) \
	F(range, region, "region", none, VC_NEEDS_MAP, NULL, "guest physical addresses of RAM that devices may reach") \
	F(text, kind, "kind", none, VC_NEEDS_MAP, NULL, \
	  "low, high, hotplug (a memory device; empty hotplug room is not RAM), or rom")
struct vc_ram { VC_RAM_FACTS(VC_FACT_MEMBER) };
extern const struct vc_schema vc_schema_ram;

#define VC_VIOMMU_FACTS(F) \
	F(text, model, "model", none, 0, NULL, "intel, amd, virtio, smmuv3") \
	F(number, aw_bits, "aw_bits", bits, VC_NEEDS_QEMU, NULL, \
	  "effective width: driver/@aw_bits, else the default of QEMU version and machine type [qemu 10.0.13 hw/i386/pc.c pc_compat_9_1]") \
	F(flag, aw_bits_written, "aw_bits_written", none, 0, NULL, "the input names the width") \
	F(flag, caching_mode, "caching_mode", none, 0, NULL, "driver/@caching_mode; default no") \
	F(flag, interrupt_remapping, "interrupt_remapping", none, 0, NULL, "driver/@intremap; absent if not written (QEMU decides)") \
	F(flag, extended_interrupts, "extended_interrupts", none, 0, NULL, "driver/@eim; absent if not written") \
	F(flag, device_iotlb, "device_iotlb", none, 0, NULL, "driver/@iotlb; absent if not written") \
	F(flag, dma_translation, "dma_translation", none, 0, NULL, "driver/@dma_translation; default yes") \
	F(flag, refuses_devices, "refuses_devices", none, VC_NEEDS_QEMU, NULL, \
	  "this QEMU does not let whole PCI devices be passed through behind a model that cannot report its mappings") \
	F(number, host_aw_bits, "host_aw_bits", bits, VC_NEEDS_DEVICE_WIDTH, NULL, \
	  "narrowest aw_bits of the assigned PCI devices (mediated devices are exempt); absent without any") \
	F(number, largest_aw_bits, "largest_aw_bits", bits, VC_NEEDS_DEVICE_WIDTH, NULL, \
	  "widest value QEMU accepts (39 or 48) that host_aw_bits allows; absent if neither fits")
struct vc_viommu { struct vc_place place; VC_VIOMMU_FACTS(VC_FACT_MEMBER) };
extern const struct vc_schema vc_schema_viommu;

#define VC_HOSTDEV_FACTS(F) \
	F(text, kind, "kind", none, 0, NULL, "pci or mdev") \
	F(text, source, "source", none, 0, NULL, "hostdev, interface, or qemu:commandline") \
	F(text, address, "address", none, 0, NULL, "host PCI address DDDD:BB:DD.F; absent for mdev") \
	F(text, uuid, "uuid", none, 0, NULL, "mdev UUID; absent for pci") \
	F(text, model, "model", none, 0, NULL, "of mdev: @model, vfio-pci, vfio-ccw or vfio-ap; absent if not written") \
	F(flag, managed, "managed", none, 0, NULL, "libvirt binds and unbinds it: @managed; default no") \
	F(text, rom_file, "rom_file", none, 0, NULL, "rom/@file; absent if not written") \
	F(flag, vf_token, "vf_token", none, 0, NULL, "vf-token= is given, which only QEMU's arguments can") \
	F(flag, rom_bar, "rom_bar", none, 0, NULL, "rom/@bar; default yes") \
	F(text, host_use, "host_use", none, VC_AREA_USE, NULL, \
	  "what the running host needs the device for: the file system on /; absent if nothing is known") \
	F(text, host_use_kind, "host_use_kind", none, VC_AREA_USE, NULL, "disk or network") \
	F(flag, mediated_exists, "mediated_exists", none, VC_AREA_HELPER, NULL, "the host has a mediated device of this UUID; absent for pci") \
	F(ref, rom, "rom", none, VC_AREA_ROM, &vc_schema_rom, "the file rom_file; absent if none is written") \
	F(flag, rom_matches, "rom_matches", none, VC_AREA_ROM | VC_NEEDS_DEVICE, NULL, \
	  "an image of the file is for this device; absent if no file is written") \
	F(text, address_read_as_hex, "address_read_as_hex", none, 0, NULL, \
	  "the address that the decimal numbers of the input mean if they were copied from lspci; absent if all are written 0x..") \
	F(ref, device, "device", none, VC_NEEDS_DEVICE, &vc_schema_pci, "the host device; absent if the host has none at this address") \
	F(flag, bound, "bound", none, VC_NEEDS_DEVICE, NULL, \
	  "a driver of VFIO's (vfio-pci, mlx5_vfio_pci, ...) is bound to it; absent if the host has no such device") \
	F(flag, exists_if_hex, "exists_if_hex", none, VC_NEEDS_DEVICE, NULL, "the host has a device at address_read_as_hex") \
	F(text, name_if_hex, "name_if_hex", none, VC_NEEDS_DEVICE, NULL, "address_read_as_hex when exists_if_hex; absent otherwise") \
	F(text, group_blocker, "group_blocker", none, VC_NEEDS_GROUP, NULL, \
	  "another member of its IOMMU group whose driver keeps VFIO from taking the group; absent if none does") \
	F(text, group_blocker_driver, "group_blocker_driver", none, VC_NEEDS_GROUP, NULL, "the driver of group_blocker") \
	F(text, taken_by, "taken_by", none, VC_AREA_USE | VC_NEEDS_GROUP, NULL, \
	  "another guest that is running, and has the device or one of its IOMMU group; absent if none has") \
	F(text, taken_device, "taken_device", none, VC_AREA_USE | VC_NEEDS_GROUP, NULL, "the device that guest has") \
	F(text, claimed_by, "claimed_by", none, VC_AREA_USE | VC_NEEDS_GROUP, NULL, \
	  "the same of a guest that libvirt's daemon starts with itself, and that is not running now") \
	F(text, claimed_device, "claimed_device", none, VC_AREA_USE | VC_NEEDS_GROUP, NULL, "the device that guest takes") \
	F(number, guest_bus, "guest_bus", none, 0, NULL, "PCI bus of the guest it stands on: address/@bus; absent if not written") \
	F(flag, guest_bus_conventional, "guest_bus_conventional", none, 0, NULL, \
	  "and that is a conventional one, all of whose devices are one to the guest's IOMMU; absent if no bus is written") \
	F(text, group_apart, "group_apart", none, VC_NEEDS_GROUP, NULL, \
	  "another assigned device of its IOMMU group, for which the guest's IOMMU translates apart; absent if there is none, " \
	  "or the guest has no IOMMU") \
	F(flag, only_display, "only_display", none, VC_AREA_DESKTOP, NULL, \
	  "it is the only card that a driver of the host can show something on") \
	F(flag, memory_far, "memory_far", none, VC_NEEDS_DEVICE, NULL, \
	  "numatune takes the guest's memory from NUMA nodes of the host of which none is the device's; absent if it takes it from " \
	  "any, or the device is at none") \
	F(flag, processors_far, "processors_far", none, VC_NEEDS_DEVICE, NULL, \
	  "all processors of the guest are pinned to CPUs of other NUMA nodes than the device's; absent if one is not pinned, or " \
	  "the device is at no node") \
	F(flag, peer_to_peer, "peer_to_peer", none, VC_NEEDS_DEVICE, NULL, \
	  "a graphics card, accelerator or InfiniBand adapter, and so is a device in another slot: the two may talk directly")
struct vc_hostdev { struct vc_place place; VC_HOSTDEV_FACTS(VC_FACT_MEMBER) };
extern const struct vc_schema vc_schema_hostdev;

/* One demand for huge pages: a page size, and the node if it is tied to one. */
#define VC_HUGEPAGE_DEMAND_FACTS(F) \
	F(number, size, "size", bytes, VC_NEEDS_HUGEPAGES, NULL, "page size; the host's default if the input names none") \
	F(number, node, "node", none, 0, NULL, "the only host NUMA node it may come from (strict numatune); absent for any") \
	F(number, needed_pages, "needed_pages", pages, VC_NEEDS_HUGEPAGES, NULL, "guest memory of this size, rounded up") \
	F(number, available_pages, "available_pages", pages, VC_NEEDS_HUGEPAGES, NULL, \
	  "free less reserved, plus what may still be overcommitted; 0 if the host has no such pool") \
	F(number, missing_pages, "missing_pages", pages, VC_NEEDS_HUGEPAGES, NULL, \
	  "needed_pages less available_pages; absent if none is missing") \
	F(number, wanted_pages, "wanted_pages", pages, VC_NEEDS_HUGEPAGES, NULL, \
	  "what the pool of the whole host has to hold: total_pages plus missing_pages; absent if none is missing") \
	F(number, remainder, "remainder", bytes, VC_NEEDS_HUGEPAGES, NULL, \
	  "what a part of the guest's memory has beyond a multiple of the page size; absent if every part is one") \
	F(flag, mounted, "mounted", none, VC_NEEDS_HUGEPAGES | VC_AREA_MOUNTS, NULL, "a hugetlbfs of this size is mounted")
struct vc_hugepage_demand { struct vc_place place; VC_HUGEPAGE_DEMAND_FACTS(VC_FACT_MEMBER) };
extern const struct vc_schema vc_schema_hugepage_demand;

/* A file that the guest's firmware, or its variables, come from. */
#define VC_FIRMWARE_USE_FACTS(F) \
	F(text, path, "path", none, 0, NULL, "as written") \
	F(text, role, "role", none, 0, NULL, "rom, code (in flash), or variables (in flash)") \
	F(ref, file, "file", none, VC_AREA_FIRMWARE, &vc_schema_firmware, "the file on the host")
struct vc_firmware_use { struct vc_place place; VC_FIRMWARE_USE_FACTS(VC_FACT_MEMBER) };
extern const struct vc_schema vc_schema_firmware_use;

#define VC_TIMER_FACTS(F) \
	F(text, name, "name", none, 0, NULL, "timer/@name") \
	F(flag, present, "present", none, 0, NULL, "timer/@present; absent if not written") \
	F(text, mode, "mode", none, 0, NULL, "timer/@mode; absent if not written") \
	F(number, frequency, "frequency_hz", none, 0, NULL, "timer/@frequency; absent if not written")
struct vc_timer { struct vc_place place; VC_TIMER_FACTS(VC_FACT_MEMBER) };
extern const struct vc_schema vc_schema_timer;

#define VC_INTERFACE_FACTS(F) \
	F(text, type, "type", none, 0, NULL, "interface/@type: network, bridge, direct, user, ...") \
	F(text, source, "source", none, 0, NULL, "name of the network, bridge or host interface; absent if the type has none") \
	F(flag, exists, "exists", none, VC_AREA_NETWORK, NULL, "the host has the bridge or interface, or libvirt the network") \
	F(flag, ready, "ready", none, VC_AREA_NETWORK, NULL, \
	  "of a network: it is started, or libvirt's daemon starts it with itself; of the others, exists")
struct vc_interface { struct vc_place place; VC_INTERFACE_FACTS(VC_FACT_MEMBER) };
extern const struct vc_schema vc_schema_interface;

#define VC_DISK_FACTS(F) \
	F(text, target, "target", none, 0, NULL, "target/@dev; absent if not written, and on a command line") \
	F(text, bus, "bus", none, 0, NULL, "target/@bus; if not written, what the target's name stands for: vda is virtio") \
	F(text, device, "device", none, 0, NULL, "disk/@device: disk (the default), lun, cdrom, floppy") \
	F(text, type, "type", none, 0, NULL, "disk/@type: file, block, network, ...") \
	F(text, source, "source", none, 0, NULL, "path of a file or of a host device; absent for other types, and without one") \
	F(text, format, "format", none, VC_AREA_IMAGE, NULL, \
	  "driver/@type; raw if not written. On a command line without format=, what QEMU finds the file to be") \
	F(flag, readonly, "readonly", none, 0, NULL, "the guest does not write to the file: readonly, transient, or a cdrom") \
	F(flag, optional, "optional", none, 0, NULL, "libvirt leaves it out if its file is not there: source/@startupPolicy") \
	F(flag, shareable, "shareable", none, 0, NULL, "others may write to it as well: shareable") \
	F(flag, chain_written, "chain_written", none, 0, NULL, \
	  "the domain says what it is on top of, so that the image is not asked: backingStore") \
	F(flag, boots, "boots", none, 0, NULL, \
	  "the firmware starts from it before all others: lowest boot order, or first of what os/boot names first (a disk if nothing)") \
	F(ref, image, "image", none, VC_AREA_IMAGE, &vc_schema_host_image, \
	  "what is in the file; absent for other types")
struct vc_disk { struct vc_place place; VC_DISK_FACTS(VC_FACT_MEMBER) };
extern const struct vc_schema vc_schema_disk;

/* Something of the host that the guest names by its path. */
#define VC_FILE_USE_FACTS(F) \
	F(text, path, "path", none, 0, NULL, "as written") \
	F(text, role, "role", none, 0, NULL, \
	  "disk, cdrom, floppy, backing (a disk is on top of it), kernel, initrd, dtb, table (of ACPI), rom, kvm, " \
	  "serial port, parallel port, input device, TPM, random numbers, render node, directory") \
	F(flag, optional, "optional", none, 0, NULL, "libvirt leaves it out if it is not there: startupPolicy") \
	F(ref, file, "file", none, VC_AREA_IMAGE, &vc_schema_host_file, "what is there on the host")
struct vc_file_use { struct vc_place place; VC_FILE_USE_FACTS(VC_FACT_MEMBER) };
extern const struct vc_schema vc_schema_file_use;

#define VC_USB_USE_FACTS(F) \
	F(text, id, "id", none, 0, NULL, "vendor:product in hexadecimal, @bus.device, or both") \
	F(flag, optional, "optional", none, 0, NULL, "libvirt leaves it out if it is not there: source/@startupPolicy") \
	F(flag, placed, "placed", none, 0, NULL, "bus and number on it are written") \
	F(number, count, "count", none, VC_AREA_HELPER, NULL, "how many such devices the host has")
struct vc_usb_use { struct vc_place place; VC_USB_USE_FACTS(VC_FACT_MEMBER) };
extern const struct vc_schema vc_schema_usb_use;

#define VC_LISTEN_USE_FACTS(F) \
	F(text, kind, "kind", none, 0, NULL, "vnc or spice") \
	F(text, address, "address", none, 0, NULL, "as written") \
	F(flag, here, "here", none, VC_AREA_NETWORK, NULL, "it is an address of the host")
struct vc_listen_use { struct vc_place place; VC_LISTEN_USE_FACTS(VC_FACT_MEMBER) };
extern const struct vc_schema vc_schema_listen_use;

#define VC_FIRMWARE_IMAGE_FACTS(F) \
	F(text, role, "role", none, 0, NULL, "loader, variables, or template (what variables that are not there yet are copied from)") \
	F(text, path, "path", none, 0, NULL, "the file") \
	F(text, format_written, "format_written", none, 0, NULL, "@format; absent if not written") \
	F(text, format, "format", none, VC_AREA_LIBVIRT | VC_AREA_IMAGE, NULL, \
	  "as what QEMU is told to read it: raw before libvirt 9.2.0, whatever is written [libvirt 11.3 src/qemu/qemu_firmware.c]") \
	F(ref, image, "image", none, VC_AREA_IMAGE, &vc_schema_host_image, "what is in the file")
struct vc_firmware_image { struct vc_place place; VC_FIRMWARE_IMAGE_FACTS(VC_FACT_MEMBER) };
extern const struct vc_schema vc_schema_firmware_image;

#define VC_VDPA_FACTS(F) \
	F(text, kind, "kind", none, 0, NULL, "interface or disk") \
	F(text, node, "node", none, 0, NULL, "source/@dev: /dev/vhost-vdpa-N") \
	F(ref, device, "device", none, VC_AREA_HELPER, &vc_schema_vdpa_device, "the vDPA device behind the node; absent if the host has no such node") \
	F(ref, candidate, "candidate", none, VC_AREA_HELPER, &vc_schema_vdpa_device, \
	  "if there is no such node: a vDPA device of the host that has none; absent if there is no such device either")
struct vc_vdpa { struct vc_place place; VC_VDPA_FACTS(VC_FACT_MEMBER) };
extern const struct vc_schema vc_schema_vdpa;

#define VC_NUMA_BINDING_FACTS(F) \
	F(number, cell, "cell", none, 0, NULL, "guest NUMA node; absent for the whole guest") \
	F(text, mode, "mode", none, 0, NULL, "strict (the default), preferred, interleave, restrictive") \
	F(text, nodes, "nodes", none, 0, NULL, "host NUMA nodes: @nodeset; absent if not written") \
	F(number, nodes_with_memory, "nodes_with_memory", none, VC_AREA_MEMORY, NULL, "how many of them have memory")
struct vc_numa_binding { struct vc_place place; VC_NUMA_BINDING_FACTS(VC_FACT_MEMBER) };
extern const struct vc_schema vc_schema_numa_binding;

/* What is written in the input and libvirt has not always known. */
#define VC_RECENT_SETTING_FACTS(F) \
	F(text, name, "name", none, 0, NULL, "element or attribute, from <domain> on: devices/iommu/driver/@dma_translation") \
	F(version, since, "since", none, 0, NULL, "first libvirt that knows it")
struct vc_recent_setting { struct vc_place place; VC_RECENT_SETTING_FACTS(VC_FACT_MEMBER) };
extern const struct vc_schema vc_schema_recent_setting;

#define VC_PIN_FACTS(F) \
	F(text, kind, "kind", none, 0, NULL, "vcpu, emulator, iothread, or default (vcpu/@cpuset: all that have no pin of their own)") \
	F(number, vcpu, "vcpu", none, 0, NULL, "vcpupin/@vcpu; absent for the other kinds") \
	F(text, cpus, "cpus", none, 0, NULL, "host CPUs: @cpuset") \
	F(number, cpu_count, "cpu_count", none, 0, NULL, "how many CPUs that are") \
	F(number, online_cpus, "online_cpus", none, VC_AREA_TOPOLOGY, NULL, "how many of them run") \
	F(number, impossible_cpu, "impossible_cpu", none, VC_AREA_TOPOLOGY, NULL, \
	  "the first of them that the kernel has no room for; absent if there is none") \
	F(flag, isolated, "isolated", none, VC_AREA_TOPOLOGY, NULL, "none of them is balanced by the scheduler: all are isolated")
struct vc_pin { struct vc_place place; VC_PIN_FACTS(VC_FACT_MEMBER) };
extern const struct vc_schema vc_schema_pin;

#define VC_IGNORE_FACTS(F) \
	F(text, rule, "rule", none, 0, NULL, "ignore/@rule; absent if not written") \
	F(text, reason, "reason", none, 0, NULL, "ignore/@reason; absent if not written or blank") \
	F(text, until, "until", none, 0, NULL, "ignore/@until: the last day on which it holds, YYYY-MM-DD in UTC; absent if not written") \
	F(text, unknown, "unknown", none, 0, NULL, "an attribute of it that means nothing; absent without") \
	F(text, effect, "effect", none, 0, NULL, \
	  "used or unused; or why it is not followed: no-rule, no-reason, bad-date, unknown-attribute, unknown-rule, host-at-risk, expired; for rules that are asked once per guest.ignore")
struct vc_ignore { struct vc_place place; VC_IGNORE_FACTS(VC_FACT_MEMBER) };
extern const struct vc_schema vc_schema_ignore;

#define VC_GUEST_FACTS(F) \
	F(text, name, "guest.name", none, 0, NULL, "/domain/name") \
	F(text, uuid, "guest.uuid", none, 0, NULL, "/domain/uuid; absent if not written") \
	F(flag, running, "guest.running", none, 0, NULL, \
	  "/domain/@id is written, as libvirt does for a running guest [libvirt 11.3 src/conf/domain_conf.c virDomainDefFormatInternalSetRootName]; a command line with NUL bytes, as /proc/PID/cmdline is") \
	F(text, type, "guest.type", none, 0, NULL, "/domain/@type: kvm, qemu, xen, ...") \
	F(text, accel, "guest.accel", none, 0, NULL, \
	  "kvm, tcg, hvf, nvmm, ...: from the type, or -machine accel= in qemu:commandline; -accel there only for what libvirt has no type for") \
	F(text, accel_fallback, "guest.accel_fallback", none, 0, NULL, \
	  "what QEMU takes if accel does not work: -accel kvm -accel tcg, accel=kvm:tcg; absent without") \
	F(flag, run_by_qemu, "guest.run_by_qemu", none, 0, NULL, \
	  "QEMU runs it; no for domains of Xen, VMware, bhyve and other hypervisors, of which only what all have in common is judged") \
	F(text, launcher, "guest.launcher", none, 0, NULL, \
	  "who starts QEMU: libvirt, or shell for a command line that is not libvirt's") \
	F(flag, privileged, "guest.privileged", none, 0, NULL, "a command line that goes through sudo or doas") \
	F(text, arch, "guest.arch", none, 0, NULL, "os/type/@arch; from the emulator's name if not written") \
	F(text, emulator, "guest.emulator", none, 0, NULL, "devices/emulator; libvirt's usual path for the architecture if not written") \
	F(text, machine, "guest.machine", none, 0, NULL, "os/type/@machine as written; pc (or virt on arm) if not") \
	F(text, machine_family, "guest.machine.family", none, 0, NULL, "q35, i440fx, microvm, virt or other") \
	F(version, machine_version, "guest.machine.version", none, VC_NEEDS_QEMU, NULL, \
	  "of the versioned type the alias stands for: an unversioned q35 is the emulator's own version") \
	F(text, machine_status, "guest.machine.status", none, VC_NEEDS_QEMU, NULL, \
	  "of a versioned type, whether the emulator has it: known, newer (than the emulator), removed (from it)") \
	F(version, qemu_version, "qemu.version", none, VC_NEEDS_QEMU, NULL, "version of the emulator that would run the guest") \
	F(number, memory, "guest.memory", bytes, 0, NULL, "RAM at boot (-m): memory less memory devices") \
	F(number, memory_largest_part, "guest.memory_largest_part", bytes, 0, NULL, \
	  "what QEMU asks the host for at once: the largest NUMA cell, or all of guest.memory") \
	F(number, memory_max, "guest.memory_max", bytes, 0, NULL, "maxMemory; absent without memory hotplug") \
	F(number, memory_slots, "guest.memory_slots", none, 0, NULL, "maxMemory/@slots; absent without") \
	F(number, memory_devices, "guest.memory_devices", bytes, 0, NULL, "sum of the memory devices present at boot") \
	F(list, ram, "guest.ram", none, VC_NEEDS_MAP, &vc_schema_ram, "where RAM lies: the physical memory map") \
	F(number, highest_ram, "guest.highest_ram", address, VC_NEEDS_MAP, NULL, "last byte of RAM, room for hotplug included only where devices stand in it") \
	F(number, highest_address, "guest.highest_address", address, VC_NEEDS_MAP, NULL, \
	  "last address of RAM, hotplug room and 64-bit PCI window [qemu 10.0.13 hw/i386/pc.c pc_max_used_gpa]") \
	F(number, address_bits_needed, "guest.address_bits_needed", bits, VC_NEEDS_MAP, NULL, "bits that reach highest_address") \
	F(range, pci_window, "guest.pci_window", none, VC_NEEDS_MAP, NULL, "64-bit PCI window above RAM") \
	F(number, pci_window_size, "guest.pci_window_size", bytes, 0, NULL, "pcihole64 as written; absent if not") \
	F(flag, amd_relocation, "guest.amd_relocation", none, VC_NEEDS_MAP, NULL, \
	  "memory above 4 GiB starts at 1 TiB to avoid the HyperTransport region [qemu 7.1 hw/i386/pc.c]") \
	F(number, phys_bits, "guest.phys_bits", bits, VC_NEEDS_WIDTH, NULL, "physical address width the guest CPU reports") \
	F(text, phys_bits_source, "guest.phys_bits_source", none, 0, NULL, "host, written, or default (QEMU's 40)") \
	F(number, phys_bits_written, "guest.phys_bits_written", bits, 0, NULL, \
	  "maxphysaddr/@bits of mode emulate, whether QEMU follows it or not; absent if not written") \
	F(number, phys_bits_limit, "guest.phys_bits_limit", bits, 0, NULL, "maxphysaddr/@limit; absent if not written") \
	F(text, cpu_mode, "guest.cpu.mode", none, 0, NULL, "custom, host-model, host-passthrough or maximum") \
	F(text, cpu_model, "guest.cpu.model", none, 0, NULL, "cpu/model; absent if not written") \
	F(text, cpu_vendor, "guest.cpu.vendor", none, VC_AREA_CPU, NULL, "GenuineIntel, AuthenticAMD, ... that the guest sees") \
	F(set, cpu_required, "guest.cpu.required", none, 0, NULL, "features with policy require, or none written") \
	F(text, cpu_check, "guest.cpu.check", none, 0, NULL, \
	  "how libvirt compares the guest's CPU with the host's before the start: none, partial, full; cpu/@check, else its default") \
	F(set, cpu_disabled, "guest.cpu.disabled", none, 0, NULL, "features with policy disable or forbid") \
	F(number, vcpus, "guest.vcpus", none, 0, NULL, "vcpu: the maximum") \
	F(number, sockets, "guest.topology.sockets", none, 0, NULL, "effective: one socket per vCPU if no topology is written") \
	F(number, dies, "guest.topology.dies", none, 0, NULL, "effective") \
	F(number, cores, "guest.topology.cores", none, 0, NULL, "effective, per die") \
	F(number, threads, "guest.topology.threads", none, 0, NULL, "effective, per core") \
	F(list, pin, "guest.pin", none, 0, &vc_schema_pin, "threads tied to host CPUs: cputune/vcpupin, emulatorpin, iothreadpin, vcpu/@cpuset") \
	F(text, firmware, "guest.firmware", none, 0, NULL, "efi or bios") \
	F(flag, firmware_strict_nx, "guest.firmware.strict_nx", none, 0, NULL, \
	  "the loader's name says that it enforces all memory attributes: strictnx, as in Fedora's edk2-experimental") \
	F(flag, firmware_auto, "guest.firmware.auto", none, 0, NULL, "libvirt chooses it: os/@firmware") \
	F(number, firmware_phys_bits, "guest.firmware.phys_bits", bits, VC_NEEDS_WIDTH, NULL, \
	  "address bits the firmware goes by when it places 64-bit BARs: guest.phys_bits within its limits; " \
	  "absent if it does not believe them [edk2 2025.02 PlatformAddressWidthFromCpuid, seabios 1.16.3 physbits]") \
	F(range, firmware_window, "guest.firmware.pci_window", none, VC_NEEDS_MAP, NULL, \
	  "where the firmware can place 64-bit BARs: a window OVMF makes, or all that SeaBIOS may take") \
	F(number, firmware_window_size, "guest.firmware.pci_window_size", bytes, VC_NEEDS_MAP, NULL, "size of that window") \
	F(text, loader, "guest.loader", none, 0, NULL, "os/loader path; absent if not written") \
	F(text, loader_type, "guest.loader.type", none, 0, NULL, "pflash or rom; absent without a loader") \
	F(flag, pflash, "guest.pflash", none, 0, NULL, "firmware is mapped from flash: loader type, os/@firmware, or qemu:commandline") \
	F(flag, loader_secure, "guest.loader.secure", none, 0, NULL, "loader/@secure; default no") \
	F(list, firmware_image, "guest.firmware_image", none, 0, &vc_schema_firmware_image, \
	  "files of firmware in flash, where the input names them: os/loader, os/nvram; if=pflash, pflash0=") \
	F(text, nvram, "guest.nvram", none, 0, NULL, "os/nvram path; absent if not written") \
	F(list, firmware_file, "guest.firmware_file", none, 0, &vc_schema_firmware_use, \
	  "files of the firmware that have to be there before the guest starts; not those that libvirt makes or chooses") \
	F(text, irqchip, "guest.irqchip", none, VC_NEEDS_QEMU, NULL, "kernel, split or off: effective [qemu 10.0.13 hw/i386/pc_q35.c]") \
	F(flag, irqchip_written, "guest.irqchip_written", none, 0, NULL, "features/ioapic or kernel_irqchip= is written") \
	F(flag, interrupt_remapping, "guest.interrupt_remapping", none, 0, NULL, \
	  "the input turns interrupt remapping (or what needs it, eim) on, which needs a split interrupt controller") \
	F(list, iommu, "guest.iommu", none, 0, &vc_schema_viommu, "devices/iommu, and IOMMU devices of qemu:commandline") \
	F(list, hostdev, "guest.hostdev", none, 0, &vc_schema_hostdev, "assigned devices: hostdev, interface, qemu:commandline") \
	F(list, interface, "guest.interface", none, 0, &vc_schema_interface, \
	  "network interfaces: devices/interface, those assigned apart; -netdev, -nic, -net") \
	F(list, vdpa, "guest.vdpa", none, 0, &vc_schema_vdpa, \
	  "vDPA devices: interfaces of type vdpa, disks of type vhostvdpa; -netdev vhost-vdpa, -blockdev virtio-blk-vhost-vdpa") \
	F(version, iothread_mapping_qemu, "guest.iothread_mapping.qemu", none, 0, NULL, \
	  "the QEMU that can spread queues over threads as driver/iothreads or iothread-vq-mapping= asks; absent if nothing does") \
	F(version, iothread_mapping_libvirt, "guest.iothread_mapping.libvirt", none, 0, NULL, \
	  "the libvirt that reads it, earlier ones drop it; absent on a command line") \
	F(list, disk, "guest.disk", none, 0, &vc_schema_disk, "devices/disk; -drive, -blockdev with its -device, -hda, -cdrom, ...") \
	F(list, listen, "guest.listen", none, 0, &vc_schema_listen_use, "addresses that its displays listen on, where they are written") \
	F(list, usb, "guest.usb", none, 0, &vc_schema_usb_use, "USB devices of the host: hostdev of type usb") \
	F(list, files, "guest.file", none, 0, &vc_schema_file_use, \
	  "what it names by its path: disks, what is booted, nodes of the host; firmware apart") \
	F(flag, own_user, "guest.own_user", none, 0, NULL, \
	  "a seclabel of model dac says whom QEMU runs as, or that its files are not handed over") \
	F(flag, started, "guest.started", none, VC_AREA_IMAGE, NULL, \
	  "it is running now: guest.running, or libvirt has /run/libvirt/qemu/NAME.xml; not known of command lines") \
	F(flag, vsock, "guest.vsock", none, 0, NULL, "devices/vsock") \
	F(text, tpm_backend, "guest.tpm_backend", none, 0, NULL, "emulator, passthrough, external; absent without TPM") \
	F(flag, virtiofs, "guest.virtiofs", none, 0, NULL, \
	  "a file system is shared by virtiofs, and libvirt has to find the program that serves it") \
	F(number, vfio_devices, "guest.vfio_devices", none, 0, NULL, "how many of them use VFIO, mediated ones included") \
	F(flag, iommufd, "guest.iommufd", none, 0, NULL, "one of them goes through iommufd: hostdev/driver/@iommufd, or iommufd= of -device") \
	F(number, pci_devices, "guest.pci_devices", none, 0, NULL, "how many of them are whole PCI functions") \
	F(number, assigned_bars, "guest.assigned_bars", bytes, VC_NEEDS_DEVICE, NULL, \
	  "sum of the prefetchable 64-bit BARs of the PCI devices among them: what the firmware has to find room for above 4 GiB") \
	F(number, pci_window_wanted_mib, "guest.pci_window_wanted_mib", none, VC_NEEDS_DEVICE, NULL, \
	  "the next power of two that holds assigned_bars, in MiB; 32 GiB at least") \
	F(number, shared_memory_devices, "guest.shared_memory_devices", none, 0, NULL, \
	  "ivshmem devices (shmem), which show memory through a 64-bit BAR") \
	F(flag, tpm, "guest.tpm", none, 0, NULL, "devices/tpm") \
	F(number, memlock_devices, "guest.memlock_devices", none, 0, NULL, "vdpa and nvme devices, which pin memory as well") \
	F(number, acpi_tables, "guest.acpi_tables", none, 0, NULL, "tables handed to the guest: os/acpi/table, -acpitable") \
	F(flag, hugepages, "guest.hugepages", none, VC_NEEDS_HUGEPAGES, NULL, \
	  "memoryBacking/hugepages; memfd with hugetlb, or a memory file in a hugetlbfs") \
	F(list, hugepage_demand, "guest.hugepage_demand", none, VC_NEEDS_HUGEPAGES, &vc_schema_hugepage_demand, "what it takes from which pool") \
	F(number, memory_blocks, "guest.memory_blocks", none, 0, NULL, \
	  "blocks of virtio-mem devices, each of which is a DMA mapping of its own; absent without such a device") \
	F(list, numa_binding, "guest.numa_binding", none, 0, &vc_schema_numa_binding, \
	  "host NUMA nodes that memory comes from: numatune/memory, numatune/memnode") \
	F(text, memory_source, "guest.memory_source", none, 0, NULL, "anonymous, file or memfd") \
	F(flag, memory_shared, "guest.memory_shared", none, 0, NULL, "access mode shared, of all memory or of a NUMA cell") \
	F(flag, memory_locked, "guest.memory_locked", none, 0, NULL, "memoryBacking/locked") \
	F(number, hard_limit, "guest.hard_limit", bytes, 0, NULL, "memtune/hard_limit; absent if not written or unlimited") \
	F(number, memlock_limit, "guest.memlock_limit", bytes, VC_NEEDS_LIMIT, NULL, \
	  "what libvirt sets RLIMIT_MEMLOCK to, absent if it leaves it alone; on a command line the limit of the shell [libvirt 11.3 src/qemu/qemu_domain.c qemuDomainGetMemLockLimitBytes]") \
	F(number, memlock_needed, "guest.memlock_needed", bytes, 0, NULL, \
	  "what VFIO pins: RAM once per address space; absent if nothing is pinned") \
	F(set, hyperv, "guest.hyperv", none, 0, NULL, "enlightenments that are on") \
	F(text, hyperv_dependent, "guest.hyperv_dependent", none, 0, NULL, \
	  "an enlightenment that is on while one it is built on is off; absent if there is none") \
	F(text, hyperv_required, "guest.hyperv_required", none, 0, NULL, "the one that is off; time is the timer hypervclock") \
	F(flag, kvm_hidden, "guest.kvm_hidden", none, 0, NULL, "features/kvm/hidden") \
	F(text, clock_offset, "guest.clock_offset", none, 0, NULL, "clock/@offset; absent if not written") \
	F(list, timer, "guest.timer", none, 0, &vc_schema_timer, "clock/timer") \
	F(text, launch_security, "guest.launch_security", none, 0, NULL, "sev, sev-snp, tdx, s390-pv; absent without") \
	F(text, sev_level, "guest.sev.level", none, 0, NULL, \
	  "SEV, SEV-ES (bit 2 of the policy) or SEV-SNP: what the guest needs of an AMD host; absent without") \
	F(number, sev_encryption_bit, "guest.sev.encryption_bit", none, 0, NULL, \
	  "launchSecurity/cbitpos; absent if not written, and then libvirt takes the host's") \
	F(number, sev_phys_bits_reduction, "guest.sev.phys_bits_reduction", bits, 0, NULL, \
	  "launchSecurity/reducedPhysBits; absent if not written, and then libvirt takes QEMU's 1") \
	F(text, os, "guest.os", none, 0, NULL, "libosinfo id of metadata; absent if not written") \
	F(text, os_vendor, "guest.os.vendor", none, 0, NULL, "its first part: microsoft.com, freebsd.org; absent if not written") \
	F(flag, windows, "guest.windows", none, 0, NULL, "os names Windows, or Hyper-V enlightenments are on") \
	F(list, recent_setting, "guest.recent_setting", none, 0, &vc_schema_recent_setting, \
	  "settings that older libvirts leave out without a word") \
	F(set, features, "guest.features", none, 0, NULL, "elements of <features> that are on") \
	F(set, qemu_args, "guest.qemu_args", none, 0, NULL, "arguments of qemu:commandline, or of the command line") \
	F(list, ignore, "guest.ignore", none, 0, &vc_schema_ignore, "metadata/vhostcheck:config/vhostcheck:ignore: rules the domain does not want to hear of")
struct vc_guest {
	const char *file;  /* as named by the user, "-" for standard input */
	const void *doc;   /* borrowed xmlDoc, NULL if the input is not XML */
	const void *root;  /* xmlNode of <domain> */
	bool is_command_line; /* the input is a QEMU command line */
	const struct vc_guest_input *input; /* what vc_guest_derive() needs of the input; private to src/guest */
	VC_GUEST_FACTS(VC_FACT_MEMBER)
};
extern const struct vc_schema vc_schema_guest;

/*
 * Reads a libvirt domain: root <domain>, or <domstatus> around one. @text need not end in NUL. Nothing outside
 * @text is ever read (no entities, no DTD, no network). On failure adds diagnostics with line numbers and
 * returns a negative errno: -EBADMSG not a domain, -EFBIG too large or too deep.
 * The XML tree stays alive until vc_guest_release().
 */
int vc_guest_read_xml(const char *text, size_t size, const char *file, struct vc_arena *arena,
		      struct vc_diags *diags, struct vc_guest *ret_guest) _must_check_;
void vc_guest_release(struct vc_guest *guest);

/* The option of this number on a command line, with its value; NULL if it is not known. */
const char *vc_guest_argument(const struct vc_guest *guest, int number);

/* The programs that may be the guest's emulator, the likelier first. Returns how many. */
#define VC_EMULATORS_MAX 4
size_t vc_guest_emulators(const struct vc_guest *guest, struct vc_arena *arena, const char *ret_path[VC_EMULATORS_MAX]);

/* The file that libvirt has while the guest is running; NULL if it is not known, or not libvirt that starts it. */
const char *vc_guest_status_file(const struct vc_guest *guest, struct vc_arena *arena);

/*
 * A guest that was read and not yet derived, to be derived for one host of several. It borrows all but its own facts
 * from @guest, and is not released.
 */
void vc_guest_copy(const struct vc_guest *guest, struct vc_arena *arena, struct vc_guest *ret_copy);

/* Computes every fact that depends on the host. @host holds what was probed; the rest stays unknown. */
void vc_guest_derive(struct vc_guest *guest, const struct vc_host *host, struct vc_arena *arena);
