/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/qemu-flash.h"

#include <string.h>

#include "base/number.h"
#include "guest/derive.h"
#include "guest/option-fact.h"
#include "guest/qemu-block.h"

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

/* As what QEMU reads it. Nothing written is for QEMU to find out, and so never wrong. */
static void
add_image(const struct vc_reader *r, uint64_t unit, const struct vc_fact_text *path, const struct vc_qemu_block *block)
{
	static const char *const image_roles[] = { "loader", "variables" };
	struct vc_firmware_image *image = vc_list_append(r->arena, &r->guest->firmware_image, sizeof(*image),
							 block->option->from);

	image->place = block->option->place;
	vc_option_text(&image->role, image_roles[unit], block->option);
	image->path = *path;
	vc_option_text(&image->format_written, block->format ? block->format : "", block->option);
}

static void
take_unit(const struct vc_reader *r, uint64_t unit, const struct vc_qemu_block *block,
	  const struct vc_qemu_option *option)
{
	struct vc_guest *guest = r->guest;
	struct vc_fact_text *path = unit == 0 ? &guest->loader : &guest->nvram;

	vc_option_text(&guest->loader_type, "pflash", option);
	vc_take_flash(r, option);
	if (unit >= VC_COUNT(roles))
		return;
	if (!block->file) {
		vc_set_unreadable(&path->fact, EOPNOTSUPP, option->from);
		vc_option_at(&path->fact, option);
		return;
	}
	vc_option_text(path, block->file, block->option);
	vc_add_firmware_file(r, block->option->place, roles[unit], path);
	add_image(r, unit, path, block);
}

/* -pflash FILE takes the next unit, as -drive without unit= or index= does [qemu 10.0 blockdev.c drive_new]. */
static void
take_drive(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	bool plain = strcmp(option->name, "pflash") == 0;
	const char *written = plain ? NULL : vc_qemu_option_get(option, "unit");
	uint64_t unit = r->input->flash_units;
	struct vc_qemu_block block;

	if (plain)
		vc_qemu_read_image(option, option->argument, &block);
	else
		vc_qemu_read_drive(r, option, &block);
	if (!plain && !written)
		written = vc_qemu_option_get(option, "index");
	if (written && vc_parse_u64(written, VC_BASE_DEC, &unit) < 0)
		unit = r->input->flash_units;
	if (unit >= r->input->flash_units)
		r->input->flash_units = unit < VC_COUNT(roles) ? unit + 1 : VC_COUNT(roles);
	take_unit(r, unit, &block, option);
}

/* The last -machine that names the unit counts. */
static void
take_machine_unit(const struct vc_reader *r, uint64_t unit, const char *key)
{
	const struct vc_qemu_args *args = &r->input->args;

	for (size_t i = args->options; i > 0; i--) {
		const struct vc_qemu_option *option = &args->option[i - 1];
		bool machine = strcmp(option->name, "machine") == 0 || strcmp(option->name, "M") == 0;
		const char *node = machine ? vc_qemu_option_get(option, key) : NULL;
		struct vc_qemu_block block = { .option = option };

		if (!node)
			continue;
		(void)vc_qemu_find_block(r, node, &block);
		take_unit(r, unit, &block, option);
		return;
	}
}

void
vc_qemu_settle_flash(const struct vc_reader *r)
{
	struct vc_guest *guest = r->guest;
	const struct vc_qemu_args *args = &r->input->args;

	for (size_t i = 0; i < args->options; i++) {
		const struct vc_qemu_option *option = &args->option[i];
		const char *kind = strcmp(option->name, "drive") == 0 ? vc_qemu_option_get(option, "if") : NULL;

		if (strcmp(option->name, "pflash") == 0 || (kind && strcmp(kind, "pflash") == 0))
			take_drive(r, option);
	}
	take_machine_unit(r, 0, "pflash0");
	take_machine_unit(r, 1, "pflash1");
	if (guest->loader.fact.state == VC_UNREADABLE)
		vc_set_unknown_like(&guest->firmware_strict_nx.fact, &guest->loader.fact);
	else
		vc_set_flag(&guest->firmware_strict_nx,
			    vc_known(&guest->loader.fact) && strstr(guest->loader.value, "strictnx"),
			    guest->loader.fact.from);
	vc_fact_place_like(&guest->firmware_strict_nx.fact, &guest->loader.fact);
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
