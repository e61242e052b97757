/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs, descriptors and nodes that libvirt needs for some devices of a guest. */
#include <errno.h>
#include <string.h>

#include "base/macro.h"
#include "host/probe.h"

/* Where a service of systemd looks for programs, and where they are on systems with separate directories. */
static const char *const directory[] = { "/usr/local/sbin", "/usr/local/bin", "/usr/sbin",
					 "/usr/bin",        "/sbin",          "/bin" };

/* [libvirt 11.3 src/util/virtpm.c swtpmBinaries] */
static const char *const program[] = { "swtpm", "swtpm_ioctl", "swtpm_setup" };

static void
probe_programs(struct vc_hostfs *fs, struct vc_fact_set *set)
{
	const char *found[VC_COUNT(program)];
	size_t count = 0;

	for (size_t p = 0; p < VC_COUNT(program); p++) {
		struct vc_fact doubt = { .state = VC_ABSENT };
		bool there = false;

		for (size_t d = 0; !there && d < VC_COUNT(directory); d++) {
			struct vc_node node = vc_hostfs_stat(fs, "%s/%s", directory[d], program[p]);

			there = vc_known(&node.fact);
			if (!there && node.fact.state != VC_ABSENT)
				doubt = node.fact;
		}
		if (!there && doubt.state != VC_ABSENT) {
			vc_set_unknown_like(&set->fact, &doubt);
			return;
		}
		if (there)
			found[count++] = program[p];
	}
	vc_set_set(vc_hostfs_arena(fs), set, found, count, "programs of /usr/bin");
}

/* Two directories that make one list; /etc comes first because it may mask what the other has. */
static void
probe_descriptors(struct vc_hostfs *fs, const char *kind, struct vc_fact_set *set)
{
	struct vc_arena *arena = vc_hostfs_arena(fs);
	struct vc_fact_set local = { 0 }, shipped = { 0 };
	const char **word;
	size_t count = 0;

	vc_take_listing(fs, vc_arena_printf(arena, "/etc/qemu/%s", kind), ".json", &local);
	vc_take_listing(fs, vc_arena_printf(arena, "/usr/share/qemu/%s", kind), ".json", &shipped);
	if (!vc_known(&local.fact) || !vc_known(&shipped.fact)) {
		vc_set_unknown_like(&set->fact, vc_known(&local.fact) ? &shipped.fact : &local.fact);
		return;
	}
	word = vc_arena_make_array(arena, local.count + shipped.count + 1, const char *);
	for (size_t i = 0; i < local.count; i++)
		word[count++] = local.word[i];
	for (size_t i = 0; i < shipped.count; i++)
		word[count++] = shipped.word[i];
	vc_set_set(arena, set, word, count, shipped.fact.from);
}

/* Descriptors are told apart by their names; one that says nothing may be of such a program. */
static void
probe_virtiofsd(struct vc_hostfs *fs, struct vc_host *host)
{
	struct vc_fact_set set = { 0 };
	bool doubt = false;

	probe_descriptors(fs, "vhost-user", &set);
	if (!vc_known(&set.fact)) {
		vc_set_unknown_like(&host->virtiofsd.fact, &set.fact);
		return;
	}
	vc_set_flag(&host->virtiofsd, false, set.fact.from);
	for (size_t i = 0; i < set.count; i++) {
		if (strstr(set.word[i], "virtiofsd")) {
			vc_set_flag(&host->virtiofsd, true, set.fact.from);
			return;
		}
		doubt = doubt || !strstr(set.word[i], "gpu");
	}
	if (doubt)
		vc_set_unreadable(&host->virtiofsd.fact, EOPNOTSUPP, set.fact.from);
}

void
vc_probe_helper(struct vc_hostfs *fs, const struct vc_host_request *request _unused_, struct vc_host *host)
{
	struct vc_node node = vc_hostfs_stat(fs, "/dev/vhost-vsock");
	struct vc_fact_set firmware = { 0 };

	if (vc_known(&node.fact) || node.fact.state == VC_ABSENT)
		vc_set_flag(&host->vhost_vsock, vc_known(&node.fact), node.fact.from);
	else
		vc_set_unknown_like(&host->vhost_vsock.fact, &node.fact);
	vc_probe_vdpa(fs, host);
	vc_take_listing(fs, "/sys/bus/mdev/devices", "", &host->mediated_devices);
	probe_programs(fs, &host->programs);
	probe_virtiofsd(fs, host);
	probe_descriptors(fs, "firmware", &firmware);
	if (vc_known(&firmware.fact))
		vc_set_number(&host->firmware_descriptors, firmware.count, firmware.fact.from);
	else
		vc_set_unknown_like(&host->firmware_descriptors.fact, &firmware.fact);
}
