/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <linux/kvm.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/macro.h"
#include "host/os.h"

int
vc_os_open_confined(int root, const char *path, int flags)
{
	struct open_how how = {
		.flags = (unsigned)flags,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	long fd = syscall(SYS_openat2, root, path, &how, sizeof(how));

	return fd < 0 ? -errno : (int)fd;
}

int
vc_os_open_handle(const char *path, int flags)
{
	int fd = open(path, O_PATH | O_CLOEXEC | flags);

	return fd < 0 ? -errno : fd;
}

int
vc_os_reopen(int handle)
{
	char path[sizeof("/proc/self/fd/") + 3 * sizeof(int)];
	int fd;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", handle);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	return fd < 0 ? -errno : fd;
}

/* What has to be mounted where, for "no such file" to say anything. The longest prefix counts. */
static const struct {
	const char *prefix;
	unsigned long magic;
} mounts[] = {
	{ .prefix = "/proc", .magic = PROC_SUPER_MAGIC },
	{ .prefix = "/sys", .magic = SYSFS_MAGIC },
	{ .prefix = "/sys/firmware/efi/efivars", .magic = EFIVARFS_MAGIC },
	{ .prefix = "/sys/fs/cgroup", .magic = CGROUP2_SUPER_MAGIC },
	{ .prefix = "/sys/kernel/debug", .magic = DEBUGFS_MAGIC },
	{ .prefix = "/sys/kernel/security", .magic = SECURITYFS_MAGIC },
	{ .prefix = "/sys/kernel/tracing", .magic = TRACEFS_MAGIC },
};

static bool
below(const char *path, const char *prefix)
{
	size_t length = strlen(prefix);

	return strncmp(path, prefix, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

bool
vc_os_is_mounted_apart(const char *path)
{
	return below(path, "/sys") || below(path, "/proc");
}

bool
vc_os_is_mounted(int directory, const char *path)
{
	unsigned long wanted = 0;
	struct statfs sfs;

	for (size_t i = 0; i < VC_COUNT(mounts); i++) {
		if (below(path, mounts[i].prefix))
			wanted = mounts[i].magic;
	}
	return fstatfs(directory, &sfs) == 0 && (unsigned long)sfs.f_type == wanted;
}

int
vc_os_is_locked(int fd, long start, long size, bool *ret_locked)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = start, .l_len = size };

	/* Only asked, never taken. */
	if (fcntl(fd, F_OFD_GETLK, &lock) < 0)
		return -errno;
	*ret_locked = lock.l_type != F_UNLCK;
	return 0;
}

/* [linux 6.12 include/uapi/linux/xattr.h XATTR_NAME_POSIX_ACL_ACCESS] */
size_t
vc_os_read_acl(const char *path, void *buffer, size_t size)
{
	ssize_t n = lgetxattr(path, "system.posix_acl_access", buffer, size);

	return n < 0 ? 0 : (size_t)n;
}

/* Recorded in captures for rules to come; asking costs nothing once the device is open. */
static const struct {
	const char *name;
	int number; /* [linux 6.12 include/uapi/linux/kvm.h KVM_CAP_*] */
} extensions[] = {
	{ "nr_memslots", 10 },  { "hyperv", 44 },       { "tsc_control", 60 },
	{ "readonly_mem", 81 }, { "smm", 117 },         { "split_irqchip", 121 },
	{ "x2apic_api", 129 },  { "guest_memfd", 234 }, { "vm_types", 235 },
};

/* "NAME VALUE" lines. */
int
vc_os_ask_kvm(void *context _unused_, struct vc_buf *answer)
{
	int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	int value, r = 0;

	if (fd < 0)
		return -errno;
	value = ioctl(fd, KVM_GET_API_VERSION, 0);
	if (value < 0)
		r = -errno;
	else
		vc_buf_addf(answer, "api_version %d\n", value);
	for (size_t i = 0; r == 0 && i < VC_COUNT(extensions); i++) {
		value = ioctl(fd, KVM_CHECK_EXTENSION, extensions[i].number);
		if (value >= 0)
			vc_buf_addf(answer, "%s %d\n", extensions[i].name, value);
	}
	close(fd);
	return r;
}
