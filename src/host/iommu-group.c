/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The groups of the devices that were detailed, and the regions that are cut out of what they may map. */
#include <errno.h>
#include <string.h>

#include <pci/header.h>

#include "host/answer.h"
#include "host/probe-iommu.h"
#include "host/probe-pci.h"
#include "host/probe.h"
#include "host/scan.h"

/* Far above what firmware describes; a longer file is not a list of regions. */
#define REGIONS_MAX 4096
#define REGION_TYPE_MAX 32

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
	return vc_hostfs_list(fs, VC_IOMMU_GROUPS "/%llu/devices", (unsigned long long)number);
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
fill_group(struct vc_hostfs *fs, const struct vc_host *host, struct vc_iommu_group *group,
	   const struct vc_fact_number *number)
{
	unsigned long long id = number->value;
	struct vc_answer answer;

	group->id = *number;
	answer = vc_hostfs_read_line(fs, VC_IOMMU_GROUPS "/%llu/type", id);
	vc_answer_since(&answer, &host->kernel_version, 5, 11);
	vc_take_text(vc_hostfs_arena(fs), &answer, &group->type);
	set_members(fs, group);
	set_relaxable_class(host, group);
	answer = vc_hostfs_read(fs, VC_IOMMU_GROUPS "/%llu/reserved_regions", id);
	if (!vc_known(&answer.fact))
		vc_set_unknown_like(&group->reserved.fact, &answer.fact);
	else if (vc_reserved_parse(vc_hostfs_arena(fs), answer.data, answer.size, answer.fact.from,
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

void
vc_iommu_read_groups(struct vc_hostfs *fs, struct vc_host *host)
{
	struct vc_arena *arena = vc_hostfs_arena(fs);
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
		number[i] = vc_iommu_group_number(fs, pci[i].address.value);
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
		fill_group(fs, host, &group[i], &distinct[i]);
	host->iommu_group = (struct vc_fact_list){ .fact = { .state = VC_KNOWN, .from = VC_IOMMU_GROUPS },
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
