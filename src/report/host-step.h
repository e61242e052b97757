/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files that make host fixes share: host-fix.c and host-kernel.c. */
#pragma once

#include "base/buf.h"
#include "report/host-fix.h"

/* Files of ours are told apart by their name, one for each setting, so that writing one again changes nothing. */
#define VC_HOST_PREFIX "vhostcheck-"

/* Nothing in it means anything to a shell, to sed between '~' or '|', to GRUB's configuration or to YAML. */
bool vc_host_is_plain(const char *text, bool sketch);
/* As part of a file name. */
const char *vc_host_name_part(struct vc_arena *arena, const char *text);

/* VC_VERB_KERNEL with plain words. */
void vc_host_make_kernel(const struct vc_host_setting *setting, const struct vc_boot_way *way, bool sketch,
			 struct vc_arena *arena, struct vc_host_step *step);
/* Where nobody knows what boots the host, or it is done by hand there: all forms, briefly. */
const char *vc_host_kernel_words(const struct vc_host_setting *setting, struct vc_arena *arena);
