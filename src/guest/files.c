/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything a guest names by its path: disks, what is booted, nodes of the host, directories. */
#include <string.h>

#include "guest/derive.h"
#include "guest/option-fact.h"
#include "guest/read.h"

/* Nobody has so many; a domain that is made up to have more is not to cost more. */
#define LAYERS_MAX 200 /* [libvirt 11.3 src/qemu/qemu_domain.h QEMU_DOMAIN_STORAGE_SOURCE_CHAIN_MAX_DEPTH]   \
			*/

static struct vc_file_use *
add_file(const struct vc_reader *r, struct vc_place place, const char *role, const struct vc_fact_text *path)
{
	struct vc_file_use *use;

	if (!vc_known(&path->fact))
		return NULL;
	use = vc_list_append(r->arena, &r->guest->files, sizeof(*use), r->guest->files.fact.from);
	use->place = place;
	use->path = *path;
	vc_set_text(&use->role, role, path->fact.from);
	vc_fact_place_like(&use->role.fact, &path->fact);
	vc_set_flag(&use->optional, false, path->fact.from);
	return use;
}

static void
add_attribute(const struct vc_reader *r, struct vc_el el, const char *role, struct vc_el at,
	      const char *attribute)
{
	struct vc_fact_text path = { 0 };

	vc_read_text(r, at, attribute, &path);
	/* These the kernel has always. */
	if (vc_text_is(&path, "/dev/urandom") || vc_text_is(&path, "/dev/random"))
		return;
	(void)add_file(r, vc_el_place(el), role, &path);
}

/* A path of the host behind <source>: of a file or of a device. */
static const char *
source_attribute(const char *type)
{
	if (!type || strcmp(type, "file") == 0)
		return "file";
	return strcmp(type, "block") == 0 ? "dev" : NULL;
}

static void
read_layer(const struct vc_reader *r, struct vc_el disk, struct vc_el layer, const char *role)
{
	struct vc_el source = vc_el_child(r, layer, "source");
	const char *attribute = source_attribute(vc_el_attr(r, layer, "type"));
	const char *policy = vc_el_attr(r, source, "startupPolicy");
	struct vc_fact_text path = { 0 };
	struct vc_file_use *use;

	/* A file that is handed over as a descriptor is open already. */
	if (!attribute || vc_el_attr(r, source, "fdgroup"))
		return;
	vc_read_text(r, source, attribute, &path);
	use = add_file(r, vc_el_place(disk), role, &path);
	if (use && policy && strcmp(policy, "optional") == 0)
		vc_set_flag(&use->optional, true, source.path);
}

static void
read_disks(const struct vc_reader *r, struct vc_el devices)
{
	struct vc_els list = vc_el_children(r, devices, "disk", NULL);

	for (size_t i = 0; i < list.count; i++) {
		const char *device = vc_el_attr(r, list.el[i], "device");
		const char *role = device && (strcmp(device, "cdrom") == 0 || strcmp(device, "floppy") == 0)
					   ? device
					   : "disk";
		struct vc_el layer;

		read_layer(r, list.el[i], list.el[i], vc_arena_strdup(r->arena, role));
		layer = vc_el_child(r, list.el[i], "backingStore");
		for (unsigned depth = 0; layer.node && depth < LAYERS_MAX; depth++) {
			if (vc_el_attr(r, layer, "type"))
				read_layer(r, list.el[i], layer, "backing");
			layer = vc_el_child(r, layer, "backingStore");
		}
	}
}

static void
read_boot(const struct vc_reader *r, struct vc_el os)
{
	static const char *const elements[] = { "kernel", "initrd", "dtb" };
	struct vc_els tables = vc_el_children(r, vc_el_child(r, os, "acpi"), "table", NULL);

	for (size_t i = 0; i < VC_COUNT(elements); i++) {
		struct vc_el el = vc_el_child(r, os, elements[i]);

		add_attribute(r, el, elements[i], el, NULL);
	}
	for (size_t i = 0; i < tables.count; i++)
		add_attribute(r, tables.el[i], "table", tables.el[i], NULL);
}

