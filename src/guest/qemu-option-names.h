/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options that QEMU has, whether this program reads them or not. Private to this room. */
#pragma once

#include <stdbool.h>

/* The option that @argument ("-m", "--m") names; NULL if it names none. */
const char *vc_qemu_option_name(const char *argument, bool *ret_has_argument);
