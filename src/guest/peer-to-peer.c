/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which assigned devices have another one to talk to, past the processor. */
#include <string.h>

#include "base/tri.h"
#include "guest/assigned.h"

/*
 * Devices that talk to each other directly in practice: graphics cards and accelerators, and InfiniBand with
 * them [pci.ids, class codes]. Of other pairs, a graphics card and a network card say, nobody uses it.
 */
static enum vc_tri
is_talker(const struct vc_assigned *assigned, const struct vc_fact **ret_doubt)
{
	const struct vc_pci *device = assigned->hostdev->device.item;
	uint64_t base;

	*ret_doubt = &assigned->hostdev->device.fact;
	if (!vc_known(*ret_doubt))
		return VC_UNKNOWN;
	*ret_doubt = &device->class.fact;
	if (!vc_known(*ret_doubt))
		return VC_UNKNOWN;
	base = device->class.value >> 16;
	return vc_tri_from(base == 0x03 || base == 0x12 || device->class.value >> 8 == 0x0207);
}

/* Functions of one device need no IOMMU to reach each other: "0000:01:00.0" and "0000:01:00.1". */
static bool
same_slot(const struct vc_assigned *a, const struct vc_assigned *b)
{
	size_t length;

	if (!a->address || !b->address)
		return a == b;
	length = strcspn(a->address, ".");
	return strncmp(a->address, b->address, length) == 0 && b->address[length] == '.';
}

/* Cards that talk, or may: a function of the first two of each kind. */
struct talkers {
	const struct vc_assigned *sure[2], *unsure[2];
	size_t sures, unsures;
	const struct vc_fact *doubt[2];
};

static void
look_at_cards(const struct vc_assigned_devices *all, struct talkers *talkers)
{
	size_t end;

	*talkers = (struct talkers){ .sures = 0 };
	for (size_t i = 0; i < all->count; i = end) {
		const struct vc_assigned *sure = NULL, *unsure = NULL;
		const struct vc_fact *doubt = NULL, *first_doubt = NULL;

		for (end = i; end < all->count && same_slot(&all->item[i], &all->item[end]); end++) {
			enum vc_tri talks = is_talker(&all->item[end], &doubt);

			if (talks == VC_YES && !sure)
				sure = &all->item[end];
			if (talks == VC_UNKNOWN && !unsure) {
				unsure = &all->item[end];
				first_doubt = doubt;
			}
		}
		if (sure && talkers->sures < VC_COUNT(talkers->sure))
			talkers->sure[talkers->sures++] = sure;
		else if (unsure && !sure && talkers->unsures < VC_COUNT(talkers->unsure)) {
			talkers->doubt[talkers->unsures] = first_doubt;
			talkers->unsure[talkers->unsures++] = unsure;
		}
	}
}

/* Where in @card the first other card than that of @me stands; @count if none does. */
static size_t
other_card(const struct vc_assigned *me, const struct vc_assigned *const *card, size_t count)
{
	size_t i = 0;

	while (i < count && same_slot(me, card[i]))
		i++;
	return i;
}

static void
set_peer_to_peer(const struct vc_assigned *me, const struct talkers *talkers)
{
	struct vc_fact_flag *fact = &me->hostdev->peer_to_peer;
	size_t unsure = other_card(me, talkers->unsure, talkers->unsures);
	const struct vc_fact *doubt = NULL;
	enum vc_tri peer, self = is_talker(me, &doubt);

	if (other_card(me, talkers->sure, talkers->sures) < talkers->sures)
		peer = VC_YES;
	else
		peer = unsure < talkers->unsures ? VC_UNKNOWN : VC_NO;
	switch (vc_tri_and(self, peer)) {
	case VC_UNKNOWN:
		vc_derive_unknown(&fact->fact, self == VC_UNKNOWN ? doubt : talkers->doubt[unsure]);
		break;
	case VC_YES:
	case VC_NO:
		vc_set_flag(fact, vc_tri_and(self, peer) == VC_YES, "guest.hostdev");
		break;
	}
}

void
vc_derive_peer_to_peer(const struct vc_assigned_devices *all)
{
	struct talkers talkers;

	look_at_cards(all, &talkers);
	for (size_t i = 0; i < all->count; i++)
		set_peer_to_peer(&all->item[i], &talkers);
}
