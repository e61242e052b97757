/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How wide the I/O virtual addresses are that VFIO may map through an IOMMU unit: the aperture of the domain
 * that the running kernel makes for a legacy VFIO container. Pure.
 *
 * The formula changed several times. Where a kernel was not read, or something the formula depends on is not
 * known, every formula that may be the right one is computed: if they agree the answer is known all the same.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/macro.h"
#include "base/tri.h"
#include "base/version.h"

/*
 * The last address of the aperture, which begins at 0. @scalable: scalable mode is on (intel_iommu=sm_on,
 * CONFIG_INTEL_IOMMU_SCALABLE_MODE_DEFAULT_ON). -EBADMSG: no driver could use such a unit. -ENODATA: depends
 * on
 * @scalable, which is VC_UNKNOWN. -EOPNOTSUPP: depends on what an unread kernel does.
 */
int vc_intel_aperture(uint64_t cap, uint64_t ecap, struct vc_version kernel, enum vc_tri scalable,
		      uint64_t *ret_last) _must_check_;

/* What the width of an AMD unit depends on. */
struct vc_amd_unit {
	uint64_t efr;
	struct vc_version kernel;
	bool guest_tables; /* amd_iommu=pgtbl_v2 */
	enum vc_tri la57;  /* the CPU pages with five levels */
	unsigned vasize;   /* bits, IVRS IVinfo 21:15; 0 says nothing: 64 */
	bool vasize_known;
};

/* -ENODATA: depends on la57 or vasize, which are not known. Else as above. */
int vc_amd_aperture(const struct vc_amd_unit *unit, uint64_t *ret_last) _must_check_;

/* Fields of the Intel capability registers [linux 6.12 drivers/iommu/intel/iommu.h]. */
static inline unsigned
vc_intel_mgaw(uint64_t cap)
{
	return (unsigned)(cap >> 16 & 0x3f) + 1;
}
#define VC_INTEL_ECAP_IR 3
#define VC_INTEL_ECAP_EIM 4
#define VC_INTEL_ECAP_PT 6
#define VC_INTEL_ECAP_SC 7
#define VC_INTEL_ECAP_SMTS 43
#define VC_INTEL_ECAP_SLTS 46
#define VC_INTEL_ECAP_FLTS 47

/* [linux 6.12 drivers/iommu/amd/amd_iommu_types.h FEATURE_X2APIC] */
#define VC_AMD_EFR_XT 2
