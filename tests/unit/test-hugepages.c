/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a guest takes from which pool of huge pages. */
#include "guest-domain.h"

static struct vc_hugepage_pool *
add_pool(struct world *world, uint64_t size, int node, uint64_t free)
{
	struct vc_hugepage_pool *pool =
		vc_list_append(world->arena, &world->host.hugepage_pool, sizeof(*pool), "test");

	vc_set_number(&pool->size, size, "test");
	if (node >= 0)
		vc_set_number(&pool->node, (uint64_t)node, "test");
	else
		vc_set_absent(&pool->node.fact, "test");
	vc_set_number(&pool->free_pages, free, "test");
	vc_set_number(&pool->surplus_pages, 0, "test");
	if (node < 0) {
		vc_set_number(&pool->reserved_pages, 0, "test");
		vc_set_number(&pool->overcommit_pages, 0, "test");
	}
	return pool;
}

static const struct vc_hugepage_demand *
demand(struct world *world, const char *memory, const char *top)
{
	read_sketch(world, (struct sketch){ .memory = memory, .top = top });
	derive(world, "10.0.13");
	return world->guest.hugepage_demand.item;
}

#define BARE "<memoryBacking><hugepages/></memoryBacking>"
#define GIGANTIC "<memoryBacking><hugepages><page size='1' unit='GiB'/></hugepages></memoryBacking>"

#define WITH_ID(id) "<domain type='kvm' " id "><memory unit='MiB'>4096</memory><os>" \
	"<type arch='x86_64' machine='q35'>hvm</type></os>" BARE "</domain>"

/* What a running guest needs it may have already. */
static void
running(void **state)
{
	struct world *world = *state;
	const struct vc_hugepage_demand *d;
	struct vc_hugepage_pool *pool = add_pool(world, 2 * MIB, -1, 2047);

	read_text(world, WITH_ID("id='3'"));
	derive(world, "10.0.13");
	d = world->guest.hugepage_demand.item;
	assert_true(world->guest.running.value);
	assert_unreadable(d[0].available_pages, EBUSY);
	assert_unreadable(d[0].missing_pages, EBUSY);
	assert_non_null(vc_area_hint(VC_AREA_MEMORY, &d[0].available_pages.fact));
	vc_set_number(&pool->free_pages, 2048, "test");
	derive(world, "10.0.13");
	d = world->guest.hugepage_demand.item;
	assert_number(d[0].available_pages, 2048);
	assert_absent(d[0].missing_pages);
	assert_absent(d[0].wanted_pages);
	vc_set_number(&pool->free_pages, 2047, "test");
	read_text(world, WITH_ID(""));
	derive(world, "10.0.13");
	d = world->guest.hugepage_demand.item;
	assert_false(world->guest.running.value);
	assert_number(d[0].available_pages, 2047);
}

static void
the_whole_guest(void **state)
{
	struct world *world = *state;
	const struct vc_hugepage_demand *d;
	struct vc_hugepage_pool *pool = add_pool(world, 2 * MIB, -1, 2047);

	d = demand(world, NULL, BARE);
	assert_int_equal(world->guest.hugepage_demand.count, 1);
	assert_number(d[0].size, 2 * MIB);
	assert_absent(d[0].node);
	assert_number(d[0].needed_pages, 2048);
	assert_number(d[0].available_pages, 2047);
	assert_number(d[0].missing_pages, 1);
	/* Others hold pages as well, so that the pool has to be larger than this guest. */
	assert_int_equal(d[0].wanted_pages.fact.state, VC_UNREAD);
	vc_set_number(&pool->total_pages, 3000, "test");
	d = demand(world, NULL, BARE);
	assert_number(d[0].wanted_pages, 3001);
	/* Reserved pages are spoken for, surplus ones may still be made. */
	vc_set_number(&pool->reserved_pages, 47, "test");
	d = demand(world, NULL, BARE);
	assert_number(d[0].available_pages, 2000);
	vc_set_number(&pool->overcommit_pages, 100, "test");
	vc_set_number(&pool->surplus_pages, 60, "test");
	d = demand(world, NULL, BARE);
	assert_number(d[0].available_pages, 2040);
	/* Rounded up. */
	d = demand(world, "<memory unit='MiB'>4095</memory>", BARE);
	assert_number(d[0].needed_pages, 2048);
	/* A size the host has no pool of. */
	d = demand(world, NULL, GIGANTIC);
	assert_number(d[0].size, GIB);
	assert_number(d[0].needed_pages, 4);
	assert_number(d[0].available_pages, 0);
	assert_number(d[0].missing_pages, 4);
	assert_number(d[0].wanted_pages, 4);
	/* Pages of the ordinary size are not huge. */
	demand(world, NULL, "<memoryBacking><hugepages><page size='4'/></hugepages></memoryBacking>");
	assert_int_equal(world->guest.hugepage_demand.count, 0);
	demand(world, NULL, "");
	assert_int_equal(world->guest.hugepage_demand.count, 0);
	assert_flag(world->guest.hugepages, false);
}

