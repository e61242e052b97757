/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Conditions, by recursive descent:
 *   or      = and { "or" and }
 *   and     = not { "and" not }
 *   not     = "not" not | compare
 *   compare = sum [ ("==" | "!=" | "<" | "<=" | ">" | ">=") sum | "in" words ]
 *   words   = "(" literal { "," literal } ")" | fact
 *   sum     = atom { ("+" | "-") atom }
 *   atom    = "(" or ")" | literal | fact | "present" "(" fact ")" | "bit" "(" fact "," number ")"
 *           | "overlaps" "(" fact "," fact ")"
 * Every node is type-checked when it is made, so that an expression that was parsed can always be evaluated.
 */
#include <errno.h>
#include <string.h>

#include "base/suggest.h"
#include "rules/expr-lex.h"
#include "rules/words.h"

/* Far beyond any readable condition; they bound the recursion here and in the evaluation. */
#define DEPTH_MAX 32
#define NODES_MAX 256

struct parser {
	struct vc_source source; /* line: of the token that was read last */
	const struct vc_names_scope *names;
	const char *text;
	size_t at;
	struct vc_token token; /* the next one, not yet used */
	unsigned depth;
	struct vc_node_expr *node;
	size_t count;
	const char *shown[NODES_MAX]; /* facts and literals, as written */
	size_t made; /* nodes, those that were folded into others included */
};

static int parse_or(struct parser *p, unsigned *ret_node);

#define REFUSE(p, ...)                                                                                       \
	(vc_diag_add((p)->source.diags, (p)->source.file, (p)->source.line, __VA_ARGS__), -EINVAL)

static int
advance(struct parser *p)
{
	return vc_lex_next(&p->source, p->text, &p->at, &p->token);
}

static bool
at_word(const struct parser *p, const char *word)
{
	return p->token.kind == VC_TOKEN_WORD && strcmp(p->token.text, word) == 0;
}

/* The next token as it stands in a sentence. */
static const char *
shown_token(const struct parser *p)
{
	if (p->token.kind == VC_TOKEN_END)
		return "the condition ends";
	return vc_arena_printf(p->source.arena, "there is '%s'", p->token.text);
}

static int
expect(struct parser *p, enum vc_token_kind kind, const char *what)
{
	if (p->token.kind != kind)
		return REFUSE(p, "%s is expected where %s", what, shown_token(p));
	return advance(p);
}

/* @shown: a fact or a literal as it is written, else NULL. */
static int
emit(struct parser *p, struct vc_node_expr node, const char *shown, unsigned *ret_node)
{
	struct vc_node_expr *item;

	if (p->made++ == NODES_MAX)
		return REFUSE(p, "the condition is too long: more than %d facts, words and operators",
			      NODES_MAX);
	item = vc_arena_append(p->source.arena, (void **)&p->node, &p->count, sizeof(*item));
	*item = node;
	*ret_node = (unsigned)p->count - 1;
	p->shown[*ret_node] = shown;
	return 0;
}

/* "'host.cpu.count' is a number" */
static const char *
shown_node(const struct parser *p, unsigned node)
{
	const struct vc_node_expr *n = &p->node[node];

	switch (n->op) {
	case VC_OP_FACT:
	case VC_OP_LITERAL:
		return vc_arena_printf(p->source.arena, "'%s' is %s", p->shown[node], vc_type_name(n->type));
	case VC_OP_ADD:
	case VC_OP_SUB:
		return "the sum is a number";
	default:
		return "the condition in brackets is a flag (yes or no)";
	}
}

static int
need_type(struct parser *p, unsigned node, enum vc_type type, const char *what)
{
	if (p->node[node].type == type)
		return 0;
	return REFUSE(p, "%s; %s needs %s", shown_node(p, node), what, vc_type_name(type));
}

