/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel can and what systemd is told to do, over the files that say so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fake-hostfs.h"
#include "host/probe.h"

#define FILES_MAX 5
#define ETC "/etc/systemd/"
#define LIB "/usr/lib/systemd/"

/* Files beside /run/systemd/system, which says that systemd runs. */
struct world {
	struct fake_entry entry[FILES_MAX];
	int missing; /* errno of what is not there; 0: absent */
};

/* The facts live as long as the tree that they were read from. */
static struct vc_hostfs *tree;

static int
teardown(void **state)
{
	(void)state;
	fake_hostfs_free(tree);
	tree = NULL;
	return 0;
}

static struct vc_host
probe(const struct world *world, bool systemd)
{
	struct fake_entry entry[FILES_MAX + 1] = { 0 };
	struct vc_host host = { 0 };
	size_t count = 0;

	for (size_t i = 0; i < FILES_MAX && world->entry[i].path; i++)
		entry[count++] = world->entry[i];
	if (systemd)
		entry[count++] = (struct fake_entry){ .path = "/run/systemd/system", .directory = true };
	if (tree)
		fake_hostfs_free(tree);
	tree = fake_hostfs_new(entry, count, world->missing);
	vc_probe_sleep(tree, &(const struct vc_host_request){ .areas = VC_AREA_DESKTOP }, &host);
	return host;
}

