/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * <qemu:commandline>: arguments that libvirt hands to QEMU unread, after its own. They are read for what changes
 * the facts of this model: accelerator, machine, CPU, memory, IOMMUs, assigned devices, firmware in flash.
 */
#include <string.h>

#include "guest/derive.h"
#include "guest/read.h"

static void
at_option(struct vc_fact *fact, const struct vc_qemu_option *option)
{
	fact->line = option->place.line;
}

static void
text_from(struct vc_fact_text *fact, const char *value, const struct vc_qemu_option *option)
{
	if (*value)
		vc_set_text(fact, value, option->place.xpath);
	else
		vc_set_absent(&fact->fact, option->place.xpath);
	at_option(&fact->fact, option);
}

static void
flag_from(struct vc_fact_flag *fact, const char *value, const struct vc_qemu_option *option)
{
	bool flag;

	if (vc_qemu_flag(value, &flag) < 0)
		vc_set_unreadable(&fact->fact, VC_EGARBLED, option->place.xpath);
	else
		vc_set_flag(fact, flag, option->place.xpath);
	at_option(&fact->fact, option);
}

static void
number_from(struct vc_fact_number *fact, const char *value, const struct vc_qemu_option *option)
{
	uint64_t number;

	if (vc_parse_u64(value, VC_BASE_C, &number) < 0)
		vc_set_unreadable(&fact->fact, VC_EGARBLED, option->place.xpath);
	else
		vc_set_number(fact, number, option->place.xpath);
	at_option(&fact->fact, option);
}

static void
size_from(struct vc_fact_number *fact, const char *value, const struct vc_qemu_option *option)
{
	uint64_t size;

	if (vc_qemu_size(value, &size) < 0)
		vc_set_unreadable(&fact->fact, VC_EGARBLED, option->place.xpath);
	else
		vc_set_number(fact, size, option->place.xpath);
	at_option(&fact->fact, option);
}

/* The flag @key of a device, absent if it is not written. */
static void
device_flag(struct vc_fact_flag *fact, const char *key, const struct vc_qemu_option *option)
{
	const char *value = vc_qemu_option_get(option, key);

	if (value) {
		flag_from(fact, value, option);
	} else {
		vc_set_absent(&fact->fact, option->place.xpath);
		at_option(&fact->fact, option);
	}
}

static void
device_flag_or(struct vc_fact_flag *fact, const char *key, bool assumed, const struct vc_qemu_option *option)
{
	device_flag(fact, key, option);
	if (fact->fact.state == VC_ABSENT)
		vc_set_flag(fact, assumed, option->place.xpath);
}

static void
set_accel(const struct vc_reader *r, const char *value, const struct vc_qemu_option *option)
{
	/* "kvm:tcg" names a second choice. */
	const char *first = vc_arena_strndup(r->arena, value, strcspn(value, ":"));

	text_from(&r->guest->accel, first, option);
}

static void
set_irqchip(const struct vc_reader *r, const char *value, const struct vc_qemu_option *option)
{
	text_from(&r->input->kernel_irqchip, value, option);
	vc_set_flag(&r->guest->irqchip_written, true, option->place.xpath);
	at_option(&r->guest->irqchip_written.fact, option);
}

static void
set_flash(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	struct vc_guest *guest = r->guest;

	vc_set_flag(&guest->pflash, true, option->place.xpath);
	at_option(&guest->pflash.fact, option);
	if (!vc_known(&guest->loader_type.fact))
		text_from(&guest->loader_type, "pflash", option);
	if (vc_guest_is_x86(guest) && !guest->firmware_auto.value)
		text_from(&guest->firmware, "efi", option);
}

static void
take_viommu(const struct vc_reader *r, const char *model, const struct vc_qemu_option *option)
{
	struct vc_viommu *iommu = vc_list_append(r->arena, &r->guest->iommu, sizeof(*iommu), option->place.xpath);
	const char *aw_bits = vc_qemu_option_get(option, "aw-bits");

	iommu->place = option->place;
	text_from(&iommu->model, model, option);
	vc_set_absent(&iommu->aw_bits.fact, option->place.xpath);
	at_option(&iommu->aw_bits.fact, option);
	if (aw_bits)
		number_from(&iommu->aw_bits, aw_bits, option);
	vc_set_flag(&iommu->aw_bits_written, aw_bits != NULL, option->place.xpath);
	device_flag_or(&iommu->caching_mode, "caching-mode", false, option);
	device_flag(&iommu->interrupt_remapping, "intremap", option);
	device_flag(&iommu->extended_interrupts, "eim", option);
	device_flag(&iommu->device_iotlb, "device-iotlb", option);
	device_flag_or(&iommu->dma_translation, "dma-translation", true, option);
}

