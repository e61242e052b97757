/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/access.h"

#include <inttypes.h>
#include <stdio.h>

/* [linux 6.12 include/uapi/linux/posix_acl.h, include/uapi/linux/posix_acl_xattr.h] */
#define ACL_VERSION 2
#define ACL_HEADER 4
#define ACL_ENTRY 8
enum {
	TAG_USER_OBJ = 0x01,
	TAG_USER = 0x02,
	TAG_GROUP_OBJ = 0x04,
	TAG_GROUP = 0x08,
	TAG_MASK = 0x10,
	TAG_OTHER = 0x20
};

static bool
in_group(const struct vc_account *account, uint64_t gid)
{
	char text[3 * sizeof(gid)];

	snprintf(text, sizeof(text), "%" PRIu64, gid);
	return vc_set_has(account->groups, text);
}

static uint32_t
little_endian(const unsigned char *byte, size_t size)
{
	uint32_t value = 0;

	while (size > 0)
		value = value << 8 | byte[--size];
	return value;
}

/* [linux 6.12 fs/posix_acl.c posix_acl_permission]. Unknown: no list that the kernel would write. */
static enum vc_tri
by_list(const struct vc_access *access, const struct vc_account *account, unsigned want)
{
	const unsigned char *entry = (const unsigned char *)access->acl + ACL_HEADER;
	unsigned mask = 7, other = 0;
	enum vc_tri user = VC_UNKNOWN;
	bool grouped = false, granted = false, masked;

	if (access->acl_size > VC_ACL_MAX || access->acl_size < ACL_HEADER ||
	    (access->acl_size - ACL_HEADER) % ACL_ENTRY != 0 || little_endian(access->acl, 4) != ACL_VERSION)
		return VC_UNKNOWN;
	for (size_t left = (access->acl_size - ACL_HEADER) / ACL_ENTRY; left > 0;
	     left--, entry += ACL_ENTRY) {
		unsigned tag = little_endian(entry, 2), permission = little_endian(entry + 2, 2);
		uint64_t id = little_endian(entry + 4, 4);
		bool enough = (permission & want) == want;

		if (tag == TAG_USER_OBJ && access->uid == account->uid)
			return vc_tri_from(enough);
		if (tag == TAG_USER && id == account->uid)
			user = vc_tri_from(enough);
		if ((tag == TAG_GROUP_OBJ && in_group(account, access->gid)) ||
		    (tag == TAG_GROUP && in_group(account, id))) {
			grouped = true;
			granted = granted || enough;
		}
		if (tag == TAG_MASK)
			mask = permission;
		if (tag == TAG_OTHER)
			other = permission;
	}
	masked = (mask & want) == want;
	if (user != VC_UNKNOWN)
		return vc_tri_from(user == VC_YES && masked);
	if (grouped)
		return vc_tri_from(granted && masked);
	return vc_tri_from((other & want) == want);
}

enum vc_tri
vc_access_may(const struct vc_access *access, const struct vc_account *account, unsigned want)
{
	enum vc_tri may;

	if (access->acl)
		may = by_list(access, account, want);
	else if (access->uid == account->uid)
		may = vc_tri_from((access->mode >> 6 & want) == want);
	else if (in_group(account, access->gid))
		may = vc_tri_from((access->mode >> 3 & want) == want);
	else
		may = vc_tri_from((access->mode & want) == want);
	return may == VC_NO && account->uid == 0 ? VC_UNKNOWN : may;
}
