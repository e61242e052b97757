/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who emulates the interrupt controllers: KVM, QEMU, or each a part (split). */
#include "guest/derive.h"

/*
 * pc-q35-4.0 alone splits: 4.0.1 took it back, and older types never had it.
 * [qemu 10.0.13 hw/i386/pc_q35.c pc_q35_machine_4_0_options, pc_q35_machine_4_0_1_options]
 */
static bool
is_q35_4_0(const struct vc_guest *guest)
{
	const struct vc_version split = { { 4, 0 } };

	return vc_text_is(&guest->machine_family, "q35") && vc_version_compare(guest->machine_version.value, split) == 0;
}

static void
set_written(struct vc_guest *guest, const char *mode, const struct vc_fact *written)
{
	vc_set_text(&guest->irqchip, mode, written->from);
	vc_fact_place_like(&guest->irqchip.fact, written);
}

void
vc_derive_irqchip(const struct vc_deriver *d)
{
	struct vc_guest *guest = d->guest;
	const struct vc_fact_text *arg = &d->input->kernel_irqchip, *ioapic = &d->input->ioapic;
	const char *from = guest->machine.fact.from;

	if (!d->input->qemu)
		vc_set_unreadable(&guest->irqchip.fact, EOPNOTSUPP, guest->type.fact.from);
	else if (!vc_known(&guest->accel.fact))
		vc_set_unknown_like(&guest->irqchip.fact, &guest->accel.fact);
	else if (!vc_text_is(&guest->accel, "kvm"))
		vc_set_text(&guest->irqchip, "off", guest->accel.fact.from);
	else if (arg->fact.state == VC_UNREADABLE)
		vc_set_unknown_like(&guest->irqchip.fact, &arg->fact);
	else if (vc_known(&arg->fact))
		set_written(guest, vc_text_is(arg, "on") ? "kernel" : arg->value, &arg->fact);
	else if (vc_known(&ioapic->fact))
		set_written(guest, vc_text_is(ioapic, "qemu") ? "split" : "kernel", &ioapic->fact);
	/* libvirt sets it so itself; older ones refuse the domain. QEMU alone does not, and refuses it. */
	else if (guest->interrupt_remapping.value && !d->input->whole)
		vc_set_text(&guest->irqchip, "split", "guest.iommu");
	else if (vc_text_is(&guest->machine_family, "microvm"))
		vc_set_text(&guest->irqchip, "split", from);
	else if (!vc_text_is(&guest->machine_family, "q35"))
		vc_set_text(&guest->irqchip, "kernel", from);
	else if (!vc_known(&guest->machine_version.fact))
		vc_set_unknown_like(&guest->irqchip.fact, &guest->machine_version.fact);
	else
		vc_set_text(&guest->irqchip, is_q35_4_0(guest) ? "split" : "kernel", from);
	if (!vc_is_written(&guest->irqchip.fact))
		vc_fact_place_like(&guest->irqchip.fact, &guest->machine.fact);
}
