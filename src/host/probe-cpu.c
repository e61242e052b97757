/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc/cpuinfo, read once and in linear time: a host with hundreds of CPUs prints megabytes of it. Every CPU
 * counts, because hybrids differ: a flag is a flag of the host only if all CPUs have it, and the narrowest
 * address width decides where a thread may run.
 */
#include <errno.h>
#include <string.h>

#include "base/macro.h"
#include "host/probe.h"

/* Longest list of flags that is believed; 6.12 knows some 700 bits with names of about 10 bytes. */
#define FLAGS_MAX ((size_t)64 * 1024)

/* Flags of all CPUs so far. CPUs print the same text in most hosts, and one of a few texts in hybrids. */
struct flags {
	struct vc_arena *arena;
	const char **word; /* sorted; what every CPU has */
	size_t count;
	struct vc_span seen[4]; /* texts that are in it already, the last at (next - 1) % 4 */
	size_t seen_count, next;
	bool garbled;
	struct vc_span *list; /* scratch for one text, reused */
	size_t list_room;
};

struct cpuinfo {
	struct vc_span vendor, family, model, stepping, model_name; /* of the first CPU */
	struct vc_span sizes; /* of the last one */
	struct flags flags;
	size_t cpus, with_flags, with_sizes;
	uint64_t phys_narrowest, phys_widest, virt;
	bool sizes_garbled;
};

static int
compare_spans(const void *a, const void *b)
{
	const struct vc_span *x = a, *y = b;
	size_t length = x->length < y->length ? x->length : y->length;
	int order = memcmp(x->text, y->text, length);

	if (order != 0)
		return order;
	return x->length < y->length ? -1 : x->length > y->length;
}

static int
compare_word(struct vc_span span, const char *word)
{
	struct vc_span other = vc_span_from(word);

	return compare_spans(&span, &other);
}

static bool
seen_before(const struct flags *flags, struct vc_span text)
{
	for (size_t i = 0; i < flags->seen_count; i++) {
		if (vc_span_same(flags->seen[i], text))
			return true;
	}
	return false;
}

/* Sorted words of @text in flags->list; they point into @text. Returns how many. */
static size_t
sort_flags(struct flags *flags, struct vc_span text)
{
	struct vc_span rest = text, word;
	size_t count = 0;

	while (vc_span_word(&rest, &word))
		count++;
	if (count > flags->list_room) {
		flags->list_room = 2 * count;
		flags->list = vc_arena_make_array(flags->arena, flags->list_room, struct vc_span);
	}
	rest = text;
	count = 0;
	while (vc_span_word(&rest, &word))
		flags->list[count++] = word;
	if (count > 1)
		qsort(flags->list, count, sizeof(*flags->list), compare_spans);
	return count;
}

static void
flags_add(struct flags *flags, struct vc_span text)
{
	size_t count, kept = 0, at = 0;

	if (flags->garbled || seen_before(flags, text))
		return;
	if (text.length > FLAGS_MAX || (text.length > 0 && memchr(text.text, '\0', text.length))) {
		flags->garbled = true;
		return;
	}
	count = sort_flags(flags, text);
	if (flags->seen_count == 0) {
		flags->word = vc_arena_make_array(flags->arena, count ? count : 1, const char *);
		for (size_t i = 0; i < count; i++)
			flags->word[i] = vc_span_dup(flags->arena, flags->list[i]);
		flags->count = count;
	} else {
		for (size_t i = 0; i < flags->count; i++) {
			while (at < count && compare_word(flags->list[at], flags->word[i]) < 0)
				at++;
			if (at < count && compare_word(flags->list[at], flags->word[i]) == 0)
				flags->word[kept++] = flags->word[i];
		}
		flags->count = kept;
	}
	flags->seen[flags->next] = text;
	flags->next = (flags->next + 1) % VC_COUNT(flags->seen);
	if (flags->seen_count < VC_COUNT(flags->seen))
		flags->seen_count++;
}

