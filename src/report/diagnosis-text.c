/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A diagnosis for people. It reads from the top: what is wrong, which lines say so with which values, why, what to do;
 * then what else the same lines can mean, and how to tell.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "report/diagnosis.h"
#include "report/layout.h"
#include "report/text.h"

/* More of one kind help nobody who reads; --verbose and JSON have all. */
#define SIGHTINGS_SHOWN 4
#define UNKNOWN_SHOWN 3
#define FACTS_SHOWN 6

struct writer {
	const struct vc_diagnosis_report *report;
	const struct vc_diagnoses *diagnoses;
	const struct vc_style *style;
	struct vc_buf *out;
};

static bool
is_verbose(const struct writer *writer)
{
	return writer->style->loudness == VC_VERBOSE;
}

static void
add_file(struct vc_buf *out, const char *file)
{
	vc_buf_add_safe(out, strcmp(file, "-") == 0 ? "<stdin>" : file, 0);
}

static void
add_place(struct vc_buf *out, const struct vc_log_place *place)
{
	add_file(out, place->file);
	vc_buf_addf(out, ":%" PRIu64, place->line);
}

static void
write_prose(const struct writer *writer, const char *text, unsigned indent)
{
	vc_layout_pad(writer->out, indent);
	vc_layout_wrap(writer->out, writer->style, text, indent, indent);
}

static void
write_labelled(const struct writer *writer, const char *label, const char *text)
{
	vc_layout_label(writer->out, writer->style, label);
	vc_layout_wrap(writer->out, writer->style, text, VC_LAYOUT_COLUMN, VC_LAYOUT_COLUMN);
}

/* --- header --- */

static const char *
version_title(const char *name)
{
	return strcmp(name, "qemu") == 0 ? "QEMU" : strcmp(name, "kernel") == 0 ? "Linux" : name;
}

static void
write_header(const struct writer *writer)
{
	const struct vc_diagnoses *diagnoses = writer->diagnoses;
	struct vc_buf *out = writer->out;

	for (size_t i = 0; i < diagnoses->logs; i++) {
		vc_layout_add(out, writer->style, VC_ROLE_LABEL, i == 0 ? "log" : "   ");
		vc_layout_pad(out, 5);
		add_file(out, diagnoses->log[i].file);
		vc_buf_addf(out, ", %" PRIu64 " %s\n", diagnoses->log[i].lines,
			    diagnoses->log[i].lines == 1 ? "line" : "lines");
	}
	for (size_t i = 0; i < diagnoses->versions; i++) {
		if (i == 0)
			vc_layout_add(out, writer->style, VC_ROLE_LABEL, "from");
		vc_buf_add(out, i == 0 ? "    " : ", ");
		vc_buf_add(out, version_title(diagnoses->version[i].name));
		vc_buf_add(out, " ");
		vc_buf_add_safe(out, diagnoses->version[i].text, 0);
	}
	if (diagnoses->versions > 0)
		vc_buf_add(out, "\n");
	if (writer->report->run)
		vc_text_subject(writer->report->run, writer->style, out);
	vc_buf_add(out, "\n");
}

/* --- what was seen --- */

static void
write_values(const struct writer *writer, const struct vc_sighting *sighting)
{
	_cleanup_buf_ struct vc_buf text = { 0 };

	if (sighting->values == 0 && !sighting->various)
		return;
	for (size_t i = 0; i < sighting->values; i++) {
		vc_buf_add(&text, i > 0 ? ", " : "");
		for (const char *at = sighting->value[i].name; *at; at++)
			vc_buf_add_n(&text, *at == '_' ? " " : at, 1);
		vc_buf_add(&text, " ");
		vc_buf_add(&text, sighting->value[i].text);
	}
	if (sighting->various)
		vc_buf_add(&text, "and others, too many to list");
	write_prose(writer, vc_buf_text(&text), VC_LAYOUT_COLUMN);
}

