/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The values of attributes in quirk files. All functions return 0 or -EINVAL. */
#pragma once

#include "base/arena.h"
#include "host/quirk.h"

/* "1022:1487", "10de:2340-237f", "1002:*" */
int vc_quirk_parse_pci(const char *text, uint32_t *ret_first, uint32_t *ret_last) _must_check_;
/* "03", "0300" or "030000": base class, subclass, interface. */
int vc_quirk_parse_class(const char *text, uint32_t *ret_class, uint32_t *ret_mask) _must_check_;
/* "01", "00-1f" */
int vc_quirk_parse_revision(const char *text, uint8_t *ret_first, uint8_t *ret_last) _must_check_;

/*
 * "6.1.91-6.2 6.12-": ranges, each after the one before. *ret_bad (borrowed from @text) and *ret_length are
 * the range that is wrong.
 */
int vc_quirk_parse_kernels(struct vc_arena *arena, const char *text,
			   const struct vc_quirk_kernels **ret_kernels, size_t *ret_count,
			   const char **ret_bad, size_t *ret_length) _must_check_;
