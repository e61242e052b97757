/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is recorded is what is read back, and nothing else is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <sys/sysmacros.h>

#include "host/capture.h"
#include "host/hostfs-impl.h"
#include "host/slices.h"
#include "scratch.h"

struct fixture {
	struct scratch host; /* recorded */
	struct scratch out;
	struct vc_arena *arena;
	struct vc_diags diags;
	struct vc_hostfs *fs; /* of host, as if it were live */
	struct vc_capture *capture;
};

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	scratch_make(&f->host);
	scratch_make(&f->out);
	f->arena = vc_arena_new();
	f->diags.arena = f->arena;
	f->fs = vc_hostfs_new(f->arena, VC_HOSTFS_LIVE);
	vc_hostfs_use_dir(f->fs, open(f->host.path, O_PATH | O_DIRECTORY | O_CLOEXEC), true);
	f->capture = vc_capture_start(f->fs);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	vc_hostfs_close(f->fs);
	scratch_remove(&f->host);
	scratch_remove(&f->out);
	vc_arena_free(f->arena);
	free(f);
	return 0;
}

static int
ask_value(void *context, struct vc_buf *answer)
{
	vc_buf_add(answer, context);
	return 0;
}

static int
ask_refused(void *context, struct vc_buf *answer)
{
	vc_buf_add(answer, "half an answer");
	return -*(int *)context;
}

static int
ask_never(void *context, struct vc_buf *answer)
{
	(void)context;
	(void)answer;
	fail_msg("the live host was asked for a capture");
	return 0;
}

/* A small host with all the shapes that make trouble. */
static void
make_host(struct fixture *f)
{
	static char large[VC_SLICE_SIZE + 1000];
	char config[4096];

	for (size_t i = 0; i < sizeof(config); i++)
		config[i] = (char)(i * 7 + i / 256);
	for (size_t i = 0; i < sizeof(large); i++)
		large[i] = (char)(i * i + i / 256);
	scratch_directory(&f->host, "sys");
	scratch_directory(&f->host, "proc");
	scratch_file(&f->host, "proc/cmdline", "quiet splash\n");
	scratch_file(&f->host, "proc/1234/limits", "Max locked memory\n");
	scratch_link(&f->host, "proc/self", "1234");
	scratch_link(&f->host, "proc/mounts", "self/mounts");
	scratch_file(&f->host, "proc/1234/mounts", "none / tmpfs\n");
	scratch_file(&f->host, "sys/devices/pci0000:00/0000:00:02.0/vendor", "0x8086\n");
	scratch_bytes(&f->host, "sys/devices/pci0000:00/0000:00:02.0/config", config, sizeof(config));
	scratch_file(&f->host, "sys/devices/pci0000:00/0000:00:02.0/empty", "");
	scratch_bytes(&f->host, "sys/devices/pci0000:00/0000:00:02.0/nul", "a\0b", 3);
	scratch_link(&f->host, "sys/bus/pci/devices/0000:00:02.0",
		     "../../../devices/pci0000:00/0000:00:02.0");
	scratch_link(&f->host, "sys/devices/pci0000:00/0000:00:02.0/driver", "../../../bus/pci/drivers/i915");
	scratch_link(&f->host, "sys/devices/pci0000:00/0000:00:02.0/iommu_group",
		     "/sys/kernel/iommu_groups/1");
	scratch_file(&f->host, "sys/kernel/iommu_groups/1/type", "DMA\n");
	scratch_directory(&f->host, "sys/kernel/iommu_groups/1/devices");
	/* Enough to fill slices of an archive, so that links lead from one to another. */
	scratch_bytes(&f->host, "proc/large", large, sizeof(large));
	scratch_bytes(&f->host, "sys/class/large", large, sizeof(large));
	scratch_bytes(&f->host, "sys/devices/large", large, sizeof(large));
	scratch_directory(&f->host, "sys/class/iommu");
	scratch_file(&f->host, "sys/odd/two words", "blank\n");
	scratch_bytes(&f->host, "sys/odd/middle", config, sizeof(config));
	scratch_file(&f->host, "sys/odd/new\nline", "newline\n");
	scratch_file(&f->host, "sys/odd/back\\slash", "backslash\n");
	scratch_file(&f->host, "sys/odd/\xc3\xa4\x80", "bytes\n");
	scratch_file(&f->host, "vhostcheck/manifest", "the host's own\n");
	scratch_link(&f->host, "sys/loop", "loop");
	scratch_link(&f->host, "sys/dangling", "nowhere");
	assert_int_equal(mkfifo(scratch_path(&f->host, "sys/fifo"), 0600), 0);
	scratch_directory(&f->host, "dev");
	mknod(scratch_path(&f->host, "dev/kvm"), S_IFCHR | 0660, makedev(10, 232));
}

