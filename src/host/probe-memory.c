/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/resource.h>

#include "base/macro.h"
#include "host/probe.h"

/* More nodes than any kernel is built for: MAX_NUMNODES is at most 1 << 10 [linux 6.12 arch/x86/Kconfig
 * NODES_SHIFT] */
#define NODES_MAX 1024
/* Page sizes of one architecture; arm64 has four. */
#define SIZES_MAX 16

static const struct {
	const char *key;
	size_t offset; /* of the vc_fact_number in the host */
} meminfo[] = {
	{ "MemTotal", offsetof(struct vc_host, memory_total) },
	{ "MemAvailable", offsetof(struct vc_host, memory_available) },
	{ "SwapTotal", offsetof(struct vc_host, memory_swap) },
	{ "CommitLimit", offsetof(struct vc_host, memory_commit_limit) },
	{ "Committed_AS", offsetof(struct vc_host, memory_committed) },
};

/* "NNN kB" [linux 6.12 fs/proc/meminfo.c show_val_kb] */
static void
set_kib(struct vc_fact_number *fact, struct vc_span text, const char *from)
{
	struct vc_span number, unit;
	uint64_t value;

	if (!vc_span_word(&text, &number) || !vc_span_word(&text, &unit) || !vc_span_is(unit, "kB") ||
	    vc_span_number(number, VC_BASE_DEC, &value) < 0)
		vc_set_unreadable(&fact->fact, VC_EGARBLED, from);
	else if (vc_mul(value, 1024, &value) < 0)
		vc_set_unreadable(&fact->fact, ERANGE, from);
	else
		vc_set_number(fact, value, from);
}

static void
probe_meminfo(struct vc_hostfs *fs, struct vc_host *host)
{
	struct vc_answer answer = vc_hostfs_read(fs, "/proc/meminfo");
	struct vc_span rest, line, key, value;

	/* Until its line comes; every kernel of interest prints all of them. */
	for (size_t i = 0; i < VC_COUNT(meminfo); i++) {
		struct vc_fact *fact = (void *)((char *)host + meminfo[i].offset);

		if (vc_known(&answer.fact))
			vc_set_unreadable(fact, VC_EGARBLED, answer.fact.from);
		else
			vc_set_unknown_like(fact, &answer.fact);
	}
	rest = vc_known(&answer.fact) ? vc_span_of(&answer) : vc_span_from("");
	while (vc_span_line(&rest, &line)) {
		if (!vc_span_key(line, &key, &value))
			continue;
		for (size_t i = 0; i < VC_COUNT(meminfo); i++) {
			if (vc_span_is(key, meminfo[i].key))
				set_kib((void *)((char *)host + meminfo[i].offset), value, answer.fact.from);
		}
	}
}

static void
add_limit(struct vc_buf *buf, rlim_t limit)
{
	if (limit == RLIM_INFINITY)
		vc_buf_add(buf, " unlimited");
	else
		vc_buf_addf(buf, " %" PRIu64, (uint64_t)limit);
}

/* "memlock SOFT HARD", in bytes. */
static int
ask_limits(void *context _unused_, struct vc_buf *answer)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_MEMLOCK, &limit) < 0)
		return -errno;
	vc_buf_add(answer, "memlock");
	add_limit(answer, limit.rlim_cur);
	add_limit(answer, limit.rlim_max);
	vc_buf_add(answer, "\n");
	return 0;
}

static void
set_limit(struct vc_fact_number *fact, struct vc_span *rest, const char *from)
{
	struct vc_span word;
	uint64_t value;

	if (!vc_span_word(rest, &word))
		vc_set_unreadable(&fact->fact, VC_EGARBLED, from);
	else if (vc_span_is(word, "unlimited"))
		vc_set_absent(&fact->fact, from);
	else if (vc_span_number(word, VC_BASE_DEC, &value) < 0)
		vc_set_unreadable(&fact->fact, VC_EGARBLED, from);
	else
		vc_set_number(fact, value, from);
}

static void
probe_limits(struct vc_hostfs *fs, struct vc_host *host)
{
	struct vc_answer answer = vc_hostfs_ask(fs, "limits", ask_limits, NULL);
	const char *from = "getrlimit RLIMIT_MEMLOCK";
	struct vc_span rest, line, word;

	if (!vc_known(&answer.fact)) {
		vc_set_unknown_like(&host->memlock_soft.fact, &answer.fact);
		vc_set_unknown_like(&host->memlock_hard.fact, &answer.fact);
		return;
	}
	vc_set_unreadable(&host->memlock_soft.fact, VC_EGARBLED, from);
	vc_set_unreadable(&host->memlock_hard.fact, VC_EGARBLED, from);
	rest = vc_span_of(&answer);
	while (vc_span_line(&rest, &line)) {
		if (!vc_span_word(&line, &word) || !vc_span_is(word, "memlock"))
			continue;
		set_limit(&host->memlock_soft, &line, from);
		set_limit(&host->memlock_hard, &line, from);
		break;
	}
}

