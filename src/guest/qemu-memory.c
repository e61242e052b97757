/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/qemu-memory.h"

#include <errno.h>
#include <string.h>

#include "base/number.h"
#include "guest/option-fact.h"

#define MIB (UINT64_C(1) << 20)

/* How machines begin that have what all have, unless they say otherwise [qemu 7.2, 10.0 hw/core/machine.c
 * machine_class_init default_ram_size; hw/arm/sbsa-ref.c, hw/ppc/spapr.c]. Boards have what they were built with. */
static const struct {
	const char *machine;
	uint64_t memory;
} defaults[] = {
	{ "pc", 128 * MIB },	   { "q35", 128 * MIB },  { "isapc", 128 * MIB },    { "microvm", 128 * MIB },
	{ "virt", 128 * MIB },	   { "s390-ccw-", 128 * MIB }, { "sbsa-ref", 1024 * MIB }, { "pseries", 512 * MIB },
};

void
vc_qemu_take_memory_size(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	struct vc_guest *guest = r->guest;
	const char *size = vc_qemu_option_get(option, "size"), *max = vc_qemu_option_get(option, "maxmem");
	const char *slots = vc_qemu_option_get(option, "slots");
	size_t length = size ? strlen(size) : 0;

	/* A number alone is MiB, here and nowhere else [qemu 10.0 system/vl.c parse_memory_options]. */
	if (length > 0 && size[length - 1] >= '0' && size[length - 1] <= '9')
		size = vc_arena_printf(r->arena, "%sM", size);
	if (size)
		vc_option_size(&guest->memory, size, option);
	if (max)
		vc_option_size(&guest->memory_max, max, option);
	if (slots)
		vc_option_number(&guest->memory_slots, slots, option);
}

/* --- backends --- */

void
vc_qemu_add_backend(const struct vc_reader *r, const char *id)
{
	struct vc_backend *backend =
		vc_arena_append(r->arena, (void **)&r->input->backend, &r->input->backends, sizeof(*backend));

	*backend = (struct vc_backend){ .id = id, .option = r->input->args.options - 1 };
}

static const struct vc_qemu_option *
find_backend(const struct vc_reader *r, const char *id)
{
	for (size_t i = 0; id && i < r->input->backends; i++) {
		if (strcmp(r->input->backend[i].id, id) == 0)
			return &r->input->args.option[r->input->backend[i].option];
	}
	return NULL;
}

/* Fills @rule from a backend; false if its memory does not come from huge pages for certain. */
static bool
read_backend_pages(const struct vc_qemu_option *backend, struct vc_page_rule *rule)
{
	const char *path = vc_qemu_option_get(backend, "mem-path");
	const char *size = vc_qemu_option_get(backend, "hugetlbsize"), *huge = vc_qemu_option_get(backend, "hugetlb");
	bool on = false;

	rule->place = backend->place;
	rule->path = path;
	rule->unreserved = vc_option_says(backend, "reserve", false) && !vc_option_says(backend, "prealloc", true);
	vc_set_absent(&rule->size.fact, backend->from);
	if (path)
		return true;
	if (!huge || vc_qemu_flag(huge, &on) < 0 || !on)
		return false;
	if (size)
		vc_option_size(&rule->size, size, backend);
	return true;
}

static struct vc_page_rule *
add_page_rule(const struct vc_reader *r)
{
	return vc_arena_append(r->arena, (void **)&r->input->page, &r->input->pages, sizeof(*r->input->page));
}

/* @cell NULL: memory of the whole guest. */
static void
take_backend_pages(const struct vc_reader *r, const struct vc_qemu_option *backend, const uint64_t *cell)
{
	struct vc_page_rule rule = { 0 };

	if (!read_backend_pages(backend, &rule))
		return;
	rule.everywhere = !cell;
	if (cell && vc_idset_parse(vc_arena_printf(r->arena, "%u", (unsigned)*cell), &rule.cells) < 0)
		return;
	*add_page_rule(r) = rule;
}

static bool
is_strict(const struct vc_qemu_option *backend)
{
	const char *policy = vc_qemu_option_get(backend, "policy");

	return policy && strcmp(policy, "bind") == 0;
}

