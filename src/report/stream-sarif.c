/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SARIF 2.1.0 [OASIS sarif-v2.1.0], one run. Results come first, and the rules they are of after them, so
 * that nothing has to be kept but which rules those are.
 *
 * A finding is a result of the kind "fail", what is undecided one of the kind "open": the rule was evaluated,
 * and there was not enough information to decide. What could not be read at all is a notification of the
 * invocation.
 */
#include <ctype.h>
#include <string.h>

#include "report/json.h"
#include "report/layout.h"
#include "report/stream.h"

#define SCHEMA_URI "https://json.schemastore.org/sarif-2.1.0.json"

struct sarif_stream {
	const struct vc_rule **rule; /* those that were named, by their index */
	size_t rules;
	bool begun;
};

static void
begin(struct vc_stream *stream, struct vc_buf *out)
{
	stream->state = vc_arena_make(stream->arena, struct sarif_stream);
	vc_buf_add(out,
		   "{\n  \"$schema\": \"" SCHEMA_URI "\",\n  \"version\": \"2.1.0\",\n  \"runs\": [\n    {\n"
		   "      \"results\": [");
}

/* RFC 3986: all but unreserved characters and the separator of directories is encoded. */
static void
add_encoded(struct vc_buf *uri, const char *path)
{
	for (; *path; path++) {
		if (isalnum((unsigned char)*path) || strchr("-._~/", *path))
			vc_buf_add_n(uri, path, 1);
		else
			vc_buf_addf(uri, "%%%02X", (unsigned char)*path);
	}
}

static struct json_object *
make_artifact(const char *path)
{
	struct json_object *location = json_object_new_object();
	_cleanup_buf_ struct vc_buf uri = { 0 };

	/* With two slashes in front it would be the name of a machine. */
	while (path[0] == '/' && path[1] == '/')
		path++;
	if (*path == '/')
		vc_buf_add(&uri, "file://");
	add_encoded(&uri, path);
	vc_json_add_text(location, "uri", vc_buf_text(&uri));
	return location;
}

static struct json_object *
make_text(const char *text)
{
	struct json_object *message = json_object_new_object();

	vc_json_add_text(message, "text", text);
	return message;
}

static struct json_object *
make_physical(const char *path, int line)
{
	struct json_object *physical = json_object_new_object(), *region;

	json_object_object_add(physical, "artifactLocation", make_artifact(path));
	if (line > 0) {
		region = json_object_new_object();
		json_object_object_add(region, "startLine", json_object_new_int(line));
		json_object_object_add(physical, "region", region);
	}
	return physical;
}

static struct json_object *
make_logical(const char *name, const char *kind)
{
	struct json_object *logical = json_object_new_object();

	vc_json_add_text(logical, "fullyQualifiedName", name);
	vc_json_add_text(logical, "kind", kind);
	return logical;
}

static struct json_object *
make_locations(const struct vc_report *report, const struct vc_finding *finding)
{
	struct json_object *locations = json_object_new_array(), *location = json_object_new_object();
	struct json_object *logical = json_object_new_array();
	const char *path = vc_subject_path(&report->subject[0]);

	if (path)
		json_object_object_add(location, "physicalLocation",
				       make_physical(path, finding->place.line));
	if (finding->place.xpath)
		json_object_array_add(logical, make_logical(finding->place.xpath, "element"));
	if (finding->device)
		json_object_array_add(logical, make_logical(finding->device, "device"));
	json_object_array_add(logical, make_logical(report->root, "host"));
	json_object_object_add(location, "logicalLocations", logical);
	json_object_array_add(locations, location);
	return locations;
}

/* What stays the same from run to run, whatever moves in the file. */
static struct json_object *
make_fingerprint(const struct vc_report *report, const struct vc_finding *finding)
{
	struct json_object *fingerprints = json_object_new_object();
	_cleanup_buf_ struct vc_buf text = { 0 };

	vc_buf_addf(&text, "%s|%s|%s|%s|%s", finding->rule->id, vc_subject_name(&report->subject[0]),
		    report->root, finding->device ? finding->device : "",
		    finding->place.xpath ? finding->place.xpath : "");
	if (finding->outcome == VC_UNDECIDED)
		vc_buf_addf(&text, "|%s", finding->unknown_fact ? finding->unknown_fact : "");
	vc_json_add_text(fingerprints, "vhostcheckFinding/v1", vc_buf_text(&text));
	return fingerprints;
}

static size_t
index_of(struct vc_stream *stream, const struct vc_rule *rule)
{
	struct sarif_stream *state = stream->state;

	for (size_t i = 0; i < state->rules; i++) {
		if (state->rule[i] == rule)
			return i;
	}
	*(const struct vc_rule **)vc_arena_append(stream->arena, (void **)&state->rule, &state->rules,
						  sizeof(*state->rule)) = rule;
	return state->rules - 1;
}

static const char *
level_of(enum vc_severity severity)
{
	return severity == VC_ERROR ? "error" : severity == VC_WARNING ? "warning" : "note";
}

static void
add_message(const struct vc_stream *stream, const struct vc_report *report, const struct vc_finding *finding,
	    size_t host, struct vc_buf *text)
{
	if (stream->info->hosts > 1)
		vc_buf_addf(text, "on %s: ", stream->info->host[host].label);
	if (finding->outcome == VC_UNDECIDED) {
		vc_buf_addf(text, "not decided: %s", vc_finding_doubt(finding, report->arena));
		return;
	}
	vc_buf_addf(text, "%s\n", vc_finding_message(finding));
	vc_finding_add_fixes(report, finding, text);
	text->text[--text->length] = '\0';
}

