/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where file systems of other machines are mounted. What is below waits for them: even a look at it can hang,
 * and who may do what there is decided elsewhere.
 */
#pragma once

#include <stdbool.h>

#include "host/scan.h"

struct vc_remote_mounts {
	struct vc_buf names; /* one after the other, each with its NUL */
	bool read;
};

/* @text is /proc/mounts. */
void vc_remote_mounts_parse(struct vc_span text, struct vc_remote_mounts *mounts);
/* Those of the running system, once. */
void vc_remote_mounts_read(struct vc_remote_mounts *mounts);
void vc_remote_mounts_release(struct vc_remote_mounts *mounts);

/* Is @path, which holds no link, such a place? */
bool vc_is_remote_mount(const struct vc_remote_mounts *mounts, const char *path);
