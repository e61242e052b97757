/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The versions of emulators and of libvirt, and how they are come by. */
#include "host-tree.h"

#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define EMULATOR "/usr/bin/qemu-system-x86_64"
#define CACHE "/var/cache/libvirt/qemu/capabilities"
#define ENTRY(path, ctime, selfvers, version)                                                                \
	"<?xml version='1.0'?>\n<qemuCaps>\n  <emulator>" path "</emulator>\n  <qemuctime>" ctime            \
	"</qemuctime>\n  <qemumoddirmtime>0</qemumoddirmtime>\n  <selfctime>1</selfctime>\n  "               \
	"<selfvers>" selfvers "</selfvers>\n  <flag name='x'/>\n  <version>" version                         \
	"</version>\n</qemuCaps>\n"

static const char *const emulator = EMULATOR;

static const struct vc_fact_version *
probe_emulator(struct tree *tree, const char *path, bool may_execute)
{
	const char *const list[] = { path };
	const struct vc_host_request request = {
		.areas = VC_AREA_QEMU,
		.emulator = list,
		.emulators = 1,
		.may_execute = may_execute,
	};
	const struct vc_host *host = tree_probe_request(tree, &request);

	assert_non_null(vc_host_find_emulator(host, path));
	return &vc_host_find_emulator(host, path)->version;
}

static void
assert_version(const struct vc_fact_version *fact, const char *expected)
{
	char text[VC_VERSION_TEXT_MAX];

	assert_int_equal(fact->fact.state, VC_KNOWN);
	vc_version_format(fact->value, text);
	assert_string_equal(text, expected);
}

/* A capture of a host with an entry of libvirt's cache that was written at @ctime for a file of 1700000000.
 */
static struct tree *
tree_with_entry(const char *entry)
{
	struct tree *tree = tree_new(true);
	char full[256];

	tree_line(tree, "list known " CACHE "\n\tREADME\n\tabc.xml");
	tree_line(tree, "stat known " EMULATOR " file 0755 0 0 100 1700000000");
	if (!entry)
		return tree;
	/* The parts that are read lie where the whole file would: both begin at 0. */
	tree_file(tree, CACHE "/abc.xml", entry);
	tree_line(tree, "part known " CACHE "/abc.xml 0 1024");
	tree_line(tree, "part known " CACHE "/abc.xml 0 131072");
	snprintf(full, sizeof(full), "%s" CACHE "/abc.xml", tree->root);
	return tree;
}

static void
cache(void **state)
{
	static const struct {
		const char *entry, *version;
		int err;
	} cases[] = {
		{ ENTRY(EMULATOR, "1700000000", "11003000", "10000013"), "10.0.13", 0 },
		{ ENTRY(EMULATOR, "1700000000", "9000000", "7002022"), "7.2.22", 0 },
		/* Of another file, or of the file before it was replaced. */
		{ ENTRY(EMULATOR, "1700000001", "11003000", "10000013"), NULL, VC_ENOTCOLLECTED },
		{ ENTRY(EMULATOR, "1699999999", "11003000", "10000013"), NULL, VC_ENOTCOLLECTED },
		{ ENTRY(EMULATOR, "", "11003000", "10000013"), NULL, VC_ENOTCOLLECTED },
		{ ENTRY("/usr/bin/qemu-system-x86_6", "1700000000", "11003000", "10000013"), NULL,
		  VC_ENOTCOLLECTED },
		{ ENTRY(EMULATOR, "1700000000", "11003000", "0"), NULL, VC_ENOTCOLLECTED },
		{ ENTRY(EMULATOR, "1700000000", "11003000", "99999999999999999999"), NULL, VC_ENOTCOLLECTED },
		{ ENTRY(EMULATOR, "1700000000", "11003000", "99999999999"), NULL, VC_ENOTCOLLECTED },
		{ ENTRY(EMULATOR, "1700000000", "x", "10000013"), NULL, VC_ENOTCOLLECTED },
		{ "<emulator>" EMULATOR, NULL, VC_ENOTCOLLECTED },
		{ "", NULL, VC_ENOTCOLLECTED },
		{ NULL, NULL, VC_ENOTCOLLECTED },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		struct tree *tree = tree_with_entry(cases[i].entry);
		const struct vc_fact_version *version = probe_emulator(tree, emulator, false);

		if (cases[i].version) {
			assert_version(version, cases[i].version);
			assert_string_equal(version->fact.from, CACHE "/abc.xml");
		} else {
			assert_unreadable(*version, cases[i].err);
			assert_string_equal(version->fact.from, EMULATOR);
			assert_string_equal(vc_area_hint(VC_AREA_QEMU, &version->fact),
					    "name it with --qemu-version");
		}
		tree_free(tree);
	}
}