static void
ask_all(struct vc_hostfs *fs)
{
	static const char *const path[] = {
		"/proc/cmdline",
		"/proc/self/limits",
		"/proc/mounts",
		"/sys/bus/pci/devices/0000:00:02.0/vendor",
		"/sys/devices/pci0000:00/0000:00:02.0/vendor",
		"/sys/bus/pci/devices/0000:00:02.0/empty",
		"/sys/bus/pci/devices/0000:00:02.0/nul",
		"/sys/bus/pci/devices/0000:00:02.0/iommu_group/type",
		"/sys/bus/pci/devices/0000:00:02.0/../0000:00:02.0/vendor",
		"/sys/kernel/iommu_groups/1/type",
		"/sys/odd/two words",
		"/sys/odd/new\nline",
		"/sys/odd/back\\slash",
		"/sys/odd/\xc3\xa4\x80",
		"/vhostcheck/manifest",
		"/sys/loop",
		"/sys/dangling",
		"/sys/fifo",
		"/sys/class",
		"/dev/kvm",
		"/proc/cmdline/below",
		"/proc/large",
		"/sys/class/large",
		"/sys/devices/large",
		"/sys/none",
		"/none/at/all",
	};
	static const struct {
		uint64_t offset;
		size_t size;
	} part[] = { { .size = 64 },
		     { .size = 256 },
		     { .size = 8192 },
		     { .offset = 256, .size = 16 },
		     { .offset = 4000, .size = 4096 },
		     { .offset = 4096, .size = 1 },
		     { .offset = 99999, .size = 10 },
		     { .size = 0 } };

	for (size_t i = 0; i < VC_COUNT(path); i++) {
		vc_hostfs_read(fs, "%s", path[i]);
		vc_hostfs_read_line(fs, "%s", path[i]);
		vc_hostfs_read_link(fs, "%s", path[i]);
		vc_hostfs_list(fs, "%s", path[i]);
		vc_hostfs_stat(fs, "%s", path[i]);
		vc_hostfs_read_part(fs, 3, 4, "%s", path[i]);
	}
	for (size_t i = 0; i < VC_COUNT(part); i++)
		vc_hostfs_read_part(fs, part[i].offset, part[i].size,
				    "/sys/bus/pci/devices/0000:00:02.0/config");
	vc_hostfs_read_part(fs, 1000, 50, "/sys/odd/middle");
	vc_hostfs_read_link(fs, "/sys/bus/pci/devices/0000:00:02.0");
	vc_hostfs_read_link(fs, "/sys/bus/pci/devices/0000:00:02.0/driver");
	vc_hostfs_read_link(fs, "/sys/bus/pci/devices/0000:00:02.0/iommu_group");
	vc_hostfs_read_link(fs, "/proc/self");
	vc_hostfs_list(fs, "/sys/class/iommu");
	vc_hostfs_list(fs, "/sys/bus/pci/devices/0000:00:02.0");
	vc_hostfs_list(fs, "/sys/odd");
	vc_hostfs_list(fs, "/");
}

static void
ask_calls(struct vc_hostfs *fs)
{
	static int refused[] = { EACCES, EIO, ENOENT, 3000 };

	vc_hostfs_ask(fs, "uname", ask_value, "Linux\n");
	vc_hostfs_ask(fs, "msr/0x33", ask_value, "0x20000000");
	vc_hostfs_ask(fs, "msr/0xcf", ask_refused, &refused[0]);
	vc_hostfs_ask(fs, "kvm", ask_refused, &refused[1]);
	vc_hostfs_ask(fs, "cpuid", ask_refused, &refused[2]);
	vc_hostfs_ask(fs, "limits", ask_refused, &refused[3]);
	vc_hostfs_ask(fs, "manifest", ask_value, "a bad name");
	vc_hostfs_ask(fs, "data/1", ask_value, "another bad name");
	vc_hostfs_ask(fs, "../up", ask_value, "and one more");
	vc_hostfs_ask(fs, "msr", ask_value, "a directory already");
}

static struct vc_record
ask_again(struct vc_hostfs *fs, const struct vc_record *record)
{
	struct vc_record again = { .question = record->question };
	struct vc_answer answer = { 0 };
	struct vc_names names;

	switch (record->question) {
	case VC_ASK_FILE:
		answer = vc_hostfs_read(fs, "%s", record->path);
		break;
	case VC_ASK_PART:
		answer = vc_hostfs_read_part(fs, record->offset, record->length, "%s", record->path);
		break;
	case VC_ASK_LINK:
		answer = vc_hostfs_read_link(fs, "%s", record->path);
		break;
	case VC_ASK_OTHER:
		answer = vc_hostfs_ask(fs, record->path, ask_never, NULL);
		break;
	case VC_ASK_LIST:
		names = vc_hostfs_list(fs, "%s", record->path);
		answer.fact = names.fact;
		again.name = names.name;
		again.names = names.count;
		break;
	case VC_ASK_STAT:
		again.node = vc_hostfs_stat(fs, "%s", record->path);
		answer.fact = again.node.fact;
		break;
	}
	again.fact = answer.fact;
	again.data = answer.data;
	again.size = answer.size;
	return again;
}

