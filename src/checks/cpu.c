/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the guest's processor promises, and what the host's does to it. */
#include "checks/internal.h"

#include <string.h>

/*
 * libvirt refuses a written width above the one in /proc/cpuinfo, whatever the CPU model, and so even where QEMU
 * would not follow it [libvirt 9.0, 11.3 src/qemu/qemu_validate.c qemuValidateDomainDefCpu,
 * src/util/virhostcpu.c virHostCPUGetPhysAddrSize].
 */
static enum vc_tri
libvirt_refuses(const struct vc_guest *guest, const struct vc_host *host, struct vc_verdict *verdict)
{
	const struct vc_fact_number *written = &guest->phys_bits_written;

	if (written->fact.state == VC_ABSENT)
		return VC_NO;
	if (!vc_verdict_needs(verdict, &written->fact) || !vc_verdict_needs(verdict, &host->cpu_phys_bits.fact))
		return VC_UNKNOWN;
	return vc_tri_from(written->value > host->cpu_phys_bits.value);
}

/*
 * Firmware builds on a width from here on. Up to 40, QEMU's default, it places nothing by it
 * [edk2 2025.02 OvmfPkg/Library/PlatformInitLib/MemDetect.c PlatformAddressWidthFromCpuid].
 */
#define FIRMWARE_BELIEVES_FROM 41

/*
 * /proc/cpuinfo shows the hardware's width or, under memory encryption, less. KVM goes by the hardware's
 * [linux 6.12 arch/x86/kvm/mmu.h kvm_mmu_max_gfn], so that only the width of CPUID can refuse.
 */
static void
check_against_kvm(const struct vc_guest *guest, const struct vc_host *host, struct vc_verdict *verdict)
{
	/* What is taken from the host, limited or not, cannot be more than the host has. */
	if (vc_text_is(&guest->phys_bits_source, "host"))
		return;
	if (!vc_verdict_needs(verdict, &guest->phys_bits.fact))
		return;
	if (vc_known(&host->cpu_phys_bits.fact) && guest->phys_bits.value <= host->cpu_phys_bits.value)
		return;
	if (!vc_verdict_needs(verdict, &host->cpuid_phys_bits.fact))
		return;
	if (guest->phys_bits.value <= host->cpuid_phys_bits.value)
		return;
	if (guest->phys_bits.value < FIRMWARE_BELIEVES_FROM) {
		if (!vc_verdict_needs(verdict, &guest->highest_ram.fact) ||
		    vc_bits_for(guest->highest_ram.value) <= host->cpuid_phys_bits.value)
			return;
		vc_set_number(&verdict->address, guest->highest_ram.value, VC_CHECK_FROM);
	}
	verdict->fails = VC_YES;
	verdict->width = host->cpuid_phys_bits;
	vc_set_text(&verdict->word, "kvm", VC_CHECK_FROM);
}

void
check_guest_phys_bits_over_host(const struct vc_check_input *input, struct vc_verdict *verdict)
{
	verdict->fails = VC_NO;
	if (libvirt_refuses(input->guest, input->host, verdict) == VC_YES) {
		verdict->fails = VC_YES;
		verdict->width = input->host->cpu_phys_bits;
		vc_set_text(&verdict->word, "libvirt", VC_CHECK_FROM);
		return;
	}
	check_against_kvm(input->guest, input->host, verdict);
}

/* A whole graphics card: a guest for games and the like, where a stall of 10 ms is seen. */
static enum vc_tri
owns_display(const struct vc_guest *guest, struct vc_verdict *verdict)
{
	const struct vc_hostdev *hostdev = guest->hostdev.item;
	enum vc_tri answer = VC_NO;

	if (!vc_verdict_needs(verdict, &guest->hostdev.fact))
		return VC_UNKNOWN;
	for (size_t i = 0; i < guest->hostdev.count; i++) {
		const struct vc_pci *device = hostdev[i].device.item;

		if (vc_text_is(&hostdev[i].kind, "mdev") || hostdev[i].device.fact.state == VC_ABSENT)
			continue;
		if (!vc_verdict_needs(verdict, &hostdev[i].device.fact) ||
		    !vc_verdict_needs(verdict, &device->class.fact))
			answer = VC_UNKNOWN;
		else if (device->class.value >> 16 == 0x03)
			return VC_YES;
	}
	return answer;
}

