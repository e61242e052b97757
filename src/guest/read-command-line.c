/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A QEMU command line: the same facts as a domain gives, but with QEMU's own defaults, and no libvirt that adds to
 * them. What is not written is read as from a domain in which nothing is written, then what QEMU does otherwise is
 * set here.
 */
#include <string.h>

#include "guest/command-line.h"
#include "guest/derive.h"
#include "guest/option-fact.h"
#include "guest/qemu-block.h"
#include "guest/qemu-disks.h"
#include "guest/qemu-files.h"
#include "guest/qemu-flash.h"
#include "guest/qemu-memory.h"
#include "guest/qemu-network.h"
#include "guest/qemu-option-names.h"
#include "guest/read-option.h"

#define NOT_WRITTEN "not on the command line"

/* What is collected on the way and judged when all options are read. */
struct command {
	struct vc_reader r;
	const struct vc_command_line *line;
	const char *file;
	struct vc_diags *diags;
	struct vc_words unknown, open; /* options that QEMU does not have, and words with variables */
	int unknown_line, open_line;
};

/* --- accelerators --- */

/* The name of the program, with which QEMU decides [qemu 10.0 system/vl.c configure_accelerators]. */
static bool
program_ends_in_kvm(const struct vc_command_line *line)
{
	size_t length = line->program ? strlen(line->program) : 0;

	return length >= 3 && strcmp(line->program + length - 3, "kvm") == 0;
}

/* Debian's and Ubuntu's kvm is a script that adds -enable-kvm. */
static bool
program_is_kvm(const struct vc_command_line *line)
{
	const char *slash = line->program ? strrchr(line->program, '/') : NULL;

	return line->program && strcmp(slash ? slash + 1 : line->program, "kvm") == 0;
}

/* "kvm:tcg": the first that works is taken. */
static void
set_choice(const struct vc_reader *r, const char *list, const struct vc_qemu_option *option)
{
	const char *second = strchr(list, ':');

	vc_take_accelerator(r, list, option);
	if (second)
		vc_option_text(&r->guest->accel_fallback,
			       vc_arena_strndup(r->arena, second + 1, strcspn(second + 1, ":")), option);
	else
		vc_set_absent(&r->guest->accel_fallback.fact, option->from);
}

/* A second -accel is what QEMU falls back to. */
static void
take_accel(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	const char *accel = vc_qemu_option_get(option, "accel");
	const char *irqchip = vc_qemu_option_get(option, "kernel-irqchip");
	const struct vc_qemu_args *args = &r->input->args;
	size_t before = 0;

	for (size_t i = 0; i < args->options; i++)
		before += strcmp(args->option[i].name, "accel") == 0;
	if (!accel || before > 2)
		return;
	if (before == 2) {
		vc_option_text(&r->guest->accel_fallback, accel, option);
		return;
	}
	set_choice(r, accel, option);
	if (irqchip)
		vc_take_irqchip(r, irqchip, option);
}

static void
take_enable_kvm(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	set_choice(r, "kvm", option);
}

static void
default_accel(const struct command *c)
{
	struct vc_guest *guest = c->r.guest;

	if (guest->accel.fact.state != VC_ABSENT)
		return;
	if (program_is_kvm(c->line)) {
		vc_set_text(&guest->accel, "kvm", "the program's name");
	} else if (program_ends_in_kvm(c->line)) {
		vc_set_text(&guest->accel, "kvm", "the program's name");
		vc_set_text(&guest->accel_fallback, "tcg", "the program's name");
	} else {
		vc_set_text(&guest->accel, "tcg", NOT_WRITTEN);
	}
}

/* The domain type that libvirt would have for it. */
static void
set_type(struct vc_guest *guest)
{
	guest->type = guest->accel;
	vc_set_flag(&guest->run_by_qemu, true, guest->type.fact.from);
	if (vc_text_is(&guest->accel, "tcg"))
		guest->type.value = "qemu";
}

/* --- machine, memory size, processors --- */

