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
#include "host/probe-iomem.h"
#include "host/probe-pci.h"

static void
test_line(void **state)
{
	static const char *const bad[] = {
		"",
		":",
		"-",
		" : ",
		"0-1",
		"0-1:x",
		"0-1 :x",
		"0-1  : x",
		"g-1 : x",
		"2-1 : x",
		" 0-1 : x",
		"0 1 : x",
		"0--1 : x",
		"-1-2 : x",
		"10000000000000000-1ffffffffffffffff : x",
		"00000000-0000000f : a\0b",
	};
	struct vc_iomem_line line;

	(void)state;
	assert_int_equal(vc_iomem_parse_line("    fe840000-fe85ffff : 0000:01:00.0", 36, &line), 0);
	assert_int_equal(line.depth, 2);
	assert_int_equal(line.region.first, 0xfe840000);
	assert_int_equal(line.region.last, 0xfe85ffff);
	assert_memory_equal(line.name, "0000:01:00.0", line.length);
	assert_int_equal(line.length, 12);
	for (size_t i = 0; i < VC_COUNT(bad); i++) {
		size_t length = i + 1 == VC_COUNT(bad) ? 24 : strlen(bad[i]);

		assert_int_equal(vc_iomem_parse_line(bad[i], length, &line), -EBADMSG);
	}
}

#define DEVICE "/sys/bus/pci/devices/0000:01:00.0"
#define ZERO_LINE "0x0000000000000000 0x0000000000000000 0x0000000000000000\n"

/* A graphics card: 256 MiB at e0000000 in BAR 0, 16 MiB at f0000000 in BAR 1, ports in BAR 2. */
static void
probe(const char *driver, const char *iomem, int err, struct vc_host *ret_host, struct vc_hostfs **ret_fs)
{
	static struct fake_entry entry[] = {
		{ .path = DEVICE "/class", .data = "0x030000\n" },
		{ .path = DEVICE "/resource",
		  .data = "0x00000000e0000000 0x00000000efffffff 0x000000000014220c\n"
			  "0x00000000f0000000 0x00000000f0ffffff 0x0000000000040200\n"
			  "0x000000000000e000 0x000000000000e0ff 0x0000000000040101\n" ZERO_LINE ZERO_LINE
				  ZERO_LINE ZERO_LINE },
		{ .path = "/proc/iomem" },
		{ .path = DEVICE "/driver", .link = true },
	};
	static const char *const wanted[] = { "0000:01:00.0" };
	const struct vc_host_request request = { .areas = VC_AREA_PCI | VC_AREA_IOMEM,
						 .device = wanted,
						 .devices = 1 };

	entry[2].data = iomem;
	entry[2].err = err;
	entry[3].data = driver;
	*ret_host = (struct vc_host){ 0 };
	*ret_fs = fake_hostfs_new(entry, driver ? 4 : 3, 0);
	vc_probe_pci(*ret_fs, &request, ret_host);
	vc_probe_iomem(*ret_fs, &request, ret_host);
}

#define AMDGPU "../../../bus/pci/drivers/amdgpu"
#define VFIO "../../../bus/pci/drivers/vfio-pci"
#define HDA "../../../bus/pci/drivers/snd_hda_intel"
#define BUS                                                                                                  \
	"00001000-0009fbff : System RAM\n"                                                                   \
	"c0000000-febfffff : PCI Bus 0000:00\n"                                                              \
	"  e0000000-f0ffffff : PCI Bus 0000:01\n"
#define BAR0 "    e0000000-efffffff : 0000:01:00.0\n"
#define BAR1 "    f0000000-f0ffffff : 0000:01:00.0\n"

