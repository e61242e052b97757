/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guest's IOMMU: its effective width, and how wide the host's may let it be. */
#include "guest/derive.h"
#include "guest/machine.h"

/*
 * intel-iommu was 39 bits wide for every machine type until QEMU 10.0 gave machine types since 9.2 48.
 * [qemu 9.2.0, 10.0.13 hw/i386/pc.c pc_compat_9_1]
 * The stable releases 9.2.1 and later were not looked at.
 */
static void
intel_width(const struct vc_guest *guest, struct vc_fact_number *aw_bits)
{
	const struct vc_fact_version *qemu = &guest->qemu_version, *machine = &guest->machine_version;
	const struct vc_version last_narrow = { { 9, 2, 0 } };

	if (vc_known(&machine->fact) && !vc_version_at_least(machine->value, 9, 2))
		vc_set_number(aw_bits, 39, "default of the machine type");
	else if (!vc_known(&qemu->fact))
		vc_set_unknown_like(&aw_bits->fact, &qemu->fact);
	else if (vc_version_compare(qemu->value, last_narrow) <= 0)
		vc_set_number(aw_bits, 39, "default of QEMU before 10.0");
	else if (!vc_known(&machine->fact))
		vc_set_unknown_like(&aw_bits->fact, &machine->fact);
	else if (!vc_version_at_least(qemu->value, 10, 0))
		vc_set_unreadable(&aw_bits->fact, EOPNOTSUPP, qemu->fact.from);
	else
		vc_set_number(aw_bits, 48, "default of QEMU since 10.0");
}

/*
 * 64 until machine types of 9.0 got the widths that their processors have.
 * [qemu 10.0.13 hw/core/machine.c hw_compat_8_2, hw/i386/pc_q35.c pc_q35_compat_defaults, hw/arm/virt.c
 * arm_virt_compat]
 */
static void
virtio_width(const struct vc_guest *guest, struct vc_fact_number *aw_bits)
{
	const struct vc_fact_version *machine = &guest->machine_version;
	bool virt = vc_text_is(&guest->machine_family, "virt");

	if (!virt && !vc_text_is(&guest->machine_family, "q35"))
		vc_set_unreadable(&aw_bits->fact, EOPNOTSUPP, guest->machine.fact.from);
	else if (!vc_known(&machine->fact))
		vc_set_unknown_like(&aw_bits->fact, &machine->fact);
	else if (!vc_version_at_least(machine->value, 9, 0))
		vc_set_number(aw_bits, 64, "default of the machine type");
	else
		vc_set_number(aw_bits, virt ? 48 : 39, "default of the machine type");
}

static void
effective_width(const struct vc_guest *guest, struct vc_viommu *iommu)
{
	if (iommu->aw_bits.fact.state != VC_ABSENT)
		return;
	if (vc_text_is(&iommu->model, "intel"))
		intel_width(guest, &iommu->aw_bits);
	else if (vc_text_is(&iommu->model, "virtio"))
		virtio_width(guest, &iommu->aw_bits);
	else
		vc_set_unreadable(&iommu->aw_bits.fact, EOPNOTSUPP, iommu->model.fact.from);
	iommu->aw_bits.fact.line = iommu->place.line;
	iommu->aw_bits.fact.argument = iommu->place.argument;
}

/*
 * VFIO must hear of every mapping the guest makes. AMD's model could not tell until 9.2, where devices started without
 * translation, and again from 10.0.13 and 10.1 on; 10.2 starts them once more [qemu 7.2, 10.0.13 hw/i386/amd_iommu.c
 * amdvi_iommu_notify_flag_changed]. The stable releases between 9.2.0 and 10.0.13 were not looked at.
 */
static void
amd_refuses(const struct vc_guest *guest, struct vc_fact_flag *refuses)
{
	const struct vc_version first = { { 9, 2, 0 } }, second = { { 10, 0, 0 } }, third = { { 10, 0, 13 } };
	const struct vc_fact_version *qemu = &guest->qemu_version;

	if (!vc_known(&qemu->fact))
		vc_set_unknown_like(&refuses->fact, &qemu->fact);
	else if (vc_version_compare(qemu->value, first) == 0 || vc_version_compare(qemu->value, second) == 0 ||
		 vc_version_at_least(qemu->value, 10, 2))
		vc_set_flag(refuses, false, qemu->fact.from);
	else if (!vc_version_at_least(qemu->value, 9, 2) || vc_version_compare(qemu->value, third) >= 0)
		vc_set_flag(refuses, true, qemu->fact.from);
	else
		vc_set_unreadable(&refuses->fact, EOPNOTSUPP, qemu->fact.from);
}

