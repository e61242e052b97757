/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Domains before and after their fix, left in a directory for tests/integration/fix-validate. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

/* Writes @directory/@number.@kind; gives up the program if that cannot be. */
static inline void
leave(const char *directory, unsigned number, const char *kind, const char *text, size_t size)
{
	_cleanup_buf_ struct vc_buf name = { 0 };
	FILE *file;

	vc_buf_addf(&name, "%s/%u.%s", directory, number, kind);
	file = fopen(vc_buf_text(&name), "w");
	if (!file || fwrite(text, 1, size, file) != size || fclose(file) != 0) {
		printf("%s cannot be written\n", vc_buf_text(&name));
		exit(2);
	}
}

/* @test: the file of the case. */
static inline void
leave_fixed(const char *directory, unsigned number, const char *test, const char *before, size_t before_size,
	    const char *after, size_t after_size)
{
	leave(directory, number, "before.xml", before, before_size);
	leave(directory, number, "after.xml", after, after_size);
	leave(directory, number, "case", test, strlen(test));
}
