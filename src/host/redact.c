/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/redact.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"

enum kind { KIND_UUID, KIND_MAC, KIND_PCI_SERIAL, KIND_TEXT, KINDS };

/* A value that was met, and which placeholder it got. */
struct value {
	enum kind kind;
	const char *text;
	size_t length;
	unsigned ordinal; /* from 1, per kind */
};

struct vc_redact {
	struct vc_arena *arena;
	const char *host_name;
	size_t host_name_length; /* without its domain */
	struct value *value;
	size_t count;
	unsigned last[KINDS];
};

struct vc_redact *
vc_redact_new(struct vc_arena *arena, const char *host_name)
{
	struct vc_redact *redact = vc_arena_make(arena, struct vc_redact);

	redact->arena = arena;
	redact->host_name = host_name ? host_name : "";
	redact->host_name_length = strcspn(redact->host_name, ".");
	return redact;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Upper and lower case are the same value. */
static unsigned
ordinal(struct vc_redact *redact, enum kind kind, const char *text, size_t length)
{
	struct value *value;

	for (size_t i = 0; i < redact->count; i++) {
		value = &redact->value[i];
		if (value->kind == kind && value->length == length &&
		    strncasecmp(value->text, text, length) == 0)
			return value->ordinal;
	}
	value = vc_arena_append(redact->arena, (void **)&redact->value, &redact->count, sizeof(*value));
	*value = (struct value){
		.kind = kind,
		.text = vc_arena_strndup(redact->arena, text, length),
		.length = length,
		.ordinal = ++redact->last[kind],
	};
	return value->ordinal;
}

/* Adds @text with every letter and digit made 0, the last ones counting: "ABCD-1234" becomes "0000-0001". */
static void
hide(struct vc_redact *redact, struct vc_buf *out, const char *text, size_t length)
{
	size_t start = out->length;
	unsigned number;

	if (length == 0)
		return;
	number = ordinal(redact, KIND_TEXT, text, length);
	vc_buf_add_n(out, text, length);
	for (size_t i = length; i-- > 0;) {
		char *c = &out->text[start + i];

		if (!is_digit(*c) && !is_letter(*c) && (unsigned char)*c < 0x80)
			continue;
		*c = (char)('0' + number % 10);
		number /= 10;
	}
}

/* Length of the UUID at the start of @text, 0 if there is none. */
static size_t
match_uuid(const char *text, size_t length)
{
	static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
	size_t size = sizeof(shape) - 1;

	if (length < size || (length > size && (is_digit(text[size]) || is_letter(text[size]))))
		return 0;
	for (size_t i = 0; i < size; i++) {
		if (shape[i] == '-' ? text[i] != '-' : !is_hex(text[i]))
			return 0;
	}
	return size;
}

/*
 * Length of the hardware address at the start of @text: pairs of hexadecimal digits between colons, 6 of them
 * (Ethernet), 8 (EUI-64) or 20 (IP over InfiniBand). A PCI address has neither that many nor only pairs.
 */
static size_t
match_mac(const char *text, size_t length)
{
	size_t pairs = 0, at = 0;

	while (length - at >= 2 && is_hex(text[at]) && is_hex(text[at + 1])) {
		pairs++;
		at += 2;
		if (at == length || text[at] != ':')
			break;
		at++;
	}
	if (at < length && (is_digit(text[at]) || is_letter(text[at]) || text[at] == ':'))
		return 0;
	if (at > 0 && text[at - 1] == ':')
		return 0;
	return pairs == 6 || pairs == 8 || pairs == 20 ? at : 0;
}

/* All digits are zero, or all are f: nobody's. */
static bool
is_nobody(const char *text, size_t length)
{
	char digit = '\0';

	for (size_t i = 0; i < length; i++) {
		char c = text[i] == 'F' ? 'f' : text[i];

		if (!is_hex(c))
			continue;
		if ((c != '0' && c != 'f') || (digit && c != digit))
			return false;
		digit = c;
	}
	return true;
}

static void
add_uuid(struct vc_redact *redact, struct vc_buf *out, const char *text, size_t length)
{
	vc_buf_addf(out, "00000000-0000-0000-0000-%012u", ordinal(redact, KIND_UUID, text, length));
}

/* Locally administered (bit 1 of the first byte), so that it is no vendor's. */
static void
add_mac(struct vc_redact *redact, struct vc_buf *out, const char *text, size_t length)
{
	unsigned number = ordinal(redact, KIND_MAC, text, length);
	size_t pairs = (length + 1) / 3;

	for (size_t i = 0; i < pairs; i++) {
		size_t left = pairs - 1 - i;
		unsigned byte = left < 4 ? (number >> (8 * left)) & 0xff : 0;

		vc_buf_addf(out, "%s%02x", i ? ":" : "", i == 0 ? 0x02 : byte);
	}
}

static const struct {
	size_t (*match)(const char *text, size_t length);
	void (*add)(struct vc_redact *redact, struct vc_buf *out, const char *text, size_t length);
} patterns[] = {
	{ .match = match_uuid, .add = add_uuid },
	{ .match = match_mac, .add = add_mac },
};

/* Is text[i] inside a word, or further on in a run of hexadecimal groups such as a PCI address? */
static bool
continues(const char *text, size_t i)
{
	bool hex = true;

	if (i == 0)
		return false;
	if (is_digit(text[i - 1]) || is_letter(text[i - 1]))
		return true;
	if (text[i - 1] != ':' || i == 1 || !is_hex(text[i - 2]))
		return false;
	/* "mac:" and "eth0:" are words, "00:" is not. */
	for (size_t at = i - 1; at-- > 0 && (is_digit(text[at]) || is_letter(text[at]));)
		hex = hex && is_hex(text[at]);
	return hex;
}

static size_t
match_pattern(const char *text, size_t size, size_t i, size_t *ret_pattern)
{
	if (!is_hex(text[i]) || continues(text, i))
		return 0;
	for (size_t p = 0; p < VC_COUNT(patterns); p++) {
		size_t length = patterns[p].match(text + i, size - i);

		if (length > 0) {
			*ret_pattern = p;
			return length;
		}
	}
	return 0;
}

static void
hide_patterns(struct vc_redact *redact, struct vc_buf *out, const char *text, size_t size)
{
	size_t kept = 0; /* up to here everything was added */
	size_t i = 0, pattern;

	while (i < size) {
		size_t length = match_pattern(text, size, i, &pattern);

		if (length > 0 && !is_nobody(text + i, length)) {
			vc_buf_add_n(out, text + kept, i - kept);
			patterns[pattern].add(redact, out, text + i, length);
			kept = i + length;
		}
		i += length > 0 ? length : 1;
	}
	vc_buf_add_n(out, text + kept, size - kept);
}

static bool
has_uuid(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (match_uuid(text + i, length - i) > 0)
			return true;
	}
	return false;
}

