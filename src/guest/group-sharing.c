/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Devices of one IOMMU group of the host which the guest's own IOMMU translates for apart. VFIO gives a group to one
 * address space as a whole. To the guest's IOMMU every PCI Express function is a device of its own, and those on a
 * conventional bus are one [qemu 10.0 hw/pci/pci.c pci_device_get_iommu_bus_devfn].
 */
#include <errno.h>
#include <stdlib.h>

#include "base/tri.h"
#include "guest/assigned.h"

/* Whether the guest's IOMMU takes it for one with the others of its bus. */
static enum vc_tri
on_conventional_bus(const struct vc_deriver *d, const struct vc_hostdev *hostdev)
{
	const struct vc_fact *written = &hostdev->guest_bus_conventional.fact;
	const struct vc_pci *device = hostdev->device.item;

	if (vc_known(written))
		return vc_tri_from(hostdev->guest_bus_conventional.value);
	/* libvirt gives it a root port of its own [libvirt 11.3 qemuDomainDeviceCalculatePCIConnectFlags]. */
	if (written->state == VC_ABSENT && vc_known(&device->express.fact) && device->express.value)
		return VC_NO;
	/* On a bus that a command line names, and no bridge to a conventional one is there. */
	if (written->state != VC_ABSENT && !d->input->conventional_bridge)
		return VC_NO;
	return VC_UNKNOWN;
}

/* Whether the guest's IOMMU tells the two from each other. */
static enum vc_tri
are_apart(const struct vc_deriver *d, const struct vc_hostdev *a, const struct vc_hostdev *b)
{
	enum vc_tri first = on_conventional_bus(d, a), second = on_conventional_bus(d, b);

	if (first == VC_NO || second == VC_NO)
		return VC_YES;
	if (first == VC_YES && second == VC_YES && a->guest_bus.value == b->guest_bus.value)
		return VC_NO;
	/* Two conventional buses are one to it if one hangs on the other. */
	return VC_UNKNOWN;
}

static int
compare_group(const void *a, const void *b)
{
	const struct vc_assigned *const *x = a, *const *y = b;

	if ((*x)->group != (*y)->group)
		return (*x)->group < (*y)->group ? -1 : 1;
	return ((*x)->position > (*y)->position) - ((*x)->position < (*y)->position);
}

static void
set_other(struct vc_hostdev *hostdev, const struct vc_hostdev *other)
{
	hostdev->group_apart = other->address;
	hostdev->group_apart.fact.from = "guest.hostdev";
}

/* @count devices of one group. Being one to the guest's IOMMU is transitive, so each has to be held against the first only. */
static void
look_at_group(const struct vc_deriver *d, const struct vc_assigned *const *member, size_t count)
{
	struct vc_hostdev *first = member[0]->hostdev;
	const struct vc_hostdev *other = NULL;
	bool doubt = false;

	for (size_t i = 1; i < count; i++) {
		enum vc_tri apart = are_apart(d, first, member[i]->hostdev);

		doubt = doubt || apart == VC_UNKNOWN;
		if (apart == VC_YES) {
			set_other(member[i]->hostdev, first);
			other = other ? other : member[i]->hostdev;
		}
	}
	for (size_t i = 0; i < count; i++) {
		struct vc_hostdev *hostdev = member[i]->hostdev;

		if (i > 0 && are_apart(d, first, hostdev) == VC_YES)
			continue;
		if (other)
			set_other(hostdev, other);
		else if (doubt)
			vc_set_unreadable(&hostdev->group_apart.fact, EOPNOTSUPP, "guest.hostdev");
	}
}

/* Whether it is in a group, of which number is not known. NULL if it is known, or in none. */
static const struct vc_fact *
group_doubt(const struct vc_hostdev *hostdev)
{
	const struct vc_pci *device = hostdev->device.item;

	if (!vc_known(&hostdev->device.fact))
		return hostdev->device.fact.state == VC_ABSENT ? NULL : &hostdev->device.fact;
	return vc_known(&device->group.fact) || device->group.fact.state == VC_ABSENT ? NULL : &device->group.fact;
}

void
vc_derive_group_sharing(const struct vc_assigned_devices *all)
{
	const struct vc_deriver *d = all->d;
	const struct vc_assigned **sorted = vc_arena_make_array(d->arena, all->count + 1, const struct vc_assigned *);
	const struct vc_fact *doubt = NULL;
	size_t count = 0;

	for (size_t i = 0; i < all->count; i++) {
		const struct vc_fact *why = group_doubt(all->item[i].hostdev);

		vc_set_absent(&all->item[i].hostdev->group_apart.fact, "guest.hostdev");
		doubt = doubt ? doubt : why;
		if (all->item[i].group)
			sorted[count++] = &all->item[i];
	}
	if (all->count < 2 || !vc_known(&d->guest->iommu.fact) || d->guest->iommu.count == 0)
		return;
	/* A device of which nothing is known may be in the group of any other. */
	for (size_t i = 0; doubt && i < all->count; i++)
		vc_derive_unknown(&all->item[i].hostdev->group_apart.fact, doubt);
	qsort(sorted, count, sizeof(const struct vc_assigned *), compare_group);
	for (size_t i = 0, end; i < count; i = end) {
		for (end = i + 1; end < count && sorted[end]->group == sorted[i]->group;)
			end++;
		look_at_group(d, &sorted[i], end - i);
	}
}