static void
test_holder(void **state)
{
	static const struct {
		const char *driver, *iomem, *holder;
		uint64_t first, last, index;
	} row[] = {
		{ AMDGPU, BUS BAR0 BAR1, NULL, 0, 0, 0 },
		{ NULL, BUS BAR0 BAR1, NULL, 0, 0, 0 },
		/* Firmware framebuffers stay, whoever drives the device. */
		{ NULL,
		  BUS BAR0 "      e0000000-e02fffff : BOOTFB\n        e0000000-e02fffff : simpledrm\n" BAR1,
		  "BOOTFB", 0xe0000000, 0xe02fffff, 0 },
		{ VFIO, BUS BAR0 "      e0000000-e02fffff : efifb\n" BAR1, "efifb", 0xe0000000, 0xe02fffff,
		  0 },
		{ AMDGPU, BUS BAR0 BAR1 "      f0000000-f02fffff : vesafb\n", "vesafb", 0xf0000000,
		  0xf02fffff, 1 },
		/* All of the BAR, one level down. */
		{ VFIO, BUS BAR0 "      e0000000-efffffff : efifb\n" BAR1, "efifb", 0xe0000000, 0xefffffff,
		  0 },
		/* The kernel no longer counts the depth. */
		{ VFIO, BUS BAR0 "    e0000000-efffffff : efifb\n" BAR1, "efifb", 0xe0000000, 0xefffffff, 0 },
		/* The BAR lost against it. */
		{ NULL, BUS "    e0000000-e02fffff : BOOTFB\n" BAR1, "BOOTFB", 0xe0000000, 0xe02fffff, 0 },
		/* A window of the very same range is no claim. */
		{ NULL,
		  BUS "    f0000000-f0ffffff : PCI Bus 0000:01\n      f0000000-f0ffffff : 0000:01:00.0\n",
		  NULL, 0, 0, 0 },
		/* The driver's own claim goes with it, whatever its name. */
		{ HDA, BUS BAR0 BAR1 "      f0000000-f0ffffff : ICH HD audio\n", NULL, 0, 0, 0 },
		{ AMDGPU, BUS BAR0 BAR1 "      f0000000-f000ffff : amdgpu\n", NULL, 0, 0, 0 },
		{ VFIO, BUS BAR0 "      e0000000-efffffff : vfio-pci\n" BAR1, NULL, 0, 0, 0 },
		/* Without a driver that could let go it is in the way. */
		{ NULL, BUS BAR0 BAR1 "      f0000000-f0ffffff : ICH HD audio\n", "ICH HD audio", 0xf0000000,
		  0xf0ffffff, 1 },
		{ VFIO, BUS BAR0 BAR1 "      f0001000-f0001fff : other\n", "other", 0xf0001000, 0xf0001fff,
		  1 },
		/* One byte beside the BAR, and its last byte. */
		{ NULL, BUS BAR0 BAR1 "    f1000000-f1000fff : other\n", NULL, 0, 0, 0 },
		{ NULL, BUS BAR0 BAR1 "      f0ffffff-f0ffffff : other\n", "other", 0xf0ffffff, 0xf0ffffff,
		  1 },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(row); i++) {
		_cleanup_fake_ struct vc_hostfs *fs = NULL;
		struct vc_host host;
		const struct vc_pci *pci;

		probe(row[i].driver, row[i].iomem, 0, &host, &fs);
		pci = vc_host_find_pci(&host, "0000:01:00.0");
		if (pci->bar_holder.fact.state != (row[i].holder ? VC_KNOWN : VC_ABSENT))
			print_error("row %zu\n", i);
		if (!row[i].holder) {
			assert_int_equal(pci->bar_holder.fact.state, VC_ABSENT);
			assert_int_equal(pci->bar_held.fact.state, VC_ABSENT);
			continue;
		}
		assert_int_equal(pci->bar_holder.fact.state, VC_KNOWN);
		assert_string_equal(pci->bar_holder.value, row[i].holder);
		assert_int_equal(pci->bar_held.value.first, row[i].first);
		assert_int_equal(pci->bar_held.value.last, row[i].last);
		assert_int_equal(pci->bar_held_index.value, row[i].index);
	}
}

/* A file that cannot be read, that lies, or that is something else decides nothing. */
static void
test_unreadable(void **state)
{
	static const struct {
		const char *iomem;
		int refused, err;
	} row[] = {
		{ "", EACCES, EACCES },
		{ "00000000-00000000 : System RAM\n  00000000-00000000 : 0000:01:00.0\n", 0, EACCES },
		{ "", 0, EACCES },
		{ "garbage\n", 0, VC_EGARBLED },
		{ BUS BAR0 "      e0000000 : BOOTFB\n", 0, VC_EGARBLED },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(row); i++) {
		_cleanup_fake_ struct vc_hostfs *fs = NULL;
		struct vc_host host;
		const struct vc_pci *pci;
		const struct vc_bar *bar;

		probe(NULL, row[i].iomem, row[i].refused, &host, &fs);
		pci = vc_host_find_pci(&host, "0000:01:00.0");
		assert_int_equal(pci->bar_holder.fact.state, VC_UNREADABLE);
		assert_int_equal(pci->bar_holder.fact.err, row[i].err);
		bar = pci->bar.item;
		assert_int_equal(bar[0].holder.fact.err, row[i].err);
	}
}

/* Whether a claim is the driver's own cannot be told while the driver is not known. */
static void
test_unknown_driver(void **state)
{
	struct vc_pci pci = { 0 };

	(void)state;
	vc_set_text(&pci.address, "0000:01:00.0", "test");
	vc_set_unreadable(&pci.driver.fact, VC_ENOTCOLLECTED, "test");
	assert_int_equal(vc_iomem_is_foreign(&pci, "nvme"), VC_UNKNOWN);
	assert_int_equal(vc_iomem_is_foreign(&pci, "BOOTFB"), VC_YES);
	assert_int_equal(vc_iomem_is_foreign(&pci, "vfio-pci"), VC_NO);
	assert_int_equal(vc_iomem_is_foreign(&pci, "0000:01:00.0"), VC_NO);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_line),
		cmocka_unit_test(test_holder),
		cmocka_unit_test(test_unreadable),
		cmocka_unit_test(test_unknown_driver),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
