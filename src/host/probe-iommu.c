/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/probe-iommu.h"

#include <errno.h>
#include <string.h>

#include <pci/header.h>

#include "host/answer.h"
#include "host/iommu-width.h"
#include "host/kernel-parameter.h"
#include "host/probe-pci.h"
#include "host/probe.h"
#include "host/scan.h"

#define UNITS "/sys/class/iommu"
#define GROUPS "/sys/kernel/iommu_groups"
#define TABLES "/sys/firmware/acpi/tables"

/* Far above what firmware describes; a longer file is not a list of regions. */
#define REGIONS_MAX 4096
#define REGION_TYPE_MAX 32

/* What the units have in common, asked for when the first needs it. */
struct common {
	struct vc_hostfs *fs;
	struct vc_host *host;
	struct vc_fact scalable_fact; /* VC_UNREAD until asked for */
	enum vc_tri scalable;
	struct vc_fact vasize_fact;
	unsigned vasize;
};

struct vc_fact_number
vc_iommu_group_number(struct vc_hostfs *fs, const char *address)
{
	struct vc_answer answer = vc_hostfs_read_link(fs, "/sys/bus/pci/devices/%s/iommu_group", address);
	struct vc_fact_number number = { .value = 0 };
	struct vc_fact_text name = { .value = NULL };
	uint64_t value;

	vc_answer_basename(&answer, &name);
	if (!vc_known(&name.fact))
		vc_set_unknown_like(&number.fact, &name.fact);
	else if (vc_parse_u64(name.value, VC_BASE_DEC, &value) < 0)
		vc_set_unreadable(&number.fact, VC_EGARBLED, name.fact.from);
	else
		vc_set_number(&number, value, name.fact.from);
	return number;
}

struct vc_names
vc_iommu_group_devices(struct vc_hostfs *fs, uint64_t number)
{
	return vc_hostfs_list(fs, GROUPS "/%llu/devices", (unsigned long long)number);
}

static int
parse_region(struct vc_span line, struct vc_range *ret_region, struct vc_span *ret_type)
{
	struct vc_span first, last, type, more;
	struct vc_range region;

	if (!vc_span_word(&line, &first) || !vc_span_word(&line, &last) || !vc_span_word(&line, &type) ||
	    vc_span_word(&line, &more))
		return -EBADMSG;
	if (vc_parse_u64_n(first.text, first.length, VC_BASE_HEX, &region.first) < 0 ||
	    vc_parse_u64_n(last.text, last.length, VC_BASE_HEX, &region.last) < 0 ||
	    region.last < region.first)
		return -EBADMSG;
	if (type.length > REGION_TYPE_MAX)
		return -EBADMSG;
	for (size_t i = 0; i < type.length; i++) {
		if ((type.text[i] < 'a' || type.text[i] > 'z') && type.text[i] != '-')
			return -EBADMSG;
	}
	*ret_region = region;
	*ret_type = type;
	return 0;
}

int
vc_reserved_parse(struct vc_arena *arena, const char *text, size_t size, const char *from,
		  struct vc_fact_list *ret_list)
{
	struct vc_span rest = { .text = text, .length = size }, line, type;
	struct vc_fact_list list = { .fact = { .state = VC_KNOWN, .from = from } };
	struct vc_range region;

	while (vc_span_line(&rest, &line)) {
		struct vc_reserved *reserved;

		if (list.count == REGIONS_MAX || parse_region(line, &region, &type) < 0)
			return -EBADMSG;
		reserved = vc_list_append(arena, &list, sizeof(*reserved), from);
		vc_set_range(&reserved->region, region, from);
		vc_set_text(&reserved->type, vc_arena_strndup(arena, type.text, type.length), from);
	}
	*ret_list = list;
	return 0;
}

/* The region that covers @address and keeps VFIO off it, or NULL. */
static const struct vc_reserved *
region_over(const struct vc_fact_list *reserved, uint64_t address)
{
	const struct vc_reserved *item = reserved->item;

	for (size_t i = 0; i < reserved->count; i++) {
		struct vc_range region = item[i].region.value;

		if (region.first <= address && address <= region.last &&
		    strcmp(item[i].type.value, "direct-relaxable") != 0)
			return &item[i];
	}
	return NULL;
}

