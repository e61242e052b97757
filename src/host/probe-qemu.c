/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The version of an emulator, from the cheapest source that knows it: the command line, libvirt's cache, the
 * version text in the binary, and the binary itself as the last resort. It is not executed unless nobody but
 * root (or the user who asks) could have put it there: the path comes from the domain, which is not to be
 * trusted.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/macro.h"
#include "host/probe.h"

/* [qemu 10.0.13 system/vl.c version] */
#define MARKER "QEMU emulator version "
#define BINARY_MAX ((uint64_t)128 * 1024 * 1024)
#define CHUNK ((size_t)64 * 1024)
#define SEGMENTS_MAX 64
#define RUN_OUTPUT_MAX ((size_t)4096)
#define RUN_MILLISECONDS 2000

/* Bytes of a binary: of a file on the live host, or through hostfs in a copied tree. */
struct binary {
	int fd; /* -1: fs and path */
	struct vc_hostfs *fs;
	const char *path;
};

/* Returns how many bytes there are at @offset, at most @size; a negative errno. */
static ssize_t
binary_read(const struct binary *binary, uint64_t offset, void *buffer, size_t size)
{
	struct vc_answer answer;
	ssize_t n;

	if (binary->fd >= 0) {
		n = pread(binary->fd, buffer, size, (off_t)offset);
		return n < 0 ? -errno : n;
	}
	answer = vc_hostfs_read_part(binary->fs, offset, size, "%s", binary->path);
	if (!vc_known(&answer.fact))
		return answer.fact.err ? -answer.fact.err : -ENOENT;
	memcpy(buffer, answer.data, answer.size);
	return (ssize_t)answer.size;
}

/* The version behind a marker that stands at @offset. */
static bool
version_at(const struct binary *binary, uint64_t offset, struct vc_version *ret_version)
{
	char text[64] = "";
	ssize_t n = binary_read(binary, offset + strlen(MARKER), text, sizeof(text) - 1);

	return n > 0 && vc_version_parse_prefix(text, ret_version) == 0;
}

/* -ENOENT: no marker with a version behind it in [@offset, @end). */
static int
scan(const struct binary *binary, uint64_t offset, uint64_t end, char *buffer, struct vc_version *ret_version)
{
	const size_t overlap = strlen(MARKER) - 1;

	while (offset < end) {
		size_t want = end - offset < CHUNK ? (size_t)(end - offset) : CHUNK, left;
		ssize_t n = binary_read(binary, offset, buffer, want);
		const char *at = buffer;

		if (n < 0)
			return (int)n;
		left = (size_t)n;
		while (left > overlap && (at = memmem(at, left, MARKER, strlen(MARKER)))) {
			uint64_t where = offset + (uint64_t)(at - buffer);

			if (version_at(binary, where, ret_version))
				return 0;
			at++;
			left = (size_t)n - (size_t)(at - buffer);
		}
		if ((size_t)n < want || (size_t)n <= overlap)
			break;
		offset += (size_t)n - (end - offset > (size_t)n ? overlap : 0);
	}
	return -ENOENT;
}

/*
 * Text lies in the segments that are neither written nor executed: a sixth of the file. They are searched
 * first, the last one before the others, because the first holds symbols.
 */
static size_t
find_segments(const struct binary *binary, uint64_t offset[SEGMENTS_MAX], uint64_t end[SEGMENTS_MAX])
{
	Elf64_Ehdr header;
	Elf64_Phdr segment[SEGMENTS_MAX];
	size_t count = 0;

	if (binary_read(binary, 0, &header, sizeof(header)) != (ssize_t)sizeof(header) ||
	    memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64 ||
	    header.e_ident[EI_DATA] !=
		    (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB) ||
	    header.e_phentsize != sizeof(Elf64_Phdr) || header.e_phnum == 0 ||
	    header.e_phnum > SEGMENTS_MAX || header.e_phoff > BINARY_MAX)
		return 0;
	if (binary_read(binary, header.e_phoff, segment, header.e_phnum * sizeof(*segment)) !=
	    (ssize_t)(header.e_phnum * sizeof(*segment)))
		return 0;
	for (size_t i = header.e_phnum; i-- > 0;) {
		struct vc_range range;

		if (segment[i].p_type != PT_LOAD || segment[i].p_flags != PF_R ||
		    vc_range_from_size(segment[i].p_offset, segment[i].p_filesz, &range) < 0 ||
		    range.last >= BINARY_MAX)
			continue;
		offset[count] = range.first;
		end[count++] = range.last + 1;
	}
	return count;
}

