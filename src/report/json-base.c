/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "report/json.h"

struct json_object *
vc_json_text(const char *text)
{
	_cleanup_buf_ struct vc_buf safe = { 0 }, part = { 0 };

	if (!text)
		return NULL;
	while (*text) {
		size_t length = strcspn(text, "\t");

		part.length = 0;
		vc_buf_add_n(&part, text, length);
		vc_buf_add_safe(&safe, vc_buf_text(&part), 1);
		if (text[length] == '\t')
			vc_buf_add(&safe, "\t");
		text += length + (text[length] == '\t');
	}
	return json_object_new_string(vc_buf_text(&safe));
}

void
vc_json_add_text(struct json_object *object, const char *key, const char *text)
{
	json_object_object_add(object, key, vc_json_text(text));
}

void
vc_json_add_count(struct json_object *object, const char *key, size_t count)
{
	json_object_object_add(object, key, json_object_new_int64((int64_t)count));
}

struct json_object *
vc_json_begin(const char *schema)
{
	struct json_object *object = json_object_new_object(), *tool = json_object_new_object();

	vc_json_add_text(object, "schema", schema);
	vc_json_add_count(object, "schema_version", 1);
	vc_json_add_text(tool, "name", "vhostcheck");
	vc_json_add_text(tool, "version", VC_VERSION);
	json_object_object_add(object, "tool", tool);
	return object;
}

static const char *
known_text(const struct vc_fact_text *fact)
{
	return vc_known(&fact->fact) ? fact->value : NULL;
}

struct json_object *
vc_json_host(const struct vc_report *report)
{
	struct json_object *host = json_object_new_object();

	vc_json_add_text(host, "source", report->source == VC_HOSTFS_LIVE ? "live" : "capture");
	vc_json_add_text(host, "hostname", known_text(&report->host->hostname));
	vc_json_add_text(host, "kernel", known_text(&report->host->kernel_release));
	return host;
}

struct json_object *
vc_json_host_of_several(const struct vc_report *report)
{
	struct json_object *host = vc_json_host(report);

	vc_json_add_text(host, "root", report->root);
	return host;
}

static void write_value(struct json_object *value, unsigned depth, struct vc_buf *out);

static void
begin_line(unsigned depth, bool first, struct vc_buf *out)
{
	vc_buf_addf(out, "%s\n%*s", first ? "" : ",", (int)(2 * depth), "");
}

static void
write_array(struct json_object *array, unsigned depth, struct vc_buf *out)
{
	size_t length = json_object_array_length(array);

	vc_buf_add(out, "[");
	for (size_t i = 0; i < length; i++) {
		begin_line(depth + 1, i == 0, out);
		write_value(json_object_array_get_idx(array, i), depth + 1, out);
	}
	if (length > 0)
		begin_line(depth, true, out);
	vc_buf_add(out, "]");
}

static void
write_object(struct json_object *object, unsigned depth, struct vc_buf *out)
{
	struct json_object_iterator at = json_object_iter_begin(object), end = json_object_iter_end(object);
	bool first = true;

	vc_buf_add(out, "{");
	for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at)) {
		begin_line(depth + 1, first, out);
		/* Keys are the program's own words: nothing in them needs an escape. */
		vc_buf_addf(out, "\"%s\": ", json_object_iter_peek_name(&at));
		write_value(json_object_iter_peek_value(&at), depth + 1, out);
		first = false;
	}
	if (!first)
		begin_line(depth, true, out);
	vc_buf_add(out, "}");
}

/* json-c lays out empty arrays differently from version to version; the same report gives the same bytes. */
static void
write_value(struct json_object *value, unsigned depth, struct vc_buf *out)
{
	switch (json_object_get_type(value)) {
	case json_type_object:
		write_object(value, depth, out);
		break;
	case json_type_array:
		write_array(value, depth, out);
		break;
	default:
		vc_buf_add(out, json_object_to_json_string_ext(value, JSON_C_TO_STRING_NOSLASHESCAPE));
	}
}

void
vc_json_write_at(struct json_object *value, unsigned depth, struct vc_buf *out)
{
	write_value(value, depth, out);
}

void
vc_json_write_open(struct json_object *object, const char *key, struct vc_buf *out)
{
	_cleanup_buf_ struct vc_buf text = { 0 };

	write_value(object, 0, &text);
	vc_buf_add_n(out, text.text, text.length - strlen("\n}"));
	vc_buf_addf(out, ",\n  \"%s\": [", key);
}

void
vc_json_write_line(struct json_object *object, struct vc_buf *out)
{
	vc_buf_add(out, json_object_to_json_string_ext(object,
						       JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	vc_buf_add(out, "\n");
}

void
vc_json_write(struct json_object *object, struct vc_buf *out)
{
	write_value(object, 0, out);
	vc_buf_add(out, "\n");
}
