/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/pci-interrupt.h"

#include <errno.h>
#include <string.h>

#include <pci/header.h>

#include "host/scan.h"

/* Far above what shares a line. */
#define HANDLERS_MAX 256

/* "  17:  0  0  IR-IO-APIC  17-fasteoi   ehci_hcd:usb1, snd_ctxfi": what stands behind the number of the
 * line. */
static bool
find_line(const char *text, size_t size, uint64_t irq, struct vc_span *ret_rest)
{
	struct vc_span rest = { .text = text, .length = size }, line, word;
	uint64_t number;

	while (vc_span_line(&rest, &line)) {
		if (!vc_span_word(&line, &word) || word.length < 2 || word.text[word.length - 1] != ':' ||
		    vc_parse_u64_n(word.text, word.length - 1, VC_BASE_DEC, &number) < 0 || number != irq)
			continue;
		*ret_rest = line;
		return true;
	}
	return false;
}

int
vc_interrupt_handlers(struct vc_arena *arena, const char *text, size_t size, uint64_t irq,
		      const char ***ret_name, size_t *ret_count)
{
	struct vc_span rest, word, name;
	const char **names = NULL;
	size_t count = 0;
	uint64_t number;

	if (!find_line(text, size, irq, &rest)) {
		*ret_name = NULL;
		*ret_count = 0;
		return 0;
	}
	do {
		if (!vc_span_word(&rest, &word))
			return -EOPNOTSUPP;
	} while (vc_parse_u64_n(word.text, word.length, VC_BASE_DEC, &number) == 0);
	if (!vc_span_is(word, "IO-APIC") && !vc_span_is(word, "IR-IO-APIC"))
		return -EOPNOTSUPP;
	/* "17-fasteoi" */
	if (!vc_span_word(&rest, &word) || !memchr(word.text, '-', word.length))
		return -EOPNOTSUPP;
	while (vc_span_until(&rest, ',', &name)) {
		name = vc_span_trim(name);
		if (name.length == 0)
			continue;
		if (count == HANDLERS_MAX)
			return -E2BIG;
		*(const char **)vc_arena_append(arena, (void **)&names, &count, sizeof(*names)) =
			vc_span_dup(arena, name);
	}
	*ret_name = names;
	*ret_count = count;
	return 0;
}

static void
set_both_absent(struct vc_pci *pci, const char *from)
{
	vc_set_absent(&pci->irq.fact, from);
	vc_set_absent(&pci->irq_handlers.fact, from);
}

static void
set_both_unknown(struct vc_pci *pci, const struct vc_fact *cause)
{
	vc_set_unknown_like(&pci->irq.fact, cause);
	/* That a file is missing tells nothing of the line. */
	if (cause->state == VC_ABSENT)
		vc_set_unreadable(&pci->irq.fact, EOPNOTSUPP, cause->from);
	vc_set_unknown_like(&pci->irq_handlers.fact, &pci->irq.fact);
}

/* Module names have '_' where drivers may have '-'. */
static bool
begins_with_driver(const char *name, const char *driver)
{
	for (; *driver; name++, driver++) {
		if (*name != *driver && !(*name == '_' && *driver == '-') &&
		    !(*name == '-' && *driver == '_'))
			return false;
	}
	return true;
}

/* Drivers name their handlers after themselves or after their network interface; VFIO after the device. */
static bool
is_own(const char *name, const struct vc_pci *pci, const struct vc_names *interfaces)
{
	static const char vfio[] = "vfio-intx(";
	size_t length = strlen(pci->address.value);

	if (strncmp(name, vfio, sizeof(vfio) - 1) == 0)
		return strncmp(name + sizeof(vfio) - 1, pci->address.value, length) == 0 &&
		       name[sizeof(vfio) - 1 + length] == ')';
	if (vc_known(&pci->driver.fact) && begins_with_driver(name, pci->driver.value))
		return true;
	for (size_t i = 0; i < interfaces->count; i++) {
		if (strcmp(name, interfaces->name[i]) == 0)
			return true;
	}
	return false;
}

