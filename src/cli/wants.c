/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/wants.h"

#include <stdlib.h>
#include <string.h>

static void
append(struct vc_arena *arena, struct vc_names_wanted *names, const char *name)
{
	*(const char **)vc_arena_append(arena, (void **)&names->name, &names->count, sizeof(*names->name)) =
		name;
}

static void
want_usual_emulators(struct vc_wants *wants)
{
	static const char *const usual[] = {
		"/usr/bin/qemu-system-x86_64",
		"/usr/bin/qemu-system-aarch64",
		"/usr/bin/qemu-kvm",
		"/usr/libexec/qemu-kvm",
	};

	for (size_t i = 0; i < VC_COUNT(usual); i++)
		append(wants->arena, &wants->emulator, usual[i]);
}

void
vc_wants_usual_files(struct vc_wants *wants)
{
	want_usual_emulators(wants);
	append(wants->arena, &wants->file, "/dev/kvm");
}

/* The files of the firmware, and those of disks that are looked into. */
static void
add_images(struct vc_wants *wants, const struct vc_guest *guest)
{
	const struct vc_firmware_image *firmware = guest->firmware_image.item;
	const struct vc_disk *disk = guest->disk.item;

	for (size_t i = 0; i < guest->firmware_image.count; i++) {
		if (vc_known(&firmware[i].path.fact))
			append(wants->arena, &wants->image, firmware[i].path.value);
	}
	for (size_t i = 0; i < guest->disk.count; i++) {
		if (vc_text_is(&disk[i].type, "file") && vc_text_is(&disk[i].device, "disk") &&
		    vc_known(&disk[i].source.fact))
			append(wants->arena, &wants->image, disk[i].source.value);
	}
}

static void
add_files(struct vc_wants *wants, const struct vc_guest *guest)
{
	const char *status = vc_guest_status_file(guest, wants->arena);

	for (size_t i = 0; i < guest->files.count; i++)
		append(wants->arena, &wants->file, ((const struct vc_file_use *)guest->files.item)[i].path.value);
	for (size_t i = 0; i < guest->usb.count; i++)
		append(wants->arena, &wants->usb, ((const struct vc_usb_use *)guest->usb.item)[i].id.value);
	for (size_t i = 0; i < guest->listen.count; i++)
		append(wants->arena, &wants->listen,
		       ((const struct vc_listen_use *)guest->listen.item)[i].address.value);
	if (status)
		append(wants->arena, &wants->file, status);
}

static void
want_emulators(struct vc_wants *wants, const struct vc_guest *guest)
{
	const char *path[VC_EMULATORS_MAX];
	size_t count = vc_guest_emulators(guest, wants->arena, path);

	for (size_t i = 0; i < count; i++)
		append(wants->arena, &wants->emulator, path[i]);
	if (count == 0)
		want_usual_emulators(wants);
}

