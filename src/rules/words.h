/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words that a rule file may use for an enum; their names are in engine.h. */
#pragma once

#include "base/fact.h"

enum vc_words {
	VC_WORDS_SEVERITY,   /* enum vc_severity */
	VC_WORDS_CONFIDENCE, /* enum vc_confidence */
	VC_WORDS_WHO,        /* enum vc_who */
	VC_WORDS_BOOL,       /* yes and no */
	VC_WORDS_SCOPE,      /* host */
	VC_WORDS_PRINTER,    /* enum vc_printer without VC_BY_ANYONE: one less */
	VC_WORDS_MESSAGE,    /* enum vc_message_kind */
};

/* Ends with NULL; the index is the value of the enum. */
const char *const *vc_words_list(enum vc_words words);
/* The value, or -EINVAL. */
int vc_words_find(enum vc_words words, const char *word);

/* "a number": the type as it stands in a sentence. */
const char *vc_type_name(enum vc_type type);
