/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel command line. */
#include <string.h>

#include "host/redact-value.h"

/* How the value of a kernel parameter tells whose host it is. */
enum secret {
	SECRET_ALL,    /* all of it does */
	SECRET_TAGGED, /* what follows LABEL=, PARTUUID= ... does; "/dev/sda1" does not */
	SECRET_IP,     /* ip=client:server:gateway:netmask:name:... [linux 6.12
			  Documentation/admin-guide/nfs/nfsroot.rst] */
};

static const struct {
	const char *name;
	enum secret secret;
} parameters[] = {
	{ .name = "BOOTIF", .secret = SECRET_ALL },
	{ .name = "cryptdevice", .secret = SECRET_TAGGED },
	{ .name = "ds", .secret = SECRET_ALL },
	{ .name = "hostname", .secret = SECRET_ALL },
	{ .name = "ignition.config.url", .secret = SECRET_ALL },
	{ .name = "inst.ks", .secret = SECRET_ALL },
	{ .name = "inst.repo", .secret = SECRET_ALL },
	{ .name = "ip", .secret = SECRET_IP },
	{ .name = "iscsi_initiator", .secret = SECRET_ALL },
	{ .name = "iscsi_target_ip", .secret = SECRET_ALL },
	{ .name = "iscsi_target_name", .secret = SECRET_ALL },
	{ .name = "ks", .secret = SECRET_ALL },
	{ .name = "luks.key", .secret = SECRET_ALL },
	{ .name = "luks.name", .secret = SECRET_ALL },
	{ .name = "luks.uuid", .secret = SECRET_ALL },
	{ .name = "nameserver", .secret = SECRET_ALL },
	{ .name = "netconsole", .secret = SECRET_ALL },
	{ .name = "netroot", .secret = SECRET_ALL },
	{ .name = "nfsroot", .secret = SECRET_ALL },
	{ .name = "rd.iscsi.initiator", .secret = SECRET_ALL },
	{ .name = "rd.iscsi.target.ip", .secret = SECRET_ALL },
	{ .name = "rd.iscsi.target.name", .secret = SECRET_ALL },
	{ .name = "rd.luks.key", .secret = SECRET_ALL },
	{ .name = "rd.luks.name", .secret = SECRET_ALL },
	{ .name = "rd.luks.uuid", .secret = SECRET_ALL },
	{ .name = "rd.lvm.lv", .secret = SECRET_ALL },
	{ .name = "rd.lvm.vg", .secret = SECRET_ALL },
	{ .name = "rd.md.uuid", .secret = SECRET_ALL },
	{ .name = "resume", .secret = SECRET_TAGGED },
	{ .name = "root", .secret = SECRET_TAGGED },
	{ .name = "systemd.hostname", .secret = SECRET_ALL },
	{ .name = "systemd.machine_id", .secret = SECRET_ALL },
	{ .name = "url", .secret = SECRET_ALL },
};

static void
hide_tagged(struct vc_redact *redact, struct vc_buf *out, const char *value, size_t length)
{
	static const char *const tag[] = { "UUID=",      "PARTUUID=", "LABEL=",
					   "PARTLABEL=", "ID=",       "/dev/disk/by-" };

	for (size_t i = 0; i < VC_COUNT(tag); i++) {
		size_t skip = strlen(tag[i]);

		if (length <= skip || strncmp(value, tag[i], skip) != 0)
			continue;
		if (tag[i][0] == '/')
			skip += strcspn(value + skip, "/");
		if (skip < length) {
			vc_buf_add_n(out, value, skip);
			vc_redact_word(redact, out, value + skip, length - skip);
			return;
		}
	}
	vc_redact_host_name(redact, out, value, length, true);
}

static void
hide_ip(struct vc_redact *redact, struct vc_buf *out, const char *value, size_t length)
{
	enum { NETMASK = 3, NAME = 4 };
	const char *end = value + length;

	if (!memchr(value, ':', length) && !memchr(value, '.', length)) {
		vc_buf_add_n(out, value, length); /* "dhcp", "off" */
		return;
	}
	if (memchr(value, '[', length)) {
		vc_redact_word(redact, out, value, length);
		return;
	}
	for (size_t field = 0; value < end; field++) {
		const char *colon = memchr(value, ':', (size_t)(end - value));
		size_t size = (size_t)((colon ? colon : end) - value);

		/* Dracut also takes ip=INTERFACE:METHOD: only what has dots is an address. */
		if (field == NAME || (field < NETMASK && memchr(value, '.', size)))
			vc_redact_word(redact, out, value, size);
		else
			vc_buf_add_n(out, value, size);
		if (colon)
			vc_buf_add_n(out, colon, 1);
		value += size + (colon ? 1 : 0);
	}
}

static void
hide_parameter(struct vc_redact *redact, struct vc_buf *out, const char *token, size_t length)
{
	const char *equals = memchr(token, '=', length);
	size_t name, left;
	const char *value;

	if (!equals) {
		vc_buf_add_n(out, token, length);
		return;
	}
	value = equals + 1;
	vc_buf_add_n(out, token, (size_t)(value - token));
	left = length - (size_t)(value - token);
	/* "name=value" may be quoted as a whole, or the value alone. */
	if (left > 0 && *value == '"') {
		vc_buf_add_n(out, value++, 1);
		left--;
	}
	if (*token == '"')
		token++;
	name = (size_t)(equals - token);
	for (size_t i = 0; i < VC_COUNT(parameters); i++) {
		if (strlen(parameters[i].name) != name || strncmp(parameters[i].name, token, name) != 0)
			continue;
		if (vc_has_uuid(value, left))
			break; /* it gets the placeholder that it has everywhere */
		switch (parameters[i].secret) {
		case SECRET_ALL:
			vc_redact_word(redact, out, value, left);
			return;
		case SECRET_TAGGED:
			hide_tagged(redact, out, value, left);
			return;
		case SECRET_IP:
			hide_ip(redact, out, value, left);
			return;
		}
	}
	vc_redact_host_name(redact, out, value, left, true);
}

/* Parameters are separated by blanks outside quotes [linux 6.12 lib/cmdline.c next_arg]. */
void
vc_redact_parameters(struct vc_redact *redact, struct vc_buf *out, const char *text, size_t size)
{
	size_t start = 0;
	bool quoted = false;

	for (size_t i = 0; i <= size; i++) {
		if (i < size && text[i] == '"')
			quoted = !quoted;
		if (i < size && (quoted || !strchr(" \t\n", text[i]) || text[i] == '\0'))
			continue;
		hide_parameter(redact, out, text + start, i - start);
		if (i < size)
			vc_buf_add_n(out, text + i, 1);
		start = i + 1;
	}
}
