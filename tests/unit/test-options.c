/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "cli/options.h"

#define WORDS_MAX 12

struct fixture {
	struct vc_arena *arena;
	struct vc_diags diags;
	struct vc_options options;
};

/* Parses words separated by one blank; "" is no argument at all. */
static int
parse(struct fixture *f, const char *line)
{
	char *text, *word[WORDS_MAX];
	int count = 0;

	vc_arena_free(f->arena);
	*f = (struct fixture){ .arena = vc_arena_new() };
	f->diags.arena = f->arena;
	text = vc_arena_strdup(f->arena, line);
	for (char *at = strtok(text, " "); at; at = strtok(NULL, " ")) {
		assert_true(count < WORDS_MAX);
		word[count++] = at;
	}
	return vc_options_parse(count, word, f->arena, &f->diags, &f->options);
}

static void
assert_refused(struct fixture *f, const char *line, const char *message)
{
	if (parse(f, line) != -EINVAL)
		fail_msg("'%s' is accepted", line);
	assert_int_equal(f->diags.count, 1);
	assert_string_equal(f->diags.item[0].text, message);
}

static void
test_commands(_unused_ void **state)
{
	struct fixture f = { .arena = NULL };

	assert_int_equal(parse(&f, ""), 0);
	assert_false(f.options.command_named);
	assert_int_equal(f.options.operands, 0);
	assert_int_equal(parse(&f, "a.xml b.xml"), 0);
	assert_int_equal(f.options.command, VC_COMMAND_CHECK);
	assert_int_equal(f.options.operands, 2);
	assert_int_equal(parse(&f, "check a.xml"), 0);
	assert_true(f.options.command_named);
	assert_string_equal(f.options.operand[0], "a.xml");
	assert_int_equal(parse(&f, "--root cap host"), 0);
	assert_int_equal(f.options.command, VC_COMMAND_HOST);
	assert_string_equal(f.options.root, "cap");
	assert_int_equal(parse(&f, "check host"), 0);
	assert_int_equal(f.options.command, VC_COMMAND_CHECK);
	assert_string_equal(f.options.operand[0], "host");
	assert_int_equal(parse(&f, "-- host --help"), 0);
	assert_int_equal(f.options.command, VC_COMMAND_CHECK);
	assert_int_equal(f.options.operands, 2);
	assert_string_equal(f.options.operand[1], "--help");
	assert_int_equal(parse(&f, "a.xml host"), 0);
	assert_int_equal(f.options.operands, 2);
	assert_int_equal(parse(&f, "-"), 0);
	assert_string_equal(f.options.operand[0], "-");
	vc_arena_free(f.arena);
}

static void
test_values(_unused_ void **state)
{
	struct fixture f = { .arena = NULL };

	assert_int_equal(parse(&f, "--format=json -oout --fail-on never --strict -qv --color=always x"), 0);
	assert_int_equal(f.options.format, VC_FORMAT_JSON);
	assert_string_equal(f.options.output, "out");
	assert_int_equal(f.options.fail_on, VC_FAIL_ON_NEVER);
	assert_true(f.options.strict);
	assert_int_equal(f.options.loudness, VC_VERBOSE);
	assert_int_equal(f.options.color, VC_COLOR_ALWAYS);
	assert_int_equal(parse(&f, "x -o out --ignore a --ignore=b --rules r --qemu-version 9.2.1"), 0);
	assert_string_equal(f.options.output, "out");
	assert_int_equal(f.options.ignored, 2);
	assert_string_equal(f.options.ignore[1], "b");
	assert_string_equal(f.options.rules_dir, "r");
	assert_true(f.options.has_qemu_version);
	assert_false(f.options.has_libvirt_version);
	assert_int_equal(f.options.qemu_version.part[1], 2);
	assert_int_equal(f.options.fail_on, VC_FAIL_ON_ERROR);
	assert_string_equal(f.options.root, "/");
	/* A value may look like an option. */
	assert_int_equal(parse(&f, "--output --strict x"), 0);
	assert_string_equal(f.options.output, "--strict");
	assert_false(f.options.strict);
	vc_arena_free(f.arena);
}

