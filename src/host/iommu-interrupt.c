/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether interrupts of PCI devices are isolated, from the names of the chips that bring them. */
#include <errno.h>
#include <string.h>

#include "host/probe-iommu.h"
#include "host/scan.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/*
 * "  1:   9   0  IR-IO-APIC   1-edge   i8042": the chip stands after the counters of the CPUs, of which there may be
 * hundreds on each of as many lines.
 */
static bool
interrupt_chip(struct vc_span line, struct vc_span *ret_chip)
{
	struct vc_span word;
	uint64_t number;
	size_t at = 0;

	if (!vc_span_word(&line, &word) || word.length < 2 || word.text[word.length - 1] != ':' ||
	    vc_parse_u64_n(word.text, word.length - 1, VC_BASE_DEC, &number) < 0)
		return false;
	while (at < line.length && (line.text[at] == ' ' || is_digit(line.text[at])))
		at++;
	while (at > 0 && is_digit(line.text[at - 1]))
		at--;
	line.text += at;
	line.length -= at;
	return vc_span_word(&line, ret_chip);
}

/*
 * Names of the chips that bring the interrupts of PCI devices to the processor. Before Linux 6.11 an ITS was "ITS-MSI",
 * a GICv2m "MSI" [linux drivers/irqchip/irq-gic-v3-its-pci-msi.c, irq-gic-v2m.c].
 */
static const struct {
	const char *name;
	bool whole; /* and no more */
	enum vc_isolation isolation;
} chips[] = {
	/* [linux 6.12 drivers/iommu/intel/irq_remapping.c, drivers/iommu/amd/iommu.c .prefix] */
	{ .name = "IR-", .isolation = VC_ISOLATION_REMAPPED },
	/* [linux 6.12 arch/x86/kernel/apic/io_apic.c ioapic_chip, drivers/pci/msi/irqdomain.c] */
	{ .name = "IO-APIC", .whole = true, .isolation = VC_ISOLATION_NONE },
	{ .name = "PCI-MSI", .isolation = VC_ISOLATION_NONE },
	/* [linux 6.12 drivers/irqchip/irq-gic-v3-its-msi-parent.c .prefix, irq-gic-v3-its.c msi_domain_flags] */
	{ .name = "ITS-MSI", .whole = true, .isolation = VC_ISOLATION_ITS },
	{ .name = "ITS-PCI-MSI", .isolation = VC_ISOLATION_ITS },
	/* Without IRQ_DOMAIN_FLAG_ISOLATED_MSI [linux 6.12 drivers/irqchip/irq-gic-v2m.c, irq-gic-v3-mbi.c] */
	{ .name = "GICv2m-PCI-MSI", .isolation = VC_ISOLATION_NONE },
	{ .name = "MBI-PCI-MSI", .isolation = VC_ISOLATION_NONE },
	{ .name = "MSI", .whole = true, .isolation = VC_ISOLATION_NONE },
};

int
vc_interrupts_isolated(const char *text, size_t size, enum vc_isolation *ret_isolation)
{
	struct vc_span rest = { .text = text, .length = size }, line, chip;
	bool seen[3] = { false };

	/* On x86 all are remapped or none: what is left of the others was set up before the IOMMU. */
	while (!seen[VC_ISOLATION_REMAPPED] && vc_span_line(&rest, &line)) {
		if (!interrupt_chip(line, &chip))
			continue;
		for (size_t i = 0; i < VC_COUNT(chips); i++) {
			if (chips[i].whole ? vc_span_is(chip, chips[i].name) : vc_span_starts(chip, chips[i].name))
				seen[chips[i].isolation] = true;
		}
	}
	if (seen[VC_ISOLATION_REMAPPED])
		*ret_isolation = VC_ISOLATION_REMAPPED;
	else if (seen[VC_ISOLATION_ITS] == seen[VC_ISOLATION_NONE])
		return -EOPNOTSUPP;
	else
		*ret_isolation = seen[VC_ISOLATION_ITS] ? VC_ISOLATION_ITS : VC_ISOLATION_NONE;
	return 0;
}

/*
 * An ITS behind a window that hides which device writes isolates nothing [linux 6.12 drivers/irqchip/irq-gic-v3-its.c
 * its_enable_quirk_socionext_synquacer]. Such boards are described by a device tree, and are made by these two; a
 * host with ACPI has no such file.
 */
static void
set_its(struct vc_hostfs *fs, struct vc_fact_flag *fact, const char *from)
{
	static const char *const doubtful[] = { "socionext,", "ti," };
	struct vc_answer board = vc_hostfs_read(fs, "/sys/firmware/devicetree/base/compatible");

	if (!vc_known(&board.fact) && board.fact.state != VC_ABSENT) {
		vc_set_unknown_like(&fact->fact, &board.fact);
		return;
	}
	vc_set_flag(fact, true, from);
	for (size_t at = 0; vc_known(&board.fact) && at < board.size; at += strlen(board.data + at) + 1) {
		for (size_t i = 0; i < VC_COUNT(doubtful); i++) {
			if (strncmp(board.data + at, doubtful[i], strlen(doubtful[i])) == 0)
				vc_set_unreadable(&fact->fact, EOPNOTSUPP, board.fact.from);
		}
	}
}

void
vc_iommu_read_interrupts(struct vc_hostfs *fs, struct vc_host *host)
{
	struct vc_fact_flag *fact = &host->iommu_interrupt_remapping;
	enum vc_isolation isolation;
	struct vc_answer answer;
	int r;

	answer = vc_hostfs_read(fs, "/proc/interrupts");
	if (!vc_known(&answer.fact)) {
		vc_set_unknown_like(&fact->fact, &answer.fact);
		return;
	}
	r = vc_interrupts_isolated(answer.data, answer.size, &isolation);
	if (r < 0)
		vc_set_unreadable(&fact->fact, -r, answer.fact.from);
	else if (isolation == VC_ISOLATION_ITS)
		set_its(fs, fact, answer.fact.from);
	else
		vc_set_flag(fact, isolation == VC_ISOLATION_REMAPPED, answer.fact.from);
}
