/* SPDX-License-Identifier: GPL-2.0-or-later */
/* USB devices of the host that a domain takes. */
#include <inttypes.h>
#include <string.h>

#include "guest/derive.h"
#include "guest/read.h"

/* NULL: nothing to go by, or numbers that cannot be understood. */
static const char *
make_id(const struct vc_reader *r, struct vc_el source)
{
	const char *vendor = vc_el_attr(r, vc_el_child(r, source, "vendor"), "id");
	const char *product = vc_el_attr(r, vc_el_child(r, source, "product"), "id");
	struct vc_el address = vc_el_child(r, source, "address");
	const char *bus = vc_el_attr(r, address, "bus"), *device = vc_el_attr(r, address, "device");
	const char *numbers = "", *place = "";
	uint64_t a, b;

	/* [libvirt 11.3 src/conf/domain_conf.c virDomainHostdevSubsysUSBDefParseXML] */
	if (vendor && product) {
		if (vc_parse_u64(vendor, VC_BASE_C, &a) < 0 || vc_parse_u64(product, VC_BASE_C, &b) < 0 ||
		    a > 0xffff || b > 0xffff)
			return NULL;
		numbers = vc_arena_printf(r->arena, "%04" PRIx64 ":%04" PRIx64, a, b);
	}
	if (bus && device) {
		if (vc_parse_u64(bus, VC_BASE_C, &a) < 0 || vc_parse_u64(device, VC_BASE_C, &b) < 0)
			return NULL;
		place = vc_arena_printf(r->arena, "@%" PRIu64 ".%" PRIu64, a, b);
	}
	return *numbers || *place ? vc_arena_printf(r->arena, "%s%s", numbers, place) : NULL;
}

void
vc_read_usb(const struct vc_reader *r, struct vc_el devices)
{
	struct vc_els list = vc_el_children(r, devices, "hostdev", NULL);

	r->guest->usb.fact = (struct vc_fact){ .state = VC_KNOWN, .from = devices.path };
	for (size_t i = 0; i < list.count; i++) {
		const char *type = vc_el_attr(r, list.el[i], "type");
		struct vc_el source = vc_el_child(r, list.el[i], "source");
		const char *policy = vc_el_attr(r, source, "startupPolicy");
		const char *id = type && strcmp(type, "usb") == 0 ? make_id(r, source) : NULL;
		struct vc_usb_use *use;

		if (!id)
			continue;
		use = vc_list_append(r->arena, &r->guest->usb, sizeof(*use), devices.path);
		use->place = vc_el_place(list.el[i]);
		vc_set_text(&use->id, id, source.path);
		use->id.fact.line = use->place.line;
		vc_set_flag(&use->optional, policy && strcmp(policy, "optional") == 0, source.path);
		vc_set_flag(&use->placed, strchr(id, '@') != NULL, source.path);
	}
}

void
vc_derive_usb(const struct vc_deriver *d)
{
	struct vc_usb_use *use = d->guest->usb.item;

	for (size_t i = 0; i < d->guest->usb.count; i++) {
		const struct vc_usb *usb = vc_host_find_usb(d->host, use[i].id.value);

		if (usb)
			use[i].count = usb->count;
		else
			vc_derive_unknown(&use[i].count.fact, &d->host->usb.fact);
		use[i].count.fact.line = use[i].place.line;
	}
}
