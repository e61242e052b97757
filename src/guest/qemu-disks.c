/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/qemu-disks.h"

#include <errno.h>
#include <string.h>

#include "base/number.h"
#include "guest/option-fact.h"
#include "guest/qemu-block.h"
#include "guest/qemu-files.h"

/* What the options beside -drive and -blockdev stand for [qemu 10.0 system/vl.c]. "": the file of a disk,
 * alone. */
static const struct {
	const char *option, *interface, *device;
} plain[] = {
	{ "", NULL, "disk" },          { "hda", NULL, "disk" },       { "hdb", NULL, "disk" },
	{ "hdc", NULL, "disk" },       { "hdd", NULL, "disk" },       { "cdrom", NULL, "cdrom" },
	{ "fda", "floppy", "floppy" }, { "fdb", "floppy", "floppy" }, { "sd", "sd", "disk" },
};

/* Devices of -device. The bus "ide" is SATA where AHCI is. */
static const struct {
	const char *driver, *bus, *device;
} drivers[] = {
	{ "virtio-blk", "virtio", "disk" },
	{ "virtio-blk-pci", "virtio", "disk" },
	{ "virtio-blk-pci-transitional", "virtio", "disk" },
	{ "virtio-blk-pci-non-transitional", "virtio", "disk" },
	{ "virtio-blk-device", "virtio", "disk" },
	{ "virtio-blk-ccw", "virtio", "disk" },
	{ "ide-hd", "ide", "disk" },
	{ "ide-cd", "ide", "cdrom" },
	{ "ide-cf", "ide", "disk" },
	{ "scsi-hd", "scsi", "disk" },
	{ "scsi-cd", "scsi", "cdrom" },
	{ "scsi-block", "scsi", "lun" },
	{ "scsi-generic", "scsi", "lun" },
	{ "usb-storage", "usb", "disk" },
	{ "usb-bot", "usb", "disk" },
	{ "nvme", "nvme", "disk" },
	{ "nvme-ns", "nvme", "disk" },
	{ "floppy", "fdc", "floppy" },
	{ "sd-card", "sd", "disk" },
};

/* --- the bus --- */

static bool
has_ahci(const struct vc_guest *guest)
{
	return vc_text_is(&guest->machine_family, "q35");
}

/* The controller whose id is in "ahci0.1". NULL: one that the machine brings. */
static const char *
controller_of(const struct vc_reader *r, const char *bus)
{
	const struct vc_qemu_args *args = &r->input->args;
	const char *dot = bus ? strrchr(bus, '.') : NULL;
	size_t length = dot ? (size_t)(dot - bus) : 0;

	for (size_t i = 0; length > 0 && i < args->options; i++) {
		const char *id = strcmp(args->option[i].name, "device") == 0
					 ? vc_qemu_option_get(&args->option[i], "id")
					 : NULL;

		if (id && strlen(id) == length && strncmp(id, bus, length) == 0)
			return vc_qemu_option_get(&args->option[i], "driver");
	}
	return NULL;
}

static const char *
ide_or_sata(const struct vc_reader *r, const char *bus)
{
	const char *controller = controller_of(r, bus);

	if (controller)
		return strstr(controller, "ahci") ? "sata" : "ide";
	return has_ahci(r->guest) ? "sata" : "ide";
}

/* The interface of a drive that names none [qemu 7.2, 10.0 hw/i386/pc.c, hw/arm/virt.c, hw/i386/microvm.c
 * block_default_type]. NULL: of other machines. */
static const char *
default_interface(const struct vc_guest *guest)
{
	if (vc_text_is(&guest->machine_family, "q35") || vc_text_is(&guest->machine_family, "i440fx"))
		return "ide";
	if (vc_text_is(&guest->machine_family, "virt") || vc_text_is(&guest->machine_family, "microvm"))
		return "virtio";
	return NULL;
}

static void
set_bus(const struct vc_reader *r, const char *interface, const struct vc_qemu_option *option,
	struct vc_disk *disk)
{
	if (!interface)
		interface = default_interface(r->guest);
	if (!interface) {
		vc_set_unreadable(&disk->bus.fact, EOPNOTSUPP, option->from);
		vc_option_at(&disk->bus.fact, option);
		return;
	}
	if (strcmp(interface, "ide") == 0)
		interface = ide_or_sata(r, NULL);
	else if (strcmp(interface, "floppy") == 0)
		interface = "fdc";
	vc_option_text(&disk->bus, interface, option);
}

/* --- a disk --- */

