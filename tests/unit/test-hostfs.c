/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The door to the host: what is answered, what missing means, and that nothing leads out of a tree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <limits.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>

#include "host/hostfs-archive.h"
#include "host/hostfs-impl.h"
#include "host/tree.h"
#include "scratch.h"
#include "tarball.h"

struct fixture {
	struct scratch scratch;
	struct vc_arena *arena;
	struct vc_diags diags;
};

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	scratch_make(&f->scratch);
	f->arena = vc_arena_new();
	f->diags.arena = f->arena;
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	scratch_remove(&f->scratch);
	vc_arena_free(f->arena);
	free(f);
	return 0;
}

static struct vc_hostfs *
open_root(struct fixture *f, const char *root)
{
	struct vc_hostfs *fs = NULL;

	if (vc_hostfs_open(root, f->arena, &f->diags, &fs) < 0)
		fail_msg("%s: %s", root, f->diags.count ? f->diags.item[0].text : "no diagnostic");
	return fs;
}

/* Opening @root fails with @err and a diagnostic that says @words. */
static void
assert_refused(struct fixture *f, const char *root, int err, const char *words)
{
	struct vc_hostfs *fs = NULL;
	size_t before = f->diags.count;

	assert_int_equal(vc_hostfs_open(root, f->arena, &f->diags, &fs), err);
	assert_null(fs);
	assert_int_equal(f->diags.count, before + 1);
	if (!strstr(f->diags.item[before].text, words))
		fail_msg("\"%s\" does not say \"%s\"", f->diags.item[before].text, words);
}

static void
assert_unreadable(struct vc_fact fact, int err)
{
	assert_int_equal(fact.state, VC_UNREADABLE);
	assert_int_equal(fact.err, err);
}

static void
assert_text(struct vc_answer answer, const char *text)
{
	assert_int_equal(answer.fact.state, VC_KNOWN);
	assert_int_equal(answer.size, strlen(text));
	assert_string_equal(answer.data, text);
}

static void
test_live(void **state)
{
	struct fixture *f = *state;
	struct vc_hostfs *fs = open_root(f, "/");
	struct vc_answer answer;
	struct vc_node node;
	struct vc_names names;

	assert_int_equal(vc_hostfs_kind(fs), VC_HOSTFS_LIVE);
	answer = vc_hostfs_read(fs, "/proc/%s", "cpuinfo");
	assert_int_equal(answer.fact.state, VC_KNOWN);
	assert_string_equal(answer.fact.from, "/proc/cpuinfo");
	assert_true(answer.size > 0);
	assert_int_equal(answer.data[answer.size], '\0');
	/* Through the link /proc/self, and a file that says its size is 0. */
	answer = vc_hostfs_read(fs, "/proc/self/status");
	assert_int_equal(answer.fact.state, VC_KNOWN);
	assert_non_null(strstr(answer.data, "VmRSS"));
	answer = vc_hostfs_read_part(fs, 2, 4, "/proc/self/status");
	assert_text(answer, "me:\t");
	names = vc_hostfs_list(fs, "/proc/self");
	assert_int_equal(names.fact.state, VC_KNOWN);
	assert_true(names.count > 10);
	for (size_t i = 1; i < names.count; i++)
		assert_true(strcmp(names.name[i - 1], names.name[i]) < 0);
	node = vc_hostfs_stat(fs, "/dev/null");
	assert_int_equal(node.kind, VC_NODE_CHARACTER);
	assert_int_equal(vc_hostfs_stat(fs, "/").kind, VC_NODE_DIRECTORY);
	assert_unreadable(vc_hostfs_read(fs, "/dev/null").fact, EOPNOTSUPP);
	assert_unreadable(vc_hostfs_read(fs, "/proc").fact, EISDIR);
	assert_int_equal(vc_hostfs_read(fs, "/proc/no such file").fact.state, VC_ABSENT);
	assert_int_equal(vc_hostfs_stat(fs, "/proc/no/such/file").fact.state, VC_ABSENT);
	assert_int_equal(vc_hostfs_list(fs, "/no-such-directory").fact.state, VC_ABSENT);
	/* More directories than are remembered, each asked twice. */
	for (int i = 0; i < 60; i++)
		assert_int_equal(vc_hostfs_read(fs, "/proc/no%d/file%d", i / 2 % 15, i).fact.state, VC_ABSENT);
	assert_unreadable(vc_hostfs_list(fs, "/proc/cpuinfo").fact, ENOTDIR);
	assert_unreadable(vc_hostfs_read(fs, "/proc/cpuinfo/x").fact, ENOTDIR);
	assert_unreadable(vc_hostfs_read_link(fs, "/proc/cpuinfo").fact, EINVAL);
	vc_hostfs_close(fs);
}

