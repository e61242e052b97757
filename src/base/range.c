/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/range.h"

#include <assert.h>
#include <errno.h>

int
vc_add(uint64_t a, uint64_t b, uint64_t *ret_sum)
{
	uint64_t sum;

	if (__builtin_add_overflow(a, b, &sum))
		return -ERANGE;
	*ret_sum = sum;
	return 0;
}

int
vc_mul(uint64_t a, uint64_t b, uint64_t *ret_product)
{
	uint64_t product;

	if (__builtin_mul_overflow(a, b, &product))
		return -ERANGE;
	*ret_product = product;
	return 0;
}

int
vc_round_up(uint64_t value, uint64_t to, uint64_t *ret_value)
{
	uint64_t sum;

	assert(to != 0 && (to & (to - 1)) == 0);
	if (__builtin_add_overflow(value, to - 1, &sum))
		return -ERANGE;
	*ret_value = sum & ~(to - 1);
	return 0;
}

int
vc_range_from_size(uint64_t first, uint64_t size, struct vc_range *ret_range)
{
	uint64_t last;

	if (size == 0 || __builtin_add_overflow(first, size - 1, &last))
		return -ERANGE;
	*ret_range = (struct vc_range){ .first = first, .last = last };
	return 0;
}

uint64_t
vc_last_address(unsigned bits)
{
	assert(bits <= 64);
	return bits == 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
}

unsigned
vc_bits_for(uint64_t address)
{
	return address == 0 ? 0 : 64 - (unsigned)__builtin_clzll(address);
}
