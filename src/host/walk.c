/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/walk.h"

#include <errno.h>
#include <string.h>

/* [linux 6.12 include/linux/namei.h MAXSYMLINKS] */
#define LINKS_MAX 40

int
vc_walk_begin(struct vc_walk *walk, const char *path)
{
	size_t length = strlen(path);

	if (length >= PATH_MAX)
		return -ENAMETOOLONG;
	walk->at = sizeof(walk->text) - 1 - length;
	memcpy(walk->text + walk->at, path, length + 1);
	walk->links = 0;
	return 0;
}

const char *
vc_walk_next(struct vc_walk *walk, bool *ret_last)
{
	for (;;) {
		char *name = walk->text + walk->at;
		size_t length;

		name += strspn(name, "/");
		length = strcspn(name, "/");
		walk->at = (size_t)(name - walk->text);
		if (length == 0)
			return NULL;
		walk->at += length;
		if (name[length] == '/')
			walk->text[walk->at++] = '\0';
		if (length == 1 && name[0] == '.')
			continue;
		*ret_last = walk->text[walk->at + strspn(walk->text + walk->at, "/")] == '\0';
		return name;
	}
}

int
vc_walk_link(struct vc_walk *walk, const char *target)
{
	size_t length = strlen(target);
	size_t rest = sizeof(walk->text) - 1 - walk->at;

	if (++walk->links > LINKS_MAX)
		return -ELOOP;
	if (length == 0)
		return -ENOENT;
	if (length + 1 + rest >= PATH_MAX)
		return -ENAMETOOLONG;
	if (rest > 0)
		walk->text[--walk->at] = '/';
	walk->at -= length;
	memcpy(walk->text + walk->at, target, length);
	return 0;
}
