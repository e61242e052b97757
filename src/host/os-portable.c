/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Systems without what Linux has for it: captures and copied trees are read as everywhere, by walking. */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/macro.h"
#include "host/os.h"

int
vc_os_open_confined(int root _unused_, const char *path _unused_, int flags _unused_)
{
	return -ENOSYS;
}

/* Opening a device may do something: only files and directories are opened. */
int
vc_os_open_handle(const char *path, int flags)
{
	struct stat st;
	int fd;

	if (stat(path, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return -EOPNOTSUPP;
	fd = open(path, VC_O_WALK | O_CLOEXEC | flags);
	return fd < 0 ? -errno : fd;
}

/* It can be read already. */
int
vc_os_reopen(int handle)
{
	int fd = fcntl(handle, F_DUPFD_CLOEXEC, 0);

	return fd < 0 ? -errno : fd;
}

bool
vc_os_is_mounted_apart(const char *path _unused_)
{
	return false;
}

bool
vc_os_is_mounted(int directory _unused_, const char *path _unused_)
{
	return true;
}

int
vc_os_is_locked(int fd _unused_, long start _unused_, long size _unused_, bool *ret_locked _unused_)
{
	return -EOPNOTSUPP;
}

size_t
vc_os_read_acl(const char *path _unused_, void *buffer _unused_, size_t size _unused_)
{
	return 0;
}

int
vc_os_ask_kvm(void *context _unused_, struct vc_buf *answer _unused_)
{
	return -ENOENT;
}
