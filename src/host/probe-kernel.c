/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/macro.h"
#include "host/kernel-parameter.h"
#include "host/probe.h"

static int
ask_uname(void *context _unused_, struct vc_buf *answer)
{
	struct utsname name;

	if (uname(&name) < 0)
		return -errno;
	vc_buf_addf(answer, "%s\n%s\n%s\n%s\n%s\n", name.sysname, name.nodename, name.release, name.version,
		    name.machine);
	return 0;
}

struct vc_answer
vc_ask_uname(struct vc_hostfs *fs, struct vc_span field[VC_UNAME_FIELDS])
{
	struct vc_answer answer = vc_hostfs_ask(fs, "uname", ask_uname, NULL);
	struct vc_span rest;

	if (!vc_known(&answer.fact))
		return answer;
	answer.fact.from = "uname";
	rest = vc_span_of(&answer);
	for (size_t i = 0; i < VC_UNAME_FIELDS; i++) {
		field[i] = (struct vc_span){ .text = "", .length = 0 };
		if (vc_span_line(&rest, &field[i]))
			field[i] = vc_span_trim(field[i]);
	}
	return answer;
}

/* The release of a tree that nobody asked for its uname. */
static struct vc_answer
foreign_release(struct vc_hostfs *fs, const struct vc_fact *cause)
{
	struct vc_answer answer = vc_hostfs_read_line(fs, "/proc/sys/kernel/osrelease");
	struct vc_span rest, word;

	if (vc_known(&answer.fact))
		return answer;
	/* "Linux version RELEASE (...) ..." [linux 6.12 init/version-timestamp.c linux_proc_banner] */
	answer = vc_hostfs_read_line(fs, "/proc/version");
	if (vc_known(&answer.fact)) {
		rest = vc_span_of(&answer);
		if (vc_span_word(&rest, &word) && vc_span_is(word, "Linux") && vc_span_word(&rest, &word) &&
		    vc_span_is(word, "version") && vc_span_word(&rest, &word)) {
			answer.data = word.text;
			answer.size = word.length;
			return answer;
		}
		vc_set_unreadable(&answer.fact, VC_EGARBLED, answer.fact.from);
		return answer;
	}
	answer.fact = *cause;
	return answer;
}

static void
set_version(struct vc_host *host)
{
	const struct vc_fact_text *release = &host->kernel_release;
	struct vc_version version;

	if (!vc_known(&release->fact))
		vc_set_unknown_like(&host->kernel_version.fact, &release->fact);
	else if (vc_version_parse_prefix(release->value, &version) < 0)
		vc_set_unreadable(&host->kernel_version.fact, VC_EGARBLED, release->fact.from);
	else
		vc_set_version(&host->kernel_version, version, release->fact.from);
}

/* The version behind @mark in @text: "... Debian 6.1.55-1 (2023-09-29)". */
static bool
version_after(struct vc_span text, const char *mark, struct vc_version *ret_version)
{
	const char *at = text.length > 0 ? memmem(text.text, text.length, mark, strlen(mark)) : NULL;
	char buf[32];
	size_t length;

	if (!at)
		return false;
	at += strlen(mark);
	length = text.length - (size_t)(at - text.text);
	if (length >= sizeof(buf))
		length = sizeof(buf) - 1;
	memcpy(buf, at, length);
	buf[length] = '\0';
	return vc_version_parse_prefix(buf, ret_version) == 0;
}

/*
 * Corrections are known by the stable release they came with. Debian's and Ubuntu's releases are x.y.0 whatever they
 * are made from; Debian names it in the version, Ubuntu in a file of its own ("Ubuntu 5.15.0-130.140-generic
 * 5.15.173"). Others that stay at x.y.0 do not say. Numbers of the kind x.y.z are taken at their word.
 */
static void
set_stable_version(struct vc_hostfs *fs, struct vc_host *host, struct vc_span text, const char *from)
{
	const struct vc_fact_version *plain = &host->kernel_version;
	struct vc_fact_version *fact = &host->kernel_stable_version;
	struct vc_answer signature = vc_hostfs_read_line(fs, "/proc/version_signature");
	struct vc_version version;

	if (vc_known(&signature.fact)) {
		const char *last = strrchr(signature.data, ' ');

		if (last && vc_version_parse(last + 1, &version) == 0) {
			vc_set_version(fact, version, signature.fact.from);
			return;
		}
	}
	if (version_after(text, " Debian ", &version))
		vc_set_version(fact, version, from);
	else if (!vc_known(&plain->fact))
		vc_set_unknown_like(&fact->fact, &plain->fact);
	else if (plain->value.part[2] == 0)
		vc_set_unreadable(&fact->fact, EOPNOTSUPP, plain->fact.from);
	else
		*fact = *plain;
}

