/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Disks, which of them the guest starts from, and what is in its file. */
#include <string.h>

#include "guest/derive.h"
#include "guest/read.h"

/* Names of targets, and the bus each stands for if none is written [libvirt 11.3 src/conf/domain_postparse.c
 * virDomainDiskDefPostParse]. */
static const struct {
	const char *prefix, *bus;
} targets[] = {
	{ "hd", "ide" },  { "sd", "scsi" }, { "vd", "virtio" },
	{ "xvd", "xen" }, { "ubd", "uml" }, { "fd", "ide" },
};

static void
read_bus(const struct vc_reader *r, struct vc_el el, struct vc_disk *disk)
{
	const char *target = vc_known(&disk->target.fact) ? disk->target.value : "", *bus = "ide";

	vc_read_text(r, vc_el_child(r, el, "target"), "bus", &disk->bus);
	if (disk->bus.fact.state != VC_ABSENT)
		return;
	for (size_t i = 0; i < VC_COUNT(targets); i++) {
		if (strncmp(target, targets[i].prefix, strlen(targets[i].prefix)) == 0)
			bus = targets[i].bus;
	}
	if (vc_text_is(&disk->device, "floppy"))
		bus = "fdc";
	vc_set_text(&disk->bus, bus, disk->target.fact.from);
	disk->bus.fact.line = disk->target.fact.line;
}

static void
read_text_or(const struct vc_reader *r, struct vc_el el, const char *attr, const char *assumed,
	     struct vc_fact_text *fact)
{
	vc_read_text(r, el, attr, fact);
	if (fact->fact.state == VC_ABSENT)
		vc_set_text(fact, assumed, fact->fact.from);
}

static void
read_source(const struct vc_reader *r, struct vc_el el, struct vc_disk *disk)
{
	static const struct {
		const char *type, *attribute;
	} sources[] = { { "file", "file" }, { "block", "dev" }, { "vhostvdpa", "dev" } };
	struct vc_el source = vc_el_child(r, el, "source");

	vc_set_absent(&disk->source.fact, source.path);
	for (size_t i = 0; i < VC_COUNT(sources); i++) {
		if (vc_text_is(&disk->type, sources[i].type))
			vc_read_text(r, source, sources[i].attribute, &disk->source);
	}
}

static void
read_disk(const struct vc_reader *r, struct vc_el el)
{
	struct vc_disk *disk =
		vc_list_append(r->arena, &r->guest->disk, sizeof(*disk), r->guest->disk.fact.from);
	struct vc_el driver = vc_el_child(r, el, "driver");
	const char *policy;

	disk->place = vc_el_place(el);
	read_text_or(r, el, "type", "file", &disk->type);
	read_text_or(r, el, "device", "disk", &disk->device);
	vc_read_text(r, vc_el_child(r, el, "target"), "dev", &disk->target);
	read_bus(r, el, disk);
	read_source(r, el, disk);
	/* [libvirt 11.3 src/qemu/qemu_postparse.c qemuDomainDeviceDiskDefPostParse] */
	read_text_or(r, driver, "type", "raw", &disk->format);
	vc_set_flag(&disk->boots, false, el.path);
	vc_read_presence(vc_el_child(r, el, "readonly"), &disk->readonly);
	if (vc_text_is(&disk->device, "cdrom") || vc_el_child(r, el, "transient").node)
		vc_set_flag(&disk->readonly, true, el.path);
	policy = vc_el_attr(r, vc_el_child(r, el, "source"), "startupPolicy");
	vc_set_flag(&disk->optional, policy && strcmp(policy, "optional") == 0, el.path);
	vc_read_presence(vc_el_child(r, el, "shareable"), &disk->shareable);
	vc_read_presence(vc_el_child(r, el, "backingStore"), &disk->chain_written);
	if (!vc_text_is(&disk->type, "file"))
		vc_set_absent(&disk->image.fact, disk->type.fact.from);
}

/* "vdb" is 1, "vdaa" 26; what is no such name stands before all others [libvirt 11.3 src/util/virutil.c
 * virDiskNameToIndex]. */
static uint64_t
target_number(const struct vc_disk *disk)
{
	const char *name = vc_known(&disk->target.fact) ? disk->target.value : "", *letter = NULL;
	uint64_t number = 0;

	for (size_t i = 0; i < VC_COUNT(targets); i++) {
		size_t length = strlen(targets[i].prefix);

		if (strncmp(name, targets[i].prefix, length) == 0)
			letter = name + length;
	}
	for (; letter && *letter >= 'a' && *letter <= 'z' && number < UINT32_MAX; letter++)
		number = number * 26 + (uint64_t)(*letter - 'a') + 1;
	return number;
}

/*
 * libvirt puts the disks of a bus together, in the order of their targets, and starts from the first of them
 * [libvirt 11.3 src/conf/domain_conf.c virDomainDiskInsert, src/qemu/qemu_process.c
 * qemuProcessPrepareDeviceBootorder].
 */
