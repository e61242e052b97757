/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/confine.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "host/os.h"
#include "host/walk.h"

/* Deeper than any real path below /sys. */
#define DEPTH_MAX 128

int
vc_read_link_at(int fd, const char *name, char target[PATH_MAX])
{
	ssize_t length = readlinkat(fd, name, target, PATH_MAX);

	if (length < 0)
		return -errno;
	if (length >= PATH_MAX)
		return -ENAMETOOLONG;
	target[length] = '\0';
	return 0;
}

/* The directories from the root down to where a walk stands. */
struct stack {
	int fd[DEPTH_MAX];
	size_t depth; /* fd[0], the root, is not the stack's */
};

static void
stack_cut(struct stack *stack, size_t depth)
{
	while (stack->depth > depth)
		close(stack->fd[stack->depth--]);
}

/* Where a path leads: a name in the directory on top of the stack, which is no link but the one that was asked for. */
struct place {
	struct stack stack;
	struct vc_walk walk;
	const char *name; /* "." for the root, or what ".." led to */
};

/* All that has to hold before a walk; the rest of a place is pages of memory, which are not cleared for every file. */
static void
place_init(struct place *place, int root)
{
	place->stack.fd[0] = root;
	place->stack.depth = 0;
	place->name = ".";
}

static void
place_release(struct place *place)
{
	stack_cut(&place->stack, 0);
}

static int
directory_of(const struct place *place)
{
	return place->stack.fd[place->stack.depth];
}

/* The name that was walked to is a link: goes on where it leads. */
static int
take_link(struct place *place, const char *name)
{
	char target[PATH_MAX];
	int r = vc_read_link_at(directory_of(place), name, target);

	if (r < 0)
		return r;
	if (target[0] == '/')
		stack_cut(&place->stack, 0);
	return vc_walk_link(&place->walk, target);
}

static int
enter(struct place *place, const char *name)
{
	int fd;

	if (place->stack.depth + 1 >= DEPTH_MAX)
		return -ENAMETOOLONG;
	fd = openat(directory_of(place), name, VC_O_WALK | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	place->stack.fd[++place->stack.depth] = fd;
	return 0;
}

/* Finds @path with no help of the kernel but O_NOFOLLOW. @place is initialised and released by the caller. */
static int
walk_to(struct place *place, const char *path, bool follow)
{
	const char *name;
	bool last = false;
	struct stat st;
	int r;

	r = vc_walk_begin(&place->walk, path);
	while (r == 0 && (name = vc_walk_next(&place->walk, &last))) {
		if (strcmp(name, "..") == 0) {
			stack_cut(&place->stack, place->stack.depth > 0 ? place->stack.depth - 1 : 0);
			continue;
		}
		if (fstatat(directory_of(place), name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			return -errno;
		if (S_ISLNK(st.st_mode) && (follow || !last)) {
			r = take_link(place, name);
		} else if (last) {
			place->name = name;
			return 0;
		} else {
			r = S_ISDIR(st.st_mode) ? enter(place, name) : -ENOTDIR;
		}
	}
	return r;
}

int
vc_confined_open(int root, const char *path, int flags)
{
	_cleanup_(place_release) struct place place;
	int r, fd;

	place_init(&place, root);
	r = walk_to(&place, path, !(flags & O_NOFOLLOW));
	if (r < 0)
		return r;
	fd = openat(directory_of(&place), place.name, flags | O_NOFOLLOW);
	return fd < 0 ? -errno : fd;
}

int
vc_confined_stat(int root, const char *path, struct stat *ret_st)
{
	_cleanup_(place_release) struct place place;
	int r;

	place_init(&place, root);
	r = walk_to(&place, path, true);
	if (r < 0)
		return r;
	return fstatat(directory_of(&place), place.name, ret_st, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
}

int
vc_confined_open_file(int root, const char *path, struct stat *ret_st)
{
	_cleanup_(place_release) struct place place;
	int r, fd;

	place_init(&place, root);
	r = walk_to(&place, path, true);
	if (r == 0)
		r = fstatat(directory_of(&place), place.name, ret_st, AT_SYMLINK_NOFOLLOW) < 0
			    ? -errno
			    : vc_refuse_kind(ret_st);
	if (r < 0)
		return r;
	fd = openat(directory_of(&place), place.name, VC_O_FILE | O_CLOEXEC | O_NOFOLLOW);
	return fd < 0 ? -errno : fd;
}

int
vc_confined_read_link(int root, const char *path, char target[PATH_MAX])
{
	_cleanup_(place_release) struct place place;
	struct stat st;
	int r;

	place_init(&place, root);
	r = walk_to(&place, path, false);
	if (r < 0)
		return r;
	if (fstatat(directory_of(&place), place.name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	return S_ISLNK(st.st_mode) ? vc_read_link_at(directory_of(&place), place.name, target) : -EINVAL;
}
