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
#include "host/image-file.h"
#include "scratch.h"

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

/* A header that names @name behind its extensions, with the format @format unless NULL. */
static void
put_backing(struct bytes *bytes, unsigned version, const char *name, const char *format)
{
	size_t at = version == 3 ? 104 : 72;

	put_qcow2(bytes, version);
	put(bytes, 100, version == 3 ? 104 : 0, 4);
	if (version == 3) {
		put(bytes, at, 0x6803f857, 4); /* names of features */
		put(bytes, at + 4, 5, 4);
		at += 8 + 8;
	}
	if (format) {
		put(bytes, at, 0xe2792aca, 4);
		put(bytes, at + 4, strlen(format), 4);
		memcpy(bytes->byte + at + 8, format, strlen(format));
		at += 8 + (strlen(format) + 7) / 8 * 8;
	}
	put(bytes, at, 0, 8);
	at += 8;
	put(bytes, 8, at, 8);
	put(bytes, 16, strlen(name), 4);
	memcpy(bytes->byte + at, name, strlen(name));
}

static void
backing_files(void **state)
{
	struct vc_disk_backing backing;
	struct bytes bytes;

	(void)state;
	for (unsigned version = 2; version <= 3; version++) {
		put_qcow2(&bytes, version);
		put(&bytes, 100, 104, 4);
		assert_int_equal(vc_disk_image_backing(read_bytes, &bytes, &backing), 0);
		assert_string_equal(backing.name, "");
		put_backing(&bytes, version, "/srv/base.img", NULL);
		assert_int_equal(vc_disk_image_backing(read_bytes, &bytes, &backing), 0);
		assert_string_equal(backing.name, "/srv/base.img");
		assert_false(backing.formatted);
		put_backing(&bytes, version, "base.img", "raw");
		assert_int_equal(vc_disk_image_backing(read_bytes, &bytes, &backing), 0);
		assert_true(backing.formatted);
		assert_false(backing.qcow2);
		put_backing(&bytes, version, "base.img", "qcow2");
		assert_int_equal(vc_disk_image_backing(read_bytes, &bytes, &backing), 0);
		assert_string_equal(backing.name, "base.img");
		assert_true(backing.qcow2);
	}
	/* An extension that never ends, a name that is too long, one that is cut off, and no image at all. */
	put(&bytes, 108, UINT32_MAX, 4);
	assert_int_equal(vc_disk_image_backing(read_bytes, &bytes, &backing), 0);
	assert_false(backing.formatted);
	put(&bytes, 16, 1024, 4);
	assert_int_equal(vc_disk_image_backing(read_bytes, &bytes, &backing), -EBADMSG);
	put(&bytes, 16, 8, 4);
	put(&bytes, 8, sizeof(bytes.byte) - 1, 8);
	assert_int_equal(vc_disk_image_backing(read_bytes, &bytes, &backing), -EBADMSG);
	bytes.byte[0] = 0;
	assert_int_equal(vc_disk_image_backing(read_bytes, &bytes, &backing), -EBADMSG);
	bytes.size = 0;
	assert_int_equal(vc_disk_image_backing(read_bytes, &bytes, &backing), -EBADMSG);
}

static void
write_image(const char *path, const struct bytes *bytes)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes->byte, sizeof(bytes->byte)), sizeof(bytes->byte));
	close(fd);
}

/* What is said of the chain below @image, in the current directory of the test's own. */
static const char *
chain_of(const char *directory, const char *image)
{
	static char text[4096];
	struct vc_remote_mounts mounts = { .read = true };
	_cleanup_buf_ struct vc_buf answer = { 0 };
	char path[512];
	uint64_t size;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", directory, image);
	fd = vc_image_open(path, &size);
	assert_true(fd >= 0);
	vc_image_chain(path, fd, &mounts, &answer);
	close(fd);
	snprintf(text, sizeof(text), "%s", vc_buf_text(&answer));
	return text;
}

static void
chains(void **state)
{
	struct scratch scratch;
	struct bytes bytes;
	char path[512], expected[600];

	(void)state;
	scratch_make(&scratch);
#define PATH(name) (snprintf(path, sizeof(path), "%s/" name, scratch.path), path)
	put_qcow2(&bytes, 2);
	write_image(PATH("alone"), &bytes);
	assert_string_equal(chain_of(scratch.path, "alone"), "backing complete\n");
	/* A name without a directory is beside the image. */
	put_backing(&bytes, 3, "base", NULL);
	write_image(PATH("top"), &bytes);
	snprintf(expected, sizeof(expected), "backing missing %s/base\n", scratch.path);
	assert_string_equal(chain_of(scratch.path, "top"), expected);
	put_qcow2(&bytes, 2);
	write_image(PATH("base"), &bytes);
	assert_string_equal(chain_of(scratch.path, "top"), "backing complete\n");
	bytes = (struct bytes){ .size = sizeof(bytes.byte) };
	write_image(PATH("base"), &bytes);
	assert_string_equal(chain_of(scratch.path, "top"), "backing complete\n");
	/* Three levels: the format of the one in the middle has to be written. */
	put_backing(&bytes, 3, "alone", "qcow2");
	write_image(PATH("base"), &bytes);
	snprintf(expected, sizeof(expected), "backing unformatted %s/base\n", scratch.path);
	assert_string_equal(chain_of(scratch.path, "top"), expected);
	put_backing(&bytes, 3, PATH("base"), "qcow2");
	write_image(PATH("top"), &bytes);
	assert_string_equal(chain_of(scratch.path, "top"), "backing complete\n");
	assert_int_equal(unlink(PATH("alone")), 0);
	snprintf(expected, sizeof(expected), "backing missing %s/alone\n", scratch.path);
	assert_string_equal(chain_of(scratch.path, "top"), expected);
	/* One that is declared raw is not looked into. */
	put_backing(&bytes, 3, "base", "raw");
	write_image(PATH("top"), &bytes);
	assert_string_equal(chain_of(scratch.path, "top"), "backing complete\n");
	/* In a circle, elsewhere, and what would break the line. */
	put_backing(&bytes, 3, "top", "qcow2");
	write_image(PATH("top"), &bytes);
	assert_string_equal(chain_of(scratch.path, "top"), "backing unknown\n");
	put_backing(&bytes, 3, "nbd://host/x", "raw");
	write_image(PATH("top"), &bytes);
	assert_string_equal(chain_of(scratch.path, "top"), "backing unknown\n");
	put_backing(&bytes, 3, "/a\nexists", "raw");
	write_image(PATH("top"), &bytes);
	assert_string_equal(chain_of(scratch.path, "top"), "backing unknown\n");
	put_backing(&bytes, 3, "file:/no/such/file", "raw");
	write_image(PATH("top"), &bytes);
	assert_string_equal(chain_of(scratch.path, "top"), "backing missing /no/such/file\n");
	/* A pipe is not opened. */
	assert_int_equal(mkfifo(PATH("pipe"), 0600), 0);
	put_backing(&bytes, 3, "pipe", "qcow2");
	write_image(PATH("top"), &bytes);
	assert_string_equal(chain_of(scratch.path, "top"), "backing complete\n");
#undef PATH
	scratch_remove(&scratch);
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
		cmocka_unit_test(backing_files), cmocka_unit_test(chains),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