/* Elements of <devices> that name a node or a directory of the host. A console is a serial port once more. */
static const struct node {
	const char *element, *role;
	const char *steps;     /* to the element with the path */
	const char *attribute; /* NULL: its text */
	const char *holder, *kind,
		*values; /* only if attribute @kind of the element at @holder is one of @values */
} nodes[] = {
	{ "serial", "serial port", "source", "path", "", "type", "dev" },
	{ "parallel", "parallel port", "source", "path", "", "type", "dev" },
	{ "channel", "serial port", "source", "path", "", "type", "dev" },
	{ "input", "input device", "source", "evdev", "", "type", "passthrough" },
	{ "input", "input device", "source", "dev", "", "type", "evdev" },
	{ "tpm", "TPM", "backend/device", "path", "backend", "type", "passthrough" },
	{ "rng", "random numbers", "backend", NULL, "backend", "model", "random" },
	{ "graphics", "render node", "gl", "rendernode", "gl", NULL, NULL },
	{ "video", "render node", "model/acceleration", "rendernode", "", NULL, NULL },
	{ "filesystem", "directory", "source", "dir", "", "type", "mount" },
};

static void
read_nodes(const struct vc_reader *r, struct vc_el devices)
{
	for (size_t n = 0; n < VC_COUNT(nodes); n++) {
		const struct node *node = &nodes[n];
		struct vc_els list = vc_el_children(r, devices, node->element, NULL);

		for (size_t i = 0; i < list.count; i++) {
			struct vc_el el = list.el[i];
			struct vc_el holder = *node->holder ? vc_el_at(r, el, node->holder) : el;
			const char *kind = node->kind ? vc_el_attr(r, holder, node->kind) : NULL;

			if (!node->kind || (kind && strcmp(kind, node->values) == 0))
				add_attribute(r, el, node->role, vc_el_at(r, el, node->steps),
					      node->attribute);
		}
	}
}

/* A label of its own makes QEMU run as somebody else, or leaves its files as they are. */
static void
read_labels(const struct vc_reader *r, struct vc_el domain)
{
	struct vc_els list = vc_el_children(r, domain, "seclabel", NULL);

	vc_set_flag(&r->guest->own_user, false, domain.path);
	for (size_t i = 0; i < list.count; i++) {
		const char *model = vc_el_attr(r, list.el[i], "model");

		if (model && strcmp(model, "dac") == 0)
			vc_set_flag(&r->guest->own_user, true, list.el[i].path);
	}
}

void
vc_read_files(const struct vc_reader *r, struct vc_el domain)
{
	struct vc_el devices = vc_el_child(r, domain, "devices");

	r->guest->files.fact = (struct vc_fact){ .state = VC_KNOWN, .from = devices.path };
	read_labels(r, domain);
	if (!r->input->qemu)
		return;
	read_disks(r, devices);
	read_boot(r, vc_el_child(r, domain, "os"));
	read_nodes(r, devices);
}

/* --- options of QEMU --- */

static void
add_option(const struct vc_reader *r, const char *role, const char *path, const struct vc_qemu_option *option)
{
	struct vc_fact_text text = { 0 };

	if (!path || !*path)
		return;
	if (strncmp(path, "file:", strlen("file:")) == 0)
		path += strlen("file:");
	vc_option_text(&text, path, option);
	(void)add_file(r, option->place, role, &text);
}

static void
take_drive(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	const char *interface = vc_qemu_option_get(option, "if"),
		   *media = vc_qemu_option_get(option, "media");

	if (interface && strcmp(interface, "pflash") == 0)
		return;
	add_option(r, media && strcmp(media, "cdrom") == 0 ? "cdrom" : "disk",
		   vc_qemu_option_get(option, "file"), option);
}

static void
take_blockdev(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	static const struct {
		const char *driver, *filename;
	} keys[] = { { "driver", "filename" }, { "file.driver", "file.filename" } };

	for (size_t i = 0; i < VC_COUNT(keys); i++) {
		const char *driver = vc_qemu_option_get(option, keys[i].driver);

		if (driver && (strcmp(driver, "file") == 0 || strcmp(driver, "host_device") == 0 ||
			       strcmp(driver, "host_cdrom") == 0))
			add_option(r, "disk", vc_qemu_option_get(option, keys[i].filename), option);
	}
}

/* Options whose whole argument is a file. */
static const struct {
	const char *option, *role;
} whole[] = {
	{ "cdrom", "cdrom" },   { "dtb", "dtb" },       { "fda", "floppy" }, { "fdb", "floppy" },
	{ "hda", "disk" },      { "hdb", "disk" },      { "hdc", "disk" },   { "hdd", "disk" },
	{ "initrd", "initrd" }, { "kernel", "kernel" },
};

