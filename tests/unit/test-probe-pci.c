/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "fake-hostfs.h"
#include "host/host.h"
#include "host/pci-config.h"
#include "host/pci-interrupt.h"
#include "host/pci-resource.h"
#include "host/probe-pci.h"
#include "host/probe.h"
#include "host/quirk-site.h"

/* A configuration space made of pieces. */
struct config {
	uint8_t byte[VC_PCI_CONFIG_MAX];
};

static void
put16(struct config *config, unsigned offset, unsigned value)
{
	config->byte[offset] = (uint8_t)value;
	config->byte[offset + 1] = (uint8_t)(value >> 8);
}

static void
put32(struct config *config, unsigned offset, uint32_t value)
{
	put16(config, offset, value & 0xffff);
	put16(config, offset + 2, value >> 16);
}

static struct config
endpoint(void)
{
	struct config config = { .byte = { 0 } };

	put32(&config, 0, 0x10d38086);
	return config;
}

/* Appends the capability at @offset to the list that ends at @after (0x34: it is the first). */
static void
add_capability(struct config *config, unsigned after, unsigned offset, unsigned id)
{
	put16(config, 6, 0x10);
	config->byte[after == 0x34 ? after : after + 1] = (uint8_t)offset;
	config->byte[offset] = (uint8_t)id;
	config->byte[offset + 1] = 0;
}

static int
parse(const struct config *config, size_t size, struct vc_pci_config *ret)
{
	return vc_pci_config_parse(config->byte, size, ret);
}

static void
test_config_without_list(void **state)
{
	struct config config = endpoint();
	struct vc_pci_config parsed;
	unsigned offset;
	bool flr = true;

	(void)state;
	assert_int_equal(parse(&config, 63, &parsed), -EBADMSG);
	/* The header alone proves that there is no list. */
	assert_int_equal(parse(&config, 64, &parsed), 0);
	assert_true(parsed.answers);
	assert_int_equal(vc_pci_config_find(&parsed, 0x05, &offset), -ENOENT);
	assert_int_equal(vc_pci_config_flr(&parsed, &flr), 0);
	assert_false(flr);
}

static void
test_config_cut(void **state)
{
	struct config config = endpoint();
	struct vc_pci_config parsed;
	unsigned offset;
	bool flr;

	(void)state;
	add_capability(&config, 0x34, 0x40, 0x10);
	put32(&config, 0x44, 1u << 28);
	assert_int_equal(parse(&config, 64, &parsed), 0);
	assert_int_equal(vc_pci_config_find(&parsed, 0x10, &offset), -EACCES);
	assert_int_equal(vc_pci_config_flr(&parsed, &flr), -EACCES);
	assert_int_equal(parse(&config, 255, &parsed), 0);
	assert_int_equal(vc_pci_config_flr(&parsed, &flr), -EACCES);
	assert_int_equal(parse(&config, 256, &parsed), 0);
	assert_int_equal(vc_pci_config_flr(&parsed, &flr), 0);
	assert_true(flr);
	/* A PCIe device whose extended space the kernel does not reach. */
	assert_int_equal(vc_pci_config_find_extended(&parsed, 0x15, &offset), -EOPNOTSUPP);
	assert_int_equal(parse(&config, 4096, &parsed), 0);
	assert_int_equal(vc_pci_config_find_extended(&parsed, 0x15, &offset), -ENOENT);
}

static void
test_config_flr(void **state)
{
	static const struct {
		uint32_t devcap;
		unsigned af;
		bool flr;
	} row[] = {
		{ 1u << 28, 0, true }, { 1u << 27, 0, false }, { 1u << 29, 0, false },
		{ 0, 3, true },        { 0, 1, false },        { 0, 2, false },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(row); i++) {
		struct config config = endpoint();
		struct vc_pci_config parsed;
		bool flr = !row[i].flr;

		add_capability(&config, 0x34, 0x40, 0x10);
		put32(&config, 0x44, row[i].devcap);
		add_capability(&config, 0x40, 0x80, 0x13);
		config.byte[0x83] = (uint8_t)row[i].af;
		assert_int_equal(parse(&config, 256, &parsed), 0);
		assert_int_equal(vc_pci_config_flr(&parsed, &flr), 0);
		assert_int_equal(flr, row[i].flr);
	}
}

static void
test_config_registers(void **state)
{
	struct config config = endpoint();
	struct vc_pci_config parsed;
	bool value;

	(void)state;
	add_capability(&config, 0x34, 0x40, 0x01);
	put16(&config, 0x44, 0x8);
	add_capability(&config, 0x40, 0x50, 0x05);
	put16(&config, 0x52, 0x1);
	add_capability(&config, 0x50, 0x60, 0x11);
	put16(&config, 0x62, 0x7fff);
	assert_int_equal(parse(&config, 256, &parsed), 0);
	assert_int_equal(vc_pci_config_pm_reset(&parsed, &value), 0);
	assert_false(value);
	assert_int_equal(vc_pci_config_msi_enabled(&parsed, &value), 0);
	assert_true(value);
	assert_int_equal(vc_pci_config_msix_enabled(&parsed, &value), 0);
	assert_false(value);
	put16(&config, 0x44, 0xfff7);
	put16(&config, 0x52, 0xfffe);
	put16(&config, 0x62, 0x8000);
	assert_int_equal(parse(&config, 256, &parsed), 0);
	assert_int_equal(vc_pci_config_pm_reset(&parsed, &value), 0);
	assert_true(value);
	assert_int_equal(vc_pci_config_msi_enabled(&parsed, &value), 0);
	assert_false(value);
	assert_int_equal(vc_pci_config_msix_enabled(&parsed, &value), 0);
	assert_true(value);
}

