/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The whole way of a QEMU command line: found in a text, read, then derived on a host that knows nothing and on one that
 * knows some of what is asked. */
#include "guest/command-line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
fill(struct vc_arena *arena, const struct vc_guest *guest, struct vc_host *host)
{
	struct vc_emulator *emulator = vc_list_append(arena, &host->emulator, sizeof(*emulator), "fuzz");
	struct vc_hugetlbfs *mount = vc_list_append(arena, &host->hugetlbfs_mount, sizeof(*mount), "fuzz");
	struct vc_pci *pci = vc_list_append(arena, &host->pci, sizeof(*pci), "fuzz");

	vc_set_text(&emulator->path, vc_known(&guest->emulator.fact) ? guest->emulator.value : "", "fuzz");
	vc_set_version(&emulator->version, (struct vc_version){ { 10, 0, 13 } }, "fuzz");
	vc_set_text(&mount->path, "/dev/hugepages", "fuzz");
	vc_set_number(&mount->size, UINT64_C(2) << 20, "fuzz");
	vc_set_text(&pci->address, "0000:01:00.0", "fuzz");
	vc_set_number(&pci->aw_bits, 39, "fuzz");
	vc_set_text(&host->cpu_arch, "x86_64", "fuzz");
	vc_set_number(&host->cpuid_phys_bits, 48, "fuzz");
	vc_set_number(&host->user_id, 1000, "fuzz");
	vc_set_number(&host->memlock_soft, 8 << 20, "fuzz");
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
	struct vc_host empty = { 0 };
	struct vc_command_line *line;
	struct vc_guest guest;
	size_t lines;

	if (vc_command_lines_find((const char *)data, size, "fuzz.sh", arena, &diags, &line, &lines) < 0) {
		/* Whatever is refused is refused with a reason. */
		if (diags.count == 0)
			__builtin_trap();
		return 0;
	}
	for (size_t i = 0; i < lines; i++) {
		struct vc_host full = { 0 };

		vc_guest_read_command_line(&line[i], "fuzz.sh", arena, &diags, &guest);
		vc_guest_derive(&guest, &empty, arena);
		vc_guest_read_command_line(&line[i], "fuzz.sh", arena, &diags, &guest);
		fill(arena, &guest, &full);
		vc_guest_derive(&guest, &full, arena);
		show(&vc_schema_guest, &guest);
	}
	return 0;
}
