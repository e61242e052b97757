/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "guest/derive.h"
#include "guest/read.h"

#define MIB (UINT64_C(1) << 20)

/*
 * [libvirt 11.3 src/qemu/qemu_domain.c qemuDomainGetMemorySizeAlignment,
 * qemuDomainGetMemoryModuleSizeAlignment]
 */
static uint64_t
ram_alignment(const struct vc_guest *guest)
{
	return vc_text_is(&guest->arch, "ppc64") || vc_text_is(&guest->arch, "ppc64le") ? 256 * MIB : MIB;
}

static uint64_t
device_alignment(const struct vc_guest *guest)
{
	uint64_t ram = ram_alignment(guest);

	return ram > 2 * MIB ? ram : 2 * MIB;
}

/* Adds @term to @sum; a sum of something unknown is unknown. */
static void
add_to(struct vc_fact_number *sum, const struct vc_fact_number *term)
{
	if (!vc_known(&sum->fact))
		return;
	if (!vc_known(&term->fact)) {
		/* A size that is not written is no size at all: libvirt demands one. */
		vc_set_unreadable(&sum->fact, term->fact.err ? term->fact.err : VC_EGARBLED, term->fact.from);
		sum->fact.line = term->fact.line;
	} else if (vc_add(sum->value, term->value, &sum->value) < 0) {
		vc_set_unreadable(&sum->fact, ERANGE, sum->fact.from);
	}
}

static enum vc_memory_model
memory_model(const char *name)
{
	static const struct {
		const char *name;
		enum vc_memory_model model;
	} models[] = {
		{ "dimm", VC_MEMORY_DIMM },
		{ "nvdimm", VC_MEMORY_NVDIMM },
		{ "virtio-mem", VC_MEMORY_VIRTIO_MEM },
		{ "virtio-pmem", VC_MEMORY_VIRTIO_PMEM },
		{ "sgx-epc", VC_MEMORY_SGX_EPC },
	};

	for (size_t i = 0; name && i < VC_COUNT(models); i++) {
		if (strcmp(models[i].name, name) == 0)
			return models[i].model;
	}
	return VC_MEMORY_OTHER;
}

static void
read_memory_device(const struct vc_reader *r, struct vc_el el)
{
	struct vc_memory_device *device = vc_arena_append(r->arena, (void **)&r->input->memory_device,
							  &r->input->memory_devices, sizeof(*device));
	struct vc_el target = vc_el_child(r, el, "target");
	struct vc_el source = vc_el_child(r, el, "source");
	struct vc_el address = vc_el_child(r, el, "address");

	device->model = memory_model(vc_el_attr(r, el, "model"));
	vc_read_size(r, vc_el_child(r, target, "size"), NULL, &device->size);
	vc_round_fact(&device->size, device_alignment(r->guest));
	vc_read_size(r, vc_el_child(r, target, "requested"), NULL, &device->requested);
	vc_read_size(r, vc_el_child(r, target, "block"), NULL, &device->block);
	vc_read_number(r, vc_el_child(r, target, "node"), NULL, VC_BASE_DEC, &device->cell);
	vc_read_size(r, vc_el_child(r, source, "pagesize"), NULL, &device->page_size);
	vc_read_text(r, vc_el_child(r, source, "nodemask"), NULL, &device->nodes);
	/* DIMMs have their address like any device, virtio ones inside <target>; both are hexadecimal. */
	if (device->model == VC_MEMORY_VIRTIO_MEM || device->model == VC_MEMORY_VIRTIO_PMEM)
		address = vc_el_child(r, target, "address");
	vc_read_number(r, address, "base", VC_BASE_HEX, &device->address);
}

/*
 * cpu/numa/cell: its memory is that of the guest [libvirt 11.3 src/qemu/qemu_domain.c
 * qemuDomainAlignMemorySizes].
 */
