/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether KVM can run the guest at all. */
#include "checks/internal.h"

static bool
is_known_no(const struct vc_fact_flag *flag)
{
	return vc_known(&flag->fact) && !flag->value;
}

/* Why it does not answer, the cause before its consequences. */
static const char *
cause(const struct vc_host *host)
{
	if (vc_known(&host->kvm_firmware_disabled.fact) && host->kvm_firmware_disabled.value)
		return "locked-out";
	if (is_known_no(&host->cpu_virtualization))
		return "no-flag";
	if (is_known_no(&host->kvm_module))
		return "no-module";
	if (is_known_no(&host->kvm_device))
		return "no-device";
	return "no-answer";
}

/* Tests the effect: a /dev/kvm that answers is enough, whatever flags and registers say. */
void
check_kvm_unavailable(const struct vc_check_input *input, struct vc_verdict *verdict)
{
	const struct vc_host *host = input->host;

	verdict->fails = VC_NO;
	if (vc_known(&host->kvm_usable.fact) && host->kvm_usable.value)
		return;
	if (is_known_no(&host->kvm_usable) || is_known_no(&host->kvm_device) ||
	    (vc_known(&host->kvm_firmware_disabled.fact) && host->kvm_firmware_disabled.value)) {
		verdict->fails = VC_YES;
		vc_set_text(&verdict->word, cause(host), VC_CHECK_FROM);
		return;
	}
	vc_verdict_unknown(verdict, &host->kvm_usable.fact);
}
