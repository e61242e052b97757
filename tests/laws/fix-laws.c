/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The laws every safe fix keeps, tried on every failing case of every rule, in the layout of the case and in others
 * (line ends, quotes, tabs, comments, one line):
 *   effect     the finding is gone afterwards, and not just undecided;
 *   no harm    no finding is there that was not there before;
 *   rest       a second run changes nothing;
 *   span       every byte outside the edit is unchanged, comments included, and the diff says the same;
 *   shown      what the report shows of the fix is in the result;
 *   coverage   every safe fix of a rule is applied in one of its cases.
 * Usage: fix-laws CASES-DIRECTORY [DIRECTORY]: leaves every domain there as NUMBER.before.xml and NUMBER.after.xml, with
 * the case in NUMBER.case, for tests/integration/fix-validate.
 */
#include <libxml/parser.h>
#include <stdio.h>
#include <string.h>

#include "cli/case.h"
#include "cli/fixer.h"
#include "leave.h"
#include "report/diff.h"
#include "report/xml-write.h"

static const struct vc_run_options options = { .root = NULL };
static unsigned broken, tried;

/* Fixes that were applied in some case. */
static const struct vc_fix *seen[1024];
static size_t seen_count;

struct trial {
	const char *file, *layout;
	struct vc_run run;
	struct vc_case test;
};

static void _printf_(2, 3)
complain(const struct trial *trial, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	printf("%s (%s): ", trial->file, trial->layout);
	vprintf(format, args);
	printf("\n");
	va_end(args);
	broken++;
}

/* --- layouts --- */

typedef void layout_fn(const char *text, struct vc_buf *out);

static void
as_written(const char *text, struct vc_buf *out)
{
	vc_buf_add(out, text);
}

/* Every byte of @text by itself; @what in the place of each @byte. */
static void
replace(const char *text, char byte, const char *what, struct vc_buf *out)
{
	for (; *text; text++) {
		if (*text == byte)
			vc_buf_add(out, what);
		else
			vc_buf_add_n(out, text, 1);
	}
}

static void
with_crlf(const char *text, struct vc_buf *out)
{
	replace(text, '\n', "\r\n", out);
}

static void
with_double_quotes(const char *text, struct vc_buf *out)
{
	if (strchr(text, '"'))
		vc_buf_add(out, text);
	else
		replace(text, '\'', "\"", out);
}

static void
with_mark(const char *text, struct vc_buf *out)
{
	vc_buf_add(out, "\xef\xbb\xbf");
	vc_buf_add(out, text);
}

static void
in_one_line(const char *text, struct vc_buf *out)
{
	while (*text) {
		vc_buf_add_n(out, text, 1);
		if (*text++ == '>' && text[strspn(text, " \t\r\n")] == '<')
			text += strspn(text, " \t\r\n");
	}
}

static void
with_tabs(const char *text, struct vc_buf *out)
{
	for (bool begin = true; *text; text++) {
		if (begin && strncmp(text, "  ", 2) == 0) {
			vc_buf_add(out, "\t");
			text++;
			continue;
		}
		begin = *text == '\n';
		vc_buf_add_n(out, text, 1);
	}
}

static void
with_comments(const char *text, struct vc_buf *out)
{
	for (; *text; text++) {
		vc_buf_add_n(out, text, 1);
		if (text[0] == '>' && text[1] == '\n')
			vc_buf_add(out, " <!-- 'x' > \"y\" <z/> -->");
	}
}

static const struct {
	const char *name;
	layout_fn *lay;
} layouts[] = {
	{ "as written", as_written },	{ "CRLF", with_crlf },	 { "double quotes", with_double_quotes },
	{ "byte order mark", with_mark }, { "one line", in_one_line }, { "tabs", with_tabs },
	{ "comments", with_comments },
};

/* --- one trial --- */

