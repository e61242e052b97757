/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/probe-iommu.h"

#include <errno.h>
#include <string.h>

#include "host/answer.h"
#include "host/iommu-width.h"
#include "host/probe.h"

static bool
has_name(const struct vc_names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++) {
		if (strcmp(names->name[i], name) == 0)
			return true;
	}
	return false;
}

/*
 * Containers hide /sys/firmware behind an empty directory, and then what is missing below it proves nothing.
 * On a host there is at least memmap [linux 6.12 drivers/firmware/memmap.c].
 */
static bool
firmware_is_masked(struct vc_hostfs *fs)
{
	struct vc_names names = vc_hostfs_list(fs, "/sys/firmware");

	return !vc_known(&names.fact) || names.count == 0;
}

/* The tables themselves are for root, their names for everyone. */
static void
read_firmware_table(struct vc_hostfs *fs, struct vc_host *host)
{
	/* IORT describes interrupt controllers as well, so that it proves no IOMMU. */
	static const struct {
		const char *name;
		bool proves;
	} table[] = {
		{ .name = "DMAR", .proves = true },
		{ .name = "IVRS", .proves = true },
		{ .name = "VIOT", .proves = true },
		{ .name = "IORT" },
	};
	struct vc_names names = vc_hostfs_list(fs, VC_ACPI_TABLES);

	/*
	 * Without ACPI an x86 has no other way to announce an IOMMU, but other architectures have a device
	 * tree.
	 */
	if (names.fact.state == VC_ABSENT && (vc_cpu_is_x86(host) != VC_YES || firmware_is_masked(fs)))
		vc_set_unreadable(&names.fact, EOPNOTSUPP, names.fact.from);
	if (names.fact.state != VC_KNOWN && names.fact.state != VC_ABSENT) {
		vc_set_unknown_like(&host->iommu_firmware_table.fact, &names.fact);
		vc_set_unknown_like(&host->iommu_firmware_table_name.fact, &names.fact);
		return;
	}
	for (size_t i = 0; i < VC_COUNT(table); i++) {
		if (!has_name(&names, table[i].name))
			continue;
		if (table[i].proves)
			vc_set_flag(&host->iommu_firmware_table, true, names.fact.from);
		else
			vc_set_unreadable(&host->iommu_firmware_table.fact, EOPNOTSUPP, names.fact.from);
		vc_set_text(&host->iommu_firmware_table_name, table[i].name, names.fact.from);
		return;
	}
	vc_set_flag(&host->iommu_firmware_table, false, names.fact.from);
	vc_set_absent(&host->iommu_firmware_table_name.fact, names.fact.from);
}

/*
 * Groups without a unit: platforms whose driver registers none, but also what VFIO makes up for devices
 * without an IOMMU [linux 6.12 drivers/vfio/group.c vfio_noiommu_group_alloc]. The first real one decides.
 */
static enum vc_tri
has_real_group(struct vc_hostfs *fs, const struct vc_names *groups)
{
	for (size_t i = 0; i < groups->count; i++) {
		struct vc_answer name = vc_hostfs_read_line(fs, VC_IOMMU_GROUPS "/%s/name", groups->name[i]);

		if (name.fact.state == VC_ABSENT ||
		    (vc_known(&name.fact) && strcmp(name.data, "vfio-noiommu") != 0))
			return VC_YES;
		if (!vc_known(&name.fact))
			return VC_UNKNOWN;
	}
	return VC_NO;
}

/*
 * A copied tree may lack the empty directory that says "no units". On x86 the kernel learns of units from
 * nothing but these tables [linux 6.12 drivers/iommu/intel/dmar.c, drivers/iommu/amd/init.c,
 * drivers/acpi/viot.c].
 */
static bool
firmware_has_none(struct vc_hostfs *fs, const struct vc_host *host)
{
	static const char *const table[] = { "DMAR", "IVRS", "VIOT" };
	struct vc_names names = vc_hostfs_list(fs, VC_ACPI_TABLES);

	if (vc_cpu_is_x86(host) != VC_YES || !vc_known(&names.fact) || names.count == 0)
		return false;
	for (size_t i = 0; i < VC_COUNT(table); i++) {
		if (has_name(&names, table[i]))
			return false;
	}
	return true;
}

static void
set_present(struct vc_hostfs *fs, const struct vc_names *units, const struct vc_names *groups,
	    struct vc_host *host)
{
	struct vc_fact_flag *fact = &host->iommu_present;

