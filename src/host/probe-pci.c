/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/probe-pci.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <pci/header.h>

#include "base/tri.h"
#include "host/answer.h"
#include "host/pci-config.h"
#include "host/pci-interrupt.h"
#include "host/pci-resource.h"
#include "host/probe-iommu.h"
#include "host/scan.h"

#define DEVICES "/sys/bus/pci/devices"

/* Extended capability id of SR-IOV [linux 6.12 include/uapi/linux/pci_regs.h PCI_EXT_CAP_ID_SRIOV]. */
#define SRIOV_ID 0x10

static bool
all_hex(const char *text, size_t count)
{
	return strspn(text, "0123456789abcdef") >= count;
}

bool
vc_pci_address_valid(const char *address)
{
	size_t domain = strspn(address, "0123456789abcdef");

	/*
	 * Domains above ffff exist behind VMD [linux 6.12 drivers/pci/controller/vmd.c vmd_find_free_domain].
	 */
	if (domain < 4 || domain > 8)
		return false;
	address += domain;
	return strlen(address) == strlen(":BB:DD.F") && address[0] == ':' && all_hex(address + 1, 2) &&
	       address[3] == ':' && all_hex(address + 4, 2) && address[6] == '.' && address[7] >= '0' &&
	       address[7] <= '7';
}

static int
compare_address(const void *key, const void *record)
{
	return strcmp(key, ((const struct vc_pci *)record)->address.value);
}

const struct vc_pci *
vc_host_find_pci(const struct vc_host *host, const char *address)
{
	if (host->pci.count == 0)
		return NULL;
	return bsearch(address, host->pci.item, host->pci.count, sizeof(struct vc_pci), compare_address);
}

/* A device being read. */
struct device {
	struct vc_hostfs *fs;
	const struct vc_host *host;
	const char *dir; /* /sys/bus/pci/devices/ADDRESS */
	struct vc_fact config_fact;
	struct vc_pci_config config; /* meaningful while config_fact is known */
	struct vc_interrupts *interrupts;
	struct vc_pci *pci;
};

static struct vc_answer
read_file(const struct device *device, const char *name)
{
	return vc_hostfs_read_line(device->fs, "%s/%s", device->dir, name);
}

static void
read_hex(const struct device *device, const char *name, struct vc_fact_number *fact)
{
	struct vc_answer answer = read_file(device, name);

	vc_take_number(&answer, VC_BASE_HEX, fact);
}

static void
read_link(const struct device *device, const char *name, struct vc_fact_text *fact)
{
	struct vc_answer answer = vc_hostfs_read_link(device->fs, "%s/%s", device->dir, name);

	vc_answer_basename(&answer, fact);
}

static void
read_ids(struct device *device)
{
	read_hex(device, "vendor", &device->pci->vendor_id);
	read_hex(device, "device", &device->pci->device_id);
	read_hex(device, "class", &device->pci->class);
	read_link(device, "driver", &device->pci->driver);
}

/*
 * The header type of a device nobody asked for. Reading a configuration space resumes a suspended device
 * [linux 6.12 drivers/pci/pci-sysfs.c pci_read_config], which a bystander is spared:
 *   - the kernel keeps class 0604 only for header type 1 [drivers/pci/probe.c pci_setup_device];
 *   - secondary_bus_number exists for bridges alone [drivers/pci/pci-sysfs.c pci_bridge_attrs_are_visible],
 * and asking whether it exists does not read it. A tree that does not tell that may hold the configuration
 * space: nothing sleeps in a copy.
 */
