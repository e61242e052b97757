/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many physical address bits the guest CPU reports, and whose CPU it claims to be.
 * [qemu 10.0.13 target/i386/cpu.c x86_cpu_realizefn, target/i386/host-cpu.c host_cpu_adjust_phys_bits]
 */
#include <string.h>

#include "guest/derive.h"
#include "guest/machine.h"
#include "guest/read.h"

#define DEFAULT_BITS 40 /* [qemu 10.0.13 target/i386/tcg/helper-tcg.h TCG_PHYS_ADDR_BITS] */

/* [libvirt 11.3 src/qemu/qemu_command.c qemuBuildCpuCommandLine] */
void
vc_read_phys_bits(const struct vc_reader *r, struct vc_el cpu)
{
	struct vc_el element = vc_el_child(r, cpu, "maxphysaddr");
	const char *mode = vc_el_attr(r, element, "mode");

	vc_read_number(r, element, "limit", VC_BASE_DEC, &r->guest->phys_bits_limit);
	vc_set_absent(&r->input->phys_bits_written.fact, element.path);
	vc_set_absent(&r->guest->phys_bits_written.fact, element.path);
	if (!mode)
		return;
	if (strcmp(mode, "passthrough") == 0) {
		r->input->host_width = VC_HOST_WIDTH_ON;
	} else if (strcmp(mode, "emulate") == 0) {
		vc_read_number(r, element, "bits", VC_BASE_DEC, &r->input->phys_bits_written);
		if (r->input->phys_bits_written.fact.state == VC_ABSENT)
			r->input->host_width = VC_HOST_WIDTH_OFF;
		r->guest->phys_bits_written = r->input->phys_bits_written;
	}
}

/*
 * The CPU models host and max ask for the host's width; a number that is written beside it is only warned
 * about and not used [qemu 10.0.13 target/i386/host-cpu.c host_cpu_max_instance_init,
 * host_cpu_adjust_phys_bits].
 */
static bool
wants_host_width(const struct vc_guest *guest, enum vc_host_width written)
{
	if (vc_text_is(&guest->machine_family, "microvm"))
		return true; /* [qemu 10.0.13 hw/i386/microvm.c microvm_device_pre_plug_cb] */
	if (written != VC_HOST_WIDTH_MODEL)
		return written == VC_HOST_WIDTH_ON;
	return vc_text_is(&guest->cpu_mode, "host-passthrough") || vc_text_is(&guest->cpu_mode, "maximum");
}

/* Other accelerators than these never look at the host's width. */
static bool
can_use_host_width(const struct vc_guest *guest)
{
	return vc_text_is(&guest->accel, "kvm") || vc_text_is(&guest->accel, "hvf");
}

void
vc_phys_bits_source(struct vc_guest *guest, const struct vc_guest_input *input)
{
	const char *from = input->phys_bits_written.fact.from;

	if (wants_host_width(guest, input->host_width) && can_use_host_width(guest))
		vc_set_text(&guest->phys_bits_source, "host", guest->cpu_mode.fact.from);
	else if (input->phys_bits_written.fact.state != VC_ABSENT)
		vc_set_text(&guest->phys_bits_source, "written", from);
	else
		vc_set_text(&guest->phys_bits_source, "default", from);
	vc_fact_place_like(&guest->phys_bits_source.fact, &input->phys_bits_written.fact);
}

bool
vc_cpu_is_32bit(const struct vc_guest *guest)
{
	/* Models without long mode [qemu 10.0.13 target/i386/cpu.c builtin_x86_defs]. */
	static const char *const models[] = {
		"486", "pentium", "pentium2", "pentium3", "athlon", "n270", "coreduo", "kvm32", "qemu32",
	};

	if (vc_set_has(&guest->cpu_disabled, "lm"))
		return true;
	/* [libvirt 11.3 src/qemu/qemu_command.c qemuBuildCpuCommandLine] */
	if (!vc_known(&guest->cpu_model.fact))
		return vc_text_is(&guest->arch, "i686") && vc_text_is(&guest->cpu_mode, "custom");
	for (size_t i = 0; i < VC_COUNT(models); i++) {
		if (strcmp(guest->cpu_model.value, models[i]) == 0)
			return true;
	}
	return false;
}

static void
host_width(const struct vc_deriver *d)
{
	struct vc_guest *guest = d->guest;
	const struct vc_fact_number *host = &d->host->cpuid_phys_bits;
	uint64_t bits;

	if (!vc_known(&host->fact)) {
		vc_set_unknown_like(&guest->phys_bits.fact, &host->fact);
		return;
	}
	if (guest->phys_bits_limit.fact.state == VC_UNREADABLE) {
		vc_set_unknown_like(&guest->phys_bits.fact, &guest->phys_bits_limit.fact);
		return;
	}
	bits = host->value;
	if (vc_known(&guest->phys_bits_limit.fact) && guest->phys_bits_limit.value > 0 &&
	    guest->phys_bits_limit.value < bits)
		bits = guest->phys_bits_limit.value;
	vc_set_number(&guest->phys_bits, bits, host->fact.from);
}

