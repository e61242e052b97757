/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libvirt's limit for locked memory. The first cases and their figures are those of its own test suite. */
#include "guest-domain.h"

#define HOSTDEV                                                                                              \
	"<hostdev mode='subsystem' type='pci' managed='yes'><source><address bus='1'/></source></hostdev>"
#define HOSTDEV2                                                                                             \
	"<hostdev mode='subsystem' type='pci' managed='yes'><source><address bus='2'/></source></hostdev>"
#define MDEV                                                                                                 \
	"<hostdev mode='subsystem' type='mdev' model='vfio-pci'><source>"                                    \
	"<address uuid='c2177883-f1bb-47f0-914d-32a22e3a8804'/></source></hostdev>"
#define NVME                                                                                                 \
	"<disk type='nvme' device='disk'><source type='pci' managed='yes' namespace='1'>"                    \
	"<address bus='1'/></source><target dev='vda'/></disk>"
#define VDPA "<interface type='vdpa'><source dev='/dev/vhost-vdpa-0'/></interface>"
#define LOCKED "<memoryBacking><locked/></memoryBacking>"
#define HARD "<memtune><hard_limit unit='KiB'>2097152</hard_limit></memtune>"
#define UNLIMITED UINT64_C(9007199254740991)
#define IOMMU "<iommu model='intel'/>"

static void
limits(void **state)
{
	struct world *world = *state;
	static const struct {
		const char *top, *devices;
		uint64_t limit, needed; /* 0: absent */
	} cases[] = {
		/* [libvirt 11.3 tests/qemumemlocktest.c] */
		{ "", "", 0, 0 },
		{ HARD, "", 2147483648, 0 },
		{ LOCKED, "", UNLIMITED, 0 },
		{ "", HOSTDEV, 2147483648, GIB },
		{ "", HOSTDEV NVME, 3221225472, GIB },
		{ HARD LOCKED, "", 2147483648, 0 },
		{ HARD, HOSTDEV, 2147483648, GIB },
		{ HARD LOCKED, HOSTDEV, 2147483648, GIB },
		{ LOCKED, HOSTDEV, UNLIMITED, GIB },
		/* By the formula. */
		{ "", HOSTDEV HOSTDEV2, 2 * GIB, GIB },
		{ "", HOSTDEV IOMMU, 2 * GIB, GIB },
		{ "", HOSTDEV HOSTDEV2 IOMMU, 3 * GIB, 2 * GIB },
		{ "", HOSTDEV MDEV IOMMU, 3 * GIB, GIB },
		{ "", HOSTDEV HOSTDEV2 IOMMU "<controller type='pci' model='pcie-to-pci-bridge'/>", 3 * GIB,
		  GIB },
		{ "", MDEV, 2 * GIB, 0 },
		{ "", VDPA, 2 * GIB, 0 },
		{ "", VDPA VDPA NVME, 4 * GIB, 0 },
		{ "<memtune><hard_limit>9007199254740991</hard_limit></memtune>", HOSTDEV, 2 * GIB, GIB },
	};

	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		read_sketch(world, (struct sketch){ .memory = "<memory>1048576</memory>",
						    .top = cases[i].top,
						    .devices = cases[i].devices });
		if (cases[i].limit)
			assert_number(world->guest.memlock_limit, cases[i].limit);
		else
			assert_absent(world->guest.memlock_limit);
		if (cases[i].needed)
			assert_number(world->guest.memlock_needed, cases[i].needed);
		else
			assert_absent(world->guest.memlock_needed);
	}
}

static void
memory_devices(void **state)
{
	struct world *world = *state;

	read_sketch(
		world,
		(struct sketch){
			.memory =
				"<memory unit='GiB'>4</memory><maxMemory slots='4' unit='GiB'>16</maxMemory>",
			.devices = HOSTDEV
			"<memory model='dimm'><target><size unit='GiB'>1</size></target></memory>"
			"<memory model='virtio-mem'><target><size unit='GiB'>2</size></target></memory>",
		});
	assert_number(world->guest.memlock_limit, 5 * GIB);
	/* What virtio-mem may plug later is not pinned at the start. */
	assert_number(world->guest.memlock_needed, 2 * GIB);
}

static void
behind_libvirts_back(void **state)
{
	struct world *world = *state;

	/* libvirt counts only what it knows: the device needs memory locked, and no limit is raised. */
	read_sketch(world, (struct sketch){
				   .top = "<qemu:commandline><qemu:arg value='-device'/>"
					  "<qemu:arg value='vfio-pci,host=01:00.0'/></qemu:commandline>",
			   });
	assert_absent(world->guest.memlock_limit);
	assert_number(world->guest.memlock_needed, 4 * GIB);
	read_sketch(world, (struct sketch){
				   .devices = HOSTDEV HOSTDEV2,
				   .top = "<qemu:commandline><qemu:arg value='-device'/><qemu:arg "
					  "value='intel-iommu'/></qemu:commandline>",
			   });
	assert_number(world->guest.memlock_limit, 5 * GIB);
	assert_number(world->guest.memlock_needed, 8 * GIB);
}

static void
unknown_limits(void **state)
{
	struct world *world = *state;

	read_sketch(world, (struct sketch){ .memory = "<memory>x</memory>", .devices = HOSTDEV });
	assert_unreadable(world->guest.memlock_limit, VC_EGARBLED);
	assert_unreadable(world->guest.memlock_needed, VC_EGARBLED);
	read_sketch(world, (struct sketch){ .memory = "<memory unit='EiB'>15</memory>",
					    .devices = IOMMU HOSTDEV HOSTDEV2 });
	assert_unreadable(world->guest.memlock_limit, ERANGE);
	assert_unreadable(world->guest.memlock_needed, ERANGE);
	read_sketch(world, (struct sketch){
				   .devices = "<hostdev mode='subsystem' type='pci'><driver iommufd='yes'/>"
					      "<source><address bus='1'/></source></hostdev>",
			   });
	assert_unreadable(world->guest.memlock_limit, EOPNOTSUPP);
	read_sketch(world, (struct sketch){ .arch = "ppc64le", .machine = "pseries", .devices = HOSTDEV });
	assert_unreadable(world->guest.memlock_limit, EOPNOTSUPP);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(limits),
		WORLD_TEST(memory_devices),
		WORLD_TEST(behind_libvirts_back),
		WORLD_TEST(unknown_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
