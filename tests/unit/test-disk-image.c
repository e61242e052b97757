/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Disk images: as bytes, and as files of a host. */
#include "host-tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/disk-image.h"

#define CLUSTER 512 /* the smallest there is */

struct bytes {
	uint8_t byte[8 * CLUSTER];
	size_t size, reads;
};

static int
read_bytes(void *context, uint64_t offset, void *buffer, size_t size)
{
	struct bytes *bytes = context;

	bytes->reads++;
	if (offset > bytes->size || size > bytes->size - offset)
		return -EBADMSG;
	memcpy(buffer, bytes->byte + offset, size);
	return 0;
}

static struct vc_disk_image
look(struct bytes *bytes)
{
	struct vc_disk_image image;

	assert_int_equal(vc_disk_image_look(read_bytes, bytes, &image), 0);
	return image;
}

static void
put(struct bytes *bytes, size_t at, uint64_t value, size_t size)
{
	for (size_t i = 0; i < size; i++)
		bytes->byte[at + i] = (uint8_t)(value >> (8 * (size - 1 - i)));
}

/* A sector with partition type @type (0: none), @code at its beginning, and the signature. */
static void
put_sector(struct bytes *bytes, size_t at, uint8_t type, const char *code)
{
	memcpy(bytes->byte + at, code, strlen(code));
	bytes->byte[at + 450] = type;
	bytes->byte[at + 510] = 0x55;
	bytes->byte[at + 511] = 0xaa;
}

/* Header, first level at cluster 1, second at cluster 2, first cluster of the disk at 3. */
static void
put_qcow2(struct bytes *bytes, unsigned version)
{
	*bytes = (struct bytes){ .size = sizeof(bytes->byte) };
	memcpy(bytes->byte, "QFI\xfb", 4);
	put(bytes, 4, version, 4);
	put(bytes, 20, 9, 4);
	put(bytes, 24, 1 << 20, 8);
	put(bytes, 36, 1, 4);
	put(bytes, 40, CLUSTER, 8);
	put(bytes, CLUSTER, UINT64_C(1) << 63 | 2 * CLUSTER, 8);
	put(bytes, 2 * CLUSTER, UINT64_C(1) << 63 | 3 * CLUSTER, 8);
	put_sector(bytes, 3 * CLUSTER, 0xee, "");
}

static void
raw(void **state)
{
	struct bytes bytes = { .size = 1024 };
	struct vc_disk_image image;

	(void)state;
	image = look(&bytes);
	assert_false(image.qcow2);
	assert_int_equal(image.sector, 0);
	assert_false(image.signature || image.efi_layout || image.boot_code || image.uefi_notice);

	put_sector(&bytes, 0, 0xee, "");
	image = look(&bytes);
	assert_true(image.signature);
	assert_true(image.efi_layout);
	assert_false(image.boot_code);

	put_sector(&bytes, 0, 0xef, "\xebGRUB");
	image = look(&bytes);
	assert_true(image.efi_layout);
	assert_true(image.boot_code);
	assert_false(image.uefi_notice);

	put_sector(&bytes, 0, 0x83, "\xebSTOP: needs UEFI firmware");
	image = look(&bytes);
	assert_false(image.efi_layout);
	assert_true(image.uefi_notice);
	/* Any of the four entries. */
	bytes.byte[446 + 3 * 16 + 4] = 0xef;
	assert_true(look(&bytes).efi_layout);
	/* The disk signature is no code, and the word in a partition table says nothing. */
	bytes = (struct bytes){ .size = 512 };
	memset(bytes.byte + 440, 0xff, 6);
	memcpy(bytes.byte + 448, "UEFI", 4);
	image = look(&bytes);
	assert_false(image.boot_code);
	assert_false(image.uefi_notice);
	bytes.byte[439] = 1;
	assert_true(look(&bytes).boot_code);
	/* Shorter than a sector, and nothing at all. */
	bytes.size = 511;
	assert_int_equal(look(&bytes).sector, EBADMSG);
	bytes.size = 0;
	assert_int_equal(look(&bytes).sector, EBADMSG);
}

