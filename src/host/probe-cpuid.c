/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CPUID, asked of the CPU this program happens to run on: the leaves below do not differ between the CPUs of
 * a host as far as vhostcheck uses them (the widths of hybrids come from /proc/cpuinfo).
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/macro.h"
#include "host/probe.h"

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

/* [amd 40332 E.4, intel SDM 2A CPUID] */
#define LEAF_FEATURES 0x1u
#define LEAF_EXTENDED_MAX 0x80000000u
#define LEAF_EXTENDED_FEATURES 0x80000001u
#define LEAF_SIZES 0x80000008u
#define LEAF_ENCRYPTION 0x8000001fu

enum { EAX, EBX, ECX, EDX, REGISTERS };

struct leaf {
	bool there;
	uint64_t value[REGISTERS];
};

struct leaves {
	struct leaf features, maximum, extended, sizes, encryption;
};

/* "LEAF EAX EBX ECX EDX" in hexadecimal, a line each. */
static int
ask_cpuid(void *context _unused_, struct vc_buf *answer)
{
#if defined(__x86_64__) || defined(__i386__)
	static const unsigned leaf[] = { LEAF_FEATURES, LEAF_EXTENDED_MAX, LEAF_EXTENDED_FEATURES, LEAF_SIZES,
					 LEAF_ENCRYPTION };

	for (size_t i = 0; i < VC_COUNT(leaf); i++) {
		unsigned a, b, c, d;

		if ((unsigned)__get_cpuid_max(leaf[i] & 0x80000000u, NULL) < leaf[i])
			continue;
		__cpuid_count(leaf[i], 0, a, b, c, d);
		/* EBX 31:24 of leaf 1 is the APIC id of the CPU that answered: it would differ from run to
		 * run. */
		if (leaf[i] == LEAF_FEATURES)
			b &= 0xffffffu;
		vc_buf_addf(answer, "%08x %08x %08x %08x %08x\n", leaf[i], a, b, c, d);
	}
	return 0;
#else
	(void)answer;
	return -EOPNOTSUPP;
#endif
}

static int
parse_leaves(struct vc_span rest, struct leaves *leaves)
{
	struct vc_span line, word;

	while (vc_span_line(&rest, &line)) {
		struct leaf leaf = { .there = true }, *into;
		uint64_t number;

		if (!vc_span_word(&line, &word))
			continue;
		if (vc_span_number(word, VC_BASE_HEX, &number) < 0)
			return -EBADMSG;
		for (size_t i = 0; i < REGISTERS; i++) {
			if (!vc_span_word(&line, &word) ||
			    vc_span_number(word, VC_BASE_HEX, &leaf.value[i]) < 0 ||
			    leaf.value[i] > UINT32_MAX)
				return -EBADMSG;
		}
		switch (number) {
		case LEAF_FEATURES:
			into = &leaves->features;
			break;
		case LEAF_EXTENDED_MAX:
			into = &leaves->maximum;
			break;
		case LEAF_EXTENDED_FEATURES:
			into = &leaves->extended;
			break;
		case LEAF_SIZES:
			into = &leaves->sizes;
			break;
		case LEAF_ENCRYPTION:
			into = &leaves->encryption;
			break;
		default:
			continue;
		}
		*into = leaf;
	}
	return 0;
}

struct bits {
	size_t offset; /* of the vc_fact_number in the host */
	size_t leaf;   /* of the struct leaf in the leaves */
	unsigned number, reg, shift, width;
	const char *from;
};

#define BITS(member, leaf_, number_, reg_, shift_, width_, from_)                                            \
	{                                                                                                    \
		.offset = offsetof(struct vc_host, member), .leaf = offsetof(struct leaves, leaf_),          \
		.number = number_, .reg = reg_, .shift = shift_, .width = width_, .from = from_              \
	}

static const struct bits bits[] = {
	BITS(cpuid_phys_bits, sizes, LEAF_SIZES, EAX, 0, 8, "CPUID 0x80000008 EAX 7:0"),
	BITS(cpuid_guest_phys_bits, sizes, LEAF_SIZES, EAX, 16, 8, "CPUID 0x80000008 EAX 23:16"),
	BITS(cpuid_encryption, encryption, LEAF_ENCRYPTION, EAX, 0, 32, "CPUID 0x8000001f EAX"),
	BITS(cpuid_encryption_bit, encryption, LEAF_ENCRYPTION, EBX, 0, 6, "CPUID 0x8000001f EBX 5:0"),
	BITS(cpuid_phys_bits_reduction, encryption, LEAF_ENCRYPTION, EBX, 6, 6, "CPUID 0x8000001f EBX 11:6"),
	BITS(cpuid_encryption_asids, encryption, LEAF_ENCRYPTION, ECX, 0, 32, "CPUID 0x8000001f ECX"),
	BITS(cpuid_encryption_first_sev, encryption, LEAF_ENCRYPTION, EDX, 0, 32, "CPUID 0x8000001f EDX"),
};