int
vc_reserved_last_usable(const struct vc_fact_list *reserved, uint64_t last, uint64_t *ret_last)
{
	const struct vc_reserved *over;

	/* Each step goes below a region, which is then above for good. */
	while ((over = region_over(reserved, last))) {
		if (over->region.value.first == 0)
			return -ENOENT;
		last = over->region.value.first - 1;
	}
	*ret_last = last;
	return 0;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/*
 * "  1:   9   0  IR-IO-APIC   1-edge   i8042": the chip stands after the counters of the CPUs, of which there may be
 * hundreds on each of as many lines.
 */
static bool
interrupt_chip(struct vc_span line, struct vc_span *ret_chip)
{
	struct vc_span word;
	uint64_t number;
	size_t at = 0;

	if (!vc_span_word(&line, &word) || word.length < 2 || word.text[word.length - 1] != ':' ||
	    vc_parse_u64_n(word.text, word.length - 1, VC_BASE_DEC, &number) < 0)
		return false;
	while (at < line.length && (line.text[at] == ' ' || is_digit(line.text[at])))
		at++;
	while (at > 0 && is_digit(line.text[at - 1]))
		at--;
	line.text += at;
	line.length -= at;
	return vc_span_word(&line, ret_chip);
}

/*
 * Names of the chips that bring the interrupts of PCI devices to the processor. Before Linux 6.11 an ITS was "ITS-MSI",
 * a GICv2m "MSI" [linux drivers/irqchip/irq-gic-v3-its-pci-msi.c, irq-gic-v2m.c].
 */
static const struct {
	const char *name;
	bool whole; /* and no more */
	enum vc_isolation isolation;
} chips[] = {
	/* [linux 6.12 drivers/iommu/intel/irq_remapping.c, drivers/iommu/amd/iommu.c .prefix] */
	{ .name = "IR-", .isolation = VC_ISOLATION_REMAPPED },
	/* [linux 6.12 arch/x86/kernel/apic/io_apic.c ioapic_chip, drivers/pci/msi/irqdomain.c] */
	{ .name = "IO-APIC", .whole = true, .isolation = VC_ISOLATION_NONE },
	{ .name = "PCI-MSI", .isolation = VC_ISOLATION_NONE },
	/* [linux 6.12 drivers/irqchip/irq-gic-v3-its-msi-parent.c .prefix, irq-gic-v3-its.c msi_domain_flags] */
	{ .name = "ITS-MSI", .whole = true, .isolation = VC_ISOLATION_ITS },
	{ .name = "ITS-PCI-MSI", .isolation = VC_ISOLATION_ITS },
	/* Without IRQ_DOMAIN_FLAG_ISOLATED_MSI [linux 6.12 drivers/irqchip/irq-gic-v2m.c, irq-gic-v3-mbi.c] */
	{ .name = "GICv2m-PCI-MSI", .isolation = VC_ISOLATION_NONE },
	{ .name = "MBI-PCI-MSI", .isolation = VC_ISOLATION_NONE },
	{ .name = "MSI", .whole = true, .isolation = VC_ISOLATION_NONE },
};

int
vc_interrupts_isolated(const char *text, size_t size, enum vc_isolation *ret_isolation)
{
	struct vc_span rest = { .text = text, .length = size }, line, chip;
	bool seen[3] = { false };

	/* On x86 all are remapped or none: what is left of the others was set up before the IOMMU. */
	while (!seen[VC_ISOLATION_REMAPPED] && vc_span_line(&rest, &line)) {
		if (!interrupt_chip(line, &chip))
			continue;
		for (size_t i = 0; i < VC_COUNT(chips); i++) {
			if (chips[i].whole ? vc_span_is(chip, chips[i].name) : vc_span_starts(chip, chips[i].name))
				seen[chips[i].isolation] = true;
		}
	}
	if (seen[VC_ISOLATION_REMAPPED])
		*ret_isolation = VC_ISOLATION_REMAPPED;
	else if (seen[VC_ISOLATION_ITS] == seen[VC_ISOLATION_NONE])
		return -EOPNOTSUPP;
	else
		*ret_isolation = seen[VC_ISOLATION_ITS] ? VC_ISOLATION_ITS : VC_ISOLATION_NONE;
	return 0;
}

/*
 * An ITS behind a window that hides which device writes isolates nothing [linux 6.12 drivers/irqchip/irq-gic-v3-its.c
 * its_enable_quirk_socionext_synquacer]. Such boards are described by a device tree, and are made by these two; a
 * host with ACPI has no such file.
 */
static void
set_its(struct vc_hostfs *fs, struct vc_fact_flag *fact, const char *from)
{
	static const char *const doubtful[] = { "socionext,", "ti," };
	struct vc_answer board = vc_hostfs_read(fs, "/sys/firmware/devicetree/base/compatible");

	if (!vc_known(&board.fact) && board.fact.state != VC_ABSENT) {
		vc_set_unknown_like(&fact->fact, &board.fact);
		return;
	}
	vc_set_flag(fact, true, from);
	for (size_t at = 0; vc_known(&board.fact) && at < board.size; at += strlen(board.data + at) + 1) {
		for (size_t i = 0; i < VC_COUNT(doubtful); i++) {
			if (strncmp(board.data + at, doubtful[i], strlen(doubtful[i])) == 0)
				vc_set_unreadable(&fact->fact, EOPNOTSUPP, board.fact.from);
		}
	}
}

static void
read_interrupts(struct vc_hostfs *fs, struct vc_host *host)
{
	struct vc_fact_flag *fact = &host->iommu_interrupt_remapping;
	enum vc_isolation isolation;
	struct vc_answer answer;
	int r;

	answer = vc_hostfs_read(fs, "/proc/interrupts");
	if (!vc_known(&answer.fact)) {
		vc_set_unknown_like(&fact->fact, &answer.fact);
		return;
	}
	r = vc_interrupts_isolated(answer.data, answer.size, &isolation);
	if (r < 0)
		vc_set_unreadable(&fact->fact, -r, answer.fact.from);
	else if (isolation == VC_ISOLATION_ITS)
		set_its(fs, fact, answer.fact.from);
	else
		vc_set_flag(fact, isolation == VC_ISOLATION_REMAPPED, answer.fact.from);
}

static bool
has_name(const struct vc_names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++) {
		if (strcmp(names->name[i], name) == 0)
			return true;
	}
	return false;
}

