/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whose host this is and what boots it: not for any decision, but so that a fix says how it is done here. Few
 * questions, because this is asked on the way to every finding that may need the kernel command line.
 */
#include <string.h>

#include "base/macro.h"
#include "host/probe.h"

/* KEY=value, where the value may stand in quotes [systemd 257.13 man os-release]. */
static bool
take_value(struct vc_span line, const char *key, struct vc_span *value)
{
	size_t length = strlen(key);

	if (!vc_span_starts(line, key) || line.length <= length || line.text[length] != '=')
		return false;
	*value = (struct vc_span){ .text = line.text + length + 1, .length = line.length - length - 1 };
	*value = vc_span_trim(*value);
	if (value->length >= 2 && strchr("\"'", value->text[0]) &&
	    value->text[value->length - 1] == value->text[0])
		*value = (struct vc_span){ .text = value->text + 1, .length = value->length - 2 };
	return true;
}

/* /etc/os-release is the one that counts, /usr/lib/os-release its fallback [systemd 257.13 man os-release]. */
static struct vc_answer
read_os_release(struct vc_hostfs *fs)
{
	struct vc_answer answer = vc_hostfs_read(fs, "/etc/os-release");

	return answer.fact.state == VC_ABSENT ? vc_hostfs_read(fs, "/usr/lib/os-release") : answer;
}

static void
probe_distribution(struct vc_hostfs *fs, struct vc_host *host)
{
	struct vc_arena *arena = vc_hostfs_arena(fs);
	struct vc_answer answer = read_os_release(fs);
	struct vc_span rest, line, id = vc_span_from("linux"), like = vc_span_from("");
	const char **word;
	size_t count;

	if (!vc_known(&answer.fact)) {
		vc_set_unknown_like(&host->distribution_id.fact, &answer.fact);
		vc_set_unknown_like(&host->distribution_like.fact, &answer.fact);
		return;
	}
	rest = vc_span_of(&answer);
	while (vc_span_line(&rest, &line)) {
		line = vc_span_trim(line);
		if (!take_value(line, "ID", &id))
			take_value(line, "ID_LIKE", &like);
	}
	vc_set_text(&host->distribution_id, vc_span_dup(arena, id), answer.fact.from);
	if (vc_span_words(arena, like, &word, &count) < 0) {
		vc_set_unreadable(&host->distribution_like.fact, VC_EGARBLED, answer.fact.from);
		return;
	}
	word = memcpy(vc_arena_make_array(arena, count + 1, const char *), word, count * sizeof(*word));
	word[count] = host->distribution_id.value;
	vc_set_set(arena, &host->distribution_like, word, count + 1, answer.fact.from);
}

/*
 * Boot loaders write their name where the running system can read it: four bytes of attributes, then UTF-16
 * [systemd docs/BOOT_LOADER_INTERFACE.md LoaderInfo]. GRUB may do so as well [grub2 grub-core/commands/bli.c].
 */
#define LOADER_INFO "/sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
#define LOADER_INFO_TEXT 4

static enum vc_tri
booted_by_systemd(struct vc_hostfs *fs, struct vc_fact *why)
{
	static const char name[] = "systemd-boot";
	struct vc_answer answer = vc_hostfs_read(fs, LOADER_INFO);

	if (answer.fact.state == VC_ABSENT)
		return VC_NO;
	if (!vc_known(&answer.fact)) {
		*why = answer.fact;
		return VC_UNKNOWN;
	}
	for (size_t i = 0; name[i]; i++) {
		size_t at = LOADER_INFO_TEXT + 2 * i;

		if (at + 1 >= answer.size || answer.data[at] != name[i] || answer.data[at + 1] != '\0')
			return VC_NO;
	}
	return VC_YES;
}

static enum vc_tri
exists(struct vc_hostfs *fs, const char *path, struct vc_fact *why)
{
	struct vc_node node = vc_hostfs_stat(fs, "%s", path);

	if (vc_known(&node.fact))
		return VC_YES;
	if (node.fact.state == VC_ABSENT)
		return VC_NO;
	*why = node.fact;
	return VC_UNKNOWN;
}

/* What one finds is the answer only if everything above it was looked for and is not there. */
static const struct {
	const char *kind;
	enum { BY_ANY, BY_SYSTEMD_BOOT, BY_OTHERS } booted; /* what has to have started the kernel */
	const char *path[2]; /* any of them is enough; none: the boot loader alone decides */
	const char *only_with; /* and this one as well */
} signs[] = {
	/* [ostree src/switchroot/ostree-mount-util.h touch_run_ostree]: made early at boot, on ostree systems only */
	{ .kind = "rpm-ostree", .path = { "/run/ostree-booted" }, .only_with = "/usr/bin/rpm-ostree" },
	/* [grubby 8.40 grubby.8]; changes the entries of GRUB, and of systemd-boot where Fedora uses that */
	{ .kind = "grubby", .path = { "/usr/sbin/grubby", "/usr/bin/grubby" } },
	/* [proxmox-kernel-helper 8.1.0 src/proxmox-boot/functions ESP_LIST]: the partitions it keeps; with GRUB it runs
	 * update-grub, which counts there */
	{ .kind = "proxmox", .booted = BY_SYSTEMD_BOOT, .path = { "/etc/kernel/proxmox-boot-uuids" } },
	/* [systemd 257.13 man kernel-install]: where kernel-install takes the command line from */
	{ .kind = "systemd-boot", .booted = BY_SYSTEMD_BOOT, .path = { "/etc/kernel/cmdline" } },
	/* Who changed to systemd-boot may have them still. */
	{ .kind = "grub", .booted = BY_OTHERS, .path = { "/boot/grub/grub.cfg", "/boot/grub2/grub.cfg" } },
};

static enum vc_tri
is_sign(struct vc_hostfs *fs, size_t i, enum vc_tri systemd_boot, struct vc_fact *why)
{
	enum vc_tri found = signs[i].booted == BY_ANY		? VC_YES
			    : signs[i].booted == BY_SYSTEMD_BOOT ? systemd_boot
								 : vc_tri_not(systemd_boot);

	if (found != VC_NO) {
		enum vc_tri any = exists(fs, signs[i].path[0], why);

		if (any != VC_YES && signs[i].path[1])
			any = vc_tri_or(any, exists(fs, signs[i].path[1], why));
		found = vc_tri_and(found, any);
	}
	if (found != VC_NO && signs[i].only_with)
		found = vc_tri_and(found, exists(fs, signs[i].only_with, why));
	return found;
}

static void
probe_boot_loader(struct vc_hostfs *fs, struct vc_host *host)
{
	struct vc_fact why = { 0 };
	enum vc_tri systemd_boot = booted_by_systemd(fs, &why);

	for (size_t i = 0; i < VC_COUNT(signs); i++) {
		enum vc_tri found = is_sign(fs, i, systemd_boot, &why);

		if (found == VC_YES) {
			vc_set_text(&host->boot_loader, signs[i].kind, signs[i].path[0]);
			return;
		}
		if (found == VC_UNKNOWN) {
			vc_set_unknown_like(&host->boot_loader.fact, &why);
			return;
		}
	}
	vc_set_absent(&host->boot_loader.fact, "/boot");
}

void
vc_probe_distribution(struct vc_hostfs *fs, const struct vc_host_request *request _unused_,
		      struct vc_host *host)
{
	probe_distribution(fs, host);
	probe_boot_loader(fs, host);
}
