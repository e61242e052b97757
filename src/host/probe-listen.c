/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses that guests are to listen on: whether they are this host's. No name is resolved, no socket bound.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

#include "base/macro.h"
#include "host/probe.h"

/* An address of either kind, as bytes. */
struct address {
	int family;
	unsigned char byte[16];
	size_t size;
};

/* False: a name, or an address with an interface behind it. */
static bool
parse_address(const char *text, struct address *ret_address)
{
	static const struct {
		int family;
		size_t size;
	} families[] = { { AF_INET, 4 }, { AF_INET6, 16 } };

	for (size_t i = 0; i < VC_COUNT(families); i++) {
		*ret_address = (struct address){ .family = families[i].family, .size = families[i].size };
		if (inet_pton(families[i].family, text, ret_address->byte) == 1)
			return true;
	}
	return false;
}

/* All addresses, and those of the machine itself, of which 127.0.0.0/8 are all [linux 6.12
 * net/ipv4/fib_frontend.c]. */
static bool
is_always_here(const struct address *address)
{
	static const unsigned char any[16], loopback[16] = { [15] = 1 };

	if (memcmp(address->byte, any, address->size) == 0)
		return true;
	return address->family == AF_INET ? address->byte[0] == 127
					  : memcmp(address->byte, loopback, sizeof(loopback)) == 0;
}

static bool
has(const struct ifaddrs *list, const struct address *address)
{
	for (; list; list = list->ifa_next) {
		const void *byte;

		if (!list->ifa_addr || list->ifa_addr->sa_family != address->family)
			continue;
		byte = address->family == AF_INET
			       ? (const void *)&((const struct sockaddr_in *)(const void *)list->ifa_addr)
					 ->sin_addr
			       : (const void *)&((const struct sockaddr_in6 *)(const void *)list->ifa_addr)
					 ->sin6_addr;
		if (memcmp(byte, address->byte, address->size) == 0)
			return true;
	}
	return false;
}

/* Addresses that move between hosts may be listened on where they are not yet [linux 6.12
 * Documentation/networking/ip-sysctl.rst ip_nonlocal_bind]. */
static bool
may_be_elsewhere(int family)
{
	int fd = open(family == AF_INET ? "/proc/sys/net/ipv4/ip_nonlocal_bind"
					: "/proc/sys/net/ipv6/ip_nonlocal_bind",
		      O_RDONLY | O_CLOEXEC);
	char value = '0';

	if (fd >= 0) {
		if (read(fd, &value, 1) != 1)
			value = '0';
		close(fd);
	}
	return value != '0';
}

static int
ask_listen(void *context, struct vc_buf *answer)
{
	struct address address;
	struct ifaddrs *list;
	bool here;

	if (!parse_address(context, &address))
		return -EOPNOTSUPP;
	here = is_always_here(&address);
	if (!here) {
		if (getifaddrs(&list) < 0)
			return -errno;
		here = has(list, &address) || may_be_elsewhere(address.family);
		freeifaddrs(list);
	}
	vc_buf_add(answer, here ? "Y\n" : "N\n");
	return 0;
}

void
vc_probe_listen(struct vc_hostfs *fs, const struct vc_host_request *request, struct vc_host *host)
{
	struct vc_arena *arena = vc_hostfs_arena(fs);

	host->listen.fact =
		(struct vc_fact){ .state = VC_KNOWN, .from = "the addresses that were asked for" };
	for (size_t i = 0; i < request->listens; i++) {
		char *text = vc_arena_strdup(arena, request->listen[i]);
		struct vc_listen *listen;
		struct vc_answer answer;

		if (vc_host_find_listen(host, text))
			continue;
		listen = vc_list_append(arena, &host->listen, sizeof(*listen), host->listen.fact.from);
		vc_set_text(&listen->address, text, "the guest");
		answer = vc_hostfs_ask(fs, vc_path_answer(arena, "listen", text), ask_listen, text);
		answer.fact.from = text;
		answer.size -= answer.size > 0 && answer.data[answer.size - 1] == '\n';
		vc_take_flag(&answer, &listen->here);
	}
}