static void
write_printer(const struct writer *writer, const struct vc_sighting *sighting)
{
	const struct vc_symptom *symptom =
		vc_matcher_pattern(writer->diagnoses->matcher, sighting->pattern[0])->symptom;
	_cleanup_buf_ struct vc_buf text = { 0 };

	vc_symptom_format_printer(symptom, &text);
	if (text.length == 0)
		return;
	vc_layout_pad(writer->out, VC_LAYOUT_COLUMN);
	vc_buf_addf(writer->out, "a message of %s\n", vc_buf_text(&text));
}

/* FILE:17, 12 times, last in line 93 */
static void
add_places(struct vc_buf *out, const struct vc_sighting *sighting)
{
	add_place(out, &sighting->first);
	if (sighting->count == 1)
		return;
	vc_buf_addf(out, ", %" PRIu64 " times, last in ", sighting->count);
	if (strcmp(sighting->first.file, sighting->last.file) == 0)
		vc_buf_addf(out, "line %" PRIu64, sighting->last.line);
	else
		add_place(out, &sighting->last);
}

static void
write_sighting(const struct writer *writer, const struct vc_sighting *sighting, const char *label)
{
	if (label)
		vc_layout_label(writer->out, writer->style, label);
	else
		vc_layout_pad(writer->out, VC_LAYOUT_COLUMN);
	add_places(writer->out, sighting);
	vc_buf_add(writer->out, "\n");
	vc_layout_pad(writer->out, VC_LAYOUT_COLUMN + 2);
	/* One line however long: it is the reader's own, to be found again. */
	vc_layout_add(writer->out, writer->style, VC_ROLE_CODE, sighting->text);
	vc_buf_add(writer->out, "\n");
	write_values(writer, sighting);
	if (is_verbose(writer))
		write_printer(writer, sighting);
}

static void
write_sightings(const struct writer *writer, const struct vc_diagnosis *diagnosis)
{
	size_t shown = is_verbose(writer) || diagnosis->sightings <= SIGHTINGS_SHOWN ? diagnosis->sightings
										     : SIGHTINGS_SHOWN - 1;

	for (size_t i = 0; i < shown; i++)
		write_sighting(writer, diagnosis->sighting[i], i == 0 ? "seen" : NULL);
	if (shown < diagnosis->sightings) {
		vc_layout_pad(writer->out, VC_LAYOUT_COLUMN);
		vc_buf_addf(writer->out, "and %zu more messages; --verbose shows them\n", diagnosis->sightings - shown);
	}
}

/* --- causes --- */

static const struct vc_finding *
first_finding(const struct vc_diagnosis_cause *cause, enum vc_outcome outcome)
{
	for (size_t i = 0; i < cause->findings.count; i++) {
		if (cause->findings.item[i].outcome == outcome)
			return &cause->findings.item[i];
	}
	return NULL;
}

/* "03:00.0" and "0000:03:00.0" */
static bool
same_device(const char *a, const char *b)
{
	size_t one = strlen(a), other = strlen(b), least = one < other ? one : other;

	return strcmp(a + one - least, b + other - least) == 0;
}

/* Whether the rule fails, but for none of the devices that the messages name. */
static bool
is_of_another_device(const struct vc_diagnosis *diagnosis, const struct vc_diagnosis_cause *cause)
{
	bool named = false;

	for (size_t i = 0; i < diagnosis->sightings; i++) {
		const struct vc_sighting *sighting = diagnosis->sighting[i];

		for (size_t j = 0; j < sighting->values; j++) {
			if (strcmp(sighting->value[j].name, "device") != 0)
				continue;
			named = true;
			for (size_t k = 0; k < cause->findings.count; k++) {
				const struct vc_finding *finding = &cause->findings.item[k];

				if (finding->outcome == VC_FAIL &&
				    (!finding->device || same_device(finding->device, sighting->value[j].text)))
					return false;
			}
		}
	}
	return named;
}