/*
 * Containers hide /sys/firmware behind an empty directory, and then what is missing below it proves nothing.
 * On a host there is at least memmap [linux 6.12 drivers/firmware/memmap.c].
 */
static bool
firmware_is_masked(struct vc_hostfs *fs)
{
	struct vc_names names = vc_hostfs_list(fs, "/sys/firmware");

	return !vc_known(&names.fact) || names.count == 0;
}

/* The tables themselves are for root, their names for everyone. */
static void
read_firmware_table(struct vc_hostfs *fs, struct vc_host *host)
{
	/* IORT describes interrupt controllers as well, so that it proves no IOMMU. */
	static const struct {
		const char *name;
		bool proves;
	} table[] = {
		{ .name = "DMAR", .proves = true },
		{ .name = "IVRS", .proves = true },
		{ .name = "VIOT", .proves = true },
		{ .name = "IORT" },
	};
	struct vc_names names = vc_hostfs_list(fs, TABLES);

	/*
	 * Without ACPI an x86 has no other way to announce an IOMMU, but other architectures have a device
	 * tree.
	 */
	if (names.fact.state == VC_ABSENT && (vc_cpu_is_x86(host) != VC_YES || firmware_is_masked(fs)))
		vc_set_unreadable(&names.fact, EOPNOTSUPP, names.fact.from);
	if (names.fact.state != VC_KNOWN && names.fact.state != VC_ABSENT) {
		vc_set_unknown_like(&host->iommu_firmware_table.fact, &names.fact);
		vc_set_unknown_like(&host->iommu_firmware_table_name.fact, &names.fact);
		return;
	}
	for (size_t i = 0; i < VC_COUNT(table); i++) {
		if (!has_name(&names, table[i].name))
			continue;
		if (table[i].proves)
			vc_set_flag(&host->iommu_firmware_table, true, names.fact.from);
		else
			vc_set_unreadable(&host->iommu_firmware_table.fact, EOPNOTSUPP, names.fact.from);
		vc_set_text(&host->iommu_firmware_table_name, table[i].name, names.fact.from);
		return;
	}
	vc_set_flag(&host->iommu_firmware_table, false, names.fact.from);
	vc_set_absent(&host->iommu_firmware_table_name.fact, names.fact.from);
}

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
	struct vc_answer cap = vc_hostfs_read_line(common->fs, UNITS "/%s/intel-iommu/cap", name);
	struct vc_answer ecap = vc_hostfs_read_line(common->fs, UNITS "/%s/intel-iommu/ecap", name);

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
	struct vc_answer answer = vc_hostfs_read_line(common->fs, UNITS "/%s/amd-iommu/features", name);
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
	answer = vc_hostfs_read_part(common->fs, 0, IVINFO_END, TABLES "/IVRS");
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
		vc_set_absent(intel_only[i], UNITS);
	read_features(common, unit, name);
	vc_set_flag(&unit->interrupt_remapping, true, UNITS);
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
		vc_set_unreadable(fact[i], EOPNOTSUPP, UNITS);
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

