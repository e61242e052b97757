/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/qemu-flash.h"

#include <string.h>

#include "base/number.h"
#include "guest/derive.h"
#include "guest/option-fact.h"

/* A block device over another is a filter or a format; more than a few are none that starts. */
#define LAYERS_MAX 16

/* What the files in flash are for, by unit [qemu 10.0 hw/i386/pc_sysfw.c, hw/arm/virt.c virt_firmware_init]. */
static const char *const roles[] = { "code", "variables" };

void
vc_qemu_take_rom(const struct vc_reader *r, const char *file, const struct vc_qemu_option *option)
{
	struct vc_guest *guest = r->guest;

	/* Flash wins [qemu 10.0 hw/i386/pc_sysfw.c pc_system_firmware_init]. */
	if (vc_text_is(&guest->loader_type, "pflash"))
		return;
	vc_option_text(&guest->loader, file, option);
	vc_option_text(&guest->loader_type, "rom", option);
	/* The file may hold either. */
	vc_set_unreadable(&guest->firmware.fact, EOPNOTSUPP, option->from);
	vc_option_at(&guest->firmware.fact, option);
}

/* @file NULL: it cannot be told. */
static void
take_unit(const struct vc_reader *r, uint64_t unit, const char *file, const struct vc_qemu_option *option)
{
	struct vc_guest *guest = r->guest;
	struct vc_fact_text *path = unit == 0 ? &guest->loader : &guest->nvram;

	vc_option_text(&guest->loader_type, "pflash", option);
	vc_take_flash(r, option);
	if (unit >= VC_COUNT(roles))
		return;
	if (file)
		vc_option_text(path, file, option);
	else
		vc_set_unreadable(&path->fact, EOPNOTSUPP, option->from);
	vc_option_at(&path->fact, option);
	if (file)
		vc_add_firmware_file(r, option->place, roles[unit], path);
}

/* -pflash FILE takes the next unit, as -drive without unit= or index= does [qemu 10.0 blockdev.c drive_new]. */
void
vc_qemu_take_flash_drive(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	bool plain = strcmp(option->name, "pflash") == 0;
	const char *file = plain ? option->argument : vc_qemu_option_get(option, "file");
	const char *written = plain ? NULL : vc_qemu_option_get(option, "unit");
	uint64_t unit = r->input->flash_units;

	if (!file)
		file = vc_qemu_option_get(option, "file.filename");
	if (!plain && !written)
		written = vc_qemu_option_get(option, "index");
	if (written && vc_parse_u64(written, VC_BASE_DEC, &unit) < 0)
		unit = r->input->flash_units;
	if (unit >= r->input->flash_units)
		r->input->flash_units = unit < VC_COUNT(roles) ? unit + 1 : VC_COUNT(roles);
	take_unit(r, unit, file, option);
}

static const struct vc_qemu_option *
find_node(const struct vc_qemu_args *args, const char *name)
{
	for (size_t i = 0; i < args->options; i++) {
		const struct vc_qemu_option *option = &args->option[i];
		const char *node = vc_qemu_option_get(option, "node-name");

		if (strcmp(option->name, "blockdev") == 0 && node && strcmp(node, name) == 0)
			return option;
	}
	return NULL;
}

/* The file below the block device @name, NULL if it has none. */
static const char *
file_of_node(const struct vc_qemu_args *args, const char *name)
{
	for (unsigned layer = 0; name && layer < LAYERS_MAX; layer++) {
		const struct vc_qemu_option *node = find_node(args, name);
		const char *file;

		if (!node)
			return NULL;
		file = vc_qemu_option_get(node, "filename");
		if (!file)
			file = vc_qemu_option_get(node, "file.filename");
		if (file)
			return file;
		name = vc_qemu_option_get(node, "file");
	}
	return NULL;
}

void
vc_qemu_settle_flash(const struct vc_reader *r)
{
	static const char *const keys[] = { "pflash0", "pflash1" };
	struct vc_guest *guest = r->guest;
	const struct vc_qemu_args *args = &r->input->args;

	for (size_t unit = 0; unit < VC_COUNT(keys); unit++) {
		for (size_t i = args->options; i > 0; i--) {
			const struct vc_qemu_option *option = &args->option[i - 1];
			bool machine = strcmp(option->name, "machine") == 0 || strcmp(option->name, "M") == 0;
			const char *node = machine ? vc_qemu_option_get(option, keys[unit]) : NULL;

			if (!node)
				continue;
			take_unit(r, unit, file_of_node(args, node), option);
			break;
		}
	}
	/* Without a file it is QEMU's own SeaBIOS. */
	if (guest->firmware.fact.state == VC_ABSENT && vc_guest_is_x86(guest))
		vc_set_text(&guest->firmware, "bios", "default of QEMU");
	if (vc_text_is(&guest->loader_type, "rom") && guest->loader.fact.state != VC_ABSENT) {
		const struct vc_fact *fact = &guest->loader.fact;

		vc_add_firmware_file(r,
				     (struct vc_place){ .line = fact->line, .argument = fact->argument, .text = fact->from },
				     "rom", &guest->loader);
	}
}
