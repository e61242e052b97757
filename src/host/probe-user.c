/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who asks: what this user may open, and what limits it has, is what a guest started from its shell has. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/macro.h"
#include "host/probe.h"

/* More than any system allows a process to have [linux 6.12 include/uapi/linux/limits.h NGROUPS_MAX]. */
#define GROUPS_MAX 65537

/* "uid N", then "gid N" for every group; numbers only, because names say who somebody is. */
static int
ask_user(void *context _unused_, struct vc_buf *answer)
{
	_cleanup_free_ gid_t *group = NULL;
	int count = getgroups(0, NULL);

	if (count < 0)
		return -errno;
	group = calloc((size_t)count + 1, sizeof(*group));
	if (!group)
		abort();
	count = getgroups(count, group);
	if (count < 0)
		return -errno;
	vc_buf_addf(answer, "uid %lu\ngid %lu\n", (unsigned long)geteuid(), (unsigned long)getegid());
	for (int i = 0; i < count; i++) {
		if (group[i] != getegid())
			vc_buf_addf(answer, "gid %lu\n", (unsigned long)group[i]);
	}
	return 0;
}

void
vc_probe_user(struct vc_hostfs *fs, const struct vc_host_request *request _unused_, struct vc_host *host)
{
	struct vc_answer answer = vc_hostfs_ask(fs, "user", ask_user, NULL);
	struct vc_arena *arena = vc_hostfs_arena(fs);
	struct vc_span rest, line, word;
	const char **group = NULL;
	size_t groups = 0;
	uint64_t number;

	if (!vc_known(&answer.fact)) {
		vc_set_unknown_like(&host->user_id.fact, &answer.fact);
		vc_set_unknown_like(&host->user_groups.fact, &answer.fact);
		return;
	}
	vc_set_unreadable(&host->user_id.fact, VC_EGARBLED, "geteuid");
	rest = vc_span_of(&answer);
	while (vc_span_line(&rest, &line)) {
		bool user = vc_span_word(&line, &word) && vc_span_is(word, "uid");
		bool is_group = vc_span_is(word, "gid");

		if (!vc_span_word(&line, &word) || vc_span_number(word, VC_BASE_DEC, &number) < 0)
			continue;
		if (user)
			vc_set_number(&host->user_id, number, "geteuid");
		else if (is_group && groups < GROUPS_MAX)
			*(const char **)vc_arena_append(arena, (void **)&group, &groups, sizeof(*group)) =
				vc_arena_printf(arena, "%" PRIu64, number);
	}
	vc_set_set(arena, &host->user_groups, group, groups, "getgroups");
}
