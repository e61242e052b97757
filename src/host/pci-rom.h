/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A PCI expansion ROM as bytes: which images it holds, and whether firmware would find them. Pure: the bytes are
 * a file that somebody downloaded or dumped, and may be anything.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macro.h"

/* No expansion ROM is larger: its BAR has 24 address bits at most [PCI Local Bus 3.0, 6.2.5.2]. */
#define VC_PCI_ROM_MAX ((size_t)16 * 1024 * 1024)

/* Images and the ids they name; what is beyond is not looked at. */
#define VC_PCI_ROM_IDS 64

enum vc_pci_rom_fault {
	VC_PCI_ROM_SOUND,
	VC_PCI_ROM_NO_IMAGE,   /* no image anywhere */
	VC_PCI_ROM_PREFIXED,   /* the first image does not begin at byte 0, where firmware looks */
	VC_PCI_ROM_NO_DATA,    /* an image without the structure that describes it (PCIR) */
	VC_PCI_ROM_TRUNCATED,  /* an image is longer than the file */
	VC_PCI_ROM_INCOMPLETE, /* another image is announced, and is not there */
};

struct vc_pci_rom {
	enum vc_pci_rom_fault fault; /* the first one */
	size_t at;                   /* the byte it is about */
	bool x86;                    /* there is an image for BIOS (code type 0) */
	bool efi;                    /* there is an image for UEFI (code type 3 with the EFI signature) */
	uint32_t id[VC_PCI_ROM_IDS]; /* vendor << 16 | device */
	size_t ids;
};

/* What is found behind a prefix counts as images, too. */
void vc_pci_rom_parse(const void *data, size_t size, struct vc_pci_rom *ret_rom);

/* "the file holds no image", or NULL for a sound ROM. */
const char *vc_pci_rom_fault_text(enum vc_pci_rom_fault fault);
