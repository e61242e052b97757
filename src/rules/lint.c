/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/lint.h"

#include <string.h>

#include "base/buf.h"
#include "base/suggest.h"
#include "rules/engine.h"

/* Projects whose sources a rule may cite: a misspelt one cannot be looked up. */
static const char *const projects[] = {
	"linux",     "dragonfly", "netbsd", "qemu", "libvirt",   "edk2", "seabios", "virtio-win", "intel-sdm", "amd-apm",
	"intel-vtd", "amd-iommu", "pcie",   "acpi", "microsoft", "kmod", "systemd", "xorg-server", "vhostcheck",
};

#define COMPLAIN(diags, rule, ...) vc_diag_add((diags), (rule)->file, 0, __VA_ARGS__)
#define COMPLAIN_AT(diags, at, ...) vc_diag_add((diags), (at), 0, __VA_ARGS__)

static const char *
word_end(const char *at)
{
	return at + strcspn(at, " ");
}

static bool
is_report(const char *source)
{
	return strncmp(source, "report ", 7) == 0;
}

/* "qemu 10.0.13 hw/i386/intel_iommu.c vtd_check_hiod": blanks are folded already. */
static void
lint_source(const char *file, const char *source, struct vc_diags *diags)
{
	size_t length = (size_t)(word_end(source) - source);
	const char *version = source + length + (source[length] == ' ');
	const char *path = word_end(version) + (*word_end(version) == ' ');
	const char *symbol = word_end(path) + (*word_end(path) == ' ');

	if (is_report(source))
		return;
	if (*symbol == '\0' || !strchr("0123456789", *version)) {
		COMPLAIN_AT(diags, file, "the source '%s' should be 'project version path symbol' or 'report ...'",
			    source);
		return;
	}
	for (size_t i = 0; i < VC_COUNT(projects); i++) {
		if (strlen(projects[i]) == length && strncmp(source, projects[i], length) == 0)
			return;
	}
	COMPLAIN_AT(diags, file, "the source '%s' begins with no project that is known here", source);
}

static void
lint_sources(const struct vc_rule *rule, struct vc_diags *diags)
{
	bool proof = false;

	if (rule->sources == 0)
		COMPLAIN(diags, rule, "the rule has no <source>");
	for (size_t i = 0; i < rule->sources; i++) {
		lint_source(rule->file, rule->source[i], diags);
		proof = proof || !is_report(rule->source[i]);
	}
	if (rule->confidence == VC_PROVEN && !proof)
		COMPLAIN(diags, rule, "the confidence is 'proven', but every <source> is a report");
}

static bool
names_fact(const struct vc_template *template)
{
	for (size_t i = 0; i < template->count; i++) {
		if (!template->part[i].text)
			return true;
	}
	return false;
}

static void
lint_texts(const struct vc_rule *rule, struct vc_diags *diags)
{
	size_t length = strlen(rule->title);

	if (length > 0 && rule->title[length - 1] == '.')
		COMPLAIN(diags, rule, "<title> ends with a full stop");
	for (size_t i = 0; i < rule->says_count; i++) {
		if (!names_fact(&rule->says[i].text))
			COMPLAIN(diags, rule, "<says> names no fact: it should show the values that clash");
	}
}

static void
lint_fix(const struct vc_rule *rule, const struct vc_fix *fix, struct vc_diags *diags)
{
	const char *who = vc_who_name(fix->who);
	size_t edits = 0;

	for (size_t i = 0; i < fix->actions; i++) {
		enum vc_verb verb = fix->action[i].verb;

		edits += vc_verb_is_edit(verb);
		if (vc_verb_is_edit(verb) && fix->who != VC_WHO_DOMAIN)
			COMPLAIN(diags, rule, "a fix with who=\"%s\" edits the domain", who);
		if (verb == VC_VERB_QEMU && fix->who != VC_WHO_DOMAIN)
			COMPLAIN(diags, rule, "a fix with who=\"%s\" has <qemu>", who);
		if ((verb == VC_VERB_COMMAND || vc_verb_is_host_setting(verb)) && fix->who != VC_WHO_HOST)
			COMPLAIN(diags, rule, "a fix with who=\"%s\" has <host>", who);
		if (verb == VC_VERB_SETTING && fix->who != VC_WHO_FIRMWARE)
			COMPLAIN(diags, rule, "a fix with who=\"%s\" has <firmware>", who);
	}
	if (fix->safe && edits == 0)
		COMPLAIN(diags, rule,
			 "a fix with safe=\"yes\" should edit the domain: nothing else is done without a "
			 "person");
	if (fix->actions == 0)
		COMPLAIN(diags, rule, "a <fix> says what to do, but not how: it holds only <summary>");
}

static size_t
index_of(const struct vc_ruleset *rules, const char *id)
{
	for (size_t i = 0; i < rules->count; i++) {
		if (strcmp(rules->rule[i]->id, id) == 0)
			return i;
	}
	return rules->count;
}

