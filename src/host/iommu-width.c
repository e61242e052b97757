/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/iommu-width.h"

#include <errno.h>
#include <stdbool.h>

#include "base/range.h"

static bool
bit(uint64_t value, unsigned n)
{
	return value >> n & 1;
}

/* Kernels from @since on use one of @formulas, a set of bits. The last row that is not newer counts. */
struct era {
	struct vc_version since;
	unsigned formulas;
};

static unsigned
formulas_of(const struct era *era, size_t count, struct vc_version kernel)
{
	unsigned formulas = era[0].formulas;

	for (size_t i = 1; i < count && vc_version_compare(era[i].since, kernel) <= 0; i++)
		formulas = era[i].formulas;
	return formulas;
}

/* Collects what the formulas in question give. Last address 0: a unit that cannot be used. */
struct verdict {
	bool any, differs;
	uint64_t last;
};

static void
note(struct verdict *verdict, uint64_t last)
{
	verdict->differs |= verdict->any && verdict->last != last;
	verdict->any = true;
	verdict->last = last;
}

/*
 * Intel. Second stage translates all of its width, the first stage only the lower half: its addresses are
 * sign-extended as those of a CPU.
 */
enum {
	/*
	 * [linux 6.12.107 drivers/iommu/intel/iommu.c first_level_by_default, prepare_domain_attach_device]
	 */
	INTEL_SECOND_FIRST = 1 << 0, /* second stage wherever there is one */
	/* [linux 6.13.2, 6.14.0, 6.18.2 drivers/iommu/intel/iommu.c paging_domain_alloc] */
	INTEL_FIRST_FIRST = 1 << 1, /* first stage wherever there is one */
	/*
	 * [linux 6.19.0, 7.1.8, 7.2.8 drivers/iommu/intel/iommu.c compute_vasz_lg2_fs, compute_vasz_lg2_ss]
	 */
	INTEL_GENERIC = 1 << 2,
	INTEL_ANY = INTEL_SECOND_FIRST | INTEL_FIRST_FIRST | INTEL_GENERIC,
};

static const struct era intel_era[] = {
	/* With scalable mode switched on by hand, older kernels were not read. */
	{ .formulas = INTEL_SECOND_FIRST | INTEL_FIRST_FIRST },
	{ .since = { .part = { 6, 1 } }, .formulas = INTEL_SECOND_FIRST },
	{ .since = { .part = { 6, 13 } }, .formulas = INTEL_FIRST_FIRST },
	{ .since = { .part = { 6, 19 } }, .formulas = INTEL_GENERIC },
	/* 7.2 is the last that was read. */
	{ .since = { .part = { 7, 3 } }, .formulas = INTEL_ANY },
};

/* [linux 6.12 drivers/iommu/intel/iommu.h cap_sagaw, cap_fl5lp_support] */
#define SAGAW(cap) ((unsigned)((cap) >> 8 & 0x1f))
#define SAGAW_39 (1u << 1)
#define SAGAW_48 (1u << 2)
#define SAGAW_57 (1u << 3)
#define FL5LP_BIT 60

