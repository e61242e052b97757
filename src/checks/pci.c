/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The assigned devices themselves. */
#include "checks/internal.h"

#include <string.h>

#include "base/number.h"

/* "0000:10:00.0" into its numbers. -EINVAL if it is not a PCI address. */
static int
parse_address(const char *text, struct vc_verdict *verdict)
{
	static const char separator[] = "::.";
	struct vc_fact_number *const part[] = { &verdict->domain, &verdict->bus, &verdict->slot, &verdict->function };
	uint64_t value[4];

	for (size_t i = 0; i < VC_COUNT(part); i++) {
		size_t length = i < 3 ? strcspn(text, ":.") : strlen(text);
		int r;

		if (i < 3 && text[length] != separator[i])
			return -EINVAL;
		r = vc_parse_u64_n(text, length, VC_BASE_HEX, &value[i]);
		if (r < 0)
			return r;
		text += length + 1;
	}
	for (size_t i = 0; i < VC_COUNT(part); i++)
		vc_set_number(part[i], value[i], VC_CHECK_FROM);
	return 0;
}

/*
 * The device does not exist. If it does with the numbers read as hexadecimal, they were copied from lspci:
 * libvirt reads them as C does [libvirt 11.3 src/conf/device_conf.c virPCIDeviceAddressParseXML].
 */
void
check_hostdev_missing(const struct vc_check_input *input, struct vc_verdict *verdict)
{
	const struct vc_hostdev *hostdev = input->each;

	verdict->fails = VC_NO;
	if (hostdev->device.fact.state != VC_ABSENT) {
		(void)vc_verdict_needs(verdict, &hostdev->device.fact);
		return;
	}
	verdict->fails = VC_YES;
	if (vc_known(&hostdev->name_if_hex.fact) && parse_address(hostdev->name_if_hex.value, verdict) == 0)
		verdict->peer = hostdev->name_if_hex;
}
