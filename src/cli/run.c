/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/run.h"

#include <errno.h>

#include "cli/input.h"
#include "guest/command-line.h"

void
vc_run_init(struct vc_run *run)
{
	*run = (struct vc_run){ .arena = vc_arena_new() };
	run->diags.arena = run->arena;
}

void
vc_run_release(struct vc_run *run)
{
	for (size_t i = 0; i < run->subjects; i++)
		vc_guest_release(&run->subject[i].guest);
	vc_hostfs_close(run->fs);
	vc_arena_free(run->arena);
	*run = (struct vc_run){ 0 };
}

int
vc_run_open(struct vc_run *run, const struct vc_run_options *options)
{
	run->broken_rules = vc_ruleset_load(&vc_builtin_rules, options->rules_dir, run->arena, &run->diags,
					    &run->rules);
	if (!options->root)
		return 0;
	return vc_hostfs_open(options->root, run->arena, &run->diags, &run->fs);
}

static struct vc_subject *
append_subject(struct vc_run *run)
{
	return vc_arena_append(run->arena, (void **)&run->subject, &run->subjects, sizeof(*run->subject));
}

int
vc_run_add_domain_text(struct vc_run *run, const char *text, size_t size, const char *file)
{
	struct vc_guest guest;
	int r = vc_guest_read_xml(text, size, file, run->arena, &run->diags, &guest);

	if (r < 0)
		return r;
	*append_subject(run) = (struct vc_subject){ .guest = guest, .text = text, .size = size };
	return 0;
}

int
vc_run_replace_text(struct vc_run *run, size_t subject, const char *text, size_t size)
{
	struct vc_subject *old = &run->subject[subject];
	struct vc_guest guest;
	int r = vc_guest_read_xml(text, size, old->guest.file, run->arena, &run->diags, &guest);

	if (r < 0)
		return r;
	vc_guest_release(&old->guest);
	*old = (struct vc_subject){ .guest = guest, .text = text, .size = size };
	return 0;
}

int
vc_run_add_domain(struct vc_run *run, const char *file)
{
	const char *text;
	size_t size;
	int r = vc_input_read(file, run->arena, &run->diags, &text, &size);

	if (r < 0)
		return r;
	return vc_run_add_domain_text(run, text, size, file);
}

static void
add_command_line(struct vc_run *run, const struct vc_command_line *line, const char *file)
{
	struct vc_guest guest;

	vc_guest_read_command_line(line, file, run->arena, &run->diags, &guest);
	*append_subject(run) = (struct vc_subject){ .guest = guest };
}

int
vc_run_add_command_lines_text(struct vc_run *run, const char *text, size_t size, const char *file)
{
	struct vc_command_line *line;
	size_t lines;
	int r = vc_command_lines_find(text, size, file, run->arena, &run->diags, &line, &lines);

	for (size_t i = 0; r == 0 && i < lines; i++)
		add_command_line(run, &line[i], file);
	return r;
}

int
vc_run_add_command_lines(struct vc_run *run, const char *file)
{
	const char *text;
	size_t size;
	int r = vc_input_read(file, run->arena, &run->diags, &text, &size);

	return r < 0 ? r : vc_run_add_command_lines_text(run, text, size, file);
}

void
vc_run_add_command(struct vc_run *run, const char *const *word, size_t words)
{
	struct vc_command_line line;

	vc_command_line_from_words(word, words, run->arena, &line);
	add_command_line(run, &line, "command line");
}

void
vc_run_add_host(struct vc_run *run)
{
	append_subject(run)->host_only = true;
}

/* What one host model for all subjects has to hold. */
struct wanted {
	struct vc_arena *arena;
	const char **device, **emulator, **rom, **firmware;
	size_t devices, emulators, roms, firmwares;
	unsigned areas;
};

static void
append_text(struct vc_arena *arena, const char ***texts, size_t *count, const char *text)
{
	*(const char **)vc_arena_append(arena, (void **)texts, count, sizeof(**texts)) = text;
}