static void
read_header_type_quietly(struct device *device)
{
	struct vc_fact_number *fact = &device->pci->header_type;
	const struct vc_fact_number *class = &device->pci->class;
	struct vc_pci_config config;
	struct vc_answer answer;
	struct vc_node node;

	if (vc_known(&class->fact) && class->value >> 8 == PCI_CLASS_BRIDGE_PCI) {
		vc_set_number(fact, PCI_HEADER_TYPE_BRIDGE, class->fact.from);
		return;
	}
	node = vc_hostfs_stat(device->fs, "%s/secondary_bus_number", device->dir);
	if (node.fact.state == VC_ABSENT) {
		vc_set_number(fact, PCI_HEADER_TYPE_NORMAL, node.fact.from);
		return;
	}
	if (vc_known(&node.fact)) {
		bool cardbus = vc_known(&class->fact) && class->value >> 8 == PCI_CLASS_BRIDGE_CARDBUS;

		vc_set_number(fact, cardbus ? PCI_HEADER_TYPE_CARDBUS : PCI_HEADER_TYPE_BRIDGE,
			      node.fact.from);
		return;
	}
	if (vc_hostfs_kind(device->fs) == VC_HOSTFS_LIVE) {
		vc_set_unknown_like(&fact->fact, &node.fact);
		return;
	}
	answer = vc_hostfs_read_part(device->fs, 0, 64, "%s/config", device->dir);
	if (!vc_known(&answer.fact))
		vc_set_unknown_like(&fact->fact, &node.fact);
	else if (vc_pci_config_parse(answer.data, answer.size, &config) < 0)
		vc_set_unreadable(&fact->fact, VC_EGARBLED, answer.fact.from);
	else
		vc_set_number(fact, config.header_type, answer.fact.from);
}

static void
read_config(struct device *device)
{
	struct vc_answer answer =
		vc_hostfs_read_part(device->fs, 0, VC_PCI_CONFIG_MAX, "%s/config", device->dir);

	device->config_fact = answer.fact;
	if (vc_known(&answer.fact) && vc_pci_config_parse(answer.data, answer.size, &device->config) < 0)
		vc_set_unreadable(&device->config_fact, VC_EGARBLED, answer.fact.from);
}

/* A flag of a capability. @r and @value as the config function gave them; @without: what -ENOENT means. */
static void
set_config_flag(const struct device *device, struct vc_fact_flag *fact, int r, bool value,
		enum vc_tri without)
{
	const char *from = device->config_fact.from;

	if (r == 0)
		vc_set_flag(fact, value, from);
	else if (r == -ENOENT && without == VC_UNKNOWN)
		vc_set_absent(&fact->fact, from);
	else if (r == -ENOENT)
		vc_set_flag(fact, without == VC_YES, from);
	else
		vc_set_unreadable(&fact->fact, -r, from);
}

static void
fill_from_config(struct device *device)
{
	struct vc_pci *pci = device->pci;
	const struct vc_pci_config *config = &device->config;
	const char *from = device->config_fact.from;
	unsigned offset;
	bool value = false;
	int r;

	if (!vc_known(&device->config_fact)) {
		struct vc_fact *const fact[] = {
			&pci->header_type.fact, &pci->responds.fact,     &pci->flr.fact,
			&pci->express.fact,     &pci->pm_reset.fact,    &pci->msi.fact,          &pci->msi_enabled.fact,
			&pci->msix.fact,        &pci->msix_enabled.fact, &pci->ats_enabled.fact,
		};

		for (size_t i = 0; i < VC_COUNT(fact); i++)
			vc_set_unknown_like(fact[i], &device->config_fact);
		return;
	}
	vc_set_number(&pci->header_type, config->header_type, from);
	vc_set_flag(&pci->responds, config->answers, from);

	r = vc_pci_config_flr(config, &value);
	set_config_flag(device, &pci->flr, r, value, VC_NO);
	r = vc_pci_config_pm_reset(config, &value);
	set_config_flag(device, &pci->pm_reset, r, value, VC_UNKNOWN);
	r = vc_pci_config_find(config, PCI_CAP_ID_EXP, &offset);
	set_config_flag(device, &pci->express, r, true, VC_NO);
	r = vc_pci_config_find(config, PCI_CAP_ID_MSI, &offset);
	set_config_flag(device, &pci->msi, r, true, VC_NO);
	r = vc_pci_config_msi_enabled(config, &value);
	set_config_flag(device, &pci->msi_enabled, r, value, VC_NO);
	r = vc_pci_config_find(config, PCI_CAP_ID_MSIX, &offset);
	set_config_flag(device, &pci->msix, r, true, VC_NO);
	r = vc_pci_config_msix_enabled(config, &value);
	set_config_flag(device, &pci->msix_enabled, r, value, VC_NO);
	r = vc_pci_config_ats_enabled(config, &value);
	set_config_flag(device, &pci->ats_enabled, r, value, VC_NO);
}

