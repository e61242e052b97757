/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "guest/derive.h"
#include "guest/read.h"

const char *
vc_pci_address(struct vc_arena *arena, uint64_t domain, uint64_t bus, uint64_t slot, uint64_t function)
{
	/* [libvirt 11.3 src/util/virpci.c virPCIDeviceAddressIsValid] */
	if (domain > 0xffff || bus > 0xff || slot > 0x1f || function > 7)
		return NULL;
	return vc_arena_printf(arena, "%04x:%02x:%02x.%x", (unsigned)domain, (unsigned)bus, (unsigned)slot,
			       (unsigned)function);
}

struct vc_hostdev *
vc_add_hostdev(const struct vc_reader *r, struct vc_place place, const char *kind, const char *source)
{
	struct vc_hostdev *hostdev =
		vc_list_append(r->arena, &r->guest->hostdev, sizeof(*hostdev), r->guest->hostdev.fact.from);
	const char *from = place.xpath ? place.xpath : place.text;

	hostdev->place = place;
	vc_set_text(&hostdev->kind, kind, from);
	vc_set_text(&hostdev->source, source, from);
	hostdev->kind.fact.line = hostdev->source.fact.line = place.line;
	hostdev->kind.fact.argument = hostdev->source.fact.argument = place.argument;
	vc_set_absent(&hostdev->address.fact, from);
	vc_set_absent(&hostdev->uuid.fact, from);
	vc_set_absent(&hostdev->model.fact, from);
	vc_set_flag(&hostdev->managed, false, from);
	vc_set_absent(&hostdev->rom_file.fact, from);
	vc_set_flag(&hostdev->vf_token, false, from);
	vc_set_flag(&hostdev->rom_bar, true, from);
	vc_set_absent(&hostdev->address_read_as_hex.fact, from);
	vc_set_absent(&hostdev->guest_bus.fact, from);
	vc_set_absent(&hostdev->guest_bus_conventional.fact, from);
	return hostdev;
}

/* The four numbers of an <address>, read as libvirt does, and once more as if all were hexadecimal. */
struct address_parts {
	uint64_t written[4], hex[4];
	bool understood, hex_possible, slip_possible;
};

static void
read_parts(const struct vc_reader *r, struct vc_el address, struct address_parts *parts)
{
	static const char *const names[4] = { "domain", "bus", "slot", "function" };

	*parts = (struct address_parts){ .understood = address.node != NULL, .hex_possible = true };
	for (size_t i = 0; i < VC_COUNT(names); i++) {
		const char *text = vc_el_attr(r, address, names[i]);

		if (!text)
			continue;
		if (vc_parse_u64(text, VC_BASE_C, &parts->written[i]) < 0)
			parts->understood = false;
		if (vc_parse_u64(text, VC_BASE_HEX, &parts->hex[i]) < 0)
			parts->hex_possible = false;
		if (strncmp(text, "0x", 2) != 0 && strncmp(text, "0X", 2) != 0)
			parts->slip_possible = true;
	}
}

/*
 * bus='10' is bus 0x0a: libvirt reads numbers without 0x as decimal (or octal), lspci prints hexadecimal.
 * [libvirt 11.3 src/conf/device_conf.c virPCIDeviceAddressParseXML]
 */
static void
read_address(const struct vc_reader *r, struct vc_el address, struct vc_hostdev *hostdev)
{
	struct address_parts parts;
	const char *name = NULL, *hex = NULL;

	read_parts(r, address, &parts);
	vc_fact_at(r, &hostdev->address.fact, address, NULL);
	hostdev->address_read_as_hex.fact = hostdev->address.fact;
	vc_set_absent(&hostdev->address_read_as_hex.fact, address.path);
	if (parts.understood)
		name = vc_pci_address(r->arena, parts.written[0], parts.written[1], parts.written[2],
				      parts.written[3]);
	/* A device whose address cannot be read is still a device. */
	if (name)
		vc_set_text(&hostdev->address, name, address.path);
	else
		vc_set_unreadable(&hostdev->address.fact, VC_EGARBLED, address.path);
	if (parts.slip_possible && parts.hex_possible)
		hex = vc_pci_address(r->arena, parts.hex[0], parts.hex[1], parts.hex[2], parts.hex[3]);
	if (hex && (!name || strcmp(hex, name) != 0))
		vc_set_text(&hostdev->address_read_as_hex, hex, address.path);
}

/* Bridges to a conventional bus. */
static bool
is_conventional(const char *model)
{
	return strcmp(model, "pci-bridge") == 0 || strcmp(model, "dmi-to-pci-bridge") == 0 ||
	       strcmp(model, "pcie-to-pci-bridge") == 0;
}

/* Buses of the guest that are conventional: numbers of their controllers, and no more than PCI has. */
struct buses {
	bool conventional[256];
};

