/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule-helper.h"

#include <errno.h>
#include <libxml/parser.h>
#include <libxml/tree.h>

#include "rules/fact-name.h"
#include "rules/names.h"

/* A host with two devices and a guest with two of them assigned. */
struct fixture {
	struct vc_arena *arena;
	struct vc_host host;
	struct vc_guest guest;
	struct vc_models models;
};

static struct vc_pci *
pci_of(struct fixture *f, size_t index)
{
	return (struct vc_pci *)f->host.pci.item + index;
}

static struct vc_hostdev *
hostdev_of(struct fixture *f, size_t index)
{
	return (struct vc_hostdev *)f->guest.hostdev.item + index;
}

static int
setup(void **state)
{
	static const char *const address[] = { "0000:01:00.0", "0000:02:00.0" };
	struct vc_arena *arena = vc_arena_new();
	struct fixture *f = vc_arena_make(arena, struct fixture);
	struct vc_iommu_group *group;

	f->arena = arena;
	f->models = (struct vc_models){ .host = &f->host, .guest = &f->guest };
	group = vc_list_append(arena, &f->host.iommu_group, sizeof(*group), "/sys/kernel/iommu_groups");
	vc_set_number(&group->id, 15, "/sys/kernel/iommu_groups");
	vc_set_text(&group->type, "DMA-FQ", "/sys/kernel/iommu_groups/15/type");
	for (size_t i = 0; i < 2; i++) {
		struct vc_pci *pci =
			vc_list_append(arena, &f->host.pci, sizeof(*pci), "/sys/bus/pci/devices");

		vc_set_text(&pci->address, address[i], "/sys/bus/pci/devices");
		vc_set_text(&pci->driver, i == 0 ? "nvidia" : "vfio-pci",
			    i == 0 ? "/sys/a/driver" : "/sys/b/driver");
	}
	vc_set_ref(&pci_of(f, 0)->group, group, "/sys/a/iommu_group");
	for (size_t i = 0; i < 2; i++) {
		struct vc_hostdev *dev =
			vc_list_append(arena, &f->guest.hostdev, sizeof(*dev), "/domain/devices");

		dev->place = (struct vc_place){ .line = 40 + 10 * (int)i,
						.xpath = i ? "/d/hostdev[2]" : "/d/hostdev[1]" };
		vc_set_text(&dev->address, address[i], "/d/address");
		vc_set_ref(&dev->device, pci_of(f, i), "/sys/bus/pci/devices");
		vc_set_flag(&dev->managed, true, "default");
	}
	vc_set_number(&f->guest.memory, UINT64_C(4) << 30, "/domain/memory");
	f->guest.memory.fact.line = 7;
	vc_set_absent(&f->guest.loader.fact, "/domain/os/loader");
	vc_set_flag(&f->guest.hugepages, false, "default");
	vc_set_unreadable(&f->host.msr_test_ctrl.fact, EACCES, "/dev/cpu/0/msr");
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	vc_arena_free(f->arena);
	return 0;
}

/* Evaluates rules given as id and body, sorted by id. */
struct text_rule {
	const char *id, *attributes, *body;
};

static struct vc_ruleset
rules_of(struct fixture *f, const struct text_rule *rule, size_t count)
{
	const struct vc_rule **list = vc_arena_make_array(f->arena, count, const struct vc_rule *);

	for (size_t i = 0; i < count; i++) {
		const char *text = vc_arena_printf(
			f->arena, "<rule id='%s' since='0.1' confidence='proven' %s>%s%s", rule[i].id,
			rule[i].attributes ? rule[i].attributes : "severity='error'", rule[i].body, TAIL);

		list[i] = load_good(f->arena, rule[i].id, text);
	}
	return (struct vc_ruleset){ .rule = list, .count = count };
}

static struct vc_findings
evaluate(struct fixture *f, const struct text_rule *rule, size_t count)
{
	const struct vc_ruleset rules = rules_of(f, rule, count);
	struct vc_findings findings;

	vc_rules_evaluate(&rules, &f->models, NULL, 0, f->arena, &findings);
	return findings;
}
#define EVALUATE(f, ...)                                                                                     \
	evaluate((f), (const struct text_rule[]){ __VA_ARGS__ },                                             \
		 VC_COUNT(((const struct text_rule[]){ __VA_ARGS__ })))

/* "a fail, b undecided": the order in which findings are shown. */
static const char *
summary(struct fixture *f, const struct vc_findings *findings)
{
	struct vc_buf buf = { 0 };
	const char *text;

	for (size_t i = 0; i < findings->count; i++) {
		const struct vc_finding *finding = &findings->item[i];

		vc_buf_addf(&buf, "%s%s %s", i ? ", " : "", finding->rule->id,
			    vc_outcome_name(finding->outcome));
		if (finding->suppressed_by)
			vc_buf_addf(&buf, " by %s", finding->suppressed_by);
	}
	vc_buf_addf(&buf, "; %zu passed, %zu skipped", findings->passed, findings->skipped);
	text = vc_arena_strdup(f->arena, buf.text);
	vc_buf_release(&buf);
	return text;
}

#define SAYS "<says>s</says>"