/* What may stand beside the host's name where it is a word of its own. */
static bool
is_edge(char c, bool dash)
{
	return !is_digit(c) && !is_letter(c) && c != '_' && c != '.' && (unsigned char)c < 0x80 &&
	       (dash || c != '-');
}

/* Length of the host's name at text[i], with its domain if that follows; 0 if another word stands there. */
static size_t
match_host_name(const struct vc_redact *redact, const char *text, size_t size, size_t i, bool dash)
{
	size_t length = redact->host_name_length;

	if (length == 0 || size - i < length || memcmp(text + i, redact->host_name, length) != 0)
		return 0;
	if (i > 0 && !is_edge(text[i - 1], dash))
		return 0;
	if (i + length < size && text[i + length] == '.') {
		do
			length++;
		while (i + length < size && !is_edge(text[i + length], false));
		return length;
	}
	return i + length == size || is_edge(text[i + length], dash) ? length : 0;
}

static void
hide_host_name(struct vc_redact *redact, struct vc_buf *out, const char *text, size_t size, bool dash)
{
	bool word = false;

	/* A name of digits alone would match numbers. */
	for (size_t i = 0; i < redact->host_name_length; i++)
		word = word || is_letter(redact->host_name[i]);
	for (size_t i = 0; i < size;) {
		size_t length = word ? match_host_name(redact, text, size, i, dash) : 0;

		if (length > 0)
			vc_buf_add(out, "redacted");
		else
			vc_buf_add_n(out, text + i, length = 1);
		i += length;
	}
}

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
			hide(redact, out, value + skip, length - skip);
			return;
		}
	}
	hide_host_name(redact, out, value, length, true);
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
		hide(redact, out, value, length);
		return;
	}
	for (size_t field = 0; value < end; field++) {
		const char *colon = memchr(value, ':', (size_t)(end - value));
		size_t size = (size_t)((colon ? colon : end) - value);

		/* Dracut also takes ip=INTERFACE:METHOD: only what has dots is an address. */
		if (field == NAME || (field < NETMASK && memchr(value, '.', size)))
			hide(redact, out, value, size);
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
		if (has_uuid(value, left))
			break; /* it gets the placeholder that it has everywhere */
		switch (parameters[i].secret) {
		case SECRET_ALL:
			hide(redact, out, value, left);
			return;
		case SECRET_TAGGED:
			hide_tagged(redact, out, value, left);
			return;
		case SECRET_IP:
			hide_ip(redact, out, value, left);
			return;
		}
	}
	hide_host_name(redact, out, value, left, true);
}

