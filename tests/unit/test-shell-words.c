/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shell text, taken apart as a shell does before it expands anything. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/macro.h"
#include "guest/shell-words.h"

struct world {
	struct vc_arena *arena;
	struct vc_diags diags;
};

static int
world_init(void **state)
{
	static struct world world;

	world = (struct world){ .arena = vc_arena_new() };
	world.diags.arena = world.arena;
	*state = &world;
	return 0;
}

static int
world_release(void **state)
{
	vc_arena_free(((struct world *)*state)->arena);
	return 0;
}

#define WORLD_TEST(name) cmocka_unit_test_setup_teardown(name, world_init, world_release)

/* "<a><b>;<c>": words in brackets, those with something open followed by '?', commands ended by ';'. */
static const char *
shown(struct world *world, const char *text)
{
	_cleanup_buf_ struct vc_buf buf = { 0 };
	struct vc_shell_script script;

	world->diags.count = 0;
	if (vc_shell_parse(text, strlen(text), 1, "test.sh", world->arena, &world->diags, &script) < 0)
		return "refused";
	for (size_t i = 0; i < script.commands; i++) {
		const struct vc_shell_command *command = &script.command[i];

		if (command->array)
			vc_buf_addf(&buf, "%s=", command->array);
		for (size_t w = 0; w < command->words; w++)
			vc_buf_addf(&buf, "<%s>%s", command->word[w].text, command->word[w].open ? "?" : "");
		vc_buf_add(&buf, ";");
	}
	return vc_arena_strdup(world->arena, vc_buf_text(&buf));
}

static void
words(void **state)
{
	static const struct {
		const char *text, *shown;
	} examples[] = {
		{ "", "" },
		{ "  a\tb  ", "<a><b>;" },
		{ "a b\nc", "<a><b>;<c>;" },
		{ "a;b&&c||d|e&f", "<a>;<b>;<c>;<d>;<e>;<f>;" },
		{ "a 'b c' \"d e\" f\\ g", "<a><b c><d e><f g>;" },
		{ "a'b'\"c\"d", "<abcd>;" },
		{ "'' \"\"", "<><>;" },
		{ "\"a\\\"b\\$c\\d\"", "<a\"b$c\\d>;" },
		{ "'a\\b'", "<a\\b>;" },
		{ "$'a\\tb\\'c'", "<a\tb'c>;" },
		{ "a # b\nc#d", "<a>;<c#d>;" },
		{ "a \\\n b", "<a><b>;" },
		{ "a\\\nb", "<ab>;" },
		{ "a \\\r\n b\r\nc", "<a><b>;<c>;" },
		{ "\"a\\\nb\"", "<ab>;" },
		{ "a >x b 2>&1 c &>y d <z >>w", "<a><b><c><d>;" },
		{ "a 2 >x", "<a><2>;" },
		{ "(a b) { c; }", "<a><b>;<{><c>;<}>;" },
		{ "a <<E b\nno\nE\nc", "<a><b>;<c>;" },
		{ "a <<-'E' <<F\n\tno\n\tE\nno\nF\nc", "<a>;<c>;" },
		{ "a <<E\nnever ends", "<a>;" },
		{ "a <<<b c", "<a><c>;" },
		{ "args=( a 'b c'\n# no\nd ) e", "args=<a><b c><d>;<e>;" },
		{ "args+=(a)", "args=<a>;" },
		{ "A=b c", "<A=b><c>;" },
		{ "a {\"b\":\"c d\",\"e\":{\"f\":1}} g", "<a><{\"b\":\"c d\",\"e\":{\"f\":1}}><g>;" },
		{ "a {b} {\"c", "refused" },
	};

	for (size_t i = 0; i < VC_COUNT(examples); i++)
		assert_string_equal(shown(*state, examples[i].text), examples[i].shown);
}

static void
what_only_a_shell_knows(void **state)
{
	static const struct {
		const char *text, *shown;
	} examples[] = {
		{ "a $b c", "<a><$b>?<c>;" },
		{ "\"$b c\"", "<$b c>?;" },
		{ "'$b'", "<$b>;" },
		{ "\\$b", "<$b>;" },
		{ "${b:-c d}e", "<${b:-c d}e>?;" },
		{ "$(a 'b)' \"$(c)\") d", "<$(a 'b)' \"$(c)\")>?<d>;" },
		{ "`a \\` b`c", "<`a \\` b`c>?;" },
		{ "$1 $@ $$ $ a$", "<$1>?<$@>?<$$>?<$><a$>;" },
	};

	for (size_t i = 0; i < VC_COUNT(examples); i++)
		assert_string_equal(shown(*state, examples[i].text), examples[i].shown);
}

static void
never_closed(void **state)
{
	static const char *const examples[] = { "a\n'b", "a\n\"b", "a\n`b", "a\n$(b", "a\n${b", "a\n$'b", "a\n\"$(b\"" };
	struct world *world = *state;

	for (size_t i = 0; i < VC_COUNT(examples); i++) {
		assert_string_equal(shown(world, examples[i]), "refused");
		assert_int_equal(world->diags.count, 1);
		assert_int_equal(world->diags.item[0].line, 2);
	}
}

/* What was pasted, and what was commented out. */
static void
likely_mistakes(void **state)
{
	struct world *world = *state;

	assert_string_equal(shown(world, "a \\  \nb \\ \nc"), "<a><b><c>;");
	assert_int_equal(world->diags.count, 1);
	assert_int_equal(world->diags.item[0].line, 1);
	assert_string_equal(shown(world, "a \\\n#b \\\nc"), "<a>;<c>;");
	assert_int_equal(world->diags.count, 1);
	assert_int_equal(world->diags.item[0].line, 2);
	/* Nothing was continued: no word of it. */
	assert_string_equal(shown(world, "a\n# b\nc"), "<a>;<c>;");
	assert_int_equal(world->diags.count, 0);
}

static void
lines(void **state)
{
	struct world *world = *state;
	static const char text[] = "a\n\n'b\nc' \\\nd\ne";
	struct vc_shell_script script;

	assert_int_equal(vc_shell_parse(text, strlen(text), 10, "test.sh", world->arena, &world->diags, &script), 0);
	assert_int_equal(script.commands, 3);
	assert_int_equal(script.command[0].word[0].line, 10);
	assert_int_equal(script.command[1].word[0].line, 12);
	assert_int_equal(script.command[1].word[1].line, 14);
	assert_int_equal(script.command[2].word[0].line, 15);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(words),	     WORLD_TEST(what_only_a_shell_knows), WORLD_TEST(never_closed),
		WORLD_TEST(likely_mistakes), WORLD_TEST(lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
