/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/host-fix.h"

#include <string.h>

#include "base/buf.h"

/* Files of ours are told apart by their name, one for each setting, so that writing one again changes nothing. */
#define PREFIX "vhostcheck-"

void
vc_shell_quote(struct vc_buf *out, const char *text)
{
	vc_buf_add(out, "'");
	for (; *text; text++) {
		if (*text == '\'')
			vc_buf_add(out, "'\\''");
		else
			vc_buf_add_n(out, text, 1);
	}
	vc_buf_add(out, "'");
}

/* Nothing in it means anything to a shell, to sed, to GRUB's configuration or to YAML. */
static bool
is_plain(const char *text, bool sketch)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:=@%+,-";

	if (!text || *text == '\0')
		return false;
	for (; *text; text++) {
		if (!strchr(plain, *text) && *text != ' ' && !(sketch && strchr("{}", *text)))
			return false;
	}
	return true;
}

/* As part of a file name. */
static const char *
name_part(struct vc_arena *arena, const char *text)
{
	char *name = vc_arena_strdup(arena, text);

	for (char *at = name; *at; at++) {
		if (strchr("/:=@%+, {}", *at))
			*at = '-';
	}
	return name;
}

/* /sys/module has '_' where the name of a module may have '-' [linux 6.12 scripts/Makefile.lib name-fix]. */
static const char *
sys_module(struct vc_arena *arena, const char *module)
{
	char *name = vc_arena_strdup(arena, module);

	for (char *at = name; *at; at++)
		*at = *at == '-' ? '_' : *at;
	return name;
}

/* --- the kernel command line --- */

/* Calls @add for every word, separated by @separator. */
typedef void word_fn(struct vc_buf *out, const char *word, size_t length);

static const char *
each_word(struct vc_arena *arena, const char *words, const char *separator, word_fn *add)
{
	_cleanup_buf_ struct vc_buf out = { 0 };

	size_t length;

	for (const char *word = vc_word(words, &length); word; word = vc_word(word + length, &length)) {
		if (out.length > 0)
			vc_buf_add(&out, separator);
		add(&out, word, length);
	}
	return vc_arena_strndup(arena, vc_buf_text(&out), out.length);
}

static void
add_word(struct vc_buf *out, const char *word, size_t length)
{
	vc_buf_add_n(out, word, length);
}

/* As a regular expression; of the plain characters '.' and '+' mean something there. */
static void
add_pattern(struct vc_buf *out, const char *word, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (strchr(".+{}", word[i]))
			vc_buf_add(out, "[");
		vc_buf_add_n(out, word + i, 1);
		if (strchr(".+{}", word[i]))
			vc_buf_add(out, "]");
	}
}

static void
add_rpm_ostree_append(struct vc_buf *out, const char *word, size_t length)
{
	vc_buf_add(out, "--append-if-missing=");
	vc_buf_add_n(out, word, length);
}

static void
add_rpm_ostree_delete(struct vc_buf *out, const char *word, size_t length)
{
	vc_buf_add(out, "--delete-if-present=");
	vc_buf_add_n(out, word, length);
}

/* "-e :a -e 's| x | |' -e ta": the word goes, however often it is there. */
static void
add_sed_removal(struct vc_buf *out, const char *word, size_t length)
{
	vc_buf_add(out, "s| ");
	add_pattern(out, word, length);
	vc_buf_add(out, " | |; ta");
}

/* In the one line of /etc/kernel/cmdline, which has no blanks around it. */
static void
add_sed_line_append(struct vc_buf *out, const char *word, size_t length)
{
	vc_buf_add(out, "1{\\#(^| )");
	add_pattern(out, word, length);
	vc_buf_add(out, "( |$)#!s#$# ");
	vc_buf_add_n(out, word, length);
	vc_buf_add(out, "#}");
}

static void
add_sed_line_removal(struct vc_buf *out, const char *word, size_t length)
{
	vc_buf_add(out, "s#(^| )");
	add_pattern(out, word, length);
	vc_buf_add(out, "( |$)#\\1\\2#; ta");
}

typedef void way_fn(const char *words, bool remove, struct vc_arena *arena, struct vc_host_step *step);