static void
read_buses(const struct vc_reader *r, struct vc_el devices, struct buses *ret_buses)
{
	struct vc_els list = vc_el_children(r, devices, "controller", NULL);

	*ret_buses = (struct buses){ 0 };
	for (size_t i = 0; i < list.count; i++) {
		const char *type = vc_el_attr(r, list.el[i], "type");
		const char *model = vc_el_attr(r, list.el[i], "model");
		const char *index = vc_el_attr(r, list.el[i], "index");
		uint64_t number;

		if (type && strcmp(type, "pci") == 0 && model && is_conventional(model) && index &&
		    vc_parse_u64(index, VC_BASE_DEC, &number) == 0 && number < VC_COUNT(ret_buses->conventional))
			ret_buses->conventional[number] = true;
	}
}

static void
read_guest_bus(const struct vc_reader *r, const struct buses *buses, struct vc_el el, struct vc_hostdev *hostdev)
{
	struct vc_el address = vc_el_child(r, el, "address");
	const struct vc_fact_number *bus = &hostdev->guest_bus;

	vc_read_number(r, address, "bus", VC_BASE_C, &hostdev->guest_bus);
	if (!vc_known(&bus->fact))
		vc_set_unknown_like(&hostdev->guest_bus_conventional.fact, &bus->fact);
	else
		vc_set_flag(&hostdev->guest_bus_conventional,
			    bus->value < VC_COUNT(buses->conventional) && buses->conventional[bus->value],
			    bus->fact.from);
}

static void
read_pci_hostdev(const struct vc_reader *r, const struct buses *buses, struct vc_el el, struct vc_el address,
		 const char *source)
{
	struct vc_hostdev *hostdev = vc_add_hostdev(r, vc_el_place(el), "pci", source);
	struct vc_el rom = vc_el_child(r, el, "rom");
	const char *rom_enabled = vc_el_attr(r, rom, "enabled");
	const char *iommufd = vc_el_attr(r, vc_el_child(r, el, "driver"), "iommufd");

	read_address(r, address, hostdev);
	read_guest_bus(r, buses, el, hostdev);
	vc_read_flag_or(r, el, "managed", false, &hostdev->managed);
	vc_read_text(r, rom, "file", &hostdev->rom_file);
	vc_read_flag_or(r, rom, "bar", true, &hostdev->rom_bar);
	if (rom_enabled && strcmp(rom_enabled, "no") == 0)
		vc_set_flag(&hostdev->rom_bar, false, rom.path);
	if (iommufd && strcmp(iommufd, "yes") == 0)
		r->input->iommufd = true;
}

static void
read_hostdevs(const struct vc_reader *r, const struct buses *buses, struct vc_el devices)
{
	struct vc_els list = vc_el_children(r, devices, "hostdev", NULL);

	/* Other hypervisors assign devices by other means than VFIO. */
	for (size_t i = 0; r->input->qemu && i < list.count; i++) {
		struct vc_el el = list.el[i];
		const char *mode = vc_el_attr(r, el, "mode");
		const char *type = vc_el_attr(r, el, "type");
		struct vc_el address = vc_el_at(r, el, "source/address");

		if (!type || (mode && strcmp(mode, "subsystem") != 0))
			continue;
		if (strcmp(type, "pci") == 0) {
			read_pci_hostdev(r, buses, el, address, "hostdev");
		} else if (strcmp(type, "mdev") == 0) {
			struct vc_hostdev *hostdev = vc_add_hostdev(r, vc_el_place(el), "mdev", "hostdev");

			vc_read_text(r, address, "uuid", &hostdev->uuid);
			vc_read_text(r, el, "model", &hostdev->model);
			vc_read_flag_or(r, el, "managed", false, &hostdev->managed);
		}
	}
}

static void
read_interfaces(const struct vc_reader *r, const struct buses *buses, struct vc_el devices, uint64_t *pinning)
{
	struct vc_els list = vc_el_children(r, devices, "interface", NULL);

	for (size_t i = 0; i < list.count; i++) {
		const char *type = vc_el_attr(r, list.el[i], "type");
		struct vc_el address;

		if (!type)
			continue;
		if (strcmp(type, "vdpa") == 0)
			++*pinning;
		if (strcmp(type, "hostdev") != 0 || !r->input->qemu)
			continue;
		address = vc_el_at(r, list.el[i], "source/address");
		read_pci_hostdev(r, buses, list.el[i], address, "interface");
	}
}

/* A disk and its backing files: userspace NVMe and vDPA pin guest memory like VFIO. */
static bool
disk_pins(const struct vc_reader *r, struct vc_el el)
{
	struct vc_el layer = el;

	for (unsigned depth = 0; layer.node && depth < 64; depth++) {
		const char *type = vc_el_attr(r, layer, "type");

		if (type && (strcmp(type, "nvme") == 0 || strcmp(type, "vhostvdpa") == 0))
			return true;
		layer = vc_el_child(r, layer, "backingStore");
	}
	return false;
}

static void
read_pinning(const struct vc_reader *r, const struct buses *buses, struct vc_el devices)
{
	struct vc_els disks = vc_el_children(r, devices, "disk", NULL);
	uint64_t pinning = 0;

	read_interfaces(r, buses, devices, &pinning);
	for (size_t i = 0; i < disks.count; i++)
		pinning += disk_pins(r, disks.el[i]);
	vc_set_number(&r->guest->memlock_devices, pinning, devices.path);
}

