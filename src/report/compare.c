/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/compare.h"

#include <stdlib.h>
#include <string.h>

/* Records hold records hold records: nothing in the model is deeper. */
#define DEPTH_MAX 8

/*
 * Facts that differ between two looks at the same host, or that are said by another fact as well. Records
 * have no key here: "host.pci.device[].power_state".
 */
static const char *const minor_facts[] = {
	"host.hugepage_pool[].free_pages",
	"host.hugepage_pool[].reserved_pages",
	"host.hugepage_pool[].surplus_pages",
	"host.iommu.groups",
	"host.kernel.cmdline", /* host.kernel.parameter */
	"host.kernel.stable_version",
	"host.kernel.version", /* host.kernel.release */
	"host.memlock.hard",
	"host.memlock.soft",
	"host.memory.available",
	"host.memory.committed",
	"host.name",
	"host.pci.addresses", /* host.pci.device */
	"host.pci.device[].bar[].held",
	"host.pci.device[].bar[].region",
	"host.pci.device[].bar_held",
	"host.pci.device[].iommu_unit",
	"host.pci.device[].msi_enabled",
	"host.pci.device[].msix_enabled",
	"host.pci.device[].power_state",
	"host.pci.device[].root_port_errors",
};

/* Sizes that every kernel counts a little differently: less than a sixty-fourth is nothing. */
static const char *const rounded_facts[] = { "host.memory.commit_limit", "host.memory.total" };

/* The number of a group says nothing; its members are compared with each device. */
static const char *const left_out[] = { "host.iommu.group" };

struct walk {
	struct vc_arena *arena;
	struct vc_changes changes;
	size_t field;
	struct vc_buf name, pattern, plain; /* ...[0000:01:00.0].x, ...[*].x, ...[].x */
	const char *key;
};

static bool
is_among(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(names[i], name) == 0)
			return true;
	}
	return false;
}

static const char *
keep(struct walk *walk, const struct vc_buf *buf)
{
	return vc_arena_strndup(walk->arena, vc_buf_text(buf), buf->length);
}

static const char *
format(struct walk *walk, const struct vc_field *field, const struct vc_fact *fact)
{
	_cleanup_buf_ struct vc_buf text = { 0 };

	vc_fact_format(&text, field, fact);
	return keep(walk, &text);
}

static struct vc_change *
add_change(struct walk *walk, enum vc_change_kind kind, const char *before, const char *after)
{
	struct vc_change *change = vc_arena_append(walk->arena, (void **)&walk->changes.item,
						   &walk->changes.count, sizeof(*change));

	*change = (struct vc_change){
		.kind = kind,
		.minor = is_among(vc_buf_text(&walk->plain), minor_facts, VC_COUNT(minor_facts)),
		.field = walk->field,
		.fact = keep(walk, &walk->name),
		.pattern = keep(walk, &walk->pattern),
		.key = walk->key ? walk->key : "",
		.before = before,
		.after = after,
	};
	/* The loader writes its own name there, which the release says already. */
	if (strncmp(change->fact, "host.kernel.parameter[BOOT_IMAGE]", 33) == 0)
		change->minor = true;
	return change;
}

/* --- values --- */

static bool
is_comparable(const struct vc_fact *fact)
{
	return fact->state == VC_KNOWN || fact->state == VC_ABSENT;
}

static bool
is_rounding(struct walk *walk, const struct vc_fact *before, const struct vc_fact *after)
{
	uint64_t a, b;

	if (!is_among(vc_buf_text(&walk->plain), rounded_facts, VC_COUNT(rounded_facts)) ||
	    !vc_known(before) || !vc_known(after))
		return false;
	a = ((const struct vc_fact_number *)before)->value;
	b = ((const struct vc_fact_number *)after)->value;
	return (a > b ? a - b : b - a) < a / 64;
}

