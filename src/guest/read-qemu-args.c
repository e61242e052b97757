/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * <qemu:commandline>: arguments that libvirt hands to QEMU unread, after its own. They are read for what changes
 * the facts of this model: accelerator, machine, CPU, memory, IOMMUs, assigned devices, firmware in flash.
 */
#include <string.h>

#include "guest/derive.h"
#include "guest/option-fact.h"
#include "guest/read-option.h"

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
			vc_take_accelerator(r, accel, option);
	}
}

static void
take_machine(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	/* What libvirt says of memory itself is merged with it. */
	if (vc_qemu_option_get(option, "memory-backend") || vc_qemu_option_get(option, "memory.size"))
		r->input->memory_elsewhere = true;
	vc_take_machine(r, option);
}

static void
take_device(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	static const char *const memory[] = {
		"pc-dimm", "nvdimm", "virtio-mem", "virtio-mem-pci", "virtio-pmem", "virtio-pmem-pci", "cxl-type3",
	};
	const char *driver = vc_qemu_option_get(option, "driver");

	for (size_t i = 0; driver && i < VC_COUNT(memory); i++) {
		if (strcmp(driver, memory[i]) == 0)
			r->input->memory_elsewhere = true;
	}
	vc_take_device(r, option);
}

static void
take_drive(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	const char *kind = vc_qemu_option_get(option, "if");

	if (kind && strcmp(kind, "pflash") == 0)
		vc_take_flash(r, option);
}

static void
take_bios(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	vc_option_text(&r->guest->loader, option->argument, option);
	vc_option_text(&r->guest->loader_type, "rom", option);
	if (!r->guest->firmware_auto.value) {
		vc_set_unreadable(&r->guest->firmware.fact, EOPNOTSUPP, option->from);
		vc_option_at(&r->guest->firmware.fact, option);
	}
}

/* A second -m is merged into libvirt's, member by member. */
static void
take_memory(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	struct vc_guest *guest = r->guest;

	r->input->memory_elsewhere = true;
	vc_set_unreadable(&guest->memory.fact, EOPNOTSUPP, option->from);
	vc_set_unreadable(&guest->memory_max.fact, EOPNOTSUPP, option->from);
	vc_set_unreadable(&guest->memory_slots.fact, EOPNOTSUPP, option->from);
}

static void
take_enable_kvm(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	vc_take_accelerator(r, "kvm", option);
}

static const struct option_reader {
	const char *name;
	bool has_argument;
	const char *implied; /* key of a first item without '=' */
	vc_take_option_fn *take;
} option_readers[] = {
	{ "M", true, "type", take_machine },
	{ "machine", true, "type", take_machine },
	{ "accel", true, "accel", take_second_accel },
	{ "enable-kvm", false, NULL, take_enable_kvm },
	{ "cpu", true, "model", vc_take_cpu },
	{ "device", true, "driver", take_device },
	{ "global", true, NULL, NULL },
	{ "drive", true, NULL, take_drive },
	{ "pflash", true, "file", vc_take_flash },
	{ "bios", true, "file", take_bios },
	{ "m", true, "size", take_memory },
	{ "numa", true, "type", NULL },
	{ "object", true, "qom-type", NULL },
	{ "acpitable", true, NULL, vc_take_acpi_table },
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
	option->from = option->place.xpath;
	option->name = reader->name;
	option->argument = argument;
	/* What is no option text is QEMU's to refuse; what was understood of it counts. */
	(void)!vc_qemu_option_parse(r->arena, argument, reader->implied, option);
	if (reader->take)
		reader->take(r, option);
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
	vc_apply_globals(r);
}
