/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who may do what with a file: modes, access control lists, accounts, and the way to a path. */
#include "host-tree.h"
#include "scratch.h"

#include <errno.h>

#include "host/account.h"
#include "host/reach.h"

static const char *const groups_word[] = { "107", "64055" };
static const struct vc_fact_set groups = { .fact = { .state = VC_KNOWN }, .word = groups_word, .count = 2 };
static const struct vc_account qemu = { .uid = 64055, .groups = &groups };

static void
modes(void **state)
{
	static const struct {
		uint64_t uid, gid;
		unsigned mode, want;
		enum vc_tri may;
	} cases[] = {
		{ 0, 0, 0755, VC_MAY_SEARCH, VC_YES },
		{ 0, 0, 0700, VC_MAY_SEARCH, VC_NO },
		{ 0, 0, 0710, VC_MAY_SEARCH, VC_NO },
		{ 0, 107, 0710, VC_MAY_SEARCH, VC_YES },
		/* The first class that is his decides. */
		{ 0, 107, 0701, VC_MAY_SEARCH, VC_NO },
		{ 64055, 107, 0077, VC_MAY_SEARCH, VC_NO },
		{ 64055, 0, 0700, VC_MAY_READ | VC_MAY_WRITE, VC_YES },
		{ 0, 64055, 0660, VC_MAY_READ | VC_MAY_WRITE, VC_YES },
		{ 0, 64055, 0640, VC_MAY_READ | VC_MAY_WRITE, VC_NO },
	};
	const struct vc_account root = { .uid = 0, .groups = &groups };

	(void)state;
	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		const struct vc_access access = { .uid = cases[i].uid,
						  .gid = cases[i].gid,
						  .mode = cases[i].mode };

		assert_int_equal(vc_access_may(&access, &qemu, cases[i].want), cases[i].may);
	}
	/* What root may depends on what libvirt left it. */
	assert_int_equal(
		vc_access_may(&(struct vc_access){ .uid = 1000, .mode = 0700 }, &root, VC_MAY_SEARCH),
		VC_UNKNOWN);
	assert_int_equal(
		vc_access_may(&(struct vc_access){ .uid = 1000, .mode = 0711 }, &root, VC_MAY_SEARCH),
		VC_YES);
}

/* A list of at most eight entries: tag, permission, id. */
struct list {
	unsigned char byte[4 + 8 * 8];
	size_t size;
};

static void
add(struct list *list, unsigned tag, unsigned permission, uint32_t id)
{
	unsigned char *at = list->byte + list->size;

	at[0] = (unsigned char)tag;
	at[2] = (unsigned char)permission;
	for (size_t i = 0; i < 4; i++)
		at[4 + i] = (unsigned char)(id >> (8 * i));
	list->size += 8;
}

static enum vc_tri
may_by(const struct list *list, uint64_t uid, uint64_t gid)
{
	/* The bits for the group are the mask where there is a list. */
	return vc_access_may(
		&(struct vc_access){
			.uid = uid, .gid = gid, .mode = 0770, .acl = list->byte, .acl_size = list->size },
		&qemu, VC_MAY_SEARCH);
}

