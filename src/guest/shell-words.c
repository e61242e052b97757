/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/shell-words.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/buf.h"

/* More is no script, and would only cost memory. */
#define WORDS_MAX ((size_t)1000000)

struct heredoc {
	const char *end;
	bool tabs; /* <<-: tabs before the end do not count */
};

struct lexer {
	const char *at, *end;
	int line;
	const char *file;
	struct vc_arena *arena;
	struct vc_diags *diags;
	struct vc_shell_script *script;
	struct vc_shell_command command; /* being read */
	struct vc_buf text;              /* of the word being read */
	struct vc_shell_word word;
	bool in_word;
	bool skip;      /* the word is where a redirection leads */
	bool heredoc;   /* the word ends a here-document */
	bool tabs;      /* that one begins with <<- */
	bool continued; /* the line before ended in a backslash, and nothing was read since */
	bool told_blanks, told_comment;
	const char *no_json; /* no unquoted JSON begins before this: it was looked for, and had no end */
	size_t words;
	struct heredoc *pending;
	size_t pendings;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool
is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static char
peek(const struct lexer *l, size_t ahead)
{
	return (size_t)(l->end - l->at) > ahead ? l->at[ahead] : '\0';
}

static char
take(struct lexer *l)
{
	l->line += *l->at == '\n';
	return *l->at++;
}

static void
begin_word(struct lexer *l)
{
	if (l->in_word)
		return;
	l->in_word = true;
	l->continued = false;
	l->word = (struct vc_shell_word){ .line = l->line };
	l->text.length = 0;
}

static void
add_char(struct lexer *l, char c)
{
	begin_word(l);
	/* No argument holds one. */
	vc_buf_add_n(&l->text, c ? &c : " ", 1);
}

static void
add_pending(struct lexer *l, const char *end)
{
	struct heredoc *heredoc =
		vc_arena_append(l->arena, (void **)&l->pending, &l->pendings, sizeof(*l->pending));

	*heredoc = (struct heredoc){ .end = end, .tabs = l->tabs };
}

static void
end_word(struct lexer *l)
{
	struct vc_shell_word *word;

	if (!l->in_word)
		return;
	l->in_word = false;
	l->word.text = vc_arena_strndup(l->arena, l->text.length ? l->text.text : "", l->text.length);
	if (l->heredoc)
		add_pending(l, l->word.text);
	if (!l->skip) {
		word = vc_arena_append(l->arena, (void **)&l->command.word, &l->command.words, sizeof(*word));
		*word = l->word;
		l->words++;
	}
	l->skip = l->heredoc = false;
}

static void
end_command(struct lexer *l)
{
	end_word(l);
	l->skip = l->heredoc = l->continued = false;
	if (l->command.words > 0 || l->command.array) {
		struct vc_shell_command *command = vc_arena_append(l->arena, (void **)&l->script->command,
								   &l->script->commands, sizeof(*command));

		*command = l->command;
	}
	l->command = (struct vc_shell_command){ 0 };
}

static int
unclosed(struct lexer *l, int line, const char *what)
{
	vc_diag_add(l->diags, l->file, line, "%s is opened here and never closed", what);
	return -EBADMSG;
}

/*
 * "\" at the end of a line. Blanks behind it are no continuation to a shell; text that was pasted often has them, so that
 * they are read over and said. False if it is none.
 */
static bool
take_continuation(struct lexer *l)
{
	const char *at = l->at + 1;
	bool blanks = false;

	for (; at < l->end && is_blank(*at); at++)
		blanks = blanks || *at != '\r';
	if (at < l->end && *at != '\n')
		return false;
	if (blanks && !l->told_blanks)
		vc_diag_add(l->diags, l->file, l->line,
			    "blanks follow the backslash at the end of this line: a shell ends the command here; "
			    "read on as if they were not there");
	l->told_blanks = l->told_blanks || blanks;
	if (at < l->end) {
		at++;
		l->line++;
	}
	l->at = at;
	l->continued = true;
	return true;
}

static int
take_single_quotes(struct lexer *l)
{
	int line = l->line;

	begin_word(l);
	l->word.quoted = true;
	l->at++;
	while (l->at < l->end && *l->at != '\'')
		add_char(l, take(l));
	if (l->at == l->end)
		return unclosed(l, line, "a single quote");
	l->at++;
	return 0;
}

/* $'...': escapes as in C; those by number are kept as they are, no path or option needs them. */
static int
take_c_quotes(struct lexer *l)
{
	static const char from[] = "ntr\\'\"?", to[] = "\n\t\r\\'\"?";
	int line = l->line;

	begin_word(l);
	l->word.quoted = true;
	l->at += 2;
	while (l->at < l->end && *l->at != '\'') {
		const char *escape = *l->at == '\\' && peek(l, 1) ? strchr(from, peek(l, 1)) : NULL;

		if (escape) {
			l->at += 2;
			add_char(l, to[escape - from]);
		} else {
			add_char(l, take(l));
		}
	}
	if (l->at == l->end)
		return unclosed(l, line, "a quote");
	l->at++;
	return 0;
}

/* Copies up to @close of what @open begins, quotes and nesting respected. */
static int
copy_nested(struct lexer *l, char open, char close)
{
	int line = l->line;
	unsigned depth = 0;
	char quote = '\0';

	while (l->at < l->end) {
		char c = *l->at;

		if (c == '\\' && quote != '\'' && l->at + 1 < l->end) {
			add_char(l, take(l));
		} else if (quote) {
			quote = c == quote ? '\0' : quote;
		} else if (c == '\'' || c == '"') {
			quote = c;
		} else if (c == open) {
			depth++;
		} else if (c == close) {
			depth--;
		}
		add_char(l, take(l));
		if (depth == 0)
			return 0;
	}
	return unclosed(l, line, open == '(' ? "$(" : "${");
}

static int
take_backquotes(struct lexer *l)
{
	int line = l->line;

	begin_word(l);
	l->word.open = true;
	add_char(l, take(l));
	while (l->at < l->end && *l->at != '`') {
		if (*l->at == '\\' && l->at + 1 < l->end)
			add_char(l, take(l));
		add_char(l, take(l));
	}
	if (l->at == l->end)
		return unclosed(l, line, "a backquote");
	add_char(l, take(l));
	return 0;
}

static int
take_dollar(struct lexer *l)
{
	char next = peek(l, 1);

	begin_word(l);
	if (next == '(' || next == '{') {
		l->word.open = true;
		add_char(l, take(l));
		return next == '(' ? copy_nested(l, '(', ')') : copy_nested(l, '{', '}');
	}
	add_char(l, take(l));
	if (is_name(next)) {
		l->word.open = true;
		while (l->at < l->end && is_name(*l->at))
			add_char(l, take(l));
	} else if (next && strchr("@*#?$!-", next)) {
		l->word.open = true;
		add_char(l, take(l));
	}
	return 0;
}

static int
take_double_quotes(struct lexer *l)
{
	int line = l->line, r;

	begin_word(l);
	l->word.quoted = true;
	l->at++;
	while (l->at < l->end && *l->at != '"') {
		char next = peek(l, 1);

		r = 0;
		if (*l->at == '\\' && next == '\n') {
			l->at += 2;
			l->line++;
		} else if (*l->at == '\\' && next && strchr("$`\"\\", next)) {
			l->at++;
			add_char(l, take(l));
		} else if (*l->at == '$') {
			r = take_dollar(l);
		} else if (*l->at == '`') {
			r = take_backquotes(l);
		} else {
			add_char(l, take(l));
		}
		if (r < 0)
			return r;
	}
	if (l->at == l->end)
		return unclosed(l, line, "a double quote");
	l->at++;
	return 0;
}

/*
 * {"driver":...} without quotes around it, as ps and logs print it. A shell would take it apart, so that nobody means
 * anything else by it. False if it has no end.
 */
static bool
take_json(struct lexer *l)
{
	const char *at = l->at;
	unsigned depth = 0;
	bool quoted = false;

	if (at < l->no_json)
		return false;
	for (; at < l->end && *at != '\n' && *at; at++) {
		if (*at == '\\' && quoted && at + 1 < l->end)
			at++;
		else if (*at == '"')
			quoted = !quoted;
		else if (!quoted && *at == '{')
			depth++;
		else if (!quoted && *at == '}' && --depth == 0)
			break;
	}
	if (at == l->end || *at != '}') {
		l->no_json = at;
		return false;
	}
	begin_word(l);
	vc_buf_add_n(&l->text, l->at, (size_t)(at + 1 - l->at));
	l->at = at + 1;
	return true;
}

static void
take_comment(struct lexer *l)
{
	if (l->continued && !l->told_comment && l->command.words > 0) {
		vc_diag_add(l->diags, l->file, l->line,
			    "this comment ends the command that the lines before began: what follows is not part of it");
		l->told_comment = true;
	}
	while (l->at < l->end && *l->at != '\n')
		l->at++;
}

/* ">file", "2>&1", "&>file", "<file", "<<END", "<<<word": what follows is no argument. */
static void
take_redirection(struct lexer *l)
{
	bool number = l->in_word && !l->word.quoted && l->text.length > 0 &&
		      strspn(vc_buf_text(&l->text), "0123456789") == l->text.length;

	/* "2" of "2>" */
	if (number)
		l->in_word = false;
	end_word(l);
	l->continued = false;
	l->skip = true;
	if (*l->at == '<' && peek(l, 1) == '<' && peek(l, 2) != '<') {
		l->heredoc = true;
		l->tabs = peek(l, 2) == '-';
		l->at += 2 + l->tabs;
		return;
	}
	while (l->at < l->end && strchr("<>&|", *l->at) && *l->at)
		l->at++;
}

/* "args=(": up to the matching ")" it is a list of words. False if it is none. */
static bool
begin_array(struct lexer *l)
{
	const char *name = vc_buf_text(&l->text);
	size_t length = l->text.length;

	if (!l->in_word || l->word.quoted || l->word.open || l->command.words > 0 || length < 2 ||
	    name[length - 1] != '=')
		return false;
	length -= name[length - 2] == '+' ? 2 : 1;
	for (size_t i = 0; i < length; i++) {
		if (!is_name(name[i]))
			return false;
	}
	l->in_word = false;
	l->command.array = vc_arena_strndup(l->arena, name, length);
	l->at++;
	return true;
}

/* Reads over the here-documents that the line announced. */
static void
skip_heredocs(struct lexer *l)
{
	for (size_t i = 0; i < l->pendings; i++) {
		size_t length = strlen(l->pending[i].end);
		bool found = false;

		while (l->at < l->end && !found) {
			const char *newline = memchr(l->at, '\n', (size_t)(l->end - l->at));
			const char *stop = newline ? newline : l->end, *start = l->at;

			while (l->pending[i].tabs && start < stop && *start == '\t')
				start++;
			if (stop > start && stop[-1] == '\r')
				stop--;
			found = (size_t)(stop - start) == length && memcmp(start, l->pending[i].end, length) == 0;
			l->at = newline ? newline + 1 : l->end;
			l->line += newline != NULL;
		}
	}
	l->pendings = 0;
	l->pending = NULL;
}

static void
take_newline(struct lexer *l)
{
	if (l->command.array)
		end_word(l);
	else
		end_command(l);
	take(l);
	skip_heredocs(l);
}

static int
take_next(struct lexer *l)
{
	char c = *l->at;

	switch (c) {
	case '\n':
		take_newline(l);
		return 0;
	case ' ':
	case '\t':
	case '\r':
		end_word(l);
		l->at++;
		return 0;
	case '\'':
		return take_single_quotes(l);
	case '"':
		return take_double_quotes(l);
	case '`':
		return take_backquotes(l);
	case '$':
		if (peek(l, 1) == '\'')
			return take_c_quotes(l);
		if (peek(l, 1) == '"')
			l->at++;
		return *l->at == '"' ? take_double_quotes(l) : take_dollar(l);
	case '\\':
		if (take_continuation(l))
			return 0;
		l->at++;
		begin_word(l);
		l->word.quoted = true;
		add_char(l, take(l));
		return 0;
	case '<':
	case '>':
		take_redirection(l);
		return 0;
	case '&':
		if (peek(l, 1) == '>') {
			take_redirection(l);
			return 0;
		}
		break;
	case '#':
		if (l->in_word)
			goto plain;
		take_comment(l);
		return 0;
	case '(':
		if (begin_array(l))
			return 0;
		break;
	case '{':
		if (!l->in_word && peek(l, 1) == '"' && take_json(l))
			return 0;
		goto plain;
	case ';':
	case '|':
	case ')':
		break;
	default:
	plain:
		add_char(l, take(l));
		return 0;
	}
	end_command(l);
	l->at++;
	return 0;
}

int
vc_shell_parse(const char *text, size_t size, int first_line, const char *file, struct vc_arena *arena,
	       struct vc_diags *diags, struct vc_shell_script *ret_script)
{
	struct vc_shell_script script = { 0 };
	struct lexer lexer = {
		.at = text,
		.end = text + size,
		.line = first_line,
		.no_json = text,
		.file = file,
		.arena = arena,
		.diags = diags,
		.script = &script,
	};
	int r = 0;

	while (r == 0 && lexer.at < lexer.end) {
		r = take_next(&lexer);
		if (r == 0 && lexer.words > WORDS_MAX) {
			vc_diag_add(diags, file, lexer.line, "more than %zu words; no script has as many", WORDS_MAX);
			r = -EFBIG;
		}
	}
	if (r == 0)
		end_command(&lexer);
	vc_buf_release(&lexer.text);
	if (r < 0)
		return r;
	*ret_script = script;
	return 0;
}
