/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libvirt's version, and its cache of what it learnt about the emulators. The cache is private to libvirt and
 * readable by root alone; of its 200 kB only a few lines near the beginning are of interest, so that no XML
 * parser is needed. [libvirt 11.3 src/qemu/qemu_capabilities.c virQEMUCapsFormatCache]
 */
#include <string.h>

#include "base/macro.h"
#include "host/probe.h"

#define CACHE "/var/cache/libvirt/qemu/capabilities"
/* The emulator's path and the times stand in the first lines; the version follows some 300 flags of 40 bytes.
 */
#define CACHE_HEAD ((size_t)1024)
#define CACHE_PART ((size_t)128 * 1024)
/* Emulators of one host; QEMU has some 30. */
#define CACHE_FILES 128

/* What follows the first @tag, up to the next tag. */
static bool
find_tag(struct vc_span xml, const char *tag, struct vc_span *ret_text)
{
	size_t length = strlen(tag);
	const char *at, *end;
	size_t left;

	at = xml.length ? memmem(xml.text, xml.length, tag, length) : NULL;
	if (!at)
		return false;
	at += length;
	left = xml.length - (size_t)(at - xml.text);
	end = left ? memchr(at, '<', left) : NULL;
	if (!end)
		return false;
	*ret_text = (struct vc_span){ .text = at, .length = (size_t)(end - at) };
	return true;
}

static bool
find_number(struct vc_span xml, const char *tag, uint64_t *ret_value)
{
	struct vc_span text;

	return find_tag(xml, tag, &text) && vc_span_number(text, VC_BASE_DEC, ret_value) == 0;
}

/* 7002022 is 7.2.22. False when a part is too large to be one. */
static bool
unpack_version(uint64_t packed, struct vc_version *ret_version)
{
	if (packed == 0 || packed / 1000000 > 9999)
		return false;
	*ret_version = (struct vc_version){ { (uint32_t)(packed / 1000000), (uint32_t)(packed / 1000 % 1000),
					      (uint32_t)(packed % 1000) } };
	return true;
}

static struct vc_libvirt_cache
read_entry(struct vc_hostfs *fs, const char *name, const char *path)
{
	struct vc_libvirt_cache entry = { .fact = { .state = VC_ABSENT, .from = CACHE } };
	struct vc_answer answer = vc_hostfs_read_part(fs, 0, CACHE_HEAD, CACHE "/%s", name);
	struct vc_span emulator;
	uint64_t libvirt, qemu;

	if (!vc_known(&answer.fact)) {
		entry.fact = answer.fact;
		return entry;
	}
	if (!find_tag(vc_span_of(&answer), "<emulator>", &emulator) || (path && !vc_span_is(emulator, path)))
		return entry;
	if (path)
		answer = vc_hostfs_read_part(fs, 0, CACHE_PART, CACHE "/%s", name);
	entry.fact = answer.fact;
	if (!vc_known(&answer.fact))
		return entry;
	if (!find_number(vc_span_of(&answer), "<qemuctime>", &entry.emulator_ctime) ||
	    !find_number(vc_span_of(&answer), "<selfvers>", &libvirt) ||
	    !unpack_version(libvirt, &entry.libvirt))
		vc_set_unreadable(&entry.fact, VC_EGARBLED, answer.fact.from);
	else if (path &&
		 !(find_number(vc_span_of(&answer), "<version>", &qemu) && unpack_version(qemu, &entry.qemu)))
		vc_set_unreadable(&entry.fact, VC_EGARBLED, answer.fact.from);
	return entry;
}

struct vc_libvirt_cache
vc_libvirt_cache_find(struct vc_hostfs *fs, const char *path)
{
	struct vc_names names = vc_hostfs_list(fs, CACHE);
	struct vc_libvirt_cache found = { .fact = names.fact };

	if (!vc_known(&names.fact))
		return found;
	vc_set_absent(&found.fact, names.fact.from);
	for (size_t i = 0; i < names.count && i < CACHE_FILES; i++) {
		size_t length = strlen(names.name[i]);
		struct vc_libvirt_cache entry;

		if (length < 4 || strcmp(names.name[i] + length - 4, ".xml") != 0)
			continue;
		entry = read_entry(fs, names.name[i], path);
		if (vc_known(&entry.fact) && path)
			return entry;
		/* One that cannot be read might be the one; the newest libvirt wrote the others. */
		if (vc_known(&entry.fact)
			    ? !vc_known(&found.fact) || vc_version_compare(entry.libvirt, found.libvirt) > 0
			    : entry.fact.state == VC_UNREADABLE && found.fact.state == VC_ABSENT)
			found = entry;
	}
	return found;
}

/* libvirt.so.0 leads to libvirt.so.0.11003.0 for 11.3.0 [libvirt 11.3 meson.build libvirt_lib_version] */
static bool
parse_library(struct vc_span target, struct vc_version *ret_version)
{
	struct vc_span rest = target, piece, last = target;
	uint64_t age, revision;

	while (vc_span_until(&rest, '/', &piece))
		last = piece;
	if (!vc_span_starts(last, "libvirt.so.0."))
		return false;
	last.text += strlen("libvirt.so.0.");
	last.length -= strlen("libvirt.so.0.");
	if (!vc_span_until(&last, '.', &piece) || vc_span_number(piece, VC_BASE_DEC, &age) < 0 ||
	    !vc_span_until(&last, '.', &piece) || vc_span_number(piece, VC_BASE_DEC, &revision) < 0 ||
	    last.length > 0 || age == 0 || age > 9999999 || revision > 999)
		return false;
	*ret_version =
		(struct vc_version){ { (uint32_t)(age / 1000), (uint32_t)(age % 1000), (uint32_t)revision } };
	return true;
}

void
vc_probe_libvirt(struct vc_hostfs *fs, const struct vc_host_request *request, struct vc_host *host)
{
	static const char *const directory[] = {
		"/usr/lib/x86_64-linux-gnu",
		"/usr/lib/aarch64-linux-gnu",
		"/usr/lib64",
		"/usr/lib",
		"/usr/local/lib64",
		"/usr/local/lib/x86_64-linux-gnu",
		"/usr/local/lib",
		"/lib/x86_64-linux-gnu",
		"/lib/aarch64-linux-gnu",
		"/lib64",
		"/lib",
	};
	struct vc_libvirt_cache cache;
	struct vc_version version;

	if (request->libvirt_version) {
		vc_set_version(&host->libvirt_version, *request->libvirt_version,
			       request->libvirt_version_from ? request->libvirt_version_from : "--libvirt-version");
		return;
	}
	/* The library first: it is what is installed now, everyone may read it, and it is one link. */
	for (size_t i = 0; i < VC_COUNT(directory); i++) {
		struct vc_answer answer = vc_hostfs_read_link(fs, "%s/libvirt.so.0", directory[i]);

		if (vc_known(&answer.fact) && parse_library(vc_span_of(&answer), &version)) {
			vc_set_version(&host->libvirt_version, version, answer.fact.from);
			return;
		}
	}
	cache = vc_libvirt_cache_find(fs, NULL);
	if (vc_known(&cache.fact))
		vc_set_version(&host->libvirt_version, cache.libvirt, cache.fact.from);
	else if (cache.fact.state == VC_ABSENT)
		/* Not in any usual place: it may be installed elsewhere. */
		vc_set_unreadable(&host->libvirt_version.fact, VC_ENOTCOLLECTED, "libvirt.so.0");
	else
		vc_set_unknown_like(&host->libvirt_version.fact, &cache.fact);
}