/* "48 bits physical, 48 bits virtual" [linux 6.12 arch/x86/kernel/cpu/proc.c show_cpuinfo] */
static void
sizes_add(struct cpuinfo *info, struct vc_span text)
{
	struct vc_span number, word;
	uint64_t bits[2];
	static const char *const unit[] = { "physical,", "virtual" };

	if (info->with_sizes > 0 && vc_span_same(text, info->sizes)) {
		info->with_sizes++;
		return;
	}
	info->sizes = text;
	for (size_t i = 0; i < VC_COUNT(bits); i++) {
		if (!vc_span_word(&text, &number) || vc_span_number(number, VC_BASE_DEC, &bits[i]) < 0 ||
		    bits[i] == 0 || bits[i] > 64 || !vc_span_word(&text, &word) ||
		    !vc_span_is(word, "bits") || !vc_span_word(&text, &word) || !vc_span_is(word, unit[i])) {
			info->sizes_garbled = true;
			return;
		}
	}
	if (info->with_sizes == 0 || bits[0] < info->phys_narrowest)
		info->phys_narrowest = bits[0];
	if (info->with_sizes == 0 || bits[0] > info->phys_widest)
		info->phys_widest = bits[0];
	if (info->with_sizes == 0 || bits[1] < info->virt)
		info->virt = bits[1];
	info->with_sizes++;
}

/* Most lines are of no interest, and hosts of hundreds of CPUs have thirty for each. */
static bool
may_be_wanted(const struct cpuinfo *info, struct vc_span line)
{
	if (vc_span_starts(line, "processor") || vc_span_starts(line, "flags") ||
	    vc_span_starts(line, "Features") || vc_span_starts(line, "address sizes"))
		return true;
	return info->cpus <= 1 && (vc_span_starts(line, "vendor_id") || vc_span_starts(line, "cpu family") ||
				   vc_span_starts(line, "model") || vc_span_starts(line, "stepping"));
}

static void
cpuinfo_line(struct cpuinfo *info, struct vc_span line)
{
	struct vc_span key, value;

	if (!may_be_wanted(info, line) || !vc_span_key(line, &key, &value))
		return;
	/* s390 prints "processor 0: version = ..." and keeps its flags apart, once for all CPUs. */
	if (vc_span_is(key, "processor") || vc_span_starts(key, "processor "))
		info->cpus++;
	else if (vc_span_is(key, "flags") || vc_span_is(key, "Features")) {
		info->with_flags++;
		flags_add(&info->flags, value);
	} else if (vc_span_is(key, "address sizes"))
		sizes_add(info, value);
	else if (vc_span_is(key, "vendor_id") && !info->vendor.text)
		info->vendor = value;
	else if (vc_span_is(key, "cpu family") && !info->family.text)
		info->family = value;
	else if (vc_span_is(key, "model") && !info->model.text)
		info->model = value;
	else if (vc_span_is(key, "stepping") && !info->stepping.text)
		info->stepping = value;
	else if (vc_span_is(key, "model name") && !info->model_name.text)
		info->model_name = value;
}

/* A line that x86 always prints and other architectures never do. */
static void
missing(struct vc_fact *fact, enum vc_tri x86, const char *from)
{
	if (x86 == VC_NO)
		vc_set_absent(fact, from);
	else
		vc_set_unreadable(fact, VC_EGARBLED, from);
}

static void
set_text(struct vc_arena *arena, struct vc_fact_text *fact, struct vc_span text, enum vc_tri x86,
	 const char *from)
{
	if (text.length == 0 || memchr(text.text, '\0', text.length))
		missing(&fact->fact, text.length ? VC_YES : x86, from);
	else
		vc_set_text(fact, vc_span_dup(arena, text), from);
}