/*
 * libvirt writes -accel itself, first, and QEMU takes the first that works, with its properties alone [libvirt 9.0,
 * 11.3 src/qemu/qemu_command.c qemuBuildAccelCommandLine, qemu 10.0 system/vl.c configure_accelerators]: a second
 * one is a wish. Those that libvirt has no domain type for are judged as if they were granted.
 */
static void
take_second_accel(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	static const char *const not_libvirt[] = { "nvmm", "whpx", "xen" };
	const char *accel = vc_qemu_option_get(option, "accel");

	for (size_t i = 0; accel && i < VC_COUNT(not_libvirt); i++) {
		if (strncmp(accel, not_libvirt[i], strlen(not_libvirt[i])) == 0)
			set_accel(r, accel, option);
	}
}

/* Members of -machine are merged into libvirt's. */
static void
take_accel(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	const char *irqchip = vc_qemu_option_get(option, "kernel-irqchip");
	const char *accel = vc_qemu_option_get(option, "accel");

	if (accel)
		set_accel(r, accel, option);
	if (irqchip)
		set_irqchip(r, irqchip, option);
}

static void
take_machine(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	const char *type = vc_qemu_option_get(option, "type");
	const char *below = vc_qemu_option_get(option, "max-ram-below-4g");
	const char *iommu = vc_qemu_option_get(option, "iommu");

	if (type)
		text_from(&r->guest->machine, type, option);
	if (below)
		size_from(&r->input->max_below_4g, below, option);
	if (vc_qemu_option_get(option, "pflash0"))
		set_flash(r, option);
	if (vc_qemu_option_get(option, "memory-backend") || vc_qemu_option_get(option, "memory.size"))
		r->input->memory_elsewhere = true;
	take_accel(r, option);
	if (iommu && strcmp(iommu, "smmuv3") == 0) {
		struct vc_qemu_option bare = { .place = option->place };

		take_viommu(r, "smmuv3", &bare);
	}
}

/* The last -cpu replaces what libvirt wrote [qemu 10.0 system/vl.c QEMU_OPTION_cpu]. */
static void
take_cpu(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	struct vc_guest *guest = r->guest;
	const char *model = vc_qemu_option_get(option, "model");
	struct vc_words required = { 0 }, disabled = { 0 }, hyperv = { 0 };
	bool host = model && strcmp(model, "host") == 0, max = model && strcmp(model, "max") == 0;

	text_from(&guest->cpu_mode, host ? "host-passthrough" : max ? "maximum" : "custom", option);
	if (model && !host && !max)
		text_from(&guest->cpu_model, model, option);
	else
		vc_set_absent(&guest->cpu_model.fact, option->place.xpath);
	vc_set_absent(&r->input->vendor_written.fact, option->place.xpath);
	vc_set_absent(&r->input->phys_bits_written.fact, option->place.xpath);
	vc_set_absent(&guest->phys_bits_limit.fact, option->place.xpath);
	vc_set_flag(&guest->kvm_hidden, false, option->place.xpath);
	/* QEMU by itself warns of what is missing, and leaves it out. */
	text_from(&guest->cpu_check, "none", option);
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
			number_from(&r->input->phys_bits_written, value, option);
		} else if (strcmp(key, "host-phys-bits-limit") == 0) {
			number_from(&guest->phys_bits_limit, value, option);
		} else if (strcmp(key, "vendor") == 0) {
			text_from(&r->input->vendor_written, value, option);
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
			vc_set_flag(&guest->kvm_hidden, !flag, option->place.xpath);
		} else if (strncmp(key, "hv-", 3) == 0) {
			if (flag)
				vc_words_add(r->arena, &hyperv, key + 3);
		} else {
			vc_words_add(r->arena, flag ? &required : &disabled, key);
		}
	}
	vc_set_set(r->arena, &guest->cpu_required, required.word, required.count, option->place.xpath);
	vc_set_set(r->arena, &guest->cpu_disabled, disabled.word, disabled.count, option->place.xpath);
	vc_set_set(r->arena, &guest->hyperv, hyperv.word, hyperv.count, option->place.xpath);
	at_option(&guest->cpu_required.fact, option);
	at_option(&guest->cpu_disabled.fact, option);
	at_option(&guest->hyperv.fact, option);
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