static void
add_feature(const struct vc_reader *r, const char *name, const char *value, const struct vc_qemu_option *option)
{
	struct vc_words word = { 0 };
	bool on;

	if (!value || vc_qemu_flag(value, &on) < 0)
		return;
	vc_words_add(r->arena, &word, name);
	if (on)
		vc_set_extend(r->arena, &r->guest->features, &word, option->from);
	else
		vc_set_remove(r->arena, &r->guest->features, name);
	vc_option_at(&r->guest->features.fact, option);
}

static void
add_timer(const struct vc_reader *r, const char *name, bool present, const struct vc_qemu_option *option)
{
	struct vc_timer *timer = vc_list_append(r->arena, &r->guest->timer, sizeof(*timer), option->from);

	timer->place = option->place;
	vc_option_text(&timer->name, name, option);
	vc_set_flag(&timer->present, present, option->from);
	vc_set_absent(&timer->mode.fact, option->from);
	vc_set_absent(&timer->frequency.fact, option->from);
}

static void
take_machine(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	const char *accel = vc_qemu_option_get(option, "accel");
	const char *hpet = vc_qemu_option_get(option, "hpet");
	const char *firmware = vc_qemu_option_get(option, "firmware");
	bool on;

	vc_take_machine(r, option);
	if (accel)
		set_choice(r, accel, option);
	add_feature(r, "smm", vc_qemu_option_get(option, "smm"), option);
	add_feature(r, "acpi", vc_qemu_option_get(option, "acpi"), option);
	if (hpet && vc_qemu_flag(hpet, &on) == 0)
		add_timer(r, "hpet", on, option);
	if (firmware)
		vc_qemu_take_rom(r, firmware, option);
	vc_qemu_take_machine_memory(r, option);
}

static void
take_no_acpi(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	add_feature(r, "acpi", "off", option);
}

static void
take_no_hpet(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	add_timer(r, "hpet", false, option);
}

static void
take_bios(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	vc_qemu_take_rom(r, option->argument, option);
}

static void
take_number(struct vc_fact_number *fact, const char *key, const struct vc_qemu_option *option)
{
	const char *value = vc_qemu_option_get(option, key);

	if (value)
		vc_option_number(fact, value, option);
}

/* Members that are not written follow from the others when the machine's version is known: vc_derive_topology(). */
static void
take_smp(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	static const char *const keys[] = { "sockets", "dies", "cores", "threads" };
	static const char *const others[] = { "clusters", "modules", "books", "drawers" };
	struct vc_guest *guest = r->guest;

	take_number(&guest->vcpus, "cpus", option);
	take_number(&guest->vcpus, "maxcpus", option);
	for (size_t i = 0; i < VC_COUNT(keys); i++)
		take_number(&r->input->smp[i], keys[i], option);
	for (size_t i = 0; i < VC_COUNT(others); i++) {
		struct vc_fact_number number = { 0 };

		take_number(&number, others[i], option);
		if (number.fact.state != VC_UNREAD && (!vc_known(&number.fact) || number.value != 1))
			vc_set_unreadable(&r->input->smp_others.fact, EOPNOTSUPP, option->from);
	}
	r->input->smp_option = option->from;
}

/* Without a number of processors there are as many as the topology has. */
static void
settle_smp(const struct vc_reader *r)
{
	struct vc_fact_number *vcpus = &r->guest->vcpus;
	uint64_t product = 1;

	if (vc_is_written(&vcpus->fact) || !r->input->smp_option)
		return;
	for (size_t i = 0; i < VC_COUNT(r->input->smp); i++) {
		const struct vc_fact_number *level = &r->input->smp[i];

		if (level->fact.state == VC_UNREADABLE ||
		    (vc_known(&level->fact) && vc_mul(product, level->value, &product) < 0)) {
			vc_set_unreadable(&vcpus->fact, VC_EGARBLED, r->input->smp_option);
			return;
		}
		if (vc_known(&level->fact)) {
			vc_set_number(vcpus, product, r->input->smp_option);
			vc_fact_place_like(&vcpus->fact, &level->fact);
		}
	}
}

