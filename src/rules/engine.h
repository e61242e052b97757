/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rule engine: loads rules, says what they need, evaluates them. */
#pragma once

#include "base/diag.h"
#include "rules/rule.h"

/*
 * Loads one rule file (<rule> as the root). On failure adds diagnostics with line and a suggestion, and returns
 * a negative errno. @topic is the name of its directory.
 */
int vc_rule_load(const char *text, size_t size, const char *file, const char *topic, struct vc_arena *arena,
		 struct vc_diags *diags, struct vc_rule **ret_rule) _must_check_;

/*
 * The built-in rules, and those of the .xml files in @dir (NULL: none) and below. A broken file is in @diags, and
 * the others are kept; an id that exists already is an error of the file. Returns the number of broken files.
 */
int vc_ruleset_load(const struct vc_ruleset *base, const char *dir, struct vc_arena *arena, struct vc_diags *diags,
		    struct vc_ruleset *ret_rules);

/* NULL when there is none. */
const struct vc_rule *vc_ruleset_find(const struct vc_ruleset *rules, const char *id);

/* rule->needs: the areas of every fact that it names. */
unsigned vc_rule_needs(const struct vc_rule *rule);

/*
 * Areas of the host that can matter. Rules that the input alone already rules out need nothing: each
 * condition is evaluated with every host fact unread. @guest is NULL for the host-only rules.
 */
unsigned vc_ruleset_needs(const struct vc_ruleset *rules, const struct vc_guest *guest);

enum vc_outcome { VC_PASS, VC_FAIL, VC_UNDECIDED, VC_SKIP, VC_SUPPRESSED };

struct vc_evidence {
	const char *fact;  /* canonical name: "host.pci.device[0000:01:00.0].driver" */
	const char *value; /* as people read it */
	const char *from;  /* NULL: computed */
};

struct vc_finding {
	const struct vc_rule *rule;
	enum vc_outcome outcome;
	const void *each;	    /* record of rule->each, or NULL */
	struct vc_verdict verdict;  /* of a check */
	const char *message;	    /* what rule->says says, with the facts in it; VC_FAIL only */
	/*
	 * In the input; line 0 if none. Line and xpath, or argument and text of a command line, are those of the rule's <at>, else of the record, else of the first
	 * fact that was written; node is what fixes are relative to: the element of the record, else <domain>.
	 */
	struct vc_place place;
	const char *device;	    /* PCI address or NULL */
	const struct vc_evidence *evidence;
	size_t evidences;
	/* VC_UNDECIDED: the fact that would decide */
	const char *unknown_fact;   /* canonical name */
	const char *unknown_reason; /* "permission denied" */
	const char *unknown_from;   /* path, or NULL */
	const char *unknown_hint;   /* or NULL */
	const char *suppressed_by;  /* VC_SUPPRESSED: rule that supersedes it, or the reason given */
};

struct vc_findings {
	struct vc_finding *item; /* errors first, then by rule id and position */
	size_t count;
	/* Outcomes, over rules and their records; see section 8 of the JSON contract. */
	size_t passed, skipped;
	const bool *passed_rule; /* by index in the ruleset: it applied, and nothing was found; NULL: not said */
};

/* A rule that the site does not want to hear of. */
struct vc_suppression {
	const char *rule;
	const char *by; /* where that is said, and why */
};

struct vc_models {
	const struct vc_host *host;
	const struct vc_guest *guest; /* NULL: host-only rules */
	const struct vc_suppression *suppression; /* of the site, for this guest */
	size_t suppressions;
	const char *today; /* YYYY-MM-DD, UTC; NULL: unknown, so that nothing is known to have expired */
};

/*
 * Rules whose id is in @ignore (@ignored of them) are counted as suppressed; so are those of models->suppression, and
 * those that the domain itself suppresses with a reason. Rules that are asked once per guest.ignore come last, and see
 * what became of each.
 */
void vc_rules_evaluate(const struct vc_ruleset *rules, const struct vc_models *models, const char *const *ignore,
		       size_t ignored, struct vc_arena *arena, struct vc_findings *ret_findings);

/* --- pieces that reports, tests and rulec use --- */

/* Where expressions look facts up. */
struct vc_scope {
	const struct vc_host *host;
	const struct vc_guest *guest;
	const void *each;
	const struct vc_verdict *verdict;
};

/* Schemas that names are resolved against while loading. */
struct vc_names_scope {
	const struct vc_schema *each;  /* NULL: "each" is not allowed */
	bool check;		       /* "check" is allowed */
	bool guest;		       /* "guest" is allowed (not in host-only rules) */
};

/* @line is where the text begins in @file. The expression must be of type flag. */
int vc_expr_parse(const char *text, const struct vc_names_scope *names, const char *file, int line,
		  struct vc_arena *arena, struct vc_diags *diags, struct vc_expr *ret_expr) _must_check_;
int vc_path_parse(const char *text, const struct vc_names_scope *names, const char *file, int line,
		  struct vc_arena *arena, struct vc_diags *diags, const struct vc_path **ret_path) _must_check_;
int vc_template_parse(const char *text, const struct vc_names_scope *names, const char *file, int line,
		      struct vc_arena *arena, struct vc_diags *diags, struct vc_template *ret_template) _must_check_;

/* An empty expression is yes. *ret_unknown (may be NULL): a fact that left it undecided, or NULL. */
enum vc_tri vc_expr_evaluate(const struct vc_expr *expr, const struct vc_scope *scope,
			     const struct vc_path **ret_unknown);

/* Never NULL: a path whose reference is not known gives the reference's own fact. */
const struct vc_fact *vc_path_resolve(const struct vc_path *path, const struct vc_scope *scope);

void vc_template_render(const struct vc_template *template, const struct vc_scope *scope, struct vc_buf *buf);

/* Facts an expression names, in order, without repeats; for evidence and explain. */
size_t vc_expr_paths(const struct vc_expr *expr, const struct vc_path **path, size_t room);

/* One grammar for people: names of enums as in the contracts. */
const char *vc_severity_name(enum vc_severity severity);
const char *vc_confidence_name(enum vc_confidence confidence);
const char *vc_outcome_name(enum vc_outcome outcome);
const char *vc_who_name(enum vc_who who);
