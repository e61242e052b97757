/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vhostcheck-rules(7), from the rules of the project. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "generate/generate.h"
#include "generate/roff.h"
#include "report/fix-text.h"
#include "rules/engine.h"

static const char *const who_names[] = {
	[VC_WHO_DOMAIN] = "in the domain",
	[VC_WHO_HOST] = "on the host",
	[VC_WHO_FIRMWARE] = "in the firmware",
	[VC_WHO_VENDOR] = "by the vendor",
};

static void
write_head(const struct vc_rule *rule, struct vc_buf *out)
{
	_cleanup_buf_ struct vc_buf text = { 0 };

	vc_buf_addf(&text, "%s.", rule->title);
	roff_paragraph(out, vc_buf_text(&text));
	text.length = 0;
	vc_buf_addf(&text, "%s, %s, since %s", vc_severity_name(rule->severity),
		    vc_confidence_name(rule->confidence), rule->since);
	if (rule->host_only)
		vc_buf_add(&text, "; asked of the host alone as well");
	if (rule->host_at_risk)
		vc_buf_add(&text, "; endangers the host, so that no domain can silence it");
	roff_break(out);
	roff_text(out, vc_buf_text(&text));
}

static void
write_says(const struct vc_rule *rule, struct vc_arena *arena, struct vc_buf *out)
{
	const char **text = vc_arena_make_array(arena, rule->says_count, const char *);

	for (size_t i = 0; i < rule->says_count; i++)
		text[i] = vc_template_source(&rule->says[i].text, arena);
	roff_list(out, "Says", text, rule->says_count);
}

static void
write_messages(const struct vc_rule *rule, struct vc_arena *arena, struct vc_buf *out)
{
	const char **text = vc_arena_make_array(arena, rule->symptoms, const char *);

	for (size_t i = 0; i < rule->symptoms; i++) {
		_cleanup_buf_ struct vc_buf message = { 0 };

		vc_symptom_format(&rule->symptom[i], &message);
		text[i] = vc_arena_strdup(arena, vc_buf_text(&message));
	}
	roff_list(out, "Messages", text, rule->symptoms);
}

static void
write_fixes(const struct vc_rule *rule, struct vc_arena *arena, struct vc_buf *out)
{
	const char **text = vc_arena_make_array(arena, rule->fixes, const char *);

	for (size_t i = 0; i < rule->fixes; i++)
		text[i] = vc_arena_printf(arena, "%s%s: %s", who_names[rule->fix[i].who],
					  rule->fix[i].safe ? ", safe" : "",
					  vc_template_source(&rule->fix[i].summary, arena));
	roff_list(out, "Fixes", text, rule->fixes);
}

static void
write_rule(const struct vc_rule *rule, struct vc_arena *arena, struct vc_buf *out)
{
	roff_subsection(out, rule->id);
	write_head(rule, out);
	write_says(rule, arena, out);
	roff_term(out, "Why", NULL);
	roff_text(out, rule->why);
	if (rule->affects) {
		roff_term(out, "Versions", NULL);
		roff_text(out, rule->affects);
	}
	write_messages(rule, arena, out);
	write_fixes(rule, arena, out);
	roff_list(out, "Sources", rule->source, rule->sources);
}

/* Headings of a manual are in capitals. */
static void
write_topic(const char *topic, struct vc_buf *out)
{
	_cleanup_buf_ struct vc_buf title = { 0 };

	for (const char *at = topic; *at; at++)
		vc_buf_addf(&title, "%c", toupper((unsigned char)*at));
	roff_section(out, vc_buf_text(&title));
}

/* By topic, then by id. */
static int
compare_rules(const void *a, const void *b)
{
	const struct vc_rule *left = *(const struct vc_rule *const *)a,
			     *right = *(const struct vc_rule *const *)b;
	int topics = strcmp(left->topic, right->topic);

	return topics != 0 ? topics : strcmp(left->id, right->id);
}

void
generate_man_rules(struct vc_buf *out)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	const size_t count = vc_builtin_rules.count;
	const struct vc_rule **rule = vc_arena_make_array(arena, count, const struct vc_rule *);
	const char *topic = "";

	/* Sorted by topic here, by id in the program. */
	memcpy(rule, vc_builtin_rules.rule, count * sizeof(*rule));
	qsort(rule, count, sizeof(*rule), compare_rules);
	roff_begin(out, "vhostcheck-rules", 7, "the rules of vhostcheck");
	roff_section(out, "DESCRIPTION");
	roff_paragraph(out, "The rules that vhostcheck brings, by topic. 'vhostcheck explain RULE' prints "
			    "one in full, with its conditions, "
			    "the facts it decides by, and its fixes in every form; 'vhostcheck rules list' "
			    "lists them with those "
			    "of the site.");
	roff_paragraph(
		out, "An error means that the guest will not start, or that data or the host are at risk; a "
		     "warning, that it "
		     "starts and runs wrong, badly or unsafely; an info, that it can be better. Proven: it "
		     "follows from source "
		     "code, for the versions named. Reported: it is known from the field. A safe fix can be "
		     "applied "
		     "without a person deciding. Names in braces stand for facts, see vhostcheck-facts(7).");
	for (size_t i = 0; i < count; i++) {
		if (strcmp(topic, rule[i]->topic) != 0) {
			topic = rule[i]->topic;
			write_topic(topic, out);
		}
		write_rule(rule[i], arena, out);
	}
	roff_section(out, "SEE ALSO");
	roff_paragraph(out, "vhostcheck(1), vhostcheck-rules(5), vhostcheck-facts(7)");
}
