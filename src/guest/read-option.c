/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What one option of QEMU says about the guest, wherever it stands: in <qemu:commandline> or on a command line of its
 * own.
 */
#include "guest/read-option.h"

#include <string.h>

#include "guest/derive.h"
#include "guest/option-fact.h"

void
vc_take_accelerator(const struct vc_reader *r, const char *value, const struct vc_qemu_option *option)
{
	/* "kvm:tcg" names a second choice. */
	const char *first = vc_arena_strndup(r->arena, value, strcspn(value, ":"));

	vc_option_text(&r->guest->accel, first, option);
}

void
vc_take_irqchip(const struct vc_reader *r, const char *value, const struct vc_qemu_option *option)
{
	vc_option_text(&r->input->kernel_irqchip, value, option);
	vc_set_flag(&r->guest->irqchip_written, true, option->from);
	vc_option_at(&r->guest->irqchip_written.fact, option);
}

void
vc_take_flash(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	struct vc_guest *guest = r->guest;

	/* The first drive is the firmware. */
	if (!guest->pflash.value) {
		vc_set_flag(&guest->pflash, true, option->from);
		vc_option_at(&guest->pflash.fact, option);
	}
	if (!vc_known(&guest->loader_type.fact))
		vc_option_text(&guest->loader_type, "pflash", option);
	if ((vc_guest_is_x86(guest) || vc_text_is(&guest->arch, "aarch64")) && !guest->firmware_auto.value)
		vc_option_text(&guest->firmware, "efi", option);
}

static void
take_viommu(const struct vc_reader *r, const char *model, const struct vc_qemu_option *option)
{
	struct vc_viommu *iommu = vc_list_append(r->arena, &r->guest->iommu, sizeof(*iommu), option->from);
	const char *aw_bits = vc_qemu_option_get(option, "aw-bits");

	iommu->place = option->place;
	vc_option_text(&iommu->model, model, option);
	vc_set_absent(&iommu->aw_bits.fact, option->from);
	vc_option_at(&iommu->aw_bits.fact, option);
	if (aw_bits)
		vc_option_number(&iommu->aw_bits, aw_bits, option);
	vc_set_flag(&iommu->aw_bits_written, aw_bits != NULL, option->from);
	/* A default that -global may change, see vc_apply_globals(). */
	vc_option_device_flag(&iommu->caching_mode, "caching-mode", option);
	vc_option_device_flag(&iommu->interrupt_remapping, "intremap", option);
	vc_option_device_flag(&iommu->extended_interrupts, "eim", option);
	vc_option_device_flag(&iommu->device_iotlb, "device-iotlb", option);
	vc_option_device_flag_or(&iommu->dma_translation, "dma-translation", true, option);
}

/* Members of -machine are merged into libvirt's. */
static void
take_accel(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	const char *irqchip = vc_qemu_option_get(option, "kernel-irqchip");
	const char *accel = vc_qemu_option_get(option, "accel");

	if (accel)
		vc_take_accelerator(r, accel, option);
	if (irqchip)
		vc_take_irqchip(r, irqchip, option);
}

void
vc_take_machine(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	const char *type = vc_qemu_option_get(option, "type");
	const char *below = vc_qemu_option_get(option, "max-ram-below-4g");
	const char *iommu = vc_qemu_option_get(option, "iommu");

	if (type)
		vc_option_text(&r->guest->machine, type, option);
	if (below)
		vc_option_size(&r->input->max_below_4g, below, option);
	if (vc_qemu_option_get(option, "pflash0"))
		vc_take_flash(r, option);
	take_accel(r, option);
	if (iommu && strcmp(iommu, "smmuv3") == 0) {
		struct vc_qemu_option bare = { .place = option->place, .from = option->from };

		take_viommu(r, "smmuv3", &bare);
	}
}

