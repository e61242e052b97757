/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The beginning of a disk image that a domain starts from. */
#include <assert.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "host/disk-image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	const uint8_t *data;
	size_t size, reads, most;
};

static int
read_input(void *context, uint64_t offset, void *buffer, size_t size)
{
	struct input *input = context;

	/* A few jumps lead where it has to look, whatever the tables say. */
	assert(++input->reads <= input->most);
	if (offset > input->size || size > input->size - offset)
		return -EBADMSG;
	memcpy(buffer, input->data + offset, size);
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { .data = data, .size = size, .most = 5 };
	struct vc_disk_backing backing;
	struct vc_disk_image image;

	assert(vc_disk_image_look(read_input, &input, &image) == 0);
	assert(image.sector == 0 ||
	       (!image.signature && !image.efi_layout && !image.boot_code && !image.uefi_notice));
	assert(image.qcow2 || image.sector != EOPNOTSUPP);
	assert(!image.uefi_notice || image.boot_code);
	input = (struct input){ .data = data, .size = size, .most = 4 + 32 };
	if (vc_disk_image_backing(read_input, &input, &backing) == 0)
		assert(strlen(backing.name) <= VC_BACKING_NAME_MAX && (backing.formatted || !backing.qcow2));
	return 0;
}
