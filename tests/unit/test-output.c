/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/sink.h"

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
	/* What is not for everybody to read stays so. */
	assert_int_equal(chmod("new", 0600), 0);
	assert_int_equal(write_text("new", "three\n"), VC_EXIT_OK);
	assert_int_equal(stat("new", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

/* In pieces, kept or not; nothing is seen of it before its end. */
static void
test_pieces(_unused_ void **state)
{
	_cleanup_buf_ struct vc_buf buf = { 0 };
	size_t before = entries();
	struct vc_sink sink;

	vc_buf_add(&buf, "piece\n");
	assert_int_equal(write_text("new", "old\n"), VC_EXIT_OK);
	for (unsigned keep = 0; keep < 2; keep++) {
		assert_int_equal(vc_sink_open("new", &sink), 0);
		assert_int_equal(vc_sink_write(&sink, &buf), 0);
		assert_int_equal(vc_sink_write(&sink, &buf), 0);
		assert_holds("new", "old\n");
		assert_int_equal(vc_sink_close(&sink, keep), 0);
		assert_holds("new", keep ? "piece\npiece\n" : "old\n");
		assert_int_equal(entries(), before);
	}
	/* The first failure is that of all that follows. */
	assert_int_equal(vc_sink_open("/dev/full", &sink), 0);
	assert_int_equal(vc_sink_write(&sink, &buf), -ENOSPC);
	assert_int_equal(vc_sink_write(&sink, &buf), -ENOSPC);
	assert_int_equal(vc_sink_close(&sink, true), -ENOSPC);
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

/* A full pipe that does not block is waited for. */
static void
test_slow_reader(_unused_ void **state)
{
	_cleanup_buf_ struct vc_buf big = { 0 };
	const struct vc_options options = { .output = NULL };
	int ends[2];
	size_t total = 0;
	pid_t child;
	int status;

	for (unsigned i = 0; i < 20000; i++)
		vc_buf_add(&big, "0123456789abcdef");
	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(ends[0]);
		dup2(ends[1], STDOUT_FILENO);
		fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK);
		_exit((int)vc_output_write(&options, &big));
	}
	close(ends[1]);
	for (;;) {
		char chunk[1000];
		ssize_t got = read(ends[0], chunk, sizeof(chunk));

		if (got <= 0)
			break;
		total += (size_t)got;
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == VC_EXIT_OK);
	assert_int_equal(total, big.length);
	close(ends[0]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_link),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_slow_reader),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}