/* An empty /sys of a chroot says nothing about the host. */
static void
test_live_unmounted(void **state)
{
	struct fixture *f = *state;
	struct vc_hostfs *fs = vc_hostfs_new(f->arena, VC_HOSTFS_LIVE);

	scratch_directory(&f->scratch, "sys");
	scratch_directory(&f->scratch, "etc");
	vc_hostfs_use_dir(fs, open(f->scratch.path, O_PATH | O_DIRECTORY | O_CLOEXEC), false);
	fs->dir.mounts = true;
	assert_unreadable(vc_hostfs_read(fs, "/sys/class/iommu/dmar0").fact, VC_ENOTCOLLECTED);
	assert_unreadable(vc_hostfs_read(fs, "/sys/class/iommu/dmar1").fact, VC_ENOTCOLLECTED);
	assert_unreadable(vc_hostfs_list(fs, "/sys/class").fact, VC_ENOTCOLLECTED);
	assert_unreadable(vc_hostfs_read(fs, "/proc/cpuinfo").fact, VC_ENOTCOLLECTED);
	assert_int_equal(vc_hostfs_read(fs, "/etc/nothing").fact.state, VC_ABSENT);
	fs->dir.mounts = false;
	assert_int_equal(vc_hostfs_read(fs, "/sys/class").fact.state, VC_ABSENT);
	vc_hostfs_close(fs);
}

static void
test_lines(void **state)
{
	struct fixture *f = *state;
	struct vc_hostfs *fs;

	scratch_file(&f->scratch, "sys/plain", "0x8086\n");
	scratch_file(&f->scratch, "sys/blanks", " \t a b \t\n");
	scratch_file(&f->scratch, "sys/two", "a\nb\n\n");
	scratch_file(&f->scratch, "sys/empty", "");
	scratch_file(&f->scratch, "sys/newline", "\n");
	scratch_bytes(&f->scratch, "sys/nul", "a\0b\n", 4);
	fs = open_root(f, f->scratch.path);
	assert_text(vc_hostfs_read_line(fs, "/sys/plain"), "0x8086");
	assert_text(vc_hostfs_read_line(fs, "/sys/blanks"), "a b");
	assert_text(vc_hostfs_read_line(fs, "/sys/two"), "a\nb\n");
	assert_text(vc_hostfs_read_line(fs, "/sys/empty"), "");
	assert_text(vc_hostfs_read_line(fs, "/sys/newline"), "");
	assert_int_equal(vc_hostfs_read_line(fs, "/sys/nul").size, 3);
	assert_memory_equal(vc_hostfs_read_line(fs, "/sys/nul").data, "a\0b", 4);
	assert_unreadable(vc_hostfs_read_line(fs, "/sys/none").fact, VC_ENOTCOLLECTED);
	vc_hostfs_close(fs);
}

static int
ask_never(void *context, struct vc_buf *answer)
{
	(void)context;
	(void)answer;
	fail_msg("the live host was asked for a foreign tree");
	return 0;
}

static void
test_foreign(void **state)
{
	struct fixture *f = *state;
	struct vc_hostfs *fs;
	struct vc_names names;

	scratch_file(&f->scratch, "proc/cmdline", "quiet\n");
	scratch_directory(&f->scratch, "sys");
	scratch_directory(&f->scratch, "sys/empty");
	scratch_link(&f->scratch, "sys/dangling", "nowhere");
	fs = open_root(f, f->scratch.path);
	assert_int_equal(vc_hostfs_kind(fs), VC_HOSTFS_FOREIGN);
	assert_text(vc_hostfs_read(fs, "/proc/cmdline"), "quiet\n");
	assert_unreadable(vc_hostfs_read(fs, "/proc/cpuinfo").fact, VC_ENOTCOLLECTED);
	assert_unreadable(vc_hostfs_read(fs, "/proc/cmdline/x").fact, VC_ENOTCOLLECTED);
	assert_unreadable(vc_hostfs_list(fs, "/sys/class").fact, VC_ENOTCOLLECTED);
	assert_unreadable(vc_hostfs_stat(fs, "/dev/kvm").fact, VC_ENOTCOLLECTED);
	assert_unreadable(vc_hostfs_read_link(fs, "/sys/none").fact, VC_ENOTCOLLECTED);
	assert_unreadable(vc_hostfs_read(fs, "/sys/dangling").fact, VC_ENOTCOLLECTED);
	assert_text(vc_hostfs_read_link(fs, "/sys/dangling"), "nowhere");
	assert_unreadable(vc_hostfs_ask(fs, "msr/0x33", ask_never, NULL).fact, VC_ENOTCOLLECTED);
	names = vc_hostfs_list(fs, "/sys/empty");
	assert_int_equal(names.fact.state, VC_KNOWN);
	assert_int_equal(names.count, 0);
	vc_hostfs_close(fs);
}

