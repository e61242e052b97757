/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A path, looked at step by step as the kernel goes it: whether something is at its end, and whether somebody
 * else gets there. Nothing is opened, and nothing on file systems of other machines is asked.
 */
#pragma once

#include <sys/stat.h>

#include "host/access.h"
#include "host/remote-mounts.h"

struct vc_reach {
	bool exists;
	struct stat st;       /* what is there, links followed */
	enum vc_tri reached;  /* every directory on the way lets the account through */
	unsigned stopped_at;  /* VC_NO: how many names of the path lead to the first that does not; 0: a link
				 leads there */
	enum vc_tri readable; /* by the account, once it is there; unknown if nothing is */
	enum vc_tri writable;
};

/* @account NULL: nobody in particular. Negative errno where it cannot be told what is there: -EREMOTE,
 * -EACCES, ... */
int vc_reach_look(const char *path, const struct vc_account *account, const struct vc_remote_mounts *mounts,
		  struct vc_reach *ret_reach) _must_check_;
