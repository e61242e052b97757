/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/host-fix.h"

#include <string.h>

#include "report/host-step.h"

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

/* Nothing in it means anything to a shell, to sed between '~' or '|', to GRUB's configuration or to YAML. */
bool
vc_host_is_plain(const char *text, bool sketch)
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
const char *
vc_host_name_part(struct vc_arena *arena, const char *text)
{
	char *name = vc_arena_strdup(arena, text);

	for (char *at = name; *at; at++) {
		if (strchr("/:=@%+, ", *at))
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

static void
make_sysctl(const struct vc_host_setting *setting, struct vc_arena *arena, struct vc_host_step *step)
{
	/* The last file in order wins [systemd 257.13 man sysctl.d], and 99-sysctl.conf may be among them. */
	step->now = vc_arena_printf(arena, "sysctl -w %s=%s", setting->name, setting->value);
	step->shows = vc_arena_printf(arena, "sysctl -n %s", setting->name);
	step->file = vc_arena_printf(arena, "/etc/sysctl.d/99-" VC_HOST_PREFIX "%s.conf", vc_host_name_part(arena, setting->name));
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

	/* Read when the module is loaded [kmod modprobe.d(5)], which an initramfs may do with a copy of its own. */
	step->file = vc_arena_printf(arena, "/etc/modprobe.d/" VC_HOST_PREFIX "%s-%s.conf", setting->name,
				     setting->parameter);
	step->content = vc_arena_printf(arena, "options %s %s=%s", setting->name, setting->parameter,
					setting->value);
	step->note = "if the initramfs loads the module, make that anew as well: update-initramfs -u, or dracut -f";
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
	/* [systemd 257.13 man modules-load.d] */
	step->file = vc_arena_printf(arena, "/etc/modules-load.d/" VC_HOST_PREFIX "%s.conf", setting->name);
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

	if (plain.was && !vc_host_is_plain(plain.was, sketch))
		plain.was = NULL;
	if (plain.verb == VC_VERB_LOAD)
		make_load(&plain, arena, &step);
	else if (!vc_host_is_plain(plain.value, sketch))
		step = (struct vc_host_step){
			.words = plain.verb == VC_VERB_KERNEL ? vc_host_kernel_words(&plain, arena)
							      : vc_host_setting_words(&plain, arena),
			.reboot = plain.verb == VC_VERB_KERNEL,
		};
	else if (plain.verb == VC_VERB_SYSCTL)
		make_sysctl(&plain, arena, &step);
	else if (plain.verb == VC_VERB_MODULE)
		make_module(&plain, arena, &step);
	else
		vc_host_make_kernel(&plain, way, sketch, arena, &step);
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