/* The same hostile tree as a directory confined by the kernel, one walked by hand, and one in memory. */
static const struct {
	const char *path, *data, *target; /* neither: a directory */
} hostile[] = {
	{ .path = "etc" },
	{ .path = "etc/passwd", .data = "inside\n" },
	{ .path = "proc" },
	{ .path = "sys" },
	{ .path = "sys/absolute", .target = "/etc/passwd" },
	{ .path = "sys/below", .target = "../sys/d/e/../../../etc/passwd" },
	{ .path = "sys/chain", .target = "absolute" },
	{ .path = "sys/d" },
	{ .path = "sys/d/e" },
	{ .path = "sys/d/e/file", .data = "deep" },
	{ .path = "sys/d/up", .target = ".." },
	{ .path = "sys/escape", .target = "../../../../../../../../etc/passwd" },
	{ .path = "sys/host", .target = "../../../../../../../../proc/version" },
	{ .path = "sys/loop1", .target = "loop2" },
	{ .path = "sys/loop2", .target = "loop1" },
	{ .path = "sys/root", .target = "/" },
	{ .path = "sys/self", .target = "self/x" },
	{ .path = "sys/to-d", .target = "d" },
};

static const struct {
	const char *path, *text; /* NULL: refused with err */
	int err;
} expected[] = {
	{ .path = "/etc/passwd", .text = "inside\n" },
	{ .path = "//etc/./passwd", .text = "inside\n" },
	{ .path = "/../../etc/passwd", .text = "inside\n" },
	{ .path = "/sys/absolute", .text = "inside\n" },
	{ .path = "/sys/below", .text = "inside\n" },
	{ .path = "/sys/chain", .text = "inside\n" },
	{ .path = "/sys/escape", .text = "inside\n" },
	{ .path = "/sys/root/sys/root/etc/passwd", .text = "inside\n" },
	{ .path = "/sys/to-d/e/file", .text = "deep" },
	{ .path = "/sys/to-d/e/../e/file", .text = "deep" },
	{ .path = "/sys/d/up/d/e/file", .text = "deep" },
	{ .path = "/sys/host", .err = VC_ENOTCOLLECTED },
	{ .path = "/sys/loop1", .err = ELOOP },
	{ .path = "/sys/self", .err = ELOOP },
	{ .path = "/sys/d", .err = EISDIR },
	{ .path = "/sys/root", .err = EISDIR },
	{ .path = "/sys/d/up", .err = EISDIR },
	{ .path = "/", .err = EISDIR },
	{ .path = "/etc/passwd/..", .err = VC_ENOTCOLLECTED },
};

static void
assert_confined(struct vc_hostfs *fs)
{
	static const char *const sys[] = { "absolute", "below", "chain", "d",    "escape", "host",
					   "loop1",    "loop2", "root",  "self", "to-d" };
	struct vc_names names;
	char longest[PATH_MAX + 8];

	for (size_t i = 0; i < VC_COUNT(expected); i++) {
		struct vc_answer answer = vc_hostfs_read(fs, "%s", expected[i].path);

		if (expected[i].text && answer.fact.state != VC_KNOWN)
			fail_msg("%s: %s", expected[i].path, strerror(answer.fact.err));
		if (expected[i].text)
			assert_text(answer, expected[i].text);
		else if (answer.fact.err != expected[i].err)
			fail_msg("%s: %s", expected[i].path, strerror(answer.fact.err));
	}
	assert_text(vc_hostfs_read_link(fs, "/sys/absolute"), "/etc/passwd");
	assert_text(vc_hostfs_read_link(fs, "/sys/root/sys/loop1"), "loop2");
	assert_unreadable(vc_hostfs_read_link(fs, "/sys/d").fact, EINVAL);
	assert_int_equal(vc_hostfs_stat(fs, "/sys/root").kind, VC_NODE_DIRECTORY);
	assert_int_equal(vc_hostfs_stat(fs, "/sys/chain").kind, VC_NODE_FILE);
	assert_int_equal(vc_hostfs_stat(fs, "/sys/chain").size, 7);
	names = vc_hostfs_list(fs, "/sys/d/up");
	assert_int_equal(names.count, VC_COUNT(sys));
	for (size_t i = 0; i < VC_COUNT(sys); i++)
		assert_string_equal(names.name[i], sys[i]);
	assert_unreadable(vc_hostfs_list(fs, "/etc/passwd").fact, VC_ENOTCOLLECTED);
	assert_text(vc_hostfs_read_part(fs, 2, 3, "/sys/escape"), "sid");
	assert_text(vc_hostfs_read_part(fs, 7, 3, "/sys/escape"), "");
	assert_text(vc_hostfs_read_part(fs, UINT32_MAX, 3, "/sys/escape"), "");
	memset(longest, 'a', sizeof(longest));
	memcpy(longest, "/sys/", 5);
	longest[sizeof(longest) - 1] = '\0';
	assert_unreadable(vc_hostfs_read(fs, "%s", longest).fact, ENAMETOOLONG);
	for (size_t i = 5; i < sizeof(longest) - 1; i += 2)
		longest[i] = '/';
	assert_unreadable(vc_hostfs_stat(fs, "%s", longest).fact, ENAMETOOLONG);
	memset(longest, 'a', 300);
	longest[0] = '/';
	longest[300] = '\0';
	assert_unreadable(vc_hostfs_list(fs, "%s", longest).fact, ENAMETOOLONG);
}

