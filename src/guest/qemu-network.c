/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/qemu-network.h"

#include <errno.h>
#include <string.h>

#include "guest/option-fact.h"

/* QEMU's name for a bridge if none is written [qemu 10.0 include/net/net.h DEFAULT_BRIDGE_INTERFACE]. */
#define DEFAULT_BRIDGE "br0"

/* What a domain calls it. Other types have the same name, or no domain has them. */
static const struct {
	const char *type, *name;
} types[] = {
	{ "tap", "ethernet" },
	{ "vhost-user", "vhostuser" },
	{ "passt", "user" },
};

void
vc_qemu_count_pinning(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	struct vc_fact_number *count = &r->guest->memlock_devices;

	vc_set_number(count, (vc_known(&count->fact) ? count->value : 0) + 1, option->from);
	vc_option_at(&count->fact, option);
}

static void
add_vdpa(const struct vc_reader *r, const char *kind, const char *node, const struct vc_qemu_option *option)
{
	struct vc_vdpa *vdpa = vc_list_append(r->arena, &r->guest->vdpa, sizeof(*vdpa), option->from);

	vdpa->place = option->place;
	vc_option_text(&vdpa->kind, kind, option);
	if (node)
		vc_option_text(&vdpa->node, node, option);
	else
		vc_set_unreadable(&vdpa->node.fact, EOPNOTSUPP, option->from);
	vc_qemu_count_pinning(r, option);
}

void
vc_qemu_take_vdpa_disk(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	add_vdpa(r, "disk", vc_qemu_option_get(option, "path"), option);
}

void
vc_qemu_take_network(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	const char *type = vc_qemu_option_get(option, "type"), *bridge = vc_qemu_option_get(option, "br");
	struct vc_interface *interface;

	/* A card of -net is wired to the rest of them, "none" is no network at all. */
	if (!type || strcmp(type, "nic") == 0 || strcmp(type, "none") == 0)
		return;
	if (strcmp(type, "vhost-vdpa") == 0) {
		add_vdpa(r, "interface", vc_qemu_option_get(option, "vhostdev"), option);
		return;
	}
	interface = vc_list_append(r->arena, &r->guest->interface, sizeof(*interface), option->from);
	interface->place = option->place;
	vc_set_absent(&interface->source.fact, option->from);
	/* A helper attaches a tap to a bridge as well. */
	if (strcmp(type, "bridge") == 0 || (strcmp(type, "tap") == 0 && bridge)) {
		vc_option_text(&interface->type, "bridge", option);
		vc_option_text(&interface->source, bridge ? bridge : DEFAULT_BRIDGE, option);
		return;
	}
	for (size_t i = 0; i < VC_COUNT(types); i++) {
		if (strcmp(type, types[i].type) == 0)
			type = types[i].name;
	}
	vc_option_text(&interface->type, type, option);
}
