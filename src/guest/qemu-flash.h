/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Firmware on a QEMU command line: -bios, and every way to give flash. Private to this room. */
#pragma once

#include "guest/read-option.h"

/* -bios, or firmware= of the machine. */
void vc_qemu_take_rom(const struct vc_reader *r, const char *file, const struct vc_qemu_option *option);

/* After all options and vc_qemu_index_blocks(): -pflash, -drive if=pflash, pflash0= and pflash1= of the machine. */
void vc_qemu_settle_flash(const struct vc_reader *r);
