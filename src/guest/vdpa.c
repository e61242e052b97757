/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vDPA devices, and whether the host has them ready for guests. */
#include <errno.h>
#include <string.h>

#include "guest/derive.h"
#include "guest/read.h"

#define NODE_PREFIX "/dev/vhost-vdpa-"

void
vc_read_vdpa(const struct vc_reader *r, struct vc_el devices)
{
	static const struct {
		const char *element, *type;
	} users[] = { { "interface", "vdpa" }, { "disk", "vhostvdpa" } };

	r->guest->vdpa.fact = (struct vc_fact){ .state = VC_KNOWN, .from = devices.path };
	for (size_t u = 0; u < VC_COUNT(users); u++) {
		struct vc_els list = vc_el_children(r, devices, users[u].element, NULL);

		for (size_t i = 0; i < list.count; i++) {
			const char *type = vc_el_attr(r, list.el[i], "type");
			struct vc_vdpa *vdpa;

			if (!type || strcmp(type, users[u].type) != 0)
				continue;
			vdpa = vc_list_append(r->arena, &r->guest->vdpa, sizeof(*vdpa), devices.path);
			vdpa->place = vc_el_place(list.el[i]);
			vc_set_text(&vdpa->kind, users[u].element, vdpa->place.xpath);
			vc_read_text(r, vc_el_child(r, list.el[i], "source"), "dev", &vdpa->node);
		}
	}
}

static void
derive_device(const struct vc_host *host, struct vc_vdpa *vdpa)
{
	const struct vc_vdpa_device *device = host->vdpa.item, *candidate = NULL;
	struct vc_fact unknown = host->vdpa.fact;

	if (!vc_known(&vdpa->node.fact))
		unknown = vdpa->node.fact;
	else if (strncmp(vdpa->node.value, NODE_PREFIX, strlen(NODE_PREFIX)) != 0)
		/* A link, or a node that somebody made. */
		vc_set_unreadable(&unknown, EOPNOTSUPP, vdpa->node.fact.from);
	for (size_t i = 0; i < host->vdpa.count && vc_known(&unknown); i++) {
		const struct vc_fact_text *node = &device[i].node;

		if (vc_text_is(node, vdpa->node.value)) {
			vc_set_ref(&vdpa->device, &device[i], node->fact.from);
			vc_set_absent(&vdpa->candidate.fact, node->fact.from);
			return;
		}
		if (node->fact.state == VC_ABSENT && !candidate)
			candidate = &device[i];
		else if (node->fact.state != VC_ABSENT && !vc_known(&node->fact))
			unknown = node->fact;
	}
	if (!vc_known(&unknown)) {
		vc_set_unknown_like(&vdpa->device.fact, &unknown);
		vc_set_unknown_like(&vdpa->candidate.fact, &unknown);
		return;
	}
	vc_set_absent(&vdpa->device.fact, unknown.from);
	if (candidate)
		vc_set_ref(&vdpa->candidate, candidate, unknown.from);
	else
		vc_set_absent(&vdpa->candidate.fact, unknown.from);
}

void
vc_derive_vdpa(const struct vc_deriver *d)
{
	struct vc_vdpa *vdpa = d->guest->vdpa.item;

	for (size_t i = 0; i < d->guest->vdpa.count; i++)
		derive_device(d->host, &vdpa[i]);
}