static bool
trial_init(struct trial *trial, const char *file, size_t layout)
{
	struct vc_run *run = &trial->run;
	_cleanup_buf_ struct vc_buf text = { 0 };

	trial->file = file;
	trial->layout = layouts[layout].name;
	vc_run_init(run);
	if (vc_case_load(file, run->arena, &run->diags, &trial->test) == 0 && vc_run_open(run, &options) == 0) {
		/* Nothing edits a command line. */
		if (trial->test.is_command_line) {
			vc_run_release(run);
			return false;
		}
		if (trial->test.domain) {
			layouts[layout].lay(trial->test.domain, &text);
			trial->test.domain = vc_arena_strndup(run->arena, vc_buf_text(&text), text.length);
			trial->test.domain_size = text.length;
		}
		if (vc_case_prepare(&trial->test, &options, run) == 0)
			return true;
	}
	complain(trial, "cannot be prepared: %s", run->diags.count > 0 ? run->diags.item[0].text : "no reason given");
	vc_run_release(run);
	return false;
}

struct snapshot {
	const struct vc_finding *item;
	size_t count;
	size_t curable, undecided; /* of the rule of the case */
	const char *shown;	   /* the XML of the last curable one, as a report has it */
};

static const char *
shown_xml(struct trial *trial, const struct vc_finding *finding, const struct vc_fix *fix)
{
	const struct vc_fix_input input = vc_fix_input_of(finding, &trial->run.host, &trial->run.subject[0].guest,
							  trial->run.arena);
	struct vc_fix_text text;

	return vc_fix_text(fix, &input, &text) ? text.xml : NULL;
}

static struct snapshot
take_snapshot(struct trial *trial)
{
	const struct vc_findings *findings = &trial->run.subject[0].findings;
	struct snapshot snapshot = { .item = findings->item, .count = findings->count };

	for (size_t i = 0; i < findings->count; i++) {
		const struct vc_finding *finding = &findings->item[i];
		const struct vc_fix *fix;

		if (strcmp(finding->rule->id, trial->test.rule) != 0)
			continue;
		snapshot.undecided += finding->outcome == VC_UNDECIDED;
		fix = finding->outcome == VC_FAIL ? vc_fixer_choose(&trial->run, 0, finding, false) : NULL;
		if (fix) {
			snapshot.curable++;
			snapshot.shown = shown_xml(trial, finding, fix);
		}
	}
	return snapshot;
}

static bool
was_there(const struct snapshot *before, const struct vc_finding *finding)
{
	for (size_t i = 0; i < before->count; i++) {
		const struct vc_finding *old = &before->item[i];

		if (old->rule == finding->rule && (old->outcome == VC_FAIL || old->outcome == VC_SUPPRESSED))
			return true;
	}
	return false;
}

static void
check_effect(struct trial *trial, const struct snapshot *before, const struct vc_fixed *fixed)
{
	const struct vc_findings *findings = &trial->run.subject[0].findings;
	struct snapshot after = take_snapshot(trial);

	if (fixed->applied == 0)
		complain(trial, "the fix is not applied");
	for (size_t i = 0; i < fixed->notes; i++) {
		if (fixed->note[i].undone)
			complain(trial, "'%s' was taken back: %s", fixed->note[i].summary, fixed->note[i].undone);
		else if (seen_count < VC_COUNT(seen))
			seen[seen_count++] = fixed->note[i].fix;
	}
	if (after.curable > 0)
		complain(trial, "the finding is still there");
	if (after.undecided > before->undecided)
		complain(trial, "the finding is undecided instead of gone");
	for (size_t i = 0; i < findings->count; i++) {
		if (findings->item[i].outcome == VC_FAIL && !was_there(before, &findings->item[i]))
			complain(trial, "a new finding: %s", findings->item[i].message);
	}
}

/* --- shown --- */

/* Where a comment stands depends on the layout. */
static void
write_without_comments(struct vc_buf *out, const xmlNode *node)
{
	_cleanup_buf_ struct vc_buf text = { 0 };
	const char *comment;

	vc_xml_write_in(&text, node, xmlDocGetRootElement(node->doc), &(struct vc_xml_layout){ "", "", "", '\'' });
	for (const char *at = vc_buf_text(&text); *at;) {
		comment = strstr(at, "<!--");
		vc_buf_add_n(out, at, comment ? (size_t)(comment - at) : strlen(at));
		at = comment ? strstr(comment, "-->") + 3 : "";
	}
}

static bool
has_element(const xmlNode *node, const char *wanted)
{
	_cleanup_buf_ struct vc_buf text = { 0 };

	write_without_comments(&text, node);
	if (strcmp(vc_buf_text(&text), wanted) == 0)
		return true;
	for (const xmlNode *child = node->children; child; child = child->next) {
		if (child->type == XML_ELEMENT_NODE && has_element(child, wanted))
			return true;
	}
	return false;
}

