/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the input says and no fact carries, but the second step (vc_guest_derive) needs. Private to this room.
 */
#pragma once

#include "guest/guest.h"
#include "guest/idset.h"
#include "guest/qemu-args.h"

/* [libvirt 11.3 include/libvirt/libvirt-domain.h VIR_DOMAIN_MEMORY_PARAM_UNLIMITED] */
#define VC_MEMORY_UNLIMITED UINT64_C(9007199254740991)

enum vc_memory_model {
	VC_MEMORY_OTHER,
	VC_MEMORY_DIMM,
	VC_MEMORY_NVDIMM,
	VC_MEMORY_VIRTIO_MEM,
	VC_MEMORY_VIRTIO_PMEM,
	VC_MEMORY_SGX_EPC, /* lies behind RAM, not in the hotplug region, and is never mapped for devices */
};

struct vc_memory_device {
	enum vc_memory_model model;
	struct vc_fact_number size;      /* bytes, rounded as libvirt rounds it */
	struct vc_fact_number requested; /* virtio-mem: bytes plugged at boot */
	struct vc_fact_number block;     /* virtio-mem: block size */
	struct vc_fact_number page_size; /* absent: that of the domain */
	struct vc_fact_number address;   /* absent: QEMU chooses */
	struct vc_fact_number cell;      /* guest NUMA node; absent: none */
	struct vc_fact_text nodes;       /* host nodes; absent: those of the domain */
	const struct vc_page_rule *page; /* a command line: of its own; the guest's is not for it */
};

struct vc_numa_cell {
	bool shared; /* @memAccess */
	struct vc_fact_number id;
	struct vc_fact_number size; /* bytes, rounded as libvirt rounds it */
};

/* memoryBacking/hugepages/page; a bare <hugepages/> is one rule without size. */
struct vc_page_rule {
	struct vc_place place;
	struct vc_fact_number size; /* absent: the host's default */
	const char *path;           /* a file system decides the size; NULL: none does */
	bool everywhere;            /* no nodeset */
	bool unreserved;            /* a command line: reserve=off, so that pages are taken when the guest uses them */
	struct vc_idset cells;
};

/* -object memory-backend-...,id=ID. Options move while they are read, so that their position is kept. */
struct vc_backend {
	const char *id;
	size_t option;
};

/* QEMU's host-phys-bits: what is written, or left to the CPU model. */
enum vc_host_width { VC_HOST_WIDTH_MODEL, VC_HOST_WIDTH_ON, VC_HOST_WIDTH_OFF };

struct vc_guest_input {
	bool qemu;                /* a domain type that libvirt starts through QEMU */
	bool whole;               /* a command line of its own: no libvirt adds to it or raises limits for it */
	int hidden;               /* there may be any more arguments: VC_ESHELL in a variable, VC_EOPTIONS in a file; 0: no */
	const char *hidden_in;    /* the first such word or option */
	bool bare_emulator;       /* named without a directory: searched for */
	bool memory_elsewhere;    /* qemu:commandline changes RAM in a way this reader does not follow */
	bool enclave_backends;    /* -machine sgx-epc.: enclave memory that this reader does not follow */
	bool conventional_bridge; /* a PCI bridge behind which functions share one address space */
	bool iommufd;             /* a device asks for iommufd, whose accounting differs */
	enum vc_host_width host_width;
	struct vc_fact_number phys_bits_written;
	struct vc_fact_number smp[4];       /* -smp sockets, dies, cores, threads; absent if not written */
	struct vc_fact_number smp_others;   /* what the product has besides: clusters, modules, books, drawers */
	const char *smp_option;             /* the argument they stand in; NULL without one */
	struct vc_fact_number firmware_window_mib; /* sysinfo fwcfg opt/ovmf/X-PciMmio64Mb; absent if not written */
	struct vc_fact_number max_below_4g; /* -machine max-ram-below-4g=; absent if not written */
	struct vc_fact_text ioapic;         /* features/ioapic/@driver; absent if not written */
	struct vc_fact_text kernel_irqchip; /* on, split, off; absent if not written in qemu:commandline */
	struct vc_fact_text vendor_written; /* cpu/model/@vendor_id, -cpu vendor= */
	struct vc_memory_device *memory_device;
	size_t memory_devices;
	struct vc_numa_cell *cell;
	size_t cells;
	struct vc_page_rule *page;
	size_t pages;
	struct vc_qemu_args args;
	struct vc_backend *backend; /* memory backends of a command line */
	size_t backends;
	const char *memory_backend; /* the one of all memory; NULL: none is named */
	uint64_t flash_units;       /* so many have a drive */
	struct vc_qemu_node *block; /* block devices of a command line, sorted by name */
	size_t blocks;
	const char **role; /* of each option that opens a file: what for; NULL: not known */
};
