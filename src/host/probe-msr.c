/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Model-specific registers of CPU 0, and what follows from them: memory encryption and the firmware's lock on
 * virtualization. Only the registers that the vendor has are asked for.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

#include "base/macro.h"
#include "host/probe.h"

/* [linux 6.12 arch/x86/include/asm/msr-index.h] */
#define FEATURE_CONTROL_LOCKED 0
#define FEATURE_CONTROL_VMX_INSIDE_SMX 1
#define FEATURE_CONTROL_VMX_OUTSIDE_SMX 2
#define SYSCFG_MEMORY_ENCRYPTION 23
#define VM_CR_SVM_DISABLE 4
/* [linux 6.12 arch/x86/kernel/cpu/intel.c detect_tme_early] */
#define TME_LOCKED 0
#define TME_ENABLED 1
#define TME_KEYID_SHIFT 32
#define TME_KEYID_MASK 0xf

#define MSR_FROM "/dev/cpu/0/msr "
#define NOT_INTEL "not an Intel CPU"
#define NOT_AMD "not an AMD CPU"

enum { INTEL = 1, AMD = 2 };

struct msr {
	uint32_t number;
	unsigned vendors;
	size_t offset; /* of the vc_fact_number in the host */
	const char *name, *from, *other;
};

#define MSR(number_, hex, vendors_, member, other_)                                                          \
	{                                                                                                    \
		.number = number_, .vendors = vendors_, .offset = offsetof(struct vc_host, member),          \
		.name = "msr/" hex, .from = MSR_FROM hex, .other = other_                                    \
	}

static const struct msr msrs[] = {
	MSR(0x33, "0x33", INTEL, msr_test_ctrl, NOT_INTEL),
	MSR(0x3a, "0x3a", INTEL, msr_feature_control, NOT_INTEL),
	MSR(0xcf, "0xcf", INTEL, msr_core_capabilities, NOT_INTEL),
	MSR(0x982, "0x982", INTEL, msr_tme_activate, NOT_INTEL),
	MSR(0xc0010010, "0xc0010010", AMD, msr_syscfg, NOT_AMD),
	MSR(0xc0010015, "0xc0010015", AMD, msr_hwcr, NOT_AMD),
	MSR(0xc0010114, "0xc0010114", AMD, msr_vm_cr, NOT_AMD),
};

/* The device is opened once, by the first question that reaches the live host. */
struct msr_reader {
	const struct msr *msr;
	int fd;
	int err; /* of the open, positive */
};

static void
msr_reader_close(struct msr_reader *reader)
{
	if (reader->fd >= 0)
		close(reader->fd);
}

static int
ask_msr(void *context, struct vc_buf *answer)
{
	struct msr_reader *reader = context;
	uint64_t value;
	ssize_t n;

	if (reader->fd < 0 && !reader->err) {
		reader->fd = open("/dev/cpu/0/msr", O_RDONLY | O_CLOEXEC | O_NOCTTY);
		if (reader->fd < 0)
			reader->err = errno;
	}
	if (reader->fd < 0) {
		/* No device says that the msr module is not loaded, and nothing about the register. */
		return reader->err == ENOENT || reader->err == ENOTDIR ? -ENXIO : -reader->err;
	}
	n = pread(reader->fd, &value, sizeof(value), (off_t)reader->msr->number);
	if (n < 0) {
		/* EIO: the CPU has no such register [linux 6.12 arch/x86/kernel/msr.c msr_read,
		 * rdmsr_safe_on_cpu] */
		return errno == EIO ? -ENOENT : -errno;
	}
	if (n != (ssize_t)sizeof(value))
		return -EBADMSG;
	vc_buf_addf(answer, "0x%" PRIx64 "\n", value);
	return 0;
}

static struct vc_fact_number *
msr_fact(const struct msr *msr, struct vc_host *host)
{
	return (void *)((char *)host + msr->offset);
}

