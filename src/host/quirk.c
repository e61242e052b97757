/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/quirk.h"

#include <errno.h>
#include <string.h>

#include "base/tri.h"

/*
 * The first row that does not end before @ids. Rows are sorted, and do not overlap except by being the same.
 */
static size_t
lower_bound(const struct vc_quirk *quirk, uint32_t ids)
{
	size_t low = 0, high = quirk->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (quirk->row[middle].last < ids)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
has_end(struct vc_version before)
{
	return before.part[0] || before.part[1] || before.part[2] || before.part[3];
}

static enum vc_tri
match_kernel(const struct vc_quirk_kernels *kernels, size_t count, const struct vc_version *kernel)
{
	if (count == 0)
		return VC_YES;
	if (!kernel)
		return VC_UNKNOWN;
	for (size_t i = 0; i < count; i++) {
		const struct vc_quirk_kernels *range = &kernels[i];

		if (vc_version_compare(*kernel, range->since) >= 0 &&
		    (!has_end(range->before) || vc_version_compare(*kernel, range->before) < 0))
			return VC_YES;
	}
	return VC_NO;
}

static enum vc_tri
match_revision(const struct vc_quirk_row *row, const uint8_t *revision)
{
	if (!row->with_revision)
		return VC_YES;
	if (!revision)
		return VC_UNKNOWN;
	return vc_tri_from(*revision >= row->first_revision && *revision <= row->last_revision);
}

/* Adds to @needs what an unknown verdict depends on. */
static enum vc_tri
match_row(const struct vc_quirk_row *row, const struct vc_quirk_device *device, unsigned *needs)
{
	enum vc_tri kernel = match_kernel(row->kernels, row->kernels_count, device->kernel);
	enum vc_tri class = VC_YES, subsystem = VC_YES, revision = match_revision(row, device->revision), all;

	if (row->class_mask)
		class = device->class ? vc_tri_from((*device->class & row->class_mask) == row->class)
				      : VC_UNKNOWN;
	if (row->with_subsystem)
		subsystem =
			device->subsystem ? vc_tri_from(*device->subsystem == row->subsystem) : VC_UNKNOWN;
	all = vc_tri_and(vc_tri_and(class, subsystem), vc_tri_and(revision, kernel));
	if (all == VC_UNKNOWN)
		*needs |= (class == VC_UNKNOWN ? VC_QUIRK_CLASS : 0) |
			  (subsystem == VC_UNKNOWN ? VC_QUIRK_SUBSYSTEM : 0) |
			  (revision == VC_UNKNOWN ? VC_QUIRK_REVISION : 0) |
			  (kernel == VC_UNKNOWN ? VC_QUIRK_KERNEL : 0);
	return all;
}

static enum vc_tri
match_text(const char *pattern, const char *text)
{
	size_t length;

	if (!pattern)
		return VC_YES;
	if (!text)
		return VC_UNKNOWN;
	length = strlen(pattern);
	if (length > 0 && pattern[length - 1] == '*')
		return vc_tri_from(strncmp(pattern, text, length - 1) == 0);
	return vc_tri_from(strcmp(pattern, text) == 0);
}

static enum vc_tri
match_machine(const struct vc_quirk_machine *machine, const struct vc_quirk_host *host, unsigned *needs)
{
	enum vc_tri all = match_kernel(machine->kernels, machine->kernels_count, host->kernel);
	unsigned missing = all == VC_UNKNOWN ? VC_QUIRK_KERNEL : 0;

	for (unsigned i = 0; i < VC_QUIRK_DMI_COUNT; i++) {
		enum vc_tri match = match_text(machine->text[i], host->text[i]);

		if (match == VC_UNKNOWN)
			missing |= VC_QUIRK_DMI << i;
		all = vc_tri_and(all, match);
	}
	if (all == VC_UNKNOWN)
		*needs |= missing;
	return all;
}

static int
verdict(enum vc_tri any, unsigned needs, bool *ret_matches, unsigned *ret_needs)
{
	if (any == VC_UNKNOWN) {
		*ret_needs = needs;
		return -ENODATA;
	}
	*ret_matches = any == VC_YES;
	return 0;
}

int
vc_quirk_match(const struct vc_quirk *quirk, const struct vc_quirk_device *device, bool *ret_matches,
	       unsigned *ret_needs)
{
	uint32_t ids = (uint32_t)device->vendor << 16 | device->device;
	enum vc_tri any = VC_NO;
	unsigned needs = 0;

	for (size_t i = lower_bound(quirk, ids); i < quirk->count && quirk->row[i].first <= ids; i++)
		any = vc_tri_or(any, match_row(&quirk->row[i], device, &needs));
	return verdict(any, needs, ret_matches, ret_needs);
}

int
vc_quirk_match_machine(const struct vc_quirk *quirk, const struct vc_quirk_host *host, bool *ret_matches,
		       unsigned *ret_needs)
{
	enum vc_tri any = VC_NO;
	unsigned needs = 0;

	for (size_t i = 0; i < quirk->machines; i++)
		any = vc_tri_or(any, match_machine(&quirk->machine[i], host, &needs));
	return verdict(any, needs, ret_matches, ret_needs);
}
