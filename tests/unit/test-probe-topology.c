/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host-tree.h"

#include <errno.h>

#define CPUS "/sys/devices/system/cpu/"

static void
lists_of_the_kernel(void **state)
{
	struct tree *tree = tree_new(true);
	const struct vc_host *host;

	(void)state;
	tree_file(tree, CPUS "online", "0-3,8\n");
	tree_file(tree, CPUS "possible", "0-15\n");
	/* None is isolated: the kernel prints an empty line. */
	tree_file(tree, CPUS "isolated", "\n");
	host = tree_probe(tree, VC_AREA_TOPOLOGY);
	assert_known_text(host->cpu_online, "0-3,8");
	assert_known_text(host->cpu_possible, "0-15");
	assert_absent(host->cpu_isolated);
	tree_free(tree);
}

static void
nobody_asked(void **state)
{
	struct tree *tree = tree_new(true);
	const struct vc_host *host;

	(void)state;
	tree_line(tree, "file EACCES " CPUS "online");
	host = tree_probe(tree, VC_AREA_TOPOLOGY);
	assert_unreadable(host->cpu_online, EACCES);
	assert_unreadable(host->cpu_possible, VC_ENOTCOLLECTED);
	assert_unreadable(host->cpu_isolated, VC_ENOTCOLLECTED);
	tree_free(tree);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_of_the_kernel),
		cmocka_unit_test(nobody_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
