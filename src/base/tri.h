/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kleene's three-valued logic: what is unknown stays unknown until something else decides. */
#pragma once

#include <stdbool.h>

/* The zero value is "unknown": a verdict nobody reached decides nothing. */
enum vc_tri { VC_UNKNOWN, VC_NO, VC_YES };

enum vc_tri vc_tri_and(enum vc_tri a, enum vc_tri b);
enum vc_tri vc_tri_or(enum vc_tri a, enum vc_tri b);
enum vc_tri vc_tri_not(enum vc_tri a);

static inline enum vc_tri
vc_tri_from(bool b)
{
	return b ? VC_YES : VC_NO;
}