static void
read_cells(const struct vc_reader *r, struct vc_el domain)
{
	struct vc_els cells = vc_el_children(r, vc_el_at(r, domain, "cpu/numa"), "cell", NULL);

	for (size_t i = 0; i < cells.count; i++) {
		struct vc_numa_cell *cell =
			vc_arena_append(r->arena, (void **)&r->input->cell, &r->input->cells, sizeof(*cell));
		const char *access;

		vc_read_number(r, cells.el[i], "id", VC_BASE_DEC, &cell->id);
		if (cell->id.fact.state == VC_ABSENT)
			vc_set_number(&cell->id, i, cell->id.fact.from);
		vc_read_size(r, cells.el[i], "memory", &cell->size);
		access = vc_el_attr(r, cells.el[i], "memAccess");
		cell->shared = access && strcmp(access, "shared") == 0;
		vc_round_fact(&cell->size, ram_alignment(r->guest));
	}
}

/* RAM at boot: the NUMA cells if there are any, else <memory> less the memory devices. */
static void
read_boot_memory(const struct vc_reader *r, struct vc_el domain)
{
	struct vc_guest *guest = r->guest;
	struct vc_el memory = vc_el_child(r, domain, "memory");
	struct vc_fact_number raw = { 0 };

	vc_read_size(r, memory, NULL, &guest->memory);
	raw.fact = (struct vc_fact){ .state = VC_KNOWN, .from = guest->memory.fact.from };
	if (r->input->cells > 0) {
		for (size_t i = 0; i < r->input->cells; i++)
			add_to(&raw, &r->input->cell[i].size);
		if (vc_known(&raw.fact) && vc_known(&guest->memory.fact))
			raw.fact.line = guest->memory.fact.line;
		guest->memory = raw;
		return;
	}
	if (!vc_known(&guest->memory.fact))
		return;
	if (!vc_known(&guest->memory_devices.fact)) {
		vc_set_unknown_like(&guest->memory.fact, &guest->memory_devices.fact);
	} else if (guest->memory_devices.value >= guest->memory.value) {
		vc_set_unreadable(&guest->memory.fact, VC_EGARBLED, guest->memory.fact.from);
	} else {
		guest->memory.value -= guest->memory_devices.value;
		vc_round_fact(&guest->memory, ram_alignment(guest));
	}
}

/* Each block of a virtio-mem device is mapped on its own [qemu 10.0.13 hw/vfio/common.c vfio_ram_discard_notify_populate]. */
void
vc_count_memory_blocks(const struct vc_reader *r, const char *from)
{
	struct vc_fact_number *blocks = &r->guest->memory_blocks;
	struct vc_fact_number number = { 0 };

	vc_set_absent(&blocks->fact, from);
	for (size_t i = 0; i < r->input->memory_devices; i++) {
		const struct vc_memory_device *device = &r->input->memory_device[i];

		if (device->model != VC_MEMORY_VIRTIO_MEM)
			continue;
		if (blocks->fact.state == VC_ABSENT)
			vc_set_number(blocks, 0, from);
		number = device->size;
		if (!vc_known(&device->block.fact) || device->block.value == 0)
			vc_set_unreadable(&number.fact, VC_EGARBLED, device->block.fact.from);
		else if (vc_known(&number.fact))
			number.value = number.value / device->block.value;
		add_to(blocks, &number);
	}
}

static void
read_sizes(const struct vc_reader *r, struct vc_el domain)
{
	struct vc_guest *guest = r->guest;
	struct vc_el max = vc_el_child(r, domain, "maxMemory");
	struct vc_el devices = vc_el_child(r, domain, "devices");
	struct vc_els list = vc_el_children(r, devices, "memory", NULL);

	vc_set_number(&guest->memory_devices, 0, devices.path);
	for (size_t i = 0; i < list.count; i++) {
		read_memory_device(r, list.el[i]);
		add_to(&guest->memory_devices, &r->input->memory_device[i].size);
	}
	vc_count_memory_blocks(r, devices.path);
	read_cells(r, domain);
	read_boot_memory(r, domain);
	vc_read_size(r, max, NULL, &guest->memory_max);
	vc_round_fact(&guest->memory_max, ram_alignment(guest));
	vc_read_number(r, max, "slots", VC_BASE_DEC, &guest->memory_slots);
}

