/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which quirks apply to the devices asked for, and to the machine. Reads nothing of the host: all is probed
 * before. */
#include "base/macro.h"
#include "host/probe-pci.h"
#include "host/probe.h"
#include "host/quirk-site.h"
#include "host/quirk.h"

/* What quirks are matched with, for a device or for the machine. */
struct subject {
	const struct vc_quirk_device *device; /* or */
	const struct vc_quirk_host *host;
	const char **name; /* of those that apply; room for all there are */
	size_t count;
};

/* False: it depends on @ret_needs, which are not known. */
static bool
match_all(struct subject *subject, const struct vc_quirk *quirk, size_t count, unsigned *ret_needs)
{
	for (size_t i = 0; i < count; i++) {
		bool matches = false;
		int r = subject->device
				? vc_quirk_match(&quirk[i], subject->device, &matches, ret_needs)
				: vc_quirk_match_machine(&quirk[i], subject->host, &matches, ret_needs);

		if (r < 0)
			return false;
		if (matches)
			subject->name[subject->count++] = quirk[i].name;
	}
	return true;
}

static size_t
count_all(const struct vc_site_quirks *site)
{
	size_t count = vc_quirks_count;

	for (size_t i = 0; site && i < site->files; i++)
		count += site->file[i].count;
	return count;
}

/* False as above. */
static bool
match(struct vc_arena *arena, const struct vc_site_quirks *site, struct subject *subject, unsigned *ret_needs)
{
	subject->name = vc_arena_make_array(arena, count_all(site) + 1, const char *);
	if (!match_all(subject, vc_quirks, vc_quirks_count, ret_needs))
		return false;
	for (size_t i = 0; site && i < site->files; i++) {
		if (!match_all(subject, site->file[i].quirk, site->file[i].count, ret_needs))
			return false;
	}
	return true;
}

static void
set_names(struct vc_arena *arena, const struct vc_site_quirks *site, const struct subject *subject,
	  struct vc_fact_set *fact)
{
	const char *from = site && site->files > 0 ? vc_arena_printf(arena, "data/quirks, %s", site->dir)
						   : "data/quirks";

	for (size_t i = 0; i < subject->count; i++)
		subject->name[i] = vc_arena_strdup(arena, subject->name[i]);
	if (subject->count == 0)
		vc_set_absent(&fact->fact, from);
	else
		vc_set_set(arena, fact, subject->name, subject->count, from);
}

static const struct vc_fact *
missing_of_device(const struct vc_host *host, const struct vc_pci *pci, unsigned needs)
{
	if (needs & VC_QUIRK_CLASS)
		return &pci->class.fact;
	if (needs & VC_QUIRK_SUBSYSTEM)
		return vc_known(&pci->subsystem_vendor_id.fact) ? &pci->subsystem_device_id.fact
								: &pci->subsystem_vendor_id.fact;
	if (needs & VC_QUIRK_REVISION)
		return &pci->revision.fact;
	return &host->kernel_version.fact;
}

static void
match_device(struct vc_arena *arena, const struct vc_host *host, const struct vc_site_quirks *site,
	     struct vc_pci *pci)
{
	uint32_t class = (uint32_t)pci->class.value;
	uint32_t subsystem =
		(uint32_t)(pci->subsystem_vendor_id.value << 16 | pci->subsystem_device_id.value);
	uint8_t revision = (uint8_t)pci->revision.value;
	bool with_subsystem =
		vc_known(&pci->subsystem_vendor_id.fact) && vc_known(&pci->subsystem_device_id.fact);
	const struct vc_quirk_device known = {
		.vendor = (uint16_t)pci->vendor_id.value,
		.device = (uint16_t)pci->device_id.value,
		.class = vc_known(&pci->class.fact) ? &class : NULL,
		.subsystem = with_subsystem ? &subsystem : NULL,
		.revision = vc_known(&pci->revision.fact) ? &revision : NULL,
		.kernel = vc_known(&host->kernel_version.fact) ? &host->kernel_version.value : NULL,
	};
	struct subject subject = { .device = &known };
	unsigned needs = 0;

	if (!vc_known(&pci->vendor_id.fact) || !vc_known(&pci->device_id.fact))
		vc_set_unknown_like(&pci->quirk.fact, vc_known(&pci->vendor_id.fact) ? &pci->device_id.fact
										     : &pci->vendor_id.fact);
	else if (match(arena, site, &subject, &needs))
		set_names(arena, site, &subject, &pci->quirk);
	else
		vc_set_unknown_like(&pci->quirk.fact, missing_of_device(host, pci, needs));
}

static void
match_machine(struct vc_arena *arena, const struct vc_site_quirks *site, struct vc_host *host)
{
	const struct vc_fact_text *const dmi[VC_QUIRK_DMI_COUNT] = {
		[VC_QUIRK_SYSTEM_VENDOR] = &host->dmi_system_vendor,
		[VC_QUIRK_PRODUCT] = &host->dmi_product_name,
		[VC_QUIRK_BOARD_VENDOR] = &host->dmi_board_vendor,
		[VC_QUIRK_BOARD] = &host->dmi_board_name,
		[VC_QUIRK_BIOS_VENDOR] = &host->dmi_bios_vendor,
		[VC_QUIRK_BIOS_VERSION] = &host->dmi_bios_version,
		[VC_QUIRK_BIOS_DATE] = &host->dmi_bios_date,
	};
	struct vc_quirk_host known = {
		.kernel = vc_known(&host->kernel_version.fact) ? &host->kernel_version.value : NULL,
	};
	struct subject subject = { .host = &known };
	const struct vc_fact *missing = &host->kernel_version.fact;
	unsigned needs = 0;

	for (size_t i = 0; i < VC_QUIRK_DMI_COUNT; i++) {
		if (vc_known(&dmi[i]->fact))
			known.text[i] = dmi[i]->value;
		else if (dmi[i]->fact.state == VC_ABSENT)
			known.text[i] = "";
	}
	if (match(arena, site, &subject, &needs)) {
		set_names(arena, site, &subject, &host->quirk);
		return;
	}
	for (size_t i = VC_QUIRK_DMI_COUNT; i-- > 0;) {
		if (needs & (unsigned)VC_QUIRK_DMI << i)
			missing = &dmi[i]->fact;
	}
	vc_set_unknown_like(&host->quirk.fact, missing);
}

void
vc_probe_quirk(struct vc_hostfs *fs, const struct vc_host_request *request, struct vc_host *host)
{
	struct vc_arena *arena = vc_hostfs_arena(fs);
	struct vc_pci *pci = (struct vc_pci *)(uintptr_t)host->pci.item;

	vc_site_quirks_load(request->site_quirks);
	if (request->areas & VC_AREA_DMI)
		match_machine(arena, request->site_quirks, host);
	if (!(request->areas & VC_AREA_PCI))
		return;
	for (size_t i = 0; i < host->pci.count; i++) {
		if (pci[i].detailed)
			match_device(arena, host, request->site_quirks, &pci[i]);
	}
}
