/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The report for people as a stream. A single check is the report of text.c. Of several there is a matrix,
 * and what was found stands below it, each finding once with the places where it is: they have to wait for
 * the last check, so that what is kept is bounded.
 */
#include <stdio.h>
#include <string.h>

#include "report/layout.h"
#include "report/matrix.h"
#include "report/stream.h"
#include "report/text.h"

/* Different findings, places of one, hosts of a place that are kept; the others are counted. */
#define GROUPS_MAX 1000
#define PLACES_MAX 10
#define HOSTS_MAX 10

struct place {
	const char *text; /* win11.xml:32 (0000:01:00.0) */
	size_t *host;
	size_t hosts;
};

/* The same finding, wherever it is. */
struct group {
	const struct vc_rule *rule;
	const char *message;
	size_t index; /* order of appearance */
	const char *head, *fixes;
	struct place *place;
	size_t places, more;
	struct group *next; /* of the same rule */
};

/* The same fact that is missing for the same rule. */
struct doubt {
	const struct vc_rule *rule;
	const char *reason, *hint, *fact, *from;
	size_t count;
	size_t *host;
	size_t hosts;
};

struct text_stream {
	struct vc_matrix matrix;
	const char **host; /* described, by index */
	struct group **group;
	size_t groups;
	struct doubt *doubt;
	size_t doubts;
	size_t lost, lost_doubts; /* beyond GROUPS_MAX */
	struct vc_count count;
	size_t checks;
};

static void
begin(struct vc_stream *stream, struct vc_buf *out)
{
	struct text_stream *state = vc_arena_make(stream->arena, struct text_stream);

	(void)out;
	state->matrix.arena = stream->arena;
	state->matrix.info = stream->info;
	state->host = vc_arena_make_array(stream->arena, stream->info->hosts, const char *);
	stream->state = state;
}

static const char *
keep(struct vc_arena *arena, const char *text)
{
	return text ? vc_arena_strdup(arena, text) : NULL;
}

static const char *
keep_buf(struct vc_arena *arena, const struct vc_buf *buf)
{
	return vc_arena_strndup(arena, vc_buf_text(buf), buf->length);
}

static bool
same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* --- collecting --- */

static void
add_host(struct vc_arena *arena, size_t **hosts, size_t *count, size_t host)
{
	for (size_t i = 0; i < *count; i++) {
		if ((*hosts)[i] == host)
			return;
	}
	*(size_t *)vc_arena_append(arena, (void **)hosts, count, sizeof(**hosts)) = host;
}

static struct group *
find_group(struct text_stream *state, const struct vc_finding *finding)
{
	for (size_t i = 0; i < state->groups; i++) {
		struct group *group = state->group[i];

		if (group->rule != finding->rule)
			continue;
		while (group && strcmp(group->message, vc_finding_message(finding)) != 0)
			group = group->next;
		return group;
	}
	return NULL;
}

static struct group *
make_group(struct vc_stream *stream, const struct vc_report *report, const struct vc_finding *finding)
{
	struct text_stream *state = stream->state;
	struct group *group = vc_arena_make(stream->arena, struct group);
	_cleanup_buf_ struct vc_buf head = { 0 }, fixes = { 0 };

	vc_text_head(report, finding, &stream->info->style, &head);
	vc_text_fixes(report, finding, &stream->info->style, &fixes);
	*group = (struct group){
		.rule = finding->rule,
		.message = keep(stream->arena, vc_finding_message(finding)),
		.index = state->groups,
		.head = keep_buf(stream->arena, &head),
		.fixes = keep_buf(stream->arena, &fixes),
	};
	for (size_t i = 0; i < state->groups; i++) {
		if (state->group[i]->rule != finding->rule)
			continue;
		group->next = state->group[i]->next;
		state->group[i]->next = group;
		break;
	}
	*(struct group **)vc_arena_append(stream->arena, (void **)&state->group, &state->groups,
					  sizeof(group)) = group;
	return group;
}

/* What is wrong with the host alone has no place in a domain. */
static void
add_place(struct vc_buf *text, const struct vc_report *report, const struct vc_finding *finding)
{
	if (finding->rule->host_only)
		return;
	vc_buf_add_safe(text, vc_subject_file(&report->subject[0]), 0);
	if (finding->place.line > 0)
		vc_buf_addf(text, ":%d", finding->place.line);
	if (finding->device) {
		vc_buf_add(text, " (");
		vc_buf_add_safe(text, finding->device, 0);
		vc_buf_add(text, ")");
	}
}

