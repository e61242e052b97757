/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A fix as it is shown: its templates filled in, its domain actions applied by the editor to a copy of the elements they
 * are about. Nothing is changed but the copy.
 */
#pragma once

#include "report/host-fix.h"

struct vc_fix_command {
	const char *command; /* NULL: only @persist does something, after a reboot */
	const char *persist; /* NULL: nothing written */
	const char *undo;    /* NULL: nothing written */
	const char *costs;   /* NULL: nothing worth saying */
	const char *note;    /* what else may have to be done; NULL: nothing */
	bool reboot;
};

/* A setting of the host that is made from a rule's words; it is among the commands as well. */
struct vc_fix_setting {
	struct vc_host_setting setting;
	struct vc_host_step step;
	const char *costs;
};

struct vc_fix_text {
	enum vc_who who;
	bool safe; /* as the rule says, and every value is known */
	const char *summary;
	const char *xml; /* the changed elements, indented, lines ended by '\n'; NULL: none */
	const struct vc_fix_command *command;
	size_t commands;
	const struct vc_fix_setting *setting;
	size_t settings;
	const char *const *qemu; /* arguments that do the same where QEMU is run by hand */
	size_t qemus;
	const char *const *line; /* firmware settings, advice, what could not be shown as XML */
	size_t lines;
};

/* What one finding offers to its fixes. */
struct vc_fix_input {
	const struct vc_finding *finding;
	struct vc_scope scope;
	struct vc_arena *arena;
};
/* @guest NULL: no domain. */
struct vc_fix_input vc_fix_input_of(const struct vc_finding *finding, const struct vc_host *host,
				    const struct vc_guest *guest, struct vc_arena *arena);

/* Fills *ret_text and returns true, or returns false when the fix is not offered here: its condition fails. */
bool vc_fix_text(const struct vc_fix *fix, const struct vc_fix_input *input, struct vc_fix_text *ret_text);

/*
 * Whether the fix changes the domain, is offered here, and every value in it is known, so that a program may apply
 * it. Whether it may without asking is @fix->safe.
 */
bool vc_fix_is_concrete(const struct vc_fix *fix, const struct vc_fix_input *input);

/* The template filled in; "" for an empty one. Arena. */
const char *vc_fix_words(const struct vc_template *template, const struct vc_fix_input *input);

/* The template as it is written in the rule: facts as {names}. In arena memory. */
const char *vc_template_source(const struct vc_template *template, struct vc_arena *arena);
/* One action in words: "set driver/@aw_bits to 39". Arena. */
const char *vc_action_words(const struct vc_action *action, const char *value, struct vc_arena *arena);

/*
 * What the domain actions of a fix make of the elements they change. NULL when they cannot be applied, for instance
 * because the input is not XML, change nothing, or change more than can be shown.
 */
char *vc_fix_xml(const struct vc_fix *fix, const struct vc_fix_input *input);
