/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/answer.h"

#include <errno.h>
#include <string.h>

void
vc_answer_basename(const struct vc_answer *answer, struct vc_fact_text *fact)
{
	const char *slash, *name;

	if (!vc_known(&answer->fact)) {
		vc_set_unknown_like(&fact->fact, &answer->fact);
		return;
	}
	slash = strrchr(answer->data, '/');
	name = slash ? slash + 1 : answer->data;
	if (name[0] == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		vc_set_unreadable(&fact->fact, VC_EGARBLED, answer->fact.from);
	else
		vc_set_text(fact, name, answer->fact.from);
}

void
vc_answer_since(struct vc_answer *answer, const struct vc_fact_version *kernel, uint32_t major,
		uint32_t minor)
{
	struct vc_version since = { .part = { major, minor } };

	if (answer->fact.state != VC_ABSENT)
		return;
	if (!vc_known(&kernel->fact))
		vc_set_unknown_like(&answer->fact, &kernel->fact);
	else if (vc_version_compare(kernel->value, since) < 0)
		vc_set_unreadable(&answer->fact, EOPNOTSUPP, answer->fact.from);
}