static void
take_others(const struct vc_interrupts *interrupts, const char *dir, const char **name, size_t count,
	    struct vc_pci *pci)
{
	struct vc_arena *arena = vc_hostfs_arena(interrupts->fs);
	const char *from = interrupts->answer.fact.from;
	struct vc_names interfaces = vc_hostfs_list(interrupts->fs, "%s/net", dir);
	bool may_handle = vc_known(&pci->driver.fact) && strcmp(pci->driver.value, "vfio-pci") != 0 &&
			  !pci->msi_enabled.value && !pci->msix_enabled.value;
	size_t others = 0;

	for (size_t i = 0; i < count; i++) {
		if (!is_own(name[i], pci, &interfaces))
			name[others++] = name[i];
	}
	/* One handler under a name that nobody knows is its own, or that of another. */
	if (others == 1 && count == 1 && may_handle)
		vc_set_unreadable(&pci->irq_handlers.fact, EOPNOTSUPP, from);
	else if (others == 0)
		vc_set_absent(&pci->irq_handlers.fact, from);
	else
		vc_set_set(arena, &pci->irq_handlers, name, others, from);
}

static void
read_handlers(struct vc_interrupts *interrupts, const char *dir, struct vc_pci *pci)
{
	const char **name;
	size_t count;
	int r;

	if (interrupts->answer.fact.state == VC_UNREAD)
		interrupts->answer = vc_hostfs_read(interrupts->fs, "/proc/interrupts");
	if (!vc_known(&interrupts->answer.fact)) {
		vc_set_unknown_like(&pci->irq_handlers.fact, &interrupts->answer.fact);
		return;
	}
	r = vc_interrupt_handlers(vc_hostfs_arena(interrupts->fs), interrupts->answer.data,
				  interrupts->answer.size, pci->irq.value, &name, &count);
	if (r < 0)
		vc_set_unreadable(&pci->irq_handlers.fact, -r, interrupts->answer.fact.from);
	else
		take_others(interrupts, dir, name, count, pci);
}

void
vc_pci_read_interrupt(struct vc_interrupts *interrupts, const char *dir, const struct vc_fact *config_fact,
		      const struct vc_pci_config *config, struct vc_pci *pci)
{
	struct vc_answer answer;
	struct vc_fact why;
	struct vc_fact_flag enabled = { 0 };
	const struct vc_fact *const needed[] = { &enabled.fact, &pci->driver.fact, &pci->msi_enabled.fact,
						 &pci->msix_enabled.fact };
	uint16_t pin;

	if (!vc_known(config_fact)) {
		set_both_unknown(pci, config_fact);
		return;
	}
	/* Line and pin are neighbours; the pin is the upper one. No pin, no line [PCI 3.0, 6.2.4]. */
	if (!config->answers || vc_pci_config_u16(config, PCI_INTERRUPT_LINE, &pin) < 0) {
		vc_set_unreadable(&pci->irq.fact, VC_EGARBLED, config_fact->from);
		vc_set_unknown_like(&pci->irq_handlers.fact, &pci->irq.fact);
		return;
	}
	if (pin >> 8 == 0) {
		set_both_absent(pci, config_fact->from);
		return;
	}
	/*
	 * A device nobody enabled was not routed yet: the file has what the firmware thought of it, which is
	 * another number [linux drivers/acpi/pci_irq.c acpi_pci_irq_enable].
	 */
	answer = vc_hostfs_read_line(interrupts->fs, "%s/enable", dir);
	vc_take_flag(&answer, &enabled);
	for (size_t i = 0; i < VC_COUNT(needed); i++) {
		if (needed[i]->state == VC_KNOWN ||
		    (needed[i]->state == VC_ABSENT && needed[i] == &pci->driver.fact))
			continue;
		set_both_unknown(pci, needed[i]);
		return;
	}
	answer = vc_hostfs_read_line(interrupts->fs, "%s/irq", dir);
	/* With MSI the file has the vector instead [linux 6.12 drivers/pci/pci-sysfs.c irq_show]. */
	if (vc_known(&answer.fact) && (!enabled.value || pci->msi_enabled.value))
		vc_set_unreadable(&answer.fact, EOPNOTSUPP, answer.fact.from);
	vc_take_number(&answer, VC_BASE_DEC, &pci->irq);
	why = pci->irq.fact;
	if (!vc_known(&why))
		set_both_unknown(pci, &why);
	else if (pci->irq.value == 0)
		set_both_absent(pci, answer.fact.from);
	else
		read_handlers(interrupts, dir, pci);
}
