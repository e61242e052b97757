/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of a condition. */
#pragma once

#include "rules/names.h"

enum vc_token_kind {
	VC_TOKEN_END,
	VC_TOKEN_WORD, /* a fact, a function, and, or, not, in, yes, no */
	VC_TOKEN_NUMBER,
	VC_TOKEN_VERSION, /* N.N[.N[.N]] */
	VC_TOKEN_TEXT,    /* without its quotes */
	VC_TOKEN_OPEN,
	VC_TOKEN_CLOSE,
	VC_TOKEN_COMMA,
	VC_TOKEN_EQ,
	VC_TOKEN_NE,
	VC_TOKEN_LT,
	VC_TOKEN_LE,
	VC_TOKEN_GT,
	VC_TOKEN_GE,
	VC_TOKEN_PLUS,
	VC_TOKEN_MINUS,
};

struct vc_token {
	enum vc_token_kind kind;
	size_t at;        /* offset in the text */
	const char *text; /* as written; of VC_TOKEN_TEXT what the quotes hold */
	uint64_t number;
	struct vc_version version;
};

/*
 * The token at *at, which moves behind it. On failure adds a diagnostic and returns -EINVAL.
 * @source->line is the line of the token's beginning for the diagnostic and is set by vc_lex_next().
 */
int vc_lex_next(struct vc_source *source, const char *text, size_t *at,
		struct vc_token *ret_token) _must_check_;
