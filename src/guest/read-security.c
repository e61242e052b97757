/* SPDX-License-Identifier: GPL-2.0-or-later */
/* <launchSecurity>: guests whose memory the host cannot read. */
#include "guest/read.h"

/* [qemu 10.0.13 target/i386/sev.c SEV_POLICY_ES] */
#define POLICY_ENCRYPTED_STATE UINT64_C(4)

/* Bit 2 of the policy of a plain SEV guest asks for SEV-ES; a SEV-SNP guest has a policy of another form. */
static void
read_level(const struct vc_reader *r, struct vc_el security)
{
	struct vc_guest *guest = r->guest;
	const struct vc_fact *type = &guest->launch_security.fact;
	struct vc_fact_number policy = { 0 };

	vc_set_absent(&guest->sev_level.fact, type->from);
	if (vc_text_is(&guest->launch_security, "sev-snp")) {
		vc_set_text(&guest->sev_level, "SEV-SNP", type->from);
	} else if (vc_text_is(&guest->launch_security, "sev")) {
		/* libvirt reads it as hexadecimal, with or without 0x [libvirt 11.3 src/conf/domain_conf.c
		 * virDomainSEVDefParseXML]. */
		vc_read_number(r, vc_el_child(r, security, "policy"), NULL, VC_BASE_HEX, &policy);
		if (policy.fact.state == VC_UNREADABLE)
			vc_set_unknown_like(&guest->sev_level.fact, &policy.fact);
		else
			vc_set_text(&guest->sev_level,
				    vc_known(&policy.fact) && (policy.value & POLICY_ENCRYPTED_STATE)
					    ? "SEV-ES"
					    : "SEV",
				    type->from);
	}
	guest->sev_level.fact.line = type->line;
}

void
vc_read_security(const struct vc_reader *r, struct vc_el domain)
{
	struct vc_el security = vc_el_child(r, domain, "launchSecurity");

	vc_read_text(r, security, "type", &r->guest->launch_security);
	read_level(r, security);
	vc_read_number(r, vc_el_child(r, security, "cbitpos"), NULL, VC_BASE_DEC,
		       &r->guest->sev_encryption_bit);
	vc_read_number(r, vc_el_child(r, security, "reducedPhysBits"), NULL, VC_BASE_DEC,
		       &r->guest->sev_phys_bits_reduction);
}
