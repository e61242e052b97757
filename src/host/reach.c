/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/reach.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "host/os.h"
#include "host/walk.h"

/* Where the walk stands. */
struct walker {
	const struct vc_account *account;
	const struct vc_remote_mounts *mounts;
	struct vc_walk walk;
	struct vc_buf real; /* the directory, without links; "" is the root */
	unsigned names;     /* of the path that lead there, while no link was followed */
	bool linked;
};

static enum vc_tri
may(const struct walker *w, const char *path, const struct stat *st, unsigned want)
{
	unsigned char acl[VC_ACL_MAX];
	struct vc_access access = { .uid = st->st_uid, .gid = st->st_gid, .mode = st->st_mode & 07777 };

	if (!w->account)
		return VC_UNKNOWN;
	access.acl_size = vc_os_read_acl(path, acl, sizeof(acl));
	access.acl = access.acl_size > 0 ? acl : NULL;
	return vc_access_may(&access, w->account, want);
}

static void
cut_last(struct vc_buf *path)
{
	while (path->length > 0 && path->text[--path->length] != '/')
		;
	if (path->text)
		path->text[path->length] = '\0';
}

/* The directory that the walk stands in has to be gone through. */
static void
pass(const struct walker *w, const struct stat *st, struct vc_reach *reach)
{
	enum vc_tri through = may(w, w->real.length > 0 ? w->real.text : "/", st, VC_MAY_SEARCH);

	if (through == VC_NO && reach->reached != VC_NO)
		reach->stopped_at = w->linked ? 0 : w->names;
	reach->reached = vc_tri_and(reach->reached, through);
}

/* At a link: goes on where it leads. */
static int
follow(struct walker *w, const char *link)
{
	char target[PATH_MAX];
	ssize_t length = readlink(link, target, sizeof(target));
	int r;

	if (length < 0)
		return -errno;
	if ((size_t)length >= sizeof(target))
		return -ENAMETOOLONG;
	target[length] = '\0';
	r = vc_walk_link(&w->walk, target);
	w->linked = true;
	if (target[0] == '/' && w->real.length > 0)
		w->real.text[w->real.length = 0] = '\0';
	else
		cut_last(&w->real);
	return r;
}

static int
arrive(const struct walker *w, const struct stat *st, struct vc_reach *reach)
{
	const char *path = w->real.length > 0 ? w->real.text : "/";

	reach->exists = true;
	reach->st = *st;
	reach->readable = may(w, path, st, VC_MAY_READ);
	reach->writable = may(w, path, st, VC_MAY_WRITE);
	return 0;
}

static int
walk(struct walker *w, struct vc_reach *reach)
{
	const char *name;
	bool last = false;
	struct stat st;
	int r;

	if (lstat("/", &st) < 0)
		return -errno;
	while ((name = vc_walk_next(&w->walk, &last))) {
		if (!S_ISDIR(st.st_mode))
			return -ENOTDIR;
		pass(w, &st, reach);
		if (strcmp(name, "..") == 0) {
			w->linked = true; /* the names no longer say where it is */
			cut_last(&w->real);
		} else {
			vc_buf_addf(&w->real, "/%s", name);
			w->names++;
		}
		if (vc_is_remote_mount(w->mounts, vc_buf_text(&w->real)))
			return -EREMOTE;
		if (lstat(w->real.length > 0 ? w->real.text : "/", &st) < 0)
			return -errno;
		if (S_ISLNK(st.st_mode)) {
			r = follow(w, w->real.text);
			if (r < 0)
				return r;
			if (lstat(w->real.length > 0 ? w->real.text : "/", &st) < 0)
				return -errno;
		}
	}
	return arrive(w, &st, reach);
}

int
vc_reach_look(const char *path, const struct vc_account *account, const struct vc_remote_mounts *mounts,
	      struct vc_reach *ret_reach)
{
	struct walker w;
	struct vc_reach reach = { .reached = account ? VC_YES : VC_UNKNOWN };
	int r = path[0] == '/' ? vc_walk_begin(&w.walk, path) : -EINVAL;

	/* Piece by piece: the walk is too large to be cleared for every path. */
	w.account = account;
	w.mounts = mounts;
	w.real = (struct vc_buf){ 0 };
	w.names = 0;
	w.linked = false;
	if (r == 0)
		r = walk(&w, &reach);
	vc_buf_release(&w.real);
	/* What is not there is an answer as well. */
	if (r == -ENOENT || r == -ENOTDIR)
		r = 0;
	if (r == 0)
		*ret_reach = reach;
	return r;
}