/*
 * Debian's grub-mkconfig reads /etc/default/grub, then the files of /etc/default/grub.d in order; all are shell
 * [grub2 2.12 util/grub-mkconfig.in as Debian patches it]. Images of clouds set GRUB_CMDLINE_LINUX_DEFAULT anew
 * in 50-*.cfg: 99 comes after them. That variable is the end of the command line, where the last word about an
 * option counts, and the entries for recovery do without it [grub2 2.12 util/grub.d/10_linux.in].
 */
static void
make_grub_d(const char *words, bool remove, struct vc_arena *arena, struct vc_host_step *step)
{
	const char *plain = each_word(arena, words, " ", add_word);
	const char *sed = each_word(arena, words, "; ", add_sed_removal);

	step->file = vc_arena_printf(arena, "/etc/default/grub.d/99-" PREFIX "%s%s.cfg", remove ? "no-" : "",
				     name_part(arena, plain));
	if (remove)
		step->content = vc_arena_printf(
			arena,
			"GRUB_CMDLINE_LINUX=$(echo \" $GRUB_CMDLINE_LINUX \" | sed -e :a -e \"%s\")\n"
			"GRUB_CMDLINE_LINUX_DEFAULT=$(echo \" $GRUB_CMDLINE_LINUX_DEFAULT \" | sed -e :a -e \"%s\")",
			sed, sed);
	else
		step->content =
			vc_arena_printf(arena, "GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT %s\"",
					plain);
	step->then = "update-grub";
	step->undo = vc_arena_printf(arena, "rm -f %s && update-grub", step->file);
}

/* Both may be given again: what is there stays once, what is not there is no error [grubby 8.40 grubby.8]. */
static void
make_grubby(const char *words, bool remove, struct vc_arena *arena, struct vc_host_step *step)
{
	const char *plain = each_word(arena, words, " ", add_word);

	step->then = vc_arena_printf(arena, "grubby --update-kernel=ALL --%sargs='%s'", remove ? "remove-" : "",
				     plain);
	step->undo = vc_arena_printf(arena, "grubby --update-kernel=ALL --%sargs='%s'", remove ? "" : "remove-",
				     plain);
	step->current = "grubby --info=DEFAULT";
}

/* [rpm-ostree 2024.5 man rpm-ostree kargs]: makes a new deployment, which the next boot takes */
static void
make_rpm_ostree(const char *words, bool remove, struct vc_arena *arena, struct vc_host_step *step)
{
	const char *append = each_word(arena, words, " ", add_rpm_ostree_append);
	const char *removal = each_word(arena, words, " ", add_rpm_ostree_delete);

	step->then = vc_arena_printf(arena, "rpm-ostree kargs %s", remove ? removal : append);
	step->undo = vc_arena_printf(arena, "rpm-ostree kargs %s", remove ? append : removal);
	step->current = "rpm-ostree kargs";
}

static void
make_cmdline(const char *words, bool remove, const char *refresh, struct vc_arena *arena,
	     struct vc_host_step *step)
{
	const char *append = vc_arena_printf(arena, "sed -E -i '%s' /etc/kernel/cmdline && %s",
					     each_word(arena, words, "; ", add_sed_line_append), refresh);
	const char *removal = vc_arena_printf(arena, "sed -E -i ':a; %s' /etc/kernel/cmdline && %s",
					      each_word(arena, words, "; ", add_sed_line_removal), refresh);

	step->then = remove ? removal : append;
	step->undo = remove ? append : removal;
	step->current = "cat /etc/kernel/cmdline";
}

/* [proxmox-kernel-helper 8 proxmox-boot-tool refresh, man pve Host System Administration, Kernel Command Line] */
static void
make_proxmox(const char *words, bool remove, struct vc_arena *arena, struct vc_host_step *step)
{
	make_cmdline(words, remove, "proxmox-boot-tool refresh", arena, step);
}

/* The package's script calls the hooks of /etc/kernel/postinst.d, and systemd-boot's calls kernel-install. */
static void
make_systemd_debian(const char *words, bool remove, struct vc_arena *arena, struct vc_host_step *step)
{
	make_cmdline(words, remove, "dpkg-reconfigure \"linux-image-$(uname -r)\"", arena, step);
}

