/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a setting of the host is made: now, so that it lasts, and back again. Rules name the setting; what that
 * means on this host follows from its kind and from what boots it, in one table.
 */
#pragma once

#include "rules/engine.h"

/* One setting, its values filled in. */
struct vc_host_setting {
	enum vc_verb verb;     /* VC_VERB_SYSCTL, _MODULE, _KERNEL, _LOAD */
	const char *name;      /* of the sysctl or module */
	const char *parameter; /* of the module */
	const char *value;     /* kernel: words of the command line */
	const char *was;       /* sysctl, module; NULL: not known */
	const char *cmdline;   /* kernel: the command line as it is; NULL: not known */
	bool remove, live;     /* as in struct vc_action */
};

/* What is to be done, as text for a shell. */
struct vc_host_step {
	const char *now;     /* takes effect at once; NULL: nothing does */
	const char *file;    /* makes it last; NULL: no file of its own */
	const char *content; /* of @file, without the last newline */
	const char *then;    /* after @file is written, or what makes it last by itself; NULL: nothing */
	const char *words_now; /* kernel: what @current shows afterwards; NULL: the words of the setting */
	const char *current; /* prints the kernel command line as it is set up; NULL: not asked before @then */
	const char *shows;   /* prints the value in force, to tell whether @now changes it; NULL: none does */
	const char *needs;   /* @now only where this file exists; NULL: always */
	const char *unless;  /* @now has nothing to do where this file exists; NULL: it always has */
	const char *undo;    /* NULL: it cannot be said */
	const char *note;    /* what else may have to be done; NULL: nothing */
	const char *words;   /* in place of all of the above: nobody can say how it is done here */
	bool reboot;	     /* nothing happens before */
};

/* A kind of host that has a way of its own to change the kernel command line. */
struct vc_boot_way {
	const char *loader; /* host.boot_loader */
	const char *family; /* in host.distribution.like; NULL: any */
	const char *title;  /* "Debian and Ubuntu with GRUB" */
};
extern const struct vc_boot_way vc_boot_ways[];
extern const size_t vc_boot_ways_count;

/* NULL: not known, or none of them. */
const struct vc_boot_way *vc_boot_way_find(const struct vc_host *host);

/*
 * Fills *ret_step. @way (may be NULL) is asked for VC_VERB_KERNEL only. @sketch: values may be {names} still,
 * for explain. What is no plain word never becomes part of a command: then there are words alone.
 */
void vc_host_step_make(const struct vc_host_setting *setting, const struct vc_boot_way *way, bool sketch,
		       struct vc_arena *arena, struct vc_host_step *ret_step);

/* "sysctl kernel.x = 0": names the setting in one line. */
const char *vc_host_setting_words(const struct vc_host_setting *setting, struct vc_arena *arena);

/* What makes the step last, as one line for a shell. NULL: nothing does. */
const char *vc_host_step_persist(const struct vc_host_step *step, struct vc_arena *arena);

/* Adds @text in single quotes, whatever it holds. */
void vc_shell_quote(struct vc_buf *out, const char *text);
