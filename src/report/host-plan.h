/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host fixes of a report, gathered for those who want to carry them out. */
#pragma once

#include "report/fix-text.h"
#include "report/report.h"

struct vc_host_plan_item {
	const struct vc_rule *rule;
	const char *message; /* of the first finding that asks for it */
	struct vc_fix_text fix;
};

struct vc_host_plan {
	struct vc_host_plan_item *item; /* in the order of the findings; what two of them ask for is there once */
	size_t count;
};

void vc_host_plan_make(const struct vc_report *report, struct vc_host_plan *ret_plan);

/* Whether it can be done by a program, again and again: settings alone, each with a way on this host. */
bool vc_host_plan_is_automatic(const struct vc_host_plan_item *item);

/* What the item says in comments: rule, message, why, costs, and what has to be done by hand. */
void vc_host_plan_comment(const struct vc_host_plan_item *item, size_t number, struct vc_arena *arena,
			  struct vc_buf *out);

/* Code in a comment, not wrapped, as it may be pasted. @code NULL: nothing. */
void vc_host_plan_comment_code(const char *code, struct vc_buf *out);

/* Adds the Ansible tasks of one setting, tagged with the @number of its fix. */
void vc_host_ansible_tasks(const struct vc_host_setting *setting, const struct vc_host_step *step,
			   const char *rule, size_t number, struct vc_arena *arena, struct vc_buf *out);
