/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/fixer.h"

#include <errno.h>
#include <libxml/tree.h>
#include <string.h>

#include "report/edit.h"

/* Fixes that help settle in two or three passes; more would be rules that work against each other. */
#define PASSES_MAX 10
/* How often the text is read and judged. A domain that is large gets fewer, so that time and memory stay bounded. */
#define TRIALS_MAX 64u
#define TRIAL_BYTES_MAX ((size_t)256 << 20)
/* How much text all fixes may go through; each reads the text twice per action. Thousands, in a domain of usual size. */
#define WORK_BYTES_MAX ((size_t)128 << 20)

/* A finding that a fix is to be applied to. */
struct candidate {
	const struct vc_finding *finding;
	const struct vc_fix *fix;
	size_t place; /* in the text */
};

/* Outcomes of one rule. */
struct tally {
	size_t failed, hidden, undecided;
};

struct fixer {
	struct vc_run *run;
	size_t subject;
	const struct vc_run_options *run_options;
	const struct vc_fixer_options *options;
	unsigned trials, trials_max;
	struct vc_fixer_note *note;
	size_t notes, applied;
	size_t work;	     /* bytes gone through */
	struct vc_kept kept; /* of the original, in the current text */
	struct tally *tally; /* of the current text, by index of the rule */
};

static const struct vc_subject *
subject_of(const struct fixer *f)
{
	return &f->run->subject[f->subject];
}

static struct vc_fix_input
input_of(const struct vc_run *run, size_t subject, const struct vc_finding *finding)
{
	return vc_fix_input_of(finding, &run->host, &run->subject[subject].guest, run->arena);
}

/* --- which fix --- */

/* A fix that did not help does not help a second time. */
static bool
is_undone(const struct fixer *f, const struct vc_finding *finding, const struct vc_fix *fix)
{
	for (size_t i = 0; i < f->notes; i++) {
		const struct vc_fixer_note *note = &f->note[i];

		if (note->undone && note->fix == fix && vc_same_text(note->message, finding->message) &&
		    vc_same_text(note->device, finding->device))
			return true;
	}
	return false;
}

static const struct vc_fix *
choose(const struct fixer *f, const struct vc_run *run, size_t subject, const struct vc_finding *finding, bool unsafe)
{
	const struct vc_fix_input input = input_of(run, subject, finding);

	for (size_t i = 0; i < finding->rule->fixes; i++) {
		const struct vc_fix *fix = &finding->rule->fix[i];

		if ((fix->safe || unsafe) && vc_fix_is_concrete(fix, &input) && !(f && is_undone(f, finding, fix)))
			return fix;
	}
	return NULL;
}

const struct vc_fix *
vc_fixer_choose(const struct vc_run *run, size_t subject, const struct vc_finding *finding, bool unsafe)
{
	const struct vc_fix *safe = choose(NULL, run, subject, finding, false);

	return safe || !unsafe ? safe : choose(NULL, run, subject, finding, true);
}

bool
vc_fixer_is_asked(const struct vc_fixer_options *options, const struct vc_rule *rule)
{
	for (size_t i = 0; i < options->only_count; i++) {
		if (strcmp(options->only[i], rule->id) == 0)
			return true;
	}
	return options->only_count == 0;
}

/* --- where: the same element in the guest's tree and in the text --- */

struct located {
	const void *node;
	size_t index;
};

static int
compare_located(const void *a, const void *b)
{
	uintptr_t x = (uintptr_t)((const struct located *)a)->node, y = (uintptr_t)((const struct located *)b)->node;

	return x < y ? -1 : x > y;
}

/* Elements in document order, at most @room. */
static void
locate(const xmlNode *node, struct located *located, size_t room, size_t *count)
{
	if (*count == room)
		return;
	located[*count] = (struct located){ .node = node, .index = *count };
	++*count;
	for (const xmlNode *child = node->children; child; child = child->next) {
		if (child->type == XML_ELEMENT_NODE)
			locate(child, located, room, count);
	}
}

