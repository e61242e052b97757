/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory on a QEMU command line: -m, -mem-path, memory backends, NUMA nodes, memory devices. Private to this room. */
#pragma once

#include "guest/read-option.h"

vc_take_option_fn vc_qemu_take_memory_size;
vc_take_option_fn vc_qemu_take_mem_path;
/* What -machine says of memory. */
vc_take_option_fn vc_qemu_take_machine_memory;

/* The option that was read last is a memory backend. */
void vc_qemu_add_backend(const struct vc_reader *r, const char *id);

/* After all options: which backend serves what. */
void vc_qemu_settle_memory(const struct vc_reader *r);