/* Every model of <shmem> is an ivshmem [libvirt 11.3 src/conf/domain_conf.c virDomainShmemModel]. */
static void
read_shared_memory(const struct vc_reader *r, struct vc_el devices)
{
	struct vc_els list = vc_el_children(r, devices, "shmem", NULL);
	struct vc_fact_number *count = &r->guest->shared_memory_devices;

	vc_set_number(count, list.count, devices.path);
	if (list.count > 0)
		count->fact.line = vc_el_place(list.el[0]).line;
}

static void
read_iommus(const struct vc_reader *r, struct vc_el devices)
{
	struct vc_els list = vc_el_children(r, devices, "iommu", NULL);

	for (size_t i = 0; i < list.count; i++) {
		struct vc_viommu *iommu =
			vc_list_append(r->arena, &r->guest->iommu, sizeof(*iommu), devices.path);
		struct vc_el driver = vc_el_child(r, list.el[i], "driver");

		iommu->place = vc_el_place(list.el[i]);
		vc_read_text(r, list.el[i], "model", &iommu->model);
		vc_read_number(r, driver, "aw_bits", VC_BASE_DEC, &iommu->aw_bits);
		iommu->aw_bits_written.fact.line = iommu->aw_bits.fact.line;
		vc_set_flag(&iommu->aw_bits_written, iommu->aw_bits.fact.state != VC_ABSENT,
			    iommu->aw_bits.fact.from);
		vc_read_flag_or(r, driver, "caching_mode", false, &iommu->caching_mode);
		vc_read_flag(r, driver, "intremap", &iommu->interrupt_remapping);
		vc_read_flag(r, driver, "eim", &iommu->extended_interrupts);
		vc_read_flag(r, driver, "iotlb", &iommu->device_iotlb);
		vc_read_flag_or(r, driver, "dma_translation", true, &iommu->dma_translation);
	}
}

/* pcihole64 of the root bridge, and bridges behind which devices are told apart no more. */
static void
read_controllers(const struct vc_reader *r, struct vc_el devices)
{
	struct vc_els list = vc_el_children(r, devices, "controller", NULL);

	vc_set_absent(&r->guest->pci_window_size.fact, devices.path);
	for (size_t i = 0; i < list.count; i++) {
		const char *type = vc_el_attr(r, list.el[i], "type");
		const char *model = vc_el_attr(r, list.el[i], "model");

		if (!type || !model || strcmp(type, "pci") != 0)
			continue;
		if (strcmp(model, "pcie-root") == 0 || strcmp(model, "pci-root") == 0)
			vc_read_size(r, vc_el_child(r, list.el[i], "pcihole64"), NULL,
				     &r->guest->pci_window_size);
		if (is_conventional(model))
			r->input->conventional_bridge = true;
	}
}

/*
 * A program that is named is not looked for, and a socket is served by somebody else
 * [libvirt 11.3 src/qemu/qemu_vhost_user.c qemuVhostUserFillDomainFS].
 */
static void
read_virtiofs(const struct vc_reader *r, struct vc_el devices)
{
	struct vc_els list = vc_el_children(r, devices, "filesystem", NULL);

	vc_set_flag(&r->guest->virtiofs, false, devices.path);
	for (size_t i = 0; i < list.count; i++) {
		const char *type = vc_el_attr(r, vc_el_child(r, list.el[i], "driver"), "type");

		if (!type || strcmp(type, "virtiofs") != 0 ||
		    vc_el_attr(r, vc_el_child(r, list.el[i], "binary"), "path") ||
		    vc_el_attr(r, vc_el_child(r, list.el[i], "source"), "socket"))
			continue;
		vc_set_flag(&r->guest->virtiofs, true, list.el[i].path);
		r->guest->virtiofs.fact.line = vc_el_place(list.el[i]).line;
	}
}

void
vc_read_devices(const struct vc_reader *r, struct vc_el domain)
{
	struct vc_el devices = vc_el_child(r, domain, "devices");
	struct buses buses;

	r->guest->hostdev.fact = (struct vc_fact){ .state = VC_KNOWN, .from = devices.path };
	r->guest->iommu.fact = (struct vc_fact){ .state = VC_KNOWN, .from = devices.path };
	read_buses(r, devices, &buses);
	read_hostdevs(r, &buses, devices);
	read_pinning(r, &buses, devices);
	read_iommus(r, devices);
	read_shared_memory(r, devices);
	read_controllers(r, devices);
	vc_read_disks(r, domain, devices);
	vc_read_iothread_mapping(r, devices);
	vc_read_usb(r, devices);
	vc_read_listens(r, devices);
	vc_read_vdpa(r, devices);
	vc_read_interfaces(r, devices);
	vc_read_presence(vc_el_child(r, devices, "tpm"), &r->guest->tpm);
	vc_read_text(r, vc_el_at(r, devices, "tpm/backend"), "type", &r->guest->tpm_backend);
	vc_read_presence(vc_el_child(r, devices, "vsock"), &r->guest->vsock);
	read_virtiofs(r, devices);
}
