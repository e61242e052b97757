/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files the user names: domains, rules, cases. Not the host's files: those go through hostfs. */
#pragma once

#include <stddef.h>

#include "base/diag.h"

/* What a domain XML or a rule file may weigh; a real domain has a few kilobytes. */
#define VC_INPUT_MAX ((size_t)16 * 1024 * 1024)

/*
 * Reads @file whole, or standard input for "-". *ret_text is NUL-terminated and lives in @arena. On failure
 * adds a diagnostic and returns a negative errno (-EISDIR, -EFBIG, -ENODATA for an empty one, ...).
 */
int vc_input_read(const char *file, struct vc_arena *arena, struct vc_diags *diags, const char **ret_text,
		  size_t *ret_size) _must_check_;