static void
add_finding(struct vc_stream *stream, const struct vc_report *report, const struct vc_finding *finding,
	    size_t host)
{
	struct text_stream *state = stream->state;
	struct group *group = find_group(state, finding);
	_cleanup_buf_ struct vc_buf text = { 0 };
	struct place *place;

	if (!group && state->groups == GROUPS_MAX) {
		state->lost++;
		return;
	}
	if (!group)
		group = make_group(stream, report, finding);
	add_place(&text, report, finding);
	for (size_t i = group->places; i > 0; i--) {
		place = &group->place[i - 1];
		if (strcmp(place->text, vc_buf_text(&text)) == 0) {
			add_host(stream->arena, &place->host, &place->hosts, host);
			return;
		}
	}
	if (group->places == PLACES_MAX) {
		group->more++;
		return;
	}
	place = vc_arena_append(stream->arena, (void **)&group->place, &group->places, sizeof(*place));
	place->text = keep_buf(stream->arena, &text);
	add_host(stream->arena, &place->host, &place->hosts, host);
}

static void
add_doubt(struct vc_stream *stream, const struct vc_finding *finding, size_t host)
{
	struct text_stream *state = stream->state;
	struct doubt *doubt = NULL;

	for (size_t i = 0; i < state->doubts && !doubt; i++) {
		struct doubt *other = &state->doubt[i];

		if (other->rule == finding->rule && same(other->fact, finding->unknown_fact) &&
		    same(other->reason, finding->unknown_reason) &&
		    same(other->hint, finding->unknown_hint) && same(other->from, finding->unknown_from))
			doubt = other;
	}
	if (!doubt && state->doubts == GROUPS_MAX) {
		state->lost_doubts++;
		return;
	}
	if (!doubt) {
		doubt = vc_arena_append(stream->arena, (void **)&state->doubt, &state->doubts,
					sizeof(*doubt));
		doubt->rule = finding->rule;
		doubt->reason = keep(stream->arena, finding->unknown_reason);
		doubt->hint = keep(stream->arena, finding->unknown_hint);
		doubt->fact = keep(stream->arena, finding->unknown_fact);
		doubt->from = keep(stream->arena, finding->unknown_from);
	}
	doubt->count++;
	add_host(stream->arena, &doubt->host, &doubt->hosts, host);
}

static void
describe_host(struct vc_stream *stream, const struct vc_report *report, size_t host)
{
	struct text_stream *state = stream->state;
	_cleanup_buf_ struct vc_buf text = { 0 };

	if (state->host[host])
		return;
	vc_text_host(report, NULL, &text);
	state->host[host] = keep_buf(stream->arena, &text);
}

static void
add(struct vc_stream *stream, const struct vc_report *report, size_t host, struct vc_buf *out)
{
	const struct vc_stream_info *info = stream->info;
	const struct vc_findings *findings = report->subject[0].findings;
	struct text_stream *state = stream->state;
	struct vc_count count = { 0 };

	if (!info->several) {
		vc_report_text(report, &info->style, out);
		return;
	}
	for (size_t i = 0; info->style.loudness == VC_QUIET && i < findings->count; i++) {
		if (findings->item[i].outcome == VC_FAIL)
			vc_text_line(report, &findings->item[i],
				     info->hosts > 1 ? info->host[host].label : NULL, &info->style, out);
	}
	if (info->style.loudness == VC_QUIET)
		return;
	vc_count_findings(findings, &count);
	vc_count_findings(findings, &state->count);
	describe_host(stream, report, host);
	vc_matrix_add(&state->matrix, vc_subject_file(&report->subject[0]), host, vc_cell_of(&count));
	state->checks++;
	if (info->style.loudness == VC_VERBOSE) {
		vc_report_text(report, &info->style, out);
		vc_buf_add(out, "\n\n");
		return;
	}
	for (size_t i = 0; i < findings->count; i++) {
		if (findings->item[i].outcome == VC_FAIL)
			add_finding(stream, report, &findings->item[i], host);
		else if (findings->item[i].outcome == VC_UNDECIDED)
			add_doubt(stream, &findings->item[i], host);
	}
}

