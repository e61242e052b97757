/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of vc_guest_read_xml(), one file each. Private to this room. */
#pragma once

#include "guest/words.h"
#include "guest/xml.h"

/* name, type, os, features, clock, metadata */
void vc_read_machine(const struct vc_reader *r, struct vc_el domain);
/* launchSecurity */
void vc_read_security(const struct vc_reader *r, struct vc_el domain);
void vc_read_firmware(const struct vc_reader *r, struct vc_el domain);
void vc_read_features(const struct vc_reader *r, struct vc_el domain);
/* cpu, vcpu, cputune */
void vc_read_cpu(const struct vc_reader *r, struct vc_el domain);
/* memory, maxMemory, memoryBacking, numatune, memory devices */
void vc_read_memory(const struct vc_reader *r, struct vc_el domain);
/* hostdev, interface, iommu, what pins memory */
void vc_read_devices(const struct vc_reader *r, struct vc_el domain);
/* metadata/vhostcheck:config */
void vc_read_metadata(const struct vc_reader *r, struct vc_el domain);
/* what older libvirts leave out */
void vc_read_recent_settings(const struct vc_reader *r, struct vc_el domain);
void vc_read_disks(const struct vc_reader *r, struct vc_el domain, struct vc_el devices);
/* What is named by its path. */
void vc_read_files(const struct vc_reader *r, struct vc_el domain);
/* One of them; NULL if @path is not known. */
struct vc_file_use *vc_add_file(const struct vc_reader *r, struct vc_place place, const char *role,
				const struct vc_fact_text *path);
/* When all else is read. */
void vc_settle_files(const struct vc_reader *r);
/* After loader and nvram. */
void vc_read_firmware_images(const struct vc_reader *r, struct vc_el os);
void vc_read_iothread_mapping(const struct vc_reader *r, struct vc_el devices);
void vc_read_usb(const struct vc_reader *r, struct vc_el devices);
/* Where displays listen; of a command line vc_read_option_listens() reads them. */
void vc_read_listens(const struct vc_reader *r, struct vc_el devices);
void vc_read_option_listens(const struct vc_reader *r);
void vc_read_vdpa(const struct vc_reader *r, struct vc_el devices);
void vc_read_interfaces(const struct vc_reader *r, struct vc_el devices);
/* qemu:commandline; last, because QEMU lets the last word win */
void vc_read_qemu_args(const struct vc_reader *r, struct vc_el domain);
/* What follows from the rest: defaults of names, counts, limits. */
void vc_read_totals(const struct vc_reader *r);
void vc_read_memlock(const struct vc_reader *r);
void vc_read_hyperv_dependencies(const struct vc_reader *r);
/* How wide the guest's physical addresses are by what is written. */
void vc_read_phys_bits(const struct vc_reader *r, struct vc_el cpu);

/* How many blocks the virtio-mem devices have that were read. */
void vc_count_memory_blocks(const struct vc_reader *r, const char *from);

/* Where nothing is written: the path of the facts that a command line leaves out. */
#define VC_NO_DOMAIN "/no-domain"

/* The architecture that the emulator's name holds, unless it is known. */
void vc_emulator_arch(struct vc_guest *guest);

/* A firmware file that has to be there when the guest starts. */
void vc_add_firmware_file(const struct vc_reader *r, struct vc_place place, const char *role,
			  const struct vc_fact_text *path);
struct vc_hostdev *vc_add_hostdev(const struct vc_reader *r, struct vc_place place, const char *kind,
				  const char *source);
/* How many devices of @kind ("pci", "mdev") there are; only those libvirt knows of if @known_to_libvirt. */
uint64_t vc_count_hostdevs(const struct vc_guest *guest, const char *kind, bool known_to_libvirt);
/* "0000:01:00.0" of its parts; NULL if there is no such address. */
const char *vc_pci_address(struct vc_arena *arena, uint64_t domain, uint64_t bus, uint64_t slot,
			   uint64_t function);
