/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The comparison for programs: src/report/vhostcheck-comparison.schema.json. */
#include "report/compare.h"
#include "report/json.h"

struct comparison_json {
	bool begun;
};

static const char *const kind_names[] = {
	[VC_CHANGE_VALUE] = "changed",
	[VC_CHANGE_APPEARED] = "appeared",
	[VC_CHANGE_GONE] = "gone",
	[VC_CHANGE_UNKNOWN] = "unknown",
};

static struct json_object *
make_change(const struct vc_change *change)
{
	struct json_object *object = json_object_new_object();

	vc_json_add_text(object, "fact", change->fact);
	vc_json_add_text(object, "change", kind_names[change->kind]);
	json_object_object_add(object, "minor", json_object_new_boolean(change->minor));
	vc_json_add_text(object, "old", change->before);
	vc_json_add_text(object, "new", change->after);
	return object;
}

static void
begin(struct vc_comparison *comparison, const struct vc_report *before, const struct vc_report *after,
      const struct vc_changes *changes, struct vc_buf *out)
{
	_cleanup_json_ struct json_object *head = vc_json_begin("vhostcheck-comparison");
	struct json_object *facts = json_object_new_array();

	comparison->state = vc_arena_make(comparison->arena, struct comparison_json);
	for (size_t i = 0; i < changes->count; i++)
		json_object_array_add(facts, make_change(&changes->item[i]));
	json_object_object_add(head, "old", vc_json_host_of_several(before));
	json_object_object_add(head, "new", vc_json_host_of_several(after));
	json_object_object_add(head, "facts", facts);
	vc_json_write_open(head, "subjects", out);
}

static struct json_object *
make_findings(const struct vc_report *report, const struct vc_finding *const *finding, size_t count)
{
	struct json_object *findings = json_object_new_array();

	for (size_t i = 0; i < count; i++)
		json_object_array_add(findings, vc_json_finding(report, finding[i]));
	return findings;
}

static void
add(struct vc_comparison *comparison, const struct vc_report *before, const struct vc_report *after,
    const struct vc_compared *compared, struct vc_buf *out)
{
	_cleanup_json_ struct json_object *subject = json_object_new_object();
	struct json_object *undecided = json_object_new_array(), *decided = json_object_new_array();
	struct comparison_json *state = comparison->state;

	for (size_t i = 0; i < compared->undecided_count; i++)
		json_object_array_add(undecided, vc_json_undecided(compared->undecided[i]));
	for (size_t i = 0; i < compared->decided_count; i++)
		json_object_array_add(decided, vc_json_text(compared->decided[i]->id));
	json_object_object_add(subject, "domain", vc_json_domain(after->subject[0].guest));
	json_object_object_add(subject, "appeared",
			       make_findings(after, compared->appeared, compared->appeared_count));
	json_object_object_add(subject, "gone", make_findings(before, compared->gone, compared->gone_count));
	json_object_object_add(subject, "undecided", undecided);
	json_object_object_add(subject, "decided", decided);
	vc_buf_add(out, state->begun ? ",\n    " : "\n    ");
	state->begun = true;
	vc_json_write_at(subject, 2, out);
}

static void
end(struct vc_comparison *comparison, struct vc_buf *out)
{
	_cleanup_json_ struct json_object *summary = json_object_new_object();
	const struct vc_compared_count *count = &comparison->count;

	vc_json_add_count(summary, "facts", comparison->facts);
	vc_json_add_count(summary, "error", count->appeared.error);
	vc_json_add_count(summary, "warning", count->appeared.warning);
	vc_json_add_count(summary, "info", count->appeared.info);
	vc_json_add_count(summary, "gone", count->gone);
	vc_json_add_count(summary, "undecided", count->appeared.undecided);
	vc_json_add_count(summary, "decided", count->decided);
	vc_buf_add(out, "\n  ],\n  \"summary\": ");
	vc_json_write_at(summary, 1, out);
	vc_buf_add(out, "\n}\n");
}

const struct vc_comparison_format vc_comparison_json = { begin, add, end };
