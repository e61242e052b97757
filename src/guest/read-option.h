/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Options of QEMU, read into the guest model. Private to this room. */
#pragma once

#include "guest/read.h"

typedef void vc_take_option_fn(const struct vc_reader *r, const struct vc_qemu_option *option);

/* What is common to both readers. The last one of several counts, as it does in QEMU. */
vc_take_option_fn vc_take_machine;
vc_take_option_fn vc_take_cpu;
vc_take_option_fn vc_take_device;
vc_take_option_fn vc_take_acpi_table;
/* -device whose queues are spread over several threads */
vc_take_option_fn vc_take_iothread_mapping;
/* -object of a confidential guest */
vc_take_option_fn vc_take_security;
/* Firmware is mapped from flash. */
vc_take_option_fn vc_take_flash;

/* The first of "kvm:tcg". */
void vc_take_accelerator(const struct vc_reader *r, const char *value, const struct vc_qemu_option *option);
void vc_take_irqchip(const struct vc_reader *r, const char *value, const struct vc_qemu_option *option);

/* What -global changes; after all other options. */
void vc_apply_globals(const struct vc_reader *r);
