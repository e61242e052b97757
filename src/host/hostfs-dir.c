/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A tree that is a directory: the live host, a capture, an unpacked report.
 *
 * Below any root but the live one the kernel confines every path to the root (openat2, RESOLVE_IN_ROOT); where it
 * cannot, confine.c does. A plain open is for the live root only.
 */
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/confine.h"
#include "host/hostfs-impl.h"
#include "host/os.h"

#define CHUNK ((size_t)32 * 1024)

static void
close_fd(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}
#define _cleanup_fd_ _cleanup_(close_fd)

static int
open_path(const struct vc_hostfs *fs, const char *path, int flags)
{
	int fd;

	path += strspn(path, "/");
	if (!*path)
		path = ".";
	flags |= O_CLOEXEC;
	if (!fs->dir.confined) {
		fd = openat(fs->dir.root, path, flags);
		return fd < 0 ? -errno : fd;
	}
	if (fs->dir.openat2) {
		fd = vc_os_open_confined(fs->dir.root, path, flags);
		/* A rename anywhere while ".." is resolved [linux 6.12 fs/namei.c handle_dots]. */
		if (fd != -EAGAIN)
			return fd;
	}
	return vc_confined_open(fs->dir.root, path, flags);
}

static int
stat_path(const struct vc_hostfs *fs, const char *path, struct stat *ret_st)
{
	_cleanup_fd_ int fd = -1;

	if (fs->dir.confined && fs->dir.openat2) {
		fd = open_path(fs, path, VC_O_WALK);
		if (fd < 0)
			return fd;
		return fstat(fd, ret_st) < 0 ? -errno : 0;
	}
	path += strspn(path, "/");
	if (fs->dir.confined)
		return vc_confined_stat(fs->dir.root, path, ret_st);
	return fstatat(fs->dir.root, *path ? path : ".", ret_st, 0) < 0 ? -errno : 0;
}

/* Opens a regular file for reading. It is looked at before it is opened, because opening a device can act on it. */
static int
open_file(const struct vc_hostfs *fs, const char *path, struct stat *ret_st)
{
	int r;

	if (fs->dir.confined && !fs->dir.openat2)
		return vc_confined_open_file(fs->dir.root, path, ret_st);
	r = stat_path(fs, path, ret_st);
	if (r == 0)
		r = vc_refuse_kind(ret_st);
	return r < 0 ? r : open_path(fs, path, VC_O_FILE);
}

/*
 * Up to @size bytes from where @fd stands, retrying; less only at the end of the file. @likely bytes are
 * taken for all of it if they come in one piece, which saves asking again.
 */
static int
read_fully(int fd, char *to, size_t size, size_t likely, size_t *ret_size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t n = read(fd, to + done, size - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			/* Some attributes of sysfs say so though the file exists: that is not absence. */
			return errno == ENOENT ? -EIO : -errno;
		if (n == 0)
			break;
		done += (size_t)n;
		if (done == likely)
			break;
	}
	*ret_size = done;
	return 0;
}

/*
 * A large file, which is no file of /proc or /sys, is read to where it belongs at once. -EAGAIN: it is not as large as
 * it says.
 */
static int
read_large(struct vc_hostfs *fs, int fd, size_t size, const char **ret_data, size_t *ret_size)
{
	size_t n = 0;
	char *data;
	int r;

	r = vc_hostfs_take(fs, size);
	if (r < 0)
		return r;
	data = vc_arena_alloc(fs->arena, size + 1);
	/* One byte more, which is to stay the NUL. */
	r = read_fully(fd, data, size + 1, 0, &n);
	if (r < 0)
		return r;
	if (n != size)
		return -EAGAIN;
	*ret_data = data;
	*ret_size = size;
	return 0;
}

