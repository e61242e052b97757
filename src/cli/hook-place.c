/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/hook-place.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/trust.h"

#define PROGRAM "vhostcheck"

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static const char *
read_link(const char *path, struct vc_arena *arena)
{
	char target[4096];
	ssize_t length = readlink(path, target, sizeof(target));

	return length > 0 && length < (ssize_t)sizeof(target)
		       ? vc_arena_strndup(arena, target, (size_t)length)
		       : NULL;
}

/* What libvirt runs: a file, not a directory, that it may execute [libvirt 11.3 src/util/virfile.c
 * virFileIsExecutable]. */
static const char *
why_not_run(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return strerror(errno);
	if (!S_ISREG(st.st_mode))
		return "is no program";
	return st.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH) ? NULL : "is not executable (chmod +x)";
}

static void
look_at_link(struct vc_hook_place *place, struct vc_arena *arena)
{
	struct stat st;

	if (lstat(place->link, &st) < 0)
		return;
	place->since = st.st_ctime;
	place->target = S_ISLNK(st.st_mode) ? read_link(place->link, arena) : NULL;
	place->kind = place->target && strncmp(base_name(place->target), PROGRAM, strlen(PROGRAM)) == 0
			      ? VC_LINK_OURS
			      : VC_LINK_FOREIGN;
	if (place->kind == VC_LINK_OURS)
		place->broken = why_not_run(
			place->target[0] == '/' ? vc_arena_printf(arena, "%s%s", place->root, place->target)
						: place->link);
}

static void
add_script(struct vc_hook_place *place, struct vc_hook_script **list, struct vc_arena *arena,
	   const char *path, bool after)
{
	struct vc_hook_script *script;
	struct stat st;

	if (why_not_run(path) || lstat(path, &st) < 0)
		return;
	script = vc_arena_append(arena, (void **)list, &place->scripts, sizeof(*script));
	*script = (struct vc_hook_script){ .path = path, .after = after, .since = st.st_ctime };
}

static int
compare_scripts(const void *a, const void *b)
{
	return strcmp(((const struct vc_hook_script *)a)->path, ((const struct vc_hook_script *)b)->path);
}

/* libvirt sorts by the bytes of the names, and takes hidden files and backups as well [libvirt 11.3 virhook.c
 * virHookCall]. */
static void
look_at_scripts(struct vc_hook_place *place, struct vc_arena *arena)
{
	const char *main_hook = vc_arena_printf(arena, "%s" VC_HOOKS_DIR "/qemu", place->root);
	const char *directory = vc_arena_printf(arena, "%s.d", main_hook);
	struct vc_hook_script *list = NULL;
	DIR *dir = opendir(directory);

	for (struct dirent *entry; dir && (entry = readdir(dir));) {
		int order = strcmp(entry->d_name, base_name(place->link));

		if (order != 0)
			add_script(place, &list, arena,
				   vc_arena_printf(arena, "%s/%s", directory, entry->d_name), order > 0);
	}
	if (dir)
		closedir(dir);
	add_script(place, &list, arena, main_hook, false);
	if (place->scripts > 0)
		qsort(list, place->scripts, sizeof(*list), compare_scripts);
	place->script = list;
}

struct vc_hook_place
vc_hook_place_look(const char *root, struct vc_arena *arena)
{
	size_t length = strlen(root);
	struct vc_hook_place place = { .kind = VC_LINK_NONE };

	while (length > 0 && root[length - 1] == '/')
		length--;
	place.root = vc_arena_strndup(arena, root, length);
	place.link = vc_arena_printf(arena, "%s" VC_HOOK_LINK, place.root);
	look_at_link(&place, arena);
	look_at_scripts(&place, arena);
	return place;
}

const char *
vc_hook_program(const char *root, struct vc_arena *arena)
{
	const char *self = read_link("/proc/self/exe", arena);
	size_t length = strlen(root);

	if (length == 0)
		return self ? self : VC_BINDIR "/" PROGRAM;
	/* Below another root it is where it was built to be, unless it runs from there. */
	if (self && strncmp(self, root, length) == 0 && self[length] == '/')
		return self + length;
	return VC_BINDIR "/" PROGRAM;
}

const char *
vc_hook_program_risk(const char *program, struct vc_arena *arena)
{
	char *path = vc_arena_strdup(arena, program);
	struct stat st, below;
	bool first = true;

	for (char *slash = path + strlen(path); slash; slash = strrchr(path, '/'), first = false) {
		*slash = '\0';
		if (stat(*path ? path : "/", &st) < 0)
			return vc_arena_printf(arena, "%s: %s", path, strerror(errno));
		/* In a directory such as /tmp (sticky) only the owner of a file replaces it. */
		if (!vc_is_trusted(&st) &&
		    (first || !(st.st_mode & S_ISVTX) || below.st_uid != 0 || st.st_uid != 0))
			return vc_arena_printf(arena, "others than root may change %s", *path ? path : "/");
		below = st;
	}
	return NULL;
}