/*
 * split_lock_detect= as the kernel reads it: the last one counts, and what it does not know leaves the default
 * [linux 6.12 arch/x86/kernel/cpu/intel.c sld_state_setup]. NULL with an undecided verdict.
 */
static const char *
split_lock_mode(const struct vc_host *host, struct vc_verdict *verdict)
{
	const struct vc_parameter *parameter = host->kernel_parameter.item;
	const char *mode = "warn";

	for (size_t i = 0; i < host->kernel_parameter.count; i++) {
		const char *value = parameter[i].value.value;

		if (!vc_verdict_needs(verdict, &parameter[i].name.fact))
			return NULL;
		if (strcmp(parameter[i].name.value, "split_lock_detect") != 0)
			continue;
		mode = "warn";
		if (parameter[i].value.fact.state == VC_ABSENT)
			continue;
		if (!vc_verdict_needs(verdict, &parameter[i].value.fact))
			return NULL;
		if (strcmp(value, "off") == 0)
			mode = "off";
		else if (strcmp(value, "fatal") == 0)
			mode = "fatal";
		else if (strncmp(value, "ratelimit:", strlen("ratelimit:")) == 0)
			mode = "ratelimit";
	}
	return mode;
}

/*
 * What a split lock of the guest costs. Only Intel: an #AC in the guest leaves it, and the host's own policy is
 * applied to the vCPU thread [linux 6.12 arch/x86/kvm/vmx/vmx.c handle_exception_nmi,
 * arch/x86/kernel/cpu/intel.c handle_guest_split_lock]. AMD's bus lock trap is a #DB that the host takes for its
 * own user mode only.
 */
static enum vc_tri
split_lock_costs(const struct vc_host *host, struct vc_verdict *verdict)
{
	const char *mode;

	if (!vc_verdict_needs(verdict, &host->cpu_flags.fact))
		return VC_UNKNOWN;
	if (!vc_set_has(&host->cpu_flags, "split_lock_detect"))
		return VC_NO;
	if (!vc_verdict_needs(verdict, &host->kernel_parameter.fact))
		return VC_UNKNOWN;
	mode = split_lock_mode(host, verdict);
	if (!mode)
		return VC_UNKNOWN;
	/* A rate limit is the bus lock trap's, and turns the split lock trap off [intel.c split_lock_init]. */
	if (strcmp(mode, "off") == 0 || strcmp(mode, "ratelimit") == 0)
		return VC_NO;
	vc_set_text(&verdict->word, mode, VC_CHECK_FROM);
	if (strcmp(mode, "fatal") == 0)
		return VC_YES;
	/* Linux 5.19 began to make the thread wait; the sysctl came later, and without it there is no way out. */
	if (host->sysctl_split_lock_mitigate.fact.state != VC_ABSENT) {
		if (!vc_verdict_needs(verdict, &host->sysctl_split_lock_mitigate.fact))
			return VC_UNKNOWN;
		return vc_tri_from(host->sysctl_split_lock_mitigate.value);
	}
	if (!vc_verdict_needs(verdict, &host->kernel_version.fact))
		return VC_UNKNOWN;
	return vc_tri_from(vc_version_at_least(host->kernel_version.value, 5, 19));
}

void
check_split_lock_penalty(const struct vc_check_input *input, struct vc_verdict *verdict)
{
	struct vc_verdict cost = { .fails = VC_NO }, guest = { .fails = VC_NO };
	enum vc_tri costs = split_lock_costs(input->host, &cost);
	enum vc_tri fatal = vc_known(&cost.word.fact) ? vc_tri_from(strcmp(cost.word.value, "fatal") == 0) : costs;

	/* Being killed is worth knowing whatever the guest is for. */
	verdict->fails = vc_tri_and(costs, vc_tri_or(fatal, owns_display(input->guest, &guest)));
	verdict->word = cost.word;
	if (verdict->fails == VC_UNKNOWN)
		vc_verdict_unknown(verdict, costs == VC_UNKNOWN ? cost.unknown : guest.unknown);
}