static void
set_bits(const struct leaves *leaves, const struct bits *row, struct vc_host *host)
{
	struct vc_fact_number *fact = (void *)((char *)host + row->offset);
	const struct leaf *leaf = (const void *)((const char *)leaves + row->leaf);

	if (leaf->there)
		vc_set_number(fact, leaf->value[row->reg] >> row->shift & ((UINT64_C(1) << row->width) - 1),
			      row->from);
	else if (leaves->maximum.there && leaves->maximum.value[EAX] < row->number)
		vc_set_absent(&fact->fact, row->from);
	else
		vc_set_unreadable(&fact->fact, VC_ENOTCOLLECTED, row->from);
}

/* The hardware's own word: the kernel clears the flags in /proc/cpuinfo when firmware locked them out. */
static void
set_virtualization(const struct leaves *leaves, struct vc_host *host)
{
	const char *vmx = "CPUID 0x1 ECX 5", *svm = "CPUID 0x80000001 ECX 2";

	if (leaves->features.there && leaves->features.value[ECX] >> 5 & 1)
		vc_set_flag(&host->cpuid_virtualization, true, vmx);
	else if (leaves->extended.there && leaves->extended.value[ECX] >> 2 & 1)
		vc_set_flag(&host->cpuid_virtualization, true, svm);
	else if (leaves->features.there && leaves->extended.there)
		vc_set_flag(&host->cpuid_virtualization, false, "CPUID 0x1 ECX 5, 0x80000001 ECX 2");
	else
		vc_set_unreadable(&host->cpuid_virtualization.fact, VC_ENOTCOLLECTED, vmx);
}

/*
 * A tree without CPUID may still tell the width of the hardware: the kernel prints it less what memory encryption
 * takes, and takes nothing where it shows none of these flags [linux 6.12 arch/x86/kernel/cpu/amd.c
 * early_detect_mem_encrypt, arch/x86/kernel/cpu/intel.c detect_tme_early].
 */
static void
fall_back_on_cpuinfo(struct vc_host *host)
{
	static const char *const taker[] = { "sme", "sev", "tme" };

	if (!vc_known(&host->cpu_flags.fact) || !vc_known(&host->cpu_phys_bits.fact) ||
	    !vc_known(&host->cpu_phys_bits_widest.fact) ||
	    host->cpu_phys_bits.value != host->cpu_phys_bits_widest.value)
		return;
	for (size_t i = 0; i < VC_COUNT(taker); i++) {
		if (vc_set_has(&host->cpu_flags, taker[i]))
			return;
	}
	vc_set_number(&host->cpuid_phys_bits, host->cpu_phys_bits.value,
		      "/proc/cpuinfo, without flags of memory encryption");
}

void
vc_probe_cpuid(struct vc_hostfs *fs, const struct vc_host_request *request _unused_, struct vc_host *host)
{
	struct vc_answer answer = vc_hostfs_ask(fs, "cpuid", ask_cpuid, NULL);
	struct leaves leaves = { .maximum = { .there = false } };

	if (vc_known(&answer.fact) && parse_leaves(vc_span_of(&answer), &leaves) < 0)
		vc_set_unreadable(&answer.fact, VC_EGARBLED, "CPUID");
	/* An architecture without CPUID has none of this, whoever asks. */
	if (answer.fact.state == VC_UNREADABLE && answer.fact.err == EOPNOTSUPP)
		vc_set_absent(&answer.fact, "CPUID");
	if (!vc_known(&answer.fact)) {
		for (size_t i = 0; i < VC_COUNT(bits); i++)
			vc_set_unknown_like((void *)((char *)host + bits[i].offset), &answer.fact);
		vc_set_unknown_like(&host->cpuid_virtualization.fact, &answer.fact);
		fall_back_on_cpuinfo(host);
		return;
	}
	for (size_t i = 0; i < VC_COUNT(bits); i++)
		set_bits(&leaves, &bits[i], host);
	set_virtualization(&leaves, host);
}