/* --- the rest --- */

static void
take_name(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	const char *name = vc_qemu_option_get(option, "guest");

	if (name)
		vc_option_text(&r->guest->name, name, option);
}

static void
take_uuid(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	vc_option_text(&r->guest->uuid, option->argument, option);
}

static void
take_rtc(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	const char *base = vc_qemu_option_get(option, "base");

	/* A date is what libvirt calls variable. */
	if (base)
		vc_option_text(&r->guest->clock_offset,
			       strcmp(base, "utc") == 0 || strcmp(base, "localtime") == 0 ? base : "variable", option);
}

static void
take_overcommit(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	const char *lock = vc_qemu_option_get(option, "mem-lock");

	if (!lock)
		return;
	vc_option_flag(&r->guest->memory_locked, lock, option);
	/* [qemu 10.0 qemu-options.hx -overcommit mem-lock=on-fault] */
	if (strcmp(lock, "on-fault") == 0)
		vc_set_flag(&r->guest->memory_locked, true, option->from);
}

/* Devices that are of interest to rules beside those that both readers know. */
static void
take_device(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	const char *driver = vc_qemu_option_get(option, "driver");

	vc_take_device(r, option);
	if (driver && strncmp(driver, "vhost-vsock-", strlen("vhost-vsock-")) == 0) {
		vc_set_flag(&r->guest->vsock, true, option->from);
		vc_option_at(&r->guest->vsock.fact, option);
	}
}

/* An emulated one is started by whoever starts QEMU. */
static void
take_tpm(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	const char *type = vc_qemu_option_get(option, "type");

	if (!type)
		return;
	vc_set_flag(&r->guest->tpm, true, option->from);
	vc_option_at(&r->guest->tpm.fact, option);
	vc_option_text(&r->guest->tpm_backend, strcmp(type, "emulator") == 0 ? "external" : type, option);
}

/* Userspace NVMe pins guest memory as VFIO does. */
static bool
driver_pins(const char *driver)
{
	return driver && strcmp(driver, "nvme") == 0;
}

static void
take_blockdev(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	const char *driver = vc_qemu_option_get(option, "driver");

	if (driver && strcmp(driver, "virtio-blk-vhost-vdpa") == 0)
		vc_qemu_take_vdpa_disk(r, option);
	else if (driver_pins(driver) || driver_pins(vc_qemu_option_get(option, "file.driver")))
		vc_qemu_count_pinning(r, option);
}

static void
take_drive(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	const char *file = vc_qemu_option_get(option, "file");

	if ((file && strncmp(file, "nvme://", strlen("nvme://")) == 0) ||
	    driver_pins(vc_qemu_option_get(option, "file.driver")))
		vc_qemu_count_pinning(r, option);
}

/* The objects that other options name are looked up when all are read. */
static void
take_object(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	const char *type = vc_qemu_option_get(option, "qom-type"), *id = vc_qemu_option_get(option, "id");

	if (type && id && strncmp(type, "memory-backend-", strlen("memory-backend-")) == 0)
		vc_qemu_add_backend(r, id);
	vc_take_security(r, option);
	/* Every guest that libvirt starts has it, and no other [libvirt 9.0, 11.3 src/qemu/qemu_command.c
	 * qemuBuildMasterKeyCommandLine]. */
	if (type && id && strcmp(type, "secret") == 0 && strcmp(id, "masterKey0") == 0)
		vc_option_text(&r->guest->launcher, "libvirt", option);
}

