/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables of data/quirks, turned into C at build time by quirkc: what is known of devices and machines
 * that no file of the host tells. Those of the site (quirk-site.h) are the same in memory. The format of the
 * files is described in data/quirks/README.md.
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
	bool with_revision;
	uint8_t first_revision, last_revision;  /* both included */
	const struct vc_quirk_kernels *kernels; /* NULL: whatever kernel runs */
	size_t kernels_count;
	int line; /* of a quirk file that is being read */
};

/* What the firmware says of the machine, by the names of /sys/class/dmi/id. */
enum vc_quirk_dmi {
	VC_QUIRK_SYSTEM_VENDOR,
	VC_QUIRK_PRODUCT,
	VC_QUIRK_BOARD_VENDOR,
	VC_QUIRK_BOARD,
	VC_QUIRK_BIOS_VENDOR,
	VC_QUIRK_BIOS_VERSION,
	VC_QUIRK_BIOS_DATE,
};
#define VC_QUIRK_DMI_COUNT 7

/* A machine by what its firmware says. */
struct vc_quirk_machine {
	const char *text[VC_QUIRK_DMI_COUNT]; /* NULL: whatever it is; with "*" at the end: how it begins */
	const struct vc_quirk_kernels *kernels;
	size_t kernels_count;
	int line;
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
	const struct vc_quirk_machine *machine;
	size_t machines;
};

/* Made by quirkc, sorted by name. */
extern const struct vc_quirk vc_quirks[];
extern const size_t vc_quirks_count;

/* What is known of a device. */
struct vc_quirk_device {
	uint16_t vendor, device;
	const uint32_t *class;           /* NULL: not known */
	const uint32_t *subsystem;       /* NULL: not known */
	const uint8_t *revision;         /* NULL: not known */
	const struct vc_version *kernel; /* NULL: not known */
};

/* What is known of the machine. */
struct vc_quirk_host {
	const char *text[VC_QUIRK_DMI_COUNT]; /* NULL: not known; empty: there is none */
	const struct vc_version *kernel;
};

enum vc_quirk_need {
	VC_QUIRK_CLASS = 1 << 0,
	VC_QUIRK_SUBSYSTEM = 1 << 1,
	VC_QUIRK_KERNEL = 1 << 2,
	VC_QUIRK_REVISION = 1 << 3,
	VC_QUIRK_DMI = 1 << 4, /* shifted by enum vc_quirk_dmi */
};

/*
 * Whether @quirk applies to @device. -ENODATA: it depends on something that is not known; *ret_needs then
 * says on what, and *ret_matches is untouched.
 */
int vc_quirk_match(const struct vc_quirk *quirk, const struct vc_quirk_device *device, bool *ret_matches,
		   unsigned *ret_needs);
/* The same for the machine. */
int vc_quirk_match_machine(const struct vc_quirk *quirk, const struct vc_quirk_host *host, bool *ret_matches,
			   unsigned *ret_needs);