/* What running the rule said; nothing if it was not asked. */
static const char *
verdict_words(const struct writer *writer, const struct vc_diagnosis_cause *cause)
{
	const struct vc_finding *finding;

	switch (cause->verdict) {
	case VC_VERDICT_CONFIRMED:
		return "confirmed";
	case VC_VERDICT_UNDECIDED:
		finding = first_finding(cause, VC_UNDECIDED);
		return vc_arena_printf(writer->report->arena, "undecided: %s: %s%s%s",
				       finding->unknown_fact ? finding->unknown_fact : "a fact",
				       finding->unknown_reason ? finding->unknown_reason : "not known",
				       finding->unknown_hint ? "; " : "",
				       finding->unknown_hint ? finding->unknown_hint : "");
	case VC_VERDICT_DOES_NOT_APPLY:
		return "not confirmed: the rule does not apply here; the log may be of another domain, host or time";
	case VC_VERDICT_REFUTED:
		return "not confirmed: nothing of it is wrong here; the log may be of another domain, host or time";
	case VC_VERDICT_NOT_ASKED:
		break;
	}
	return NULL;
}

/* The same for another kind of host or guest: one of the two is offered. */
static bool
is_repeated(const struct writer *writer, const struct vc_rule *rule, size_t fix)
{
	const char *outline = vc_fix_outline(&rule->fix[fix], writer->report->arena);

	for (size_t i = 0; i < fix; i++) {
		if (rule->fix[i].who == rule->fix[fix].who &&
		    strcmp(vc_fix_outline(&rule->fix[i], writer->report->arena), outline) == 0)
			return true;
	}
	return false;
}

static void
write_rule_fixes(const struct writer *writer, const struct vc_rule *rule)
{
	for (size_t i = 0; i < rule->fixes; i++) {
		_cleanup_buf_ struct vc_buf text = { 0 };

		if (is_repeated(writer, rule, i))
			continue;
		vc_buf_addf(&text, "%s%s: %s", vc_who_phrase(rule->fix[i].who), rule->fix[i].safe ? ", safe" : "",
			    vc_fix_outline(&rule->fix[i], writer->report->arena));
		if (i == 0)
			vc_layout_label(writer->out, writer->style, "fix");
		else
			vc_layout_pad(writer->out, VC_LAYOUT_COLUMN);
		vc_layout_wrap(writer->out, writer->style, vc_buf_text(&text), VC_LAYOUT_COLUMN, VC_LAYOUT_COLUMN);
	}
	vc_layout_pad(writer->out, VC_LAYOUT_COLUMN);
	vc_buf_addf(writer->out, "vhostcheck explain %s shows it in full\n", rule->id);
}

static void
write_message_advice(const struct writer *writer, const struct vc_message *message)
{
	for (size_t i = 0; i < message->advices; i++) {
		if (i == 0)
			vc_layout_label(writer->out, writer->style, "fix");
		else
			vc_layout_pad(writer->out, VC_LAYOUT_COLUMN);
		vc_layout_wrap(writer->out, writer->style, message->advice[i], VC_LAYOUT_COLUMN, VC_LAYOUT_COLUMN);
	}
}

static void
write_sources(const struct writer *writer, const char *const *source, size_t count)
{
	for (size_t i = 0; i < count; i++)
		write_labelled(writer, i == 0 ? "source" : "", source[i]);
}

/* What the rule found wrong with the domain and the host: the message of each finding, and all the rest. */
static void
write_findings(const struct writer *writer, const struct vc_diagnosis *diagnosis, const struct vc_diagnosis_cause *cause)
{
	bool explained = false;

	for (size_t i = 0; i < cause->findings.count; i++) {
		const struct vc_finding *finding = &cause->findings.item[i];
		_cleanup_buf_ struct vc_buf text = { 0 };

		if (finding->outcome != VC_FAIL)
			continue;
		vc_buf_addf(&text, "confirmed: %s", finding->message ? finding->message : finding->rule->title);
		write_labelled(writer, "asked", vc_buf_text(&text));
		vc_text_details(writer->report->run, finding, explained, writer->style, writer->out);
		explained = true;
	}
	if (is_of_another_device(diagnosis, cause))
		write_labelled(writer, "note", "what is confirmed is about another device than the log is");
}