static void
outcomes(void **state)
{
	static const struct {
		const char *body, *summary;
	} cases[] = {
		{ .body = "<fails>yes</fails>" SAYS, .summary = "x fail; 0 passed, 0 skipped" },
		{ .body = "<fails>no</fails>" SAYS, .summary = "; 1 passed, 0 skipped" },
		{ .body = "<fails>host.cpu.count > 1</fails>" SAYS,
		  .summary = "x undecided; 0 passed, 0 skipped" },
		{ .body = "<applies>no</applies><fails>yes</fails>" SAYS,
		  .summary = "; 0 passed, 1 skipped" },
		{ .body = "<applies>no</applies><fails>host.cpu.count > 1</fails>" SAYS,
		  .summary = "; 0 passed, 1 skipped" },
		{ .body = "<applies>host.cpu.count > 1</applies><fails>yes</fails>" SAYS,
		  .summary = "x undecided; 0 passed, 0 skipped" },
		/* Whether it applies or not: it does not fail. */
		{ .body = "<applies>host.cpu.count > 1</applies><fails>no</fails>" SAYS,
		  .summary = "; 1 passed, 0 skipped" },
		{ .body = "<applies>host.cpu.count > 1</applies><fails>host.cpu.count > 1</fails>" SAYS,
		  .summary = "x undecided; 0 passed, 0 skipped" },
		/* Per record. */
		{ .body = "<each>guest.hostdev</each><fails>each.device.driver == 'nvidia'</fails>" SAYS,
		  .summary = "x fail; 1 passed, 0 skipped" },
		{ .body = "<each>guest.hostdev</each><applies>each.device.driver == "
			  "'nvidia'</applies><fails>yes</fails>" SAYS,
		  .summary = "x fail; 0 passed, 1 skipped" },
		{ .body = "<each>guest.hostdev</each><fails>each.device.group.type == 'DMA-FQ'</fails>" SAYS,
		  .summary = "x fail, x undecided; 0 passed, 0 skipped" },
		{ .body = "<each>guest.hostdev</each><fails>each.managed</fails>" SAYS,
		  .summary = "x fail, x fail; 0 passed, 0 skipped" },
		/* A host list. */
		{ .body = "<each>host.pci.device</each><fails>each.driver == 'nvidia'</fails>" SAYS,
		  .summary = "x fail; 1 passed, 0 skipped" },
		/* A list that is not known: nobody can say that there is no record. */
		{ .body = "<each>guest.iommu</each><fails>each.caching_mode</fails>" SAYS,
		  .summary = "x undecided; 0 passed, 0 skipped" },
		{ .body = "<each>guest.iommu</each><applies>guest.hugepages</"
			  "applies><fails>each.caching_mode</fails>" SAYS,
		  .summary = "; 0 passed, 1 skipped" },
	};

	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		struct vc_findings findings = EVALUATE(*state, { .id = "x", .body = cases[i].body });

		assert_string_equal(summary(*state, &findings), cases[i].summary);
	}
}

/* The first that is certain; what is not known chooses nothing. */
static void
says_what_fits(void **state)
{
	static const struct {
		const char *says, *message;
	} cases[] = {
		{ .says = "<says when='guest.memory > 8GiB'>a</says><says when='guest.memory > 2GiB'>b</says>"
			  "<says when='guest.memory > 1GiB'>c</says><says>d</says>", .message = "b" },
		{ .says = "<says when='guest.hugepages'>a</says><says>b</says>", .message = "b" },
		{ .says = "<says when='host.cpu.count > 1'>a</says><says when='not (host.cpu.count > 1)'>b</says>"
			  "<says>c</says>", .message = "c" },
	};

	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		const char *body = vc_arena_printf(((struct fixture *)*state)->arena, "<fails>yes</fails>%s", cases[i].says);
		struct vc_findings findings = EVALUATE(*state, { .id = "x", .body = body });

		assert_string_equal(findings.item[0].message, cases[i].message);
	}
}

static void
empty_lists(void **state)
{
	struct fixture *f = *state;
	const char *body = "<each>guest.iommu</each><fails>each.caching_mode</fails>" SAYS;
	struct vc_findings findings;

	f->guest.iommu.fact.state = VC_KNOWN;
	findings = EVALUATE(f, { .id = "x", .body = body });
	assert_string_equal(summary(f, &findings), "; 0 passed, 1 skipped");
	vc_set_absent(&f->guest.iommu.fact, "x");
	findings = EVALUATE(f, { .id = "x", .body = body });
	assert_string_equal(summary(f, &findings), "; 0 passed, 1 skipped");
	vc_set_unreadable(&f->guest.iommu.fact, EIO, "/x");
	findings = EVALUATE(f, { .id = "x", .body = body });
	assert_string_equal(summary(f, &findings), "x undecided; 0 passed, 0 skipped");
	assert_string_equal(findings.item[0].unknown_fact, "guest.iommu");
	assert_string_equal(findings.item[0].unknown_reason, "read error");
	assert_null(findings.item[0].each);
	/* It is not the list that is in the way here. */
	findings = EVALUATE(f, { .id = "x",
				 .body = "<each>guest.iommu</each><applies>host.cpu.count > "
					 "1</applies><fails>each.caching_mode</fails>" SAYS });
	assert_string_equal(findings.item[0].unknown_fact, "host.cpu.count");
	assert_string_equal(findings.item[0].unknown_reason, "not read");
}

static void
shows_a_failure(void **state)
{
	struct fixture *f = *state;
	struct vc_findings findings = EVALUATE(
		f,
		{ .id = "x",
		  .body = "<each>guest.hostdev</each><applies>each.managed and guest.memory > 1</applies>"
			  "<fails>each.device.driver != 'vfio-pci' or each.device.group.type == 'x'</fails>"
			  "<device>each.device.address</device><says>{each.address}: {each.device.driver}, "
			  "{host.msr.test_ctrl}</says>" });
	const struct vc_finding *finding = &findings.item[0];
	static const struct vc_evidence evidence[] = {
		{ .fact = "guest.hostdev[0].managed", .value = "yes", .from = "default" },
		{ .fact = "guest.memory", .value = "4 GiB", .from = "/domain/memory" },
		{ .fact = "host.pci.device[0000:01:00.0].driver",
		  .value = "nvidia",
		  .from = "/sys/a/driver" },
		{ .fact = "host.iommu.group[15].type",
		  .value = "DMA-FQ",
		  .from = "/sys/kernel/iommu_groups/15/type" },
	};

	/* The second device is on vfio-pci, and in no group that anybody looked at. */
	assert_string_equal(summary(f, &findings), "x fail, x undecided; 0 passed, 0 skipped");
	assert_string_equal(finding->message, "0000:01:00.0: nvidia, (permission denied)");
	assert_string_equal(finding->device, "0000:01:00.0");
	assert_int_equal(finding->place.line, 40);
	assert_string_equal(finding->place.xpath, "/d/hostdev[1]");
	assert_ptr_equal(finding->each, hostdev_of(f, 0));
	assert_int_equal(finding->evidences, VC_COUNT(evidence));
	for (size_t i = 0; i < VC_COUNT(evidence); i++) {
		assert_string_equal(finding->evidence[i].fact, evidence[i].fact);
		assert_string_equal(finding->evidence[i].value, evidence[i].value);
		assert_string_equal(finding->evidence[i].from, evidence[i].from);
	}
	finding = &findings.item[1];
	assert_null(finding->message);
	assert_string_equal(finding->unknown_fact, "host.pci.device[0000:02:00.0].group");
	assert_string_equal(finding->unknown_reason, "not read");
	assert_int_equal(finding->evidences, 3);
}

