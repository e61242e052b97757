/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a fuzz target over files and directories of files, so that a corpus is a plain test. */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/macro.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* How many files were run; -1 after a complaint. */
static int
run_file(const char *path)
{
	_cleanup_buf_ struct vc_buf buf = { 0 };
	char piece[4096];
	FILE *file = fopen(path, "rb");
	uint8_t *exact;
	size_t got;

	if (!file) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return -1;
	}
	while ((got = fread(piece, 1, sizeof(piece), file)) > 0)
		vc_buf_add_n(&buf, piece, got);
	fclose(file);

	/* A copy without the NUL at its end, so that reading past it is seen. */
	exact = malloc(buf.length ? buf.length : 1);
	if (!exact)
		return -1;
	if (buf.length)
		memcpy(exact, buf.text, buf.length);
	LLVMFuzzerTestOneInput(exact, buf.length);
	free(exact);
	return 1;
}

static int
run(const char *path)
{
	_cleanup_free_ char *child = NULL;
	struct dirent *entry;
	struct stat st;
	int total = 0;
	DIR *dir;

	if (stat(path, &st) == 0 && !S_ISDIR(st.st_mode))
		return run_file(path);
	dir = opendir(path);
	if (!dir) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return -1;
	}
	while (total >= 0 && (entry = readdir(dir))) {
		int count;

		if (entry->d_name[0] == '.')
			continue;
		free(child);
		child = NULL;
		if (asprintf(&child, "%s/%s", path, entry->d_name) < 0) {
			child = NULL;
			total = -1;
			break;
		}
		count = run(child);
		total = count < 0 ? -1 : total + count;
	}
	closedir(dir);
	return total;
}

int
main(int argc, char **argv)
{
	int total = 0;

	for (int i = 1; i < argc; i++) {
		int count = run(argv[i]);

		if (count < 0)
			return 1;
		total += count;
	}
	/* A corpus that went missing must not pass. */
	if (total == 0) {
		fprintf(stderr, "no input was run\n");
		return 1;
	}
	return 0;
}