void
vc_probe_msr(struct vc_hostfs *fs, const struct vc_host_request *request _unused_, struct vc_host *host)
{
	_cleanup_(msr_reader_close) struct msr_reader reader = { .fd = -1 };
	unsigned vendor = vc_cpu_is_intel(host) ? INTEL : vc_cpu_is_amd(host) ? AMD : 0;

	for (size_t i = 0; i < VC_COUNT(msrs); i++) {
		struct vc_fact_number *fact = msr_fact(&msrs[i], host);
		struct vc_answer answer;

		if (host->cpu_vendor.fact.state == VC_UNREAD ||
		    host->cpu_vendor.fact.state == VC_UNREADABLE) {
			vc_set_unknown_like(&fact->fact, &host->cpu_vendor.fact);
			continue;
		}
		if (!(msrs[i].vendors & vendor)) {
			vc_set_absent(&fact->fact, msrs[i].other);
			continue;
		}
		reader.msr = &msrs[i];
		answer = vc_hostfs_ask(fs, msrs[i].name, ask_msr, &reader);
		answer.fact.from = msrs[i].from;
		vc_take_number(&answer, VC_BASE_HEX, fact);
	}
}

static bool
bit(uint64_t value, unsigned n)
{
	return value >> n & 1;
}

/*
 * Bits of the physical address that go to memory encryption once it is on. Absent: the CPU has nothing of the
 * kind. [linux 6.12 arch/x86/kernel/cpu/amd.c early_detect_mem_encrypt, intel.c detect_tme_early]
 */
static void
derive_encryption(struct vc_host *host, struct vc_fact_number *ret_reduction)
{
	struct vc_fact_flag *fact = &host->cpu_memory_encryption;
	const struct vc_fact_set *flags = &host->cpu_flags;

	if (vc_cpu_is_amd(host)) {
		const struct vc_fact_number *leaf = &host->cpuid_encryption, *syscfg = &host->msr_syscfg;

		*ret_reduction = host->cpuid_phys_bits_reduction;
		if (leaf->fact.state == VC_ABSENT || (vc_known(&leaf->fact) && (leaf->value & 3) == 0))
			/* Neither SME nor SEV: the kernel looks no further. */
			vc_set_flag(fact, false, leaf->fact.from);
		else if (vc_known(&syscfg->fact))
			vc_set_flag(fact, bit(syscfg->value, SYSCFG_MEMORY_ENCRYPTION), syscfg->fact.from);
		else if (syscfg->fact.state == VC_ABSENT)
			vc_set_flag(fact, false, syscfg->fact.from);
		else if (vc_known(&flags->fact) && vc_known(&host->cpu_hypervisor.fact) &&
			 !host->cpu_hypervisor.value &&
			 (vc_set_has(flags, "sme") || vc_set_has(flags, "sev")))
			/* The kernel shows these flags only while SYSCFG bit 23 is set. */
			vc_set_flag(fact, true, "/proc/cpuinfo flags sme, sev");
		else
			vc_set_unknown_like(&fact->fact, &syscfg->fact);
	} else if (vc_cpu_is_intel(host)) {
		const struct vc_fact_number *tme = &host->msr_tme_activate;

		if (vc_known(&tme->fact)) {
			/* The kernel believes it only when firmware has locked it as well. */
			vc_set_flag(fact, bit(tme->value, TME_ENABLED) && bit(tme->value, TME_LOCKED),
				    tme->fact.from);
			vc_set_number(ret_reduction, tme->value >> TME_KEYID_SHIFT & TME_KEYID_MASK,
				      tme->fact.from);
		} else if (tme->fact.state == VC_ABSENT) {
			vc_set_flag(fact, false, tme->fact.from);
		} else if (vc_known(&flags->fact) && !vc_set_has(flags, "tme")) {
			/* Shown by every CPU that has it, unless firmware left it off. */
			vc_set_flag(fact, false, "/proc/cpuinfo flags without tme");
		} else {
			vc_set_unknown_like(&fact->fact, &tme->fact);
			vc_set_unknown_like(&ret_reduction->fact, &tme->fact);
		}
	} else if (host->cpu_vendor.fact.state == VC_UNREAD || host->cpu_vendor.fact.state == VC_UNREADABLE) {
		vc_set_unknown_like(&fact->fact, &host->cpu_vendor.fact);
	} else {
		vc_set_absent(&fact->fact, "neither an Intel nor an AMD CPU");
	}
}