static void
shows_a_doubt(void **state)
{
	struct fixture *f = *state;
	struct vc_findings findings;

	findings = EVALUATE(f, { .id = "x", .body = "<fails>bit(host.msr.test_ctrl, 29)</fails>" SAYS });
	assert_string_equal(findings.item[0].unknown_fact, "host.msr.test_ctrl");
	assert_string_equal(findings.item[0].unknown_reason, "permission denied");
	assert_string_equal(findings.item[0].unknown_from, "/dev/cpu/0/msr");
	assert_string_equal(findings.item[0].unknown_hint,
			    vc_area_hint(VC_AREA_MSR, &f->host.msr_test_ctrl.fact));

	findings = EVALUATE(f, { .id = "x", .body = "<fails>guest.memory - 8GiB > 0</fails>" SAYS });
	assert_string_equal(findings.item[0].unknown_fact, "guest.memory");
	assert_string_equal(findings.item[0].unknown_reason, "a sum does not fit 64 bits");

	findings = EVALUATE(f, { .id = "x", .body = "<fails>guest.loader == '/x'</fails>" SAYS });
	assert_string_equal(findings.item[0].unknown_fact, "guest.loader");
	assert_string_equal(findings.item[0].unknown_reason, "absent");
}

/* The same missing answer is one question, whatever the number of records; different ones are several. */
static void
merges_doubts(void **state)
{
	struct fixture *f = *state;
	struct vc_findings findings;

	findings = EVALUATE(f, { .id = "x",
				 .body = "<each>guest.hostdev</each><fails>each.managed and host.cpu.count > "
					 "1</fails>" SAYS });
	assert_string_equal(summary(f, &findings), "x undecided; 0 passed, 0 skipped");
	findings = EVALUATE(
		f,
		{ .id = "x",
		  .body = "<each>guest.hostdev</each><fails>each.device.numa_node == 1</fails>" SAYS },
		{ .id = "y",
		  .body = "<each>guest.hostdev</each><fails>each.managed and host.cpu.count > "
			  "1</fails>" SAYS });
	assert_string_equal(summary(f, &findings),
			    "x undecided, x undecided, y undecided; 0 passed, 0 skipped");

	/* Facts of several records that one file leaves open, for one reason. */
	static const struct text_rule by_node = {
		.id = "x", .body = "<each>guest.hostdev</each><fails>each.device.numa_node == 1</fails>" SAYS
	};
	vc_set_unreadable(&pci_of(f, 0)->numa_node.fact, EACCES, "/sys/nodes");
	vc_set_unreadable(&pci_of(f, 1)->numa_node.fact, EACCES, "/sys/nodes");
	findings = evaluate(f, &by_node, 1);
	assert_string_equal(summary(f, &findings), "x undecided; 0 passed, 0 skipped");
	assert_string_equal(findings.item[0].unknown_fact, "host.pci.device[0000:01:00.0].numa_node");
	vc_set_unreadable(&pci_of(f, 1)->numa_node.fact, EIO, "/sys/nodes");
	findings = evaluate(f, &by_node, 1);
	assert_string_equal(summary(f, &findings), "x undecided, x undecided; 0 passed, 0 skipped");
	vc_set_unreadable(&pci_of(f, 1)->numa_node.fact, EACCES, "/sys/other");
	findings = evaluate(f, &by_node, 1);
	assert_string_equal(summary(f, &findings), "x undecided, x undecided; 0 passed, 0 skipped");
}

static void
orders(void **state)
{
	struct fixture *f = *state;
	struct vc_findings findings;

	hostdev_of(f, 0)->place.line = 90;
	findings =
		EVALUATE(f, { .id = "a", .attributes = "severity='info'", .body = "<fails>yes</fails>" SAYS },
			 { .id = "b",
			   .attributes = "severity='error'",
			   .body = "<fails>host.cpu.count > 1</fails>" SAYS },
			 { .id = "c",
			   .attributes = "severity='error'",
			   .body = "<each>guest.hostdev</each><fails>each.managed</"
				   "fails><says>{each.address}</says>" },
			 { .id = "d",
			   .attributes = "severity='warning'",
			   .body = "<fails>yes</fails>" SAYS "<supersedes>g</supersedes>" },
			 { .id = "e", .attributes = "severity='error'", .body = "<fails>yes</fails>" SAYS },
			 { .id = "f",
			   .attributes = "severity='info'",
			   .body = "<fails>host.cpu.count > 1</fails>" SAYS },
			 { .id = "g", .attributes = "severity='error'", .body = "<fails>yes</fails>" SAYS });
	assert_string_equal(
		summary(f, &findings),
		"c fail, c fail, e fail, d fail, a fail, b undecided, f undecided, g suppressed by d; "
		"0 passed, 0 skipped");
	assert_string_equal(findings.item[0].message, "0000:02:00.0");
	assert_string_equal(findings.item[1].message, "0000:01:00.0");
}

#define PER_DEVICE(condition)                                                                                \
	"<each>guest.hostdev</each><fails>" condition "</fails><device>each.address</device>" SAYS

