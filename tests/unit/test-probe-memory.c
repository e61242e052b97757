/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host-tree.h"

#include <errno.h>
#include <string.h>

#define MEMINFO                                                                                              \
	"MemTotal:       16384 kB\nMemFree: 1 kB\nMemAvailable:   8192 kB\nCommitLimit: 4096 "               \
	"kB\nCommitted_AS: 1 kB\n"
#define POOLS "/sys/kernel/mm/hugepages/"
#define NODES "/sys/devices/system/node/"

static void
meminfo(void **state)
{
	struct tree *tree = tree_new(true);
	const struct vc_host *host;

	(void)state;
	tree_file(tree, "/proc/meminfo", MEMINFO);
	host = tree_probe(tree, VC_AREA_MEMORY);
	assert_known_number(host->memory_total, 16384 * 1024);
	assert_known_number(host->memory_available, 8192 * 1024);
	assert_known_number(host->memory_commit_limit, 4096 * 1024);
	assert_known_number(host->memory_committed, 1024);
	tree_free(tree);
}

struct total {
	const char *text;
	int err; /* 0: known */
	uint64_t value;
};

static void
meminfo_bounds(void **state)
{
	static const struct total totals[] = {
		{ "MemTotal: 18014398509481983 kB\n", 0, UINT64_C(18446744073709550592) },
		{ "MemTotal: 18014398509481984 kB\n", ERANGE, 0 },
		{ "MemTotal: 99999999999999999999 kB\n", VC_EGARBLED, 0 },
		{ "MemTotal: 16384\n", VC_EGARBLED, 0 },
		{ "MemTotal: 16384 MB\n", VC_EGARBLED, 0 },
		{ "MemTotal: -1 kB\n", VC_EGARBLED, 0 },
		{ "MemTotal:\n", VC_EGARBLED, 0 },
		{ "MemTotall: 16384 kB\n", VC_EGARBLED, 0 },
		{ "", VC_EGARBLED, 0 },
		{ "MemTotal: 0 kB", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(totals); i++) {
		struct tree *tree = tree_new(true);
		const struct vc_host *host;

		tree_file(tree, "/proc/meminfo", totals[i].text);
		host = tree_probe(tree, VC_AREA_MEMORY);
		if (totals[i].err) {
			assert_unreadable(host->memory_total, totals[i].err);
		} else {
			assert_known_number(host->memory_total, totals[i].value);
		}
		assert_unreadable(host->memory_available, VC_EGARBLED);
		tree_free(tree);
	}
}

static void
limits(void **state)
{
	static const struct {
		const char *text;
		int soft, hard;
	} cases[] = {
		{ "memlock 65536 unlimited\n", VC_KNOWN, VC_ABSENT },
		{ "memlock unlimited unlimited\n", VC_ABSENT, VC_ABSENT },
		{ "nofile 1 2\nmemlock 65536 131072", VC_KNOWN, VC_KNOWN },
		{ "memlock 65536", VC_KNOWN, VC_UNREADABLE },
		{ "memlock many 5", VC_UNREADABLE, VC_KNOWN },
		{ "", VC_UNREADABLE, VC_UNREADABLE },
	};
	struct tree *tree;
	const struct vc_host *host;

	(void)state;
	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		tree = tree_new(true);
		tree_ask(tree, "limits", cases[i].text);
		host = tree_probe(tree, VC_AREA_MEMORY);
		assert_int_equal(host->memlock_soft.fact.state, cases[i].soft);
		assert_int_equal(host->memlock_hard.fact.state, cases[i].hard);
		if (cases[i].soft == VC_KNOWN)
			assert_int_equal(host->memlock_soft.value, 65536);
		tree_free(tree);
	}
	tree = tree_new(true);
	host = tree_probe(tree, VC_AREA_MEMORY);
	assert_unreadable(host->memlock_soft, VC_ENOTCOLLECTED);
	tree_free(tree);
}