/* With several findings the fix of one may change what is shown of another. */
static void
check_shown(struct trial *trial, const struct snapshot *before)
{
	const xmlNode *root = trial->run.subject[0].guest.root;
	_cleanup_buf_ struct vc_buf text = { 0 };
	const xmlNode *piece;
	bool removed = false;
	xmlDoc *doc;

	if (before->curable != 1)
		return;
	vc_buf_addf(&text, "<shown>%s</shown>", before->shown ? before->shown : "");
	doc = xmlReadMemory(vc_buf_text(&text), (int)text.length, NULL, NULL, XML_PARSE_NOBLANKS);
	piece = doc ? xmlDocGetRootElement(doc)->children : NULL;
	if (!piece)
		complain(trial, "the report shows no XML of the fix");
	for (; piece; piece = piece->next) {
		_cleanup_buf_ struct vc_buf wanted = { 0 };

		if (piece->type == XML_COMMENT_NODE)
			removed = strstr((const char *)piece->content, "remove this element") != NULL;
		if (piece->type != XML_ELEMENT_NODE)
			continue;
		write_without_comments(&wanted, piece);
		if (has_element(root, vc_buf_text(&wanted)) == removed)
			complain(trial, "this is shown, and is not what the result has:\n%s", vc_buf_text(&wanted));
		removed = false;
	}
	if (doc)
		xmlFreeDoc(doc);
}

/* --- span --- */

static size_t
count_text(const char *text, const char *what)
{
	size_t count = 0;

	for (const char *at = strstr(text, what); at; at = strstr(at + 1, what))
		count++;
	return count;
}

/* The diff, applied by hand: lines of context and removed ones have to be those of @before. */
static bool
patch(const char *before, const char *diff, struct vc_buf *out)
{
	const char *at = before;
	size_t line = 1;

	while (*diff) {
		size_t length = strcspn(diff, "\n");
		const char *next = diff + length + (diff[length] == '\n');

		if (strncmp(diff, "@@ -", 4) == 0) {
			uint64_t from = 0;

			for (const char *digit = diff + 4; *digit >= '0' && *digit <= '9'; digit++)
				from = from * 10 + (uint64_t)(*digit - '0');
			/* ",0": behind that line */
			if (strstr(diff, ",0 +") && strstr(diff, ",0 +") < next)
				from++;
			for (; line < from; line++) {
				size_t keep = strcspn(at, "\n") + 1;

				vc_buf_add_n(out, at, keep);
				at += keep;
			}
		} else if (*diff == ' ' || *diff == '-') {
			size_t body = (size_t)(next - diff) - 1;

			/* A last line without its end has one in the diff. */
			if (*next == '\\')
				body--;
			if (strncmp(at, diff + 1, body) != 0 && strncmp(diff, "---", 3) != 0)
				return false;
			if (strncmp(diff, "--- ", 4) != 0) {
				if (*diff == ' ')
					vc_buf_add_n(out, at, body);
				at += body;
				line++;
			}
		} else if (*diff == '+' && strncmp(diff, "+++ ", 4) != 0) {
			vc_buf_add_n(out, diff + 1, (size_t)(next - diff) - 1 - (*next == '\\'));
		}
		diff = next;
	}
	vc_buf_add(out, at);
	return true;
}

static void
check_spans(struct trial *trial, const struct vc_fixed *fixed)
{
	const char *before = trial->test.domain;
	const struct vc_kept *kept = &fixed->kept;
	_cleanup_buf_ struct vc_buf diff = { 0 }, patched = { 0 };
	size_t bytes = 0;

	if (kept->before_size != trial->test.domain_size || kept->after_size != fixed->size)
		complain(trial, "the sizes are not those of the texts");
	for (size_t i = 0; i < kept->count; i++) {
		const struct vc_kept_run *run = &kept->run[i];

		if (memcmp(before + run->before, fixed->text + run->after, run->length) != 0)
			complain(trial, "bytes that are said to be kept are not");
		bytes += run->length;
	}
	/* A fix changes a line or two; this is what keeps "everything is an edit" from being an answer. */
	if (kept->before_size - bytes > 200 || kept->after_size - bytes > 200)
		complain(trial, "%zu bytes go and %zu come", kept->before_size - bytes, kept->after_size - bytes);
	if (count_text(before, "<!--") != count_text(fixed->text, "<!--"))
		complain(trial, "a comment is lost");
	if (count_text(before, "\r\n") > 0 && count_text(fixed->text, "\r\n") != count_text(fixed->text, "\n"))
		complain(trial, "lines end in two ways");
	if (count_text(before, "\"") > 0 && count_text(before, "'") == 0 && count_text(fixed->text, "'") > 0)
		complain(trial, "there are two kinds of quotes");
	vc_diff_unified(&diff, "x", before, fixed->text, kept);
	if (!patch(before, vc_buf_text(&diff), &patched) || strcmp(vc_buf_text(&patched), fixed->text) != 0)
		complain(trial, "the diff does not lead to the result:\n%s", vc_buf_text(&diff));
}

