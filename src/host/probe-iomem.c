/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/probe-iomem.h"

#include <errno.h>
#include <string.h>

#include "base/number.h"
#include "host/probe-pci.h"
#include "host/scan.h"

#define IOMEM "/proc/iomem"

int
vc_iomem_parse_line(const char *text, size_t length, struct vc_iomem_line *ret_line)
{
	struct vc_iomem_line line = { .depth = 0 };
	const char *dash, *colon;
	size_t indent = 0;

	while (indent < length && text[indent] == ' ')
		indent++;
	text += indent;
	length -= indent;
	/* "%*s%08llx-%08llx : %s" [linux 6.12 kernel/resource.c r_show] */
	dash = memchr(text, '-', length);
	colon = memchr(text, ':', length);
	if (indent % 2 || indent > 2 * 64 || !dash || !colon || colon < dash + 2 || colon[-1] != ' ' ||
	    (size_t)(colon - text) + 2 > length || colon[1] != ' ')
		return -EBADMSG;
	if (vc_parse_u64_n(text, (size_t)(dash - text), VC_BASE_HEX, &line.region.first) < 0 ||
	    vc_parse_u64_n(dash + 1, (size_t)(colon - dash) - 2, VC_BASE_HEX, &line.region.last) < 0 ||
	    line.region.last < line.region.first)
		return -EBADMSG;
	line.depth = (unsigned)indent / 2;
	line.name = colon + 2;
	line.length = length - (size_t)(line.name - text);
	if (memchr(line.name, '\0', line.length))
		return -EBADMSG;
	*ret_line = line;
	return 0;
}

static bool
is_one_of(const char *name, const char *const *word, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(name, word[i]) == 0)
			return true;
	}
	return false;
}

enum vc_tri
vc_iomem_is_foreign(const struct vc_pci *device, const char *name)
{
	/*
	 * [linux 6.12 drivers/firmware/sysfb_simplefb.c, drivers/gpu/drm/tiny/simpledrm.c,
	 * drivers/video/fbdev/simplefb.c, efifb.c, vesafb.c; linux 6.18 drivers/gpu/drm/sysfb/efidrm.c,
	 * vesadrm.c]
	 */
	static const char *const framebuffer[] = { "BOOTFB", "simplefb", "simpledrm", "simple-framebuffer",
						   "efifb",  "vesafb",   "efidrm",    "vesadrm" };
	/* Drivers that hold a device without claiming its BARs. */
	static const char *const idle[] = { "pci-stub", "pcieport" };
	const struct vc_fact_text *driver = &device->driver;

	if (strcmp(name, device->address.value) == 0 || strncmp(name, "vfio", 4) == 0)
		return VC_NO;
	if (is_one_of(name, framebuffer, VC_COUNT(framebuffer)))
		return VC_YES;
	if (driver->fact.state == VC_ABSENT)
		return VC_YES;
	if (!vc_known(&driver->fact))
		return VC_UNKNOWN;
	return vc_tri_from(strncmp(driver->value, "vfio", 4) == 0 ||
			   is_one_of(driver->value, idle, VC_COUNT(idle)));
}

/* A BAR that is looked for in the file. */
struct target {
	struct vc_pci *pci;
	struct vc_bar *bar;
	bool seen;      /* the line that is the BAR itself */
	bool undecided; /* a claim was met that may be foreign */
};

static int
compare_target(const void *a, const void *b)
{
	const struct target *x = a, *y = b;
	uint64_t first = x->bar->region.value.first, other = y->bar->region.value.first;

	if (first != other)
		return first < other ? -1 : 1;
	return strcmp(x->pci->address.value, y->pci->address.value);
}

/* The last target that begins at or below @address, or NULL. */
static struct target *
target_below(struct target *target, size_t count, uint64_t address)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (target[middle].bar->region.value.first <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? &target[low - 1] : NULL;
}

static void
note_claim(struct vc_arena *arena, struct target *target, const struct vc_iomem_line *line)
{
	struct vc_bar *bar = target->bar;
	const char *name;

	if (vc_known(&bar->holder.fact))
		return;
	name = vc_arena_strndup(arena, line->name, line->length);
	switch (vc_iomem_is_foreign(target->pci, name)) {
	case VC_NO:
		return;
	case VC_UNKNOWN:
		target->undecided = true;
		return;
	case VC_YES:
		vc_set_text(&bar->holder, name, IOMEM);
		vc_set_range(&bar->held, line->region, IOMEM);
		return;
	}
}

/*
 * A line concerns a BAR if it overlaps it and is not something the BAR lies in (a bridge window, a host
 * bridge). A line of the very same range is the one or the other: above the BAR's own line a window, below it
 * a claim. The depth is no help: the kernel stops counting it at five [linux 6.12 kernel/resource.c
 * MAX_IORES_LEVEL].
 */
static void
look_at(struct vc_arena *arena, struct target *target, size_t count, const struct vc_iomem_line *line)
{
	struct target *one = target_below(target, count, line->region.last);
	struct vc_range region;

	if (!one || !vc_range_overlaps(one->bar->region.value, line->region))
		return;
	region = one->bar->region.value;
	if (!vc_range_contains(line->region, region)) {
		note_claim(arena, one, line);
	} else if (vc_range_contains(region, line->region)) {
		if (one->seen)
			note_claim(arena, one, line);
		else
			one->seen = line->length == strlen(one->pci->address.value) &&
				    memcmp(line->name, one->pci->address.value, line->length) == 0;
	}
}

