/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /etc/libvirt/qemu.conf: "key = value" per line, '#' begins a comment, the last one counts
 * [libvirt 11.3 src/util/virconf.c virConfParseStatement, virConfAddEntry]. It holds passwords besides: a
 * capture keeps only what is asked for here (src/host/redact.c).
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

#include "base/macro.h"
#include "host/account.h"
#include "host/probe.h"

#define QEMU_CONF "/etc/libvirt/qemu.conf"
#define ACCOUNTS_MAX ((size_t)16 * 1024 * 1024)
/* [linux 6.12 include/uapi/linux/limits.h NGROUPS_MAX] */
#define GROUPS_MAX 65537

/* The text in quotes, or as it stands; false if it is neither. */
static bool
unquote(struct vc_span value, struct vc_span *ret_text)
{
	char quote = value.length > 0 ? value.text[0] : 0;

	if (quote != '"' && quote != '\'') {
		*ret_text = value;
		return false;
	}
	value.text++;
	value.length--;
	return vc_span_until(&value, quote, ret_text);
}

enum key { KEY_MEMORY_BACKING_DIR, KEY_USER, KEY_GROUP };
static const char *const keys[] = {
	[KEY_MEMORY_BACKING_DIR] = "memory_backing_dir",
	[KEY_USER] = "user",
	[KEY_GROUP] = "group",
};

/* The value of a key, the last one of several. */
struct setting {
	const char *text; /* NULL: not written */
	bool garbled;     /* no text in quotes */
};

/* Nearly all of the file are comments. */
static void
read_settings(struct vc_arena *arena, struct vc_span conf, struct setting settings[VC_COUNT(keys)])
{
	struct vc_span line, name, text;

	while (vc_span_line(&conf, &line)) {
		if (line.length == 0 || line.text[0] == '#')
			continue;
		line = vc_span_trim(line);
		if (!vc_span_until(&line, '=', &name))
			continue;
		name = vc_span_trim(name);
		for (size_t i = 0; i < VC_COUNT(keys); i++) {
			if (!vc_span_is(name, keys[i]))
				continue;
			settings[i].garbled = !unquote(vc_span_trim(line), &text);
			settings[i].text = settings[i].garbled ? NULL : vc_span_dup(arena, text);
		}
	}
}

static void
set_memory_dir(struct vc_arena *arena, const struct setting *dir, const char *from, struct vc_host *host)
{
	if (dir->garbled)
		vc_set_unreadable(&host->memory_backing_dir.fact, VC_EGARBLED, from);
	else /* [libvirt 11.3 src/qemu/qemu_conf.c virQEMUDriverConfigNew] */
		vc_set_text(&host->memory_backing_dir,
			    dir->text ? vc_arena_printf(arena, "%s/libvirt/qemu", dir->text)
				      : "/var/lib/libvirt/qemu/ram",
			    from);
}

/* A file that cannot be read is an empty one. */
static void
read_accounts(const char *path, struct vc_buf *text)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	char chunk[4096];
	ssize_t n;

	while (fd >= 0 && text->length < ACCOUNTS_MAX && (n = read(fd, chunk, sizeof(chunk))) > 0)
		vc_buf_add_n(text, chunk, (size_t)n);
	if (fd >= 0)
		close(fd);
}

/* A daemon of somebody's own session runs QEMU as that user: only root's is asked about here. */
static int
ask_user(void *context, struct vc_buf *answer)
{
	_cleanup_buf_ struct vc_buf passwd = { 0 }, group = { 0 };
	const struct setting *settings = context;

	if (geteuid() != 0)
		return -EPERM;
	read_accounts("/etc/passwd", &passwd);
	read_accounts("/etc/group", &group);
	return vc_account_describe((struct vc_span){ .text = vc_buf_text(&passwd), .length = passwd.length },
				   (struct vc_span){ .text = vc_buf_text(&group), .length = group.length },
				   settings[KEY_USER].text, settings[KEY_GROUP].text, answer);
}

static void
take_user(struct vc_arena *arena, const struct vc_answer *answer, struct vc_host *host)
{
	struct vc_span rest = vc_span_of(answer), line, key, value;
	const char **group = NULL;
	size_t groups = 0;
	uint64_t number;

	vc_set_unreadable(&host->qemu_uid.fact, VC_EGARBLED, QEMU_CONF);
	while (vc_span_line(&rest, &line)) {
		if (!vc_span_word(&line, &key) || !vc_span_word(&line, &value))
			continue;
		if (vc_span_is(key, "name")) {
			vc_set_text(&host->qemu_user, vc_span_dup(arena, value), QEMU_CONF);
		} else if (vc_span_number(value, VC_BASE_DEC, &number) == 0) {
			if (vc_span_is(key, "uid"))
				vc_set_number(&host->qemu_uid, number, QEMU_CONF);
			else if (vc_span_is(key, "gid") && groups < GROUPS_MAX)
				*(const char **)vc_arena_append(arena, (void **)&group, &groups,
								sizeof(*group)) =
					vc_arena_printf(arena, "%" PRIu64, number);
		}
	}
	vc_set_set(arena, &host->qemu_groups, group, groups, QEMU_CONF);
	if (host->qemu_user.fact.state == VC_UNREAD && vc_known(&host->qemu_uid.fact))
		vc_set_text(&host->qemu_user, vc_arena_printf(arena, "%" PRIu64, host->qemu_uid.value),
			    QEMU_CONF);
}

static void
set_user(struct vc_hostfs *fs, struct setting settings[VC_COUNT(keys)], struct vc_host *host)
{
	struct vc_answer answer = { .fact = {
					    .state = VC_UNREADABLE, .err = VC_EGARBLED, .from = QEMU_CONF } };

	if (!settings[KEY_USER].garbled && !settings[KEY_GROUP].garbled)
		answer = vc_hostfs_ask(fs, "qemu-user", ask_user, settings);
	if (vc_known(&answer.fact)) {
		take_user(vc_hostfs_arena(fs), &answer, host);
		return;
	}
	answer.fact.from = QEMU_CONF;
	vc_set_unknown_like(&host->qemu_user.fact, &answer.fact);
	vc_set_unknown_like(&host->qemu_uid.fact, &answer.fact);
	vc_set_unknown_like(&host->qemu_groups.fact, &answer.fact);
}

void
vc_probe_qemu_conf(struct vc_hostfs *fs, const struct vc_host_request *request _unused_, struct vc_host *host)
{
	struct vc_answer answer = vc_hostfs_read(fs, QEMU_CONF);
	struct setting settings[VC_COUNT(keys)] = { 0 };

	if (!vc_known(&answer.fact) && answer.fact.state != VC_ABSENT) {
		vc_set_unknown_like(&host->memory_backing_dir.fact, &answer.fact);
		vc_set_unknown_like(&host->qemu_user.fact, &answer.fact);
		vc_set_unknown_like(&host->qemu_uid.fact, &answer.fact);
		vc_set_unknown_like(&host->qemu_groups.fact, &answer.fact);
		return;
	}
	if (vc_known(&answer.fact))
		read_settings(vc_hostfs_arena(fs), vc_span_of(&answer), settings);
	set_memory_dir(vc_hostfs_arena(fs), &settings[KEY_MEMORY_BACKING_DIR], answer.fact.from, host);
	set_user(fs, settings, host);
}
