/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/arena.h"
#include "cli/hook.h"

#define CALL(...)                                                                                            \
	is_called((const char *const[]){ __VA_ARGS__ }, VC_COUNT(((const char *const[]){ __VA_ARGS__ })),    \
		  &call)

static bool
is_called(const char *const *word, size_t count, struct vc_hook_call *ret_call)
{
	char *argv[10] = { NULL };

	for (size_t i = 0; i < count; i++)
		argv[i] = (char *)(uintptr_t)word[i];
	return vc_hook_is_called((int)count, argv, ret_call);
}

static void
test_names(_unused_ void **state)
{
	static const char *const hooks[] = { "/etc/libvirt/hooks/qemu.d/50-vhostcheck", "50-vhostcheck",
					     "./1-vhostcheck", "/etc/libvirt/hooks/qemu", "qemu" };
	static const char *const others[] = { "/usr/bin/vhostcheck",  "vhostcheck",
					      "a-vhostcheck",         "-vhostcheck",
					      "50-vhostcheck~",       "50-vhostcheck-site",
					      "vhostcheck-400-rules", "" };
	struct vc_hook_call call;

	for (size_t i = 0; i < VC_COUNT(hooks); i++) {
		assert_true(CALL(hooks[i], "g", "prepare", "begin", "-"));
		assert_true(vc_hook_acts(&call));
		assert_string_equal(call.guest, "g");
		/* libvirt calls it with other words one day. */
		assert_true(CALL(hooks[i]));
		assert_false(vc_hook_acts(&call));
		assert_true(CALL(hooks[i], "g", "prepare", "begin", "-", "new"));
		assert_false(vc_hook_acts(&call));
		assert_true(CALL(hooks[i], "g", "prepare", "begin"));
		assert_false(vc_hook_acts(&call));
	}
	for (size_t i = 0; i < VC_COUNT(others); i++)
		assert_false(CALL(others[i], "g", "prepare", "begin", "-"));
	assert_false(is_called(NULL, 0, &call));
}

static void
test_command(_unused_ void **state)
{
	static const char *const guests[] = { "g", "--install", "--version", "-", "", "hook" };
	struct vc_hook_call call;

	for (size_t i = 0; i < VC_COUNT(guests); i++) {
		assert_true(CALL("vhostcheck", "hook", guests[i], "prepare", "begin", "-"));
		assert_true(vc_hook_acts(&call));
		assert_string_equal(call.guest, guests[i]);
		assert_true(CALL("vhostcheck", "hook", guests[i], "-", "-", "-"));
		assert_false(vc_hook_acts(&call));
	}
	/* These are options. */
	assert_false(CALL("vhostcheck", "hook"));
	assert_false(CALL("vhostcheck", "hook", "--install"));
	assert_false(CALL("vhostcheck", "hook", "--install", "--root", "/mnt"));
	assert_false(CALL("vhostcheck", "hook", "--root", "/mnt", "--install", "-q"));
	assert_false(CALL("vhostcheck", "hook", "--install", "--root", "/mnt", "-q"));
	assert_false(CALL("vhostcheck", "check", "g", "prepare", "begin", "-"));
	assert_false(CALL("vhostcheck", "--", "hook", "prepare", "begin", "-"));
}

static void
test_operations(_unused_ void **state)
{
	static const char *const operation[][2] = {
		{ "start", "begin" },
		{ "started", "begin" },
		{ "stopped", "end" },
		{ "release", "end" },
		{ "migrate", "begin" },
		{ "restore", "begin" },
		{ "reconnect", "begin" },
		{ "attach", "begin" },
		{ "prepare", "end" },
		{ "prepare", "" },
		{ "Prepare", "begin" },
		{ "prepare", "begin2" },
		{ "", "" },
	};
	struct vc_hook_call call;

	for (size_t i = 0; i < VC_COUNT(operation); i++) {
		assert_true(CALL("qemu", "g", operation[i][0], operation[i][1], "-"));
		assert_false(vc_hook_acts(&call));
	}
	/* What the last word says is nobody's business. */
	assert_true(CALL("qemu", "g", "prepare", "begin", "--why"));
	assert_true(vc_hook_acts(&call));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_command),
		cmocka_unit_test(test_operations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
