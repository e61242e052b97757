/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A run made by hand, as plain data: one domain with an IOMMU that is too wide, a host that knows a little, and a
 * rule for it. What the reports make of it is what the tests look at.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <libxml/parser.h>
#include <stdio.h>
#include <string.h>

#include "report/fix-text.h"
#include "report/report.h"

#define SAMPLE_DOMAIN                                                  \
	"<domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>\n" \
	"  <name>win11</name>\n"                                         \
	"  <memory unit='KiB'>8388608</memory>\n"                        \
	"  <features>\n    <acpi/>\n    <!-- keep -->\n    <hyperv mode='custom'/>\n  </features>\n" \
	"  <devices>\n"                                                  \
	"    <emulator>/usr/bin/qemu-system-x86_64</emulator>\n"         \
	"    <iommu model='intel'>\n"                                    \
	"      <driver intremap='on' caching_mode='on'/>\n"              \
	"    </iommu>\n"                                                 \
	"  </devices>\n"                                                 \
	"  <qemu:commandline>\n    <qemu:arg value='-s'/>\n  </qemu:commandline>\n" \
	"</domain>\n"

struct sample {
	struct vc_arena *arena;
	struct vc_host host;
	struct vc_guest guest;
	struct vc_viommu iommu;
	struct vc_rule rule;
	struct vc_says says[2];
	struct vc_fix fix[4];
	struct vc_action action[4];
	struct vc_finding finding[8];
	struct vc_findings findings;
	struct vc_report_subject subject[2];
	struct vc_report report;
	struct vc_buf out;
};

static inline const xmlNode *
sample_child(const void *parent, const char *name)
{
	for (const xmlNode *child = ((const xmlNode *)parent)->children; child; child = child->next) {
		if (child->type == XML_ELEMENT_NODE && strcmp((const char *)child->name, name) == 0)
			return child;
	}
	fail_msg("no element %s", name);
	return NULL;
}

/* Template parts from text and one fact. */
static inline struct vc_template_part
sample_fact_part(struct vc_arena *arena, enum vc_root root, const struct vc_schema *schema, const char *name,
		 const char *text)
{
	const struct vc_field *field = vc_schema_find(schema, name);
	struct vc_path *path;

	assert_non_null(field);
	path = vc_arena_make(arena, struct vc_path);
	*path = (struct vc_path){ .root = root, .steps = 1, .step = { field }, .text = text };
	return (struct vc_template_part){ .path = path, .unit = field->unit };
}

static inline struct vc_template
sample_template(struct vc_arena *arena, const char *before, const struct vc_template_part *fact, const char *after)
{
	struct vc_template_part *part = vc_arena_make_array(arena, 3, struct vc_template_part);
	size_t count = 0;

	if (before)
		part[count++] = (struct vc_template_part){ .text = before };
	if (fact)
		part[count++] = *fact;
	if (after)
		part[count++] = (struct vc_template_part){ .text = after };
	return (struct vc_template){ .part = part, .count = count };
}

static inline struct vc_template
sample_text(struct vc_arena *arena, const char *text)
{
	return sample_template(arena, text, NULL, NULL);
}

static const char *const sample_sources[] = { "qemu 10.0.13 hw/i386/intel_iommu.c vtd_check_hiod" };

