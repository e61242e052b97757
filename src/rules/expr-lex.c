/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/expr-lex.h"

#include <errno.h>
#include <string.h>

#include "base/number.h"

#define DIGITS "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"

/* Longer ones first: "<" begins "<=". */
static const struct {
	const char *text;
	enum vc_token_kind kind;
} symbols[] = {
	{ .text = "==", .kind = VC_TOKEN_EQ },   { .text = "!=", .kind = VC_TOKEN_NE },
	{ .text = "<=", .kind = VC_TOKEN_LE },   { .text = ">=", .kind = VC_TOKEN_GE },
	{ .text = "<", .kind = VC_TOKEN_LT },    { .text = ">", .kind = VC_TOKEN_GT },
	{ .text = "(", .kind = VC_TOKEN_OPEN },  { .text = ")", .kind = VC_TOKEN_CLOSE },
	{ .text = ",", .kind = VC_TOKEN_COMMA }, { .text = "+", .kind = VC_TOKEN_PLUS },
	{ .text = "-", .kind = VC_TOKEN_MINUS },
};

/* What people bring along from other languages. */
static const struct {
	const char *text, *ours;
} foreign[] = {
	{ .text = "&&", .ours = "and" },
	{ .text = "||", .ours = "or" },
	{ .text = "!", .ours = "not" },
	{ .text = "=", .ours = "==" },
};

static int
lex_symbol(const struct vc_source *source, const char *text, size_t *at, struct vc_token *token)
{
	for (size_t i = 0; i < VC_COUNT(symbols); i++) {
		if (strncmp(text + *at, symbols[i].text, strlen(symbols[i].text)) == 0) {
			token->kind = symbols[i].kind;
			token->text = symbols[i].text;
			*at += strlen(symbols[i].text);
			return 0;
		}
	}
	for (size_t i = 0; i < VC_COUNT(foreign); i++) {
		if (strncmp(text + *at, foreign[i].text, strlen(foreign[i].text)) == 0) {
			vc_diag_add(source->diags, source->file, source->line,
				    "'%s' is no operator; write '%s'", foreign[i].text, foreign[i].ours);
			return -EINVAL;
		}
	}
	/* One byte of a longer UTF-8 sequence would be shown as an escape: show the rest of the text. */
	vc_diag_add(source->diags, source->file, source->line, "nothing in a condition begins like '%.20s'",
		    text + *at);
	return -EINVAL;
}

static int
lex_text(const struct vc_source *source, const char *text, size_t *at, struct vc_token *token)
{
	const char quote[] = { text[*at], '\n', '\0' };
	size_t length = strcspn(text + *at + 1, quote);

	if (text[*at + 1 + length] != quote[0]) {
		vc_diag_add(source->diags, source->file, source->line,
			    "the text that begins with %.20s has no end", text + *at);
		return -EINVAL;
	}
	token->kind = VC_TOKEN_TEXT;
	token->text = vc_arena_strndup(source->arena, text + *at + 1, length);
	*at += length + 2;
	return 0;
}

static int
refuse_number(const struct vc_source *source, const char *word, const char *why)
{
	vc_diag_add(source->diags, source->file, source->line, "'%s' %s", word, why);
	return -EINVAL;
}

static int
parse_number(const struct vc_source *source, struct vc_token *token)
{
	static const char *const unit[] = { "KiB", "MiB", "GiB", "TiB" };
	bool hex = strncmp(token->text, "0x", 2) == 0;
	size_t length = strlen(token->text);
	uint64_t factor = 1;
	int r;

	for (size_t i = 0; i < VC_COUNT(unit); i++) {
		if (length > 3 && strcmp(token->text + length - 3, unit[i]) == 0) {
			factor = UINT64_C(1024) << (10 * i);
			length -= 3;
			break;
		}
	}
	r = vc_parse_u64_n(token->text, length, hex ? VC_BASE_HEX : VC_BASE_DEC, &token->number);
	if (r == 0)
		r = vc_mul(token->number, factor, &token->number);
	if (r == -ERANGE)
		return refuse_number(source, token->text, "does not fit 64 bits");
	if (r < 0)
		return refuse_number(source, token->text,
				     "is no number: write 12, 0x1f, 4GiB (KiB to TiB), or 9.1 for a version");
	token->kind = VC_TOKEN_NUMBER;
	return 0;
}

static int
lex_number(const struct vc_source *source, const char *text, size_t *at, struct vc_token *token)
{
	size_t length = strspn(text + *at, DIGITS LETTERS ".");

	token->text = vc_arena_strndup(source->arena, text + *at, length);
	*at += length;
	if (!strchr(token->text, '.'))
		return parse_number(source, token);
	if (vc_version_parse(token->text, &token->version) < 0)
		return refuse_number(source, token->text,
				     "is no version: write two to four numbers, as in 9.1 or 10.0.2");
	token->kind = VC_TOKEN_VERSION;
	return 0;
}

int
vc_lex_next(struct vc_source *source, const char *text, size_t *at, struct vc_token *ret_token)
{
	struct vc_token token = { .kind = VC_TOKEN_END, .text = "" };
	int r = 0;

	for (; text[*at] && strchr(" \t\r\n", text[*at]); (*at)++)
		source->line += text[*at] == '\n';
	token.at = *at;
	if (text[*at] == '\0') {
		*ret_token = token;
		return 0;
	}
	if (strchr("'\"", text[*at])) {
		r = lex_text(source, text, at, &token);
	} else if (strchr(DIGITS, text[*at])) {
		r = lex_number(source, text, at, &token);
	} else if (strchr(LETTERS, text[*at])) {
		size_t length = strspn(text + *at, DIGITS LETTERS ".");

		token.kind = VC_TOKEN_WORD;
		token.text = vc_arena_strndup(source->arena, text + *at, length);
		*at += length;
	} else {
		r = lex_symbol(source, text, at, &token);
	}
	if (r == 0)
		*ret_token = token;
	return r;
}
