/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/machine.h"

#include <string.h>

#include "guest/derive.h"

/* Names before the version, and the family they are of. */
static const struct {
	const char *prefix, *family;
} versioned[] = {
	{ "pc-q35-", "q35" },
	{ "pc-i440fx-", "i440fx" },
	{ "pc-", "i440fx" }, /* pc-1.3 and older */
	{ "virt-", "virt" },
};

/* Names without a version: the emulator's newest of the family [qemu 10.0 hw/i386/pc_piix.c, pc_q35.c]. */
static const struct {
	const char *name, *family;
	bool vendor;
} aliases[] = {
	{ "pc", "i440fx", false },       { "q35", "q35", false },      { "virt", "virt", false },
	{ "microvm", "microvm", false }, { "ubuntu", "i440fx", true }, { "ubuntu-q35", "q35", true },
};

static bool
is_arm(const struct vc_guest *guest)
{
	return vc_text_is(&guest->arch, "aarch64") || vc_text_is(&guest->arch, "armv7l") ||
	       vc_text_is(&guest->arch, "armv6l");
}

/* What follows the family's prefix; NULL for aliases and machines of other families. */
static const char *
version_text(const char *machine, const char **ret_family)
{
	for (size_t i = 0; i < VC_COUNT(versioned); i++) {
		size_t length = strlen(versioned[i].prefix);

		if (strncmp(machine, versioned[i].prefix, length) == 0) {
			*ret_family = versioned[i].family;
			return machine + length;
		}
	}
	return NULL;
}

static const char *
family_of(const struct vc_guest *guest)
{
	const char *family = NULL;

	if (version_text(guest->machine.value, &family) == NULL) {
		for (size_t i = 0; i < VC_COUNT(aliases); i++) {
			if (strcmp(guest->machine.value, aliases[i].name) == 0)
				family = aliases[i].family;
		}
	}
	if (!family)
		return "other";
	/* RISC-V, LoongArch and others have a machine "virt" with a map of its own. */
	if (strcmp(family, "virt") == 0)
		return is_arm(guest) ? family : "other";
	return vc_guest_is_x86(guest) ? family : "other";
}

void
vc_machine_name(struct vc_guest *guest, const struct vc_guest_input *input)
{
	const char *assumed = NULL;

	if (guest->machine.fact.state == VC_ABSENT && input->qemu) {
		/* [libvirt 11.3 src/qemu/qemu_capabilities.c preferredMachines]; QEMU alone has none on ARM and stops
		 * [qemu 10.0 system/vl.c select_machine, hw/i386/pc_piix.c is_default]. */
		if (vc_guest_is_x86(guest))
			assumed = "pc";
		else if (is_arm(guest) && !input->whole)
			assumed = "virt";
		if (assumed)
			vc_set_text(&guest->machine, assumed, guest->machine.fact.from);
	}
	guest->machine_family.fact = guest->machine.fact;
	if (!vc_known(&guest->machine.fact))
		return;
	vc_set_text(&guest->machine_family, input->qemu ? family_of(guest) : "other",
		    guest->machine.fact.from);
}

bool
vc_machine_is_vendor(const struct vc_guest *guest)
{
	const char *family, *version;
	struct vc_version parsed;

	if (!vc_known(&guest->machine.fact))
		return false;
	version = version_text(guest->machine.value, &family);
	if (version)
		return vc_version_parse(version, &parsed) < 0;
	for (size_t i = 0; i < VC_COUNT(aliases); i++) {
		if (aliases[i].vendor && strcmp(guest->machine.value, aliases[i].name) == 0)
			return true;
	}
	/* RHEL's emulator, where plain q35 stands for pc-q35-rhelN. */
	return vc_text_is(&guest->emulator, "/usr/libexec/qemu-kvm");
}

bool
vc_machine_is_old_vendor(const struct vc_guest *guest)
{
	static const char *const old[] = { "rhel5",  "rhel6",  "rhel7", "precise",
					   "trusty", "utopic", "vivid", "wily" };

	for (size_t i = 0; vc_machine_is_vendor(guest) && i < VC_COUNT(old); i++) {
		if (strstr(guest->machine.value, old[i]))
			return true;
	}
	return false;
}

/* An emulator of release 9.2 calls its newest machine 9.2. Development versions (9.2.50) are between two. */
static void
version_of_alias(const struct vc_deriver *d)
{
	struct vc_guest *guest = d->guest;
	const struct vc_fact_version *qemu = &guest->qemu_version;

	if (!vc_known(&qemu->fact)) {
		vc_set_unknown_like(&guest->machine_version.fact, &qemu->fact);
		return;
	}
	if (qemu->value.part[2] >= 50) {
		vc_set_unreadable(&guest->machine_version.fact, EOPNOTSUPP, qemu->fact.from);
		return;
	}
	vc_set_version(&guest->machine_version,
		       (struct vc_version){ { qemu->value.part[0], qemu->value.part[1] } }, qemu->fact.from);
}

