/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The whole way of a domain: read, then derived on a host that knows nothing and on one that knows a lot. */
#include "guest/guest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
add_pool(struct vc_arena *arena, struct vc_host *host, uint64_t size, uint64_t free)
{
	struct vc_hugepage_pool *pool = vc_list_append(arena, &host->hugepage_pool, sizeof(*pool), "fuzz");

	vc_set_number(&pool->size, size, "fuzz");
	vc_set_absent(&pool->node.fact, "fuzz");
	vc_set_number(&pool->free_pages, free, "fuzz");
	vc_set_number(&pool->reserved_pages, UINT64_MAX, "fuzz");
	vc_set_number(&pool->overcommit_pages, UINT64_MAX, "fuzz");
	vc_set_number(&pool->surplus_pages, 1, "fuzz");
}

static void
fill(struct vc_arena *arena, const struct vc_guest *guest, struct vc_host *host)
{
	static const char *const addresses[] = { "0000:01:00.0", "0000:10:00.0" };
	struct vc_emulator *emulator = vc_list_append(arena, &host->emulator, sizeof(*emulator), "fuzz");
	struct vc_pci *pci = vc_list_append(arena, &host->pci, sizeof(*pci), "fuzz");

	vc_set_text(&emulator->path, vc_known(&guest->emulator.fact) ? guest->emulator.value : "", "fuzz");
	vc_set_version(&emulator->version, (struct vc_version){ { 10, 0, 13 } }, "fuzz");
	vc_set_text(&pci->address, addresses[0], "fuzz");
	vc_set_number(&pci->aw_bits, 39, "fuzz");
	vc_set_set(arena, &host->pci_addresses, addresses, VC_COUNT(addresses), "fuzz");
	vc_set_text(&host->cpu_arch, "x86_64", "fuzz");
	vc_set_text(&host->cpu_vendor, "AuthenticAMD", "fuzz");
	vc_set_number(&host->cpuid_phys_bits, 48, "fuzz");
	host->kernel_parameter.fact.state = VC_KNOWN;
	add_pool(arena, host, UINT64_C(2) << 20, 100);
	add_pool(arena, host, UINT64_C(1) << 30, 0);
}

/* Formats every fact, so that a value that points nowhere is seen. */
static void
show(const struct vc_schema *schema, const void *record)
{
	for (size_t i = 0; i < schema->count; i++) {
		const struct vc_field *field = &schema->field[i];
		const struct vc_fact *fact = vc_field_fact(field, record);
		const struct vc_fact_list *list = (const void *)fact;
		_cleanup_buf_ struct vc_buf text = { 0 };

		vc_fact_format(&text, field, fact);
		if (field->type != VC_TYPE_list || !vc_known(fact))
			continue;
		for (size_t item = 0; item < list->count && item < 100; item++)
			show(field->item, (const char *)list->item + item * field->item->size);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	struct vc_diags diags = { .arena = arena };
	struct vc_host empty = { 0 }, full = { 0 };
	struct vc_guest guest;

	if (vc_guest_read_xml((const char *)data, size, "fuzz.xml", arena, &diags, &guest) < 0) {
		/* Whatever is refused is refused with a reason. */
		if (diags.count == 0)
			__builtin_trap();
		return 0;
	}
	vc_guest_derive(&guest, &empty, arena);
	vc_guest_release(&guest);
	if (vc_guest_read_xml((const char *)data, size, "fuzz.xml", arena, &diags, &guest) < 0)
		__builtin_trap();
	fill(arena, &guest, &full);
	vc_guest_derive(&guest, &full, arena);
	show(&vc_schema_guest, &guest);
	vc_guest_release(&guest);
	return 0;
}