/* A file that only devices with a capability have is known to be missing where the capability is. */
static void
absent_by_config(const struct device *device, struct vc_fact *fact, int found)
{
	if (fact->state == VC_UNREADABLE && vc_known(&device->config_fact) && found == -ENOENT)
		vc_set_absent(fact, device->config_fact.from);
}

static void
read_sriov(struct device *device)
{
	struct vc_answer total = read_file(device, "sriov_totalvfs"), now = read_file(device, "sriov_numvfs");
	unsigned offset;
	int found = vc_known(&device->config_fact)
			    ? vc_pci_config_find_extended(&device->config, SRIOV_ID, &offset)
			    : -ENODATA;

	vc_take_number(&total, VC_BASE_DEC, &device->pci->sriov_total_vfs);
	vc_take_number(&now, VC_BASE_DEC, &device->pci->sriov_vfs);
	absent_by_config(device, &device->pci->sriov_total_vfs.fact, found);
	absent_by_config(device, &device->pci->sriov_vfs.fact, found);
}

/* "pm bus"; empty when somebody switched all methods off. */
static void
read_reset_methods(struct device *device)
{
	struct vc_fact_set *fact = &device->pci->reset_methods;
	struct vc_answer answer = read_file(device, "reset_method");
	struct vc_arena *arena = vc_hostfs_arena(device->fs);
	const char *word[16]; /* more than there are methods [linux 6.12 include/linux/pci.h
				 PCI_NUM_RESET_METHODS] */
	struct vc_span rest, slice;
	size_t count = 0;

	vc_answer_since(&answer, &device->host->kernel_version, 5, 15);
	if (!vc_known(&answer.fact)) {
		vc_set_unknown_like(&fact->fact, &answer.fact);
		return;
	}
	rest = (struct vc_span){ .text = answer.data, .length = answer.size };
	while (vc_span_word(&rest, &slice)) {
		if (count == VC_COUNT(word) || memchr(slice.text, '\0', slice.length)) {
			vc_set_unreadable(&fact->fact, VC_EGARBLED, answer.fact.from);
			return;
		}
		word[count++] = vc_arena_strndup(arena, slice.text, slice.length);
	}
	if (count == 0)
		vc_set_absent(&fact->fact, answer.fact.from);
	else
		vc_set_set(arena, fact, word, count, answer.fact.from);
}

static void
read_driver_override(struct device *device)
{
	struct vc_fact_text *fact = &device->pci->driver_override;
	struct vc_answer answer = read_file(device, "driver_override");

	vc_take_text(vc_hostfs_arena(device->fs), &answer, fact);
	/*
	 * What printf makes of a null pointer is what the kernel shows [linux 6.12 drivers/pci/pci-sysfs.c].
	 */
	if (vc_known(&fact->fact) && (fact->value[0] == '\0' || strcmp(fact->value, "(null)") == 0))
		vc_set_absent(&fact->fact, answer.fact.from);
}

static void
read_boot_vga(struct device *device)
{
	const struct vc_fact_number *class = &device->pci->class;
	struct vc_answer answer;

	/* Only VGA devices have the file [linux 6.12 drivers/pci/pci-sysfs.c pci_dev_attrs_are_visible]. */
	if (vc_known(&class->fact) && class->value >> 8 != PCI_CLASS_DISPLAY_VGA &&
	    class->value >> 8 != PCI_CLASS_NOT_DEFINED_VGA) {
		vc_set_absent(&device->pci->boot_vga.fact, class->fact.from);
		return;
	}
	answer = read_file(device, "boot_vga");
	vc_take_flag(&answer, &device->pci->boot_vga);
}

