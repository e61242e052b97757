/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The comparison for people: the facts that changed, what appeared in full, what went and what cannot be told
 * any more. */
#include <string.h>

#include "report/compare.h"
#include "report/layout.h"
#include "report/stream.h"
#include "report/text.h"

/* Records that are named of those that changed alike. */
#define KEYS_MAX 4

struct comparison_text {
	const struct vc_rule **explained;
	size_t explained_count;
};

static bool
alike(const struct vc_change *a, const struct vc_change *b)
{
	return a->kind == b->kind && strcmp(a->pattern, b->pattern) == 0 &&
	       strcmp(a->before ? a->before : "", b->before ? b->before : "") == 0 &&
	       strcmp(a->after ? a->after : "", b->after ? b->after : "") == 0;
}

static void
add_values(const struct vc_change *change, struct vc_buf *line)
{
	if (change->kind == VC_CHANGE_APPEARED || change->kind == VC_CHANGE_GONE) {
		const char *what = change->before ? change->before : change->after;

		vc_buf_add(line, change->before ? ": gone" : ": new");
		if (*what)
			vc_buf_addf(line, " (%s)", what);
	} else if (change->difference) {
		vc_buf_addf(line, ": %s", change->difference);
	} else {
		vc_buf_addf(line, ": %s -> %s", change->before, change->after);
	}
}

/* Returns how many changes that were. */
static size_t
write_change(const struct vc_comparison *comparison, const struct vc_change *change, size_t count,
	     struct vc_buf *out)
{
	_cleanup_buf_ struct vc_buf line = { 0 };
	size_t length = 1;

	while (length < count && alike(change, &change[length]))
		length++;
	vc_buf_add_safe(&line, length > 1 ? change->pattern : change->fact, 0);
	add_values(change, &line);
	if (length > 1) {
		vc_buf_addf(&line, " (%zu: ", length);
		for (size_t i = 0; i < length && i < KEYS_MAX; i++)
			vc_buf_addf(&line, "%s%s", i > 0 ? ", " : "", change[i].key);
		vc_buf_add(&line, length > KEYS_MAX ? ", ...)" : ")");
	}
	vc_layout_pad(out, 2);
	vc_layout_wrap(out, comparison->style, vc_buf_text(&line), 2, 6);
	return length;
}

static bool
is_shown(const struct vc_comparison *comparison, const struct vc_change *change)
{
	return comparison->style->loudness == VC_VERBOSE ||
	       (!change->minor && change->kind != VC_CHANGE_UNKNOWN);
}

static void
write_facts(const struct vc_comparison *comparison, const struct vc_changes *changes, struct vc_buf *out)
{
	size_t minor = 0, unknown = 0;

	for (size_t i = 0; i < changes->count;) {
		const struct vc_change *change = &changes->item[i];

		if (is_shown(comparison, change)) {
			i += write_change(comparison, change, changes->count - i, out);
			continue;
		}
		unknown += change->kind == VC_CHANGE_UNKNOWN;
		minor += change->kind != VC_CHANGE_UNKNOWN;
		i++;
	}
	if (minor > 0)
		vc_buf_addf(out,
			    "  %zu more that change all the time or follow from those above: -v shows them\n",
			    minor);
	if (unknown > 0)
		vc_buf_addf(out, "  %zu that only one of the two knows: -v shows them\n", unknown);
}

static void
write_host(const struct vc_comparison *comparison, const char *label, const struct vc_report *report,
	   struct vc_buf *out)
{
	vc_layout_add(out, comparison->style, VC_ROLE_LABEL, label);
	vc_layout_pad(out, 8 - vc_layout_columns(label));
	vc_text_host(report, NULL, out);
	vc_buf_add(out, "\n");
}

static void
begin(struct vc_comparison *comparison, const struct vc_report *before, const struct vc_report *after,
      const struct vc_changes *changes, struct vc_buf *out)
{
	comparison->state = vc_arena_make(comparison->arena, struct comparison_text);
	if (comparison->style->loudness == VC_QUIET)
		return;
	write_host(comparison, "old", before, out);
	write_host(comparison, "new", after, out);
	vc_buf_add(out, "\n");
	vc_layout_add(out, comparison->style, VC_ROLE_STRONG,
		      comparison->facts > 0 ? "facts of the host that changed"
					    : "no fact of the host changed");
	vc_buf_add(out, "\n");
	write_facts(comparison, changes, out);
	vc_buf_add(out, "\n");
}

/* A reason is given once. */
static bool
explain(const struct vc_comparison *comparison, const struct vc_rule *rule)
{
	struct comparison_text *state = comparison->state;

	for (size_t i = 0; i < state->explained_count; i++) {
		if (state->explained[i] == rule)
			return false;
	}
	*(const struct vc_rule **)vc_arena_append(comparison->arena, (void **)&state->explained,
						  &state->explained_count, sizeof(rule)) = rule;
	return true;
}

static void
write_appeared(const struct vc_comparison *comparison, const struct vc_report *after,
	       const struct vc_finding *finding, struct vc_buf *out)
{
	vc_layout_add(out, comparison->style, VC_ROLE_LABEL, "appeared: ");
	vc_text_head(after, finding, comparison->style, out);
	vc_text_why(finding->rule, !explain(comparison, finding->rule), comparison->style, out);
	vc_text_fixes(after, finding, comparison->style, out);
	vc_buf_add(out, "\n");
}

