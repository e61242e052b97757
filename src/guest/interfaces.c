/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Network interfaces, and what they are attached to on the host. */
#include <string.h>

#include "guest/derive.h"
#include "guest/read.h"

/* The attribute of <source> that names it. [libvirt 11.3 src/conf/domain_conf.c virDomainNetDefParseXML] */
static const struct {
	const char *type, *attribute;
} sources[] = { { "network", "network" }, { "bridge", "bridge" }, { "direct", "dev" } };

void
vc_read_interfaces(const struct vc_reader *r, struct vc_el devices)
{
	struct vc_els list = vc_el_children(r, devices, "interface", NULL);

	r->guest->interface.fact = (struct vc_fact){ .state = VC_KNOWN, .from = devices.path };
	for (size_t i = 0; i < list.count; i++) {
		const char *type = vc_el_attr(r, list.el[i], "type");
		struct vc_interface *interface;

		if (!type || strcmp(type, "hostdev") == 0 || strcmp(type, "vdpa") == 0)
			continue;
		interface = vc_list_append(r->arena, &r->guest->interface, sizeof(*interface), devices.path);
		interface->place = vc_el_place(list.el[i]);
		vc_read_text(r, list.el[i], "type", &interface->type);
		vc_set_absent(&interface->source.fact, list.el[i].path);
		for (size_t s = 0; s < VC_COUNT(sources); s++) {
			if (strcmp(type, sources[s].type) == 0)
				vc_read_text(r, vc_el_child(r, list.el[i], "source"), sources[s].attribute,
					     &interface->source);
		}
	}
}

/* @name is in one of the sets; while one of them is not known, only a yes is certain. */
static void
set_member(struct vc_fact_flag *flag, const char *name, const struct vc_fact_set *a,
	   const struct vc_fact_set *b)
{
	const struct vc_fact_set *set[] = { a, b };
	const struct vc_fact *doubt = NULL;

	for (size_t i = 0; i < VC_COUNT(set); i++) {
		if (!vc_known(&set[i]->fact)) {
			doubt = &set[i]->fact;
		} else if (vc_set_has(set[i], name)) {
			vc_set_flag(flag, true, set[i]->fact.from);
			return;
		}
	}
	if (doubt)
		vc_set_unknown_like(&flag->fact, doubt);
	else
		vc_set_flag(flag, false, a->fact.from);
}

void
vc_derive_interfaces(const struct vc_deriver *d)
{
	struct vc_interface *interface = d->guest->interface.item;
	const struct vc_host *host = d->host;

	for (size_t i = 0; i < d->guest->interface.count; i++, interface++) {
		const char *name = interface->source.value;

		if (!vc_known(&interface->source.fact)) {
			vc_set_unknown_like(&interface->exists.fact, &interface->source.fact);
			interface->ready = interface->exists;
		} else if (vc_text_is(&interface->type, "network")) {
			/* A network that is started need not be defined. */
			set_member(&interface->exists, name, &host->networks_defined, &host->networks_active);
			set_member(&interface->ready, name, &host->networks_active,
				   &host->networks_autostart);
		} else {
			set_member(&interface->exists, name, &host->network_interfaces,
				   &host->network_interfaces);
			interface->ready = interface->exists;
		}
		interface->exists.fact.line = interface->ready.fact.line = interface->place.line;
	}
}
