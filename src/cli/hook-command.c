/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command hook, called by a person: it puts the link where libvirt looks, takes it away, or tells what
 * there is. libvirt itself is not touched; where it has to be told, the command for that is said.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/number.h"
#include "cli/cli.h"
#include "cli/config.h"
#include "cli/hook-place.h"
#include "cli/site.h"

struct teller {
	const struct vc_options *options;
	struct vc_arena *arena;
	struct vc_hook_place place;
	struct vc_buf *out;
};

static bool
is_this_machine(const struct teller *t)
{
	return *t->place.root == '\0';
}

static void _printf_(3, 4) say(struct teller *t, const char *label, const char *format, ...)
{
	va_list args;

	vc_buf_addf(t->out, "%-10s  ", label);
	va_start(args, format);
	vc_buf_add_safe(t->out, vc_arena_vprintf(t->arena, format, args), 0);
	va_end(args);
	vc_buf_add(t->out, "\n");
}

/* --- what libvirt has to be told --- */

/* The first line of a small file; "" if it cannot be read. */
static const char *
first_line(const char *path, struct vc_arena *arena)
{
	char line[256] = "";
	FILE *file = fopen(path, "re");

	if (file && !fgets(line, sizeof(line), file))
		line[0] = '\0';
	if (file)
		fclose(file);
	line[strcspn(line, "\n")] = '\0';
	return vc_arena_strdup(arena, line);
}

/* A daemon that runs, and since when; the process is looked at, as a file may be left of one that is gone. */
static bool
is_running(const char *name, struct vc_arena *arena, uint64_t *ret_process, time_t *ret_since)
{
	const char *file = vc_arena_printf(arena, "/run/%s.pid", name);
	const char *text = first_line(file, arena);
	struct stat st;

	if (vc_parse_u64(text, VC_BASE_DEC, ret_process) < 0 || stat(file, &st) < 0 ||
	    strcmp(first_line(vc_arena_printf(arena, "/proc/%s/comm", text), arena), name) != 0)
		return false;
	*ret_since = st.st_mtime;
	return true;
}

/*
 * A daemon that found no hook when it started looks no more until it is told [libvirt 11.3 src/util/virhook.c
 * virHooksFound]; one that found any sees all that come later.
 */
static bool
saw_a_hook(const struct vc_hook_place *place, time_t since)
{
	for (size_t i = 0; i < place->scripts; i++) {
		if (place->script[i].since <= since)
			return true;
	}
	return place->kind == VC_LINK_OURS && place->since < since;
}

static void
say_daemons(struct teller *t)
{
	static const char *const names[] = { "libvirtd", "virtqemud" };
	bool systemd = access("/run/systemd/system", F_OK) == 0;

	for (size_t i = 0; i < VC_COUNT(names); i++) {
		uint64_t process;
		time_t since;

		if (!is_running(names[i], t->arena, &process, &since) || saw_a_hook(&t->place, since))
			continue;
		say(t, "note", "%s runs since before there was any hook; tell it once, if that is not done: %s%s",
		    names[i], systemd ? "systemctl reload " : "kill -HUP ",
		    systemd ? names[i] : vc_arena_printf(t->arena, "%llu", (unsigned long long)process));
	}
}

static void
say_scripts(struct teller *t)
{
	for (size_t i = 0; i < t->place.scripts; i++) {
		const struct vc_hook_script *script = &t->place.script[i];

		if (script->after)
			say(t, "note",
			    "%s runs later: what it prepares is not there yet, and if it fails too, only its "
			    "message is shown",
			    script->path);
		else
			say(t, "note", "%s runs before", script->path);
	}
}

/* libvirt's profile lets it run what is directly in these [libvirt 11.3
 * src/security/apparmor/usr.sbin.libvirtd.in]. */
static bool
is_in_profile(const char *program)
{
	static const char *const directories[] = { "/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/" };

	for (size_t i = 0; i < VC_COUNT(directories); i++) {
		size_t length = strlen(directories[i]);

		if (strncmp(program, directories[i], length) == 0 && !strchr(program + length, '/'))
			return true;
	}
	return false;
}

