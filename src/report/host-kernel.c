/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of the kernel command line: each kind of host has a way of its own to change it, and some look at what is there. */
#include <string.h>

#include "report/host-step.h"

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

/* As a regular expression; of the plain characters '.' and '+' mean something there. A {name} stays, in a sketch. */
static void
add_pattern(struct vc_buf *out, const char *word, size_t length)
{
	bool in_name = false;

	for (size_t i = 0; i < length; i++) {
		bool special = !in_name && strchr(".+", word[i]);

		in_name = word[i] == '{' || (in_name && word[i] != '}');
		vc_buf_add(out, special ? "[" : "");
		vc_buf_add_n(out, word + i, 1);
		vc_buf_add(out, special ? "]" : "");
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

/* "-e :a -e 's| x | |; ta'": the word goes, however often it is there. */
static void
add_sed_removal(struct vc_buf *out, const char *word, size_t length)
{
	vc_buf_add(out, "s| ");
	add_pattern(out, word, length);
	vc_buf_add(out, " | |; ta");
}

static void
add_sed_line_removal(struct vc_buf *out, const char *word, size_t length)
{
	vc_buf_add(out, "s~(^| )");
	add_pattern(out, word, length);
	vc_buf_add(out, "( |$)~\\1\\2~; ta");
}

/* --- what the command line says already --- */

static size_t
key_length(const char *word, size_t length)
{
	const char *equals = memchr(word, '=', length);

	return equals ? (size_t)(equals - word) : length;
}

static bool
has_key(const char *word, size_t length, const char *key, size_t wanted)
{
	return key_length(word, length) == wanted && memcmp(word, key, wanted) == 0;
}

/*
 * Parameters that take a list of which every part counts, so that two of them are one as well [linux 6.12
 * drivers/iommu/amd/init.c parse_amd_iommu_options, drivers/iommu/intel/iommu.c intel_iommu_setup,
 * arch/x86/kernel/pci-dma.c iommu_setup, drivers/pci/pci.c pci_setup,
 * Documentation/admin-guide/kernel-parameters.txt initcall_blacklist].
 */
static const char *const list_parameters[] = { "amd_iommu", "initcall_blacklist", "intel_iommu", "iommu", "pci" };
/* The first of them counts, and later ones are ignored [linux 6.12 mm/hugetlb.c hugepagesz_setup]. */
static const char *const first_parameters[] = { "hugepagesz" };

static bool
is_one_of(const char *const *list, size_t count, const char *key, size_t length)
{
	for (size_t i = 0; i < count; i++) {
		if (strlen(list[i]) == length && memcmp(list[i], key, length) == 0)
			return true;
	}
	return false;
}

/* Length of @option without the "on" or "off" at its end; its own length if it ends otherwise. */
static size_t
switch_length(const char *option, size_t length)
{
	if (length >= 3 && memcmp(option + length - 3, "off", 3) == 0)
		return length - 3;
	return length >= 2 && memcmp(option + length - 2, "on", 2) == 0 ? length - 2 : length;
}

/* "sm_on" for "sm_off": the new one takes its place. */
static bool
is_switched(const char *option, size_t length, const char *value, size_t value_length)
{
	size_t stem = switch_length(option, length);

	return stem < length && switch_length(value, value_length) == stem && stem < value_length &&
	       memcmp(option, value, stem) == 0;
}

/* Adds the options of @word that @value, the new one, leaves in force. */
static void
add_options(struct vc_buf *out, const char *word, size_t length, const char *value, size_t value_length)
{
	const char *end = word + length;

	for (const char *option = word + key_length(word, length) + 1; option < end;) {
		const char *comma = memchr(option, ',', (size_t)(end - option));
		size_t size = (size_t)((comma ? comma : end) - option);

		if (size > 0 && !is_switched(option, size, value, value_length)) {
			vc_buf_add_n(out, option, size);
			vc_buf_add(out, ",");
		}
		option += size + 1;
	}
}

/* Where the kernel would not take what is added behind what is there. */
static bool
is_too_late(const struct vc_host_setting *setting)
{
	size_t length, here;

	if (setting->remove || !setting->cmdline)
		return false;
	for (const char *word = vc_word(setting->value, &length); word; word = vc_word(word + length, &length)) {
		if (!is_one_of(first_parameters, VC_COUNT(first_parameters), word, key_length(word, length)))
			continue;
		for (const char *at = vc_word(setting->cmdline, &here); at; at = vc_word(at + here, &here)) {
			if (here == length && memcmp(at, word, length) == 0)
				return true;
		}
	}
	return false;
}

/* How often a parameter of this name is there, with another value than @word. */
static size_t
count_others(const char *cmdline, const char *word, size_t length)
{
	size_t count = 0, here;

	for (const char *at = cmdline ? vc_word(cmdline, &here) : NULL; at; at = vc_word(at + here, &here))
		count += has_key(at, here, word, key_length(word, length)) &&
			 !(here == length && memcmp(at, word, length) == 0);
	return count;
}

static bool
has_others(const struct vc_host_setting *setting)
{
	size_t length;

	for (const char *word = vc_word(setting->value, &length); word; word = vc_word(word + length, &length)) {
		if (count_others(setting->cmdline, word, length) > 0)
			return true;
	}
	return false;
}

static bool
has_several_words(const char *words)
{
	size_t length;
	const char *word = vc_word(words, &length);

	return word && vc_word(word + length, &length);
}

/* --- the ways --- */

static const char kernel_install_debian[] =
	"for image in /boot/vmlinuz-*; do kernel-install add \"${image#/boot/vmlinuz-}\" \"$image\"; done";

/* Leaves @step without anything to do if a person has to do it. */
typedef void way_fn(const struct vc_host_setting *setting, struct vc_arena *arena, struct vc_host_step *step);

/*
 * Debian's grub-mkconfig reads /etc/default/grub, then the files of /etc/default/grub.d in order; all are shell.
 * GRUB_CMDLINE_LINUX_DEFAULT is the end of the command line, where the last word about an option counts, and the
 * entries for recovery do without it [grub2 2.06-13+deb12u2 and 2.12-9+deb13u2, grub-mkconfig, update-grub,
 * /etc/grub.d/10_linux]. 99 comes after what images for clouds set there.
 */
static void
make_grub_d(const struct vc_host_setting *setting, struct vc_arena *arena, struct vc_host_step *step)
{
	const char *plain = each_word(arena, setting->value, " ", add_word);
	const char *sed = each_word(arena, setting->value, "; ", add_sed_removal);

	step->file = vc_arena_printf(arena, "/etc/default/grub.d/99-" VC_HOST_PREFIX "%s%s.cfg",
				     setting->remove ? "no-" : "", vc_host_name_part(arena, plain));
	if (setting->remove)
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

/* Words for grubby: those that are new, those that are new again in @undo, and those that @undo takes away. */
struct grubby_words {
	struct vc_buf args, undo_args, undo_removal;
};

static void
add_grubby_word(struct vc_buf *out, const char *word, size_t length)
{
	vc_buf_add(out, out->length > 0 ? " " : "");
	vc_buf_add_n(out, word, length);
}

/* A value that is there already goes with the new one into one list; false if the parameter takes none. */
static bool
add_grubby_argument(struct grubby_words *words, const char *cmdline, const char *word, size_t length)
{
	_cleanup_buf_ struct vc_buf before = { 0 }, after = { 0 };
	size_t key = key_length(word, length), here;

	if (count_others(cmdline, word, length) == 0) {
		add_grubby_word(&words->args, word, length);
		add_grubby_word(&words->undo_removal, word, length);
		return true;
	}
	if (key == length || !is_one_of(list_parameters, VC_COUNT(list_parameters), word, key))
		return false;
	for (const char *at = vc_word(cmdline, &here); at; at = vc_word(at + here, &here)) {
		if (!has_key(at, here, word, key) || here <= key + 1)
			continue;
		vc_buf_add(&before, before.length > 0 ? "," : "");
		vc_buf_add_n(&before, at + key + 1, here - key - 1);
		add_options(&after, at, here, word + key + 1, length - key - 1);
	}
	add_grubby_word(&words->args, word, key + 1);
	vc_buf_add(&words->args, vc_buf_text(&after));
	vc_buf_add_n(&words->args, word + key + 1, length - key - 1);
	add_grubby_word(&words->undo_args, word, key + 1);
	vc_buf_add(&words->undo_args, vc_buf_text(&before));
	return true;
}

static void
grubby_words_release(struct grubby_words *words)
{
	vc_buf_release(&words->args);
	vc_buf_release(&words->undo_args);
	vc_buf_release(&words->undo_removal);
}

/*
 * "If an argument already exists the new value replaces the old values" [grubby 8.40 grubby.8]: what is there already is
 * written again. What is given twice stays once, and what is not there can be removed.
 */
static void
make_grubby(const struct vc_host_setting *setting, struct vc_arena *arena, struct vc_host_step *step)
{
	_cleanup_(grubby_words_release) struct grubby_words words = { 0 };
	const char *plain = each_word(arena, setting->value, " ", add_word);
	size_t length;

	step->current = "grubby --info=DEFAULT";
	if (setting->remove) {
		step->then = vc_arena_printf(arena, "grubby --update-kernel=ALL --remove-args='%s'", plain);
		if (!has_others(setting))
			step->undo = vc_arena_printf(arena, "grubby --update-kernel=ALL --args='%s'", plain);
		return;
	}
	for (const char *word = vc_word(plain, &length); word; word = vc_word(word + length, &length)) {
		if (!add_grubby_argument(&words, setting->cmdline, word, length)) {
			*step = (struct vc_host_step){ .reboot = true };
			return;
		}
	}
	/* The values that are there already come from outside. */
	if (words.undo_args.length > 0 && !vc_host_is_plain(vc_buf_text(&words.undo_args), false)) {
		*step = (struct vc_host_step){ .reboot = true };
		return;
	}
	step->words_now = vc_arena_strdup(arena, vc_buf_text(&words.args));
	step->then = vc_arena_printf(arena, "grubby --update-kernel=ALL --args='%s'", step->words_now);
	step->undo = vc_arena_printf(arena, "grubby --update-kernel=ALL%s%s%s%s%s%s",
				     words.undo_removal.length > 0 ? " --remove-args='" : "",
				     vc_buf_text(&words.undo_removal), words.undo_removal.length > 0 ? "'" : "",
				     words.undo_args.length > 0 ? " --args='" : "", vc_buf_text(&words.undo_args),
				     words.undo_args.length > 0 ? "'" : "");
}

/* Makes a new deployment, which the next boot takes [rpm-ostree man/rpm-ostree.xml kargs]. */
static void
make_rpm_ostree(const struct vc_host_setting *setting, struct vc_arena *arena, struct vc_host_step *step)
{
	const char *append = each_word(arena, setting->value, " ", add_rpm_ostree_append);
	const char *removal = each_word(arena, setting->value, " ", add_rpm_ostree_delete);

	/* Each word is looked for by itself: hugepages= may be there for pages of another size. */
	if (!setting->remove && has_several_words(setting->value) && has_others(setting))
		return;
	step->then = vc_arena_printf(arena, "rpm-ostree kargs %s", setting->remove ? removal : append);
	step->undo = vc_arena_printf(arena, "rpm-ostree kargs %s", setting->remove ? append : removal);
	step->current = "rpm-ostree kargs";
}

/* In the lines of /etc/kernel/cmdline that are no comments; there is one, which has no blanks around it. */
static void
make_cmdline(const struct vc_host_setting *setting, const char *refresh, struct vc_arena *arena,
	     struct vc_host_step *step)
{
	_cleanup_buf_ struct vc_buf pattern = { 0 }, unit = { 0 };
	const char *plain = each_word(arena, setting->value, " ", add_word);
	const char *append, *removal;

	add_pattern(&pattern, plain, strlen(plain));
	/* What was added together goes together: hugepages= may be there for pages of another size. */
	add_sed_line_removal(&unit, plain, strlen(plain));
	append = vc_arena_printf(arena, "sed -E -i '/^ *(#|$)/!{\\~(^| )%s( |$)~!s~$~ %s~}' /etc/kernel/cmdline && %s",
				 vc_buf_text(&pattern), plain, refresh);
	removal = vc_arena_printf(arena, "sed -E -i ':a; %s' /etc/kernel/cmdline && %s",
				  setting->remove ? each_word(arena, setting->value, "; ", add_sed_line_removal)
						  : vc_buf_text(&unit),
				  refresh);
	step->then = setting->remove ? removal : append;
	step->undo = setting->remove ? append : removal;
	step->current = "cat /etc/kernel/cmdline";
}

/* [proxmox-kernel-helper 8.1.0 src/proxmox-boot/zz-proxmox-boot update_esps], which the tool runs */
static void
make_proxmox(const struct vc_host_setting *setting, struct vc_arena *arena, struct vc_host_step *step)
{
	make_cmdline(setting, "proxmox-boot-tool refresh", arena, step);
}

/* As the hook of the package does it for a new kernel [systemd-boot 252.39-1~deb12u2 and 257.13-1~deb13u1
 * /etc/kernel/postinst.d/zz-systemd-boot; systemd of the same versions, 90-loaderentry.install] */
static void
make_systemd_debian(const struct vc_host_setting *setting, struct vc_arena *arena, struct vc_host_step *step)
{
	make_cmdline(setting, kernel_install_debian, arena, step);
}

/* [systemd 257.13 man kernel-install: add-all, from 255 on] */
static void
make_systemd(const struct vc_host_setting *setting, struct vc_arena *arena, struct vc_host_step *step)
{
	make_cmdline(setting, "kernel-install add-all", arena, step);
}

/* The first that fits is taken. */
const struct vc_boot_way vc_boot_ways[] = {
	{ .loader = "grub", .family = "debian", .title = "Debian and Ubuntu with GRUB" },
	{ .loader = "grubby", .title = "Fedora, RHEL and theirs" },
	{ .loader = "rpm-ostree", .title = "rpm-ostree (Silverblue, CoreOS)" },
	{ .loader = "systemd-boot", .family = "debian", .title = "Debian and Ubuntu with systemd-boot" },
	{ .loader = "systemd-boot", .title = "systemd-boot with kernel-install (systemd 255)" },
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
const char *
vc_host_kernel_words(const struct vc_host_setting *setting, struct vc_arena *arena)
{
	return vc_arena_printf(arena,
			       "%s %s %s the kernel command line (Debian, Ubuntu: GRUB_CMDLINE_LINUX_DEFAULT in "
			       "/etc/default/grub, then update-grub; Fedora, RHEL: grubby --update-kernel=ALL "
			       "--%sargs=...%s; systemd-boot: /etc/kernel/cmdline, then kernel-install add-all; "
			       "rpm-ostree kargs --%s=...; others with GRUB: /etc/default/grub, then grub-mkconfig)",
			       setting->remove ? "remove" : "add", setting->value,
			       setting->remove ? "from" : "to", setting->remove ? "remove-" : "",
			       setting->remove ? "" : ", which takes the place of a value that is there",
			       setting->remove ? "delete" : "append");
}

void
vc_host_make_kernel(const struct vc_host_setting *setting, const struct vc_boot_way *way, bool sketch,
	    struct vc_arena *arena, struct vc_host_step *step)
{
	step->reboot = true;
	if (is_too_late(setting)) {
		step->words = vc_arena_printf(arena,
					      "change the kernel command line to %s: it has %.*s already, and the "
					      "kernel ignores a second one",
					      setting->value, (int)strcspn(setting->value, " "), setting->value);
		return;
	}
	/* What is there already matters to some. */
	if (way && (sketch || setting->remove || setting->cmdline))
		way_makers[way - vc_boot_ways](setting, arena, step);
	if (!step->then)
		step->words = vc_host_kernel_words(setting, arena);
}
