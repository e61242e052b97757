/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fix, judge, repeat: the fixes of what was found are applied to the text of a domain, which is then read and judged
 * again. A fix that does not do what it promises is taken back.
 */
#pragma once

#include "cli/run.h"
#include "report/fix-text.h"
#include "report/kept.h"

struct vc_fixer_options {
	const char *const *only; /* rules; none: all */
	size_t only_count;
	bool unsafe;		 /* fixes that need a person's decision as well */
	bool probe;		 /* ask the host anew when the domain has changed; else its facts stay */
};

/* Whether the fixes of this rule are to be applied. */
bool vc_fixer_is_asked(const struct vc_fixer_options *options, const struct vc_rule *rule);

/* What became of one fix. */
struct vc_fixer_note {
	const struct vc_rule *rule;
	const struct vc_fix *fix;
	const char *message; /* of the finding */
	const char *summary; /* of the fix */
	const char *device;  /* or NULL */
	const char *undone;  /* why it was not applied, or was taken back; NULL: it is applied */
};

struct vc_fixed {
	const char *text; /* the result: arena; the very text of the subject if nothing was changed */
	size_t size;
	struct vc_kept kept; /* what it holds of the original; to be released */
	const struct vc_fixer_note *note;
	size_t notes, applied;
	bool exhausted;	     /* it stopped with fixes left that might still help */
};

/*
 * Fixes a subject that has been judged. Afterwards the subject holds the result, judged. Findings and text are borrowed
 * from the run. -EILSEQ or -EBADMSG: the text cannot be edited, and something should be; -ENOTRECOVERABLE: the editor is
 * wrong. Both leave the subject judged as it was, and a diagnostic.
 */
int vc_fixer_run(struct vc_run *run, size_t subject, const struct vc_run_options *run_options,
		 const struct vc_fixer_options *options, struct vc_fixed *ret_fixed) _must_check_;
void vc_fixed_release(struct vc_fixed *fixed);

/* The fix of a finding that would be applied, or NULL. */
const struct vc_fix *vc_fixer_choose(const struct vc_run *run, size_t subject, const struct vc_finding *finding,
				     bool unsafe);
