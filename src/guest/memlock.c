/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Locked memory: the limit that libvirt sets, and what VFIO pins under it.
 * [libvirt 11.3 src/qemu/qemu_domain.c qemuDomainGetMemLockLimitBytes]
 */
#include "guest/derive.h"
#include "guest/read.h"

#define GIB (UINT64_C(1) << 30)

uint64_t
vc_count_hostdevs(const struct vc_guest *guest, const char *kind, bool known_to_libvirt)
{
	const struct vc_hostdev *hostdevs = guest->hostdev.item;
	uint64_t count = 0;

	for (size_t i = 0; i < guest->hostdev.count; i++) {
		if (known_to_libvirt && vc_text_is(&hostdevs[i].source, "qemu:commandline"))
			continue;
		count += vc_text_is(&hostdevs[i].kind, kind);
	}
	return count;
}

/* IOMMUs that stand in the XML itself. */
static bool
libvirt_knows_iommu(const struct vc_guest *guest)
{
	const struct vc_viommu *iommus = guest->iommu.item;

	return guest->iommu.count > 0 && vc_el_named((struct vc_el){ .node = iommus[0].place.node }, "iommu");
}

/* Memory devices that are mapped from the start: virtio-mem is not before the guest plugs it, enclaves never.
 */
static uint64_t
mapped_devices(const struct vc_guest_input *input)
{
	uint64_t sum = 0;

	/* The sizes were added up before, so that this sum fits. */
	for (size_t i = 0; i < input->memory_devices; i++) {
		const struct vc_memory_device *device = &input->memory_device[i];

		if (device->model != VC_MEMORY_VIRTIO_MEM && device->model != VC_MEMORY_SGX_EPC)
			sum += device->size.value;
	}
	return sum;
}

/* @times RAM and @devices, plus @extra; or why it is not known. */
static void
set_multiple(const struct vc_guest *guest, uint64_t devices, uint64_t times, uint64_t extra,
	     struct vc_fact_number *fact)
{
	uint64_t bytes;

	if (vc_add(guest->memory.value, devices, &bytes) < 0 || vc_mul(bytes, times, &bytes) < 0 ||
	    vc_add(bytes, extra, &bytes) < 0)
		vc_set_unreadable(&fact->fact, ERANGE, guest->memory.fact.from);
	else
		vc_set_number(fact, bytes, guest->memory.fact.from);
}

/* The size that is not known, NULL if all are. */
static const struct vc_fact *
unknown_size(const struct vc_guest *guest)
{
	if (!vc_known(&guest->memory.fact))
		return &guest->memory.fact;
	return vc_known(&guest->memory_devices.fact) ? NULL : &guest->memory_devices.fact;
}

static void
read_limit(const struct vc_reader *r)
{
	struct vc_guest *guest = r->guest;
	struct vc_fact_number *limit = &guest->memlock_limit;
	uint64_t vfio = vc_count_hostdevs(guest, "pci", true) + vc_count_hostdevs(guest, "mdev", true);
	uint64_t times = guest->memlock_devices.value;

	if (!r->input->qemu) {
		vc_set_absent(&limit->fact, guest->type.fact.from);
	} else if (r->input->whole) {
		/* libvirt's own limits do not stand on the command line; those of a shell are the host's. */
		if (vc_text_is(&guest->launcher, "libvirt"))
			vc_set_unreadable(&limit->fact, EOPNOTSUPP, guest->launcher.fact.from);
		else
			limit->fact = (struct vc_fact){ .state = VC_UNREAD };
	} else if (guest->hard_limit.fact.state != VC_ABSENT) {
		*limit = guest->hard_limit;
	} else if (guest->memory_locked.value) {
		vc_set_number(limit, VC_MEMORY_UNLIMITED, guest->memory_locked.fact.from);
		limit->fact.line = guest->memory_locked.fact.line;
	} else if (r->input->iommufd || vc_text_is(&guest->arch, "ppc64") ||
		   vc_text_is(&guest->arch, "ppc64le")) {
		/* Other formulas: iommufd counts per user, POWER counts DMA windows. */
		vc_set_unreadable(&limit->fact, EOPNOTSUPP, guest->memory.fact.from);
	} else {
		if (vfio > 0)
			times += libvirt_knows_iommu(guest) ? vfio : 1;
		if (times == 0)
			vc_set_absent(&limit->fact, guest->memory.fact.from);
		else if (unknown_size(guest))
			vc_set_unknown_like(&limit->fact, unknown_size(guest));
		else
			set_multiple(guest, guest->memory_devices.value, times, GIB, limit);
	}
}

/* -overcommit mem-lock=on locks all that QEMU has [qemu 10.0 system/vl.c os_mlock]; libvirt lifts the limit for it. */
static bool
locks_itself(const struct vc_reader *r)
{
	return r->input->whole && r->guest->memory_locked.value;
}

/*
 * Whole PCI functions pin all RAM when they are attached, once per address space: with a guest IOMMU each has
 * its own, unless conventional bridges make several share one. Mediated devices pin what their driver asks
 * for.
 */
static void
read_need(const struct vc_reader *r)
{
	struct vc_guest *guest = r->guest;
	uint64_t functions = vc_count_hostdevs(guest, "pci", false);

	if ((functions == 0 && !locks_itself(r)) || !r->input->qemu) {
		vc_set_absent(&guest->memlock_needed.fact, guest->hostdev.fact.from);
	} else if (r->input->memory_elsewhere) {
		vc_set_unreadable(&guest->memlock_needed.fact, EOPNOTSUPP, guest->qemu_args.fact.from);
	} else if (unknown_size(guest)) {
		vc_set_unknown_like(&guest->memlock_needed.fact, unknown_size(guest));
	} else {
		bool apart = guest->iommu.count > 0 && !r->input->conventional_bridge;

		set_multiple(guest, mapped_devices(r->input), apart && functions > 0 ? functions : 1, 0,
			     &guest->memlock_needed);
	}
}

void
vc_read_memlock(const struct vc_reader *r)
{
	read_limit(r);
	read_need(r);
}

/* Who starts QEMU from a shell has the limit of that shell. Root has none [linux 6.12 drivers/vfio/vfio_iommu_type1.c
 * vfio_lock_acct, CAP_IPC_LOCK]. */
void
vc_derive_memlock(const struct vc_deriver *d)
{
	struct vc_fact_number *limit = &d->guest->memlock_limit;
	const struct vc_fact_number *user = &d->host->user_id, *soft = &d->host->memlock_soft;

	if (!d->input->whole || vc_text_is(&d->guest->launcher, "libvirt"))
		return;
	if (d->guest->privileged.value)
		vc_set_number(limit, VC_MEMORY_UNLIMITED, "started by root");
	else if (vc_known(&user->fact) && user->value == 0)
		vc_set_number(limit, VC_MEMORY_UNLIMITED, user->fact.from);
	else if (!vc_known(&user->fact))
		vc_set_unknown_like(&limit->fact, &user->fact);
	else if (soft->fact.state == VC_ABSENT)
		vc_set_number(limit, VC_MEMORY_UNLIMITED, soft->fact.from);
	else
		*limit = *soft;
}
