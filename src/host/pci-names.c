/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of vendors and devices. The only user of libpci's functions: everything else reads sysfs through
 * hostfs.
 */
#include <setjmp.h>
#include <stdarg.h>

#include <pci/pci.h>

#include "host/host.h"

static jmp_buf failed;

/* libpci expects this not to return; where it would exit, the name is given up. */
static _noreturn_ void
on_error(char *message, ...)
{
	(void)message;
	longjmp(failed, 1);
}

static void
on_message(char *message, ...)
{
	(void)message;
}

const char *
vc_pci_name(struct vc_arena *arena, uint16_t vendor, uint16_t device)
{
	/* Kept for the next name: the list is read once, and lives as long as the program. */
	static struct pci_access *access;
	static bool broken;
	char text[256];
	char *name;

	if (broken)
		return NULL;
	if (setjmp(failed)) {
		broken = true;
		return NULL;
	}
	if (!access) {
		/* No pci_init(): it looks for devices, and only the names are wanted. */
		access = pci_alloc();
		access->error = on_error;
		access->warning = on_message;
		access->debug = on_message;
	}
	/* Not from udev's database: where it is missing, every look-up leaks a context [pciutils 3.9 lib/names-hwdb.c]. */
	name = pci_lookup_name(access, text, sizeof(text),
			       PCI_LOOKUP_VENDOR | PCI_LOOKUP_DEVICE | PCI_LOOKUP_NO_NUMBERS |
				       PCI_LOOKUP_NO_HWDB,
			       vendor, device);
	return name ? vc_arena_strdup(arena, name) : NULL;
}
