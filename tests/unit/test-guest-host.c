/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the guest names on the host: NUMA nodes, vDPA devices; and what it asks of versions. */
#include "guest-domain.h"

static void
numa_bindings(void **state)
{
	static const struct {
		const char *nodes, *with_memory;
		enum vc_state state;
		uint64_t count;
	} cases[] = {
		{ "0", "0-1", VC_KNOWN, 1 },    { "0-3,^1", "1-2", VC_KNOWN, 1 },
		{ "1", "0", VC_KNOWN, 0 },      { "99999", "0", VC_UNREADABLE, 0 },
		{ "x", "0", VC_UNREADABLE, 0 }, { "0", "garbage", VC_UNREADABLE, 0 },
		{ "0", NULL, VC_UNREAD, 0 },
	};
	struct world *world = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct vc_numa_binding *binding;

		read_sketch(world,
			    (struct sketch){ .top = vc_arena_printf(world->arena,
								    "<numatune><memory nodeset='%s'/>"
								    "<memnode cellid='2' mode='preferred' "
								    "nodeset='%s'/></numatune>",
								    cases[i].nodes, cases[i].nodes) });
		world->host.numa_nodes_with_memory = (struct vc_fact_text){ 0 };
		if (cases[i].with_memory)
			vc_set_text(&world->host.numa_nodes_with_memory, cases[i].with_memory, "test");
		derive(world, "10.0.13");
		assert_int_equal(world->guest.numa_binding.count, 2);
		binding = world->guest.numa_binding.item;
		assert_int_equal(binding[0].cell.fact.state, VC_ABSENT);
		assert_text(binding[0].mode, "strict");
		assert_number(binding[1].cell, 2);
		assert_text(binding[1].mode, "preferred");
		for (size_t b = 0; b < 2; b++) {
			assert_int_equal(binding[b].nodes_with_memory.fact.state, cases[i].state);
			if (cases[i].state == VC_KNOWN)
				assert_int_equal(binding[b].nodes_with_memory.value, cases[i].count);
		}
	}
}

static struct vc_vdpa_device *
add_vdpa(struct world *world, const char *name, const char *node)
{
	struct vc_vdpa_device *device =
		vc_list_append(world->arena, &world->host.vdpa, sizeof(*device), "test");

	vc_set_text(&device->name, name, "test");
	if (node)
		vc_set_text(&device->node, node, "test");
	else
		vc_set_absent(&device->node.fact, "test");
	return device;
}

static void
vdpa(void **state)
{
	struct world *world = *state;
	const struct vc_vdpa *vdpa;
	struct vc_vdpa_device *device;

	read_sketch(world,
		    (struct sketch){
			    .devices = "<interface type='vdpa'><source dev='/dev/vhost-vdpa-1'/></interface>"
				       "<interface type='user'/>"
				       "<disk type='vhostvdpa'><source dev='/dev/by-name/x'/></disk>"
				       "<disk type='vhostvdpa'/>" });
	assert_int_equal(world->guest.vdpa.count, 3);
	assert_number(world->guest.memlock_devices, 3);
	vdpa = world->guest.vdpa.item;
	assert_text(vdpa[0].kind, "interface");
	assert_text(vdpa[1].kind, "disk");

	derive(world, "10.0.13");
	assert_int_equal(vdpa[0].device.fact.state, VC_UNREAD);

	world->host.vdpa.fact = (struct vc_fact){ .state = VC_KNOWN, .from = "test" };
	derive(world, "10.0.13");
	assert_int_equal(vdpa[0].device.fact.state, VC_ABSENT);
	assert_int_equal(vdpa[0].candidate.fact.state, VC_ABSENT);
	assert_int_equal(vdpa[1].device.fact.state, VC_UNREADABLE);
	assert_int_equal(vdpa[2].device.fact.state, VC_ABSENT);

	add_vdpa(world, "used", "/dev/vhost-vdpa-0");
	device = add_vdpa(world, "free", NULL);
	derive(world, "10.0.13");
	assert_int_equal(vdpa[0].device.fact.state, VC_ABSENT);
	assert_int_equal(vdpa[0].candidate.fact.state, VC_KNOWN);
	assert_ptr_equal(vdpa[0].candidate.item, device);

	/* One that could be it. */
	device = add_vdpa(world, "secret", NULL);
	vc_set_unreadable(&device->node.fact, EACCES, "test");
	derive(world, "10.0.13");
	assert_int_equal(vdpa[0].device.fact.state, VC_UNREADABLE);
	assert_int_equal(vdpa[0].candidate.fact.state, VC_UNREADABLE);

	vc_set_text(&device->node, "/dev/vhost-vdpa-1", "test");
	derive(world, "10.0.13");
	assert_int_equal(vdpa[0].device.fact.state, VC_KNOWN);
	assert_ptr_equal(vdpa[0].device.item, device);
	assert_int_equal(vdpa[0].candidate.fact.state, VC_ABSENT);
}

#define MAPPING "<driver><iothreads><iothread id='1'/></iothreads></driver>"

static void
iothread_mappings(void **state)
{
	static const struct {
		const char *devices;
		unsigned qemu, libvirt; /* 0: nothing asked for */
	} cases[] = {
		{ "<disk><driver iothread='1'/></disk>", 0, 0 },
		{ "<disk>" MAPPING "</disk>", 9, 10 },
		{ "<controller type='scsi'>" MAPPING "</controller>", 10, 11 },
		{ "<controller type='scsi'>" MAPPING "</controller><disk>" MAPPING "</disk>", 10, 11 },
	};
	struct world *world = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct vc_fact_version *qemu = &world->guest.iothread_mapping_qemu;
		const struct vc_fact_version *libvirt = &world->guest.iothread_mapping_libvirt;

		read_sketch(world, (struct sketch){ .devices = cases[i].devices });
		assert_int_equal(qemu->fact.state, cases[i].qemu ? VC_KNOWN : VC_ABSENT);
		assert_int_equal(libvirt->fact.state, cases[i].qemu ? VC_KNOWN : VC_ABSENT);
		if (!cases[i].qemu)
			continue;
		assert_int_equal(qemu->value.part[0], cases[i].qemu);
		assert_int_equal(libvirt->value.part[0], cases[i].libvirt);
		assert_int_not_equal(qemu->fact.line, 0);
	}
}

static void
os_vendor(void **state)
{
	static const struct {
		const char *id, *vendor;
	} cases[] = {
		{ "http://freebsd.org/freebsd/13.2", "freebsd.org" },
		{ "http://microsoft.com", "microsoft.com" },
		{ "debian.org/debian/12", "debian.org" },
		{ "x", "x" },
	};
	struct world *world = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		read_sketch(world,
			    (struct sketch){ .top = vc_arena_printf(
						     world->arena,
						     "<metadata><o:libosinfo xmlns:o='http://libosinfo.org/"
						     "xmlns/libvirt/domain/1.0'><o:os id='%s'/></o:libosinfo>"
						     "</metadata>",
						     cases[i].id) });
		assert_text(world->guest.os_vendor, cases[i].vendor);
	}
	read_sketch(world, (struct sketch){ 0 });
	assert_int_equal(world->guest.os_vendor.fact.state, VC_ABSENT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(numa_bindings),
		WORLD_TEST(vdpa),
		WORLD_TEST(iothread_mappings),
		WORLD_TEST(os_vendor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
