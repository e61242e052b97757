/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the running host needs, and through which PCI devices it gets it: a link of /sys/class leads to
 * "../../devices/pci0000:00/0000:00:1d.0/0000:02:00.0/nvme/nvme0/nvme0n1/nvme0n1p2". What is made of others
 * (LVM, RAID, encryption; bridges, bonds) has them as slaves/NAME or lower_NAME [linux 6.12 block/holder.c,
 * net/core/dev.c netdev_adjacent_sysfs_add].
 */
#include <string.h>

#include "base/macro.h"
#include "host/probe-pci.h"
#include "host/probe.h"

/* Layers upon layers end somewhere, and a hostile tree may go in circles. */
#define LAYERS_MAX 8
#define DEVICES_MAX 256

struct search {
	struct vc_hostfs *fs;
	const char *class; /* "block" or "net" */
	const char *address[DEVICES_MAX];
	size_t addresses, looked_at;
	struct vc_fact doubt; /* what kept it from being complete; VC_KNOWN: nothing */
};

static void
take_addresses(struct search *search, const struct vc_answer *answer)
{
	struct vc_span rest = vc_span_of(answer), piece;

	while (vc_span_until(&rest, '/', &piece)) {
		const char *name = vc_span_dup(vc_hostfs_arena(search->fs), piece);

		if (vc_pci_address_valid(name) && search->addresses < DEVICES_MAX)
			search->address[search->addresses++] = name;
	}
}

static void look_below(struct search *search, const char *name, unsigned layers);

static void
look_at(struct search *search, const char *name, unsigned layers)
{
	struct vc_answer answer;

	if (layers > LAYERS_MAX || ++search->looked_at > DEVICES_MAX || strchr(name, '/'))
		return;
	answer = vc_hostfs_read_link(search->fs, "/sys/class/%s/%s", search->class, name);
	if (vc_known(&answer.fact))
		take_addresses(search, &answer);
	else if (answer.fact.state != VC_ABSENT)
		search->doubt = answer.fact;
	if (vc_known(&answer.fact) && strstr(answer.data, "/virtual/"))
		look_below(search, name, layers + 1);
}

/* Only what is made by software has something below it. */
static void
look_below(struct search *search, const char *name, unsigned layers)
{
	bool block = strcmp(search->class, "block") == 0;
	struct vc_names names =
		vc_hostfs_list(search->fs, "/sys/class/%s/%s%s", search->class, name, block ? "/slaves" : "");
	const char *prefix = block ? "" : "lower_";

	if (!vc_known(&names.fact) && names.fact.state != VC_ABSENT)
		search->doubt = names.fact;
	for (size_t i = 0; vc_known(&names.fact) && i < names.count; i++) {
		if (strncmp(names.name[i], prefix, strlen(prefix)) == 0)
			look_at(search, names.name[i] + strlen(prefix), layers);
	}
}

static void
add_use(struct vc_host *host, struct search *search, const char *kind, const char *purpose, const char *from)
{
	struct vc_use *use =
		vc_list_append(vc_hostfs_arena(search->fs), &host->use, sizeof(*use), host->use.fact.from);

	vc_set_text(&use->kind, kind, from);
	vc_set_text(&use->purpose, purpose, from);
	if (search->doubt.state == VC_KNOWN)
		vc_set_set(vc_hostfs_arena(search->fs), &use->through, search->address, search->addresses,
			   from);
	else
		vc_set_unknown_like(&use->through.fact, &search->doubt);
}

/* "/dev/nvme0n1p2", "/dev/mapper/vg-root": the name the kernel has for it, or NULL. */
static const char *
block_name(struct vc_hostfs *fs, struct vc_span source)
{
	const size_t prefix = strlen("/dev/");
	struct vc_answer answer;
	const char *path, *slash;

	if (!vc_span_starts(source, "/dev/"))
		return NULL;
	path = vc_span_dup(vc_hostfs_arena(fs), source);
	if (!strchr(path + prefix, '/'))
		return path + prefix;
	answer = vc_hostfs_read_link(fs, "%s", path);
	if (!vc_known(&answer.fact))
		return NULL;
	slash = strrchr(answer.data, '/');
	return slash ? slash + 1 : answer.data;
}

static void
add_disk(struct vc_hostfs *fs, struct vc_host *host, struct vc_span source, const char *purpose,
	 const char *from)
{
	struct search search = { .fs = fs, .class = "block", .doubt = { .state = VC_KNOWN } };
	const char *name = block_name(fs, source);

	if (!name)
		return;
	look_at(&search, name, 0);
	add_use(host, &search, "disk", purpose, from);
}

static void
probe_disks(struct vc_hostfs *fs, struct vc_host *host)
{
	static const struct {
		const char *file;
		bool mounts;
	} tables[] = { { "/proc/mounts", true }, { "/proc/swaps", false } };
	struct vc_arena *arena = vc_hostfs_arena(fs);

	for (size_t i = 0; i < VC_COUNT(tables); i++) {
		struct vc_answer answer = vc_hostfs_read(fs, "%s", tables[i].file);
		struct vc_span rest, line, source, directory;

		if (!vc_known(&answer.fact)) {
			/* A kernel without swap has no table of it. */
			if (answer.fact.state != VC_ABSENT || tables[i].mounts)
				vc_set_unknown_like(&host->use.fact, &answer.fact);
			continue;
		}
		rest = vc_span_of(&answer);
		while (vc_span_line(&rest, &line)) {
			if (!vc_span_word(&line, &source) || !vc_span_word(&line, &directory))
				continue;
			add_disk(fs, host, source,
				 tables[i].mounts ? vc_arena_printf(arena, "the file system on %s",
								    vc_span_dup(arena, directory))
						  : "swap",
				 answer.fact.from);
		}
	}
}

/* "IFACE DESTINATION ...", all zeros for the default [linux 6.12 net/ipv4/fib_trie.c fib_route_seq_show]. */
static void
probe_default_route(struct vc_hostfs *fs, struct vc_host *host)
{
	struct vc_answer answer = vc_hostfs_read(fs, "/proc/net/route");
	struct vc_span rest, line, name, destination;

	if (!vc_known(&answer.fact)) {
		if (answer.fact.state != VC_ABSENT)
			vc_set_unknown_like(&host->use.fact, &answer.fact);
		return;
	}
	rest = vc_span_of(&answer);
	while (vc_span_line(&rest, &line)) {
		struct search search = { .fs = fs, .class = "net", .doubt = { .state = VC_KNOWN } };

		if (!vc_span_word(&line, &name) || !vc_span_word(&line, &destination) ||
		    !vc_span_is(destination, "00000000"))
			continue;
		look_at(&search, vc_span_dup(vc_hostfs_arena(fs), name), 0);
		add_use(host, &search, "network", "the default route", answer.fact.from);
	}
}

void
vc_probe_use(struct vc_hostfs *fs, const struct vc_host_request *request _unused_, struct vc_host *host)
{
	host->use.fact = (struct vc_fact){ .state = VC_KNOWN, .from = "/proc/mounts" };
	probe_disks(fs, host);
	probe_default_route(fs, host);
}
