/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/disk-image.h"

#include <errno.h>
#include <string.h>

/* [qemu 10.0.13 block/qcow2.h QCowHeader; docs/interop/qcow2.rst] */
#define HEADER_SIZE 80
#define HEADER_SIZE_V2 72
#define AT_VERSION 4
#define AT_BACKING 8
#define AT_BACKING_SIZE 16
#define AT_HEADER_LENGTH 100
#define EXTENSION_BACKING_FORMAT 0xe2792aca
/* More than there are kinds of. */
#define EXTENSIONS_MAX 32
#define AT_CLUSTER_BITS 20
#define AT_ENCRYPTION 32
#define AT_L1_SIZE 36
#define AT_L1 40
#define AT_INCOMPATIBLE 72
/* A data file of its own, and entries with parts; what else there is changes nothing for the first sector. */
#define INCOMPATIBLE_DATA_FILE (UINT64_C(1) << 2)
#define INCOMPATIBLE_EXTENDED (UINT64_C(1) << 4)
#define OFFSET_MASK UINT64_C(0x00fffffffffffe00)
#define ENTRY_COMPRESSED (UINT64_C(1) << 62)
#define ENTRY_ZERO UINT64_C(1)

/* [UEFI 2.10 5.2.3 protective MBR, 5.2.2 OS types] */
#define AT_CODE_END 440 /* then a disk signature, and partition entries */
#define AT_TABLE 446
#define ENTRIES 4
#define ENTRY_SIZE 16
#define ENTRY_TYPE 4
#define TYPE_GPT 0xee
#define TYPE_EFI_SYSTEM 0xef
#define AT_SIGNATURE 510

static uint64_t
big_endian(const uint8_t *byte, size_t size)
{
	uint64_t value = 0;

	for (size_t i = 0; i < size; i++)
		value = value << 8 | byte[i];
	return value;
}

static void
look_at_sector(const uint8_t *sector, struct vc_disk_image *image)
{
	image->signature = sector[AT_SIGNATURE] == 0x55 && sector[AT_SIGNATURE + 1] == 0xaa;
	for (size_t i = 0; i < ENTRIES; i++) {
		uint8_t type = sector[AT_TABLE + i * ENTRY_SIZE + ENTRY_TYPE];

		image->efi_layout = image->efi_layout || type == TYPE_GPT || type == TYPE_EFI_SYSTEM;
	}
	for (size_t i = 0; i < AT_CODE_END; i++)
		image->boot_code = image->boot_code || sector[i] != 0;
	image->uefi_notice = memmem(sector, AT_CODE_END, "UEFI", strlen("UEFI")) != NULL;
}

/* Offset of the first cluster; 0: it reads as zeros. -EOPNOTSUPP: it is stored in a way that is not followed.
 */
static int
first_cluster(vc_disk_read_fn *read, void *context, const uint8_t *header, uint64_t *ret_offset)
{
	uint64_t backing = big_endian(header + AT_BACKING, 8), entry;
	uint64_t features =
		big_endian(header + AT_VERSION, 4) >= 3 ? big_endian(header + AT_INCOMPATIBLE, 8) : 0;
	uint8_t raw[8];
	int r;

	if (big_endian(header + AT_ENCRYPTION, 4) != 0 ||
	    (features & (INCOMPATIBLE_DATA_FILE | INCOMPATIBLE_EXTENDED)))
		return -EOPNOTSUPP;
	/* An image of no size. */
	if (big_endian(header + AT_L1_SIZE, 4) == 0)
		return -EBADMSG;
	r = read(context, big_endian(header + AT_L1, 8), raw, sizeof(raw));
	if (r < 0)
		return r;
	entry = big_endian(raw, sizeof(raw)) & OFFSET_MASK;
	if (entry != 0) {
		r = read(context, entry, raw, sizeof(raw));
		if (r < 0)
			return r;
		entry = big_endian(raw, sizeof(raw));
		if (entry & ENTRY_COMPRESSED)
			return -EOPNOTSUPP;
		if (entry & ENTRY_ZERO) {
			*ret_offset = 0;
			return 0;
		}
		entry &= OFFSET_MASK;
	}
	/* What was never written is in the file below, if there is one. */
	if (entry == 0 && backing != 0)
		return -EOPNOTSUPP;
	*ret_offset = entry;
	return 0;
}

