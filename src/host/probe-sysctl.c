/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/macro.h"
#include "host/probe.h"

void
vc_probe_sysctl(struct vc_hostfs *fs, const struct vc_host_request *request _unused_, struct vc_host *host)
{
	struct vc_answer answer;

	answer = vc_hostfs_read_line(fs, "/proc/sys/kernel/split_lock_mitigate");
	vc_take_flag(&answer, &host->sysctl_split_lock_mitigate);
	answer = vc_hostfs_read_line(fs, "/proc/sys/vm/overcommit_memory");
	vc_take_number(&answer, VC_BASE_DEC, &host->sysctl_overcommit_memory);
	/* 1 is balancing, 2 tiering; both take pages away to see who uses them [linux 6.12
	 * kernel/sched/core.c]. */
	answer = vc_hostfs_read_line(fs, "/proc/sys/kernel/numa_balancing");
	vc_take_flag(&answer, &host->sysctl_numa_balancing);
}
