/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/macro.h"
#include "host/probe.h"

#define CLOCKSOURCE "/sys/devices/system/clocksource/clocksource0/"

void
vc_probe_clock(struct vc_hostfs *fs, const struct vc_host_request *request _unused_, struct vc_host *host)
{
	struct vc_arena *arena = vc_hostfs_arena(fs);
	struct vc_answer answer;

	answer = vc_hostfs_read_line(fs, CLOCKSOURCE "current_clocksource");
	vc_take_text(arena, &answer, &host->clocksource);
	answer = vc_hostfs_read_line(fs, CLOCKSOURCE "available_clocksource");
	vc_take_words(arena, &answer, &host->clocksource_available);
}
