/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Disks, which of them a guest starts from, and the formats that firmware is read in. */
#include "guest-domain.h"

#define DISK(target, more)                                                                                   \
	"<disk type='file' device='disk'><source file='/" target "'/><target dev='" target "'/>" more        \
	"</disk>"
#define ORDER(n) "<boot order='" n "'/>"
#define CDROM "<disk type='file' device='cdrom'><target dev='sdz' bus='sata'/></disk>"

/* The target of the disk the guest starts from; NULL for none. */
static const char *
boots(const struct world *world)
{
	const struct vc_disk *disk = world->guest.disk.item;
	const char *target = NULL;

	for (size_t i = 0; i < world->guest.disk.count; i++) {
		assert_int_equal(disk[i].boots.fact.state, VC_KNOWN);
		if (!disk[i].boots.value)
			continue;
		assert_null(target);
		target = disk[i].target.value;
	}
	return target;
}

static void
first(void **state)
{
	static const struct {
		const char *os, *devices, *boots;
	} cases[] = {
		{ NULL, "", NULL },
		{ NULL, CDROM, NULL },
		{ NULL, CDROM DISK("vda", ""), "vda" },
		{ NULL, DISK("vdb", "") DISK("vda", ""), "vda" },
		{ NULL, DISK("vdaa", "") DISK("vdz", ""), "vdz" },
		/* Another bus is behind, whatever its targets are called. */
		{ NULL, DISK("vdb", "") DISK("sda", "") DISK("vdc", ""), "vdb" },
		{ "<boot dev='hd'/>", CDROM DISK("vda", ""), "vda" },
		{ "<boot dev='cdrom'/><boot dev='hd'/>", CDROM DISK("vda", ""), NULL },
		/* A kind of which there is no device is passed over. */
		{ "<boot dev='cdrom'/><boot dev='fd'/><boot dev='network'/><boot dev='hd'/>", DISK("vda", ""), "vda" },
		{ "<boot dev='network'/><boot dev='hd'/>", DISK("vda", "") "<interface type='user'/>", NULL },
		{ "<boot dev='network'/>", DISK("vda", ""), NULL },
		{ "<kernel>/vmlinuz</kernel>", DISK("vda", ""), NULL },
		{ NULL, DISK("vda", ORDER("2")) DISK("vdb", ORDER("1")), "vdb" },
		{ NULL, DISK("vda", "") DISK("vdb", ORDER("7")), "vdb" },
		{ NULL, DISK("vda", ORDER("2")) "<interface type='user'>" ORDER("1") "</interface>", NULL },
		{ NULL, DISK("vda", ORDER("x")) DISK("vdb", ORDER("3")), "vdb" },
		{ NULL, "<disk device='lun' type='block'><source dev='/dev/sdx'/><target dev='sda'/></disk>",
		  "sda" },
	};
	struct world *world = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *target;

		read_sketch(world, (struct sketch){ .os = cases[i].os, .devices = cases[i].devices });
		target = boots(world);
		if (cases[i].boots)
			assert_string_equal(target ? target : "none", cases[i].boots);
		else
			assert_null(target);
	}
}

static void
defaults(void **state)
{
	static const struct {
		const char *disk, *bus, *device, *type, *format, *source; /* source NULL: none */
	} cases[] = {
		{ "<disk/>", "ide", "disk", "file", "raw", NULL },
		{ DISK("hda", ""), "ide", "disk", "file", "raw", "/hda" },
		{ DISK("sda", ""), "scsi", "disk", "file", "raw", "/sda" },
		{ DISK("vda", "<driver type='qcow2'/>"), "virtio", "disk", "file", "qcow2", "/vda" },
		{ DISK("xvda", ""), "xen", "disk", "file", "raw", "/xvda" },
		{ "<disk device='floppy'><target dev='fda'/></disk>", "fdc", "floppy", "file", "raw", NULL },
		{ "<disk><target dev='sda' bus='sata'/></disk>", "sata", "disk", "file", "raw", NULL },
		{ "<disk type='block'><source dev='/dev/sdx' file='/no'/><target dev='vda'/></disk>",
		  "virtio", "disk", "block", "raw", "/dev/sdx" },
		{ "<disk type='network'><source name='pool/image' file='/no'/><target dev='vda'/></disk>",
		  "virtio", "disk", "network", "raw", NULL },
	};
	struct world *world = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct vc_disk *disk;

		read_sketch(world, (struct sketch){ .devices = cases[i].disk });
		assert_int_equal(world->guest.disk.count, 1);
		disk = world->guest.disk.item;
		assert_text(disk->bus, cases[i].bus);
		assert_text(disk->device, cases[i].device);
		assert_text(disk->type, cases[i].type);
		assert_text(disk->format, cases[i].format);
		if (cases[i].source)
			assert_text(disk->source, cases[i].source);
		else
			assert_int_equal(disk->source.fact.state, VC_ABSENT);
	}
}

