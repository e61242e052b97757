/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the host goes to sleep while guests run: what the kernel can, and what systemd does by itself. */
#include <string.h>

#include "base/macro.h"
#include "base/tri.h"
#include "host/probe.h"
#include "host/systemd-conf.h"

/* All that systemd knows [systemd 252 src/login/logind-action.c handle_action_table; sleep since 256]. */
static const char *const actions[] = {
	"ignore",        "poweroff",
	"reboot",        "halt",
	"kexec",         "soft-reboot",
	"suspend",       "hibernate",
	"hybrid-sleep",  "suspend-then-hibernate",
	"sleep",         "lock",
	"factory-reset", "secure-attention-key",
};

/* What is no action is passed over, with a message in the journal. */
static void
take_action(void *context, struct vc_span value, const char *from)
{
	for (size_t i = 0; i < VC_COUNT(actions); i++) {
		if (vc_span_is(value, actions[i]))
			vc_set_text(context, actions[i], from);
	}
}

/* [systemd 252 src/basic/parse-util.c parse_boolean] */
static void
take_bool(void *context, struct vc_span value, const char *from)
{
	static const char *const word[] = { "no", "yes", "0",   "1",  "false", "true",
					    "n",  "y",   "off", "on", "f",     "t" };

	for (size_t i = 0; i < VC_COUNT(word); i++) {
		if (value.length == strlen(word[i]) && strncasecmp(value.text, word[i], value.length) == 0)
			vc_set_flag(context, i % 2 == 1, from);
	}
}

/* systemctl mask, for good or until the next boot. */
static enum vc_tri
is_masked(struct vc_hostfs *fs, const char *unit, struct vc_fact *why)
{
	static const char *const place[] = { "/etc/systemd/system", "/run/systemd/system" };
	enum vc_tri masked = VC_NO;

	for (size_t i = 0; i < VC_COUNT(place); i++) {
		struct vc_answer target = vc_hostfs_read_link(fs, "%s/%s", place[i], unit);

		if (vc_known(&target.fact) && strcmp(target.data, "/dev/null") == 0)
			return VC_YES;
		/* EINVAL: a unit of the site, and no link. */
		if (!vc_known(&target.fact) && target.fact.state != VC_ABSENT && target.fact.err != EINVAL) {
			*why = target.fact;
			masked = VC_UNKNOWN;
		}
	}
	return masked;
}

/*
 * logind refuses to start a target that is masked, suspend.target needs sleep.target, and AllowSuspend=no
 * takes suspend from what is possible [systemd 252 src/login/logind-dbus.c execute_shutdown_or_sleep,
 * src/shared/sleep-config.c].
 */
static void
probe_allowed(struct vc_hostfs *fs, struct vc_host *host)
{
	struct vc_fact_flag *fact = &host->sleep_allowed;
	struct vc_fact_flag allowed = { .value = true };
	const struct vc_conf_key key = { .name = "AllowSuspend", .take = take_bool, .context = &allowed };
	struct vc_fact why = { 0 }, conf;
	enum vc_tri masked;

	masked = vc_tri_or(is_masked(fs, "sleep.target", &why), is_masked(fs, "suspend.target", &why));
	conf = vc_systemd_conf_read(fs, "sleep.conf", "Sleep", &key, 1);
	if (masked == VC_YES)
		vc_set_flag(fact, false, "/etc/systemd/system");
	else if (!vc_known(&conf))
		vc_set_unknown_like(&fact->fact, &conf);
	else if (!allowed.value)
		vc_set_flag(fact, false, allowed.fact.from);
	else if (masked == VC_UNKNOWN)
		vc_set_unknown_like(&fact->fact, &why);
	else
		vc_set_flag(fact, true, conf.from);
}

/* [systemd 252 src/login/logind-core.c manager_reset_config: the defaults] */
static void
probe_logind(struct vc_hostfs *fs, struct vc_host *host)
{
	const struct vc_conf_key key[] = {
		{ .name = "HandleLidSwitch", .take = take_action, .context = &host->lid_action },
		{ .name = "LidSwitchIgnoreInhibited",
		  .take = take_bool,
		  .context = &host->lid_ignores_inhibitors },
	};
	struct vc_fact conf;

	vc_set_text(&host->lid_action, "suspend", "default of systemd-logind");
	vc_set_flag(&host->lid_ignores_inhibitors, true, "default of systemd-logind");
	conf = vc_systemd_conf_read(fs, "logind.conf", "Login", key, VC_COUNT(key));
	if (vc_known(&conf))
		return;
	vc_set_unknown_like(&host->lid_action.fact, &conf);
	vc_set_unknown_like(&host->lid_ignores_inhibitors.fact, &conf);
}

void
vc_probe_sleep(struct vc_hostfs *fs, const struct vc_host_request *request _unused_, struct vc_host *host)
{
	struct vc_answer states = vc_hostfs_read_line(fs, "/sys/power/state");
	struct vc_fact *const by_systemd[] = { &host->sleep_allowed.fact, &host->lid_action.fact,
					       &host->lid_ignores_inhibitors.fact };
	/* Made by systemd when it is the first process [systemd 252 man sd_booted]. */
	struct vc_node booted = vc_hostfs_stat(fs, "/run/systemd/system");

	vc_take_words(vc_hostfs_arena(fs), &states, &host->sleep_states);
	if (vc_known(&booted.fact)) {
		probe_allowed(fs, host);
		probe_logind(fs, host);
		return;
	}
	for (size_t i = 0; i < VC_COUNT(by_systemd); i++)
		vc_set_unknown_like(by_systemd[i], &booted.fact);
}