/* host-nodes=0,host-nodes=2-3: one list, as host-nodes=[0,2,3] is in JSON. */
static const char *
host_nodes(const struct vc_reader *r, const struct vc_qemu_option *backend)
{
	_cleanup_buf_ struct vc_buf nodes = { 0 };

	for (size_t i = 0; i < backend->properties; i++) {
		if (strcmp(backend->property[i].key, "host-nodes") != 0)
			continue;
		vc_buf_add(&nodes, nodes.length > 0 ? "," : "");
		vc_buf_add(&nodes, backend->property[i].value);
	}
	return nodes.length > 0 ? vc_arena_strdup(r->arena, vc_buf_text(&nodes)) : NULL;
}

static void
take_backend_nodes(const struct vc_reader *r, const struct vc_qemu_option *backend, const uint64_t *cell)
{
	const char *nodes = host_nodes(r, backend);
	struct vc_numa_binding *binding;

	if (!nodes)
		return;
	binding = vc_list_append(r->arena, &r->guest->numa_binding, sizeof(*binding), backend->from);
	binding->place = backend->place;
	if (cell)
		vc_set_number(&binding->cell, *cell, backend->from);
	else
		vc_set_absent(&binding->cell.fact, backend->from);
	vc_option_text(&binding->mode, is_strict(backend) ? "strict" : "preferred", backend);
	vc_option_text(&binding->nodes, nodes, backend);
}

/* Where the guest's memory comes from, as a domain would say it. */
static void
take_backend_kind(const struct vc_reader *r, const struct vc_qemu_option *backend)
{
	static const struct {
		const char *type, *source;
	} kinds[] = {
		{ "memory-backend-ram", "anonymous" },
		{ "memory-backend-file", "file" },
		{ "memory-backend-memfd", "memfd" },
	};
	const char *type = vc_qemu_option_get(backend, "qom-type"), *share = vc_qemu_option_get(backend, "share");

	for (size_t i = 0; i < VC_COUNT(kinds); i++) {
		if (strcmp(type, kinds[i].type) == 0)
			vc_option_text(&r->guest->memory_source, kinds[i].source, backend);
	}
	/* [qemu 10.0 backends/hostmem-memfd.c memfd_backend_instance_init: shared unless it says otherwise] */
	if (share)
		vc_option_flag(&r->guest->memory_shared, share, backend);
	else if (strcmp(type, "memory-backend-memfd") == 0)
		vc_set_flag(&r->guest->memory_shared, true, backend->from);
}

/* The backend of all memory gives its size where -m does not. */
static void
take_whole_backend(const struct vc_reader *r, const char *id)
{
	const struct vc_qemu_option *backend = find_backend(r, id);
	const char *size;

	if (!backend) {
		r->input->memory_elsewhere = true;
		return;
	}
	size = vc_qemu_option_get(backend, "size");
	if (size && r->guest->memory.fact.state == VC_ABSENT)
		vc_option_size(&r->guest->memory, size, backend);
	take_backend_kind(r, backend);
	take_backend_pages(r, backend, NULL);
	take_backend_nodes(r, backend, NULL);
}

void
vc_qemu_take_machine_memory(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	const char *backend = vc_qemu_option_get(option, "memory-backend");
	const char *size = vc_qemu_option_get(option, "memory.size"), *max = vc_qemu_option_get(option, "memory.max-size");
	const char *slots = vc_qemu_option_get(option, "memory.slots");

	if (backend)
		r->input->memory_backend = backend;
	if (size)
		vc_option_size(&r->guest->memory, size, option);
	if (max)
		vc_option_size(&r->guest->memory_max, max, option);
	if (slots)
		vc_option_number(&r->guest->memory_slots, slots, option);
	for (size_t i = 0; i < option->properties; i++) {
		const char *key = option->property[i].key;

		/* Enclave memory: sgx-epc.0.memdev= */
		if (strncmp(key, "sgx-epc.", strlen("sgx-epc.")) == 0 && strstr(key, ".memdev"))
			r->input->enclave_backends = true;
	}
}