static void
add_words(const struct vc_fact_set *of, const struct vc_fact_set *without, char sign, struct vc_buf *text)
{
	for (size_t i = 0; i < of->count; i++) {
		if (vc_set_has(without, of->word[i]))
			continue;
		vc_buf_addf(text, "%s%c", text->length > 0 ? " " : "", sign);
		vc_buf_add_safe(text, of->word[i], 0);
	}
}

static void
compare_values(struct walk *walk, const struct vc_field *field, const struct vc_fact *before,
	       const struct vc_fact *after)
{
	_cleanup_buf_ struct vc_buf words = { 0 };
	struct vc_change *change;
	const char *a, *b;

	if (!is_comparable(before) && !is_comparable(after))
		return;
	a = format(walk, field, before);
	b = format(walk, field, after);
	if (!is_comparable(before) || !is_comparable(after)) {
		add_change(walk, VC_CHANGE_UNKNOWN, a, b);
		return;
	}
	if (before->state == after->state && strcmp(a, b) == 0)
		return;
	change = add_change(walk, VC_CHANGE_VALUE, a, b);
	change->minor = change->minor || is_rounding(walk, before, after);
	if (field->type != VC_TYPE_set || !vc_known(before) || !vc_known(after))
		return;
	add_words((const struct vc_fact_set *)after, (const struct vc_fact_set *)before, '+', &words);
	add_words((const struct vc_fact_set *)before, (const struct vc_fact_set *)after, '-', &words);
	change->difference = keep(walk, &words);
}

/* --- records --- */

struct keyed {
	const char *key;
	size_t index;
	const void *record;
};

static int
compare_keyed(const void *left, const void *right)
{
	const struct keyed *a = left, *b = right;
	int order = strcmp(a->key, b->key);

	return order ? order : (a->index > b->index) - (a->index < b->index);
}

/* What tells a record from its like: its key, or in a table without one the first two facts that are known.
 */
static const char *
key_of(struct walk *walk, const struct vc_schema *schema, const void *record, size_t index)
{
	const struct vc_field *key = schema->key ? vc_schema_find(schema, schema->key) : NULL;
	_cleanup_buf_ struct vc_buf text = { 0 };

	for (size_t i = 0; i < 2 && i < schema->count; i++) {
		const struct vc_field *field = key ? key : &schema->field[i];
		const struct vc_fact *fact = vc_field_fact(field, record);

		if (vc_known(fact)) {
			vc_buf_add(&text, text.length > 0 ? ", " : "");
			vc_fact_format(&text, field, fact);
		}
		if (key)
			break;
	}
	if (text.length == 0)
		vc_buf_addf(&text, "%zu", index);
	return keep(walk, &text);
}

static struct keyed *
sort_records(struct walk *walk, const struct vc_schema *schema, const struct vc_fact_list *list)
{
	size_t count = vc_known(&list->fact) ? list->count : 0;
	struct keyed *keyed = vc_arena_make_array(walk->arena, count + 1, struct keyed);

	for (size_t i = 0; i < count; i++) {
		const void *record = (const char *)list->item + i * schema->size;

		keyed[i] = (struct keyed){ .key = key_of(walk, schema, record, i),
					   .index = i,
					   .record = record };
	}
	qsort(keyed, count, sizeof(*keyed), compare_keyed);
	return keyed;
}

/* A record that only one side has: the first things that are known of it, beside its key. */
static const char *
describe(struct walk *walk, const struct vc_schema *schema, const void *record)
{
	_cleanup_buf_ struct vc_buf text = { 0 };
	unsigned shown = 0;

	for (size_t i = 0; i < schema->count && shown < 3; i++) {
		const struct vc_field *field = &schema->field[i];
		const struct vc_fact *fact = vc_field_fact(field, record);

		if (!vc_known(fact) || field->type == VC_TYPE_list || field->type == VC_TYPE_ref ||
		    (schema->key && strcmp(field->name, schema->key) == 0))
			continue;
		vc_buf_addf(&text, "%s%s=", shown++ > 0 ? " " : "", field->name);
		vc_fact_format(&text, field, fact);
	}
	return keep(walk, &text);
}

