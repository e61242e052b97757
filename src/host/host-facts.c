/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables of host.h, as descriptors. */
#include "host/host.h"

/*
 * One schema from one table: VC_SCHEMA(pci, VC_PCI_FACTS, "host.pci.device", "address"). The fields are not
 * static because the built-in rules, which are constant data, point into them (rules/rulec.c).
 */
#define VC_SCHEMA(id, table, prefix, key_field)                                          \
	extern const struct vc_field vc_fields_##id[];                                   \
	const struct vc_field vc_fields_##id[] = { table(VC_FACT_FIELD) };               \
	const struct vc_schema vc_schema_##id = {                                        \
		.name = prefix, .field = vc_fields_##id, .count = VC_COUNT(vc_fields_##id), \
		.size = sizeof(struct VC_FACT_STRUCT_NAME), .key = key_field,            \
	};

#define VC_FACT_STRUCT struct VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_reserved
VC_SCHEMA(reserved, VC_RESERVED_FACTS, "reserved", NULL)
#undef VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_iommu_group
VC_SCHEMA(iommu_group, VC_IOMMU_GROUP_FACTS, "host.iommu.group", "id")
#undef VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_iommu_unit
VC_SCHEMA(iommu_unit, VC_IOMMU_UNIT_FACTS, "host.iommu.unit", "name")
#undef VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_bar
VC_SCHEMA(bar, VC_BAR_FACTS, "bar", "index")
#undef VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_pci
VC_SCHEMA(pci, VC_PCI_FACTS, "host.pci.device", "address")
#undef VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_use
VC_SCHEMA(use, VC_USE_FACTS, "host.use", NULL)
#undef VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_usb
VC_SCHEMA(usb, VC_USB_FACTS, "host.usb", "id")
#undef VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_listen
VC_SCHEMA(listen, VC_LISTEN_FACTS, "host.listen", "address")
#undef VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_domain
VC_SCHEMA(domain, VC_DOMAIN_FACTS, "host.domain", NULL)
#undef VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_parameter
VC_SCHEMA(parameter, VC_PARAMETER_FACTS, "host.kernel.parameter", "name")
#undef VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_hugepage_pool
VC_SCHEMA(hugepage_pool, VC_HUGEPAGE_POOL_FACTS, "host.hugepage_pool", NULL)
#undef VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_emulator
VC_SCHEMA(emulator, VC_EMULATOR_FACTS, "host.emulator", "path")
#undef VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_rom
VC_SCHEMA(rom, VC_ROM_FACTS, "host.rom", "path")
#undef VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_firmware
VC_SCHEMA(firmware, VC_FIRMWARE_FACTS, "host.firmware_file", "path")
#undef VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_hugetlbfs
VC_SCHEMA(hugetlbfs, VC_HUGETLBFS_FACTS, "host.hugetlbfs_mount", "path")
#undef VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_host_image
VC_SCHEMA(host_image, VC_HOST_IMAGE_FACTS, "host.image", "path")
#undef VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_host_file
VC_SCHEMA(host_file, VC_HOST_FILE_FACTS, "host.file", "path")
#undef VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_vdpa_device
VC_SCHEMA(vdpa_device, VC_VDPA_DEVICE_FACTS, "host.vdpa", "name")
#undef VC_FACT_STRUCT_NAME

#define VC_FACT_STRUCT_NAME vc_host
VC_SCHEMA(host, VC_HOST_FACTS, "host", NULL)
#undef VC_FACT_STRUCT_NAME