static void
assert_same(const struct vc_record *want, const struct vc_record *got)
{
	if (want->fact.state != got->fact.state || want->fact.err != got->fact.err)
		fail_msg("question %d of %s: state %d (%d) became %d (%d)", want->question, want->path,
			 want->fact.state, want->fact.err, got->fact.state, got->fact.err);
	assert_string_equal(want->fact.from, got->fact.from);
	if (want->fact.state != VC_KNOWN)
		return;
	if (want->size != got->size || (want->size > 0 && memcmp(want->data, got->data, want->size) != 0))
		fail_msg("question %d of %s: \"%.40s\" (%zu) became \"%.40s\" (%zu)", want->question,
			 want->path, want->data, want->size, got->data, got->size);
	assert_int_equal(want->names, got->names);
	for (size_t i = 0; i < want->names; i++)
		assert_string_equal(want->name[i], got->name[i]);
	assert_int_equal(want->node.kind, got->node.kind);
	assert_int_equal(want->node.mode, got->node.mode);
	assert_int_equal(want->node.uid, got->node.uid);
	assert_int_equal(want->node.gid, got->node.gid);
	assert_int_equal(want->node.size, got->node.size);
	assert_int_equal(want->node.ctime, got->node.ctime);
}

/* All that a recording was told, for comparison. */
struct heard {
	struct vc_record record[512];
	size_t count;
	vc_hostfs_listen_fn *next;
	void *listener;
};

static void
hear(void *context, const struct vc_record *record)
{
	struct heard *heard = context;

	assert_true(heard->count < VC_COUNT(heard->record));
	heard->record[heard->count++] = *record;
	heard->next(heard->listener, record);
}

static void
save(struct fixture *f, const char *name, const struct vc_capture_options *options)
{
	if (vc_capture_save(f->capture, scratch_path(&f->out, name), options, &f->diags, NULL) < 0)
		fail_msg("%s: %s", name, f->diags.count ? f->diags.item[0].text : "no diagnostic");
}

static struct vc_hostfs *
reopen(struct fixture *f, const char *name)
{
	struct vc_hostfs *fs = NULL;

	if (vc_hostfs_open(scratch_path(&f->out, name), f->arena, &f->diags, &fs) < 0)
		fail_msg("%s: %s", name, f->diags.count ? f->diags.item[0].text : "no diagnostic");
	assert_int_equal(vc_hostfs_kind(fs), VC_HOSTFS_CAPTURE);
	return fs;
}

/* The first @size bytes of what was asked for as @longer bytes. */
static void
assert_beginning(struct vc_hostfs *fs, const char *path, uint64_t offset, size_t size, size_t longer)
{
	struct vc_answer all = vc_hostfs_read_part(fs, offset, longer, "%s", path);
	struct vc_answer answer = vc_hostfs_read_part(fs, offset, size, "%s", path);

	assert_int_equal(all.fact.state, VC_KNOWN);
	assert_int_equal(answer.fact.state, VC_KNOWN);
	assert_int_equal(answer.size, size);
	assert_memory_equal(answer.data, all.data, size);
}

static void
assert_never_asked(struct vc_hostfs *fs)
{
	struct vc_fact fact[] = {
		vc_hostfs_read(fs, "/proc/cpuinfo").fact,
		/* There, but by another path or question. */
		vc_hostfs_read(fs, "/proc/1234/limits").fact,
		vc_hostfs_read(fs, "/sys/devices/pci0000:00/0000:00:02.0/empty").fact,
		vc_hostfs_list(fs, "/sys/devices").fact,
		vc_hostfs_read_part(fs, 1, 64, "/sys/bus/pci/devices/0000:00:02.0/config").fact,
		vc_hostfs_read(fs, "/vhostcheck/data/1").fact,
		vc_hostfs_ask(fs, "msr/0x3a", ask_never, NULL).fact,
	};

	for (size_t i = 0; i < VC_COUNT(fact); i++) {
		assert_int_equal(fact[i].state, VC_UNREADABLE);
		assert_int_equal(fact[i].err, VC_ENOTCOLLECTED);
	}
	/* A part of what was read whole is as good as read. */
	assert_string_equal(vc_hostfs_read_part(fs, 6, 3, "/proc/cmdline").data, "spl");
	/* And so is the beginning of a longer part, whether it lies in its place or apart. */
	assert_beginning(fs, "/sys/bus/pci/devices/0000:00:02.0/config", 0, 32, 8192);
	assert_beginning(fs, "/sys/bus/pci/devices/0000:00:02.0/config", 256, 7, 16);
	assert_beginning(fs, "/sys/odd/middle", 1000, 20, 50);
}

static void
test_replay(void **state)
{
	static const char *const name[] = { "directory", "capture.tar.gz" };
	static const struct vc_capture_options options = { .keep_identity = true };
	struct heard *heard = calloc(1, sizeof(*heard));
	struct fixture *f = *state;

	make_host(f);
	heard->next = f->fs->listen;
	heard->listener = f->fs->listener;
	f->fs->listen = hear;
	f->fs->listener = heard;
	ask_all(f->fs);
	ask_calls(f->fs);
	assert_true(heard->count > 150);
	for (size_t n = 0; n < VC_COUNT(name); n++) {
		struct vc_hostfs *fs;

		save(f, name[n], &options);
		fs = reopen(f, name[n]);
		for (int walking = 0; walking < 2; walking++) {
			if (walking)
				fs->dir.openat2 = false;
			for (size_t i = 0; i < heard->count; i++) {
				struct vc_record again = ask_again(fs, &heard->record[i]);

				assert_same(&heard->record[i], &again);
			}
			assert_never_asked(fs);
		}
		vc_hostfs_close(fs);
	}
	free(heard);
}

