/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file that a domain names as the ROM of a device. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "host/pci-rom.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vc_pci_rom rom;

	vc_pci_rom_parse(data, size, &rom);
	assert(rom.ids <= VC_PCI_ROM_IDS);
	/* What is announced may lie beyond the end, by less than the longest image; what is there may not. */
	assert(rom.at <= size + (size_t)0xffff * 512);
	assert((rom.fault == VC_PCI_ROM_SOUND) == (vc_pci_rom_fault_text(rom.fault) == NULL));
	assert(rom.ids > 0 || (!rom.x86 && !rom.efi));
	return 0;
}
