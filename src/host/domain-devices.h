/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a domain file of libvirt, or the status file of a running guest, says of the PCI devices it takes.
 * Pure; the text may be anything.
 */
#pragma once

#include "base/buf.h"

struct vc_domain_devices {
	struct vc_buf name, uuid;
	struct vc_buf addresses; /* "0000:01:00.0", separated by commas */
};

/* -EBADMSG: no domain, or no XML. The result is released by the caller in any case. */
int vc_domain_devices_read(const char *text, size_t size, struct vc_domain_devices *devices) _must_check_;
void vc_domain_devices_release(struct vc_domain_devices *devices);
