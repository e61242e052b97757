/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables of data/quirks, turned into C at build time by quirkc: what is known of devices that no file of
 * the host tells. The format of the files is described in data/quirks/README.md.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/version.h"

/* One or more devices by their ids, both ends included: vendor << 16 | device. */
struct vc_quirk_row {
	uint32_t first, last;
	uint32_t class, class_mask; /* of the 24 bits of the class; mask 0: any */
	uint32_t subsystem;         /* subsystem vendor << 16 | subsystem device */
	bool with_subsystem;
	const struct vc_quirk_kernels *kernels; /* NULL: whatever kernel runs */
	size_t kernels_count;
};

/* From @since (included) up to @before (not included; all zero: no end). */
struct vc_quirk_kernels {
	struct vc_version since, before;
};

struct vc_quirk {
	const char *name;
	const struct vc_quirk_row
		*row; /* sorted by first; rows overlap only if first and last are the same */
	size_t count;
};

/* Made by quirkc, sorted by name. */
extern const struct vc_quirk vc_quirks[];
extern const size_t vc_quirks_count;

/* What is known of a device. */
struct vc_quirk_device {
	uint16_t vendor, device;
	const uint32_t *class;           /* NULL: not known */
	const uint32_t *subsystem;       /* NULL: not known */
	const struct vc_version *kernel; /* NULL: not known */
};

enum vc_quirk_need { VC_QUIRK_CLASS = 1 << 0, VC_QUIRK_SUBSYSTEM = 1 << 1, VC_QUIRK_KERNEL = 1 << 2 };

/*
 * Whether @quirk applies to @device. -ENODATA: it depends on something that is not known; *ret_needs then
 * says on what, and *ret_matches is untouched.
 */
int vc_quirk_match(const struct vc_quirk *quirk, const struct vc_quirk_device *device, bool *ret_matches,
		   unsigned *ret_needs);