static void
find_places(const struct fixer *f, const struct vc_edit *edit, struct candidate *candidate, size_t count)
{
	size_t room = edit->spans.elements, found = 0;
	struct located *located = calloc(room, sizeof(*located));

	if (!located)
		abort();
	locate(subject_of(f)->guest.root, located, room, &found);
	qsort(located, found, sizeof(*located), compare_located);
	for (size_t i = 0; i < count; i++) {
		const struct located key = { .node = candidate[i].finding->place.node };
		const struct located *at = key.node ? bsearch(&key, located, found, sizeof(*located),
							      compare_located)
						    : NULL;

		/* Without an element of its own it is about the domain. */
		candidate[i].place = edit->spans.element[at ? at->index : 0].begin;
	}
	free(located);
}

static struct candidate *
find_candidates(struct fixer *f, size_t *ret_count)
{
	const struct vc_findings *findings = &subject_of(f)->findings;
	struct candidate *candidate = vc_arena_make_array(f->run->arena, findings->count + 1, struct candidate);
	size_t count = 0;

	for (size_t i = 0; i < findings->count; i++) {
		const struct vc_finding *finding = &findings->item[i];
		const struct vc_fix *fix = NULL;

		if (finding->outcome != VC_FAIL || !vc_fixer_is_asked(f->options, finding->rule))
			continue;
		fix = choose(f, f->run, f->subject, finding, false);
		if (!fix && f->options->unsafe)
			fix = choose(f, f->run, f->subject, finding, true);
		if (fix)
			candidate[count++] = (struct candidate){ .finding = finding, .fix = fix };
	}
	*ret_count = count;
	return candidate;
}

/* --- notes --- */

static struct vc_fixer_note
note_of(const struct fixer *f, const struct candidate *candidate, const char *undone)
{
	const struct vc_fix_input input = input_of(f->run, f->subject, candidate->finding);

	return (struct vc_fixer_note){
		.rule = candidate->finding->rule,
		.fix = candidate->fix,
		.message = candidate->finding->message,
		.summary = vc_fix_words(&candidate->fix->summary, &input),
		.device = candidate->finding->device,
		.undone = undone,
	};
}

static void
add_note(struct fixer *f, const struct vc_fixer_note *note)
{
	struct vc_fixer_note *slot = vc_arena_append(f->run->arena, (void **)&f->note, &f->notes, sizeof(*slot));

	*slot = *note;
	f->applied += !note->undone;
}

/* --- judging --- */

static size_t
index_of(const struct vc_run *run, const struct vc_rule *rule)
{
	size_t i = 0;

	while (run->rules.rule[i] != rule)
		i++;
	return i;
}

static struct tally *
count_outcomes(const struct fixer *f)
{
	const struct vc_findings *findings = &subject_of(f)->findings;
	struct tally *tally = vc_arena_make_array(f->run->arena, f->run->rules.count + 1, struct tally);
	const struct vc_rule *last = NULL;
	size_t index = 0;

	for (size_t i = 0; i < findings->count; i++) {
		const struct vc_finding *finding = &findings->item[i];

		if (finding->rule != last)
			index = index_of(f->run, finding->rule);
		last = finding->rule;
		tally[index].failed += finding->outcome == VC_FAIL;
		tally[index].hidden += finding->outcome == VC_SUPPRESSED;
		tally[index].undecided += finding->outcome == VC_UNDECIDED;
	}
	return tally;
}

static int
judge_text(struct fixer *f, const char *text, size_t size)
{
	int r = vc_run_replace_text(f->run, f->subject, text, size);

	if (r < 0)
		return r;
	if (f->options->probe)
		vc_run_probe(f->run, f->run_options);
	vc_run_judge(f->run, f->run_options);
	f->trials++;
	return 0;
}

/* What is wrong with the result of fixes for @fixed findings per rule; NULL if nothing is. */
static const char *
find_fault(const struct fixer *f, const struct tally *after, const size_t *fixed, const struct vc_rule *alone)
{
	for (size_t i = 0; i < f->run->rules.count; i++) {
		const struct tally *before = &f->tally[i];
		const struct vc_rule *rule = f->run->rules.rule[i];

		if (fixed[i] > 0) {
			if (after[i].failed + fixed[i] > before->failed)
				return "the finding is there still";
			if (after[i].undecided > before->undecided)
				return "nobody can tell any more whether the finding is there";
			continue;
		}
		/* What another finding hid was there before. */
		if (after[i].failed <= before->failed + before->hidden)
			continue;
		/* A decision may trade an error for a warning; a safe fix trades nothing. */
		if (!alone || rule->severity >= alone->severity)
			return vc_arena_printf(f->run->arena, "it brings about another finding, '%s'", rule->id);
	}
	return NULL;
}