static const struct option_reader {
	const char *name;
	const char *implied; /* key of a first item without '=' */
	vc_take_option_fn *take;
} option_readers[] = {
	{ "", NULL, NULL }, /* a file alone, which is a disk */
	{ "M", "type", take_machine },
	{ "accel", "accel", take_accel },
	{ "acpitable", NULL, vc_take_acpi_table },
	{ "bios", "file", take_bios },
	{ "blockdev", "driver", take_blockdev },
	{ "boot", "order", NULL },
	{ "cdrom", "file", NULL },
	{ "chardev", "backend", NULL },
	{ "cpu", "model", vc_take_cpu },
	{ "device", "driver", take_device },
	{ "display", "type", NULL },
	{ "drive", NULL, take_drive },
	{ "dtb", "file", NULL },
	{ "enable-kvm", NULL, take_enable_kvm },
	{ "fda", "file", NULL },
	{ "fdb", "file", NULL },
	{ "fsdev", "fsdriver", NULL },
	{ "global", NULL, NULL },
	{ "hda", "file", NULL },
	{ "hdb", "file", NULL },
	{ "hdc", "file", NULL },
	{ "hdd", "file", NULL },
	{ "initrd", "file", NULL },
	{ "kernel", "file", NULL },
	{ "m", "size", vc_qemu_take_memory_size },
	{ "machine", "type", take_machine },
	{ "mem-path", "path", vc_qemu_take_mem_path },
	{ "name", "guest", take_name },
	{ "net", "type", vc_qemu_take_network },
	{ "netdev", "type", vc_qemu_take_network },
	{ "nic", "type", vc_qemu_take_network },
	{ "no-acpi", NULL, take_no_acpi },
	{ "no-hpet", NULL, take_no_hpet },
	{ "numa", "type", NULL },
	{ "object", "qom-type", take_object },
	{ "overcommit", NULL, take_overcommit },
	{ "parallel", NULL, NULL },
	{ "pflash", NULL, NULL },
	{ "rtc", NULL, take_rtc },
	{ "sd", NULL, NULL },
	{ "serial", NULL, NULL },
	{ "smp", "cpus", take_smp },
	{ "spice", NULL, NULL },
	{ "tpmdev", "type", take_tpm },
	{ "uuid", "uuid", take_uuid },
	{ "virtfs", "fsdriver", NULL },
	{ "vnc", "vnc", NULL },
};

/* Options that bring in more than what is written, from where this program does not look. */
static const struct {
	const char *name;
	bool options; /* options like those of the command line, whichever */
} unread_options[] = { { "incoming", false }, { "loadvm", false }, { "readconfig", true }, { "set", true } };

/* --- the arguments, one after the other --- */

/* What is not written may be there. */
static void
hide(struct command *c, int err, const char *where)
{
	if (c->r.input->hidden)
		return;
	c->r.input->hidden = err;
	c->r.input->hidden_in = where;
}

static void
take_option(struct command *c, const char *name, const char *value, size_t at, bool open)
{
	const struct vc_argument *argument = &c->line->argument[at];
	struct vc_qemu_args *args = &c->r.input->args;
	struct vc_qemu_option *option;

	for (size_t i = 0; i < VC_COUNT(option_readers); i++) {
		const struct option_reader *reader = &option_readers[i];

		if (strcmp(name, reader->name) != 0)
			continue;
		option = vc_arena_append(c->r.arena, (void **)&args->option, &args->options, sizeof(*option));
		option->name = name;
		option->argument = value;
		option->open = open;
		option->place = (struct vc_place){
			.line = argument->line,
			.argument = (int)at + 1,
			.text = !*name	? value :
				*value	? vc_arena_printf(c->r.arena, "-%s %s", name, value) :
					  vc_arena_printf(c->r.arena, "-%s", name),
		};
		option->from = option->place.text;
		/* What is no option text is QEMU's to refuse; what was understood of it counts. */
		(void)!vc_qemu_option_parse(c->r.arena, value, reader->implied, option);
		if (reader->take)
			reader->take(&c->r, option);
		return;
	}
	for (size_t i = 0; i < VC_COUNT(unread_options); i++) {
		if (strcmp(name, unread_options[i].name) != 0)
			continue;
		vc_diag_add(c->diags, c->file, argument->line,
			    "argument %zu: -%s is not read, so that what it changes is not seen here: %s", at + 1, name,
			    value);
		if (unread_options[i].options)
			hide(c, VC_EOPTIONS, vc_arena_printf(c->r.arena, "-%s %s", name, value));
	}
}

