/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Expansion ROMs: as bytes, and as files of a host. */
#include "host-tree.h"

#include <errno.h>
#include <string.h>

#include "host/pci-rom.h"

#define SECTOR 512
#define ROM_PATH "/srv/card.rom"

struct bytes {
	uint8_t byte[8 * SECTOR];
};

static void
put16(struct bytes *rom, size_t at, unsigned value)
{
	rom->byte[at] = (uint8_t)value;
	rom->byte[at + 1] = (uint8_t)(value >> 8);
}

/* An image of @sectors at sector @first, for 10de:1184. */
static void
put_image(struct bytes *rom, size_t first, unsigned sectors, unsigned type, bool last)
{
	size_t at = first * SECTOR, pcir = at + 0x40;

	put16(rom, at, 0xaa55);
	rom->byte[at + 2] = (uint8_t)sectors;
	put16(rom, at + 0x18, 0x40);
	if (type == 3)
		put16(rom, at + 4, 0x0ef1);
	memcpy(rom->byte + pcir, "PCIR", 4);
	put16(rom, pcir + 4, 0x10de);
	put16(rom, pcir + 6, 0x1184);
	put16(rom, pcir + 0x0a, 0x18);
	put16(rom, pcir + 0x10, sectors);
	rom->byte[pcir + 0x14] = (uint8_t)type;
	rom->byte[pcir + 0x15] = last ? 0x80 : 0;
}

static struct vc_pci_rom
parse(const struct bytes *rom, size_t size)
{
	struct vc_pci_rom parsed;

	vc_pci_rom_parse(rom->byte, size, &parsed);
	return parsed;
}

static void
test_sound(void **state)
{
	struct bytes rom = { { 0 } };
	struct vc_pci_rom parsed;

	(void)state;
	put_image(&rom, 0, 2, 0, false);
	put_image(&rom, 2, 3, 3, true);
	parsed = parse(&rom, 5 * SECTOR);
	assert_int_equal(parsed.fault, VC_PCI_ROM_SOUND);
	assert_null(vc_pci_rom_fault_text(parsed.fault));
	assert_true(parsed.x86);
	assert_true(parsed.efi);
	assert_int_equal(parsed.ids, 1);
	assert_int_equal(parsed.id[0], 0x10de1184);
	/* What follows the last image belongs to nobody. */
	assert_int_equal(parse(&rom, sizeof(rom.byte)).fault, VC_PCI_ROM_SOUND);

	/* Type 3 without the EFI signature is no driver. */
	put16(&rom, 2 * SECTOR + 4, 0x0ef0);
	assert_false(parse(&rom, 5 * SECTOR).efi);
	put16(&rom, 2 * SECTOR + 4, 0x0ef1);
	put16(&rom, 2 * SECTOR + 6, 1);
	assert_false(parse(&rom, 5 * SECTOR).efi);

	memset(&rom, 0, sizeof(rom));
	put_image(&rom, 0, 2, 3, true);
	parsed = parse(&rom, 2 * SECTOR);
	assert_false(parsed.x86);
	assert_true(parsed.efi);
	/* Other types, Open Firmware and HP-UX, are neither. */
	rom.byte[0x40 + 0x14] = 1;
	parsed = parse(&rom, 2 * SECTOR);
	assert_false(parsed.x86 || parsed.efi);
}

static void
test_gap(void **state)
{
	struct bytes rom = { { 0 } };
	struct vc_pci_rom parsed;

	(void)state;
	/* edk2 steps over sectors that begin no image. */
	put_image(&rom, 0, 2, 0, false);
	put_image(&rom, 4, 1, 3, true);
	parsed = parse(&rom, 5 * SECTOR);
	assert_int_equal(parsed.fault, VC_PCI_ROM_SOUND);
	assert_true(parsed.efi);
}