static void
test_config_loop(void **state)
{
	struct config config = endpoint();
	struct vc_pci_config parsed;
	unsigned offset;

	(void)state;
	add_capability(&config, 0x34, 0x40, 0x01);
	add_capability(&config, 0x40, 0x50, 0x05);
	config.byte[0x51] = 0x40;
	assert_int_equal(parse(&config, 256, &parsed), 0);
	/* What the loop reaches is known, what it hides is not. */
	assert_int_equal(vc_pci_config_find(&parsed, 0x05, &offset), 0);
	assert_int_equal(offset, 0x50);
	assert_int_equal(vc_pci_config_find(&parsed, 0x11, &offset), -EBADMSG);

	/* A capability that would reach beyond the end. */
	config = endpoint();
	add_capability(&config, 0x34, 0xfc, 0x10);
	assert_int_equal(parse(&config, 256, &parsed), 0);
	bool flr;
	assert_int_equal(vc_pci_config_flr(&parsed, &flr), -EBADMSG);
}

static void
test_config_extended(void **state)
{
	struct config config = endpoint();
	struct vc_pci_config parsed;
	uint64_t sizes = 0;
	unsigned offset;

	(void)state;
	add_capability(&config, 0x34, 0x40, 0x10);
	put32(&config, 0x100, 0x0001 | 1u << 16 | 0x200u << 20);
	put32(&config, 0x200, 0x0015 | 1u << 16);
	put32(&config, 0x204, 0x700u << 4);
	put32(&config, 0x208, 2u << 5 | 0);
	put32(&config, 0x20c, 0x3f00u << 4);
	put32(&config, 0x210, 2);
	assert_int_equal(parse(&config, 4096, &parsed), 0);
	assert_int_equal(vc_pci_config_bar_sizes(&parsed, 0, &sizes), 0);
	assert_int_equal(sizes, 0x700);
	assert_int_equal(vc_pci_config_bar_sizes(&parsed, 2, &sizes), 0);
	assert_int_equal(sizes, 0x3f00);
	assert_int_equal(vc_pci_config_bar_sizes(&parsed, 1, &sizes), -ENOENT);

	put32(&config, 0x200, 0x0015 | 1u << 16 | 0x100u << 20);
	assert_int_equal(parse(&config, 4096, &parsed), 0);
	assert_int_equal(vc_pci_config_find_extended(&parsed, 0x10, &offset), -EBADMSG);
	assert_int_equal(vc_pci_config_find_extended(&parsed, 0x15, &offset), 0);

	/* The list leads to the last bytes, and the capability needs more. */
	put32(&config, 0x100, 0x0001 | 1u << 16 | 0xffcu << 20);
	put32(&config, 0xffc, 0x0015 | 1u << 16);
	assert_int_equal(parse(&config, 4096, &parsed), 0);
	assert_int_equal(vc_pci_config_bar_sizes(&parsed, 0, &sizes), -EBADMSG);
}

static void
test_config_answers(void **state)
{
	struct config config;
	struct vc_pci_config parsed;
	unsigned offset;

	(void)state;
	memset(&config, 0xff, sizeof(config));
	assert_int_equal(parse(&config, 256, &parsed), 0);
	assert_false(parsed.answers);
	assert_int_equal(parsed.header_type, 0x7f);
	assert_int_equal(vc_pci_config_find(&parsed, 0x10, &offset), -EIO);

	/* A virtual function: no ids of its own, and alive. */
	config = endpoint();
	put32(&config, 0, 0xffffffff);
	assert_int_equal(parse(&config, 256, &parsed), 0);
	assert_true(parsed.answers);
	put32(&config, 4, 0xffffffff);
	assert_int_equal(parse(&config, 256, &parsed), 0);
	assert_false(parsed.answers);
}

#define ZERO_LINE "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"

static void
test_resource_file(void **state)
{
	static const char good[] =
		"0x00000000fe840000 0x00000000fe85ffff 0x0000000000040200\n" ZERO_LINE ZERO_LINE ZERO_LINE
			ZERO_LINE ZERO_LINE "0x00000000fe800000 0x00000000fe83ffff 0x0000000000046202\n";
	static const char *const bad[] = {
		"",
		ZERO_LINE,
		ZERO_LINE ZERO_LINE ZERO_LINE ZERO_LINE ZERO_LINE ZERO_LINE,
		"0x1 0x2\n" ZERO_LINE ZERO_LINE ZERO_LINE ZERO_LINE ZERO_LINE ZERO_LINE,
		"0x1 0x2 0x3 0x4\n" ZERO_LINE ZERO_LINE ZERO_LINE ZERO_LINE ZERO_LINE ZERO_LINE,
		"0x10000000000000000 0x2 0x3\n" ZERO_LINE ZERO_LINE ZERO_LINE ZERO_LINE ZERO_LINE ZERO_LINE,
		"-1 0x2 0x3\n" ZERO_LINE ZERO_LINE ZERO_LINE ZERO_LINE ZERO_LINE ZERO_LINE,
		"garbage\n",
	};
	struct vc_pci_resource resource[VC_PCI_RESOURCES];

	(void)state;
	assert_int_equal(vc_pci_resource_parse(good, strlen(good), resource), 0);
	assert_int_equal(resource[0].first, 0xfe840000);
	assert_int_equal(resource[0].last, 0xfe85ffff);
	assert_int_equal(resource[VC_PCI_ROM].flags, 0x46202);
	for (size_t i = 0; i < VC_COUNT(bad); i++)
		assert_int_equal(vc_pci_resource_parse(bad[i], strlen(bad[i]), resource), -EBADMSG);
}