static void
read_units(struct common *common, const struct vc_names *names)
{
	struct vc_host *host = common->host;
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
	unit = vc_arena_make_array(vc_hostfs_arena(common->fs), names->count + 1, struct vc_iommu_unit);
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
			fill_intel(common, &unit[i], name);
		} else if (is_numbered(name, "ivhd")) {
			vc_set_text(&unit[i].kind, "amd", names->fact.from);
			fill_amd(common, &unit[i], name);
		} else {
			vc_set_text(&unit[i].kind, "other", names->fact.from);
			fill_other(&unit[i]);
		}
	}
	set_narrowest(host);
}

/*
 * Groups without a unit: platforms whose driver registers none, but also what VFIO makes up for devices
 * without an IOMMU [linux 6.12 drivers/vfio/group.c vfio_noiommu_group_alloc]. The first real one decides.
 */
static enum vc_tri
has_real_group(struct vc_hostfs *fs, const struct vc_names *groups)
{
	for (size_t i = 0; i < groups->count; i++) {
		struct vc_answer name = vc_hostfs_read_line(fs, GROUPS "/%s/name", groups->name[i]);

		if (name.fact.state == VC_ABSENT ||
		    (vc_known(&name.fact) && strcmp(name.data, "vfio-noiommu") != 0))
			return VC_YES;
		if (!vc_known(&name.fact))
			return VC_UNKNOWN;
	}
	return VC_NO;
}

/*
 * A copied tree may lack the empty directory that says "no units". On x86 the kernel learns of units from
 * nothing but these tables [linux 6.12 drivers/iommu/intel/dmar.c, drivers/iommu/amd/init.c,
 * drivers/acpi/viot.c].
 */
static bool
firmware_has_none(struct common *common)
{
	static const char *const table[] = { "DMAR", "IVRS", "VIOT" };
	struct vc_names names = vc_hostfs_list(common->fs, TABLES);

	if (vc_cpu_is_x86(common->host) != VC_YES || !vc_known(&names.fact) || names.count == 0)
		return false;
	for (size_t i = 0; i < VC_COUNT(table); i++) {
		if (has_name(&names, table[i]))
			return false;
	}
	return true;
}

static void
set_present(struct common *common, const struct vc_names *units, const struct vc_names *groups)
{
	struct vc_host *host = common->host;
	struct vc_fact_flag *fact = &host->iommu_present;

	if (vc_known(&units->fact) && units->count > 0) {
		vc_set_flag(fact, true, units->fact.from);
		return;
	}
	if (vc_known(&groups->fact) && groups->count > 0) {
		switch (has_real_group(common->fs, groups)) {
		case VC_YES:
			vc_set_flag(fact, true, groups->fact.from);
			return;
		case VC_NO:
			break;
		case VC_UNKNOWN:
			vc_set_unreadable(&fact->fact, VC_ENOTCOLLECTED, groups->fact.from);
			return;
		}
	}
	if (vc_known(&units->fact) || units->fact.state == VC_ABSENT)
		vc_set_flag(fact, false, units->fact.from);
	else if (firmware_has_none(common))
		vc_set_flag(fact, false, TABLES);
	else
		vc_set_unknown_like(&fact->fact, &units->fact);
}

static void
set_group_count(struct vc_host *host, const struct vc_names *groups)
{
	if (vc_known(&groups->fact))
		vc_set_number(&host->iommu_groups, groups->count, groups->fact.from);
	else if (groups->fact.state == VC_ABSENT)
		vc_set_number(&host->iommu_groups, 0, groups->fact.from);
	else
		vc_set_unknown_like(&host->iommu_groups.fact, &groups->fact);
}

