/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The units that the kernel drives: what their registers say, and how wide they translate. */
#include <errno.h>
#include <string.h>

#include "host/iommu-width.h"
#include "host/kernel-parameter.h"
#include "host/probe-iommu.h"
#include "host/probe.h"
#include "host/scan.h"

/* What the units have in common, asked for when the first needs it. */
struct common {
	struct vc_hostfs *fs;
	struct vc_host *host;
	struct vc_fact scalable_fact; /* VC_UNREAD until asked for */
	enum vc_tri scalable;
	struct vc_fact vasize_fact;
	unsigned vasize;
};

/*
 * The last of the comma-separated options of the parameters @name that begins with @yes or @no, as the kernel
 * reads them [linux 6.12 drivers/iommu/intel/iommu.c intel_iommu_setup, drivers/iommu/amd/init.c
 * parse_amd_iommu_options]. VC_UNKNOWN: neither is given.
 */
static enum vc_tri
parameter_option(const struct vc_fact_list *parameters, const char *name, const char *yes, const char *no)
{
	const struct vc_parameter *parameter = parameters->item;
	enum vc_tri chosen = VC_UNKNOWN;

	for (size_t i = 0; i < parameters->count; i++) {
		if (!vc_known(&parameter[i].value.fact) || !vc_kernel_parameter_named(&parameter[i], name))
			continue;
		for (const char *option = parameter[i].value.value; *option;) {
			if (strncmp(option, yes, strlen(yes)) == 0)
				chosen = VC_YES;
			else if (strncmp(option, no, strlen(no)) == 0)
				chosen = VC_NO;
			option += strcspn(option, ",");
			option += strspn(option, ",");
		}
	}
	return chosen;
}

/*
 * Whether scalable mode is on by default is a choice of whoever built the kernel. The file is large, and
 * asked for only where the answer decides.
 */
static void
read_scalable_default(struct common *common)
{
	struct vc_host *host = common->host;
	struct vc_answer answer;
	struct vc_span rest, line;

	if (common->scalable_fact.state != VC_UNREAD)
		return;
	if (!vc_known(&host->kernel_release.fact) || strchr(host->kernel_release.value, '/')) {
		vc_set_unreadable(&common->scalable_fact, VC_ENOTCOLLECTED, "/boot");
		return;
	}
	answer = vc_hostfs_read(common->fs, "/boot/config-%s", host->kernel_release.value);
	common->scalable_fact = answer.fact;
	if (!vc_known(&answer.fact))
		return;
	common->scalable = VC_NO;
	rest = (struct vc_span){ .text = answer.data, .length = answer.size };
	while (vc_span_line(&rest, &line)) {
		if (vc_span_is(line, "CONFIG_INTEL_IOMMU_SCALABLE_MODE_DEFAULT_ON=y"))
			common->scalable = VC_YES;
	}
}

static void
set_aperture(struct vc_fact_number *fact, int r, uint64_t last, const char *from)
{
	if (r < 0)
		vc_set_unreadable(&fact->fact, -r, from);
	else
		vc_set_number(fact, vc_bits_for(last), from);
}

static void
set_intel_width(struct common *common, struct vc_iommu_unit *unit)
{
	const struct vc_host *host = common->host;
	struct vc_fact_number *fact = &unit->aw_bits;
	enum vc_tri scalable = VC_UNKNOWN;
	uint64_t last = 0;
	int r;

	if (!vc_known(&unit->cap.fact)) {
		vc_set_unknown_like(&fact->fact, &unit->cap.fact);
		return;
	}
	if (!vc_known(&unit->ecap.fact)) {
		vc_set_unknown_like(&fact->fact, &unit->ecap.fact);
		return;
	}
	if (!vc_known(&host->kernel_version.fact)) {
		vc_set_unknown_like(&fact->fact, &host->kernel_version.fact);
		return;
	}
	if (vc_known(&host->kernel_parameter.fact))
		scalable = parameter_option(&host->kernel_parameter, "intel_iommu", "sm_on", "sm_off");
	r = vc_intel_aperture(unit->cap.value, unit->ecap.value, host->kernel_version.value, scalable, &last);
	if (r == -ENODATA) {
		if (!vc_known(&host->kernel_parameter.fact)) {
			vc_set_unknown_like(&fact->fact, &host->kernel_parameter.fact);
			return;
		}
		read_scalable_default(common);
		if (!vc_known(&common->scalable_fact)) {
			vc_set_unknown_like(&fact->fact, &common->scalable_fact);
			return;
		}
		r = vc_intel_aperture(unit->cap.value, unit->ecap.value, host->kernel_version.value,
				      common->scalable, &last);
	}
	set_aperture(fact, r, last, unit->cap.fact.from);
}

