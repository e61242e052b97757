/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Queues of one device that are spread over several threads. */
#include <string.h>

#include "guest/option-fact.h"
#include "guest/read-option.h"

/* [libvirt 11.3 NEWS.rst v10.0.0, v11.2.0; QEMU's property iothread-vq-mapping of virtio-blk and virtio-scsi]
 */
static const struct {
	const char *element, *driver; /* of a domain; of -device, how its name begins */
	struct vc_version qemu, libvirt;
} mappings[] = {
	{ "disk", "virtio-blk", { { 9, 0 } }, { { 10, 0 } } },
	{ "controller", "virtio-scsi", { { 10, 0 } }, { { 11, 2 } } },
};

/* The latest of what the devices need. */
void
vc_read_iothread_mapping(const struct vc_reader *r, struct vc_el devices)
{
	struct vc_guest *guest = r->guest;

	vc_set_absent(&guest->iothread_mapping_qemu.fact, devices.path);
	vc_set_absent(&guest->iothread_mapping_libvirt.fact, devices.path);
	for (size_t m = 0; m < VC_COUNT(mappings); m++) {
		struct vc_els list = vc_el_children(r, devices, mappings[m].element, NULL);

		for (size_t i = 0; i < list.count; i++) {
			struct vc_el mapping = vc_el_at(r, list.el[i], "driver/iothreads");

			if (!mapping.node)
				continue;
			vc_set_version(&guest->iothread_mapping_qemu, mappings[m].qemu, mapping.path);
			vc_set_version(&guest->iothread_mapping_libvirt, mappings[m].libvirt, mapping.path);
			guest->iothread_mapping_qemu.fact.line = vc_el_place(mapping).line;
			guest->iothread_mapping_libvirt.fact.line = vc_el_place(mapping).line;
		}
	}
}

void
vc_take_iothread_mapping(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	static const char key[] = "iothread-vq-mapping";
	const char *driver = vc_qemu_option_get(option, "driver");
	struct vc_fact_version *qemu = &r->guest->iothread_mapping_qemu;
	bool found = false;

	/* A list in JSON, or one of its items: "iothread-vq-mapping.0.iothread". */
	for (size_t i = 0; i < option->properties; i++)
		found = found || strncmp(option->property[i].key, key, strlen(key)) == 0;
	for (size_t m = 0; found && m < VC_COUNT(mappings); m++) {
		if (strncmp(driver, mappings[m].driver, strlen(mappings[m].driver)) != 0 ||
		    (vc_known(&qemu->fact) && vc_version_compare(qemu->value, mappings[m].qemu) >= 0))
			continue;
		vc_set_version(qemu, mappings[m].qemu, option->from);
		vc_option_at(&qemu->fact, option);
	}
}