static void
set_members(struct vc_hostfs *fs, struct vc_iommu_group *group)
{
	struct vc_arena *arena = vc_hostfs_arena(fs);
	struct vc_names names = vc_iommu_group_devices(fs, group->id.value);
	const char **address;
	size_t count = 0;

	if (!vc_known(&names.fact)) {
		vc_set_unknown_like(&group->members.fact, &names.fact);
		return;
	}
	address = vc_arena_make_array(arena, names.count + 1, const char *);
	for (size_t i = 0; i < names.count; i++) {
		if (vc_pci_address_valid(names.name[i]))
			address[count++] = names.name[i];
	}
	vc_set_set(arena, &group->members, address, count, names.fact.from);
}

/* [linux 6.12 drivers/iommu/intel/iommu.c IS_GFX_DEVICE, IS_USB_DEVICE, IS_ISA_DEVICE] */
static bool
is_relaxable_class(uint64_t class)
{
	return class >> 16 == PCI_BASE_CLASS_DISPLAY || class >> 8 == PCI_CLASS_SERIAL_USB ||
	       class >> 8 == PCI_CLASS_BRIDGE_ISA;
}

static void
set_relaxable_class(const struct vc_host *host, struct vc_iommu_group *group)
{
	struct vc_fact_flag *fact = &group->has_relaxable_class;

	if (!vc_known(&group->members.fact)) {
		vc_set_unknown_like(&fact->fact, &group->members.fact);
		return;
	}
	vc_set_flag(fact, false, group->members.fact.from);
	for (size_t i = 0; i < group->members.count; i++) {
		const struct vc_pci *pci = vc_host_find_pci(host, group->members.word[i]);

		if (pci && vc_known(&pci->class.fact) && is_relaxable_class(pci->class.value)) {
			vc_set_flag(fact, true, pci->class.fact.from);
			return;
		}
		if (!pci)
			vc_set_unreadable(&fact->fact, VC_ENOTCOLLECTED, group->members.fact.from);
		else if (!vc_known(&pci->class.fact))
			vc_set_unknown_like(&fact->fact, &pci->class.fact);
	}
}

static void
fill_group(struct common *common, struct vc_iommu_group *group, const struct vc_fact_number *number)
{
	unsigned long long id = number->value;
	struct vc_answer answer;

	group->id = *number;
	answer = vc_hostfs_read_line(common->fs, GROUPS "/%llu/type", id);
	vc_answer_since(&answer, &common->host->kernel_version, 5, 11);
	vc_take_text(vc_hostfs_arena(common->fs), &answer, &group->type);
	set_members(common->fs, group);
	set_relaxable_class(common->host, group);
	answer = vc_hostfs_read(common->fs, GROUPS "/%llu/reserved_regions", id);
	if (!vc_known(&answer.fact))
		vc_set_unknown_like(&group->reserved.fact, &answer.fact);
	else if (vc_reserved_parse(vc_hostfs_arena(common->fs), answer.data, answer.size, answer.fact.from,
				   &group->reserved) < 0)
		vc_set_unreadable(&group->reserved.fact, VC_EGARBLED, answer.fact.from);
}

static int
compare_number(const void *a, const void *b)
{
	uint64_t x = ((const struct vc_fact_number *)a)->value, y = ((const struct vc_fact_number *)b)->value;

	return x < y ? -1 : x > y;
}

static int
compare_group(const void *key, const void *group)
{
	uint64_t number = *(const uint64_t *)key, id = ((const struct vc_iommu_group *)group)->id.value;

	return number < id ? -1 : number > id;
}

