/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The directory of libvirt's hooks: what is in it, and the link that stands for vhostcheck. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/arena.h"

/* Compiled into libvirt [libvirt 11.3 src/util/virhook.c LIBVIRT_HOOK_DIR]. */
#define VC_HOOKS_DIR "/etc/libvirt/hooks"
#define VC_HOOK_LINK VC_HOOKS_DIR "/qemu.d/50-vhostcheck"

enum vc_hook_link {
	VC_LINK_NONE,
	VC_LINK_OURS,    /* it leads to a vhostcheck */
	VC_LINK_FOREIGN, /* something else has this name */
};

/* Another program that libvirt runs for QEMU guests. */
struct vc_hook_script {
	const char *path;
	bool after; /* after vhostcheck */
	time_t since;
};

struct vc_hook_place {
	const char *root; /* "" for this machine */
	const char *link;
	enum vc_hook_link kind;
	const char *target; /* VC_LINK_OURS */
	const char *broken; /* why it cannot be run; NULL: it can */
	time_t since;
	const struct vc_hook_script *script;
	size_t scripts;
};

/* @root: "/" or the directory of another system. What cannot be read is not there. */
struct vc_hook_place vc_hook_place_look(const char *root, struct vc_arena *arena);

/* The program that a link has to lead to, as it is called below @root. */
const char *vc_hook_program(const char *root, struct vc_arena *arena);

/* Why root should not run @program: somebody else may put another one in its place. NULL if nobody may. */
const char *vc_hook_program_risk(const char *program, struct vc_arena *arena);
