/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * QEMU's option syntax, as far as the guest model needs it: "-option key=value,..." and the JSON objects that
 * -device and -object take. Private to this room.
 */
#pragma once

#include "base/arena.h"
#include "base/fact.h"

struct vc_qemu_property {
	const char *key;   /* '_' written as '-', so that kernel_irqchip and kernel-irqchip are one */
	const char *value; /* "on" for a bare flag */
};

/* One option with its argument taken apart. */
struct vc_qemu_option {
	struct vc_place place;
	const char *from;     /* source of the facts it gives: XPath, or the argument itself */
	bool open;            /* holds $VARIABLE or $(command), left as it is written */
	const char *name;     /* "device", without dashes */
	const char *argument; /* as written; "" if it has none */
	struct vc_qemu_property *property;
	size_t properties;
};

struct vc_qemu_args {
	struct vc_qemu_option *option;
	size_t options;
};

/*
 * Takes @argument apart. @implied names the key of a first item without '=' (NULL: it is a flag like any
 * other). A JSON object gives its scalar members, those of objects in it as "outer.inner" and a list of scalars as one
 * text with commas. -EBADMSG if it is no such text.
 */
int vc_qemu_option_parse(struct vc_arena *arena, const char *argument, const char *implied,
			 struct vc_qemu_option *option) _must_check_;

/* The last value of @key, which is the one QEMU uses; NULL if it is not written. */
const char *vc_qemu_option_get(const struct vc_qemu_option *option, const char *key);

/* Value of "-global DRIVER.PROPERTY=VALUE" (or driver=,property=,value=), the last one; NULL if not written.
 */
const char *vc_qemu_args_global(const struct vc_qemu_args *args, const char *driver, const char *property,
				const struct vc_qemu_option **ret_option);

/* QEMU's own flag words. -EINVAL for anything else. */
int vc_qemu_flag(const char *value, bool *ret_flag) _must_check_;

/* "4G", "2048M", "65536": bytes. */
int vc_qemu_size(const char *value, uint64_t *ret_size) _must_check_;
