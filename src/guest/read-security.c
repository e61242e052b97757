/* SPDX-License-Identifier: GPL-2.0-or-later */
/* <launchSecurity>, or QEMU's objects for it: guests whose memory the host cannot read. */
#include <string.h>

#include "guest/option-fact.h"
#include "guest/read-option.h"

/* [qemu 10.0.13 target/i386/sev.c SEV_POLICY_ES] */
#define POLICY_ENCRYPTED_STATE UINT64_C(4)

/* Bit 2 of the policy of a plain SEV guest asks for SEV-ES; a SEV-SNP guest has a policy of another form. */
static void
set_level(struct vc_guest *guest, const struct vc_fact_number *policy)
{
	const struct vc_fact *type = &guest->launch_security.fact;

	vc_set_absent(&guest->sev_level.fact, type->from);
	if (vc_text_is(&guest->launch_security, "sev-snp")) {
		vc_set_text(&guest->sev_level, "SEV-SNP", type->from);
	} else if (vc_text_is(&guest->launch_security, "sev")) {
		if (policy->fact.state == VC_UNREADABLE)
			vc_set_unknown_like(&guest->sev_level.fact, &policy->fact);
		else
			vc_set_text(&guest->sev_level,
				    vc_known(&policy->fact) && (policy->value & POLICY_ENCRYPTED_STATE)
					    ? "SEV-ES"
					    : "SEV",
				    type->from);
	}
	vc_fact_place_like(&guest->sev_level.fact, type);
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

/* What QEMU has for the property if it is not written, and refuses: nobody fills it in
 * [qemu 7.2 target/i386/sev.c sev_kvm_init, 10.0 sev_common_kvm_init]. */
static void
take_number(const struct vc_qemu_option *option, const char *key, struct vc_fact_number *fact)
{
	const char *value = vc_qemu_option_get(option, key);

	if (value)
		vc_option_number(fact, value, option);
	else
		vc_set_number(fact, 0, option->from);
	vc_option_at(&fact->fact, option);
}

void
vc_take_security(const struct vc_reader *r, const struct vc_qemu_option *option)
{
	static const struct {
		const char *object, *type;
	} guests[] = {
		{ "sev-guest", "sev" },
		{ "sev-snp-guest", "sev-snp" },
		{ "tdx-guest", "tdx" },
		{ "s390-pv-guest", "s390-pv" },
	};
	const char *object = vc_qemu_option_get(option, "qom-type"), *written = vc_qemu_option_get(option, "policy");
	struct vc_fact_number policy = { 0 };

	for (size_t i = 0; object && i < VC_COUNT(guests); i++) {
		if (strcmp(object, guests[i].object) != 0)
			continue;
		vc_option_text(&r->guest->launch_security, guests[i].type, option);
		if (written)
			vc_option_number(&policy, written, option);
		set_level(r->guest, &policy);
		if (r->guest->sev_level.fact.state == VC_ABSENT)
			return;
		take_number(option, "cbitpos", &r->guest->sev_encryption_bit);
		take_number(option, "reduced-phys-bits", &r->guest->sev_phys_bits_reduction);
	}
}