/* What stands between @prefix and @suffix of @name is a decimal number. */
static bool
numbered(const char *name, const char *prefix, const char *suffix, uint64_t *ret_number)
{
	struct vc_span span = vc_span_from(name);
	size_t around = strlen(prefix) + strlen(suffix);

	if (!vc_span_starts(span, prefix) || span.length <= around ||
	    strcmp(name + span.length - strlen(suffix), suffix) != 0)
		return false;
	span.text += strlen(prefix);
	span.length -= around;
	return vc_span_number(span, VC_BASE_DEC, ret_number) == 0;
}

static void
take_pages(struct vc_hostfs *fs, const char *directory, const char *file, struct vc_fact_number *fact)
{
	struct vc_answer answer = vc_hostfs_read_line(fs, "%s/%s", directory, file);

	vc_take_number(&answer, VC_BASE_DEC, fact);
}

/* @node NULL: the whole host. */
static void
probe_pool(struct vc_hostfs *fs, struct vc_host *host, uint64_t kib, const uint64_t *node)
{
	struct vc_arena *arena = vc_hostfs_arena(fs);
	struct vc_hugepage_pool *pool, found = { .size = { .value = 0 } };
	const char *directory;
	uint64_t size;

	if (vc_mul(kib, 1024, &size) < 0)
		return;
	if (node)
		directory = vc_arena_printf(
			arena, "/sys/devices/system/node/node%" PRIu64 "/hugepages/hugepages-%" PRIu64 "kB",
			*node, kib);
	else
		directory = vc_arena_printf(arena, "/sys/kernel/mm/hugepages/hugepages-%" PRIu64 "kB", kib);

	take_pages(fs, directory, "nr_hugepages", &found.total_pages);
	/* A node without memory has no pools [linux 6.12 mm/hugetlb.c hugetlb_register_all_nodes]. */
	if (node && found.total_pages.fact.state == VC_ABSENT)
		return;
	take_pages(fs, directory, "free_hugepages", &found.free_pages);
	take_pages(fs, directory, "surplus_hugepages", &found.surplus_pages);
	vc_set_number(&found.size, size, directory);
	if (node) {
		vc_set_number(&found.node, *node, directory);
		vc_set_absent(&found.reserved_pages.fact, directory);
		vc_set_absent(&found.overcommit_pages.fact, directory);
	} else {
		vc_set_absent(&found.node.fact, directory);
		take_pages(fs, directory, "resv_hugepages", &found.reserved_pages);
		take_pages(fs, directory, "nr_overcommit_hugepages", &found.overcommit_pages);
	}
	pool = vc_list_append(arena, &host->hugepage_pool, sizeof(*pool), "/sys/kernel/mm/hugepages");
	*pool = found;
}

static int
compare_numbers(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Numbers of the names that match, in order; at most @room. */
static size_t
collect(const struct vc_names *names, const char *prefix, const char *suffix, uint64_t *number, size_t room)
{
	size_t count = 0;

	for (size_t i = 0; i < names->count && count < room; i++) {
		if (numbered(names->name[i], prefix, suffix, &number[count]))
			count++;
	}
	if (count > 1)
		qsort(number, count, sizeof(*number), compare_numbers);
	return count;
}

/* The whole host first, then node by node, by size within each. */
static void
probe_pools(struct vc_hostfs *fs, struct vc_host *host, const uint64_t *node, size_t nodes)
{
	struct vc_names names = vc_hostfs_list(fs, "/sys/kernel/mm/hugepages");
	uint64_t kib[SIZES_MAX];
	size_t sizes;

	/* No directory: a kernel without huge pages, which is the same as no pool. */
	if (!vc_known(&names.fact) && names.fact.state != VC_ABSENT) {
		vc_set_unknown_like(&host->hugepage_pool.fact, &names.fact);
		return;
	}
	host->hugepage_pool = (struct vc_fact_list){ .fact = { .state = VC_KNOWN, .from = names.fact.from } };
	sizes = vc_known(&names.fact) ? collect(&names, "hugepages-", "kB", kib, SIZES_MAX) : 0;
	for (size_t i = 0; i < sizes; i++)
		probe_pool(fs, host, kib[i], NULL);
	for (size_t n = 0; n < nodes; n++) {
		for (size_t i = 0; i < sizes; i++)
			probe_pool(fs, host, kib[i], &node[n]);
	}
}

void
vc_probe_memory(struct vc_hostfs *fs, const struct vc_host_request *request _unused_, struct vc_host *host)
{
	struct vc_arena *arena = vc_hostfs_arena(fs);
	struct vc_names names = vc_hostfs_list(fs, "/sys/devices/system/node");
	uint64_t node[NODES_MAX];
	const char *word[NODES_MAX];
	struct vc_answer answer;
	size_t nodes = 0;

	probe_meminfo(fs, host);
	probe_limits(fs, host);
	answer = vc_hostfs_read_line(fs, "/sys/devices/system/node/has_memory");
	vc_take_text(arena, &answer, &host->numa_nodes_with_memory);
	if (vc_known(&names.fact)) {
		nodes = collect(&names, "node", "", node, NODES_MAX);
		for (size_t i = 0; i < nodes; i++)
			word[i] = vc_arena_printf(arena, "%" PRIu64, node[i]);
		vc_set_set(arena, &host->numa_nodes, word, nodes, names.fact.from);
	} else {
		vc_set_unknown_like(&host->numa_nodes.fact, &names.fact);
	}
	probe_pools(fs, host, node, nodes);
}
