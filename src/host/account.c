/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/account.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* What distributions build libvirt with [libvirt 11.3 meson.build qemu_user]. The first that exists, if only
 * one does. */
static const char *const usual[] = { "libvirt-qemu", "qemu" };

struct entry {
	struct vc_span name;
	uint64_t uid, gid;
};

/* "name:x:uid:gid:..." */
static bool
parse_user(struct vc_span line, struct entry *ret_entry)
{
	struct vc_span field;

	return vc_span_until(&line, ':', &ret_entry->name) && vc_span_until(&line, ':', &field) &&
	       vc_span_until(&line, ':', &field) &&
	       vc_span_number(field, VC_BASE_DEC, &ret_entry->uid) == 0 &&
	       vc_span_until(&line, ':', &field) && vc_span_number(field, VC_BASE_DEC, &ret_entry->gid) == 0;
}

/* By name, or by number if @name is NULL. */
static bool
find_user(struct vc_span passwd, const char *name, uint64_t uid, struct entry *ret_entry)
{
	struct vc_span line;

	while (vc_span_line(&passwd, &line)) {
		if (parse_user(line, ret_entry) &&
		    (name ? vc_span_is(ret_entry->name, name) : ret_entry->uid == uid))
			return true;
	}
	return false;
}

static bool
parse_group(struct vc_span line, struct entry *ret_entry, struct vc_span *ret_members)
{
	struct vc_span field;

	if (!vc_span_until(&line, ':', &ret_entry->name) || !vc_span_until(&line, ':', &field) ||
	    !vc_span_until(&line, ':', &field) || vc_span_number(field, VC_BASE_DEC, &ret_entry->gid) < 0)
		return false;
	*ret_members = line;
	return true;
}

static bool
is_member(struct vc_span members, struct vc_span name)
{
	struct vc_span member;

	while (vc_span_until(&members, ',', &member)) {
		if (member.length == name.length && memcmp(member.text, name.text, name.length) == 0)
			return true;
	}
	return false;
}

/* A name, a number, or "+number" that is never a name [libvirt 11.3 src/util/virutil.c virGetUserID]. */
static bool
is_number(const char *text, uint64_t *ret_number)
{
	return vc_span_number(vc_span_from(text + (text[0] == '+')), VC_BASE_DEC, ret_number) == 0;
}

static int
choose_user(struct vc_span passwd, const char *user, struct entry *ret_entry)
{
	struct entry entry;
	size_t found = 0;
	uint64_t uid;

	if (user && user[0] != '+' && find_user(passwd, user, 0, ret_entry))
		return 0;
	if (user && is_number(user, &uid)) {
		if (!find_user(passwd, NULL, uid, ret_entry))
			*ret_entry =
				(struct entry){ .name = vc_span_from(""), .uid = uid, .gid = UINT64_MAX };
		return 0;
	}
	for (size_t i = 0; !user && i < VC_COUNT(usual); i++) {
		if (!find_user(passwd, usual[i], 0, &entry))
			continue;
		*ret_entry = entry;
		found++;
	}
	return found == 1 ? 0 : -EOPNOTSUPP;
}

/* The names of people are nobody's business. */
static bool
is_usual(struct vc_span name)
{
	for (size_t i = 0; i < VC_COUNT(usual); i++) {
		if (vc_span_is(name, usual[i]))
			return true;
	}
	return vc_span_is(name, "root");
}

int
vc_account_describe(struct vc_span passwd, struct vc_span group_file, const char *user, const char *group,
		    struct vc_buf *answer)
{
	struct vc_span line, members;
	struct entry entry, each;
	uint64_t gid;
	int r = choose_user(passwd, user, &entry);

	if (r < 0)
		return r;
	if (is_usual(entry.name))
		vc_buf_addf(answer, "name %.*s\n", (int)entry.name.length, entry.name.text);
	vc_buf_addf(answer, "uid %" PRIu64 "\n", entry.uid);
	if (entry.gid != UINT64_MAX)
		vc_buf_addf(answer, "gid %" PRIu64 "\n", entry.gid);
	if (group && is_number(group, &gid))
		vc_buf_addf(answer, "gid %" PRIu64 "\n", gid);
	while (vc_span_line(&group_file, &line)) {
		if (!parse_group(line, &each, &members))
			continue;
		/* The usual group has the user's name. */
		if (is_member(members, entry.name) ||
		    (group ? vc_span_is(each.name, group)
			   : each.name.length == entry.name.length &&
				     memcmp(each.name.text, entry.name.text, entry.name.length) == 0))
			vc_buf_addf(answer, "gid %" PRIu64 "\n", each.gid);
	}
	return 0;
}