static void compare_records(struct walk *walk, const struct vc_schema *schema, const void *before,
			    const void *after, unsigned depth);

static void
compare_one(struct walk *walk, const struct vc_schema *schema, const struct keyed *before,
	    const struct keyed *after, unsigned depth)
{
	size_t name = walk->name.length, pattern = walk->pattern.length, plain = walk->plain.length;
	const char *key = before ? before->key : after->key, *above = walk->key;

	vc_buf_addf(&walk->name, "[%s]", key);
	vc_buf_add(&walk->pattern, above ? "[" : "[*]");
	/* Only the outermost key is a star: what is below is told apart. */
	if (above)
		vc_buf_addf(&walk->pattern, "%s]", key);
	vc_buf_add(&walk->plain, "[]");
	walk->key = above ? above : key;
	if (before && after)
		compare_records(walk, schema, before->record, after->record, depth + 1);
	else if (after)
		add_change(walk, VC_CHANGE_APPEARED, NULL, describe(walk, schema, after->record));
	else
		add_change(walk, VC_CHANGE_GONE, describe(walk, schema, before->record), NULL);
	walk->key = above;
	walk->name.length = name;
	walk->pattern.length = pattern;
	walk->plain.length = plain;
}

static void
compare_lists(struct walk *walk, const struct vc_field *field, const struct vc_fact_list *before,
	      const struct vc_fact_list *after, unsigned depth)
{
	const struct vc_schema *schema = field->item;
	size_t befores = vc_known(&before->fact) ? before->count : 0;
	size_t afters = vc_known(&after->fact) ? after->count : 0, i = 0, j = 0;
	struct keyed *a, *b;

	if (!is_comparable(&before->fact) || !is_comparable(&after->fact)) {
		compare_values(walk, field, &before->fact, &after->fact);
		return;
	}
	a = sort_records(walk, schema, before);
	b = sort_records(walk, schema, after);
	while (i < befores || j < afters) {
		int order = i == befores ? 1 : j == afters ? -1 : strcmp(a[i].key, b[j].key);

		compare_one(walk, schema, order <= 0 ? &a[i] : NULL, order >= 0 ? &b[j] : NULL, depth);
		i += order <= 0;
		j += order >= 0;
	}
}

static void
compare_fields(struct walk *walk, const struct vc_field *field, const struct vc_fact *before,
	       const struct vc_fact *after, unsigned depth)
{
	if (is_among(vc_buf_text(&walk->plain), left_out, VC_COUNT(left_out)))
		return;
	if (field->type == VC_TYPE_list)
		compare_lists(walk, field, (const struct vc_fact_list *)before,
			      (const struct vc_fact_list *)after, depth);
	else if (field->type == VC_TYPE_ref && field->item == &vc_schema_iommu_group && vc_known(before) &&
		 vc_known(after))
		compare_records(walk, field->item, ((const struct vc_fact_ref *)before)->item,
				((const struct vc_fact_ref *)after)->item, depth + 1);
	else
		compare_values(walk, field, before, after);
}

static void
compare_records(struct walk *walk, const struct vc_schema *schema, const void *before, const void *after,
		unsigned depth)
{
	size_t name = walk->name.length, pattern = walk->pattern.length, plain = walk->plain.length;

	for (size_t i = 0; i < schema->count && depth < DEPTH_MAX; i++) {
		const struct vc_field *field = &schema->field[i];
		const char *dot = name > 0 ? "." : "";

		/* The group's number, see left_out. */
		if (schema == &vc_schema_iommu_group && strcmp(field->name, schema->key) == 0)
			continue;
		if (depth == 0)
			walk->field = i;
		vc_buf_addf(&walk->name, "%s%s", dot, field->name);
		vc_buf_addf(&walk->pattern, "%s%s", dot, field->name);
		vc_buf_addf(&walk->plain, "%s%s", dot, field->name);
		compare_fields(walk, field, vc_field_fact(field, before), vc_field_fact(field, after), depth);
		walk->name.length = name;
		walk->pattern.length = pattern;
		walk->plain.length = plain;
	}
}

