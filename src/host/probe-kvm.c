/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <inttypes.h>

#include "base/macro.h"
#include "host/os.h"
#include "host/probe.h"

/* The only version there has been since 2007 [linux 6.12 include/uapi/linux/kvm.h KVM_API_VERSION] */
#define API_VERSION 12

static void
probe_use(struct vc_hostfs *fs, struct vc_host *host)
{
	struct vc_answer answer = vc_hostfs_ask(fs, "kvm", vc_os_ask_kvm, NULL);
	struct vc_span rest, line, word;
	uint64_t version;
	const char *from = "/dev/kvm KVM_GET_API_VERSION";

	/* The node is not there, or nobody stands behind it: the module is gone. */
	if (answer.fact.state == VC_ABSENT ||
	    (answer.fact.state == VC_UNREADABLE && (answer.fact.err == ENODEV || answer.fact.err == ENXIO))) {
		if (answer.fact.state == VC_ABSENT && vc_device_is_hidden(fs, "kvm")) {
			vc_set_unreadable(&host->kvm_usable.fact, VC_ENOTCOLLECTED, "/dev/kvm");
			vc_set_unreadable(&host->kvm_api_version.fact, VC_ENOTCOLLECTED, "/dev/kvm");
			return;
		}
		vc_set_flag(&host->kvm_usable, false, "/dev/kvm");
		vc_set_absent(&host->kvm_api_version.fact, "/dev/kvm");
		return;
	}
	if (!vc_known(&answer.fact)) {
		answer.fact.from = "/dev/kvm";
		vc_set_unknown_like(&host->kvm_usable.fact, &answer.fact);
		vc_set_unknown_like(&host->kvm_api_version.fact, &answer.fact);
		return;
	}
	rest = vc_span_of(&answer);
	while (vc_span_line(&rest, &line)) {
		if (!vc_span_word(&line, &word) || !vc_span_is(word, "api_version"))
			continue;
		if (!vc_span_word(&line, &word) || vc_span_number(word, VC_BASE_DEC, &version) < 0)
			break;
		vc_set_number(&host->kvm_api_version, version, from);
		vc_set_flag(&host->kvm_usable, version == API_VERSION, from);
		return;
	}
	vc_set_unreadable(&host->kvm_usable.fact, VC_EGARBLED, from);
	vc_set_unreadable(&host->kvm_api_version.fact, VC_EGARBLED, from);
}

/* Refused, or not: what the open said. */
static void
probe_permission(struct vc_host *host)
{
	const struct vc_fact *usable = &host->kvm_usable.fact;

	if (vc_known(usable) || (usable->state == VC_UNREADABLE && usable->err == VC_EGARBLED))
		vc_set_flag(&host->kvm_permitted, true, "/dev/kvm");
	else if (usable->state == VC_UNREADABLE && (usable->err == EACCES || usable->err == EPERM))
		vc_set_flag(&host->kvm_permitted, false, "/dev/kvm");
	else
		vc_set_unknown_like(&host->kvm_permitted.fact, usable);
}

/*
 * The module that drives this CPU: a directory in /sys/module, built in or not. On x86 the name kvm alone is
 * only the common half; elsewhere it is all there is.
 */
static void
probe_module(struct vc_hostfs *fs, struct vc_host *host)
{
	static const char *const x86_modules[] = { "kvm_intel", "kvm_amd", "kvm_pvm", NULL };
	static const char *const other_modules[] = { "kvm", NULL };
	const char *const *module = vc_cpu_is_x86(host) == VC_NO ? other_modules : x86_modules;
	struct vc_fact unknown = { .state = VC_UNREAD }, last = unknown;

	for (; *module; module++) {
		struct vc_node node = vc_hostfs_stat(fs, "/sys/module/%s", *module);

		last = node.fact;
		if (vc_known(&node.fact)) {
			vc_set_flag(&host->kvm_module, true, node.fact.from);
			return;
		}
		if (node.fact.state != VC_ABSENT)
			unknown = node.fact;
	}
	if (unknown.state != VC_UNREAD)
		vc_set_unknown_like(&host->kvm_module.fact, &unknown);
	else
		vc_set_flag(&host->kvm_module, false, last.from);
}

void
vc_probe_kvm(struct vc_hostfs *fs, const struct vc_host_request *request _unused_, struct vc_host *host)
{
	vc_probe_device(fs, "kvm", &host->kvm_device);
	probe_use(fs, host);
	probe_permission(host);
	probe_module(fs, host);
}
