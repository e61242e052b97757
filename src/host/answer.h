/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What sysfs answers need beside scan.h: links, and files that older kernels lack. */
#pragma once

#include "base/fact.h"
#include "host/hostfs.h"

/* The last component of a link's target: the name of the thing it leads to. */
void vc_answer_basename(const struct vc_answer *answer, struct vc_fact_text *fact);

/*
 * A file that only kernels from @major.@minor on have: where it is missing on an older one, the kernel does
 * not tell. Turns such an absence into VC_UNREADABLE with EOPNOTSUPP (@kernel is older) or into what is wrong
 * with @kernel (its version is not known). A known answer stands whatever the version: distributions
 * backport.
 */
void vc_answer_since(struct vc_answer *answer, const struct vc_fact_version *kernel, uint32_t major,
		     uint32_t minor);
