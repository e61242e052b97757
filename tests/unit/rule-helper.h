/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules and models for tests of the engine. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "rules/engine.h"

/*
 * The hints of the host room are not what is tested here; where the room has them, its own are used.
 */
__attribute__((weak)) const char *
vc_area_hint(unsigned areas, const struct vc_fact *fact)
{
	return areas & VC_AREA_MSR && fact->state == VC_UNREADABLE ? "run as root" : NULL;
}

#define HEAD(id) "<rule id='" id "' since='0.1' severity='error' confidence='proven'>"
#define TAIL "<title>T</title><why>W</why><source>qemu 10.0 hw/x.c y</source></rule>"
/* @body has <fails> and <says>. */
#define RULE(id, body) HEAD(id) body TAIL

/* Loads "<id>.xml", which has to be right. */
static inline const struct vc_rule *
load_good(struct vc_arena *arena, const char *id, const char *text)
{
	struct vc_diags diags = { .arena = arena };
	struct vc_rule *rule = NULL;
	int r = vc_rule_load(text, strlen(text), vc_arena_printf(arena, "rules/t/%s.xml", id), "t", arena,
			     &diags, &rule);

	for (size_t i = 0; i < diags.count; i++)
		print_error("%s:%d: %s\n", diags.item[i].file, diags.item[i].line, diags.item[i].text);
	assert_int_equal(r, 0);
	assert_int_equal(diags.count, 0);
	return rule;
}
