/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "guest/derive.h"
#include "guest/read.h"

#define OSINFO_NAMESPACE "http://libosinfo.org/xmlns/libvirt/domain/1.0"

/*
 * Domain types that libvirt starts through QEMU, and the accelerator each stands for.
 * [libvirt 11.3 src/qemu/qemu_command.c qemuBuildAccelCommandLine]; hyperv since libvirt 11.10. libvirt's
 * driver for tests starts nothing: its domains stand for those that are meant.
 */
static const struct {
	const char *type, *accel;
} qemu_types[] = {
	{ "kvm", "kvm" },   { "qemu", "tcg" },  { "hvf", "hvf" },   { "hyperv", "mshv" },
	{ "nvmm", "nvmm" }, { "whpx", "whpx" }, { "test", "test" },
};

/* Microsoft's hypervisor is of the same type as QEMU's use of it, but has no emulator. */
static bool
other_driver(const struct vc_guest *guest)
{
	return vc_text_is(&guest->type, "hyperv") && guest->emulator.fact.state == VC_ABSENT;
}

static void
read_type(const struct vc_reader *r, struct vc_el domain)
{
	struct vc_guest *guest = r->guest;

	vc_read_text(r, domain, "type", &guest->type);
	guest->accel.fact = guest->run_by_qemu.fact = guest->type.fact;
	if (!vc_known(&guest->type.fact))
		return;
	/* Other drivers have one hypervisor each, of their own name. */
	vc_set_text(&guest->accel, guest->type.value, guest->type.fact.from);
	for (size_t i = 0; i < VC_COUNT(qemu_types); i++) {
		if (strcmp(guest->type.value, qemu_types[i].type) == 0 && !other_driver(guest)) {
			vc_set_text(&guest->accel, qemu_types[i].accel, guest->type.fact.from);
			r->input->qemu = true;
		}
	}
	vc_set_flag(&guest->run_by_qemu, r->input->qemu, guest->type.fact.from);
}

/* The architecture in "/usr/bin/qemu-system-x86_64", NULL if the name has another form. */
static const char *
emulator_arch(const char *emulator)
{
	static const char prefix[] = "qemu-system-";
	const char *name = strrchr(emulator, '/');

	name = name ? name + 1 : emulator;
	if (strncmp(name, prefix, strlen(prefix)) != 0)
		return NULL;
	name += strlen(prefix);
	if (strcmp(name, "i386") == 0)
		return "i686";
	if (strcmp(name, "arm") == 0)
		return "armv7l";
	return name;
}

void
vc_emulator_arch(struct vc_guest *guest)
{
	const char *arch;

	if (guest->arch.fact.state != VC_ABSENT || !vc_known(&guest->emulator.fact))
		return;
	arch = emulator_arch(guest->emulator.value);
	if (arch) {
		vc_set_text(&guest->arch, arch, guest->emulator.fact.from);
		vc_fact_place_like(&guest->arch.fact, &guest->emulator.fact);
	}
}

static void
read_os_vendor(const struct vc_reader *r)
{
	struct vc_fact_text *vendor = &r->guest->os_vendor;
	const char *start;

	vendor->fact = r->guest->os.fact;
	if (!vc_known(&vendor->fact))
		return;
	start = strstr(r->guest->os.value, "://");
	start = start ? start + strlen("://") : r->guest->os.value;
	vendor->value = vc_arena_strndup(r->arena, start, strcspn(start, "/"));
}

static void
read_arch(const struct vc_reader *r, struct vc_el domain, struct vc_el type)
{
	struct vc_guest *guest = r->guest;

	vc_read_text(r, vc_el_at(r, domain, "devices/emulator"), NULL, &guest->emulator);
	vc_read_text(r, type, "arch", &guest->arch);
	vc_emulator_arch(guest);
}

/* The libosinfo id, from <libosinfo:libosinfo><libosinfo:os id="http://microsoft.com/win/11"/>. */
static void
read_os(const struct vc_reader *r, struct vc_el domain)
{
	struct vc_el metadata = vc_el_child(r, domain, "metadata");
	struct vc_els info = vc_el_children(r, metadata, "libosinfo", OSINFO_NAMESPACE);
	struct vc_els os = { 0 };

	vc_set_absent(&r->guest->os.fact, metadata.path);
	if (info.count > 0)
		os = vc_el_children(r, info.el[0], "os", OSINFO_NAMESPACE);
	if (os.count > 0)
		vc_read_text(r, os.el[0], "id", &r->guest->os);
	read_os_vendor(r);
}

static void
read_clock(const struct vc_reader *r, struct vc_el domain)
{
	struct vc_el clock = vc_el_child(r, domain, "clock");
	struct vc_els timers = vc_el_children(r, clock, "timer", NULL);

	vc_read_text(r, clock, "offset", &r->guest->clock_offset);
	vc_set_absent(&r->guest->timer.fact, clock.path);
	r->guest->timer.fact.state = VC_KNOWN;
	for (size_t i = 0; i < timers.count; i++) {
		struct vc_timer *timer =
			vc_list_append(r->arena, &r->guest->timer, sizeof(*timer), clock.path);

		timer->place = vc_el_place(timers.el[i]);
		vc_read_text(r, timers.el[i], "name", &timer->name);
		vc_read_flag(r, timers.el[i], "present", &timer->present);
		vc_read_text(r, timers.el[i], "mode", &timer->mode);
		vc_read_number(r, timers.el[i], "frequency", VC_BASE_DEC, &timer->frequency);
	}
}

void
vc_read_machine(const struct vc_reader *r, struct vc_el domain)
{
	struct vc_el type = vc_el_at(r, domain, "os/type");

	vc_read_text(r, vc_el_child(r, domain, "name"), NULL, &r->guest->name);
	vc_read_text(r, vc_el_child(r, domain, "uuid"), NULL, &r->guest->uuid);
	vc_set_text(&r->guest->launcher, "libvirt", "a domain is libvirt's");
	vc_set_absent(&r->guest->accel_fallback.fact, domain.path);
	vc_set_flag(&r->guest->privileged, false, "a domain is libvirt's");
	vc_set_flag(&r->guest->running, vc_el_attr(r, domain, "id") != NULL, "domain/@id");
	read_arch(r, domain, type);
	read_type(r, domain);
	vc_read_text(r, type, "machine", &r->guest->machine);
	vc_read_security(r, domain);
	read_os(r, domain);
	read_clock(r, domain);
}
