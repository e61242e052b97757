/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets of NUMA nodes or CPUs as libvirt and the kernel write them: "0-3,^2,8". */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/macro.h"

/* [linux 6.12 arch/x86/Kconfig NR_CPUS_RANGE_END; nodes are fewer: NODES_SHIFT is at most 10] */
#define VC_IDSET_MAX 8192

struct vc_idset {
	uint64_t word[VC_IDSET_MAX / 64];
};

/* -EINVAL: not such a set, or empty; -ERANGE: a number beyond VC_IDSET_MAX. */
int vc_idset_parse(const char *text, struct vc_idset *ret_set) _must_check_;

bool vc_idset_has(const struct vc_idset *set, uint64_t id);
uint64_t vc_idset_count(const struct vc_idset *set);

/* The only id of the set, or -1. */
int vc_idset_only(const struct vc_idset *set);

/* How many ids both have. */
uint64_t vc_idset_count_common(const struct vc_idset *a, const struct vc_idset *b);
/* The first id of @set that @other has not, or -1. */
int vc_idset_first_beyond(const struct vc_idset *set, const struct vc_idset *other);
