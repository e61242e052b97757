/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A PCI configuration space as bytes: which capabilities it has, and where. Pure: the bytes come from sysfs
 * or from a capture, may be cut (64 bytes for the unprivileged [linux 6.12 drivers/pci/pci-sysfs.c
 * pci_read_config]) and may be anything.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macro.h"

#define VC_PCI_CONFIG_MAX 4096 /* bytes */

/* Capability ids are 8 bits; of the extended ones (16 bits) only those that are assigned are indexed. */
#define VC_PCI_CAPABILITIES 256
#define VC_PCI_EXTENDED_CAPABILITIES 64

struct vc_pci_config {
	const uint8_t *data; /* borrowed */
	size_t size;
	bool answers;        /* false: reads as all ones, the device is not there any more */
	uint8_t header_type; /* bits 6:0: 0 endpoint, 1 bridge, 2 CardBus bridge, 0x7f no answer */
	int why_not; /* negative errno: why a capability that was not found may exist; 0: it does not */
	int why_not_extended;                     /* the same for extended capabilities */
	uint16_t capability[VC_PCI_CAPABILITIES]; /* offset of the first with this id, 0: not found */
	uint16_t extended[VC_PCI_EXTENDED_CAPABILITIES];
};

/* -EBADMSG: not even the 64 bytes of the header are there. */
int vc_pci_config_parse(const void *data, size_t size, struct vc_pci_config *ret_config) _must_check_;

/*
 * Offset of a capability. -ENOENT: the device does not have it. -EACCES: that part is not shown to this user.
 * -EIO: the device does not answer. -EBADMSG: the list makes no sense. -EOPNOTSUPP: the kernel does not reach
 * the extended configuration space of this device.
 */
int vc_pci_config_find(const struct vc_pci_config *config, unsigned id, unsigned *ret_offset) _must_check_;
int vc_pci_config_find_extended(const struct vc_pci_config *config, unsigned id,
				unsigned *ret_offset) _must_check_;

/* -EBADMSG beyond the end. */
int vc_pci_config_u16(const struct vc_pci_config *config, unsigned offset, uint16_t *ret_value) _must_check_;
int vc_pci_config_u32(const struct vc_pci_config *config, unsigned offset, uint32_t *ret_value) _must_check_;

/*
 * Properties that take more than finding a capability. Errors as above; -ENOENT: no such capability.
 */

/* PCIe DEVCAP bit 28, or Advanced Features with both TP and FLR; never -ENOENT. */
int vc_pci_config_flr(const struct vc_pci_config *config, bool *ret_flr) _must_check_;
/* PMCSR NoSoftRst is 0. */
int vc_pci_config_pm_reset(const struct vc_pci_config *config, bool *ret_reset) _must_check_;
int vc_pci_config_msi_enabled(const struct vc_pci_config *config, bool *ret_enabled) _must_check_;
int vc_pci_config_msix_enabled(const struct vc_pci_config *config, bool *ret_enabled) _must_check_;
int vc_pci_config_ats_enabled(const struct vc_pci_config *config, bool *ret_enabled) _must_check_;
/* Sizes the BAR can be given, bit n: 2^n MiB. -ENOENT: this BAR cannot be resized. */
int vc_pci_config_bar_sizes(const struct vc_pci_config *config, unsigned bar,
			    uint64_t *ret_sizes) _must_check_;
