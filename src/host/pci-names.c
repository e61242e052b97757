/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of vendors and devices. The only user of libpci's functions: everything else reads sysfs through
 * hostfs. The library, and libudev that it brings along, is loaded when a finding has a device to name, and
 * not before: most checks have none. Without it devices go by their numbers.
 */
#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <pci/pci.h>

#include "host/host.h"

#define SONAME "libpci.so.3"

static struct {
	__typeof__(pci_alloc) *alloc;
	__typeof__(pci_lookup_name) *lookup_name;
} libpci;

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

static bool
load(const char *name, void *ret_call)
{
	static void *library;
	void *call;

	if (!library)
		library = dlopen(SONAME, RTLD_NOW | RTLD_LOCAL);
	call = library ? dlsym(library, name) : NULL;
	memcpy(ret_call, &call, sizeof(call));
	return call != NULL;
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
		broken = !load("pci_alloc", &libpci.alloc) || !load("pci_lookup_name", &libpci.lookup_name);
		if (broken)
			return NULL;
		/* No pci_init(): it looks for devices, and only the names are wanted. */
		access = libpci.alloc();
		access->error = on_error;
		access->warning = on_message;
		access->debug = on_message;
	}
	/* Not from udev's database: where it is missing, every look-up leaks a context [pciutils 3.9
	 * lib/names-hwdb.c]. */
	name = libpci.lookup_name(access, text, sizeof(text),
				  PCI_LOOKUP_VENDOR | PCI_LOOKUP_DEVICE | PCI_LOOKUP_NO_NUMBERS |
					  PCI_LOOKUP_NO_HWDB,
				  vendor, device);
	return name ? vc_arena_strdup(arena, name) : NULL;
}
