/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Block devices of a QEMU command line: what a disk or flash has below it. Private to this room. */
#pragma once

#include "guest/read-option.h"

struct vc_qemu_block {
	const struct vc_qemu_option *option; /* -drive or -blockdev, where the file stands */
	const char *file;                    /* NULL: it is none, or cannot be told */
	const char *format;                  /* NULL: QEMU looks into the file */
	const char *type;                    /* as a domain calls it: file, block, network, nvme, vhostvdpa */
};

/* What -drive itself says; after vc_qemu_index_blocks(). */
void vc_qemu_read_drive(const struct vc_reader *r, const struct vc_qemu_option *drive, struct vc_qemu_block *ret_block);

/* A plain name: -hda FILE, -pflash FILE. */
void vc_qemu_read_image(const struct vc_qemu_option *option, const char *file, struct vc_qemu_block *ret_block);

/* After all options: finds every -drive with an id, and every -blockdev. */
void vc_qemu_index_blocks(const struct vc_reader *r);

/* The -drive of this id, or the -blockdev of this node name. False if there is neither. */
bool vc_qemu_find_block(const struct vc_reader *r, const char *name, struct vc_qemu_block *ret_block);
