/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Networks, and what devices of guests are made with besides QEMU. */
#include "host-tree.h"

#include <errno.h>

#define AREAS (VC_AREA_NETWORK | VC_AREA_HELPER)

static void
nobody_asked(void **state)
{
	struct tree *tree = tree_new(true);
	const struct vc_host *host = tree_probe(tree, AREAS);

	(void)state;
	assert_unreadable(host->network_interfaces, VC_ENOTCOLLECTED);
	assert_unreadable(host->networks_defined, VC_ENOTCOLLECTED);
	assert_unreadable(host->mediated_devices, VC_ENOTCOLLECTED);
	assert_unreadable(host->vhost_vsock, VC_ENOTCOLLECTED);
	assert_unreadable(host->programs, VC_ENOTCOLLECTED);
	assert_unreadable(host->virtiofsd, VC_ENOTCOLLECTED);
	assert_unreadable(host->firmware_descriptors, VC_ENOTCOLLECTED);
	tree_free(tree);
}

static void
networks(void **state)
{
	struct tree *tree = tree_new(true);
	const struct vc_host *host;

	(void)state;
	tree_line(tree, "list known /sys/class/net\n\tbr0\n\tlo");
	tree_line(tree, "list known /etc/libvirt/qemu/networks\n\tautostart\n\tdefault.xml\n\t.xml");
	tree_line(tree, "list absent /etc/libvirt/qemu/networks/autostart");
	tree_line(tree, "list EACCES /run/libvirt/network");
	tree_file(tree, "/proc/sys/net/bridge/bridge-nf-call-iptables", "1\n");
	host = tree_probe(tree, AREAS);
	assert_true(vc_set_has(&host->network_interfaces, "br0"));
	assert_int_equal(host->networks_defined.count, 1);
	assert_true(vc_set_has(&host->networks_defined, "default"));
	assert_int_equal(host->networks_autostart.fact.state, VC_KNOWN);
	assert_int_equal(host->networks_autostart.count, 0);
	assert_unreadable(host->networks_active, EACCES);
	assert_known_flag(host->bridge_call_iptables, true);
	tree_free(tree);
}

/* Every directory where it is not has to have been looked at. */
static void
absent_everywhere(struct tree *tree, const char *name, const char *but)
{
	static const char *const directory[] = { "/usr/local/sbin", "/usr/local/bin", "/usr/sbin",
						 "/usr/bin",        "/sbin",          "/bin" };

	for (size_t i = 0; i < VC_COUNT(directory); i++) {
		if (but && strcmp(directory[i], but) == 0)
			continue;
		tree_line(tree, vc_arena_printf(tree->arena, "stat absent %s/%s", directory[i], name));
	}
}

static void
helpers(void **state)
{
	struct tree *tree = tree_new(true);
	const struct vc_host *host;

	(void)state;
	tree_line(tree, "stat absent /dev/vhost-vsock");
	tree_line(tree, "list absent /sys/bus/mdev/devices");
	absent_everywhere(tree, "swtpm", "/usr/bin");
	tree_line(tree, "stat known /usr/bin/swtpm file 0755 0 0 10 0");
	absent_everywhere(tree, "swtpm_setup", NULL);
	absent_everywhere(tree, "swtpm_ioctl", NULL);
	tree_line(tree, "list absent /etc/qemu/vhost-user");
	tree_line(tree, "list known /usr/share/qemu/vhost-user\n\t50-qemu-gpu.json");
	tree_line(tree, "list known /etc/qemu/firmware\n\t10-mine.json\n\tREADME");
	tree_line(tree, "list known /usr/share/qemu/firmware\n\t60-edk2-x86_64.json");
	host = tree_probe(tree, AREAS);
	assert_known_flag(host->vhost_vsock, false);
	assert_int_equal(host->mediated_devices.count, 0);
	assert_int_equal(host->programs.fact.state, VC_KNOWN);
	assert_int_equal(host->programs.count, 1);
	assert_true(vc_set_has(&host->programs, "swtpm"));
	assert_known_flag(host->virtiofsd, false);
	assert_known_number(host->firmware_descriptors, 2);
	tree_free(tree);
}

static void
virtiofsd(void **state)
{
	static const struct {
		const char *name;
		enum vc_state state;
		bool there;
	} descriptors[] = {
		{ "50-virtiofsd.json", VC_KNOWN, true },
		{ "50-qemu-virtiofsd.json", VC_KNOWN, true },
		{ "50-qemu-gpu.json", VC_KNOWN, false },
		/* It may be one that serves virtiofs. */
		{ "10-mine.json", VC_UNREADABLE, false },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(descriptors); i++) {
		struct tree *tree = tree_new(true);
		const struct vc_host *host;

		tree_line(tree, "list absent /etc/qemu/vhost-user");
		tree_line(tree, vc_arena_printf(tree->arena, "list known /usr/share/qemu/vhost-user\n\t%s",
						descriptors[i].name));
		host = tree_probe(tree, AREAS);
		assert_int_equal(host->virtiofsd.fact.state, descriptors[i].state);
		if (descriptors[i].state == VC_KNOWN)
			assert_int_equal(host->virtiofsd.value, descriptors[i].there);
		tree_free(tree);
	}
}

