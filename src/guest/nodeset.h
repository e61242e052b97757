/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets of NUMA nodes as libvirt writes them: "0-3,^2,8". */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/macro.h"

#define VC_NODESET_MAX 1024 /* [linux 6.12 include/linux/numa.h MAX_NUMNODES: NODES_SHIFT is at most 10] */

struct vc_nodeset {
	uint64_t word[VC_NODESET_MAX / 64];
};

/* -EINVAL: not such a set, or empty; -ERANGE: a number beyond VC_NODESET_MAX. */
int vc_nodeset_parse(const char *text, struct vc_nodeset *ret_set) _must_check_;

bool vc_nodeset_has(const struct vc_nodeset *set, uint64_t node);

/* The only node of the set, or -1. */
int vc_nodeset_only(const struct vc_nodeset *set);
