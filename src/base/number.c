/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/number.h"

#include <errno.h>
#include <string.h>

static int
digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int
vc_parse_u64_n(const char *text, size_t length, enum vc_base base, uint64_t *ret_value)
{
	unsigned radix = (unsigned)base;
	uint64_t value = 0;
	size_t i = 0;

	if (base != VC_BASE_DEC && length > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		radix = 16;
		i = 2;
	} else if (base == VC_BASE_C) {
		radix = length > 1 && text[0] == '0' ? 8 : 10;
	}
	if (i == length)
		return -EINVAL;
	for (; i < length; i++) {
		int digit = digit_value(text[i]);

		if (digit < 0 || (unsigned)digit >= radix)
			return -EINVAL;
		if (__builtin_mul_overflow(value, radix, &value) ||
		    __builtin_add_overflow(value, (unsigned)digit, &value))
			return -ERANGE;
	}
	*ret_value = value;
	return 0;
}

int
vc_parse_u64(const char *text, enum vc_base base, uint64_t *ret_value)
{
	return vc_parse_u64_n(text, strlen(text), base, ret_value);
}