static void
probe_names(struct vc_hostfs *fs, struct vc_host *host)
{
	struct vc_arena *arena = vc_hostfs_arena(fs);
	struct vc_span field[VC_UNAME_FIELDS];
	struct vc_answer answer = vc_ask_uname(fs, field);
	struct vc_answer part = answer;

	/* A tree without uname is not asked again: nothing in it names the kernel for certain. */
	if (vc_known(&answer.fact)) {
		part.data = field[VC_UNAME_SYSNAME].text;
		part.size = field[VC_UNAME_SYSNAME].length;
	}
	vc_take_text(arena, &part, &host->os);
	if (vc_known(&answer.fact)) {
		part.data = field[VC_UNAME_RELEASE].text;
		part.size = field[VC_UNAME_RELEASE].length;
		vc_take_text(arena, &part, &host->kernel_release);
		part.data = field[VC_UNAME_NODENAME].text;
		part.size = field[VC_UNAME_NODENAME].length;
		vc_take_text(arena, &part, &host->hostname);
	} else {
		part = foreign_release(fs, &answer.fact);
		vc_take_text(arena, &part, &host->kernel_release);
		part = vc_hostfs_read_line(fs, "/proc/sys/kernel/hostname");
		vc_take_text(arena, &part, &host->hostname);
	}
	if (host->kernel_release.fact.state == VC_ABSENT)
		vc_set_unreadable(&host->kernel_release.fact, VC_EGARBLED, host->kernel_release.fact.from);
	set_version(host);
	if (vc_known(&answer.fact)) {
		set_stable_version(fs, host, field[VC_UNAME_VERSION], answer.fact.from);
	} else {
		part = vc_hostfs_read_line(fs, "/proc/version");
		set_stable_version(fs, host, vc_known(&part.fact) ? vc_span_of(&part) : vc_span_from(""), part.fact.from);
	}
}

/*
 * Nothing takes igfx_off back once it is given, and what follows the word does not matter
 * [linux 6.12 drivers/iommu/intel/iommu.c intel_iommu_setup].
 */
static void
set_igfx_off(struct vc_host *host, const char *from)
{
	const struct vc_parameter *parameter = host->kernel_parameter.item;
	bool off = false;

	for (size_t i = 0; i < host->kernel_parameter.count; i++) {
		if (!vc_known(&parameter[i].value.fact) || !vc_kernel_parameter_named(&parameter[i], "intel_iommu"))
			continue;
		for (const char *option = parameter[i].value.value; *option;) {
			off = off || strncmp(option, "igfx_off", strlen("igfx_off")) == 0;
			option += strcspn(option, ",");
			option += strspn(option, ",");
		}
	}
	vc_set_flag(&host->iommu_igfx_off, off, from);
}

/* Words between commas, and nothing takes it back [linux 6.12 drivers/pci/pci.c pci_setup]. */
static void
set_msi_off(struct vc_host *host, const char *from)
{
	const struct vc_parameter *parameter = host->kernel_parameter.item;
	bool off = false;

	for (size_t i = 0; i < host->kernel_parameter.count; i++) {
		struct vc_span rest, word;

		if (!vc_known(&parameter[i].value.fact) || !vc_kernel_parameter_named(&parameter[i], "pci"))
			continue;
		rest = vc_span_from(parameter[i].value.value);
		while (vc_span_until(&rest, ',', &word))
			off = off || vc_span_is(word, "nomsi");
	}
	vc_set_flag(&host->kernel_msi_off, off, from);
}

/* [linux 6.12 Documentation/admin-guide/kernel-parameters.txt debug, ignore_loglevel, loglevel=] */
#define LOGLEVEL_DEBUG 7