/*
 * Who else may write: readonly= of -drive, read-only= of -blockdev, and share-rw= of the device, which lifts the lock.
 * [qemu 7.2, 10.0 block/file-posix.c raw_handle_perm_lock, hw/block/block.c blkconf_apply_backend_options]
 */
static void
set_sharing(const struct vc_qemu_option *option, const struct vc_qemu_block *block, struct vc_disk *disk)
{
	const char *from = block ? block->option->from : option->from;

	vc_set_flag(&disk->readonly, vc_text_is(&disk->device, "cdrom") || (block && block->readonly), from);
	vc_set_flag(&disk->shareable, vc_option_says(option, "share-rw", true), option->from);
	vc_set_flag(&disk->chain_written, block && block->backing, from);
	vc_set_flag(&disk->optional, false, option->from);
}

/* @block NULL: there is nothing in the drive. */
static struct vc_disk *
add_disk(const struct vc_reader *r, const struct vc_qemu_option *option, const char *device,
	 const struct vc_qemu_block *block)
{
	struct vc_disk *disk = vc_list_append(r->arena, &r->guest->disk, sizeof(*disk), option->from);

	disk->place = option->place;
	vc_set_absent(&disk->target.fact, option->from);
	vc_option_text(&disk->device, device, option);
	vc_option_text(&disk->type, block && block->type ? block->type : "file",
		       block ? block->option : option);
	vc_set_absent(&disk->source.fact, option->from);
	vc_option_text(&disk->format, "raw", option);
	if (block) {
		vc_option_text(&disk->source, block->file ? block->file : "", block->option);
		vc_option_text(&disk->format, block->format ? block->format : "", block->option);
		/* A name that is none of a file has no format that anybody could find. */
		if (disk->format.fact.state == VC_ABSENT && !vc_text_is(&disk->type, "file"))
			vc_set_unreadable(&disk->format.fact, EOPNOTSUPP, block->option->from);
	}
	if (!vc_text_is(&disk->type, "file"))
		vc_set_absent(&disk->image.fact, disk->type.fact.from);
	set_sharing(option, block, disk);
	vc_set_flag(&disk->boots, false, option->from);
	return disk;
}

static void
take_drive(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	const char *interface = vc_qemu_option_get(option, "if"),
		   *media = vc_qemu_option_get(option, "media");
	bool floppy = interface && strcmp(interface, "floppy") == 0;
	struct vc_qemu_block block;

	/* Flash is firmware, and what has no interface is for a -device that names it. */
	if (interface && (strcmp(interface, "none") == 0 || strcmp(interface, "pflash") == 0))
		return;
	vc_qemu_read_drive(r, option, &block);
	set_bus(r, interface, option,
		add_disk(r, option,
			 media && strcmp(media, "cdrom") == 0 ? "cdrom"
			 : floppy                             ? "floppy"
							      : "disk",
			 &block));
}

static void
take_plain(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	for (size_t i = 0; i < VC_COUNT(plain); i++) {
		struct vc_qemu_block block;

		if (strcmp(option->name, plain[i].option) != 0)
			continue;
		vc_qemu_read_image(option, option->argument, &block);
		set_bus(r, plain[i].interface, option, add_disk(r, option, plain[i].device, &block));
	}
}

static void
take_device(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	const char *driver = vc_qemu_option_get(option, "driver"),
		   *drive = vc_qemu_option_get(option, "drive");

	for (size_t i = 0; driver && i < VC_COUNT(drivers); i++) {
		struct vc_qemu_block block = { .option = option };
		struct vc_disk *disk;
		bool found;

		if (strcmp(driver, drivers[i].driver) != 0)
			continue;
		found = drive && vc_qemu_find_block(r, drive, &block);
		/* A controller for namespaces of its own has no drive. */
		if (!drive && strcmp(drivers[i].bus, "nvme") == 0)
			return;
		disk = add_disk(r, option, drivers[i].device, found ? &block : NULL);
		if (found)
			vc_qemu_mark_files(r, drivers[i].device, &block);
		vc_option_text(&disk->bus,
			       strcmp(drivers[i].bus, "ide") == 0
				       ? ide_or_sata(r, vc_qemu_option_get(option, "bus"))
				       : drivers[i].bus,
			       option);
		if (drive && !found)
			vc_set_unreadable(&disk->source.fact,
					  vc_option_is_open(option, drive) ? VC_ESHELL : VC_EGARBLED,
					  option->from);
		return;
	}
}

/* --- what the guest starts from --- */

static bool
is_hard_disk(const struct vc_disk *disk)
{
	return vc_text_is(&disk->device, "disk") || vc_text_is(&disk->device, "lun");
}

