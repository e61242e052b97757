/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host's own display: which cards have a driver for it, and whether anything is shown. */
#include <string.h>
#include <strings.h>

#include "base/macro.h"
#include "base/tri.h"
#include "host/probe-pci.h"
#include "host/probe.h"

#define CARDS "/sys/class/drm"
#define SOCKETS "/tmp/.X11-unix"
#define SESSIONS "/run/user"
/* More people than sit in front of one machine. */
#define SESSIONS_MAX 64

static bool
is_card(const char *name)
{
	return strncmp(name, "card", 4) == 0 && name[4] != '\0' &&
	       name[4 + strspn(name + 4, "0123456789")] == '\0';
}

/* ".../0000:00:02.0/drm/card0": what stands before "drm". NULL for the firmware's framebuffer, and what is no
 * PCI. */
static const char *
address_in(struct vc_arena *arena, const char *target)
{
	const char *end = strstr(target, "/drm/"), *start = end;
	const char *address;

	while (start && start > target && start[-1] != '/')
		start--;
	address = start ? vc_arena_strndup(arena, start, (size_t)(end - start)) : "";
	return vc_pci_address_valid(address) ? address : NULL;
}

static void
probe_cards(struct vc_hostfs *fs, struct vc_host *host)
{
	struct vc_arena *arena = vc_hostfs_arena(fs);
	struct vc_names names = vc_hostfs_list(fs, CARDS);
	struct vc_fact_set *fact = &host->display_cards;
	const char **address;
	size_t count = 0;

	if (!vc_known(&names.fact)) {
		vc_set_unknown_like(&fact->fact, &names.fact);
		return;
	}
	address = vc_arena_make_array(arena, names.count + 1, const char *);
	for (size_t i = 0; i < names.count; i++) {
		struct vc_answer link;

		if (!is_card(names.name[i]))
			continue;
		link = vc_hostfs_read_link(fs, CARDS "/%s", names.name[i]);
		if (!vc_known(&link.fact)) {
			vc_set_unknown_like(&fact->fact, &link.fact);
			return;
		}
		address[count] = address_in(arena, link.data);
		count += address[count] != NULL;
	}
	if (count == 0)
		vc_set_absent(&fact->fact, names.fact.from);
	else
		vc_set_set(arena, fact, address, count, names.fact.from);
}

/* Whether any of the paths exists. */
static void
probe_paths(struct vc_hostfs *fs, const char *const *path, size_t count, struct vc_fact_flag *fact)
{
	vc_set_flag(fact, false, path[0]);
	for (size_t i = 0; i < count; i++) {
		struct vc_node node = vc_hostfs_stat(fs, "%s", path[i]);

		if (vc_known(&node.fact)) {
			vc_set_flag(fact, true, path[i]);
			return;
		}
		if (node.fact.state != VC_ABSENT && vc_known(&fact->fact))
			vc_set_unknown_like(&fact->fact, &node.fact);
	}
}

/* What is absent leaves no doubt. */
static enum vc_tri
doubt(const struct vc_fact *fact, struct vc_fact *why)
{
	if (vc_known(fact) || fact->state == VC_ABSENT)
		return VC_NO;
	*why = *fact;
	return VC_UNKNOWN;
}

/* Whether a name of the directory begins with @prefix. */
static enum vc_tri
has_name(const struct vc_names *names, const char *prefix, struct vc_fact *why)
{
	for (size_t i = 0; vc_known(&names->fact) && i < names->count; i++) {
		if (strncmp(names->name[i], prefix, strlen(prefix)) == 0)
			return VC_YES;
	}
	return doubt(&names->fact, why);
}

