/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The assigned PCI devices in an order that they can be found in. Questions about one device and all the
 * others are answered from it by walking it once: a domain may name thousands. Private to this room.
 */
#pragma once

#include "guest/derive.h"

/* An assigned PCI device. */
struct vc_assigned {
	struct vc_hostdev *hostdev;
	const char *address;                /* NULL: not known */
	const struct vc_iommu_group *group; /* NULL: not known, or none */
	size_t position;
};

struct vc_assigned_devices {
	const struct vc_deriver *d;
	struct vc_assigned *item; /* sorted by address, those without first */
	size_t count, unnamed;
	const struct vc_fact *unnamed_fact; /* why the first of those without has none; NULL without any */
};

struct vc_assigned_devices vc_assigned_gather(const struct vc_deriver *d);

/* The first of those with @address as the domain has them, or NULL. */
const struct vc_assigned *vc_assigned_find(const struct vc_assigned_devices *all, const char *address);

void vc_derive_group_blockers(const struct vc_assigned_devices *all);
void vc_derive_device_distance(const struct vc_assigned_devices *all);
void vc_derive_group_sharing(const struct vc_assigned_devices *all);
void vc_derive_peer_to_peer(const struct vc_assigned_devices *all);
