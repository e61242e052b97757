/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What somebody may do with a file: owner, mode and access control list, as the kernel judges them. Pure:
 * nothing is opened here.
 */
#pragma once

#include <sys/types.h>

#include "base/fact.h"
#include "base/tri.h"

/* Somebody's numbers: those of libvirt's QEMU, say. */
struct vc_account {
	uint64_t uid;
	const struct vc_fact_set *groups; /* all of them, the primary one among them */
};

/* What there is to judge by. */
struct vc_access {
	uint64_t uid, gid;
	unsigned mode;
	const void *acl; /* extended attribute system.posix_acl_access; NULL: none */
	size_t acl_size;
};

/* Bits of a mode [posix]. */
enum { VC_MAY_SEARCH = 1, VC_MAY_WRITE = 2, VC_MAY_READ = 4 };

/* The most entries of a list that are looked at; one with more is not decided. */
#define VC_ACL_MAX ((size_t)4 + 8 * 128)

/* Unknown for root where the mode refuses: what it may besides depends on its capabilities. */
enum vc_tri vc_access_may(const struct vc_access *access, const struct vc_account *account, unsigned want);
