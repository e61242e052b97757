/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Other guests of libvirt: what their files say, and what a capture does. */
#include "host-tree.h"

#include <errno.h>
#include <string.h>

#include "host/domain-devices.h"

#define ADDRESS(bus, function)                                                                               \
	"<source><address domain='0x0000' bus='" bus "' slot='0x00' function='" function "'/></source>"

static void
files(void **state)
{
	static const struct {
		const char *text, *name, *uuid, *addresses; /* addresses NULL: no domain */
	} cases[] = {
		{ "<domain><name>a</name></domain>", "a", "", "" },
		{ "<!-- AUTO-GENERATED -->\n<domain type='kvm'><name>a</name><uuid>U</uuid><devices>"
		  "<hostdev mode='subsystem' type='pci'>" ADDRESS(
			  "0x01",
			  "0x0") "<address type='pci' bus='0x05' slot='0x00' function='0x0'/></hostdev>"
				 "<interface type='hostdev'>" ADDRESS(
					 "0x01", "0x1") "</interface></devices></domain>",
		  "a", "U", "0000:01:00.0,0000:01:00.1" },
		/* A network card from a pool, in the status of a running guest. */
		{ "<domstatus state='running'><name>no</name><domain "
		  "id='1'><name>a</name><devices><interface type='network'>"
		  "<source network='pool'/><actual type='hostdev'>" ADDRESS(
			  "0x02", "0x3") "</actual></interface></devices></domain></domstatus>",
		  "a", "", "0000:02:00.3" },
		/* Not of PCI: USB, SCSI, mediated; and what has a name besides. */
		{ "<domain><name>a</name><devices><hostdev type='usb'><source><address bus='1' "
		  "device='2'/></source></hostdev>"
		  "<hostdev type='mdev'><source><address "
		  "uuid='x'/></source></hostdev><disk><name>b</name></disk></devices></domain>",
		  "a", "", "" },
		{ "<domain><name>a&amp;b</name><devices><hostdev>" ADDRESS("x", "0x0") ADDRESS("0x100", "0x0")
			  ADDRESS("0x01", "8") "</hostdev></devices></domain>",
		  "a&b", "", "" },
		{ "<domain xmlns:x='u'><name>a</name><x:source><address bus='1' slot='1' "
		  "function='1'/></x:source></domain>",
		  "a", "", "" },
		{ "", NULL, NULL, NULL },
		{ "<domain><name>a</name>", NULL, NULL, NULL },
		{ "<domain/>", NULL, NULL, NULL },
		{ "<network><name>a</name></network>", NULL, NULL, NULL },
		{ "<a><b><domain><name>a</name></domain></b></a>", NULL, NULL, NULL },
		{ "<!DOCTYPE domain [<!ENTITY e SYSTEM "
		  "'file:///etc/passwd'>]><domain><name>a&e;</name></domain>",
		  "a", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		struct vc_domain_devices devices;
		int r = vc_domain_devices_read(cases[i].text, strlen(cases[i].text), &devices);

		assert_int_equal(r, cases[i].addresses ? 0 : -EBADMSG);
		if (r == 0) {
			assert_string_equal(vc_buf_text(&devices.name), cases[i].name);
			assert_string_equal(vc_buf_text(&devices.uuid), cases[i].uuid);
			assert_string_equal(vc_buf_text(&devices.addresses), cases[i].addresses);
		}
		vc_domain_devices_release(&devices);
	}
}

static void
recorded(void **state)
{
	struct tree *tree = tree_new(true);
	const struct vc_domain *domain;
	const struct vc_host *host;

	(void)state;
	tree_ask(tree, "domains/running", "running 01 02 0000:01:00.0,0000:01:00.1\nrunning\nrunning 1 2\n");
	tree_ask(tree, "domains/defined",
		 "autostart 03 04 0000:02:00.0 a guest\ndefined 05 06 0000:03:00.0 b\n");
	host = tree_probe(tree, VC_AREA_USE);
	assert_known_number(host->domains_running, 1);
	assert_known_number(host->domains_defined, 2);
	domain = host->domain.item;
	assert_int_equal(host->domain.count, 3);
	assert_known_text(domain[0].name, "(not recorded)");
	assert_known_text(domain[0].uuid_mark, "01");
	assert_known_text(domain[0].name_mark, "02");
	assert_known_flag(domain[0].running, true);
	assert_known_flag(domain[0].autostart, false);
	assert_int_equal(domain[0].devices.count, 2);
	assert_known_text(domain[1].name, "a guest");
	assert_known_flag(domain[1].running, false);
	assert_known_flag(domain[1].autostart, true);
	assert_known_flag(domain[2].autostart, false);
	tree_free(tree);

	tree = tree_new(true);
	tree_line(tree, "ask EACCES domains/running");
	host = tree_probe(tree, VC_AREA_USE);
	assert_unreadable(host->domains_running, EACCES);
	assert_unreadable(host->domains_defined, VC_ENOTCOLLECTED);
	assert_int_equal(host->domain.count, 0);
	tree_free(tree);
}

/* More addresses than any host has are not looked through for every device. */
static void
too_many(void **state)
{
	struct tree *tree = tree_new(true);
	_cleanup_buf_ struct vc_buf text = { 0 };
	const struct vc_host *host;

	(void)state;
	for (size_t i = 0; i < 5000; i++)
		vc_buf_addf(&text, "running %zu %zu 0000:01:00.0 x\n", i, i);
	tree_ask(tree, "domains/running", vc_buf_text(&text));
	host = tree_probe(tree, VC_AREA_USE);
	assert_unreadable(host->domains_running, E2BIG);
	assert_int_equal(host->domain.count, 4096);
	tree_free(tree);
}

static void
marks(void **state)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();

	(void)state;
	assert_string_equal(vc_domain_mark(arena, ""), "cbf29ce484222325");
	assert_string_equal(vc_domain_mark(arena, "A"), vc_domain_mark(arena, "a"));
	assert_string_not_equal(vc_domain_mark(arena, "b"), vc_domain_mark(arena, "a"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files),
		cmocka_unit_test(recorded),
		cmocka_unit_test(too_many),
		cmocka_unit_test(marks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