static unsigned
smaller(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/*
 * Bits of the widest table the unit walks, or 0 [linux 6.12 drivers/iommu/intel/iommu.c
 * __iommu_calculate_agaw].
 */
static unsigned
table_bits(unsigned sagaw)
{
	for (unsigned level = 4; level-- > 0;) {
		if (bit(sagaw, level))
			return 30 + 9 * level;
	}
	return 0;
}

/* Up to 6.18 [linux 6.12 drivers/iommu/intel/iommu.c __iommu_calculate_sagaw]. 0: cannot be used. */
static unsigned
intel_bits(uint64_t cap, uint64_t ecap, bool first_stage_usable)
{
	unsigned first = SAGAW_48 | (bit(cap, FL5LP_BIT) ? SAGAW_57 : 0);
	unsigned sagaw = SAGAW(cap);

	if (first_stage_usable)
		sagaw = bit(ecap, VC_INTEL_ECAP_SLTS) ? first & sagaw : first;
	return smaller(table_bits(sagaw), vc_intel_mgaw(cap));
}

static unsigned
intel_generic_first_bits(uint64_t cap)
{
	unsigned mgaw = vc_intel_mgaw(cap);

	return mgaw > 48 && bit(cap, FL5LP_BIT) ? smaller(57, mgaw) : smaller(48, mgaw);
}

static unsigned
intel_generic_second_bits(uint64_t cap)
{
	unsigned mgaw = vc_intel_mgaw(cap), sagaw = SAGAW(cap);

	if (mgaw > 48 && sagaw >= SAGAW_57)
		return smaller(57, mgaw);
	if (mgaw > 39 && sagaw >= SAGAW_48)
		return smaller(48, mgaw);
	if (mgaw > 30 && sagaw >= SAGAW_39)
		return smaller(39, mgaw);
	return 0;
}

static uint64_t
intel_by(unsigned formula, uint64_t cap, uint64_t ecap, bool scalable)
{
	bool first_usable = scalable && bit(ecap, VC_INTEL_ECAP_SMTS) && bit(ecap, VC_INTEL_ECAP_FLTS);
	bool first = first_usable;
	unsigned bits;

	if (formula == INTEL_GENERIC) {
		bits = first ? intel_generic_first_bits(cap) : intel_generic_second_bits(cap);
	} else {
		if (formula == INTEL_SECOND_FIRST)
			first = first_usable && !bit(ecap, VC_INTEL_ECAP_SLTS);
		bits = intel_bits(cap, ecap, first_usable);
	}
	return bits <= 30 ? 0 : vc_last_address(first ? bits - 1 : bits);
}

int
vc_intel_aperture(uint64_t cap, uint64_t ecap, struct vc_version kernel, enum vc_tri scalable,
		  uint64_t *ret_last)
{
	unsigned formulas = formulas_of(intel_era, VC_COUNT(intel_era), kernel);
	struct verdict overall = { .any = false };
	bool by_kernel = false;

	for (int mode = 0; mode < 2; mode++) {
		struct verdict one = { .any = false };

		if ((mode == 0 && scalable == VC_YES) || (mode == 1 && scalable == VC_NO))
			continue;
		for (unsigned formula = 1; formula <= INTEL_GENERIC; formula <<= 1) {
			uint64_t last;

			if (!(formulas & formula))
				continue;
			last = intel_by(formula, cap, ecap, mode == 1);
			note(&one, last);
			note(&overall, last);
		}
		by_kernel |= one.differs;
	}
	if (overall.differs)
		return by_kernel ? -EOPNOTSUPP : -ENODATA;
	if (overall.last == 0)
		return -EBADMSG;
	*ret_last = overall.last;
	return 0;
}

/* AMD, host tables (v1). */
enum {
	/* [linux 6.12.107, 6.14.0 drivers/iommu/amd/iommu.c dma_max_address] */
	AMD_ALL = 1 << 0,
	/* [linux 6.18.2 drivers/iommu/amd/iommu.c dma_max_address] */
	AMD_HATS = 1 << 1,
	/* [linux 6.19.0, 7.1.8, 7.2.8 drivers/iommu/amd/iommu.c] */
	AMD_HATS_VASIZE = 1 << 2,
	/*
	 * Guest tables (v2): all of four levels [linux 6.1.176], or the lower half of four or five
	 * [linux 6.12.107].
	 */
	AMD_GUEST_WHOLE = 1 << 3,
	AMD_GUEST_HALF = 1 << 4,
};

static const struct era amd_host_era[] = {
	{ .formulas = AMD_ALL },
	{ .since = { .part = { 6, 15 } }, .formulas = AMD_ALL | AMD_HATS },
	{ .since = { .part = { 6, 18 } }, .formulas = AMD_HATS },
	{ .since = { .part = { 6, 19 } }, .formulas = AMD_HATS_VASIZE },
	{ .since = { .part = { 7, 3 } }, .formulas = AMD_ALL | AMD_HATS | AMD_HATS_VASIZE },
};

static const struct era amd_guest_era[] = {
	/* The option does not exist before 6.1. */
	{ .formulas = AMD_ALL },
	{ .since = { .part = { 6, 1 } }, .formulas = AMD_GUEST_WHOLE },
	{ .since = { .part = { 6, 2 } }, .formulas = AMD_GUEST_WHOLE | AMD_GUEST_HALF },
	{ .since = { .part = { 6, 12, 107 } }, .formulas = AMD_GUEST_HALF },
	{ .since = { .part = { 7, 3 } }, .formulas = AMD_GUEST_WHOLE | AMD_GUEST_HALF },
};

/* [linux 6.12 drivers/iommu/amd/amd_iommu_types.h FEATURE_GT, FEATURE_HATS, FEATURE_GATS, FEATURE_GIOSUP] */
#define EFR_GT 4
#define EFR_GIOSUP 48
#define EFR_HATS(efr) ((unsigned)((efr) >> 10 & 3))
#define EFR_GATS(efr) ((unsigned)((efr) >> 12 & 3))
#define GATS_FIVE_LEVELS 1

static int
amd_by(unsigned formula, const struct vc_amd_unit *unit, uint64_t *ret_last)
{
	unsigned hats = EFR_HATS(unit->efr), bits = 64;

	switch (formula) {
	case AMD_HATS:
	case AMD_HATS_VASIZE:
		/* 3 is reserved, the kernel then does without host translation. */
		if (hats == 3) {
			*ret_last = 0;
			return 0;
		}
		bits = smaller((hats + 3) * 9 + 21, 64);
		if (formula == AMD_HATS)
			break;
		if (!unit->vasize_known)
			return -ENODATA;
		bits = smaller(bits, unit->vasize == 0 ? 64 : unit->vasize);
		break;
	case AMD_GUEST_WHOLE:
		bits = 48;
		break;
	case AMD_GUEST_HALF:
		if (EFR_GATS(unit->efr) == GATS_FIVE_LEVELS && unit->la57 == VC_UNKNOWN)
			return -ENODATA;
		bits = EFR_GATS(unit->efr) == GATS_FIVE_LEVELS && unit->la57 == VC_YES ? 56 : 47;
		break;
	default:
		break;
	}
	*ret_last = vc_last_address(bits);
	return 0;
}

int
vc_amd_aperture(const struct vc_amd_unit *unit, uint64_t *ret_last)
{
	/* Units without them fall back to v1 [linux 6.12 drivers/iommu/amd/init.c iommu_init_pci]. */
	bool guest = unit->guest_tables && bit(unit->efr, EFR_GT) && bit(unit->efr, EFR_GIOSUP);
	unsigned formulas = guest ? formulas_of(amd_guest_era, VC_COUNT(amd_guest_era), unit->kernel)
				  : formulas_of(amd_host_era, VC_COUNT(amd_host_era), unit->kernel);
	struct verdict verdict = { .any = false };

	for (unsigned formula = 1; formula <= AMD_GUEST_HALF; formula <<= 1) {
		uint64_t last;
		int r;

		if (!(formulas & formula))
			continue;
		r = amd_by(formula, unit, &last);
		if (r < 0)
			return r;
		note(&verdict, last);
	}
	if (verdict.differs)
		return -EOPNOTSUPP;
	if (verdict.last == 0)
		return -EBADMSG;
	*ret_last = verdict.last;
	return 0;
}