static void
read_numa_node(struct device *device)
{
	struct vc_answer answer = read_file(device, "numa_node");

	if (vc_known(&answer.fact) && strcmp(answer.data, "-1") == 0) {
		vc_set_absent(&device->pci->numa_node.fact, answer.fact.from);
		vc_set_absent(&device->pci->local_cpus.fact, answer.fact.from);
		return;
	}
	vc_take_number(&answer, VC_BASE_DEC, &device->pci->numa_node);
	answer = read_file(device, "local_cpulist");
	vc_take_text(vc_hostfs_arena(device->fs), &answer, &device->pci->local_cpus);
}

/* -ERANGE: the range is upside down, or is all 2^64 bytes. */
static int
resource_size(const struct vc_pci_resource *resource, uint64_t *ret_size)
{
	if (resource->last < resource->first)
		return -ERANGE;
	return vc_add(resource->last - resource->first, 1, ret_size);
}

static void
read_possible_sizes(struct device *device, unsigned index, struct vc_bar *bar)
{
	struct vc_answer answer = vc_hostfs_read_line(device->fs, "%s/resource%u_resize", device->dir, index);
	uint64_t sizes;
	int r;

	vc_answer_since(&answer, &device->host->kernel_version, 6, 1);
	vc_take_number(&answer, VC_BASE_HEX, &bar->possible_sizes);
	if (bar->possible_sizes.fact.state != VC_UNREADABLE || !vc_known(&device->config_fact))
		return;

	/* The hardware says it as well, to those who may read it. */
	r = vc_pci_config_bar_sizes(&device->config, index, &sizes);
	if (r == 0)
		vc_set_number(&bar->possible_sizes, sizes, device->config_fact.from);
	absent_by_config(device, &bar->possible_sizes.fact, r);
}

static void
fill_bar(struct device *device, unsigned index, const struct vc_pci_resource *resource, const char *from)
{
	struct vc_bar *bar =
		vc_list_append(vc_hostfs_arena(device->fs), &device->pci->bar, sizeof(struct vc_bar), from);
	bool memory = resource->flags & VC_RESOURCE_MEMORY;
	uint64_t size;

	vc_set_number(&bar->index, index, from);
	vc_set_flag(&bar->memory, memory, from);
	vc_set_flag(&bar->wide, resource->flags & VC_RESOURCE_MEMORY_64, from);
	vc_set_flag(&bar->prefetchable, resource->flags & VC_RESOURCE_PREFETCH, from);
	if (resource_size(resource, &size) < 0) {
		vc_set_unreadable(&bar->size.fact, VC_EGARBLED, from);
		vc_set_unreadable(&bar->region.fact, VC_EGARBLED, from);
	} else {
		vc_set_number(&bar->size, size, from);
		if (resource->flags & (VC_RESOURCE_UNSET | VC_RESOURCE_DISABLED))
			vc_set_absent(&bar->region.fact, from);
		else
			vc_set_range(&bar->region, (struct vc_range){ resource->first, resource->last },
				     from);
	}
	if (memory)
		read_possible_sizes(device, index, bar);
	else
		vc_set_absent(&bar->possible_sizes.fact, from);
}

static void
fill_rom(struct device *device, const struct vc_pci_resource *rom, const char *from)
{
	struct vc_pci *pci = device->pci;
	uint64_t size;

	vc_set_flag(&pci->rom_shadowed, rom->flags & VC_RESOURCE_ROM_SHADOW, from);
	if (rom->flags == 0)
		vc_set_absent(&pci->rom_size.fact, from);
	else if (resource_size(rom, &size) < 0)
		vc_set_unreadable(&pci->rom_size.fact, VC_EGARBLED, from);
	else
		vc_set_number(&pci->rom_size, size, from);
}

