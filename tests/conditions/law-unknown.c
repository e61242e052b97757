/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A law of the engine, tried on random conditions over random facts: knowing less never changes an answer, it
 * only takes it away. Replacing a known fact by an unread one turns yes and no into unknown or leaves them
 * alone. What is not decided always has a fact to blame, and what is decided has none.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "set-fact.h"

#define ROUNDS 5000
#define DEPTH 5

/* Facts of every type that a condition can look at, with the values they may have. */
static const struct {
	const char *name;
	enum vc_type type;
	const char *value[4];
} facts[] = {
	{ .name = "guest.hugepages", .type = VC_TYPE_flag, .value = { "= yes", "= no", "absent", "unread" } },
	{ .name = "host.cpu.hypervisor",
	  .type = VC_TYPE_flag,
	  .value = { "= yes", "= no", "unreadable EACCES", "unread" } },
	{ .name = "guest.memory",
	  .type = VC_TYPE_number,
	  .value = { "= 0", "= 1", "= 0xffffffffffffffff", "unread" } },
	{ .name = "host.cpu.count", .type = VC_TYPE_number, .value = { "= 1", "= 2", "= 3", "absent" } },
	{ .name = "guest.name", .type = VC_TYPE_text, .value = { "= a", "= b", "absent", "unread" } },
	{ .name = "each.device.driver",
	  .type = VC_TYPE_text,
	  .value = { "= a", "= b", "absent", "unreadable EIO" } },
	{ .name = "qemu.version",
	  .type = VC_TYPE_version,
	  .value = { "= 9.1", "= 9.2", "= 10.0", "unread" } },
	{ .name = "host.cpu.flags", .type = VC_TYPE_set, .value = { "= a", "= a b", "=", "unread" } },
	{ .name = "guest.pci_window",
	  .type = VC_TYPE_range,
	  .value = { "= 0x0-0xf", "= 0x8-0x1f", "absent", "unread" } },
	{ .name = "each.device.bar_held",
	  .type = VC_TYPE_range,
	  .value = { "= 0x10-0x1f", "= 0x0-0x7", "absent", "unread" } },
};

/* xorshift64 [Marsaglia 2003, Xorshift RNGs]: the same conditions on every machine. */
static uint64_t state = UINT64_C(0x9e3779b97f4a7c15);

static unsigned
random_below(unsigned limit)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)(state >> 33) % limit;
}

static const char *
random_fact(enum vc_type type)
{
	unsigned at = random_below(VC_COUNT(facts));

	while (facts[at].type != type)
		at = (at + 1) % VC_COUNT(facts);
	return facts[at].name;
}

static const char *
pick(const char *const *word, unsigned count)
{
	return word[random_below(count)];
}
#define PICK(...)                                                                                            \
	pick((const char *const[]){ __VA_ARGS__ }, (unsigned)VC_COUNT(((const char *const[]){ __VA_ARGS__ })))

static void add_condition(struct vc_buf *buf, unsigned depth);

static void
add_number(struct vc_buf *buf, unsigned depth)
{
	if (depth == 0 || random_below(3) > 0) {
		vc_buf_add(buf, random_below(3) ? random_fact(VC_TYPE_number) : PICK("0", "1", "2"));
		return;
	}
	/* A fact on the right: sums of literals may not fit, and are refused then. */
	add_number(buf, depth - 1);
	vc_buf_addf(buf, " %s %s", PICK("+", "-"), random_fact(VC_TYPE_number));
}

static void
add_leaf(struct vc_buf *buf)
{
	switch (random_below(8)) {
	case 0:
		vc_buf_add(buf, random_fact(VC_TYPE_flag));
		break;
	case 1:
		vc_buf_addf(buf, "present(%s)", facts[random_below(VC_COUNT(facts))].name);
		break;
	case 2:
		vc_buf_addf(buf, "bit(%s, %u)", random_fact(VC_TYPE_number), random_below(64));
		break;
	case 3:
		vc_buf_addf(buf, "%s %s qemu.version", PICK("9", "9.1", "9.2"),
			    PICK("==", "!=", "<", "<=", ">", ">="));
		break;
	case 4:
		vc_buf_addf(buf, "%s %s %s", random_fact(VC_TYPE_text), PICK("==", "!="),
			    random_below(2) ? random_fact(VC_TYPE_text) : "'a'");
		break;
	case 5:
		vc_buf_addf(buf, "%s in %s", random_below(2) ? random_fact(VC_TYPE_text) : "'b'",
			    random_below(2) ? "host.cpu.flags" : "('a', 'c')");
		break;
	case 6:
		vc_buf_addf(buf, "overlaps(%s, %s)", random_fact(VC_TYPE_range), random_fact(VC_TYPE_range));
		break;
	default:
		add_number(buf, 2);
		vc_buf_addf(buf, " %s ", PICK("==", "!=", "<", "<=", ">", ">="));
		add_number(buf, 2);
		break;
	}
}

