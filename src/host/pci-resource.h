/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file `resource` of a PCI device: three hexadecimal numbers a line. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/macro.h"

/*
 * Lines 0 to 5 are the BARs, 6 is the expansion ROM [linux 6.12 include/linux/pci.h PCI_STD_RESOURCES,
 * PCI_ROM_RESOURCE]. What follows (VF BARs, bridge windows) is not looked at.
 */
#define VC_PCI_BARS 6
#define VC_PCI_ROM 6
#define VC_PCI_RESOURCES 7

/* [linux 6.12 include/linux/ioport.h IORESOURCE_*] */
#define VC_RESOURCE_ROM_SHADOW UINT64_C(0x2)
#define VC_RESOURCE_MEMORY UINT64_C(0x200)
#define VC_RESOURCE_PREFETCH UINT64_C(0x2000)
#define VC_RESOURCE_MEMORY_64 UINT64_C(0x100000)
#define VC_RESOURCE_DISABLED UINT64_C(0x10000000)
#define VC_RESOURCE_UNSET UINT64_C(0x20000000)

struct vc_pci_resource {
	uint64_t first, last; /* bytes, last included; last may be below first in a garbled file */
	uint64_t flags;       /* 0: this resource is not in use */
};

/* -EBADMSG: fewer than seven lines, or one of them is not three numbers. */
int vc_pci_resource_parse(const char *text, size_t size,
			  struct vc_pci_resource ret_resource[VC_PCI_RESOURCES]) _must_check_;
