/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/macro.h"
#include "host/probe.h"

/* Serial numbers and UUIDs are there too; nobody needs them here. */
static const struct {
	const char *file;
	size_t offset; /* of the vc_fact_text in the host */
} entries[] = {
	{ "sys_vendor", offsetof(struct vc_host, dmi_system_vendor) },
	{ "product_name", offsetof(struct vc_host, dmi_product_name) },
	{ "board_vendor", offsetof(struct vc_host, dmi_board_vendor) },
	{ "board_name", offsetof(struct vc_host, dmi_board_name) },
	{ "bios_vendor", offsetof(struct vc_host, dmi_bios_vendor) },
	{ "bios_version", offsetof(struct vc_host, dmi_bios_version) },
	{ "bios_date", offsetof(struct vc_host, dmi_bios_date) },
};

void
vc_probe_dmi(struct vc_hostfs *fs, const struct vc_host_request *request _unused_, struct vc_host *host)
{
	for (size_t i = 0; i < VC_COUNT(entries); i++) {
		struct vc_answer answer = vc_hostfs_read_line(fs, "/sys/class/dmi/id/%s", entries[i].file);

		vc_take_text(vc_hostfs_arena(fs), &answer, (void *)((char *)host + entries[i].offset));
	}
}