/* -mem-path: all of the guest's memory lies in a file there. */
void
vc_qemu_take_mem_path(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	struct vc_page_rule *rule = add_page_rule(r);

	rule->place = option->place;
	rule->path = option->argument;
	rule->everywhere = true;
	vc_set_absent(&rule->size.fact, option->from);
	vc_option_text(&r->guest->memory_source, "file", option);
}

/* --- NUMA nodes --- */

static void
take_node(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	const char *type = vc_qemu_option_get(option, "type"), *id = vc_qemu_option_get(option, "nodeid");
	const char *memory = vc_qemu_option_get(option, "mem"), *backend_id = vc_qemu_option_get(option, "memdev");
	const struct vc_qemu_option *backend = find_backend(r, backend_id);
	struct vc_numa_cell *cell;
	uint64_t number = r->input->cells;

	if (!type || strcmp(type, "node") != 0)
		return;
	/* A node of processors or of a memory device alone has no memory of its own. */
	if (!memory && !backend_id)
		return;
	if (backend)
		memory = vc_qemu_option_get(backend, "size");
	cell = vc_arena_append(r->arena, (void **)&r->input->cell, &r->input->cells, sizeof(*cell));
	if (id && vc_parse_u64(id, VC_BASE_DEC, &number) < 0) {
		vc_set_unreadable(&cell->id.fact, VC_EGARBLED, option->from);
		number = VC_IDSET_MAX;
	} else {
		vc_set_number(&cell->id, number, option->from);
	}
	/* MiB if there is no unit [qemu 10.0 hw/core/numa.c parse_numa_opts]. */
	if (memory && !backend && *memory && memory[strlen(memory) - 1] >= '0' && memory[strlen(memory) - 1] <= '9')
		memory = vc_arena_printf(r->arena, "%sM", memory);
	if (memory)
		vc_option_size(&cell->size, memory, option);
	else
		vc_set_unreadable(&cell->size.fact, VC_EGARBLED, option->from);
	if (!backend || number >= VC_IDSET_MAX)
		return;
	take_backend_kind(r, backend);
	take_backend_pages(r, backend, &number);
	take_backend_nodes(r, backend, &number);
}

/* --- memory devices --- */

static enum vc_memory_model
model_of(const char *driver)
{
	static const struct {
		const char *driver;
		enum vc_memory_model model;
	} models[] = {
		{ "pc-dimm", VC_MEMORY_DIMM },
		{ "nvdimm", VC_MEMORY_NVDIMM },
		{ "virtio-mem", VC_MEMORY_VIRTIO_MEM },
		{ "virtio-mem-pci", VC_MEMORY_VIRTIO_MEM },
		{ "virtio-pmem", VC_MEMORY_VIRTIO_PMEM },
		{ "virtio-pmem-pci", VC_MEMORY_VIRTIO_PMEM },
	};

	for (size_t i = 0; driver && i < VC_COUNT(models); i++) {
		if (strcmp(models[i].driver, driver) == 0)
			return models[i].model;
	}
	return VC_MEMORY_OTHER;
}

static void
take_size(struct vc_fact_number *fact, const char *key, const struct vc_qemu_option *option)
{
	const char *value = vc_qemu_option_get(option, key);

	if (value)
		vc_option_size(fact, value, option);
	else
		vc_set_absent(&fact->fact, option->from);
}

/* A sum with what is not known is not known. */
static void
add_to(struct vc_fact_number *sum, const struct vc_fact_number *term)
{
	if (!vc_known(&sum->fact))
		return;
	if (!vc_known(&term->fact))
		vc_set_unreadable(&sum->fact, term->fact.err ? term->fact.err : VC_EGARBLED, term->fact.from);
	else if (vc_add(sum->value, term->value, &sum->value) < 0)
		vc_set_unreadable(&sum->fact, ERANGE, term->fact.from);
}