/* --- showing --- */

static void
add_hosts(const struct vc_stream *stream, const size_t *host, size_t hosts, struct vc_buf *out)
{
	if (hosts == stream->info->hosts) {
		vc_buf_addf(out, "all %zu hosts", hosts);
		return;
	}
	for (size_t i = 0; i < hosts && i < HOSTS_MAX; i++) {
		vc_buf_add(out, i > 0 ? ", " : "");
		vc_buf_add_safe(out, stream->info->host[host[i]].label, 0);
	}
	if (hosts > HOSTS_MAX)
		vc_buf_addf(out, " and %zu more", hosts - HOSTS_MAX);
}

static void
write_label(const struct vc_stream *stream, const char *label, const char *text, struct vc_buf *out)
{
	vc_layout_label(out, &stream->info->style, label);
	vc_layout_wrap(out, &stream->info->style, text, VC_LAYOUT_COLUMN, VC_LAYOUT_COLUMN);
}

static void
write_places(const struct vc_stream *stream, const struct group *group, struct vc_buf *out)
{
	_cleanup_buf_ struct vc_buf text = { 0 };
	bool several = stream->info->hosts > 1;

	if (several) {
		add_hosts(stream, group->place[0].host, group->place[0].hosts, &text);
		write_label(stream, "host", vc_buf_text(&text), out);
	}
	for (size_t i = 1; i < group->places; i++) {
		text.length = 0;
		vc_buf_add(&text, group->place[i].text);
		if (several) {
			vc_buf_add(&text, " on ");
			add_hosts(stream, group->place[i].host, group->place[i].hosts, &text);
		}
		write_label(stream, i == 1 ? "also" : "", vc_buf_text(&text), out);
	}
	if (group->more > 0) {
		text.length = 0;
		vc_buf_addf(&text, "and %zu times more: --format jsonl has them all", group->more);
		write_label(stream, "", vc_buf_text(&text), out);
	}
}

static int
compare_groups(const void *left, const void *right)
{
	const struct group *a = *(const struct group *const *)left, *b = *(const struct group *const *)right;
	int order = (int)b->rule->severity - (int)a->rule->severity;

	if (order == 0)
		order = strcmp(a->rule->id, b->rule->id);
	return order ? order : (a->index > b->index) - (a->index < b->index);
}

static void
write_groups(const struct vc_stream *stream, struct vc_buf *out)
{
	struct text_stream *state = stream->state;

	if (state->groups > 0)
		qsort(state->group, state->groups, sizeof(struct group *), compare_groups);
	for (size_t i = 0; i < state->groups; i++) {
		const struct group *group = state->group[i];

		vc_buf_add(out, group->head);
		write_places(stream, group, out);
		vc_text_why(group->rule, i > 0 && state->group[i - 1]->rule == group->rule,
			    &stream->info->style, out);
		vc_buf_add(out, group->fixes);
		vc_buf_add(out, "\n");
	}
	if (state->lost > 0)
		vc_buf_addf(out, "%zu more findings are not shown: --format jsonl has them all\n\n",
			    state->lost);
}

static int
compare_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

static int
compare_advice(const struct doubt *a, const struct doubt *b)
{
	int order = compare_text(a->reason, b->reason);

	return order ? order : compare_text(a->hint, b->hint);
}

static int
compare_facts(const struct doubt *a, const struct doubt *b)
{
	int order = compare_advice(a, b);

	if (order == 0)
		order = compare_text(a->fact, b->fact);
	return order ? order : compare_text(a->from, b->from);
}

static int
compare_doubts(const void *left, const void *right)
{
	const struct doubt *a = left, *b = right;
	int order = compare_facts(a, b);

	return order ? order : strcmp(a->rule->id, b->rule->id);
}

/* One fact, and the rules that wait for it. Returns how many entries that were. */
static size_t
write_fact(const struct vc_stream *stream, const struct doubt *doubt, size_t count, struct vc_buf *out)
{
	_cleanup_buf_ struct vc_buf line = { 0 };
	size_t i;

	vc_buf_add_safe(&line, doubt->fact ? doubt->fact : "a fact without a name", 0);
	if (doubt->from) {
		vc_buf_add(&line, " (");
		vc_buf_add_safe(&line, doubt->from, 0);
		vc_buf_add(&line, ")");
	}
	for (i = 0; i < count && compare_facts(doubt, &doubt[i]) == 0; i++)
		vc_buf_addf(&line, "%s %s", i == 0 ? ":" : ",", doubt[i].rule->id);
	if (stream->info->hosts > 1) {
		vc_buf_add(&line, " on ");
		add_hosts(stream, doubt->host, doubt->hosts, &line);
	}
	vc_layout_pad(out, 2);
	vc_layout_wrap(out, &stream->info->style, vc_buf_text(&line), 2, 6);
	return i;
}