static struct vc_disk *
disk_at(const struct vc_guest *guest, int argument)
{
	struct vc_disk *disks = guest->disk.item;

	for (size_t i = 0; i < guest->disk.count; i++) {
		if (disks[i].place.argument == argument)
			return &disks[i];
	}
	return NULL;
}

/* The -device with the lowest bootindex=, of whatever kind; NULL without one. */
static const struct vc_qemu_option *
find_lowest_index(const struct vc_qemu_args *args)
{
	const struct vc_qemu_option *lowest = NULL;
	uint64_t least = UINT64_MAX, number;

	for (size_t i = 0; i < args->options; i++) {
		const char *index = strcmp(args->option[i].name, "device") == 0
					    ? vc_qemu_option_get(&args->option[i], "bootindex")
					    : NULL;

		if (!index || vc_parse_u64(index, VC_BASE_DEC, &number) < 0 || number >= least)
			continue;
		least = number;
		lowest = &args->option[i];
	}
	return lowest;
}

/* -boot d, order=d or once=d: not from a hard disk, this time at least. */
static bool
boots_elsewhere(const struct vc_qemu_args *args)
{
	static const char *const keys[] = { "order", "once" };
	bool elsewhere = false;

	for (size_t i = 0; i < args->options; i++) {
		if (strcmp(args->option[i].name, "kernel") == 0)
			return true;
		if (strcmp(args->option[i].name, "boot") != 0)
			continue;
		for (size_t k = 0; k < VC_COUNT(keys); k++) {
			const char *order = vc_qemu_option_get(&args->option[i], keys[k]);

			if (order)
				elsewhere = order[0] != 'c';
		}
	}
	return elsewhere;
}

static void
doubt_boot_disk(const struct vc_guest *guest, int err)
{
	struct vc_disk *disks = guest->disk.item;

	for (size_t i = 0; i < guest->disk.count; i++)
		vc_set_unreadable(&disks[i].boots.fact, err, disks[i].boots.fact.from);
}

/* It says where it stands among others of its bus. */
static bool
has_position(const struct vc_reader *r, const struct vc_disk *disk, bool first)
{
	static const char *const keys[] = { "index", "bus", "unit", "addr", "devno" };
	const struct vc_qemu_args *args = &r->input->args;
	const struct vc_qemu_option *option = NULL;

	for (size_t i = 0; i < args->options && !option; i++) {
		if (args->option[i].place.argument == disk->place.argument)
			option = &args->option[i];
	}
	if (!option)
		return true;
	for (size_t i = 0; i < VC_COUNT(keys); i++) {
		if (vc_qemu_option_get(option, keys[i]))
			return true;
	}
	return first && strncmp(option->name, "hd", 2) == 0 && strcmp(option->name, "hda") != 0;
}

/*
 * Without bootindex= the firmware finds the disks by itself. Those of one bus it takes in the order in which
 * they are written, if nothing there says another one; which bus comes first is not known here.
 */
static void
choose_boot_disk(const struct vc_reader *r)
{
	struct vc_disk *disks = r->guest->disk.item, *first = NULL;
	bool certain = true;

	for (size_t i = 0; i < r->guest->disk.count && certain; i++) {
		if (!is_hard_disk(&disks[i]))
			continue;
		if (!first)
			first = &disks[i];
		else
			certain = vc_known(&first->bus.fact) && vc_text_is(&disks[i].bus, first->bus.value) &&
				  !has_position(r, first, true) && !has_position(r, &disks[i], false);
	}
	if (!certain)
		doubt_boot_disk(r->guest, EOPNOTSUPP);
	else if (first)
		first->boots.value = true;
}

void
vc_qemu_settle_disks(const struct vc_reader *r)
{
	const struct vc_qemu_args *args = &r->input->args;
	const struct vc_qemu_option *first;
	struct vc_disk *disk;

	for (size_t i = 0; i < args->options; i++) {
		const struct vc_qemu_option *option = &args->option[i];

		if (strcmp(option->name, "drive") == 0)
			take_drive(r, option);
		else if (strcmp(option->name, "device") == 0)
			take_device(r, option);
		else
			take_plain(r, option);
	}
	first = find_lowest_index(args);
	disk = first ? disk_at(r->guest, first->place.argument) : NULL;
	if (boots_elsewhere(args))
		return;
	/* More devices, and other orders, may be in what was not read. */
	if (r->input->hidden)
		doubt_boot_disk(r->guest, r->input->hidden);
	else if (!first)
		choose_boot_disk(r);
	else if (disk)
		disk->boots.value = true;
}
