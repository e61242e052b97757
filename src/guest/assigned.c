/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/assigned.h"

#include <stdlib.h>
#include <string.h>

static int
compare_text(const char *a, const char *b)
{
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

static int
compare_address(const void *a, const void *b)
{
	const struct vc_assigned *x = a, *y = b;
	int order = compare_text(x->address, y->address);

	return order != 0 ? order : (x->position > y->position) - (x->position < y->position);
}

struct vc_assigned_devices
vc_assigned_gather(const struct vc_deriver *d)
{
	struct vc_hostdev *hostdev = d->guest->hostdev.item;
	struct vc_assigned_devices all = { .d = d };

	all.item = vc_arena_make_array(d->arena, d->guest->hostdev.count + 1, struct vc_assigned);
	for (size_t i = 0; i < d->guest->hostdev.count; i++) {
		struct vc_assigned *assigned = &all.item[all.count];
		const struct vc_pci *device = hostdev[i].device.item;

		if (!vc_text_is(&hostdev[i].kind, "pci"))
			continue;
		*assigned = (struct vc_assigned){ .hostdev = &hostdev[i], .position = all.count++ };
		if (vc_known(&hostdev[i].address.fact))
			assigned->address = hostdev[i].address.value;
		if (vc_known(&hostdev[i].device.fact) && vc_known(&device->group.fact))
			assigned->group = device->group.item;
	}
	qsort(all.item, all.count, sizeof(*all.item), compare_address);
	while (all.unnamed < all.count && !all.item[all.unnamed].address)
		all.unnamed++;
	if (all.unnamed > 0)
		all.unnamed_fact = &all.item[0].hostdev->address.fact;
	return all;
}

const struct vc_assigned *
vc_assigned_find(const struct vc_assigned_devices *all, const char *address)
{
	size_t first = all->unnamed, end = all->count;

	while (first < end) {
		size_t middle = first + (end - first) / 2;

		if (strcmp(all->item[middle].address, address) < 0)
			first = middle + 1;
		else
			end = middle;
	}
	return first < all->count && strcmp(all->item[first].address, address) == 0 ? &all->item[first]
										    : NULL;
}