static void
read_resources(struct device *device)
{
	struct vc_answer answer = vc_hostfs_read(device->fs, "%s/resource", device->dir);
	struct vc_pci_resource resource[VC_PCI_RESOURCES];
	struct vc_pci *pci = device->pci;
	const char *from = answer.fact.from;

	if (vc_known(&answer.fact) && vc_pci_resource_parse(answer.data, answer.size, resource) < 0)
		vc_set_unreadable(&answer.fact, VC_EGARBLED, from);
	if (!vc_known(&answer.fact)) {
		vc_set_unknown_like(&pci->bar.fact, &answer.fact);
		vc_set_unknown_like(&pci->unassigned_bar.fact, &answer.fact);
		vc_set_unknown_like(&pci->rom_size.fact, &answer.fact);
		vc_set_unknown_like(&pci->rom_shadowed.fact, &answer.fact);
		return;
	}
	pci->bar.fact = answer.fact;
	vc_set_absent(&pci->unassigned_bar.fact, from);
	for (unsigned i = 0; i < VC_PCI_BARS; i++) {
		if (!resource[i].flags)
			continue;
		fill_bar(device, i, &resource[i], from);
		if ((resource[i].flags & VC_RESOURCE_UNSET) && !vc_known(&pci->unassigned_bar.fact))
			vc_set_number(&pci->unassigned_bar, i, from);
	}
	fill_rom(device, &resource[VC_PCI_ROM], from);
}

static void
set_largest_bar(struct vc_pci *pci)
{
	struct vc_fact_number *fact = &pci->largest_bar;
	const struct vc_bar *bar = pci->bar.item;

	if (!vc_known(&pci->bar.fact)) {
		vc_set_unknown_like(&fact->fact, &pci->bar.fact);
		return;
	}
	vc_set_absent(&fact->fact, pci->bar.fact.from);
	for (size_t i = 0; i < pci->bar.count; i++) {
		if (!bar[i].memory.value)
			continue;
		if (!vc_known(&bar[i].size.fact)) {
			vc_set_unknown_like(&fact->fact, &bar[i].size.fact);
			return;
		}
		if (!vc_known(&fact->fact) || bar[i].size.value > fact->value)
			*fact = bar[i].size;
	}
}

/*
 * The first device on the way from the host bridge, ".../pci0000:00/0000:00:01.1/0000:01:00.0"; what is alone on that
 * way has none above it. Ports of a controller with a domain of its own (VMD) come behind other names.
 */
static void
read_root_port(struct device *device)
{
	struct vc_fact_text *fact = &device->pci->root_port;
	struct vc_answer answer = vc_hostfs_read_link(device->fs, "%s", device->dir);
	struct vc_span rest, piece, last = { 0 };

	if (!vc_known(&answer.fact)) {
		vc_set_unknown_like(&fact->fact, &answer.fact);
		return;
	}
	rest = vc_span_of(&answer);
	while (vc_span_until(&rest, '/', &piece)) {
		const char *name = vc_span_dup(vc_hostfs_arena(device->fs), piece);

		if (last.length > 0) {
			vc_set_text(fact, vc_span_dup(vc_hostfs_arena(device->fs), last), answer.fact.from);
			return;
		}
		if (vc_pci_address_valid(name))
			last = piece;
	}
	if (last.length > 0)
		vc_set_absent(&fact->fact, answer.fact.from);
	else
		vc_set_unreadable(&fact->fact, VC_EGARBLED, answer.fact.from);
}

