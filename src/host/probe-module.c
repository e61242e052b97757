/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "base/macro.h"
#include "host/probe.h"

/*
 * The values in /sys/module are the effective ones: several modules write back what became of a parameter
 * when they are loaded [linux 6.12 arch/x86/kvm/svm/sev.c sev_hardware_setup, arch/x86/kvm/mmu/spte.c].
 */
static const struct parameter {
	const char *path; /* below /sys/module */
	size_t offset;    /* of the fact in the host */
	enum vc_type type;
} parameters[] = {
	{ "kvm/parameters/ignore_msrs", offsetof(struct vc_host, module_kvm_ignore_msrs), VC_TYPE_flag },
	{ "kvm/parameters/mmio_caching", offsetof(struct vc_host, module_kvm_mmio_caching), VC_TYPE_flag },
	{ "kvm_intel/parameters/nested", offsetof(struct vc_host, module_kvm_intel_nested), VC_TYPE_flag },
	{ "kvm_amd/parameters/nested", offsetof(struct vc_host, module_kvm_amd_nested), VC_TYPE_flag },
	{ "kvm_amd/parameters/sev", offsetof(struct vc_host, module_kvm_amd_sev), VC_TYPE_flag },
	{ "kvm_amd/parameters/sev_es", offsetof(struct vc_host, module_kvm_amd_sev_es), VC_TYPE_flag },
	{ "kvm_amd/parameters/sev_snp", offsetof(struct vc_host, module_kvm_amd_sev_snp), VC_TYPE_flag },
	{ "vfio_iommu_type1/parameters/allow_unsafe_interrupts",
	  offsetof(struct vc_host, module_type1_unsafe_interrupts), VC_TYPE_flag },
	{ "iommufd/parameters/allow_unsafe_interrupts",
	  offsetof(struct vc_host, module_iommufd_unsafe_interrupts), VC_TYPE_flag },
	{ "vfio_iommu_type1/parameters/dma_entry_limit",
	  offsetof(struct vc_host, module_type1_dma_entry_limit), VC_TYPE_number },
	{ "vfio_pci/parameters/disable_denylist", offsetof(struct vc_host, module_vfio_pci_disable_denylist),
	  VC_TYPE_flag },
	{ "vfio_pci/parameters/nointxmask", offsetof(struct vc_host, module_vfio_pci_nointxmask), VC_TYPE_flag },
	{ "vfio_iommu_type1/parameters/disable_hugepages",
	  offsetof(struct vc_host, module_type1_disable_hugepages), VC_TYPE_flag },
	{ "vfio_pci/parameters/disable_idle_d3", offsetof(struct vc_host, module_vfio_pci_disable_idle_d3),
	  VC_TYPE_flag },
};

/* The first word of every line. NULL when there are more than any kernel has. */
static const char **
loaded_modules(struct vc_arena *arena, struct vc_span text, size_t room, size_t *ret_count)
{
	struct vc_span rest = text, line, word;
	const char **name;
	size_t lines = 0;

	while (vc_span_line(&rest, &line)) {
		if (++lines > VC_WORDS_MAX)
			return NULL;
	}
	name = vc_arena_make_array(arena, lines + room + 1, const char *);
	rest = text;
	*ret_count = 0;
	while (vc_span_line(&rest, &line)) {
		if (vc_span_word(&line, &word))
			name[(*ret_count)++] = vc_span_dup(arena, word);
	}
	return name;
}

/*
 * /proc/modules has what was loaded, /sys/module also what is built in and has parameters or a version
 * [linux 6.12 kernel/params.c param_sysfs_builtin]. Names have '_' in both.
 */
static void
probe_modules(struct vc_hostfs *fs, struct vc_host *host)
{
	struct vc_answer answer = vc_hostfs_read(fs, "/proc/modules");
	struct vc_names built_in = vc_hostfs_list(fs, "/sys/module");
	size_t more = vc_known(&built_in.fact) ? built_in.count : 0;
	const char **name;
	size_t count;

	/* A kernel without loadable modules has no /proc/modules: what it has is built in. */
	if (!vc_known(&answer.fact) && !(answer.fact.state == VC_ABSENT && vc_known(&built_in.fact))) {
		vc_set_unknown_like(&host->modules.fact, &answer.fact);
		return;
	}
	name = loaded_modules(vc_hostfs_arena(fs),
			      vc_known(&answer.fact) ? vc_span_of(&answer) : vc_span_from(""), more, &count);
	if (!name || more > VC_WORDS_MAX) {
		vc_set_unreadable(&host->modules.fact, VC_EGARBLED, answer.fact.from);
		return;
	}
	if (more > 0)
		memcpy(name + count, built_in.name, more * sizeof(*name));
	vc_set_set(vc_hostfs_arena(fs), &host->modules, name, count + more, answer.fact.from);
}

/*
 * A package manager that replaces the kernel may take the running one's modules away: what is not loaded then cannot be.
 * A kernel without loadable modules needs none.
 */
static void
probe_installed(struct vc_hostfs *fs, struct vc_host *host)
{
	struct vc_fact_flag *installed = &host->kernel_modules_installed;
	struct vc_node node;

	if (!vc_known(&host->kernel_release.fact)) {
		vc_set_unknown_like(&installed->fact, &host->kernel_release.fact);
		return;
	}
	node = vc_hostfs_stat(fs, "/lib/modules/%s/modules.dep", host->kernel_release.value);
	if (vc_known(&node.fact) || node.fact.state == VC_ABSENT)
		vc_set_flag(installed, vc_known(&node.fact), node.fact.from);
	else
		vc_set_unknown_like(&installed->fact, &node.fact);
}

void
vc_probe_module(struct vc_hostfs *fs, const struct vc_host_request *request _unused_, struct vc_host *host)
{
	probe_modules(fs, host);
	for (size_t i = 0; i < VC_COUNT(parameters); i++) {
		struct vc_answer answer = vc_hostfs_read_line(fs, "/sys/module/%s", parameters[i].path);
		void *fact = (char *)host + parameters[i].offset;

		if (parameters[i].type == VC_TYPE_number)
			vc_take_number(&answer, VC_BASE_DEC, fact);
		else
			vc_take_flag(&answer, fact);
	}
	probe_installed(fs, host);
}