static char *
slurp(const char *path, size_t *ret_size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text = malloc(4 << 20);
	ssize_t n = read(fd, text, (4 << 20) - 1);

	assert_true(n >= 0);
	text[n] = '\0';
	close(fd);
	if (ret_size)
		*ret_size = (size_t)n;
	return text;
}

#define DEVICES 200
#define CONFIG 4096

/* A capture of which one device is a small part. @ret_size is that of the archive. */
static char *
save_many_devices(struct fixture *f, const char *name, size_t *ret_size)
{
	static const struct vc_capture_options options = { .keep_identity = true };
	unsigned noise = 1;

	for (unsigned device = 0; device < DEVICES; device++) {
		char path[64], config[CONFIG];

		for (size_t i = 0; i < sizeof(config); i++) {
			noise = noise * 1103515245 + 12345;
			config[i] = (char)(noise >> 16);
		}
		snprintf(path, sizeof(path), "sys/devices/%03u/config", device);
		scratch_bytes(&f->host, path, config, sizeof(config));
		vc_hostfs_read(f->fs, "/%s", path);
	}
	save(f, name, &options);
	return slurp(scratch_path(&f->out, name), ret_size);
}

/* What is asked of one device is not paid for all. */
static void
test_slices_apart(void **state)
{
	struct fixture *f = *state;
	_cleanup_free_ char *archive = NULL;
	struct vc_hostfs *fs;
	uint64_t before, first, again;
	size_t size;

	archive = save_many_devices(f, "many.tar.gz", &size);
	fs = reopen(f, "many.tar.gz");
	before = fs->unpack;
	assert_int_equal(vc_hostfs_read(fs, "/sys/devices/100/config").fact.state, VC_KNOWN);
	first = before - fs->unpack;
	assert_true(first > 0 && first < DEVICES * CONFIG / 4);
	assert_int_equal(vc_hostfs_read(fs, "/sys/devices/100/config").fact.state, VC_KNOWN);
	again = before - fs->unpack;
	assert_int_equal(first, again);
	vc_hostfs_close(fs);
}

static size_t
count_unreadable(struct fixture *f, const char *name, int err)
{
	struct vc_hostfs *fs = reopen(f, name);
	size_t count = 0;

	for (unsigned device = 0; device < DEVICES; device++) {
		struct vc_answer answer = vc_hostfs_read(fs, "/sys/devices/%03u/config", device);

		if (vc_known(&answer.fact))
			continue;
		assert_int_equal(answer.fact.state, VC_UNREADABLE);
		assert_int_equal(answer.fact.err, err);
		count++;
	}
	vc_hostfs_close(fs);
	return count;
}

/* Where the slice begins that @number others are before. */
static char *
find_slice(char *archive, unsigned number)
{
	while (number-- > 0) {
		const unsigned char *size = (unsigned char *)archive + 16;

		archive += size[0] | size[1] << 8 | size[2] << 16;
	}
	assert_memory_equal(archive + 12, "VC", 2);
	return archive;
}

/* A slice that cannot be unpacked takes its devices with it, and no other. */
static void
test_slice_damaged(void **state)
{
	struct fixture *f = *state;
	_cleanup_free_ char *archive = NULL;
	char *slice;
	size_t size, lost;

	archive = save_many_devices(f, "many.tar.gz", &size);
	assert_int_equal(count_unreadable(f, "many.tar.gz", 0), 0);
	slice = find_slice(archive, 3);
	/* Into the compressed data: a block type that there is not [RFC 1951 3.2.3]. */
	slice[20 + strlen("sys/devices/000/config")] = 0x07;
	scratch_bytes(&f->out, "damaged.tar.gz", archive, size);
	lost = count_unreadable(f, "damaged.tar.gz", EBADMSG);
	assert_true(lost > 0 && lost < 20);
}

/* What is not slices from end to end is an archive like any other. */
static void
test_slices_disordered(void **state)
{
	struct fixture *f = *state;
	struct vc_hostfs *fs = NULL;
	_cleanup_free_ char *archive = NULL;
	char *slice;
	size_t size;

	archive = save_many_devices(f, "many.tar.gz", &size);
	/* The name of a slice says that it belongs elsewhere; what is in it does not. */
	slice = find_slice(archive, 3);
	memcpy(slice + 20, "aaa", 3);
	scratch_bytes(&f->out, "name.tar.gz", archive, size);
	assert_int_equal(count_unreadable(f, "name.tar.gz", 0), 0);
	/* Its length does not fit. */
	slice[16]++;
	scratch_bytes(&f->out, "length.tar.gz", archive, size);
	assert_int_equal(count_unreadable(f, "length.tar.gz", 0), 0);
	/* Cut short: nothing in it can be trusted to be all. */
	for (size_t cut = 1; cut < 60000; cut += 20011) {
		scratch_bytes(&f->out, "short.tar.gz", archive, size - cut);
		f->diags.count = 0;
		assert_true(vc_hostfs_open(scratch_path(&f->out, "short.tar.gz"), f->arena, &f->diags, &fs) <
			    0);
		assert_int_equal(f->diags.count, 1);
	}
}