int
vc_disk_image_look(vc_disk_read_fn *read, void *context, struct vc_disk_image *ret_image)
{
	struct vc_disk_image image = { .qcow2 = false };
	uint8_t header[HEADER_SIZE] = { 0 }, sector[VC_SECTOR_SIZE] = { 0 };
	uint64_t offset = 0, version;
	int r = read(context, 0, header, AT_VERSION + 4);

	/* What is shorter is neither a qcow2 image nor a disk. */
	if (r < 0 && r != -EBADMSG)
		return r;
	version = big_endian(header + AT_VERSION, 4);
	image.qcow2 = r == 0 && memcmp(header, "QFI\xfb", 4) == 0 && version >= 2;
	if (!image.qcow2) {
		r = read(context, 0, sector, sizeof(sector));
	} else {
		r = read(context, 0, header, version >= 3 ? HEADER_SIZE : HEADER_SIZE_V2);
		if (r == 0)
			r = first_cluster(read, context, header, &offset);
		if (r == 0 && offset != 0)
			r = read(context, offset, sector, sizeof(sector));
	}
	if (r < 0)
		image.sector = -r;
	else
		look_at_sector(sector, &image);
	*ret_image = image;
	return 0;
}

/* Extensions stand between the header and the name of the backing file [qemu 10.0.13 block/qcow2.c
 * qcow2_read_extensions]. */
static int
read_backing_format(vc_disk_read_fn *read, void *context, uint64_t at, uint64_t end, struct vc_disk_backing *backing)
{
	uint8_t head[8];
	char format[sizeof("qcow2") - 1];

	for (size_t i = 0; i < EXTENSIONS_MAX && at + sizeof(head) <= end; i++) {
		uint64_t kind, size;
		int r = read(context, at, head, sizeof(head));

		if (r < 0)
			return r;
		kind = big_endian(head, 4);
		size = big_endian(head + 4, 4);
		at += sizeof(head);
		if (kind == 0 || size > end - at)
			return 0;
		if (kind == EXTENSION_BACKING_FORMAT) {
			backing->formatted = true;
			if (size != sizeof(format))
				return 0;
			r = read(context, at, format, sizeof(format));
			backing->qcow2 = r == 0 && memcmp(format, "qcow2", sizeof(format)) == 0;
			return r;
		}
		at += (size + 7) & ~UINT64_C(7);
	}
	return 0;
}

int
vc_disk_image_backing(vc_disk_read_fn *read, void *context, struct vc_disk_backing *ret_backing)
{
	struct vc_disk_backing backing = { .name = "" };
	uint8_t header[HEADER_SIZE_V2], length[4];
	uint64_t at, size, extensions = HEADER_SIZE_V2;
	int r = read(context, 0, header, sizeof(header));

	if (r < 0)
		return r;
	if (memcmp(header, "QFI\xfb", 4) != 0 || big_endian(header + AT_VERSION, 4) < 2)
		return -EBADMSG;
	if (big_endian(header + AT_VERSION, 4) >= 3) {
		r = read(context, AT_HEADER_LENGTH, length, sizeof(length));
		if (r < 0)
			return r;
		extensions = big_endian(length, sizeof(length));
	}
	at = big_endian(header + AT_BACKING, 8);
	size = big_endian(header + AT_BACKING_SIZE, 4);
	if (at != 0 && size > VC_BACKING_NAME_MAX)
		return -EBADMSG;
	if (at != 0 && size > 0) {
		r = read(context, at, backing.name, (size_t)size);
		if (r == 0)
			r = read_backing_format(read, context, extensions, at, &backing);
		if (r < 0)
			return r;
	}
	*ret_backing = backing;
	return 0;
}