static void
make_hostile(struct fixture *f)
{
	for (size_t i = 0; i < VC_COUNT(hostile); i++) {
		if (hostile[i].data)
			scratch_file(&f->scratch, hostile[i].path, hostile[i].data);
		else if (hostile[i].target)
			scratch_link(&f->scratch, hostile[i].path, hostile[i].target);
		else
			scratch_directory(&f->scratch, hostile[i].path);
	}
}

static void
test_confined_by_kernel(void **state)
{
	struct fixture *f = *state;
	struct vc_hostfs *fs;

	make_hostile(f);
	fs = open_root(f, f->scratch.path);
	if (!fs->dir.openat2)
		skip(); /* this kernel or sandbox has no openat2 */
	assert_confined(fs);
	vc_hostfs_close(fs);
}

static void
test_confined_by_walking(void **state)
{
	struct fixture *f = *state;
	struct vc_hostfs *fs;

	make_hostile(f);
	fs = open_root(f, f->scratch.path);
	fs->dir.openat2 = false;
	assert_confined(fs);
	vc_hostfs_close(fs);
}

static struct vc_hostfs *
open_members(struct fixture *f, const struct tar_member *member, size_t count)
{
	struct vc_hostfs *fs = vc_hostfs_new(f->arena, VC_HOSTFS_FOREIGN);
	_cleanup_buf_ struct vc_buf buf = { 0 };
	struct vc_archive_source source;

	for (size_t i = 0; i < count; i++)
		tar_add(&buf, &member[i]);
	tar_end(&buf);
	source = (struct vc_archive_source){ .fd = -1, .data = buf.text, .size = buf.length };
	assert_int_equal(vc_hostfs_load_archive(fs, &source, "test.tar", &f->diags), 0);
	assert_int_equal(vc_hostfs_settle(fs, "test.tar", &f->diags), 0);
	return fs;
}

static void
test_confined_in_memory(void **state)
{
	struct fixture *f = *state;
	struct tar_member member[VC_COUNT(hostile)];
	struct vc_hostfs *fs;

	/* From last to first, so that directories come after what is in them. */
	for (size_t i = 0; i < VC_COUNT(hostile); i++)
		member[VC_COUNT(hostile) - 1 - i] = (struct tar_member){
			.name = hostile[i].path,
			.type = hostile[i].data     ? '0'
				: hostile[i].target ? '2'
						    : '5',
			.data = hostile[i].data,
			.target = hostile[i].target,
		};
	fs = open_members(f, member, VC_COUNT(member));
	assert_confined(fs);
	vc_hostfs_close(fs);
}

static void
test_special_files(void **state)
{
	struct fixture *f = *state;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct vc_hostfs *fs;
	int fd;

	scratch_directory(&f->scratch, "sys");
	scratch_directory(&f->scratch, "dev");
	assert_int_equal(mkfifo(scratch_path(&f->scratch, "sys/fifo"), 0644), 0);
	scratch_link(&f->scratch, "sys/to-fifo", "fifo");
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", scratch_path(&f->scratch, "sys/socket"));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	close(fd);
	fs = open_root(f, f->scratch.path);
	for (int walking = 0; walking < 2; walking++) {
		if (walking)
			fs->dir.openat2 = false;
		assert_unreadable(vc_hostfs_read(fs, "/sys/fifo").fact, EOPNOTSUPP);
		assert_unreadable(vc_hostfs_read(fs, "/sys/to-fifo").fact, EOPNOTSUPP);
		assert_unreadable(vc_hostfs_read_part(fs, 0, 1, "/sys/fifo").fact, EOPNOTSUPP);
		assert_unreadable(vc_hostfs_list(fs, "/sys/fifo").fact, VC_ENOTCOLLECTED);
		assert_unreadable(vc_hostfs_read(fs, "/sys/socket").fact, EOPNOTSUPP);
		assert_int_equal(vc_hostfs_stat(fs, "/sys/fifo").kind, VC_NODE_OTHER);
	}
	/* Opening this one for real would wait for a carrier, or restart a watchdog. */
	if (mknod(scratch_path(&f->scratch, "dev/kvm"), S_IFCHR | 0660, makedev(10, 130)) == 0) {
		assert_int_equal(vc_hostfs_stat(fs, "/dev/kvm").kind, VC_NODE_CHARACTER);
		assert_unreadable(vc_hostfs_read(fs, "/dev/kvm").fact, EOPNOTSUPP);
	}
	vc_hostfs_close(fs);
}

