/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Takes out of a capture what tells whose host it is and nothing about how it behaves: UUIDs, hardware
 * addresses of networks, serial numbers, the host's name, names and addresses on the kernel command line.
 * Each becomes a placeholder of the same shape, the same value always the same one within a capture. Paths,
 * names in directories and targets of links stay as they are: questions are asked by them.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/macro.h"

struct vc_redact;

/* @host_name may be NULL or a fully qualified name; borrowed. */
struct vc_redact *vc_redact_new(struct vc_arena *arena, const char *host_name);

/*
 * The bytes at @offset of the file @path (or of an answer such as "uname") as they may leave the host: @data
 * itself if there is nothing to hide, else arena memory. -ENODATA: nothing of it may.
 */
int vc_redact(struct vc_redact *redact, const char *path, uint64_t offset, const char *data, size_t size,
	      const char **ret_data, size_t *ret_size) _must_check_;