static void
lists(void **state)
{
	struct list list = { .byte = { 2 }, .size = 4 };

	(void)state;
	add(&list, 0x01, 7, UINT32_MAX);
	add(&list, 0x02, 1, 64055);
	add(&list, 0x04, 0, UINT32_MAX);
	add(&list, 0x10, 1, UINT32_MAX);
	add(&list, 0x20, 0, UINT32_MAX);
	/* setfacl -m u:libvirt-qemu:x, as virt-manager offers it. */
	assert_int_equal(may_by(&list, 1000, 1000), VC_YES);
	/* The mask takes it away again. */
	list.byte[4 + 3 * 8 + 2] = 0;
	assert_int_equal(may_by(&list, 1000, 1000), VC_NO);
	/* Not that of the owner. */
	assert_int_equal(may_by(&list, 64055, 1000), VC_YES);

	list = (struct list){ .byte = { 2 }, .size = 4 };
	add(&list, 0x01, 7, UINT32_MAX);
	add(&list, 0x04, 0, UINT32_MAX);
	add(&list, 0x08, 1, 107);
	add(&list, 0x10, 7, UINT32_MAX);
	add(&list, 0x20, 1, UINT32_MAX);
	assert_int_equal(may_by(&list, 1000, 1000), VC_YES);
	/* Another of his groups has nothing: one that has it is enough. */
	assert_int_equal(may_by(&list, 1000, 64055), VC_YES);
	list.byte[4 + 2 * 8 + 2] = 0;
	assert_int_equal(may_by(&list, 1000, 1000), VC_NO);
	list.byte[4 + 2 * 8 + 4] = 1;
	assert_int_equal(may_by(&list, 1000, 1000), VC_YES);

	/* None that a kernel writes. */
	list.byte[0] = 3;
	assert_int_equal(may_by(&list, 1000, 1000), VC_UNKNOWN);
	list.byte[0] = 2;
	list.size--;
	assert_int_equal(may_by(&list, 1000, 1000), VC_UNKNOWN);
	list.size = 3;
	assert_int_equal(may_by(&list, 1000, 1000), VC_UNKNOWN);
}

#define PASSWD "root:x:0:0:root:/root:/bin/sh\njane:x:1000:1000::/home/jane:/bin/sh\nbroken\n"
#define DEBIAN PASSWD "libvirt-qemu:x:64055:107:Libvirt Qemu,,,:/var/lib/libvirt:/usr/sbin/nologin\n"
#define FEDORA PASSWD "qemu:x:107:107:qemu user:/:/usr/sbin/nologin\n"
#define GROUP                                                                                                \
	"kvm:x:107:jane,libvirt-qemu\nlibvirt-qemu:x:64055:\nqemu:x:36:\nstorage:x:500:x,libvirt-qemu,"      \
	"y\nbroken:x\n:\n"

static void
accounts(void **state)
{
	static const struct {
		const char *passwd, *user, *group, *answer; /* NULL: nobody can say */
	} cases[] = {
		{ DEBIAN, NULL, NULL,
		  "name libvirt-qemu\nuid 64055\ngid 107\ngid 107\ngid 64055\ngid 500\n" },
		{ FEDORA, NULL, NULL, "name qemu\nuid 107\ngid 107\ngid 36\n" },
		{ FEDORA, NULL, "+5", "name qemu\nuid 107\ngid 107\ngid 5\n" },
		{ DEBIAN, NULL, "storage", "name libvirt-qemu\nuid 64055\ngid 107\ngid 107\ngid 500\n" },
		/* Both, or neither. */
		{ DEBIAN "qemu:x:107:107::/:/\n", NULL, NULL, NULL },
		{ PASSWD, NULL, NULL, NULL },
		/* A person's name is kept back. */
		{ DEBIAN, "jane", NULL, "uid 1000\ngid 1000\ngid 107\n" },
		{ DEBIAN, "root", "root", "name root\nuid 0\ngid 0\n" },
		{ DEBIAN, "+0", "+0", "name root\nuid 0\ngid 0\ngid 0\n" },
		{ DEBIAN, "4711", NULL, "uid 4711\n" },
		{ DEBIAN, "nobody-knows", NULL, NULL },
		{ "", NULL, NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		_cleanup_buf_ struct vc_buf answer = { 0 };
		int r = vc_account_describe(vc_span_from(cases[i].passwd), vc_span_from(GROUP), cases[i].user,
					    cases[i].group, &answer);

		assert_int_equal(r, cases[i].answer ? 0 : -EOPNOTSUPP);
		assert_string_equal(vc_buf_text(&answer), cases[i].answer ? cases[i].answer : "");
	}
}

static void
remote(void **state)
{
	struct vc_remote_mounts mounts = { .read = true };

	(void)state;
	vc_remote_mounts_parse(
		vc_span_from("/dev/sda1 / ext4 rw 0 0\nhost:/x /srv/a\\040b nfs4 rw 0 0\n"
			     "/dev/sdb1 /data fuseblk rw 0 0\nsystemd-1 /auto autofs rw 0 0\nhost:/y\n"),
		&mounts);
	assert_true(vc_is_remote_mount(&mounts, "/srv/a b"));
	assert_true(vc_is_remote_mount(&mounts, "/auto"));
	assert_false(vc_is_remote_mount(&mounts, "/"));
	assert_false(vc_is_remote_mount(&mounts, "/data"));
	assert_false(vc_is_remote_mount(&mounts, "/srv/a"));
	vc_remote_mounts_release(&mounts);
}

static struct vc_reach
look(const char *path, const struct vc_account *account, const struct vc_remote_mounts *mounts, int expected)
{
	struct vc_reach reach = { .exists = false };

	assert_int_equal(vc_reach_look(path, account, mounts, &reach), expected);
	return reach;
}

static const char *
below(const struct scratch *scratch, const char *name)
{
	static char path[2][512];
	static size_t turn;

	turn = 1 - turn;
	snprintf(path[turn], sizeof(path[turn]), "%s/%s", scratch->path, name);
	return path[turn];
}

static void
make_file(const char *path)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fclose(file), 0);
}

