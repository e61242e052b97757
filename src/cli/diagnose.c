/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command diagnose: from the messages in logs back to what causes them. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "report/diagnosis.h"

struct session {
	const struct vc_options *options;
	struct vc_run run; /* its host and its domain, if the rules are asked about some */
	bool asks;	   /* they are */
	struct vc_run_options run_options;
	struct vc_version qemu_version, libvirt_version; /* as the logs tell */
	struct vc_diagnoses diagnoses;
	bool broken;
};

static void
close_fd(int *fd)
{
	if (*fd > STDERR_FILENO)
		close(*fd);
}

/* --- reading the logs --- */

/* What holds a log and is none as it is: the first bytes, and how to get at it. */
static const struct {
	const char *magic;
	size_t length;
	const char *advice;
} containers[] = {
	{ .magic = "\x1f\x8b", .length = 2, .advice = "is compressed; give what 'zcat' makes of it" },
	{ .magic = "\xfd" "7zXZ", .length = 5, .advice = "is compressed; give what 'xzcat' makes of it" },
	{ .magic = "\x28\xb5\x2f\xfd", .length = 4, .advice = "is compressed; give what 'zstdcat' makes of it" },
	{ .magic = "LPKSHHRH", .length = 8, .advice = "is a journal; give what 'journalctl --file' prints of it" },
};

static const char *
container_advice(const char *data, size_t size)
{
	for (size_t i = 0; i < VC_COUNT(containers); i++) {
		if (size >= containers[i].length && memcmp(data, containers[i].magic, containers[i].length) == 0)
			return containers[i].advice;
	}
	return NULL;
}

/* NULL, or what is wrong with it. Its memory does not grow with the log. */
static const char *
feed_log(int fd, const char *file, struct vc_diagnoser *diagnoser)
{
	static char chunk[65536];
	bool begun = false;

	for (;;) {
		ssize_t got = read(fd, chunk, sizeof(chunk));
		const char *advice;

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			const char *why = got < 0 ? strerror(errno) : begun ? NULL : "is empty";

			if (begun)
				vc_diagnoser_end(diagnoser);
			return why;
		}
		advice = begun ? NULL : container_advice(chunk, (size_t)got);
		if (advice)
			return advice;
		if (!begun)
			vc_diagnoser_begin(diagnoser, file);
		vc_diagnoser_feed(diagnoser, chunk, (size_t)got);
		begun = true;
	}
}

static void
read_log(struct session *session, struct vc_diagnoser *diagnoser, const char *file)
{
	_cleanup_(close_fd) int fd = STDIN_FILENO;
	const char *why = NULL;
	struct stat st;

	if (strcmp(file, "-") != 0)
		fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		why = strerror(errno);
	else if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		why = "is a directory";
	if (!why)
		why = feed_log(fd, file, diagnoser);
	if (!why)
		return;
	vc_diag_add(&session->run.diags, file, 0, "%s", why);
	session->broken = true;
}

/* --- asking the rules --- */

/* The one version of @name that the logs tell; logs from before and after an update tell none. */
static bool
find_version(const struct vc_diagnoses *diagnoses, const char *name, struct vc_version *ret_version)
{
	const char *text = NULL;

	for (size_t i = 0; i < diagnoses->versions; i++) {
		if (strcmp(diagnoses->version[i].name, name) != 0)
			continue;
		if (text)
			return false;
		text = diagnoses->version[i].text;
	}
	return text && vc_version_parse_prefix(text, ret_version) == 0;
}

/* What the command line does not say of versions the logs may. */
static void
choose_versions(struct session *session)
{
	session->run_options = vc_run_options_from(session->options);
	if (!session->run_options.qemu_version && find_version(&session->diagnoses, "qemu", &session->qemu_version)) {
		session->run_options.qemu_version = &session->qemu_version;
		session->run_options.qemu_version_from = "the log";
	}
	if (!session->run_options.libvirt_version &&
	    find_version(&session->diagnoses, "libvirt", &session->libvirt_version)) {
		session->run_options.libvirt_version = &session->libvirt_version;
		session->run_options.libvirt_version_from = "the log";
	}
}

/* Only what these rules need of the host is looked at. */
static void
keep_rules_in_question(struct session *session)
{
	const struct vc_rule **kept = NULL;
	size_t count = 0;

	for (size_t i = 0; i < session->run.rules.count; i++) {
		const struct vc_rule *rule = session->run.rules.rule[i];
		bool wanted = false;

		for (size_t j = 0; j < session->diagnoses.count; j++) {
			for (size_t k = 0; k < session->diagnoses.item[j].causes; k++)
				wanted = wanted || session->diagnoses.item[j].cause[k].cause.rule == rule;
		}
		if (wanted)
			*(const struct vc_rule **)vc_arena_append(session->run.arena, (void **)&kept, &count,
								  sizeof(*kept)) = rule;
	}
	session->run.rules = (struct vc_ruleset){ .rule = kept, .count = count };
}

