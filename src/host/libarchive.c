/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/libarchive.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>

#define SONAME "libarchive.so.13"

static const struct {
	const char *name;
	size_t offset;
} calls[] = {
#define CALL(type, call, arguments) { .name = #call, .offset = offsetof(struct vc_libarchive, call) },
	VC_LIBARCHIVE_CALLS(CALL)
#undef CALL
};

const struct vc_libarchive *
vc_libarchive_load(const char *file, struct vc_diags *diags)
{
	static struct vc_libarchive table;
	static bool loaded;
	void *library;

	if (loaded)
		return &table;
	/* Never unloaded: it costs nothing, and libraries below it do not all survive it. */
	library = dlopen(SONAME, RTLD_NOW | RTLD_LOCAL);
	if (!library) {
		vc_diag_add(diags, file, 0,
			    "archives need " SONAME
			    ", which is not installed: install the Debian package libarchive13 "
			    "(libarchive13t64), or name a directory");
		return NULL;
	}
	for (size_t i = 0; i < VC_COUNT(calls); i++) {
		void *call = dlsym(library, calls[i].name);

		if (!call) {
			vc_diag_add(diags, file, 0, "this " SONAME " has no %s", calls[i].name);
			return NULL;
		}
		memcpy((char *)&table + calls[i].offset, &call, sizeof(call));
	}
	loaded = true;
	return &table;
}