static void
images(void **state)
{
	struct world *world = *state;
	const struct vc_disk *disk;
	struct vc_host_image *image;

	read_sketch(world, (struct sketch){ .devices = DISK("vda", "") "<disk type='block'/>" });
	disk = world->guest.disk.item;
	/* Whether there is a file is not settled by the domain alone, so that somebody will look. */
	assert_int_equal(disk[0].image.fact.state, VC_UNREAD);
	assert_int_equal(disk[1].image.fact.state, VC_ABSENT);
	derive(world, "10.0.13");
	assert_int_equal(disk[0].image.fact.state, VC_UNREAD);
	image = vc_list_append(world->arena, &world->host.image, sizeof(*image), "test");
	vc_set_text(&image->path, "/other", "test");
	derive(world, "10.0.13");
	assert_int_equal(disk[0].image.fact.state, VC_UNREADABLE);
	assert_int_equal(disk[0].image.fact.err, VC_ENOTCOLLECTED);
	vc_set_text(&image->path, "/vda", "test");
	derive(world, "10.0.13");
	assert_int_equal(disk[0].image.fact.state, VC_KNOWN);
	assert_ptr_equal(disk[0].image.item, image);
}

/* What the loader is, what is written of it and its variables, and as what they are read. */
static void
firmware_formats(void **state)
{
	static const struct {
		const char *libvirt, *contents, *loader, *variables;
		const char *loader_read, *variables_read; /* NULL: not known */
	} cases[] = {
		{ "9.1.0", "qcow2", "", "", "raw", "raw" },
		{ "9.1.0", "qcow2", " format='qcow2'", " format='qcow2'", "raw", "raw" },
		{ "9.2.0", "qcow2", " format='qcow2'", " format='qcow2'", "qcow2", "qcow2" },
		{ "9.2.0", "raw", " format='qcow2'", " format='raw'", "qcow2", "raw" },
		{ "11.3.0", "raw", "", "", "raw", "raw" },
		{ "11.3.0", "raw", "", " format='qcow2'", "raw", "qcow2" },
		{ "11.3.0", "qcow2", "", " format='raw'", NULL, "raw" },
		{ "11.3.0", "qcow2", "", "", NULL, NULL },
		{ "11.3.0", "qcow2", " format='qcow2'", "", "qcow2", "qcow2" },
		{ "11.2.0", "qcow2", " format='qcow2'", "", "qcow2", NULL },
		{ "11.2.0", "raw", " format='raw'", "", "raw", "raw" },
		{ "11.3.0", NULL, "", "", NULL, NULL },
		{ NULL, "raw", "", "", NULL, NULL },
	};
	struct world *world = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct vc_firmware_image *file;
		struct vc_host_image *image;
		struct vc_version libvirt;

		read_sketch(world, (struct sketch){ .os = vc_arena_printf(
							    world->arena,
							    "<loader type='pflash'%s>/code</loader>"
							    "<nvram template='/template'%s>/vars</nvram>",
							    cases[i].loader, cases[i].variables) });
		world->host.image = (struct vc_fact_list){ 0 };
		image = vc_list_append(world->arena, &world->host.image, sizeof(*image), "test");
		vc_set_text(&image->path, "/code", "test");
		if (cases[i].contents)
			vc_set_text(&image->format, cases[i].contents, "test");
		world->host.libvirt_version = (struct vc_fact_version){ 0 };
		if (cases[i].libvirt) {
			assert_int_equal(vc_version_parse(cases[i].libvirt, &libvirt), 0);
			vc_set_version(&world->host.libvirt_version, libvirt, "test");
		}
		derive(world, "10.0.13");
		assert_int_equal(world->guest.firmware_image.count, 3);
		file = world->guest.firmware_image.item;
		assert_text(file[0].role, "loader");
		assert_text(file[1].role, "variables");
		assert_text(file[2].role, "template");
		for (size_t f = 0; f < 3; f++) {
			const char *expected = f == 0 ? cases[i].loader_read : cases[i].variables_read;

			if (expected)
				assert_text(file[f].format, expected);
			else
				assert_int_not_equal(file[f].format.fact.state, VC_KNOWN);
		}
	}
}

static void
firmware_files(void **state)
{
	static const struct {
		const char *type, *os;
		size_t files;
		const char *variables;
	} cases[] = {
		{ NULL, "", 0, NULL },
		{ NULL, "<loader type='rom'>/code</loader>", 0, NULL },
		{ NULL, "<loader type='pflash'/><nvram>/vars</nvram>", 0, NULL },
		{ NULL, "<loader type='pflash'>/code</loader>", 1, NULL },
		{ NULL, "<loader type='pflash'>/code</loader><nvram template='/template'/>", 1, NULL },
		{ NULL, "<loader type='pflash'>/code</loader><nvram>/vars</nvram>", 2, "/vars" },
		{ NULL,
		  "<loader type='pflash'>/code</loader><nvram type='file'><source file='/vars'/></nvram>", 2,
		  "/vars" },
		{ NULL,
		  "<loader type='pflash'>/code</loader><nvram type='block'><source dev='/dev/x'/></nvram>", 1,
		  NULL },
		{ "xen", "<loader type='pflash'>/code</loader>", 0, NULL },
	};
	struct world *world = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct vc_firmware_image *file;

		read_sketch(world, (struct sketch){ .type = cases[i].type, .os = cases[i].os });
		assert_int_equal(world->guest.firmware_image.count, cases[i].files);
		file = world->guest.firmware_image.item;
		if (cases[i].variables)
			assert_text(file[1].path, cases[i].variables);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(first),          WORLD_TEST(defaults),
		WORLD_TEST(images),         WORLD_TEST(firmware_formats),
		WORLD_TEST(firmware_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
