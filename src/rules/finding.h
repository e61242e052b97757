/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside the engine: from an outcome to a finding that can be shown. */
#pragma once

#include "rules/engine.h"

/* Why a record is undecided. */
struct vc_doubt {
	const struct vc_path *path;      /* in the rule's conditions; NULL: see fact */
	const struct vc_fact *fact;      /* path NULL: as a check named it, NULL if it named none */
	const struct vc_fact_list *list; /* the list of <each>, if that is not known; else NULL */
};

/* Fills what is shown of finding->rule, ->outcome, ->each and ->verdict. @doubt is read for VC_UNDECIDED. */
void vc_finding_describe(struct vc_finding *finding, const struct vc_scope *scope,
			 const struct vc_doubt *doubt, struct vc_arena *arena);

/*
 * Suppresses what the domain does not want to hear of. Returns the guest with the effect of each of its
 * <ignore> elements; that may be models->guest itself.
 */
const struct vc_guest *vc_findings_suppress(struct vc_findings *findings, const struct vc_ruleset *rules,
					    const struct vc_models *models, struct vc_arena *arena);

/* Suppresses what another finding explains, or the site or the user ignores, and puts the rest in order. */
void vc_findings_settle(struct vc_findings *findings, const struct vc_models *models, const char *const *ignore,
			size_t ignored, struct vc_arena *arena);
