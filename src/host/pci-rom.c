/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/pci-rom.h"

#include <string.h>

/*
 * The header of an image and the structure behind it [linux 6.12 drivers/pci/rom.c; edk2
 * MdePkg/Include/IndustryStandard/Pci22.h, Pci30.h].
 */
enum {
	SECTOR = 512, /* images begin at multiples of it, and their lengths are counted in it */
	HEADER = 0x1a,
	HEADER_EFI_SIGNATURE = 0x04, /* of an EFI image, 32 bits */
	HEADER_PCIR = 0x18,
	EFI_SIGNATURE = 0x0ef1,

	PCIR = 0x18, /* bytes of its first revision */
	PCIR_VENDOR = 0x04,
	PCIR_DEVICE = 0x06,
	PCIR_DEVICE_LIST = 0x08, /* revision 3 and later */
	PCIR_REVISION = 0x0c,
	PCIR_IMAGE_LENGTH = 0x10,
	PCIR_CODE_TYPE = 0x14,
	PCIR_INDICATOR = 0x15, /* bit 7: the last image */

	CODE_X86 = 0,
	CODE_EFI = 3,
};

struct bytes {
	const uint8_t *data;
	size_t size;
};

static bool
has(const struct bytes *rom, size_t at, size_t count)
{
	return at <= rom->size && count <= rom->size - at;
}

/* @at and what follows must be there. */
static unsigned
u16(const struct bytes *rom, size_t at)
{
	return rom->data[at] | (unsigned)rom->data[at + 1] << 8;
}

static bool
is_signed(const struct bytes *rom, size_t at)
{
	return has(rom, at, HEADER) && u16(rom, at) == 0xaa55;
}

/* The description of the image at @image. edk2 takes only aligned ones [PciOptionRomSupport.c LoadOpRomImage]. */
static bool
find_pcir(const struct bytes *rom, size_t image, size_t *ret_at)
{
	size_t offset = u16(rom, image + HEADER_PCIR);

	if (offset == 0 || offset % 4 != 0 || !has(rom, image + offset, PCIR) ||
	    memcmp(rom->data + image + offset, "PCIR", 4) != 0)
		return false;
	*ret_at = image + offset;
	return true;
}

/* The next sector from @at on where an image begins. edk2 steps over what is none, once it has found the first. */
static bool
find_image(const struct bytes *rom, size_t at, size_t *ret_image)
{
	size_t pcir;

	for (; has(rom, at, HEADER); at += SECTOR) {
		if (is_signed(rom, at) && find_pcir(rom, at, &pcir)) {
			*ret_image = at;
			return true;
		}
	}
	return false;
}

static void
add_id(struct vc_pci_rom *ret, unsigned vendor, unsigned device)
{
	uint32_t id = (uint32_t)vendor << 16 | device;

	for (size_t i = 0; i < ret->ids; i++) {
		if (ret->id[i] == id)
			return;
	}
	if (ret->ids < VC_COUNT(ret->id))
		ret->id[ret->ids++] = id;
}

static void
add_ids(const struct bytes *rom, size_t pcir, struct vc_pci_rom *ret)
{
	unsigned vendor = u16(rom, pcir + PCIR_VENDOR);
	size_t list = u16(rom, pcir + PCIR_DEVICE_LIST);

	add_id(ret, vendor, u16(rom, pcir + PCIR_DEVICE));
	if (rom->data[pcir + PCIR_REVISION] < 3 || list == 0)
		return;
	for (size_t at = pcir + list; has(rom, at, 2) && u16(rom, at) != 0; at += 2) {
		if (ret->ids == VC_COUNT(ret->id))
			return;
		add_id(ret, vendor, u16(rom, at));
	}
}

static void
take_image(const struct bytes *rom, size_t image, size_t pcir, struct vc_pci_rom *ret)
{
	unsigned type = rom->data[pcir + PCIR_CODE_TYPE];

	add_ids(rom, pcir, ret);
	if (type == CODE_X86)
		ret->x86 = true;
	else if (type == CODE_EFI && u16(rom, image + HEADER_EFI_SIGNATURE) == EFI_SIGNATURE &&
		 u16(rom, image + HEADER_EFI_SIGNATURE + 2) == 0)
		ret->efi = true;
}

static void
set_fault(struct vc_pci_rom *ret, enum vc_pci_rom_fault fault, size_t at)
{
	if (ret->fault != VC_PCI_ROM_SOUND)
		return;
	ret->fault = fault;
	ret->at = at;
}

void
vc_pci_rom_parse(const void *data, size_t size, struct vc_pci_rom *ret_rom)
{
	const struct bytes rom = { .data = data, .size = size };
	struct vc_pci_rom ret = { .fault = VC_PCI_ROM_SOUND };
	size_t image, pcir = 0;

	if (!find_image(&rom, 0, &image)) {
		set_fault(&ret, is_signed(&rom, 0) ? VC_PCI_ROM_NO_DATA : VC_PCI_ROM_NO_IMAGE, 0);
		*ret_rom = ret;
		return;
	}
	if (image != 0)
		set_fault(&ret, is_signed(&rom, 0) ? VC_PCI_ROM_NO_DATA : VC_PCI_ROM_PREFIXED, image);
	for (;;) {
		size_t length;

		(void)!find_pcir(&rom, image, &pcir);
		take_image(&rom, image, pcir, &ret);
		length = (size_t)u16(&rom, pcir + PCIR_IMAGE_LENGTH) * SECTOR;
		if (!has(&rom, image, length)) {
			set_fault(&ret, VC_PCI_ROM_TRUNCATED, image);
			break;
		}
		if (rom.data[pcir + PCIR_INDICATOR] & 0x80)
			break;
		/* Without a length nobody knows where it would be. */
		if (length == 0 || !find_image(&rom, image + length, &image)) {
			set_fault(&ret, VC_PCI_ROM_INCOMPLETE, image + length);
			break;
		}
	}
	*ret_rom = ret;
}

const char *
vc_pci_rom_fault_text(enum vc_pci_rom_fault fault)
{
	static const char *const text[] = {
		[VC_PCI_ROM_SOUND] = NULL,
		[VC_PCI_ROM_NO_IMAGE] = "no image begins anywhere in it",
		[VC_PCI_ROM_PREFIXED] = "the first image does not begin at its first byte",
		[VC_PCI_ROM_NO_DATA] = "its first image lacks the structure that describes it",
		[VC_PCI_ROM_TRUNCATED] = "an image is longer than the file",
		[VC_PCI_ROM_INCOMPLETE] = "another image is announced that is not there",
	};

	return fault < VC_COUNT(text) ? text[fault] : NULL;
}