static void
derive_version(const struct vc_deriver *d)
{
	struct vc_guest *guest = d->guest;
	const char *family, *text;
	struct vc_version version;

	if (!vc_known(&guest->machine.fact)) {
		vc_set_unknown_like(&guest->machine_version.fact, &guest->machine.fact);
		return;
	}
	text = version_text(guest->machine.value, &family);
	if (text && vc_version_parse(text, &version) == 0)
		vc_set_version(&guest->machine_version, version, guest->machine.fact.from);
	else if (text || vc_machine_is_vendor(guest) || vc_text_is(&guest->machine_family, "other"))
		vc_set_unreadable(&guest->machine_version.fact, EOPNOTSUPP, guest->machine.fact.from);
	else
		version_of_alias(d);
	vc_fact_place_like(&guest->machine_version.fact, &guest->machine.fact);
}

/* Where a program without a directory may be: the first that is there is taken. */
static const char *const directories[] = { "/usr/local/bin", "/usr/bin", "/usr/pkg/bin" };

size_t
vc_guest_emulators(const struct vc_guest *guest, struct vc_arena *arena, const char *ret_path[VC_EMULATORS_MAX])
{
	const char *slash;

	if (!vc_known(&guest->emulator.fact))
		return 0;
	ret_path[0] = guest->emulator.value;
	slash = strrchr(guest->emulator.value, '/');
	if (!guest->input || !guest->input->bare_emulator || !slash)
		return 1;
	for (size_t i = 0; i < VC_COUNT(directories); i++)
		ret_path[i] = vc_arena_printf(arena, "%s%s", directories[i], slash);
	return VC_COUNT(directories);
}

static const struct vc_emulator *
find_emulator(const struct vc_deriver *d)
{
	const struct vc_emulator *last = NULL;
	const char *path[VC_EMULATORS_MAX];
	size_t count = vc_guest_emulators(d->guest, d->arena, path);

	for (size_t i = 0; i < count; i++) {
		const struct vc_emulator *emulator = vc_host_find_emulator(d->host, path[i]);

		if (emulator && vc_known(&emulator->version.fact))
			return emulator;
		if (emulator && (!last || last->version.fact.state == VC_ABSENT))
			last = emulator;
	}
	return last;
}

/* The oldest types of two releases; what is older is missing in them and in all later ones. */
static const struct {
	struct vc_version qemu, i440fx, q35;
} oldest[] = {
	/* [qemu 7.2 hw/i386/pc_piix.c, pc_q35.c] */
	{ { { 7, 2 } }, { { 1, 4 } }, { { 2, 4 } } },
	/* [qemu 10.0.13 hw/i386/pc_piix.c, pc_q35.c] */
	{ { { 10, 0 } }, { { 2, 4 } }, { { 2, 4 } } },
};

/*
 * Since 10.1 a type goes six years after its release: with the major version that is six higher, at the minor
 * version it had itself [qemu 10.0.13 include/hw/boards.h MACHINE_VER_DELETION, MACHINE_VER_SHOULD_DELETE].
 */
static bool
is_expired(struct vc_version machine, struct vc_version qemu)
{
	uint32_t age = qemu.part[0] - machine.part[0];

	return vc_version_at_least(qemu, 10, 1) && qemu.part[0] >= machine.part[0] &&
	       (age > 6 || (age == 6 && qemu.part[1] >= machine.part[1]));
}

/* NULL: nobody looked at that release. */
static const char *
status_of(const struct vc_guest *guest, struct vc_version machine, struct vc_version qemu)
{
	bool virt = vc_text_is(&guest->machine_family, "virt"), q35 = vc_text_is(&guest->machine_family, "q35");
	struct vc_version release = { { qemu.part[0], qemu.part[1] } };

	if (vc_version_compare(machine, release) > 0)
		/* A development version has the types of the release it leads to. */
		return qemu.part[2] >= 50 ? NULL : "newer";
	if (is_expired(machine, qemu))
		return "removed";
	for (size_t i = VC_COUNT(oldest); !virt && i-- > 0;) {
		int order = vc_version_compare(release, oldest[i].qemu);
		bool has = vc_version_compare(machine, q35 ? oldest[i].q35 : oldest[i].i440fx) >= 0;

		if (order >= 0 && !has)
			return "removed";
		/* What a release has, those before it have as well; the last one's word holds for those after it. */
		if (has && (order <= 0 || i == VC_COUNT(oldest) - 1))
			return "known";
	}
	return virt && vc_version_at_least(machine, 5, 0) ? "known" : NULL;
}

