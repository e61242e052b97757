/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of checks share. */
#pragma once

#include <string.h>

#include "checks/check.h"

/* Defined in the file of their topic. Sorted by name: vc_check_find() searches by halves. */
#define VC_CHECKS(C) \
	C(cpu_feature_missing, NULL) \
	C(guest_address_space_over_iommu, "guest.hostdev") \
	C(guest_pci_window_over_iommu, "guest.hostdev") \
	C(guest_phys_bits_over_host, NULL) \
	C(guest_ram_over_reserved_iova, "guest.hostdev") \
	C(hostdev_missing, "guest.hostdev") \
	C(iommu_off, NULL) \
	C(iommu_rmrr_direct, "guest.hostdev") \
	C(kvm_unavailable, NULL) \
	C(resizable_bar_size, "guest.hostdev") \
	C(rmrr_check_bypassed, "guest.hostdev") \
	C(sev_not_enabled, NULL) \
	C(shared_memory_over_iommu, NULL) \
	C(snp_iommu_passthrough, NULL) \
	C(split_lock_penalty, NULL)

#define DECLARE(id, collection) void check_##id(const struct vc_check_input *input, struct vc_verdict *verdict);
VC_CHECKS(DECLARE)
#undef DECLARE

#define VC_CHECK_FROM "computed"

/*
 * Sets the largest guest memory, in whole MiB, of which nothing lies at or above @limit, with the guest's map as it
 * is now. Leaves it absent when no memory would fit, or when memory devices are in the map.
 */
void vc_verdict_set_largest_memory(struct vc_verdict *verdict, const struct vc_guest *guest, uint64_t limit);

/* Whether a word of @value, "pt,force", begins with @option, as the kernel's parsers of iommu= and the like compare. */
bool vc_has_option(const char *value, const char *option);
