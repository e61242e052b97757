/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "guest/derive.h"
#include "guest/read.h"

/* These guests have memory that flash cannot be mapped into [qemu 10.0.13 hw/i386/pc_sysfw.c]. */
static bool
needs_rom(const struct vc_guest *guest)
{
	return vc_text_is(&guest->launch_security, "sev-snp") || vc_text_is(&guest->launch_security, "tdx");
}

static void
read_loader(const struct vc_reader *r, struct vc_el os)
{
	struct vc_guest *guest = r->guest;
	struct vc_el loader = vc_el_child(r, os, "loader");

	vc_read_text(r, loader, NULL, &guest->loader);
	vc_read_text(r, loader, "type", &guest->loader_type);
	/* A loader with a path and without a type is a ROM [libvirt 11.3 src/conf/domain_postparse.c]. */
	if (guest->loader_type.fact.state == VC_ABSENT && vc_known(&guest->loader.fact)) {
		vc_set_text(&guest->loader_type, "rom", guest->loader.fact.from);
		guest->loader_type.fact.line = guest->loader.fact.line;
	}
	vc_set_flag(&guest->firmware_strict_nx,
		    vc_known(&guest->loader.fact) && strstr(guest->loader.value, "strictnx"),
		    guest->loader.fact.from);
	guest->firmware_strict_nx.fact.line = guest->loader.fact.line;
	vc_read_flag_or(r, loader, "secure", false, &guest->loader_secure);
	vc_read_text(r, vc_el_child(r, os, "nvram"), NULL, &guest->nvram);
}

/*
 * A number for OVMF among the files that QEMU hands to the firmware [libvirt 11.3 src/conf/domain_conf.c
 * virSysinfoParseFWCfgDef].
 */
static void
read_window_size(const struct vc_reader *r, struct vc_el domain)
{
	struct vc_els list = vc_el_children(r, domain, "sysinfo", NULL);

	vc_set_absent(&r->input->firmware_window_mib.fact, domain.path);
	for (size_t i = 0; i < list.count; i++) {
		struct vc_els entries = vc_el_children(r, list.el[i], "entry", NULL);

		for (size_t e = 0; e < entries.count; e++) {
			const char *name = vc_el_attr(r, entries.el[e], "name");

			if (name && strcmp(name, "opt/ovmf/X-PciMmio64Mb") == 0)
				vc_read_number(r, entries.el[e], NULL, VC_BASE_DEC, &r->input->firmware_window_mib);
		}
	}
}

void
vc_add_firmware_file(const struct vc_reader *r, struct vc_place place, const char *role,
		     const struct vc_fact_text *path)
{
	struct vc_firmware_use *use = vc_list_append(r->arena, &r->guest->firmware_file, sizeof(*use),
						     path->fact.from);

	use->place = place;
	use->path = *path;
	vc_set_text(&use->role, role, path->fact.from);
	vc_fact_place_like(&use->role.fact, &path->fact);
}

void
vc_read_firmware(const struct vc_reader *r, struct vc_el domain)
{
	struct vc_guest *guest = r->guest;
	struct vc_el os = vc_el_child(r, domain, "os");
	bool flash, efi_wanted;

	read_loader(r, os);
	vc_read_firmware_images(r, os);
	guest->firmware_file = (struct vc_fact_list){ .fact = { .state = VC_KNOWN, .from = os.path } };
	if (vc_known(&guest->loader.fact))
		vc_add_firmware_file(r, vc_el_place(vc_el_child(r, os, "loader")),
				     vc_text_is(&guest->loader_type, "pflash") ? "code" : "rom", &guest->loader);
	read_window_size(r, domain);
	vc_set_number(&guest->acpi_tables, vc_el_children(r, vc_el_child(r, os, "acpi"), "table", NULL).count,
		      os.path);
	vc_read_text(r, os, "firmware", &guest->firmware);
	guest->firmware_auto.fact.line = guest->firmware.fact.line;
	vc_set_flag(&guest->firmware_auto, vc_known(&guest->firmware.fact), guest->firmware.fact.from);

	efi_wanted = vc_text_is(&guest->firmware, "efi");
	flash = vc_text_is(&guest->loader_type, "pflash");
	if (guest->firmware.fact.state == VC_ABSENT) {
		if (flash && (vc_guest_is_x86(guest) || vc_text_is(&guest->arch, "aarch64"))) {
			/* What lies in flash on these machines is an EFI build: SeaBIOS comes as ROM. */
			vc_set_text(&guest->firmware, "efi", guest->loader_type.fact.from);
			guest->firmware.fact.line = guest->loader_type.fact.line;
		} else if (vc_known(&guest->loader.fact)) {
			/* The file may hold either. */
			vc_set_unreadable(&guest->firmware.fact, EOPNOTSUPP, guest->loader.fact.from);
			guest->firmware.fact.line = guest->loader.fact.line;
		} else if (vc_guest_is_x86(guest) && r->input->qemu) {
			vc_set_text(&guest->firmware, "bios", guest->firmware.fact.from);
		}
	}
	/* libvirt chooses an image for flash unless the guest can only take a ROM. */
	if (guest->loader_type.fact.state == VC_ABSENT && efi_wanted)
		flash = !needs_rom(guest);
	guest->pflash.fact.line =
		vc_known(&guest->loader_type.fact) ? guest->loader_type.fact.line : guest->firmware.fact.line;
	vc_set_flag(&guest->pflash, flash,
		    vc_known(&guest->loader_type.fact) ? guest->loader_type.fact.from
						       : guest->firmware.fact.from);
}
