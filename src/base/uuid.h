/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* 4dea22b3-1d52-d8f3-2516-782e98ab3fa0 */
static inline bool
vc_is_uuid(const char *text)
{
	for (size_t i = 0; i < 36; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		bool digit = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f') ||
			     (text[i] >= 'A' && text[i] <= 'F');

		if (dash ? text[i] != '-' : !digit)
			return false;
	}
	return text[36] == '\0';
}