static size_t
write_advice(const struct vc_stream *stream, const struct doubt *doubt, size_t count, struct vc_buf *out)
{
	size_t entries = 0, findings = 0;
	char lead[64];

	for (; entries < count && compare_advice(doubt, &doubt[entries]) == 0; entries++)
		findings += doubt[entries].count;
	snprintf(lead, sizeof(lead), "%zu undecided", findings);
	vc_layout_add(out, &stream->info->style, VC_ROLE_UNDECIDED, lead);
	vc_buf_add(out, ": ");
	vc_buf_add_safe(out, doubt->reason ? doubt->reason : "not known", 0);
	if (doubt->hint) {
		vc_buf_add(out, "; ");
		vc_layout_add(out, &stream->info->style, VC_ROLE_STRONG, doubt->hint);
	}
	vc_buf_add(out, "\n");
	for (size_t i = 0; i < entries;)
		i += write_fact(stream, &doubt[i], entries - i, out);
	vc_buf_add(out, "\n");
	return entries;
}

static void
write_doubts(const struct vc_stream *stream, struct vc_buf *out)
{
	struct text_stream *state = stream->state;

	if (state->doubts > 0)
		qsort(state->doubt, state->doubts, sizeof(struct doubt), compare_doubts);
	for (size_t i = 0; i < state->doubts;)
		i += write_advice(stream, &state->doubt[i], state->doubts - i, out);
	if (state->lost_doubts > 0)
		vc_buf_addf(out, "%zu more are undecided: --format jsonl has them all\n\n",
			    state->lost_doubts);
}

static void
write_hosts(const struct vc_stream *stream, struct vc_buf *out)
{
	const struct vc_stream_info *info = stream->info;
	const struct text_stream *state = stream->state;

	for (size_t i = 0; i < info->hosts; i++) {
		vc_layout_add(out, &info->style, VC_ROLE_LABEL, "host");
		if (info->hosts > 1)
			vc_buf_addf(out, " %3zu  ", i + 1);
		else
			vc_layout_pad(out, 4);
		vc_buf_add(out, state->host[i] ? state->host[i] : "not read: ");
		if (!state->host[i])
			vc_buf_add_safe(out, info->host[i].root, 0);
		vc_buf_add(out, "\n");
	}
	vc_buf_add(out, "\n");
}

static void
write_refused(const struct vc_diags *refused, struct vc_buf *out)
{
	for (size_t i = 0; i < refused->count; i++) {
		vc_buf_add(out, "not checked: ");
		if (refused->item[i].file)
			vc_buf_add_safe(out, refused->item[i].file, 0);
		if (refused->item[i].line > 0)
			vc_buf_addf(out, ":%d", refused->item[i].line);
		vc_buf_addf(out, ": %s\n", refused->item[i].text);
	}
	vc_buf_add(out, refused->count > 0 ? "\n" : "");
}

static void
end(struct vc_stream *stream, const struct vc_diags *refused, struct vc_buf *out)
{
	const struct vc_stream_info *info = stream->info;
	const struct text_stream *state = stream->state;

	if (!info->several || info->style.loudness == VC_QUIET)
		return;
	write_hosts(stream, out);
	vc_matrix_text(&state->matrix, out);
	vc_buf_add(out, "\n");
	write_refused(refused, out);
	write_groups(stream, out);
	write_doubts(stream, out);
	if (info->hosts > 1)
		vc_buf_addf(out, "%zu %s on %zu hosts: ", state->checks,
			    state->checks == 1 ? "check" : "checks", info->hosts);
	else
		vc_buf_addf(out, "all %zu %s: ", state->checks, state->checks == 1 ? "domain" : "domains");
	vc_text_counts(&state->count, &info->style, out);
}

const struct vc_format_row vc_format_text = { "text", begin, add, end };
