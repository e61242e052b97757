/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which CPUs there are: three short files, where /proc/cpuinfo prints a page for each. */
#include "base/macro.h"
#include "host/probe.h"

#define CPUS "/sys/devices/system/cpu/"

void
vc_probe_topology(struct vc_hostfs *fs, const struct vc_host_request *request _unused_, struct vc_host *host)
{
	struct vc_arena *arena = vc_hostfs_arena(fs);
	struct vc_answer answer;

	answer = vc_hostfs_read_line(fs, CPUS "online");
	vc_take_text(arena, &answer, &host->cpu_online);
	answer = vc_hostfs_read_line(fs, CPUS "possible");
	vc_take_text(arena, &answer, &host->cpu_possible);
	answer = vc_hostfs_read_line(fs, CPUS "isolated");
	vc_take_text(arena, &answer, &host->cpu_isolated);
}
