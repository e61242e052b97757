/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the guest takes from which pool of huge pages.
 * [libvirt 11.3 src/qemu/qemu_command.c qemuBuildMemoryGetPagesize, qemuBuildMemoryBackendProps]
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "guest/derive.h"
#include "guest/xml.h"

/* One piece of guest memory that is backed on its own, and therefore rounded up on its own. */
struct piece {
	const struct vc_fact_number *bytes;
	const uint64_t *cell;              /* guest NUMA node, NULL: none */
	const struct vc_fact_number *page; /* size of its own, NULL or absent: that of the rules */
	const struct vc_page_rule *rule;   /* of its own, NULL: that of the cell or guest */
	const struct vc_fact_text *nodes;  /* host nodes of its own, NULL or absent: those of numatune */
};

const struct vc_page_rule *
vc_page_rule_for(const struct vc_guest_input *input, const uint64_t *cell)
{
	const struct vc_page_rule *everywhere = NULL;

	for (size_t i = 0; i < input->pages; i++) {
		const struct vc_page_rule *rule = &input->page[i];

		if (rule->everywhere)
			everywhere = rule;
		else if (cell && vc_idset_has(&rule->cells, *cell))
			return rule;
	}
	return everywhere;
}

const struct vc_page_rule *
vc_page_rule_of_device(const struct vc_guest_input *input, const struct vc_memory_device *device)
{
	/* On a command line every backend speaks for itself; libvirt gives the guest's pages to all. */
	if (input->whole)
		return device->page;
	return vc_page_rule_for(input, vc_known(&device->cell.fact) ? &device->cell.value : NULL);
}

/* Is any pool of this size counted per node? */
static bool
has_node_pools(const struct vc_host *host, uint64_t size)
{
	const struct vc_hugepage_pool *pools = host->hugepage_pool.item;

	for (size_t i = 0; i < host->hugepage_pool.count; i++) {
		if (vc_known(&pools[i].size.fact) && pools[i].size.value == size &&
		    vc_known(&pools[i].node.fact))
			return true;
	}
	return false;
}

/* A pool that may be of @size, or of any size if 0, and does not say which it is; NULL if all do. */
static const struct vc_fact *
doubtful_pool(const struct vc_host *host, uint64_t size)
{
	const struct vc_hugepage_pool *pools = host->hugepage_pool.item;

	for (size_t i = 0; i < host->hugepage_pool.count; i++) {
		const struct vc_hugepage_pool *pool = &pools[i];

		if (!vc_known(&pool->size.fact))
			return &pool->size.fact;
		if (pool->size.value == size && !vc_known(&pool->node.fact) &&
		    pool->node.fact.state != VC_ABSENT)
			return &pool->node.fact;
	}
	return NULL;
}

/* Huge pages without a size are of the size that the kernel calls the default. */
static void
default_size(const struct vc_host *host, struct vc_fact_number *ret_size)
{
	const struct vc_hugepage_pool *pools = host->hugepage_pool.item;
	const struct vc_parameter *parameters = host->kernel_parameter.item;
	bool several = false;

	if (!vc_known(&host->hugepage_pool.fact)) {
		vc_set_unknown_like(&ret_size->fact, &host->hugepage_pool.fact);
		return;
	}
	if (doubtful_pool(host, 0)) {
		vc_set_unknown_like(&ret_size->fact, doubtful_pool(host, 0));
		return;
	}
	vc_set_absent(&ret_size->fact, host->hugepage_pool.fact.from);
	for (size_t i = 0; i < host->hugepage_pool.count; i++) {
		several = several || (vc_known(&ret_size->fact) && ret_size->value != pools[i].size.value);
		vc_set_number(ret_size, pools[i].size.value, pools[i].size.fact.from);
	}
	if (!several)
		return;
	if (!vc_known(&host->kernel_parameter.fact)) {
		vc_set_unknown_like(&ret_size->fact, &host->kernel_parameter.fact);
		return;
	}
	if (!vc_text_is(&host->cpu_arch, "x86_64")) {
		vc_set_unreadable(&ret_size->fact, EOPNOTSUPP, "host.cpu.arch");
		return;
	}
	/* [linux 6.12 arch/x86/include/asm/page_types.h HPAGE_SIZE, mm/hugetlb.c default_hugepagesz_setup] */
	vc_set_number(ret_size, UINT64_C(2) << 20, "default of the architecture");
	for (size_t i = 0; i < host->kernel_parameter.count; i++) {
		const struct vc_parameter *parameter = &parameters[i];
		uint64_t size;

		if (vc_text_is(&parameter->name, "default_hugepagesz") && vc_known(&parameter->value.fact) &&
		    vc_qemu_size(parameter->value.value, &size) == 0)
			vc_set_number(ret_size, size, parameter->value.fact.from);
	}
}