static void
set_verbose(struct vc_host *host, const char *from)
{
	const struct vc_parameter *parameter = host->kernel_parameter.item;
	bool verbose = false;
	uint64_t level;

	for (size_t i = 0; i < host->kernel_parameter.count; i++) {
		bool alone = parameter[i].value.fact.state == VC_ABSENT;

		if (vc_kernel_parameter_named(&parameter[i], "ignore_loglevel") ||
		    (alone && vc_kernel_parameter_named(&parameter[i], "debug")))
			verbose = true;
		else if (vc_kernel_parameter_named(&parameter[i], "loglevel") && vc_known(&parameter[i].value.fact) &&
			 vc_parse_u64(parameter[i].value.value, VC_BASE_C, &level) == 0)
			verbose = verbose || level > LOGLEVEL_DEBUG;
	}
	vc_set_flag(&host->kernel_verbose, verbose, from);
}

static void
probe_cmdline(struct vc_hostfs *fs, struct vc_host *host)
{
	struct vc_arena *arena = vc_hostfs_arena(fs);
	struct vc_answer answer = vc_hostfs_read(fs, "/proc/cmdline");
	struct vc_span text;

	if (!vc_known(&answer.fact)) {
		vc_set_unknown_like(&host->kernel_cmdline.fact, &answer.fact);
		vc_set_unknown_like(&host->kernel_parameter.fact, &answer.fact);
		vc_set_unknown_like(&host->iommu_igfx_off.fact, &answer.fact);
		vc_set_unknown_like(&host->kernel_verbose.fact, &answer.fact);
		vc_set_unknown_like(&host->kernel_msi_off.fact, &answer.fact);
		return;
	}
	text = vc_span_of(&answer);
	if (text.length > 0 && text.text[text.length - 1] == '\n')
		text.length--;
	if (vc_kernel_parameter_split(arena, text, answer.fact.from, &host->kernel_parameter) < 0) {
		vc_set_unreadable(&host->kernel_cmdline.fact, VC_EGARBLED, answer.fact.from);
		vc_set_unreadable(&host->kernel_parameter.fact, VC_EGARBLED, answer.fact.from);
		vc_set_unreadable(&host->iommu_igfx_off.fact, VC_EGARBLED, answer.fact.from);
		vc_set_unreadable(&host->kernel_verbose.fact, VC_EGARBLED, answer.fact.from);
		vc_set_unreadable(&host->kernel_msi_off.fact, VC_EGARBLED, answer.fact.from);
		return;
	}
	vc_set_text(&host->kernel_cmdline, vc_span_dup(arena, text), answer.fact.from);
	set_igfx_off(host, answer.fact.from);
	set_verbose(host, answer.fact.from);
	set_msi_off(host, answer.fact.from);
}

/* "none [integrity] confidentiality" [linux 6.12 security/lockdown/lockdown.c lockdown_read] */
static void
probe_lockdown(struct vc_hostfs *fs, struct vc_host *host)
{
	struct vc_answer answer = vc_hostfs_read_line(fs, "/sys/kernel/security/lockdown");
	struct vc_fact_text *fact = &host->kernel_lockdown;
	struct vc_span rest, word;
	struct vc_names names;

	if (!vc_known(&answer.fact)) {
		vc_set_unknown_like(&fact->fact, &answer.fact);
		if (fact->fact.state == VC_ABSENT) {
			names = vc_hostfs_list(fs, "/sys/kernel/security");
			/* An empty directory is securityfs not mounted, which says nothing about lockdown. */
			if (vc_known(&names.fact) && names.count == 0)
				vc_set_unreadable(&fact->fact, ENODEV, answer.fact.from);
		}
		return;
	}
	rest = vc_span_of(&answer);
	while (vc_span_word(&rest, &word)) {
		if (word.length > 2 && word.text[0] == '[' && word.text[word.length - 1] == ']') {
			word.text++;
			word.length -= 2;
			answer.data = word.text;
			answer.size = word.length;
			vc_take_text(vc_hostfs_arena(fs), &answer, fact);
			return;
		}
	}
	vc_set_unreadable(&fact->fact, VC_EGARBLED, answer.fact.from);
}

void
vc_probe_kernel(struct vc_hostfs *fs, const struct vc_host_request *request _unused_, struct vc_host *host)
{
	probe_names(fs, host);
	probe_cmdline(fs, host);
	probe_lockdown(fs, host);
}
