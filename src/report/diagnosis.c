/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What both forms of a diagnosis say. */
#include "report/diagnosis.h"

#include <string.h>

void
vc_count_diagnoses(const struct vc_diagnoses *diagnoses, struct vc_diagnosis_count *ret_count)
{
	struct vc_diagnosis_count count = { .clue = 0 };

	for (size_t i = 0; i < diagnoses->count; i++) {
		if (diagnoses->item[i].clue) {
			count.clue++;
			continue;
		}
		switch (diagnoses->item[i].severity) {
		case VC_ERROR:
			count.count.error++;
			break;
		case VC_WARNING:
			count.count.warning++;
			break;
		case VC_INFO:
			count.count.info++;
			break;
		}
	}
	for (size_t i = 0; i < diagnoses->noises; i++)
		count.noise += diagnoses->noise[i]->count;
	for (size_t i = 0; i < diagnoses->wrappers; i++)
		count.wrapper += diagnoses->wrapper[i]->count;
	*ret_count = count;
}

/* "each.device.largest_aw_bits" as "<largest aw bits>": a value that the domain or the host would tell. */
static void
add_placeholder(const struct vc_path *path, struct vc_buf *buf)
{
	const char *dot = strrchr(path->text, '.');

	vc_buf_add(buf, "<");
	for (const char *at = dot ? dot + 1 : path->text; *at; at++)
		vc_buf_add_n(buf, *at == '_' ? " " : at, 1);
	vc_buf_add(buf, ">");
}

const char *
vc_fix_outline(const struct vc_fix *fix, struct vc_arena *arena)
{
	_cleanup_buf_ struct vc_buf buf = { 0 };

	for (size_t i = 0; i < fix->summary.count; i++) {
		const struct vc_template_part *part = &fix->summary.part[i];

		if (part->text)
			vc_buf_add(&buf, part->text);
		else
			add_placeholder(part->path, &buf);
	}
	return vc_arena_strdup(arena, vc_buf_text(&buf));
}

#define FACTS_MAX 64

static size_t
add_facts(const struct vc_path *const *path, size_t count, const char **name, size_t names)
{
	for (size_t i = 0; i < count && names < FACTS_MAX; i++) {
		bool known = false;

		for (size_t j = 0; j < names; j++)
			known = known || strcmp(name[j], path[i]->text) == 0;
		if (!known)
			name[names++] = path[i]->text;
	}
	return names;
}

const char *
vc_rule_facts(const struct vc_rule *rule, size_t max, struct vc_arena *arena)
{
	const struct vc_path *path[FACTS_MAX];
	const char *name[FACTS_MAX];
	_cleanup_buf_ struct vc_buf buf = { 0 };
	size_t names, count = vc_expr_paths(&rule->fails, path, FACTS_MAX);

	names = add_facts(path, count < FACTS_MAX ? count : FACTS_MAX, name, 0);
	for (size_t i = 0; i < rule->uses_count; i++) {
		path[0] = rule->uses[i];
		names = add_facts(path, 1, name, names);
	}
	for (size_t i = 0; i < names && i < max; i++)
		vc_buf_addf(&buf, "%s%s", i > 0 ? ", " : "", name[i]);
	if (names > max)
		vc_buf_add(&buf, ", ...");
	return vc_arena_strdup(arena, vc_buf_text(&buf));
}