static int
find_version(const struct binary *binary, struct vc_version *ret_version)
{
	_cleanup_free_ char *buffer = malloc(CHUNK);
	uint64_t offset[SEGMENTS_MAX], end[SEGMENTS_MAX];
	uint64_t budget = BINARY_MAX;
	size_t segments;

	if (!buffer)
		return -ENOMEM;
	segments = find_segments(binary, offset, end);
	for (size_t i = 0; i < segments; i++) {
		/* Segments of a forged file overlap as often as it likes. */
		if (end[i] - offset[i] > budget)
			break;
		budget -= end[i] - offset[i];
		if (scan(binary, offset[i], end[i], buffer, ret_version) == 0)
			return 0;
	}
	return scan(binary, 0, BINARY_MAX, buffer, ret_version);
}

static int64_t
milliseconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Reads @fd to its end, to the end of @text or to the deadline. */
static int
read_output(int fd, char *text, size_t room, int64_t deadline)
{
	size_t used = 0;

	while (used + 1 < room) {
		struct pollfd wait = { .fd = fd, .events = POLLIN };
		int64_t left = deadline - milliseconds_now();
		ssize_t n;
		int r;

		if (left <= 0)
			return -ETIMEDOUT;
		r = poll(&wait, 1, (int)left);
		if (r < 0 && errno != EINTR)
			return -errno;
		if (r <= 0)
			continue;
		n = read(fd, text + used, room - 1 - used);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n == 0)
			break;
		if (n > 0)
			used += (size_t)n;
	}
	text[used] = '\0';
	return 0;
}

static int
spawn(const char *path, int output, pid_t *ret_pid)
{
	char *const argv[] = { (char *)(uintptr_t)path, (char *)(uintptr_t) "--version", NULL };
	char *const env[] = { (char *)(uintptr_t) "LC_ALL=C",
			      (char *)(uintptr_t) "PATH=/usr/local/bin:/usr/bin:/bin", NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, all;
	int r;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	/* A group of its own, so that the children of a wrapper end with it. */
	posix_spawnattr_setflags(&attributes,
				 POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &all);
	r = posix_spawn(ret_pid, path, &actions, &attributes, argv, env);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return -r;
}

/* What "PATH --version" prints. The process is gone when this returns. */
static int
run(const char *path, char *text, size_t room)
{
	int64_t deadline = milliseconds_now() + RUN_MILLISECONDS;
	int ends[2], status, r;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	r = spawn(path, ends[1], &pid);
	close(ends[1]);
	if (r == 0) {
		r = read_output(ends[0], text, room, deadline);
		kill(-pid, SIGKILL);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
	}
	close(ends[0]);
	return r;
}

/* An emulator by its name, in a file that only root or this user can change. */
static bool
may_run(const char *path, const struct stat *status)
{
	const char *name = strrchr(path, '/');
	struct vc_span span = vc_span_from(name ? name + 1 : path);

	return S_ISREG(status->st_mode) && (status->st_uid == 0 || status->st_uid == geteuid()) &&
	       !(status->st_mode & (S_IWGRP | S_IWOTH)) &&
	       (vc_span_starts(span, "qemu-system-") || vc_span_is(span, "qemu-kvm") ||
		vc_span_is(span, "kvm") || vc_span_is(span, "qemu"));
}

static int
run_version(const char *path, struct vc_version *ret_version)
{
	char text[RUN_OUTPUT_MAX];
	const char *at;
	int r = run(path, text, sizeof(text));

	if (r < 0)
		return r;
	at = strstr(text, MARKER);
	return at ? vc_version_parse_prefix(at + strlen(MARKER), ret_version) : -EBADMSG;
}

struct question {
	const char *path;
	bool may_execute;
};

/* "VERSION text" or "VERSION executed". */
static int
ask_version(void *context, struct vc_buf *answer)
{
	const struct question *question = context;
	struct binary binary = { .fd = open(question->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK) };
	struct vc_version version = { { 0 } };
	char text[VC_VERSION_TEXT_MAX];
	const char *how = "text";
	struct stat status;
	int r;

	if (binary.fd >= 0)
		r = fstat(binary.fd, &status) < 0 ? -errno : 0;
	else
		r = errno == EACCES && stat(question->path, &status) == 0 ? 1 : -errno;
	if (r == 0)
		r = S_ISREG(status.st_mode) ? find_version(&binary, &version) : -EBADMSG;
	if (binary.fd >= 0)
		close(binary.fd);
	/* A script around the emulator, or a file that may be run and not read. */
	if ((r == -ENOENT || r == 1) && question->may_execute && may_run(question->path, &status)) {
		how = "executed";
		r = run_version(question->path, &version);
	}
	/* It is there: what is absent is the text, and that is no proof of anything. */
	if (r == -ENOENT)
		r = -EBADMSG;
	if (r != 0)
		return r == 1 ? -EACCES : r;
	vc_version_format(version, text);
	vc_buf_addf(answer, "%s %s\n", text, how);
	return 0;
}

/* A file name that stands for a path: letters, digits and a few marks as they are, the rest as %XX. */
static const char *
question_name(struct vc_arena *arena, const char *path)
{
	_cleanup_buf_ struct vc_buf name = { 0 };

	vc_buf_add(&name, "emulator/");
	for (const char *c = path; *c; c++) {
		if ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') ||
		    *c == '-' || *c == '_')
			vc_buf_add_n(&name, c, 1);
		else
			vc_buf_addf(&name, "%%%02X", (unsigned char)*c);
	}
	/* No file name is longer, and no emulator's path either. */
	return name.length <= 200 ? vc_arena_strdup(arena, vc_buf_text(&name)) : NULL;
}

