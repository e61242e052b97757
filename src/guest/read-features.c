/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "guest/derive.h"
#include "guest/read.h"

/* An element without @state is on. */
static bool
is_on(const struct vc_reader *r, struct vc_el el)
{
	const char *state = vc_el_attr(r, el, "state");

	return !state || (strcmp(state, "off") != 0 && strcmp(state, "no") != 0);
}

static void
read_hyperv(const struct vc_reader *r, struct vc_el features)
{
	struct vc_el hyperv = vc_el_child(r, features, "hyperv");
	struct vc_els children = vc_el_children(r, hyperv, NULL, NULL);
	const char *mode = vc_el_attr(r, hyperv, "mode");
	struct vc_words words = { 0 };

	if (mode && strcmp(mode, "custom") != 0)
		vc_words_add(r->arena, &words, vc_arena_strdup(r->arena, mode));
	for (size_t i = 0; i < children.count; i++) {
		const char *state = vc_el_attr(r, children.el[i], "state");

		if (state && strcmp(state, "on") == 0)
			vc_words_add(r->arena, &words, (const char *)children.el[i].node->name);
	}
	r->guest->hyperv.fact.line = vc_el_place(hyperv).line;
	vc_set_set(r->arena, &r->guest->hyperv, words.word, words.count, hyperv.path);
}

static void
read_kvm_hidden(const struct vc_reader *r, struct vc_el features)
{
	struct vc_el hidden = vc_el_at(r, features, "kvm/hidden");

	vc_read_flag_or(r, hidden, "state", false, &r->guest->kvm_hidden);
}

void
vc_read_features(const struct vc_reader *r, struct vc_el domain)
{
	struct vc_guest *guest = r->guest;
	struct vc_el features = vc_el_child(r, domain, "features");
	struct vc_els children = vc_el_children(r, features, NULL, NULL);
	struct vc_el ioapic = vc_el_child(r, features, "ioapic");
	struct vc_words words = { 0 };

	for (size_t i = 0; i < children.count; i++) {
		if (is_on(r, children.el[i]))
			vc_words_add(r->arena, &words, (const char *)children.el[i].node->name);
	}
	guest->features.fact.line = vc_el_place(features).line;
	vc_set_set(r->arena, &guest->features, words.word, words.count, features.path);
	read_hyperv(r, features);
	read_kvm_hidden(r, features);

	vc_read_text(r, ioapic, "driver", &r->input->ioapic);
	guest->irqchip_written.fact.line = r->input->ioapic.fact.line;
	vc_set_flag(&guest->irqchip_written, vc_known(&r->input->ioapic.fact), r->input->ioapic.fact.from);
}
