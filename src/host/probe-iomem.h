/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who claimed memory inside the BARs of the devices that were detailed.
 *
 * VFIO claims a BAR as a whole, which fails while something smaller inside it is claimed
 * [linux 6.12 kernel/resource.c __request_region_locked]. A claim of the device's own driver goes when the
 * driver is unbound, which happens before VFIO comes, so it is no obstacle. Its name is no help to recognise
 * it: it need not be that of the driver ("ICH HD audio" is snd_hda_intel). So a claim counts as foreign if
 *   - it has the name of a firmware framebuffer, whatever driver is bound: such a claim belongs to a platform
 *     device and survives; or
 *   - no driver is bound, or one that claims nothing (vfio, pci-stub, pcieport): nobody's unbinding will free
 * it.
 */
#pragma once

#include "base/tri.h"
#include "host/host.h"
#include "host/hostfs.h"

/*
 * After the PCI probe. Fills holder and held of the BARs, bar_holder, bar_held and bar_held_index of the
 * devices.
 */
void vc_probe_iomem(struct vc_hostfs *fs, const struct vc_host_request *request, struct vc_host *host);

/* One line of /proc/iomem. */
struct vc_iomem_line {
	unsigned depth; /* of nesting: 2 blanks a level */
	struct vc_range region;
	const char *name; /* not NUL-terminated */
	size_t length;
};

/* -EBADMSG: not a line of /proc/iomem. */
int vc_iomem_parse_line(const char *text, size_t length, struct vc_iomem_line *ret_line) _must_check_;

/* Whether the claim @name in a BAR of @device outlives its driver. VC_UNKNOWN: its driver is not known. */
enum vc_tri vc_iomem_is_foreign(const struct vc_pci *device, const char *name);