void
vc_host_derive_cpu(struct vc_host *host)
{
	struct vc_fact_number reduction = { .fact = { .state = VC_ABSENT } };
	struct vc_fact_number *usable = &host->cpu_usable_phys_bits;
	const struct vc_fact_number *raw = &host->cpuid_phys_bits, *shown = &host->cpu_phys_bits;
	const struct vc_fact_flag *encryption = &host->cpu_memory_encryption;
	uint64_t bits;

	derive_encryption(host, &reduction);
	if (vc_known(&raw->fact) && encryption->fact.state == VC_KNOWN &&
	    (!encryption->value || vc_known(&reduction.fact))) {
		bits = raw->value;
		if (encryption->value)
			bits = reduction.value < bits ? bits - reduction.value : 0;
		/* CPUID was asked of one CPU. Where CPUs differ, the narrowest is in /proc/cpuinfo. */
		if (vc_known(&shown->fact) && vc_known(&host->cpu_phys_bits_widest.fact) &&
		    shown->value != host->cpu_phys_bits_widest.value && shown->value < bits)
			vc_set_number(usable, shown->value, "/proc/cpuinfo address sizes, the narrowest CPU");
		else if (bits > 0 && bits <= 64)
			vc_set_number(
				usable, bits,
				encryption->value
					? "CPUID 0x80000008, less CPUID 0x8000001f EBX 11:6 or MSR 0x982"
					: "CPUID 0x80000008; memory encryption takes nothing");
		else
			vc_set_unreadable(&usable->fact, VC_EGARBLED, raw->fact.from);
	} else if (vc_known(&shown->fact)) {
		vc_set_number(usable, shown->value,
			      "/proc/cpuinfo address sizes: what the kernel left after memory encryption");
	} else {
		vc_set_unknown_like(&usable->fact, vc_known(&raw->fact) ? &shown->fact : &raw->fact);
	}
}

/*
 * Firmware switched virtualization off and locked it.
 * [linux 6.12 arch/x86/kernel/cpu/feat_ctl.c init_ia32_feat_ctl, amd.c init_amd]
 */
void
vc_host_derive_firmware_lock(struct vc_host *host)
{
	struct vc_fact_flag *fact = &host->kvm_firmware_disabled;
	const struct vc_fact_number *control = &host->msr_feature_control, *vm_cr = &host->msr_vm_cr;
	const struct vc_fact_flag *hypervisor = &host->cpu_hypervisor;

	if (!vc_known(&hypervisor->fact)) {
		vc_set_unknown_like(&fact->fact, &hypervisor->fact);
	} else if (hypervisor->value) {
		/* The registers of a virtual CPU say what the outer hypervisor offers, not what firmware did.
		 */
		vc_set_unreadable(&fact->fact, EOPNOTSUPP, "/proc/cpuinfo flag hypervisor");
	} else if (vc_known(&host->cpuid_virtualization.fact) && !host->cpuid_virtualization.value) {
		/* FEATURE_CONTROL is locked without bit 2 on CPUs that never had VMX as well. */
		vc_set_flag(fact, false, host->cpuid_virtualization.fact.from);
	} else if (vc_cpu_is_intel(host)) {
		if (vc_known(&control->fact)) {
			bool off = bit(control->value, FEATURE_CONTROL_LOCKED) &&
				   !bit(control->value, FEATURE_CONTROL_VMX_OUTSIDE_SMX);

			/* Inside SMX is enough for a kernel that Trusted Boot started: then its flag stays.
			 */
			if (bit(control->value, FEATURE_CONTROL_VMX_INSIDE_SMX) &&
			    vc_known(&host->cpu_virtualization.fact) && host->cpu_virtualization.value)
				off = false;
			vc_set_flag(fact, off, control->fact.from);
		} else if (control->fact.state == VC_ABSENT) {
			vc_set_flag(fact, false, control->fact.from);
		} else {
			vc_set_unknown_like(&fact->fact, &control->fact);
		}
	} else if (vc_cpu_is_amd(host)) {
		if (vc_known(&vm_cr->fact))
			vc_set_flag(fact, bit(vm_cr->value, VM_CR_SVM_DISABLE), vm_cr->fact.from);
		else if (vm_cr->fact.state == VC_ABSENT)
			vc_set_flag(fact, false, vm_cr->fact.from);
		else
			vc_set_unknown_like(&fact->fact, &vm_cr->fact);
	} else {
		vc_set_absent(&fact->fact, "neither an Intel nor an AMD CPU");
	}
}