static void
check_rest(struct trial *trial, const struct vc_fixer_options *fixer_options, const struct vc_fixed *fixed)
{
	struct vc_fixed again;

	if (vc_fixer_run(&trial->run, 0, &options, fixer_options, &again) < 0) {
		complain(trial, "the result cannot be fixed again");
		return;
	}
	if (again.applied > 0 || again.size != fixed->size || memcmp(again.text, fixed->text, fixed->size) != 0)
		complain(trial, "a second run changes something");
	vc_fixed_release(&again);
}

static const char *samples;

static void
try_case(const char *file, size_t layout)
{
	struct trial trial;
	struct vc_fixer_options fixer_options = { .only_count = 1 };
	struct snapshot before;
	struct vc_fixed fixed;

	if (!trial_init(&trial, file, layout))
		return;
	fixer_options.only = &trial.test.rule;
	if (trial.test.expected == VC_EXPECT_FAIL && trial.test.domain) {
		vc_run_judge(&trial.run, &options);
		before = take_snapshot(&trial);
		if (before.curable > 0) {
			tried++;
			if (vc_fixer_run(&trial.run, 0, &options, &fixer_options, &fixed) < 0) {
				complain(&trial, "cannot be fixed: %s",
					 trial.run.diags.item[trial.run.diags.count - 1].text);
			} else {
				check_effect(&trial, &before, &fixed);
				check_shown(&trial, &before);
				check_spans(&trial, &fixed);
				check_rest(&trial, &fixer_options, &fixed);
				if (samples)
					leave_fixed(samples, tried, file, trial.test.domain, trial.test.domain_size,
						    fixed.text, fixed.size);
				vc_fixed_release(&fixed);
			}
		}
	}
	vc_run_release(&trial.run);
}

/* --- coverage --- */

static bool
changes_domain(const struct vc_fix *fix)
{
	for (size_t i = 0; i < fix->actions; i++) {
		if (vc_verb_is_edit(fix->action[i].verb))
			return true;
	}
	return false;
}

static void
check_coverage(const struct vc_rule *rule)
{
	for (size_t i = 0; i < rule->fixes; i++) {
		bool found = !rule->fix[i].safe || rule->fix[i].who != VC_WHO_DOMAIN || !changes_domain(&rule->fix[i]);

		for (size_t s = 0; s < seen_count; s++)
			found = found || seen[s] == &rule->fix[i];
		if (found)
			continue;
		printf("%s: its safe fix %zu is applied in none of its cases\n", rule->id, i + 1);
		broken++;
	}
}

int
main(int argc, char **argv)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	struct vc_diags diags = { .arena = arena };
	const char *directory = argc >= 2 ? argv[1] : "";
	const char *const *file;
	size_t files;

	samples = argc >= 3 ? argv[2] : NULL;
	if (vc_cases_find(&directory, 1, arena, &diags, &file, &files) < 0 || files == 0) {
		printf("no cases in '%s'\n", directory);
		return 2;
	}
	for (size_t i = 0; i < files; i++) {
		for (size_t layout = 0; layout < VC_COUNT(layouts); layout++)
			try_case(file[i], layout);
	}
	for (size_t i = 0; i < vc_builtin_rules.count; i++)
		check_coverage(vc_builtin_rules.rule[i]);
	printf("%zu cases, %u fixes tried, %u laws broken\n", files, tried, broken);
	return broken > 0 || tried == 0 ? 1 : 0;
}