static void
qcow2(void **state)
{
	struct bytes bytes;
	struct vc_disk_image image;

	(void)state;
	for (unsigned version = 2; version <= 3; version++) {
		put_qcow2(&bytes, version);
		image = look(&bytes);
		assert_true(image.qcow2);
		assert_int_equal(image.sector, 0);
		assert_true(image.signature && image.efi_layout);
		/* Header, its beginning, both tables, the sector. */
		assert_int_equal(bytes.reads, 5);
	}
	/* Version 1 is another format. */
	put_qcow2(&bytes, 1);
	assert_false(look(&bytes).qcow2);
	/* Never written: zeros. */
	put_qcow2(&bytes, 3);
	put(&bytes, CLUSTER, 0, 8);
	image = look(&bytes);
	assert_int_equal(image.sector, 0);
	assert_false(image.signature);
	put_qcow2(&bytes, 3);
	put(&bytes, 2 * CLUSTER, 0, 8);
	assert_int_equal(look(&bytes).sector, 0);
	/* Zeros that keep their place. */
	put_qcow2(&bytes, 3);
	put(&bytes, 2 * CLUSTER, 3 * CLUSTER | 1, 8);
	image = look(&bytes);
	assert_int_equal(image.sector, 0);
	assert_false(image.signature);
}

static void
not_followed(void **state)
{
	static const struct {
		size_t at;
		uint64_t value;
		size_t size;
		int error;
	} changes[] = {
		{ 32, 2, 4, EOPNOTSUPP },                               /* encrypted */
		{ 72, 1 << 2, 8, EOPNOTSUPP },                          /* a data file */
		{ 72, 1 << 4, 8, EOPNOTSUPP },                          /* extended entries */
		{ 2 * CLUSTER, UINT64_C(1) << 62 | 99, 8, EOPNOTSUPP }, /* compressed */
		{ 36, 0, 4, EBADMSG },                                  /* no table */
		{ 40, UINT64_MAX, 8, EBADMSG },                         /* a table nowhere */
		{ 40, 8 * CLUSTER, 8, EBADMSG },
		{ CLUSTER, UINT64_C(0x00fffffffffffe00), 8, EBADMSG },
		{ 2 * CLUSTER, 8 * CLUSTER, 8, EBADMSG },
	};
	struct bytes bytes;

	(void)state;
	for (size_t i = 0; i < VC_COUNT(changes); i++) {
		put_qcow2(&bytes, 3);
		put(&bytes, changes[i].at, changes[i].value, changes[i].size);
		assert_int_equal(look(&bytes).sector, changes[i].error);
	}
	/* A backing file is asked for what was not written, and for nothing else. */
	put_qcow2(&bytes, 3);
	put(&bytes, 8, 200, 8);
	assert_int_equal(look(&bytes).sector, 0);
	put(&bytes, CLUSTER, 0, 8);
	assert_int_equal(look(&bytes).sector, EOPNOTSUPP);
	put_qcow2(&bytes, 3);
	put(&bytes, 8, 200, 8);
	put(&bytes, 2 * CLUSTER, 0, 8);
	assert_int_equal(look(&bytes).sector, EOPNOTSUPP);
	/* The dirty bit and what the compression is called are no matter. */
	put_qcow2(&bytes, 3);
	put(&bytes, 72, 1 | 1 << 3, 8);
	assert_int_equal(look(&bytes).sector, 0);
	/* Cut off. */
	put_qcow2(&bytes, 3);
	bytes.size = 60;
	assert_int_equal(look(&bytes).sector, EBADMSG);
}

static int
refuse(void *context, uint64_t offset, void *buffer, size_t size)
{
	(void)context;
	(void)offset;
	(void)buffer;
	(void)size;
	return -EIO;
}

static void
refused(void **state)
{
	struct vc_disk_image image;

	(void)state;
	assert_int_equal(vc_disk_image_look(refuse, NULL, &image), -EIO);
}

static const struct vc_host_image *
probe(struct vc_arena *arena, const char *path, struct vc_host *host)
{
	struct vc_diags diags = { .arena = arena };
	const struct vc_host_request request = { .areas = VC_AREA_IMAGE, .image = &path, .images = 1 };
	struct vc_hostfs *fs;

	assert_int_equal(vc_hostfs_open("/", arena, &diags, &fs), 0);
	vc_host_probe(fs, &request, host);
	vc_hostfs_close(fs);
	return vc_host_find_image(host, path);
}