static void
supersedes(void **state)
{
	static const struct {
		const char *special, *general, *summary;
	} cases[] = {
		/* Of the domain as a whole. */
		{ .special = "<fails>yes</fails>",
		  .general = "<fails>yes</fails>" SAYS,
		  .summary = "a fail, b suppressed by a; 0 passed, 0 skipped" },
		/* A doubt is explained as well. */
		{ .special = "<fails>yes</fails>",
		  .general = "<fails>host.cpu.count > 1</fails>" SAYS,
		  .summary = "a fail, b suppressed by a; 0 passed, 0 skipped" },
		/* A doubt explains nothing, and neither does what passes. */
		{ .special = "<fails>host.cpu.count > 1</fails>",
		  .general = "<fails>yes</fails>" SAYS,
		  .summary = "b fail, a undecided; 0 passed, 0 skipped" },
		{ .special = "<fails>no</fails>",
		  .general = "<fails>yes</fails>" SAYS,
		  .summary = "b fail; 1 passed, 0 skipped" },
		/* Of one device, where both name one. */
		{ .special = "<each>guest.hostdev</each><fails>each.device.driver == "
			     "'nvidia'</fails><device>each.address</device>",
		  .general = PER_DEVICE("each.managed"),
		  .summary = "a fail, b fail, b suppressed by a; 1 passed, 0 skipped" },
		{ .special = "<each>guest.hostdev</each><fails>each.device.driver == 'nvidia'</fails>",
		  .general = PER_DEVICE("each.managed"),
		  .summary = "a fail, b suppressed by a, b suppressed by a; 1 passed, 0 skipped" },
		{ .special = "<fails>yes</fails>",
		  .general = PER_DEVICE("each.managed"),
		  .summary = "a fail, b suppressed by a, b suppressed by a; 0 passed, 0 skipped" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		const char *special =
			vc_arena_printf(f->arena, "%s" SAYS "<supersedes>b</supersedes>", cases[i].special);
		struct vc_findings findings =
			EVALUATE(f, { .id = "a", .body = special }, { .id = "b", .body = cases[i].general });

		assert_string_equal(summary(f, &findings), cases[i].summary);
	}
}

#define FAILS_OVER(id) "<fails>yes</fails>" SAYS "<supersedes>" id "</supersedes>"

static void
supersedes_in_chains(void **state)
{
	struct fixture *f = *state;
	struct vc_findings findings;

	findings = EVALUATE(f, { .id = "a", .body = FAILS_OVER("b") }, { .id = "b", .body = FAILS_OVER("c") },
			    { .id = "c", .body = FAILS_OVER("nobody") });
	assert_string_equal(summary(f, &findings),
			    "a fail, b suppressed by a, c suppressed by b; 0 passed, 0 skipped");
	/* In a circle everything would explain everything else, and nothing would be said. */
	findings = EVALUATE(f, { .id = "a", .body = FAILS_OVER("b") }, { .id = "b", .body = FAILS_OVER("c") },
			    { .id = "c", .body = FAILS_OVER("a") },
			    { .id = "d", .body = "<fails>yes</fails>" SAYS },
			    { .id = "e", .body = FAILS_OVER("d") });
	assert_string_equal(summary(f, &findings),
			    "a fail, b fail, c fail, e fail, d suppressed by e; 0 passed, 0 skipped");
}

static void
ignores(void **state)
{
	struct fixture *f = *state;
	static const struct text_rule text[] = {
		{ .id = "a", .body = FAILS_OVER("b") },
		{ .id = "b", .body = "<fails>yes</fails>" SAYS },
		{ .id = "c", .body = "<fails>host.cpu.count > 1</fails>" SAYS },
		{ .id = "d", .body = "<fails>no</fails>" SAYS },
	};
	const struct vc_ruleset rules = rules_of(f, text, VC_COUNT(text));
	static const char *const ignore[] = { "a", "c", "d", "no-such-rule" };
	struct vc_findings findings;

	/* What is ignored hides nothing else. */
	vc_rules_evaluate(&rules, &f->models, ignore, VC_COUNT(ignore), f->arena, &findings);
	assert_string_equal(
		summary(f, &findings),
		"b fail, a suppressed by --ignore, c suppressed by --ignore; 1 passed, 0 skipped");
	/* The user's word is the reason that is shown. */
	vc_rules_evaluate(&rules, &f->models, (const char *const[]){ "b" }, 1, f->arena, &findings);
	assert_string_equal(summary(f, &findings),
			    "a fail, c undecided, b suppressed by --ignore; 1 passed, 0 skipped");
}

static struct vc_ignore *
add_ignore(struct fixture *f, const char *rule, const char *reason, const char *until)
{
	struct vc_ignore *ignore = vc_list_append(f->arena, &f->guest.ignore, sizeof(*ignore), "/domain/metadata");

	ignore->place = (struct vc_place){ .line = 3, .xpath = "/domain/metadata/c/i" };
	vc_set_text(&ignore->rule, rule, "i");
	vc_set_absent(&ignore->reason.fact, "i");
	vc_set_absent(&ignore->until.fact, "i");
	vc_set_absent(&ignore->unknown.fact, "i");
	if (reason)
		vc_set_text(&ignore->reason, reason, "i");
	if (until)
		vc_set_text(&ignore->until, until, "i");
	return ignore;
}

/* "e" tells the effect of each <ignore>. */
#define EFFECTS                                                                                              \
	{ .id = "e", .body = "<each>guest.ignore</each><fails>each.effect != 'used'</fails>"                 \
			     "<says>{each.rule}: {each.effect}</says>" }

static void
site_suppression(void **state)
{
	struct fixture *f = *state;
	static const struct vc_suppression suppression[] = {
		{ .rule = "a", .by = "the site: known" },
		{ .rule = "z", .by = "the site: not here" },
	};
	static const struct text_rule text[] = {
		{ .id = "a", .attributes = "severity='error' host-at-risk='yes'", .body = FAILS_OVER("b") },
		{ .id = "b", .body = "<fails>yes</fails>" SAYS },
	};
	static const struct text_rule own[] = {
		{ .id = "a", .body = "<fails>yes</fails>" SAYS },
		EFFECTS,
	};
	struct vc_ruleset rules = rules_of(f, text, VC_COUNT(text));
	struct vc_findings findings;

	/* The host may silence what puts it at risk; what is silenced hides nothing else. */
	f->models.suppression = suppression;
	f->models.suppressions = VC_COUNT(suppression);
	vc_rules_evaluate(&rules, &f->models, NULL, 0, f->arena, &findings);
	assert_string_equal(summary(f, &findings),
			    "b fail, a suppressed by the site: known; 0 passed, 0 skipped");
	/* So it may what is found of the domain's own suppressions. */
	rules = rules_of(f, own, VC_COUNT(own));
	add_ignore(f, "a", NULL, NULL);
	f->models.suppression = (const struct vc_suppression[]){ { .rule = "e", .by = "the site" } };
	f->models.suppressions = 1;
	vc_rules_evaluate(&rules, &f->models, NULL, 0, f->arena, &findings);
	assert_string_equal(summary(f, &findings), "a fail, e suppressed by the site; 0 passed, 0 skipped");
}

static void
domain_suppression(void **state)
{
	struct fixture *f = *state;
	static const struct text_rule text[] = {
		{ .id = "a", .body = "<fails>yes</fails>" SAYS },
		{ .id = "b", .body = "<fails>host.cpu.count > 1</fails>" SAYS },
		{ .id = "c", .body = "<fails>no</fails>" SAYS },
		{ .id = "h", .attributes = "severity='error' host-at-risk='yes'", .body = "<fails>yes</fails>" SAYS },
	};
	const struct vc_ruleset rules = rules_of(f, text, VC_COUNT(text));
	struct vc_findings findings;

	f->models.today = "2026-11-21";
	add_ignore(f, "a", "known", "2026-11-21");
	add_ignore(f, "b", "known", NULL);
	add_ignore(f, "c", "known", NULL);
	add_ignore(f, "h", "known", NULL);
	vc_rules_evaluate(&rules, &f->models, NULL, 0, f->arena, &findings);
	assert_string_equal(summary(f, &findings),
			    "h fail, a suppressed by the domain, until 2026-11-21: known, b suppressed by the domain: "
			    "known; 1 passed, 0 skipped");
	/* The model is as it was. */
	assert_int_equal(((const struct vc_ignore *)f->guest.ignore.item)->effect.fact.state, VC_UNREAD);
	f->models.today = "2026-11-22";
	vc_rules_evaluate(&rules, &f->models, NULL, 0, f->arena, &findings);
	assert_string_equal(summary(f, &findings),
			    "a fail, h fail, b suppressed by the domain: known; 1 passed, 0 skipped");
	/* Nobody knows the day: then nobody knows that it is over, nor that it is not. */
	f->models.today = NULL;
	vc_rules_evaluate(&rules, &f->models, NULL, 0, f->arena, &findings);
	assert_string_equal(summary(f, &findings),
			    "a fail, h fail, b suppressed by the domain: known; 1 passed, 0 skipped");
}

static void
effects_of_suppression(void **state)
{
	struct fixture *f = *state;
	static const struct text_rule text[] = {
		{ .id = "a", .body = "<fails>yes</fails>" SAYS },
		{ .id = "c", .body = "<fails>no</fails>" SAYS },
		EFFECTS,
		{ .id = "h", .attributes = "severity='error' host-at-risk='yes'", .body = "<fails>yes</fails>" SAYS },
	};
	static const char *const effect[] = { "used",	  "unused",  "unknown-rule", "host-at-risk",	"no-reason",
					      "bad-date", "expired", "no-rule",	     "unknown-attribute", "unread" };
	const struct vc_ruleset rules = rules_of(f, text, VC_COUNT(text));
	struct vc_findings findings;
	size_t told = 0;

	f->models.today = "2026-11-21";
	add_ignore(f, "a", "known", NULL);
	add_ignore(f, "c", "known", NULL);
	add_ignore(f, "x", "known", NULL);
	add_ignore(f, "h", "known", NULL);
	add_ignore(f, "a", NULL, NULL);
	add_ignore(f, "a", "known", "2026-11-31");
	add_ignore(f, "a", "known", "2026-11-20");
	vc_set_absent(&add_ignore(f, "a", "known", NULL)->rule.fact, "i");
	vc_set_text(&add_ignore(f, "a", "known", NULL)->unknown, "untill", "i");
	add_ignore(f, "a", "known", NULL)->reason.fact.state = VC_UNREAD;
	vc_rules_evaluate(&rules, &f->models, NULL, 0, f->arena, &findings);
	for (size_t i = 0; i < findings.count; i++) {
		const struct vc_finding *finding = &findings.item[i];
		const struct vc_ignore *ignore = finding->each;

		if (strcmp(finding->rule->id, "e") != 0)
			continue;
		if (finding->outcome == VC_FAIL)
			assert_string_equal(ignore->effect.value, effect[++told]);
		else
			assert_int_equal(ignore->effect.fact.state, VC_UNREAD);
	}
	/* All but the first, which passes, and the last, which is undecided. */
	assert_int_equal(told, VC_COUNT(effect) - 2);
	assert_int_equal(findings.passed, 2);
}

static void
places(void **state)
{
	struct fixture *f = *state;
	struct vc_findings findings;

	vc_set_text(&f->guest.machine, "q35", "/domain/os/type");
	f->guest.machine.fact.line = 3;
	/* <at>, in an order of its own. */
	findings = EVALUATE(f, { .id = "x",
				 .body = "<fails>guest.memory > 1 and guest.machine == "
					 "'q35'</fails><at>guest.machine</at>" SAYS });
	assert_int_equal(findings.item[0].place.line, 3);
	assert_string_equal(findings.item[0].place.xpath, "/domain/os/type");
	/* The first fact that was written. */
	findings = EVALUATE(f, { .id = "x",
				 .body = "<fails>not guest.hugepages and guest.memory > 1 and guest.machine "
					 "== 'q35'</fails>" SAYS });
	assert_int_equal(findings.item[0].place.line, 7);
	/* Nothing was written; there is no tree to take the root from. */
	findings = EVALUATE(f, { .id = "x", .body = "<fails>not guest.hugepages</fails>" SAYS });
	assert_int_equal(findings.item[0].place.line, 0);
	findings = EVALUATE(
		f, { .id = "x", .body = "<fails>guest.memory > 1</fails><at>guest.hugepages</at>" SAYS });
	assert_int_equal(findings.item[0].place.line, 0);
	/* The record has one. Its element is what fixes are relative to, whatever <at> shows. */
	findings = EVALUATE(f, { .id = "x",
				 .body = "<each>guest.hostdev</each><fails>each.managed and guest.memory > "
					 "1</fails>" SAYS });
	assert_int_equal(findings.item[1].place.line, 50);
	hostdev_of(f, 1)->place.node = f;
	findings = EVALUATE(f, { .id = "x",
				 .body = "<each>guest.hostdev</each><fails>each.device.driver == "
					 "'vfio-pci'</fails><at>guest.machine</at>" SAYS });
	assert_int_equal(findings.item[0].place.line, 3);
	assert_string_equal(findings.item[0].place.xpath, "/domain/os/type");
	assert_ptr_equal(findings.item[0].place.node, f);
	/* <at> that was not written leaves the record's. */
	findings = EVALUATE(f, { .id = "x",
				 .body = "<each>guest.hostdev</each><fails>each.device.driver == "
					 "'vfio-pci'</fails><at>each.managed</at>" SAYS });
	assert_int_equal(findings.item[0].place.line, 50);
}

/* Where no record has an element, it is <domain>. */
static void
places_root(void **state)
{
	static const char text[] = "<domstatus>\n\n<domain type='kvm'>\n<name>x</name></domain></domstatus>";
	xmlDoc *doc = xmlReadMemory(text, sizeof(text) - 1, "x", NULL, XML_PARSE_NONET);
	struct fixture *f = *state;
	struct vc_findings findings;

	assert_non_null(doc);
	f->guest.root = xmlFirstElementChild(xmlDocGetRootElement(doc));
	findings = EVALUATE(f, { .id = "x", .body = "<fails>not guest.hugepages</fails>" SAYS });
	assert_int_equal(findings.item[0].place.line, 3);
	assert_string_equal(findings.item[0].place.xpath, "/domstatus/domain");
	assert_ptr_equal(findings.item[0].place.node, f->guest.root);
	findings = EVALUATE(f, { .id = "x", .body = "<fails>guest.memory > 1</fails>" SAYS });
	assert_int_equal(findings.item[0].place.line, 7);
	assert_string_equal(findings.item[0].place.xpath, "/domain/memory");
	assert_ptr_equal(findings.item[0].place.node, f->guest.root);
	xmlFreeDoc(doc);
}

static void
host_only(void **state)
{
	struct fixture *f = *state;
	static const struct text_rule text[] = {
		{ .id = "a",
		  .attributes = "severity='error' scope='host'",
		  .body = "<fails>not host.cpu.hypervisor</fails>" SAYS },
		{ .id = "b", .body = "<fails>yes</fails>" SAYS },
	};
	const struct vc_ruleset rules = rules_of(f, text, VC_COUNT(text));
	const struct vc_models models = { .host = &f->host };
	struct vc_findings findings;

	vc_set_flag(&f->host.cpu_hypervisor, false, "/proc/cpuinfo");
	vc_rules_evaluate(&rules, &models, NULL, 0, f->arena, &findings);
	assert_string_equal(summary(f, &findings), "a fail; 0 passed, 0 skipped");
	assert_int_equal(findings.item[0].place.line, 0);
	assert_int_equal(vc_ruleset_needs(&rules, NULL), VC_AREA_CPU);
	/* Without a host as well: undecided, with the name of what is missing. */
	vc_rules_evaluate(&rules, &(struct vc_models){ 0 }, NULL, 0, f->arena, &findings);
	assert_string_equal(summary(f, &findings), "a undecided; 0 passed, 0 skipped");
	assert_string_equal(findings.item[0].unknown_fact, "host.cpu.hypervisor");
	assert_string_equal(findings.item[0].unknown_reason, "not read");
}

static unsigned
needs_of(struct fixture *f, const char *body)
{
	const struct text_rule text = { .id = "x", .body = body };
	const struct vc_ruleset rules = rules_of(f, &text, 1);

	return vc_ruleset_needs(&rules, &f->guest);
}

static void
needs(void **state)
{
	struct fixture *f = *state;

	/* What the input decides needs no host. */
	assert_int_equal(
		needs_of(f, "<applies>guest.hugepages</applies><fails>host.cpu.count > 1</fails>" SAYS), 0);
	assert_int_equal(needs_of(f, "<fails>guest.hugepages and host.cpu.count > 1</fails>" SAYS), 0);
	assert_int_equal(needs_of(f, "<fails>guest.memory > 1</fails>" SAYS), 0);
	/* What it leaves open does, from every part of the rule. */
	assert_int_equal(needs_of(f, "<fails>host.cpu.count > 1</fails>" SAYS), VC_AREA_CPU);
	assert_int_equal(needs_of(f, "<applies>host.cpu.count > 1</applies><fails>yes</fails>" SAYS),
			 VC_AREA_CPU);
	assert_int_equal(needs_of(f, "<fails>yes</fails><says>{host.msr.syscfg}</says>"), VC_AREA_MSR);
	assert_int_equal(needs_of(f, "<fails>yes</fails><says when='host.cpu.count > 1'>a</says><says>b</says>"),
			 VC_AREA_CPU);
	assert_int_equal(
		needs_of(f,
			 "<fails>yes</fails>" SAYS
			 "<fix who='host' safe='no' when='host.sysctl.numa_balancing'>"
			 "<summary>{host.dmi.board_name}</summary><host command='{host.clocksource.current}' "
			 "persist='{host.kvm.device}' undo='{host.memory.total}'/></fix>"),
		VC_AREA_SYSCTL | VC_AREA_DMI | VC_AREA_CLOCK | VC_AREA_KVM | VC_AREA_MEMORY);
	assert_int_equal(needs_of(f, "<fails>qemu.version > 9</fails>" SAYS), VC_AREA_QEMU);
	/* Every reference on the way. */
	assert_int_equal(
		needs_of(f, "<each>guest.hostdev</each><fails>each.device.group.id == 1</fails>" SAYS),
		VC_AREA_PCI | VC_AREA_IOMMU);
	/* Records that are there are asked, one by one. */
	assert_int_equal(
		needs_of(f, "<each>guest.hostdev</each><applies>each.address == '0000:02:00.0'</applies>"
			    "<fails>host.cpu.count > 1</fails>" SAYS),
		VC_AREA_CPU);
	assert_int_equal(
		needs_of(f, "<each>guest.hostdev</each><applies>each.address == '0000:03:00.0'</applies>"
			    "<fails>host.cpu.count > 1</fails>" SAYS),
		0);
	f->guest.iommu.fact.state = VC_KNOWN;
	assert_int_equal(needs_of(f, "<each>guest.iommu</each><fails>host.cpu.count > 1</fails>" SAYS), 0);
	f->guest.iommu.fact.state = VC_UNREAD;
	assert_int_equal(needs_of(f, "<each>guest.iommu</each><fails>host.cpu.count > 1</fails>" SAYS),
			 VC_AREA_CPU);
	/* A list of the host has to be read before anybody knows its records. */
	assert_int_equal(
		needs_of(f, "<each>host.hugepage_pool</each><fails>each.free_pages == 0</fails>" SAYS),
		VC_AREA_MEMORY);
}

static void
names(void **state)
{
	struct fixture *f = *state;
	struct vc_iommu_group *group = f->host.iommu_group.item;
	struct vc_verdict verdict = { 0 };
	struct vc_scope scope = { .host = &f->host, .guest = &f->guest, .verdict = &verdict };
	struct vc_reserved *reserved;
	struct vc_timer *timer;
	struct vc_fact elsewhere = { 0 };

	vc_list_append(f->arena, &group->reserved, sizeof(*reserved), "x");
	reserved = vc_list_append(f->arena, &group->reserved, sizeof(*reserved), "x");
	timer = vc_list_append(f->arena, &f->guest.timer, sizeof(*timer), "x");
	const struct {
		const struct vc_fact *fact;
		const char *name;
	} cases[] = {
		{ .fact = &f->host.cpu_count.fact, .name = "host.cpu.count" },
		{ .fact = &f->host.pci.fact, .name = "host.pci.device" },
		{ .fact = &f->host.emulator.fact, .name = "host.emulator" },
		{ .fact = &f->guest.qemu_version.fact, .name = "qemu.version" },
		{ .fact = &pci_of(f, 1)->quirk.fact, .name = "host.pci.device[0000:02:00.0].quirk" },
		{ .fact = &pci_of(f, 0)->address.fact, .name = "host.pci.device[0000:01:00.0].address" },
		{ .fact = &reserved->type.fact, .name = "host.iommu.group[15].reserved[1].type" },
		{ .fact = &group->reserved.fact, .name = "host.iommu.group[15].reserved" },
		{ .fact = &hostdev_of(f, 1)->kind.fact, .name = "guest.hostdev[1].kind" },
		/* A key that is not known names nothing. */
		{ .fact = &timer->mode.fact, .name = "guest.timer[0].mode" },
		{ .fact = &verdict.word.fact, .name = "check.word" },
	};

	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		_cleanup_buf_ struct vc_buf name = { 0 };

		assert_non_null(vc_fact_name(&scope, cases[i].fact, &name));
		assert_string_equal(vc_buf_text(&name), cases[i].name);
	}
	_cleanup_buf_ struct vc_buf nothing = { 0 };
	assert_null(vc_fact_name(&scope, &elsewhere, &nothing));
	assert_int_equal(nothing.length, 0);
}

