/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What assigned devices are to each other: who keeps VFIO from taking a group, who can talk to whom directly.
 */
#include "guest-domain.h"

#define F "test"

static const char *const members[] = { "0000:04:00.0", "0000:04:00.1", "0000:05:00.0" };

/* The devices of @members on the host, in one group. Records of the last ones may be missing. */
static struct vc_pci *
make_host(struct world *world, size_t records)
{
	struct vc_iommu_group *group = vc_arena_make(world->arena, struct vc_iommu_group);
	struct vc_pci *pci = vc_arena_make_array(world->arena, VC_COUNT(members), struct vc_pci);

	world->host = (struct vc_host){ 0 };
	vc_set_version(&world->host.kernel_version, (struct vc_version){ .part = { 6, 12 } }, F);
	vc_set_set(world->arena, &world->host.pci_addresses, members, VC_COUNT(members), F);
	vc_set_set(world->arena, &group->members, members, VC_COUNT(members), F);
	world->host.pci = (struct vc_fact_list){ .fact = { .state = VC_KNOWN, .from = F },
						 .item = pci,
						 .count = records };
	for (size_t i = 0; i < VC_COUNT(members); i++) {
		vc_set_text(&pci[i].address, members[i], F);
		vc_set_ref(&pci[i].group, group, F);
		vc_set_absent(&pci[i].driver.fact, F);
		vc_set_number(&pci[i].header_type, 0, F);
		vc_set_number(&pci[i].class, 0x020000, F);
	}
	return pci;
}

static char *
hostdev_at(struct world *world, const char *source, bool managed)
{
	return vc_arena_printf(
		world->arena,
		"<hostdev mode='subsystem' type='pci' managed='%s'><source>%s</source></hostdev>",
		managed ? "yes" : "no", source);
}

#define AT_04_0 "<address bus='0x04'/>"
#define AT_04_1 "<address bus='0x04' function='0x1'/>"
#define AT_05_0 "<address bus='0x05'/>"
#define AT_NOWHERE "<address bus='zz'/>"

/* The devices of the guest, after deriving. Each is managed if its letter in @managed is y; "" is no device.
 */
static const struct vc_hostdev *
assign(struct world *world, const char *first, const char *second, const char *managed)
{
	read_sketch(world, (struct sketch){
				   .devices = vc_arena_printf(
					   world->arena, "%s%s", hostdev_at(world, first, managed[0] == 'y'),
					   second[0] ? hostdev_at(world, second, managed[1] == 'y') : ""),
			   });
	vc_guest_derive(&world->guest, &world->host, world->arena);
	return world->guest.hostdev.item;
}

static void
drivers(void **state)
{
	struct world *world = *state;
	static const struct {
		const char *driver;
		uint32_t major, minor, header_type;
		bool blocks;
	} cases[] = {
		{ NULL, 6, 12, 0, false },
		{ "vfio-pci", 6, 12, 0, false },
		{ "mlx5_vfio_pci", 6, 12, 0, false },
		{ "pci-stub", 6, 12, 0, false },
		{ "pcieport", 6, 12, 1, false },
		{ "e1000e", 6, 12, 0, true },
		{ "e1000e", 5, 18, 0, true },
		/* Drivers of bridges count from 5.19 on. */
		{ "shpchp", 5, 18, 1, false },
		{ "shpchp", 5, 19, 1, true },
	};

	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		struct vc_pci *pci = make_host(world, 3);
		const struct vc_hostdev *hostdev;

		if (cases[i].driver)
			vc_set_text(&pci[1].driver, cases[i].driver, F);
		vc_set_number(&pci[1].header_type, cases[i].header_type, F);
		vc_set_version(&world->host.kernel_version,
			       (struct vc_version){ .part = { cases[i].major, cases[i].minor } }, F);
		hostdev = assign(world, AT_04_0, "", "y");
		if (cases[i].blocks) {
			assert_text(hostdev->group_blocker, members[1]);
			assert_text(hostdev->group_blocker_driver, cases[i].driver);
		} else {
			assert_absent(hostdev->group_blocker);
			assert_absent(hostdev->group_blocker_driver);
		}
	}
}

static void
assigned_members(void **state)
{
	struct world *world = *state;
	struct vc_pci *pci = make_host(world, 3);
	const struct vc_hostdev *hostdev;

	vc_set_text(&pci[1].driver, "e1000e", F);
	hostdev = assign(world, AT_04_0, AT_04_1, "yy");
	assert_absent(hostdev[0].group_blocker);
	assert_absent(hostdev[1].group_blocker);
	/* One that libvirt leaves on its driver is in everybody's way but its own. */
	hostdev = assign(world, AT_04_0, AT_04_1, "yn");
	assert_text(hostdev[0].group_blocker, members[1]);
	assert_absent(hostdev[1].group_blocker);
	/* Two of them are in each other's way. */
	vc_set_text(&pci[0].driver, "igb", F);
	hostdev = assign(world, AT_04_0, AT_04_1, "nn");
	assert_text(hostdev[0].group_blocker, members[1]);
	assert_text(hostdev[0].group_blocker_driver, "e1000e");
	assert_text(hostdev[1].group_blocker, members[0]);
	assert_text(hostdev[1].group_blocker_driver, "igb");
	/* The same device twice: the first counts. */
	hostdev = assign(world, AT_04_1, AT_04_1, "yn");
	assert_text(hostdev[0].group_blocker, members[0]);
	vc_set_absent(&pci[0].driver.fact, F);
	hostdev = assign(world, AT_04_1, AT_04_1, "ny");
	assert_absent(hostdev[0].group_blocker);
}

