/* SPDX-License-Identifier: GPL-2.0-or-later */
/* <launchSecurity>: guests whose memory the host cannot read. */
#include "guest/option-fact.h"
#include "guest/read-option.h"
#include "guest/read.h"

/* [qemu 10.0.13 target/i386/sev.c SEV_POLICY_ES] */
#define POLICY_ENCRYPTED_STATE UINT64_C(4)

/* Bit 2 of the policy of a plain SEV guest asks for SEV-ES; a SEV-SNP guest has a policy of another form. */
static void
set_level(struct vc_guest *guest, const struct vc_fact_number *policy)
{
	const struct vc_fact *type = &guest->launch_security.fact;

	vc_set_absent(&guest->sev_level.fact, type->from);
	if (vc_text_is(&guest->launch_security, "sev-snp"))
		vc_set_text(&guest->sev_level, "SEV-SNP", type->from);
	else if (!vc_text_is(&guest->launch_security, "sev"))
		return;
	else if (policy->fact.state == VC_UNREADABLE)
		vc_set_unknown_like(&guest->sev_level.fact, &policy->fact);
	else
		vc_set_text(&guest->sev_level,
			    vc_known(&policy->fact) && (policy->value & POLICY_ENCRYPTED_STATE) ? "SEV-ES" : "SEV",
			    type->from);
	vc_fact_place_like(&guest->sev_level.fact, type);
}

void
vc_take_security(const struct vc_reader *r, const struct vc_qemu_option *option, const char *type)
{
	struct vc_guest *guest = r->guest;
	const struct {
		const char *key;
		struct vc_fact_number *fact;
	} numbers[] = {
		{ "cbitpos", &guest->sev_encryption_bit },
		{ "reduced-phys-bits", &guest->sev_phys_bits_reduction },
	};
	struct vc_fact_number policy = { .fact = { .state = VC_ABSENT, .from = option->from } };

	vc_option_text(&guest->launch_security, type, option);
	for (size_t i = 0; i < VC_COUNT(numbers); i++) {
		const char *value = vc_qemu_option_get(option, numbers[i].key);

		if (value)
			vc_option_number(numbers[i].fact, value, option);
	}
	if (vc_qemu_option_get(option, "policy"))
		vc_option_number(&policy, vc_qemu_option_get(option, "policy"), option);
	set_level(guest, &policy);
}

void
vc_read_security(const struct vc_reader *r, struct vc_el domain)
{
	struct vc_el security = vc_el_child(r, domain, "launchSecurity");
	struct vc_fact_number policy = { 0 };

	vc_read_text(r, security, "type", &r->guest->launch_security);
	/* libvirt reads it as hexadecimal, with or without 0x [libvirt 11.3 src/conf/domain_conf.c
	 * virDomainSEVDefParseXML]. */
	vc_read_number(r, vc_el_child(r, security, "policy"), NULL, VC_BASE_HEX, &policy);
	set_level(r->guest, &policy);
	vc_read_number(r, vc_el_child(r, security, "cbitpos"), NULL, VC_BASE_DEC,
		       &r->guest->sev_encryption_bit);
	vc_read_number(r, vc_el_child(r, security, "reducedPhysBits"), NULL, VC_BASE_DEC,
		       &r->guest->sev_phys_bits_reduction);
}