/* Sockets of X servers, those inside Wayland sessions included, and of Wayland compositors. */
static void
probe_running(struct vc_hostfs *fs, struct vc_host *host)
{
	struct vc_names sockets = vc_hostfs_list(fs, SOCKETS), sessions = { .count = 0 };
	struct vc_fact why = { 0 };
	enum vc_tri running = has_name(&sockets, "X", &why);

	if (running != VC_YES) {
		sessions = vc_hostfs_list(fs, SESSIONS);
		running = vc_tri_or(running, doubt(&sessions.fact, &why));
	}
	for (size_t i = 0;
	     running != VC_YES && vc_known(&sessions.fact) && i < sessions.count && i < SESSIONS_MAX; i++) {
		struct vc_names session = vc_hostfs_list(fs, SESSIONS "/%s", sessions.name[i]);

		running = vc_tri_or(running, has_name(&session, "wayland-", &why));
	}
	if (running == VC_UNKNOWN)
		vc_set_unknown_like(&host->display_running.fact, &why);
	else
		vc_set_flag(&host->display_running, running == VC_YES, SOCKETS);
}

/* X compares names of options without case, blanks and underscores [xorg-server 21.1 man xorg.conf]. */
static bool
names_card(struct vc_span line)
{
	char folded[256];
	size_t length = 0;

	line = vc_span_trim(line);
	if (line.length == 0 || line.text[0] == '#')
		return false;
	for (size_t i = 0; i < line.length && length + 1 < sizeof(folded); i++) {
		if (line.text[i] != '_' && line.text[i] != ' ' && line.text[i] != '\t' &&
		    line.text[i] != '\0')
			folded[length++] = line.text[i];
	}
	folded[length] = '\0';
	return strncasecmp(folded, "busid", strlen("busid")) == 0 ||
	       strcasestr(folded, "option\"primarygpu\"") || strcasestr(folded, "option\"kmsdev\"");
}

static enum vc_tri
file_names_card(struct vc_hostfs *fs, const char *path, struct vc_fact *why)
{
	struct vc_answer answer = vc_hostfs_read(fs, "%s", path);
	struct vc_span rest, line;

	rest = vc_known(&answer.fact) ? vc_span_of(&answer) : vc_span_from("");
	while (vc_span_line(&rest, &line)) {
		if (names_card(line))
			return VC_YES;
	}
	return doubt(&answer.fact, why);
}

/* [xorg-server 21.1 man xorg.conf, CONFIGURATION DIRECTORIES] */
static void
probe_chosen(struct vc_hostfs *fs, struct vc_host *host)
{
	static const char *const directory[] = { "/etc/X11/xorg.conf.d", "/usr/share/X11/xorg.conf.d" };
	struct vc_arena *arena = vc_hostfs_arena(fs);
	struct vc_fact why = { 0 };
	enum vc_tri chosen = file_names_card(fs, "/etc/X11/xorg.conf", &why);

	for (size_t i = 0; chosen != VC_YES && i < VC_COUNT(directory); i++) {
		struct vc_names names = vc_hostfs_list(fs, "%s", directory[i]);

		chosen = vc_tri_or(chosen, doubt(&names.fact, &why));
		for (size_t j = 0; chosen != VC_YES && vc_known(&names.fact) && j < names.count; j++) {
			size_t length = strlen(names.name[j]);

			if (length > 5 && strcmp(names.name[j] + length - 5, ".conf") == 0)
				chosen = vc_tri_or(
					chosen, file_names_card(fs,
								vc_arena_printf(arena, "%s/%s", directory[i],
										names.name[j]),
								&why));
		}
	}
	if (chosen == VC_UNKNOWN)
		vc_set_unknown_like(&host->display_card_chosen.fact, &why);
	else
		vc_set_flag(&host->display_card_chosen, chosen == VC_YES, "/etc/X11");
}

void
vc_probe_display(struct vc_hostfs *fs, const struct vc_host_request *request _unused_, struct vc_host *host)
{
	/* Debian, Fedora, Arch. */
	static const char *const server[] = { "/usr/lib/xorg/Xorg", "/usr/libexec/Xorg", "/usr/lib/Xorg" };
	/* The link that enables one [systemd 252 man systemd.special, display-manager.service]. */
	static const char *const manager[] = { "/etc/systemd/system/display-manager.service" };

	probe_cards(fs, host);
	probe_paths(fs, server, VC_COUNT(server), &host->display_x_server);
	probe_paths(fs, manager, VC_COUNT(manager), &host->display_manager);
	probe_running(fs, host);
	probe_chosen(fs, host);
}
