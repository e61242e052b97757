/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/hook.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/config.h"
#include "cli/hook-guard.h"
#include "cli/log.h"
#include "cli/site.h"
#include "host/quirk-site.h"
#include "report/refusal.h"

/* Beyond that the log is told only how many there are. */
#define LINES_MAX 30u

/* --- who calls --- */

/* "/etc/libvirt/hooks/qemu.d/50-vhostcheck", or "/etc/libvirt/hooks/qemu" */
static bool
is_hook_name(const char *called)
{
	static const char ending[] = "-vhostcheck";
	const char *slash = strrchr(called, '/');
	const char *name = slash ? slash + 1 : called;
	size_t length = strlen(name), digits = strspn(name, "0123456789");

	if (strcmp(name, "qemu") == 0)
		return true;
	return digits > 0 && length - digits == strlen(ending) && strcmp(name + digits, ending) == 0;
}

/* libvirt's operations are words, and "-" stands for none; only the guest's name can be anything. */
static bool
is_word(const char *text)
{
	return text[0] != '-' || text[1] == '\0';
}

bool
vc_hook_is_called(int argc, char *const *argv, struct vc_hook_call *ret_call)
{
	char *const *word;

	if (argc >= 1 && is_hook_name(argv[0])) {
		word = argv + 1;
	} else if (argc == 6 && strcmp(argv[1], "hook") == 0 && is_word(argv[3]) && is_word(argv[4])) {
		word = argv + 2;
		argc--;
	} else {
		return false;
	}
	*ret_call = (struct vc_hook_call){ .complete = false };
	if (argc == 5)
		*ret_call = (struct vc_hook_call){
			.complete = true,
			.guest = word[0],
			.operation = word[1],
			.suboperation = word[2],
		};
	return true;
}

bool
vc_hook_acts(const struct vc_hook_call *call)
{
	return call->complete && strcmp(call->operation, "prepare") == 0 &&
	       strcmp(call->suboperation, "begin") == 0;
}

/* --- words --- */

struct hook {
	const char *guest;
	struct vc_run run;
	struct vc_config config;
	unsigned lines;
};

static void _printf_(3, 4) tell(struct hook *hook, int priority, const char *format, ...)
{
	_cleanup_buf_ struct vc_buf line = { 0 };
	va_list args;

	vc_buf_add_safe(&line, hook->guest, 0);
	vc_buf_add(&line, ": ");
	va_start(args, format);
	vc_buf_vaddf(&line, format, args);
	va_end(args);
	vc_log(priority, vc_buf_text(&line));
}

/* The mistakes in files of the site: the check goes on without them. */
static void
tell_diags(const struct vc_diags *diags)
{
	for (size_t i = 0; i < diags->count; i++) {
		const struct vc_diag *diag = &diags->item[i];
		_cleanup_buf_ struct vc_buf line = { 0 };

		vc_diag_format(diag, &line);
		vc_log(LOG_ERR, vc_buf_text(&line));
	}
}

/* A name that a section of the configuration can hold; else NULL. */
static const char *
name_for_section(const char *name)
{
	size_t length = strlen(name);

	for (const char *c = name; *c; c++) {
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return NULL;
	}
	return length > 0 && length < 100 && name[0] != ' ' && name[length - 1] != ' ' ? name : NULL;
}

/* How to start it all the same. */
static const char *
override(struct hook *hook)
{
	const struct vc_guest *guest = hook->run.subjects > 0 ? &hook->run.subject[0].guest : NULL;
	const char *name = name_for_section(hook->guest);

	if (!name && guest && vc_known(&guest->uuid.fact))
		name = name_for_section(guest->uuid.value);
	return vc_arena_printf(hook->run.arena,
			       "To start it all the same, put 'RULE = REASON' under [ignore%s%s] in %s, or 'mode = warn' "
			       "under [%s%s] for all of it. 'vhostcheck explain RULE' says more about a rule.",
			       name ? " " : "", name ? name : "", vc_site()->configuration, name ? "domain " : "hook",
			       name ? name : "");
}

/* --- ends --- */

static void
write_refusal(const struct vc_buf *text)
{
	size_t done = 0;

	while (done < text->length) {
		ssize_t wrote = write(STDERR_FILENO, text->text + done, text->length - done);

		if (wrote < 0 && errno != EINTR)
			return;
		done += wrote > 0 ? (size_t)wrote : 0;
	}
}

/* The check itself failed. */
static int
give_up(struct hook *hook, const char *why)
{
	_cleanup_buf_ struct vc_buf out = { 0 };

	vc_guard_finish();
	if (!hook->config.fail_closed) {
		tell(hook, LOG_ERR, "not checked, and started all the same: %s", why);
		return 0;
	}
	tell(hook, LOG_ERR, "not started: %s", why);
	vc_report_refusal_because(
		hook->guest, vc_arena_printf(hook->run.arena, "it could not be checked: %s", why),
		vc_arena_printf(hook->run.arena, "So says 'on-failure = fail-closed' in %s.",
				vc_site()->configuration),
		&out);
	write_refusal(&out);
	return 1;
}

static const char *
last_diag(const struct vc_diags *diags, struct vc_arena *arena)
{
	_cleanup_buf_ struct vc_buf line = { 0 };

	vc_diag_format(&diags->item[diags->count - 1], &line);
	return vc_arena_strdup(arena, vc_buf_text(&line));
}

/* --- what was found --- */

