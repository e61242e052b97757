/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/macro.h"
#include "cli/exit-status.h"

struct row {
	struct vc_count count;
	enum vc_fail_on fail_on;
	bool strict, broken;
	int expected;
};

static const struct row rows[] = {
	{ .count = { .passed = 3 }, .expected = 0 },
	{ .count = { .error = 1 }, .expected = 1 },
	{ .count = { .error = 1 }, .fail_on = VC_FAIL_ON_NEVER, .expected = 0 },
	{ .count = { .warning = 1 }, .expected = 0 },
	{ .count = { .warning = 1 }, .fail_on = VC_FAIL_ON_WARNING, .expected = 1 },
	{ .count = { .warning = 1 }, .fail_on = VC_FAIL_ON_INFO, .expected = 1 },
	{ .count = { .info = 1 }, .fail_on = VC_FAIL_ON_WARNING, .expected = 0 },
	{ .count = { .info = 1 }, .fail_on = VC_FAIL_ON_INFO, .expected = 1 },
	{ .count = { .error = 1 }, .fail_on = VC_FAIL_ON_INFO, .expected = 1 },
	{ .count = { .suppressed = 4 }, .fail_on = VC_FAIL_ON_INFO, .strict = true, .expected = 0 },
	{ .count = { .undecided = 1 }, .expected = 0 },
	{ .count = { .undecided = 1 }, .strict = true, .expected = 3 },
	{ .count = { .undecided = 1, .warning = 1 }, .strict = true, .expected = 3 },
	{ .count = { .undecided = 1, .error = 1 }, .strict = true, .expected = 1 },
	{ .count = { .undecided = 1, .error = 1 }, .fail_on = VC_FAIL_ON_NEVER, .strict = true, .expected = 3 },
	{ .count = { .passed = 1 }, .broken = true, .expected = 2 },
	{ .count = { .error = 1 }, .broken = true, .expected = 2 },
	{ .count = { .undecided = 1 }, .strict = true, .broken = true, .expected = 2 },
	{ .count = { .error = 1 }, .fail_on = VC_FAIL_ON_NEVER, .broken = true, .expected = 2 },
};

static void
test_table(_unused_ void **state)
{
	for (size_t i = 0; i < VC_COUNT(rows); i++) {
		const struct row *row = &rows[i];
		int status = (int)vc_exit_status(&row->count, row->fail_on, row->strict, row->broken);

		if (status != row->expected)
			fail_msg("row %zu: %d, expected %d", i, status, row->expected);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_table) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