static void
write_rule(const struct writer *writer, const struct vc_diagnosis *diagnosis, const struct vc_diagnosis_cause *cause)
{
	const struct vc_rule *rule = cause->cause.rule;
	const char *verdict = verdict_words(writer, cause);

	if (cause->verdict == VC_VERDICT_CONFIRMED) {
		write_findings(writer, diagnosis, cause);
		return;
	}
	if (verdict)
		write_labelled(writer, "asked", verdict);
	write_labelled(writer, "why", rule->why);
	if (rule->confidence == VC_REPORTED)
		write_labelled(writer, "note", "reported from the field; not proven from source code");
	write_rule_fixes(writer, rule);
	if (is_verbose(writer))
		write_sources(writer, rule->source, rule->sources);
}

static void
write_message(const struct writer *writer, const struct vc_message *message)
{
	write_labelled(writer, "why", message->meaning);
	write_message_advice(writer, message);
	if (is_verbose(writer))
		write_sources(writer, message->source, message->sources);
}

/* The other causes, each in short. */
static void
write_others(const struct writer *writer, const struct vc_diagnosis *diagnosis)
{
	for (size_t i = 1; i < diagnosis->causes; i++) {
		const struct vc_diagnosis_cause *cause = &diagnosis->cause[i];
		_cleanup_buf_ struct vc_buf text = { 0 };

		vc_buf_addf(&text, "%s: %s", vc_cause_id(&cause->cause), vc_cause_title(&cause->cause));
		write_labelled(writer, "or", vc_buf_text(&text));
		if (verdict_words(writer, cause))
			write_prose(writer, verdict_words(writer, cause), VC_LAYOUT_COLUMN + 2);
	}
}

/* How to tell the causes apart, or how to know that the only one is it. */
static void
write_apart(const struct writer *writer, const struct vc_diagnosis *diagnosis)
{
	size_t rules = 0;

	for (size_t i = 0; i < diagnosis->causes; i++)
		rules += diagnosis->cause[i].cause.rule && diagnosis->cause[i].verdict == VC_VERDICT_NOT_ASKED;
	if (rules == 0)
		return;
	if (diagnosis->causes == 1) {
		write_labelled(writer, "next", "--domain FILE asks the rule whether it holds for that domain on this host");
		return;
	}
	write_labelled(writer, "apart", "--domain FILE asks the rules which of them holds for that domain on this host");
	for (size_t i = 0; i < diagnosis->causes; i++) {
		const struct vc_rule *rule = diagnosis->cause[i].cause.rule;
		_cleanup_buf_ struct vc_buf text = { 0 };

		if (!rule || diagnosis->cause[i].verdict != VC_VERDICT_NOT_ASKED)
			continue;
		vc_buf_addf(&text, "%s looks at %s", rule->id, vc_rule_facts(rule, FACTS_SHOWN, writer->report->arena));
		vc_layout_pad(writer->out, VC_LAYOUT_COLUMN);
		vc_layout_wrap(writer->out, writer->style, vc_buf_text(&text), VC_LAYOUT_COLUMN, VC_LAYOUT_COLUMN);
	}
}

static enum vc_role
diagnosis_role(const struct vc_diagnosis *diagnosis)
{
	return diagnosis->clue ? VC_ROLE_INFO : vc_severity_role(diagnosis->severity);
}

static const char *
diagnosis_word(const struct vc_diagnosis *diagnosis)
{
	return diagnosis->clue ? "clue" : vc_severity_name(diagnosis->severity);
}