/* Pairs of --format and --output, in either order. */
static void
test_outputs(_unused_ void **state)
{
	struct fixture f = { .arena = NULL };

	assert_int_equal(parse(&f, "x"), 0);
	assert_int_equal(f.options.output_count, 1);
	assert_int_equal(f.options.outputs[0].format, VC_FORMAT_TEXT);
	assert_null(f.options.outputs[0].file);
	assert_int_equal(parse(&f, "--format json --output a.json --format text x"), 0);
	assert_int_equal(f.options.output_count, 2);
	assert_int_equal(f.options.outputs[0].format, VC_FORMAT_JSON);
	assert_string_equal(f.options.outputs[0].file, "a.json");
	assert_int_equal(f.options.outputs[1].format, VC_FORMAT_TEXT);
	assert_null(f.options.outputs[1].file);
	assert_int_equal(f.options.format, VC_FORMAT_JSON);
	assert_int_equal(parse(&f, "-o a --format sarif -o b --format junit x"), 0);
	assert_int_equal(f.options.output_count, 2);
	assert_int_equal(f.options.outputs[0].format, VC_FORMAT_SARIF);
	assert_string_equal(f.options.outputs[1].file, "b");
	assert_refused(&f, "--format json --format text x",
		       "json and text would both go to standard output; give one of them --output FILE");
	assert_refused(&f, "--format json -o - --format text x",
		       "json and text would both go to standard output; give one of them --output FILE");
	assert_refused(&f, "--format json -o a --format jsonl -o a x",
		       "json and jsonl would both go to a; give one of them --output FILE");
	assert_refused(&f, "--format json -o a -o b x", "of several --output each needs its --format; 'b' has none");
	assert_refused(&f, "facts --format json -o a --format text", "'vhostcheck facts' takes one --format and one --output");
	assert_refused(&f, "facts --format sarif", "'vhostcheck facts' takes --format text or json, not 'sarif'");
	vc_arena_free(f.arena);
}

static void
test_roots(_unused_ void **state)
{
	struct fixture f = { .arena = NULL };

	assert_int_equal(parse(&f, "--root a --root / x"), 0);
	assert_int_equal(f.options.root_count, 2);
	assert_string_equal(f.options.root, "a");
	assert_string_equal(f.options.roots[1], "/");
	assert_int_equal(parse(&f, "x"), 0);
	assert_int_equal(f.options.root_count, 1);
	assert_string_equal(f.options.roots[0], "/");
	assert_refused(&f, "facts --root a --root b", "'vhostcheck facts' takes one --root");
	vc_arena_free(f.arena);
}

static void
test_help(_unused_ void **state)
{
	struct fixture f = { .arena = NULL };

	assert_int_equal(parse(&f, "--help"), 0);
	assert_int_equal(f.options.ask, VC_ASK_HELP);
	assert_false(f.options.command_named);
	assert_int_equal(parse(&f, "explain --help"), 0);
	assert_int_equal(f.options.ask, VC_ASK_HELP);
	assert_int_equal(f.options.command, VC_COMMAND_EXPLAIN);
	assert_int_equal(parse(&f, "help rules"), 0);
	assert_int_equal(f.options.ask, VC_ASK_HELP);
	assert_true(f.options.command_named);
	assert_int_equal(f.options.command, VC_COMMAND_RULES);
	assert_int_equal(parse(&f, "help"), 0);
	assert_false(f.options.command_named);
	assert_int_equal(parse(&f, "facts -h --fail-on error"), 0);
	assert_int_equal(f.options.ask, VC_ASK_HELP);
	assert_int_equal(parse(&f, "--version"), 0);
	assert_int_equal(f.options.ask, VC_ASK_VERSION);
	vc_arena_free(f.arena);
}

