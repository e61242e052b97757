/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include "cli/config.h"
#include "scratch.h"

#define UUID "4dea22b3-1d52-d8f3-2516-782e98ab3fa0"

struct fixture {
	struct vc_arena *arena;
	struct vc_diags diags;
	struct vc_config config;
};

static void
parse(struct fixture *f, const char *text)
{
	vc_arena_free(f->arena);
	*f = (struct fixture){ .arena = vc_arena_new() };
	f->diags.arena = f->arena;
	vc_config_parse(text, strlen(text), "v.conf", f->arena, &f->diags, &f->config);
	if (f->config.broken != (f->diags.count > 0))
		fail_msg("broken and diagnostics differ for: %s", text);
}

static void
assert_good(struct fixture *f, const char *text)
{
	parse(f, text);
	if (f->config.broken)
		fail_msg("%d: %s", f->diags.item[0].line, f->diags.item[0].text);
}

/* One mistake, in this line. */
static void
assert_refused(struct fixture *f, const char *text, int line, const char *message)
{
	parse(f, text);
	assert_int_equal(f->diags.count, 1);
	assert_string_equal(f->diags.item[0].file, "v.conf");
	assert_string_equal(f->diags.item[0].text, message);
	assert_int_equal(f->diags.item[0].line, line);
}

static void
test_defaults(_unused_ void **state)
{
	struct fixture f = { .arena = NULL };

	assert_good(&f, "");
	assert_int_equal(f.config.mode, VC_HOOK_ENFORCE);
	assert_false(f.config.fail_closed);
	assert_int_equal(f.config.time_limit, 1000);
	assert_int_equal(vc_config_mode(&f.config, "win11", UUID), VC_HOOK_ENFORCE);
	assert_good(&f, "# [hook\n; x\n\n   \t\r\n  # indented\n");
	vc_arena_free(f.arena);
}

static void
test_hook(_unused_ void **state)
{
	struct fixture f = { .arena = NULL };

	assert_good(&f, "[hook]\nmode = warn\non-failure=fail-closed\r\n  time-limit\t= 500ms  ");
	assert_int_equal(f.config.mode, VC_HOOK_WARN);
	assert_true(f.config.fail_closed);
	assert_int_equal(f.config.time_limit, 500);
	assert_good(&f, "[ hook ]\ntime-limit = 100ms");
	assert_int_equal(f.config.time_limit, 100);
	assert_good(&f, "[hook]\ntime-limit = 30 s");
	assert_int_equal(f.config.time_limit, 30000);
	vc_arena_free(f.arena);
}

static void
test_domains(_unused_ void **state)
{
	struct fixture f = { .arena = NULL };

	assert_good(&f, "[hook]\nmode = warn\n"
			"[domain win11]\nmode = enforce\n"
			"[domain my [old] guest # 1]\nmode = off\n"
			"[domain g\xc3\xa4st]\nmode = off\n"
			"[domain --version]\nmode = off\n"
			"[domain nothing]\n");
	assert_int_equal(vc_config_mode(&f.config, "win11", NULL), VC_HOOK_ENFORCE);
	assert_int_equal(vc_config_mode(&f.config, "my [old] guest # 1", NULL), VC_HOOK_OFF);
	assert_int_equal(vc_config_mode(&f.config, "g\xc3\xa4st", NULL), VC_HOOK_OFF);
	assert_int_equal(vc_config_mode(&f.config, "--version", NULL), VC_HOOK_OFF);
	assert_int_equal(vc_config_mode(&f.config, "nothing", NULL), VC_HOOK_WARN);
	assert_int_equal(vc_config_mode(&f.config, "Win11", NULL), VC_HOOK_WARN);
	assert_int_equal(vc_config_mode(&f.config, NULL, UUID), VC_HOOK_WARN);
	assert_false(vc_config_names_uuids(&f.config));
	vc_arena_free(f.arena);
}

static void
test_uuids(_unused_ void **state)
{
	static const char upper[] = "4DEA22B3-1D52-D8F3-2516-782E98AB3FA0";
	struct fixture f = { .arena = NULL };

	assert_good(&f, "[domain " UUID
			"]\nmode = off\n[domain win11]\nmode = warn\n[domain 4dea22b3]\nmode = warn");
	assert_true(vc_config_names_uuids(&f.config));
	/* In any order, the UUID counts more than the name. */
	assert_int_equal(vc_config_mode(&f.config, "win11", UUID), VC_HOOK_OFF);
	assert_int_equal(vc_config_mode(&f.config, "win11", upper), VC_HOOK_OFF);
	assert_int_equal(vc_config_mode(&f.config, "win11", NULL), VC_HOOK_WARN);
	/* A domain that is called as another one's UUID is not that one. */
	assert_int_equal(vc_config_mode(&f.config, UUID, NULL), VC_HOOK_ENFORCE);
	assert_int_equal(vc_config_mode(&f.config, "4dea22b3", NULL), VC_HOOK_WARN);
	assert_good(&f, "[domain win11]\nmode = warn\n[domain " UUID "]\nmode = off");
	assert_int_equal(vc_config_mode(&f.config, "win11", UUID), VC_HOOK_OFF);
	vc_arena_free(f.arena);
}

