/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Paths that guests name: disks, kernels, nodes in /dev. Only whether something is there and whether
 * libvirt's QEMU gets to it becomes an answer; nothing is opened.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/macro.h"
#include "host/probe.h"
#include "host/reach.h"

struct question {
	const char *path;
	const struct vc_account *account; /* NULL: not known */
	struct vc_remote_mounts *mounts;
};

const char *
vc_path_answer(struct vc_arena *arena, const char *prefix, const char *path)
{
	uint64_t hash = VC_HASH_START;

	for (; *path; path++)
		hash = vc_hash_byte(hash, *path);
	return vc_arena_printf(arena, "%s/%016" PRIx64, prefix, hash);
}

static const char *
kind_of(mode_t mode)
{
	return S_ISREG(mode)   ? "file"
	       : S_ISDIR(mode) ? "directory"
	       : S_ISCHR(mode) ? "character"
	       : S_ISBLK(mode) ? "block"
			       : "other";
}

static void
add_tri(struct vc_buf *answer, const char *key, enum vc_tri tri)
{
	if (tri != VC_UNKNOWN)
		vc_buf_addf(answer, "%s %s\n", key, tri == VC_YES ? "yes" : "no");
}

/* Where daemons of users' own sessions keep images, which then run QEMU as that user [libvirt 11.3
 * src/qemu/qemu_conf.c, GNOME Boxes]. */
static bool
is_of_session(const char *path)
{
	return strstr(path, "/.local/share/") || strstr(path, "/.config/") || strstr(path, "/.cache/");
}

static int
ask_file(void *context, struct vc_buf *answer)
{
	const struct question *question = context;
	const struct vc_account *account = is_of_session(question->path) ? NULL : question->account;
	struct vc_reach reach;
	int r;

	vc_remote_mounts_read(question->mounts);
	r = vc_reach_look(question->path, account, question->mounts, &reach);
	if (r < 0)
		return r;
	vc_buf_addf(answer, "exists %s\n", reach.exists ? "yes" : "no");
	if (reach.exists)
		vc_buf_addf(answer, "kind %s\n", kind_of(reach.st.st_mode));
	add_tri(answer, "reached", reach.reached);
	if (reach.reached == VC_NO)
		vc_buf_addf(answer, "stopped-at %u\n", reach.stopped_at);
	if (reach.exists) {
		add_tri(answer, "readable", vc_tri_and(reach.reached, reach.readable));
		add_tri(answer, "writable",
			vc_tri_and(reach.reached, vc_tri_and(reach.readable, reach.writable)));
	}
	return 0;
}

/* The first @names names of @path. */
static const char *
beginning(struct vc_arena *arena, const char *path, uint64_t names)
{
	const char *end = path;

	for (; names > 0 && *end; names--) {
		end += strspn(end, "/");
		end += strcspn(end, "/");
	}
	return vc_arena_strndup(arena, path, (size_t)(end - path));
}

static void
take_line(struct vc_arena *arena, struct vc_host_file *file, struct vc_span line)
{
	const struct {
		const char *key;
		struct vc_fact_flag *flag;
	} flags[] = {
		{ "exists", &file->exists },
		{ "reached", &file->reached },
		{ "readable", &file->readable },
		{ "writable", &file->writable },
	};
	const char *from = file->path.value;
	struct vc_span key, value;
	uint64_t number;

	if (!vc_span_word(&line, &key) || !vc_span_word(&line, &value))
		return;
	for (size_t i = 0; i < VC_COUNT(flags); i++) {
		if (vc_span_is(key, flags[i].key))
			vc_set_flag(flags[i].flag, vc_span_is(value, "yes"), from);
	}
	if (vc_span_is(key, "kind"))
		vc_set_text(&file->kind, vc_span_dup(arena, value), from);
	if (vc_span_is(key, "stopped-at") && vc_span_number(value, VC_BASE_DEC, &number) == 0)
		vc_set_text(&file->stopped_at,
			    number > 0 ? beginning(arena, from, number) : "a directory that a link leads to",
			    from);
}

/* What the answer does not say. */
static void
fill_gaps(struct vc_host_file *file, const struct vc_fact *answer, const struct vc_fact *user)
{
	struct vc_fact *const access[] = { &file->reached.fact, &file->readable.fact, &file->writable.fact };
	struct vc_fact cause = *answer, unknown = { 0 };

	cause.from = file->path.value;
	if (vc_known(answer) && !vc_known(&file->exists.fact))
		vc_set_unreadable(&cause, VC_EGARBLED, cause.from);
	if (!vc_known(&cause)) {
		vc_set_unknown_like(&file->exists.fact, &cause);
		vc_set_unknown_like(&file->kind.fact, &cause);
	} else if (!vc_known(&file->kind.fact)) {
		vc_set_absent(&file->kind.fact, cause.from);
	}
	if (!vc_known(&cause))
		unknown = cause;
	else if (!vc_known(user))
		unknown = *user;
	else
		vc_set_unreadable(&unknown, EOPNOTSUPP, cause.from);
	for (size_t i = 0; i < VC_COUNT(access); i++) {
		if (!vc_known(access[i]))
			vc_set_unknown_like(access[i], &unknown);
	}
	if (!vc_known(&file->reached.fact))
		vc_set_unknown_like(&file->stopped_at.fact, &file->reached.fact);
	else if (!vc_known(&file->stopped_at.fact))
		vc_set_absent(&file->stopped_at.fact, cause.from);
}

void
vc_probe_file(struct vc_hostfs *fs, const struct vc_host_request *request, struct vc_host *host)
{
	const struct vc_account account = { .uid = host->qemu_uid.value, .groups = &host->qemu_groups };
	bool known = vc_known(&host->qemu_uid.fact) && vc_known(&host->qemu_groups.fact);
	struct vc_arena *arena = vc_hostfs_arena(fs);
	struct vc_remote_mounts mounts = { .read = false };

	host->file.fact = (struct vc_fact){ .state = VC_KNOWN, .from = "the paths that were asked for" };
	for (size_t i = 0; i < request->files; i++) {
		struct question question = { .account = known ? &account : NULL, .mounts = &mounts };
		struct vc_host_file *file;
		struct vc_answer answer;
		struct vc_span rest, line;

		if (request->file[i][0] != '/' || vc_host_find_file(host, request->file[i]))
			continue;
		question.path = vc_arena_strdup(arena, request->file[i]);
		file = vc_list_append(arena, &host->file, sizeof(*file), host->file.fact.from);
		vc_set_text(&file->path, question.path, "the guest");
		answer = vc_hostfs_ask(fs, vc_path_answer(arena, "file", question.path), ask_file, &question);
		rest = vc_known(&answer.fact) ? vc_span_of(&answer) : vc_span_from("");
		while (vc_span_line(&rest, &line))
			take_line(arena, file, line);
		fill_gaps(file, &answer.fact, &host->qemu_uid.fact);
	}
	vc_remote_mounts_release(&mounts);
}
