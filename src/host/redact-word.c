/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Values and their placeholders; what gives itself away wherever it stands: UUIDs, addresses, the host's name. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "host/redact-value.h"

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

unsigned
vc_redact_ordinal(struct vc_redact *redact, enum vc_redact_kind kind, const char *text, size_t length)
{
	struct vc_redact_value *value;

	for (size_t i = 0; i < redact->count; i++) {
		value = &redact->value[i];
		if (value->kind == kind && value->length == length &&
		    strncasecmp(value->text, text, length) == 0)
			return value->ordinal;
	}
	value = vc_arena_append(redact->arena, (void **)&redact->value, &redact->count, sizeof(*value));
	*value = (struct vc_redact_value){
		.kind = kind,
		.text = vc_arena_strndup(redact->arena, text, length),
		.length = length,
		.ordinal = ++redact->last[kind],
	};
	return value->ordinal;
}

void
vc_redact_word(struct vc_redact *redact, struct vc_buf *out, const char *text, size_t length)
{
	size_t start = out->length;
	unsigned number;

	if (length == 0)
		return;
	number = vc_redact_ordinal(redact, VC_REDACT_TEXT, text, length);
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
	vc_buf_addf(out, "00000000-0000-0000-0000-%012u", vc_redact_ordinal(redact, VC_REDACT_UUID, text, length));
}

/* Locally administered (bit 1 of the first byte), so that it is no vendor's. */
static void
add_mac(struct vc_redact *redact, struct vc_buf *out, const char *text, size_t length)
{
	unsigned number = vc_redact_ordinal(redact, VC_REDACT_MAC, text, length);
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

void
vc_redact_patterns(struct vc_redact *redact, struct vc_buf *out, const char *text, size_t size)
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

bool
vc_has_uuid(const char *text, size_t length)
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

void
vc_redact_host_name(struct vc_redact *redact, struct vc_buf *out, const char *text, size_t size, bool dash)
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
