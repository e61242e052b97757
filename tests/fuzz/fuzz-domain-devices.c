/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file of another guest. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "host/domain-devices.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vc_domain_devices devices;

	if (vc_domain_devices_read((const char *)data, size, &devices) == 0) {
		assert(devices.name.length > 0);
		/* Addresses of 12 characters, and commas between them. */
		assert(devices.addresses.length == 0 || (devices.addresses.length + 1) % strlen("0000:01:00.0,") == 0);
	}
	vc_domain_devices_release(&devices);
	return 0;
}