/* [systemd 255 man kernel-install add-all] */
static void
make_systemd(const char *words, bool remove, struct vc_arena *arena, struct vc_host_step *step)
{
	make_cmdline(words, remove, "kernel-install add-all", arena, step);
}

/* The first that fits is taken. */
const struct vc_boot_way vc_boot_ways[] = {
	{ .loader = "grub", .family = "debian", .title = "Debian and Ubuntu with GRUB" },
	{ .loader = "grubby", .title = "Fedora, RHEL and theirs" },
	{ .loader = "rpm-ostree", .title = "rpm-ostree (Silverblue, CoreOS)" },
	{ .loader = "systemd-boot", .family = "debian", .title = "Debian and Ubuntu with systemd-boot" },
	{ .loader = "systemd-boot", .title = "systemd-boot with kernel-install" },
	{ .loader = "proxmox", .title = "Proxmox with systemd-boot" },
};
const size_t vc_boot_ways_count = VC_COUNT(vc_boot_ways);

static way_fn *const way_makers[VC_COUNT(vc_boot_ways)] = {
	make_grub_d, make_grubby, make_rpm_ostree, make_systemd_debian, make_systemd, make_proxmox,
};

const struct vc_boot_way *
vc_boot_way_find(const struct vc_host *host)
{
	if (!vc_known(&host->boot_loader.fact) || !vc_known(&host->distribution_like.fact))
		return NULL;
	for (size_t i = 0; i < vc_boot_ways_count; i++) {
		const struct vc_boot_way *way = &vc_boot_ways[i];

		if (strcmp(way->loader, host->boot_loader.value) == 0 &&
		    (!way->family || vc_set_has(&host->distribution_like, way->family)))
			return way;
	}
	return NULL;
}

/* Where nobody knows what boots the host, or it is done by hand there: all forms, briefly. */
static const char *
kernel_words(const struct vc_host_setting *setting, struct vc_arena *arena)
{
	return vc_arena_printf(arena,
			       "%s %s %s the kernel command line (Debian, Ubuntu: GRUB_CMDLINE_LINUX in "
			       "/etc/default/grub, then update-grub; Fedora, RHEL: grubby --update-kernel=ALL --%sargs=...; "
			       "systemd-boot: /etc/kernel/cmdline, then kernel-install add-all; rpm-ostree kargs "
			       "--%s=...; others: GRUB_CMDLINE_LINUX, then grub-mkconfig)",
			       setting->remove ? "remove" : "add", setting->value,
			       setting->remove ? "from" : "to", setting->remove ? "remove-" : "",
			       setting->remove ? "delete" : "append");
}

static void
make_kernel(const struct vc_host_setting *setting, const struct vc_boot_way *way, struct vc_arena *arena,
	    struct vc_host_step *step)
{
	step->reboot = true;
	if (way)
		way_makers[way - vc_boot_ways](setting->value, setting->remove, arena, step);
	else
		step->words = kernel_words(setting, arena);
}

/* --- the others --- */

static void
make_sysctl(const struct vc_host_setting *setting, struct vc_arena *arena, struct vc_host_step *step)
{
	/* [procps 4.0 sysctl(8), sysctl.d(5)]: the last file in order wins, and /etc/sysctl.conf may be 99 */
	step->now = vc_arena_printf(arena, "sysctl -w %s=%s", setting->name, setting->value);
	step->shows = vc_arena_printf(arena, "sysctl -n %s", setting->name);
	step->file = vc_arena_printf(arena, "/etc/sysctl.d/99-" PREFIX "%s.conf", name_part(arena, setting->name));
	step->content = vc_arena_printf(arena, "%s = %s", setting->name, setting->value);
	step->undo = setting->was ? vc_arena_printf(arena, "rm -f %s && sysctl -w %s=%s", step->file,
						    setting->name, setting->was)
				  : vc_arena_printf(arena, "rm -f %s", step->file);
}