/* vfio-pci names its device by address, or by a path in sysfs, which may be that of a mediated device. */
static void
take_vfio(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	const char *host = vc_qemu_option_get(option, "host");
	const char *path = vc_qemu_option_get(option, "sysfsdev");
	const char *rom_file = vc_qemu_option_get(option, "romfile");
	const char *last = path ? strrchr(path, '/') : NULL;
	const char *address;
	struct vc_hostdev *hostdev;

	/* sysfsdev wins [qemu 10.0 hw/vfio/pci.c vfio_pci_realize] */
	last = last ? last + 1 : path;
	address = host_address(r->arena, last ? last : host ? host : "");
	if (last && !address && strlen(last) == 36) {
		hostdev = vc_add_hostdev(r, option->place, "mdev", "qemu:commandline");
		text_from(&hostdev->uuid, last, option);
		return;
	}
	hostdev = vc_add_hostdev(r, option->place, "pci", "qemu:commandline");
	at_option(&hostdev->address.fact, option);
	if (address)
		vc_set_text(&hostdev->address, address, option->place.xpath);
	else
		vc_set_unreadable(&hostdev->address.fact, VC_EGARBLED, option->place.xpath);
	if (rom_file)
		text_from(&hostdev->rom_file, rom_file, option);
	device_flag_or(&hostdev->rom_bar, "rombar", true, option);
	if (hostdev->rom_bar.fact.state == VC_UNREADABLE) {
		/* A number in QEMU: 0 and 1 [qemu 10.0 hw/pci/pci.c "rombar"]. */
		const char *bar = vc_qemu_option_get(option, "rombar");

		if (bar && strcmp(bar, "0") == 0)
			vc_set_flag(&hostdev->rom_bar, false, option->place.xpath);
		else if (bar && strcmp(bar, "1") == 0)
			vc_set_flag(&hostdev->rom_bar, true, option->place.xpath);
	}
	if (vc_qemu_option_get(option, "iommufd"))
		r->input->iommufd = true;
}

static void
take_device(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	static const struct {
		const char *driver, *model;
	} viommus[] = {
		{ "intel-iommu", "intel" },	 { "amd-iommu", "amd" },	 { "virtio-iommu", "virtio" },
		{ "virtio-iommu-pci", "virtio" }, { "arm-smmuv3", "smmuv3" },
	};
	static const char *const memory[] = {
		"pc-dimm", "nvdimm", "virtio-mem", "virtio-mem-pci", "virtio-pmem", "virtio-pmem-pci", "cxl-type3",
	};
	const char *driver = vc_qemu_option_get(option, "driver");
	struct vc_fact_number *shared = &r->guest->shared_memory_devices;

	if (!driver)
		return;
	if (strcmp(driver, "vfio-pci") == 0 || strcmp(driver, "vfio-pci-nohotplug") == 0)
		take_vfio(r, option);
	if (strcmp(driver, "ivshmem-plain") == 0 || strcmp(driver, "ivshmem-doorbell") == 0) {
		vc_set_number(shared, shared->value + 1, option->place.xpath);
		at_option(&shared->fact, option);
	}
	for (size_t i = 0; i < VC_COUNT(viommus); i++) {
		if (strcmp(driver, viommus[i].driver) == 0)
			take_viommu(r, viommus[i].model, option);
	}
	for (size_t i = 0; i < VC_COUNT(memory); i++) {
		if (strcmp(driver, memory[i]) == 0)
			r->input->memory_elsewhere = true;
	}
}

static void
count_one(struct vc_fact_number *fact, const struct vc_qemu_option *option)
{
	uint64_t before = vc_known(&fact->fact) ? fact->value : 0;

	vc_set_number(fact, before + 1, option->place.xpath);
	at_option(&fact->fact, option);
}

static void
take_acpi_table(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	count_one(&r->guest->acpi_tables, option);
}

static void
take_drive(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	const char *kind = vc_qemu_option_get(option, "if");

	if (kind && strcmp(kind, "pflash") == 0)
		set_flash(r, option);
}

static void
take_bios(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	text_from(&r->guest->loader, option->argument, option);
	text_from(&r->guest->loader_type, "rom", option);
	if (!r->guest->firmware_auto.value) {
		vc_set_unreadable(&r->guest->firmware.fact, EOPNOTSUPP, option->place.xpath);
		at_option(&r->guest->firmware.fact, option);
	}
}

/* A second -m is merged into libvirt's, member by member. */
static void
take_memory(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	struct vc_guest *guest = r->guest;

	r->input->memory_elsewhere = true;
	vc_set_unreadable(&guest->memory.fact, EOPNOTSUPP, option->place.xpath);
	vc_set_unreadable(&guest->memory_max.fact, EOPNOTSUPP, option->place.xpath);
	vc_set_unreadable(&guest->memory_slots.fact, EOPNOTSUPP, option->place.xpath);
}