static enum vc_verdict_word
verdict_of(const struct vc_findings *findings)
{
	bool undecided = false;

	for (size_t i = 0; i < findings->count; i++) {
		if (findings->item[i].outcome == VC_FAIL)
			return VC_VERDICT_CONFIRMED;
		undecided = undecided || findings->item[i].outcome == VC_UNDECIDED;
	}
	if (undecided)
		return VC_VERDICT_UNDECIDED;
	return findings->passed > 0 ? VC_VERDICT_REFUTED : VC_VERDICT_DOES_NOT_APPLY;
}

/* Each rule alone: that another one would supersede it is no answer to whether it holds. */
static void
ask_rule(struct session *session, const struct vc_models *models, struct vc_diagnosis_cause *cause)
{
	const struct vc_ruleset one = { .rule = &cause->cause.rule, .count = 1 };

	if (!cause->cause.rule || (!models->guest && !cause->cause.rule->host_only))
		return;
	vc_rules_evaluate(&one, models, NULL, 0, session->run.arena, &cause->findings);
	cause->verdict = verdict_of(&cause->findings);
}

/* One guest, or none: only one can have written the log. */
static int
add_guest(struct session *session)
{
	const struct vc_options *options = session->options;
	struct vc_run *run = &session->run;

	if (options->domain)
		return vc_run_add_domain(run, options->domain);
	if (!options->qemu_args) {
		vc_run_add_host(run);
		return 0;
	}
	if (vc_run_add_command_lines(run, options->qemu_args) < 0)
		return -EINVAL;
	if (run->subjects == 1)
		return 0;
	vc_diag_add(&run->diags, options->qemu_args, 0, "%zu QEMU commands; the rules are asked about one", run->subjects);
	return -EINVAL;
}

static int
ask_rules(struct session *session)
{
	struct vc_run *run = &session->run;
	struct vc_models models = { .host = &run->host };

	choose_versions(session);
	keep_rules_in_question(session);
	if (add_guest(session) < 0)
		return -EINVAL;
	vc_run_probe(run, &session->run_options);
	vc_run_judge(run, &session->run_options);
	models.guest = run->subject[0].host_only ? NULL : &run->subject[0].guest;
	for (size_t i = 0; i < session->diagnoses.count; i++) {
		for (size_t j = 0; j < session->diagnoses.item[i].causes; j++)
			ask_rule(session, &models, &session->diagnoses.item[i].cause[j]);
	}
	vc_diagnoses_order(&session->diagnoses);
	return 0;
}

/* --- the whole --- */

static enum vc_exit
report_diagnoses(const struct session *session)
{
	const struct vc_options *options = session->options;
	const struct vc_style style = vc_style_for(options);
	struct vc_report run;
	struct vc_diagnosis_report report = { .arena = session->run.arena, .diagnoses = &session->diagnoses };
	_cleanup_buf_ struct vc_buf out = { 0 };
	struct vc_diagnosis_count count;

	if (session->asks) {
		run = vc_make_report(options, &session->run);
		report.run = &run;
	}
	if (options->format == VC_FORMAT_JSON)
		vc_diagnosis_json(&report, &out);
	else
		vc_diagnosis_text(&report, &style, &out);
	if (vc_output_write(options, &out) != VC_EXIT_OK)
		return VC_EXIT_INPUT;
	vc_count_diagnoses(&session->diagnoses, &count);
	return vc_exit_status(&count.count, options->fail_on, false, session->broken || session->run.broken_rules > 0);
}

static enum vc_exit
load_rules(struct session *session)
{
	if (session->asks)
		return vc_open_run(session->options, &session->run);
	return vc_load_rules(session->options, session->run.arena, &session->run.diags, &session->run.rules,
			     &session->run.broken_rules);
}

static enum vc_exit
run_session(struct session *session)
{
	const struct vc_options *options = session->options;
	struct vc_diagnoser *diagnoser;
	bool asked = true;

	if (load_rules(session) != VC_EXIT_OK)
		return VC_EXIT_INPUT;
	diagnoser = vc_diagnoser_new(&session->run.rules, &vc_builtin_messages, session->run.arena);
	for (size_t i = 0; i < options->operands; i++)
		read_log(session, diagnoser, options->operand[i]);
	vc_diagnoser_finish(diagnoser, &session->diagnoses);
	if (session->asks)
		asked = ask_rules(session) == 0;
	vc_print_diags(&session->run.diags);
	if (!asked || session->diagnoses.logs == 0)
		return VC_EXIT_INPUT;
	return report_diagnoses(session);
}

enum vc_exit
vc_command_diagnose(const struct vc_options *options)
{
	struct session session = { .options = options, .asks = options->domain || options->qemu_args || options->root_named };
	enum vc_exit status;

	vc_run_init(&session.run);
	status = run_session(&session);
	vc_run_release(&session.run);
	return status;
}