static void
make_module(const struct vc_host_setting *setting, struct vc_arena *arena, struct vc_host_step *step)
{
	const char *path = vc_arena_printf(arena, "/sys/module/%s/parameters/%s",
					   sys_module(arena, setting->name), setting->parameter);

	/* [kmod 30 modprobe.d(5)]: read when the module is loaded */
	step->file = vc_arena_printf(arena, "/etc/modprobe.d/" PREFIX "%s-%s.conf", setting->name,
				     setting->parameter);
	step->content = vc_arena_printf(arena, "options %s %s=%s", setting->name, setting->parameter,
					setting->value);
	step->reboot = !setting->live;
	if (setting->live) {
		step->now = vc_arena_printf(arena, "echo %s > %s", setting->value, path);
		step->shows = vc_arena_printf(arena, "cat %s", path);
		step->needs = path;
	}
	step->undo = setting->live && setting->was
			     ? vc_arena_printf(arena, "rm -f %s && echo %s > %s", step->file, setting->was, path)
			     : vc_arena_printf(arena, "rm -f %s", step->file);
}

static void
make_load(const struct vc_host_setting *setting, struct vc_arena *arena, struct vc_host_step *step)
{
	step->now = vc_arena_printf(arena, "modprobe %s", setting->name);
	step->unless = vc_arena_printf(arena, "/sys/module/%s", sys_module(arena, setting->name));
	/* [systemd 257 man modules-load.d] */
	step->file = vc_arena_printf(arena, "/etc/modules-load.d/" PREFIX "%s.conf", setting->name);
	step->content = setting->name;
	step->undo = vc_arena_printf(arena, "rm -f %s && modprobe -r %s", step->file, setting->name);
}

const char *
vc_host_setting_words(const struct vc_host_setting *setting, struct vc_arena *arena)
{
	const char *value = setting->value ? setting->value : "";

	switch (setting->verb) {
	case VC_VERB_SYSCTL:
		return vc_arena_printf(arena, "sysctl %s = %s", setting->name, value);
	case VC_VERB_MODULE:
		return vc_arena_printf(arena, "module %s %s=%s", setting->name, setting->parameter, value);
	case VC_VERB_LOAD:
		return vc_arena_printf(arena, "load module %s", setting->name);
	default:
		return vc_arena_printf(arena, "kernel command line %s %s", setting->remove ? "without" : "with",
				       value);
	}
}

void
vc_host_step_make(const struct vc_host_setting *setting, const struct vc_boot_way *way, bool sketch,
		  struct vc_arena *arena, struct vc_host_step *ret_step)
{
	struct vc_host_setting plain = *setting;
	struct vc_host_step step = { 0 };

	if (plain.was && !is_plain(plain.was, sketch))
		plain.was = NULL;
	if (plain.verb == VC_VERB_LOAD)
		make_load(&plain, arena, &step);
	else if (!is_plain(plain.value, sketch))
		step = (struct vc_host_step){
			.words = plain.verb == VC_VERB_KERNEL ? kernel_words(&plain, arena)
							      : vc_host_setting_words(&plain, arena),
			.reboot = plain.verb == VC_VERB_KERNEL,
		};
	else if (plain.verb == VC_VERB_SYSCTL)
		make_sysctl(&plain, arena, &step);
	else if (plain.verb == VC_VERB_MODULE)
		make_module(&plain, arena, &step);
	else
		make_kernel(&plain, way, arena, &step);
	*ret_step = step;
}

const char *
vc_host_step_persist(const struct vc_host_step *step, struct vc_arena *arena)
{
	_cleanup_buf_ struct vc_buf out = { 0 };

	if (step->file) {
		/* Not there on every Debian; the others are made by the packages that read them. */
		if (strncmp(step->file, "/etc/default/", strlen("/etc/default/")) == 0)
			vc_buf_add(&out, "mkdir -p /etc/default/grub.d && ");
		vc_buf_add(&out, strchr(step->content, '\n') ? "printf '%s\\n' " : "echo ");
		vc_shell_quote(&out, step->content);
		vc_buf_addf(&out, " > %s", step->file);
	}
	if (step->file && step->then)
		vc_buf_add(&out, " && ");
	if (step->then)
		vc_buf_add(&out, step->then);
	return out.length > 0 ? vc_arena_strndup(arena, vc_buf_text(&out), out.length) : NULL;
}
