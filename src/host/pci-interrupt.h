/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The interrupt line (INTx) of a PCI device, and who else is on it. */
#pragma once

#include "host/host.h"
#include "host/hostfs.h"
#include "host/pci-config.h"

/* /proc/interrupts, read when the first device needs it. */
struct vc_interrupts {
	struct vc_hostfs *fs;
	struct vc_answer answer; /* unread until then */
};

/*
 * Fills irq and irq_handlers, after the driver and the states of MSI and MSI-X. @dir is the device's
 * directory in sysfs,
 * @config what its configuration space reads as, meaningful while @config_fact is known.
 */
void vc_pci_read_interrupt(struct vc_interrupts *interrupts, const char *dir,
			   const struct vc_fact *config_fact, const struct vc_pci_config *config,
			   struct vc_pci *pci);

/*
 * The names of the handlers of interrupt @irq, as /proc/interrupts has them. None if the line is not there:
 * the kernel shows every line that has a handler [linux 6.12 kernel/irq/proc.c show_interrupts]. -EOPNOTSUPP:
 * it is not the line of an IO-APIC, whose format is known here. -E2BIG: more handlers than a line can have.
 */
int vc_interrupt_handlers(struct vc_arena *arena, const char *text, size_t size, uint64_t irq,
			  const char ***ret_name, size_t *ret_count) _must_check_;