static bool
bit(uint64_t value, unsigned n)
{
	return value >> n & 1;
}

static void
fill_intel(struct common *common, struct vc_iommu_unit *unit, const char *name)
{
	const struct {
		struct vc_fact_flag *fact;
		unsigned bit;
	} flag[] = {
		{ &unit->interrupt_remapping, VC_INTEL_ECAP_IR },
		{ &unit->extended_interrupts, VC_INTEL_ECAP_EIM },
		{ &unit->pass_through, VC_INTEL_ECAP_PT },
		{ &unit->snoop_control, VC_INTEL_ECAP_SC },
		{ &unit->scalable_mode, VC_INTEL_ECAP_SMTS },
		{ &unit->first_stage, VC_INTEL_ECAP_FLTS },
		{ &unit->second_stage, VC_INTEL_ECAP_SLTS },
	};
	struct vc_answer cap = vc_hostfs_read_line(common->fs, VC_IOMMU_UNITS "/%s/intel-iommu/cap", name);
	struct vc_answer ecap = vc_hostfs_read_line(common->fs, VC_IOMMU_UNITS "/%s/intel-iommu/ecap", name);

	/* "%llx": hexadecimal without 0x [linux 6.12 drivers/iommu/intel/iommu.c cap_show]. */
	vc_take_number(&cap, VC_BASE_HEX, &unit->cap);
	vc_take_number(&ecap, VC_BASE_HEX, &unit->ecap);
	if (vc_known(&unit->cap.fact))
		vc_set_number(&unit->mgaw_bits, vc_intel_mgaw(unit->cap.value), cap.fact.from);
	else
		vc_set_unknown_like(&unit->mgaw_bits.fact, &unit->cap.fact);
	for (size_t i = 0; i < VC_COUNT(flag); i++) {
		if (vc_known(&unit->ecap.fact))
			vc_set_flag(flag[i].fact, bit(unit->ecap.value, flag[i].bit), ecap.fact.from);
		else
			vc_set_unknown_like(&flag[i].fact->fact, &unit->ecap.fact);
	}
	vc_set_absent(&unit->efr.fact, cap.fact.from);
	vc_set_absent(&unit->efr2.fact, cap.fact.from);
	set_intel_width(common, unit);
}

/*
 * One number is EFR. Of two numbers EFR is the second in 6.0 to 6.4 and the first in 6.12 [linux 6.1, 6.12
 * drivers/iommu/amd/init.c amd_iommu_show_features]; in between it was not read, and only a zero tells them
 * apart: hardware without any extended feature has no second register.
 */
static int
split_features(uint64_t left, uint64_t right, const struct vc_fact_version *kernel, uint64_t *ret_efr,
	       uint64_t *ret_efr2)
{
	static const struct vc_version second_until = { .part = { 6, 5 } },
				       first_since = { .part = { 6, 12 } };
	bool swapped;

	if (left == 0 || right == 0)
		swapped = left == 0;
	else if (!vc_known(&kernel->fact))
		return -ENODATA;
	else if (vc_version_compare(kernel->value, second_until) < 0)
		swapped = true;
	else if (vc_version_compare(kernel->value, first_since) >= 0)
		swapped = false;
	else
		return -EOPNOTSUPP;
	*ret_efr = swapped ? right : left;
	*ret_efr2 = swapped ? left : right;
	return 0;
}

