/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a module will be given once it is loaded: VFIO's modules are loaded by the first guest that needs them, so
 * that their parameters are not in /sys/module before. [kmod 30 man/modprobe.d.xml]
 */
#include <errno.h>
#include <string.h>

#include "base/macro.h"
#include "host/kernel-parameter.h"
#include "host/probe.h"

#define MODULE "vfio_iommu_type1"
#define PARAMETER "allow_unsafe_interrupts"

/* More than any host has; the rest is not read, and then nobody knows. */
#define FILES_MAX 512

/* A file hides those of the same name in the directories below. */
static const char *const directories[] = {
	"/etc/modprobe.d", "/run/modprobe.d", "/usr/local/lib/modprobe.d", "/usr/lib/modprobe.d", "/lib/modprobe.d",
};

struct search {
	struct vc_hostfs *fs;
	struct vc_fact_flag *fact;
	struct vc_names names[VC_COUNT(directories)];
	size_t directories; /* looked at so far */
	size_t files;
	struct vc_fact unknown; /* the first that could not be read; VC_UNREAD: none */
};

static bool
same_name(struct vc_span word, const char *name)
{
	size_t length = strlen(name);

	if (word.length != length)
		return false;
	for (size_t i = 0; i < length; i++) {
		if ((word.text[i] == '-' ? '_' : word.text[i]) != name[i])
			return false;
	}
	return true;
}

/* As the kernel reads a bool: a name alone is yes [linux 6.12 kernel/params.c param_set_bool, lib/kstrtox.c kstrtobool]. */
static bool
is_yes(struct vc_span value)
{
	if (value.length == 0)
		return true;
	return strchr("yYtT1", value.text[0]) || vc_span_is(value, "on");
}

/* "options MODULE NAME=VALUE ...": whether it turns the parameter on; @ret_value is untouched if it does not name it. */
static void
read_options(struct vc_span line, bool *ret_value)
{
	struct vc_span word, name;

	if (!vc_span_word(&line, &word) || !vc_span_is(word, "options") || !vc_span_word(&line, &word) ||
	    !same_name(word, MODULE))
		return;
	while (vc_span_word(&line, &word)) {
		if (vc_span_until(&word, '=', &name) && same_name(name, PARAMETER))
			*ret_value = is_yes(word);
	}
}

static void
note_unknown(struct search *search, const struct vc_fact *fact)
{
	if (search->unknown.state == VC_UNREAD)
		search->unknown = *fact;
}

static void
read_file(struct search *search, const char *directory, const char *name)
{
	struct vc_answer answer = vc_hostfs_read(search->fs, "%s/%s", directory, name);
	struct vc_span rest, line;
	bool value = false;

	if (!vc_known(&answer.fact)) {
		/* A link to /dev/null hides a file of the distribution. */
		if (answer.fact.state != VC_ABSENT &&
		    vc_hostfs_stat(search->fs, "%s/%s", directory, name).kind != VC_NODE_CHARACTER)
			note_unknown(search, &answer.fact);
		return;
	}
	rest = vc_span_of(&answer);
	while (vc_span_line(&rest, &line))
		read_options(line, &value);
	/* Which of two files comes last is not worth knowing: somebody accepted the risk. */
	if (value)
		vc_set_flag(search->fact, true, answer.fact.from);
}

static bool
is_hidden(const struct search *search, const char *name)
{
	for (size_t i = 0; i < search->directories; i++) {
		for (size_t k = 0; k < search->names[i].count; k++) {
			if (strcmp(search->names[i].name[k], name) == 0)
				return true;
		}
	}
	return false;
}

static void
read_directory(struct search *search, const char *directory)
{
	static const char suffix[] = ".conf";
	struct vc_names names = vc_hostfs_list(search->fs, "%s", directory);

	if (!vc_known(&names.fact)) {
		if (names.fact.state != VC_ABSENT)
			note_unknown(search, &names.fact);
		return;
	}
	for (size_t i = 0; i < names.count; i++) {
		size_t length = strlen(names.name[i]);

		if (length < strlen(suffix) || strcmp(names.name[i] + length - strlen(suffix), suffix) != 0 ||
		    is_hidden(search, names.name[i]))
			continue;
		if (++search->files > FILES_MAX) {
			vc_set_unreadable(&names.fact, EFBIG, directory);
			note_unknown(search, &names.fact);
			return;
		}
		read_file(search, directory, names.name[i]);
	}
	search->names[search->directories++] = names;
}

static void
read_command_line(struct search *search, const struct vc_fact_list *parameters)
{
	const struct vc_parameter *parameter = parameters->item;

	if (!vc_known(&parameters->fact)) {
		note_unknown(search, &parameters->fact);
		return;
	}
	for (size_t i = 0; i < parameters->count; i++) {
		const struct vc_fact_text *value = &parameter[i].value;

		if (vc_kernel_parameter_named(&parameter[i], MODULE "." PARAMETER) &&
		    is_yes(vc_span_from(vc_known(&value->fact) ? value->value : "")))
			vc_set_flag(search->fact, true, parameter[i].name.fact.from);
	}
}

void
vc_probe_modprobe(struct vc_hostfs *fs, struct vc_host *host)
{
	struct search search = { .fs = fs, .fact = &host->modprobe_type1_unsafe_interrupts };

	/* A module that is loaded has what it has. */
	if (host->module_type1_unsafe_interrupts.fact.state != VC_ABSENT) {
		*search.fact = host->module_type1_unsafe_interrupts;
		return;
	}
	read_command_line(&search, &host->kernel_parameter);
	for (size_t i = 0; i < VC_COUNT(directories) && !vc_known(&search.fact->fact); i++)
		read_directory(&search, directories[i]);
	if (vc_known(&search.fact->fact))
		return;
	if (search.unknown.state == VC_UNREAD)
		vc_set_flag(search.fact, false, "default of the module");
	else
		vc_set_unknown_like(&search.fact->fact, &search.unknown);
}