static void
add_condition(struct vc_buf *buf, unsigned depth)
{
	if (depth == 0 || random_below(5) == 0) {
		add_leaf(buf);
		return;
	}
	vc_buf_add(buf, random_below(3) ? "(" : "not (");
	add_condition(buf, depth - 1);
	vc_buf_addf(buf, " %s ", PICK("and", "or"));
	add_condition(buf, depth - 1);
	vc_buf_add(buf, ")");
}

static const struct vc_names_scope names = { .each = &vc_schema_hostdev, .guest = true };

static void
set_facts(struct test_models *models, const unsigned value[VC_COUNT(facts)])
{
	/* The record that the facts behind the reference are in. */
	models->each = vc_arena_alloc(models->arena, sizeof(struct vc_hostdev));
	for (size_t i = 0; i < VC_COUNT(facts); i++) {
		_cleanup_buf_ struct vc_buf line = { 0 };

		vc_buf_addf(&line, "%s %s", facts[i].name, facts[i].value[value[i]]);
		test_set(models, &names, vc_buf_text(&line));
	}
}

static enum vc_tri
evaluate(const struct vc_expr *expr, const struct test_models *models, const char *text)
{
	const struct vc_scope scope = test_scope(models);
	const struct vc_path *unknown;
	enum vc_tri tri = vc_expr_evaluate(expr, &scope, &unknown);

	if ((tri == VC_UNKNOWN) != (unknown != NULL)) {
		fprintf(stderr, "%s\n  %s\n", text,
			unknown ? "is decided, and blames a fact" : "is not decided, and blames no fact");
		exit(1);
	}
	return tri;
}

/* Every fact of the condition is forgotten in turn. */
static void
try_forgetting(const struct vc_expr *expr, const struct test_models *models, const char *text)
{
	enum vc_tri before = evaluate(expr, models, text);
	const struct vc_scope scope = test_scope(models);
	const struct vc_path *path[VC_COUNT(facts)];
	size_t paths = vc_expr_paths(expr, path, VC_COUNT(path));

	for (size_t i = 0; i < paths; i++) {
		/* The models are ours and writable. */
		struct vc_fact *fact = (struct vc_fact *)(uintptr_t)vc_path_resolve(path[i], &scope);
		enum vc_state kept = fact->state;
		enum vc_tri after;

		if (kept != VC_KNOWN && kept != VC_ABSENT)
			continue;
		fact->state = VC_UNREAD;
		after = evaluate(expr, models, text);
		fact->state = kept;
		if (after != before && after != VC_UNKNOWN) {
			fprintf(stderr, "%s\n  was %d and is %d without %s\n", text, before, after,
				path[i]->text);
			exit(1);
		}
	}
}

int
main(void)
{
	size_t tally[3] = { 0 };

	for (unsigned round = 0; round < ROUNDS; round++) {
		_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
		_cleanup_buf_ struct vc_buf text = { 0 };
		struct test_models models = { .arena = arena };
		struct vc_diags diags = { .arena = arena };
		unsigned value[VC_COUNT(facts)];
		struct vc_expr expr;

		add_condition(&text, DEPTH);
		for (size_t i = 0; i < VC_COUNT(facts); i++)
			value[i] = random_below(4);
		if (vc_expr_parse(vc_buf_text(&text), &names, "random", 1, arena, &diags, &expr) < 0) {
			fprintf(stderr, "%s\n  %s\n", vc_buf_text(&text), diags.item[0].text);
			return 1;
		}
		set_facts(&models, value);
		tally[evaluate(&expr, &models, vc_buf_text(&text))]++;
		try_forgetting(&expr, &models, vc_buf_text(&text));
	}
	printf("%zu yes, %zu no, %zu unknown\n", tally[VC_YES], tally[VC_NO], tally[VC_UNKNOWN]);
	/* A generator that only makes undecided conditions would prove nothing. */
	return tally[VC_YES] < ROUNDS / 10 || tally[VC_NO] < ROUNDS / 10 || tally[VC_UNKNOWN] < ROUNDS / 10;
}
