/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facts of the IOMMU: the units the kernel drives, the groups of the devices that were detailed, what the
 * firmware announces, and whether interrupts are remapped. Only the groups of those devices are read.
 */
#pragma once

#include "host/host.h"
#include "host/hostfs.h"

#define VC_IOMMU_UNITS "/sys/class/iommu"
#define VC_IOMMU_GROUPS "/sys/kernel/iommu_groups"
#define VC_ACPI_TABLES "/sys/firmware/acpi/tables"

/* After the kernel, CPU and PCI probes. Also fills group, iommu_unit and aw_bits of the PCI devices. */
void vc_probe_iommu(struct vc_hostfs *fs, const struct vc_host_request *request, struct vc_host *host);

/* Number of the group a PCI device is in; absent if it is in none. */
struct vc_fact_number vc_iommu_group_number(struct vc_hostfs *fs, const char *address);
/* Names of the devices of a group, those of other buses included. */
struct vc_names vc_iommu_group_devices(struct vc_hostfs *fs, uint64_t number);

/*
 * Parses a reserved_regions file. -EBADMSG: a line is not two numbers in order and a type, or there are more
 * lines than any machine has regions; the list is then untouched.
 */
int vc_reserved_parse(struct vc_arena *arena, const char *text, size_t size, const char *from,
		      struct vc_fact_list *ret_list) _must_check_;

/*
 * The last address VFIO can map when the aperture ends at @last and the regions of the list are cut out of
 * it: all but direct-relaxable [linux 6.12 drivers/vfio/vfio_iommu_type1.c vfio_iommu_resv_exclude]. -ENOENT:
 * nothing is left.
 */
int vc_reserved_last_usable(const struct vc_fact_list *reserved, uint64_t last,
			    uint64_t *ret_last) _must_check_;

/*
 * Who isolates the interrupts of PCI devices, by the names of the chips in /proc/interrupts. -EOPNOTSUPP: no
 * chip of the file shows it, or they contradict each other.
 */
enum vc_isolation {
	VC_ISOLATION_NONE,
	VC_ISOLATION_REMAPPED, /* the IOMMUs of x86 */
	VC_ISOLATION_ITS,      /* the translation service of ARM's GICv3 */
};
int vc_interrupts_isolated(const char *text, size_t size, enum vc_isolation *ret_isolation) _must_check_;

/* --- the parts of the probe, a file each --- */

/* iommu-unit.c: every unit of @names, and the width of the narrowest. */
void vc_iommu_read_units(struct vc_hostfs *fs, const struct vc_names *names, struct vc_host *host);
/* iommu-group.c: the groups of all devices that were detailed, by number, and the references to them. */
void vc_iommu_read_groups(struct vc_hostfs *fs, struct vc_host *host);
/* iommu-interrupt.c */
void vc_iommu_read_interrupts(struct vc_hostfs *fs, struct vc_host *host);
