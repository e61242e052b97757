/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Extended attributes, of which an access control list is one; a system without the calls has none to keep. */
#pragma once

#include "base/macro.h"

/* Gives @to those of the file @from. Negative errno if one that a person may have set cannot be kept. */
int vc_copy_attributes(const char *from, int to) _must_check_;
