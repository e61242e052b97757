/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/log.h"

#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli/site.h"

/* Every log takes a kilobyte, and most take eight [RFC 3164, RFC 5424 section 6.1]. */
#define TEXT_MAX 2000

/* The digits of @number before @end; returns the first. snprintf() may not be used in a signal's handler. */
static char *
add_number(char *end, unsigned number)
{
	do {
		*--end = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	return end;
}

void
vc_log(int priority, const char *text)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char urgency[12], process[12];
	char *urgency_at = add_number(urgency + sizeof(urgency), (unsigned)(LOG_DAEMON | priority));
	char *process_at = add_number(process + sizeof(process), (unsigned)getpid());
	size_t length = strnlen(text, TEXT_MAX), path = strlen(vc_site()->log);
	/* "<30>vhostcheck[123]: text"; the log adds the time. */
	const struct iovec part[] = {
		{ .iov_base = (char[]){ '<' }, .iov_len = 1 },
		{ .iov_base = urgency_at, .iov_len = (size_t)(urgency + sizeof(urgency) - urgency_at) },
		{ .iov_base = (char[]){ ">vhostcheck[" }, .iov_len = 12 },
		{ .iov_base = process_at, .iov_len = (size_t)(process + sizeof(process) - process_at) },
		{ .iov_base = (char[]){ "]: " }, .iov_len = 3 },
		{ .iov_base = (char *)text, .iov_len = length },
	};
	const struct msghdr message = {
		.msg_name = &address,
		.msg_namelen = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + path + 1),
		.msg_iov = (struct iovec *)part,
		.msg_iovlen = sizeof(part) / sizeof(part[0]),
	};
	int fd;

	if (path >= sizeof(address.sun_path))
		return;
	memcpy(address.sun_path, vc_site()->log, path);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return;
	/* Where there is no log there is nobody to tell. */
	(void)!sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
	close(fd);
}
