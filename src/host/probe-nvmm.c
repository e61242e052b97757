/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * NVMM, the hypervisor of NetBSD and DragonFly: its device, and what "nvmmctl identify" says of its limits. Captures
 * hold the output; a live host is not asked, because nothing is executed on it.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/macro.h"
#include "host/probe.h"

/* The group's right to read counts for its members alone; the owner's for the owner. */
static bool
may_read(const struct vc_node *node, const struct vc_host *host)
{
	char group[32];
	struct vc_buf text = { 0 };

	if (host->user_id.value == 0)
		return true;
	if (host->user_id.value == node->uid)
		return node->mode & 0400;
	vc_buf_addf(&text, "%u", node->gid);
	memcpy(group, vc_buf_text(&text), text.length + 1);
	vc_buf_release(&text);
	return node->mode & (vc_set_has(&host->user_groups, group) ? 0040 : 0004);
}

/* libnvmm opens it for reading [NetBSD 10 lib/libnvmm/libnvmm.c nvmm_init]. */
static void
probe_device(struct vc_hostfs *fs, struct vc_host *host)
{
	struct vc_node node = vc_hostfs_stat(fs, "/dev/nvmm");
	const char *from = node.fact.from;

	if (node.fact.state == VC_ABSENT || (vc_known(&node.fact) && node.kind != VC_NODE_CHARACTER &&
					     vc_hostfs_kind(fs) != VC_HOSTFS_FOREIGN)) {
		vc_set_flag(&host->nvmm_device, false, from);
		vc_set_absent(&host->nvmm_group.fact, from);
		vc_set_absent(&host->nvmm_permitted.fact, from);
		return;
	}
	if (!vc_known(&node.fact) || node.kind != VC_NODE_CHARACTER) {
		struct vc_fact cause = node.fact;

		/* A copied tree may hold anything in the place of a device. */
		if (vc_known(&cause))
			vc_set_unreadable(&cause, VC_ENOTCOLLECTED, from);
		vc_set_unknown_like(&host->nvmm_device.fact, &cause);
		vc_set_unknown_like(&host->nvmm_group.fact, &cause);
		vc_set_unknown_like(&host->nvmm_permitted.fact, &cause);
		return;
	}
	vc_set_flag(&host->nvmm_device, true, from);
	vc_set_number(&host->nvmm_group, node.gid, from);
	if (!vc_known(&host->user_id.fact))
		vc_set_unknown_like(&host->nvmm_permitted.fact, &host->user_id.fact);
	else if (!vc_known(&host->user_groups.fact))
		vc_set_unknown_like(&host->nvmm_permitted.fact, &host->user_groups.fact);
	else
		vc_set_flag(&host->nvmm_permitted, may_read(&node, host), from);
}

static int
ask_nvmm(void *context _unused_, struct vc_buf *answer _unused_)
{
	return -VC_ENOTCOLLECTED;
}

/* "127T": a number and its unit, as humanize_number(3) writes them. */
static int
parse_size(struct vc_span text, uint64_t *ret_size)
{
	static const char units[] = "BKMGTPE";
	const char *unit = NULL;
	uint64_t number;

	if (text.length > 1 && text.text[text.length - 1] == 'B' && strchr(units, text.text[text.length - 2]))
		text.length--;
	if (text.length > 0)
		unit = strchr(units, text.text[text.length - 1]);
	if (unit && *unit)
		text.length--;
	else
		unit = units;
	if (vc_span_number(text, VC_BASE_DEC, &number) < 0)
		return -EINVAL;
	return vc_mul(number, UINT64_C(1) << (10 * (unit - units)), ret_size);
}

/* "nvmm: Max RAM per machine 127T": the value is the last word. */
static void
take_line(struct vc_host *host, struct vc_span line, const char *from)
{
	static const char prefix[] = "nvmm: ";
	const struct {
		const char *key;
		struct vc_fact_number *fact;
		bool size;
	} keys[] = {
		{ "Kernel API version ", &host->nvmm_version, false },
		{ "Max VCPUs per machine ", &host->nvmm_max_vcpus, false },
		{ "Max RAM per machine ", &host->nvmm_max_memory, true },
	};

	line = vc_span_trim(line);
	if (vc_span_starts(line, prefix)) {
		line.text += strlen(prefix);
		line.length -= strlen(prefix);
	}
	for (size_t i = 0; i < VC_COUNT(keys); i++) {
		struct vc_span value = line;
		uint64_t number;

		if (!vc_span_starts(line, keys[i].key))
			continue;
		value.text += strlen(keys[i].key);
		value.length -= strlen(keys[i].key);
		value = vc_span_trim(value);
		if (keys[i].size ? parse_size(value, &number) == 0 : vc_span_number(value, VC_BASE_DEC, &number) == 0)
			vc_set_number(keys[i].fact, number, from);
	}
}

static void
probe_limits(struct vc_hostfs *fs, struct vc_host *host)
{
	struct vc_fact_number *const fact[] = { &host->nvmm_version, &host->nvmm_max_vcpus, &host->nvmm_max_memory };
	struct vc_answer answer = vc_hostfs_ask(fs, "nvmm", ask_nvmm, NULL);
	struct vc_span rest, line;

	for (size_t i = 0; i < VC_COUNT(fact); i++) {
		if (vc_known(&answer.fact))
			vc_set_unreadable(&fact[i]->fact, VC_EGARBLED, "nvmmctl identify");
		else
			vc_set_unknown_like(&fact[i]->fact, &answer.fact);
	}
	if (!vc_known(&answer.fact))
		return;
	rest = vc_span_of(&answer);
	while (vc_span_line(&rest, &line))
		take_line(host, line, "nvmmctl identify");
}

void
vc_probe_nvmm(struct vc_hostfs *fs, const struct vc_host_request *request _unused_, struct vc_host *host)
{
	probe_device(fs, host);
	probe_limits(fs, host);
}
