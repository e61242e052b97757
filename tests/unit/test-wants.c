/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/wants.h"

static void
add_name(struct vc_wants *wants, struct vc_names_wanted *names, const char *name)
{
	*(const char **)vc_arena_append(wants->arena, (void **)&names->name, &names->count,
					sizeof(*names->name)) = name;
}

static void
add(struct vc_wants *wants, const char *device)
{
	add_name(wants, &wants->device, device);
}

static void
test_merge(_unused_ void **state)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new(), *other = vc_arena_new();
	struct vc_wants wants = { .arena = arena }, more = { .arena = other }, again = { .arena = other };
	char name[] = "0000:02:00.0";

	more.areas = VC_AREA_CPU;
	add(&more, name);
	add(&more, "0000:01:00.0");
	add(&more, "0000:02:00.0");
	assert_true(vc_wants_merge(&wants, &more));
	assert_int_equal(wants.areas, VC_AREA_CPU);
	assert_int_equal(wants.device.count, 2);
	/* The names are copies. */
	name[0] = 'x';
	assert_string_equal(wants.device.name[0], "0000:01:00.0");
	assert_string_equal(wants.device.name[1], "0000:02:00.0");

	add(&again, "0000:02:00.0");
	assert_false(vc_wants_merge(&wants, &again));
	add(&again, "0000:00:00.0");
	add(&again, "0000:03:00.0");
	assert_true(vc_wants_merge(&wants, &again));
	assert_int_equal(wants.device.count, 4);
	assert_string_equal(wants.device.name[0], "0000:00:00.0");
	assert_string_equal(wants.device.name[3], "0000:03:00.0");
	again.areas = VC_AREA_PCI;
	assert_true(vc_wants_merge(&wants, &again));
	again.all_devices = true;
	assert_true(vc_wants_merge(&wants, &again));
	assert_false(vc_wants_merge(&wants, &again));
}

/* They are those of the last that asked, and no reason to ask for all else again. */
static void
test_files(_unused_ void **state)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	struct vc_wants wants = { .arena = arena }, more = { .arena = arena }, none = { .arena = arena };

	add_name(&more, &more.file, "/b");
	add_name(&more, &more.file, "/a");
	add_name(&more, &more.file, "/b");
	add_name(&more, &more.rom, "/r");
	assert_false(vc_wants_merge(&wants, &more));
	assert_true(vc_wants_files_of(&wants, &more));
	assert_int_equal(wants.file.count, 2);
	assert_string_equal(wants.file.name[0], "/a");
	assert_string_equal(wants.file.name[1], "/b");
	assert_int_equal(wants.rom.count, 1);
	assert_false(vc_wants_files_of(&wants, &none));
	assert_int_equal(wants.file.count, 0);
}

/* A copy is derived without a trace in the original, so that the next host finds what was written. */
static void
test_guest_copy(_unused_ void **state)
{
	static const char domain[] = "<domain type='kvm'><name>x</name><memory>1048576</memory>"
				     "<os><type arch='x86_64' machine='q35'>hvm</type></os><devices>"
				     "<iommu model='intel'/><hostdev mode='subsystem' type='pci'><source>"
				     "<address domain='0' bus='1' slot='0' function='0'/></source></hostdev>"
				     "</devices></domain>";
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	struct vc_diags diags = { .arena = arena };
	struct vc_host host = { .recorded = true };
	struct vc_guest guest, copy[2];

	assert_int_equal(vc_guest_read_xml(domain, sizeof(domain) - 1, "x.xml", arena, &diags, &guest), 0);
	vc_set_set(arena, &host.pci_addresses, NULL, 0, "x");
	for (unsigned i = 0; i < 2; i++) {
		const struct vc_hostdev *hostdev;

		vc_guest_copy(&guest, arena, &copy[i]);
		vc_guest_derive(&copy[i], &host, arena);
		hostdev = copy[i].hostdev.item;
		assert_int_equal(hostdev->device.fact.state, i == 0 ? VC_ABSENT : VC_UNREAD);
		assert_ptr_not_equal(hostdev, guest.hostdev.item);
		/* The second host does not say which devices it has. */
		host = (struct vc_host){ .recorded = true };
	}
	assert_int_equal(((struct vc_hostdev *)guest.hostdev.item)->device.fact.state, VC_UNREAD);
	assert_int_equal(guest.ram.count, 0);
	vc_guest_release(&guest);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_merge),
		cmocka_unit_test(test_files), cmocka_unit_test(test_guest_copy) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
