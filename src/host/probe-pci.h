/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facts of PCI devices, from sysfs. Only the devices asked for are detailed. Of the other members of their
 * IOMMU groups no more is read than whether they stand in the way: address, ids, class, header type, driver.
 */
#pragma once

#include "host/host.h"
#include "host/hostfs.h"

/* After the kernel probe: what a missing file means depends on the version. */
void vc_probe_pci(struct vc_hostfs *fs, const struct vc_host_request *request, struct vc_host *host);

/* "0000:03:00.0": lower case, a domain of at least four digits, as the kernel names devices. */
bool vc_pci_address_valid(const char *address);
