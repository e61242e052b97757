/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a QEMU command line names by its path. Private to this room. */
#pragma once

#include "guest/qemu-block.h"

/* What the file of a block device is for, and those it is on top of: disk, cdrom, floppy, firmware. */
void vc_qemu_mark_files(const struct vc_reader *r, const char *role, const struct vc_qemu_block *block);

/* After disks and flash. */
void vc_qemu_settle_files(const struct vc_reader *r);
