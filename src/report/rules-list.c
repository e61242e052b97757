/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "report/json.h"
#include "report/layout.h"

#define SEVERITY_COLUMNS 9

static const char *
scope_name(const struct vc_rule *rule)
{
	return rule->host_only ? "host" : "domain";
}

static const char *
source_name(const struct vc_rule *rule)
{
	return rule->file ? rule->file : "";
}

enum vc_fixable
vc_rule_fixable(const struct vc_rule *rule)
{
	enum vc_fixable best = VC_FIXABLE_NO;

	for (size_t i = 0; i < rule->fixes; i++) {
		if (rule->fix[i].safe)
			return VC_FIXABLE_SAFE;
		for (size_t j = 0; j < rule->fix[i].actions; j++) {
			if (rule->fix[i].action[j].verb != VC_VERB_ADVICE)
				best = VC_FIXABLE_ANY;
		}
	}
	return best;
}

static const char *const fixable_names[] = {
	[VC_FIXABLE_NO] = "no",
	[VC_FIXABLE_ANY] = "any",
	[VC_FIXABLE_SAFE] = "safe",
};

static bool
is_listed(const struct vc_rule *rule, const struct vc_rules_filter *filter)
{
	if (!filter)
		return true;
	return (!filter->topic || (rule->topic && strcmp(rule->topic, filter->topic) == 0)) &&
	       (!filter->has_severity || rule->severity == filter->severity) &&
	       vc_rule_fixable(rule) >= filter->fixable;
}

void
vc_rules_text(const struct vc_ruleset *rules, const struct vc_rules_filter *filter,
	      const struct vc_style *style, struct vc_buf *out)
{
	unsigned widest = 0;
	size_t listed = 0;

	for (size_t i = 0; i < rules->count; i++) {
		unsigned columns = vc_layout_columns(rules->rule[i]->id);

		widest = columns > widest ? columns : widest;
	}
	for (size_t i = 0; i < rules->count; i++) {
		const struct vc_rule *rule = rules->rule[i];
		const char *severity = vc_severity_name(rule->severity);

		if (!is_listed(rule, filter))
			continue;
		listed++;
		vc_layout_add(out, style, VC_ROLE_STRONG, rule->id);
		vc_layout_pad(out, widest + 2 - vc_layout_columns(rule->id));
		vc_layout_add(out, style, vc_severity_role(rule->severity), severity);
		vc_layout_pad(out, SEVERITY_COLUMNS - vc_layout_columns(severity));
		if (style->loudness == VC_VERBOSE)
			vc_buf_addf(out, "%-9s %-7s ", vc_confidence_name(rule->confidence), scope_name(rule));
		/* One line per rule, however long, so that grep finds the whole of it. */
		vc_buf_add_safe(out, rule->title, 0);
		vc_buf_add(out, "\n");
		if (style->loudness == VC_VERBOSE) {
			vc_layout_pad(out, widest + 2);
			vc_buf_add_safe(out, source_name(rule), 0);
			vc_buf_add(out, "\n");
		}
	}
	if (style->loudness != VC_QUIET)
		vc_buf_addf(out, "\n%zu %s\n", listed, listed == 1 ? "rule" : "rules");
}

void
vc_rules_json(const struct vc_ruleset *rules, const struct vc_rules_filter *filter, struct vc_buf *out)
{
	_cleanup_json_ struct json_object *object = vc_json_begin("vhostcheck-rules");
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < rules->count; i++) {
		const struct vc_rule *rule = rules->rule[i];
		struct json_object *item;

		if (!is_listed(rule, filter))
			continue;
		item = json_object_new_object();
		vc_json_add_text(item, "id", rule->id);
		vc_json_add_text(item, "topic", rule->topic);
		vc_json_add_text(item, "severity", vc_severity_name(rule->severity));
		vc_json_add_text(item, "confidence", vc_confidence_name(rule->confidence));
		vc_json_add_text(item, "scope", scope_name(rule));
		vc_json_add_text(item, "fixable", fixable_names[vc_rule_fixable(rule)]);
		vc_json_add_text(item, "since", rule->since);
		vc_json_add_text(item, "title", rule->title);
		vc_json_add_text(item, "file", rule->file);
		json_object_array_add(list, item);
	}
	json_object_object_add(object, "rules", list);
	vc_json_write(object, out);
}