static unsigned
names_in(const char *path)
{
	unsigned count = 0;

	for (; *path; path++)
		count += *path == '/';
	return count;
}

static void
ways(void **state)
{
	struct vc_remote_mounts mounts = { .read = true };
	struct scratch scratch;
	struct vc_reach reach;
	char line[600];

	(void)state;
	scratch_make(&scratch);
	assert_int_equal(chmod(scratch.path, 0755), 0);
	assert_int_equal(mkdir(below(&scratch, "open"), 0755), 0);
	assert_int_equal(mkdir(below(&scratch, "shut"), 0700), 0);
	make_file(below(&scratch, "open/file"));
	make_file(below(&scratch, "shut/file"));
	assert_int_equal(symlink("../shut/file", below(&scratch, "open/link")), 0);
	assert_int_equal(symlink("nowhere", below(&scratch, "open/dangling")), 0);
	assert_int_equal(symlink("loop", below(&scratch, "open/loop")), 0);
	assert_int_equal(symlink(below(&scratch, "open"), below(&scratch, "direct")), 0);
	assert_int_equal(chmod(below(&scratch, "open/file"), 0640), 0);

	/* Temporary files may be kept where others do not get. */
	if (look(below(&scratch, "open"), &qemu, &mounts, 0).reached != VC_YES) {
		scratch_remove(&scratch);
		skip();
	}
	reach = look(below(&scratch, "open/file"), &qemu, &mounts, 0);
	assert_true(reach.exists);
	assert_true(S_ISREG(reach.st.st_mode));
	assert_int_equal(reach.reached, VC_YES);
	assert_int_equal(reach.readable, VC_NO);
	/* Nobody in particular. */
	reach = look(below(&scratch, "shut/file"), NULL, &mounts, 0);
	assert_true(reach.exists);
	assert_int_equal(reach.reached, VC_UNKNOWN);

	reach = look(below(&scratch, "shut/file"), &qemu, &mounts, 0);
	assert_true(reach.exists);
	assert_int_equal(reach.reached, VC_NO);
	assert_int_equal(reach.stopped_at, names_in(below(&scratch, "shut")));
	/* Behind a link the path that was written no longer says where. */
	reach = look(below(&scratch, "open/link"), &qemu, &mounts, 0);
	assert_true(reach.exists);
	assert_int_equal(reach.reached, VC_NO);
	assert_int_equal(reach.stopped_at, 0);
	reach = look(below(&scratch, "direct/file"), &qemu, &mounts, 0);
	assert_true(reach.exists);
	assert_int_equal(reach.reached, VC_YES);
	reach = look(below(&scratch, "open//./../open/file"), &qemu, &mounts, 0);
	assert_true(reach.exists);

	assert_false(look(below(&scratch, "open/gone"), &qemu, &mounts, 0).exists);
	assert_false(look(below(&scratch, "open/gone/file"), &qemu, &mounts, 0).exists);
	assert_false(look(below(&scratch, "open/file/file"), &qemu, &mounts, 0).exists);
	assert_false(look(below(&scratch, "open/dangling"), &qemu, &mounts, 0).exists);
	(void)look(below(&scratch, "open/loop"), &qemu, &mounts, -ELOOP);
	(void)look("file", &qemu, &mounts, -EINVAL);
	assert_true(look("/", &qemu, &mounts, 0).exists);

	snprintf(line, sizeof(line), "host:/ %s nfs rw 0 0\n", below(&scratch, "open"));
	vc_remote_mounts_parse(vc_span_from(line), &mounts);
	(void)look(below(&scratch, "open/file"), &qemu, &mounts, -EREMOTE);
	(void)look(below(&scratch, "direct/file"), &qemu, &mounts, -EREMOTE);
	assert_true(look(below(&scratch, "shut/file"), &qemu, &mounts, 0).exists);
	vc_remote_mounts_release(&mounts);
	scratch_remove(&scratch);
}

