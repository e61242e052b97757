/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>

#include "cli/attributes.h"

/* The kernel gives these to every file by itself, and lets few change them. */
static bool
is_attribute_of_kernel(const char *name)
{
	return strncmp(name, "security.", strlen("security.")) == 0 || strncmp(name, "trusted.", strlen("trusted.")) == 0;
}

static int
copy_attribute(const char *from, int to, const char *name)
{
	ssize_t size = lgetxattr(from, name, NULL, 0);
	_cleanup_free_ char *value = size >= 0 ? malloc((size_t)size + 1) : NULL;

	if (size >= 0 && !value)
		abort();
	if (size >= 0)
		size = lgetxattr(from, name, value, (size_t)size);
	if (size >= 0 && fsetxattr(to, name, value, (size_t)size, 0) == 0)
		return 0;
	return is_attribute_of_kernel(name) ? 0 : -errno;
}

int
vc_copy_attributes(const char *from, int to)
{
	ssize_t size = llistxattr(from, NULL, 0);
	_cleanup_free_ char *names = size > 0 ? malloc((size_t)size) : NULL;

	if (size > 0 && !names)
		abort();
	if (size > 0)
		size = llistxattr(from, names, (size_t)size);
	if (size < 0)
		return errno == ENOTSUP ? 0 : -errno;
	for (const char *name = names; name < names + size; name += strlen(name) + 1) {
		int r = copy_attribute(from, to, name);

		if (r < 0)
			return r;
	}
	return 0;
}
