/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What sysfs and /proc hold about devices, as a hostile capture may have it. The first byte picks the reader,
 * the rest is its file: 'c' configuration space, 'r' resource, 'v' reserved_regions, 'm' /proc/iomem, 'i'
 * /proc/interrupts.
 */
#include <assert.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "host/pci-config.h"
#include "host/pci-interrupt.h"
#include "host/pci-resource.h"
#include "host/probe-iomem.h"
#include "host/probe-iommu.h"
#include "host/scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
read_config(const uint8_t *data, size_t size)
{
	struct vc_pci_config config;
	unsigned offset;
	uint64_t sizes;
	bool flag;

	if (vc_pci_config_parse(data, size, &config) < 0)
		return;
	for (unsigned id = 0; id < VC_PCI_CAPABILITIES; id++)
		assert(vc_pci_config_find(&config, id, &offset) < 0 || offset < size);
	for (unsigned id = 0; id < VC_PCI_EXTENDED_CAPABILITIES; id++)
		assert(vc_pci_config_find_extended(&config, id, &offset) < 0 || offset < size);
	for (unsigned bar = 0; bar < VC_PCI_BARS; bar++)
		assert(vc_pci_config_bar_sizes(&config, bar, &sizes) <= 0);
	assert(vc_pci_config_flr(&config, &flag) != -ENOENT);
	assert(vc_pci_config_pm_reset(&config, &flag) <= 0);
	assert(vc_pci_config_msi_enabled(&config, &flag) <= 0);
	assert(vc_pci_config_msix_enabled(&config, &flag) <= 0);
}

static void
read_reserved(struct vc_arena *arena, const char *text, size_t size)
{
	struct vc_fact_list list = { .count = 0 };
	uint64_t last = UINT64_MAX;

	if (vc_reserved_parse(arena, text, size, "fuzz", &list) == 0 &&
	    vc_reserved_last_usable(&list, UINT64_MAX, &last) == 0) {
		const struct vc_reserved *region = list.item;

		for (size_t i = 0; i < list.count; i++)
			assert(region[i].region.value.first <= region[i].region.value.last);
	}
}

static void
read_iomem(const char *text, size_t size)
{
	struct vc_span rest = { .text = text, .length = size }, line;
	struct vc_iomem_line iomem;

	while (vc_span_line(&rest, &line)) {
		if (vc_iomem_parse_line(line.text, line.length, &iomem) == 0)
			assert(iomem.region.first <= iomem.region.last && iomem.length <= line.length);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	struct vc_pci_resource resource[VC_PCI_RESOURCES];
	const char *text, **handler;
	enum vc_isolation isolation;
	size_t handlers;

	if (size == 0)
		return 0;
	text = (const char *)data + 1;
	size--;
	switch (data[0]) {
	case 'c':
		read_config(data + 1, size);
		break;
	case 'r':
		(void)!vc_pci_resource_parse(text, size, resource);
		break;
	case 'v':
		read_reserved(arena, text, size);
		break;
	case 'm':
		read_iomem(text, size);
		break;
	case 'i':
		(void)!vc_interrupts_isolated(text, size, &isolation);
		for (uint64_t irq = 0; irq < 24; irq++)
			(void)!vc_interrupt_handlers(arena, text, size, irq, &handler, &handlers);
		break;
	default:
		break;
	}
	return 0;
}