static void
write_diagnosis(const struct writer *writer, const struct vc_diagnosis *diagnosis)
{
	const struct vc_diagnosis_cause *cause = &diagnosis->cause[0];
	_cleanup_buf_ struct vc_buf head = { 0 };

	vc_buf_addf(&head, "%s[%s]", diagnosis_word(diagnosis), vc_cause_id(&cause->cause));
	vc_layout_add(writer->out, writer->style, diagnosis_role(diagnosis), vc_buf_text(&head));
	vc_buf_add(writer->out, ": ");
	vc_layout_add(writer->out, writer->style, VC_ROLE_STRONG, vc_cause_title(&cause->cause));
	vc_buf_add(writer->out, "\n");
	write_sightings(writer, diagnosis);
	if (diagnosis->clue)
		write_labelled(writer, "note", "no failure by itself: guests that work come with this message too");
	if (cause->cause.rule)
		write_rule(writer, diagnosis, cause);
	else
		write_message(writer, cause->cause.message);
	write_others(writer, diagnosis);
	write_apart(writer, diagnosis);
	vc_buf_add(writer->out, "\n");
}

/* --- what is no diagnosis --- */

static const struct vc_message *
message_of(const struct writer *writer, const struct vc_sighting *sighting)
{
	return vc_matcher_pattern(writer->diagnoses->matcher, sighting->pattern[0])->cause.message;
}

/* Sightings of one message stand together; of each the line, of the first what it says. Returns how many that were. */
static size_t
write_beside_message(const struct writer *writer, const struct vc_sighting *const *sighting, size_t count)
{
	const struct vc_message *message = message_of(writer, sighting[0]);
	size_t length = 1;

	while (length < count && message_of(writer, sighting[length]) == message)
		length++;
	for (size_t i = 0; i < length; i++) {
		if (i > 0 && !is_verbose(writer)) {
			vc_layout_pad(writer->out, 2);
			vc_buf_addf(writer->out, "and %zu more like it; --verbose shows them\n", length - i);
			break;
		}
		vc_layout_pad(writer->out, 2);
		add_places(writer->out, sighting[i]);
		vc_buf_add(writer->out, "  ");
		vc_buf_add_safe(writer->out, sighting[i]->text, 0);
		vc_buf_add(writer->out, "\n");
	}
	write_prose(writer, message->meaning, 6);
	return length;
}

static int
compare_messages(const void *a, const void *b)
{
	const struct vc_sighting *x = *(const struct vc_sighting *const *)a;
	const struct vc_sighting *y = *(const struct vc_sighting *const *)b;

	/* By what recognises them; then as they come in the logs. */
	if (x->pattern[0] != y->pattern[0])
		return x->pattern[0] < y->pattern[0] ? -1 : 1;
	return x < y ? -1 : x > y;
}

static void
write_beside(const struct writer *writer, const char *heading, const char *words,
	     const struct vc_sighting *const *sighting, size_t count)
{
	const struct vc_sighting **sorted =
		vc_arena_make_array(writer->report->arena, count + 1, const struct vc_sighting *);
	uint64_t lines = 0;

	if (count == 0)
		return;
	for (size_t i = 0; i < count; i++) {
		lines += sighting[i]->count;
		sorted[i] = sighting[i];
	}
	/* Patterns are in the order of their messages. */
	qsort(sorted, count, sizeof(*sorted), compare_messages);
	vc_layout_add(writer->out, writer->style, VC_ROLE_STRONG, heading);
	vc_buf_addf(writer->out, ": %" PRIu64 " %s %s\n", lines, lines == 1 ? "message" : "messages", words);
	for (size_t i = 0; i < count;)
		i += write_beside_message(writer, sorted + i, count - i);
	vc_buf_add(writer->out, "\n");
}

static void
write_unknown(const struct writer *writer)
{
	const struct vc_diagnoses *diagnoses = writer->diagnoses;
	size_t shown = diagnoses->unknowns;

	if (diagnoses->unknown_lines == 0)
		return;
	if (!is_verbose(writer) && shown > UNKNOWN_SHOWN)
		shown = UNKNOWN_SHOWN;
	vc_layout_add(writer->out, writer->style, VC_ROLE_UNDECIDED, "not recognised");
	vc_buf_addf(writer->out, ": %" PRIu64 " %s\n", diagnoses->unknown_lines,
		    diagnoses->unknown_lines == 1 ? "line that looks like an error" : "lines that look like errors");
	for (size_t i = 0; i < shown; i++) {
		vc_layout_pad(writer->out, 2);
		add_place(writer->out, &diagnoses->unknown[i].place);
		vc_buf_add(writer->out, "  ");
		vc_buf_add_safe(writer->out, diagnoses->unknown[i].text, 0);
		vc_buf_add(writer->out, "\n");
	}
	if (shown < diagnoses->unknown_lines)
		vc_buf_addf(writer->out, "  and %" PRIu64 " more%s\n", diagnoses->unknown_lines - shown,
			    shown < diagnoses->unknowns ? "; --verbose shows them" : "");
	vc_buf_add(writer->out, "\n");
}

