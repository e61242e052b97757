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

/*
 * Portable, laptop, notebook, sub notebook; tablet, convertible, detachable. The top bit says that the chassis has
 * a lock [SMBIOS 3.7, 7.4.1].
 */
static bool
is_portable(uint64_t type)
{
	type &= 0x7f;
	return (type >= 8 && type <= 10) || type == 14 || (type >= 30 && type <= 32);
}

static void
read_chassis(struct vc_hostfs *fs, struct vc_host *host)
{
	struct vc_answer answer = vc_hostfs_read_line(fs, "/sys/class/dmi/id/chassis_type");

	vc_take_number(&answer, VC_BASE_DEC, &host->dmi_chassis_type);
	if (vc_known(&host->dmi_chassis_type.fact))
		vc_set_flag(&host->portable, is_portable(host->dmi_chassis_type.value), answer.fact.from);
	else
		vc_set_unknown_like(&host->portable.fact, &host->dmi_chassis_type.fact);
}

void
vc_probe_dmi(struct vc_hostfs *fs, const struct vc_host_request *request _unused_, struct vc_host *host)
{
	for (size_t i = 0; i < VC_COUNT(entries); i++) {
		struct vc_answer answer = vc_hostfs_read_line(fs, "/sys/class/dmi/id/%s", entries[i].file);

		vc_take_text(vc_hostfs_arena(fs), &answer, (void *)((char *)host + entries[i].offset));
	}
	read_chassis(fs, host);
}