/* The last -cpu replaces what libvirt wrote [qemu 10.0 system/vl.c QEMU_OPTION_cpu]. */
void
vc_take_cpu(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	struct vc_guest *guest = r->guest;
	const char *model = vc_qemu_option_get(option, "model");
	struct vc_words required = { 0 }, disabled = { 0 }, hyperv = { 0 };
	bool host = model && strcmp(model, "host") == 0, max = model && strcmp(model, "max") == 0;
	bool open = vc_option_is_open(option, option->argument);

	vc_option_text(&guest->cpu_mode, host ? "host-passthrough" : max ? "maximum" : "custom", option);
	if (model && !host && !max)
		vc_option_text(&guest->cpu_model, model, option);
	else
		vc_set_absent(&guest->cpu_model.fact, option->from);
	vc_set_absent(&r->input->vendor_written.fact, option->from);
	vc_set_absent(&r->input->phys_bits_written.fact, option->from);
	vc_set_absent(&guest->phys_bits_limit.fact, option->from);
	vc_set_flag(&guest->kvm_hidden, false, option->from);
	/* QEMU by itself warns of what is missing, and leaves it out. */
	vc_option_text(&guest->cpu_check, "none", option);
	r->input->host_width = VC_HOST_WIDTH_MODEL;

	for (size_t i = 0; i < option->properties; i++) {
		const char *key = option->property[i].key, *value = option->property[i].value;
		bool flag;

		/* +feature and -feature set the property of this name. */
		if (key[0] == '+' || key[0] == '-') {
			value = key[0] == '+' ? "on" : "off";
			key++;
		}
		if (strcmp(key, "phys-bits") == 0) {
			vc_option_number(&r->input->phys_bits_written, value, option);
		} else if (strcmp(key, "host-phys-bits-limit") == 0) {
			vc_option_number(&guest->phys_bits_limit, value, option);
		} else if (strcmp(key, "vendor") == 0) {
			vc_option_text(&r->input->vendor_written, value, option);
		} else if (strcmp(key, "model") == 0) {
			continue;
		} else if (strcmp(key, "hv-vendor-id") == 0) {
			vc_words_add(r->arena, &hyperv, "vendor_id");
		} else if (strcmp(key, "hv-spinlocks") == 0) {
			vc_words_add(r->arena, &hyperv, "spinlocks");
		} else if (vc_qemu_flag(value, &flag) < 0) {
			continue;
		} else if (strcmp(key, "host-phys-bits") == 0) {
			r->input->host_width = flag ? VC_HOST_WIDTH_ON : VC_HOST_WIDTH_OFF;
		} else if (strcmp(key, "kvm") == 0) {
			vc_set_flag(&guest->kvm_hidden, !flag, option->from);
		} else if (strcmp(key, "enforce") == 0) {
			if (flag)
				vc_option_text(&guest->cpu_check, "full", option);
		} else if (strncmp(key, "hv-", 3) == 0) {
			if (flag)
				vc_words_add(r->arena, &hyperv, key + 3);
		} else {
			vc_words_add(r->arena, flag ? &required : &disabled, key);
		}
	}
	if (open) {
		/* Features may be in it as well. */
		vc_set_unreadable(&guest->cpu_mode.fact, VC_ESHELL, option->from);
		vc_set_unreadable(&guest->cpu_model.fact, VC_ESHELL, option->from);
		vc_set_unreadable(&guest->cpu_required.fact, VC_ESHELL, option->from);
		vc_set_unreadable(&guest->cpu_disabled.fact, VC_ESHELL, option->from);
		vc_set_unreadable(&guest->hyperv.fact, VC_ESHELL, option->from);
		vc_set_unreadable(&guest->kvm_hidden.fact, VC_ESHELL, option->from);
		vc_set_unreadable(&r->input->phys_bits_written.fact, VC_ESHELL, option->from);
		return;
	}
	vc_set_set(r->arena, &guest->cpu_required, required.word, required.count, option->from);
	vc_set_set(r->arena, &guest->cpu_disabled, disabled.word, disabled.count, option->from);
	vc_set_set(r->arena, &guest->hyperv, hyperv.word, hyperv.count, option->from);
	vc_option_at(&guest->cpu_required.fact, option);
	vc_option_at(&guest->cpu_disabled.fact, option);
	vc_option_at(&guest->hyperv.fact, option);
}

