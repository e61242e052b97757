/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Address ranges. Both ends are included, as the kernel prints them, so that the last byte of 64 bits fits. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/macro.h"

struct vc_range {
	uint64_t first; /* bytes */
	uint64_t last;	/* bytes, included; never below first */
};

/* -ERANGE when @size is 0 or the range would pass 2^64. */
int vc_range_from_size(uint64_t first, uint64_t size, struct vc_range *ret_range) _must_check_;

/* -ERANGE when the sum or product does not fit 64 bits. */
int vc_add(uint64_t a, uint64_t b, uint64_t *ret_sum) _must_check_;
int vc_mul(uint64_t a, uint64_t b, uint64_t *ret_product) _must_check_;

/* Rounds up to a multiple of @to (a power of two); -ERANGE when that does not fit. */
int vc_round_up(uint64_t value, uint64_t to, uint64_t *ret_value) _must_check_;

/* The last address that @bits (0 to 64) address lines reach. */
uint64_t vc_last_address(unsigned bits);

/* How many address lines reach @address: 0 for 0, 64 for 2^64-1. */
unsigned vc_bits_for(uint64_t address);

static inline bool
vc_range_overlaps(struct vc_range a, struct vc_range b)
{
	return a.first <= b.last && b.first <= a.last;
}

static inline bool
vc_range_contains(struct vc_range outer, struct vc_range inner)
{
	return outer.first <= inner.first && inner.last <= outer.last;
}