/*
 * Features that a guest can have only if the host's CPU has them, by libvirt's name and that of /proc/cpuinfo where
 * it differs. What KVM emulates or makes up (x2apic, tsc-deadline, hypervisor, arch-capabilities) is not in it.
 * [libvirt 11.3 src/cpu_map/x86_features.xml, linux 6.12 arch/x86/include/asm/cpufeatures.h,
 * arch/x86/kvm/cpuid.c kvm_set_cpu_caps]
 */
static const struct {
	const char *name, *flag;
} features[] = {
	{ "3dnow", NULL },	     { "abm", NULL },	       { "adx", NULL },
	{ "aes", NULL },	     { "avx", NULL },	       { "avx2", NULL },
	{ "avx512bw", NULL },	     { "avx512cd", NULL },     { "avx512dq", NULL },
	{ "avx512f", NULL },	     { "avx512vl", NULL },     { "avx512vnni", "avx512_vnni" },
	{ "bmi1", NULL },	     { "bmi2", NULL },	       { "f16c", NULL },
	{ "fma", NULL },	     { "fma4", NULL },	       { "fsgsbase", NULL },
	{ "gfni", NULL },	     { "invpcid", NULL },      { "pclmuldq", "pclmulqdq" },
	{ "pdpe1gb", NULL },	     { "popcnt", NULL },       { "rdrand", NULL },
	{ "rdseed", NULL },	     { "sha-ni", "sha_ni" },   { "smap", NULL },
	{ "smep", NULL },	     { "sse4.1", "sse4_1" },   { "sse4.2", "sse4_2" },
	{ "sse4a", NULL },	     { "ssse3", NULL },	       { "svm", NULL },
	{ "tbm", NULL },	     { "vaes", NULL },	       { "vmx", NULL },
	{ "vpclmulqdq", NULL },	     { "xop", NULL },	       { "xsave", NULL },
	{ "invtsc", "constant_tsc" },
};

/* The CPU has it; does KVM pass it on? For virtualization itself its module has a switch. */
static enum vc_tri
nested_off(const struct vc_host *host, const char *name, struct vc_verdict *verdict)
{
	const struct vc_fact_flag *nested;

	if (strcmp(name, "vmx") == 0)
		nested = &host->module_kvm_intel_nested;
	else if (strcmp(name, "svm") == 0)
		nested = &host->module_kvm_amd_nested;
	else
		return VC_NO;
	if (!vc_verdict_needs(verdict, &nested->fact))
		return VC_UNKNOWN;
	return vc_tri_from(!nested->value);
}

/* libvirt's word for what it misses: check.parameter names the feature, check.word why it is missing. */
void
check_cpu_feature_missing(const struct vc_check_input *input, struct vc_verdict *verdict)
{
	verdict->fails = VC_NO;
	if (!vc_verdict_needs(verdict, &input->guest->cpu_required.fact))
		return;
	for (size_t i = 0; i < VC_COUNT(features); i++) {
		const char *name = features[i].name, *word = NULL;

		if (!vc_set_has(&input->guest->cpu_required, name))
			continue;
		if (!vc_verdict_needs(verdict, &input->host->cpu_flags.fact))
			return;
		if (!vc_set_has(&input->host->cpu_flags, features[i].flag ? features[i].flag : name))
			word = "cpu";
		else if (nested_off(input->host, name, verdict) == VC_YES)
			word = "nested";
		if (!word)
			continue;
		verdict->fails = VC_YES;
		vc_set_text(&verdict->parameter, name, VC_CHECK_FROM);
		vc_set_text(&verdict->word, word, VC_CHECK_FROM);
		return;
	}
}
