/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the name of a fact, as written in a rule, to a path of fields. */
#pragma once

#include "base/diag.h"
#include "rules/engine.h"

/* The text that is being parsed, and where complaints about it go. */
struct vc_source {
	const char *file;
	int line; /* where the text begins */
	struct vc_arena *arena;
	struct vc_diags *diags;
	size_t enough; /* complaints after which nobody wants more; 0: no end */
};

static inline bool
vc_source_is_enough(const struct vc_source *source)
{
	return source->enough > 0 && source->diags->count >= source->enough;
}

enum vc_names_lists {
	VC_LISTS_REFUSED, /* a list is no value, and its records have to be named one by one with <each> */
	VC_LISTS_LAST,    /* the name may be that of a list */
	VC_LISTS_THROUGH, /* a name may lead through lists: "guest.hostdev.device" means every record's */
};

/* On failure adds one diagnostic and returns -EINVAL. The path lives in the arena of the source, and keeps @text. */
int vc_names_resolve(const struct vc_source *source, const char *text, const struct vc_names_scope *names,
		     enum vc_names_lists lists, const struct vc_path **ret_path) _must_check_;

/* As vc_path_parse(), for texts that may name a list. */
int vc_path_parse_lists(const char *text, const struct vc_names_scope *names, enum vc_names_lists lists,
			const struct vc_source *source, const struct vc_path **ret_path) _must_check_;

/* The same fact, however it is written. */
bool vc_path_same(const struct vc_path *a, const struct vc_path *b);

/* The field at the end. */
static inline const struct vc_field *
vc_path_field(const struct vc_path *path)
{
	return path->step[path->steps - 1];
}

/* As vc_path_resolve(); *ret_field is the field of the fact it ends at, which is a reference if that is not
 * known. */
const struct vc_fact *vc_path_follow(const struct vc_path *path, const struct vc_scope *scope,
				     const struct vc_field **ret_field);

/* Copies @text (@length bytes) with runs of blanks and line ends made one blank, none at the ends. */
char *vc_text_fold(struct vc_arena *arena, const char *text, size_t length);
