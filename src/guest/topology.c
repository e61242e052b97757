/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sockets, dies, cores and threads of a command line. What -smp leaves out QEMU makes up: more sockets up to machine
 * types of 6.1, more cores since. [qemu 7.2, 10.0 hw/core/machine-smp.c machine_parse_smp_config]
 */
#include "guest/derive.h"

enum { SOCKETS, DIES, CORES, THREADS, LEVELS };

/* False if the numbers do not multiply to @cpus, which QEMU refuses. */
static bool
complete(const uint64_t written[LEVELS], uint64_t cpus, bool prefer_sockets, uint64_t ret[LEVELS])
{
	uint64_t first = prefer_sockets ? SOCKETS : CORES, second = prefer_sockets ? CORES : SOCKETS;
	uint64_t product;

	for (size_t i = 0; i < LEVELS; i++)
		ret[i] = written[i];
	if (ret[DIES] == 0)
		ret[DIES] = 1;
	if (ret[first] == 0) {
		ret[second] = ret[second] ? ret[second] : 1;
		ret[THREADS] = ret[THREADS] ? ret[THREADS] : 1;
		ret[first] = cpus / (ret[DIES] * ret[second] * ret[THREADS]);
	} else if (ret[second] == 0) {
		ret[THREADS] = ret[THREADS] ? ret[THREADS] : 1;
		ret[second] = cpus / (ret[DIES] * ret[first] * ret[THREADS]);
	}
	if (ret[THREADS] == 0)
		ret[THREADS] = cpus / (ret[SOCKETS] * ret[DIES] * ret[CORES]);
	product = ret[SOCKETS] * ret[DIES] * ret[CORES] * ret[THREADS];
	return product == cpus;
}

static void
set_level(const struct vc_deriver *d, struct vc_fact_number *fact, uint64_t value, const struct vc_fact *written)
{
	const struct vc_fact *place = vc_is_written(written) ? written : &d->guest->vcpus.fact;

	vc_set_number(fact, value, vc_is_written(place) ? place->from : "default of QEMU");
	vc_fact_place_like(&fact->fact, place);
}

/* The reason why there is no telling, NULL if there is none. */
static const struct vc_fact *
find_doubt(const struct vc_deriver *d)
{
	const struct vc_guest_input *input = d->input;

	for (size_t i = 0; i < LEVELS; i++) {
		if (input->smp[i].fact.state == VC_UNREADABLE)
			return &input->smp[i].fact;
	}
	if (!vc_known(&input->smp_others.fact))
		return &input->smp_others.fact;
	return vc_known(&d->guest->vcpus.fact) ? NULL : &d->guest->vcpus.fact;
}

/* Numbers that no machine has, and that would not multiply. */
static bool
is_excessive(const uint64_t written[LEVELS], uint64_t cpus)
{
	for (size_t i = 0; i < LEVELS; i++) {
		if (written[i] > 65536)
			return true;
	}
	return cpus > 65536;
}

void
vc_derive_topology(const struct vc_deriver *d)
{
	struct vc_guest *guest = d->guest;
	struct vc_fact_number *const fact[LEVELS] = { &guest->sockets, &guest->dies, &guest->cores, &guest->threads };
	const struct vc_fact *doubt;
	struct vc_fact garbled = { .state = VC_UNREADABLE, .err = VC_EGARBLED, .from = d->input->smp_option };
	uint64_t written[LEVELS], sockets[LEVELS] = { 0 }, cores[LEVELS] = { 0 }, cpus;
	bool valid_sockets, valid_cores, older = false;

	if (!d->input->whole)
		return;
	doubt = find_doubt(d);
	if (!doubt) {
		cpus = guest->vcpus.value;
		for (size_t i = 0; i < LEVELS; i++)
			written[i] = vc_known(&d->input->smp[i].fact) ? d->input->smp[i].value : 0;
		if (is_excessive(written, cpus))
			doubt = &garbled;
	}
	if (!doubt) {
		valid_sockets = complete(written, cpus, true, sockets);
		valid_cores = complete(written, cpus, false, cores);
		if (memcmp(sockets, cores, sizeof(sockets)) != 0 && !vc_known(&guest->machine_version.fact))
			doubt = &guest->machine_version.fact;
	}
	if (!doubt) {
		older = vc_known(&guest->machine_version.fact) &&
			!vc_version_at_least(guest->machine_version.value, 6, 2);
		if (older ? !valid_sockets : !valid_cores)
			doubt = &garbled;
	}
	for (size_t i = 0; i < LEVELS; i++) {
		if (doubt)
			vc_set_unknown_like(&fact[i]->fact, doubt);
		else
			set_level(d, fact[i], older ? sockets[i] : cores[i], &d->input->smp[i].fact);
	}
}