/* Parameters are separated by blanks outside quotes [linux 6.12 lib/cmdline.c next_arg]. */
static void
hide_parameters(struct vc_redact *redact, struct vc_buf *out, const char *text, size_t size)
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

/* Of a file of settings, the lines that probes ask for. */
static void
keep_settings(struct vc_buf *out, const char *text, size_t size)
{
	static const char *const settings[] = { "memory_backing_dir" };
	const char *end = text + size;

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *next = newline ? newline + 1 : end;

		while (text < next && (*text == ' ' || *text == '\t'))
			text++;
		for (size_t i = 0; i < VC_COUNT(settings); i++) {
			size_t length = strlen(settings[i]);

			if ((size_t)(next - text) > length && strncmp(text, settings[i], length) == 0 &&
			    strchr(" \t=", text[length]))
				vc_buf_add_n(out, text, (size_t)(next - text));
		}
		text = next;
	}
}

/* Of each line the first words: not the names behind them. */
static void
keep_words(struct vc_buf *out, const char *text, size_t size, unsigned words)
{
	const char *end = text + size;

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *next = newline ? newline + 1 : end, *stop = newline ? newline : end;
		const char *blank = text - 1;

		for (unsigned i = 0; blank && i < words; i++)
			blank = memchr(blank + 1, ' ', (size_t)(stop - blank - 1));
		vc_buf_add_n(out, text, (size_t)((blank ? blank : stop) - text));
		if (newline)
			vc_buf_add(out, "\n");
		text = next;
	}
}

/* What a file holds that the patterns do not see. @path is the whole path, or begins or ends like the file's.
 */
enum treatment {
	TREAT_PARAMETERS,
	TREAT_WORD,
	TREAT_NAME,
	TREAT_DEVICE_NAMES,
	TREAT_SETTINGS,
	TREAT_TWO_WORDS,
	TREAT_FOUR_WORDS,
	TREAT_WITHHOLD,
};

