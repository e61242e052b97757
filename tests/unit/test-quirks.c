/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/quirk-source.h"
#include "host/quirk.h"

#define KERNEL(...)                                                                                          \
	{                                                                                                    \
		.part = { __VA_ARGS__ }                                                                      \
	}

static const struct vc_quirk *
find(const char *name)
{
	for (size_t i = 0; i < vc_quirks_count; i++) {
		if (strcmp(vc_quirks[i].name, name) == 0)
			return &vc_quirks[i];
	}
	fail_msg("no quirk %s", name);
	return NULL;
}

static void
test_built_in(void **state)
{
	static const struct {
		const char *quirk;
		uint16_t vendor, device;
		uint32_t class;
		struct vc_version kernel;
		bool matches;
	} row[] = {
		{ "no-flr", 0x1022, 0x1487, 0x040300, KERNEL(5, 4), true },
		{ "no-flr", 0x1022, 0x1486, 0x040300, KERNEL(5, 4), false },
		{ "no-flr", 0x1022, 0x1488, 0x040300, KERNEL(5, 4), false },
		{ "no-flr", 0x8086, 0x1503, 0x020000, KERNEL(6, 12), true },
		{ "no-flr", 0x8086, 0x1504, 0x020000, KERNEL(6, 12), false },
		{ "no-bus-reset", 0x10de, 0x233f, 0x030200, KERNEL(6, 12), false },
		{ "no-bus-reset", 0x10de, 0x2340, 0x030200, KERNEL(6, 12), true },
		{ "no-bus-reset", 0x10de, 0x237f, 0x030200, KERNEL(6, 12), true },
		{ "no-bus-reset", 0x10de, 0x2380, 0x030200, KERNEL(6, 12), false },
		{ "no-pm-reset", 0x1002, 0x0000, 0x030000, KERNEL(6, 12), true },
		{ "no-pm-reset", 0x1002, 0xffff, 0x030000, KERNEL(6, 12), true },
		{ "no-pm-reset", 0x1002, 0x67df, 0x038000, KERNEL(6, 12), false },
		{ "no-pm-reset", 0x1003, 0x0000, 0x030000, KERNEL(6, 12), false },
		{ "amd-reset-bug", 0x1002, 0x67df, 0x030000, KERNEL(6, 12), true },
		{ "amd-reset-bug", 0x1002, 0x73bf, 0x030000, KERNEL(6, 12), false },
		{ "vfio-denylist", 0x8086, 0x37c8, 0x0b4000, KERNEL(5, 10), true },
		{ "vfio-denylist", 0x8086, 0x37c8, 0x0b4000, KERNEL(5, 8, 18), false },
		{ "vfio-denylist", 0x8086, 0x0b25, 0x088000, KERNEL(6, 1, 90), false },
		{ "vfio-denylist", 0x8086, 0x0b25, 0x088000, KERNEL(6, 1, 91), true },
		{ "vfio-denylist", 0x8086, 0x0b25, 0x088000, KERNEL(6, 2), false },
		{ "vfio-denylist", 0x8086, 0x0b25, 0x088000, KERNEL(6, 12), true },
		{ "vfio-denylist", 0x8086, 0x0b25, 0x088000, KERNEL(7, 2), true },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(row); i++) {
		const struct vc_quirk_device device = { .vendor = row[i].vendor,
							.device = row[i].device,
							.class = &row[i].class,
							.kernel = &row[i].kernel };
		bool matches = !row[i].matches;
		unsigned needs;

		assert_int_equal(vc_quirk_match(find(row[i].quirk), &device, &matches, &needs), 0);
		if (matches != row[i].matches)
			print_error("row %zu\n", i);
		assert_int_equal(matches, row[i].matches);
	}
}