/* A check, in place of one of the project's: decides by the driver, or not at all. */
static void
check_driver(const struct vc_check_input *input, struct vc_verdict *verdict)
{
	const struct vc_hostdev *hostdev = input->each;
	const struct vc_pci *pci = hostdev->device.item;

	if (!vc_known(&pci->driver.fact)) {
		vc_verdict_unknown(verdict, &pci->driver.fact);
		return;
	}
	verdict->fails = vc_tri_from(strcmp(pci->driver.value, "nvidia") == 0);
	vc_set_text(&verdict->peer_driver, pci->driver.value, pci->driver.fact.from);
	vc_set_number(&verdict->group, 15, "computed");
}

/* Decides nothing and does not say why. */
static void
check_silent(const struct vc_check_input *input _unused_, struct vc_verdict *verdict _unused_)
{
}

/* A rule with a check: the loader knows only those of the project. */
static const struct vc_rule *
checked_rule(struct fixture *f, vc_check_fn run)
{
	const struct vc_names_scope names = { .each = &vc_schema_hostdev, .check = true, .guest = true };
	struct vc_check *check = vc_arena_make(f->arena, struct vc_check);
	const struct vc_path **uses = vc_arena_make_array(f->arena, 2, const struct vc_path *);
	struct vc_says *says = vc_arena_make_array(f->arena, 3, struct vc_says);
	struct vc_rule *rule = vc_arena_make(f->arena, struct vc_rule);
	struct vc_diags diags = { .arena = f->arena };

	*check = (struct vc_check){ .name = "driver", .each = "guest.hostdev", .run = run };
	*rule = *load_good(f->arena, "x", RULE("x", "<each>guest.hostdev</each><fails>yes</fails>" SAYS));
	rule->fails = (struct vc_expr){ 0 };
	rule->check = check;
	assert_int_equal(vc_path_parse("each.managed", &names, "x", 1, f->arena, &diags, &uses[0]), 0);
	assert_int_equal(vc_path_parse("each.device.driver", &names, "x", 1, f->arena, &diags, &uses[1]), 0);
	rule->uses = uses;
	rule->uses_count = 2;
	rule->needs = vc_rule_needs(rule);
	assert_int_equal(vc_expr_parse("check.group == 16", &names, "x", 1, f->arena, &diags, &says[0].when), 0);
	assert_int_equal(vc_expr_parse("check.group == 15", &names, "x", 1, f->arena, &diags, &says[1].when), 0);
	assert_int_equal(vc_template_parse("{check.peer_driver} {check.region}", &names, "x", 1, f->arena, &diags,
					   &says[1].text), 0);
	rule->says = says;
	rule->says_count = 3;
	return rule;
}