static void
take_enable_kvm(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	set_accel(r, "kvm", option);
}

static const struct option_reader {
	const char *name;
	bool has_argument;
	const char *implied; /* key of a first item without '=' */
	void (*take)(const struct vc_reader *r, const struct vc_qemu_option *option);
} option_readers[] = {
	{ "M", true, "type", take_machine },
	{ "machine", true, "type", take_machine },
	{ "accel", true, "accel", take_second_accel },
	{ "enable-kvm", false, NULL, take_enable_kvm },
	{ "cpu", true, "model", take_cpu },
	{ "device", true, "driver", take_device },
	{ "global", true, NULL, NULL },
	{ "drive", true, NULL, take_drive },
	{ "pflash", true, "file", set_flash },
	{ "bios", true, "file", take_bios },
	{ "m", true, "size", take_memory },
	{ "numa", true, "type", NULL },
	{ "acpitable", true, NULL, take_acpi_table },
};

static const struct option_reader *
find_reader(const char *argument)
{
	if (argument[0] != '-')
		return NULL;
	argument += argument[1] == '-' ? 2 : 1;
	for (size_t i = 0; i < VC_COUNT(option_readers); i++) {
		if (strcmp(argument, option_readers[i].name) == 0)
			return &option_readers[i];
	}
	return NULL;
}

static void
take_option(const struct vc_reader *r, const struct option_reader *reader, struct vc_el el, const char *argument)
{
	struct vc_qemu_args *args = &r->input->args;
	struct vc_qemu_option *option = vc_arena_append(r->arena, (void **)&args->option, &args->options,
							sizeof(*option));

	option->place = vc_el_place(el);
	option->name = reader->name;
	option->argument = argument;
	/* What is no option text is QEMU's to refuse; what was understood of it counts. */
	(void)!vc_qemu_option_parse(r->arena, argument, reader->implied, option);
	if (reader->take)
		reader->take(r, option);
}

static bool
caching_mode_written(const struct vc_reader *r, const struct vc_viommu *iommu)
{
	struct vc_el el = { .node = iommu->place.node, .path = iommu->place.xpath };

	/* What stands in -device itself is never overruled by -global. */
	return !vc_el_named(el, "iommu") || vc_el_attr(r, vc_el_child(r, el, "driver"), "caching_mode");
}

/* Properties of what libvirt itself configures, set from the side with -global. */
static void
apply_globals(const struct vc_reader *r)
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
			size_from(&r->guest->pci_window_size, value, option);
	}
	for (size_t i = 0; i < r->guest->iommu.count; i++) {
		if (!vc_text_is(&iommus[i].model, "intel"))
			continue;
		if (width && iommus[i].aw_bits.fact.state == VC_ABSENT) {
			number_from(&iommus[i].aw_bits, width, width_option);
			vc_set_flag(&iommus[i].aw_bits_written, true, width_option->place.xpath);
		}
		if (caching && !caching_mode_written(r, &iommus[i]))
			flag_from(&iommus[i].caching_mode, caching, caching_option);
	}
}

void
vc_read_qemu_args(const struct vc_reader *r, struct vc_el domain)
{
	struct vc_els lines = vc_el_children(r, domain, "commandline", VC_QEMU_NAMESPACE);
	struct vc_words words = { 0 };

	vc_set_absent(&r->input->max_below_4g.fact, domain.path);
	vc_set_absent(&r->input->kernel_irqchip.fact, domain.path);
	for (size_t i = 0; i < lines.count; i++) {
		struct vc_els args = vc_el_children(r, lines.el[i], "arg", VC_QEMU_NAMESPACE);
		const struct option_reader *reader = NULL;

		for (size_t a = 0; a < args.count; a++) {
			const char *value = vc_el_attr(r, args.el[a], "value");
			const struct option_reader *next;

			if (!value)
				continue;
			vc_words_add(r->arena, &words, value);
			if (reader) {
				take_option(r, reader, args.el[a], value);
				reader = NULL;
				continue;
			}
			next = find_reader(value);
			if (next && !next->has_argument)
				take_option(r, next, args.el[a], "");
			else
				reader = next;
		}
	}
	vc_set_set(r->arena, &r->guest->qemu_args, words.word, words.count,
		   lines.count > 0 ? lines.el[0].path : domain.path);
	apply_globals(r);
}
