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

static struct value evaluate(const struct vc_expr *expr, unsigned index, const struct vc_scope *scope);

static struct value
unknown(const struct vc_path *cause)
{
	return (struct value){ .cause = cause };
}

static enum vc_tri
tri_of(const struct value *value)
{
	return value->known ? vc_tri_from(value->flag) : VC_UNKNOWN;
}

static struct value
value_of_tri(enum vc_tri tri, const struct vc_path *cause)
{
	return tri == VC_UNKNOWN ? unknown(cause) : (struct value){ .known = true, .flag = tri == VC_YES };
}

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

static struct value
evaluate_literal(const struct vc_node_expr *node)
{
	struct value value = { .known = true };

	switch (node->type) {
	case VC_TYPE_flag:
		value.flag = node->flag;
		break;
	case VC_TYPE_number:
		value.number = node->number;
		break;
	case VC_TYPE_version:
		value.version = node->version;
		break;
	default: /* there are no others */
		value.text = node->text;
		break;
	}
	return value;
}

static struct value
evaluate_fact(const struct vc_node_expr *node, const struct vc_scope *scope)
{
	const struct vc_fact *fact = vc_path_resolve(node->path, scope);
	struct value value = { .known = true };

	if (!vc_known(fact))
		return unknown(node->path);
	switch (node->type) {
	case VC_TYPE_flag:
		value.flag = ((const struct vc_fact_flag *)fact)->value;
		break;
	case VC_TYPE_number:
		value.number = ((const struct vc_fact_number *)fact)->value;
		break;
	case VC_TYPE_text:
		value.text = ((const struct vc_fact_text *)fact)->value;
		break;
	case VC_TYPE_version:
		value.version = ((const struct vc_fact_version *)fact)->value;
		break;
	case VC_TYPE_range:
		value.range = ((const struct vc_fact_range *)fact)->value;
		break;
	case VC_TYPE_set:
		value.set = (const struct vc_fact_set *)fact;
		break;
	case VC_TYPE_ref:
	case VC_TYPE_list:
		break; /* only present() looks at these */
	}
	return value;
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
		const struct value literal = evaluate_literal(&expr->node[node->right + i]);

		if (compare(expr->node[node->left].type, left, &literal) == 0)
			return true;
	}
	return false;
}

/* Everything that needs both of its operands. */
static struct value
evaluate_binary(const struct vc_expr *expr, const struct vc_node_expr *node, const struct vc_scope *scope)
{
	struct value left = evaluate(expr, node->left, scope);
	struct value right = evaluate(expr, node->right, scope);
	struct value result = { .known = true };
	bool fits = true;

	if (!left.known)
		return left;
	if (!right.known)
		return right;
	switch (node->op) {
	case VC_OP_ADD:
		fits = vc_add(left.number, right.number, &result.number) == 0;
		break;
	case VC_OP_SUB:
		fits = !__builtin_sub_overflow(left.number, right.number, &result.number);
		break;
	case VC_OP_IN:
		result.flag = is_in(expr, node, &left, &right);
		break;
	case VC_OP_BIT:
		result.flag = left.number >> right.number & 1;
		break;
	case VC_OP_OVERLAPS:
		result.flag = vc_range_overlaps(left.range, right.range);
		break;
	default:
		result.flag = holds(node->op, compare(expr->node[node->left].type, &left, &right));
		break;
	}
	return fits ? result : unknown(first_fact(expr, (unsigned)(node - expr->node)));
}

static struct value
evaluate_logic(const struct vc_expr *expr, const struct vc_node_expr *node, const struct vc_scope *scope)
{
	struct value left = evaluate(expr, node->left, scope), right;
	enum vc_tri (*join)(enum vc_tri, enum vc_tri) = node->op == VC_OP_AND ? vc_tri_and : vc_tri_or;

	/* What decides alone spares the other side. */
	if (left.known && left.flag == (node->op == VC_OP_OR))
		return left;
	right = evaluate(expr, node->right, scope);
	return value_of_tri(join(tri_of(&left), tri_of(&right)), left.known ? right.cause : left.cause);
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

static struct value
evaluate(const struct vc_expr *expr, unsigned index, const struct vc_scope *scope)
{
	const struct vc_node_expr *node = &expr->node[index], *fact;
	struct value value;

	switch (node->op) {
	case VC_OP_LITERAL:
		return evaluate_literal(node);
	case VC_OP_FACT:
		return evaluate_fact(node, scope);
	case VC_OP_AND:
	case VC_OP_OR:
		return evaluate_logic(expr, node, scope);
	case VC_OP_NOT:
		value = evaluate(expr, node->left, scope);
		return value_of_tri(vc_tri_not(tri_of(&value)), value.cause);
	case VC_OP_PRESENT:
		fact = &expr->node[node->left];
		return value_of_tri(is_present(vc_path_resolve(fact->path, scope)), fact->path);
	default:
		return evaluate_binary(expr, node, scope);
	}
}

enum vc_tri
vc_expr_evaluate(const struct vc_expr *expr, const struct vc_scope *scope, const struct vc_path **ret_unknown)
{
	struct value value = { .known = true, .flag = true };

	if (expr->count > 0)
		value = evaluate(expr, (unsigned)expr->count - 1, scope);
	if (ret_unknown)
		*ret_unknown = value.cause;
	return tri_of(&value);
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