static void
checks(void **state)
{
	struct fixture *f = *state;
	const struct vc_rule *rule = checked_rule(f, check_driver);
	const struct vc_ruleset rules = { .rule = &rule, .count = 1 };
	struct vc_findings findings;

	vc_rules_evaluate(&rules, &f->models, NULL, 0, f->arena, &findings);
	assert_string_equal(summary(f, &findings), "x fail; 1 passed, 0 skipped");
	assert_string_equal(findings.item[0].message, "nvidia (not read)");
	assert_true(findings.item[0].verdict.group.value == 15);
	assert_int_equal(findings.item[0].evidences, 4);
	assert_string_equal(findings.item[0].evidence[1].fact, "host.pci.device[0000:01:00.0].driver");
	assert_string_equal(findings.item[0].evidence[2].fact, "check.group");
	assert_string_equal(findings.item[0].evidence[3].fact, "check.peer_driver");
	assert_string_equal(findings.item[0].evidence[3].value, "nvidia");
	assert_int_equal(vc_ruleset_needs(&rules, &f->guest), VC_AREA_PCI);

	vc_set_unreadable(&pci_of(f, 0)->driver.fact, EACCES, "/sys/a/driver");
	vc_rules_evaluate(&rules, &f->models, NULL, 0, f->arena, &findings);
	assert_string_equal(summary(f, &findings), "x undecided; 1 passed, 0 skipped");
	assert_string_equal(findings.item[0].unknown_fact, "host.pci.device[0000:01:00.0].driver");
	assert_string_equal(findings.item[0].unknown_reason, "permission denied");

	/* Without a list there is nothing to run it on. */
	f->guest.hostdev.fact.state = VC_UNREAD;
	vc_rules_evaluate(&rules, &f->models, NULL, 0, f->arena, &findings);
	assert_string_equal(summary(f, &findings), "x undecided; 0 passed, 0 skipped");
	assert_string_equal(findings.item[0].unknown_fact, "guest.hostdev");
}

