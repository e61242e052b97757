/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The beginning of a disk image: its format, and what its first sector would start. Pure: bytes come from a function,
 * and may be anything. Of a qcow2 image no more is read than what leads to that sector.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macro.h"

#define VC_SECTOR_SIZE ((size_t)512)

/* Reads @size bytes at @offset; a negative errno, or -EBADMSG when there are not as many. */
typedef int vc_disk_read_fn(void *context, uint64_t offset, void *buffer, size_t size);

struct vc_disk_image {
	bool qcow2;      /* otherwise raw, whatever is in it */
	int sector;      /* 0: the following is known; else a positive errno */
	bool signature;  /* ends in 55 aa, without which no BIOS starts it */
	bool efi_layout; /* its partition table is the protective one of GPT, or holds an EFI system partition */
	bool boot_code;  /* there is something where BIOS jumps to */
	bool uefi_notice; /* and that holds the word UEFI: it only says what is needed */
};

/* -errno if not even the format can be told. */
int vc_disk_image_look(vc_disk_read_fn *read, void *context, struct vc_disk_image *ret_image) _must_check_;

/* [qemu 10.0.13 block/qcow2.c qcow2_do_open] */
#define VC_BACKING_NAME_MAX ((size_t)1023)

/* What a qcow2 image is on top of. */
struct vc_disk_backing {
	char name[VC_BACKING_NAME_MAX + 1]; /* as written; "" without a backing file */
	bool formatted;                     /* the image says in which format that is */
	bool qcow2;                         /* and it is qcow2 */
};

/* -EBADMSG: not a qcow2 image, or one that is damaged there. */
int vc_disk_image_backing(vc_disk_read_fn *read, void *context, struct vc_disk_backing *ret_backing) _must_check_;