/* "[0000:]01:00.0": hexadecimal, always. */
static const char *
host_address(struct vc_arena *arena, const char *text)
{
	const char *dot = strrchr(text, '.'), *slot, *bus = text;
	uint64_t number[4] = { 0 };
	size_t length;

	if (!dot || vc_parse_u64(dot + 1, VC_BASE_HEX, &number[3]) < 0)
		return NULL;
	length = (size_t)(dot - text);
	slot = memrchr(text, ':', length);
	if (!slot || vc_parse_u64_n(slot + 1, length - (size_t)(slot - text) - 1, VC_BASE_HEX, &number[2]) < 0)
		return NULL;
	length = (size_t)(slot - text);
	bus = memrchr(text, ':', length);
	if (bus && vc_parse_u64_n(text, (size_t)(bus - text), VC_BASE_HEX, &number[0]) < 0)
		return NULL;
	bus = bus ? bus + 1 : text;
	if (vc_parse_u64_n(bus, (size_t)(slot - bus), VC_BASE_HEX, &number[1]) < 0)
		return NULL;
	return vc_pci_address(arena, number[0], number[1], number[2], number[3]);
}

static const char *
source_of(const struct vc_reader *r)
{
	return r->input->whole ? "command line" : "qemu:commandline";
}

static void
take_mediated(const struct vc_reader *r, const char *model, const char *uuid, const struct vc_qemu_option *option)
{
	struct vc_hostdev *hostdev = vc_add_hostdev(r, option->place, "mdev", source_of(r));

	vc_option_text(&hostdev->model, model, option);
	vc_option_text(&hostdev->uuid, uuid, option);
}

static const char *
last_part(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	return slash ? slash + 1 : path;
}

/* vfio-pci names its device by address, or by a path in sysfs, which may be that of a mediated device. */
static void
take_vfio(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	const char *host = vc_qemu_option_get(option, "host");
	const char *last = last_part(vc_qemu_option_get(option, "sysfsdev"));
	const char *rom_file = vc_qemu_option_get(option, "romfile");
	const char *address;
	struct vc_hostdev *hostdev;

	/* sysfsdev wins [qemu 10.0 hw/vfio/pci.c vfio_pci_realize] */
	address = host_address(r->arena, last ? last : host ? host : "");
	if (last && !address && strlen(last) == 36) {
		take_mediated(r, "vfio-pci", last, option);
		return;
	}
	hostdev = vc_add_hostdev(r, option->place, "pci", source_of(r));
	vc_option_at(&hostdev->address.fact, option);
	if (address)
		vc_set_text(&hostdev->address, address, option->from);
	else
		vc_set_unreadable(&hostdev->address.fact, vc_option_is_open(option, option->argument) ? VC_ESHELL : VC_EGARBLED,
				  option->from);
	/* Without a name, the root bus; which bus a name stands for is not followed. */
	vc_option_at(&hostdev->guest_bus_conventional.fact, option);
	if (vc_qemu_option_get(option, "bus"))
		vc_set_unreadable(&hostdev->guest_bus_conventional.fact, EOPNOTSUPP, option->from);
	else
		vc_set_flag(&hostdev->guest_bus_conventional, false, option->from);
	if (rom_file)
		vc_option_text(&hostdev->rom_file, rom_file, option);
	vc_option_device_flag_or(&hostdev->rom_bar, "rombar", true, option);
	if (hostdev->rom_bar.fact.state == VC_UNREADABLE) {
		/* A number in QEMU: 0 and 1 [qemu 10.0 hw/pci/pci.c "rombar"]. */
		const char *bar = vc_qemu_option_get(option, "rombar");

		if (bar && strcmp(bar, "0") == 0)
			vc_set_flag(&hostdev->rom_bar, false, option->from);
		else if (bar && strcmp(bar, "1") == 0)
			vc_set_flag(&hostdev->rom_bar, true, option->from);
	}
	if (vc_qemu_option_get(option, "vf-token"))
		vc_set_flag(&hostdev->vf_token, true, option->from);
	if (vc_qemu_option_get(option, "iommufd"))
		r->input->iommufd = true;
}

