/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A log, against the rules and messages of the project. How it arrives in pieces makes no difference. */
#include <stdint.h>

#include "diagnose/diagnosis.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t
diagnose(struct vc_arena *arena, const char *data, size_t size, size_t step)
{
	struct vc_diagnoser *diagnoser = vc_diagnoser_new(&vc_builtin_rules, &vc_builtin_messages, arena);
	struct vc_diagnoses diagnoses;
	uint64_t seen;

	vc_diagnoser_begin(diagnoser, "log");
	for (size_t at = 0; at < size; at += step)
		vc_diagnoser_feed(diagnoser, data + at, size - at < step ? size - at : step);
	vc_diagnoser_end(diagnoser);
	vc_diagnoser_finish(diagnoser, &diagnoses);
	seen = diagnoses.count + 1000 * diagnoses.noises + 1000000 * diagnoses.unknown_lines;
	for (size_t i = 0; i < diagnoses.count; i++)
		seen = seen * 31 + diagnoses.item[i].count + diagnoses.item[i].causes;
	/* The bound that keeps hostile logs harmless. */
	if (vc_matcher_steps(diagnoses.matcher) > (uint64_t)2000 * (size + 100))
		__builtin_trap();
	return seen;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vc_arena *arena = vc_arena_new();

	if (diagnose(arena, (const char *)data, size, size + 1) != diagnose(arena, (const char *)data, size, 7))
		__builtin_trap();
	vc_arena_free(arena);
	return 0;
}
