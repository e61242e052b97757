/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The configuration of a site, vhostcheck.conf(5): what libvirt's hook does, and which rules nobody here
 * wants to hear of. Sections in brackets, KEY = VALUE below them, comments in lines of their own.
 */
#pragma once

#include "base/diag.h"
#include "rules/engine.h"

enum vc_hook_mode {
	VC_HOOK_ENFORCE, /* a proven error refuses the start */
	VC_HOOK_WARN,    /* everything goes to syslog */
	VC_HOOK_OFF,
};

#define VC_TIME_LIMIT_DEFAULT 1000u /* milliseconds */

/* [domain NAME]; the first one holds for all, and has no domain. */
struct vc_config_domain {
	const char *domain;
	int line;
	bool has_mode;
	enum vc_hook_mode mode;
};

/* [ignore NAME] */
struct vc_config_ignore {
	const char *domain; /* NULL: every one, and the host alone */
	const char *rule, *by;
	int line;
};

struct vc_config {
	const char *file; /* NULL: there is none */
	bool broken;      /* something in it was not understood; the rest is here */
	bool forbidden; /* this user may not read it, so that nothing of it is here; broken as well */
	enum vc_hook_mode mode;
	bool fail_closed;    /* a check that fails refuses the start */
	unsigned time_limit; /* milliseconds */
	const struct vc_config_domain *domain;
	size_t domains;
	const struct vc_config_ignore *ignore;
	size_t ignores;
};

/* Defaults in *ret_config, and what @text says. Each mistake is a diagnostic with its line, and makes it
 * broken. */
void vc_config_parse(const char *text, size_t size, const char *file, struct vc_arena *arena,
		     struct vc_diags *diags, struct vc_config *ret_config);

/* The same from a file, which need not exist. As root, one that others may write is broken, and nothing of it
 * is used. */
void vc_config_read(const char *file, struct vc_arena *arena, struct vc_diags *diags,
		    struct vc_config *ret_config);

/*
 * For a domain with this name and UUID (NULL: not known). What is said of the UUID counts more than what is
 * said of the name, and that more than what is said of all.
 */
enum vc_hook_mode vc_config_mode(const struct vc_config *config, const char *name, const char *uuid);

/* Whether it says something of a domain by its UUID, so that the name is not enough to know the mode. */
bool vc_config_names_uuids(const struct vc_config *config);

/* The rules that are not reported for a domain; for the host alone both are NULL. Arena. */
const struct vc_suppression *vc_config_suppressions(const struct vc_config *config, const char *name,
						    const char *uuid, struct vc_arena *arena,
						    size_t *ret_count);

const char *vc_hook_mode_name(enum vc_hook_mode mode);
