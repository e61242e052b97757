/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/edit.h"

#include <errno.h>

#include "report/edit-step.h"

static void
splice_text(const struct vc_edit *edit, const struct vc_edit_step *step, struct vc_buf *out)
{
	size_t at = 0;

	for (size_t i = 0; i < step->splices; i++) {
		vc_buf_add_n(out, edit->text + at, step->splice[i].begin - at);
		vc_buf_add_n(out, step->splice[i].text, step->splice[i].length);
		at = step->splice[i].end;
	}
	vc_buf_add_n(out, edit->text + at, edit->size - at);
}

/* Carries the step out; 1, or the defect that it is if the result is not what was meant. */
static int
carry_out(struct vc_edit_work *w, const struct vc_edit_step *step, struct vc_edit *ret_edit,
	  struct vc_kept *ret_kept)
{
	_cleanup_kept_ struct vc_kept kept = { 0 };
	_cleanup_edit_ struct vc_edit after = { 0 };
	_cleanup_buf_ struct vc_buf text = { 0 };
	const char *unused;

	splice_text(w->edit, step, &text);
	vc_kept_from_splices(w->edit->size, step->splice, step->splices, &kept);
	if (vc_edit_open(vc_buf_text(&text), text.length, &after, &unused) < 0)
		return vc_edit_refuse(w, -ENOTRECOVERABLE,
				      "the result is not well-formed; this is a defect of vhostcheck");
	if (!vc_edit_check(w->edit, &after, step, &kept))
		return vc_edit_refuse(w, -ENOTRECOVERABLE,
				      "the result is not what was meant; this is a defect of vhostcheck");
	*ret_edit = after;
	*ret_kept = kept;
	after = (struct vc_edit){ 0 };
	kept = (struct vc_kept){ 0 };
	return 1;
}

/* Applied step by step, each to the text that the one before left. */
struct applied {
	struct vc_edit edit; /* empty: nothing has changed yet */
	struct vc_kept kept;
};

static void
applied_release(struct applied *applied)
{
	vc_edit_release(&applied->edit);
	vc_kept_release(&applied->kept);
}

/* Has another fix just put one of these there? Once it is judged, this one may be needless. */
static bool
is_repeated(const struct vc_edit_work *w, const struct vc_kept *earlier, const struct applied *applied)
{
	size_t place, unused;

	return earlier && w->same_kind != VC_SPAN_NONE &&
	       vc_kept_backward(&applied->kept, w->edit->spans.element[w->same_kind].begin, &place) &&
	       !vc_kept_backward(earlier, place, &unused);
}

static int
apply_action(struct vc_edit_work *w, const struct vc_edit_fix *fix, const struct vc_action *action,
	     const struct vc_kept *earlier, struct applied *applied)
{
	struct vc_edit_step step = { .touched = VC_SPAN_NONE, .removed = VC_SPAN_NONE };
	struct applied next;
	size_t place;
	int r;

	w->same_kind = VC_SPAN_NONE;
	if (!vc_kept_forward(&applied->kept, fix->place, &place))
		place = VC_SPAN_NONE;
	r = vc_edit_plan(w, place, action, &step);
	if (r < 0 || step.splices == 0)
		return r;
	if (is_repeated(w, earlier, applied))
		return vc_edit_refuse(w, -EBUSY, "another fix inserts the same");
	r = carry_out(w, &step, &next.edit, &next.kept);
	if (r < 0)
		return r;
	vc_kept_then(&applied->kept, &next.kept);
	vc_kept_release(&next.kept);
	vc_edit_release(&applied->edit);
	applied->edit = next.edit;
	return 0;
}

int
vc_edit_apply(const struct vc_edit *edit, const struct vc_edit_fix *fix, const struct vc_kept *earlier,
	      struct vc_edit *ret_edit, struct vc_kept *ret_kept, const char **ret_why)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	_cleanup_(applied_release) struct applied applied = { 0 };
	struct vc_edit_work w = { .edit = edit, .scope = fix->scope, .arena = arena };

	vc_kept_all(edit->size, &applied.kept);
	for (size_t i = 0; i < fix->fix->actions; i++) {
		const struct vc_action *action = &fix->fix->action[i];
		int r = vc_verb_is_edit(action->verb) ? apply_action(&w, fix, action, earlier, &applied) : 0;

		if (r < 0) {
			*ret_why = w.why;
			return r;
		}
		w.edit = applied.edit.text ? &applied.edit : edit;
	}
	if (!applied.edit.text)
		return 0;
	if (earlier && vc_kept_collide(earlier, &applied.kept)) {
		*ret_why = "another fix changes the same";
		return -EBUSY;
	}
	*ret_edit = applied.edit;
	*ret_kept = applied.kept;
	applied = (struct applied){ 0 };
	return 1;
}