static const struct vc_host_file *
replay(struct tree *tree, const char *user, const char *answer)
{
	tree_line(tree, "file absent /etc/libvirt/qemu.conf");
	if (user)
		tree_ask(tree, "qemu-user", user);
	else
		tree_line(tree, "ask EPERM qemu-user");
	/* The hash of /a/b/c. */
	if (answer)
		tree_ask(tree, vc_arena_printf(tree->arena, "file/%s", "af746e6e3511856e"), answer);
	return vc_host_find_file(
		tree_probe_request(tree,
				   &(struct vc_host_request){ .areas = VC_AREA_IMAGE,
							      .file = (const char *const[]){ "/a/b/c", "d" },
							      .files = 2 }),
		"/a/b/c");
}

static void
recorded(void **state)
{
	struct tree *tree = tree_new(true);
	const struct vc_host_file *file =
		replay(tree, "name qemu\nuid 107\ngid 107\ngid 36\n",
		       "exists yes\nkind file\nreached no\nstopped-at 2\nreadable no\nwritable no\n");

	(void)state;
	assert_known_text(tree->host.qemu_user, "qemu");
	assert_known_number(tree->host.qemu_uid, 107);
	assert_true(vc_set_has(&tree->host.qemu_groups, "36"));
	assert_int_equal(tree->host.file.count, 1);
	assert_known_flag(file->exists, true);
	assert_known_text(file->kind, "file");
	assert_known_flag(file->reached, false);
	assert_known_text(file->stopped_at, "/a/b");
	assert_known_flag(file->writable, false);
	tree_free(tree);

	tree = tree_new(true);
	file = replay(tree, NULL, "exists no\n");
	assert_unreadable(tree->host.qemu_uid, EPERM);
	assert_known_flag(file->exists, false);
	assert_absent(file->kind);
	assert_unreadable(file->reached, EPERM);
	assert_unreadable(file->stopped_at, EPERM);
	tree_free(tree);

	tree = tree_new(true);
	file = replay(tree, "uid x\n", "reached perhaps\nexists\n");
	assert_unreadable(tree->host.qemu_uid, VC_EGARBLED);
	assert_unreadable(file->exists, VC_EGARBLED);
	tree_free(tree);

	/* A capture for another guest says nothing about this one. */
	tree = tree_new(true);
	file = replay(tree, "uid 107\n", NULL);
	assert_known_text(tree->host.qemu_user, "107");
	assert_unreadable(file->exists, VC_ENOTCOLLECTED);
	assert_unreadable(file->writable, VC_ENOTCOLLECTED);
	tree_free(tree);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(modes),  cmocka_unit_test(lists), cmocka_unit_test(accounts),
		cmocka_unit_test(remote), cmocka_unit_test(ways),  cmocka_unit_test(recorded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