/* What a match depends on is asked for only when the ids match. */
static void
test_unknown(void **state)
{
	struct vc_quirk_device device = { .vendor = 0x8086, .device = 0x37c8 };
	bool matches = true;
	unsigned needs = 0;

	(void)state;
	assert_int_equal(vc_quirk_match(find("vfio-denylist"), &device, &matches, &needs), -ENODATA);
	assert_int_equal(needs, VC_QUIRK_KERNEL);
	device = (struct vc_quirk_device){ .vendor = 0x1002, .device = 0x67df };
	assert_int_equal(vc_quirk_match(find("no-pm-reset"), &device, &matches, &needs), -ENODATA);
	assert_int_equal(needs, VC_QUIRK_CLASS);
	device.vendor = 0x10ec;
	assert_int_equal(vc_quirk_match(find("no-pm-reset"), &device, &matches, &needs), 0);
	assert_false(matches);
}

/* The table is what the lookup takes it for. */
static void
test_order(void **state)
{
	(void)state;
	assert_true(vc_quirks_count >= 5);
	for (size_t i = 0; i < vc_quirks_count; i++) {
		const struct vc_quirk *quirk = &vc_quirks[i];

		assert_true(i == 0 || strcmp(vc_quirks[i - 1].name, quirk->name) < 0);
		for (size_t j = 1; j < quirk->count; j++)
			assert_true(quirk->row[j - 1].last < quirk->row[j].first ||
				    quirk->row[j - 1].first == quirk->row[j].first);
	}
}

/* Loads @text as a quirk file; the first complaint goes to @ret_line and @ret_text. */
static int
load(struct vc_arena *arena, const char *text, struct vc_quirk_file *ret_file, int *ret_line,
     const char **ret_text)
{
	char path[] = "/tmp/vhostcheck-quirks-XXXXXX";
	struct vc_diags diags = { .arena = arena };
	int fd = mkstemp(path), r;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	*ret_file = (struct vc_quirk_file){ .quirk = NULL };
	r = vc_quirk_file_read(arena, vc_arena_strdup(arena, path), &diags, ret_file);
	if (r == 0)
		r = vc_quirk_file_finish(&diags, ret_file);
	unlink(path);
	assert_int_equal(r<0, diags.count> 0);
	*ret_line = diags.count ? diags.item[0].line : 0;
	*ret_text = diags.count ? diags.item[0].text : "";
	return r;
}

#define QUIRK(match)                                                                                         \
	"<quirks>\n<quirk name='x'>\n<summary>s</summary><source>t</source>\n" match "\n</quirk>\n</"        \
										     "quirks>\n"

