/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a host model has to hold for all that is asked of it: areas, devices, emulators, files. */
#pragma once

#include "cli/run.h"

struct vc_names_wanted {
	const char **name;
	size_t count;
};

struct vc_wants {
	struct vc_arena *arena; /* borrowed; the names are borrowed from elsewhere until vc_wants_merge() */
	unsigned areas;
	bool all_devices;
	struct vc_names_wanted device, emulator, usb, listen;
	struct vc_names_wanted rom, image, file, firmware; /* files */
};

/* What the rules need to judge @guest, which is read and not derived; NULL: the host alone. */
void vc_wants_add(struct vc_wants *wants, const struct vc_ruleset *rules, const struct vc_guest *guest);

/* What the domains of a host are likely to name: emulators of any architecture, KVM. For when no domain is given. */
void vc_wants_usual_files(struct vc_wants *wants);

/*
 * Adds to @wants what @more has and it has not, with copies of the names; but files are not added up. False if it had
 * all of it. Names are sorted and stand once.
 */
bool vc_wants_merge(struct vc_wants *wants, struct vc_wants *more);

/*
 * @wants has the files of @more, which keeps their names, and no others: of a thousand domains each has its own. False
 * if there are none.
 */
bool vc_wants_files_of(struct vc_wants *wants, struct vc_wants *more);

/* Probes the host for it. */
void vc_wants_probe(const struct vc_wants *wants, const struct vc_run_options *options, struct vc_hostfs *fs,
		    struct vc_host *ret_host);
/* The files alone. */
void vc_wants_probe_files(const struct vc_wants *wants, const struct vc_run_options *options, struct vc_hostfs *fs,
			  struct vc_host *host);