static void
add_pool(struct tree *tree, const char *directory, const char *total, bool whole)
{
	tree_file(tree, vc_arena_printf(tree->arena, "%s/nr_hugepages", directory), total);
	tree_file(tree, vc_arena_printf(tree->arena, "%s/free_hugepages", directory), "3\n");
	tree_file(tree, vc_arena_printf(tree->arena, "%s/surplus_hugepages", directory), "0\n");
	if (!whole)
		return;
	tree_file(tree, vc_arena_printf(tree->arena, "%s/resv_hugepages", directory), "2\n");
	tree_file(tree, vc_arena_printf(tree->arena, "%s/nr_overcommit_hugepages", directory), "1\n");
}

static void
pools(void **state)
{
	struct tree *tree = tree_new(false);
	const struct vc_hugepage_pool *pool;
	const struct vc_host *host;

	(void)state;
	add_pool(tree, POOLS "hugepages-2048kB", "128\n", true);
	add_pool(tree, POOLS "hugepages-1048576kB", "4\n", true);
	tree_file(tree, POOLS "hugepages-xkB/nr_hugepages", "1\n");
	tree_file(tree, POOLS "hugepages-kB/nr_hugepages", "1\n");
	tree_file(tree, POOLS "nothing", "1\n");
	add_pool(tree, NODES "node0/hugepages/hugepages-2048kB", "64\n", false);
	add_pool(tree, NODES "node10/hugepages/hugepages-2048kB", "16\n", false);
	tree_file(tree, NODES "node2/meminfo", "");
	tree_file(tree, NODES "online", "0,2,10\n");
	tree_file(tree, NODES "has_memory", "0,10\n");
	host = tree_probe(tree, VC_AREA_MEMORY);

	assert_known_text(host->numa_nodes_with_memory, "0,10");
	assert_int_equal(host->numa_nodes.count, 3);
	assert_true(vc_set_has(&host->numa_nodes, "10"));
	/* Two of the host, two of every node, for a copied tree may lack some: they are unknown and not
	 * empty. */
	assert_int_equal(host->hugepage_pool.count, 8);
	pool = vc_host_find_hugepage_pool(host, 2 << 20, -1);
	assert_non_null(pool);
	assert_known_number(pool->total_pages, 128);
	assert_known_number(pool->free_pages, 3);
	assert_known_number(pool->reserved_pages, 2);
	assert_known_number(pool->overcommit_pages, 1);
	assert_absent(pool->node);
	pool = vc_host_find_hugepage_pool(host, 1 << 30, -1);
	assert_non_null(pool);
	assert_known_number(pool->total_pages, 4);
	pool = vc_host_find_hugepage_pool(host, 2 << 20, 10);
	assert_non_null(pool);
	assert_known_number(pool->total_pages, 16);
	assert_absent(pool->reserved_pages);
	pool = vc_host_find_hugepage_pool(host, 2 << 20, 2);
	assert_non_null(pool);
	assert_unreadable(pool->free_pages, VC_ENOTCOLLECTED);
	assert_null(vc_host_find_hugepage_pool(host, 2 << 20, 1));
	assert_null(vc_host_find_hugepage_pool(host, 4 << 20, -1));
	tree_free(tree);
}

/* In a capture, what was absent on the host is no pool: a node without memory. */
static void
node_without_memory(void **state)
{
	struct tree *tree = tree_new(true);
	const struct vc_host *host;

	(void)state;
	tree_line(tree, "list known /sys/kernel/mm/hugepages\n\thugepages-2048kB");
	tree_line(tree, "list known /sys/devices/system/node\n\tnode0\n\tnode1\n\tpossible");
	add_pool(tree, POOLS "hugepages-2048kB", "8\n", true);
	add_pool(tree, NODES "node0/hugepages/hugepages-2048kB", "8\n", false);
	tree_line(tree, "file absent " NODES "node1/hugepages/hugepages-2048kB/nr_hugepages");
	host = tree_probe(tree, VC_AREA_MEMORY);
	assert_int_equal(host->hugepage_pool.count, 2);
	assert_null(vc_host_find_hugepage_pool(host, 2 << 20, 1));
	assert_int_equal(host->numa_nodes.count, 2);
	tree_free(tree);
}