/* Several modules for a multiboot kernel, with arguments, are not taken apart. */
static bool
is_plain(const char *path)
{
	return path[0] == '/' && !strchr(path, ',');
}

void
vc_read_option_files(const struct vc_reader *r)
{
	const struct vc_qemu_args *args = &r->input->args;

	for (size_t i = 0; i < args->options; i++) {
		const struct vc_qemu_option *option = &args->option[i];
		const char *type =
			strcmp(option->name, "object") == 0 ? vc_qemu_option_get(option, "qom-type") : NULL;

		if (strcmp(option->name, "drive") == 0)
			take_drive(r, option);
		else if (strcmp(option->name, "blockdev") == 0)
			take_blockdev(r, option);
		else if (type && strcmp(type, "input-linux") == 0)
			add_option(r, "input device", vc_qemu_option_get(option, "evdev"), option);
		for (size_t w = 0; w < VC_COUNT(whole); w++) {
			if (strcmp(option->name, whole[w].option) == 0 && is_plain(option->argument))
				add_option(r, whole[w].role, option->argument, option);
		}
	}
}

/* What is only known when all is read. */
void
vc_settle_files(const struct vc_reader *r)
{
	const struct vc_fact_list *hostdevs = &r->guest->hostdev;
	static const struct vc_fact_text kvm = { .fact = { .state = VC_KNOWN, .from = "KVM" },
						 .value = "/dev/kvm" };

	for (size_t i = 0; i < hostdevs->count; i++) {
		const struct vc_hostdev *hostdev = (const struct vc_hostdev *)hostdevs->item + i;

		if (vc_known(&hostdev->rom_bar.fact) && hostdev->rom_bar.value)
			(void)add_file(r, hostdev->place, "rom", &hostdev->rom_file);
	}
	if (vc_text_is(&r->guest->accel, "kvm")) {
		const struct vc_fact *accel = &r->guest->accel.fact;
		struct vc_place place = { .line = accel->line, .argument = accel->argument };
		struct vc_fact_text path = kvm;

		if (accel->argument > 0)
			place.text = accel->from;
		else if (!r->guest->is_command_line)
			place.xpath = accel->from;
		vc_fact_place_like(&path.fact, accel);
		(void)add_file(r, place, "kvm", &path);
	}
}

const char *
vc_guest_status_file(const struct vc_guest *guest, struct vc_arena *arena)
{
	if (!vc_text_is(&guest->launcher, "libvirt") || !vc_known(&guest->name.fact) ||
	    strchr(guest->name.value, '/'))
		return NULL;
	/* [libvirt 11.3 src/conf/virdomainobjlist.c, src/qemu/qemu_conf.c virQEMUDriverConfigNew] */
	return vc_arena_printf(arena, "/run/libvirt/qemu/%s.xml", guest->name.value);
}

/* --- on the host --- */

static void
derive_started(const struct vc_deriver *d)
{
	struct vc_fact_flag *started = &d->guest->started;
	const char *status = vc_guest_status_file(d->guest, d->arena);
	const struct vc_host_file *file = status ? vc_host_find_file(d->host, status) : NULL;

	if (vc_known(&d->guest->running.fact) && d->guest->running.value)
		*started = d->guest->running;
	else if (!status)
		vc_set_unreadable(&started->fact, VC_ENOTCOLLECTED, "/proc");
	else if (file)
		*started = file->exists;
	else
		vc_derive_unknown(&started->fact, &d->host->file.fact);
}

void
vc_derive_files(const struct vc_deriver *d)
{
	struct vc_file_use *use = d->guest->files.item;

	for (size_t i = 0; i < d->guest->files.count; i++) {
		const struct vc_host_file *file = vc_host_find_file(d->host, use[i].path.value);

		/* A path that is not absolute begins where QEMU is started. */
		if (file)
			vc_set_ref(&use[i].file, file, use[i].path.fact.from);
		else
			vc_derive_unknown(&use[i].file.fact, &d->host->file.fact);
		vc_fact_place_like(&use[i].file.fact, &use[i].path.fact);
	}
	derive_started(d);
}
