/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/answer.h"

#include <errno.h>
#include <string.h>

void
vc_answer_number(const struct vc_answer *answer, enum vc_base base, struct vc_fact_number *fact)
{
	uint64_t value;

	if (!vc_known(&answer->fact))
		vc_set_unknown_like(&fact->fact, &answer->fact);
	else if (vc_parse_u64_n(answer->data, answer->size, base, &value) < 0)
		vc_set_unreadable(&fact->fact, VC_EGARBLED, answer->fact.from);
	else
		vc_set_number(fact, value, answer->fact.from);
}

void
vc_answer_flag(const struct vc_answer *answer, struct vc_fact_flag *fact)
{
	if (!vc_known(&answer->fact))
		vc_set_unknown_like(&fact->fact, &answer->fact);
	else if (answer->size != 1 || (answer->data[0] != '0' && answer->data[0] != '1'))
		vc_set_unreadable(&fact->fact, VC_EGARBLED, answer->fact.from);
	else
		vc_set_flag(fact, answer->data[0] == '1', answer->fact.from);
}

void
vc_answer_text(const struct vc_answer *answer, struct vc_fact_text *fact)
{
	if (!vc_known(&answer->fact))
		vc_set_unknown_like(&fact->fact, &answer->fact);
	else if (memchr(answer->data, '\0', answer->size))
		vc_set_unreadable(&fact->fact, VC_EGARBLED, answer->fact.from);
	else
		vc_set_text(fact, answer->data, answer->fact.from);
}

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
vc_answer_since(struct vc_answer *answer, const struct vc_fact_version *kernel, uint32_t major, uint32_t minor)
{
	struct vc_version since = { .part = { major, minor } };

	if (answer->fact.state != VC_ABSENT)
		return;
	if (!vc_known(&kernel->fact))
		vc_set_unknown_like(&answer->fact, &kernel->fact);
	else if (vc_version_compare(kernel->value, since) < 0)
		vc_set_unreadable(&answer->fact, EOPNOTSUPP, answer->fact.from);
}