static void
say_confinement(struct teller *t, const char *program)
{
	if (first_line("/sys/module/apparmor/parameters/enabled", t->arena)[0] == 'Y' &&
	    !is_in_profile(program))
		say(t, "note", "AppArmor: libvirt's profile does not let it run %s; install it in /usr/bin",
		    program);
	if (access("/sys/fs/selinux/enforce", F_OK) == 0)
		say(t, "note",
		    "SELinux: restorecon -RFv " VC_HOOKS_DIR
		    " %s; if guests are then refused with status 126, "
		    "'ausearch -m avc' tells why",
		    program);
}

/* --- installing --- */

static enum vc_exit
refuse(const char *path, const char *why)
{
	vc_print_problem("%s: %s", path, why);
	return VC_EXIT_INPUT;
}

static int
make_directories(const char *root, const char *path, struct vc_arena *arena)
{
	char *each = vc_arena_strdup(arena, path);

	/* The root itself has to be there. */
	for (char *slash = each + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		if (mkdir(each, 0755) < 0 && errno != EEXIST)
			return -errno;
		*slash = '/';
	}
	return 0;
}

/* libvirt runs whatever it finds in qemu.d, so the new link is made beside that and moved. */
static int
put_link(const struct teller *t, const char *program)
{
	const char *temporary =
		vc_arena_printf(t->arena, "%s" VC_HOOKS_DIR "/.50-vhostcheck.new", t->place.root);
	mode_t before = umask(022);
	int r = make_directories(t->place.root, t->place.link, t->arena);

	umask(before);
	if (r < 0)
		return r;
	if (unlink(temporary) < 0 && errno != ENOENT)
		return -errno;
	if (symlink(program, temporary) < 0)
		return -errno;
	if (rename(temporary, t->place.link) < 0) {
		r = -errno;
		unlink(temporary);
	}
	return r;
}

static enum vc_exit
install(struct teller *t)
{
	const char *program = vc_hook_program(t->place.root, t->arena);
	const char *risk =
		geteuid() == 0 && is_this_machine(t) ? vc_hook_program_risk(program, t->arena) : NULL;
	bool same = t->place.kind == VC_LINK_OURS && strcmp(t->place.target, program) == 0;
	int r;

	if (t->place.kind == VC_LINK_FOREIGN)
		return refuse(t->place.link, "is something else, and stays; remove it first");
	if (risk)
		return refuse(program,
			      vc_arena_printf(t->arena, "libvirt would run it as root, but %s", risk));
	if (!same) {
		r = put_link(t, program);
		if (r < 0)
			return refuse(t->place.link,
				      vc_arena_printf(t->arena, "cannot be made: %s", strerror(-r)));
		t->place = vc_hook_place_look(t->options->root, t->arena);
	}
	say(t, same ? "unchanged" : "installed", "%s -> %s", t->place.link, program);
	if (is_this_machine(t)) {
		say_daemons(t);
		say_confinement(t, program);
	}
	say_scripts(t);
	return VC_EXIT_OK;
}

static enum vc_exit
uninstall(struct teller *t)
{
	if (t->place.kind == VC_LINK_FOREIGN)
		return refuse(t->place.link, "is something else, and stays");
	if (t->place.kind == VC_LINK_NONE) {
		say(t, "unchanged", "%s is not there", t->place.link);
		return VC_EXIT_OK;
	}
	if (unlink(t->place.link) < 0)
		return refuse(t->place.link,
			      vc_arena_printf(t->arena, "cannot be removed: %s", strerror(errno)));
	/* libvirt looks each time, so that nothing has to be told. */
	say(t, "removed", "%s", t->place.link);
	return VC_EXIT_OK;
}

/* --- what there is --- */

