/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Versions of QEMU, libvirt, kernels and machine types: up to four numbers, missing ones are 0. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macro.h"

struct vc_version {
	uint32_t part[4];
};

/* The whole of @text is a version: "10.0.13", "9.1". -EINVAL otherwise. */
int vc_version_parse(const char *text, struct vc_version *ret_version) _must_check_;

/* @text begins with a version: "6.12.107+deb13-amd64". -EINVAL if it does not begin with "N.N". */
int vc_version_parse_prefix(const char *text, struct vc_version *ret_version) _must_check_;

/* <0, 0, >0 as a is older than, the same as, newer than b. */
int vc_version_compare(struct vc_version a, struct vc_version b);

static inline bool
vc_version_at_least(struct vc_version version, uint32_t major, uint32_t minor)
{
	return vc_version_compare(version, (struct vc_version){ { major, minor } }) >= 0;
}

/* "9.2", "6.12.107": at least two numbers, no trailing zeros beyond them. */
#define VC_VERSION_TEXT_MAX 48
void vc_version_format(struct vc_version version, char text[VC_VERSION_TEXT_MAX]);
