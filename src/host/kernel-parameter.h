/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's command line: split as the kernel splits it, and judged by what the kernel's own parsers do
 * with a parameter, because a word that the parser does not know looks just like one that it does.
 */
#pragma once

#include "host/host.h"
#include "host/hostfs.h"
#include "host/scan.h"

/* No kernel takes a longer one: 2048 bytes on x86, plus a boot configuration of at most 32 KiB. */
#define VC_CMDLINE_MAX ((size_t)64 * 1024)

/*
 * Fills @ret_list with the parameters up to "--", which ends those of the kernel. -E2BIG when @text is longer
 * than VC_CMDLINE_MAX, -EBADMSG when it holds a NUL byte; the list is untouched then.
 */
int vc_kernel_parameter_split(struct vc_arena *arena, struct vc_span text, const char *from,
			      struct vc_fact_list *ret_list) _must_check_;

/* '-' and '_' are alike in the names of parameters. */
bool vc_kernel_parameter_named(const struct vc_parameter *parameter, const char *name);

/*
 * Sets ignored_because of every parameter: a reason where the source of the running kernel proves that it
 * does nothing, absent where it may have an effect, unknown where a fact that would decide is not known. Runs
 * after the probes of the CPU and the IOMMU.
 */
void vc_kernel_parameter_judge(struct vc_hostfs *fs, struct vc_host *host);
