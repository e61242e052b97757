/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The USB devices that guests ask for: how many of them the host has. The others stay unnamed. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/macro.h"
#include "host/probe.h"

#define DEVICES "/sys/bus/usb/devices"

/* "046d:c31c", "046d:c31c@1.5" or "@1.5": numbers, and the bus and the number on it. */
struct wanted {
	bool by_number, by_place;
	uint64_t vendor, product, bus, device;
};

static int
parse_wanted(const char *id, struct wanted *ret_wanted)
{
	struct vc_span rest = vc_span_from(id), numbers, vendor, bus;
	struct wanted wanted = { .by_number = id[0] != '@' };

	if (!vc_span_until(&rest, '@', &numbers))
		return -EINVAL;
	wanted.by_place = rest.length > 0;
	if (wanted.by_number && (!vc_span_until(&numbers, ':', &vendor) ||
				 vc_span_number(vendor, VC_BASE_HEX, &wanted.vendor) < 0 ||
				 vc_span_number(numbers, VC_BASE_HEX, &wanted.product) < 0))
		return -EINVAL;
	if (wanted.by_place &&
	    (!vc_span_until(&rest, '.', &bus) || vc_span_number(bus, VC_BASE_DEC, &wanted.bus) < 0 ||
	     vc_span_number(rest, VC_BASE_DEC, &wanted.device) < 0))
		return -EINVAL;
	*ret_wanted = wanted;
	return wanted.by_number || wanted.by_place ? 0 : -EINVAL;
}

static bool
attribute_is(int dir, const char *device, const char *name, enum vc_base base, uint64_t expected)
{
	_cleanup_buf_ struct vc_buf path = { 0 };
	char text[32];
	uint64_t number;
	ssize_t n;
	int fd;

	vc_buf_addf(&path, "%s/%s", device, name);
	fd = openat(dir, vc_buf_text(&path), O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return false;
	n = read(fd, text, sizeof(text));
	close(fd);
	return n > 0 &&
	       vc_span_number(vc_span_trim((struct vc_span){ .text = text, .length = (size_t)n }), base,
			      &number) == 0 &&
	       number == expected;
}

static void
close_dir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

/* As libvirt looks for them [libvirt 11.3 src/util/virusb.c virUSBDeviceSearch]. */
static int
ask_usb(void *context, struct vc_buf *answer)
{
	_cleanup_(close_dir) DIR *dir = opendir(DEVICES);
	const struct dirent *entry;
	struct wanted wanted;
	unsigned count = 0;
	int r = parse_wanted(context, &wanted);

	if (r < 0)
		return r;
	/* A kernel without USB, not a place without /sys. */
	if (!dir && (errno != ENOENT || access("/sys/bus", F_OK) < 0))
		return errno == ENOENT ? -ENODATA : -errno;
	while (dir && (entry = readdir(dir))) {
		const char *name = entry->d_name;

		if (name[0] == '.' || strchr(name, ':'))
			continue;
		if (wanted.by_number &&
		    (!attribute_is(dirfd(dir), name, "idVendor", VC_BASE_HEX, wanted.vendor) ||
		     !attribute_is(dirfd(dir), name, "idProduct", VC_BASE_HEX, wanted.product)))
			continue;
		if (wanted.by_place &&
		    (!attribute_is(dirfd(dir), name, "busnum", VC_BASE_DEC, wanted.bus) ||
		     !attribute_is(dirfd(dir), name, "devnum", VC_BASE_DEC, wanted.device)))
			continue;
		count++;
	}
	vc_buf_addf(answer, "%u\n", count);
	return 0;
}

void
vc_probe_usb(struct vc_hostfs *fs, const struct vc_host_request *request, struct vc_host *host)
{
	struct vc_arena *arena = vc_hostfs_arena(fs);

	host->usb.fact = (struct vc_fact){ .state = VC_KNOWN, .from = "the USB devices that were asked for" };
	for (size_t i = 0; i < request->usbs; i++) {
		char *id = vc_arena_strdup(arena, request->usb[i]);
		struct vc_usb *usb;
		struct vc_answer answer;

		if (vc_host_find_usb(host, id))
			continue;
		usb = vc_list_append(arena, &host->usb, sizeof(*usb), host->usb.fact.from);
		vc_set_text(&usb->id, id, "the guest");
		answer = vc_hostfs_ask(fs, vc_arena_printf(arena, "usb/%s", id), ask_usb, id);
		answer.fact.from = DEVICES;
		answer.size -= answer.size > 0 && answer.data[answer.size - 1] == '\n';
		vc_take_number(&answer, VC_BASE_DEC, &usb->count);
	}
}
