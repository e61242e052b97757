/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the domain says to vhostcheck itself: libvirt keeps elements of other namespaces in <metadata>. */
#include <string.h>

#include "guest/read.h"

/* Far more than anybody means. What is beyond is not followed, and its findings are shown. */
#define IGNORES_MAX 1000

/* A reason of blanks is none. */
static void
read_reason(const struct vc_reader *r, struct vc_el el, struct vc_fact_text *reason)
{
	vc_read_text(r, el, "reason", reason);
	if (vc_known(&reason->fact) && reason->value[strspn(reason->value, " \t\r\n")] == '\0')
		vc_set_absent(&reason->fact, reason->fact.from);
}

/* A misspelt "until" would otherwise suppress for ever. */
static void
read_unknown(const struct vc_reader *r, struct vc_el el, struct vc_fact_text *unknown)
{
	static const char *const known[] = { "rule", "reason", "until" };

	vc_set_absent(&unknown->fact, el.path);
	for (const xmlAttr *attr = el.node->properties; attr; attr = attr->next) {
		const char *name = (const char *)attr->name;
		bool expected = false;

		for (size_t i = 0; i < VC_COUNT(known); i++)
			expected = expected || (!attr->ns && strcmp(name, known[i]) == 0);
		if (!expected) {
			vc_set_text(unknown, vc_arena_strdup(r->arena, name), el.path);
			return;
		}
	}
}

void
vc_read_metadata(const struct vc_reader *r, struct vc_el domain)
{
	struct vc_el metadata = vc_el_child(r, domain, "metadata");
	struct vc_els config = vc_el_children(r, metadata, "config", VC_CONFIG_NAMESPACE);

	r->guest->ignore.fact = (struct vc_fact){ .state = VC_KNOWN, .from = metadata.path };
	for (size_t i = 0; i < config.count; i++) {
		struct vc_els els = vc_el_children(r, config.el[i], "ignore", VC_CONFIG_NAMESPACE);

		for (size_t j = 0; j < els.count && r->guest->ignore.count < IGNORES_MAX; j++) {
			struct vc_ignore *ignore =
				vc_list_append(r->arena, &r->guest->ignore, sizeof(*ignore), metadata.path);

			ignore->place = vc_el_place(els.el[j]);
			vc_read_text(r, els.el[j], "rule", &ignore->rule);
			read_reason(r, els.el[j], &ignore->reason);
			vc_read_text(r, els.el[j], "until", &ignore->until);
			read_unknown(r, els.el[j], &ignore->unknown);
		}
	}
}
