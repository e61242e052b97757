/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"

static char directory[] = "/tmp/vhostcheck-test-output-XXXXXX";

static int
enter(_unused_ void **state)
{
	return mkdtemp(directory) && chdir(directory) == 0 ? 0 : -1;
}

static int
leave(_unused_ void **state)
{
	unlink("old");
	unlink("link");
	unlink("new");
	return chdir("/") == 0 && rmdir(directory) == 0 ? 0 : -1;
}

static enum vc_exit
write_text(const char *path, const char *text)
{
	const struct vc_options options = { .output = path };
	_cleanup_buf_ struct vc_buf buf = { 0 };

	vc_buf_add(&buf, text);
	return vc_output_write(&options, &buf);
}

static void
assert_holds(const char *path, const char *expected)
{
	char text[64] = { 0 };
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	assert_int_equal(fread(text, 1, sizeof(text) - 1, file), strlen(expected));
	fclose(file);
	assert_string_equal(text, expected);
}

static size_t
entries(void)
{
	DIR *dir = opendir(".");
	size_t count = 0;

	while (readdir(dir))
		count++;
	closedir(dir);
	return count - 2;
}

static void
test_file(_unused_ void **state)
{
	struct stat st;

	umask(022);
	assert_int_equal(write_text("new", "one\n"), VC_EXIT_OK);
	assert_holds("new", "one\n");
	assert_int_equal(stat("new", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644);
	assert_int_equal(write_text("new", "two\n"), VC_EXIT_OK);
	assert_holds("new", "two\n");
	assert_int_equal(entries(), 1);
}

static void
test_link(_unused_ void **state)
{
	struct stat st;

	assert_int_equal(write_text("old", "one\n"), VC_EXIT_OK);
	assert_int_equal(symlink("old", "link"), 0);
	assert_int_equal(write_text("link", "two\n"), VC_EXIT_OK);
	assert_int_equal(lstat("link", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_holds("old", "two\n");
}

static void
test_refused(_unused_ void **state)
{
	size_t before = entries();

	assert_int_equal(write_text(".", "x"), VC_EXIT_INPUT);
	assert_int_equal(write_text("nowhere/x", "x"), VC_EXIT_INPUT);
	assert_int_equal(write_text("/dev/null", "x"), VC_EXIT_OK);
	assert_int_equal(write_text("/dev/full", "x"), VC_EXIT_INPUT);
	assert_int_equal(entries(), before);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_link),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}