static void
named_by_hand(void **state)
{
	const struct vc_version qemu = { { 9, 2 } }, libvirt = { { 11, 0 } };
	const char *const list[] = { EMULATOR, "relative", EMULATOR };
	const struct vc_host_request request = {
		.areas = VC_AREA_QEMU | VC_AREA_LIBVIRT,
		.emulator = list,
		.emulators = 3,
		.qemu_version = &qemu,
		.libvirt_version = &libvirt,
	};
	struct tree *tree = tree_with_entry(ENTRY(EMULATOR, "1700000000", "11003000", "10000013"));
	const struct vc_host *host = tree_probe_request(tree, &request);

	(void)state;
	assert_int_equal(host->emulator.count, 2);
	assert_version(&vc_host_find_emulator(host, EMULATOR)->version, "9.2");
	assert_string_equal(vc_host_find_emulator(host, EMULATOR)->version.fact.from, "--qemu-version");
	assert_version(&vc_host_find_emulator(host, "relative")->version, "9.2");
	assert_version(&host->libvirt_version, "11.0");
	assert_null(vc_host_find_emulator(host, "/usr/bin/other"));
	tree_free(tree);
}

static void
recorded_answer(void **state)
{
	static const struct {
		const char *answer, *version;
	} cases[] = {
		{ "10.0.13 text\n", "10.0.13" },
		{ "7.2.22 executed\n", "7.2.22" },
		{ "ten\n", NULL },
		{ "", NULL },
	};
	struct tree *tree;

	(void)state;
	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		const struct vc_fact_version *version;

		tree = tree_new(true);
		tree_line(tree, "stat known " EMULATOR " file 0755 0 0 100 1700000000");
		tree_ask(tree, "emulator/%2Fusr%2Fbin%2Fqemu-system-x86_64", cases[i].answer);
		version = probe_emulator(tree, emulator, false);
		if (cases[i].version) {
			assert_version(version, cases[i].version);
		} else {
			assert_unreadable(*version, VC_EGARBLED);
		}
		tree_free(tree);
	}
	tree = tree_new(true);
	tree_line(tree, "stat absent " EMULATOR);
	assert_absent(*probe_emulator(tree, emulator, false));
	assert_non_null(vc_area_hint(VC_AREA_QEMU, &probe_emulator(tree, emulator, false)->fact));
	tree_free(tree);
	tree = tree_new(true);
	assert_unreadable(*probe_emulator(tree, "qemu-system-x86_64", false), VC_ENOTCOLLECTED);
	tree_free(tree);
}

/* A copied tree may hold the binary itself. */
static void
text_in_binary(void **state)
{
	static const struct {
		size_t at;
		const char *text, *version;
	} cases[] = {
		{ 0, "QEMU emulator version 10.0.13 (Debian", "10.0.13" },
		{ 5000, "QEMU emulator version 7.2", "7.2" },
		/* Across the border of two chunks, whole or cut in the number. */
		{ 262144 - 10, "QEMU emulator version 8.1.5\n", "8.1.5" },
		{ 262144 - 23, "QEMU emulator version 8.1.5\n", "8.1.5" },
		{ 262144, "QEMU emulator version 8.1.5\n", "8.1.5" },
		/* The first that has a number behind it. */
		{ 100, "QEMU emulator version %s QEMU emulator version 6.2.0", "6.2" },
		{ 100, "QEMU emulator version", NULL },
		{ 100, "QEMU emulator version v9", NULL },
		{ 100, "qemu emulator version 9.0.0", NULL },
	};
	static char binary[300 * 1024];

	(void)state;
	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		struct tree *tree = tree_new(false);

		memset(binary, 0x5a, sizeof(binary));
		memcpy(binary + cases[i].at, cases[i].text, strlen(cases[i].text) + 1);
		tree_file_n(tree, emulator, binary, sizeof(binary));
		if (cases[i].version) {
			assert_version(probe_emulator(tree, emulator, false), cases[i].version);
		} else {
			assert_unreadable(*probe_emulator(tree, emulator, false), VC_EGARBLED);
		}
		tree_free(tree);
	}
}

