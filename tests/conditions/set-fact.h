/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Facts set by name in tests. */
#pragma once

#include "rules/engine.h"

/* The sides of a condition, writable. */
struct test_models {
	struct vc_arena *arena;
	struct vc_host host;
	struct vc_guest guest;
	void *each;
	struct vc_verdict verdict;
};

struct vc_scope test_scope(const struct test_models *models);

/*
 * @line is "fact = value", "fact absent", "fact unreadable EACCES", "fact unread", or "fact none" for a list.
 * References on the way get a record of their own.
 * Says what is wrong on stderr and ends the program: a test that cannot set its facts proves nothing.
 */
void test_set(struct test_models *models, const struct vc_names_scope *names, const char *line);
