/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The probes: each reads one area of the host and fills its facts. They never fail; what cannot be read is in
 * the facts. The order they run in stands in host.c.
 */
#pragma once

#include "base/tri.h"
#include "host/host.h"
#include "host/hostfs.h"
#include "host/scan.h"

typedef void vc_probe_fn(struct vc_hostfs *fs, const struct vc_host_request *request, struct vc_host *host);

vc_probe_fn vc_probe_kernel;
vc_probe_fn vc_probe_kconfig; /* needs the kernel's release */
vc_probe_fn vc_probe_cpu;
vc_probe_fn vc_probe_cpuid;
vc_probe_fn vc_probe_msr; /* needs the CPU's vendor */
vc_probe_fn vc_probe_sysctl;
vc_probe_fn vc_probe_module;
vc_probe_fn vc_probe_clock;
vc_probe_fn vc_probe_memory;
vc_probe_fn vc_probe_dmi;
vc_probe_fn vc_probe_kvm;
vc_probe_fn vc_probe_qemu;
vc_probe_fn vc_probe_libvirt;
vc_probe_fn vc_probe_rom;
vc_probe_fn vc_probe_sev;
vc_probe_fn vc_probe_image;
vc_probe_fn vc_probe_file; /* needs whom QEMU runs as */
vc_probe_fn vc_probe_topology;
vc_probe_fn vc_probe_qemu_conf;
vc_probe_fn vc_probe_network;
vc_probe_fn vc_probe_helper;
vc_probe_fn vc_probe_listen;
vc_probe_fn vc_probe_usb;
vc_probe_fn vc_probe_use;
vc_probe_fn vc_probe_domains;
vc_probe_fn vc_probe_mounts; /* needs where memory files go */
vc_probe_fn vc_probe_distribution;
vc_probe_fn vc_probe_sleep;
vc_probe_fn vc_probe_display;
vc_probe_fn vc_probe_firmware;
vc_probe_fn vc_probe_user;
vc_probe_fn vc_probe_nvmm; /* needs the user */
vc_probe_fn vc_probe_quirk; /* needs what the quirks are matched with */

/* FNV-1a [RFC 9923 2]: names that tell nothing of what they stand for. */
#define VC_HASH_START UINT64_C(0xcbf29ce484222325)
static inline uint64_t
vc_hash_byte(uint64_t hash, char byte)
{
	return (hash ^ (unsigned char)byte) * UINT64_C(0x100000001b3);
}

/* The name of an answer about @path. */
const char *vc_path_answer(struct vc_arena *arena, const char *prefix, const char *path);

/* After the probes of modules and of the kernel's command line. */
void vc_probe_modprobe(struct vc_hostfs *fs, struct vc_host *host);

/* Facts that follow from several areas; they run after the probes and read nothing. */
void vc_host_derive_cpu(struct vc_host *host);
void vc_host_derive_firmware_lock(struct vc_host *host);

/*
 * The names of @directory that end in @suffix, without it. A directory that is not there holds none.
 */
void vc_take_listing(struct vc_hostfs *fs, const char *directory, const char *suffix, struct vc_fact_set *set);

/* uname -s, -n, -r, -v, -m: one line each, in this order. A line that is missing is empty. */
enum vc_uname { VC_UNAME_SYSNAME, VC_UNAME_NODENAME, VC_UNAME_RELEASE, VC_UNAME_VERSION, VC_UNAME_MACHINE };
#define VC_UNAME_FIELDS 5
struct vc_answer vc_ask_uname(struct vc_hostfs *fs, struct vc_span field[VC_UNAME_FIELDS]);

void vc_probe_vdpa(struct vc_hostfs *fs, struct vc_host *host);

/* A device of class misc: "kvm" is /dev/kvm and /sys/class/misc/kvm. */
void vc_probe_device(struct vc_hostfs *fs, const char *name, struct vc_fact_flag *ret_device);
bool vc_device_is_hidden(struct vc_hostfs *fs, const char *name);

/* AMD's design in other hands counts as AMD: Hygon. */
bool vc_cpu_is_amd(const struct vc_host *host);
bool vc_cpu_is_intel(const struct vc_host *host);
/* Unknown while neither uname nor /proc/cpuinfo says. */
enum vc_tri vc_cpu_is_x86(const struct vc_host *host);

/* The part of libvirt's capability cache that says for which emulator it is. */
struct vc_libvirt_cache {
	struct vc_fact fact; /* VC_ABSENT: the cache knows no such emulator */
	uint64_t emulator_ctime;
	struct vc_version qemu, libvirt;
};
/* @path NULL: any emulator, the entry of the newest libvirt. */
struct vc_libvirt_cache vc_libvirt_cache_find(struct vc_hostfs *fs, const char *path);
