/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/kernel-parameter.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/macro.h"
#include "host/probe.h"

/* Blanks of the kernel's ctype table: the no-break space of Latin-1 is one [linux 6.12 lib/ctype.c]. */
static bool
is_kernel_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || (unsigned char)c == 0xa0;
}

/*
 * Cuts one parameter off @at, in place. A quote anywhere keeps blanks together until the next one; quotes are
 * removed only around the whole parameter or around the whole value. A '=' at the very beginning is part of
 * the name. [linux 6.12 lib/cmdline.c next_arg]
 */
static char *
cut_parameter(char *at, const char **ret_name, const char **ret_value)
{
	bool quoted = *at == '"', in_quote = quoted;
	size_t end = 0, equals = 0;
	char *name, *value = NULL;

	if (quoted)
		at++;
	name = at;
	for (; name[end] && (in_quote || !is_kernel_blank(name[end])); end++) {
		if (name[end] == '=' && equals == 0)
			equals = end;
		if (name[end] == '"')
			in_quote = !in_quote;
	}
	at = name[end] ? name + end + 1 : name + end;
	name[end] = '\0';
	if (equals) {
		name[equals] = '\0';
		value = name + equals + 1;
		if (*value == '"') {
			value++;
			if (name[end - 1] == '"')
				name[end - 1] = '\0';
		}
	}
	if (quoted && end > 0 && name[end - 1] == '"')
		name[end - 1] = '\0';
	*ret_name = name;
	*ret_value = value;
	return at;
}

int
vc_kernel_parameter_split(struct vc_arena *arena, struct vc_span text, const char *from,
			  struct vc_fact_list *ret_list)
{
	struct vc_fact_list list = { .fact = { .state = VC_KNOWN, .from = from } };
	char *at;

	if (text.length > VC_CMDLINE_MAX)
		return -E2BIG;
	if (text.length > 0 && memchr(text.text, '\0', text.length))
		return -EBADMSG;
	at = vc_span_dup(arena, text);
	for (;;) {
		const char *name, *value;
		struct vc_parameter *parameter;

		while (is_kernel_blank(*at))
			at++;
		if (!*at)
			break;
		at = cut_parameter(at, &name, &value);
		/* What follows is for init [linux 6.12 kernel/params.c parse_args]. */
		if (!value && strcmp(name, "--") == 0)
			break;
		parameter = vc_list_append(arena, &list, sizeof(*parameter), from);
		vc_set_text(&parameter->name, name, from);
		if (value)
			vc_set_text(&parameter->value, value, from);
		else
			vc_set_absent(&parameter->value.fact, from);
	}
	*ret_list = list;
	return 0;
}

static char
fold(char c)
{
	return c == '-' ? '_' : c;
}

/* @length bytes of both are alike, or both end before. */
static bool
names_alike(const char *a, const char *b, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (fold(a[i]) != fold(b[i]))
			return false;
		if (!a[i])
			return true;
	}
	return true;
}

bool
vc_kernel_parameter_named(const struct vc_parameter *parameter, const char *name)
{
	return names_alike(parameter->name.value, name, SIZE_MAX);
}

/* --- what the kernel makes of it --- */

/*
 * The parsers below hold for kernels from 5.4 to 7.2: a word counts as known if any of them knows it. Of an
 * older or newer kernel nothing is claimed.
 */
static const struct vc_version oldest_read = { { 5, 4 } };
static const struct vc_version newest_read = { { 7, 2 } };

struct judge {
	struct vc_hostfs *fs;
	const struct vc_host *host;
	struct vc_arena *arena;
	bool kconfig_read; /* only the parameters that need it pay for the configuration */
	struct vc_host kconfig;
};

/* A parameter whose value is a list of words at commas. */
struct words {
	/* The parsers compare the beginning of a word only: "offline" is "off". NULL ends. */
	const char *const *known;
	bool anywhere; /* a word counts wherever it stands in the value, not only behind a comma */
	const char *parser, *remark;
	/* ACPI table without which the driver does not start; NULL: none */
	const char *table, *without_table;
};

struct row {
	const char *name; /* as the kernel documents it; ends in '.' for all parameters of a module */
	void (*judge)(struct judge *judge, const struct row *row, struct vc_parameter *parameter);
	const struct words *words;
	const char *reason;
	const char *source;
};