/* A bare 9 beside a version is the version 9.0. */
static void
number_to_version(struct parser *p, unsigned node, enum vc_type beside)
{
	struct vc_node_expr *n = &p->node[node];

	if (beside != VC_TYPE_version || n->op != VC_OP_LITERAL || n->type != VC_TYPE_number ||
	    p->shown[node][strspn(p->shown[node], "0123456789")] != '\0' || n->number > UINT32_MAX)
		return;
	n->type = VC_TYPE_version;
	n->version = (struct vc_version){ { (uint32_t)n->number } };
}

static int
same_types(struct parser *p, unsigned left, unsigned right)
{
	number_to_version(p, left, p->node[right].type);
	number_to_version(p, right, p->node[left].type);
	if (p->node[left].type == p->node[right].type)
		return 0;
	return REFUSE(p, "%s, and %s: they cannot be compared", shown_node(p, left), shown_node(p, right));
}

static bool
is_literal(const struct parser *p)
{
	return p->token.kind == VC_TOKEN_NUMBER || p->token.kind == VC_TOKEN_VERSION ||
	       p->token.kind == VC_TOKEN_TEXT || at_word(p, "yes") || at_word(p, "no");
}

static int
parse_literal(struct parser *p, unsigned *ret_node)
{
	struct vc_node_expr node = { .op = VC_OP_LITERAL };
	int r;

	switch (p->token.kind) {
	case VC_TOKEN_NUMBER:
		node.type = VC_TYPE_number;
		node.number = p->token.number;
		break;
	case VC_TOKEN_VERSION:
		node.type = VC_TYPE_version;
		node.version = p->token.version;
		break;
	case VC_TOKEN_TEXT:
		node.type = VC_TYPE_text;
		node.text = p->token.text;
		break;
	default:
		node.type = VC_TYPE_flag;
		node.flag = at_word(p, "yes");
		break;
	}
	r = emit(p, node, p->token.text, ret_node);
	return r < 0 ? r : advance(p);
}

static bool
is_keyword(const struct parser *p)
{
	return at_word(p, "and") || at_word(p, "or") || at_word(p, "not") || at_word(p, "in");
}

static int
parse_fact(struct parser *p, enum vc_names_lists lists, unsigned *ret_node)
{
	struct vc_node_expr node = { .op = VC_OP_FACT };
	int r;

	if (p->token.kind != VC_TOKEN_WORD || is_literal(p) || is_keyword(p))
		return REFUSE(p, "a fact is expected where %s", shown_token(p));
	r = vc_names_resolve(&p->source, p->token.text, p->names, lists, &node.path);
	if (r < 0)
		return r;
	node.type = vc_path_field(node.path)->type;
	r = emit(p, node, p->token.text, ret_node);
	return r < 0 ? r : advance(p);
}

/* present ( fact ) */
static int
parse_present(struct parser *p, struct vc_node_expr *node)
{
	return parse_fact(p, VC_LISTS_LAST, &node->left);
}

/* bit ( fact , number ) */
static int
parse_bit(struct parser *p, struct vc_node_expr *node)
{
	int r = parse_fact(p, VC_LISTS_REFUSED, &node->left);

	if (r == 0)
		r = need_type(p, node->left, VC_TYPE_number, "bit()");
	if (r == 0)
		r = expect(p, VC_TOKEN_COMMA, "','");
	if (r < 0)
		return r;
	if (p->token.kind != VC_TOKEN_NUMBER || p->token.number > 63)
		return REFUSE(p, "a bit from 0 to 63 is expected where %s", shown_token(p));
	return parse_literal(p, &node->right);
}

/* overlaps ( fact , fact ) */
static int
parse_overlaps(struct parser *p, struct vc_node_expr *node)
{
	int r = parse_fact(p, VC_LISTS_REFUSED, &node->left);

	if (r == 0)
		r = need_type(p, node->left, VC_TYPE_range, "overlaps()");
	if (r == 0)
		r = expect(p, VC_TOKEN_COMMA, "','");
	if (r == 0)
		r = parse_fact(p, VC_LISTS_REFUSED, &node->right);
	if (r == 0)
		r = need_type(p, node->right, VC_TYPE_range, "overlaps()");
	return r;
}