/* The loop of slices that a hostile archive could be is bounded as one archive is. */
static void
test_slices_bounded(void **state)
{
	struct fixture *f = *state;
	_cleanup_free_ char *archive = NULL;
	struct vc_answer answer;
	struct vc_hostfs *fs;
	size_t size;

	archive = save_many_devices(f, "many.tar.gz", &size);
	fs = reopen(f, "many.tar.gz");
	/* Little enough for one slice to use up. */
	fs->unpack = 4096;
	assert_int_equal(vc_hostfs_read(fs, "/sys/devices/000/config").fact.state, VC_KNOWN);
	answer = vc_hostfs_read(fs, "/sys/devices/100/config");
	assert_int_equal(answer.fact.state, VC_UNREADABLE);
	assert_int_equal(answer.fact.err, EFBIG);
	vc_hostfs_close(fs);
}

static void
test_same_bytes(void **state)
{
	static const struct vc_capture_options options = { .host_name = "nobody" };
	struct fixture *f = *state;
	_cleanup_free_ char *one = NULL;
	_cleanup_free_ char *two = NULL;
	size_t size1, size2;

	make_host(f);
	ask_all(f->fs);
	ask_calls(f->fs);
	save(f, "one.tar.gz", &options);
	save(f, "two.tar.gz", &options);
	/* Replaced in one go, nothing left beside it. */
	save(f, "two.tar.gz", &options);
	one = slurp(scratch_path(&f->out, "one.tar.gz"), &size1);
	two = slurp(scratch_path(&f->out, "two.tar.gz"), &size2);
	assert_int_equal(size1, size2);
	assert_memory_equal(one, two, size1);
}