/* Those a host of any architecture is likely to have, for when no domain names one. */
static void
want_usual_emulators(struct wanted *wanted)
{
	static const char *const usual[] = {
		"/usr/bin/qemu-system-x86_64",
		"/usr/bin/qemu-system-aarch64",
		"/usr/bin/qemu-kvm",
		"/usr/libexec/qemu-kvm",
	};

	for (size_t i = 0; i < VC_COUNT(usual); i++)
		append_text(wanted->arena, &wanted->emulator, &wanted->emulators, usual[i]);
}

static void
want_emulators(struct wanted *wanted, const struct vc_guest *guest)
{
	const char *path[VC_EMULATORS_MAX];
	size_t count = vc_guest_emulators(guest, wanted->arena, path);

	for (size_t i = 0; i < count; i++)
		append_text(wanted->arena, &wanted->emulator, &wanted->emulators, path[i]);
	if (count == 0)
		want_usual_emulators(wanted);
}

static void
want_subject(struct wanted *wanted, const struct vc_run *run, const struct vc_subject *subject)
{
	const struct vc_guest *guest = subject->host_only ? NULL : &subject->guest;

	/* The report names the kernel whatever the rules ask. */
	wanted->areas |= vc_ruleset_needs(&run->rules, guest) | VC_AREA_KERNEL;
	if (!guest)
		return;
	for (size_t i = 0; i < guest->hostdev.count; i++) {
		const struct vc_hostdev *hostdev = (const struct vc_hostdev *)guest->hostdev.item + i;

		if (vc_known(&hostdev->address.fact))
			append_text(wanted->arena, &wanted->device, &wanted->devices, hostdev->address.value);
		if (vc_known(&hostdev->rom_file.fact))
			append_text(wanted->arena, &wanted->rom, &wanted->roms, hostdev->rom_file.value);
	}
	for (size_t i = 0; i < guest->firmware_file.count; i++) {
		const struct vc_firmware_use *use = (const struct vc_firmware_use *)guest->firmware_file.item + i;

		if (vc_known(&use->path.fact))
			append_text(wanted->arena, &wanted->firmware, &wanted->firmwares, use->path.value);
	}
	want_emulators(wanted, guest);
}

static void
probe_wanted(struct vc_run *run, const struct vc_run_options *options, const struct wanted *wanted, bool all)
{
	struct vc_host_request request = {
		.areas = all ? VC_AREA_ALL : wanted->areas,
		.device = wanted->device,
		.devices = wanted->devices,
		.all_devices = all,
		.emulator = wanted->emulator,
		.emulators = wanted->emulators,
		.rom = wanted->rom,
		.roms = wanted->roms,
		.firmware = wanted->firmware,
		.firmwares = wanted->firmwares,
		.qemu_version = options->qemu_version,
		.libvirt_version = options->libvirt_version,
		.may_execute = options->may_execute,
	};

	vc_host_probe(run->fs, &request, &run->host);
}

void
vc_run_probe(struct vc_run *run, const struct vc_run_options *options)
{
	struct wanted wanted = { .arena = run->arena };

	for (size_t i = 0; i < run->subjects; i++)
		want_subject(&wanted, run, &run->subject[i]);
	probe_wanted(run, options, &wanted, false);
}

void
vc_run_judge(struct vc_run *run, const struct vc_run_options *options)
{
	for (size_t i = 0; i < run->subjects; i++) {
		struct vc_subject *subject = &run->subject[i];
		struct vc_models models = { .host = &run->host };

		if (!subject->host_only) {
			vc_guest_derive(&subject->guest, &run->host, run->arena);
			models.guest = &subject->guest;
		}
		vc_rules_evaluate(&run->rules, &models, options->ignore, options->ignored, run->arena,
				  &subject->findings);
	}
}

void
vc_run_probe_all(struct vc_run *run, const struct vc_run_options *options)
{
	struct wanted wanted = { .arena = run->arena };

	for (size_t i = 0; i < run->subjects; i++)
		want_subject(&wanted, run, &run->subject[i]);
	want_usual_emulators(&wanted);
	probe_wanted(run, options, &wanted, true);
}
