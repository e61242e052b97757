/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/redact.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "host/redact-value.h"

struct vc_redact *
vc_redact_new(struct vc_arena *arena, const char *host_name)
{
	struct vc_redact *redact = vc_arena_make(arena, struct vc_redact);

	redact->arena = arena;
	redact->host_name = host_name ? host_name : "";
	redact->host_name_length = strcspn(redact->host_name, ".");
	return redact;
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
			vc_redact_parameters(redact, out, text, size);
			return true;
		case TREAT_WORD:
			vc_redact_word(redact, out, text, size);
			return true;
		case TREAT_NAME:
			vc_redact_host_name(redact, out, text, size, false);
			return true;
		case TREAT_DEVICE_NAMES:
			vc_redact_host_name(redact, out, text, size, true);
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
	number = vc_redact_ordinal(redact, VC_REDACT_PCI_SERIAL, text, sizeof(text) - 1);
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
	vc_redact_patterns(redact, &out, vc_buf_text(&treated), treated.length);
	if (out.length == size && memcmp(vc_buf_text(&out), data, size) == 0) {
		*ret_data = data;
	} else {
		*ret_data = vc_arena_strndup(redact->arena, vc_buf_text(&out), out.length);
	}
	*ret_size = out.length;
	return 0;
}
