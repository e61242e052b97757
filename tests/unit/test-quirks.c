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
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "host/quirk-site.h"
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
	struct vc_diags diags = { .arena = arena };
	int r;

	*ret_file = (struct vc_quirk_file){ .quirk = NULL };
	r = vc_quirk_text_read(arena, text, strlen(text), "x.xml", &diags, ret_file);
	if (r == 0)
		r = vc_quirk_file_finish("x.xml", &diags, ret_file);
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
		{ "", 0, "empty" },
		{ "<quirks>", 1, "" },
		{ "<other/>", 1, "root element" },
		{ "<!DOCTYPE quirks [<!ENTITY a 'b'>]>\n<quirks/>", 1, "DOCTYPE" },
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
		{ QUIRK("<match pci='1022:1487'/>\n<match pci='1022:1487'/>"), 5,
		  "1022:1487 is matched twice" },
		{ QUIRK("<match pci='1022:*'/>\n<match pci='1022:1487'/>"), 5, "1022:1487 is matched twice" },
		{ QUIRK("<match pci='1022:1480-148f'/>\n<match pci='1022:148f-1500'/>"), 5,
		  "1022:148f is matched twice" },
		{ QUIRK("<match pci='1022:1487'>text</match>"), 4, "inside" },
		{ QUIRK("<match pci='1022:1487' revision='1'/>"), 4, "revision" },
		{ QUIRK("<match pci='1022:1487' revision='02-01'/>"), 4, "02-01" },
		{ QUIRK("<match pci='1022:1487' kernel='6.1-6.3 6.2-6.4'/>"), 4, "6.2-6.4" },
		{ QUIRK("<match pci='1022:1487' kernel='6.1-6.3 6.3-6.4'/>"), 4, "6.3-6.4" },
		{ QUIRK("<match pci='1022:1487' kernel='6.1- 6.3-6.4'/>"), 4, "6.3-6.4" },
		{ QUIRK("<match pci='1022:1487' kernel='6.3-6.4 -6.1'/>"), 4, "-6.1" },
		{ QUIRK("<machine/>"), 4, "system-vendor" },
		{ QUIRK("<machine product='X'/>"), 4, "system-vendor" },
		{ QUIRK("<machine system-vendor=''/>"), 4, "says nothing" },
		{ QUIRK("<machine system-vendor='*'/>"), 4, "says nothing" },
		{ QUIRK("<machine system-vendor='A' product='B*C'/>"), 4, "B*C" },
		{ QUIRK("<machine system-vendor='A' serial='1'/>"), 4, "serial" },
		{ QUIRK("<machine system-vendor='A' kernel='six-'/>"), 4, "six-" },
		{ QUIRK("<machine system-vendor='A'>B</machine>"), 4, "inside" },
		{ QUIRK("<machine system-vendor='A'/>\n<machine system-vendor='A'/>"), 5, "line 4" },
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

/* libxml2 takes time with the square of their number. */
static void
test_too_many_attributes(void **state)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	_cleanup_buf_ struct vc_buf text = { 0 };
	struct vc_quirk_file file;
	const char *said;
	int line;

	(void)state;
	vc_buf_add(&text, "<quirks\n");
	for (int i = 0; i < 20000; i++)
		vc_buf_addf(&text, " a%d=''", i);
	vc_buf_add(&text, "/>");
	assert_true(load(arena, vc_buf_text(&text), &file, &line, &said) < 0);
	assert_string_equal(said, "an element has too many attributes for a quirk");
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

static void
test_revision(void **state)
{
	struct vc_quirk_device device = { .vendor = 0xd063, .device = 0x1000 };
	uint8_t first = 0x01, second = 0x02;
	bool matches = false;
	unsigned needs = 0;

	(void)state;
	assert_int_equal(vc_quirk_match(find("no-flr"), &device, &matches, &needs), -ENODATA);
	assert_int_equal(needs, VC_QUIRK_REVISION);
	device.revision = &first;
	assert_int_equal(vc_quirk_match(find("no-flr"), &device, &matches, &needs), 0);
	assert_true(matches);
	device.revision = &second;
	assert_int_equal(vc_quirk_match(find("no-flr"), &device, &matches, &needs), 0);
	assert_false(matches);
}

static void
test_machine(void **state)
{
	static const struct {
		struct vc_quirk_host host;
		int result;
		bool matches;
		unsigned needs;
	} row[] = {
		{ { .text = { "Dell Inc.", "Latitude 5495", "", "", "", "", "" } }, 0, true, 0 },
		{ { .text = { "Dell Inc.", "Latitude 5495 Rugged", "", "", "", "", "" } }, 0, false, 0 },
		{ { .text = { "Acer", "Aspire A315-41G", "", "", "", "", "" } }, 0, true, 0 },
		{ { .text = { "Acer", "Aspire A315-4", "", "", "", "", "" } }, 0, false, 0 },
		{ { .text = { "LENOVO", "", "", "", "", "", "" } }, 0, false, 0 },
		{ { .text = { "LENOVO", NULL, "", "", "", "", "" } },
		  -ENODATA,
		  false,
		  VC_QUIRK_DMI << VC_QUIRK_PRODUCT },
		{ { .text = { "Somebody", NULL, NULL, NULL, NULL, NULL, NULL } }, 0, false, 0 },
		{ { .text = { NULL, "81FB", NULL, NULL, NULL, NULL, NULL } },
		  -ENODATA,
		  false,
		  VC_QUIRK_DMI << VC_QUIRK_SYSTEM_VENDOR },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(row); i++) {
		bool matches = false;
		unsigned needs = 0;

		assert_int_equal(
			vc_quirk_match_machine(find("ivrs-ioapic-missing"), &row[i].host, &matches, &needs),
			row[i].result);
		assert_int_equal(matches, row[i].matches);
		assert_int_equal(needs, row[i].needs);
	}
}

