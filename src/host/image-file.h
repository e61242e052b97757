/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of disks, as they lie on the running system. */
#pragma once

#include "base/buf.h"
#include "host/remote-mounts.h"

/*
 * Opens the regular file at @path; looked at before, because opening a device can do something, and a pipe
 * makes one wait. A descriptor, or a negative errno.
 */
int vc_image_open(const char *path, uint64_t *ret_size) _must_check_;

/* A vc_disk_read_fn; the context is the descriptor. */
int vc_image_read(void *fd, uint64_t offset, void *buffer, size_t size);

/*
 * Adds one line on what the qcow2 image at @image, open as @fd, is on top of: "backing complete", "backing
 * missing FILE", "backing unformatted FILE" or, where that is not to be told, "backing unknown".
 */
void vc_image_chain(const char *image, int fd, const struct vc_remote_mounts *mounts, struct vc_buf *answer);