static void
silent_checks(void **state)
{
	struct fixture *f = *state;
	const struct vc_rule *rule = checked_rule(f, check_silent);
	const struct vc_ruleset rules = { .rule = &rule, .count = 1 };
	struct vc_findings findings;

	vc_set_unreadable(&pci_of(f, 1)->driver.fact, EIO, "/sys/b/driver");
	vc_rules_evaluate(&rules, &f->models, NULL, 0, f->arena, &findings);
	assert_string_equal(summary(f, &findings), "x undecided, x undecided; 0 passed, 0 skipped");
	assert_string_equal(findings.item[0].unknown_fact, "guest.hostdev[0].managed");
	assert_string_equal(findings.item[0].unknown_reason, "not enough to decide");
	assert_string_equal(findings.item[1].unknown_fact, "host.pci.device[0000:02:00.0].driver");
}

/* A check may use a fact of every record of a list: its areas are needed, and the list stands for them. */
static void
uses_through_lists(void **state)
{
	struct fixture *f = *state;
	const struct vc_names_scope names = { .each = &vc_schema_hostdev, .check = true, .guest = true };
	struct vc_diags diags = { .arena = f->arena };
	const struct vc_source source = { .file = "x", .line = 1, .arena = f->arena, .diags = &diags };
	const struct vc_rule *checked = checked_rule(f, check_silent);
	struct vc_rule rule = *checked;
	const struct vc_rule *list = &rule;
	const struct vc_ruleset rules = { .rule = &list, .count = 1 };
	struct vc_findings findings;
	const struct vc_path *uses;

	rule.uses = &uses;
	rule.uses_count = 1;
	assert_int_equal(
		vc_names_resolve(&source, "guest.hostdev.device.driver", &names, VC_LISTS_THROUGH, &uses), 0);
	rule.needs = vc_rule_needs(&rule);
	assert_int_equal(vc_ruleset_needs(&rules, &f->guest), VC_AREA_PCI);
	vc_rules_evaluate(&rules, &f->models, NULL, 0, f->arena, &findings);
	assert_string_equal(findings.item[0].unknown_fact, "guest.hostdev");
	assert_int_equal(findings.item[0].evidences, 0);
	/* A bare list: a check that is given one reads all of its records. */
	assert_int_equal(vc_names_resolve(&source, "guest.hostdev", &names, VC_LISTS_THROUGH, &uses), 0);
	rule.needs = vc_rule_needs(&rule);
	assert_int_equal(vc_ruleset_needs(&rules, &f->guest) & VC_AREA_PCI, VC_AREA_PCI);
}

/* The built-in table is part of every program, however many rules there are. */
static void
builtin(void **state _unused_)
{
	for (size_t i = 1; i < vc_builtin_rules.count; i++)
		assert_true(strcmp(vc_builtin_rules.rule[i - 1]->id, vc_builtin_rules.rule[i]->id) < 0);
	for (size_t i = 0; i < vc_builtin_rules.count; i++)
		assert_ptr_equal(vc_ruleset_find(&vc_builtin_rules, vc_builtin_rules.rule[i]->id),
				 vc_builtin_rules.rule[i]);
	assert_null(vc_ruleset_find(&vc_builtin_rules, ""));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(outcomes),
		TEST(says_what_fits),
		TEST(empty_lists),
		TEST(shows_a_failure),
		TEST(shows_a_doubt),
		TEST(merges_doubts),
		TEST(orders),
		TEST(supersedes),
		TEST(supersedes_in_chains),
		TEST(ignores),
		TEST(site_suppression),
		TEST(domain_suppression),
		TEST(effects_of_suppression),
		TEST(places),
		TEST(places_root),
		TEST(host_only),
		TEST(needs),
		TEST(names),
		TEST(checks),
		TEST(silent_checks),
		TEST(uses_through_lists),
		cmocka_unit_test(builtin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