static void
test_refusals(_unused_ void **state)
{
	struct fixture f = { .arena = NULL };

	assert_refused(&f, "--formt json x", "there is no option --formt; did you mean --format?");
	assert_refused(&f, "--formt=json x", "there is no option --formt; did you mean --format?");
	assert_refused(&f, "-root x", "there is no option -root; did you mean --root?");
	assert_refused(&f, "-x", "there is no option -x; 'vhostcheck --help' lists them");
	assert_refused(&f, "--zzzzzzzz", "there is no option --zzzzzzzz; 'vhostcheck --help' lists them");
	assert_refused(&f, "--format jsn x", "--format takes text, json, jsonl, sarif, junit or github, not 'jsn'; did you mean 'json'?");
	assert_refused(&f, "--fail-on all x", "--fail-on takes error, warning, info or never, not 'all'");
	assert_refused(&f, "x --root", "--root expects DIR|FILE after it");
	assert_refused(&f, "--root= x", "--root takes a directory or a capture, not an empty text");
	assert_refused(&f, "x --strict=yes", "--strict takes no value, but got 'yes'");
	assert_refused(&f, "x --qemu-version new", "--qemu-version takes a version such as 10.0.13, not 'new'");
	assert_refused(&f, "x --rules a --rules b", "--rules takes one directory");
	assert_refused(&f, "facts --strict", "'vhostcheck facts' takes no --strict");
	assert_refused(&f, "x --no-redact", "'vhostcheck check' takes no --no-redact");
	assert_refused(&f, "check", "'vhostcheck check' expects a domain XML file");
	assert_refused(&f, "explain", "'vhostcheck explain' expects a rule id, as 'vhostcheck rules list' shows it");
	assert_refused(&f, "host a.xml", "'vhostcheck host' does not expect 'a.xml'");
	assert_refused(&f, "facts a b", "'vhostcheck facts' does not expect 'b'");
	assert_refused(&f, "help chekc", "there is no command 'chekc'; did you mean 'check'?");
	vc_arena_free(f.arena);
}

/* Control characters of an argument do not reach the terminal. */
static void
test_hostile_argument(_unused_ void **state)
{
	struct fixture f = { .arena = NULL };

	assert_refused(&f, "--\033[2J", "there is no option --\\x1b[2J; 'vhostcheck --help' lists them");
	vc_arena_free(f.arena);
}

static void
test_screen(_unused_ void **state)
{
	_cleanup_buf_ struct vc_buf out = { 0 };
	unsigned lines = 0;
	size_t line = 0;

	vc_options_help(&out);
	for (size_t i = 0; i < out.length; i++) {
		line = out.text[i] == '\n' ? 0 : line + 1;
		lines += out.text[i] == '\n';
		assert_true(line <= 80);
	}
	assert_true(lines <= 24);
}

/* The words of the table, which the shells complete, are those that are read. */
static void
test_words(_unused_ void **state)
{
	size_t options = 0;

	for (size_t i = 0; i < vc_option_rows_count; i++) {
		const struct vc_option_row *row = &vc_option_rows[i];

		for (size_t j = 0; j < row->words.count; j++) {
			struct fixture f = { .arena = vc_arena_new() };

			f.diags.arena = f.options.arena = f.arena;
			assert_int_equal(row->read(row->words.word[j], &f.diags, &f.options), 0);
			if (strcmp(row->name, "format") == 0)
				assert_string_equal(vc_formats[j]->name, row->words.word[j]);
			vc_arena_free(f.arena);
		}
		options += row->words.count > 0;
	}
	assert_true(options > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commands),	 cmocka_unit_test(test_values),
		cmocka_unit_test(test_outputs),
		cmocka_unit_test(test_roots),
		cmocka_unit_test(test_help),		 cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_hostile_argument), cmocka_unit_test(test_screen),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