static void
test_faults(void **state)
{
	struct bytes rom = { { 0 } };
	struct vc_pci_rom parsed;

	(void)state;
	assert_int_equal(parse(&rom, 0).fault, VC_PCI_ROM_NO_IMAGE);
	assert_int_equal(parse(&rom, sizeof(rom.byte)).fault, VC_PCI_ROM_NO_IMAGE);
	memset(&rom, 0xff, sizeof(rom));
	assert_int_equal(parse(&rom, sizeof(rom.byte)).fault, VC_PCI_ROM_NO_IMAGE);

	/* The header of an update tool before the first image. */
	memset(&rom, 0, sizeof(rom));
	memcpy(rom.byte, "NVGI", 4);
	put_image(&rom, 3, 1, 0, false);
	put_image(&rom, 4, 1, 3, true);
	parsed = parse(&rom, sizeof(rom.byte));
	assert_int_equal(parsed.fault, VC_PCI_ROM_PREFIXED);
	assert_int_equal(parsed.at, 3 * SECTOR);
	assert_true(parsed.x86 && parsed.efi);

	/* A dump that ends early: inside an image, one byte short, and between images. */
	memset(&rom, 0, sizeof(rom));
	put_image(&rom, 0, 2, 0, false);
	put_image(&rom, 2, 3, 3, true);
	parsed = parse(&rom, 5 * SECTOR - 1);
	assert_int_equal(parsed.fault, VC_PCI_ROM_TRUNCATED);
	assert_int_equal(parsed.at, 2 * SECTOR);
	parsed = parse(&rom, 2 * SECTOR);
	assert_int_equal(parsed.fault, VC_PCI_ROM_INCOMPLETE);
	assert_int_equal(parsed.at, 2 * SECTOR);
	assert_false(parsed.efi);
	assert_true(parsed.x86);

	/* An image without a length, and not the last. */
	put16(&rom, 0x40 + 0x10, 0);
	assert_int_equal(parse(&rom, sizeof(rom.byte)).fault, VC_PCI_ROM_INCOMPLETE);
}

static void
test_description(void **state)
{
	static const unsigned offset[] = { 0, 0x41, 0x42, 0x44, 0xfffc };
	struct bytes rom = { { 0 } };

	(void)state;
	for (size_t i = 0; i < VC_COUNT(offset); i++) {
		memset(&rom, 0, sizeof(rom));
		put_image(&rom, 0, 2, 3, true);
		put16(&rom, 0x18, offset[i]);
		assert_int_equal(parse(&rom, 2 * SECTOR).fault, VC_PCI_ROM_NO_DATA);
	}
	/* The structure reaches just to the end, and one byte beyond it. */
	memset(&rom, 0, sizeof(rom));
	put_image(&rom, 0, 0, 0, true);
	assert_int_equal(parse(&rom, 0x40 + 0x18).fault, VC_PCI_ROM_SOUND);
	assert_int_equal(parse(&rom, 0x40 + 0x17).fault, VC_PCI_ROM_NO_DATA);
	assert_int_equal(parse(&rom, 0x19).fault, VC_PCI_ROM_NO_IMAGE);
}

static void
test_device_list(void **state)
{
	struct bytes rom = { { 0 } };
	struct vc_pci_rom parsed;

	(void)state;
	put_image(&rom, 0, 2, 0, true);
	put16(&rom, 0x40 + 8, 0x20);
	put16(&rom, 0x60, 0x1185);
	put16(&rom, 0x62, 0x1184);
	/* Before revision 3 these bytes meant something else. */
	assert_int_equal(parse(&rom, 2 * SECTOR).ids, 1);
	rom.byte[0x40 + 0x0c] = 3;
	parsed = parse(&rom, 2 * SECTOR);
	assert_int_equal(parsed.ids, 2);
	assert_int_equal(parsed.id[1], 0x10de1185);
	/* A list without an end. */
	for (size_t at = 0x60; at < 2 * SECTOR; at += 2)
		put16(&rom, at, (unsigned)at | 1);
	assert_int_equal(parse(&rom, 2 * SECTOR).ids, VC_PCI_ROM_IDS);
}

/* --- files of a host --- */

static const struct vc_rom *
probe(struct tree *tree, const char *path)
{
	const char *const paths[] = { path, path };
	const struct vc_host_request request = { .areas = VC_AREA_ROM, .rom = paths, .roms = 2 };
	const struct vc_host *host = tree_probe_request(tree, &request);

	/* Named twice, read once. */
	assert_int_equal(host->rom.count, 1);
	assert_null(vc_host_find_rom(host, "/srv/other.rom"));
	return vc_host_find_rom(host, path);
}