static void
test_ignores(_unused_ void **state)
{
	struct fixture f = { .arena = NULL };
	const struct vc_suppression *list;
	size_t count;

	assert_good(
		&f,
		"[ignore]\na = known = here # 1\n[ignore win11]\nb = of the guest\na = twice\n[ignore " UUID
		"]\nc = by UUID");
	list = vc_config_suppressions(&f.config, NULL, NULL, f.arena, &count);
	assert_int_equal(count, 1);
	assert_string_equal(list[0].rule, "a");
	assert_string_equal(list[0].by, "v.conf:2: known = here # 1");
	list = vc_config_suppressions(&f.config, "win11", UUID, f.arena, &count);
	assert_int_equal(count, 4);
	assert_string_equal(list[3].by, "v.conf:7: by UUID");
	vc_config_suppressions(&f.config, "other", NULL, f.arena, &count);
	assert_int_equal(count, 1);
	vc_arena_free(f.arena);
}

static void
test_refusals(_unused_ void **state)
{
	struct fixture f = { .arena = NULL };

	assert_refused(&f, "mode = off", 1, "'mode' stands before the first section; [hook] comes first");
	assert_refused(&f, "\n[hock]\nmode = off", 2,
		       "a section is hook, domain or ignore, not 'hock'; did you mean 'hook'?");
	assert_refused(&f, "[hook", 1, "a section ends with ']'");
	assert_refused(&f, "[]", 1, "a section is hook, domain or ignore, not ''");
	assert_refused(&f, "[hook win11]", 1, "[hook] is about all domains; one has [domain NAME]");
	assert_refused(&f, "[domain]\nmode = off", 1, "[domain NAME] lacks the name or UUID");
	assert_refused(
		&f, "[hook]\nmodes = off", 2,
		"a key of [hook] is mode, on-failure or time-limit, not 'modes'; did you mean 'mode'?");
	assert_refused(&f, "[hook]\nmode = of", 2,
		       "mode is enforce, warn or off, not 'of'; did you mean 'off'?");
	assert_refused(&f, "[hook]\nmode =", 2, "'mode' has no value");
	assert_refused(&f, "[hook]\nmode", 2, "neither a [section], nor KEY = VALUE, nor a comment (#)");
	assert_refused(&f, "[hook]\n= off", 2, "neither a [section], nor KEY = VALUE, nor a comment (#)");
	assert_refused(&f, "[hook]\nmode = off\nmode = warn", 3, "'mode' is set already, in line 2");
	assert_refused(&f, "[hook]\n[hook]", 2, "this section is there already, in line 1");
	assert_refused(&f, "[domain a]\n[domain b]\n[domain  a ]", 3,
		       "this section is there already, in line 1");
	assert_refused(&f, "[domain a]\nmode = off\nmode = off", 3, "'mode' is set already, in line 2");
	assert_refused(&f, "[domain a]\nignore = x", 2, "a key of [domain NAME] is mode, not 'ignore'");
	assert_refused(&f, "[ignore]\na =", 2, "'a' is ignored without a reason");
	assert_refused(&f, "[ignore]\na = 1\na = 2", 3, "'a' is ignored already, in line 2");
	assert_refused(&f, "[hook]\non-failure = open", 2,
		       "on-failure is fail-open or fail-closed, not 'open'");
	assert_refused(&f, "[hook]\nmode = o\033ff", 2, "a control character (0x1b); this is a text file");
	vc_arena_free(f.arena);
}

static void
test_time_limits(_unused_ void **state)
{
	static const char *const wrong[] = {
		"1", "s", "-1s", "1.5s", "1m", "1 ss", "0x1s", "18446744073709551616ms", "18446744073709552s"
	};
	static const char *const beyond[] = { "0s", "99ms", "30001ms", "31s", "18446744073709551ms" };
	struct fixture f = { .arena = NULL };

	for (size_t i = 0; i < VC_COUNT(wrong) + VC_COUNT(beyond); i++) {
		bool number = i >= VC_COUNT(wrong);
		const char *value = number ? beyond[i - VC_COUNT(wrong)] : wrong[i];
		char text[100], message[200];

		snprintf(text, sizeof(text), "[hook]\ntime-limit = %s", value);
		snprintf(message, sizeof(message), "time-limit is %s, not '%s'",
			 number ? "from 100ms to 30s" : "a number of s or ms, such as 1s or 500ms", value);
		assert_refused(&f, text, 2, message);
		assert_int_equal(f.config.time_limit, 1000);
	}
	vc_arena_free(f.arena);
}