/* The size that files in /proc and /sys state is no guide (0 or a page): those are read to their end. */
static int
dir_read(struct vc_hostfs *fs, const char *path, uint64_t offset, size_t size, const char **ret_data,
	 size_t *ret_size)
{
	_cleanup_buf_ struct vc_buf buf = { 0 };
	_cleanup_fd_ int fd = -1;
	bool whole = size == VC_HOSTFS_WHOLE;
	/* One byte more tells a file of just the largest size from a larger one. */
	size_t limit = whole ? fs->file_max + 1 : size;
	char chunk[CHUNK];
	struct stat st;
	size_t likely, n;
	int r;

	if (!whole && (size > fs->file_max || offset > INT64_MAX))
		return -EFBIG;
	fd = open_file(fs, path, &st);
	if (fd < 0)
		return fd;
	if (whole && st.st_size > 0 && (uint64_t)st.st_size > fs->file_max)
		return -EFBIG;
	if (whole && (uint64_t)st.st_size > sizeof(chunk)) {
		r = read_large(fs, fd, (size_t)st.st_size, ret_data, ret_size);
		if (r != -EAGAIN || lseek(fd, 0, SEEK_SET) < 0)
			return r;
	}
	likely = st.st_size > 0 && (uint64_t)st.st_size < sizeof(chunk) ? (size_t)st.st_size : 0;
	if (offset > 0 && lseek(fd, (off_t)offset, SEEK_SET) < 0)
		return -errno;
	do {
		size_t want = limit - buf.length < sizeof(chunk) ? limit - buf.length : sizeof(chunk);

		r = read_fully(fd, chunk, want, buf.length == 0 && offset == 0 ? likely : 0, &n);
		if (r < 0)
			return r;
		if (buf.length == 0 && n < sizeof(chunk) && n < limit)
			break; /* the common case: a small file, copied once */
		vc_buf_add_n(&buf, chunk, n);
		if (buf.length > fs->room)
			return -EFBIG;
	} while (n == sizeof(chunk) && buf.length < limit);
	if (buf.length > 0)
		n = buf.length;
	if (whole && n > fs->file_max)
		return -EFBIG;
	r = vc_hostfs_take(fs, n);
	if (r < 0)
		return r;
	*ret_data = vc_arena_strndup(fs->arena, buf.length > 0 ? buf.text : chunk, n);
	*ret_size = n;
	return 0;
}

/* A link below a confined root. */
static int
read_confined_link(const struct vc_hostfs *fs, const char *path, char target[PATH_MAX])
{
	_cleanup_fd_ int fd = -1;
	struct stat st;

	if (!fs->dir.openat2)
		return vc_confined_read_link(fs->dir.root, path, target);
	fd = open_path(fs, path, VC_O_WALK | O_NOFOLLOW);
	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return -errno;
	return S_ISLNK(st.st_mode) ? vc_read_link_at(fd, "", target) : -EINVAL;
}

