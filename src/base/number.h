/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one number parser. The base is always stated by the caller, because some kernel files print
 * hexadecimal without a prefix (linux 6.12 drivers/iommu/intel/iommu.c cap_show) and guessing reads them as 0.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/macro.h"

/* VC_BASE_C: 0x means hexadecimal, a leading 0 octal, else decimal, as strtoul(.., 0) and libvirt read it. */
enum vc_base { VC_BASE_C = 0, VC_BASE_DEC = 10, VC_BASE_HEX = 16 };

/*
 * Parses the whole of @text: no sign, no blanks. VC_BASE_HEX takes digits with or without 0x.
 * -EINVAL: not a number; -ERANGE: does not fit 64 bits. *ret_value is untouched on failure.
 */
int vc_parse_u64(const char *text, enum vc_base base, uint64_t *ret_value) _must_check_;

/* The same over @length bytes, which need not end in NUL. */
int vc_parse_u64_n(const char *text, size_t length, enum vc_base base, uint64_t *ret_value) _must_check_;
