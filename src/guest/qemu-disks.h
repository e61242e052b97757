/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Disks of a QEMU command line. Private to this room. */
#pragma once

#include "guest/read-option.h"

/* After all options, vc_qemu_index_blocks() and the name of the machine. */
void vc_qemu_settle_disks(const struct vc_reader *r);