static int
dir_read_link(struct vc_hostfs *fs, const char *path, const char **ret_target)
{
	char target[PATH_MAX];
	int r;

	path += strspn(path, "/");
	if (fs->dir.confined)
		r = read_confined_link(fs, path, target);
	else
		r = vc_read_link_at(fs->dir.root, *path ? path : ".", target);
	if (r < 0)
		return r;
	*ret_target = vc_arena_strdup(fs->arena, target);
	return 0;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
close_dir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

static int
dir_list(struct vc_hostfs *fs, const char *path, const char *const **ret_name, size_t *ret_count)
{
	_cleanup_(close_dir) DIR *dir = NULL;
	const char **name = NULL;
	const struct dirent *entry;
	size_t count = 0;
	int fd, r;

	fd = open_path(fs, path, O_RDONLY | O_DIRECTORY | O_NONBLOCK);
	if (fd < 0)
		return fd;
	dir = fdopendir(fd);
	if (!dir) {
		r = -errno;
		close(fd);
		return r;
	}
	while ((errno = 0, entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (count >= VC_HOSTFS_NAMES_MAX)
			return -EFBIG;
		r = vc_hostfs_take(fs, strlen(entry->d_name) + sizeof(*name));
		if (r < 0)
			return r;
		*(const char **)vc_arena_append(fs->arena, (void **)&name, &count, sizeof(*name)) =
			vc_arena_strdup(fs->arena, entry->d_name);
	}
	if (errno != 0)
		return errno == ENOENT ? -EIO : -errno;
	if (count > 0)
		qsort(name, count, sizeof(*name), compare_names);
	*ret_name = name;
	*ret_count = count;
	return 0;
}

static enum vc_node_kind
node_kind(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return VC_NODE_FILE;
	case S_IFDIR:
		return VC_NODE_DIRECTORY;
	case S_IFCHR:
		return VC_NODE_CHARACTER;
	case S_IFBLK:
		return VC_NODE_BLOCK;
	default:
		return VC_NODE_OTHER;
	}
}

static int
dir_stat(struct vc_hostfs *fs, const char *path, struct vc_node *ret_node)
{
	struct stat st;
	int r = stat_path(fs, path, &st);

	if (r < 0)
		return r;
	*ret_node = (struct vc_node){
		.kind = node_kind(st.st_mode),
		.mode = st.st_mode & 07777,
		.uid = st.st_uid,
		.gid = st.st_gid,
		.size = st.st_size > 0 ? (uint64_t)st.st_size : 0,
		.ctime = st.st_ctim.tv_sec > 0 ? st.st_ctim.tv_sec : 0,
	};
	return 0;
}

static int
dir_enter(struct vc_hostfs *fs, const char *name)
{
	int fd = openat(fs->dir.root, name, VC_O_WALK | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	close(fs->dir.root);
	fs->dir.root = fd;
	return 0;
}

/* Is the deepest directory that exists, of @parent and those above it, in the file system that belongs there? */
static bool
is_covered(const struct vc_hostfs *fs, char *parent)
{
	_cleanup_fd_ int fd = -1;

	for (;;) {
		char *slash;

		fd = open_path(fs, parent, VC_O_WALK | O_DIRECTORY);
		if (fd >= 0)
			return vc_os_is_mounted(fd, parent);
		slash = strrchr(parent, '/');
		if (fd != -ENOENT || slash == parent)
			return false; /* not even /sys is there */
		*slash = '\0';
	}
}

/*
 * A chroot without /sys, or a container that hides /sys/firmware behind an empty tmpfs, must not pass for a
 * host that has no such thing. What is missing is often missing beside more of it, as the parameters of a module that
 * is not loaded: the answers of the last few directories are kept.
 */
static bool
dir_covers(struct vc_hostfs *fs, const char *path)
{
	_cleanup_free_ char *parent = NULL;
	struct vc_covered *covered;
	size_t length;

	if (!fs->dir.mounts || !vc_os_is_mounted_apart(path))
		return true;
	length = (size_t)(strrchr(path, '/') - path);
	if (length == 0)
		return false;
	for (size_t i = 0; i < VC_COUNT(fs->dir.covered); i++) {
		covered = &fs->dir.covered[i];
		if (covered->path && covered->length == length && memcmp(covered->path, path, length) == 0)
			return covered->covers;
	}
	parent = strndup(path, length);
	if (!parent)
		return false;
	covered = &fs->dir.covered[fs->dir.next_covered++ % VC_COUNT(fs->dir.covered)];
	*covered = (struct vc_covered){ .path = path, .length = length, .covers = is_covered(fs, parent) };
	return covered->covers;
}

static void
dir_close(struct vc_hostfs *fs)
{
	close(fs->dir.root);
}

void
vc_hostfs_use_dir(struct vc_hostfs *fs, int root, bool confined)
{
	fs->backend = &vc_hostfs_dir;
	fs->dir.root = root;
	fs->dir.confined = confined;
	if (confined) {
		int fd = vc_os_open_confined(root, ".", VC_O_WALK | O_CLOEXEC);

		/* An old kernel says ENOSYS, some sandboxes EPERM; the walk by hand serves all. */
		fs->dir.openat2 = fd >= 0;
		if (fd >= 0)
			close(fd);
	}
}

const struct vc_backend vc_hostfs_dir = {
	.read = dir_read,
	.read_link = dir_read_link,
	.list = dir_list,
	.stat = dir_stat,
	.enter = dir_enter,
	.covers = dir_covers,
	.close = dir_close,
};
