/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ROM files that domains name for their devices. What the card itself holds is not read: sysfs shows it only
 * after something was written there.
 */
#include <errno.h>
#include <string.h>

#include "base/macro.h"
#include "host/pci-rom.h"
#include "host/probe.h"

static void
set_contents(struct vc_arena *arena, struct vc_rom *rom, const struct vc_answer *answer)
{
	const char *from = answer->fact.from, *fault;
	struct vc_pci_rom parsed;
	const char *id[VC_PCI_ROM_IDS];

	vc_pci_rom_parse(answer->data, answer->size, &parsed);
	fault = vc_pci_rom_fault_text(parsed.fault);
	if (fault) {
		vc_set_text(&rom->fault, fault, from);
		vc_set_number(&rom->fault_at, parsed.at, from);
	} else {
		vc_set_absent(&rom->fault.fact, from);
		vc_set_absent(&rom->fault_at.fact, from);
	}
	vc_set_flag(&rom->x86, parsed.x86, from);
	vc_set_flag(&rom->efi, parsed.efi, from);
	for (size_t i = 0; i < parsed.ids; i++)
		id[i] = vc_arena_printf(arena, "%04x:%04x", (unsigned)(parsed.id[i] >> 16),
					(unsigned)(parsed.id[i] & 0xffff));
	vc_set_set(arena, &rom->ids, id, parsed.ids, from);
}

static void
set_unknown(struct vc_rom *rom, const struct vc_fact *cause)
{
	struct vc_fact *const fact[] = {
		&rom->fault.fact, &rom->fault_at.fact, &rom->x86.fact, &rom->efi.fact, &rom->ids.fact,
	};

	for (size_t i = 0; i < VC_COUNT(fact); i++) {
		/* A file that is not there has no contents that could be absent. */
		if (cause->state == VC_ABSENT)
			vc_set_unreadable(fact[i], ENOENT, cause->from);
		else
			vc_set_unknown_like(fact[i], cause);
	}
}

/*
 * A text, but not the header of NVIDIA's update files. No ROM begins so, and what the domain names then is some other
 * file, which has no business in a capture.
 */
static bool
is_text(struct vc_hostfs *fs, const char *path)
{
	struct vc_answer answer = vc_hostfs_read_part(fs, 0, 4, "%s", path);

	if (!vc_known(&answer.fact) || answer.size < 4 || memcmp(answer.data, "NVGI", 4) == 0)
		return false;
	for (size_t i = 0; i < 4; i++) {
		unsigned char c = (unsigned char)answer.data[i];

		if ((c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c >= 0x7f)
			return false;
	}
	return true;
}

static void
read_rom(struct vc_hostfs *fs, struct vc_rom *rom, const char *path)
{
	struct vc_node node = vc_hostfs_stat(fs, "%s", path);
	struct vc_answer answer;
	struct vc_fact cause = node.fact;

	if (!vc_known(&node.fact)) {
		vc_set_unknown_like(&rom->size.fact, &node.fact);
		set_unknown(rom, &cause);
		return;
	}
	if (node.kind != VC_NODE_FILE) {
		vc_set_unreadable(&cause, VC_EGARBLED, path);
		vc_set_unknown_like(&rom->size.fact, &cause);
		set_unknown(rom, &cause);
		return;
	}
	vc_set_number(&rom->size, node.size, path);
	if (node.size > VC_PCI_ROM_MAX) {
		vc_set_unreadable(&cause, EFBIG, path);
		set_unknown(rom, &cause);
		return;
	}
	if (is_text(fs, path)) {
		set_contents(vc_hostfs_arena(fs), rom, &(struct vc_answer){ .fact = node.fact, .data = "" });
		return;
	}
	answer = vc_hostfs_read(fs, "%s", path);
	if (vc_known(&answer.fact))
		set_contents(vc_hostfs_arena(fs), rom, &answer);
	else
		set_unknown(rom, &answer.fact);
}

void
vc_probe_rom(struct vc_hostfs *fs, const struct vc_host_request *request, struct vc_host *host)
{
	host->rom.fact = (struct vc_fact){ .state = VC_KNOWN, .from = "the ROM files that were asked for" };
	for (size_t i = 0; i < request->roms; i++) {
		const char *path = request->rom[i];
		struct vc_rom *rom;
		struct vc_fact relative;

		if (vc_host_find_rom(host, path))
			continue;
		rom = vc_list_append(vc_hostfs_arena(fs), &host->rom, sizeof(*rom), host->rom.fact.from);
		vc_set_text(&rom->path, vc_arena_strdup(vc_hostfs_arena(fs), path), "the domain");
		if (path[0] == '/') {
			read_rom(fs, rom, path);
			continue;
		}
		/* QEMU looks in directories of its own first [qemu 10.0.13 hw/pci/pci.c pci_add_option_rom]. */
		vc_set_unreadable(&relative, VC_ERELATIVE, path);
		vc_set_unknown_like(&rom->size.fact, &relative);
		set_unknown(rom, &relative);
	}
}
