/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The editor on any text that is read as a domain. The first byte chooses the element that the fix is about. Whatever
 * can be opened can be edited: a result that is malformed or not what was meant is the editor's fault. What one action
 * changes can be shown.
 */
#include <errno.h>
#include <string.h>

#include "guest/guest.h"
#include "report/diff.h"
#include "report/edit.h"
#include "report/fix-text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct vc_template_part part = { .text = "a'b\"<&>\t]]>" };
#define VALUE { .part = &part, .count = 1 }

static const struct vc_action actions[] = {
	{ .verb = VC_VERB_SET, .select = "", .attribute = "a", .value = VALUE },
	{ .verb = VC_VERB_SET, .select = "a", .attribute = "b", .value = VALUE },
	{ .verb = VC_VERB_SET, .select = "/devices/iommu/driver", .attribute = "aw_bits", .value = VALUE },
	{ .verb = VC_VERB_SET, .select = "", .value = VALUE },
	{ .verb = VC_VERB_SET, .select = "/memory", .value = VALUE },
	{ .verb = VC_VERB_REMOVE, .select = "" },
	{ .verb = VC_VERB_REMOVE, .select = "/cpu" },
	{ .verb = VC_VERB_REMOVE, .select = "", .attribute = "a" },
	{ .verb = VC_VERB_INSERT, .select = "", .xml = "<a><b c='1'/>x</a>" },
	{ .verb = VC_VERB_INSERT, .select = "", .xml = "<a/>", .before = "b" },
	{ .verb = VC_VERB_INSERT, .select = "/features/x", .xml = "<qemu:arg value='1'/>" },
};

/* Whether it changes anything. */
static bool
try_fix(const struct vc_edit *edit, size_t place, const struct vc_action *action, size_t count)
{
	static const struct vc_scope scope;
	const struct vc_fix fix = { .action = action, .actions = count };
	const struct vc_edit_fix edit_fix = { .fix = &fix, .scope = &scope, .place = place };
	_cleanup_buf_ struct vc_buf diff = { 0 };
	struct vc_edit after;
	struct vc_kept kept;
	const char *why = NULL;
	int r = vc_edit_apply(edit, &edit_fix, NULL, &after, &kept, &why);

	if (r == -ENOTRECOVERABLE || (r < 0 && !why))
		__builtin_trap();
	if (r != 1)
		return false;
	for (size_t i = 0; i < kept.count; i++) {
		if (memcmp(edit->text + kept.run[i].before, after.text + kept.run[i].after, kept.run[i].length) != 0)
			__builtin_trap();
	}
	vc_diff_unified(&diff, "fuzz", edit->text, after.text, &kept);
	if (diff.length == 0)
		__builtin_trap();
	vc_kept_release(&kept);
	vc_edit_release(&after);
	return true;
}

/* The same for a report, which makes a sketch of the domain. */
static void
try_show(const struct vc_edit *edit, size_t index, const struct vc_action *action, size_t count, bool changes)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	const struct vc_guest guest = { .root = xmlDocGetRootElement(edit->doc) };
	const struct vc_fix fix = { .action = action, .actions = count };
	const struct vc_finding finding = { .place = { .node = edit->node[index] } };
	const struct vc_fix_input input = vc_fix_input_of(&finding, NULL, &guest, arena);
	const char *xml = vc_fix_xml(&fix, &input);

	/* The text of <domain> or <devices> means nothing, and is not shown. */
	if (changes && count == 1 && !xml && (action->verb != VC_VERB_SET || action->attribute))
		__builtin_trap();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	struct vc_diags diags = { .arena = arena };
	const char *text = (const char *)data + 1, *why;
	struct vc_guest guest;
	struct vc_edit edit;
	size_t index, place;

	if (size < 2 || vc_guest_read_xml(text, size - 1, "fuzz.xml", arena, &diags, &guest) < 0)
		return 0;
	vc_guest_release(&guest);
	if (vc_edit_open(text, size - 1, &edit, &why) < 0)
		return 0;
	index = data[0] % edit.spans.elements;
	place = edit.spans.element[index].begin;
	for (size_t i = 0; i < VC_COUNT(actions); i++)
		try_show(&edit, index, &actions[i], 1, try_fix(&edit, place, &actions[i], 1));
	try_show(&edit, index, actions, VC_COUNT(actions), try_fix(&edit, place, actions, VC_COUNT(actions)));
	vc_edit_release(&edit);
	return 0;
}
