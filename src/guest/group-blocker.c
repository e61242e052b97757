/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who of an IOMMU group keeps VFIO from taking it. */
#include <stdlib.h>
#include <string.h>

#include "base/tri.h"
#include "guest/assigned.h"

/* A member whose record the model does not hold: the probe details the members of the groups it was asked
 * for. */
static const struct vc_fact member_unread = { .state = VC_UNREAD, .from = "host.pci.device" };

/* libvirt takes a managed device from its driver before QEMU starts. */
static enum vc_tri
will_be_detached(const struct vc_assigned_devices *all, const char *address, const struct vc_fact **ret_doubt)
{
	const struct vc_assigned *assigned = vc_assigned_find(all, address);

	if (!assigned && all->unnamed == 0)
		return VC_NO;
	*ret_doubt = assigned ? &assigned->hostdev->managed.fact : all->unnamed_fact;
	if (!assigned || !vc_known(*ret_doubt))
		return VC_UNKNOWN;
	return vc_tri_from(assigned->hostdev->managed.value);
}

/*
 * Whether the driver of a member keeps VFIO from taking the group.
 * Linux 5.19 and later: every PCI driver owns the DMA of the group unless it says that it manages it itself:
 * the vfio drivers, pci-stub, pcieport [linux 6.12 drivers/pci/pci-driver.c pci_dma_configure,
 * .driver_managed_dma]. Before: vfio drivers, pci-stub, and any driver of a bridge were allowed [linux 5.15
 * drivers/vfio/vfio.c vfio_dev_driver_allowed].
 */
static enum vc_tri
driver_blocks(const struct vc_host *host, const struct vc_pci *member, const struct vc_fact **ret_doubt)
{
	const char *driver = member->driver.value;

	if (member->driver.fact.state == VC_ABSENT)
		return VC_NO;
	*ret_doubt = &member->driver.fact;
	if (!vc_known(&member->driver.fact))
		return VC_UNKNOWN;
	/* vfio-pci, mlx5_vfio_pci, nvgrace_gpu_vfio_pci, pds_vfio_pci, ... */
	if (strstr(driver, "vfio") || strcmp(driver, "pci-stub") == 0 || strcmp(driver, "pcieport") == 0)
		return VC_NO;
	*ret_doubt = &host->kernel_version.fact;
	if (!vc_known(&host->kernel_version.fact))
		return VC_UNKNOWN;
	if (vc_version_at_least(host->kernel_version.value, 5, 19))
		return VC_YES;
	*ret_doubt = &member->header_type.fact;
	if (!vc_known(&member->header_type.fact))
		return VC_UNKNOWN;
	return vc_tri_from(member->header_type.value == 0);
}

static enum vc_tri
member_blocks(const struct vc_assigned_devices *all, const char *address, const struct vc_pci *member,
	      const struct vc_fact **ret_doubt)
{
	enum vc_tri stays = vc_tri_not(will_be_detached(all, address, ret_doubt));

	if (stays == VC_NO)
		return VC_NO;
	if (!member) {
		*ret_doubt = &member_unread;
		return VC_UNKNOWN;
	}
	switch (driver_blocks(all->d->host, member, ret_doubt)) {
	case VC_NO:
		return VC_NO;
	case VC_UNKNOWN:
		return VC_UNKNOWN;
	case VC_YES:
		break;
	}
	/* What the driver would do is known now: whether it stays may not be. */
	if (stays == VC_UNKNOWN)
		will_be_detached(all, address, ret_doubt);
	return stays;
}

/*
 * The members in the way. A device on a host driver is no obstacle to itself: libvirt detaches it, or
 * refuses. So of each kind there are two, and for one of them the other counts.
 */
struct obstacle {
	const char *address;
	const struct vc_pci *member;
	const struct vc_fact *doubt;
};

struct obstacles {
	struct obstacle sure[2], unsure[2];
	size_t sures, unsures;
};

static void
look_at_members(const struct vc_assigned_devices *all, const struct vc_iommu_group *group,
		struct obstacles *obstacles)
{
	*obstacles = (struct obstacles){ .sures = 0 };
	for (size_t i = 0; i < group->members.count && obstacles->sures < VC_COUNT(obstacles->sure); i++) {
		struct obstacle obstacle = { .address = group->members.word[i] };
		enum vc_tri blocks;

		obstacle.member = vc_host_find_pci(all->d->host, obstacle.address);
		blocks = member_blocks(all, obstacle.address, obstacle.member, &obstacle.doubt);
		if (blocks == VC_YES)
			obstacles->sure[obstacles->sures++] = obstacle;
		else if (blocks == VC_UNKNOWN && obstacles->unsures < VC_COUNT(obstacles->unsure))
			obstacles->unsure[obstacles->unsures++] = obstacle;
	}
}

static const struct obstacle *
other_than(const char *address, const struct obstacle *obstacle, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(obstacle[i].address, address) != 0)
			return &obstacle[i];
	}
	return NULL;
}

static void
set_blocker(struct vc_hostdev *hostdev, const struct obstacles *obstacles, const char *from)
{
	const struct obstacle *sure = other_than(hostdev->address.value, obstacles->sure, obstacles->sures);
	const struct obstacle *unsure =
		other_than(hostdev->address.value, obstacles->unsure, obstacles->unsures);

	if (sure) {
		vc_set_text(&hostdev->group_blocker, sure->address, from);
		hostdev->group_blocker_driver = sure->member->driver;
	} else if (unsure) {
		vc_set_unknown_like(&hostdev->group_blocker.fact, unsure->doubt);
		vc_set_unknown_like(&hostdev->group_blocker_driver.fact, unsure->doubt);
	} else {
		vc_set_absent(&hostdev->group_blocker.fact, from);
		vc_set_absent(&hostdev->group_blocker_driver.fact, from);
	}
}

static void
set_blocker_unknown(struct vc_hostdev *hostdev)
{
	const struct vc_pci *device = hostdev->device.item;
	const struct vc_iommu_group *group;
	const struct vc_fact *cause = &hostdev->device.fact;

	if (vc_known(cause))
		cause = &device->group.fact;
	if (vc_known(cause)) {
		group = device->group.item;
		cause = &group->members.fact;
	}
	vc_derive_unknown(&hostdev->group_blocker.fact, cause);
	vc_derive_unknown(&hostdev->group_blocker_driver.fact, cause);
}

static int
compare_group(const void *a, const void *b)
{
	const struct vc_assigned *const *x = a, *const *y = b;
	uintptr_t left = (uintptr_t)(*x)->group, right = (uintptr_t)(*y)->group;

	return (left > right) - (left < right);
}

void
vc_derive_group_blockers(const struct vc_assigned_devices *all)
{
	struct vc_assigned **by_group =
		vc_arena_make_array(all->d->arena, all->count + 1, struct vc_assigned *);
	const struct vc_iommu_group *looked_at = NULL;
	struct obstacles obstacles = { .sures = 0 };

	for (size_t i = 0; i < all->count; i++)
		by_group[i] = &all->item[i];
	qsort(by_group, all->count, sizeof(struct vc_assigned *), compare_group);
	for (size_t i = 0; i < all->count; i++) {
		const struct vc_iommu_group *group = by_group[i]->group;

		if (!by_group[i]->address || !group || !vc_known(&group->members.fact)) {
			set_blocker_unknown(by_group[i]->hostdev);
			continue;
		}
		if (group != looked_at)
			look_at_members(all, group, &obstacles);
		looked_at = group;
		set_blocker(by_group[i]->hostdev, &obstacles, group->members.fact.from);
	}
}