void
vc_derive_phys_bits(const struct vc_deriver *d)
{
	struct vc_guest *guest = d->guest;
	const struct vc_fact_number *written = &d->input->phys_bits_written;

	vc_phys_bits_source(guest, d->input);
	if (!vc_guest_is_x86(guest) || !d->input->qemu)
		vc_set_unreadable(&guest->phys_bits.fact, EOPNOTSUPP, "guest.arch");
	else if (vc_cpu_is_32bit(guest))
		/* 32 or 36, and which of them changed between releases. */
		vc_set_unreadable(&guest->phys_bits.fact, EOPNOTSUPP, guest->cpu_model.fact.from);
	else if (vc_text_is(&guest->phys_bits_source, "host"))
		host_width(d);
	else if (vc_text_is(&guest->phys_bits_source, "written") && vc_known(&written->fact))
		vc_set_number(&guest->phys_bits, written->value, written->fact.from);
	else if (vc_text_is(&guest->phys_bits_source, "written"))
		vc_set_unknown_like(&guest->phys_bits.fact, &written->fact);
	else if (vc_machine_is_vendor(guest))
		/* Distributors give their machine types other defaults, host-phys-bits=on among them. */
		vc_set_unreadable(&guest->phys_bits.fact, EOPNOTSUPP, guest->machine.fact.from);
	else
		vc_set_number(&guest->phys_bits, DEFAULT_BITS, "default of QEMU");
	vc_fact_place_like(&guest->phys_bits.fact, &written->fact);
}

/*
 * Vendor of the models, for accelerators that do not take the host's.
 * [qemu 10.0.13 target/i386/cpu.c builtin_x86_defs, max_x86_cpu_initfn]
 */
static const struct {
	const char *prefix, *vendor;
} model_vendors[] = {
	{ "EPYC", "AuthenticAMD" },         { "Opteron_", "AuthenticAMD" },
	{ "athlon", "AuthenticAMD" },       { "phenom", "AuthenticAMD" },
	{ "qemu64", "AuthenticAMD" },       { "max", "AuthenticAMD" },
	{ "Dhyana", "HygonGenuine" },       { "YongFeng", "CentaurHauls" },
	{ "486", "GenuineIntel" },          { "Broadwell", "GenuineIntel" },
	{ "Cascadelake", "GenuineIntel" },  { "ClearwaterForest", "GenuineIntel" },
	{ "Conroe", "GenuineIntel" },       { "Cooperlake", "GenuineIntel" },
	{ "Denverton", "GenuineIntel" },    { "GraniteRapids", "GenuineIntel" },
	{ "Haswell", "GenuineIntel" },      { "Icelake", "GenuineIntel" },
	{ "IvyBridge", "GenuineIntel" },    { "KnightsMill", "GenuineIntel" },
	{ "Nehalem", "GenuineIntel" },      { "Penryn", "GenuineIntel" },
	{ "SandyBridge", "GenuineIntel" },  { "SapphireRapids", "GenuineIntel" },
	{ "SierraForest", "GenuineIntel" }, { "Skylake", "GenuineIntel" },
	{ "Snowridge", "GenuineIntel" },    { "Westmere", "GenuineIntel" },
	{ "core2duo", "GenuineIntel" },     { "coreduo", "GenuineIntel" },
	{ "kvm32", "GenuineIntel" },        { "kvm64", "GenuineIntel" },
	{ "n270", "GenuineIntel" },         { "pentium", "GenuineIntel" },
	{ "qemu32", "GenuineIntel" },
};

static const char *
model_vendor(const struct vc_guest *guest)
{
	const char *model = vc_known(&guest->cpu_model.fact) ? guest->cpu_model.value : NULL;

	if (vc_text_is(&guest->cpu_mode, "maximum"))
		model = "max";
	else if (!model && vc_text_is(&guest->cpu_mode, "custom"))
		model = vc_text_is(&guest->arch, "i686") ? "qemu32" : "qemu64";
	for (size_t i = 0; model && i < VC_COUNT(model_vendors); i++) {
		if (strncmp(model, model_vendors[i].prefix, strlen(model_vendors[i].prefix)) == 0)
			return model_vendors[i].vendor;
	}
	return NULL;
}

/*
 * KVM and HVF give every model the host's vendor, whatever the model is; only vendor= changes that.
 * [qemu 10.0.13 target/i386/cpu.c x86_cpu_load_model, target/i386/host-cpu.c host_cpu_instance_init]
 */
void
vc_derive_cpu_vendor(const struct vc_deriver *d)
{
	struct vc_guest *guest = d->guest;
	const struct vc_fact_text *host = &d->host->cpu_vendor;
	const char *vendor;

	if (vc_known(&d->input->vendor_written.fact)) {
		guest->cpu_vendor = d->input->vendor_written;
	} else if (!vc_guest_is_x86(guest) || !d->input->qemu) {
		vc_set_unreadable(&guest->cpu_vendor.fact, EOPNOTSUPP, "guest.arch");
	} else if (can_use_host_width(guest)) {
		if (vc_known(&host->fact))
			vc_set_text(&guest->cpu_vendor, host->value, host->fact.from);
		else
			vc_set_unknown_like(&guest->cpu_vendor.fact, &host->fact);
	} else {
		vendor = model_vendor(guest);
		if (vendor)
			vc_set_text(&guest->cpu_vendor, vendor, "CPU model");
		else
			vc_set_unreadable(&guest->cpu_vendor.fact, EOPNOTSUPP, guest->cpu_mode.fact.from);
	}
}
