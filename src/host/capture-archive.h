/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes a capture as a .tar.gz in slices (src/host/slices.h). */
#pragma once

#include "host/capture-image.h"

/* Replaces @path at once, or not at all. On failure adds a diagnostic. */
int vc_capture_write_archive(const struct vc_image *image, const char *path,
			     struct vc_diags *diags) _must_check_;
