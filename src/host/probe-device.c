/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Devices that are only looked for: whether there is one says whether a module drives something. */
#include <errno.h>

#include "base/macro.h"
#include "host/probe.h"

/* The kernel has the device, but this /dev does not: a container has one of its own. */
bool
vc_device_is_hidden(struct vc_hostfs *fs, const char *name)
{
	struct vc_node node = vc_hostfs_stat(fs, "/sys/class/misc/%s", name);

	return vc_known(&node.fact);
}

void
vc_probe_device(struct vc_hostfs *fs, const char *name, struct vc_fact_flag *ret_device)
{
	struct vc_node node = vc_hostfs_stat(fs, "/dev/%s", name);

	if (vc_known(&node.fact) && node.kind == VC_NODE_CHARACTER)
		vc_set_flag(ret_device, true, node.fact.from);
	else if (vc_known(&node.fact) && vc_hostfs_kind(fs) == VC_HOSTFS_FOREIGN)
		/* A copied tree may hold anything in the place of a device. */
		vc_set_unreadable(&ret_device->fact, VC_ENOTCOLLECTED, node.fact.from);
	else if (vc_device_is_hidden(fs, name))
		vc_set_unreadable(&ret_device->fact, VC_ENOTCOLLECTED, node.fact.from);
	else if (vc_known(&node.fact) || node.fact.state == VC_ABSENT)
		vc_set_flag(ret_device, false, node.fact.from);
	else
		vc_set_unknown_like(&ret_device->fact, &node.fact);
}

/* AMD's secure processor, which makes the keys of encrypted guests [linux 6.12 drivers/crypto/ccp/sev-dev.c
 * sev_misc_init]. */
void
vc_probe_sev(struct vc_hostfs *fs, const struct vc_host_request *request _unused_, struct vc_host *host)
{
	vc_probe_device(fs, "sev", &host->sev_device);
}