static const struct {
	const char *prefix, *suffix; /* NULL: any */
	enum treatment treatment;
} files[] = {
	{ .prefix = "/proc/cmdline", .suffix = "/cmdline", .treatment = TREAT_PARAMETERS },
	{ .prefix = "/etc/machine-id", .suffix = "/machine-id", .treatment = TREAT_WORD },
	{ .prefix = "/sys/", .suffix = "/serial", .treatment = TREAT_WORD },
	{ .prefix = "/sys/", .suffix = "/serial_number", .treatment = TREAT_WORD },
	{ .prefix = "/sys/", .suffix = "/unique_id", .treatment = TREAT_WORD },
	{ .prefix = "/sys/", .suffix = "/wwid", .treatment = TREAT_WORD },
	{ .prefix = "/sys/",
	  .suffix = "_serial",
	  .treatment = TREAT_WORD }, /* DMI: board, chassis, product */
	{ .prefix = "/sys/", .suffix = "_asset_tag", .treatment = TREAT_WORD },
	{ .prefix = "uname", .suffix = "uname", .treatment = TREAT_NAME },
	{ .prefix = "/etc/hostname", .suffix = "/hostname", .treatment = TREAT_NAME },
	{ .prefix = "/etc/hosts", .suffix = "/hosts", .treatment = TREAT_NAME },
	{ .prefix = "/proc/sys/kernel/hostname", .suffix = "/hostname", .treatment = TREAT_NAME },
	/* Debian's installer names a volume group after the host: /dev/mapper/web01--vg-root. */
	{ .prefix = "/etc/fstab", .suffix = "/fstab", .treatment = TREAT_DEVICE_NAMES },
	{ .prefix = "/proc/", .suffix = "/mounts", .treatment = TREAT_DEVICE_NAMES },
	{ .prefix = "/proc/", .suffix = "/mountinfo", .treatment = TREAT_DEVICE_NAMES },
	/* Passwords of VNC and SPICE, keys of volumes. */
	{ .prefix = "/etc/libvirt/qemu.conf", .suffix = "/qemu.conf", .treatment = TREAT_SETTINGS },
	/* Images that a disk is on top of. */
	{ .prefix = "image/", .suffix = "", .treatment = TREAT_TWO_WORDS },
	/* Names of guests. */
	{ .prefix = "domains/", .suffix = "", .treatment = TREAT_FOUR_WORDS },
	/* Binary tables with serial numbers inside. */
	{ .prefix = "/sys/", .suffix = "/vpd", .treatment = TREAT_WITHHOLD },
	{ .prefix = "/sys/firmware/dmi/tables/", .suffix = "", .treatment = TREAT_WITHHOLD },
	{ .prefix = "/sys/firmware/dmi/entries/", .suffix = "/raw", .treatment = TREAT_WITHHOLD },
};

static bool
matches(const char *path, const char *prefix, const char *suffix)
{
	size_t length = strlen(path), tail = strlen(suffix);

	return strncmp(path, prefix, strlen(prefix)) == 0 && length >= tail &&
	       strcmp(path + length - tail, suffix) == 0;
}

/* False if the file must be withheld. */
static bool
treat(struct vc_redact *redact, struct vc_buf *out, const char *path, const char *text, size_t size)
{
	for (size_t i = 0; i < VC_COUNT(files); i++) {
		if (!matches(path, files[i].prefix, files[i].suffix))
			continue;
		switch (files[i].treatment) {
		case TREAT_PARAMETERS:
			hide_parameters(redact, out, text, size);
			return true;
		case TREAT_WORD:
			hide(redact, out, text, size);
			return true;
		case TREAT_NAME:
			hide_host_name(redact, out, text, size, false);
			return true;
		case TREAT_DEVICE_NAMES:
			hide_host_name(redact, out, text, size, true);
			return true;
		case TREAT_SETTINGS:
			keep_settings(out, text, size);
			return true;
		case TREAT_TWO_WORDS:
			keep_words(out, text, size, 2);
			return true;
		case TREAT_FOUR_WORDS:
			keep_words(out, text, size, 4);
			return true;
		case TREAT_WITHHOLD:
			return false;
		}
	}
	vc_buf_add_n(out, text, size);
	return true;
}

