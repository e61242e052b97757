/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Evaluating conditions. The parser made sure of types, and that operands stand before operators. */
#include <assert.h>
#include <string.h>

#include "rules/names.h"

struct value {
	bool known;
	const struct vc_path *cause; /* not known: the fact that is to blame */
	union {
		bool flag;
		uint64_t number;
		const char *text;
		struct vc_version version;
		struct vc_range range;
		const struct vc_fact_set *set;
	};
};

/* A condition: what it comes to, and the fact that is to blame if that is unknown. */
static enum vc_tri decide(const struct vc_expr *expr, unsigned index, const struct vc_scope *scope,
			  const struct vc_path **ret_cause);
/* One side of a comparison. */
static void evaluate(const struct vc_expr *expr, unsigned index, const struct vc_scope *scope,
		     struct value *ret_value);

/* The first fact below a node: blamed when every fact is known and the sum of them does not fit. */
static const struct vc_path *
first_fact(const struct vc_expr *expr, unsigned index)
{
	const struct vc_node_expr *node = &expr->node[index];
	const struct vc_path *path;

	switch (node->op) {
	case VC_OP_FACT:
		return node->path;
	case VC_OP_ADD:
	case VC_OP_SUB:
		path = first_fact(expr, node->left);
		return path ? path : first_fact(expr, node->right);
	default:
		return NULL;
	}
}

static void
evaluate_literal(const struct vc_node_expr *node, struct value *ret_value)
{
	ret_value->known = true;
	switch (node->type) {
	case VC_TYPE_flag:
		ret_value->flag = node->flag;
		break;
	case VC_TYPE_number:
		ret_value->number = node->number;
		break;
	case VC_TYPE_version:
		ret_value->version = node->version;
		break;
	default: /* there are no others */
		ret_value->text = node->text;
		break;
	}
}

static void
evaluate_fact(const struct vc_node_expr *node, const struct vc_scope *scope, struct value *ret_value)
{
	const struct vc_fact *fact = vc_path_resolve(node->path, scope);

	ret_value->known = vc_known(fact);
	ret_value->cause = node->path;
	if (!ret_value->known)
		return;
	switch (node->type) {
	case VC_TYPE_flag:
		ret_value->flag = ((const struct vc_fact_flag *)fact)->value;
		break;
	case VC_TYPE_number:
		ret_value->number = ((const struct vc_fact_number *)fact)->value;
		break;
	case VC_TYPE_text:
		ret_value->text = ((const struct vc_fact_text *)fact)->value;
		break;
	case VC_TYPE_version:
		ret_value->version = ((const struct vc_fact_version *)fact)->value;
		break;
	case VC_TYPE_range:
		ret_value->range = ((const struct vc_fact_range *)fact)->value;
		break;
	case VC_TYPE_set:
		ret_value->set = (const struct vc_fact_set *)fact;
		break;
	case VC_TYPE_ref:
	case VC_TYPE_list:
		break; /* only present() looks at these */
	}
}

static void
evaluate_sum(const struct vc_expr *expr, unsigned index, const struct vc_scope *scope, struct value *ret_value)
{
	const struct vc_node_expr *node = &expr->node[index];
	struct value right;

	evaluate(expr, node->left, scope, ret_value);
	if (!ret_value->known)
		return;
	evaluate(expr, node->right, scope, &right);
	if (!right.known) {
		*ret_value = right;
		return;
	}
	if (node->op == VC_OP_ADD)
		ret_value->known = vc_add(ret_value->number, right.number, &ret_value->number) == 0;
	else
		ret_value->known = !__builtin_sub_overflow(ret_value->number, right.number, &ret_value->number);
	ret_value->cause = first_fact(expr, index);
}

static void
evaluate(const struct vc_expr *expr, unsigned index, const struct vc_scope *scope, struct value *ret_value)
{
	const struct vc_node_expr *node = &expr->node[index];
	enum vc_tri flag;

	switch (node->op) {
	case VC_OP_LITERAL:
		evaluate_literal(node, ret_value);
		break;
	case VC_OP_FACT:
		evaluate_fact(node, scope, ret_value);
		break;
	case VC_OP_ADD:
	case VC_OP_SUB:
		evaluate_sum(expr, index, scope, ret_value);
		break;
	default: /* a condition in brackets */
		flag = decide(expr, index, scope, &ret_value->cause);
		ret_value->known = flag != VC_UNKNOWN;
		ret_value->flag = flag == VC_YES;
		break;
	}
}

/* <0, 0, >0; types without an order give 0 or 1. */
static int
compare(enum vc_type type, const struct value *a, const struct value *b)
{
	switch (type) {
	case VC_TYPE_flag:
		return a->flag != b->flag;
	case VC_TYPE_number:
		return (a->number > b->number) - (a->number < b->number);
	case VC_TYPE_text:
		return strcmp(a->text, b->text) != 0;
	case VC_TYPE_version:
		return vc_version_compare(a->version, b->version);
	case VC_TYPE_range:
		return a->range.first != b->range.first || a->range.last != b->range.last;
	case VC_TYPE_set:
	case VC_TYPE_ref:
	case VC_TYPE_list:
		break;
	}
	assert(false); /* the parser lets nobody compare these */
	return 0;
}

