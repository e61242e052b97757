/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checks: decisions that a condition cannot express, in C. Pure: no I/O, no text, no allocation. A check looks
 * at the sealed models and fills a verdict; what to say about it stands in the rule file, where the verdict's
 * facts are named {check.region}, {check.peer}, ...
 */
#pragma once

#include <stdbool.h>

#include "base/fact.h"
#include "base/tri.h"
#include "guest/guest.h"
#include "host/host.h"

/* Results a rule may speak of. A check sets those it knows; the documentation says which. */
#define VC_VERDICT_FACTS(F) \
	F(range, region, "region", none, 0, NULL, "the region that is in the way") \
	F(text, region_type, "region_type", none, 0, NULL, "its type: direct, reserved, msi") \
	F(range, ram, "ram", none, 0, NULL, "the guest memory that collides") \
	F(number, largest_memory, "largest_memory", bytes, 0, NULL, "most guest memory that fits, whole MiB; absent if none does") \
	F(number, largest_memory_mib, "largest_memory_mib", none, 0, NULL, "the same in MiB, for the domain XML") \
	F(text, peer, "peer", none, 0, NULL, "address of the other device that decides") \
	F(text, peer_driver, "peer_driver", none, 0, NULL, "its driver") \
	F(number, group, "group", none, 0, NULL, "IOMMU group") \
	F(number, width, "width", bits, 0, NULL, "the width that is too small") \
	F(number, address, "address", address, 0, NULL, "the address that is out of reach") \
	F(text, word, "word", none, 0, NULL, "which of its cases the check found; the rule has the words for each") \
	F(text, parameter, "parameter", none, 0, NULL, "the kernel parameter or the CPU feature that decides") \
	F(number, bar, "bar", none, 0, NULL, "number of the base address register that decides") \
	F(number, size, "size", bytes, 0, NULL, "its size") \
	F(number, domain, "domain", hex, 0, NULL, "PCI domain of an address the check found") \
	F(number, bus, "bus", hex, 0, NULL, "its bus") \
	F(number, slot, "slot", hex, 0, NULL, "its slot") \
	F(number, function, "function", hex, 0, NULL, "its function")
struct vc_verdict {
	enum vc_tri fails;
	const struct vc_fact *unknown; /* VC_UNKNOWN: the fact that would decide */
	VC_VERDICT_FACTS(VC_FACT_MEMBER)
};
extern const struct vc_schema vc_schema_verdict;

struct vc_check_input {
	const struct vc_host *host;
	const struct vc_guest *guest; /* NULL for host-only rules */
	const void *each;	      /* the record of the rule's <each>, or NULL */
};

typedef void (*vc_check_fn)(const struct vc_check_input *input, struct vc_verdict *verdict);

struct vc_check {
	const char *name; /* check="name" in the rule file, and of the C function without check_ */
	const char *each; /* collection it iterates over, "guest.hostdev"; NULL: none */
	vc_check_fn run;
};

/* Every check, sorted by name. */
extern const struct vc_check vc_checks[];
extern const size_t vc_checks_count;

/* NULL when there is none. */
const struct vc_check *vc_check_find(const char *name);

/* Verdict: @fact would decide, and is not known. A verdict that fails already stays so. */
void vc_verdict_unknown(struct vc_verdict *verdict, const struct vc_fact *fact);

/* True if @fact is known; otherwise the verdict becomes undecided by it. */
bool vc_verdict_needs(struct vc_verdict *verdict, const struct vc_fact *fact);
