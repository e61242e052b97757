/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What interfaces of guests are attached to. */
#include <string.h>

#include "base/macro.h"
#include "host/probe.h"

#define NETWORKS "/etc/libvirt/qemu/networks"

/* The names of the directory that end in @suffix, without it. A directory that is not there holds none. */
void
vc_take_listing(struct vc_hostfs *fs, const char *directory, const char *suffix, struct vc_fact_set *set)
{
	struct vc_names names = vc_hostfs_list(fs, "%s", directory);
	struct vc_arena *arena = vc_hostfs_arena(fs);
	const char **word;
	size_t count = 0;

	if (!vc_known(&names.fact) && names.fact.state != VC_ABSENT) {
		vc_set_unknown_like(&set->fact, &names.fact);
		return;
	}
	word = vc_arena_make_array(arena, names.count + 1, const char *);
	for (size_t i = 0; i < names.count; i++) {
		size_t length = strlen(names.name[i]), tail = strlen(suffix);

		if (length > tail && strcmp(names.name[i] + length - tail, suffix) == 0)
			word[count++] = vc_arena_strndup(arena, names.name[i], length - tail);
	}
	vc_set_set(arena, set, word, count, names.fact.from);
}

void
vc_probe_network(struct vc_hostfs *fs, const struct vc_host_request *request _unused_, struct vc_host *host)
{
	struct vc_answer answer;

	vc_take_listing(fs, "/sys/class/net", "", &host->network_interfaces);
	/* [libvirt 11.3 src/network/bridge_driver_conf.c networkStateDriverConfigNew] */
	vc_take_listing(fs, NETWORKS, ".xml", &host->networks_defined);
	vc_take_listing(fs, NETWORKS "/autostart", ".xml", &host->networks_autostart);
	vc_take_listing(fs, "/run/libvirt/network", ".xml", &host->networks_active);
	answer = vc_hostfs_read_line(fs, "/proc/sys/net/bridge/bridge-nf-call-iptables");
	vc_take_flag(&answer, &host->bridge_call_iptables);
}