static void
test_address(void **state)
{
	static const char *const good[] = { "0000:03:00.0", "ffff:ff:1f.7", "10000:e0:06.0" };
	static const char *const bad[] = { "",
					   "0000:03:00",
					   "0000:03:00.8",
					   "000:03:00.0",
					   "0000:3:00.0",
					   "0000:03:00.0/",
					   "../../etc",
					   "0000:03:00.0x",
					   "0000:0G:00.0",
					   "000000000:03:00.0" };

	(void)state;
	for (size_t i = 0; i < VC_COUNT(good); i++)
		assert_true(vc_pci_address_valid(good[i]));
	for (size_t i = 0; i < VC_COUNT(bad); i++)
		assert_false(vc_pci_address_valid(bad[i]));
}

#define DEVICE "/sys/bus/pci/devices/0000:01:00.0"
#define OTHER "/sys/bus/pci/devices/0000:01:00.1"
#define BRIDGE "/sys/bus/pci/devices/0000:00:01.0"

static const struct fake_entry small[] = {
	{ .path = DEVICE "/vendor", .data = "0x1002\n" },
	{ .path = DEVICE "/device", .data = "0x67df\n" },
	{ .path = DEVICE "/class", .data = "0x030000\n" },
	{ .path = DEVICE "/revision", .data = "0xe7\n" },
	{ .path = DEVICE "/subsystem_vendor", .data = "0x1043\n" },
	{ .path = DEVICE "/subsystem_device", .data = "0x04b0\n" },
	{ .path = DEVICE "/driver", .data = "../../../bus/pci/drivers/amdgpu", .link = true },
	{ .path = DEVICE "/driver_override", .data = "(null)\n" },
	{ .path = DEVICE "/power_state", .data = "D0\n" },
	{ .path = DEVICE "/d3cold_allowed", .data = "1\n" },
	{ .path = DEVICE "/boot_vga", .data = "1\n" },
	{ .path = DEVICE "/enable", .data = "2\n" },
	{ .path = DEVICE "/numa_node", .data = "-1\n" },
	{ .path = DEVICE "/config", .err = EACCES },
	{ .path = DEVICE "/iommu_group", .data = "../../../../kernel/iommu_groups/7", .link = true },
	{ .path = DEVICE "/resource0_resize", .data = "0000000000003f00\n" },
	{ .path = DEVICE "/resource",
	  .data = "0x000000e000000000 0x000000efffffffff 0x000000000014220c\n" ZERO_LINE
		  "0x00000000f0000000 0x00000000f01fffff 0x000000002014220c\n" ZERO_LINE
		  "0x000000000000e000 0x000000000000e0ff 0x0000000000040101\n"
		  "0x00000000fce00000 0x0000000000000000 0x0000000000040200\n"
		  "0x00000000000c0000 0x00000000000dffff 0x0000000000000212\n" },
	{ .path = OTHER "/vendor", .data = "0x1002\n" },
	{ .path = OTHER "/device", .data = "0xaaf0\n" },
	{ .path = OTHER "/class", .data = "0x040300\n" },
	{ .path = OTHER "/config", .data = "x" },
	{ .path = OTHER "/iommu_group", .data = "../../../../kernel/iommu_groups/7", .link = true },
	{ .path = BRIDGE "/vendor", .data = "0x1022\n" },
	{ .path = BRIDGE "/device", .data = "0x1483\n" },
	{ .path = BRIDGE "/class", .data = "0x060400\n" },
	{ .path = BRIDGE "/config", .data = "x" },
	{ .path = BRIDGE "/driver", .data = "../../../bus/pci/drivers/pcieport", .link = true },
	{ .path = "/sys/bus/pci/devices/0000:02:00.0/vendor", .data = "0x8086\n" },
	{ .path = "/sys/kernel/iommu_groups/7/devices/0000:00:01.0", .directory = true },
	{ .path = "/sys/kernel/iommu_groups/7/devices/0000:01:00.0", .directory = true },
	{ .path = "/sys/kernel/iommu_groups/7/devices/0000:01:00.1", .directory = true },
	{ .path = "/sys/kernel/iommu_groups/7/devices/INTC1020:00", .directory = true },
};

static const char *const wanted[] = { "0000:01:00.0", "0000:09:00.0", "../../../etc", "0000:01:00.0" };
static const struct vc_host_request request = { .areas = VC_AREA_PCI | VC_AREA_IOMMU,
						.device = wanted,
						.devices = VC_COUNT(wanted) };

static struct vc_version
version(uint32_t major, uint32_t minor)
{
	return (struct vc_version){ .part = { major, minor } };
}

static void
test_virtual_function(void **state)
{
	static const struct fake_entry entries[] = {
		{ .path = DEVICE "/vendor", .data = "0x8086\n" },
		{ .path = DEVICE "/device", .data = "0x154c\n" },
		{ .path = DEVICE "/class", .data = "0x020000\n" },
		{ .path = DEVICE "/config", .err = EACCES },
		{ .path = DEVICE "/physfn", .data = "../0000:02:00.0", .link = true },
		{ .path = "/sys/bus/pci/devices/0000:02:00.0/driver",
		  .data = "../../../bus/pci/drivers/vfio-pci",
		  .link = true },
	};
	_cleanup_fake_ struct vc_hostfs *fs = fake_hostfs_new(entries, VC_COUNT(entries), 0);
	struct vc_host host = { 0 };
	const struct vc_pci *pci;

	(void)state;
	vc_probe_pci(fs, &request, &host);
	pci = vc_host_find_pci(&host, "0000:01:00.0");
	assert_non_null(pci);
	assert_string_equal(pci->physical_function.value, "0000:02:00.0");
	assert_string_equal(pci->physical_driver.value, "vfio-pci");
}