void
vc_take_device(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	static const struct {
		const char *driver, *model;
	} viommus[] = {
		{ "intel-iommu", "intel" },	 { "amd-iommu", "amd" },	 { "virtio-iommu", "virtio" },
		{ "virtio-iommu-pci", "virtio" }, { "arm-smmuv3", "smmuv3" },
	};
	static const char *const bridges[] = { "pci-bridge", "i82801b11-bridge", "pcie-pci-bridge" };
	/* Of IBM's mainframes [qemu 7.2, 10.0 hw/vfio/ap.c, hw/vfio/ccw.c "sysfsdev"]. */
	static const char *const mediated[] = { "vfio-ap", "vfio-ccw" };
	const char *driver = vc_qemu_option_get(option, "driver"), *path = vc_qemu_option_get(option, "sysfsdev");
	struct vc_fact_number *shared = &r->guest->shared_memory_devices;

	if (!driver)
		return;
	vc_take_iothread_mapping(r, option);
	if (strcmp(driver, "vfio-pci") == 0 || strcmp(driver, "vfio-pci-nohotplug") == 0)
		take_vfio(r, option);
	for (size_t i = 0; i < VC_COUNT(mediated); i++) {
		if (strcmp(driver, mediated[i]) == 0)
			take_mediated(r, driver, path ? last_part(path) : "", option);
	}
	if (strcmp(driver, "ivshmem-plain") == 0 || strcmp(driver, "ivshmem-doorbell") == 0) {
		vc_set_number(shared, shared->value + 1, option->from);
		vc_option_at(&shared->fact, option);
	}
	for (size_t i = 0; i < VC_COUNT(viommus); i++) {
		if (strcmp(driver, viommus[i].driver) == 0)
			take_viommu(r, viommus[i].model, option);
	}
	for (size_t i = 0; i < VC_COUNT(bridges); i++) {
		if (strcmp(driver, bridges[i]) == 0)
			r->input->conventional_bridge = true;
	}
}

static void
count_one(struct vc_fact_number *fact, const struct vc_qemu_option *option)
{
	uint64_t before = vc_known(&fact->fact) ? fact->value : 0;

	vc_set_number(fact, before + 1, option->from);
	vc_option_at(&fact->fact, option);
}

void
vc_take_acpi_table(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	count_one(&r->guest->acpi_tables, option);
}

static bool
caching_mode_written(const struct vc_reader *r, const struct vc_viommu *iommu)
{
	struct vc_el el = { .node = iommu->place.node, .path = iommu->place.xpath };

	/* What stands in -device itself is never overruled by -global. */
	if (!vc_el_named(el, "iommu"))
		return iommu->caching_mode.fact.state != VC_ABSENT;
	return vc_el_attr(r, vc_el_child(r, el, "driver"), "caching_mode");
}

void
vc_apply_globals(const struct vc_reader *r)
{
	static const char *const bridges[] = { "q35-pcihost", "i440FX-pcihost" };
	const struct vc_qemu_args *args = &r->input->args;
	struct vc_viommu *iommus = r->guest->iommu.item;
	const struct vc_qemu_option *option = NULL, *width_option = NULL, *caching_option = NULL;
	const char *width = vc_qemu_args_global(args, "intel-iommu", "aw-bits", &width_option);
	const char *caching = vc_qemu_args_global(args, "intel-iommu", "caching-mode", &caching_option);

	for (size_t i = 0; i < VC_COUNT(bridges); i++) {
		const char *value = vc_qemu_args_global(args, bridges[i], "pci-hole64-size", &option);

		if (value)
			vc_option_size(&r->guest->pci_window_size, value, option);
	}
	for (size_t i = 0; i < r->guest->iommu.count; i++) {
		bool intel = vc_text_is(&iommus[i].model, "intel");

		if (intel && width && iommus[i].aw_bits.fact.state == VC_ABSENT) {
			vc_option_number(&iommus[i].aw_bits, width, width_option);
			vc_set_flag(&iommus[i].aw_bits_written, true, width_option->from);
		}
		if (intel && caching && !caching_mode_written(r, &iommus[i]))
			vc_option_flag(&iommus[i].caching_mode, caching, caching_option);
		else if (iommus[i].caching_mode.fact.state == VC_ABSENT)
			vc_set_flag(&iommus[i].caching_mode, false, iommus[i].caching_mode.fact.from);
	}
}