/* What is left after the whole file was seen: nobody holds the BAR, or the driver that may is not known. */
static void
conclude(struct target *target)
{
	struct vc_bar *bar = target->bar;

	if (vc_known(&bar->holder.fact))
		return;
	if (target->undecided) {
		vc_set_unknown_like(&bar->holder.fact, &target->pci->driver.fact);
		vc_set_unknown_like(&bar->held.fact, &target->pci->driver.fact);
	} else {
		vc_set_absent(&bar->holder.fact, IOMEM);
		vc_set_absent(&bar->held.fact, IOMEM);
	}
}

/* The first BAR that is held speaks for the device. */
static void
sum_up(struct vc_pci *pci)
{
	struct vc_bar *bar = pci->bar.item;
	const struct vc_fact *unknown = NULL;

	for (size_t i = 0; i < pci->bar.count; i++) {
		if (vc_known(&bar[i].holder.fact)) {
			pci->bar_holder = bar[i].holder;
			pci->bar_held = bar[i].held;
			pci->bar_held_index = bar[i].index;
			return;
		}
		if (bar[i].holder.fact.state != VC_ABSENT && !unknown)
			unknown = &bar[i].holder.fact;
	}
	if (unknown) {
		vc_set_unknown_like(&pci->bar_holder.fact, unknown);
		vc_set_unknown_like(&pci->bar_held.fact, unknown);
		vc_set_unknown_like(&pci->bar_held_index.fact, unknown);
	} else {
		vc_set_absent(&pci->bar_holder.fact, IOMEM);
		vc_set_absent(&pci->bar_held.fact, IOMEM);
		vc_set_absent(&pci->bar_held_index.fact, IOMEM);
	}
}

static void
set_bars_unknown(struct vc_pci *pci, const struct vc_fact *cause)
{
	struct vc_bar *bar = pci->bar.item;

	for (size_t i = 0; i < pci->bar.count; i++) {
		vc_set_unknown_like(&bar[i].holder.fact, cause);
		vc_set_unknown_like(&bar[i].held.fact, cause);
	}
	vc_set_unknown_like(&pci->bar_holder.fact, cause);
	vc_set_unknown_like(&pci->bar_held.fact, cause);
	vc_set_unknown_like(&pci->bar_held_index.fact, cause);
}

/* What cannot be looked for: ports (they are not in this file), BARs without an address, garbled ones. */
static bool
can_look_for(struct vc_bar *bar)
{
	if (vc_known(&bar->memory.fact) && !bar->memory.value) {
		vc_set_absent(&bar->holder.fact, bar->memory.fact.from);
		vc_set_absent(&bar->held.fact, bar->memory.fact.from);
		return false;
	}
	if (!vc_known(&bar->region.fact)) {
		vc_set_unknown_like(&bar->holder.fact, &bar->region.fact);
		vc_set_unknown_like(&bar->held.fact, &bar->region.fact);
		return false;
	}
	return true;
}

/*
 * Looks at every line. -EACCES: all addresses are zero, which is what the kernel shows to those without
 * CAP_SYS_ADMIN [linux 6.12 kernel/resource.c r_show]; -EBADMSG: not a line of this file.
 */
static int
look_at_all(const struct vc_answer *answer, struct vc_arena *arena, struct target *target, size_t count)
{
	struct vc_span rest = { .text = answer->data, .length = answer->size }, text;
	bool hidden = true;

	while (vc_span_line(&rest, &text)) {
		struct vc_iomem_line line;

		if (vc_iomem_parse_line(text.text, text.length, &line) < 0)
			return -EBADMSG;
		hidden &= line.region.last == 0;
		look_at(arena, target, count, &line);
	}
	return hidden ? -EACCES : 0;
}

void
vc_probe_iomem(struct vc_hostfs *fs, const struct vc_host_request *request, struct vc_host *host)
{
	struct vc_arena *arena = vc_hostfs_arena(fs);
	struct vc_pci *pci = host->pci.item;
	struct vc_answer answer;
	struct target *target;
	size_t targets = 0, room = 0;

	(void)request;
	for (size_t i = 0; i < host->pci.count; i++)
		room += pci[i].bar.count;
	if (host->pci.count == 0)
		return;
	answer = vc_hostfs_read(fs, IOMEM);
	target = vc_arena_make_array(arena, room + 1, struct target);
	for (size_t i = 0; i < host->pci.count; i++) {
		struct vc_bar *bar = pci[i].bar.item;

		for (size_t j = 0; vc_known(&answer.fact) && j < pci[i].bar.count; j++) {
			if (can_look_for(&bar[j]))
				target[targets++] = (struct target){ .pci = &pci[i], .bar = &bar[j] };
		}
	}
	if (targets > 0)
		qsort(target, targets, sizeof(*target), compare_target);
	if (vc_known(&answer.fact)) {
		int r = look_at_all(&answer, arena, target, targets);

		if (r < 0)
			vc_set_unreadable(&answer.fact, -r, IOMEM);
	}
	for (size_t i = 0; vc_known(&answer.fact) && i < targets; i++)
		conclude(&target[i]);
	for (size_t i = 0; i < host->pci.count; i++) {
		if (!pci[i].detailed)
			continue;
		if (!vc_known(&answer.fact))
			set_bars_unknown(&pci[i], &answer.fact);
		else if (!vc_known(&pci[i].bar.fact))
			set_bars_unknown(&pci[i], &pci[i].bar.fact);
		else
			sum_up(&pci[i]);
	}
}