/* The one host node memory must come from, or absent. */
static void
strict_node(const struct vc_guest *guest, const struct piece *piece, struct vc_fact_number *ret_node)
{
	const struct vc_numa_binding *bindings = guest->numa_binding.item;
	const struct vc_fact_text *mode = NULL, *nodes = NULL;
	struct vc_idset set;

	for (size_t i = 0; i < guest->numa_binding.count; i++) {
		const struct vc_numa_binding *binding = &bindings[i];

		if (binding->cell.fact.state == VC_ABSENT && !nodes) {
			mode = &binding->mode;
			nodes = &binding->nodes;
		} else if (piece->cell && vc_known(&binding->cell.fact) &&
			   binding->cell.value == *piece->cell) {
			mode = &binding->mode;
			nodes = &binding->nodes;
			break;
		}
	}
	if (piece->nodes && vc_known(&piece->nodes->fact))
		nodes = piece->nodes;
	vc_set_absent(&ret_node->fact, "numatune");
	/* Without a mode libvirt binds strictly. */
	if (!nodes || !vc_known(&nodes->fact) || (mode && !vc_text_is(mode, "strict")))
		return;
	if (vc_idset_parse(nodes->value, &set) == 0 && vc_idset_only(&set) >= 0)
		vc_set_number(ret_node, (uint64_t)vc_idset_only(&set), nodes->fact.from);
	vc_fact_place_like(&ret_node->fact, &nodes->fact);
}

static bool
same_number(const struct vc_fact_number *a, const struct vc_fact_number *b)
{
	return a->fact.state == b->fact.state && (!vc_known(&a->fact) || a->value == b->value);
}

static struct vc_hugepage_demand *
find_demand(const struct vc_deriver *d, const struct vc_fact_number *size, const struct vc_fact_number *node)
{
	struct vc_hugepage_demand *demands = d->guest->hugepage_demand.item;

	for (size_t i = 0; i < d->guest->hugepage_demand.count; i++) {
		if (same_number(&demands[i].size, size) && same_number(&demands[i].node, node))
			return &demands[i];
	}
	return NULL;
}

static void
add_need(struct vc_fact_number *need, const struct vc_fact_number *bytes, const struct vc_fact_number *size)
{
	uint64_t pages;

	if (!vc_known(&need->fact))
		return;
	if (!vc_known(&size->fact)) {
		vc_set_unknown_like(&need->fact, &size->fact);
	} else if (!vc_known(&bytes->fact)) {
		vc_set_unknown_like(&need->fact, &bytes->fact);
	} else if (size->value == 0) {
		vc_set_unreadable(&need->fact, VC_EGARBLED, size->fact.from);
	} else {
		pages = bytes->value / size->value + (bytes->value % size->value != 0);
		if (vc_add(need->value, pages, &need->value) < 0)
			vc_set_unreadable(&need->fact, ERANGE, bytes->fact.from);
	}
}

