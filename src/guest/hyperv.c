/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Enlightenments that are built on others. */
#include <string.h>

#include "guest/derive.h"
#include "guest/read.h"

/* libvirt's names. [qemu 7.2, 10.0.13 target/i386/kvm/kvm.c kvm_hyperv_properties, hyperv_expand_features] */
static const struct {
	const char *name, *requires;
} dependencies[] = {
	{ "stimer", "synic" }, { "stimer", "time" }, { "tlbflush", "vpindex" },
	{ "ipi", "vpindex" },  { "evmcs", "vapic" }, { "synic", "vpindex" },
};

static bool
is_on(const struct vc_guest *guest, const char *name)
{
	const struct vc_timer *timer = guest->timer.item;

	if (vc_set_has(&guest->hyperv, name))
		return true;
	if (strcmp(name, "time") != 0)
		return false;
	for (size_t i = 0; i < guest->timer.count; i++) {
		if (vc_text_is(&timer[i].name, "hypervclock"))
			return vc_known(&timer[i].present.fact) && timer[i].present.value;
	}
	return false;
}

void
vc_read_hyperv_dependencies(const struct vc_reader *r)
{
	struct vc_guest *guest = r->guest;
	const struct vc_fact *from = &guest->hyperv.fact;

	vc_set_absent(&guest->hyperv_dependent.fact, from->from);
	vc_set_absent(&guest->hyperv_required.fact, from->from);
	/* The host's own set, whatever that is. */
	if (vc_set_has(&guest->hyperv, "passthrough") || vc_set_has(&guest->hyperv, "host-model"))
		return;
	for (size_t i = 0; i < VC_COUNT(dependencies); i++) {
		if (!is_on(guest, dependencies[i].name) || is_on(guest, dependencies[i].requires))
			continue;
		vc_set_text(&guest->hyperv_dependent, dependencies[i].name, from->from);
		vc_set_text(&guest->hyperv_required, dependencies[i].requires, from->from);
		guest->hyperv_dependent.fact.line = guest->hyperv_required.fact.line = from->line;
		return;
	}
}