static int
compare_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

static int
compare_changes(const void *left, const void *right)
{
	const struct vc_change *a = left, *b = right;
	int order = (a->field > b->field) - (a->field < b->field);

	if (order == 0)
		order = strcmp(a->pattern, b->pattern);
	if (order == 0)
		order = (int)a->kind - (int)b->kind;
	if (order == 0)
		order = compare_text(a->before, b->before);
	if (order == 0)
		order = compare_text(a->after, b->after);
	return order ? order : strcmp(a->fact, b->fact);
}

void
vc_compare_hosts(const struct vc_host *before, const struct vc_host *after, struct vc_arena *arena,
		 struct vc_changes *ret_changes)
{
	struct walk walk = { .arena = arena };

	compare_records(&walk, &vc_schema_host, before, after, 0);
	if (walk.changes.count > 0)
		qsort(walk.changes.item, walk.changes.count, sizeof(*walk.changes.item), compare_changes);
	vc_buf_release(&walk.name);
	vc_buf_release(&walk.pattern);
	vc_buf_release(&walk.plain);
	*ret_changes = walk.changes;
}

/* --- findings --- */

/* It was there, whether it was said or another one said it. */
static bool
is_there(const struct vc_finding *finding)
{
	return finding->message && (finding->outcome == VC_FAIL || finding->outcome == VC_SUPPRESSED);
}

/* A finding that is there, and whether the other side has it as well. */
struct present {
	const struct vc_finding *finding;
	bool paired;
};

/* About the same; the message comes last, because values in it may have changed. */
static int
compare_subjects(const struct vc_finding *a, const struct vc_finding *b)
{
	int order = strcmp(a->rule->id, b->rule->id);

	if (order == 0)
		order = compare_text(a->device, b->device);
	return order ? order : compare_text(a->place.xpath, b->place.xpath);
}

static int
compare_present(const void *left, const void *right)
{
	const struct vc_finding *a = ((const struct present *)left)->finding;
	const struct vc_finding *b = ((const struct present *)right)->finding;
	int order = compare_subjects(a, b);

	if (order == 0)
		order = strcmp(a->message, b->message);
	/* In the order of the report. */
	return order ? order : (a > b) - (a < b);
}

static struct present *
list_present(const struct vc_findings *findings, struct vc_arena *arena, size_t *ret_count)
{
	struct present *present = vc_arena_make_array(arena, findings->count + 1, struct present);
	size_t count = 0;

	for (size_t i = 0; i < findings->count; i++) {
		if (is_there(&findings->item[i]))
			present[count++].finding = &findings->item[i];
	}
	qsort(present, count, sizeof(*present), compare_present);
	*ret_count = count;
	return present;
}

/* Both lists are sorted. First what says the same is paired, then what is about the same. */
static void
pair(struct present *a, size_t as, struct present *b, size_t bs, bool message)
{
	for (size_t i = 0, j = 0; i < as && j < bs;) {
		int order = a[i].paired ? -1 : b[j].paired ? 1 : compare_subjects(a[i].finding, b[j].finding);

		if (order == 0 && message)
			order = strcmp(a[i].finding->message, b[j].finding->message);
		if (order == 0)
			a[i].paired = b[j].paired = true;
		i += order <= 0;
		j += order >= 0;
	}
}

/* Whether a rule is undecided, asked for findings of which those of a rule stand together. */
struct doubts {
	const struct vc_findings *in;
	const struct vc_rule *rule;
	bool answer;
};