static const struct {
	const char *name;
	enum vc_op op;
	int (*parse)(struct parser *p, struct vc_node_expr *node);
} functions[] = {
	{ .name = "present", .op = VC_OP_PRESENT, .parse = parse_present },
	{ .name = "bit", .op = VC_OP_BIT, .parse = parse_bit },
	{ .name = "overlaps", .op = VC_OP_OVERLAPS, .parse = parse_overlaps },
};

static int
parse_function(struct parser *p, unsigned *ret_node)
{
	struct vc_node_expr node = { .type = VC_TYPE_flag };
	struct vc_suggest suggest;

	vc_suggest_init(&suggest, p->token.text);
	for (size_t i = 0; i < VC_COUNT(functions); i++) {
		int r;

		vc_suggest_offer(&suggest, functions[i].name);
		if (!at_word(p, functions[i].name))
			continue;
		node.op = functions[i].op;
		r = advance(p);
		if (r == 0)
			r = expect(p, VC_TOKEN_OPEN, "'('");
		if (r == 0)
			r = functions[i].parse(p, &node);
		if (r == 0)
			r = expect(p, VC_TOKEN_CLOSE, "')'");
		return r < 0 ? r : emit(p, node, NULL, ret_node);
	}
	if (suggest.best)
		return REFUSE(p, "there is no function '%s'; did you mean '%s'?", p->token.text,
			      suggest.best);
	return REFUSE(p, "there is no function '%s'; there are present(), bit() and overlaps()",
		      p->token.text);
}

static bool
before_bracket(const struct parser *p)
{
	return p->text[p->at + strspn(p->text + p->at, " \t\r\n")] == '(';
}

static int
parse_atom(struct parser *p, unsigned *ret_node)
{
	int r;

	if (is_literal(p))
		return parse_literal(p, ret_node);
	if (p->token.kind == VC_TOKEN_WORD && !is_keyword(p) && before_bracket(p))
		return parse_function(p, ret_node);
	if (p->token.kind != VC_TOKEN_OPEN)
		return parse_fact(p, VC_LISTS_REFUSED, ret_node);
	if (p->depth == DEPTH_MAX)
		return REFUSE(p, "brackets and 'not' are nested more than %d deep", DEPTH_MAX);
	r = advance(p);
	if (r < 0)
		return r;
	p->depth++;
	r = parse_or(p, ret_node);
	p->depth--;
	return r < 0 ? r : expect(p, VC_TOKEN_CLOSE, "')'");
}

/* A sum of literals is computed now: one that overflows would never be decided. */
static int
fold_literals(struct parser *p, struct vc_node_expr *node, unsigned *ret_node, bool *ret_folded)
{
	struct vc_node_expr *left = &p->node[node->left], *right = &p->node[node->right];
	uint64_t result;

	*ret_folded = left->op == VC_OP_LITERAL && right->op == VC_OP_LITERAL;
	if (!*ret_folded)
		return 0;
	if (node->op == VC_OP_ADD ? vc_add(left->number, right->number, &result) < 0
				  : __builtin_sub_overflow(left->number, right->number, &result))
		return REFUSE(p, "the sum of '%s' and '%s' does not fit 64 bits", p->shown[node->left],
			      p->shown[node->right]);
	left->number = result;
	p->shown[node->left] = vc_arena_join(p->source.arena, p->shown[node->left],
					     node->op == VC_OP_ADD ? " + " : " - ", p->shown[node->right], NULL);
	p->count--; /* the right one, which is the last */
	*ret_node = node->left;
	return 0;
}

