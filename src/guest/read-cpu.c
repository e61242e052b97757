/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "guest/derive.h"
#include "guest/read.h"

static void
read_cpu_features(const struct vc_reader *r, struct vc_el cpu)
{
	struct vc_els features = vc_el_children(r, cpu, "feature", NULL);
	struct vc_words required = { 0 }, disabled = { 0 };

	for (size_t i = 0; i < features.count; i++) {
		const char *name = vc_el_attr(r, features.el[i], "name");
		const char *policy = vc_el_attr(r, features.el[i], "policy");

		if (!name)
			continue;
		/* [libvirt 11.3 src/conf/cpu_conf.c: without a policy a feature is required] */
		if (!policy || strcmp(policy, "require") == 0)
			vc_words_add(r->arena, &required, name);
		else if (strcmp(policy, "disable") == 0 || strcmp(policy, "forbid") == 0)
			vc_words_add(r->arena, &disabled, name);
	}
	r->guest->cpu_required.fact.line = r->guest->cpu_disabled.fact.line = vc_el_place(cpu).line;
	vc_set_set(r->arena, &r->guest->cpu_required, required.word, required.count, cpu.path);
	vc_set_set(r->arena, &r->guest->cpu_disabled, disabled.word, disabled.count, cpu.path);
}

/* Needs the guest's type and mode. [libvirt 11.3 src/qemu/qemu_postparse.c qemuDomainDefCPUPostParse] */
static void
read_check(const struct vc_reader *r, struct vc_el cpu)
{
	struct vc_guest *guest = r->guest;
	const char *assumed = "partial";

	vc_read_text(r, cpu, "check", &guest->cpu_check);
	if (guest->cpu_check.fact.state != VC_ABSENT)
		return;
	if (vc_text_is(&guest->cpu_mode, "host-passthrough") || vc_text_is(&guest->cpu_mode, "maximum"))
		assumed = "none";
	else if (vc_text_is(&guest->cpu_mode, "custom") &&
		 (guest->cpu_model.fact.state == VC_ABSENT || vc_text_is(&guest->type, "qemu")))
		assumed = "none";
	vc_set_text(&guest->cpu_check, assumed, guest->cpu_check.fact.from);
}

static void
assume_number(struct vc_fact_number *fact, uint64_t value)
{
	if (fact->fact.state == VC_ABSENT)
		vc_set_number(fact, value, fact->fact.from);
}

/*
 * Without <topology> libvirt makes one socket per vCPU [libvirt 11.3 src/qemu/qemu_command.c
 * qemuBuildSmpCommandLine].
 */
static void
read_topology(const struct vc_reader *r, struct vc_el cpu)
{
	struct vc_guest *guest = r->guest;
	struct vc_el topology = vc_el_child(r, cpu, "topology");

	vc_read_number(r, topology, "sockets", VC_BASE_DEC, &guest->sockets);
	vc_read_number(r, topology, "dies", VC_BASE_DEC, &guest->dies);
	vc_read_number(r, topology, "cores", VC_BASE_DEC, &guest->cores);
	vc_read_number(r, topology, "threads", VC_BASE_DEC, &guest->threads);
	if (!topology.node) {
		if (vc_known(&guest->vcpus.fact))
			assume_number(&guest->sockets, guest->vcpus.value);
		else
			vc_set_unknown_like(&guest->sockets.fact, &guest->vcpus.fact);
		assume_number(&guest->cores, 1);
		assume_number(&guest->threads, 1);
	}
	assume_number(&guest->dies, 1);
}

static void
add_pin(const struct vc_reader *r, struct vc_el el, const char *kind)
{
	struct vc_pin *pin = vc_list_append(r->arena, &r->guest->pin, sizeof(*pin), el.path);
	struct vc_idset cpus;

	pin->place = vc_el_place(el);
	vc_set_text(&pin->kind, kind, el.path);
	vc_read_number(r, el, "vcpu", VC_BASE_DEC, &pin->vcpu);
	vc_read_text(r, el, "cpuset", &pin->cpus);
	if (!vc_known(&pin->cpus.fact))
		vc_set_unknown_like(&pin->cpu_count.fact, &pin->cpus.fact);
	else if (vc_idset_parse(pin->cpus.value, &cpus) < 0)
		vc_set_unreadable(&pin->cpu_count.fact, VC_EGARBLED, pin->cpus.fact.from);
	else
		vc_set_number(&pin->cpu_count, vc_idset_count(&cpus), pin->cpus.fact.from);
}

static void
read_pins(const struct vc_reader *r, struct vc_el domain)
{
	static const struct {
		const char *element, *kind;
	} pins[] = { { "vcpupin", "vcpu" }, { "emulatorpin", "emulator" }, { "iothreadpin", "iothread" } };
	struct vc_el tune = vc_el_child(r, domain, "cputune"), vcpu = vc_el_child(r, domain, "vcpu");
	const char *placement = vc_el_attr(r, vcpu, "placement");

	r->guest->pin.fact = (struct vc_fact){ .state = VC_KNOWN, .from = tune.path };
	/* With placement='auto' the set is not read [libvirt 11.3 src/conf/domain_conf.c virDomainVcpuParse]. */
	if (vc_el_attr(r, vcpu, "cpuset") && (!placement || strcmp(placement, "auto") != 0))
		add_pin(r, vcpu, "default");
	for (size_t k = 0; k < VC_COUNT(pins); k++) {
		struct vc_els els = vc_el_children(r, tune, pins[k].element, NULL);

		for (size_t i = 0; i < els.count; i++)
			add_pin(r, els.el[i], pins[k].kind);
	}
}

void
vc_read_cpu(const struct vc_reader *r, struct vc_el domain)
{
	struct vc_guest *guest = r->guest;
	struct vc_el cpu = vc_el_child(r, domain, "cpu");
	struct vc_el model = vc_el_child(r, cpu, "model");

	vc_read_text(r, cpu, "mode", &guest->cpu_mode);
	/* No mode means custom, and custom without a model is QEMU's default CPU. */
	if (guest->cpu_mode.fact.state == VC_ABSENT)
		vc_set_text(&guest->cpu_mode, "custom", guest->cpu_mode.fact.from);
	vc_read_text(r, model, NULL, &guest->cpu_model);
	vc_read_text(r, model, "vendor_id", &r->input->vendor_written);
	read_cpu_features(r, cpu);
	read_check(r, cpu);

	vc_read_number(r, vc_el_child(r, domain, "vcpu"), NULL, VC_BASE_DEC, &guest->vcpus);
	assume_number(&guest->vcpus, 1);
	read_topology(r, cpu);
	read_pins(r, domain);
	vc_read_phys_bits(r, cpu);
}
