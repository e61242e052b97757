/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run-conditions FILE...: conditions, facts and what comes out, in blocks between empty lines:
 *
 *     # comment
 *     each: guest.hostdev              the list of <each>; or
 *     scope: host                      a rule without a domain; or
 *     check: yes                       where the results of a check are known
 *     guest.memory > 4GiB              the condition
 *     guest.memory = 4294967297        facts, see set-fact.h
 *     => yes                           or no, unknown, unknown FACT, error: TEXT
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "set-fact.h"

#define LINES_MAX 32

struct block {
	const char *file;
	int first_line;
	char *line[LINES_MAX];
	size_t lines;
};

static const struct vc_schema *
find_list(const char *name)
{
	const struct vc_field *field = vc_schema_find(&vc_schema_guest, name);

	if (!field)
		field = vc_schema_find(&vc_schema_host, name);
	return field && field->type == VC_TYPE_list ? field->item : NULL;
}

/* Takes the lines "word: value" off the front of the block. Returns how many, -1 if one is wrong. */
static int
read_setup(const struct block *block, struct vc_names_scope *names)
{
	size_t used = 0;

	for (; used < block->lines; used++) {
		const char *line = block->line[used];

		if (strncmp(line, "each: ", 6) == 0) {
			names->each = find_list(line + 6);
			if (!names->each)
				return -1;
		} else if (strcmp(line, "scope: host") == 0) {
			names->guest = false;
		} else if (strcmp(line, "check: yes") == 0) {
			names->check = true;
		} else {
			break;
		}
	}
	return (int)used;
}

static void
evaluate(const struct vc_expr *expr, const struct test_models *models, bool name_unknown,
	 struct vc_buf *result)
{
	static const char *const name[] = { [VC_UNKNOWN] = "unknown", [VC_NO] = "no", [VC_YES] = "yes" };
	const struct vc_scope scope = test_scope(models);
	const struct vc_path *unknown;
	enum vc_tri tri = vc_expr_evaluate(expr, &scope, &unknown);

	vc_buf_add(result, name[tri]);
	if (tri == VC_UNKNOWN && name_unknown)
		vc_buf_addf(result, " %s", unknown ? unknown->text : "(no fact)");
	if (tri != VC_UNKNOWN && unknown)
		vc_buf_add(result, ", and yet a fact is to blame");
}

/* What the block expects, and what it gets. False when the block itself is wrong. */
static bool
run_block(const struct block *block, struct vc_arena *arena, const char **ret_expected, struct vc_buf *result)
{
	struct test_models models = { .arena = arena };
	struct vc_names_scope names = { .guest = true };
	struct vc_diags diags = { .arena = arena };
	int setup = read_setup(block, &names);
	const char *last = block->line[block->lines - 1];
	struct vc_expr expr;

	if (setup < 0 || (size_t)setup + 2 > block->lines || strncmp(last, "=> ", 3) != 0)
		return false;
	*ret_expected = last + 3;
	if (names.each)
		models.each = vc_arena_alloc(arena, names.each->size);
	if (vc_expr_parse(block->line[setup], &names, "condition", 1, arena, &diags, &expr) < 0) {
		/* One condition, one complaint: the first mistake makes the rest a guess. */
		vc_buf_addf(result, "error: %s%s", diags.count > 0 ? diags.item[0].text : "(without a word)",
			    diags.count > 1 ? ", and more" : "");
		return true;
	}
	for (size_t i = (size_t)setup + 1; i + 1 < block->lines; i++)
		test_set(&models, &names, block->line[i]);
	evaluate(&expr, &models, strncmp(*ret_expected, "unknown ", 8) == 0, result);
	return true;
}

static bool
check_block(const struct block *block)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	_cleanup_buf_ struct vc_buf result = { 0 };
	const char *expected = "";

	if (!run_block(block, arena, &expected, &result)) {
		fprintf(stderr, "%s:%d: this block is no condition, facts and '=> result'\n", block->file,
			block->first_line);
		return false;
	}
	if (strcmp(vc_buf_text(&result), expected) == 0)
		return true;
	fprintf(stderr, "%s:%d: %s\n  expected: %s\n  got:      %s\n", block->file, block->first_line,
		block->line[0], expected, vc_buf_text(&result));
	return false;
}

static void
release_block(struct block *block)
{
	for (size_t i = 0; i < block->lines; i++)
		free(block->line[i]);
	block->lines = 0;
}

static void
end_block(struct block *block, size_t *blocks, size_t *failures)
{
	if (block->lines == 0)
		return;
	*failures += !check_block(block);
	*blocks += 1;
	release_block(block);
}

static int
run_file(const char *path, size_t *blocks, size_t *failures)
{
	_cleanup_free_ char *line = NULL;
	struct block block = { .file = path };
	FILE *file = fopen(path, "r");
	size_t room = 0;
	int number = 0;

	if (!file)
		return -errno;
	for (ssize_t length; (length = getline(&line, &room, file)) >= 0;) {
		number++;
		if (length > 0 && line[length - 1] == '\n')
			line[length - 1] = '\0';
		if (line[0] == '#')
			continue;
		if (line[0] == '\0') {
			end_block(&block, blocks, failures);
			continue;
		}
		if (block.lines == 0)
			block.first_line = number;
		if (block.lines < LINES_MAX)
			block.line[block.lines++] = strdup(line);
	}
	end_block(&block, blocks, failures);
	fclose(file);
	return 0;
}

int
main(int argc, char **argv)
{
	size_t blocks = 0, failures = 0;

	for (int i = 1; i < argc; i++) {
		int r = run_file(argv[i], &blocks, &failures);

		if (r < 0) {
			fprintf(stderr, "%s: %s\n", argv[i], strerror(-r));
			return 99;
		}
	}
	printf("%zu conditions, %zu wrong\n", blocks, failures);
	return failures > 0 || blocks == 0;
}