static void
set_number(struct vc_fact_number *fact, struct vc_span text, enum vc_tri x86, const char *from)
{
	uint64_t value;

	if (text.length == 0)
		missing(&fact->fact, x86, from);
	else if (vc_span_number(text, VC_BASE_DEC, &value) < 0)
		vc_set_unreadable(&fact->fact, VC_EGARBLED, from);
	else
		vc_set_number(fact, value, from);
}

static void
set_flags(struct vc_arena *arena, const struct cpuinfo *info, struct vc_host *host, enum vc_tri x86,
	  const char *from)
{
	if (info->with_flags == 0)
		missing(&host->cpu_flags.fact, x86, from);
	else if (info->flags.garbled || (x86 == VC_YES && info->with_flags != info->cpus))
		vc_set_unreadable(&host->cpu_flags.fact, VC_EGARBLED, from);
	else
		vc_set_set(arena, &host->cpu_flags, info->flags.word, info->flags.count, from);

	if (x86 == VC_NO) {
		/* Only x86 tells its guests and its virtualization by flags. */
		vc_set_absent(&host->cpu_hypervisor.fact, from);
		vc_set_absent(&host->cpu_virtualization.fact, from);
	} else if (!vc_known(&host->cpu_flags.fact)) {
		vc_set_unknown_like(&host->cpu_hypervisor.fact, &host->cpu_flags.fact);
		vc_set_unknown_like(&host->cpu_virtualization.fact, &host->cpu_flags.fact);
	} else {
		vc_set_flag(&host->cpu_hypervisor, vc_set_has(&host->cpu_flags, "hypervisor"), from);
		vc_set_flag(&host->cpu_virtualization,
			    vc_set_has(&host->cpu_flags, "vmx") || vc_set_has(&host->cpu_flags, "svm"), from);
	}
}

static void
set_sizes(const struct cpuinfo *info, struct vc_host *host, enum vc_tri x86, const char *from)
{
	struct vc_fact_number *const fact[] = { &host->cpu_phys_bits, &host->cpu_phys_bits_widest,
						&host->cpu_virt_bits };
	const uint64_t value[] = { info->phys_narrowest, info->phys_widest, info->virt };

	for (size_t i = 0; i < VC_COUNT(fact); i++) {
		if (info->with_sizes == 0 && !info->sizes_garbled)
			missing(&fact[i]->fact, x86, from);
		else if (info->sizes_garbled || info->with_sizes != info->cpus)
			vc_set_unreadable(&fact[i]->fact, VC_EGARBLED, from);
		else
			vc_set_number(fact[i], value[i], from);
	}
}

/*
 * An address width exists on other architectures too, but nothing of /proc/cpuinfo says it there: the facts
 * that are read from x86 lines are absent, and not unreadable, because no right and no module would make them
 * known.
 */
static enum vc_tri
architecture_is_x86(const struct vc_host *host, const struct cpuinfo *info)
{
	const char *arch;

	if (vc_known(&host->cpu_arch.fact)) {
		arch = host->cpu_arch.value;
		/* i386 to i686 [linux 6.12 arch/x86/kernel/cpu/common.c arch_cpu_finalize_init] */
		return vc_tri_from(strcmp(arch, "x86_64") == 0 ||
				   (strlen(arch) == 4 && arch[0] == 'i' && strcmp(arch + 2, "86") == 0));
	}
	if (info->vendor.length && info->family.length)
		return VC_YES;
	return info->with_flags > 0 && !info->vendor.length ? VC_NO : VC_UNKNOWN;
}

enum vc_tri
vc_cpu_is_x86(const struct vc_host *host)
{
	const struct cpuinfo none = { .cpus = 0 };

	if (!vc_known(&host->cpu_arch.fact))
		return vc_known(&host->cpu_family.fact) ? VC_YES : VC_UNKNOWN;
	return architecture_is_x86(host, &none);
}

bool
vc_cpu_is_amd(const struct vc_host *host)
{
	return vc_known(&host->cpu_vendor.fact) && (strcmp(host->cpu_vendor.value, "AuthenticAMD") == 0 ||
						    strcmp(host->cpu_vendor.value, "HygonGenuine") == 0);
}

