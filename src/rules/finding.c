/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/finding.h"

#include <libxml/tree.h>
#include <string.h>

#include "rules/fact-name.h"
#include "rules/names.h"

/* More than any condition names; what is beyond is not shown as evidence. */
#define EVIDENCE_MAX 64

static const char *
keep(struct vc_arena *arena, const struct vc_buf *buf)
{
	return vc_arena_strndup(arena, vc_buf_text(buf), buf->length);
}

/* Of a fact that no record holds, because its side was not given or its list is not known. */
static const char *
name_of_path(const struct vc_path *path, const struct vc_rule *rule, struct vc_arena *arena)
{
	if (path->root == VC_ROOT_EACH && rule->each)
		return vc_arena_printf(arena, "%s.%s", rule->each->name, path->step[0]->name);
	if (path->root == VC_ROOT_CHECK)
		return vc_arena_printf(arena, "check.%s", path->step[0]->name);
	return path->step[0]->name;
}

static void
describe_unknown(struct vc_finding *finding, const struct vc_scope *scope, const struct vc_doubt *doubt,
		 struct vc_arena *arena)
{
	_cleanup_buf_ struct vc_buf name = { 0 };
	const struct vc_path *path = doubt->path;
	const struct vc_fact *fact = doubt->fact;
	const struct vc_field *field = NULL, *named;

	/* A check that does not say what it misses: the first fact it uses that is not known. */
	for (size_t i = 0; !path && !fact && i < finding->rule->uses_count; i++) {
		if (!vc_known(vc_path_resolve(finding->rule->uses[i], scope)))
			path = finding->rule->uses[i];
	}
	if (!path && !fact && finding->rule->uses_count > 0)
		path = finding->rule->uses[0];
	if (path)
		fact = vc_path_follow(path, scope, &field);
	if (doubt->list && (!path || path->root == VC_ROOT_EACH)) {
		/* No record to ask: it is the list itself that is not known. */
		path = NULL;
		fact = &doubt->list->fact;
	}
	if (!fact)
		return;
	named = vc_fact_name(scope, fact, &name);
	if (named) {
		finding->unknown_fact = keep(arena, &name);
		field = named;
	} else if (path) {
		finding->unknown_fact = name_of_path(path, finding->rule, arena);
	} else {
		finding->unknown_fact = doubt->list ? finding->rule->each->name : "check";
		field = doubt->list ? finding->rule->each : NULL;
	}
	finding->unknown_from = fact->from;
	if (!vc_known(fact)) {
		finding->unknown_reason = vc_fact_reason(fact);
		finding->unknown_hint = field ? vc_host_hint(scope->host, field->needs, fact) : NULL;
	} else {
		finding->unknown_reason =
			finding->rule->check ? "not enough to decide" : "a sum does not fit 64 bits";
	}
}

static bool
is_of_guest(const struct vc_path *path, const struct vc_rule *rule)
{
	return path->steps == 1 && (path->root == VC_ROOT_GUEST ||
				    (path->root == VC_ROOT_EACH && rule->each_root == VC_ROOT_GUEST));
}

/* The element that fixes are relative to: that of the record, else <domain>. */
static struct vc_place
place_of_element(const struct vc_rule *rule, const struct vc_scope *scope, struct vc_arena *arena)
{
	/* Borrowed from a tree that nobody changes here; libxml2 takes no const. */
	xmlNode *root = (xmlNode *)(uintptr_t)scope->guest->root;
	struct vc_place place = { .node = root };
	xmlChar *path;

	if (rule->each && rule->each->item->placed && scope->each) {
		const struct vc_place *of_record = scope->each;

		if (of_record->line > 0 || of_record->xpath || of_record->node || of_record->argument > 0)
			return *of_record;
	}
	if (!root)
		return place;
	place.line = (int)xmlGetLineNo(root);
	path = xmlGetNodePath(root);
	place.xpath = path ? vc_arena_strdup(arena, (const char *)path) : NULL;
	xmlFree(path);
	return place;
}

/* The fact whose line is shown: that of <at>, else, if no record has a place, the first that was written. */
static const struct vc_fact *
placed_fact(const struct vc_rule *rule, const struct vc_scope *scope, const struct vc_path *const *path,
	    size_t paths)
{
	if (rule->at)
		return vc_path_resolve(rule->at, scope);
	for (size_t i = 0; i < paths && !(rule->each && rule->each->item->placed); i++) {
		const struct vc_fact *fact = vc_path_resolve(path[i], scope);

		if (is_of_guest(path[i], rule) && vc_is_written(fact))
			return fact;
	}
	return NULL;
}

