/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libvirt waits for its hook without a limit, and everything that needs the domain waits with it. So the hook ends in
 * time, whatever the host does to it: a thread of its own counts the time, because a read that the kernel holds up (a
 * file system whose server is gone) lets no signal handler run, and only the end of the whole process gets it out. A crash
 * ends it in the same way. No child is left in any case.
 */
#pragma once

#include <stdbool.h>

/* From here on there is @milliseconds left. False if the time cannot be watched. @guest names it in the log. */
bool vc_guard_start(const char *guest, unsigned milliseconds);

/* What the configuration says, once it is known; @milliseconds count from the start. */
void vc_guard_configure(unsigned milliseconds, bool fail_closed);

/* What the program is busy with, for the message; a literal. */
void vc_guard_stage(const char *stage);

/* The result stands: after this the time is no longer counted. Does not return if it is over. */
void vc_guard_finish(void);
