/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Other guests that take a device of this one, or one of its IOMMU group. */
#include <string.h>

#include "base/tri.h"
#include "guest/derive.h"

/* What a guest is known by; NULL where it does not say. */
struct identity {
	const char *uuid, *name;
};

/* Is it this guest itself, by another of its files? @ret_doubt: the fact that would decide. */
static enum vc_tri
is_itself(const struct vc_domain *domain, const struct identity *self, const struct vc_fact **ret_doubt)
{
	const struct {
		const char *self;
		const struct vc_fact_text *mark;
	} marks[] = { { self->uuid, &domain->uuid_mark }, { self->name, &domain->name_mark } };
	enum vc_tri itself = VC_NO;

	for (size_t i = 0; i < VC_COUNT(marks); i++) {
		if (!marks[i].self)
			continue;
		if (vc_text_is(marks[i].mark, marks[i].self))
			return VC_YES;
		if (!vc_known(&marks[i].mark->fact)) {
			itself = VC_UNKNOWN;
			*ret_doubt = &marks[i].mark->fact;
		}
	}
	return itself;
}

/* NULL: @domain takes neither @hostdev nor another of its group. */
static const char *
common_device(const struct vc_domain *domain, const struct vc_hostdev *hostdev)
{
	const struct vc_pci *pci = vc_known(&hostdev->device.fact) ? hostdev->device.item : NULL;
	const struct vc_iommu_group *group = pci && vc_known(&pci->group.fact) ? pci->group.item : NULL;

	if (vc_set_has(&domain->devices, hostdev->address.value))
		return hostdev->address.value;
	for (size_t i = 0; group && vc_known(&group->members.fact) && i < domain->devices.count; i++) {
		if (vc_set_has(&group->members, domain->devices.word[i]))
			return domain->devices.word[i];
	}
	return NULL;
}

/* What keeps the group from being known; NULL: nothing. */
static const struct vc_fact *
group_doubt(const struct vc_hostdev *hostdev)
{
	const struct vc_pci *pci = hostdev->device.item;
	const struct vc_iommu_group *group;

	if (!vc_known(&hostdev->device.fact))
		return hostdev->device.fact.state == VC_ABSENT ? NULL : &hostdev->device.fact;
	if (!vc_known(&pci->group.fact))
		return pci->group.fact.state == VC_ABSENT ? NULL : &pci->group.fact;
	group = pci->group.item;
	return vc_known(&group->members.fact) ? NULL : &group->members.fact;
}

struct rival {
	struct vc_fact_text *name, *device;
	const struct vc_fact_number *looked;
	bool running; /* else one that starts by itself and is not running */
};

static enum vc_tri
flag(const struct vc_fact_flag *fact, const struct vc_fact **ret_doubt)
{
	if (vc_known(&fact->fact))
		return vc_tri_from(fact->value);
	*ret_doubt = &fact->fact;
	return VC_UNKNOWN;
}

/* Another file of the same guest says that it runs. */
static enum vc_tri
runs(const struct vc_host *host, const struct vc_domain *wanted, const struct vc_fact **ret_doubt)
{
	const struct vc_domain *domain = host->domain.item;
	const struct identity identity = {
		.name = vc_known(&wanted->name_mark.fact) ? wanted->name_mark.value : NULL,
	};
	enum vc_tri any = VC_NO;

	for (size_t i = 0; i < host->domain.count; i++) {
		enum vc_tri running = flag(&domain[i].running, ret_doubt);

		if (running != VC_NO)
			any = vc_tri_or(any,
					vc_tri_and(running,
						   identity.name ? is_itself(&domain[i], &identity, ret_doubt)
								 : VC_UNKNOWN));
	}
	return any;
}

/* It has, or will have, a device that keeps this guest from having @hostdev, which is @ret_device. */
static enum vc_tri
is_rival(const struct vc_deriver *d, const struct vc_domain *domain, const struct vc_hostdev *hostdev,
	 const struct identity *self, bool running, const char **ret_device, const struct vc_fact **ret_doubt)
{
	enum vc_tri takes = VC_UNKNOWN, active;

	if (vc_known(&domain->devices.fact)) {
		*ret_device = common_device(domain, hostdev);
		takes = vc_tri_from(*ret_device != NULL);
	} else {
		*ret_doubt = &domain->devices.fact;
	}
	/* Most take nothing that is of interest. */
	if (takes == VC_NO)
		return VC_NO;
	active = running ? flag(&domain->running, ret_doubt) : flag(&domain->autostart, ret_doubt);
	if (!running && active != VC_NO)
		active = vc_tri_and(active, vc_tri_not(runs(d->host, domain, ret_doubt)));
	if (active == VC_NO)
		return VC_NO;
	return vc_tri_and(vc_tri_and(takes, active), vc_tri_not(is_itself(domain, self, ret_doubt)));
}

static void
find_rival(const struct vc_deriver *d, const struct vc_hostdev *hostdev, const struct identity *self,
	   const struct rival *rival)
{
	const struct vc_domain *domain = d->host->domain.item;
	const struct vc_fact *doubt =
		vc_known(&rival->looked->fact) ? group_doubt(hostdev) : &rival->looked->fact;

	for (size_t i = 0; i < d->host->domain.count; i++) {
		const struct vc_fact *unknown = NULL;
		const char *device = NULL;
		enum vc_tri is = is_rival(d, &domain[i], hostdev, self, rival->running, &device, &unknown);

		if (is == VC_UNKNOWN)
			doubt = unknown ? unknown : &domain[i].name_mark.fact;
		if (is != VC_YES)
			continue;
		*rival->name = domain[i].name;
		vc_set_text(rival->device, device, domain[i].devices.fact.from);
		return;
	}
	if (doubt) {
		vc_derive_unknown(&rival->name->fact, doubt);
		vc_derive_unknown(&rival->device->fact, doubt);
	} else {
		vc_set_absent(&rival->name->fact, rival->looked->fact.from);
		vc_set_absent(&rival->device->fact, rival->looked->fact.from);
	}
}

void
vc_derive_rivals(const struct vc_deriver *d)
{
	struct vc_hostdev *hostdev = d->guest->hostdev.item;
	struct identity self = { .uuid = NULL };

	if (d->guest->hostdev.count > 0 && vc_known(&d->guest->uuid.fact))
		self.uuid = vc_domain_mark(d->arena, d->guest->uuid.value);
	if (d->guest->hostdev.count > 0 && vc_known(&d->guest->name.fact))
		self.name = vc_domain_mark(d->arena, d->guest->name.value);

	for (size_t i = 0; i < d->guest->hostdev.count; i++, hostdev++) {
		const struct rival running = { &hostdev->taken_by, &hostdev->taken_device,
					       &d->host->domains_running, true };
		const struct rival waiting = { &hostdev->claimed_by, &hostdev->claimed_device,
					       &d->host->domains_defined, false };

		if (!vc_known(&hostdev->address.fact)) {
			vc_set_unknown_like(&hostdev->taken_by.fact, &hostdev->address.fact);
			vc_set_unknown_like(&hostdev->taken_device.fact, &hostdev->address.fact);
			vc_set_unknown_like(&hostdev->claimed_by.fact, &hostdev->address.fact);
			vc_set_unknown_like(&hostdev->claimed_device.fact, &hostdev->address.fact);
			continue;
		}
		find_rival(d, hostdev, &self, &running);
		find_rival(d, hostdev, &self, &waiting);
	}
}
