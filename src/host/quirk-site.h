/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The quirks of a site: files of a directory, in the format of data/quirks, read when the first fact asks for
 * a quirk and not before. They are about whatever host is looked at, a recorded one as well, so that the
 * directory is one of this machine and not of the host model.
 */
#pragma once

#include "base/arena.h"
#include "base/diag.h"
#include "host/quirk-source.h"

struct vc_site_quirks {
	const char *dir; /* need not exist */
	struct vc_arena *arena;
	struct vc_diags *diags;
	bool loaded;
	int broken; /* files that were refused; the others count */
	const struct vc_quirk_file *file;
	size_t files;
};

/* Reads the directory, once. NULL is allowed: a site without quirks. */
void vc_site_quirks_load(struct vc_site_quirks *site);

/* For scandir(): entries that are quirk files by their name. */
struct dirent;
int vc_quirk_file_named(const struct dirent *entry);

/* One file. Negative errno with diagnostics if it is refused. */
int vc_site_quirks_read(int dir, const char *name, const char *path, struct vc_arena *arena,
			struct vc_diags *diags, struct vc_quirk_file *ret_file) _must_check_;
