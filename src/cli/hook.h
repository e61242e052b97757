/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libvirt's hook for QEMU guests: what is called, and when it acts. */
#pragma once

#include <stdbool.h>

#include "cli/exit-status.h"

/* [libvirt 11.3 src/util/virhook.c virHookCall] */
struct vc_hook_call {
	bool complete; /* as many words as libvirt uses; else nothing is known about them */
	const char *guest, *operation, *suboperation;
};

/*
 * Whether this is a call by libvirt: by the name of the link in its directory of hooks, or as "vhostcheck hook" with four
 * words. A guest may be called --version, so this is asked before there are options.
 */
bool vc_hook_is_called(int argc, char *const *argv, struct vc_hook_call *ret_call);

/*
 * Whether something is to be done. On everything else a hook is silent, reads nothing and succeeds: if it fails on
 * "reconnect", libvirt kills a running guest; what it prints on "migrate" or "restore" takes the place of the domain.
 */
bool vc_hook_acts(const struct vc_hook_call *call);

/* Judges the domain on standard input. 0: the guest may start; 1: it may not, and standard error says why. */
int vc_hook_run(const struct vc_hook_call *call);
