/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Settings that libvirt learnt late. One that does not know an attribute, or an element at these places,
 * drops it and says nothing [libvirt 9.0, 11.3 src/conf/domain_conf.c]; what it refuses is not in the table.
 */
#include <string.h>

#include "guest/read.h"

/* [libvirt 11.3 docs/formatdomain.rst, NEWS.rst; libvirt 12.8 NEWS.rst for what is newer] */
static const struct {
	const char *element, *attribute; /* attribute NULL: the element itself */
	struct vc_version since;
} settings[] = {
	{ "cpu/maxphysaddr", NULL, { { 8, 7 } } },
	{ "cpu/maxphysaddr", "limit", { { 9, 3 } } },
	{ "devices/controller/driver/iothreads", NULL, { { 11, 2 } } },
	{ "devices/disk/driver/iothreads", NULL, { { 10, 0 } } },
	{ "devices/hostdev/driver", "iommufd", { { 12, 1 } } },
	{ "devices/hostdev/driver", "model", { { 10, 0 } } },
	{ "devices/iommu/driver", "dma_translation", { { 10, 7 } } },
	{ "devices/iommu/driver", "passthrough", { { 11, 5 } } },
	{ "devices/iommu/driver", "xtsup", { { 11, 5 } } },
	{ "features/hyperv", "mode", { { 8, 0 } } },
	{ "features/hyperv/tlbflush/direct", NULL, { { 11, 0 } } },
	{ "features/hyperv/tlbflush/extended", NULL, { { 11, 0 } } },
	{ "iothreads/iothread/poll", NULL, { { 9, 4 } } },
	{ "memoryBacking/allocation", "threads", { { 8, 2 } } },
	{ "os/loader", "format", { { 9, 2 } } },
	{ "os/loader", "stateless", { { 8, 6 } } },
	{ "os/nvram", "format", { { 9, 2 } } },
	{ "os/nvram", "templateFormat", { { 10, 10 } } },
	{ "os/shim", NULL, { { 11, 2 } } },
	{ "os/varstore", NULL, { { 12, 1 } } },
};

static void
add_setting(const struct vc_reader *r, struct vc_el el, size_t number)
{
	const char *attribute = settings[number].attribute, *element = settings[number].element;
	struct vc_recent_setting *setting;

	if (attribute && !vc_el_attr(r, el, attribute))
		return;
	setting = vc_list_append(r->arena, &r->guest->recent_setting, sizeof(*setting), "/domain");
	setting->place = vc_el_place(el);
	vc_set_text(&setting->name,
		    attribute ? vc_arena_printf(r->arena, "%s/@%s", element, attribute) : element, el.path);
	vc_set_version(&setting->since, settings[number].since, "libvirt");
	setting->name.fact.line = setting->since.fact.line = setting->place.line;
}

/* Every element that the rest of the path leads to from @el. */
static void
walk(const struct vc_reader *r, struct vc_el el, const char *steps, size_t number)
{
	size_t length = strcspn(steps, "/");
	struct vc_els list = vc_el_children(r, el, vc_arena_strndup(r->arena, steps, length), NULL);

	for (size_t i = 0; i < list.count; i++) {
		if (steps[length])
			walk(r, list.el[i], steps + length + 1, number);
		else
			add_setting(r, list.el[i], number);
	}
}

void
vc_read_recent_settings(const struct vc_reader *r, struct vc_el domain)
{
	r->guest->recent_setting.fact = (struct vc_fact){ .state = VC_KNOWN, .from = "/domain" };
	if (!r->input->qemu)
		return;
	for (size_t i = 0; i < VC_COUNT(settings); i++)
		walk(r, domain, settings[i].element, i);
}
