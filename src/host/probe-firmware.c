/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The firmware files that guests name: whether they are there, how large they are, and whether they hold UEFI. */
#include <errno.h>
#include <string.h>

#include "base/macro.h"
#include "host/probe.h"

/* [edk2 2025.02 MdePkg/Include/Pi/PiFirmwareVolume.h EFI_FIRMWARE_VOLUME_HEADER.Signature] */
#define SIGNATURE_AT 0x28
#define BLOCK 65536 /* of a ROM on x86 */
static const char signature[] = "_FVH";

static void
set_unknown(struct vc_firmware *firmware, const struct vc_fact *cause)
{
	vc_set_unknown_like(&firmware->exists.fact, cause);
	vc_set_unknown_like(&firmware->size.fact, cause);
	vc_set_unknown_like(&firmware->whole_blocks.fact, cause);
	vc_set_unknown_like(&firmware->efi.fact, cause);
}

static void
read_firmware(struct vc_hostfs *fs, struct vc_firmware *firmware, const char *path)
{
	struct vc_node node = vc_hostfs_stat(fs, "%s", path);
	struct vc_answer answer;

	if (node.fact.state == VC_ABSENT) {
		vc_set_flag(&firmware->exists, false, node.fact.from);
		vc_set_absent(&firmware->size.fact, node.fact.from);
		/* A file that is not there has no contents that could be absent. */
		vc_set_unreadable(&firmware->whole_blocks.fact, ENOENT, node.fact.from);
		vc_set_unreadable(&firmware->efi.fact, ENOENT, node.fact.from);
		return;
	}
	if (!vc_known(&node.fact)) {
		set_unknown(firmware, &node.fact);
		return;
	}
	vc_set_flag(&firmware->exists, true, node.fact.from);
	if (node.kind != VC_NODE_FILE) {
		/* A volume may hold an image as well; its size is not that of a file. */
		vc_set_unreadable(&firmware->size.fact, EOPNOTSUPP, node.fact.from);
		vc_set_unreadable(&firmware->whole_blocks.fact, EOPNOTSUPP, node.fact.from);
		vc_set_unreadable(&firmware->efi.fact, EOPNOTSUPP, node.fact.from);
		return;
	}
	vc_set_number(&firmware->size, node.size, node.fact.from);
	vc_set_flag(&firmware->whole_blocks, node.size > 0 && node.size % BLOCK == 0, node.fact.from);
	/* No more than the signature: what lies behind it are the variables of somebody's guest. */
	answer = vc_hostfs_read_part(fs, SIGNATURE_AT, strlen(signature), "%s", path);
	if (!vc_known(&answer.fact))
		vc_set_unknown_like(&firmware->efi.fact, &answer.fact);
	else
		vc_set_flag(&firmware->efi,
			    answer.size == strlen(signature) &&
				    memcmp(answer.data, signature, strlen(signature)) == 0,
			    answer.fact.from);
}

void
vc_probe_firmware(struct vc_hostfs *fs, const struct vc_host_request *request, struct vc_host *host)
{
	struct vc_arena *arena = vc_hostfs_arena(fs);

	host->firmware.fact = (struct vc_fact){ .state = VC_KNOWN, .from = "the firmware files that were asked for" };
	for (size_t i = 0; i < request->firmwares; i++) {
		const char *path = request->firmware[i];
		struct vc_firmware *firmware;
		struct vc_fact relative;

		if (vc_host_find_firmware(host, path))
			continue;
		firmware = vc_list_append(arena, &host->firmware, sizeof(*firmware), host->firmware.fact.from);
		vc_set_text(&firmware->path, vc_arena_strdup(arena, path), "the guest");
		if (path[0] == '/') {
			read_firmware(fs, firmware, path);
			continue;
		}
		/* From where QEMU is started, or in directories of its own [qemu 10.0 system/datadir.c qemu_find_file]. */
		vc_set_unreadable(&relative, VC_ERELATIVE, path);
		set_unknown(firmware, &relative);
	}
}
