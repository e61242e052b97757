/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/tri.h"

/* Written as tables so that every cell can be read, and is tested. */
static const enum vc_tri and_table[3][3] = {
	[VC_UNKNOWN] = { [VC_UNKNOWN] = VC_UNKNOWN, [VC_NO] = VC_NO, [VC_YES] = VC_UNKNOWN },
	[VC_NO] = { [VC_UNKNOWN] = VC_NO, [VC_NO] = VC_NO, [VC_YES] = VC_NO },
	[VC_YES] = { [VC_UNKNOWN] = VC_UNKNOWN, [VC_NO] = VC_NO, [VC_YES] = VC_YES },
};

static const enum vc_tri or_table[3][3] = {
	[VC_UNKNOWN] = { [VC_UNKNOWN] = VC_UNKNOWN, [VC_NO] = VC_UNKNOWN, [VC_YES] = VC_YES },
	[VC_NO] = { [VC_UNKNOWN] = VC_UNKNOWN, [VC_NO] = VC_NO, [VC_YES] = VC_YES },
	[VC_YES] = { [VC_UNKNOWN] = VC_YES, [VC_NO] = VC_YES, [VC_YES] = VC_YES },
};

static const enum vc_tri not_table[3] = {
	[VC_UNKNOWN] = VC_UNKNOWN,
	[VC_NO] = VC_YES,
	[VC_YES] = VC_NO,
};

enum vc_tri
vc_tri_and(enum vc_tri a, enum vc_tri b)
{
	return and_table[a][b];
}

enum vc_tri
vc_tri_or(enum vc_tri a, enum vc_tri b)
{
	return or_table[a][b];
}

enum vc_tri
vc_tri_not(enum vc_tri a)
{
	return not_table[a];
}