static void
vdpa(void **state)
{
	struct tree *tree = tree_new(true);
	const struct vc_vdpa_device *device;
	const struct vc_host *host;

	(void)state;
	tree_line(tree, "list known /sys/bus/vdpa/devices\n\tvdpa0\n\tvdpa1\n\tvdpa2\n\tvdpa3");
	tree_line(tree, "list known /sys/bus/vdpa/devices/vdpa0\n\tdriver\n\tpower\n\tvhost-vdpa-7");
	tree_link(tree, "/sys/bus/vdpa/devices/vdpa0/driver", "../../bus/vdpa/drivers/vhost_vdpa");
	tree_line(tree, "list known /sys/bus/vdpa/devices/vdpa1\n\tdriver\n\tvirtio2");
	tree_link(tree, "/sys/bus/vdpa/devices/vdpa1/driver", "../../bus/vdpa/drivers/virtio_vdpa");
	tree_line(tree, "list known /sys/bus/vdpa/devices/vdpa2\n\tpower");
	tree_line(tree, "link absent /sys/bus/vdpa/devices/vdpa2/driver");
	tree_line(tree, "list EACCES /sys/bus/vdpa/devices/vdpa3");
	tree_line(tree, "link EACCES /sys/bus/vdpa/devices/vdpa3/driver");
	host = tree_probe(tree, AREAS);
	assert_int_equal(host->vdpa.fact.state, VC_KNOWN);
	assert_int_equal(host->vdpa.count, 4);
	device = host->vdpa.item;
	assert_known_text(device[0].name, "vdpa0");
	assert_known_text(device[0].driver, "vhost_vdpa");
	assert_known_text(device[0].node, "/dev/vhost-vdpa-7");
	assert_known_text(device[1].driver, "virtio_vdpa");
	assert_absent(device[1].node);
	assert_absent(device[2].driver);
	assert_absent(device[2].node);
	assert_unreadable(device[3].driver, EACCES);
	assert_unreadable(device[3].node, EACCES);
	tree_free(tree);

	/* Without the bus there are none, which is known. */
	tree = tree_new(true);
	tree_line(tree, "list absent /sys/bus/vdpa/devices");
	host = tree_probe(tree, AREAS);
	assert_int_equal(host->vdpa.fact.state, VC_KNOWN);
	assert_int_equal(host->vdpa.count, 0);
	tree_free(tree);

	tree = tree_new(true);
	host = tree_probe(tree, AREAS);
	assert_unreadable(host->vdpa, VC_ENOTCOLLECTED);
	tree_free(tree);
}

static void
usb(void **state)
{
	static const char *const ids[] = { "046d:c31c", "@1.5", "046d:c31c", "1234:5678" };
	const struct vc_host_request request = { .areas = VC_AREA_HELPER, .usb = ids, .usbs = VC_COUNT(ids) };
	struct tree *tree = tree_new(true);
	const struct vc_host *host;

	(void)state;
	tree_ask(tree, "usb/046d:c31c", "2\n");
	tree_ask(tree, "usb/1234:5678", "many\n");
	host = tree_probe_request(tree, &request);
	assert_int_equal(host->usb.count, 3);
	assert_known_number(vc_host_find_usb(host, "046d:c31c")->count, 2);
	assert_unreadable(vc_host_find_usb(host, "@1.5")->count, VC_ENOTCOLLECTED);
	assert_unreadable(vc_host_find_usb(host, "1234:5678")->count, VC_EGARBLED);
	assert_null(vc_host_find_usb(host, "1"));
	tree_free(tree);
}

static void
listens(void **state)
{
	static const char *const addresses[] = { "", "b" };
	const struct vc_host_request request = { .areas = VC_AREA_NETWORK, .listen = addresses, .listens = VC_COUNT(addresses) };
	struct tree *tree = tree_new(true);
	const struct vc_host *host;

	(void)state;
	tree_ask(tree, "listen/cbf29ce484222325", "N\n");
	host = tree_probe_request(tree, &request);
	assert_known_flag(vc_host_find_listen(host, "")->here, false);
	assert_unreadable(vc_host_find_listen(host, "b")->here, VC_ENOTCOLLECTED);
	tree_free(tree);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(usb), cmocka_unit_test(listens), cmocka_unit_test(nobody_asked),
		cmocka_unit_test(networks),
		cmocka_unit_test(helpers),
		cmocka_unit_test(virtiofsd),
		cmocka_unit_test(vdpa),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
