/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of checks share. */
#pragma once

#include <string.h>

#include "checks/check.h"

/* The functions that check.c lists; declared here for their own files. */
void check_guest_address_space_over_iommu(const struct vc_check_input *input, struct vc_verdict *verdict);
void check_guest_pci_window_over_iommu(const struct vc_check_input *input, struct vc_verdict *verdict);
void check_guest_phys_bits_over_host(const struct vc_check_input *input, struct vc_verdict *verdict);
void check_guest_ram_over_reserved_iova(const struct vc_check_input *input, struct vc_verdict *verdict);
void check_guest_shared_memory_over_iommu(const struct vc_check_input *input, struct vc_verdict *verdict);
void check_hostdev_missing(const struct vc_check_input *input, struct vc_verdict *verdict);
void check_iommu_group_not_viable(const struct vc_check_input *input, struct vc_verdict *verdict);
void check_iommu_off(const struct vc_check_input *input, struct vc_verdict *verdict);
void check_iommu_rmrr_direct(const struct vc_check_input *input, struct vc_verdict *verdict);
void check_kvm_unavailable(const struct vc_check_input *input, struct vc_verdict *verdict);
void check_split_lock_penalty(const struct vc_check_input *input, struct vc_verdict *verdict);

#define VC_CHECK_FROM "computed"

static inline bool
vc_text_is(const struct vc_fact_text *text, const char *word)
{
	return vc_known(&text->fact) && strcmp(text->value, word) == 0;
}

/* Whether a kernel's version is at least @major.@minor. @version must be known. */
static inline bool
vc_version_at_least(const struct vc_fact_version *version, uint32_t major, uint32_t minor)
{
	struct vc_version limit = { .part = { major, minor } };

	return vc_version_compare(version->value, limit) >= 0;
}

/*
 * Sets the largest guest memory, in whole MiB, of which nothing lies at or above @limit, with the guest's map as it
 * is now. Leaves it absent when no memory would fit, or when memory devices are in the map.
 */
void vc_verdict_set_largest_memory(struct vc_verdict *verdict, const struct vc_guest *guest, uint64_t limit);