/* Only types of upstream's numbering in upstream's emulator: vendors keep and drop others. */
static void
derive_status(const struct vc_deriver *d)
{
	struct vc_guest *guest = d->guest;
	const struct vc_fact_version *machine = &guest->machine_version, *qemu = &guest->qemu_version;
	const char *family, *status;

	if (!vc_known(&guest->machine.fact)) {
		vc_set_unknown_like(&guest->machine_status.fact, &guest->machine.fact);
	} else if (!version_text(guest->machine.value, &family)) {
		/* An alias is there in every release. */
		vc_set_absent(&guest->machine_status.fact, guest->machine.fact.from);
	} else if (vc_machine_is_vendor(guest) || vc_text_is(&guest->machine_family, "other")) {
		vc_set_absent(&guest->machine_status.fact, guest->machine.fact.from);
	} else if (qemu->fact.state == VC_ABSENT) {
		/* Nobody looked at this emulator. */
		vc_set_unreadable(&guest->machine_status.fact, VC_ENOTCOLLECTED, qemu->fact.from);
	} else if (!vc_known(&machine->fact) || !vc_known(&qemu->fact)) {
		vc_set_unknown_like(&guest->machine_status.fact,
				    vc_known(&machine->fact) ? &qemu->fact : &machine->fact);
	} else {
		status = status_of(guest, machine->value, qemu->value);
		if (status)
			vc_set_text(&guest->machine_status, status, guest->machine.fact.from);
		else
			vc_set_unreadable(&guest->machine_status.fact, EOPNOTSUPP, qemu->fact.from);
	}
	guest->machine_status.fact.line = guest->machine.fact.line;
}

static void
derive_qemu_version(const struct vc_deriver *d)
{
	struct vc_guest *guest = d->guest;
	const struct vc_emulator *emulator;

	if (!d->input->qemu) {
		vc_set_absent(&guest->qemu_version.fact, guest->type.fact.from);
		return;
	}
	if (!vc_known(&guest->emulator.fact)) {
		vc_set_unknown_like(&guest->qemu_version.fact, &guest->emulator.fact);
		return;
	}
	emulator = find_emulator(d);
	if (emulator)
		guest->qemu_version = emulator->version;
	else if (!vc_known(&d->host->emulator.fact))
		vc_set_unknown_like(&guest->qemu_version.fact, &d->host->emulator.fact);
	else
		vc_set_absent(&guest->qemu_version.fact, guest->emulator.value);
}

/* libvirt's choice where the input leaves it open: the host's architecture, and its QEMU. */
static void
derive_arch(const struct vc_deriver *d)
{
	struct vc_guest *guest = d->guest;

	if (guest->arch.fact.state != VC_ABSENT || !d->input->qemu)
		return;
	if (!vc_known(&d->host->cpu_arch.fact)) {
		vc_set_unknown_like(&guest->arch.fact, &d->host->cpu_arch.fact);
		return;
	}
	vc_set_text(&guest->arch, d->host->cpu_arch.value, d->host->cpu_arch.fact.from);
	vc_emulator_name(guest, d->input, d->arena);
	vc_machine_name(guest, d->input);
}

void
vc_emulator_name(struct vc_guest *guest, const struct vc_guest_input *input, struct vc_arena *arena)
{
	static const struct {
		const char *arch, *binary;
	} binaries[] = {
		/* [libvirt 11.3 src/qemu/qemu_capabilities.c virQEMUCapsFindTarget] */
		{ "i686", "i386" },
		{ "armv7l", "arm" },
		{ "armv6l", "arm" },
		{ "ppc64le", "ppc64" },
	};
	const char *binary;

	if (guest->emulator.fact.state != VC_ABSENT || !input->qemu || !vc_known(&guest->arch.fact))
		return;
	binary = guest->arch.value;
	for (size_t i = 0; i < VC_COUNT(binaries); i++) {
		if (strcmp(binary, binaries[i].arch) == 0)
			binary = binaries[i].binary;
	}
	vc_set_text(&guest->emulator, vc_arena_printf(arena, "/usr/bin/qemu-system-%s", binary),
		    guest->emulator.fact.from);
}

void
vc_derive_machine(const struct vc_deriver *d)
{
	derive_arch(d);
	derive_qemu_version(d);
	derive_version(d);
	derive_status(d);
}