static void
test_largest_bar(void **state)
{
	static const struct {
		const char *resource;
		enum vc_state state;
		uint64_t size;
	} row[] = {
		{ "0x00000000fc000000 0x00000000fc003fff 0x0000000000040200\n"
		  "0x0000004000000000 0x00000043ffffffff 0x000000000014220c\n" ZERO_LINE ZERO_LINE ZERO_LINE
			  ZERO_LINE ZERO_LINE,
		  VC_KNOWN, UINT64_C(16) << 30 },
		/* Ports are none. */
		{ "0x000000000000e000 0x000000000000e0ff 0x0000000000040101\n" ZERO_LINE ZERO_LINE ZERO_LINE
			  ZERO_LINE ZERO_LINE ZERO_LINE,
		  VC_ABSENT, 0 },
		{ "nonsense\n", VC_UNREADABLE, 0 },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(row); i++) {
		const struct fake_entry entries[] = {
			{ .path = DEVICE "/class", .data = "0x030000\n" },
			{ .path = DEVICE "/resource", .data = row[i].resource },
		};
		_cleanup_fake_ struct vc_hostfs *fs = fake_hostfs_new(entries, VC_COUNT(entries), 0);
		struct vc_host host = { 0 };
		const struct vc_pci *pci;

		vc_probe_pci(fs, &request, &host);
		pci = vc_host_find_pci(&host, "0000:01:00.0");
		assert_int_equal(pci->largest_bar.fact.state, row[i].state);
		if (row[i].state == VC_KNOWN)
			assert_int_equal(pci->largest_bar.value, row[i].size);
	}
}

static void
test_probe(void **state)
{
	_cleanup_fake_ struct vc_hostfs *fs = fake_hostfs_new(small, VC_COUNT(small), 0);
	struct vc_host host = { 0 };
	const struct vc_pci *pci;
	const struct vc_bar *bar;

	(void)state;
	vc_set_version(&host.kernel_version, version(6, 12), "test");
	vc_probe_pci(fs, &request, &host);
	assert_int_equal(host.pci_addresses.count, 4);
	assert_int_equal(host.pci.count, 3);
	assert_null(vc_host_find_pci(&host, "0000:02:00.0"));
	assert_null(vc_host_find_pci(&host, "0000:09:00.0"));

	pci = vc_host_find_pci(&host, "0000:01:00.0");
	assert_non_null(pci);
	assert_int_equal(pci->class.value, 0x030000);
	assert_int_equal(pci->unassigned_bar.fact.state, VC_KNOWN);
	assert_int_equal(pci->unassigned_bar.value, 2);
	assert_string_equal(pci->driver.value, "amdgpu");
	assert_int_equal(pci->driver_override.fact.state, VC_ABSENT);
	assert_int_equal(pci->numa_node.fact.state, VC_ABSENT);
	assert_int_equal(pci->local_cpus.fact.state, VC_ABSENT);
	assert_int_equal(pci->physical_function.fact.state, VC_ABSENT);
	assert_int_equal(pci->physical_driver.fact.state, VC_ABSENT);
	assert_true(pci->boot_vga.value);
	assert_int_equal(pci->enable_count.value, 2);
	assert_int_equal(pci->reset_methods.fact.state, VC_ABSENT);
	assert_int_equal(pci->flr.fact.state, VC_UNREADABLE);
	assert_int_equal(pci->flr.fact.err, EACCES);
	assert_int_equal(pci->header_type.fact.err, EACCES);
	assert_int_equal(pci->rom_size.value, 128 * 1024);
	assert_true(pci->rom_shadowed.value);
	/* Matching is a probe of its own, after those it depends on. */
	assert_int_equal(pci->quirk.fact.state, VC_UNREAD);
	vc_probe_quirk(fs, &request, &host);
	assert_true(vc_set_has(&pci->quirk, "amd-reset-bug"));
	assert_true(vc_set_has(&pci->quirk, "no-pm-reset"));
	assert_int_equal(pci->quirk.count, 2);
	assert_int_equal(host.quirk.fact.state, VC_UNREAD); /* nobody asked for the machine */

	assert_int_equal(pci->bar.count, 4);
	/* One is garbled. */
	assert_int_equal(pci->largest_bar.fact.state, VC_UNREADABLE);
	bar = pci->bar.item;
	assert_int_equal(bar[0].size.value, UINT64_C(64) << 30);
	assert_true(bar[0].wide.value && bar[0].prefetchable.value && bar[0].memory.value);
	assert_int_equal(bar[0].possible_sizes.value, 0x3f00);
	/* Not assigned, but its size is known. */
	assert_int_equal(bar[1].index.value, 2);
	assert_int_equal(bar[1].region.fact.state, VC_ABSENT);
	assert_int_equal(bar[1].size.value, 2 * 1024 * 1024);
	assert_int_equal(bar[1].possible_sizes.fact.state, VC_ABSENT);
	assert_false(bar[2].memory.value);
	/* Upside down. */
	assert_int_equal(bar[3].size.fact.err, VC_EGARBLED);
	assert_int_equal(bar[3].region.fact.err, VC_EGARBLED);
}