/* A scratch directory with one file. */
struct site {
	char dir[40];
	struct vc_arena *arena;
	struct vc_diags diags;
	struct vc_site_quirks quirks;
};

static void
make_site(struct site *site)
{
	*site = (struct site){ .dir = "/tmp/vhostcheck-quirks-XXXXXX", .arena = vc_arena_new() };
	assert_non_null(mkdtemp(site->dir));
	site->diags.arena = site->arena;
	site->quirks = (struct vc_site_quirks){
		.dir = site->dir,
		.arena = site->arena,
		.diags = &site->diags,
	};
}

static const char *
path_in(struct site *site, const char *name)
{
	return vc_arena_printf(site->arena, "%s/%s", site->dir, name);
}

static void
put(struct site *site, const char *name, const char *text)
{
	FILE *file = fopen(path_in(site, name), "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void
remove_site(struct site *site, const char *const *name, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_int_equal(unlink(path_in(site, name[i])), 0);
	assert_int_equal(rmdir(site->dir), 0);
	vc_arena_free(site->arena);
}

/* A broken file is named and left out, the others count; what is no quirk file is not looked at. */
static void
test_site(void **state)
{
	static const char *const name[] = { "10-good.xml", "20-broken.xml", "30-good.xml", "README",
					    "link.xml" };
	struct site site;

	(void)state;
	make_site(&site);
	put(&site, name[0], QUIRK("<match pci='1022:1487'/>"));
	put(&site, name[1], QUIRK("<match pci='1022:1487'/>\n<match pci='1022:14'/>"));
	put(&site, name[2], QUIRK("<machine system-vendor='A'/>"));
	put(&site, name[3], "not XML");
	assert_int_equal(symlink("10-good.xml", path_in(&site, name[4])), 0);
	vc_site_quirks_load(&site.quirks);
	vc_site_quirks_load(&site.quirks); /* once is enough */
	assert_int_equal(site.quirks.files, 2);
	assert_int_equal(site.quirks.broken, 2);
	assert_int_equal(site.diags.count, 2);
	assert_string_equal(site.diags.item[0].file, path_in(&site, name[1]));
	assert_int_equal(site.diags.item[0].line, 5);
	assert_non_null(strstr(site.diags.item[1].text, "link"));
	assert_string_equal(site.quirks.file[1].quirk[0].name, "x");
	assert_int_equal(site.quirks.file[1].quirk[0].machines, 1);
	remove_site(&site, name, VC_COUNT(name));
}

static void
test_no_site(void **state)
{
	struct vc_site_quirks quirks = { .dir = "/nonexistent/quirks.d" };

	(void)state;
	vc_site_quirks_load(NULL);
	vc_site_quirks_load(&quirks);
	assert_int_equal(quirks.files, 0);
	assert_int_equal(quirks.broken, 0);
}

/* Root does not believe what others may write; others believe what they can read. */
static void
test_site_trust(void **state)
{
	static const char *const name[] = { "x.xml" };
	bool refused = geteuid() == 0;
	struct site site;

	(void)state;
	make_site(&site);
	put(&site, name[0], QUIRK("<match pci='1022:1487'/>"));
	assert_int_equal(chmod(path_in(&site, name[0]), 0666), 0);
	vc_site_quirks_load(&site.quirks);
	assert_int_equal(site.quirks.files, !refused);
	assert_int_equal(site.quirks.broken, refused);

	assert_int_equal(chmod(path_in(&site, name[0]), 0644), 0);
	assert_int_equal(chmod(site.dir, 0777), 0);
	site.quirks = (struct vc_site_quirks){ .dir = site.dir, .arena = site.arena, .diags = &site.diags };
	vc_site_quirks_load(&site.quirks);
	assert_int_equal(site.quirks.files, !refused);
	remove_site(&site, name, VC_COUNT(name));
}

static void
test_is_one(void **state)
{
	static const char good[] = "<?xml version='1.0'?>\n<!-- c -->\n<quirks><x", rule[] = "<rule id='x'/>",
			  doctype[] = "<!DOCTYPE quirks><quirks/>";

	(void)state;
	assert_true(vc_quirk_text_is_one(good, sizeof(good) - 1));
	assert_false(vc_quirk_text_is_one(rule, sizeof(rule) - 1));
	assert_false(vc_quirk_text_is_one(doctype, sizeof(doctype) - 1));
	assert_false(vc_quirk_text_is_one("", 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_built_in), cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_order),    cmocka_unit_test(test_refused),
		cmocka_unit_test(test_accepted), cmocka_unit_test(test_revision),
		cmocka_unit_test(test_machine),  cmocka_unit_test(test_site),
		cmocka_unit_test(test_no_site),  cmocka_unit_test(test_site_trust),
		cmocka_unit_test(test_is_one),
		cmocka_unit_test(test_too_many_attributes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