static void
note_word(const struct command *c, struct vc_words *words, int *line, const struct vc_argument *argument)
{
	if (words->count == 0)
		*line = argument->line;
	for (size_t i = 0; i < words->count; i++) {
		if (strcmp(words->word[i], argument->text) == 0)
			return;
	}
	/* More would only fill the screen. */
	if (words->count < 20)
		vc_words_add(c->r.arena, words, argument->text);
}

/* The script's own arguments are usually none; every other variable may hold whole options. */
static bool
may_hold_options(const struct vc_argument *argument)
{
	return argument->open && strcmp(argument->text, "$@") != 0 && strcmp(argument->text, "$*") != 0;
}

/* Takes the option at @at, and its value. Returns how many arguments that were. */
static size_t
take_argument(struct command *c, size_t at)
{
	const struct vc_argument *argument = &c->line->argument[at], *value = NULL;
	bool has_argument = false;
	const char *name = vc_qemu_option_name(argument->text, &has_argument);

	if (argument->open)
		note_word(c, &c->open, &c->open_line, argument);
	if (!name && may_hold_options(argument))
		hide(c, VC_ESHELL, argument->text);
	/* What is no option is the image of a disk. */
	if (argument->text[0] != '-' || strcmp(argument->text, "-") == 0) {
		if (!argument->open)
			take_option(c, "", argument->text, at, false);
		return 1;
	}
	if (at + 1 < c->line->arguments)
		value = &c->line->argument[at + 1];
	if (!name) {
		if (!argument->open)
			note_word(c, &c->unknown, &c->unknown_line, argument);
		return value && value->text[0] != '-' ? 2 : 1;
	}
	if (!has_argument) {
		take_option(c, name, "", at, false);
		return 1;
	}
	if (!value) {
		vc_diag_add(c->diags, c->file, argument->line, "argument %zu: %s expects a value after it", at + 1,
			    argument->text);
		return 1;
	}
	if (value->open)
		note_word(c, &c->open, &c->open_line, value);
	take_option(c, name, value->text, at, value->open);
	return 2;
}

static const char *
joined(const struct command *c, const struct vc_words *words)
{
	_cleanup_buf_ struct vc_buf text = { 0 };

	for (size_t i = 0; i < words->count; i++)
		vc_buf_addf(&text, "%s%s", i > 0 ? ", " : "", words->word[i]);
	return vc_arena_strndup(c->r.arena, vc_buf_text(&text), text.length);
}

static void
tell(const struct command *c)
{
	if (c->open.count > 0)
		vc_diag_add(c->diags, c->file, c->open_line,
			    "left as it is written, because only the shell knows what it stands for: %s; "
			    "/proc/PID/cmdline of the running guest has all of it",
			    joined(c, &c->open));
	if (c->unknown.count > 0)
		vc_diag_add(c->diags, c->file, c->unknown_line, "not among QEMU's options, and not read: %s",
			    joined(c, &c->unknown));
}

/* --- defaults --- */

/*
 * The architecture in the name; arguments alone and "qemu-kvm" leave it to the host. libvirt's names, as everywhere.
 */
static void
set_program(const struct command *c)
{
	struct vc_guest *guest = c->r.guest;
	const char *program = c->line->program;

	vc_set_text(&guest->launcher, "shell", NOT_WRITTEN);
	vc_set_flag(&guest->privileged, c->line->privileged, "command line");
	if (!program)
		return;
	vc_set_text(&guest->emulator, program, "command line");
	guest->emulator.fact.line = c->line->line;
	if (!strchr(program, '/')) {
		c->r.input->bare_emulator = true;
		if (program_is_kvm(c->line))
			return;
		vc_set_text(&guest->emulator, vc_arena_printf(c->r.arena, "/usr/bin/%s", program),
			    "where programs usually are");
	}
}