/* Segments that are read only come first; forged ones lead nowhere. */
static void
elf_segments(void **state)
{
	static const struct {
		uint32_t flags;
		uint64_t offset, size;
		const char *version;
	} cases[] = {
		{ PF_R, 8192, 4096, "9.9.9" },        /* both are found: the segment first */
		{ PF_R | PF_X, 8192, 4096, "1.1.1" }, /* the whole file, from its beginning */
		{ PF_R, UINT64_MAX - 10, 4096, "1.1.1" },
		{ PF_R, 8192, UINT64_MAX, "1.1.1" },
		{ PF_R, 1 << 20, 4096, "1.1.1" },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		char binary[16384] = "";
		Elf64_Ehdr header = { .e_phoff = 64, .e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 1 };
		Elf64_Phdr segment = {
			.p_type = PT_LOAD,
			.p_flags = cases[i].flags,
			.p_offset = cases[i].offset,
			.p_filesz = cases[i].size,
		};
		struct tree *tree = tree_new(false);

		memcpy(header.e_ident, ELFMAG, SELFMAG);
		header.e_ident[EI_CLASS] = ELFCLASS64;
		header.e_ident[EI_DATA] =
			__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB;
		memcpy(binary, &header, sizeof(header));
		memcpy(binary + 64, &segment, sizeof(segment));
		strcpy(binary + 4096, "QEMU emulator version 1.1.1");
		strcpy(binary + 8300, "QEMU emulator version 9.9.9");
		tree_file_n(tree, emulator, binary, sizeof(binary));
		assert_version(probe_emulator(tree, emulator, false), cases[i].version);
		tree_free(tree);
	}
}

/* A program in a directory of its own, asked on the live host. Returns what it left in NAME.pid, or "". */
static const char *
ask_live(const char *name, unsigned mode, const char *script, bool may_execute,
	 struct vc_fact_version *ret_version, struct vc_arena *arena)
{
	char *left = vc_arena_alloc(arena, 32);
	FILE *file;

	struct tree *tree = tree_new(false);
	struct vc_diags diags = { .arena = arena };
	const char *path = vc_arena_printf(arena, "%s/%s", tree->root, name);
	const struct vc_host_request request = {
		.areas = VC_AREA_QEMU,
		.emulator = &path,
		.emulators = 1,
		.may_execute = may_execute,
	};
	struct vc_hostfs *fs;
	struct vc_host host;

	tree_file(tree, vc_arena_printf(arena, "/%s", name), script);
	assert_int_equal(chmod(path, mode), 0);
	assert_int_equal(vc_hostfs_open("/", arena, &diags, &fs), 0);
	vc_host_probe(fs, &request, &host);
	*ret_version = vc_host_find_emulator(&host, path)->version;
	vc_hostfs_close(fs);
	file = fopen(vc_arena_printf(arena, "%s.pid", path), "re");
	if (file) {
		left[fread(left, 1, 31, file)] = '\0';
		fclose(file);
	}
	tree_free(tree);
	return left;
}

static void
execution(void **state)
{
	static const char wrapper[] =
		"#!/bin/sh\nv=8.2.1\nread line && exit 1\n[ \"$1\" = --version ] || exit 1\n"
		"echo \"QEMU emulator\" \"version $v (wrapped)\"\n";
	static const struct {
		const char *name;
		unsigned mode;
		const char *script;
		bool may;
		const char *version;
	} cases[] = {
		{ "qemu-system-x86_64", 0755, wrapper, true, "8.2.1" },
		{ "qemu-kvm", 0755, wrapper, true, "8.2.1" },
		{ "qemu-system-x86_64", 0755, wrapper, false, NULL },
		/* Anybody could have written it; it is no emulator; it cannot run; it says something else, or
		   nothing. */
		{ "qemu-system-x86_64", 0775, wrapper, true, NULL },
		{ "qemu-system-x86_64", 0757, wrapper, true, NULL },
		{ "poweroff", 0755, wrapper, true, NULL },
		{ "qemu-system-x86_64", 0644, wrapper, true, NULL },
		{ "qemu-system-x86_64", 0755, "#!/bin/sh\necho 9.1.0\n", true, NULL },
		{ "qemu-system-x86_64", 0755, "#!/bin/sh\n", true, NULL },
		{ "qemu-system-x86_64", 0755, "#!/nonexistent/interpreter\n", true, NULL },
		{ "qemu-system-x86_64", 0755, "#!/bin/sh\nexec head -c 10000000 /dev/zero\n", true, NULL },
	};
	struct vc_arena *arena = vc_arena_new();

	(void)state;
	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		struct vc_fact_version version;

		ask_live(cases[i].name, cases[i].mode, cases[i].script, cases[i].may, &version, arena);
		if (cases[i].version) {
			assert_version(&version, cases[i].version);
			assert_non_null(strstr(version.fact.from, "--version"));
		} else {
			assert_int_equal(version.fact.state, VC_UNREADABLE);
		}
	}
	vc_arena_free(arena);
}