static void
take_memory_device(const struct vc_reader *r, const struct vc_qemu_option *option, enum vc_memory_model model)
{
	const struct vc_qemu_option *backend;
	struct vc_memory_device *device;
	struct vc_page_rule page = { 0 };
	const char *id = vc_qemu_option_get(option, "memdev"), *nodes;

	backend = find_backend(r, id ? id : vc_qemu_option_get(option, "memory"));
	if (!backend) {
		r->input->memory_elsewhere = true;
		return;
	}
	device = vc_arena_append(r->arena, (void **)&r->input->memory_device, &r->input->memory_devices,
				 sizeof(*device));
	device->model = model;
	take_size(&device->size, "size", backend);
	take_size(&device->requested, "requested-size", option);
	/* [qemu 10.0 hw/virtio/virtio-mem.c: nothing is plugged unless it is asked for] */
	if (model == VC_MEMORY_VIRTIO_MEM && device->requested.fact.state == VC_ABSENT)
		vc_set_number(&device->requested, 0, option->from);
	take_size(&device->block, "block-size", option);
	take_size(&device->address, model == VC_MEMORY_DIMM || model == VC_MEMORY_NVDIMM ? "addr" : "memaddr", option);
	take_size(&device->cell, "node", option);
	vc_set_absent(&device->page_size.fact, option->from);
	vc_set_absent(&device->nodes.fact, option->from);
	if (read_backend_pages(backend, &page)) {
		struct vc_page_rule *own = vc_arena_make(r->arena, struct vc_page_rule);

		*own = page;
		device->page = own;
	}
	nodes = is_strict(backend) ? host_nodes(r, backend) : NULL;
	if (nodes)
		vc_option_text(&device->nodes, nodes, backend);
	add_to(&r->guest->memory_devices, &device->size);
}

static void
take_memory_devices(const struct vc_reader *r)
{
	const struct vc_qemu_args *args = &r->input->args;

	for (size_t i = 0; i < args->options; i++) {
		const struct vc_qemu_option *option = &args->option[i];
		const char *driver = vc_qemu_option_get(option, "driver");
		enum vc_memory_model model = model_of(driver);

		if (strcmp(option->name, "device") != 0 || !driver)
			continue;
		if (model != VC_MEMORY_OTHER)
			take_memory_device(r, option, model);
		else if (strcmp(driver, "cxl-type3") == 0)
			r->input->memory_elsewhere = true;
	}
}

static void
set_default(struct vc_guest *guest)
{
	const struct vc_fact_text *machine = &guest->machine;
	/* Where QEMU has a default machine it is pc, or one like it. */
	const char *name = vc_known(&machine->fact) ? machine->value : "pc";

	if (machine->fact.state == VC_UNREADABLE)
		name = "";
	for (size_t i = 0; i < VC_COUNT(defaults); i++) {
		if (strncmp(name, defaults[i].machine, strlen(defaults[i].machine)) == 0) {
			vc_set_number(&guest->memory, defaults[i].memory, "default of QEMU");
			return;
		}
	}
	vc_set_unreadable(&guest->memory.fact, EOPNOTSUPP, machine->fact.from);
}

/* Is there memory in files or in pages of a size that is written? Whether they are huge only the host can tell. */
static bool
asks_the_host(const struct vc_guest_input *input)
{
	bool device = false;

	for (size_t i = 0; i < input->memory_devices; i++)
		device = device || input->memory_device[i].page;
	return input->pages > 0 || device;
}

void
vc_qemu_settle_memory(const struct vc_reader *r)
{
	struct vc_guest *guest = r->guest;
	const struct vc_qemu_args *args = &r->input->args;

	if (r->input->memory_backend)
		take_whole_backend(r, r->input->memory_backend);
	for (size_t i = 0; i < args->options; i++) {
		if (strcmp(args->option[i].name, "numa") == 0)
			take_node(r, &args->option[i]);
	}
	take_memory_devices(r);
	vc_count_memory_blocks(r, "command line");
	if (r->input->enclave_backends)
		r->input->memory_elsewhere = true;
	if (asks_the_host(r->input))
		guest->hugepages = (struct vc_fact_flag){ 0 };
	if (guest->memory.fact.state == VC_ABSENT)
		set_default(guest);
}