static void
test_layout(void **state)
{
	static const struct vc_capture_options options = { .keep_identity = true };
	static const char manifest[] = "vhostcheck-capture 1\n"
				       "redacted no\n"
				       "stat known /dev character 0600 1 2 3 4\n"
				       "file absent /etc/none\n"
				       "file known /proc/cmdline\n"
				       "file EACCES /proc/iomem\n"
				       "link known /sys/bus/pci/devices/0000:00:02.0\n"
				       "file known /sys/bus/pci/devices/0000:00:02.0/vendor\n"
				       "list known /sys/class/iommu\n"
				       "list known /sys/odd\n"
				       "\tback\\x5cslash\n"
				       "\tmiddle\n"
				       "\tnew\\x0aline\n"
				       "\ttwo\\x20words\n"
				       "\t\\xc3\\xa4\\x80\n"
				       "ask known msr/0x33\n"
				       "ask E3000 msr/0xcf\n"
				       "end\n";
	struct fixture *f = *state;
	_cleanup_free_ char *text = NULL;
	_cleanup_free_ char *vendor = NULL;
	char target[64] = "";
	int refused = 3000;
	struct stat st;

	make_host(f);
	vc_hostfs_ask(f->fs, "msr/0x33", ask_value, "0x20000000");
	vc_hostfs_ask(f->fs, "msr/0xcf", ask_refused, &refused);
	vc_hostfs_list(f->fs, "/sys/odd");
	vc_hostfs_list(f->fs, "/sys/class/iommu");
	vc_hostfs_read_link(f->fs, "/sys/bus/pci/devices/0000:00:02.0");
	vc_hostfs_read_line(f->fs, "/sys/bus/pci/devices/0000:00:02.0/vendor");
	vc_hostfs_read(f->fs, "/proc/cmdline");
	vc_hostfs_read(f->fs, "/etc/none");
	/* What a test cannot arrange for on every machine is told to the recorder directly. */
	f->fs->listen(f->fs->listener, &(const struct vc_record){
					       .question = VC_ASK_FILE,
					       .path = "/proc/iomem",
					       .fact = { .state = VC_UNREADABLE, .err = EACCES },
				       });
	f->fs->listen(f->fs->listener, &(const struct vc_record){
					       .question = VC_ASK_STAT,
					       .path = "/dev",
					       .fact = { .state = VC_KNOWN },
					       .node = { .kind = VC_NODE_CHARACTER,
							 .mode = 0600,
							 .uid = 1,
							 .gid = 2,
							 .size = 3,
							 .ctime = 4 },
				       });
	save(f, "capture", &options);
	text = slurp(scratch_path(&f->out, "capture/vhostcheck/manifest"), NULL);
	assert_string_equal(text, manifest);
	assert_int_equal(readlink(scratch_path(&f->out, "capture/sys/bus/pci/devices/0000:00:02.0"), target,
				  sizeof(target) - 1),
			 40);
	assert_string_equal(target, "../../../devices/pci0000:00/0000:00:02.0");
	vendor = slurp(scratch_path(&f->out, "capture/sys/devices/pci0000:00/0000:00:02.0/vendor"), NULL);
	assert_string_equal(vendor, "0x8086\n");
	assert_int_equal(lstat(scratch_path(&f->out, "capture/sys/class/iommu"), &st), 0);
	/* Names of which nothing was asked are no files. */
	assert_int_equal(rmdir(scratch_path(&f->out, "capture/sys/odd")), 0);
	assert_int_equal(lstat(scratch_path(&f->out, "capture/dev"), &st), -1);
	assert_int_equal(stat(scratch_path(&f->out, "capture"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
}

/* A file that changes while it is recorded: the first answer counts, as for the rules. */
static void
test_changing_host(void **state)
{
	static const struct vc_capture_options options = { .keep_identity = true };
	struct fixture *f = *state;
	struct vc_hostfs *fs;

	make_host(f);
	vc_hostfs_read(f->fs, "/proc/cmdline");
	vc_hostfs_read(f->fs, "/sys/kernel/iommu_groups/1/type");
	vc_hostfs_read_link(f->fs, "/sys/bus/pci/devices/0000:00:02.0/driver");
	scratch_file(&f->host, "proc/cmdline", "changed\n");
	scratch_file(&f->host, "sys/kernel/iommu_groups/1/type", "identity\n");
	unlink(scratch_path(&f->host, "sys/devices/pci0000:00/0000:00:02.0/driver"));
	scratch_link(&f->host, "sys/devices/pci0000:00/0000:00:02.0/driver",
		     "../../../bus/pci/drivers/vfio-pci");
	vc_hostfs_read(f->fs, "/proc/cmdline");
	vc_hostfs_read(f->fs, "/sys/bus/pci/devices/0000:00:02.0/iommu_group/type");
	save(f, "capture", &options);
	fs = reopen(f, "capture");
	assert_string_equal(vc_hostfs_read(fs, "/proc/cmdline").data, "quiet splash\n");
	assert_string_equal(vc_hostfs_read(fs, "/sys/kernel/iommu_groups/1/type").data, "DMA\n");
	assert_string_equal(vc_hostfs_read(fs, "/sys/bus/pci/devices/0000:00:02.0/iommu_group/type").data,
			    "identity\n");
	assert_string_equal(vc_hostfs_read_link(fs, "/sys/bus/pci/devices/0000:00:02.0/driver").data,
			    "../../../bus/pci/drivers/i915");
	vc_hostfs_close(fs);
}

static void
test_redacted(void **state)
{
	static const struct vc_capture_options options = { .host_name = "web01.example.org" };
	struct fixture *f = *state;
	struct vc_capture_summary summary;
	struct vc_hostfs *fs;

	scratch_file(&f->host, "proc/cmdline",
		     "root=UUID=8f2a1c3e-0b1d-4c5e-9f6a-7b8c9d0e1f2a ip=10.0.0.2::10.0.0.1:"
		     "255.255.255.0:web01:eth0:off iommu=pt\n");
	scratch_file(&f->host, "sys/id", "8F2A1C3E-0B1D-4C5E-9F6A-7B8C9D0E1F2A\n");
	scratch_file(&f->host, "sys/devices/x/vpd", "serial inside");
	vc_hostfs_read(f->fs, "/proc/cmdline");
	vc_hostfs_read(f->fs, "/sys/id");
	vc_hostfs_read(f->fs, "/sys/devices/x/vpd");
	vc_hostfs_read(f->fs, "/sys/none");
	vc_hostfs_ask(f->fs, "uname", ask_value, "Linux\nweb01\n6.12.107+deb13-amd64\n");
	assert_int_equal(vc_capture_save(f->capture, scratch_path(&f->out, "capture.tgz"), &options,
					 &f->diags, &summary),
			 0);
	assert_int_equal(summary.known, 3);
	assert_int_equal(summary.absent, 1);
	assert_int_equal(summary.refused, 1);
	fs = reopen(f, "capture.tgz");
	assert_true(fs->manifest->redacted);
	assert_string_equal(vc_hostfs_read(fs, "/proc/cmdline").data,
			    "root=UUID=00000000-0000-0000-0000-000000000001 ip=00.0.0.1::00.0.0.2:"
			    "255.255.255.0:00003:eth0:off iommu=pt\n");
	assert_string_equal(vc_hostfs_read(fs, "/sys/id").data, "00000000-0000-0000-0000-000000000001\n");
	assert_int_equal(vc_hostfs_read(fs, "/sys/devices/x/vpd").fact.err, VC_ENOTCOLLECTED);
	assert_string_equal(vc_hostfs_ask(fs, "uname", ask_never, NULL).data,
			    "Linux\nredacted\n6.12.107+deb13-amd64\n");
	vc_hostfs_close(fs);
}

static void
assert_save_refused(struct fixture *f, const char *path, int err, const char *words)
{
	static const struct vc_capture_options options = { 0 };
	size_t before = f->diags.count;

	assert_int_equal(vc_capture_save(f->capture, path, &options, &f->diags, NULL), err);
	assert_int_equal(f->diags.count, before + 1);
	if (!strstr(f->diags.item[before].text, words))
		fail_msg("\"%s\" does not say \"%s\"", f->diags.item[before].text, words);
}

static int
entries(const char *path)
{
	DIR *dir = opendir(path);
	int count = -2; /* "." and ".." */

	assert_non_null(dir);
	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

static void
test_refused_targets(void **state)
{
	static const struct vc_capture_options options = { 0 };
	struct fixture *f = *state;
	struct stat st;

	make_host(f);
	vc_hostfs_read(f->fs, "/proc/cmdline");
	scratch_file(&f->out, "full/file", "x");
	scratch_file(&f->out, "file", "x");
	scratch_directory(&f->out, "new");
	scratch_directory(&f->out, "occupied.tar.gz");
	assert_save_refused(f, scratch_path(&f->out, "full"), -ENOTEMPTY, "not empty");
	assert_save_refused(f, scratch_path(&f->out, "file"), -ENOTDIR, "cannot be written");
	assert_save_refused(f, scratch_path(&f->out, "x.tar.xz"), -EINVAL, "FILE.tar.gz or as a directory");
	assert_save_refused(f, "/nonexistent/x.tar.gz", -ENOENT, "cannot be written");
	assert_save_refused(f, "/nonexistent/x", -ENOENT, "cannot be made");
	assert_save_refused(f, scratch_path(&f->out, "occupied.tar.gz"), -EISDIR, "cannot be written");
	save(f, "new", &options);
	assert_int_equal(lstat(scratch_path(&f->out, "new/vhostcheck/manifest"), &st), 0);
	/* No draft stays behind: these four were all there is. */
	assert_int_equal(entries(f->out.path), 4);
}

static void
test_truncated(void **state)
{
	static const struct vc_capture_options options = { 0 };
	struct fixture *f = *state;
	_cleanup_free_ char *whole = NULL;
	size_t size;

	make_host(f);
	ask_all(f->fs);
	save(f, "capture.tar.gz", &options);
	whole = slurp(scratch_path(&f->out, "capture.tar.gz"), &size);
	for (size_t cut = 0; cut < size; cut += size / 16 + 1) {
		struct vc_hostfs *fs = NULL;
		size_t before = f->diags.count;

		scratch_bytes(&f->out, "capture.tar.gz", whole, cut);
		assert_true(vc_hostfs_open(scratch_path(&f->out, "capture.tar.gz"), f->arena, &f->diags,
					   &fs) < 0);
		assert_int_equal(f->diags.count, before + 1);
	}
}

/* Manifests that nobody wrote with vhostcheck. */
static void
test_broken_manifests(void **state)
{
	static const struct {
		const char *text, *words;
		int line;
	} broken[] = {
		{ .text = "", .words = "not the manifest", .line = 0 },
		{ .text = "hello\n", .words = "not the manifest", .line = 1 },
		{ .text = "vhostcheck-capture\n", .words = "format", .line = 1 },
		{ .text = "vhostcheck-capture 2\n", .words = "format", .line = 1 },
		{ .text = "vhostcheck-capture 0\n", .words = "format", .line = 1 },
		{ .text = "vhostcheck-capture 1\n", .words = "redacted", .line = 1 },
		{ .text = "vhostcheck-capture 1\nredacted maybe\n", .words = "redacted", .line = 2 },
#define START "vhostcheck-capture 1\nredacted no\n"
#define END "end\n"
		{ .text = START "\n" END, .words = "kind", .line = 3 },
		{ .text = START "file\n" END, .words = "state", .line = 3 },
		{ .text = START "file KNOWN /a\n" END, .words = "state", .line = 3 },
		{ .text = START "file E0 /a\n" END, .words = "state", .line = 3 },
		{ .text = START "file E4096 /a\n" END, .words = "state", .line = 3 },
		{ .text = START "file known\n" END, .words = "path", .line = 3 },
		{ .text = START "file known a\n" END, .words = "path", .line = 3 },
		{ .text = START "file known /a\\\n" END, .words = "path", .line = 3 },
		{ .text = START "file known /a\\x4\n" END, .words = "path", .line = 3 },
		{ .text = START "file known /a\\x00\n" END, .words = "path", .line = 3 },
		{ .text = START "file known /\xff\n" END, .words = "path", .line = 3 },
		{ .text = START "file known /a 1 2\n" END, .words = "more on the line", .line = 3 },
		{ .text = START "file known /a -1\n" END, .words = "number", .line = 3 },
		{ .text = START "file absent /a 1\n" END, .words = "more on the line", .line = 3 },
		{ .text = START "part known /a\n" END, .words = "number", .line = 3 },
		{ .text = START "part known /a 18446744073709551616 1\n" END, .words = "number", .line = 3 },
		{ .text = START "stat known /a\n" END, .words = "kind", .line = 3 },
		{ .text = START "stat known /a file 010000 0 0 0 0\n" END, .words = "number", .line = 3 },
		{ .text = START "stat known /a file 0644 0 0 0 9223372036854775808\n" END,
		  .words = "number",
		  .line = 3 },
		{ .text = START "\tname\n" END, .words = "kind", .line = 3 },
		{ .text = START "file known /a\n\tname\n" END, .words = "no directory", .line = 4 },
		{ .text = START "list absent /a\n\tname\n" END, .words = "no directory", .line = 4 },
		{ .text = START "list known /a\n\t..\n" END, .words = "no name", .line = 4 },
		{ .text = START "list known /a\n\ta/b\n" END, .words = "no name", .line = 4 },
		{ .text = START "list known /a\n\t\n" END, .words = "no name", .line = 4 },
		{ .text = START "file known /b\nfile known /a\nfile absent /b\n" END,
		  .words = "twice",
		  .line = 0 },
		{ .text = START, .words = "cut off", .line = 0 },
		{ .text = START "file known /a\n", .words = "cut off", .line = 0 },
		{ .text = START "file known /a\nen", .words = "cut off", .line = 0 },
		{ .text = START "file known /send\n", .words = "cut off", .line = 0 },
		{ .text = START END "file known /a\n", .words = "cut off", .line = 0 },
		{ .text = START END "file known /a\n" END, .words = "kind", .line = 3 },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < VC_COUNT(broken); i++) {
		struct vc_hostfs *fs = NULL;
		size_t before = f->diags.count;

		scratch_file(&f->out, "vhostcheck/manifest", broken[i].text);
		assert_true(vc_hostfs_open(f->out.path, f->arena, &f->diags, &fs) < 0);
		assert_int_equal(f->diags.count, before + 1);
		if (!strstr(f->diags.item[before].text, broken[i].words) ||
		    f->diags.item[before].line != broken[i].line)
			fail_msg("%s: line %d: \"%s\"", broken[i].text, f->diags.item[before].line,
				 f->diags.item[before].text);
	}
	scratch_bytes(&f->out, "vhostcheck/manifest", START "file known /a\0\n" END, sizeof(START END) + 15);
	assert_true(vc_hostfs_open(f->out.path, f->arena, &f->diags, &f->fs) < 0);
}

/* Links that lead out, a FIFO where a file should be, a file that is not there; order does not matter. */
static void
test_hostile_capture(void **state)
{
	struct fixture *f = *state;
	struct vc_hostfs *fs;

	scratch_file(&f->out, "c/vhostcheck/manifest",
		     START "list known /sys\n\tb\n\ta\n"
			   "file known /sys/out\n"
			   "file known /sys/up\n"
			   "file known /sys/fifo\n"
			   "file known /sys/none\n"
			   "link known /sys/none\n"
			   "file known /sys/stored 7\n"
			   "ask known ../../../../../../etc/passwd\n"
			   "file known /etc/passwd\n" END);
	scratch_link(&f->out, "c/sys/out", "/etc/passwd");
	scratch_link(&f->out, "c/sys/up", "../../../../../../../../../etc/passwd");
	assert_int_equal(mkfifo(scratch_path(&f->out, "c/sys/fifo"), 0644), 0);
	fs = reopen(f, "c");
	assert_int_equal(vc_hostfs_read(fs, "/sys/out").fact.err, VC_ENOTCOLLECTED);
	assert_int_equal(vc_hostfs_read(fs, "/sys/up").fact.err, VC_ENOTCOLLECTED);
	assert_int_equal(vc_hostfs_read(fs, "/sys/none").fact.err, VC_ENOTCOLLECTED);
	assert_int_equal(vc_hostfs_read_link(fs, "/sys/none").fact.err, VC_ENOTCOLLECTED);
	assert_int_equal(vc_hostfs_read(fs, "/sys/stored").fact.err, VC_ENOTCOLLECTED);
	assert_int_equal(vc_hostfs_read(fs, "/sys/fifo").fact.err, EOPNOTSUPP);
	assert_int_equal(vc_hostfs_ask(fs, "../../../../../../etc/passwd", ask_never, NULL).fact.err,
			 VC_ENOTCOLLECTED);
	assert_string_equal(vc_hostfs_list(fs, "/sys").name[0], "a");
	vc_hostfs_close(fs);
	/* A manifest that is a link out is no manifest: the tree is foreign. */
	unlink(scratch_path(&f->out, "c/vhostcheck/manifest"));
	scratch_link(&f->out, "c/vhostcheck/manifest", "/etc/passwd");
	assert_int_equal(vc_hostfs_open(scratch_path(&f->out, "c"), f->arena, &f->diags, &fs), 0);
	assert_int_equal(vc_hostfs_kind(fs), VC_HOSTFS_FOREIGN);
	vc_hostfs_close(fs);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_replay, setup, teardown),
		cmocka_unit_test_setup_teardown(test_slices_apart, setup, teardown),
		cmocka_unit_test_setup_teardown(test_slice_damaged, setup, teardown),
		cmocka_unit_test_setup_teardown(test_slices_disordered, setup, teardown),
		cmocka_unit_test_setup_teardown(test_slices_bounded, setup, teardown),
		cmocka_unit_test_setup_teardown(test_same_bytes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_layout, setup, teardown),
		cmocka_unit_test_setup_teardown(test_changing_host, setup, teardown),
		cmocka_unit_test_setup_teardown(test_redacted, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refused_targets, setup, teardown),
		cmocka_unit_test_setup_teardown(test_truncated, setup, teardown),
		cmocka_unit_test_setup_teardown(test_broken_manifests, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hostile_capture, setup, teardown),
	};

	return cmocka_run_group_tests_name("capture", tests, NULL, NULL);
}