/* --- applying --- */

/* Fixes applied to one text, one after the other. */
struct batch {
	struct vc_edit edit; /* empty: nothing is applied yet */
	struct vc_kept kept; /* of the text that the pass began with */
	struct vc_fixer_note *note;
	size_t notes;
	size_t *fixed; /* by index of the rule */
	bool unsafe;
	const struct vc_rule *rule; /* of the last one */
};

static void
batch_release(struct batch *batch)
{
	vc_edit_release(&batch->edit);
	vc_kept_release(&batch->kept);
}

/* 1: applied; 0: not, for now or for ever; negative: the editor is wrong. */
static int
try_candidate(struct fixer *f, const struct vc_edit *base, struct candidate *candidate, struct batch *batch)
{
	const struct vc_edit *edit = batch->edit.text ? &batch->edit : base;
	const struct vc_fix_input input = input_of(f->run, f->subject, candidate->finding);
	struct vc_edit_fix fix = { .fix = candidate->fix, .scope = &input.scope };
	struct vc_fixer_note note;
	struct vc_edit after;
	struct vc_kept kept;
	const char *why = "it changes nothing here";
	int r;

	/* Its element went with an earlier fix: whether it is needed is seen in the next pass. */
	if (!vc_kept_forward(&batch->kept, candidate->place, &fix.place))
		return 0;
	f->work += edit->size * (1 + candidate->fix->actions);
	r = vc_edit_apply(edit, &fix, &batch->kept, &after, &kept, &why);
	/* After an earlier fix nothing may be left to change. */
	if (r == -EBUSY || (r == 0 && batch->notes > 0))
		return 0;
	if (r == -ENOTRECOVERABLE) {
		vc_diag_add(&f->run->diags, subject_of(f)->guest.file, candidate->finding->place.line,
			    "the fix of %s: %s", candidate->finding->rule->id, why);
		return r;
	}
	note = note_of(f, candidate, r == 1 ? NULL : why);
	if (r != 1) {
		add_note(f, &note);
		return 0;
	}
	vc_kept_then(&batch->kept, &kept);
	vc_kept_release(&kept);
	vc_edit_release(&batch->edit);
	batch->edit = after;
	batch->note[batch->notes++] = note;
	batch->fixed[index_of(f->run, note.rule)]++;
	batch->unsafe = batch->unsafe || !note.fix->safe;
	batch->rule = note.rule;
	return 1;
}

/* Applies as many as do not get in each other's way; with @alone the first that can be. */
static int
fill_batch(struct fixer *f, const struct vc_edit *base, struct candidate *candidate, size_t count, bool alone,
	   struct batch *batch)
{
	vc_kept_all(base->size, &batch->kept);
	batch->note = vc_arena_make_array(f->run->arena, count, struct vc_fixer_note);
	batch->fixed = vc_arena_make_array(f->run->arena, f->run->rules.count + 1, size_t);
	for (size_t i = 0; i < count && f->work < WORK_BYTES_MAX; i++) {
		int r = try_candidate(f, base, &candidate[i], batch);

		if (r < 0)
			return r;
		if (r == 1 && alone)
			break;
	}
	return 0;
}

enum pass {
	PASS_DONE,
	PASS_APPLIED,
	PASS_UNDONE, /* fixes that are good by themselves may not go together, or one of them is not good */
	PASS_AGAIN,  /* nothing was applied, but a finding may have a second fix */
};