static void
lid(void **state)
{
	static const struct {
		struct world world;
		const char *action;
		bool ignores;
	} row[] = {
		{ { { { 0 } }, 0 }, "suspend", true },
		{ { { { .path = ETC "logind.conf", .data = "[Login]\n#HandleLidSwitch=ignore\n" } }, 0 },
		  "suspend",
		  true },
		{ { { { .path = ETC "logind.conf", .data = "[Login]\n HandleLidSwitch = ignore \n" } }, 0 },
		  "ignore",
		  true },
		{ { { { .path = ETC "logind.conf",
			.data = "HandleLidSwitch=lock\n[Other]\nHandleLidSwitch=lock\n[Login]"
				"\nLidSwitchIgnoreInhibited=no\n" } },
		    0 },
		  "suspend",
		  false },
		/* What is no action and no answer changes nothing. */
		{ { { { .path = ETC "logind.conf",
			.data = "[Login]\nHandleLidSwitch=nap\nLidSwitchIgnoreInhibited="
				"maybe\nHandleLidSwitch=\n" } },
		    0 },
		  "suspend",
		  true },
		/* Drop-ins override the main file, and each other by name, wherever they lie. */
		{ { { { .path = ETC "logind.conf", .data = "[Login]\nHandleLidSwitch=ignore\n" },
		      { .path = ETC "logind.conf.d/10-a.conf", .data = "[Login]\nHandleLidSwitch=lock\n" },
		      { .path = LIB "logind.conf.d/20-b.conf",
			.data = "[Login]\nHandleLidSwitch=hibernate\n" },
		      { .path = ETC "logind.conf.d/notes.txt", .data = "[Login]\nHandleLidSwitch=halt\n" } },
		    0 },
		  "hibernate",
		  true },
		{ { { { .path = ETC "logind.conf.d/a.conf", .data = "[Login]\nHandleLidSwitch=lock\n" },
		      { .path = LIB "logind.conf.d/a.conf", .data = "[Login]\nHandleLidSwitch=halt\n" } },
		    0 },
		  "lock",
		  true },
		{ { { { .path = ETC "logind.conf.d/a.conf", .data = "/dev/null", .link = true },
		      { .path = LIB "logind.conf.d/a.conf", .data = "[Login]\nHandleLidSwitch=halt\n" } },
		    0 },
		  "suspend",
		  true },
		/* The main file lies in one place only. */
		{ { { { .path = LIB "logind.conf", .data = "[Login]\nHandleLidSwitch=ignore\n" } }, 0 },
		  "ignore",
		  true },
		{ { { { .path = ETC "logind.conf", .data = "" },
		      { .path = LIB "logind.conf", .data = "[Login]\nHandleLidSwitch=ignore\n" } },
		    0 },
		  "suspend",
		  true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct vc_host host = probe(&row[i].world, true);

		assert_int_equal(host.lid_action.fact.state, VC_KNOWN);
		assert_string_equal(host.lid_action.value, row[i].action);
		assert_int_equal(host.lid_ignores_inhibitors.fact.state, VC_KNOWN);
		assert_int_equal(host.lid_ignores_inhibitors.value, row[i].ignores);
	}
}

static void
allowed(void **state)
{
	static const struct {
		struct world world;
		bool allowed;
	} row[] = {
		{ { { { 0 } }, 0 }, true },
		{ { { { .path = ETC "system/sleep.target", .data = "/dev/null", .link = true } }, 0 },
		  false },
		{ { { { .path = "/run/systemd/system/suspend.target", .data = "/dev/null", .link = true } },
		    0 },
		  false },
		{ { { { .path = ETC "system/sleep.target",
			.data = LIB "system/sleep.target",
			.link = true } },
		    0 },
		  true },
		{ { { { .path = ETC "sleep.conf", .data = "[Sleep]\nAllowSuspend=No\n" } }, 0 }, false },
		{ { { { .path = ETC "sleep.conf", .data = "[Sleep]\nAllowSuspend=0\n" },
		      { .path = ETC "sleep.conf.d/a.conf", .data = "[Sleep]\nAllowSuspend=yes\n" } },
		    0 },
		  true },
		{ { { { .path = ETC "sleep.conf", .data = "[Sleep]\nAllowHibernation=no\n" } }, 0 }, true },
		/* A mask decides, whatever else cannot be read. */
		{ { { { .path = ETC "system/sleep.target", .data = "/dev/null", .link = true },
		      { .path = ETC "sleep.conf", .err = EACCES } },
		    0 },
		  false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct vc_host host = probe(&row[i].world, true);

		assert_int_equal(host.sleep_allowed.fact.state, VC_KNOWN);
		assert_int_equal(host.sleep_allowed.value, row[i].allowed);
	}
}

static void
states(void **state)
{
	static const struct world world = { { { .path = "/sys/power/state", .data = "freeze mem disk\n" } },
					    0 };
	static const struct world nothing = { { { 0 } }, 0 };
	struct vc_host host = probe(&world, true);

	(void)state;
	assert_int_equal(host.sleep_states.count, 3);
	assert_true(vc_set_has(&host.sleep_states, "freeze"));
	host = probe(&nothing, true);
	assert_int_equal(host.sleep_states.fact.state, VC_ABSENT);
}

static void
unknown(void **state)
{
	static const struct world nothing = { { { 0 } }, 0 };
	static const struct world copied = { { { 0 } }, VC_ENOTCOLLECTED };
	static const struct world refused = { { { .path = ETC "logind.conf", .err = EACCES },
						{ .path = ETC "sleep.conf.d/a.conf", .err = EIO },
						{ .path = "/sys/power/state", .err = EACCES } },
					      0 };
	struct vc_host host = probe(&nothing, false);

	(void)state;
	/* Without systemd nobody asks these files. */
	assert_int_equal(host.sleep_allowed.fact.state, VC_ABSENT);
	assert_int_equal(host.lid_action.fact.state, VC_ABSENT);
	assert_int_equal(host.lid_ignores_inhibitors.fact.state, VC_ABSENT);
	host = probe(&copied, false);
	assert_int_equal(host.lid_action.fact.err, VC_ENOTCOLLECTED);
	host = probe(&copied, true);
	assert_int_equal(host.lid_action.fact.err, VC_ENOTCOLLECTED);
	assert_int_equal(host.sleep_allowed.fact.err, VC_ENOTCOLLECTED);
	host = probe(&refused, true);
	assert_int_equal(host.lid_action.fact.err, EACCES);
	assert_int_equal(host.lid_ignores_inhibitors.fact.err, EACCES);
	assert_int_equal(host.sleep_allowed.fact.err, EIO);
	assert_int_equal(host.sleep_states.fact.err, EACCES);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(lid, teardown),
		cmocka_unit_test_teardown(allowed, teardown),
		cmocka_unit_test_teardown(states, teardown),
		cmocka_unit_test_teardown(unknown, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