static inline void
sample_init(struct sample *s)
{
	static const struct vc_evidence evidence[] = {
		{ .fact = "host.iommu.aw_bits", .value = "39", .from = "/sys/class/iommu/dmar0/intel-iommu/cap" },
	};
	struct vc_template_part width;
	xmlDoc *doc;

	*s = (struct sample){ .arena = vc_arena_new() };
	doc = xmlReadMemory(SAMPLE_DOMAIN, (int)strlen(SAMPLE_DOMAIN), "win11.xml", NULL, XML_PARSE_NONET);
	assert_non_null(doc);
	s->guest.file = "win11.xml";
	s->guest.doc = doc;
	s->guest.root = xmlDocGetRootElement(doc);
	vc_set_text(&s->guest.name, "win11", "/domain/name");
	vc_set_absent(&s->guest.uuid.fact, "/domain/uuid");
	vc_set_version(&s->guest.qemu_version, (struct vc_version){ { 10, 0, 13 } }, "--qemu-version");
	vc_set_text(&s->host.kernel_release, "6.12.107+deb13-amd64", "uname");
	vc_set_number(&s->host.iommu_aw_bits, 39, "/sys/class/iommu/dmar0/intel-iommu/cap");
	vc_set_unreadable(&s->host.msr_test_ctrl.fact, EACCES, "/dev/cpu/0/msr");
	vc_set_number(&s->iommu.aw_bits, 48, "default");

	width = sample_fact_part(s->arena, VC_ROOT_HOST, &vc_schema_host, "host.iommu.aw_bits", "host.iommu.aw_bits");
	s->action[0] = (struct vc_action){
		.verb = VC_VERB_SET,
		.select = "driver",
		.attribute = "aw_bits",
		.value = sample_template(s->arena, NULL, &width, NULL),
	};
	s->fix[0] = (struct vc_fix){
		.who = VC_WHO_DOMAIN,
		.safe = true,
		.summary = sample_template(s->arena, "limit the guest IOMMU to ", &width, " bits"),
		.action = &s->action[0],
		.actions = 1,
	};
	s->says[0] = (struct vc_says){ .text = sample_template(s->arena, "the host translates ", &width, " bits") };
	s->rule = (struct vc_rule){
		.id = "viommu-aw-bits",
		.topic = "iommu",
		.file = "rules/iommu/viommu-aw-bits.xml",
		.since = "0.1",
		.severity = VC_ERROR,
		.confidence = VC_PROVEN,
		.title = "The guest IOMMU is wider than the host IOMMU",
		.says = s->says,
		.says_count = 1,
		.why = "QEMU compares the two when the device is attached,\n  and refuses to start the guest.\n\n"
		       "The default changed in 10.0.",
		.fix = s->fix,
		.fixes = 1,
		.source = sample_sources,
		.sources = 1,
	};
	s->finding[0] = (struct vc_finding){
		.rule = &s->rule,
		.outcome = VC_FAIL,
		.each = &s->iommu,
		.message = "the guest IOMMU offers 48 address bits, the host translates 39",
		.place = { .line = 12, .xpath = "/domain/devices/iommu",
			   .node = sample_child(sample_child(s->guest.root, "devices"), "iommu") },
		.evidence = evidence,
		.evidences = 1,
	};
	s->findings = (struct vc_findings){ .item = s->finding, .count = 1, .passed = 31, .skipped = 96 };
	s->subject[0] = (struct vc_report_subject){ .guest = &s->guest, .findings = &s->findings };
	s->report = (struct vc_report){
		.arena = s->arena,
		.host = &s->host,
		.source = VC_HOSTFS_CAPTURE,
		.root = "hosts/intel39",
		.subject = s->subject,
		.subjects = 1,
	};
}

static inline void
sample_release(struct sample *s)
{
	xmlFreeDoc((xmlDoc *)(uintptr_t)s->guest.doc);
	vc_buf_release(&s->out);
	vc_arena_free(s->arena);
}

/* Adds an undecided outcome. */
static inline void
sample_add_undecided(struct sample *s, const struct vc_rule *rule, const char *fact, const char *from)
{
	s->finding[s->findings.count++] = (struct vc_finding){
		.rule = rule,
		.outcome = VC_UNDECIDED,
		.unknown_fact = fact,
		.unknown_reason = "permission denied",
		.unknown_from = from,
		.unknown_hint = "run as root",
	};
}

static inline void
assert_contains(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("'%s' is not in:\n%s", part, text);
}

static inline void
assert_lacks(const char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("'%s' is in:\n%s", part, text);
}
