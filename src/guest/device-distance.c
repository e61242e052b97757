/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Assigned devices that are attached to another NUMA node of the host than what the guest is tied to. */
#include <errno.h>

#include "guest/assigned.h"

/* What the guest is tied to, or why that is not known. Not tied: may move to wherever it is best. */
struct ties {
	struct vc_idset set;
	const struct vc_fact *doubt;
	bool tied;
};

static void
unite(struct vc_idset *all, const struct vc_idset *some)
{
	for (size_t i = 0; i < VC_COUNT(all->word); i++)
		all->word[i] |= some->word[i];
}

static void
tie_to(struct ties *ties, const struct vc_fact_text *text)
{
	struct vc_idset some;

	if (vc_known(&text->fact) && vc_idset_parse(text->value, &some) == 0)
		unite(&ties->set, &some);
	else if (text->fact.state != VC_ABSENT)
		ties->doubt = &text->fact;
}

/* Host nodes that memory of the guest comes from. */
static void
gather_nodes(const struct vc_guest *guest, struct ties *ret_ties)
{
	const struct vc_numa_binding *binding = guest->numa_binding.item;

	*ret_ties = (struct ties){ .doubt = vc_known(&guest->numa_binding.fact) ? NULL : &guest->numa_binding.fact };
	for (size_t i = 0; i < guest->numa_binding.count; i++) {
		ret_ties->tied = ret_ties->tied || binding[i].nodes.fact.state != VC_ABSENT;
		tie_to(ret_ties, &binding[i].nodes);
	}
}

/* Host CPUs that its processors are pinned to, if all of them are. */
static void
gather_cpus(const struct vc_guest *guest, struct ties *ret_ties)
{
	const struct vc_pin *pin = guest->pin.item;
	uint64_t pinned = 0;

	*ret_ties = (struct ties){ .doubt = vc_known(&guest->pin.fact) ? NULL : &guest->pin.fact };
	for (size_t i = 0; i < guest->pin.count; i++) {
		bool all = vc_text_is(&pin[i].kind, "default");

		if (!all && !vc_text_is(&pin[i].kind, "vcpu"))
			continue;
		ret_ties->tied = ret_ties->tied || all;
		pinned++;
		tie_to(ret_ties, &pin[i].cpus);
	}
	/* A pin for each: which of several have the same processor, or none, libvirt refuses. */
	if (vc_known(&guest->vcpus.fact) && pinned >= guest->vcpus.value && pinned > 0)
		ret_ties->tied = true;
}

static void
set_far(struct vc_fact_flag *fact, const struct ties *ties, const struct vc_fact *place, const struct vc_idset *here)
{
	if (ties->doubt)
		vc_derive_unknown(&fact->fact, ties->doubt);
	else if (!ties->tied || place->state == VC_ABSENT)
		vc_set_absent(&fact->fact, place->from);
	else if (!here)
		vc_derive_unknown(&fact->fact, place);
	else
		vc_set_flag(fact, vc_idset_count_common(&ties->set, here) == 0, place->from);
}

static void
derive_distance(const struct ties *nodes, const struct ties *cpus, struct vc_hostdev *hostdev)
{
	const struct vc_pci *device = hostdev->device.item;
	struct vc_idset here = { { 0 } };
	bool understood;

	if (!vc_known(&hostdev->device.fact)) {
		set_far(&hostdev->memory_far, nodes, &hostdev->device.fact, NULL);
		set_far(&hostdev->processors_far, cpus, &hostdev->device.fact, NULL);
		return;
	}
	understood = vc_known(&device->numa_node.fact) && device->numa_node.value < VC_IDSET_MAX;
	if (understood)
		here.word[device->numa_node.value / 64] = UINT64_C(1) << device->numa_node.value % 64;
	set_far(&hostdev->memory_far, nodes, &device->numa_node.fact, understood ? &here : NULL);
	/* A node may have no processors, and then none is nearer than the others. */
	understood = cpus->tied && vc_known(&device->local_cpus.fact) && vc_idset_parse(device->local_cpus.value, &here) == 0;
	set_far(&hostdev->processors_far, cpus, &device->local_cpus.fact, understood ? &here : NULL);
}

void
vc_derive_device_distance(const struct vc_assigned_devices *all)
{
	struct ties nodes, cpus;

	gather_nodes(all->d->guest, &nodes);
	gather_cpus(all->d->guest, &cpus);
	for (size_t i = 0; i < all->count; i++)
		derive_distance(&nodes, &cpus, all->item[i].hostdev);
}
