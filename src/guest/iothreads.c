/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Queues of one device that are spread over several threads. */
#include <string.h>

#include "guest/read.h"

/* [libvirt 11.3 NEWS.rst v10.0.0, v11.2.0; QEMU's property iothread-vq-mapping of virtio-blk and virtio-scsi]
 */
static const struct {
	const char *element;
	struct vc_version qemu, libvirt;
} mappings[] = {
	{ "disk", { { 9, 0 } }, { { 10, 0 } } },
	{ "controller", { { 10, 0 } }, { { 11, 2 } } },
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