static struct vc_place
find_place(const struct vc_rule *rule, const struct vc_scope *scope, const struct vc_path *const *path,
	   size_t paths, struct vc_arena *arena)
{
	struct vc_place place = { 0 };
	const struct vc_fact *fact;

	if (!scope->guest || rule->host_only)
		return place;
	place = place_of_element(rule, scope, arena);
	fact = placed_fact(rule, scope, path, paths);
	/* A default was not written, and stands nowhere. */
	if (fact && vc_is_written(fact)) {
		place.line = fact->line;
		place.argument = fact->argument;
		place.text = vc_guest_argument(scope->guest, fact->argument);
		place.xpath = scope->guest->is_command_line ? NULL : fact->from;
	}
	return place;
}

static const char *
find_device(const struct vc_rule *rule, const struct vc_scope *scope)
{
	const struct vc_fact *fact;

	if (!rule->device)
		return NULL;
	fact = vc_path_resolve(rule->device, scope);
	return vc_known(fact) ? ((const struct vc_fact_text *)fact)->value : NULL;
}

/* The loader makes sure that the last one has no condition. */
static const struct vc_says *
choose_says(const struct vc_rule *rule, const struct vc_scope *scope)
{
	const struct vc_says *says = rule->says;

	while (vc_expr_evaluate(&says->when, scope, NULL) != VC_YES)
		says++;
	return says;
}

/* What was found out on the way: the results of the check that are said, or that choose what is said. */
static size_t
list_results(const struct vc_says *says, const struct vc_path **path, size_t room)
{
	size_t count = vc_expr_paths(&says->when, path, room);

	for (size_t i = 0; i < says->text.count && count < room; i++) {
		if (!says->text.part[i].text && says->text.part[i].path->root == VC_ROOT_CHECK)
			path[count++] = says->text.part[i].path;
	}
	return count;
}

/* Facts that the rule decides by, in the order of its text. */
static size_t
list_paths(const struct vc_rule *rule, const struct vc_says *says, const struct vc_path *path[EVIDENCE_MAX])
{
	size_t count = vc_expr_paths(&rule->applies, path, EVIDENCE_MAX);

	count += vc_expr_paths(&rule->fails, path + count, EVIDENCE_MAX - count);
	for (size_t i = 0; i < rule->uses_count && count < EVIDENCE_MAX; i++)
		path[count++] = rule->uses[i];
	if (rule->check)
		count += list_results(says, path + count, EVIDENCE_MAX - count);
	return count;
}

static void
add_evidence(struct vc_finding *finding, const struct vc_scope *scope, const struct vc_path *path,
	     const struct vc_fact *fact, const struct vc_field *field, struct vc_arena *arena)
{
	_cleanup_buf_ struct vc_buf name = { 0 }, value = { 0 };
	struct vc_evidence *evidence;

	vc_fact_format(&value, field, fact);
	if (!vc_fact_name(scope, fact, &name))
		vc_buf_add(&name, name_of_path(path, finding->rule, arena));
	evidence =
		vc_arena_append(arena, (void **)&finding->evidence, &finding->evidences, sizeof(*evidence));
	*evidence = (struct vc_evidence){ .fact = keep(arena, &name),
					  .value = keep(arena, &value),
					  .from = fact->from };
}

static void
collect_evidence(struct vc_finding *finding, const struct vc_scope *scope, const struct vc_path *const *path,
		 size_t paths, struct vc_arena *arena)
{
	const struct vc_fact *seen[EVIDENCE_MAX];
	size_t count = 0;

	for (size_t i = 0; i < paths; i++) {
		const struct vc_field *field;
		const struct vc_fact *fact = vc_path_follow(path[i], scope, &field);
		bool repeated = false;

		for (size_t j = 0; j < count; j++)
			repeated = repeated || seen[j] == fact;
		/* How many records a list has proves nothing. */
		if (repeated || !vc_known(fact) || field->type == VC_TYPE_list)
			continue;
		seen[count++] = fact;
		add_evidence(finding, scope, path[i], fact, field, arena);
	}
}

void
vc_finding_describe(struct vc_finding *finding, const struct vc_scope *scope, const struct vc_doubt *doubt,
		    struct vc_arena *arena)
{
	const struct vc_says *says = choose_says(finding->rule, scope);
	const struct vc_path *path[EVIDENCE_MAX];
	size_t paths = list_paths(finding->rule, says, path);

	finding->place = find_place(finding->rule, scope, path, paths, arena);
	finding->device = find_device(finding->rule, scope);
	collect_evidence(finding, scope, path, paths, arena);
	if (finding->outcome == VC_FAIL) {
		_cleanup_buf_ struct vc_buf message = { 0 };

		vc_template_render(&says->text, scope, &message);
		finding->message = keep(arena, &message);
	} else {
		describe_unknown(finding, scope, doubt, arena);
	}
}