/* The files are there where the port reports errors [linux 6.12 drivers/pci/pcie/aer.c aer_stats_attrs]. */
static void
read_root_port_errors(struct device *device)
{
	static const char *const file[] = { "aer_rootport_total_err_nonfatal", "aer_rootport_total_err_fatal" };
	struct vc_fact_number *fact = &device->pci->root_port_errors;
	const struct vc_fact_text *port = &device->pci->root_port;
	uint64_t sum = 0;

	if (!vc_known(&port->fact)) {
		vc_set_unknown_like(&fact->fact, &port->fact);
		return;
	}
	for (size_t i = 0; i < VC_COUNT(file); i++) {
		struct vc_answer answer = vc_hostfs_read_line(device->fs, DEVICES "/%s/%s", port->value, file[i]);
		struct vc_fact_number number = { 0 };

		vc_take_number(&answer, VC_BASE_DEC, &number);
		if (!vc_known(&number.fact)) {
			vc_set_unknown_like(&fact->fact, &number.fact);
			return;
		}
		if (vc_add(sum, number.value, &sum) < 0)
			sum = UINT64_MAX;
		vc_set_number(fact, sum, answer.fact.from);
	}
}

/* A VF's driver may not be what decides: that of its PF does. */
static void
read_physical_function(struct device *device)
{
	const struct vc_fact_text *function = &device->pci->physical_function;
	struct vc_answer answer;

	read_link(device, "physfn", &device->pci->physical_function);
	if (vc_known(&function->fact)) {
		answer = vc_hostfs_read_link(device->fs, DEVICES "/%s/driver", function->value);
		vc_answer_basename(&answer, &device->pci->physical_driver);
	} else {
		vc_set_unknown_like(&device->pci->physical_driver.fact, &function->fact);
	}
}

static void
read_device(struct device *device)
{
	struct vc_pci *pci = device->pci;
	struct vc_answer answer;

	read_ids(device);
	/*
	 * Before the configuration space, reading which would wake the device: this is the state it was in.
	 */
	answer = read_file(device, "power_state");
	vc_answer_since(&answer, &device->host->kernel_version, 5, 11);
	vc_take_text(vc_hostfs_arena(device->fs), &answer, &pci->power_state);

	read_hex(device, "subsystem_vendor", &pci->subsystem_vendor_id);
	read_hex(device, "subsystem_device", &pci->subsystem_device_id);
	read_hex(device, "revision", &pci->revision);
	read_config(device);
	fill_from_config(device);
	read_driver_override(device);
	read_reset_methods(device);
	answer = read_file(device, "d3cold_allowed");
	vc_take_flag(&answer, &pci->d3cold_allowed);
	read_boot_vga(device);
	answer = read_file(device, "enable");
	vc_take_number(&answer, VC_BASE_DEC, &pci->enable_count);
	read_numa_node(device);
	read_sriov(device);
	read_physical_function(device);
	read_resources(device);
	set_largest_bar(pci);
	read_root_port(device);
	read_root_port_errors(device);
	vc_pci_read_interrupt(device->interrupts, device->dir, &device->config_fact, &device->config, pci);
}

/* Addresses on their way to becoming records. */
struct addresses {
	struct vc_arena *arena;
	const char **item;
	size_t count;
};

static void
add_address(struct addresses *addresses, const char *address)
{
	void *items = addresses->item;
	const char **slot = vc_arena_append(addresses->arena, &items, &addresses->count, sizeof(*slot));

	*slot = address;
	addresses->item = items;
}

static int
compare_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
sort_unique(struct addresses *addresses)
{
	size_t kept = 0;

	if (addresses->count == 0)
		return;
	qsort(addresses->item, addresses->count, sizeof(*addresses->item), compare_text);
	for (size_t i = 0; i < addresses->count; i++) {
		if (kept == 0 || strcmp(addresses->item[kept - 1], addresses->item[i]) != 0)
			addresses->item[kept++] = addresses->item[i];
	}
	addresses->count = kept;
}

/* Where the list of devices cannot be read, a device may still be looked for by name. */
static bool
exists(struct vc_hostfs *fs, const struct vc_host *host, const char *address)
{
	struct vc_node node;

	if (vc_known(&host->pci_addresses.fact))
		return vc_set_has(&host->pci_addresses, address);
	node = vc_hostfs_stat(fs, DEVICES "/%s", address);
	return vc_known(&node.fact);
}