/* Judges the batch, and keeps it or takes it back. */
static int
settle_batch(struct fixer *f, struct batch *batch, bool alone, enum pass *ret_pass)
{
	const char *old = subject_of(f)->text, *fault;
	size_t old_size = subject_of(f)->size, diags = f->run->diags.count;
	const char *text = vc_arena_strndup(f->run->arena, batch->edit.text, batch->edit.size);
	struct tally *after = NULL;
	int r = judge_text(f, text, batch->edit.size);

	if (r < 0) {
		/* That is told with the fix. */
		f->run->diags.count = diags;
		fault = "the result is no domain";
	} else {
		after = count_outcomes(f);
		fault = find_fault(f, after, batch->fixed, alone && batch->unsafe ? batch->rule : NULL);
	}
	if (!fault) {
		for (size_t i = 0; i < batch->notes; i++)
			add_note(f, &batch->note[i]);
		vc_kept_then(&f->kept, &batch->kept);
		f->tally = after;
		*ret_pass = PASS_APPLIED;
		return 0;
	}
	if (r == 0) {
		r = judge_text(f, old, old_size);
		if (r < 0)
			return r;
	}
	/* One of several: which one is seen when each is tried by itself. */
	if (alone || batch->notes == 1) {
		batch->note[0].undone = fault;
		add_note(f, &batch->note[0]);
	}
	*ret_pass = PASS_UNDONE;
	return 0;
}

static int
run_pass(struct fixer *f, bool alone, enum pass *ret_pass)
{
	_cleanup_(batch_release) struct batch batch = { 0 };
	_cleanup_edit_ struct vc_edit base = { 0 };
	struct candidate *candidate;
	const char *why;
	size_t count, notes = f->notes;
	int r;

	*ret_pass = PASS_DONE;
	candidate = find_candidates(f, &count);
	if (count == 0)
		return 0;
	if (subject_of(f)->guest.root != xmlDocGetRootElement((xmlDoc *)(uintptr_t)subject_of(f)->guest.doc)) {
		vc_diag_add(&f->run->diags, subject_of(f)->guest.file, 0,
			    "is the state of a running guest; change its domain (virsh dumpxml --inactive)");
		return -EBADMSG;
	}
	r = vc_edit_open(subject_of(f)->text, subject_of(f)->size, &base, &why);
	if (r < 0) {
		vc_diag_add(&f->run->diags, subject_of(f)->guest.file, 0, "cannot be changed: %s", why);
		return r;
	}
	find_places(f, &base, candidate, count);
	r = fill_batch(f, &base, candidate, count, alone, &batch);
	if (r < 0)
		return r;
	if (batch.notes == 0) {
		*ret_pass = f->notes > notes ? PASS_AGAIN : PASS_DONE;
		return 0;
	}
	return settle_batch(f, &batch, alone, ret_pass);
}

int
vc_fixer_run(struct vc_run *run, size_t subject, const struct vc_run_options *run_options,
	     const struct vc_fixer_options *options, struct vc_fixed *ret_fixed)
{
	struct fixer f = { .run = run, .subject = subject, .run_options = run_options, .options = options };
	enum pass pass = PASS_APPLIED;
	bool alone = false;
	size_t left;

	f.trials_max = TRIALS_MAX;
	if (TRIAL_BYTES_MAX / subject_of(&f)->size < f.trials_max)
		f.trials_max = (unsigned)(TRIAL_BYTES_MAX / subject_of(&f)->size);
	f.tally = count_outcomes(&f);
	vc_kept_all(subject_of(&f)->size, &f.kept);
	for (unsigned passes = 0; pass != PASS_DONE && f.trials + 2 <= f.trials_max && (alone || passes < PASSES_MAX);
	     passes++) {
		int r = run_pass(&f, alone, &pass);

		if (r < 0) {
			vc_kept_release(&f.kept);
			return r;
		}
		alone = alone || pass == PASS_UNDONE;
	}
	find_candidates(&f, &left);
	*ret_fixed = (struct vc_fixed){
		.text = subject_of(&f)->text,
		.size = subject_of(&f)->size,
		.kept = f.kept,
		.note = f.note,
		.notes = f.notes,
		.applied = f.applied,
		.exhausted = left > 0,
	};
	return 0;
}

void
vc_fixed_release(struct vc_fixed *fixed)
{
	vc_kept_release(&fixed->kept);
}