static void
lint_supersedes(const struct vc_ruleset *rules, const struct vc_rule *rule, struct vc_diags *diags)
{
	for (size_t i = 0; i < rule->supersedes_count; i++) {
		struct vc_suggest suggest;

		if (index_of(rules, rule->supersedes[i]) < rules->count)
			continue;
		vc_suggest_init(&suggest, rule->supersedes[i]);
		for (size_t j = 0; j < rules->count; j++)
			vc_suggest_offer(&suggest, rules->rule[j]->id);
		if (suggest.best)
			COMPLAIN(diags, rule, "it supersedes '%s', which is no rule; did you mean '%s'?",
				 rule->supersedes[i], suggest.best);
		else
			COMPLAIN(diags, rule, "it supersedes '%s', which is no rule", rule->supersedes[i]);
	}
}

/* Whether @start is reached again. @seen has one entry per rule. */
static bool
reaches(const struct vc_ruleset *rules, size_t at, size_t start, bool *seen)
{
	const struct vc_rule *rule = rules->rule[at];

	for (size_t i = 0; i < rule->supersedes_count; i++) {
		size_t next = index_of(rules, rule->supersedes[i]);

		if (next == start)
			return true;
		if (next == rules->count || seen[next])
			continue;
		seen[next] = true;
		if (reaches(rules, next, start, seen))
			return true;
	}
	return false;
}

/* --- symptoms --- */

/* A device of somebody's host: it should be a hole. The integrated graphics of Intel has the same address everywhere. */
static bool
holds_address(const char *text)
{
	static const char digits[] = "0123456789abcdef";

	for (const char *dot = strchr(text, '.'); dot; dot = strchr(dot + 1, '.')) {
		if (dot - text < 10 || !strchr("01234567", dot[1]) || dot[1] == '\0' || dot[-3] != ':' || dot[-6] != ':')
			continue;
		if (strspn(dot - 2, digits) >= 2 && strspn(dot - 5, digits) >= 2 && strspn(dot - 10, digits) >= 4 &&
		    strncmp(dot - 10, "0000:00:02.0", 12) != 0)
			return true;
	}
	return false;
}

static void
lint_symptom(const char *file, const struct vc_symptom *symptom, struct vc_diags *diags)
{
	_cleanup_buf_ struct vc_buf text = { 0 };

	vc_symptom_format(symptom, &text);
	if (symptom->from == VC_BY_ANYONE)
		COMPLAIN_AT(diags, file, "the symptom '%s' does not say who prints it: 'from'", vc_buf_text(&text));
	if (symptom->from >= VC_BY_QEMU && symptom->from <= VC_BY_KERNEL && symptom->versions_count == 0)
		COMPLAIN_AT(diags, file, "the symptom '%s' does not say which 'versions' print it", vc_buf_text(&text));
	for (size_t i = 0; i < symptom->parts; i++) {
		if (symptom->part[i].text && holds_address(symptom->part[i].text))
			COMPLAIN_AT(diags, file, "the symptom '%s' holds the address of a device; write {device}",
				    vc_buf_text(&text));
	}
}

static void
lint_symptoms(const char *file, const struct vc_symptom *symptom, size_t count, struct vc_diags *diags)
{
	for (size_t i = 0; i < count; i++)
		lint_symptom(file, &symptom[i], diags);
}

size_t
vc_messages_lint(const struct vc_messages *messages, const struct vc_ruleset *rules, struct vc_diags *diags)
{
	size_t before = diags->count;

	for (size_t i = 0; i < messages->count; i++) {
		const struct vc_message *message = &messages->item[i];
		size_t length = strlen(message->title);

		if (index_of(rules, message->id) < rules->count)
			COMPLAIN_AT(diags, message->file, "'%s' is a rule: its symptoms belong there", message->id);
		if (length > 0 && message->title[length - 1] == '.')
			COMPLAIN_AT(diags, message->file, "the <title> of '%s' ends with a full stop", message->id);
		for (size_t j = 0; j < message->sources; j++)
			lint_source(message->file, message->source[j], diags);
		lint_symptoms(message->file, message->symptom, message->symptoms, diags);
	}
	return diags->count - before;
}

size_t
vc_ruleset_lint(const struct vc_ruleset *rules, struct vc_diags *diags)
{
	size_t before = diags->count;

	for (size_t i = 0; i < rules->count; i++) {
		const struct vc_rule *rule = rules->rule[i];

		lint_texts(rule, diags);
		lint_sources(rule, diags);
		lint_supersedes(rules, rule, diags);
		lint_symptoms(rule->file, rule->symptom, rule->symptoms, diags);
		for (size_t j = 0; j < rule->fixes; j++)
			lint_fix(rule, &rule->fix[j], diags);
		if (rule->supersedes_count > 0 &&
		    reaches(rules, i, i, vc_arena_make_array(diags->arena, rules->count, bool)))
			COMPLAIN(diags, rule, "it supersedes itself by way of the rules it supersedes");
	}
	return diags->count - before;
}