static void
read_pages(const struct vc_reader *r, struct vc_el backing)
{
	struct vc_el hugepages = vc_el_child(r, backing, "hugepages");
	struct vc_els pages = vc_el_children(r, hugepages, "page", NULL);

	vc_read_presence(hugepages, &r->guest->hugepages);
	if (!hugepages.node)
		return;
	for (size_t i = 0; i < pages.count || i == 0; i++) {
		struct vc_el el = pages.count > 0 ? pages.el[i] : hugepages;
		struct vc_page_rule *rule =
			vc_arena_append(r->arena, (void **)&r->input->page, &r->input->pages, sizeof(*rule));
		const char *cells = pages.count > 0 ? vc_el_attr(r, el, "nodeset") : NULL;

		rule->place = vc_el_place(el);
		if (pages.count > 0)
			vc_read_size(r, el, "size", &rule->size);
		else
			vc_set_absent(&rule->size.fact, el.path);
		rule->everywhere = !cells;
		if (cells && vc_idset_parse(cells, &rule->cells) < 0)
			vc_set_unreadable(&rule->size.fact, VC_EGARBLED,
					  vc_arena_printf(r->arena, "%s/@nodeset", el.path));
		/* Without guest NUMA, node 0 is the whole guest [libvirt 11.3 src/conf/domain_postparse.c].
		 */
		if (cells && r->input->cells == 0 && vc_idset_only(&rule->cells) == 0)
			rule->everywhere = true;
	}
}

static void
read_backing(const struct vc_reader *r, struct vc_el domain)
{
	struct vc_guest *guest = r->guest;
	struct vc_el backing = vc_el_child(r, domain, "memoryBacking");
	struct vc_fact_text mode = { 0 };
	bool shared;

	read_pages(r, backing);
	vc_read_text(r, vc_el_child(r, backing, "source"), "type", &guest->memory_source);
	if (guest->memory_source.fact.state == VC_ABSENT)
		vc_set_text(&guest->memory_source, "anonymous", guest->memory_source.fact.from);
	vc_read_text(r, vc_el_child(r, backing, "access"), "mode", &mode);
	guest->memory_shared.fact.line = mode.fact.line;
	shared = vc_text_is(&mode, "shared");
	for (size_t i = 0; i < r->input->cells; i++)
		shared = shared || r->input->cell[i].shared;
	vc_set_flag(&guest->memory_shared, shared, mode.fact.from);
	vc_read_presence(vc_el_child(r, backing, "locked"), &guest->memory_locked);
}

static void
add_binding(const struct vc_reader *r, struct vc_el el)
{
	struct vc_numa_binding *binding =
		vc_list_append(r->arena, &r->guest->numa_binding, sizeof(*binding), el.path);

	binding->place = vc_el_place(el);
	vc_read_number(r, el, "cellid", VC_BASE_DEC, &binding->cell);
	vc_read_text(r, el, "mode", &binding->mode);
	/* [libvirt 11.3 src/conf/numa_conf.c virDomainNumatuneSet, virDomainNumatuneNodeParseXML] */
	if (binding->mode.fact.state == VC_ABSENT)
		vc_set_text(&binding->mode, "strict", binding->mode.fact.from);
	vc_read_text(r, el, "nodeset", &binding->nodes);
}

static void
read_bindings(const struct vc_reader *r, struct vc_el domain)
{
	struct vc_el tune = vc_el_child(r, domain, "numatune");
	struct vc_el memory = vc_el_child(r, tune, "memory");
	struct vc_els nodes = vc_el_children(r, tune, "memnode", NULL);

	r->guest->numa_binding.fact = (struct vc_fact){ .state = VC_KNOWN, .from = tune.path };
	if (memory.node)
		add_binding(r, memory);
	for (size_t i = 0; i < nodes.count; i++)
		add_binding(r, nodes.el[i]);
}

void
vc_read_memory(const struct vc_reader *r, struct vc_el domain)
{
	struct vc_el limit = vc_el_at(r, domain, "memtune/hard_limit");

	read_sizes(r, domain);
	read_backing(r, domain);
	read_bindings(r, domain);
	vc_read_size(r, limit, NULL, &r->guest->hard_limit);
	/* [libvirt 11.3 include/libvirt/libvirt-domain.h VIR_DOMAIN_MEMORY_PARAM_UNLIMITED, in KiB] */
	if (vc_known(&r->guest->hard_limit.fact) && r->guest->hard_limit.value / 1024 >= VC_MEMORY_UNLIMITED)
		vc_set_absent(&r->guest->hard_limit.fact, r->guest->hard_limit.fact.from);
}