static void
test_refused(void **state)
{
	static const struct {
		const char *text;
		int line;
		const char *says;
	} row[] = {
		{ "", 1, "" },
		{ "<quirks>", 1, "" },
		{ "<other/>", 1, "root element" },
		{ "<!DOCTYPE quirks [<!ENTITY a 'b'>]>\n<quirks/>", 2, "document type" },
		{ "<quirks a='1'/>", 1, "no attribute 'a'" },
		{ "<quirks>\n<quirkk/></quirks>", 2, "<quirkk>" },
		{ "<quirks>\n<quirk/></quirks>", 2, "name" },
		{ "<quirks>\n<quirk name='No FLR'/></quirks>", 2, "No FLR" },
		{ "<quirks>\n<quirk name='x'/></quirks>", 2, "needs" },
		{ "<quirks>\n<quirk name='x'><summary>s</summary><match pci='1022:1487'/></quirk></quirks>",
		  2, "needs" },
		{ "<quirks>\n<quirk name='x'><match pci='1022:1487'/><source>s</source></quirk></quirks>", 2,
		  "needs" },
		{ "<quirks>\n<quirk name='x'><summary>s</summary><source>\n</source></quirk></quirks>", 2,
		  "empty" },
		{ QUIRK("<match/>"), 4, "pci" },
		{ QUIRK("<match pci='1022'/>"), 4, "1022" },
		{ QUIRK("<match pci='1022:148'/>"), 4, "1022:148" },
		{ QUIRK("<match pci='0x1022:1487'/>"), 4, "0x1022" },
		{ QUIRK("<match pci='1022:0x87'/>"), 4, "0x87" },
		{ QUIRK("<match pci='1022:1487-1486'/>"), 4, "1487-1486" },
		{ QUIRK("<match pci='*:1487'/>"), 4, "*" },
		{ QUIRK("<match pci='1022:1487' class='3'/>"), 4, "class" },
		{ QUIRK("<match pci='1022:1487' class='030g'/>"), 4, "class" },
		{ QUIRK("<match pci='1022:1487' subsystem='1043:*'/>"), 4, "subsystem" },
		{ QUIRK("<match pci='1022:1487' kernel=''/>"), 4, "kernel" },
		{ QUIRK("<match pci='1022:1487' kernel='6.1'/>"), 4, "6.1" },
		{ QUIRK("<match pci='1022:1487' kernel='-'/>"), 4, "-" },
		{ QUIRK("<match pci='1022:1487' kernel='6.2-6.1'/>"), 4, "6.2-6.1" },
		{ QUIRK("<match pci='1022:1487' kernel='6.x-'/>"), 4, "6.x-" },
		{ QUIRK("<match pci='1022:1487' kernel='6.1-6.2-6.3'/>"), 4, "6.1-6.2-6.3" },
		{ QUIRK("<match pci='1022:1487' kernal='6.1-'/>"), 4, "kernal" },
		{ QUIRK("<match pci='1022:1487'><x/></match>"), 4, "inside" },
		{ QUIRK("<match pci='1022:1487'/><match pci='1022:1487'/>"), 0,
		  "1022:1487 is matched twice" },
		{ QUIRK("<match pci='1022:*'/><match pci='1022:1487'/>"), 0, "1022:1487 is matched twice" },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(row); i++) {
		_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
		struct vc_quirk_file file;
		const char *says;
		int line;

		assert_int_equal(load(arena, row[i].text, &file, &line, &says), -EINVAL);
		if (line != row[i].line || !strstr(says, row[i].says))
			print_error("row %zu: line %d: %s\n", i, line, says);
		assert_int_equal(line, row[i].line);
		assert_non_null(strstr(says, row[i].says));
	}
}

static void
test_accepted(void **state)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	struct vc_version old = KERNEL(6, 2, 99), young = KERNEL(6, 3);
	uint32_t class = 0x030000, other_class = 0x038000, subsystem = 0x10438747;
	struct vc_quirk_device device = { .vendor = 0x1022, .device = 0x1487 };
	struct vc_quirk_file file;
	const char *says;
	bool matches;
	unsigned needs;
	int line;

	(void)state;
	assert_int_equal(load(arena,
			      QUIRK("<match pci='1022:1487' class='0380' kernel='6.3-'/>"
				    "<match pci='1022:1487' class='03' subsystem='1043:8747' kernel='-6.3'/>"
				    "<match pci='1022:0001'/>"),
			      &file, &line, &says),
			 0);
	assert_int_equal(file.count, 1);
	assert_int_equal(file.quirk[0].count, 3);

	device.class = &class;
	device.subsystem = &subsystem;
	device.kernel = &old;
	assert_int_equal(vc_quirk_match(&file.quirk[0], &device, &matches, &needs), 0);
	assert_true(matches);
	device.kernel = &young;
	assert_int_equal(vc_quirk_match(&file.quirk[0], &device, &matches, &needs), 0);
	assert_false(matches);
	device.class = &other_class;
	assert_int_equal(vc_quirk_match(&file.quirk[0], &device, &matches, &needs), 0);
	assert_true(matches);
	device.kernel = NULL;
	device.subsystem = NULL;
	assert_int_equal(vc_quirk_match(&file.quirk[0], &device, &matches, &needs), -ENODATA);
	assert_int_equal(needs & VC_QUIRK_KERNEL, VC_QUIRK_KERNEL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_built_in), cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_order),    cmocka_unit_test(test_refused),
		cmocka_unit_test(test_accepted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
