/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A diagnosis for programs; keys in the order of the schema. */
#include <string.h>

#include "report/diagnosis.h"
#include "report/json.h"
#include "report/layout.h"

struct writer {
	const struct vc_diagnosis_report *report;
	const struct vc_diagnoses *diagnoses;
};

static struct json_object *
make_texts(const char *const *text, size_t count)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < count; i++)
		json_object_array_add(list, vc_json_text(text[i]));
	return list;
}

static void
add_number(struct json_object *object, const char *key, uint64_t number)
{
	json_object_object_add(object, key, json_object_new_int64(number > INT64_MAX ? INT64_MAX : (int64_t)number));
}

static struct json_object *
make_place(const struct vc_log_place *place)
{
	struct json_object *object = json_object_new_object();

	vc_json_add_text(object, "file", place->file);
	add_number(object, "line", place->line);
	return object;
}

static struct json_object *
make_symptom(const struct vc_pattern *pattern)
{
	struct json_object *object = json_object_new_object();
	_cleanup_buf_ struct vc_buf text = { 0 }, versions = { 0 };

	vc_symptom_format(pattern->symptom, &text);
	vc_symptom_format_versions(pattern->symptom, &versions);
	vc_json_add_text(object, "cause", vc_cause_id(&pattern->cause));
	vc_json_add_text(object, "text", vc_buf_text(&text));
	vc_json_add_text(object, "from", vc_printer_name(pattern->symptom->from));
	vc_json_add_text(object, "versions", versions.length > 0 ? vc_buf_text(&versions) : NULL);
	json_object_object_add(object, "clue", json_object_new_boolean(pattern->symptom->clue));
	return object;
}

static struct json_object *
make_sighting(const struct writer *writer, const struct vc_sighting *sighting)
{
	struct json_object *object = json_object_new_object(), *values = json_object_new_array();
	struct json_object *symptoms = json_object_new_array();

	vc_json_add_text(object, "text", sighting->text);
	for (size_t i = 0; i < sighting->values; i++) {
		struct json_object *value = json_object_new_object();

		vc_json_add_text(value, "name", sighting->value[i].name);
		vc_json_add_text(value, "value", sighting->value[i].text);
		json_object_array_add(values, value);
	}
	json_object_object_add(object, "values", values);
	json_object_object_add(object, "various", json_object_new_boolean(sighting->various));
	add_number(object, "count", sighting->count);
	json_object_object_add(object, "first", make_place(&sighting->first));
	json_object_object_add(object, "last", make_place(&sighting->last));
	for (size_t i = 0; i < sighting->patterns; i++)
		json_object_array_add(symptoms,
				      make_symptom(vc_matcher_pattern(writer->diagnoses->matcher, sighting->pattern[i])));
	json_object_object_add(object, "symptoms", symptoms);
	return object;
}

/* The fixes of a rule as they are written, before the values of a domain and a host are known. */
static struct json_object *
make_outlines(const struct writer *writer, const struct vc_cause *cause)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; cause->rule && i < cause->rule->fixes; i++) {
		const struct vc_fix *fix = &cause->rule->fix[i];
		struct json_object *object = json_object_new_object();

		vc_json_add_text(object, "who", vc_who_name(fix->who));
		json_object_object_add(object, "safe", json_object_new_boolean(fix->safe));
		vc_json_add_text(object, "summary", vc_fix_outline(fix, writer->report->arena));
		json_object_array_add(list, object);
	}
	return list;
}

static struct json_object *
make_cause(const struct writer *writer, const struct vc_diagnosis_cause *cause)
{
	const struct vc_rule *rule = cause->cause.rule;
	const struct vc_message *message = cause->cause.message;
	struct json_object *object = json_object_new_object(), *findings = json_object_new_array();
	struct json_object *undecided = json_object_new_array();
	_cleanup_buf_ struct vc_buf why = { 0 };

	vc_layout_fold(&why, rule ? rule->why : message->meaning);
	vc_json_add_text(object, "rule", rule ? rule->id : NULL);
	vc_json_add_text(object, "message", message ? message->id : NULL);
	vc_json_add_text(object, "severity", vc_severity_name(vc_cause_severity(&cause->cause)));
	vc_json_add_text(object, "confidence", rule ? vc_confidence_name(rule->confidence) : NULL);
	vc_json_add_text(object, "title", vc_cause_title(&cause->cause));
	vc_json_add_text(object, "why", vc_buf_text(&why));
	vc_json_add_text(object, "verdict", vc_verdict_name(cause->verdict));
	for (size_t i = 0; i < cause->findings.count; i++) {
		const struct vc_finding *finding = &cause->findings.item[i];

		if (finding->outcome == VC_FAIL)
			json_object_array_add(findings,
					      vc_json_finding(writer->report->run, finding));
		else if (finding->outcome == VC_UNDECIDED)
			json_object_array_add(undecided, vc_json_undecided(finding));
	}
	json_object_object_add(object, "findings", findings);
	json_object_object_add(object, "undecided", undecided);
	json_object_object_add(object, "fixes", make_outlines(writer, &cause->cause));
	json_object_object_add(object, "advice",
			       message ? make_texts(message->advice, message->advices) : json_object_new_array());
	json_object_object_add(object, "sources", rule ? make_texts(rule->source, rule->sources)
						       : make_texts(message->source, message->sources));
	return object;
}