static int
parse_sum(struct parser *p, unsigned *ret_node)
{
	int r = parse_atom(p, ret_node);

	while (r == 0 && (p->token.kind == VC_TOKEN_PLUS || p->token.kind == VC_TOKEN_MINUS)) {
		struct vc_node_expr node = {
			.op = p->token.kind == VC_TOKEN_PLUS ? VC_OP_ADD : VC_OP_SUB,
			.type = VC_TYPE_number,
			.left = *ret_node,
		};
		bool folded = false;

		r = need_type(p, node.left, VC_TYPE_number, p->token.kind == VC_TOKEN_PLUS ? "'+'" : "'-'");
		if (r == 0)
			r = advance(p);
		if (r == 0)
			r = parse_atom(p, &node.right);
		if (r == 0)
			r = need_type(p, node.right, VC_TYPE_number, node.op == VC_OP_ADD ? "'+'" : "'-'");
		if (r == 0)
			r = fold_literals(p, &node, ret_node, &folded);
		if (r == 0 && !folded)
			r = emit(p, node, NULL, ret_node);
	}
	return r;
}

/* "(" literal { "," literal } ")": the literals follow each other in the array. */
static int
parse_words(struct parser *p, struct vc_node_expr *node)
{
	int r = advance(p);

	node->right = (unsigned)p->count;
	while (r == 0) {
		unsigned literal;

		if (!is_literal(p))
			return REFUSE(p, "a number, version or text in quotes is expected where %s",
				      shown_token(p));
		r = parse_literal(p, &literal);
		if (r == 0)
			r = same_types(p, node->left, literal);
		node->count++;
		if (r < 0 || p->token.kind != VC_TOKEN_COMMA)
			break;
		r = advance(p);
	}
	return r < 0 ? r : expect(p, VC_TOKEN_CLOSE, "',' or ')'");
}

static int
parse_in(struct parser *p, unsigned left, unsigned *ret_node)
{
	struct vc_node_expr node = { .op = VC_OP_IN, .type = VC_TYPE_flag, .left = left };
	enum vc_type type = p->node[left].type;
	int r = advance(p);

	if (r < 0)
		return r;
	if (type != VC_TYPE_text && type != VC_TYPE_number && type != VC_TYPE_version)
		return REFUSE(p, "%s; 'in' takes a number, a version or text", shown_node(p, left));
	if (p->token.kind == VC_TOKEN_OPEN) {
		r = parse_words(p, &node);
	} else {
		r = need_type(p, left, VC_TYPE_text, "'in' with a fact");
		if (r == 0)
			r = parse_fact(p, VC_LISTS_REFUSED, &node.right);
		if (r == 0)
			r = need_type(p, node.right, VC_TYPE_set, "'in'");
	}
	return r < 0 ? r : emit(p, node, NULL, ret_node);
}

static int
find_comparison(enum vc_token_kind kind, enum vc_op *ret_op)
{
	static const struct {
		enum vc_token_kind kind;
		enum vc_op op;
	} comparison[] = {
		{ .kind = VC_TOKEN_EQ, .op = VC_OP_EQ }, { .kind = VC_TOKEN_NE, .op = VC_OP_NE },
		{ .kind = VC_TOKEN_LT, .op = VC_OP_LT }, { .kind = VC_TOKEN_LE, .op = VC_OP_LE },
		{ .kind = VC_TOKEN_GT, .op = VC_OP_GT }, { .kind = VC_TOKEN_GE, .op = VC_OP_GE },
	};

	for (size_t i = 0; i < VC_COUNT(comparison); i++) {
		if (comparison[i].kind == kind) {
			*ret_op = comparison[i].op;
			return 0;
		}
	}
	return -ENOENT;
}

/* Which types have an equality, and which an order as well. */
static int
check_comparable(struct parser *p, unsigned node, enum vc_op op)
{
	enum vc_type type = p->node[node].type;

	if (type == VC_TYPE_number || type == VC_TYPE_version)
		return 0;
	if (type == VC_TYPE_set)
		return REFUSE(p, "%s; ask for a word of it: 'word' in ...", shown_node(p, node));
	if (type == VC_TYPE_ref)
		return REFUSE(p, "%s; compare a fact of what it refers to, or ask present()",
			      shown_node(p, node));
	if (op != VC_OP_EQ && op != VC_OP_NE)
		return REFUSE(p, "%s, which has no order: compare it with == or !=", shown_node(p, node));
	return 0;
}

