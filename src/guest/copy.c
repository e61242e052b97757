/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One domain for many hosts: it is read once, and derived from a copy for each. */
#include "guest/guest.h"

static void
copy_lists(const struct vc_schema *schema, void *record, struct vc_arena *arena)
{
	for (size_t i = 0; i < schema->count; i++) {
		const struct vc_field *field = &schema->field[i];
		struct vc_fact_list *list = (struct vc_fact_list *)vc_field_fact(field, record);
		size_t room = 1;

		if (field->type != VC_TYPE_list || list->count == 0)
			continue;
		/* As much as vc_arena_append() believes to be there. */
		while (room < list->count)
			room *= 2;
		list->item = vc_arena_grow(arena, list->item, list->count * field->item->size,
					   room * field->item->size);
		for (size_t j = 0; j < list->count; j++)
			copy_lists(field->item, (char *)list->item + j * field->item->size, arena);
	}
}

void
vc_guest_copy(const struct vc_guest *guest, struct vc_arena *arena, struct vc_guest *ret_copy)
{
	*ret_copy = *guest;
	copy_lists(&vc_schema_guest, ret_copy, arena);
}