static void
ignored(struct vc_parameter *parameter, const char *reason, const char *source)
{
	vc_set_text(&parameter->ignored_because, reason, source);
}

static void
may_matter(struct vc_parameter *parameter)
{
	vc_set_absent(&parameter->ignored_because.fact, parameter->name.fact.from);
}

static void
depends_on(struct vc_parameter *parameter, const struct vc_fact *cause)
{
	vc_set_unknown_like(&parameter->ignored_because.fact, cause);
}

static bool
some_word_known(const char *value, const struct words *words)
{
	struct vc_span rest = vc_span_from(value), word;
	const char *const *known = words->known;

	for (size_t i = 0; words->anywhere && known[i]; i++) {
		if (strstr(value, known[i]))
			return true;
	}
	while (vc_span_until(&rest, ',', &word)) {
		for (size_t i = 0; known[i]; i++) {
			if (vc_span_starts(word, known[i]))
				return true;
		}
	}
	return false;
}

/* What a driver does depends on the firmware's table of its IOMMUs, not on who made the CPU. */
static void
judge_table(const struct judge *judge, const struct words *words, struct vc_parameter *parameter)
{
	const struct vc_fact_text *name = &judge->host->iommu_firmware_table_name;

	if (vc_known(&name->fact) && strcmp(name->value, words->table) == 0)
		may_matter(parameter);
	else if (vc_known(&name->fact) || name->fact.state == VC_ABSENT)
		ignored(parameter, words->without_table, name->fact.from);
	else
		depends_on(parameter, &name->fact);
}

static void
judge_words(struct judge *judge, const struct row *row, struct vc_parameter *parameter)
{
	const struct words *words = row->words;

	if (!vc_known(&parameter->value.fact))
		ignored(parameter, "it does nothing without a value", row->source);
	else if (!some_word_known(parameter->value.value, words))
		ignored(parameter,
			vc_arena_printf(judge->arena, "%s does not know '%s'%s", words->parser,
					parameter->value.value, words->remark),
			row->source);
	else if (words->table)
		judge_table(judge, words, parameter);
	else
		may_matter(parameter);
}

/* A number is the size of the aperture of AMD's GART, which no CPU has had since family 0x15. */
static void
judge_iommu(struct judge *judge, const struct row *row, struct vc_parameter *parameter)
{
	const char *value = vc_known(&parameter->value.fact) ? parameter->value.value : "";
	const struct vc_host *host = judge->host;

	if (strspn(value, "0123456789") > 0 && vc_cpu_is_amd(host) &&
	    !(vc_known(&host->cpu_family.fact) && host->cpu_family.value > 0x15))
		may_matter(parameter);
	else
		judge_words(judge, row, parameter);
}

/* The name is one that people write and no kernel knows. */
static void
judge_misspelt(struct judge *judge _unused_, const struct row *row, struct vc_parameter *parameter)
{
	ignored(parameter, row->reason, row->source);
}

/* Parameters of the KVM module for the other vendor's CPUs, which refuses to load here. */
static void
judge_other_vendor(struct judge *judge, const struct row *row, struct vc_parameter *parameter)
{
	const struct vc_fact_text *vendor = &judge->host->cpu_vendor;
	bool intel_row = strcmp(row->name, "kvm_intel.") == 0;

	if (!vc_known(&vendor->fact))
		depends_on(parameter, &vendor->fact);
	else if (intel_row ? vc_cpu_is_amd(judge->host) : vc_cpu_is_intel(judge->host))
		ignored(parameter, row->reason, vendor->fact.from);
	else
		may_matter(parameter);
}

/* One of off, warn, fatal, ratelimit:1 to ratelimit:1000; anything else leaves the default. */
static void
judge_split_lock(struct judge *judge, const struct row *row, struct vc_parameter *parameter)
{
	static const char *const known[] = { "off", "warn", "fatal" };
	struct vc_span value, number;
	uint64_t n;

	if (!vc_known(&parameter->value.fact)) {
		ignored(parameter, "it does nothing without a value", row->source);
		return;
	}
	value = vc_span_from(parameter->value.value);
	for (size_t i = 0; i < VC_COUNT(known); i++) {
		if (vc_span_is(value, known[i])) {
			may_matter(parameter);
			return;
		}
	}
	if (vc_span_starts(value, "ratelimit:")) {
		/* The kernel reads a number and does not look at what follows it. */
		number = vc_span_from(value.text + strlen("ratelimit:"));
		number.length = strspn(number.text, "0123456789");
		if (vc_span_number(number, VC_BASE_DEC, &n) == 0 && n >= 1 && n <= 1000) {
			may_matter(parameter);
			return;
		}
	}
	ignored(parameter,
		vc_arena_printf(
			judge->arena,
			"the kernel knows off, warn, fatal and ratelimit:1 to ratelimit:1000, not '%s'",
			parameter->value.value),
		row->source);
}