static struct json_object *
make_diagnosis(const struct writer *writer, const struct vc_diagnosis *diagnosis)
{
	struct json_object *object = json_object_new_object(), *causes = json_object_new_array();
	struct json_object *messages = json_object_new_array();

	vc_json_add_text(object, "severity", vc_severity_name(diagnosis->severity));
	json_object_object_add(object, "clue", json_object_new_boolean(diagnosis->clue));
	for (size_t i = 0; i < diagnosis->causes; i++)
		json_object_array_add(causes, make_cause(writer, &diagnosis->cause[i]));
	json_object_object_add(object, "causes", causes);
	for (size_t i = 0; i < diagnosis->sightings; i++)
		json_object_array_add(messages, make_sighting(writer, diagnosis->sighting[i]));
	json_object_object_add(object, "messages", messages);
	return object;
}

/* Messages beside the diagnoses: what they are, and where. */
static struct json_object *
make_beside(const struct writer *writer, const struct vc_sighting *const *sighting, size_t count)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < count; i++) {
		const struct vc_pattern *pattern =
			vc_matcher_pattern(writer->diagnoses->matcher, sighting[i]->pattern[0]);
		struct json_object *object = json_object_new_object();
		_cleanup_buf_ struct vc_buf meaning = { 0 };

		vc_layout_fold(&meaning, pattern->cause.message->meaning);
		vc_json_add_text(object, "message", pattern->cause.message->id);
		vc_json_add_text(object, "title", pattern->cause.message->title);
		vc_json_add_text(object, "meaning", vc_buf_text(&meaning));
		vc_json_add_text(object, "text", sighting[i]->text);
		add_number(object, "count", sighting[i]->count);
		json_object_object_add(object, "first", make_place(&sighting[i]->first));
		json_object_object_add(object, "last", make_place(&sighting[i]->last));
		json_object_array_add(list, object);
	}
	return list;
}

static struct json_object *
make_unknown(const struct vc_diagnoses *diagnoses)
{
	struct json_object *object = json_object_new_object(), *lines = json_object_new_array();

	add_number(object, "count", diagnoses->unknown_lines);
	for (size_t i = 0; i < diagnoses->unknowns; i++) {
		struct json_object *line = make_place(&diagnoses->unknown[i].place);

		vc_json_add_text(line, "text", diagnoses->unknown[i].text);
		json_object_array_add(lines, line);
	}
	json_object_object_add(object, "lines", lines);
	return object;
}

static struct json_object *
make_logs(const struct vc_diagnoses *diagnoses)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < diagnoses->logs; i++) {
		struct json_object *object = json_object_new_object();

		vc_json_add_text(object, "file", diagnoses->log[i].file);
		add_number(object, "lines", diagnoses->log[i].lines);
		add_number(object, "bytes", diagnoses->log[i].bytes);
		json_object_array_add(list, object);
	}
	return list;
}

static struct json_object *
make_versions(const struct vc_diagnoses *diagnoses)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < diagnoses->versions; i++) {
		struct json_object *object = json_object_new_object();

		vc_json_add_text(object, "program", diagnoses->version[i].name);
		vc_json_add_text(object, "version", diagnoses->version[i].text);
		json_object_array_add(list, object);
	}
	return list;
}

static struct json_object *
make_summary(const struct vc_diagnoses *diagnoses)
{
	struct json_object *object = json_object_new_object();
	struct vc_diagnosis_count count;

	vc_count_diagnoses(diagnoses, &count);
	vc_json_add_count(object, "error", count.count.error);
	vc_json_add_count(object, "warning", count.count.warning);
	vc_json_add_count(object, "info", count.count.info);
	vc_json_add_count(object, "clue", count.clue);
	add_number(object, "noise", count.noise);
	add_number(object, "wrapper", count.wrapper);
	add_number(object, "unrecognised", diagnoses->unknown_lines);
	add_number(object, "left_out", diagnoses->left_out);
	return object;
}

void
vc_diagnosis_json(const struct vc_diagnosis_report *report, struct vc_buf *out)
{
	_cleanup_json_ struct json_object *object = vc_json_begin("vhostcheck-diagnosis");
	const struct writer writer = { .report = report, .diagnoses = report->diagnoses };
	const struct vc_diagnoses *diagnoses = report->diagnoses;
	struct json_object *domains = json_object_new_array(), *list = json_object_new_array();

	json_object_object_add(object, "logs", make_logs(diagnoses));
	json_object_object_add(object, "versions", make_versions(diagnoses));
	json_object_object_add(object, "host", report->run ? vc_json_host(report->run) : NULL);
	for (size_t i = 0; report->run && i < report->run->subjects; i++) {
		if (report->run->subject[i].guest)
			json_object_array_add(domains, vc_json_domain(report->run->subject[i].guest));
	}
	json_object_object_add(object, "domains", domains);
	for (size_t i = 0; i < diagnoses->count; i++)
		json_object_array_add(list, make_diagnosis(&writer, &diagnoses->item[i]));
	json_object_object_add(object, "diagnoses", list);
	json_object_object_add(object, "noise", make_beside(&writer, diagnoses->noise, diagnoses->noises));
	json_object_object_add(object, "wrappers", make_beside(&writer, diagnoses->wrapper, diagnoses->wrappers));
	json_object_object_add(object, "unrecognised", make_unknown(diagnoses));
	json_object_object_add(object, "summary", make_summary(diagnoses));
	vc_json_write(object, out);
}