static void
test_limits(void **state)
{
	struct fixture *f = *state;
	struct vc_hostfs *fs;
	int fd;

	scratch_file(&f->scratch, "sys/ten", "0123456789");
	fd = open(scratch_path(&f->scratch, "sys/sparse"), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	assert_int_equal(ftruncate(fd, (off_t)1 << 40), 0);
	close(fd);
	fs = open_root(f, f->scratch.path);
	assert_unreadable(vc_hostfs_read(fs, "/sys/sparse").fact, EFBIG);
	assert_int_equal(vc_hostfs_read_part(fs, (uint64_t)1 << 39, 4096, "/sys/sparse").size, 4096);
	assert_unreadable(vc_hostfs_read_part(fs, 0, VC_HOSTFS_FILE_MAX + 1, "/sys/sparse").fact, EFBIG);
	assert_unreadable(vc_hostfs_read_part(fs, UINT64_MAX, 1, "/sys/sparse").fact, EFBIG);
	fs->file_max = 10;
	assert_text(vc_hostfs_read(fs, "/sys/ten"), "0123456789");
	fs->file_max = 9;
	assert_unreadable(vc_hostfs_read(fs, "/sys/ten").fact, EFBIG);
	fs->file_max = 100;
	fs->room = 15;
	assert_text(vc_hostfs_read(fs, "/sys/ten"), "0123456789");
	assert_unreadable(vc_hostfs_read(fs, "/sys/ten").fact, EFBIG);
	assert_unreadable(vc_hostfs_list(fs, "/sys").fact, EFBIG);
	vc_hostfs_close(fs);
}

/* Larger than any buffer inside, and of every size around one. */
static void
test_large_files(void **state)
{
	static const size_t size[] = { 32767, 32768, 32769, 65536, 1000000 };
	struct fixture *f = *state;
	struct vc_hostfs *fs;
	char *data = malloc(1000000);

	for (size_t i = 0; i < 1000000; i++)
		data[i] = (char)(i * 31 >> 3);
	scratch_directory(&f->scratch, "sys");
	fs = open_root(f, f->scratch.path);
	for (size_t i = 0; i < VC_COUNT(size); i++) {
		struct vc_answer answer;

		scratch_bytes(&f->scratch, "sys/file", data, size[i]);
		answer = vc_hostfs_read(fs, "/sys/file");
		assert_int_equal(answer.size, size[i]);
		assert_memory_equal(answer.data, data, size[i]);
		answer = vc_hostfs_read_part(fs, 5, size[i] - 7, "/sys/file");
		assert_int_equal(answer.size, size[i] - 7);
		assert_memory_equal(answer.data, data + 5, size[i] - 7);
	}
	free(data);
	vc_hostfs_close(fs);
}

static void
test_permission(void **state)
{
	struct fixture *f = *state;
	struct vc_hostfs *fs;
	bool root = geteuid() == 0;

	scratch_file(&f->scratch, "sys/secret", "x");
	scratch_file(&f->scratch, "sys/closed/file", "x");
	chmod(scratch_path(&f->scratch, "sys/secret"), 0);
	chmod(scratch_path(&f->scratch, "sys/closed"), 0);
	chmod(f->scratch.path, 0755);
	if (root && seteuid(65534) < 0)
		skip();
	fs = open_root(f, f->scratch.path);
	assert_unreadable(vc_hostfs_read(fs, "/sys/secret").fact, EACCES);
	assert_unreadable(vc_hostfs_read(fs, "/sys/closed/file").fact, EACCES);
	assert_unreadable(vc_hostfs_read(fs, "/sys/closed/none").fact, EACCES);
	assert_unreadable(vc_hostfs_list(fs, "/sys/closed").fact, EACCES);
	assert_int_equal(vc_hostfs_stat(fs, "/sys/secret").fact.state, VC_KNOWN);
	fs->dir.openat2 = false;
	assert_unreadable(vc_hostfs_read(fs, "/sys/closed/none").fact, EACCES);
	vc_hostfs_close(fs);
	if (root)
		assert_int_equal(seteuid(0), 0);
	chmod(scratch_path(&f->scratch, "sys/closed"), 0755);
}

static void
test_roots(void **state)
{
	struct fixture *f = *state;
	struct vc_hostfs *fs;

	scratch_file(&f->scratch, "empty", "");
	scratch_file(&f->scratch, "text",
		     "this is no archive, but long enough to look like one might be here\n");
	scratch_file(&f->scratch, "plain/readme", "");
	scratch_file(&f->scratch, "sos/sosreport-x/proc/cmdline", "sos\n");
	scratch_file(&f->scratch, "sos/readme", "");
	scratch_file(&f->scratch, "two/a/proc/cmdline", "a\n");
	scratch_file(&f->scratch, "two/b/sys/x", "b\n");
	scratch_directory(&f->scratch, "linked");
	scratch_link(&f->scratch, "linked/out", "../sos/sosreport-x");
	scratch_link(&f->scratch, "slash", "/");
	assert_int_equal(mkfifo(scratch_path(&f->scratch, "fifo"), 0644), 0);
	assert_refused(f, scratch_path(&f->scratch, "none"), -ENOENT, "No such file");
	assert_refused(f, scratch_path(&f->scratch, "empty"), -EBADMSG, "empty");
	assert_refused(f, scratch_path(&f->scratch, "text"), -EBADMSG, "no tar archive");
	assert_refused(f, scratch_path(&f->scratch, "fifo"), -EINVAL, "neither a directory nor an archive");
	assert_refused(f, "/dev/null", -EINVAL, "neither a directory nor an archive");
	assert_refused(f, scratch_path(&f->scratch, "two"), -EINVAL, "several hosts");
	assert_refused(f, "", -ENOENT, "No such file");

	/* A directory with no host in it is a tree in which nothing was collected. */
	fs = open_root(f, scratch_path(&f->scratch, "plain"));
	assert_int_equal(vc_hostfs_kind(fs), VC_HOSTFS_FOREIGN);
	assert_unreadable(vc_hostfs_list(fs, "/sys/class/iommu").fact, VC_ENOTCOLLECTED);
	vc_hostfs_close(fs);
	fs = open_root(f, scratch_path(&f->scratch, "sos"));
	assert_text(vc_hostfs_read(fs, "/proc/cmdline"), "sos\n");
	vc_hostfs_close(fs);
	fs = open_root(f, scratch_path(&f->scratch, "linked"));
	assert_unreadable(vc_hostfs_read(fs, "/proc/cmdline").fact, VC_ENOTCOLLECTED);
	vc_hostfs_close(fs);
	fs = open_root(f, scratch_path(&f->scratch, "slash"));
	assert_int_equal(vc_hostfs_kind(fs), VC_HOSTFS_LIVE);
	vc_hostfs_close(fs);
	vc_hostfs_close(NULL);
}

static void
test_archive_members(void **state)
{
	static const struct tar_member member[] = {
		{ .name = "./sos-1/", .type = '5' },
		{ .name = "sos-1/proc/cmdline", .type = '0', .data = "first" },
		{ .name = "sos-1/sys/../../outside", .type = '0', .data = "dots" },
		{ .name = "/sos-1/etc/absolute", .type = '0', .data = "abs" },
		{ .name = "sos-1/dev/kvm", .type = '3' },
		{ .name = "sos-1/dev/sda", .type = '4' },
		{ .name = "sos-1/dev/fifo", .type = '6' },
		{ .name = "sos-1/etc/hard", .type = '1', .target = "sos-1/etc/absolute" },
		{ .name = "sos-1/etc/hard-out", .type = '1', .target = "../../etc/passwd" },
		{ .name = "sos-1/etc/hard-none", .type = '1', .target = "sos-1/none" },
		{ .name = "sos-1/etc/link", .type = '2', .target = "/etc/absolute" },
		{ .name = "sos-1/etc/link-below/file", .type = '0', .data = "below a link" },
		{ .name = "sos-1/etc/link-below", .type = '2', .target = "/proc" },
		{ .name = "sos-1/etc/absolute/below-a-file", .type = '0', .data = "x" },
		{ .name = "sos-1/proc/cmdline", .type = '0', .data = "last" },
		{ .name = "sos-1/etc/empty", .type = '0' },
	};
	struct fixture *f = *state;
	struct vc_hostfs *fs = open_members(f, member, VC_COUNT(member));
	struct vc_names names;

	assert_int_equal(vc_hostfs_kind(fs), VC_HOSTFS_FOREIGN);
	assert_text(vc_hostfs_read(fs, "/proc/cmdline"), "last");
	assert_text(vc_hostfs_read(fs, "/etc/absolute"), "abs");
	assert_text(vc_hostfs_read(fs, "/etc/hard"), "abs");
	assert_text(vc_hostfs_read(fs, "/etc/link"), "abs");
	assert_text(vc_hostfs_read(fs, "/etc/empty"), "");
	assert_unreadable(vc_hostfs_read(fs, "/etc/hard-out").fact, EOPNOTSUPP);
	assert_unreadable(vc_hostfs_read(fs, "/etc/hard-none").fact, EOPNOTSUPP);
	assert_text(vc_hostfs_read(fs, "/etc/link-below/cmdline"), "last");
	assert_unreadable(vc_hostfs_read(fs, "/etc/link-below/file").fact, VC_ENOTCOLLECTED);
	assert_unreadable(vc_hostfs_read(fs, "/outside").fact, VC_ENOTCOLLECTED);
	assert_unreadable(vc_hostfs_read(fs, "/dev/kvm").fact, EOPNOTSUPP);
	assert_int_equal(vc_hostfs_stat(fs, "/dev/kvm").kind, VC_NODE_CHARACTER);
	assert_int_equal(vc_hostfs_stat(fs, "/dev/sda").kind, VC_NODE_BLOCK);
	assert_int_equal(vc_hostfs_stat(fs, "/dev/fifo").kind, VC_NODE_OTHER);
	names = vc_hostfs_list(fs, "/");
	assert_int_equal(names.count, 3);
	vc_hostfs_close(fs);
}

/* As sos packs its reports: "quiet\n" as sos-1/proc/cmdline. */
static void
test_archive_xz(void **state)
{
	static const unsigned char packed[] = {
		0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 0x00, 0x01, 0x69, 0x22, 0xde, 0x36, 0x02, 0x00,
		0x21, 0x01, 0x1c, 0x00, 0x00, 0x00, 0x10, 0xcf, 0x58, 0xcc, 0xe0, 0x07, 0xff, 0x00,
		0x4d, 0x5d, 0x00, 0x39, 0x9b, 0xca, 0xc9, 0x00, 0xcb, 0xb0, 0x91, 0x9f, 0xb9, 0xb6,
		0x7a, 0x0f, 0x47, 0xd4, 0x51, 0x4f, 0x6c, 0x52, 0xad, 0x13, 0x47, 0x96, 0x0a, 0xa2,
		0x9f, 0x69, 0x46, 0x1f, 0x68, 0xfb, 0x5c, 0xd6, 0x5b, 0xbf, 0xfa, 0x96, 0x33, 0x9c,
		0xfd, 0xce, 0x0a, 0x28, 0x02, 0xc8, 0x18, 0x52, 0x72, 0x09, 0x89, 0xf4, 0x10, 0x97,
		0x67, 0xcc, 0xc6, 0x31, 0xc1, 0x9e, 0x3c, 0xce, 0xb2, 0x8b, 0x2a, 0xf8, 0x69, 0x7a,
		0x28, 0xd1, 0xfe, 0x69, 0x02, 0x6b, 0xd5, 0x76, 0xd1, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x4e, 0x73, 0x28, 0x5e, 0x00, 0x01, 0x65, 0x80, 0x10, 0x00, 0x00, 0x00, 0x39, 0xad,
		0x93, 0x7a, 0x3e, 0x30, 0x0d, 0x8b, 0x02, 0x00, 0x00, 0x00, 0x00, 0x01, 0x59, 0x5a,
	};
	struct fixture *f = *state;
	struct vc_hostfs *fs;

	scratch_bytes(&f->scratch, "sos.tar.xz", packed, sizeof(packed));
	fs = open_root(f, scratch_path(&f->scratch, "sos.tar.xz"));
	assert_int_equal(vc_hostfs_kind(fs), VC_HOSTFS_FOREIGN);
	assert_text(vc_hostfs_read(fs, "/proc/cmdline"), "quiet\n");
	vc_hostfs_close(fs);
	scratch_bytes(&f->scratch, "sos.tar.xz", packed, sizeof(packed) / 2);
	assert_refused(f, scratch_path(&f->scratch, "sos.tar.xz"), -EBADMSG, ":");
}

static void
assert_archive_refused(struct fixture *f, struct vc_hostfs *fs, const struct vc_buf *buf, size_t size,
		       const char *words)
{
	struct vc_archive_source source = { .fd = -1, .data = buf->text, .size = size };
	size_t before = f->diags.count;

	assert_true(vc_hostfs_load_archive(fs, &source, "test.tar", &f->diags) < 0);
	assert_int_equal(f->diags.count, before + 1);
	if (!strstr(f->diags.item[before].text, words))
		fail_msg("\"%s\" does not say \"%s\"", f->diags.item[before].text, words);
	vc_hostfs_close(fs);
}

static void
test_archive_limits(void **state)
{
	struct fixture *f = *state;
	_cleanup_buf_ struct vc_buf huge = { 0 }, sparse = { 0 }, many = { 0 }, none = { 0 };
	struct vc_hostfs *fs;

	tar_add(&huge,
		&(struct tar_member){ .name = "proc/a", .type = '0', .data = "x", .size = 077777777777 });
	tar_end(&huge);
	assert_archive_refused(f, vc_hostfs_new(f->arena, VC_HOSTFS_FOREIGN), &huge, huge.length,
			       "more than 512 MiB");
	tar_add(&sparse,
		&(struct tar_member){ .name = "proc/a", .type = 'S', .data = "x", .realsize = 077777777777 });
	tar_end(&sparse);
	assert_archive_refused(f, vc_hostfs_new(f->arena, VC_HOSTFS_FOREIGN), &sparse, sparse.length,
			       "more than 512 MiB");
	for (int i = 0; i < 10; i++)
		tar_add(&many, &(struct tar_member){ .name = "proc/a", .type = '0', .data = "0123456789" });
	tar_end(&many);
	fs = vc_hostfs_new(f->arena, VC_HOSTFS_FOREIGN);
	fs->members_max = 9;
	assert_archive_refused(f, fs, &many, many.length, "more than 9 members");
	fs = vc_hostfs_new(f->arena, VC_HOSTFS_FOREIGN);
	fs->room = 1000;
	assert_archive_refused(f, fs, &many, many.length, "more than 512 MiB");
	tar_end(&none);
	assert_archive_refused(f, vc_hostfs_new(f->arena, VC_HOSTFS_FOREIGN), &none, none.length, "empty");
	/* Cut inside contents. */
	assert_archive_refused(f, vc_hostfs_new(f->arena, VC_HOSTFS_FOREIGN), &many, 3 * 1024 - 508,
			       "cut short");
}

/* One too large for a probe, but not for the archive: the others are there, and this one says why it is not.
 */
static void
test_archive_large_member(void **state)
{
	struct fixture *f = *state;
	_cleanup_buf_ struct vc_buf buf = { 0 };
	struct vc_hostfs *fs = vc_hostfs_new(f->arena, VC_HOSTFS_FOREIGN);
	struct vc_archive_source source;

	tar_add(&buf, &(struct tar_member){ .name = "proc/large", .type = '0', .data = "0123456789" });
	tar_add(&buf, &(struct tar_member){ .name = "proc/small", .type = '0', .data = "01234567" });
	tar_end(&buf);
	fs->file_max = 8;
	source = (struct vc_archive_source){ .fd = -1, .data = buf.text, .size = buf.length };
	assert_int_equal(vc_hostfs_load_archive(fs, &source, "test.tar", &f->diags), 0);
	assert_unreadable(vc_hostfs_read(fs, "/proc/large").fact, EFBIG);
	assert_int_equal(vc_hostfs_stat(fs, "/proc/large").size, 10);
	assert_text(vc_hostfs_read(fs, "/proc/small"), "01234567");
	vc_hostfs_close(fs);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_live, setup, teardown),
		cmocka_unit_test_setup_teardown(test_live_unmounted, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lines, setup, teardown),
		cmocka_unit_test_setup_teardown(test_foreign, setup, teardown),
		cmocka_unit_test_setup_teardown(test_confined_by_kernel, setup, teardown),
		cmocka_unit_test_setup_teardown(test_confined_by_walking, setup, teardown),
		cmocka_unit_test_setup_teardown(test_confined_in_memory, setup, teardown),
		cmocka_unit_test_setup_teardown(test_special_files, setup, teardown),
		cmocka_unit_test_setup_teardown(test_limits, setup, teardown),
		cmocka_unit_test_setup_teardown(test_large_files, setup, teardown),
		cmocka_unit_test_setup_teardown(test_permission, setup, teardown),
		cmocka_unit_test_setup_teardown(test_roots, setup, teardown),
		cmocka_unit_test_setup_teardown(test_archive_members, setup, teardown),
		cmocka_unit_test_setup_teardown(test_archive_xz, setup, teardown),
		cmocka_unit_test_setup_teardown(test_archive_limits, setup, teardown),
		cmocka_unit_test_setup_teardown(test_archive_large_member, setup, teardown),
	};

	return cmocka_run_group_tests_name("hostfs", tests, NULL, NULL);
}
