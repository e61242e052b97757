/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Facts out of the values of QEMU's options, with their place. Private to this room. */
#pragma once

#include "guest/guest-input.h"

/* Puts @fact where @option stands. */
void vc_option_at(struct vc_fact *fact, const struct vc_qemu_option *option);

/* @value holds something that only a shell could replace. */
bool vc_option_is_open(const struct vc_qemu_option *option, const char *value);

/* The flag @key is written, and is @flag. */
bool vc_option_says(const struct vc_qemu_option *option, const char *key, bool flag);

/* An empty text is absent; what cannot be understood, or holds a variable, is unreadable. */
void vc_option_text(struct vc_fact_text *fact, const char *value, const struct vc_qemu_option *option);
void vc_option_flag(struct vc_fact_flag *fact, const char *value, const struct vc_qemu_option *option);
void vc_option_number(struct vc_fact_number *fact, const char *value, const struct vc_qemu_option *option);
void vc_option_size(struct vc_fact_number *fact, const char *value, const struct vc_qemu_option *option);

/* The flag @key of a device, absent if it is not written. */
void vc_option_device_flag(struct vc_fact_flag *fact, const char *key, const struct vc_qemu_option *option);
void vc_option_device_flag_or(struct vc_fact_flag *fact, const char *key, bool assumed,
			      const struct vc_qemu_option *option);