	if (vc_known(&units->fact) && units->count > 0) {
		vc_set_flag(fact, true, units->fact.from);
		return;
	}
	if (vc_known(&groups->fact) && groups->count > 0) {
		switch (has_real_group(fs, groups)) {
		case VC_YES:
			vc_set_flag(fact, true, groups->fact.from);
			return;
		case VC_NO:
			break;
		case VC_UNKNOWN:
			vc_set_unreadable(&fact->fact, VC_ENOTCOLLECTED, groups->fact.from);
			return;
		}
	}
	if (vc_known(&units->fact) || units->fact.state == VC_ABSENT)
		vc_set_flag(fact, false, units->fact.from);
	else if (firmware_has_none(fs, host))
		vc_set_flag(fact, false, VC_ACPI_TABLES);
	else
		vc_set_unknown_like(&fact->fact, &units->fact);
}

static void
set_group_count(struct vc_host *host, const struct vc_names *groups)
{
	if (vc_known(&groups->fact))
		vc_set_number(&host->iommu_groups, groups->count, groups->fact.from);
	else if (groups->fact.state == VC_ABSENT)
		vc_set_number(&host->iommu_groups, 0, groups->fact.from);
	else
		vc_set_unknown_like(&host->iommu_groups.fact, &groups->fact);
}

static void
set_unit(struct vc_hostfs *fs, const struct vc_host *host, struct vc_pci *pci)
{
	struct vc_answer answer =
		vc_hostfs_read_link(fs, "/sys/bus/pci/devices/%s/iommu", pci->address.value);
	const struct vc_iommu_unit *unit = host->iommu_unit.item;
	struct vc_fact_text name = { .value = NULL };

	vc_answer_basename(&answer, &name);
	if (!vc_known(&name.fact)) {
		vc_set_unknown_like(&pci->iommu_unit.fact, &name.fact);
		return;
	}
	for (size_t i = 0; i < host->iommu_unit.count; i++) {
		if (strcmp(unit[i].name.value, name.value) == 0) {
			vc_set_ref(&pci->iommu_unit, &unit[i], answer.fact.from);
			return;
		}
	}
	if (vc_known(&host->iommu_unit.fact))
		vc_set_unreadable(&pci->iommu_unit.fact, VC_EGARBLED, answer.fact.from);
	else
		vc_set_unknown_like(&pci->iommu_unit.fact, &host->iommu_unit.fact);
}

/*
 * What QEMU takes for the width of the host: the bits of the last usable address
 * [qemu 10.0.13 hw/vfio/helpers.c vfio_device_get_aw_bits].
 */
static void
set_device_width(struct vc_pci *pci)
{
	struct vc_fact_number *fact = &pci->aw_bits;
	const struct vc_iommu_unit *unit = pci->iommu_unit.item;
	const struct vc_iommu_group *group = pci->group.item;
	uint64_t last;

	if (!vc_known(&pci->iommu_unit.fact))
		vc_set_unknown_like(&fact->fact, &pci->iommu_unit.fact);
	else if (!vc_known(&unit->aw_bits.fact))
		vc_set_unknown_like(&fact->fact, &unit->aw_bits.fact);
	else if (!vc_known(&pci->group.fact))
		vc_set_unknown_like(&fact->fact, &pci->group.fact);
	else if (!vc_known(&group->reserved.fact))
		vc_set_unknown_like(&fact->fact, &group->reserved.fact);
	else if (vc_reserved_last_usable(&group->reserved, vc_last_address((unsigned)unit->aw_bits.value),
					 &last) < 0)
		vc_set_absent(&fact->fact, group->reserved.fact.from);
	else
		vc_set_number(fact, vc_bits_for(last), unit->aw_bits.fact.from);
}

void
vc_probe_iommu(struct vc_hostfs *fs, const struct vc_host_request *request, struct vc_host *host)
{
	struct vc_names units = vc_hostfs_list(fs, VC_IOMMU_UNITS), groups = vc_hostfs_list(fs, VC_IOMMU_GROUPS);
	struct vc_pci *pci = host->pci.item;

	(void)request;
	vc_iommu_read_units(fs, &units, host);
	set_present(fs, &units, &groups, host);
	set_group_count(host, &groups);
	read_firmware_table(fs, host);
	vc_iommu_read_interrupts(fs, host);
	vc_iommu_read_groups(fs, host);
	for (size_t i = 0; i < host->pci.count; i++) {
		if (!pci[i].detailed)
			continue;
		set_unit(fs, host, &pci[i]);
		set_device_width(&pci[i]);
	}
}
