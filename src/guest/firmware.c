/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of the guest's firmware, looked up on the host. */
#include "guest/derive.h"

void
vc_derive_firmware(const struct vc_deriver *d)
{
	struct vc_firmware_use *uses = d->guest->firmware_file.item;

	for (size_t i = 0; i < d->guest->firmware_file.count; i++) {
		struct vc_firmware_use *use = &uses[i];
		const struct vc_firmware *file;

		if (!vc_known(&use->path.fact)) {
			vc_set_unknown_like(&use->file.fact, &use->path.fact);
			continue;
		}
		file = vc_host_find_firmware(d->host, use->path.value);
		if (file)
			vc_set_ref(&use->file, file, use->path.fact.from);
		else if (vc_known(&d->host->firmware.fact) || d->host->firmware.fact.state == VC_ABSENT)
			/* A list that was made without this record proves nothing about it. */
			vc_set_unreadable(&use->file.fact, VC_ENOTCOLLECTED, d->host->firmware.fact.from);
		else
			vc_set_unknown_like(&use->file.fact, &d->host->firmware.fact);
		vc_fact_place_like(&use->file.fact, &use->path.fact);
	}
}