/* What is right in a broken file counts all the same, and what stands in a section that is not understood
 * does not. */
static void
test_rest_of_a_broken_file(_unused_ void **state)
{
	struct fixture f = { .arena = NULL };

	parse(&f, "[hook]\non-failure = fail-closed\nmode = nonsense\n[domian a]\nmode = off\n[domain "
		  "b]\nmode = off");
	assert_int_equal(f.diags.count, 2);
	assert_true(f.config.fail_closed);
	assert_int_equal(vc_config_mode(&f.config, "a", NULL), VC_HOOK_ENFORCE);
	assert_int_equal(vc_config_mode(&f.config, "b", NULL), VC_HOOK_OFF);
	vc_arena_free(f.arena);
}

static void
test_hostile_sizes(_unused_ void **state)
{
	struct fixture f = { .arena = vc_arena_new() };
	struct vc_buf text = { 0 };

	for (unsigned i = 0; i < 100; i++)
		vc_buf_add(&text, "nonsense\n");
	parse(&f, text.text);
	assert_int_equal(f.diags.count, 21);
	assert_string_equal(f.diags.item[20].text, "too many mistakes; the rest is not reported");
	text.length = 0;
	for (unsigned i = 0; i < 5000; i++)
		vc_buf_addf(&text, "[domain %u]\n", i);
	parse(&f, text.text);
	assert_int_equal(f.config.domains, 4096);
	assert_string_equal(f.diags.item[0].text, "too many sections");
	text.length = 0;
	vc_buf_add(&text, "[ignore]\n");
	for (unsigned i = 0; i < 5000; i++)
		vc_buf_addf(&text, "r%u = x\n", i);
	parse(&f, text.text);
	assert_int_equal(f.config.ignores, 4096);
	while (text.length <= 256 * 1024)
		vc_buf_add(&text, "# more\n");
	parse(&f, text.text);
	assert_int_equal(f.config.ignores, 0);
	assert_string_equal(f.diags.item[0].text, "larger than 256 KiB");
	vc_buf_release(&text);
	vc_arena_free(f.arena);
}

static void
read_file(struct fixture *f, const char *file)
{
	vc_arena_free(f->arena);
	*f = (struct fixture){ .arena = vc_arena_new() };
	f->diags.arena = f->arena;
	vc_config_read(file, f->arena, &f->diags, &f->config);
}

static void
assert_not_used(struct fixture *f, const char *file, const char *why)
{
	read_file(f, file);
	assert_true(f->config.broken);
	assert_int_equal(f->diags.count, 1);
	assert_string_equal(f->diags.item[0].text, why);
	assert_int_equal(f->config.mode, VC_HOOK_ENFORCE);
}

static void
test_files(_unused_ void **state)
{
	struct fixture f = { .arena = NULL };
	struct scratch scratch;
	const char *path;

	scratch_make(&scratch);
	path = scratch_path(&scratch, "v.conf");
	read_file(&f, path);
	assert_false(f.config.broken);
	assert_null(f.config.file);
	scratch_file(&scratch, "v.conf", "[hook]\nmode = off\n");
	assert_int_equal(chmod(path, 0644), 0);
	read_file(&f, path);
	assert_false(f.config.broken);
	assert_string_equal(f.config.file, path);
	assert_int_equal(f.config.mode, VC_HOOK_OFF);
	if (geteuid() == 0) {
		assert_int_equal(chmod(path, 0646), 0);
		assert_not_used(&f, path, "is not used as root: others than root may write it");
		assert_int_equal(chmod(path, 0644), 0);
		assert_int_equal(chmod(scratch.path, 0777), 0);
		assert_not_used(&f, path, "is not used as root: others than root may write its directory");
		assert_int_equal(chmod(scratch.path, 0700), 0);
	}
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0644), 0);
	assert_not_used(&f, path, "is no regular file");
	assert_int_equal(unlink(path), 0);
	scratch_link(&scratch, "v.conf", "v.conf");
	assert_not_used(&f, path, strerror(ELOOP));
	scratch_remove(&scratch);
	vc_arena_free(f.arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),      cmocka_unit_test(test_hook),
		cmocka_unit_test(test_domains),       cmocka_unit_test(test_uuids),
		cmocka_unit_test(test_ignores),       cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_time_limits),   cmocka_unit_test(test_rest_of_a_broken_file),
		cmocka_unit_test(test_hostile_sizes), cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