static bool
holds(enum vc_op op, int order)
{
	switch (op) {
	case VC_OP_EQ:
		return order == 0;
	case VC_OP_NE:
		return order != 0;
	case VC_OP_LT:
		return order < 0;
	case VC_OP_LE:
		return order <= 0;
	case VC_OP_GT:
		return order > 0;
	default:
		return order >= 0;
	}
}

static bool
is_in(const struct vc_expr *expr, const struct vc_node_expr *node, const struct value *left,
      const struct value *right)
{
	if (node->count == 0)
		return vc_set_has(right->set, left->text);
	for (unsigned i = 0; i < node->count; i++) {
		struct value literal;

		evaluate_literal(&expr->node[node->right + i], &literal);
		if (compare(expr->node[node->left].type, left, &literal) == 0)
			return true;
	}
	return false;
}

/* Everything that needs both of its operands. */
static enum vc_tri
decide_comparison(const struct vc_expr *expr, const struct vc_node_expr *node, const struct vc_scope *scope,
		  const struct vc_path **ret_cause)
{
	struct value left, right;

	evaluate(expr, node->left, scope, &left);
	if (!left.known) {
		*ret_cause = left.cause;
		return VC_UNKNOWN;
	}
	evaluate(expr, node->right, scope, &right);
	if (!right.known) {
		*ret_cause = right.cause;
		return VC_UNKNOWN;
	}
	switch (node->op) {
	case VC_OP_IN:
		return vc_tri_from(is_in(expr, node, &left, &right));
	case VC_OP_BIT:
		return vc_tri_from(left.number >> right.number & 1);
	case VC_OP_OVERLAPS:
		return vc_tri_from(vc_range_overlaps(left.range, right.range));
	default:
		return vc_tri_from(holds(node->op, compare(expr->node[node->left].type, &left, &right)));
	}
}

static enum vc_tri
decide_logic(const struct vc_expr *expr, const struct vc_node_expr *node, const struct vc_scope *scope,
	     const struct vc_path **ret_cause)
{
	const struct vc_path *right_cause = NULL;
	enum vc_tri left = decide(expr, node->left, scope, ret_cause), right;

	/* What decides alone spares the other side. */
	if (left == (node->op == VC_OP_OR ? VC_YES : VC_NO))
		return left;
	right = decide(expr, node->right, scope, &right_cause);
	if (left != VC_UNKNOWN)
		*ret_cause = right_cause;
	return node->op == VC_OP_OR ? vc_tri_or(left, right) : vc_tri_and(left, right);
}

static enum vc_tri
is_present(const struct vc_fact *fact)
{
	switch (fact->state) {
	case VC_KNOWN:
		return VC_YES;
	case VC_ABSENT:
		return VC_NO;
	case VC_UNREAD:
	case VC_UNREADABLE:
		break;
	}
	return VC_UNKNOWN;
}

static enum vc_tri
decide(const struct vc_expr *expr, unsigned index, const struct vc_scope *scope, const struct vc_path **ret_cause)
{
	const struct vc_node_expr *node = &expr->node[index], *fact;
	struct value value;

	switch (node->op) {
	case VC_OP_AND:
	case VC_OP_OR:
		return decide_logic(expr, node, scope, ret_cause);
	case VC_OP_NOT:
		return vc_tri_not(decide(expr, node->left, scope, ret_cause));
	case VC_OP_PRESENT:
		fact = &expr->node[node->left];
		*ret_cause = fact->path;
		return is_present(vc_path_resolve(fact->path, scope));
	case VC_OP_LITERAL:
		return vc_tri_from(node->flag);
	case VC_OP_FACT:
		evaluate_fact(node, scope, &value);
		*ret_cause = value.cause;
		return value.known ? vc_tri_from(value.flag) : VC_UNKNOWN;
	default:
		return decide_comparison(expr, node, scope, ret_cause);
	}
}

enum vc_tri
vc_expr_evaluate(const struct vc_expr *expr, const struct vc_scope *scope, const struct vc_path **ret_unknown)
{
	const struct vc_path *cause = NULL;
	enum vc_tri result = expr->count > 0 ? decide(expr, (unsigned)expr->count - 1, scope, &cause) : VC_YES;

	if (ret_unknown)
		*ret_unknown = result == VC_UNKNOWN ? cause : NULL;
	return result;
}

size_t
vc_expr_paths(const struct vc_expr *expr, const struct vc_path **path, size_t room)
{
	size_t count = 0;

	for (size_t i = 0; i < expr->count && count < room; i++) {
		bool seen = false;

		if (expr->node[i].op != VC_OP_FACT)
			continue;
		for (size_t j = 0; j < count && !seen; j++)
			seen = vc_path_same(path[j], expr->node[i].path);
		if (!seen)
			path[count++] = expr->node[i].path;
	}
	return count;
}