static void
read_features(struct common *common, struct vc_iommu_unit *unit, const char *name)
{
	struct vc_answer answer = vc_hostfs_read_line(common->fs, VC_IOMMU_UNITS "/%s/amd-iommu/features", name);
	const char *from = answer.fact.from, *colon;
	uint64_t left, right, efr, efr2;
	int r;

	colon = vc_known(&answer.fact) ? memchr(answer.data, ':', answer.size) : NULL;
	if (!colon) {
		vc_take_number(&answer, VC_BASE_HEX, &unit->efr);
		if (vc_known(&unit->efr.fact))
			vc_set_absent(&unit->efr2.fact, from);
		else
			vc_set_unknown_like(&unit->efr2.fact, &unit->efr.fact);
		return;
	}
	if (vc_parse_u64_n(answer.data, (size_t)(colon - answer.data), VC_BASE_HEX, &left) < 0 ||
	    vc_parse_u64_n(colon + 1, answer.size - (size_t)(colon + 1 - answer.data), VC_BASE_HEX, &right) <
		    0)
		r = -VC_EGARBLED;
	else
		r = split_features(left, right, &common->host->kernel_version, &efr, &efr2);
	if (r == -ENODATA) {
		vc_set_unknown_like(&unit->efr.fact, &common->host->kernel_version.fact);
		vc_set_unknown_like(&unit->efr2.fact, &common->host->kernel_version.fact);
		return;
	}
	if (r < 0) {
		vc_set_unreadable(&unit->efr.fact, -r, from);
		vc_set_unreadable(&unit->efr2.fact, -r, from);
		return;
	}
	vc_set_number(&unit->efr, efr, from);
	vc_set_number(&unit->efr2, efr2, from);
}

/*
 * IVRS IVinfo, 32 bits at offset 36: bits 21:15 are the width of virtual addresses [AMD I/O
 * Virtualization 5.1].
 */
#define IVINFO_OFFSET 36
#define IVINFO_END 40

static void
read_vasize(struct common *common)
{
	struct vc_answer answer;
	const uint8_t *info;

	if (common->vasize_fact.state != VC_UNREAD)
		return;
	answer = vc_hostfs_read_part(common->fs, 0, IVINFO_END, VC_ACPI_TABLES "/IVRS");
	common->vasize_fact = answer.fact;
	if (!vc_known(&answer.fact))
		return;
	if (answer.size < IVINFO_END || memcmp(answer.data, "IVRS", 4) != 0) {
		vc_set_unreadable(&common->vasize_fact, VC_EGARBLED, answer.fact.from);
		return;
	}
	info = (const uint8_t *)answer.data + IVINFO_OFFSET;
	common->vasize = (info[0] | (unsigned)info[1] << 8 | (unsigned)info[2] << 16) >> 15 & 0x7f;
}

static void
set_amd_width(struct common *common, struct vc_iommu_unit *unit)
{
	const struct vc_host *host = common->host;
	struct vc_fact_number *fact = &unit->aw_bits;
	struct vc_amd_unit amd;
	uint64_t last = 0;
	int r;

	if (!vc_known(&unit->efr.fact)) {
		vc_set_unknown_like(&fact->fact, &unit->efr.fact);
		return;
	}
	if (!vc_known(&host->kernel_version.fact)) {
		vc_set_unknown_like(&fact->fact, &host->kernel_version.fact);
		return;
	}
	if (!vc_known(&host->kernel_parameter.fact)) {
		vc_set_unknown_like(&fact->fact, &host->kernel_parameter.fact);
		return;
	}
	amd = (struct vc_amd_unit){
		.efr = unit->efr.value,
		.kernel = host->kernel_version.value,
		.guest_tables = parameter_option(&host->kernel_parameter, "amd_iommu", "pgtbl_v2",
						 "pgtbl_v1") == VC_YES,
		.la57 = vc_known(&host->cpu_flags.fact) ? vc_tri_from(vc_set_has(&host->cpu_flags, "la57"))
							: VC_UNKNOWN,
	};
	r = vc_amd_aperture(&amd, &last);
	if (r == -ENODATA && amd.guest_tables && !vc_known(&host->cpu_flags.fact)) {
		vc_set_unknown_like(&fact->fact, &host->cpu_flags.fact);
		return;
	}
	if (r == -ENODATA) {
		read_vasize(common);
		if (!vc_known(&common->vasize_fact)) {
			vc_set_unknown_like(&fact->fact, &common->vasize_fact);
			return;
		}
		amd.vasize = common->vasize;
		amd.vasize_known = true;
		r = vc_amd_aperture(&amd, &last);
	}
	set_aperture(fact, r, last, unit->efr.fact.from);
}