/* A node that exists, does not exist, or is not known. */
static enum vc_tri
exists(struct vc_hostfs *fs, const char *path, struct vc_fact *ret_fact)
{
	struct vc_node node = vc_hostfs_stat(fs, "%s", path);

	*ret_fact = node.fact;
	if (vc_known(&node.fact))
		return VC_YES;
	return node.fact.state == VC_ABSENT ? VC_NO : VC_UNKNOWN;
}

/*
 * efifb can only drive a platform device efi-framebuffer. With CONFIG_SYSFB_SIMPLEFB the kernel makes a
 * simple-framebuffer of it instead, whenever it understands the mode.
 * [linux 6.12 drivers/firmware/sysfb.c sysfb_init]
 */
static void
judge_efifb_off(struct judge *judge, const struct row *row, struct vc_parameter *parameter)
{
	const struct vc_fact_flag *simplefb = &judge->host->kconfig_sysfb_simplefb;
	struct vc_fact simple, efi;

	if (exists(judge->fs, "/sys/bus/platform/devices/simple-framebuffer.0", &simple) == VC_YES) {
		ignored(parameter, row->reason, simple.from);
		return;
	}
	if (exists(judge->fs, "/sys/bus/platform/devices/efi-framebuffer.0", &efi) == VC_YES) {
		may_matter(parameter);
		return;
	}
	/* Neither is left, for instance because the display's driver took over: the configuration decides. */
	if (simplefb->fact.state == VC_UNREAD) {
		if (!judge->kconfig_read) {
			judge->kconfig.kernel_release = judge->host->kernel_release;
			vc_probe_kconfig(judge->fs, NULL, &judge->kconfig);
			judge->kconfig_read = true;
		}
		simplefb = &judge->kconfig.kconfig_sysfb_simplefb;
	}
	if (!vc_known(&simplefb->fact))
		depends_on(parameter, &simplefb->fact);
	else if (!simplefb->value)
		may_matter(parameter);
	else
		/* With it, efifb still gets a mode that simple-framebuffer cannot describe. */
		vc_set_unreadable(&parameter->ignored_because.fact, EOPNOTSUPP, simplefb->fact.from);
}

static void
judge_video(struct judge *judge, const struct row *row, struct vc_parameter *parameter)
{
	struct vc_fact firmware;
	const char *value;

	if (!vc_known(&parameter->value.fact)) {
		ignored(parameter, "it does nothing without a value", row->source);
		return;
	}
	value = parameter->value.value;
	if (vc_span_starts(vc_span_from(value), "efifb:off")) {
		judge_efifb_off(judge, row, parameter);
		return;
	}
	/* The name before the first ':' is the only one: the rest is options of that driver. */
	if (vc_span_starts(vc_span_from(value), "vesafb:") && strstr(value, ",efifb:")) {
		switch (exists(judge->fs, "/sys/firmware/efi", &firmware)) {
		case VC_YES:
			ignored(parameter,
				"one video= names one driver, here vesafb, which a host started by UEFI does "
				"not use; "
				"efifb needs a video= of its own",
				row->source);
			return;
		case VC_UNKNOWN:
			depends_on(parameter, &firmware);
			return;
		case VC_NO:
			break;
		}
	}
	may_matter(parameter);
}

/* Is @context (a name) in the environment of the first process? */
static int
ask_init_environment(void *context, struct vc_buf *answer)
{
	const char *name = context;
	size_t length = strlen(name);
	_cleanup_free_ char *line = NULL;
	size_t room = 0;
	bool found = false;
	FILE *file = fopen("/proc/1/environ", "re");

	if (!file)
		return -errno;
	for (unsigned i = 0; i < 1024 && !found; i++) {
		if (getdelim(&line, &room, '\0', file) < 0)
			break;
		found = strncmp(line, name, length) == 0 && line[length] == '=';
	}
	fclose(file);
	vc_buf_add(answer, found ? "yes\n" : "no\n");
	return 0;
}

