/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "guest/qemu-option-names.h"

#include <stdlib.h>
#include <string.h>

#include "base/macro.h"

/* Sorted by strcmp; those of both releases [qemu 7.2, 10.0 qemu-options.hx]. */
static const struct name {
	const char *name;
	bool has_argument;
} names[] = {
	{ "D", true },
	{ "L", true },
	{ "M", true },
	{ "S", false },
	{ "accel", true },
	{ "acpitable", true },
	{ "action", true },
	{ "add-fd", true },
	{ "append", true },
	{ "async-teardown", false },
	{ "audio", true },
	{ "audio-help", false },
	{ "audiodev", true },
	{ "bios", true },
	{ "blockdev", true },
	{ "boot", true },
	{ "cdrom", true },
	{ "chardev", true },
	{ "chroot", true },
	{ "compat", true },
	{ "cpu", true },
	{ "d", true },
	{ "daemonize", false },
	{ "debugcon", true },
	{ "device", true },
	{ "dfilter", true },
	{ "display", true },
	{ "drive", true },
	{ "dtb", true },
	{ "dump-vmstate", true },
	{ "echr", true },
	{ "enable-kvm", false },
	{ "enable-sync-profile", false },
	{ "fda", true },
	{ "fdb", true },
	{ "fsdev", true },
	{ "full-screen", false },
	{ "fw_cfg", true },
	{ "g", true },
	{ "gdb", true },
	{ "global", true },
	{ "h", false },
	{ "hda", true },
	{ "hdb", true },
	{ "hdc", true },
	{ "hdd", true },
	{ "help", false },
	{ "icount", true },
	{ "incoming", true },
	{ "initrd", true },
	{ "iscsi", true },
	{ "jitdump", false },
	{ "k", true },
	{ "kernel", true },
	{ "loadvm", true },
	{ "m", true },
	{ "machine", true },
	{ "mem-path", true },
	{ "mem-prealloc", false },
	{ "mon", true },
	{ "monitor", true },
	{ "msg", true },
	{ "mtdblock", true },
	{ "name", true },
	{ "net", true },
	{ "netdev", true },
	{ "nic", true },
	{ "no-acpi", false },
	{ "no-fd-bootchk", false },
	{ "no-hpet", false },
	{ "no-reboot", false },
	{ "no-shutdown", false },
	{ "no-user-config", false },
	{ "nodefaults", false },
	{ "nographic", false },
	{ "numa", true },
	{ "object", true },
	{ "old-param", false },
	{ "only-migratable", false },
	{ "option-rom", true },
	{ "overcommit", true },
	{ "parallel", true },
	{ "perfmap", false },
	{ "pflash", true },
	{ "pidfile", true },
	{ "plugin", true },
	{ "portrait", false },
	{ "preconfig", false },
	{ "prom-env", true },
	{ "qmp", true },
	{ "qmp-pretty", true },
	{ "qtest", true },
	{ "qtest-log", true },
	{ "readconfig", true },
	{ "rotate", true },
	{ "rtc", true },
	{ "run-with", true },
	{ "runas", true },
	{ "s", false },
	{ "sandbox", true },
	{ "sd", true },
	{ "seed", true },
	{ "semihosting", false },
	{ "semihosting-config", true },
	{ "serial", true },
	{ "set", true },
	{ "shim", true },
	{ "singlestep", false },
	{ "smbios", true },
	{ "smp", true },
	{ "snapshot", false },
	{ "spice", true },
	{ "tpmdev", true },
	{ "trace", true },
	{ "usb", false },
	{ "usbdevice", true },
	{ "uuid", true },
	{ "version", false },
	{ "vga", true },
	{ "virtfs", true },
	{ "vnc", true },
	{ "watchdog-action", true },
	{ "win2k-hack", false },
	{ "xen-attach", false },
	{ "xen-domid", true },
	{ "xen-domid-restrict", false },
};

static int
compare(const void *key, const void *item)
{
	return strcmp(key, ((const struct name *)item)->name);
}

const char *
vc_qemu_option_name(const char *argument, bool *ret_has_argument)
{
	const struct name *found;

	if (argument[0] != '-')
		return NULL;
	/* [qemu 10.0 system/vl.c lookup_opt: two dashes are one] */
	argument += argument[1] == '-' ? 2 : 1;
	found = bsearch(argument, names, VC_COUNT(names), sizeof(names[0]), compare);
	if (!found)
		return NULL;
	*ret_has_argument = found->has_argument;
	return found->name;
}