/* The groups of all devices that were detailed, in the order of their numbers, and the references to them. */
static void
read_groups(struct common *common)
{
	struct vc_arena *arena = vc_hostfs_arena(common->fs);
	struct vc_host *host = common->host;
	struct vc_pci *pci = host->pci.item;
	struct vc_fact_number *number, *distinct;
	struct vc_iommu_group *group;
	size_t count = 0, kept = 0;

	if (!vc_known(&host->pci.fact)) {
		vc_set_unknown_like(&host->iommu_group.fact, &host->pci.fact);
		return;
	}
	number = vc_arena_make_array(arena, host->pci.count + 1, struct vc_fact_number);
	distinct = vc_arena_make_array(arena, host->pci.count + 1, struct vc_fact_number);
	for (size_t i = 0; i < host->pci.count; i++) {
		number[i] = vc_iommu_group_number(common->fs, pci[i].address.value);
		if (vc_known(&number[i].fact))
			distinct[count++] = number[i];
	}
	if (count > 0)
		qsort(distinct, count, sizeof(*distinct), compare_number);
	for (size_t i = 0; i < count; i++) {
		if (kept == 0 || distinct[kept - 1].value != distinct[i].value)
			distinct[kept++] = distinct[i];
	}
	group = vc_arena_make_array(arena, kept + 1, struct vc_iommu_group);
	for (size_t i = 0; i < kept; i++)
		fill_group(common, &group[i], &distinct[i]);
	host->iommu_group = (struct vc_fact_list){ .fact = { .state = VC_KNOWN, .from = GROUPS },
						   .item = group,
						   .count = kept };
	for (size_t i = 0; i < host->pci.count; i++) {
		if (vc_known(&number[i].fact))
			vc_set_ref(&pci[i].group,
				   bsearch(&number[i].value, group, kept, sizeof(*group), compare_group),
				   number[i].fact.from);
		else
			vc_set_unknown_like(&pci[i].group.fact, &number[i].fact);
	}
}

static void
set_unit(struct common *common, struct vc_pci *pci)
{
	struct vc_answer answer =
		vc_hostfs_read_link(common->fs, "/sys/bus/pci/devices/%s/iommu", pci->address.value);
	const struct vc_iommu_unit *unit = common->host->iommu_unit.item;
	struct vc_fact_text name = { .value = NULL };

	vc_answer_basename(&answer, &name);
	if (!vc_known(&name.fact)) {
		vc_set_unknown_like(&pci->iommu_unit.fact, &name.fact);
		return;
	}
	for (size_t i = 0; i < common->host->iommu_unit.count; i++) {
		if (strcmp(unit[i].name.value, name.value) == 0) {
			vc_set_ref(&pci->iommu_unit, &unit[i], answer.fact.from);
			return;
		}
	}
	if (vc_known(&common->host->iommu_unit.fact))
		vc_set_unreadable(&pci->iommu_unit.fact, VC_EGARBLED, answer.fact.from);
	else
		vc_set_unknown_like(&pci->iommu_unit.fact, &common->host->iommu_unit.fact);
}

/*
 * What QEMU takes for the width of the host: the bits of the last usable address
 * [qemu 10.0.13 hw/vfio/helpers.c vfio_device_get_aw_bits].
 */
static void
set_device_width(struct vc_pci *pci)
{
	struct vc_fact_number *fact = &pci->aw_bits;
	const struct vc_iommu_unit *unit = pci->iommu_unit.item;
	const struct vc_iommu_group *group = pci->group.item;
	uint64_t last;

	if (!vc_known(&pci->iommu_unit.fact))
		vc_set_unknown_like(&fact->fact, &pci->iommu_unit.fact);
	else if (!vc_known(&unit->aw_bits.fact))
		vc_set_unknown_like(&fact->fact, &unit->aw_bits.fact);
	else if (!vc_known(&pci->group.fact))
		vc_set_unknown_like(&fact->fact, &pci->group.fact);
	else if (!vc_known(&group->reserved.fact))
		vc_set_unknown_like(&fact->fact, &group->reserved.fact);
	else if (vc_reserved_last_usable(&group->reserved, vc_last_address((unsigned)unit->aw_bits.value),
					 &last) < 0)
		vc_set_absent(&fact->fact, group->reserved.fact.from);
	else
		vc_set_number(fact, vc_bits_for(last), unit->aw_bits.fact.from);
}

void
vc_probe_iommu(struct vc_hostfs *fs, const struct vc_host_request *request, struct vc_host *host)
{
	struct common common = { .fs = fs, .host = host };
	struct vc_names units = vc_hostfs_list(fs, UNITS), groups = vc_hostfs_list(fs, GROUPS);
	struct vc_pci *pci = host->pci.item;

	(void)request;
	read_units(&common, &units);
	set_present(&common, &units, &groups);
	set_group_count(host, &groups);
	read_firmware_table(fs, host);
	read_interrupts(fs, host);
	read_groups(&common);
	for (size_t i = 0; i < host->pci.count; i++) {
		if (!pci[i].detailed)
			continue;
		set_unit(&common, &pci[i]);
		set_device_width(&pci[i]);
	}
}
