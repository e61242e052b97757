/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether an AMD host can run a guest with encrypted memory, and if not, which layer stands in the way. */
#include "checks/internal.h"

#include <string.h>

/* What a level asks for: a bit of CPUID 0x8000001F EAX, and the parameter of kvm_amd that says what came of
 * it. */
struct level {
	const char *name;
	unsigned bit;
	const struct vc_fact_flag *effective;
	bool state; /* the registers are encrypted too: SEV-ES and what builds on it */
	bool snp;
};

static struct level
level_of(const struct vc_guest *guest, const struct vc_host *host)
{
	const char *name = guest->sev_level.value;

	if (strcmp(name, "SEV-SNP") == 0)
		return (struct level){ name, 4, &host->module_kvm_amd_sev_snp, true, true };
	if (strcmp(name, "SEV-ES") == 0)
		return (struct level){ name, 3, &host->module_kvm_amd_sev_es, true, false };
	return (struct level){ name, 1, &host->module_kvm_amd_sev, false, false };
}

static bool
is_known_no(const struct vc_fact_flag *flag)
{
	return vc_known(&flag->fact) && !flag->value;
}

static bool
is_number(const struct vc_fact_number *number, uint64_t value)
{
	return vc_known(&number->fact) && number->value == value;
}

static bool
lacks_bit(const struct vc_fact_number *number, unsigned bit)
{
	return number->fact.state == VC_ABSENT || (vc_known(&number->fact) && !(number->value >> bit & 1));
}

/* "kvm_amd.sev=0" on the kernel's command line, which a built-in module obeys and modprobe hands on. */
static const char *
switched_off(const struct vc_host *host, const struct level *level)
{
	static const char *const name[] = { "kvm_amd.sev", "kvm_amd.sev_es", "kvm_amd.sev_snp" };
	const struct vc_parameter *parameter = host->kernel_parameter.item;
	size_t names = level->snp ? 3 : level->state ? 2 : 1;

	if (!vc_known(&host->kernel_parameter.fact))
		return NULL;
	for (size_t i = 0; i < host->kernel_parameter.count; i++) {
		const struct vc_fact_text *value = &parameter[i].value;

		if (!vc_known(&value->fact) || !value->value[0] || !strchr("0nNfF", value->value[0]))
			continue;
		for (size_t n = 0; n < names; n++) {
			if (strcmp(parameter[i].name.value, name[n]) == 0)
				return name[n];
		}
	}
	return NULL;
}

/* [linux 6.12 drivers/iommu/amd/amd_iommu_types.h FEATURE_SNP]; firmware hides it where SEV-SNP is off in its
 * setup. */
static bool
iommu_lacks_snp(const struct vc_host *host)
{
	const struct vc_iommu_unit *unit = host->iommu_unit.item;

	for (size_t i = 0; i < host->iommu_unit.count; i++) {
		if (vc_text_is(&unit[i].kind, "amd") && vc_known(&unit[i].efr.fact) &&
		    !(unit[i].efr.value >> 63))
			return true;
	}
	return false;
}

/*
 * The lowest layer that is not there: processor, firmware, kernel, module. Each hides those above it, so that
 * the order is that of sev_hardware_setup() and what it builds on [linux 6.12 arch/x86/kvm/svm/sev.c
 * sev_hardware_setup, arch/x86/kernel/cpu/amd.c early_detect_mem_encrypt, bsp_determine_snp].
 */
static const char *
missing_layer(const struct vc_host *host, const struct level *level, struct vc_verdict *verdict)
{
	const char *parameter;

	if (vc_known(&host->cpu_vendor.fact) && strcmp(host->cpu_vendor.value, "AuthenticAMD") != 0 &&
	    strcmp(host->cpu_vendor.value, "HygonGenuine") != 0)
		return "not-amd";
	if (lacks_bit(&host->cpuid_encryption, level->bit))
		return "processor";
	if (vc_known(&host->msr_syscfg.fact) && !(host->msr_syscfg.value >> 23 & 1))
		return "encryption-off";
	if (vc_known(&host->msr_hwcr.fact) && !(host->msr_hwcr.value & 1))
		return "smm-unlocked";
	if (is_number(&host->cpuid_encryption_asids, 0))
		return "no-asids";
	if (level->state && is_number(&host->cpuid_encryption_first_sev, 1))
		return "no-es-asids";
	if (level->effective->fact.state == VC_ABSENT)
		return vc_set_has(&host->modules, "kvm_amd") ? "kernel" : "module";
	parameter = switched_off(host, level);
	if (parameter) {
		vc_set_text(&verdict->parameter, parameter, VC_CHECK_FROM);
		return "parameter";
	}
	if (level->state && is_known_no(&host->module_kvm_mmio_caching))
		return "mmio-caching";
	/* The kernel takes the flag away when firmware has set no memory aside for the table of owners (RMP).
	 */
	if (level->snp && vc_known(&host->cpu_flags.fact) && !vc_set_has(&host->cpu_flags, "sev_snp"))
		return "no-table";
	if (level->snp && is_known_no(&host->iommu_present))
		return "no-iommu";
	if (level->snp && iommu_lacks_snp(host))
		return "iommu-feature";
	return level->snp ? "snp-other" : "other";
}

/* The part that firmware divides: without ASIDs of its kind a guest cannot start, whatever the module says.
 */
