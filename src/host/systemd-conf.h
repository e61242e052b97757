/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Configuration of systemd: a main file and the drop-ins beside it, in the four places they may lie
 * [systemd 252 src/basic/def.h CONF_PATHS_NULSTR, src/shared/conf-parser.c config_parse_many_nulstr].
 */
#pragma once

#include "host/scan.h"

struct vc_conf_key {
	const char *name; /* "HandleLidSwitch" */
	void (*take)(void *context, struct vc_span value, const char *from);
	void *context;
};

/*
 * Reads /etc/systemd/@name and the drop-ins, and hands every assignment to one of @key in [@section] to its
 * taker, in the order in which they override each other. The fact is known if all there is was read, whether
 * there is anything or not; else it says what could not be read.
 */
struct vc_fact vc_systemd_conf_read(struct vc_hostfs *fs, const char *name, const char *section,
				    const struct vc_conf_key *key, size_t keys);