static void
take_version(struct vc_arena *arena, const struct vc_answer *answer, const char *path,
	     struct vc_fact_version *fact)
{
	struct vc_span rest = vc_span_of(answer), word, how;
	struct vc_version version;

	if (!vc_span_word(&rest, &word) || vc_version_parse(vc_span_dup(arena, word), &version) < 0)
		vc_set_unreadable(&fact->fact, VC_EGARBLED, path);
	else if (vc_span_word(&rest, &how) && vc_span_is(how, "executed"))
		vc_set_version(fact, version, vc_arena_printf(arena, "%s --version", path));
	else
		vc_set_version(fact, version, vc_arena_printf(arena, "%s, its version text", path));
}

/* A copied tree cannot be asked, but may hold the binary. */
static void
scan_foreign(struct vc_hostfs *fs, const char *path, struct vc_fact_version *fact)
{
	const struct binary binary = { .fd = -1, .fs = fs, .path = path };
	struct vc_version version;

	if (find_version(&binary, &version) == 0)
		vc_set_version(fact, version,
			       vc_arena_printf(vc_hostfs_arena(fs), "%s, its version text", path));
	else
		vc_set_unreadable(&fact->fact, VC_EGARBLED, path);
}

static void
probe_version(struct vc_hostfs *fs, const struct vc_host_request *request, const char *path,
	      struct vc_fact_version *fact)
{
	struct vc_arena *arena = vc_hostfs_arena(fs);
	struct question question = { .path = path, .may_execute = request->may_execute };
	struct vc_libvirt_cache cache;
	struct vc_answer answer;
	struct vc_node node;
	const char *name;

	if (request->qemu_version) {
		vc_set_version(fact, *request->qemu_version,
			       request->qemu_version_from ? request->qemu_version_from : "--qemu-version");
		return;
	}
	if (path[0] != '/') {
		/* Which directory it is found in is decided by who starts the guest. */
		vc_set_unreadable(&fact->fact, VC_ENOTCOLLECTED, path);
		return;
	}
	node = vc_hostfs_stat(fs, "%s", path);
	if (node.fact.state == VC_ABSENT) {
		vc_set_absent(&fact->fact, path);
		return;
	}
	/* The entry holds for the file libvirt saw; a copied tree keeps no times, and its files are of one
	 * day. */
	cache = vc_libvirt_cache_find(fs, path);
	if (vc_known(&cache.fact) &&
	    ((vc_known(&node.fact) && node.ctime > 0 && cache.emulator_ctime == (uint64_t)node.ctime) ||
	     (vc_hostfs_kind(fs) != VC_HOSTFS_LIVE && node.ctime == 0))) {
		vc_set_version(fact, cache.qemu, cache.fact.from);
		return;
	}
	if (vc_known(&node.fact) && node.kind != VC_NODE_FILE) {
		vc_set_unreadable(&fact->fact, VC_EGARBLED, path);
		return;
	}
	name = question_name(arena, path);
	if (!name) {
		vc_set_unreadable(&fact->fact, ENAMETOOLONG, path);
		return;
	}
	answer = vc_hostfs_ask(fs, name, ask_version, &question);
	if (vc_known(&answer.fact)) {
		take_version(arena, &answer, path, fact);
	} else if (vc_hostfs_kind(fs) == VC_HOSTFS_FOREIGN && vc_known(&node.fact)) {
		scan_foreign(fs, path, fact);
	} else {
		answer.fact.from = path;
		vc_set_unknown_like(&fact->fact, &answer.fact);
	}
}

void
vc_probe_qemu(struct vc_hostfs *fs, const struct vc_host_request *request, struct vc_host *host)
{
	host->emulator.fact =
		(struct vc_fact){ .state = VC_KNOWN, .from = "the emulators that were asked for" };
	for (size_t i = 0; i < request->emulators; i++) {
		const char *path = request->emulator[i];
		struct vc_emulator *emulator;

		if (vc_host_find_emulator(host, path))
			continue;
		emulator = vc_list_append(vc_hostfs_arena(fs), &host->emulator, sizeof(*emulator),
					  host->emulator.fact.from);
		vc_set_text(&emulator->path, path, path);
		probe_version(fs, request, path, &emulator->version);
	}
}