/*
 * Mainline does not have this one, patched kernels do, and no version tells them apart. But a parameter that
 * the kernel does not know ends up in the environment of init [linux 6.12 init/main.c unknown_bootoption]:
 * found there, it had no effect. Not found there proves nothing, because init may have cleared its
 * environment.
 */
static void
judge_out_of_tree(struct judge *judge, const struct row *row, struct vc_parameter *parameter)
{
	char name[] = "pcie_acs_override";
	struct vc_answer answer =
		vc_hostfs_ask(judge->fs, "init-environment/pcie_acs_override", ask_init_environment, name);

	if (vc_known(&answer.fact) && vc_span_is(vc_span_trim(vc_span_of(&answer)), "yes"))
		ignored(parameter, row->reason, "/proc/1/environ");
	else
		vc_set_unreadable(&parameter->ignored_because.fact, EOPNOTSUPP, row->source);
}

/* [linux 7.2 drivers/iommu/amd/init.c parse_amd_iommu_options], and every word that was in it since 5.4 */
static const char *const amd_iommu_words[] = {
	"fullflush", "force_enable", "off",         "force_isolation", "pgtbl_v1",
	"pgtbl_v2",  "irtcachedis",  "nohugepages", "v2_pgsizes_only", NULL,
};

static const struct words amd_iommu = {
	.known = amd_iommu_words,
	/* Before 6.1 the parser went on byte by byte: "turnoff" was "off". */
	.anywhere = true,
	.parser = "the AMD IOMMU driver",
	.remark = "; the AMD IOMMU is on unless it is switched off",
	.table = "IVRS",
	.without_table =
		"the firmware has no IVRS table: there is no AMD IOMMU, or it is off in the firmware setup",
};

/* [linux 7.2 drivers/iommu/intel/iommu.c intel_iommu_setup], since 5.4; intgpu_off is Debian's */
static const char *const intel_iommu_words[] = {
	"on",     "off",   "igfx_off", "intgpu_off", "forcedac",      "strict",
	"sp_off", "sm_on", "sm_off",   "nobounce",   "tboot_noforce", NULL,
};

static const struct words intel_iommu = {
	.known = intel_iommu_words,
	.parser = "the Intel IOMMU driver",
	.remark = "",
	.table = "DMAR",
	.without_table =
		"the firmware has no DMAR table: there is no VT-d, or it is off in the firmware setup",
};

/* [linux 6.12 arch/x86/kernel/pci-dma.c iommu_setup, amd_gart_64.c gart_parse_options], and 5.4 */
static const char *const iommu_words[] = {
	"off",    "force",      "noforce", "biomerge", "panic", "nopanic", "merge",     "nomerge",
	"usedac", "allowdac",   "nodac",   "soft",     "pt",    "nopt",    "fullflush", "nofullflush",
	"noagp",  "noaperture", "allowed", "memaper",  "leak",  "calgary", NULL,
};

static const struct words iommu = {
	.known = iommu_words,
	.parser = "the kernel",
	.remark = "; an IOMMU is switched on by its own driver's parameter",
};

/* [linux 6.12 drivers/iommu/irq_remapping.c setup_irqremap] */
static const char *const intremap_words[] = {
	"on", "off", "nosid", "no_x2apic_optout", "nopost", "posted_msi", NULL,
};

static const struct words intremap = { .known = intremap_words, .parser = "the kernel", .remark = "" };

/* What has no such name goes to init [linux 6.12 kernel/params.c parse_one, init/main.c unknown_bootoption]
 */
#define MISSPELT(wrong, right)                                                                               \
	{                                                                                                    \
		.name = wrong, .judge = judge_misspelt, .reason = "its name is " right,                      \
		.source = "linux 6.12 init/main.c unknown_bootoption",                                       \
	}