static void
test_root_port(void **state)
{
#define CARD "/sys/bus/pci/devices/0000:01:00.0"
#define PORT "/sys/bus/pci/devices/0000:00:01.1"
	static const struct {
		const char *link, *nonfatal, *fatal; /* NULL: not there */
		enum vc_state port, errors;
		uint64_t count;
	} row[] = {
		{ "../../../devices/pci0000:00/0000:00:01.1/0000:01:00.0", "2\n", "1\n", VC_KNOWN, VC_KNOWN,
		  3 },
		{ "../../../devices/pci0000:00/0000:00:01.1/0000:01:00.0", "0\n", "0\n", VC_KNOWN, VC_KNOWN,
		  0 },
		/* A switch between them does not count errors of its own here. */
		{ "../../../devices/pci0000:00/0000:00:01.1/0000:02:00.0/0000:01:00.0", "7\n", "0\n",
		  VC_KNOWN, VC_KNOWN, 7 },
		{ "../../../devices/pci0000:00/0000:00:01.1/0000:01:00.0", NULL, NULL, VC_KNOWN, VC_ABSENT,
		  0 },
		{ "../../../devices/pci0000:00/0000:00:01.1/0000:01:00.0", "x\n", "0\n", VC_KNOWN,
		  VC_UNREADABLE, 0 },
		{ "../../../devices/pci0000:00/0000:00:01.1/0000:01:00.0", "18446744073709551615\n", "1\n",
		  VC_KNOWN, VC_KNOWN, UINT64_MAX },
		{ "../../../devices/pci0000:00/0000:01:00.0", "2\n", "1\n", VC_ABSENT, VC_ABSENT, 0 },
		{ "../../../devices/elsewhere", "2\n", "1\n", VC_UNREADABLE, VC_UNREADABLE, 0 },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(row); i++) {
		const struct fake_entry entry[] = {
			{ .path = CARD, .data = row[i].link, .link = true },
			{ .path = PORT "/aer_rootport_total_err_nonfatal",
			  .data = row[i].nonfatal ? row[i].nonfatal : "" },
			{ .path = PORT "/aer_rootport_total_err_fatal",
			  .data = row[i].fatal ? row[i].fatal : "" },
		};
		_cleanup_fake_ struct vc_hostfs *fs = fake_hostfs_new(entry, row[i].nonfatal ? 3 : 1, 0);
		struct vc_host host = { 0 };
		const struct vc_pci *pci;

		vc_probe_pci(fs, &request, &host);
		pci = vc_host_find_pci(&host, "0000:01:00.0");
		assert_non_null(pci);
		assert_int_equal(pci->root_port.fact.state, row[i].port);
		assert_int_equal(pci->root_port_errors.fact.state, row[i].errors);
		assert_int_equal(pci->root_port_errors.value, row[i].count);
		if (row[i].port == VC_KNOWN)
			assert_string_equal(pci->root_port.value, "0000:00:01.1");
	}
}

/* Of bystanders only what says whether they stand in the way, and without waking them. */
static void
test_bystanders(void **state)
{
	_cleanup_fake_ struct vc_hostfs *fs = fake_hostfs_new(small, VC_COUNT(small), 0);
	struct vc_host host = { 0 };
	const struct vc_pci *pci;

	(void)state;
	vc_probe_pci(fs, &request, &host);
	pci = vc_host_find_pci(&host, "0000:01:00.1");
	assert_int_equal(pci->header_type.value, 0);
	assert_int_equal(pci->driver.fact.state, VC_ABSENT);
	assert_int_equal(pci->revision.fact.state, VC_UNREAD);
	pci = vc_host_find_pci(&host, "0000:00:01.0");
	assert_int_equal(pci->header_type.value, 1);
	assert_string_equal(pci->driver.value, "pcieport");
	assert_int_equal(fake_hostfs_asked(fs, OTHER "/config"), 0);
	assert_int_equal(fake_hostfs_asked(fs, BRIDGE "/config"), 0);
	assert_int_equal(fake_hostfs_asked(fs, DEVICE "/config"), 1);
	assert_int_equal(fake_hostfs_asked(fs, "/sys/bus/pci/devices/0000:02:00.0/vendor"), 0);
}

/* A missing file means something only where the kernel would have it. */
static void
test_old_kernels(void **state)
{
	static const struct {
		struct vc_version kernel;
		enum vc_state reset_methods, possible_sizes;
	} row[] = {
		{ { .part = { 5, 14, 21 } }, VC_UNREADABLE, VC_UNREADABLE },
		{ { .part = { 5, 15 } }, VC_ABSENT, VC_UNREADABLE },
		{ { .part = { 6, 0, 19 } }, VC_ABSENT, VC_UNREADABLE },
		{ { .part = { 6, 1 } }, VC_ABSENT, VC_ABSENT },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(row); i++) {
		_cleanup_fake_ struct vc_hostfs *fs = fake_hostfs_new(small, VC_COUNT(small), 0);
		struct vc_host host = { 0 };
		const struct vc_pci *pci;

		vc_set_version(&host.kernel_version, row[i].kernel, "test");
		vc_probe_pci(fs, &request, &host);
		pci = vc_host_find_pci(&host, "0000:01:00.0");
		assert_int_equal(pci->reset_methods.fact.state, row[i].reset_methods);
		if (row[i].reset_methods == VC_UNREADABLE)
			assert_int_equal(pci->reset_methods.fact.err, EOPNOTSUPP);
		assert_int_equal(((const struct vc_bar *)pci->bar.item)[1].possible_sizes.fact.state,
				 row[i].possible_sizes);
	}
}