static enum vc_tri
has_asids(const struct vc_host *host, const struct level *level, struct vc_verdict *verdict)
{
	/* SEV-ES and SEV-SNP are off in the module when there are none for them. */
	if (level->state)
		return VC_YES;
	if (!vc_verdict_needs(verdict, &host->cpuid_encryption_asids.fact) ||
	    !vc_verdict_needs(verdict, &host->cpuid_encryption_first_sev.fact))
		return VC_UNKNOWN;
	return vc_tri_from(host->cpuid_encryption_first_sev.value <= host->cpuid_encryption_asids.value);
}

static void
fail(struct vc_verdict *verdict, const char *word)
{
	verdict->fails = VC_YES;
	vc_set_text(&verdict->word, word, VC_CHECK_FROM);
}

/* What the module says it does counts; the rest is asked for the reason, or where there is no module to ask.
 */
void
check_sev_not_enabled(const struct vc_check_input *input, struct vc_verdict *verdict)
{
	const struct vc_host *host = input->host;
	struct level level;
	enum vc_tri asids;

	verdict->fails = VC_NO;
	if (!vc_verdict_needs(verdict, &input->guest->sev_level.fact))
		return;
	level = level_of(input->guest, host);
	if (vc_known(&level.effective->fact) && level.effective->value) {
		asids = has_asids(host, &level, verdict);
		if (asids == VC_NO)
			fail(verdict, "no-sev-asids");
		else if (vc_verdict_needs(verdict, &host->sev_device.fact) && !host->sev_device.value)
			fail(verdict, "no-device");
		return;
	}
	if (is_known_no(level.effective) ||
	    (level.effective->fact.state == VC_ABSENT && vc_known(&host->modules.fact)) ||
	    lacks_bit(&host->cpuid_encryption, level.bit))
		fail(verdict, missing_layer(host, &level, verdict));
	else if (level.effective->fact.state == VC_ABSENT)
		vc_verdict_unknown(verdict, &host->modules.fact);
	else
		vc_verdict_unknown(verdict, &level.effective->fact);
}

/* The last word of the command line counts [linux 6.12 drivers/iommu/iommu.c, arch/x86/kernel/pci-dma.c
 * iommu_setup]. */
struct iommu_orders {
	const char *passthrough, *off, *table; /* the parameter as people write it, or NULL */
};

static bool
read_iommu_orders(const struct vc_fact_list *parameters, struct vc_verdict *verdict,
		  struct iommu_orders *ret_orders)
{
	const struct vc_parameter *parameter = parameters->item;
	struct iommu_orders orders = { 0 };

	for (size_t i = 0; i < parameters->count; i++) {
		const char *name = parameter[i].name.value, *value = parameter[i].value.value;

		if (!vc_verdict_needs(verdict, &parameter[i].name.fact))
			return false;
		if (parameter[i].value.fact.state == VC_ABSENT || !strstr(name, "iommu"))
			continue;
		if (!vc_verdict_needs(verdict, &parameter[i].value.fact))
			return false;
		if (strcmp(name, "iommu") == 0) {
			if (vc_has_option(value, "pt"))
				orders.passthrough = "iommu=pt";
			if (vc_has_option(value, "nopt"))
				orders.passthrough = NULL;
			if (vc_has_option(value, "off"))
				orders.off = "iommu=off";
		} else if (strcmp(name, "iommu.passthrough") == 0) {
			orders.passthrough = (*value && strchr("1yYtT", value[0])) || strcmp(value, "on") == 0
						     ? "iommu.passthrough=1"
						     : NULL;
		} else if (strcmp(name, "amd_iommu") == 0) {
			if (vc_has_option(value, "off"))
				orders.off = "amd_iommu=off";
			if (vc_has_option(value, "pgtbl_v2"))
				orders.table = "amd_iommu=pgtbl_v2";
			if (vc_has_option(value, "pgtbl_v1"))
				orders.table = NULL;
		}
	}
	*ret_orders = orders;
	return true;
}

/*
 * SEV-SNP needs an IOMMU that translates with the host's own tables [linux 6.12 drivers/iommu/amd/init.c
 * iommu_snp_enable]. Only where the module ends up without it is the order on the command line to blame.
 */
void
check_snp_iommu_passthrough(const struct vc_check_input *input, struct vc_verdict *verdict)
{
	const struct vc_host *host = input->host;
	struct iommu_orders orders;

	verdict->fails = VC_NO;
	/* Another layer is missing then: sev-not-enabled has a word for it. */
	if (lacks_bit(&host->cpuid_encryption, 4) || host->module_kvm_amd_sev_snp.fact.state == VC_ABSENT)
		return;
	if (!vc_verdict_needs(verdict, &host->module_kvm_amd_sev_snp.fact) ||
	    host->module_kvm_amd_sev_snp.value)
		return;
	if (!vc_verdict_needs(verdict, &host->cpuid_encryption.fact) ||
	    !vc_verdict_needs(verdict, &host->kernel_parameter.fact) ||
	    !read_iommu_orders(&host->kernel_parameter, verdict, &orders))
		return;
	if (orders.off)
		fail(verdict, "off");
	else if (orders.passthrough)
		fail(verdict, "passthrough");
	else if (orders.table)
		fail(verdict, "table");
	else
		return;
	vc_set_text(&verdict->parameter,
		    orders.off           ? orders.off
		    : orders.passthrough ? orders.passthrough
					 : orders.table,
		    VC_CHECK_FROM);
}