static void
doubts(void **state)
{
	struct world *world = *state;
	struct vc_pci *pci = make_host(world, 3);
	const struct vc_hostdev *hostdev;

	vc_set_unreadable(&pci[1].driver.fact, EACCES, F);
	hostdev = assign(world, AT_04_0, "", "y");
	assert_unreadable(hostdev->group_blocker, EACCES);
	/* It is no doubt of its own, and none at all if it is taken from its driver, whatever that is. */
	hostdev = assign(world, AT_04_1, "", "n");
	assert_absent(hostdev->group_blocker);
	hostdev = assign(world, AT_04_0, AT_04_1, "yy");
	assert_absent(hostdev->group_blocker);
	/* What is certain counts more than what may be, whichever comes first. */
	vc_set_text(&pci[2].driver, "e1000e", F);
	hostdev = assign(world, AT_04_0, "", "y");
	assert_text(hostdev->group_blocker, members[2]);
	vc_set_absent(&pci[2].driver.fact, F);

	/* An assigned device that nobody can name may be the one in the way. */
	vc_set_text(&pci[1].driver, "e1000e", F);
	hostdev = assign(world, AT_04_0, AT_NOWHERE, "yy");
	assert_unreadable(hostdev[0].group_blocker, VC_EGARBLED);
	assert_unreadable(hostdev[1].group_blocker, VC_EGARBLED);

	world->host.kernel_version.fact.state = VC_UNREAD;
	hostdev = assign(world, AT_04_0, "", "y");
	assert_int_equal(hostdev->group_blocker.fact.state, VC_UNREAD);

	/* A member nobody looked at; one that is the guest's. */
	pci = make_host(world, 2);
	hostdev = assign(world, AT_04_0, "", "y");
	assert_int_equal(hostdev->group_blocker.fact.state, VC_UNREAD);
	hostdev = assign(world, AT_04_0, AT_05_0, "yy");
	assert_absent(hostdev->group_blocker);

	/* No group, or one that cannot be read. */
	vc_set_absent(&pci[0].group.fact, F);
	hostdev = assign(world, AT_04_0, "", "y");
	assert_unreadable(hostdev->group_blocker, VC_ENOTCOLLECTED);
	assert_unreadable(hostdev->group_blocker_driver, VC_ENOTCOLLECTED);
	pci = make_host(world, 3);
	vc_set_unreadable(&((struct vc_iommu_group *)pci[0].group.item)->members.fact, EIO, F);
	hostdev = assign(world, AT_04_0, "", "y");
	assert_unreadable(hostdev->group_blocker, EIO);
}

static void
mediated(void **state)
{
	struct world *world = *state;
	const struct vc_hostdev *hostdev;

	make_host(world, 3);
	read_sketch(
		world,
		(struct sketch){
			.devices =
				"<hostdev mode='subsystem' type='mdev' model='vfio-pci'><source>"
				"<address uuid='c2177883-f1bb-47f0-914d-32a22e3a8804'/></source></hostdev>",
		});
	vc_guest_derive(&world->guest, &world->host, world->arena);
	hostdev = world->guest.hostdev.item;
	assert_absent(hostdev->group_blocker);
	assert_absent(hostdev->group_blocker_driver);
	assert_flag(hostdev->peer_to_peer, false);
}

static void
peer_to_peer(void **state)
{
	struct world *world = *state;
	struct vc_pci *pci = make_host(world, 3);
	const struct vc_hostdev *hostdev;
	static const struct {
		uint32_t class;
		bool talks;
	} classes[] = {
		{ 0x030000, true }, { 0x030200, true },  { 0x120000, true },
		{ 0x020700, true }, { 0x020000, false }, { 0x010802, false },
	};

	vc_set_number(&pci[0].class, 0x030000, F);
	for (size_t i = 0; i < VC_COUNT(classes); i++) {
		vc_set_number(&pci[2].class, classes[i].class, F);
		hostdev = assign(world, AT_04_0, AT_05_0, "yy");
		assert_flag(hostdev[0].peer_to_peer, classes[i].talks);
		assert_flag(hostdev[1].peer_to_peer, classes[i].talks);
	}
	/* Functions of one card, and a card alone. */
	vc_set_number(&pci[1].class, 0x030000, F);
	hostdev = assign(world, AT_04_0, AT_04_1, "yy");
	assert_flag(hostdev[0].peer_to_peer, false);
	assert_flag(hostdev[1].peer_to_peer, false);
	hostdev = assign(world, AT_04_0, "", "y");
	assert_flag(hostdev[0].peer_to_peer, false);

	/* A doubt about another card counts, one about the same card does not, and none if this one does not
	 * talk. */
	vc_set_unreadable(&pci[2].class.fact, EACCES, F);
	hostdev = assign(world, AT_04_0, AT_05_0, "yy");
	assert_unreadable(hostdev[0].peer_to_peer, EACCES);
	assert_unreadable(hostdev[1].peer_to_peer, EACCES);
	vc_set_unreadable(&pci[1].class.fact, EACCES, F);
	hostdev = assign(world, AT_04_0, AT_04_1, "yy");
	assert_flag(hostdev[0].peer_to_peer, false);
	assert_flag(hostdev[1].peer_to_peer, false);
	vc_set_number(&pci[0].class, 0x020000, F);
	hostdev = assign(world, AT_04_0, AT_05_0, "yy");
	assert_flag(hostdev[0].peer_to_peer, false);
	assert_flag(hostdev[1].peer_to_peer, false);
	vc_set_number(&pci[0].class, 0x030000, F);
	hostdev = assign(world, AT_04_0, AT_NOWHERE, "yy");
	assert_unreadable(hostdev[0].peer_to_peer, VC_EGARBLED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(drivers),  WORLD_TEST(assigned_members), WORLD_TEST(doubts),
		WORLD_TEST(mediated), WORLD_TEST(peer_to_peer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