static void
fill_amd(struct common *common, struct vc_iommu_unit *unit, const char *name)
{
	struct vc_fact *const intel_only[] = {
		&unit->cap.fact,          &unit->ecap.fact,          &unit->mgaw_bits.fact,
		&unit->pass_through.fact, &unit->snoop_control.fact, &unit->scalable_mode.fact,
		&unit->first_stage.fact,  &unit->second_stage.fact,
	};

	for (size_t i = 0; i < VC_COUNT(intel_only); i++)
		vc_set_absent(intel_only[i], VC_IOMMU_UNITS);
	read_features(common, unit, name);
	vc_set_flag(&unit->interrupt_remapping, true, VC_IOMMU_UNITS);
	if (vc_known(&unit->efr.fact))
		vc_set_flag(&unit->extended_interrupts, bit(unit->efr.value, VC_AMD_EFR_XT),
			    unit->efr.fact.from);
	else
		vc_set_unknown_like(&unit->extended_interrupts.fact, &unit->efr.fact);
	set_amd_width(common, unit);
}

/* SMMU, virtio and the rest: nothing in sysfs tells what they can do. */
static void
fill_other(struct vc_iommu_unit *unit)
{
	struct vc_fact *const fact[] = {
		&unit->cap.fact,
		&unit->ecap.fact,
		&unit->efr.fact,
		&unit->efr2.fact,
		&unit->mgaw_bits.fact,
		&unit->aw_bits.fact,
		&unit->interrupt_remapping.fact,
		&unit->pass_through.fact,
		&unit->extended_interrupts.fact,
		&unit->snoop_control.fact,
		&unit->scalable_mode.fact,
		&unit->first_stage.fact,
		&unit->second_stage.fact,
	};

	for (size_t i = 0; i < VC_COUNT(fact); i++)
		vc_set_unreadable(fact[i], EOPNOTSUPP, VC_IOMMU_UNITS);
}

/*
 * The drivers name their units so [linux 6.12 drivers/iommu/intel/dmar.c alloc_iommu,
 * drivers/iommu/amd/init.c iommu_init_pci].
 */
static bool
is_numbered(const char *name, const char *prefix)
{
	size_t length = strlen(prefix);
	uint64_t number;

	return strncmp(name, prefix, length) == 0 && vc_parse_u64(name + length, VC_BASE_DEC, &number) == 0;
}

static void
set_narrowest(struct vc_host *host)
{
	const struct vc_iommu_unit *unit = host->iommu_unit.item, *narrowest = NULL;

	for (size_t i = 0; i < host->iommu_unit.count; i++) {
		if (!vc_known(&unit[i].aw_bits.fact)) {
			vc_set_unknown_like(&host->iommu_aw_bits.fact, &unit[i].aw_bits.fact);
			return;
		}
		if (!narrowest || unit[i].aw_bits.value < narrowest->aw_bits.value)
			narrowest = &unit[i];
	}
	if (narrowest)
		host->iommu_aw_bits = narrowest->aw_bits;
	else
		vc_set_absent(&host->iommu_aw_bits.fact, host->iommu_unit.fact.from);
}

void
vc_iommu_read_units(struct vc_hostfs *fs, const struct vc_names *names, struct vc_host *host)
{
	struct common common = { .fs = fs, .host = host };
	struct vc_iommu_unit *unit;

	if (!vc_known(&names->fact) && names->fact.state != VC_ABSENT) {
		vc_set_unknown_like(&host->iommu_unit.fact, &names->fact);
		vc_set_unknown_like(&host->iommu_aw_bits.fact, &names->fact);
		return;
	}
	/*
	 * The class exists in every kernel that has IOMMU support [linux 6.12 drivers/iommu/iommu-sysfs.c]:
	 * none.
	 */
	unit = vc_arena_make_array(vc_hostfs_arena(fs), names->count + 1, struct vc_iommu_unit);
	host->iommu_unit = (struct vc_fact_list){
		.fact = { .state = VC_KNOWN, .from = names->fact.from },
		.item = unit,
		.count = names->count,
	};
	for (size_t i = 0; i < names->count; i++) {
		const char *name = names->name[i];

		vc_set_text(&unit[i].name, name, names->fact.from);
		if (is_numbered(name, "dmar")) {
			vc_set_text(&unit[i].kind, "intel", names->fact.from);
			fill_intel(&common, &unit[i], name);
		} else if (is_numbered(name, "ivhd")) {
			vc_set_text(&unit[i].kind, "amd", names->fact.from);
			fill_amd(&common, &unit[i], name);
		} else {
			vc_set_text(&unit[i].kind, "other", names->fact.from);
			fill_other(&unit[i]);
		}
	}
	set_narrowest(host);
}