static int
compare_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void
add_group_members(struct vc_hostfs *fs, struct addresses *addresses)
{
	size_t asked = addresses->count, groups = 0;
	uint64_t *group = vc_arena_make_array(addresses->arena, asked + 1, uint64_t);

	for (size_t i = 0; i < asked; i++) {
		struct vc_fact_number number = vc_iommu_group_number(fs, addresses->item[i]);

		if (vc_known(&number.fact))
			group[groups++] = number.value;
	}
	qsort(group, groups, sizeof(*group), compare_number);
	for (size_t i = 0; i < groups; i++) {
		struct vc_names names;

		if (i > 0 && group[i - 1] == group[i])
			continue;
		names = vc_iommu_group_devices(fs, group[i]);
		for (size_t j = 0; vc_known(&names.fact) && j < names.count; j++) {
			if (vc_pci_address_valid(names.name[j]))
				add_address(addresses, names.name[j]);
		}
	}
}

/* The @asked addresses as they were before those of the members came to them. */
static const char **
copy_of(const struct addresses *asked)
{
	const char **copy = vc_arena_make_array(asked->arena, asked->count + 1, const char *);

	if (asked->count > 0)
		memcpy(copy, asked->item, asked->count * sizeof(*copy));
	return copy;
}

void
vc_probe_pci(struct vc_hostfs *fs, const struct vc_host_request *request, struct vc_host *host)
{
	struct vc_interrupts interrupts = { .fs = fs };
	struct vc_arena *arena = vc_hostfs_arena(fs);
	struct vc_names names = vc_hostfs_list(fs, DEVICES);
	struct addresses addresses = { .arena = arena };
	const char **asked;
	size_t asked_count;
	struct vc_pci *pci;

	if (vc_known(&names.fact))
		vc_set_set(arena, &host->pci_addresses, names.name, names.count, names.fact.from);
	else
		vc_set_unknown_like(&host->pci_addresses.fact, &names.fact);

	if (request->all_devices) {
		for (size_t i = 0; vc_known(&names.fact) && i < names.count; i++) {
			if (vc_pci_address_valid(names.name[i]))
				add_address(&addresses, names.name[i]);
		}
	} else {
		for (size_t i = 0; i < request->devices; i++) {
			if (vc_pci_address_valid(request->device[i]) && exists(fs, host, request->device[i]))
				add_address(&addresses, vc_arena_strdup(arena, request->device[i]));
		}
	}
	sort_unique(&addresses);
	asked = copy_of(&addresses);
	asked_count = addresses.count;
	if (!request->all_devices && request->areas & VC_AREA_IOMMU) {
		add_group_members(fs, &addresses);
		sort_unique(&addresses);
	}

	/* References to the records are taken by the probes that follow: the array is made whole, once. */
	pci = vc_arena_make_array(arena, addresses.count + 1, struct vc_pci);
	host->pci.item = pci;
	host->pci.count = addresses.count;
	if (vc_known(&names.fact) || addresses.count > 0)
		host->pci.fact = (struct vc_fact){ .state = VC_KNOWN, .from = DEVICES };
	else
		vc_set_unknown_like(&host->pci.fact, &names.fact);

	for (size_t i = 0; i < addresses.count; i++) {
		struct device device = {
			.fs = fs,
			.host = host,
			.interrupts = &interrupts,
			.dir = vc_arena_printf(arena, DEVICES "/%s", addresses.item[i]),
			.pci = &pci[i],
		};

		vc_set_text(&pci[i].address, addresses.item[i], DEVICES);
		pci[i].detailed = bsearch(&addresses.item[i], asked, asked_count, sizeof(*asked), compare_text);
		if (pci[i].detailed) {
			read_device(&device);
		} else {
			read_ids(&device);
			read_header_type_quietly(&device);
		}
	}
}