static void
write_short(const struct vc_comparison *comparison, const char *what, const struct vc_rule *rule,
	    const char *text, struct vc_buf *out)
{
	vc_layout_add(out, comparison->style, VC_ROLE_LABEL, what);
	vc_buf_addf(out, ": %s[%s]: ", vc_severity_name(rule->severity), rule->id);
	vc_buf_add_safe(out, text, 0);
	vc_buf_add(out, "\n");
}

static bool
same_advice(const struct vc_finding *a, const struct vc_finding *b)
{
	return strcmp(a->unknown_reason ? a->unknown_reason : "",
		      b->unknown_reason ? b->unknown_reason : "") == 0 &&
	       strcmp(a->unknown_hint ? a->unknown_hint : "", b->unknown_hint ? b->unknown_hint : "") == 0;
}

/* What one step would decide stands together. */
static void
write_undecided(const struct vc_comparison *comparison, const struct vc_compared *compared,
		struct vc_buf *out)
{
	const struct vc_finding *const *finding = compared->undecided;

	for (size_t i = 0; i < compared->undecided_count; i++) {
		_cleanup_buf_ struct vc_buf line = { 0 };
		bool told = false;

		for (size_t j = 0; j < i && !told; j++)
			told = same_advice(finding[i], finding[j]);
		if (told)
			continue;
		vc_layout_add(out, comparison->style, VC_ROLE_UNDECIDED, "undecided now");
		vc_buf_addf(&line, ": %s",
			    finding[i]->unknown_reason ? finding[i]->unknown_reason : "not known");
		if (finding[i]->unknown_hint)
			vc_buf_addf(&line, "; %s", finding[i]->unknown_hint);
		for (size_t j = i; j < compared->undecided_count; j++) {
			if (same_advice(finding[i], finding[j]))
				vc_buf_addf(&line, "%s %s", j == i ? ":" : ",", finding[j]->rule->id);
		}
		vc_layout_wrap(out, comparison->style, vc_buf_text(&line), 13, 2);
	}
}

static void
write_lines(const struct vc_report *report, const struct vc_finding *const *finding, size_t count,
	    const char *what, const struct vc_style *style, struct vc_buf *out)
{
	for (size_t i = 0; i < count; i++) {
		vc_buf_addf(out, "%s: ", what);
		vc_text_line(report, finding[i], NULL, style, out);
	}
}

static void
write_subject_head(const struct vc_comparison *comparison, const struct vc_report *after, struct vc_buf *out)
{
	const struct vc_report_subject *subject = &after->subject[0];

	vc_layout_add(out, comparison->style, VC_ROLE_LABEL, subject->guest ? "domain" : "host");
	if (subject->guest) {
		vc_buf_add(out, "  ");
		vc_layout_add(out, comparison->style, VC_ROLE_STRONG, vc_subject_name(subject));
		vc_buf_add(out, "  ");
		vc_buf_add_safe(out, vc_subject_file(subject), 0);
	}
	vc_buf_add(out, "\n");
}

static void
add(struct vc_comparison *comparison, const struct vc_report *before, const struct vc_report *after,
    const struct vc_compared *compared, struct vc_buf *out)
{
	const struct vc_style *style = comparison->style;

	if (compared->appeared_count + compared->gone_count + compared->undecided_count +
		    compared->decided_count ==
	    0)
		return;
	if (style->loudness == VC_QUIET) {
		write_lines(after, compared->appeared, compared->appeared_count, "appeared", style, out);
		write_lines(before, compared->gone, compared->gone_count, "gone", style, out);
		return;
	}
	write_subject_head(comparison, after, out);
	for (size_t i = 0; i < compared->appeared_count; i++)
		write_appeared(comparison, after, compared->appeared[i], out);
	for (size_t i = 0; i < compared->gone_count; i++)
		write_short(comparison, "gone", compared->gone[i]->rule,
			    vc_finding_message(compared->gone[i]), out);
	write_undecided(comparison, compared, out);
	for (size_t i = 0; i < compared->decided_count; i++) {
		vc_layout_add(out, style, VC_ROLE_LABEL, "decided now: ");
		vc_buf_addf(out, "%s\n", compared->decided[i]->id);
	}
	if (compared->gone_count + compared->undecided_count + compared->decided_count > 0)
		vc_buf_add(out, "\n");
}

static void
end(struct vc_comparison *comparison, struct vc_buf *out)
{
	const struct vc_compared_count *count = &comparison->count;

	if (comparison->style->loudness == VC_QUIET)
		return;
	/* The host alone is the first subject. */
	vc_buf_addf(
		out,
		"%zu facts changed; on the host and in %zu %s: appeared %zu %s, %zu %s, %zu %s; gone %zu; "
		"undecided now %zu, decided now %zu\n",
		comparison->facts, count->subjects - 1, count->subjects == 2 ? "domain" : "domains",
		count->appeared.error, count->appeared.error == 1 ? "error" : "errors",
		count->appeared.warning, count->appeared.warning == 1 ? "warning" : "warnings",
		count->appeared.info, count->appeared.info == 1 ? "info" : "infos", count->gone,
		count->appeared.undecided, count->decided);
}

const struct vc_comparison_format vc_comparison_text = { begin, add, end };
