/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of firmware in flash: as what they are read, and what they are. */
#include <errno.h>
#include <string.h>

#include "guest/derive.h"
#include "guest/read.h"

static void
add_image(const struct vc_reader *r, const char *role, struct vc_el el, const struct vc_fact_text *path,
	  const char *format_attribute)
{
	struct vc_firmware_image *image = vc_list_append(r->arena, &r->guest->firmware_image, sizeof(*image),
							 r->guest->firmware_image.fact.from);

	image->place = vc_el_place(el);
	vc_set_text(&image->role, role, el.path);
	image->path = *path;
	vc_read_text(r, el, format_attribute, &image->format_written);
}

void
vc_read_firmware_images(const struct vc_reader *r, struct vc_el os)
{
	const struct vc_guest *guest = r->guest;
	struct vc_el nvram = vc_el_child(r, os, "nvram");
	const char *type = vc_el_attr(r, nvram, "type");
	struct vc_fact_text variables = guest->nvram, template = { 0 };

	r->guest->firmware_image.fact = (struct vc_fact){ .state = VC_KNOWN, .from = os.path };
	/* Where libvirt chooses the firmware, it chooses files that fit each other. */
	if (!r->input->qemu || !vc_known(&guest->loader.fact) || !vc_text_is(&guest->loader_type, "pflash"))
		return;
	add_image(r, "loader", vc_el_child(r, os, "loader"), &guest->loader, "format");
	if (type && strcmp(type, "file") == 0)
		vc_read_text(r, vc_el_child(r, nvram, "source"), "file", &variables);
	else if (type)
		vc_set_absent(&variables.fact, nvram.path);
	if (vc_known(&variables.fact))
		add_image(r, "variables", nvram, &variables, "format");
	vc_read_text(r, nvram, "template", &template);
	/* It is copied, byte for byte, so that it has to be what the variables are read as. */
	if (vc_known(&variables.fact) && vc_known(&template.fact))
		add_image(r, "template", nvram, &template, "format");
}

/* As what QEMU reads the file: libvirt tells it. */
static void
derive_format(const struct vc_deriver *d, const struct vc_firmware_image *loader,
	      struct vc_firmware_image *image)
{
	/* The attributes came with 9.2.0; before, it was always raw [libvirt 9.2.0 NEWS.rst]. */
	const struct vc_fact_version *libvirt = &d->host->libvirt_version;
	const struct vc_fact_text *written = &image->format_written;
	const struct vc_host_image *contents;

	image->format.fact = written->fact;
	contents = vc_known(&image->image.fact) ? image->image.item : NULL;
	/* Without libvirt it is as written, or as QEMU finds the file to be. */
	if (d->input->whole) {
		if (written->fact.state != VC_ABSENT)
			image->format = *written;
		else if (contents)
			image->format = contents->format;
		else
			vc_set_unknown_like(&image->format.fact, &image->image.fact);
		return;
	}
	if (!vc_known(&libvirt->fact)) {
		vc_set_unknown_like(&image->format.fact, &libvirt->fact);
		return;
	}
	if (!vc_version_at_least(libvirt->value, 9, 2)) {
		vc_set_text(&image->format, "raw", libvirt->fact.from);
		return;
	}
	if (written->fact.state != VC_ABSENT) {
		image->format = *written;
		return;
	}
	/* Variables inherit from the loader [libvirt 11.3 src/qemu/qemu_firmware.c qemuFirmwareEnsureNVRAM].
	 */
	if (image != loader) {
		if (!vc_text_is(&loader->format, "qcow2") || vc_version_at_least(libvirt->value, 11, 3))
			image->format = loader->format;
		else
			vc_set_unreadable(&image->format.fact, EOPNOTSUPP, libvirt->fact.from);
		return;
	}
	/*
	 * A firmware that a descriptor on the host names gets the format the descriptor says, and any other
	 * is raw. [libvirt 11.3 src/qemu/qemu_firmware.c qemuFirmwareFillDomain]
	 */
	if (contents && vc_text_is(&contents->format, "raw"))
		vc_set_text(&image->format, "raw", libvirt->fact.from);
	else if (contents && vc_known(&contents->format.fact))
		vc_set_unreadable(&image->format.fact, EOPNOTSUPP, image->path.fact.from);
	else
		vc_set_unknown_like(&image->format.fact,
				    contents ? &contents->format.fact : &image->image.fact);
}

void
vc_derive_firmware_images(const struct vc_deriver *d)
{
	struct vc_firmware_image *image = d->guest->firmware_image.item;

	/* The loader is the first of them. */
	for (size_t i = 0; i < d->guest->firmware_image.count; i++) {
		vc_derive_image(d, &image[i].path, &image[i].image);
		derive_format(d, &image[0], &image[i]);
	}
}