/* An emulator that never answers costs two seconds, and neither it nor its children stay. */
static void
timeout(void **state)
{
	struct vc_arena *arena = vc_arena_new();
	struct vc_fact_version version;
	struct timespec before, after;
	const char *pid;
	char line[64];
	size_t left = 1;
	FILE *file;

	(void)state;
	clock_gettime(CLOCK_MONOTONIC, &before);
	pid = ask_live("qemu-system-x86_64", 0755,
		       "#!/bin/sh\nsleep 77 &\nprintf %s $! >\"$0.pid\"\nsleep 77\n", true, &version, arena);
	clock_gettime(CLOCK_MONOTONIC, &after);
	assert_unreadable(version, ETIMEDOUT);
	/* The child is dead. It may still wait for the first process to collect it: then it has no command
	 * line. */
	assert_string_not_equal(pid, "");
	for (unsigned tries = 0; tries < 100 && left != 0; tries++) {
		file = fopen(vc_arena_printf(arena, "/proc/%s/cmdline", pid), "re");
		left = file ? fread(line, 1, sizeof(line), file) : 0;
		if (file)
			fclose(file);
		if (left != 0)
			usleep(10000);
	}
	assert_int_equal(left, 0);
	assert_in_range((after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000,
			1900, 8000);
	vc_arena_free(arena);
}

static void
libvirt(void **state)
{
	static const struct {
		const char *target, *version;
	} cases[] = {
		{ "libvirt.so.0.9000.0", "9.0" },
		{ "libvirt.so.0.11003.0", "11.3" },
		{ "libvirt.so.0.11003.2", "11.3.2" },
		{ "/usr/lib64/libvirt.so.0.12008.0", "12.8" },
		{ "libvirt.so.0.0.0", NULL },
		{ "libvirt.so.0.11003", NULL },
		{ "libvirt.so.0.11003.0.1", NULL },
		{ "libvirt.so.0.11003.x", NULL },
		{ "libvirt.so.1.11003.0", NULL },
		{ "libvirt.so.0.99999999.0", NULL },
		{ "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		struct tree *tree = tree_new(false);
		const struct vc_host *host;

		if (cases[i].target[0])
			tree_link(tree, "/usr/lib64/libvirt.so.0", cases[i].target);
		host = tree_probe(tree, VC_AREA_LIBVIRT);
		if (cases[i].version) {
			assert_version(&host->libvirt_version, cases[i].version);
		} else {
			assert_unreadable(host->libvirt_version, VC_ENOTCOLLECTED);
			assert_string_equal(vc_area_hint(VC_AREA_LIBVIRT, &host->libvirt_version.fact),
					    "name it with --libvirt-version");
		}
		tree_free(tree);
	}
}

/* Without the library, the newest libvirt that wrote into the cache. */
static void
libvirt_from_cache(void **state)
{
	struct tree *tree = tree_new(false);

	(void)state;
	tree_file(tree, CACHE "/a.xml", ENTRY("/usr/bin/qemu-system-arm", "1", "9000000", "7002022"));
	tree_file(tree, CACHE "/b.xml", ENTRY("/usr/bin/qemu-system-ppc", "1", "11003001", "10000013"));
	tree_file(tree, CACHE "/c.xml", "<emulator>/x</emulator>");
	tree_file(tree, CACHE "/d.txt", ENTRY("/usr/bin/x", "1", "99000000", "10000013"));
	assert_version(&tree_probe(tree, VC_AREA_LIBVIRT)->libvirt_version, "11.3.1");
	tree_free(tree);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cache),
		cmocka_unit_test(named_by_hand),
		cmocka_unit_test(recorded_answer),
		cmocka_unit_test(text_in_binary),
		cmocka_unit_test(elf_segments),
		cmocka_unit_test(execution),
		cmocka_unit_test(timeout),
		cmocka_unit_test(libvirt),
		cmocka_unit_test(libvirt_from_cache),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