static void
test_node(void **state)
{
	static const struct {
		const char *node, *cpus;
		enum vc_state node_state, cpus_state;
	} row[] = {
		{ "1\n", "8-15,24-31\n", VC_KNOWN, VC_KNOWN },
		/* Memory alone. */
		{ "2\n", "\n", VC_KNOWN, VC_ABSENT },
		/* No node: then the file names all CPUs, which says nothing. */
		{ "-1\n", "0-31\n", VC_ABSENT, VC_ABSENT },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(row); i++) {
		const struct fake_entry entries[] = {
			{ .path = DEVICE "/vendor", .data = "0x1002\n" },
			{ .path = DEVICE "/numa_node", .data = row[i].node },
			{ .path = DEVICE "/local_cpulist", .data = row[i].cpus },
		};
		_cleanup_fake_ struct vc_hostfs *fs = fake_hostfs_new(entries, VC_COUNT(entries), 0);
		struct vc_host host = { 0 };
		const struct vc_pci *pci;

		vc_probe_pci(fs, &request, &host);
		pci = vc_host_find_pci(&host, "0000:01:00.0");
		assert_non_null(pci);
		assert_int_equal(pci->numa_node.fact.state, row[i].node_state);
		assert_int_equal(pci->local_cpus.fact.state, row[i].cpus_state);
		if (row[i].cpus_state == VC_KNOWN)
			assert_string_equal(pci->local_cpus.value, "8-15,24-31");
	}
}

/* Conventional PCI, PCI Express, and a device that shows its header alone. */
static void
test_express(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		struct config config = endpoint();
		const struct fake_entry entries[] = {
			{ .path = DEVICE "/vendor", .data = "0x8086\n" },
			{ .path = DEVICE "/config", .data = (const char *)config.byte, .size = i < 2 ? 256 : 64 },
		};
		_cleanup_fake_ struct vc_hostfs *fs = NULL;
		struct vc_host host = { 0 };
		const struct vc_pci *pci;

		add_capability(&config, 0x34, 0x40, i == 0 ? 0x01 : 0x10);
		fs = fake_hostfs_new(entries, VC_COUNT(entries), 0);
		vc_probe_pci(fs, &request, &host);
		pci = vc_host_find_pci(&host, "0000:01:00.0");
		assert_non_null(pci);
		assert_int_equal(pci->express.fact.state, i < 2 ? VC_KNOWN : VC_UNREADABLE);
		if (i < 2)
			assert_int_equal(pci->express.value, i == 1);
	}
}

/* A tree that nobody promised to be complete. */
static void
test_foreign(void **state)
{
	_cleanup_fake_ struct vc_hostfs *fs = fake_hostfs_new(small, VC_COUNT(small), VC_ENOTCOLLECTED);
	struct vc_host host = { 0 };
	const struct vc_pci *pci;

	(void)state;
	vc_set_version(&host.kernel_version, version(6, 12), "test");
	vc_probe_pci(fs, &request, &host);
	pci = vc_host_find_pci(&host, "0000:01:00.0");
	assert_int_equal(pci->reset_methods.fact.err, VC_ENOTCOLLECTED);
	assert_int_equal(pci->physical_function.fact.err, VC_ENOTCOLLECTED);
	/* One byte is no configuration space. */
	pci = vc_host_find_pci(&host, "0000:01:00.1");
	assert_int_equal(pci->header_type.fact.err, VC_EGARBLED);
	assert_int_equal(pci->driver.fact.err, VC_ENOTCOLLECTED);
}

static void
test_no_list(void **state)
{
	static const struct fake_entry refused[] = { { .path = "/sys/bus/pci/devices", .err = EACCES } };
	_cleanup_fake_ struct vc_hostfs *fs = fake_hostfs_new(refused, VC_COUNT(refused), 0);
	struct vc_host host = { 0 };

	(void)state;
	vc_probe_pci(fs, &request, &host);
	assert_int_equal(host.pci_addresses.fact.err, EACCES);
	assert_int_equal(host.pci.fact.state, VC_UNREADABLE);
	assert_null(vc_host_find_pci(&host, "0000:01:00.0"));
}

/* Those of the site add to those of the project, for devices and for the machine. */
static void
test_site_quirks(void **state)
{
	static const struct vc_quirk_row row = { .first = 0x100267df, .last = 0x100267df };
	static const struct vc_quirk_row other = { .first = 0x10221482, .last = 0x10221482 };
	static const struct vc_quirk_machine machine = { .text = { "A", "B*" } };
	static struct vc_quirk quirk[] = {
		{ .name = "my-card", .row = &row, .count = 1 },
		{ .name = "my-machine", .machine = &machine, .machines = 1 },
		{ .name = "not-here", .row = &other, .count = 1 },
	};
	static const struct vc_quirk_file file = { .quirk = quirk, .count = VC_COUNT(quirk) };
	struct vc_site_quirks site = { .dir = "/etc/x", .loaded = true, .file = &file, .files = 1 };
	const struct vc_host_request with_site = { .areas = VC_AREA_PCI | VC_AREA_DMI | VC_AREA_QUIRK,
						   .device = wanted,
						   .devices = VC_COUNT(wanted),
						   .site_quirks = &site };
	_cleanup_fake_ struct vc_hostfs *fs = fake_hostfs_new(small, VC_COUNT(small), 0);
	struct vc_host host = { 0 };
	const struct vc_pci *pci;

	(void)state;
	vc_set_version(&host.kernel_version, version(6, 12), "test");
	vc_probe_pci(fs, &with_site, &host);
	vc_set_text(&host.dmi_system_vendor, "A", "test");
	vc_set_unreadable(&host.dmi_product_name.fact, EACCES, "test");
	vc_probe_quirk(fs, &with_site, &host);
	pci = vc_host_find_pci(&host, "0000:01:00.0");
	assert_non_null(pci);
	assert_true(vc_set_has(&pci->quirk, "amd-reset-bug"));
	assert_true(vc_set_has(&pci->quirk, "my-card"));
	assert_false(vc_set_has(&pci->quirk, "not-here"));
	assert_string_equal(pci->quirk.fact.from, "data/quirks, /etc/x");
	assert_int_equal(host.quirk.fact.state, VC_UNREADABLE);
	assert_int_equal(host.quirk.fact.err, EACCES);

	vc_set_text(&host.dmi_product_name, "Bee", "test");
	vc_probe_quirk(fs, &with_site, &host);
	assert_true(host.quirk.count == 1 && vc_set_has(&host.quirk, "my-machine"));
	vc_set_text(&host.dmi_product_name, "C", "test");
	vc_probe_quirk(fs, &with_site, &host);
	assert_int_equal(host.quirk.fact.state, VC_ABSENT);
}