/* [qemu 7.2, 10.0.13 hw/arm/smmuv3.c smmuv3_notify_flag_changed]; since 11.0 it may be accelerated by the host's. */
static void
smmuv3_refuses(const struct vc_guest *guest, struct vc_fact_flag *refuses)
{
	const struct vc_fact_version *qemu = &guest->qemu_version;

	if (!vc_known(&qemu->fact))
		vc_set_unknown_like(&refuses->fact, &qemu->fact);
	else if (!vc_version_at_least(qemu->value, 11, 0))
		vc_set_flag(refuses, true, qemu->fact.from);
	else
		vc_set_unreadable(&refuses->fact, EOPNOTSUPP, qemu->fact.from);
}

static void
derive_refusal(const struct vc_guest *guest, struct vc_viommu *iommu)
{
	struct vc_fact_flag *refuses = &iommu->refuses_devices;

	if (vc_text_is(&iommu->model, "amd"))
		amd_refuses(guest, refuses);
	else if (vc_text_is(&iommu->model, "smmuv3"))
		smmuv3_refuses(guest, refuses);
	else if (vc_text_is(&iommu->model, "intel") || vc_text_is(&iommu->model, "virtio"))
		vc_set_flag(refuses, false, iommu->model.fact.from);
	else
		vc_set_unreadable(&refuses->fact, EOPNOTSUPP, iommu->model.fact.from);
	refuses->fact.line = iommu->place.line;
}

/* The narrowest of the assigned PCI functions; one that is unknown leaves it unknown. */
static void
narrowest_host(const struct vc_guest *guest, struct vc_fact_number *ret_bits)
{
	const struct vc_hostdev *hostdevs = guest->hostdev.item;

	vc_set_absent(&ret_bits->fact, "guest.hostdev");
	for (size_t i = 0; i < guest->hostdev.count; i++) {
		const struct vc_fact_ref *ref = &hostdevs[i].device;
		const struct vc_fact *cause = &ref->fact;
		const struct vc_pci *pci;

		if (!vc_text_is(&hostdevs[i].kind, "pci"))
			continue;
		if (ref->fact.state == VC_ABSENT) {
			/* Somebody else says that it is missing; here the devices that exist decide. */
			if (ret_bits->fact.state == VC_ABSENT)
				vc_set_unreadable(&ret_bits->fact, ENODEV, hostdevs[i].address.value);
			continue;
		}
		pci = vc_known(&ref->fact) ? ref->item : NULL;
		if (pci)
			cause = &pci->aw_bits.fact;
		if (!vc_known(cause)) {
			vc_set_unknown_like(&ret_bits->fact, cause);
			return;
		}
		if (!vc_known(&ret_bits->fact) || pci->aw_bits.value < ret_bits->value)
			vc_set_number(ret_bits, pci->aw_bits.value, pci->aw_bits.fact.from);
	}
}

/* [qemu 10.0.13 hw/i386/intel_iommu.c vtd_decide_config: 39 and 48 are all there is] */
static void
largest_width(struct vc_viommu *iommu)
{
	const struct vc_fact_number *host = &iommu->host_aw_bits;

	if (!vc_known(&host->fact))
		vc_set_unknown_like(&iommu->largest_aw_bits.fact, &host->fact);
	else if (host->value >= 48)
		vc_set_number(&iommu->largest_aw_bits, 48, host->fact.from);
	else if (host->value >= 39)
		vc_set_number(&iommu->largest_aw_bits, 39, host->fact.from);
	else
		vc_set_absent(&iommu->largest_aw_bits.fact, host->fact.from);
}

void
vc_derive_viommus(const struct vc_deriver *d)
{
	struct vc_viommu *iommus = d->guest->iommu.item;
	struct vc_fact_number host = { 0 };

	if (d->guest->iommu.count == 0)
		return;
	narrowest_host(d->guest, &host);
	for (size_t i = 0; i < d->guest->iommu.count; i++) {
		effective_width(d->guest, &iommus[i]);
		iommus[i].host_aw_bits = host;
		largest_width(&iommus[i]);
		derive_refusal(d->guest, &iommus[i]);
	}
}
