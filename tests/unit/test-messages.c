/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Messages as people see them, against the rules and messages of the project: each line of the files in VC_MESSAGES,
 * alone, has to lead to the cause before the bar, and that one first.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "diagnose/diagnosis.h"

/* The id that comes first of what is known of @line; "" if nothing is. */
static const char *
diagnose_line(struct vc_arena *arena, const char *line)
{
	struct vc_diagnoser *diagnoser = vc_diagnoser_new(&vc_builtin_rules, &vc_builtin_messages, arena);
	const struct vc_sighting *sighting = NULL;
	struct vc_diagnoses diagnoses;

	vc_diagnoser_begin(diagnoser, "line");
	vc_diagnoser_feed(diagnoser, line, strlen(line));
	vc_diagnoser_end(diagnoser);
	vc_diagnoser_finish(diagnoser, &diagnoses);
	if (diagnoses.count > 0)
		return vc_cause_id(&diagnoses.item[0].cause[0].cause);
	if (diagnoses.noises > 0)
		sighting = diagnoses.noise[0];
	return sighting ? vc_cause_id(&vc_matcher_pattern(diagnoses.matcher, sighting->pattern[0])->cause) : "";
}

/* Returns how many lines were wrong, and adds those that were looked at. */
static unsigned
check_file(const char *name, unsigned *lines)
{
	char path[512], line[4096];
	unsigned wrong = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", VC_MESSAGES, name);
	file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
		char *bar = strstr(line, " | ");
		const char *id;

		if (line[0] == '#')
			continue;
		assert_non_null(bar);
		*bar = '\0';
		id = diagnose_line(arena, bar + 3);
		(*lines)++;
		if (strcmp(id, line) == 0)
			continue;
		print_error("%s: '%s', not '%s': %s", name, id, line, bar + 3);
		wrong++;
	}
	fclose(file);
	return wrong;
}

static void
known_messages(void **state)
{
	static const char *const files[] = { "libvirt.txt", "qemu.txt", "host-and-guest.txt" };
	unsigned wrong = 0, lines = 0;

	(void)state;
	for (size_t i = 0; i < VC_COUNT(files); i++)
		wrong += check_file(files[i], &lines);
	assert_int_equal(wrong, 0);
	assert_true(lines > 200);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(known_messages) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