/* Is @path in the file system that is mounted on @mount? */
static bool
is_below(const char *path, const char *mount)
{
	size_t length = strlen(mount);

	while (length > 0 && mount[length - 1] == '/')
		length--;
	return strncmp(path, mount, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

/* The pages of the file system that holds a memory file; absent if it has none of its own. */
static void
size_of_path(const struct vc_host *host, const struct vc_page_rule *rule, struct vc_fact_number *ret_size)
{
	const struct vc_hugetlbfs *mounts = host->hugetlbfs_mount.item;
	size_t longest = 0;

	if (strpbrk(rule->path, "$`")) {
		vc_set_unreadable(&ret_size->fact, VC_ESHELL, rule->place.text);
		return;
	}
	if (!vc_known(&host->hugetlbfs_mount.fact)) {
		vc_set_unknown_like(&ret_size->fact, &host->hugetlbfs_mount.fact);
		return;
	}
	vc_set_absent(&ret_size->fact, host->hugetlbfs_mount.fact.from);
	for (size_t i = 0; i < host->hugetlbfs_mount.count; i++) {
		const struct vc_hugetlbfs *mount = &mounts[i];

		if (!vc_known(&mount->path.fact)) {
			/* It may be the one. */
			vc_set_unknown_like(&ret_size->fact, &mount->path.fact);
			return;
		}
		if (!is_below(rule->path, mount->path.value) || strlen(mount->path.value) < longest)
			continue;
		longest = strlen(mount->path.value);
		*ret_size = mount->size;
	}
}

/* Of several parts the first that has one is shown. */
static void
add_remainder(struct vc_fact_number *remainder, const struct vc_fact_number *bytes, const struct vc_fact_number *size)
{
	if (vc_known(&remainder->fact))
		return;
	if (!vc_known(&size->fact))
		vc_set_unknown_like(&remainder->fact, &size->fact);
	else if (!vc_known(&bytes->fact))
		vc_set_unknown_like(&remainder->fact, &bytes->fact);
	else if (size->value > 0 && bytes->value % size->value != 0)
		vc_set_number(remainder, bytes->value % size->value, bytes->fact.from);
}

static void
add_piece(const struct vc_deriver *d, const struct piece *piece)
{
	const struct vc_page_rule *rule = piece->rule ? piece->rule : vc_page_rule_for(d->input, piece->cell);
	struct vc_fact_number size = { 0 }, node = { 0 };
	struct vc_hugepage_demand *demand;

	if (rule && rule->path) {
		size_of_path(d->host, rule, &size);
		/* An ordinary file. */
		if (size.fact.state == VC_ABSENT)
			return;
	} else if (piece->page && piece->page->fact.state != VC_ABSENT)
		size = *piece->page;
	else if (rule)
		size = rule->size;
	else
		return;
	/* "Huge" pages of the ordinary size are none. */
	if (vc_known(&size.fact) && size.value == 4096)
		return;
	if (size.fact.state == VC_ABSENT)
		default_size(d->host, &size);
	strict_node(d->guest, piece, &node);
	demand = find_demand(d, &size, &node);
	if (!demand) {
		demand = vc_list_append(d->arena, &d->guest->hugepage_demand, sizeof(*demand),
					d->guest->hugepages.fact.from);
		if (rule)
			demand->place = rule->place;
		demand->size = size;
		demand->node = node;
		vc_set_number(&demand->needed_pages, 0, "guest.memory");
		vc_set_absent(&demand->remainder.fact, "guest.memory");
	}
	/* Nothing is taken from the pool before the guest uses it [qemu 7.2, 10.0 util/mmap-alloc.c mmap_activate]. */
	if (!rule || !rule->unreserved)
		add_need(&demand->needed_pages, piece->bytes, &size);
	add_remainder(&demand->remainder, piece->bytes, &size);
}

/* @fact, or 0 where it is absent; a fact that is not known goes to *cause. */
static uint64_t
count_of(const struct vc_fact_number *fact, const struct vc_fact **cause)
{
	if (vc_known(&fact->fact))
		return fact->value;
	if (fact->fact.state != VC_ABSENT && !*cause)
		*cause = &fact->fact;
	return 0;
}

/* Pages of 1 GiB are beyond what the kernel makes on demand [linux 6.12 mm/hugetlb.c alloc_surplus_hugetlb_folio]. */
#define GIGANTIC (UINT64_C(1) << 30)

/*
 * Free pages that nobody has reserved, and surplus pages the kernel may still make. Reservations and the surplus
 * limit are counted for the whole host only, and the host must have what a node has [linux 6.12 mm/hugetlb.c
 * hugetlb_acct_memory].
 */
static void
set_available(const struct vc_hugepage_pool *pool, const struct vc_hugepage_pool *whole,
	      struct vc_fact_number *ret_pages)
{
	const struct vc_fact *cause = NULL;
	uint64_t free = count_of(&pool->free_pages, &cause);
	uint64_t whole_free = whole ? count_of(&whole->free_pages, &cause) : free;
	uint64_t reserved = whole ? count_of(&whole->reserved_pages, &cause) : 0;
	uint64_t overcommit = whole ? count_of(&whole->overcommit_pages, &cause) : 0;
	uint64_t surplus = whole ? count_of(&whole->surplus_pages, &cause) : 0;
	uint64_t pages = whole_free > reserved ? whole_free - reserved : 0;

	if (cause) {
		vc_set_unknown_like(&ret_pages->fact, cause);
		return;
	}
	if (pages > free)
		pages = free;
	if (vc_known(&pool->size.fact) && pool->size.value >= GIGANTIC)
		overcommit = 0;
	if (overcommit > surplus && vc_add(pages, overcommit - surplus, &pages) < 0)
		vc_set_unreadable(&ret_pages->fact, ERANGE, pool->free_pages.fact.from);
	else
		vc_set_number(ret_pages, pages, pool->free_pages.fact.from);
}

static void
derive_available(const struct vc_host *host, struct vc_hugepage_demand *demand)
{
	const struct vc_hugepage_pool *whole, *pool;
	const struct vc_fact *doubt;
	uint64_t size = demand->size.value;

	if (!vc_known(&host->hugepage_pool.fact)) {
		vc_set_unknown_like(&demand->available_pages.fact, &host->hugepage_pool.fact);
		return;
	}
	if (!vc_known(&demand->size.fact)) {
		vc_set_unknown_like(&demand->available_pages.fact, &demand->size.fact);
		return;
	}
	pool = whole = vc_host_find_hugepage_pool(host, size, -1);
	/* A host that counts nothing per node has only one. */
	if (vc_known(&demand->node.fact) && has_node_pools(host, size))
		pool = vc_host_find_hugepage_pool(host, size, (int)demand->node.value);
	/* What does not say of which size and node it is may be what is missing here. */
	doubt = !pool || vc_known(&demand->node.fact) ? doubtful_pool(host, size) : NULL;
	if (doubt && doubt->state == VC_ABSENT)
		vc_set_unreadable(&demand->available_pages.fact, VC_EGARBLED, doubt->from);
	else if (doubt)
		vc_set_unknown_like(&demand->available_pages.fact, doubt);
	else if (pool)
		set_available(pool, whole, &demand->available_pages);
	else
		vc_set_number(&demand->available_pages, 0, host->hugepage_pool.fact.from);
}

/* The kernel is told how many there are to be, and not how many more. */
static void
derive_wanted(const struct vc_host *host, struct vc_hugepage_demand *demand)
{
	const struct vc_fact_number *missing = &demand->missing_pages;
	const struct vc_hugepage_pool *whole = NULL;
	uint64_t wanted;

	if (!vc_known(&missing->fact)) {
		demand->wanted_pages.fact = missing->fact;
		return;
	}
	if (vc_known(&demand->size.fact))
		whole = vc_host_find_hugepage_pool(host, demand->size.value, -1);
	if (whole && !vc_known(&whole->total_pages.fact))
		vc_set_unknown_like(&demand->wanted_pages.fact, &whole->total_pages.fact);
	else if (vc_add(missing->value, whole ? whole->total_pages.value : 0, &wanted) < 0)
		vc_set_unreadable(&demand->wanted_pages.fact, ERANGE, missing->fact.from);
	else
		vc_set_number(&demand->wanted_pages, wanted, missing->fact.from);
}

/* What a running guest holds is missing in the pool, and nobody counts it apart. */
static void
derive_missing(const struct vc_guest *guest, struct vc_hugepage_demand *demand)
{
	const struct vc_fact_number *needed = &demand->needed_pages;
	struct vc_fact_number *available = &demand->available_pages;

	if (vc_known(&needed->fact) && vc_known(&available->fact) && needed->value > available->value &&
	    guest->running.value)
		vc_set_unreadable(&available->fact, EBUSY, guest->running.fact.from);
	if (!vc_known(&needed->fact))
		vc_set_unknown_like(&demand->missing_pages.fact, &needed->fact);
	else if (!vc_known(&available->fact))
		vc_set_unknown_like(&demand->missing_pages.fact, &available->fact);
	else if (needed->value > available->value)
		vc_set_number(&demand->missing_pages, needed->value - available->value, available->fact.from);
	else
		vc_set_absent(&demand->missing_pages.fact, available->fact.from);
}

/* A command line uses huge pages if one of its demands is for some. */
static void
set_hugepages(const struct vc_deriver *d)
{
	const struct vc_hugepage_demand *demands = d->guest->hugepage_demand.item;
	struct vc_fact_flag *fact = &d->guest->hugepages;
	bool any = d->guest->hugepage_demand.count > 0;

	if (!any && d->input->hidden)
		return;
	vc_set_flag(fact, any, any ? demands[0].place.text : "guest.memory_source");
	if (any) {
		fact->fact.line = demands[0].place.line;
		fact->fact.argument = demands[0].place.argument;
	}
}

static void
derive_mounted(const struct vc_host *host, struct vc_hugepage_demand *demand)
{
	char size[24];

	if (!vc_known(&demand->size.fact)) {
		vc_set_unknown_like(&demand->mounted.fact, &demand->size.fact);
	} else if (!vc_known(&host->hugetlbfs.fact)) {
		vc_set_unknown_like(&demand->mounted.fact, &host->hugetlbfs.fact);
	} else {
		snprintf(size, sizeof(size), "%" PRIu64, demand->size.value);
		vc_set_flag(&demand->mounted, vc_set_has(&host->hugetlbfs, size), host->hugetlbfs.fact.from);
	}
}

void
vc_derive_hugepages(const struct vc_deriver *d)
{
	struct vc_guest *guest = d->guest;
	struct vc_hugepage_demand *demands;

	guest->hugepage_demand = (struct vc_fact_list){ .fact = guest->hugepages.fact };
	if (!d->input->qemu)
		return;
	/* Of a command line the host decides: is a memory file in huge pages? */
	if (d->input->whole && !d->input->hidden)
		guest->hugepage_demand.fact = (struct vc_fact){ .state = VC_KNOWN, .from = "command line" };
	for (size_t i = 0; i < d->input->cells; i++) {
		const struct vc_numa_cell *cell = &d->input->cell[i];
		struct piece piece = {
			.bytes = &cell->size,
			.cell = vc_known(&cell->id.fact) ? &cell->id.value : NULL,
		};

		add_piece(d, &piece);
	}
	if (d->input->cells == 0) {
		struct piece whole = { .bytes = &guest->memory };

		add_piece(d, &whole);
	}
	for (size_t i = 0; i < d->input->memory_devices; i++) {
		const struct vc_memory_device *device = &d->input->memory_device[i];
		struct piece piece = {
			.bytes = &device->size,
			.cell = vc_known(&device->cell.fact) ? &device->cell.value : NULL,
			.page = &device->page_size,
			.rule = device->page,
			.nodes = &device->nodes,
		};

		/* virtio-mem takes pages when the guest plugs them; the others have files of their own. */
		if (device->model == VC_MEMORY_DIMM && (!d->input->whole || piece.rule))
			add_piece(d, &piece);
	}
	if (d->input->whole)
		set_hugepages(d);
	demands = guest->hugepage_demand.item;
	for (size_t i = 0; i < guest->hugepage_demand.count; i++) {
		derive_available(d->host, &demands[i]);
		derive_missing(guest, &demands[i]);
		derive_wanted(d->host, &demands[i]);
		/* QEMU takes files where they are, and memfd needs none. */
		if (d->input->whole)
			vc_set_flag(&demands[i].mounted, true, demands[i].place.text);
		else
			derive_mounted(d->host, &demands[i]);
	}
}
