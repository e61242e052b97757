/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs a fuzz target once over every file named, and over every file in every directory named. */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned inputs;

static void
fail(const char *path)
{
	fprintf(stderr, "%s: %s\n", path, strerror(errno));
	exit(1);
}

static void
replay_file(const char *path, size_t size)
{
	/* No byte more than the input, so that reading past it is seen. */
	uint8_t *data = malloc(size);
	FILE *file = fopen(path, "rb");

	if ((!data && size > 0) || !file || fread(data, 1, size, file) != size)
		fail(path);
	fclose(file);
	fprintf(stderr, "%s\n", path);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
	inputs++;
}

static void
replay(const char *path)
{
	struct dirent **entry;
	struct stat status;
	int count;

	if (stat(path, &status) < 0)
		fail(path);
	if (!S_ISDIR(status.st_mode)) {
		replay_file(path, (size_t)status.st_size);
		return;
	}
	count = scandir(path, &entry, NULL, alphasort);
	if (count < 0)
		fail(path);
	for (int i = 0; i < count; i++) {
		char below[4096];

		snprintf(below, sizeof(below), "%s/%s", path, entry[i]->d_name);
		if (entry[i]->d_name[0] != '.')
			replay(below);
		free(entry[i]);
	}
	free(entry);
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		replay(argv[i]);
	/* A corpus that went missing must not pass. */
	if (inputs == 0) {
		fputs("no input\n", stderr);
		return 1;
	}
	return 0;
}