/* [linux 6.12 include/uapi/linux/pci_regs.h PCI_EXT_CAP_ID_DSN, PCI_CFG_SPACE_SIZE, PCI_CFG_SPACE_EXP_SIZE]
 */
#define EXTENDED_ID_SERIAL 0x0003
#define EXTENDED_FIRST 0x100
#define CONFIG_SIZE 4096

static uint32_t
config_dword(const char *data, size_t at)
{
	const unsigned char *byte = (const unsigned char *)data + at;

	return (uint32_t)byte[0] | (uint32_t)byte[1] << 8 | (uint32_t)byte[2] << 16 | (uint32_t)byte[3] << 24;
}

static void
hide_pci_serial(struct vc_redact *redact, char *serial, size_t length)
{
	char text[2 * 8 + 1] = "";
	unsigned number;
	bool any = false;

	for (size_t i = 0; i < 8; i++) {
		unsigned byte = i < length ? (unsigned char)serial[i] : 0;

		any = any || byte != 0;
		snprintf(text + 2 * i, 3, "%02x", byte);
	}
	if (!any)
		return;
	number = ordinal(redact, KIND_PCI_SERIAL, text, sizeof(text) - 1);
	for (size_t i = 0; i < length; i++)
		serial[i] = (char)(i < 4 ? number >> (8 * i) & 0xff : 0);
}

/*
 * Configuration space: the serial number is 8 bytes after the header of its extended capability, which is one
 * of a list that begins at 0x100 [linux 6.12 drivers/pci/pci.c pci_find_next_ext_capability, pci_get_dsn].
 * -ENODATA: the list begins before the bytes at hand, so that nobody can tell what they are.
 */
static int
redact_config(struct vc_redact *redact, uint64_t offset, const char *data, size_t size, const char **ret_data,
	      size_t *ret_size)
{
	size_t at = EXTENDED_FIRST;
	size_t end;
	char *copy;

	*ret_data = data;
	*ret_size = size;
	if (size == 0)
		return 0;
	if (offset > EXTENDED_FIRST)
		return -ENODATA;
	copy = vc_arena_alloc(redact->arena, size + 1);
	memcpy(copy, data, size);
	end = size < CONFIG_SIZE - offset ? (size_t)offset + size : CONFIG_SIZE;
	/* Every capability takes 8 bytes at least; more steps than fit are a loop. */
	for (size_t steps = 0;
	     steps < (CONFIG_SIZE - EXTENDED_FIRST) / 8 && at >= EXTENDED_FIRST && at + 4 <= end; steps++) {
		uint32_t header = config_dword(copy, at - (size_t)offset);

		if (header == 0 || header == UINT32_MAX)
			break;
		if ((header & 0xffff) == EXTENDED_ID_SERIAL && at + 4 < end) {
			size_t serial = at + 4;

			hide_pci_serial(redact, copy + (serial - (size_t)offset),
					end - serial < 8 ? end - serial : 8);
		}
		at = header >> 20 & 0xffc;
	}
	if (memcmp(copy, data, size) != 0)
		*ret_data = copy;
	return 0;
}

int
vc_redact(struct vc_redact *redact, const char *path, uint64_t offset, const char *data, size_t size,
	  const char **ret_data, size_t *ret_size)
{
	_cleanup_buf_ struct vc_buf treated = { 0 };
	_cleanup_buf_ struct vc_buf out = { 0 };

	if (matches(path, "/sys/", "/config"))
		return redact_config(redact, offset, data, size, ret_data, ret_size);
	if (!treat(redact, &treated, path, data, size))
		return -ENODATA;
	hide_patterns(redact, &out, vc_buf_text(&treated), treated.length);
	if (out.length == size && memcmp(vc_buf_text(&out), data, size) == 0) {
		*ret_data = data;
	} else {
		*ret_data = vc_arena_strndup(redact->arena, vc_buf_text(&out), out.length);
	}
	*ret_size = out.length;
	return 0;
}