static int
priority_of(const struct vc_finding *finding)
{
	switch (finding->rule->severity) {
	case VC_ERROR:
		return LOG_ERR;
	case VC_WARNING:
		return LOG_WARNING;
	case VC_INFO:
		break;
	}
	return LOG_INFO;
}

/* libvirt shows nothing of a hook that succeeds. */
static void
tell_findings(struct hook *hook, bool refused)
{
	const struct vc_findings *findings = &hook->run.subject[0].findings;
	struct vc_count count = { 0 };

	for (size_t i = 0; i < findings->count && hook->lines < LINES_MAX; i++) {
		const struct vc_finding *finding = &findings->item[i];
		_cleanup_buf_ struct vc_buf line = { 0 };

		if (finding->outcome != VC_FAIL)
			continue;
		vc_finding_line(finding, &line);
		tell(hook, priority_of(finding), "%s", vc_buf_text(&line));
		hook->lines++;
	}
	vc_count_findings(findings, &count);
	if (count.error + count.warning + count.info + count.undecided + count.suppressed == 0)
		return;
	tell(hook, refused ? LOG_ERR : LOG_INFO,
	     "%s: %zu errors, %zu warnings, %zu infos, %zu undecided, %zu suppressed",
	     refused ? "not started" : "may start", count.error, count.warning, count.info, count.undecided,
	     count.suppressed);
}

static bool
any_refuses(const struct vc_findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		if (vc_finding_refuses(&findings->item[i]))
			return true;
	}
	return false;
}

static int
decide(struct hook *hook, enum vc_hook_mode mode)
{
	const struct vc_options options = { .root = vc_site()->root };
	const struct vc_report report = vc_make_report(&options, &hook->run);
	bool refused = mode == VC_HOOK_ENFORCE && any_refuses(report.subject[0].findings);
	_cleanup_buf_ struct vc_buf out = { 0 };

	if (refused)
		vc_report_refusal(&report, hook->guest, override(hook), &out);
	vc_guard_finish();
	tell_findings(hook, refused);
	if (refused)
		write_refusal(&out);
	return refused ? 1 : 0;
}

/* --- the way --- */

static enum vc_hook_mode
mode_of_subject(const struct hook *hook)
{
	const struct vc_guest *guest = &hook->run.subject[0].guest;
	const char *uuid = vc_known(&guest->uuid.fact) ? guest->uuid.value : NULL;
	enum vc_hook_mode mode = vc_config_mode(&hook->config, hook->guest, uuid);

	/* Nobody knows what a file says that is not understood; so it keeps no guest from starting. */
	return hook->config.broken && mode == VC_HOOK_ENFORCE ? VC_HOOK_WARN : mode;
}

static int
judge(struct hook *hook)
{
	struct vc_diags quirk_diags = { .arena = hook->run.arena };
	struct vc_site_quirks quirks = {
		.dir = vc_site()->quirks_dir,
		.arena = hook->run.arena,
		.diags = &quirk_diags,
	};
	const struct vc_run_options options = {
		.root = vc_site()->root,
		.today = vc_today(hook->run.arena),
		.config = &hook->config,
		.site_quirks = &quirks,
		/* libvirt waits, and its own processes are none of ours. */
		.may_execute = false,
	};
	struct vc_run *run = &hook->run;
	enum vc_hook_mode mode;

	vc_guard_stage("reading the domain from libvirt");
	if (vc_run_add_domain(run, "-") < 0)
		return give_up(hook, last_diag(&run->diags, run->arena));
	mode = mode_of_subject(hook);
	if (mode == VC_HOOK_OFF) {
		vc_guard_finish();
		return 0;
	}
	/* libvirt has given it an id already, but nothing of it runs or holds memory. */
	vc_set_flag(&run->subject[0].guest.running, false, "libvirt is about to start it");
	vc_guard_stage("reading the host");
	run->diags.count = 0;
	if (vc_run_open(run, &options) < 0)
		return give_up(hook, last_diag(&run->diags, run->arena));
	vc_guard_stage("reading the rules of the site");
	vc_add_site_rules(run);
	tell_diags(&run->diags);
	vc_guard_stage("reading the host");
	vc_run_probe(run, &options);
	tell_diags(&quirk_diags);
	vc_guard_stage("judging");
	vc_run_judge(run, &options);
	return decide(hook, mode);
}

static int
configure_and_judge(struct hook *hook)
{
	struct vc_run *run = &hook->run;

	vc_guard_stage("reading the configuration");
	vc_config_read(vc_site()->configuration, run->arena, &run->diags, &hook->config);
	vc_guard_configure(hook->config.time_limit, hook->config.fail_closed);
	tell_diags(&run->diags);
	if (hook->config.broken && hook->config.fail_closed)
		return give_up(hook, last_diag(&run->diags, run->arena));
	if (vc_config_mode(&hook->config, hook->guest, NULL) == VC_HOOK_OFF &&
	    !vc_config_names_uuids(&hook->config)) {
		vc_guard_finish();
		return 0;
	}
	return judge(hook);
}

int
vc_hook_run(const struct vc_hook_call *call)
{
	struct hook hook = { .guest = call->guest };
	int status;

	if (!vc_guard_start(call->guest, VC_TIME_LIMIT_DEFAULT)) {
		tell(&hook, LOG_ERR, "not checked, and started all the same: its time cannot be watched");
		return 0;
	}
	vc_run_init(&hook.run);
	status = configure_and_judge(&hook);
	vc_run_release(&hook.run);
	return status;
}
