/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Host NUMA nodes that the guest's memory is bound to. */
#include <errno.h>

#include "guest/derive.h"

static void
derive_binding(const struct vc_fact_text *host_nodes, struct vc_numa_binding *binding)
{
	struct vc_fact_number *count = &binding->nodes_with_memory;
	struct vc_idset nodes, filled;

	if (!vc_known(&binding->nodes.fact))
		vc_set_unknown_like(&count->fact, &binding->nodes.fact);
	else if (vc_idset_parse(binding->nodes.value, &nodes) < 0)
		vc_set_unreadable(&count->fact, VC_EGARBLED, binding->nodes.fact.from);
	else if (!vc_known(&host_nodes->fact))
		vc_set_unknown_like(&count->fact, &host_nodes->fact);
	else if (vc_idset_parse(host_nodes->value, &filled) < 0)
		vc_set_unreadable(&count->fact, VC_EGARBLED, host_nodes->fact.from);
	else
		vc_set_number(count, vc_idset_count_common(&nodes, &filled), host_nodes->fact.from);
}

void
vc_derive_numa_bindings(const struct vc_deriver *d)
{
	struct vc_numa_binding *binding = d->guest->numa_binding.item;

	for (size_t i = 0; i < d->guest->numa_binding.count; i++)
		derive_binding(&d->host->numa_nodes_with_memory, &binding[i]);
}