static void
test_ats(void **state)
{
	/* One extended capability: ATS, version 1, nothing behind it; its control register is at 6. */
	uint8_t bytes[VC_PCI_CONFIG_MAX] = { 0x02,          0x10,          0x40,           0x73,          [0x06] = 0x10,
					     [0x34] = 0x40, [0x40] = 0x10, [0x100] = 0x0f, [0x102] = 0x01 };
	struct vc_pci_config config;
	bool enabled = true;

	(void)state;
	assert_int_equal(vc_pci_config_parse(bytes, sizeof(bytes), &config), 0);
	assert_int_equal(vc_pci_config_ats_enabled(&config, &enabled), 0);
	assert_false(enabled);
	bytes[0x107] = 0x80;
	assert_int_equal(vc_pci_config_ats_enabled(&config, &enabled), 0);
	assert_true(enabled);
	bytes[0x100] = 0x0e;
	assert_int_equal(vc_pci_config_parse(bytes, sizeof(bytes), &config), 0);
	assert_int_equal(vc_pci_config_ats_enabled(&config, &enabled), -ENOENT);
	assert_int_equal(vc_pci_config_parse(bytes, 64, &config), 0);
	assert_int_equal(vc_pci_config_ats_enabled(&config, &enabled), -EACCES);
}

static const char interrupts[] =
	"           CPU0       CPU1\n"
	"   1:          0          9  IR-IO-APIC    1-edge      i8042\n"
	"  16:          0          0  IR-IO-APIC   16-fasteoi   ehci_hcd:usb1, snd_ctxfi\n"
	"  17:       4711          0   IO-APIC   17-fasteoi   snd_ctxfi\n"
	"  18:          0          0  IR-IO-APIC   18-fasteoi   vfio-intx(0000:01:00.0)\n"
	"  19:          0          0  IR-IO-APIC   19-fasteoi   nobody knows\n"
	" 120:          0          0  IR-PCI-MSI-0000:00:1f.3    0-edge      snd_hda_intel:card0\n"
	" NMI:          1          1   Non-maskable interrupts\n";

static void
test_handlers(void **state)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	const char **name;
	size_t count;

	(void)state;
	assert_int_equal(vc_interrupt_handlers(arena, interrupts, sizeof(interrupts) - 1, 16, &name, &count), 0);
	assert_int_equal(count, 2);
	assert_string_equal(name[0], "ehci_hcd:usb1");
	assert_string_equal(name[1], "snd_ctxfi");
	assert_int_equal(vc_interrupt_handlers(arena, interrupts, sizeof(interrupts) - 1, 20, &name, &count), 0);
	assert_int_equal(count, 0);
	assert_int_equal(vc_interrupt_handlers(arena, interrupts, sizeof(interrupts) - 1, 120, &name, &count),
			 -EOPNOTSUPP);
	assert_int_equal(vc_interrupt_handlers(arena, "5: 1 2\n", 7, 5, &name, &count), -EOPNOTSUPP);
}

