/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host's own display, over the files that tell of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fake-hostfs.h"
#include "host/probe.h"

#define DRM "/sys/class/drm/"
#define CONF "/etc/X11/xorg.conf.d/"

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
probe(const struct fake_entry *entry, size_t count, int missing)
{
	struct vc_host host = { 0 };

	if (tree)
		fake_hostfs_free(tree);
	tree = fake_hostfs_new(entry, count, missing);
	vc_probe_display(tree, &(const struct vc_host_request){ .areas = VC_AREA_DESKTOP }, &host);
	return host;
}
#define PROBE(...)                                                                                           \
	probe((const struct fake_entry[]){ __VA_ARGS__ },                                                    \
	      VC_COUNT(((const struct fake_entry[]){ __VA_ARGS__ })), 0)

static void
cards(void **state)
{
	struct vc_host host = PROBE({ .path = DRM "card0",
				      .data = "../../devices/pci0000:00/0000:00:01.1/0000:03:00.0/drm/card0",
				      .link = true },
				    { .path = DRM "card0-HDMI-A-1",
				      .data = "../../devices/pci0000:00/drm/card0/card0-HDMI-A-1",
				      .link = true },
				    { .path = DRM "card12",
				      .data = "../../devices/pci0000:00/0000:00:02.0/drm/card12",
				      .link = true },
				    { .path = DRM "renderD128",
				      .data = "../../devices/pci0000:00/0000:00:02.0/drm/renderD128",
				      .link = true });

	(void)state;
	assert_int_equal(host.display_cards.count, 2);
	assert_true(vc_set_has(&host.display_cards, "0000:03:00.0"));
	assert_true(vc_set_has(&host.display_cards, "0000:00:02.0"));
	/* The firmware's framebuffer is nobody's card. */
	host = PROBE({ .path = DRM "card0",
		       .data = "../../devices/platform/simple-framebuffer.0/drm/card0",
		       .link = true });
	assert_int_equal(host.display_cards.fact.state, VC_ABSENT);
	host = PROBE({ .path = DRM "card0", .data = "drm/card0", .link = true });
	assert_int_equal(host.display_cards.fact.state, VC_ABSENT);
	host = PROBE({ .path = "/sys/class/none", .data = "" });
	assert_int_equal(host.display_cards.fact.state, VC_ABSENT);
}

static void
running(void **state)
{
	struct vc_host host = PROBE({ .path = "/tmp/.X11-unix/X0", .data = "" });

	(void)state;
	assert_true(host.display_running.value);
	host = PROBE({ .path = "/run/user/1000/bus", .data = "" },
		     { .path = "/run/user/1001/wayland-0", .data = "" });
	assert_true(host.display_running.value);
	host = PROBE({ .path = "/tmp/.X11-unix", .directory = true },
		     { .path = "/run/user/1000/bus", .data = "" });
	assert_int_equal(host.display_running.fact.state, VC_KNOWN);
	assert_false(host.display_running.value);
}

static void
chosen(void **state)
{
	static const struct {
		const char *path, *text;
		bool chosen;
	} row[] = {
		{ "/etc/X11/xorg.conf", "Section \"Device\"\n  BusID \"PCI:0:2:0\"\nEndSection\n", true },
		{ CONF "10-host.conf", "\tBus_Id  \"PCI:0:2:0\"\n", true },
		{ CONF "10-host.conf", "#BusID \"PCI:0:2:0\"\n", false },
		{ CONF "10-host.conf.old", "BusID \"PCI:0:2:0\"\n", false },
		{ CONF "a.conf", "  Option \"Primary GPU\" \"yes\"\n", true },
		{ CONF "a.conf", "  option \"kmsdev\" \"/dev/dri/card1\"\n", true },
		{ CONF "a.conf", "Option \"AccelMethod\" \"BusID\"\n", false },
		{ "/usr/share/X11/xorg.conf.d/a.conf", "Option \"PrimaryGPU\" \"true\"", true },
		{ CONF "a.conf", "", false },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(row); i++) {
		struct vc_host host = PROBE({ .path = row[i].path, .data = row[i].text });

		assert_int_equal(host.display_card_chosen.fact.state, VC_KNOWN);
		assert_int_equal(host.display_card_chosen.value, row[i].chosen);
	}
}

static void
installed(void **state)
{
	struct vc_host host = PROBE({ .path = "/usr/libexec/Xorg", .data = "" },
				    { .path = "/etc/systemd/system/display-manager.service", .data = "" });

	(void)state;
	assert_true(host.display_x_server.value);
	assert_true(host.display_manager.value);
	host = PROBE({ .path = "/usr/bin/true", .data = "" });
	assert_int_equal(host.display_x_server.fact.state, VC_KNOWN);
	assert_false(host.display_x_server.value);
	assert_false(host.display_manager.value);
}

static void
unknown(void **state)
{
	static const struct fake_entry refused[] = {
		{ .path = DRM "card0", .err = EACCES, .link = true },
		{ .path = "/run/user/1000", .err = EACCES },
		{ .path = CONF "a.conf", .err = EACCES },
	};
	struct vc_host host = probe(NULL, 0, VC_ENOTCOLLECTED);

	(void)state;
	assert_int_equal(host.display_cards.fact.err, VC_ENOTCOLLECTED);
	assert_int_equal(host.display_x_server.fact.err, VC_ENOTCOLLECTED);
	assert_int_equal(host.display_manager.fact.err, VC_ENOTCOLLECTED);
	assert_int_equal(host.display_running.fact.err, VC_ENOTCOLLECTED);
	assert_int_equal(host.display_card_chosen.fact.err, VC_ENOTCOLLECTED);
	host = probe(refused, VC_COUNT(refused), 0);
	assert_int_equal(host.display_cards.fact.err, EACCES);
	assert_int_equal(host.display_card_chosen.fact.err, EACCES);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(cards, teardown),   cmocka_unit_test_teardown(running, teardown),
		cmocka_unit_test_teardown(chosen, teardown),  cmocka_unit_test_teardown(installed, teardown),
		cmocka_unit_test_teardown(unknown, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