static struct vc_disk *
first_disk(const struct vc_guest *guest)
{
	struct vc_disk *disks = guest->disk.item, *first = NULL;

	for (size_t i = 0; i < guest->disk.count; i++) {
		struct vc_disk *disk = &disks[i];

		if (!vc_text_is(&disk->device, "disk") && !vc_text_is(&disk->device, "lun"))
			continue;
		if (!first || (vc_known(&first->bus.fact) && vc_text_is(&disk->bus, first->bus.value) &&
			       target_number(disk) < target_number(first)))
			first = disk;
	}
	return first;
}

/* The device with the lowest <boot order='N'/>, of whatever kind. False if there is no such element. */
static bool
find_lowest_order(const struct vc_reader *r, struct vc_el devices, const void **ret_node)
{
	struct vc_els list = vc_el_children(r, devices, NULL, NULL);
	uint64_t lowest = UINT64_MAX;

	*ret_node = NULL;
	for (size_t i = 0; i < list.count; i++) {
		const char *order = vc_el_attr(r, vc_el_child(r, list.el[i], "boot"), "order");
		uint64_t number;

		if (!order || vc_parse_u64(order, VC_BASE_DEC, &number) < 0 || number >= lowest)
			continue;
		lowest = number;
		*ret_node = list.el[i].node;
	}
	return *ret_node != NULL;
}

/* Is there a device for <boot dev='KIND'/>? */
static bool
has_kind(const struct vc_reader *r, struct vc_el devices, const char *kind)
{
	static const struct {
		const char *kind, *device;
	} kinds[] = { { "cdrom", "cdrom" }, { "fd", "floppy" } };
	const struct vc_disk *disks = r->guest->disk.item;

	if (strcmp(kind, "network") == 0)
		return vc_el_child(r, devices, "interface").node != NULL;
	for (size_t i = 0; i < r->guest->disk.count; i++) {
		for (size_t k = 0; k < VC_COUNT(kinds); k++) {
			if (strcmp(kind, kinds[k].kind) == 0 && vc_text_is(&disks[i].device, kinds[k].device))
				return true;
		}
	}
	return false;
}

static struct vc_disk *
find_boot_disk(const struct vc_reader *r, struct vc_el domain, struct vc_el devices)
{
	struct vc_disk *disks = r->guest->disk.item;
	struct vc_el os = vc_el_child(r, domain, "os");
	struct vc_els order = vc_el_children(r, os, "boot", NULL);
	const void *node;

	/* A kernel that is named is started without them. */
	if (vc_el_child(r, os, "kernel").node)
		return NULL;
	if (find_lowest_order(r, devices, &node)) {
		for (size_t i = 0; i < r->guest->disk.count; i++) {
			if (disks[i].place.node == node)
				return &disks[i];
		}
		return NULL;
	}
	if (order.count == 0)
		return first_disk(r->guest);
	/* A kind of which there is no device is passed over. */
	for (size_t i = 0; i < order.count; i++) {
		const char *kind = vc_el_attr(r, order.el[i], "dev");

		if (kind && strcmp(kind, "hd") == 0)
			return first_disk(r->guest);
		if (kind && has_kind(r, devices, kind))
			return NULL;
	}
	return NULL;
}

void
vc_read_disks(const struct vc_reader *r, struct vc_el domain, struct vc_el devices)
{
	struct vc_els list = vc_el_children(r, devices, "disk", NULL);
	struct vc_disk *disk;

	r->guest->disk.fact = (struct vc_fact){ .state = VC_KNOWN, .from = devices.path };
	for (size_t i = 0; i < list.count; i++)
		read_disk(r, list.el[i]);
	disk = find_boot_disk(r, domain, devices);
	if (disk)
		disk->boots.value = true;
}

void
vc_derive_image(const struct vc_deriver *d, const struct vc_fact_text *path, struct vc_fact_ref *ret_image)
{
	const struct vc_host_image *image;

	if (!vc_known(&path->fact)) {
		vc_set_unknown_like(&ret_image->fact, &path->fact);
		return;
	}
	image = vc_host_find_image(d->host, path->value);
	if (path->value[0] != '/')
		vc_set_unreadable(&ret_image->fact, VC_ERELATIVE, path->fact.from);
	else if (image)
		vc_set_ref(ret_image, image, path->fact.from);
	else if (vc_known(&d->host->image.fact) || d->host->image.fact.state == VC_ABSENT)
		vc_set_unreadable(&ret_image->fact, VC_ENOTCOLLECTED, path->fact.from);
	else
		vc_set_unknown_like(&ret_image->fact, &d->host->image.fact);
	ret_image->fact.line = path->fact.line;
}

/* On a command line that names no format QEMU looks into the file. */
static void
derive_probed_format(struct vc_disk *disk)
{
	const struct vc_host_image *image = vc_known(&disk->image.fact) ? disk->image.item : NULL;

	if (image)
		disk->format = image->format;
	else
		vc_derive_unknown(&disk->format.fact, &disk->image.fact);
}

void
vc_derive_disks(const struct vc_deriver *d)
{
	struct vc_disk *disk = d->guest->disk.item;

	for (size_t i = 0; i < d->guest->disk.count; i++) {
		if (vc_text_is(&disk[i].type, "file"))
			vc_derive_image(d, &disk[i].source, &disk[i].image);
		if (disk[i].format.fact.state == VC_ABSENT)
			derive_probed_format(&disk[i]);
	}
}