static void
test_file(void **state)
{
	struct tree *tree = tree_new(false);
	struct bytes bytes = { { 0 } };
	const struct vc_rom *rom;

	(void)state;
	put_image(&bytes, 0, 2, 0, true);
	tree_file_n(tree, ROM_PATH, (const char *)bytes.byte, 2 * SECTOR);
	rom = probe(tree, ROM_PATH);
	assert_known_number(rom->size, 2 * SECTOR);
	assert_absent(rom->fault);
	assert_absent(rom->fault_at);
	assert_known_flag(rom->x86, true);
	assert_known_flag(rom->efi, false);
	assert_int_equal(rom->ids.count, 1);
	assert_string_equal(rom->ids.word[0], "10de:1184");
	tree_free(tree);

	tree = tree_new(false);
	tree_file(tree, ROM_PATH, "<html>");
	rom = probe(tree, ROM_PATH);
	assert_known_text(rom->fault, vc_pci_rom_fault_text(VC_PCI_ROM_NO_IMAGE));
	assert_known_number(rom->fault_at, 0);
	assert_known_flag(rom->x86, false);
	tree_free(tree);

	/* What begins as a text is not read any further. */
	memset(&bytes, 0, sizeof(bytes));
	put_image(&bytes, 1, 1, 0, true);
	memcpy(bytes.byte, "root", 4);
	tree = tree_new(false);
	tree_file_n(tree, ROM_PATH, (const char *)bytes.byte, 2 * SECTOR);
	rom = probe(tree, ROM_PATH);
	assert_known_text(rom->fault, vc_pci_rom_fault_text(VC_PCI_ROM_NO_IMAGE));
	assert_known_number(rom->size, 2 * SECTOR);
	tree_free(tree);

	memcpy(bytes.byte, "NVGI", 4);
	tree = tree_new(false);
	tree_file_n(tree, ROM_PATH, (const char *)bytes.byte, 2 * SECTOR);
	rom = probe(tree, ROM_PATH);
	assert_known_text(rom->fault, vc_pci_rom_fault_text(VC_PCI_ROM_PREFIXED));
	assert_known_number(rom->fault_at, SECTOR);
	tree_free(tree);
}

static void
test_no_file(void **state)
{
	struct tree *tree = tree_new(true);
	const struct vc_rom *rom;

	(void)state;
	tree_line(tree, "stat absent " ROM_PATH);
	rom = probe(tree, ROM_PATH);
	assert_absent(rom->size);
	assert_unreadable(rom->fault, ENOENT);
	assert_unreadable(rom->efi, ENOENT);
	tree_free(tree);

	/* QEMU looks for such names in directories of its own. */
	tree = tree_new(true);
	rom = probe(tree, "card.rom");
	assert_unreadable(rom->size, VC_ERELATIVE);
	assert_unreadable(rom->fault, VC_ERELATIVE);
	tree_free(tree);

	/* A directory. */
	tree = tree_new(false);
	tree_file(tree, "/srv/dir/file", "");
	rom = probe(tree, "/srv/dir");
	assert_unreadable(rom->size, VC_EGARBLED);
	assert_unreadable(rom->fault, VC_EGARBLED);
	tree_free(tree);

	/* An empty file is there. */
	tree = tree_new(false);
	tree_file(tree, ROM_PATH, "");
	rom = probe(tree, ROM_PATH);
	assert_known_number(rom->size, 0);
	assert_known_text(rom->fault, vc_pci_rom_fault_text(VC_PCI_ROM_NO_IMAGE));
	tree_free(tree);

	tree = tree_new(true);
	tree_line(tree, "stat EACCES " ROM_PATH);
	rom = probe(tree, ROM_PATH);
	assert_unreadable(rom->size, EACCES);
	assert_unreadable(rom->fault, EACCES);
	assert_unreadable(rom->ids, EACCES);
	tree_free(tree);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sound),       cmocka_unit_test(test_gap),
		cmocka_unit_test(test_faults),      cmocka_unit_test(test_description),
		cmocka_unit_test(test_device_list), cmocka_unit_test(test_file),
		cmocka_unit_test(test_no_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
