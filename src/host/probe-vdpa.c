/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vDPA devices: which driver has each, and the node that the one for guests makes. */
#include <string.h>

#include "base/macro.h"
#include "host/probe.h"

#define DEVICES "/sys/bus/vdpa/devices"
#define NODE "vhost-vdpa-"

static void
probe_driver(struct vc_hostfs *fs, struct vc_vdpa_device *device)
{
	struct vc_answer link = vc_hostfs_read_link(fs, DEVICES "/%s/driver", device->name.value);
	const char *slash = vc_known(&link.fact) ? strrchr(link.data, '/') : NULL;

	if (vc_known(&link.fact))
		vc_set_text(&device->driver, slash ? slash + 1 : link.data, link.fact.from);
	else
		vc_set_unknown_like(&device->driver.fact, &link.fact);
}

static void
probe_node(struct vc_hostfs *fs, struct vc_vdpa_device *device)
{
	struct vc_names names = vc_hostfs_list(fs, DEVICES "/%s", device->name.value);

	if (!vc_known(&names.fact)) {
		vc_set_unknown_like(&device->node.fact, &names.fact);
		return;
	}
	vc_set_absent(&device->node.fact, names.fact.from);
	for (size_t i = 0; i < names.count; i++) {
		if (strncmp(names.name[i], NODE, strlen(NODE)) == 0)
			vc_set_text(&device->node,
				    vc_arena_printf(vc_hostfs_arena(fs), "/dev/%s", names.name[i]),
				    names.fact.from);
	}
}

/* Without the bus there are none. */
void
vc_probe_vdpa(struct vc_hostfs *fs, struct vc_host *host)
{
	struct vc_names names = vc_hostfs_list(fs, DEVICES);

	host->vdpa.fact = names.fact;
	if (names.fact.state == VC_ABSENT)
		host->vdpa.fact.state = VC_KNOWN;
	for (size_t i = 0; i < names.count; i++) {
		struct vc_vdpa_device *device =
			vc_list_append(vc_hostfs_arena(fs), &host->vdpa, sizeof(*device), names.fact.from);

		vc_set_text(&device->name, names.name[i], names.fact.from);
		probe_driver(fs, device);
		probe_node(fs, device);
	}
}
