/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the host makes of the CPUs that threads of the guest are tied to. */
#include "guest/derive.h"

/* The kernel's list in @text, nothing if it is absent; false with what is wrong in @ret_cause. */
static bool
host_cpus(const struct vc_fact_text *text, struct vc_idset *ret_set, struct vc_fact *ret_cause)
{
	*ret_set = (struct vc_idset){ { 0 } };
	*ret_cause = text->fact;
	if (text->fact.state == VC_ABSENT)
		return true;
	if (!vc_known(&text->fact))
		return false;
	if (vc_idset_parse(text->value, ret_set) == 0)
		return true;
	vc_set_unreadable(ret_cause, VC_EGARBLED, text->fact.from);
	return false;
}

static void
derive_pin(const struct vc_host *host, struct vc_pin *pin)
{
	struct vc_idset cpus, online, possible, isolated;
	struct vc_fact cause;
	int beyond;

	/* Counted when it was read, so the set can be read again. */
	if (!vc_known(&pin->cpu_count.fact) || vc_idset_parse(pin->cpus.value, &cpus) < 0) {
		vc_set_unknown_like(&pin->online_cpus.fact, &pin->cpu_count.fact);
		vc_set_unknown_like(&pin->impossible_cpu.fact, &pin->cpu_count.fact);
		vc_set_unknown_like(&pin->isolated.fact, &pin->cpu_count.fact);
		return;
	}
	if (host_cpus(&host->cpu_online, &online, &cause))
		vc_set_number(&pin->online_cpus, vc_idset_count_common(&cpus, &online), cause.from);
	else
		vc_set_unknown_like(&pin->online_cpus.fact, &cause);
	if (!host_cpus(&host->cpu_possible, &possible, &cause)) {
		vc_set_unknown_like(&pin->impossible_cpu.fact, &cause);
	} else {
		beyond = vc_idset_first_beyond(&cpus, &possible);
		if (beyond >= 0)
			vc_set_number(&pin->impossible_cpu, (uint64_t)beyond, cause.from);
		else
			vc_set_absent(&pin->impossible_cpu.fact, cause.from);
	}
	if (host_cpus(&host->cpu_isolated, &isolated, &cause))
		vc_set_flag(&pin->isolated, vc_idset_first_beyond(&cpus, &isolated) < 0, cause.from);
	else
		vc_set_unknown_like(&pin->isolated.fact, &cause);
}

void
vc_derive_pins(const struct vc_deriver *d)
{
	struct vc_pin *pin = d->guest->pin.item;

	for (size_t i = 0; i < d->guest->pin.count; i++)
		derive_pin(d->host, &pin[i]);
}