static void
live(void **state)
{
	struct vc_arena *arena = vc_arena_new();
	const struct vc_host_image *image;
	struct bytes bytes;
	struct vc_host host;
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 100, .l_len = 1 };
	char path[] = "/tmp/vhostcheck-test-XXXXXX";
	int fd = mkstemp(path), other;

	(void)state;
	assert_true(fd >= 0);
	put_qcow2(&bytes, 3);
	assert_int_equal(write(fd, bytes.byte, bytes.size), bytes.size);
	image = probe(arena, path, &host);
	assert_non_null(image);
	assert_known_number(image->size, 8 * CLUSTER);
	assert_known_flag(image->in_use, false);
	assert_known_text(image->format, "qcow2");
	assert_known_flag(image->signature, true);
	assert_known_flag(image->efi_layout, true);
	assert_known_flag(image->boot_code, false);
	assert_known_flag(image->uefi_notice, false);

	/* As QEMU locks what it reads: firmware that several guests share. */
	other = open(path, O_RDWR | O_CLOEXEC);
	assert_true(other >= 0);
	assert_int_equal(fcntl(other, F_OFD_SETLK, &lock), 0);
	image = probe(arena, path, &host);
	assert_known_flag(image->in_use, false);
	assert_known_text(image->format, "qcow2");
	/* As it locks what it may write to. */
	lock.l_start = 101;
	assert_int_equal(fcntl(other, F_OFD_SETLK, &lock), 0);
	image = probe(arena, path, &host);
	assert_known_flag(image->in_use, true);
	assert_unreadable(image->format, EBUSY);
	assert_unreadable(image->signature, EBUSY);
	close(other);

	close(fd);
	unlink(path);
	image = probe(arena, path, &host);
	assert_absent(image->size);
	assert_unreadable(image->format, ENOENT);

	/* Neither pipes nor devices nor directories are opened. */
	assert_int_equal(mkfifo(path, 0600), 0);
	image = probe(arena, path, &host);
	assert_unreadable(image->format, EOPNOTSUPP);
	unlink(path);
	image = probe(arena, "/dev/null", &host);
	assert_unreadable(image->format, EOPNOTSUPP);
	image = probe(arena, "/tmp", &host);
	assert_unreadable(image->size, EOPNOTSUPP);
	/* A relative path is QEMU's to find. */
	assert_null(probe(arena, "disk.img", &host));
	vc_arena_free(arena);
}

static const struct vc_host_image *
replay(struct tree *tree, const char *answer)
{
	static const char *const path = "/a";
	const struct vc_host_request request = { .areas = VC_AREA_IMAGE, .image = &path, .images = 1 };

	/* FNV-1a of "/a" */
	if (answer)
		tree_ask(tree, "image/07d66707b49cd92d", answer);
	else
		tree_line(tree, "ask EACCES image/07d66707b49cd92d");
	return vc_host_find_image(tree_probe_request(tree, &request), path);
}

static void
recorded(void **state)
{
	struct tree *tree = tree_new(true);
	const struct vc_host_image *image;

	(void)state;
	image = replay(tree,
		       "size 4096\nin-use no\nformat raw\nsignature yes\nefi-layout yes\nboot-code yes\n"
		       "uefi-notice yes\nsomething else\n");
	assert_known_text(image->format, "raw");
	assert_known_flag(image->uefi_notice, true);
	tree_free(tree);

	tree = tree_new(true);
	image = replay(tree, "size 4096\nin-use no\nformat qcow2\n");
	assert_known_text(image->format, "qcow2");
	assert_unreadable(image->boot_code, EOPNOTSUPP);
	tree_free(tree);

	tree = tree_new(true);
	image = replay(tree, "size 4096\nin-use yes\n");
	assert_unreadable(image->format, EBUSY);
	tree_free(tree);

	tree = tree_new(true);
	image = replay(tree, "size many\n");
	assert_unreadable(image->size, VC_EGARBLED);
	tree_free(tree);

	tree = tree_new(true);
	image = replay(tree, NULL);
	assert_unreadable(image->size, EACCES);
	assert_unreadable(image->boot_code, EACCES);
	tree_free(tree);

	/* A copied tree holds no disks of guests. */
	tree = tree_new(false);
	tree_file(tree, "/proc/cpuinfo", "");
	tree_file(tree, "/a", "");
	image = vc_host_find_image(
		tree_probe_request(tree, &(struct vc_host_request){ .areas = VC_AREA_IMAGE,
								    .image = (const char *const[]){ "/a" },
								    .images = 1 }),
		"/a");
	assert_unreadable(image->format, VC_ENOTCOLLECTED);
	tree_free(tree);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(raw),     cmocka_unit_test(qcow2), cmocka_unit_test(not_followed),
		cmocka_unit_test(refused), cmocka_unit_test(live),  cmocka_unit_test(recorded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
