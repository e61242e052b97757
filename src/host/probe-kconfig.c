/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The configuration the kernel was built with, from the files distributions install. /proc/config.gz is not
 * read: it is compressed, and a kernel that has it nearly always has one of the files as well.
 */
#include <string.h>

#include "base/macro.h"
#include "host/probe.h"

/* "CONFIG_NAME=y" at the beginning of a line. An option that is off is a comment, or is not there at all. */
static bool
is_yes(struct vc_span config, const char *line)
{
	struct vc_span rest = config;
	size_t length = strlen(line);
	const char *at;

	while (rest.length >= length && (at = memmem(rest.text, rest.length, line, length))) {
		bool begins = at == config.text || at[-1] == '\n';
		size_t used = (size_t)(at - rest.text) + length;

		rest.text += used;
		rest.length -= used;
		if (begins && (rest.length == 0 || rest.text[0] == '\n' || rest.text[0] == '\r'))
			return true;
	}
	return false;
}

/* Any of the two says yes. */
struct option {
	size_t offset; /* of the vc_fact_flag in the host */
	const char *line, *or_line;
};

static const struct option options[] = {
	/* X86_SYSFB before Linux 5.15 */
	{ offsetof(struct vc_host, kconfig_sysfb_simplefb), "CONFIG_SYSFB_SIMPLEFB=y", "CONFIG_X86_SYSFB=y" },
	/* Debian has a third choice between on and off [debian linux
	   features/x86/intel-iommu-add-kconfig-option] */
	{ offsetof(struct vc_host, kconfig_iommu_default_on), "CONFIG_INTEL_IOMMU_DEFAULT_ON=y",
	  "CONFIG_INTEL_IOMMU_DEFAULT_ON_INTGPU_OFF=y" },
	{ offsetof(struct vc_host, kconfig_intel_iommu), "CONFIG_INTEL_IOMMU=y", NULL },
};

static struct vc_answer
read_config(struct vc_hostfs *fs, const char *release)
{
	struct vc_answer answer = vc_hostfs_read(fs, "/boot/config-%s", release);
	struct vc_answer other;

	if (vc_known(&answer.fact))
		return answer;
	other = vc_hostfs_read(fs, "/usr/lib/modules/%s/config", release);
	if (vc_known(&other.fact))
		return other;
	other = vc_hostfs_read(fs, "/lib/modules/%s/config", release);
	return vc_known(&other.fact) ? other : answer;
}

void
vc_probe_kconfig(struct vc_hostfs *fs, const struct vc_host_request *request _unused_, struct vc_host *host)
{
	struct vc_answer answer = { .fact = host->kernel_release.fact };
	const char *release = host->kernel_release.value;
	struct vc_span config;

	if (vc_known(&host->kernel_release.fact)) {
		/* A release that is no file name, as only a forged one can be, leads nowhere. */
		if (strchr(release, '/'))
			vc_set_unreadable(&answer.fact, VC_EGARBLED, host->kernel_release.fact.from);
		else
			answer = read_config(fs, release);
	}
	/* A kernel has a configuration even if nobody installed it. */
	if (answer.fact.state == VC_ABSENT)
		vc_set_unreadable(&answer.fact, VC_ENOTCOLLECTED, answer.fact.from);
	config = vc_known(&answer.fact) ? vc_span_of(&answer) : vc_span_from("");
	if (vc_known(&answer.fact) &&
	    !(config.length > 0 && memmem(config.text, config.length, "CONFIG_", 7)))
		vc_set_unreadable(&answer.fact, VC_EGARBLED, answer.fact.from);

	for (size_t i = 0; i < VC_COUNT(options); i++) {
		struct vc_fact_flag *fact = (void *)((char *)host + options[i].offset);

		if (!vc_known(&answer.fact))
			vc_set_unknown_like(&fact->fact, &answer.fact);
		else
			vc_set_flag(fact,
				    is_yes(config, options[i].line) ||
					    (options[i].or_line && is_yes(config, options[i].or_line)),
				    answer.fact.from);
	}
}