static void
the_default_size(void **state)
{
	struct world *world = *state;
	struct vc_parameter *parameter;

	add_pool(world, 2 * MIB, -1, 0);
	add_pool(world, GIB, -1, 16);
	/* Two sizes: which is the default stands on the kernel's command line. */
	assert_int_equal(demand(world, NULL, BARE)[0].size.fact.state, VC_UNREAD);
	assert_int_equal(demand(world, NULL, BARE)[0].available_pages.fact.state, VC_UNREAD);
	world->host.kernel_parameter.fact.state = VC_KNOWN;
	vc_set_text(&world->host.cpu_arch, "x86_64", "test");
	assert_number(demand(world, NULL, BARE)[0].size, 2 * MIB);
	parameter = vc_list_append(world->arena, &world->host.kernel_parameter, sizeof(*parameter), "test");
	vc_set_text(&parameter->name, "default_hugepagesz", "test");
	vc_set_text(&parameter->value, "1G", "test");
	assert_number(demand(world, NULL, BARE)[0].size, GIB);
	assert_number(demand(world, NULL, BARE)[0].available_pages, 16);
}

static void
numa(void **state)
{
	struct world *world = *state;
	const struct vc_hugepage_demand *d;
	const char *cells = "<cpu><numa><cell id='0' cpus='0' memory='2' unit='GiB'/>"
			    "<cell id='1' cpus='1' memory='2' unit='GiB'/></numa></cpu>";

	add_pool(world, 2 * MIB, -1, 3000);
	add_pool(world, 2 * MIB, 0, 1000);
	add_pool(world, 2 * MIB, 1, 2000);
	add_pool(world, GIB, -1, 2);
	/* Both cells from one pool, each rounded on its own. */
	d = demand(world, NULL,
		   vc_arena_printf(world->arena,
				   "%s<memoryBacking><hugepages><page size='2' unit='M'/></hugepages>"
				   "</memoryBacking>",
				   cells));
	assert_int_equal(world->guest.hugepage_demand.count, 1);
	assert_number(d[0].needed_pages, 2048);
	assert_number(d[0].available_pages, 3000);
	/* Each cell bound to a node. */
	d = demand(world, NULL,
		   vc_arena_printf(world->arena,
				   "%s<memoryBacking><hugepages><page size='2' unit='M'/></hugepages>"
				   "</memoryBacking><numatune><memory mode='strict' nodeset='0-1'/>"
				   "<memnode cellid='0' mode='strict' nodeset='0'/>"
				   "<memnode cellid='1' mode='preferred' nodeset='1'/></numatune>",
				   cells));
	assert_int_equal(world->guest.hugepage_demand.count, 2);
	assert_number(d[0].node, 0);
	assert_number(d[0].needed_pages, 1024);
	assert_number(d[0].available_pages, 1000);
	assert_absent(d[1].node);
	assert_number(d[1].available_pages, 3000);
	/* Pages of another size for one cell. */
	d = demand(world, NULL,
		   vc_arena_printf(world->arena,
				   "%s<memoryBacking><hugepages><page size='2' unit='M' nodeset='0'/>"
				   "<page size='1' unit='G' nodeset='1'/></hugepages></memoryBacking>",
				   cells));
	assert_int_equal(world->guest.hugepage_demand.count, 2);
	assert_number(d[0].size, 2 * MIB);
	assert_number(d[0].needed_pages, 1024);
	assert_number(d[1].size, GIB);
	assert_number(d[1].needed_pages, 2);
	assert_number(d[1].available_pages, 2);
	/* A node the host does not have. */
	d = demand(world, NULL,
		   "<memoryBacking><hugepages><page size='2' unit='M'/></hugepages></memoryBacking>"
		   "<numatune><memory nodeset='7'/></numatune>");
	assert_number(d[0].node, 7);
	assert_number(d[0].available_pages, 0);
}

static void
unknown_pools(void **state)
{
	struct world *world = *state;
	const struct vc_hugepage_demand *d;

	vc_set_unreadable(&world->host.hugepage_pool.fact, VC_ENOTCOLLECTED, "/sys/kernel/mm/hugepages");
	d = demand(world, NULL, GIGANTIC);
	assert_number(d[0].needed_pages, 4);
	assert_unreadable(d[0].available_pages, VC_ENOTCOLLECTED);
	d = demand(world, NULL, "<memoryBacking><hugepages><page size='0'/></hugepages></memoryBacking>");
	assert_unreadable(d[0].needed_pages, VC_EGARBLED);
	world->host.hugepage_pool.fact = (struct vc_fact){ 0 };
	vc_set_unreadable(&add_pool(world, GIB, -1, 0)->free_pages.fact, EACCES, "free_hugepages");
	d = demand(world, NULL, GIGANTIC);
	assert_unreadable(d[0].available_pages, EACCES);
	d = demand(world, "<memory>x</memory>", GIGANTIC);
	assert_unreadable(d[0].needed_pages, VC_EGARBLED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(running),
		WORLD_TEST(the_whole_guest),
		WORLD_TEST(the_default_size),
		WORLD_TEST(numa),
		WORLD_TEST(unknown_pools),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
