/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/qemu-files.h"

#include <string.h>

#include "guest/option-fact.h"

/* [libvirt 11.3 src/qemu/qemu_domain.h QEMU_DOMAIN_STORAGE_SOURCE_CHAIN_MAX_DEPTH] */
#define LAYERS_MAX 200

/* Options with a path in one of their properties. */
static const struct {
	const char *option, *role;
	const char *key;   /* NULL: the whole argument */
	const char *which; /* only if the property of this name is one of @values */
	const char *values[2];
} paths[] = {
	{ "kernel", "kernel", NULL, NULL, { NULL } },
	{ "initrd", "initrd", NULL, NULL, { NULL } },
	{ "dtb", "dtb", NULL, NULL, { NULL } },
	{ "acpitable", "table", "file", NULL, { NULL } },
	{ "acpitable", "table", "data", NULL, { NULL } },
	{ "chardev", "serial port", "path", "backend", { "serial", "tty" } },
	{ "chardev", "parallel port", "path", "backend", { "parallel", "parport" } },
	{ "serial", "serial port", NULL, NULL, { NULL } },
	{ "parallel", "parallel port", NULL, NULL, { NULL } },
	{ "object", "input device", "evdev", "qom-type", { "input-linux", NULL } },
	{ "device",
	  "input device",
	  "evdev",
	  "driver",
	  { "virtio-input-host-pci", "virtio-input-host-device" } },
	{ "object", "random numbers", "filename", "qom-type", { "rng-random", NULL } },
	{ "tpmdev", "TPM", "path", "type", { "passthrough", NULL } },
	{ "display", "render node", "rendernode", NULL, { NULL } },
	{ "spice", "render node", "rendernode", NULL, { NULL } },
	{ "fsdev", "directory", "path", "fsdriver", { "local", NULL } },
	{ "virtfs", "directory", "path", "fsdriver", { "local", NULL } },
};

/* Not a file of the host: random numbers the kernel always has, and what is open already. */
static bool
is_no_file(const char *path)
{
	return strcmp(path, "/dev/urandom") == 0 || strcmp(path, "/dev/random") == 0 ||
	       strncmp(path, "/dev/fdset/", strlen("/dev/fdset/")) == 0;
}

static void
add(const struct vc_reader *r, const char *role, const char *path, const struct vc_qemu_option *option)
{
	struct vc_fact_text text = { 0 };

	if (!path || !*path || is_no_file(path))
		return;
	vc_option_text(&text, path, option);
	(void)vc_add_file(r, option->place, role, &text);
}

/* --- block devices --- */

void
vc_qemu_mark_files(const struct vc_reader *r, const char *role, const struct vc_qemu_block *block)
{
	struct vc_qemu_block layer = *block;

	/* Disks that are only named differently are the same to whoever opens the file. */
	if (strcmp(role, "lun") == 0)
		role = "disk";
	for (unsigned depth = 0; depth < LAYERS_MAX; depth++) {
		size_t position = (size_t)(layer.option - r->input->args.option);

		if (r->input->role[position])
			return;
		r->input->role[position] = role;
		if (!layer.backing || !vc_qemu_find_block(r, layer.backing, &layer))
			return;
		role = "backing";
	}
}

/* QEMU opens every one of them, whether a device has it or not. */
static void
add_block(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	const char *role = r->input->role[option - r->input->args.option];
	const char *interface = vc_qemu_option_get(option, "if"),
		   *media = vc_qemu_option_get(option, "media");
	struct vc_qemu_block block;

	if ((role && strcmp(role, "firmware") == 0) || (interface && strcmp(interface, "pflash") == 0))
		return;
	if (!vc_qemu_read_itself(option, &block) || !block.file ||
	    (strcmp(block.type, "file") != 0 && strcmp(block.type, "block") != 0))
		return;
	if (media && strcmp(media, "cdrom") == 0)
		role = "cdrom";
	else if (interface && strcmp(interface, "floppy") == 0)
		role = "floppy";
	add(r, role ? role : "disk", block.file, option);
}

/* Options whose argument is the image of a disk. "": an argument without an option. */
static const struct {
	const char *option, *role;
} images[] = {
	{ "", "disk" },    { "cdrom", "cdrom" }, { "fda", "floppy" }, { "fdb", "floppy" }, { "hda", "disk" },
	{ "hdb", "disk" }, { "hdc", "disk" },    { "hdd", "disk" },   { "sd", "disk" },
};

static void
add_image(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	for (size_t i = 0; i < VC_COUNT(images); i++) {
		struct vc_qemu_block block;

		if (strcmp(option->name, images[i].option) != 0)
			continue;
		vc_qemu_read_image(option, option->argument, &block);
		add(r, images[i].role, block.file, option);
	}
}

/* --- the rest --- */

static bool
is_meant(const struct vc_qemu_option *option, size_t row)
{
	const char *value = paths[row].which ? vc_qemu_option_get(option, paths[row].which) : NULL;

	if (!paths[row].which)
		return true;
	for (size_t i = 0; value && i < VC_COUNT(paths[row].values); i++) {
		if (paths[row].values[i] && strcmp(value, paths[row].values[i]) == 0)
			return true;
	}
	return false;
}

/* Several modules for a multiboot kernel, with arguments, are not taken apart, nor are lists of tables. */
static bool
is_plain(const char *path)
{
	return path && path[0] == '/' && !strpbrk(path, ",:");
}

static void
add_paths(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	for (size_t i = 0; i < VC_COUNT(paths); i++) {
		const char *path;

		if (strcmp(option->name, paths[i].option) != 0 || !is_meant(option, i))
			continue;
		path = paths[i].key ? vc_qemu_option_get(option, paths[i].key) : option->argument;
		if (is_plain(path) || (paths[i].which && path))
			add(r, paths[i].role, path, option);
	}
}

void
vc_qemu_settle_files(const struct vc_reader *r)
{
	const struct vc_qemu_args *args = &r->input->args;

	for (size_t i = 0; i < args->options; i++) {
		const struct vc_qemu_option *option = &args->option[i];

		if (strcmp(option->name, "drive") == 0 || strcmp(option->name, "blockdev") == 0)
			add_block(r, option);
		else
			add_image(r, option);
		add_paths(r, option);
	}
}
