/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside the loader of rule files. */
#pragma once

#include "rules/rule-xml.h"
#include "rules/words.h"

struct vc_loader {
	struct vc_rule *rule;
	struct vc_names_scope names; /* of conditions */
	struct vc_names_scope says;  /* of what is said and fixed: with the results of the check */
	/* Grow while children are read. */
	struct vc_says *said;
	struct vc_fix *fix;
	struct vc_symptom *symptom;
	const char **supersedes, **source;
	bool applies, fails, uses; /* written, even if wrong */
	bool says_when;		   /* the last <says> has a condition */
};

/* <fix> and everything in it. */
void vc_load_fix(void *context, const struct vc_source *source, xmlNode *node, const char *text);
#define VC_LOAD_FIX_ATTRIBUTES 3
extern const struct vc_xml_attribute vc_load_fix_attributes[VC_LOAD_FIX_ATTRIBUTES];

/*
 * The value of attribute @name, which has to be one of @words. Returns the index; @fallback if it is not
 * written, or after a diagnostic.
 */
int vc_load_word(const struct vc_source *source, xmlNode *node, const char *name, enum vc_words words,
		 int fallback);

/* <symptom>: what it holds is appended to (*symptom, *count). */
void vc_load_symptom(const struct vc_source *source, xmlNode *node, const char *text, struct vc_symptom **symptom,
		     size_t *count);
#define VC_LOAD_SYMPTOM_ATTRIBUTES 5
extern const struct vc_xml_attribute vc_load_symptom_attributes[VC_LOAD_SYMPTOM_ATTRIBUTES];

/* Words of small letters and digits, joined by '-'; a version in it may have dots. */
bool vc_load_is_id(const char *id);

/* Paragraphs: the blanks around each line go, and of several empty lines one stays. */
const char *vc_load_paragraphs(const struct vc_source *source, const char *text);

/* Adds a diagnostic if it fails. */
void vc_load_template(const struct vc_source *source, const char *text, const struct vc_names_scope *names,
		      struct vc_template *ret_template);

#define VC_LOAD_REFUSE(source, ...) vc_diag_add((source)->diags, (source)->file, (source)->line, __VA_ARGS__)
