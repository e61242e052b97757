/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables of guest.h, as descriptors. Not static: see host/host-facts.c. */
#include "guest/guest.h"

#define VC_SCHEMA(id, table, prefix, key_field, has_place)                               \
	extern const struct vc_field vc_fields_##id[];                                   \
	const struct vc_field vc_fields_##id[] = { table(VC_FACT_FIELD) };               \
	const struct vc_schema vc_schema_##id = {                                        \
		.name = prefix, .field = vc_fields_##id, .count = VC_COUNT(vc_fields_##id), \
		.size = sizeof(struct VC_FACT_STRUCT_NAME), .key = key_field,            \
		.placed = has_place,                                                     \
	};

#define VC_FACT_STRUCT struct VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_ram
VC_SCHEMA(ram, VC_RAM_FACTS, "guest.ram", NULL, false)
#undef VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_viommu
VC_SCHEMA(viommu, VC_VIOMMU_FACTS, "guest.iommu", NULL, true)
#undef VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_hostdev
VC_SCHEMA(hostdev, VC_HOSTDEV_FACTS, "guest.hostdev", NULL, true)
#undef VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_disk
VC_SCHEMA(disk, VC_DISK_FACTS, "guest.disk", NULL, true)
#undef VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_usb_use
VC_SCHEMA(usb_use, VC_USB_USE_FACTS, "guest.usb", NULL, true)
#undef VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_listen_use
VC_SCHEMA(listen_use, VC_LISTEN_USE_FACTS, "guest.listen", NULL, true)
#undef VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_file_use
VC_SCHEMA(file_use, VC_FILE_USE_FACTS, "guest.file", NULL, true)
#undef VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_firmware_image
VC_SCHEMA(firmware_image, VC_FIRMWARE_IMAGE_FACTS, "guest.firmware_image", NULL, true)
#undef VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_vdpa
VC_SCHEMA(vdpa, VC_VDPA_FACTS, "guest.vdpa", NULL, true)
#undef VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_numa_binding
VC_SCHEMA(numa_binding, VC_NUMA_BINDING_FACTS, "guest.numa_binding", NULL, true)
#undef VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_hugepage_demand
VC_SCHEMA(hugepage_demand, VC_HUGEPAGE_DEMAND_FACTS, "guest.hugepage_demand", NULL, true)
#undef VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_firmware_use
VC_SCHEMA(firmware_use, VC_FIRMWARE_USE_FACTS, "guest.firmware_file", NULL, true)
#undef VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_timer
VC_SCHEMA(timer, VC_TIMER_FACTS, "guest.timer", "name", true)
#undef VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_interface
VC_SCHEMA(interface, VC_INTERFACE_FACTS, "guest.interface", NULL, true)
#undef VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_recent_setting
VC_SCHEMA(recent_setting, VC_RECENT_SETTING_FACTS, "guest.recent_setting", NULL, true)
#undef VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_pin
VC_SCHEMA(pin, VC_PIN_FACTS, "guest.pin", NULL, true)
#undef VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_ignore
VC_SCHEMA(ignore, VC_IGNORE_FACTS, "guest.ignore", NULL, true)
#undef VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_guest
VC_SCHEMA(guest, VC_GUEST_FACTS, "guest", NULL, false)
#undef VC_FACT_STRUCT_NAME