void
vc_wants_add(struct vc_wants *wants, const struct vc_ruleset *rules, const struct vc_guest *guest)
{
	/* The report names the kernel whatever the rules ask. */
	wants->areas |= vc_ruleset_needs(rules, guest) | VC_AREA_KERNEL;
	if (!guest)
		return;
	for (size_t i = 0; i < guest->hostdev.count; i++) {
		const struct vc_hostdev *hostdev = (const struct vc_hostdev *)guest->hostdev.item + i;

		if (vc_known(&hostdev->address.fact))
			append(wants->arena, &wants->device, hostdev->address.value);
		if (vc_known(&hostdev->rom_file.fact))
			append(wants->arena, &wants->rom, hostdev->rom_file.value);
	}
	add_images(wants, guest);
	add_files(wants, guest);
	for (size_t i = 0; i < guest->firmware_file.count; i++) {
		const struct vc_firmware_use *use = (const struct vc_firmware_use *)guest->firmware_file.item + i;

		if (vc_known(&use->path.fact))
			append(wants->arena, &wants->firmware, use->path.value);
	}
	want_emulators(wants, guest);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
sort_names(struct vc_names_wanted *names)
{
	size_t kept = 0;

	if (names->count == 0)
		return;
	qsort(names->name, names->count, sizeof(*names->name), compare_names);
	for (size_t i = 0; i < names->count; i++) {
		if (kept == 0 || strcmp(names->name[kept - 1], names->name[i]) != 0)
			names->name[kept++] = names->name[i];
	}
	names->count = kept;
}

/* Both are sorted in the end, so that thousands of names cost no search each. */
static bool
merge_names(struct vc_arena *arena, struct vc_names_wanted *names, struct vc_names_wanted *more)
{
	struct vc_names_wanted merged = { 0 };
	size_t i = 0, j = 0;

	if (more->count == 0)
		return false;
	sort_names(more);
	while (i < names->count || j < more->count) {
		int order = i == names->count  ? 1
			    : j == more->count ? -1
					       : strcmp(names->name[i], more->name[j]);

		append(arena, &merged, order <= 0 ? names->name[i] : vc_arena_strdup(arena, more->name[j]));
		i += order <= 0;
		j += order >= 0;
	}
	if (merged.count == names->count)
		return false;
	*names = merged;
	return true;
}

bool
vc_wants_merge(struct vc_wants *wants, struct vc_wants *more)
{
	bool grown = (more->areas & ~wants->areas) != 0 || (more->all_devices && !wants->all_devices);

	wants->areas |= more->areas;
	wants->all_devices = wants->all_devices || more->all_devices;
	grown = merge_names(wants->arena, &wants->device, &more->device) || grown;
	grown = merge_names(wants->arena, &wants->usb, &more->usb) || grown;
	grown = merge_names(wants->arena, &wants->listen, &more->listen) || grown;
	return merge_names(wants->arena, &wants->emulator, &more->emulator) || grown;
}

bool
vc_wants_files_of(struct vc_wants *wants, struct vc_wants *more)
{
	sort_names(&more->rom);
	sort_names(&more->image);
	sort_names(&more->file);
	sort_names(&more->firmware);
	wants->rom = more->rom;
	wants->image = more->image;
	wants->file = more->file;
	wants->firmware = more->firmware;
	return more->rom.count + more->image.count + more->file.count + more->firmware.count > 0;
}

static struct vc_host_request
request_for(const struct vc_wants *wants, const struct vc_run_options *options)
{
	return (struct vc_host_request){
		.areas = wants->areas,
		.device = wants->device.name,
		.devices = wants->device.count,
		.all_devices = wants->all_devices,
		.emulator = wants->emulator.name,
		.emulators = wants->emulator.count,
		.rom = wants->rom.name,
		.roms = wants->rom.count,
		.image = wants->image.name,
		.images = wants->image.count,
		.usb = wants->usb.name,
		.usbs = wants->usb.count,
		.listen = wants->listen.name,
		.listens = wants->listen.count,
		.file = wants->file.name,
		.files = wants->file.count,
		.firmware = wants->firmware.name,
		.firmwares = wants->firmware.count,
		.qemu_version = options->qemu_version,
		.libvirt_version = options->libvirt_version,
		.qemu_version_from = options->qemu_version_from,
		.libvirt_version_from = options->libvirt_version_from,
		.may_execute = options->may_execute,
		.site_quirks = options->site_quirks,
	};
}

void
vc_wants_probe(const struct vc_wants *wants, const struct vc_run_options *options, struct vc_hostfs *fs,
	       struct vc_host *ret_host)
{
	const struct vc_host_request request = request_for(wants, options);

	vc_host_probe(fs, &request, ret_host);
}

void
vc_wants_probe_files(const struct vc_wants *wants, const struct vc_run_options *options, struct vc_hostfs *fs,
		     struct vc_host *host)
{
	const struct vc_host_request request = request_for(wants, options);

	vc_host_probe_files(fs, &request, host);
}