/* "/domain/..." is where a domain would say it. */
static void
name_defaults(struct vc_guest *guest)
{
	for (size_t i = 0; i < vc_schema_guest.count; i++) {
		struct vc_fact *fact = vc_field_fact(&vc_schema_guest.field[i], guest);

		if (fact->from && strncmp(fact->from, VC_NO_DOMAIN, strlen(VC_NO_DOMAIN)) == 0)
			fact->from = NOT_WRITTEN;
	}
}

static void
set_defaults(const struct command *c)
{
	struct vc_guest *guest = c->r.guest;
	struct vc_words acpi = { 0 };

	/* No command line holds a domain's metadata. */
	guest->ignore = (struct vc_fact_list){ .fact = { .state = VC_KNOWN, .from = NOT_WRITTEN } };
	if (c->line->running) {
		vc_set_flag(&guest->running, true, "/proc/PID/cmdline");
		guest->running.fact.line = c->line->line;
	}
	vc_words_add(c->r.arena, &acpi, "acpi");
	vc_set_set(c->r.arena, &guest->features, acpi.word, acpi.count, NOT_WRITTEN);
	vc_set_text(&guest->clock_offset, "utc", NOT_WRITTEN);
	vc_set_absent(&guest->accel_fallback.fact, NOT_WRITTEN);
	vc_set_number(&guest->memlock_devices, 0, NOT_WRITTEN);
	for (size_t i = 0; i < VC_COUNT(c->r.input->smp); i++)
		vc_set_absent(&c->r.input->smp[i].fact, NOT_WRITTEN);
	vc_set_number(&c->r.input->smp_others, 1, NOT_WRITTEN);
}

/*
 * A variable or a file may hold any option: what is not written may be in it. Facts that an option would only add to stay
 * as they are.
 */
static void
doubt_defaults(const struct command *c)
{
	static const char *const certain[] = { "guest.running", "guest.launcher", "guest.emulator", "guest.arch",
					       "guest.qemu_args", "guest.type", "guest.privileged", "guest.ignore",
					       "guest.recent_setting", "guest.pin", "guest.hard_limit", "guest.os",
					       "guest.os.vendor", "guest.firmware.auto", "guest.virtiofs",
					       "guest.phys_bits_written", "guest.run_by_qemu" };
	struct vc_guest *guest = c->r.guest;

	for (size_t i = 0; i < vc_schema_guest.count; i++) {
		const struct vc_field *field = &vc_schema_guest.field[i];
		struct vc_fact *fact = vc_field_fact(field, guest);
		bool keep = vc_is_written(fact) || (fact->state != VC_KNOWN && fact->state != VC_ABSENT);

		for (size_t n = 0; n < VC_COUNT(certain); n++)
			keep = keep || strcmp(field->name, certain[n]) == 0;
		if (field->type == VC_TYPE_list)
			keep = keep || ((struct vc_fact_list *)fact)->count > 0;
		if (field->type == VC_TYPE_number)
			keep = keep || (((struct vc_fact_number *)fact)->value > 0 && field->offset != offsetof(struct vc_guest, memory) &&
					field->offset != offsetof(struct vc_guest, vcpus));
		if (!keep)
			vc_set_unreadable(fact, c->r.input->hidden, c->r.input->hidden_in);
	}
	if (c->r.input->kernel_irqchip.fact.state == VC_ABSENT)
		vc_set_unreadable(&c->r.input->kernel_irqchip.fact, c->r.input->hidden, c->r.input->hidden_in);
}