static int
parse_compare(struct parser *p, unsigned *ret_node)
{
	struct vc_node_expr node = { .type = VC_TYPE_flag };
	enum vc_op again;
	int r = parse_sum(p, &node.left);

	if (r < 0)
		return r;
	if (at_word(p, "in"))
		return parse_in(p, node.left, ret_node);
	if (find_comparison(p->token.kind, &node.op) < 0) {
		*ret_node = node.left;
		return 0;
	}
	r = advance(p);
	if (r == 0)
		r = parse_sum(p, &node.right);
	if (r == 0)
		r = same_types(p, node.left, node.right);
	if (r == 0)
		r = check_comparable(p, node.left, node.op);
	if (r < 0)
		return r;
	if (find_comparison(p->token.kind, &again) == 0 || at_word(p, "in"))
		return REFUSE(p, "comparisons do not follow each other: join them with 'and'");
	return emit(p, node, NULL, ret_node);
}

static int
parse_not(struct parser *p, unsigned *ret_node)
{
	struct vc_node_expr node = { .op = VC_OP_NOT, .type = VC_TYPE_flag };
	int r;

	if (!at_word(p, "not"))
		return parse_compare(p, ret_node);
	if (p->depth == DEPTH_MAX)
		return REFUSE(p, "brackets and 'not' are nested more than %d deep", DEPTH_MAX);
	r = advance(p);
	p->depth++;
	if (r == 0)
		r = parse_not(p, &node.left);
	p->depth--;
	if (r == 0)
		r = need_type(p, node.left, VC_TYPE_flag, "'not'");
	return r < 0 ? r : emit(p, node, NULL, ret_node);
}

static int
parse_chain(struct parser *p, const char *word, enum vc_op op,
	    int (*parse_operand)(struct parser *, unsigned *), unsigned *ret_node)
{
	const char *quoted = op == VC_OP_AND ? "'and'" : "'or'";
	int r = parse_operand(p, ret_node);

	while (r == 0 && at_word(p, word)) {
		struct vc_node_expr node = { .op = op, .type = VC_TYPE_flag, .left = *ret_node };

		r = need_type(p, node.left, VC_TYPE_flag, quoted);
		if (r == 0)
			r = advance(p);
		if (r == 0)
			r = parse_operand(p, &node.right);
		if (r == 0)
			r = need_type(p, node.right, VC_TYPE_flag, quoted);
		if (r == 0)
			r = emit(p, node, NULL, ret_node);
	}
	return r;
}

static int
parse_and(struct parser *p, unsigned *ret_node)
{
	return parse_chain(p, "and", VC_OP_AND, parse_not, ret_node);
}

static int
parse_or(struct parser *p, unsigned *ret_node)
{
	return parse_chain(p, "or", VC_OP_OR, parse_and, ret_node);
}

int
vc_expr_parse(const char *text, const struct vc_names_scope *names, const char *file, int line,
	      struct vc_arena *arena, struct vc_diags *diags, struct vc_expr *ret_expr)
{
	struct parser p = {
		.source = { .file = file, .line = line, .arena = arena, .diags = diags },
		.names = names,
		.text = text,
	};
	unsigned root;
	int r = advance(&p);

	if (r == 0 && p.token.kind == VC_TOKEN_END)
		return REFUSE(&p, "the condition is empty");
	if (r == 0)
		r = parse_or(&p, &root);
	if (r < 0)
		return r;
	if (p.token.kind != VC_TOKEN_END)
		return REFUSE(&p, "'and', 'or' or the end of the condition is expected where %s",
			      shown_token(&p));
	r = need_type(&p, root, VC_TYPE_flag, "a condition");
	if (r < 0)
		return r;
	*ret_expr = (struct vc_expr){
		.node = p.node,
		.count = p.count,
		.text = vc_text_fold(arena, text, strlen(text)),
	};
	return 0;
}