/* Who is on the line is known only of a device that is enabled, and whose own handler can be told from others. */
static void
test_interrupt(void **state)
{
	static const struct {
		const char *driver, *enable, *irq;
		uint8_t pin;
		enum vc_state irq_state, handlers_state;
		const char *handler;
	} row[] = {
		{ "snd_ctxfi", "1\n", "16\n", 1, VC_KNOWN, VC_KNOWN, "ehci_hcd:usb1" },
		{ "snd-ctxfi", "1\n", "17\n", 1, VC_KNOWN, VC_ABSENT, NULL },
		{ "vfio-pci", "1\n", "18\n", 1, VC_KNOWN, VC_ABSENT, NULL },
		{ "vfio-pci", "1\n", "17\n", 1, VC_KNOWN, VC_KNOWN, "snd_ctxfi" },
		{ "vfio-pci", "0\n", "17\n", 1, VC_UNREADABLE, VC_UNREADABLE, NULL },
		{ "rt2800pci", "1\n", "19\n", 1, VC_KNOWN, VC_UNREADABLE, NULL },
		{ "rt2800pci", "1\n", "20\n", 1, VC_KNOWN, VC_ABSENT, NULL },
		{ "rt2800pci", "1\n", "120\n", 1, VC_KNOWN, VC_UNREADABLE, NULL },
		{ "rt2800pci", "1\n", "0\n", 1, VC_ABSENT, VC_ABSENT, NULL },
		{ "rt2800pci", "1\n", "x\n", 1, VC_UNREADABLE, VC_UNREADABLE, NULL },
		{ "rt2800pci", NULL, "17\n", 1, VC_UNREADABLE, VC_UNREADABLE, NULL },
		{ "rt2800pci", "1\n", NULL, 1, VC_UNREADABLE, VC_UNREADABLE, NULL },
		{ "rt2800pci", "1\n", "17\n", 0, VC_ABSENT, VC_ABSENT, NULL },
		{ NULL, "1\n", "17\n", 1, VC_KNOWN, VC_KNOWN, "snd_ctxfi" },
		{ NULL, "0\n", "17\n", 1, VC_UNREADABLE, VC_UNREADABLE, NULL },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(row); i++) {
		const struct fake_entry entries[] = {
			{ .path = "/proc/interrupts", .data = interrupts },
			{ .path = row[i].enable ? DEVICE "/enable" : "/none", .data = row[i].enable },
			{ .path = row[i].irq ? DEVICE "/irq" : "/nothing", .data = row[i].irq },
		};
		_cleanup_fake_ struct vc_hostfs *fs = fake_hostfs_new(entries, VC_COUNT(entries), 0);
		struct vc_interrupts shared = { .fs = fs };
		uint8_t bytes[256] = { 0x02, 0x11, 0x0b, 0x00 };
		const struct vc_fact known = { .state = VC_KNOWN, .from = "config" };
		struct vc_pci_config config;
		struct vc_pci pci = { 0 };

		bytes[0x3d] = row[i].pin;
		assert_int_equal(vc_pci_config_parse(bytes, sizeof(bytes), &config), 0);
		vc_set_text(&pci.address, "0000:01:00.0", "test");
		vc_set_flag(&pci.msi_enabled, false, "test");
		vc_set_flag(&pci.msix_enabled, false, "test");
		if (row[i].driver)
			vc_set_text(&pci.driver, row[i].driver, "test");
		else
			vc_set_absent(&pci.driver.fact, "test");
		vc_pci_read_interrupt(&shared, DEVICE, &known, &config, &pci);
		if (pci.irq.fact.state != row[i].irq_state || pci.irq_handlers.fact.state != row[i].handlers_state)
			print_error("row %zu\n", i);
		assert_int_equal(pci.irq.fact.state, row[i].irq_state);
		assert_int_equal(pci.irq_handlers.fact.state, row[i].handlers_state);
		if (row[i].handler)
			assert_true(pci.irq_handlers.count == 1 && vc_set_has(&pci.irq_handlers, row[i].handler));
	}
}

/* With MSI the file irq shows something else. */
static void
test_interrupt_msi(void **state)
{
	static const struct fake_entry entries[] = {
		{ .path = "/proc/interrupts", .data = interrupts },
		{ .path = DEVICE "/enable", .data = "1\n" },
		{ .path = DEVICE "/irq", .data = "17\n" },
	};
	_cleanup_fake_ struct vc_hostfs *fs = fake_hostfs_new(entries, VC_COUNT(entries), 0);
	struct vc_interrupts shared = { .fs = fs };
	uint8_t bytes[256] = { 0x02, 0x11, 0x0b, 0x00, [0x3d] = 1 };
	const struct vc_fact known = { .state = VC_KNOWN, .from = "config" };
	const struct vc_fact refused = { .state = VC_UNREADABLE, .err = EACCES, .from = "config" };
	struct vc_pci_config config;
	struct vc_pci pci = { 0 };

	(void)state;
	assert_int_equal(vc_pci_config_parse(bytes, sizeof(bytes), &config), 0);
	vc_set_text(&pci.address, "0000:01:00.0", "test");
	vc_set_text(&pci.driver, "snd_hda_intel", "test");
	vc_set_flag(&pci.msi_enabled, true, "test");
	vc_set_flag(&pci.msix_enabled, false, "test");
	vc_pci_read_interrupt(&shared, DEVICE, &known, &config, &pci);
	assert_int_equal(pci.irq.fact.state, VC_UNREADABLE);
	assert_int_equal(pci.irq.fact.err, EOPNOTSUPP);
	assert_int_equal(pci.irq_handlers.fact.state, VC_UNREADABLE);

	vc_pci_read_interrupt(&shared, DEVICE, &refused, &config, &pci);
	assert_int_equal(pci.irq.fact.err, EACCES);
	assert_int_equal(pci.irq_handlers.fact.err, EACCES);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_site_quirks),
		cmocka_unit_test(test_ats),
		cmocka_unit_test(test_handlers),
		cmocka_unit_test(test_interrupt),
		cmocka_unit_test(test_interrupt_msi),
		cmocka_unit_test(test_config_without_list),
		cmocka_unit_test(test_config_cut),
		cmocka_unit_test(test_config_flr),
		cmocka_unit_test(test_config_registers),
		cmocka_unit_test(test_config_loop),
		cmocka_unit_test(test_config_extended),
		cmocka_unit_test(test_config_answers),
		cmocka_unit_test(test_resource_file),
		cmocka_unit_test(test_address),
		cmocka_unit_test(test_virtual_function),
		cmocka_unit_test(test_largest_bar),
		cmocka_unit_test(test_probe),
		cmocka_unit_test(test_root_port),
		cmocka_unit_test(test_bystanders),
		cmocka_unit_test(test_old_kernels),
		cmocka_unit_test(test_node),
		cmocka_unit_test(test_express),
		cmocka_unit_test(test_foreign),
		cmocka_unit_test(test_no_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