static void
add_result(struct vc_stream *stream, const struct vc_report *report, const struct vc_finding *finding,
	   size_t host, struct vc_buf *out)
{
	_cleanup_json_ struct json_object *result = json_object_new_object();
	struct sarif_stream *state = stream->state;
	bool failed = finding->outcome == VC_FAIL;
	_cleanup_buf_ struct vc_buf text = { 0 };

	add_message(stream, report, finding, host, &text);
	vc_json_add_text(result, "ruleId", finding->rule->id);
	vc_json_add_count(result, "ruleIndex", index_of(stream, finding->rule));
	vc_json_add_text(result, "kind", failed ? "fail" : "open");
	vc_json_add_text(result, "level", failed ? level_of(finding->rule->severity) : "none");
	json_object_object_add(result, "message", make_text(vc_buf_text(&text)));
	json_object_object_add(result, "locations", make_locations(report, finding));
	json_object_object_add(result, "partialFingerprints", make_fingerprint(report, finding));
	vc_buf_add(out, state->begun ? ",\n        " : "\n        ");
	state->begun = true;
	vc_json_write_at(result, 4, out);
}

static void
add(struct vc_stream *stream, const struct vc_report *report, size_t host, struct vc_buf *out)
{
	const struct vc_findings *findings = report->subject[0].findings;

	for (size_t i = 0; i < findings->count; i++) {
		const struct vc_finding *finding = &findings->item[i];

		if (finding->outcome == VC_FAIL || finding->outcome == VC_UNDECIDED)
			add_result(stream, report, finding, host, out);
	}
}

/* --- the end: what the results are of --- */

static struct json_object *
make_rule(const struct vc_rule *rule)
{
	struct json_object *object = json_object_new_object(), *configuration = json_object_new_object();
	struct json_object *properties = json_object_new_object(), *tags = json_object_new_array();
	_cleanup_buf_ struct vc_buf why = { 0 };

	vc_layout_fold(&why, rule->why);
	vc_json_add_text(object, "id", rule->id);
	json_object_object_add(object, "shortDescription", make_text(rule->title));
	json_object_object_add(object, "fullDescription", make_text(rule->title));
	json_object_object_add(object, "help", make_text(vc_buf_text(&why)));
	vc_json_add_text(configuration, "level", level_of(rule->severity));
	json_object_object_add(object, "defaultConfiguration", configuration);
	if (rule->topic)
		json_object_array_add(tags, vc_json_text(rule->topic));
	json_object_object_add(properties, "tags", tags);
	/* GitHub's word for it: "very-high" to "low" [docs.github.com, SARIF support for code scanning]. */
	vc_json_add_text(properties, "precision", rule->confidence == VC_PROVEN ? "very-high" : "medium");
	json_object_object_add(object, "properties", properties);
	return object;
}

static struct json_object *
make_tool(const struct sarif_stream *state)
{
	struct json_object *tool = json_object_new_object(), *driver = json_object_new_object();
	struct json_object *rules = json_object_new_array();

	for (size_t i = 0; i < state->rules; i++)
		json_object_array_add(rules, make_rule(state->rule[i]));
	vc_json_add_text(driver, "name", "vhostcheck");
	vc_json_add_text(driver, "version", VC_VERSION);
	json_object_object_add(driver, "rules", rules);
	json_object_object_add(tool, "driver", driver);
	return tool;
}

static struct json_object *
make_notification(const struct vc_diag *diag)
{
	struct json_object *notification = json_object_new_object();
	struct json_object *locations = json_object_new_array(), *location = json_object_new_object();

	vc_json_add_text(notification, "level", "error");
	json_object_object_add(notification, "message", make_text(diag->text));
	if (diag->file && strcmp(diag->file, "-") != 0) {
		json_object_object_add(location, "physicalLocation", make_physical(diag->file, diag->line));
		json_object_array_add(locations, location);
		json_object_object_add(notification, "locations", locations);
	} else {
		json_object_put(location);
		json_object_put(locations);
	}
	return notification;
}

static struct json_object *
make_invocations(const struct vc_diags *refused)
{
	struct json_object *invocations = json_object_new_array(), *invocation = json_object_new_object();
	struct json_object *notifications = json_object_new_array();

	for (size_t i = 0; i < refused->count; i++)
		json_object_array_add(notifications, make_notification(&refused->item[i]));
	json_object_object_add(invocation, "executionSuccessful",
			       json_object_new_boolean(refused->count == 0));
	json_object_object_add(invocation, "toolExecutionNotifications", notifications);
	json_object_array_add(invocations, invocation);
	return invocations;
}

static void
end(struct vc_stream *stream, const struct vc_diags *refused, struct vc_buf *out)
{
	_cleanup_json_ struct json_object *tool = make_tool(stream->state);
	_cleanup_json_ struct json_object *invocations = make_invocations(refused);
	const struct sarif_stream *state = stream->state;

	vc_buf_add(out, state->begun ? "\n      ],\n      \"invocations\": " : "],\n      \"invocations\": ");
	vc_json_write_at(invocations, 3, out);
	vc_buf_add(out, ",\n      \"tool\": ");
	vc_json_write_at(tool, 3, out);
	vc_buf_add(out, ",\n      \"columnKind\": \"utf16CodeUnits\"\n    }\n  ]\n}\n");
}

const struct vc_format_row vc_format_sarif = { "sarif", begin, add, end };