/* Rules that the configuration silences and nobody knows: misspelt, or of a rule file that is gone. */
static void
say_unknown_rules(struct teller *t, const struct vc_config *config)
{
	struct vc_diags diags = { .arena = t->arena };
	struct vc_ruleset rules;
	int broken;

	if (config->ignores == 0 ||
	    vc_load_rules(t->options, t->arena, &diags, &rules, &broken) != VC_EXIT_OK)
		return;
	for (size_t i = 0; i < config->ignores; i++) {
		if (!vc_ruleset_find(&rules, config->ignore[i].rule))
			say(t, "note", "%s:%d: there is no rule '%s'", config->file, config->ignore[i].line,
			    config->ignore[i].rule);
	}
}

static enum vc_exit
say_configuration(struct teller *t)
{
	const char *file = vc_arena_printf(t->arena, "%s%s", t->place.root, vc_site()->configuration);
	struct vc_diags diags = { .arena = t->arena };
	struct vc_config config;
	size_t own = 0;

	vc_config_read(file, t->arena, &diags, &config);
	vc_print_diags(&diags);
	for (size_t i = 0; i < config.domains; i++)
		own += config.domain[i].has_mode;
	say(t, "mode", "%s (%s%s)", vc_hook_mode_name(config.mode), config.file ? "" : "the default; there is no ", file);
	if (own > 0)
		say(t, "", "%zu domain%s a mode of %s own", own, own == 1 ? " has" : "s have",
		    own == 1 ? "its" : "their");
	say(t, "on failure", "%s, after %u ms at the latest",
	    config.fail_closed ? "fail-closed" : "fail-open", config.time_limit);
	say_unknown_rules(t, &config);
	if (config.broken)
		say(t, "note", "%s is not understood: %s", file,
		    config.fail_closed ? "no guest starts" : "no guest is refused");
	return config.broken ? VC_EXIT_INPUT : VC_EXIT_OK;
}

static enum vc_exit
status(struct teller *t)
{
	const struct vc_hook_place *place = &t->place;
	enum vc_exit configuration;

	if (place->kind == VC_LINK_NONE)
		say(t, "hook", "not installed: %s is not there", place->link);
	else if (place->kind == VC_LINK_FOREIGN)
		say(t, "hook", "not installed: %s is something else", place->link);
	else if (place->broken)
		say(t, "hook", "broken: %s -> %s: %s", place->link, place->target, place->broken);
	else
		say(t, "hook", "%s -> %s", place->link, place->target);
	configuration = say_configuration(t);
	if (place->kind == VC_LINK_OURS && is_this_machine(t)) {
		say_daemons(t);
		say_confinement(t, place->target);
	}
	say_scripts(t);
	if (configuration != VC_EXIT_OK)
		return configuration;
	return place->kind == VC_LINK_OURS && !place->broken ? VC_EXIT_OK : VC_EXIT_FINDING;
}

enum vc_exit
vc_command_hook(const struct vc_options *options)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	_cleanup_buf_ struct vc_buf out = { 0 };
	struct teller teller = { .options = options, .arena = arena, .out = &out };
	enum vc_exit result = VC_EXIT_OK;
	struct stat st;

	if (stat(options->root, &st) < 0)
		return refuse(options->root, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return refuse(options->root, "is no directory");
	teller.place = vc_hook_place_look(options->root, arena);
	switch (options->hook_task) {
	case VC_HOOK_TASK_NONE:
		vc_print_problem(
			"'vhostcheck hook' expects --install, --uninstall or --status; libvirt calls it with "
			"GUEST OPERATION SUBOPERATION EXTRA");
		return VC_EXIT_INPUT;
	case VC_HOOK_TASK_INSTALL:
		result = install(&teller);
		break;
	case VC_HOOK_TASK_UNINSTALL:
		result = uninstall(&teller);
		break;
	case VC_HOOK_TASK_STATUS:
		result = status(&teller);
		break;
	}
	if (out.length > 0 && vc_output_write(options, &out) != VC_EXIT_OK)
		return VC_EXIT_INPUT;
	return result;
}
