/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report in JSON as a stream, and the same as one line per subject. */
#include "report/stream.h"

#include "report/json.h"

struct json_stream {
	bool begun;
};

static void
begin_json(struct vc_stream *stream, struct vc_buf *out)
{
	(void)out;
	/* The host is named before the subjects, and known with the first of them. */
	stream->state = vc_arena_make(stream->arena, struct json_stream);
}

/* All before the first subject, of which the object is still open. */
static void
write_head(const struct vc_stream *stream, const struct vc_report *report, struct vc_buf *out)
{
	_cleanup_json_ struct json_object *head = vc_json_begin("vhostcheck-report");

	/* Of several hosts each subject names its own. */
	json_object_object_add(head, "host", stream->info->hosts > 1 ? NULL : vc_json_host(report));
	vc_json_write_open(head, "subjects", out);
}

static void
add_json(struct vc_stream *stream, const struct vc_report *report, size_t host, struct vc_buf *out)
{
	_cleanup_json_ struct json_object *subject = vc_json_subject(report, stream->info->hosts > 1);
	struct json_stream *state = stream->state;

	(void)host;
	if (!state->begun)
		write_head(stream, report, out);
	vc_buf_add(out, state->begun ? ",\n    " : "\n    ");
	state->begun = true;
	vc_json_write_at(subject, 2, out);
}

static void
end_json(struct vc_stream *stream, const struct vc_diags *refused, struct vc_buf *out)
{
	(void)stream;
	(void)refused;
	vc_buf_add(out, "\n  ]\n}\n");
}

const struct vc_format_row vc_format_json = { "json", begin_json, add_json, end_json };

static void
begin_lines(struct vc_stream *stream, struct vc_buf *out)
{
	(void)stream;
	(void)out;
}

static void
move(struct json_object *from, const char *key, struct json_object *to)
{
	json_object_object_add(to, key, json_object_get(json_object_object_get(from, key)));
}

static void
add_line(struct vc_stream *stream, const struct vc_report *report, size_t host, struct vc_buf *out)
{
	static const char *const key[] = { "host", "domain", "findings", "undecided", "summary" };
	_cleanup_json_ struct json_object *subject = vc_json_subject(report, true);
	_cleanup_json_ struct json_object *line = vc_json_begin("vhostcheck-subject");

	(void)stream;
	(void)host;
	for (size_t i = 0; i < VC_COUNT(key); i++)
		move(subject, key[i], line);
	vc_json_write_line(line, out);
}

static void
end_lines(struct vc_stream *stream, const struct vc_diags *refused, struct vc_buf *out)
{
	(void)stream;
	(void)refused;
	(void)out;
}

const struct vc_format_row vc_format_jsonl = { "jsonl", begin_lines, add_line, end_lines };