static bool
is_undecided(struct doubts *doubts, const struct vc_rule *rule)
{
	if (doubts->rule == rule)
		return doubts->answer;
	doubts->rule = rule;
	doubts->answer = false;
	for (size_t i = 0; i < doubts->in->count && !doubts->answer; i++)
		doubts->answer =
			doubts->in->item[i].rule == rule && doubts->in->item[i].outcome == VC_UNDECIDED;
	return doubts->answer;
}

static int
compare_places(const void *left, const void *right)
{
	const struct vc_finding *a = *(const struct vc_finding *const *)left;
	const struct vc_finding *b = *(const struct vc_finding *const *)right;

	return (a > b) - (a < b);
}

/*
 * Findings without a partner, as the report has them, unless nobody can tell whether they have one: @doubt
 * (may be NULL) is undecided about their rule.
 */
static const struct vc_finding **
unpaired(const struct present *present, size_t count, bool host_rules, const struct vc_findings *doubt,
	 struct vc_arena *arena, size_t *ret_count)
{
	const struct vc_finding **list = vc_arena_make_array(arena, count + 1, const struct vc_finding *);
	struct doubts doubts = { .in = doubt };
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		const struct vc_finding *finding = present[i].finding;

		if (finding->outcome == VC_FAIL && !present[i].paired &&
		    (host_rules || !finding->rule->host_only) &&
		    !(doubt && is_undecided(&doubts, finding->rule)))
			list[found++] = finding;
	}
	qsort(list, found, sizeof(const struct vc_finding *), compare_places);
	*ret_count = found;
	return list;
}

/* Findings of rules that are undecided in one and not in the other, one per rule. */
static const struct vc_finding **
newly_undecided(const struct vc_findings *in, const struct vc_findings *not_in, bool host_rules,
		struct vc_arena *arena, size_t *ret_count)
{
	const struct vc_finding **list = vc_arena_make_array(arena, in->count + 1, const struct vc_finding *);
	struct doubts doubts = { .in = not_in };
	size_t count = 0;

	for (size_t i = 0; i < in->count; i++) {
		const struct vc_finding *finding = &in->item[i];

		if (finding->outcome != VC_UNDECIDED ||
		    (count > 0 && list[count - 1]->rule == finding->rule) ||
		    (!host_rules && finding->rule->host_only) || is_undecided(&doubts, finding->rule))
			continue;
		list[count++] = finding;
	}
	*ret_count = count;
	return list;
}

void
vc_compare_findings(const struct vc_findings *before, const struct vc_findings *after, bool host_rules,
		    struct vc_arena *arena, struct vc_compared *ret_compared)
{
	size_t befores, afters;
	struct present *a = list_present(before, arena, &befores);
	struct present *b = list_present(after, arena, &afters);
	struct vc_compared compared = { 0 };
	const struct vc_finding **decided;

	pair(a, befores, b, afters, true);
	pair(a, befores, b, afters, false);
	compared.appeared = unpaired(b, afters, host_rules, NULL, arena, &compared.appeared_count);
	compared.gone = unpaired(a, befores, host_rules, after, arena, &compared.gone_count);
	compared.undecided = newly_undecided(after, before, host_rules, arena, &compared.undecided_count);
	decided = newly_undecided(before, after, host_rules, arena, &compared.decided_count);
	compared.decided = vc_arena_make_array(arena, compared.decided_count + 1, const struct vc_rule *);
	for (size_t i = 0; i < compared.decided_count; i++)
		compared.decided[i] = decided[i]->rule;
	*ret_compared = compared;
}

void
vc_compared_add(const struct vc_compared *compared, struct vc_compared_count *count)
{
	for (size_t i = 0; i < compared->appeared_count; i++) {
		enum vc_severity severity = compared->appeared[i]->rule->severity;

		count->appeared.error += severity == VC_ERROR;
		count->appeared.warning += severity == VC_WARNING;
		count->appeared.info += severity == VC_INFO;
	}
	count->appeared.undecided += compared->undecided_count;
	count->gone += compared->gone_count;
	count->decided += compared->decided_count;
	count->subjects++;
}