bool
vc_cpu_is_intel(const struct vc_host *host)
{
	return vc_known(&host->cpu_vendor.fact) && strcmp(host->cpu_vendor.value, "GenuineIntel") == 0;
}

/* uname, or what a foreign tree has instead. */
static void
probe_arch(struct vc_hostfs *fs, struct vc_host *host)
{
	struct vc_span field[VC_UNAME_FIELDS];
	struct vc_answer answer = vc_ask_uname(fs, field);

	if (vc_known(&answer.fact)) {
		set_text(vc_hostfs_arena(fs), &host->cpu_arch, field[VC_UNAME_MACHINE], VC_YES,
			 answer.fact.from);
		return;
	}
	vc_set_unknown_like(&host->cpu_arch.fact, &answer.fact);
	answer = vc_hostfs_read_line(fs, "/proc/sys/kernel/arch"); /* Linux 6.1 */
	if (vc_known(&answer.fact))
		vc_take_text(vc_hostfs_arena(fs), &answer, &host->cpu_arch);
}

void
vc_probe_cpu(struct vc_hostfs *fs, const struct vc_host_request *request _unused_, struct vc_host *host)
{
	struct vc_arena *arena = vc_hostfs_arena(fs);
	struct cpuinfo info = { .flags = { .arena = arena } };
	struct vc_answer answer;
	struct vc_span rest, line;
	const char *from;
	enum vc_tri x86;

	probe_arch(fs, host);
	answer = vc_hostfs_read(fs, "/proc/cpuinfo");
	if (!vc_known(&answer.fact)) {
		struct vc_fact *const fact[] = {
			&host->cpu_vendor.fact,         &host->cpu_family.fact,
			&host->cpu_model.fact,          &host->cpu_model_name.fact,
			&host->cpu_flags.fact,          &host->cpu_count.fact,
			&host->cpu_phys_bits.fact,      &host->cpu_phys_bits_widest.fact,
			&host->cpu_virt_bits.fact,      &host->cpu_hypervisor.fact,
			&host->cpu_virtualization.fact, &host->cpu_stepping.fact,
		};

		for (size_t i = 0; i < VC_COUNT(fact); i++)
			vc_set_unknown_like(fact[i], &answer.fact);
		return;
	}
	rest = vc_span_of(&answer);
	while (vc_span_line(&rest, &line))
		cpuinfo_line(&info, line);

	from = answer.fact.from;
	x86 = architecture_is_x86(host, &info);
	set_text(arena, &host->cpu_vendor, info.vendor, x86, from);
	set_number(&host->cpu_family, info.family, x86, from);
	set_number(&host->cpu_model, info.model, x86, from);
	/* "unknown" where the processor has none [linux 6.12 arch/x86/kernel/cpu/proc.c show_cpuinfo]. */
	if (vc_span_is(info.stepping, "unknown"))
		vc_set_absent(&host->cpu_stepping.fact, from);
	else
		set_number(&host->cpu_stepping, info.stepping, x86, from);
	set_text(arena, &host->cpu_model_name, info.model_name, x86, from);
	if (info.cpus > 0)
		vc_set_number(&host->cpu_count, info.cpus, from);
	else
		vc_set_unreadable(&host->cpu_count.fact, VC_EGARBLED, from);
	set_flags(arena, &info, host, x86, from);
	set_sizes(&info, host, x86, from);
	/* A tree without uname: 64-bit x86 shows in its flags [linux 6.12 arch/x86/include/asm/cpufeatures.h
	 * LM]. */
	if (!vc_known(&host->cpu_arch.fact) && x86 == VC_YES && vc_known(&host->cpu_flags.fact))
		vc_set_text(&host->cpu_arch, vc_set_has(&host->cpu_flags, "lm") ? "x86_64" : "i686", from);
}
