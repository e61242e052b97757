/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The system's log, for libvirt's hook. Not by syslog(3): that waits for a log that does not take more, and may not be
 * used where the rest of the program hangs or has crashed. This never waits, takes no lock and no memory.
 */
#pragma once

#include <syslog.h>

/* One line; the rest of a longer one is cut off. @priority: LOG_ERR, LOG_WARNING, ... */
void vc_log(int priority, const char *text);
