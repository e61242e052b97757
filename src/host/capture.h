/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records a host: everything the probes ask, with every answer and every refusal, as a directory or a .tar.gz
 * that hostfs reads back. Layout:
 *   sys/..., proc/..., etc/...   files that were read, at their real paths, with the links that led there
 *   vhostcheck/manifest          all questions and answers (src/host/manifest.h)
 *   vhostcheck/<name>            what is not a file: vc_hostfs_ask()
 *   vhostcheck/data/<number>     answers whose natural place was taken: parts of a file, a file that changed
 * Device nodes are never stored: what stat said of them is in the manifest.
 */
#pragma once

#include "host/hostfs.h"

struct vc_capture;

/* Listens to every question from now on; lives in the arena of @fs. */
struct vc_capture *vc_capture_start(struct vc_hostfs *fs);

struct vc_capture_options {
	bool keep_identity;    /* do not redact, see src/host/redact.h */
	const char *host_name; /* to be hidden; NULL: what the recorded host calls itself */
};

struct vc_capture_summary {
	size_t known, absent, refused; /* questions by their answer */
};

/*
 * Writes what was recorded so far to @path: an archive if it ends in .tar.gz or .tgz (replaced at once, or
 * not at all), else a directory that is new or empty. Only the owner may read either: the kernel showed part
 * of it to root alone. On failure adds a diagnostic. @ret_summary may be NULL.
 */
int vc_capture_save(struct vc_capture *capture, const char *path, const struct vc_capture_options *options,
		    struct vc_diags *diags, struct vc_capture_summary *ret_summary) _must_check_;
