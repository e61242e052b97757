/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Other guests of libvirt that take devices of the host: those that run (/run/libvirt/qemu) and those that are
 * defined (/etc/libvirt/qemu). What else stands in their files is nobody's business: one line per guest becomes
 * the answer, and only if it takes a PCI device.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/macro.h"
#include "host/domain-devices.h"
#include "host/probe.h"

#define RUNNING "/run/libvirt/qemu"
#define DEFINED "/etc/libvirt/qemu"
/* More guests than a host has, and than libvirt's hook would have the time for. */
#define DOMAINS_MAX 4096
#define FILE_MAX_SIZE ((size_t)4 * 1024 * 1024)
#define TOTAL_MAX ((size_t)64 * 1024 * 1024)
/* Of all guests together. */
#define ADDRESSES_MAX 4096

/* UUIDs are written in either case, and names tell too much. */
static uint64_t
mark_of(const char *identity)
{
	uint64_t hash = VC_HASH_START;

	for (; *identity; identity++)
		hash = vc_hash_byte(hash,
				    *identity >= 'A' && *identity <= 'Z' ? *identity - 'A' + 'a' : *identity);
	return hash;
}

const char *
vc_domain_mark(struct vc_arena *arena, const char *identity)
{
	return vc_arena_printf(arena, "%016" PRIx64, mark_of(identity));
}

static void
close_dir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

/* Whole, if it is a regular file of no more than @most bytes. */
static int
read_domain(int dir, const char *name, size_t most, struct vc_buf *text)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	char chunk[16384];
	struct stat st;
	ssize_t n = 0;
	int r = 0;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		r = -EOPNOTSUPP;
	while (r == 0 && (n = read(fd, chunk, sizeof(chunk))) > 0) {
		vc_buf_add_n(text, chunk, (size_t)n);
		if (text->length > most)
			r = -EFBIG;
	}
	if (r == 0 && n < 0)
		r = -errno;
	close(fd);
	return r;
}

/* A line: the kind, what its UUID and its name are known by, the addresses, the name. A capture leaves the
 * last out. */
static void
add_domain(struct vc_domain_devices *devices, const char *kind, struct vc_buf *answer)
{
	if (devices->addresses.length == 0)
		return;
	vc_buf_addf(answer, "%s %016" PRIx64 " %016" PRIx64, kind, mark_of(vc_buf_text(&devices->uuid)),
		    mark_of(devices->name.text));
	for (char *c = devices->name.text; *c; c++)
		*c = (unsigned char)*c < ' ' ? '?' : *c;
	vc_buf_addf(answer, " %s %s\n", vc_buf_text(&devices->addresses), devices->name.text);
}

static bool
starts_by_itself(const char *name)
{
	struct stat st;

	return fstatat(AT_FDCWD, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

static int
ask_domains(void *context, struct vc_buf *answer)
{
	const char *directory = context;
	_cleanup_(close_dir) DIR *dir = opendir(directory);
	const struct dirent *entry;
	size_t count = 0, total = 0;
	int r = 0;

	/* Without libvirt there are none. */
	if (!dir)
		return errno == ENOENT ? 0 : -errno;
	while (r == 0 && (errno = 0, entry = readdir(dir))) {
		size_t length = strlen(entry->d_name);
		_cleanup_buf_ struct vc_buf text = { 0 }, link = { 0 };
		struct vc_domain_devices devices;
		bool running = strcmp(directory, RUNNING) == 0;

		if (length <= 4 || strcmp(entry->d_name + length - 4, ".xml") != 0)
			continue;
		r = ++count > DOMAINS_MAX || total > TOTAL_MAX
			    ? -E2BIG
			    : read_domain(dirfd(dir), entry->d_name, FILE_MAX_SIZE, &text);
		/* One that was stopped just now. */
		if (r == -ENOENT)
			r = 0;
		if (r < 0)
			break;
		total += text.length;
		/* libvirt skips what it cannot read as well. Most guests take nothing. */
		if (!text.text || !memmem(text.text, text.length, "slot=", strlen("slot=")))
			continue;
		vc_buf_addf(&link, "%s/autostart/%s", directory, entry->d_name);
		if (vc_domain_devices_read(text.text, text.length, &devices) == 0)
			add_domain(&devices,
				   running                                ? "running"
				   : starts_by_itself(vc_buf_text(&link)) ? "autostart"
									  : "defined",
				   answer);
		vc_domain_devices_release(&devices);
	}
	return r < 0 ? r : -errno;
}

/* False: there is more than any host has. */
static bool
take_domain(struct vc_arena *arena, struct vc_host *host, struct vc_span line, const char *from,
	    size_t *addresses_left)
{
	struct vc_span kind, uuid, name, addresses, address;
	struct vc_domain *domain;
	const char **word = NULL;
	size_t words = 0;

	if (!vc_span_word(&line, &kind) || !vc_span_word(&line, &uuid) || !vc_span_word(&line, &name) ||
	    !vc_span_word(&line, &addresses))
		return true;
	domain = vc_list_append(arena, &host->domain, sizeof(*domain), from);
	vc_set_text(&domain->uuid_mark, vc_span_dup(arena, uuid), from);
	vc_set_text(&domain->name_mark, vc_span_dup(arena, name), from);
	vc_set_flag(&domain->running, vc_span_is(kind, "running"), from);
	vc_set_flag(&domain->autostart, vc_span_is(kind, "autostart"), from);
	for (; *addresses_left > 0 && vc_span_until(&addresses, ',', &address); --*addresses_left)
		*(const char **)vc_arena_append(arena, (void **)&word, &words, sizeof(*word)) =
			vc_span_dup(arena, address);
	vc_set_set(arena, &domain->devices, word, words, from);
	line = vc_span_trim(line);
	vc_set_text(&domain->name, line.length > 0 ? vc_span_dup(arena, line) : "(not recorded)", from);
	return *addresses_left > 0;
}

void
vc_probe_domains(struct vc_hostfs *fs, const struct vc_host_request *request _unused_, struct vc_host *host)
{
	static const struct {
		const char *name, *directory;
	} sources[] = { { "domains/running", RUNNING }, { "domains/defined", DEFINED } };
	struct vc_fact_number *const counts[] = { &host->domains_running, &host->domains_defined };
	size_t left = ADDRESSES_MAX;

	host->domain.fact = (struct vc_fact){ .state = VC_KNOWN, .from = RUNNING };
	for (size_t i = 0; i < VC_COUNT(sources); i++) {
		struct vc_answer answer = vc_hostfs_ask(fs, sources[i].name, ask_domains,
							(void *)(uintptr_t)sources[i].directory);
		struct vc_span rest, line;
		size_t before;

		answer.fact.from = sources[i].directory;
		if (!vc_known(&answer.fact)) {
			vc_set_unknown_like(&counts[i]->fact, &answer.fact);
			continue;
		}
		rest = vc_span_of(&answer);
		before = host->domain.count;
		while (vc_span_line(&rest, &line) &&
		       take_domain(vc_hostfs_arena(fs), host, line, sources[i].directory, &left))
			;
		if (left > 0)
			vc_set_number(counts[i], host->domain.count - before, sources[i].directory);
		else
			vc_set_unreadable(&counts[i]->fact, E2BIG, sources[i].directory);
	}
}