/* --- the end --- */

static void
add_count(const struct writer *writer, enum vc_role role, uint64_t count, const char *one, const char *many)
{
	char text[64];

	snprintf(text, sizeof(text), "%" PRIu64 " %s", count, count == 1 ? one : many);
	vc_layout_add(writer->out, writer->style, count > 0 ? role : VC_ROLE_PLAIN, text);
}

static void
write_summary(const struct writer *writer)
{
	struct vc_diagnosis_count count;

	vc_count_diagnoses(writer->diagnoses, &count);
	if (writer->diagnoses->count == 0)
		vc_buf_add(writer->out, "No known failure was recognised.\n");
	if (writer->diagnoses->left_out > 0)
		vc_buf_addf(writer->out, "%" PRIu64 " more messages were recognised; there were too many different ones to keep.\n",
			    writer->diagnoses->left_out);
	add_count(writer, VC_ROLE_ERROR, count.count.error, "error", "errors");
	vc_buf_add(writer->out, ", ");
	add_count(writer, VC_ROLE_WARNING, count.count.warning, "warning", "warnings");
	vc_buf_add(writer->out, ", ");
	add_count(writer, VC_ROLE_INFO, count.count.info, "info", "infos");
	vc_buf_add(writer->out, ", ");
	add_count(writer, VC_ROLE_INFO, count.clue, "clue", "clues");
	vc_buf_addf(writer->out, ", %" PRIu64 " noise, ", count.noise);
	add_count(writer, VC_ROLE_UNDECIDED, writer->diagnoses->unknown_lines, "not recognised", "not recognised");
	vc_buf_add(writer->out, "\n");
}

/* FILE:LINE: error: title [id] */
static void
write_line(const struct writer *writer, const struct vc_diagnosis *diagnosis)
{
	const struct vc_diagnosis_cause *cause = &diagnosis->cause[0];

	add_place(writer->out, &diagnosis->sighting[0]->first);
	vc_buf_add(writer->out, ": ");
	vc_layout_add(writer->out, writer->style, diagnosis_role(diagnosis), diagnosis_word(diagnosis));
	vc_buf_add(writer->out, ": ");
	vc_buf_add_safe(writer->out, vc_cause_title(&cause->cause), 0);
	vc_buf_add(writer->out, " [");
	vc_buf_add_safe(writer->out, vc_cause_id(&cause->cause), 0);
	vc_buf_add(writer->out, "]\n");
}

void
vc_diagnosis_text(const struct vc_diagnosis_report *report, const struct vc_style *style, struct vc_buf *out)
{
	const struct writer writer = { .report = report, .diagnoses = report->diagnoses, .style = style, .out = out };

	if (style->loudness == VC_QUIET) {
		for (size_t i = 0; i < report->diagnoses->count; i++)
			write_line(&writer, &report->diagnoses->item[i]);
		return;
	}
	write_header(&writer);
	for (size_t i = 0; i < report->diagnoses->count; i++)
		write_diagnosis(&writer, &report->diagnoses->item[i]);
	write_beside(&writer, "noise", "that mean nothing is wrong", report->diagnoses->noise, report->diagnoses->noises);
	if (is_verbose(&writer))
		write_beside(&writer, "around them", "that carry others or follow from them", report->diagnoses->wrapper,
			     report->diagnoses->wrappers);
	write_unknown(&writer);
	write_summary(&writer);
}