/* libvirt runs the emulator of a TPM itself, and its socket lies among its own; any other is somebody else's. */
static void
settle_tpm(const struct vc_reader *r)
{
	const struct vc_qemu_args *args = &r->input->args;

	if (!vc_text_is(&r->guest->tpm_backend, "external"))
		return;
	for (size_t i = 0; i < args->options; i++) {
		const struct vc_qemu_option *option = &args->option[i];
		bool device = strcmp(option->name, "chardev") == 0;
		const char *path = device ? vc_qemu_option_get(option, "path") : NULL;
		const char *id = device ? vc_qemu_option_get(option, "id") : NULL;
		const char *backend = device ? vc_qemu_option_get(option, "backend") : NULL;

		/* [libvirt 9.0, 11.3 src/qemu/qemu_tpm.c qemuTPMEmulatorSocketBuildPath] */
		if (path && strstr(path, "/swtpm/") && strstr(path, "-swtpm.sock"))
			r->guest->tpm_backend.value = "emulator";
		/* virsh domxml-to-native leaves the socket open. */
		if (id && backend && strcmp(id, "chrtpm") == 0 && strcmp(backend, "null") == 0)
			r->guest->tpm_backend.value = "emulator";
	}
}

/* Whether libvirt binds the devices itself does not stand on the command line that it makes. */
static void
settle_launcher(const struct vc_reader *r)
{
	struct vc_hostdev *hostdevs = r->guest->hostdev.item;

	if (!vc_text_is(&r->guest->launcher, "libvirt"))
		return;
	settle_tpm(r);
	for (size_t i = 0; i < r->guest->hostdev.count; i++)
		vc_set_unreadable(&hostdevs[i].managed.fact, EOPNOTSUPP, hostdevs[i].managed.fact.from);
}

/* --- all of it --- */

static void
read_nothing(const struct vc_reader *r)
{
	struct vc_el nothing = { .path = VC_NO_DOMAIN };

	vc_read_machine(r, nothing);
	vc_read_firmware(r, nothing);
	vc_read_features(r, nothing);
	vc_read_cpu(r, nothing);
	vc_read_memory(r, nothing);
	vc_read_devices(r, nothing);
	vc_read_files(r, nothing);
	vc_read_qemu_args(r, nothing);
	vc_read_recent_settings(r, nothing);
	vc_read_security(r, nothing);
}

static void
read_arguments(struct command *c)
{
	struct vc_words words = { 0 };

	for (size_t i = 0; i < c->line->arguments; i++)
		vc_words_add(c->r.arena, &words, c->line->argument[i].text);
	vc_set_set(c->r.arena, &c->r.guest->qemu_args, words.word, words.count, "command line");
	for (size_t i = 0; i < c->line->arguments;)
		i += take_argument(c, i);
}

void
vc_guest_read_command_line(const struct vc_command_line *line, const char *file, struct vc_arena *arena,
			   struct vc_diags *diags, struct vc_guest *ret_guest)
{
	struct vc_guest_input *input = vc_arena_make(arena, struct vc_guest_input);
	struct vc_guest guest = { .file = file, .input = input, .is_command_line = true };
	struct command command = {
		.r = { .arena = arena, .guest = &guest, .input = input },
		.line = line,
		.file = file,
		.diags = diags,
	};

	input->whole = input->qemu = true;
	read_nothing(&command.r);
	set_defaults(&command);
	set_program(&command);
	vc_emulator_arch(&guest);
	read_arguments(&command);
	vc_apply_globals(&command.r);
	settle_launcher(&command.r);
	default_accel(&command);
	set_type(&guest);
	settle_smp(&command.r);
	vc_qemu_index_blocks(&command.r);
	vc_qemu_settle_flash(&command.r);
	vc_qemu_settle_memory(&command.r);
	vc_read_totals(&command.r);
	vc_qemu_settle_disks(&command.r);
	vc_qemu_settle_files(&command.r);
	vc_read_option_listens(&command.r);
	vc_settle_files(&command.r);
	name_defaults(&guest);
	if (input->hidden)
		doubt_defaults(&command);
	tell(&command);
	*ret_guest = guest;
}

const char *
vc_guest_argument(const struct vc_guest *guest, int number)
{
	const struct vc_qemu_args *args = guest->input ? &guest->input->args : NULL;

	for (size_t i = 0; args && number > 0 && i < args->options; i++) {
		if (args->option[i].place.argument == number)
			return args->option[i].place.text;
	}
	return NULL;
}