/* No huge pages is known; a directory that was refused is not. */
static void
no_pools(void **state)
{
	struct tree *tree = tree_new(true);
	const struct vc_host *host;

	(void)state;
	tree_line(tree, "list absent /sys/kernel/mm/hugepages");
	tree_line(tree, "list absent /sys/devices/system/node");
	host = tree_probe(tree, VC_AREA_MEMORY);
	assert_int_equal(host->hugepage_pool.fact.state, VC_KNOWN);
	assert_int_equal(host->hugepage_pool.count, 0);
	assert_absent(host->numa_nodes);
	tree_free(tree);

	tree = tree_new(true);
	tree_line(tree, "list EACCES /sys/kernel/mm/hugepages");
	host = tree_probe(tree, VC_AREA_MEMORY);
	assert_unreadable(host->hugepage_pool, EACCES);
	assert_int_equal(vc_host_find_hugepage_pool(host, 2 << 20, -1)->free_pages.fact.state, VC_UNREAD);
	assert_unreadable(host->numa_nodes, VC_ENOTCOLLECTED);
	tree_free(tree);
}

/* None is a proof: where a pool may be the one that is looked for, or nodes may be missing, there is no
 * proof. */
static void
maybe_a_pool(void **state)
{
	struct vc_hugepage_pool pool[2] = { { .size = { .value = 0 } } };
	struct vc_host host = { .hugepage_pool = {
					.fact = { .state = VC_KNOWN }, .item = pool, .count = 2 } };

	(void)state;
	vc_set_number(&pool[0].size, 2 << 20, "test");
	vc_set_absent(&pool[0].node.fact, "test");
	vc_set_number(&pool[1].size, 2 << 20, "test");
	vc_set_number(&pool[1].node, 1, "test");
	assert_ptr_equal(vc_host_find_hugepage_pool(&host, 2 << 20, -1), &pool[0]);
	assert_ptr_equal(vc_host_find_hugepage_pool(&host, 2 << 20, 1), &pool[1]);
	assert_null(vc_host_find_hugepage_pool(&host, 1 << 30, -1));
	assert_null(vc_host_find_hugepage_pool(&host, 2 << 20, 0));

	vc_set_unreadable(&host.numa_nodes.fact, EACCES, "test");
	assert_null(vc_host_find_hugepage_pool(&host, 1 << 30, -1));
	assert_non_null(vc_host_find_hugepage_pool(&host, 2 << 20, 0));
	host.numa_nodes.fact.state = VC_UNREAD;

	pool[0].size.fact.state = VC_UNREAD;
	assert_non_null(vc_host_find_hugepage_pool(&host, 1 << 30, -1));
	assert_int_equal(vc_host_find_hugepage_pool(&host, 1 << 30, -1)->free_pages.fact.state, VC_UNREAD);
	assert_null(vc_host_find_hugepage_pool(&host, 1 << 30, 1));
	pool[0].size.fact.state = VC_KNOWN;

	pool[0].node.fact.state = VC_UNREADABLE;
	assert_non_null(vc_host_find_hugepage_pool(&host, 2 << 20, 0));
	assert_non_null(vc_host_find_hugepage_pool(&host, 2 << 20, -1));
	assert_null(vc_host_find_hugepage_pool(&host, 1 << 30, 0));
}

/* A size that does not fit, and counts that are no numbers. */
static void
hostile_pools(void **state)
{
	struct tree *tree = tree_new(false);
	const struct vc_host *host;

	(void)state;
	add_pool(tree, POOLS "hugepages-18446744073709551615kB", "1\n", true);
	add_pool(tree, POOLS "hugepages-99999999999999999999kB", "1\n", true);
	add_pool(tree, POOLS "hugepages-4kB", "0x10\n", true);
	tree_file(tree, NODES "node99999999999999999999/x", "");
	host = tree_probe(tree, VC_AREA_MEMORY);
	assert_int_equal(host->hugepage_pool.count, 1);
	assert_unreadable(vc_host_find_hugepage_pool(host, 4096, -1)->total_pages, VC_EGARBLED);
	assert_int_equal(host->numa_nodes.count, 0);
	tree_free(tree);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(meminfo),
		cmocka_unit_test(meminfo_bounds),
		cmocka_unit_test(limits),
		cmocka_unit_test(pools),
		cmocka_unit_test(node_without_memory),
		cmocka_unit_test(no_pools),
		cmocka_unit_test(maybe_a_pool),
		cmocka_unit_test(hostile_pools),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