/* x86 only. */
static const struct row rows[] = {
	{ .name = "amd_iommu",
	  .judge = judge_words,
	  .words = &amd_iommu,
	  .source = "linux 6.12 drivers/iommu/amd/init.c parse_amd_iommu_options" },
	{ .name = "intel_iommu",
	  .judge = judge_words,
	  .words = &intel_iommu,
	  .source = "linux 6.12 drivers/iommu/intel/iommu.c intel_iommu_setup" },
	{ .name = "iommu",
	  .judge = judge_iommu,
	  .words = &iommu,
	  .source = "linux 6.12 arch/x86/kernel/pci-dma.c iommu_setup" },
	{ .name = "intremap",
	  .judge = judge_words,
	  .words = &intremap,
	  .source = "linux 6.12 drivers/iommu/irq_remapping.c setup_irqremap" },
	{ .name = "pcie_acs_override",
	  .judge = judge_out_of_tree,
	  .reason = "this kernel does not carry the ACS override patch, which mainline never took",
	  .source = "no mainline kernel up to 7.2 knows it; only kernels with the ACS override patch do" },
	{ .name = "split_lock_detect",
	  .judge = judge_split_lock,
	  .source = "linux 6.12 arch/x86/kernel/cpu/intel.c sld_state_setup" },
	{ .name = "video",
	  .judge = judge_video,
	  .reason = "the firmware's display is a simple-framebuffer, which efifb does not drive",
	  .source = "linux 6.12 drivers/video/cmdline.c video_setup" },
	{ .name = "kvm_intel.",
	  .judge = judge_other_vendor,
	  .reason = "kvm_intel does not load on an AMD CPU" },
	{ .name = "kvm_amd.",
	  .judge = judge_other_vendor,
	  .reason = "kvm_amd does not load on an Intel CPU" },
	MISSPELT("kvm_ignore_msrs", "kvm.ignore_msrs"),
	MISSPELT("kvm.ignore_msr", "kvm.ignore_msrs"),
	MISSPELT("ignore_msrs", "kvm.ignore_msrs"),
	MISSPELT("kvm_intel_nested", "kvm_intel.nested"),
	MISSPELT("kvm_amd_nested", "kvm_amd.nested"),
	MISSPELT("vfio_pci_ids", "vfio_pci.ids"),
	MISSPELT("vfio.pci.ids", "vfio_pci.ids"),
	MISSPELT("vfio_pci.disable_idle_d3cold", "vfio_pci.disable_idle_d3"),
	MISSPELT("vfio_iommu_type1_allow_unsafe_interrupts", "vfio_iommu_type1.allow_unsafe_interrupts"),
	MISSPELT("allow_unsafe_interrupts", "vfio_iommu_type1.allow_unsafe_interrupts"),
};

static const struct row *
find_row(const struct vc_parameter *parameter)
{
	for (size_t i = 0; i < VC_COUNT(rows); i++) {
		size_t length = strlen(rows[i].name);

		if (rows[i].name[length - 1] == '.' ? names_alike(parameter->name.value, rows[i].name, length)
						    : vc_kernel_parameter_named(parameter, rows[i].name))
			return &rows[i];
	}
	return NULL;
}

static void
judge_parameter(struct judge *judge, struct vc_parameter *parameter)
{
	const struct row *row = find_row(parameter);
	const struct vc_fact_version *kernel = &judge->host->kernel_version;
	struct vc_version series;

	if (!row || vc_cpu_is_x86(judge->host) == VC_NO) {
		may_matter(parameter);
	} else if (vc_cpu_is_x86(judge->host) == VC_UNKNOWN) {
		depends_on(parameter, &judge->host->cpu_arch.fact);
	} else if (!vc_known(&kernel->fact)) {
		depends_on(parameter, &kernel->fact);
	} else {
		series = (struct vc_version){ { kernel->value.part[0], kernel->value.part[1] } };
		if (vc_version_compare(series, oldest_read) < 0 ||
		    vc_version_compare(series, newest_read) > 0)
			vc_set_unreadable(&parameter->ignored_because.fact, EOPNOTSUPP, kernel->fact.from);
		else
			row->judge(judge, row, parameter);
	}
}

void
vc_kernel_parameter_judge(struct vc_hostfs *fs, struct vc_host *host)
{
	struct judge judge = { .fs = fs, .host = host, .arena = vc_hostfs_arena(fs) };
	struct vc_parameter *parameter = host->kernel_parameter.item;

	for (size_t i = 0; i < host->kernel_parameter.count; i++)
		judge_parameter(&judge, &parameter[i]);
}
