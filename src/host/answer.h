/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From what hostfs answered to a fact: what is not known passes on its state, what is known is parsed, and what
 * cannot be parsed is VC_EGARBLED.
 */
#pragma once

#include "base/fact.h"
#include "base/number.h"
#include "host/hostfs.h"

void vc_answer_number(const struct vc_answer *answer, enum vc_base base, struct vc_fact_number *fact);
/* "0" or "1". */
void vc_answer_flag(const struct vc_answer *answer, struct vc_fact_flag *fact);
/* The whole text; a file with NUL bytes in it is not text. */
void vc_answer_text(const struct vc_answer *answer, struct vc_fact_text *fact);
/* The last component of a link's target: the name of the thing it leads to. */
void vc_answer_basename(const struct vc_answer *answer, struct vc_fact_text *fact);

/*
 * A file that only kernels from @since on have: where it is missing on an older one, the kernel does not tell.
 * Turns such an absence into VC_UNREADABLE with EOPNOTSUPP (@kernel older) or into what is wrong with @kernel
 * (its version is not known). A known answer stands whatever the version: distributions backport.
 */
void vc_answer_since(struct vc_answer *answer, const struct vc_fact_version *kernel, uint32_t major,
		     uint32_t minor);
