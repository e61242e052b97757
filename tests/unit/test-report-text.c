/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sample.h"

#include "report/layout.h"

static int
setup(void **state)
{
	struct sample *s = malloc(sizeof(*s));

	sample_init(s);
	*state = s;
	return 0;
}

static int
teardown(void **state)
{
	sample_release(*state);
	free(*state);
	return 0;
}

static const char *
report(struct sample *s, const struct vc_style *style)
{
	vc_buf_release(&s->out);
	vc_report_text(&s->report, style, &s->out);
	return vc_buf_text(&s->out);
}

static const struct vc_style plain = { .width = 80 };
static const struct vc_style quiet = { .width = 80, .loudness = VC_QUIET };
static const struct vc_style verbose = { .width = 80, .loudness = VC_VERBOSE };

static void
test_whole(void **state)
{
	assert_string_equal(
		report(*state, &plain),
		"domain  win11  win11.xml\n"
		"host    capture hosts/intel39, Linux 6.12.107+deb13-amd64, QEMU 10.0.13\n"
		"\n"
		"error[viommu-aw-bits]: the guest IOMMU offers 48 address bits, the host translates 39\n"
		"  at      win11.xml:12  /domain/devices/iommu\n"
		"  why     QEMU compares the two when the device is attached, and refuses to\n"
		"          start the guest.\n"
		"\n"
		"          The default changed in 10.0.\n"
		"\n"
		"  fix     in the domain, safe: limit the guest IOMMU to 39 bits\n"
		"            <iommu model='intel'>\n"
		"              <driver intremap='on' caching_mode='on' aw_bits='39'/>\n"
		"            </iommu>\n"
		"\n"
		"1 error, 0 warnings, 0 infos, 0 undecided, 0 suppressed, 31 passed\n");
}

static void
test_quiet(void **state)
{
	struct sample *s = *state;

	sample_add_undecided(s, &s->rule, "host.msr.test_ctrl", "/dev/cpu/0/msr");
	assert_string_equal(report(s, &quiet), "win11.xml:12: error: the guest IOMMU offers 48 address bits, the host "
					       "translates 39 [viommu-aw-bits]\n");
	s->finding[0].place = (struct vc_place){ .line = 0 };
	assert_contains(report(s, &quiet), "win11.xml: error: ");
	s->subject[0].guest = NULL;
	assert_contains(report(s, &quiet), "host: error: ");
	s->findings.count = 0;
	assert_string_equal(report(s, &quiet), "");
}

static void
test_verbose(void **state)
{
	struct sample *s = *state;
	const char *text;

	s->finding[s->findings.count++] = (struct vc_finding){
		.rule = &s->rule, .outcome = VC_SUPPRESSED, .suppressed_by = "viommu-general"
	};
	text = report(s, &verbose);
	assert_contains(text, "  seen    host.iommu.aw_bits = 39  (/sys/class/iommu/dmar0/intel-iommu/cap)\n");
	assert_contains(text, "  source  qemu 10.0.13 hw/i386/intel_iommu.c vtd_check_hiod\n");
	assert_contains(text, "suppressed: viommu-aw-bits, by viommu-general\n");
	assert_contains(text, "1 suppressed, 31 passed, 96 do not apply\n");
	text = report(s, &plain);
	assert_lacks(text, "suppressed:");
	assert_contains(text, "1 suppressed, 31 passed\n");
}

/* The reason of a rule is read once, however many devices have its fault. */
static void
test_same_rule_again(void **state)
{
	struct sample *s = *state;
	struct vc_rule other = s->rule;
	const char *text;

	other.why = "Another reason.";
	s->finding[1] = s->finding[0];
	s->finding[2] = s->finding[0];
	s->finding[2].rule = &other;
	s->findings.count = 3;
	text = report(s, &plain);
	assert_contains(text, "  why     QEMU");
	text = strstr(text, "  why     QEMU") + 1;
	assert_lacks(text, "  why     QEMU");
	assert_contains(text, "  why     as above\n");
	text = strstr(text, "as above") + 1;
	assert_lacks(text, "as above");
	assert_contains(text, "  why     Another reason.\n");
	/* The next domain is read by itself. */
	s->subject[1] = s->subject[0];
	s->report.subjects = 2;
	s->findings.count = 1;
	assert_lacks(report(s, &plain), "as above");
}

static void
test_undecided(void **state)
{
	struct sample *s = *state;
	struct vc_rule other = s->rule, third = s->rule;

	other.id = "kvm-unavailable";
	third.id = "a-third";
	sample_add_undecided(s, &third, "host.msr.vm_cr", "/dev/cpu/0/msr");
	sample_add_undecided(s, &s->rule, "host.msr.test_ctrl", "/dev/cpu/0/msr");
	sample_add_undecided(s, &other, "host.msr.test_ctrl", "/dev/cpu/0/msr");
	sample_add_undecided(s, &other, "host.msr.test_ctrl", "/dev/cpu/0/msr");
	sample_add_undecided(s, &third, "host.emulator", NULL);
	s->finding[5].unknown_hint = "give --qemu-version";
	s->finding[5].unknown_reason = "absent";
	s->finding[0].outcome = VC_PASS;
	assert_string_equal(report(s, &plain),
			    "domain  win11  win11.xml\n"
			    "host    capture hosts/intel39, Linux 6.12.107+deb13-amd64, QEMU 10.0.13\n"
			    "\n"
			    "1 undecided: absent; give --qemu-version\n"
			    "  host.emulator: a-third\n"
			    "\n"
			    "4 undecided: permission denied; run as root\n"
			    "  host.msr.test_ctrl (/dev/cpu/0/msr): kvm-unavailable, viommu-aw-bits\n"
			    "  host.msr.vm_cr (/dev/cpu/0/msr): a-third\n"
			    "\n"
			    "0 errors, 0 warnings, 0 infos, 5 undecided, 0 suppressed, 32 passed\n");
}

static void
test_several(void **state)
{
	struct sample *s = *state;

	s->subject[1] = s->subject[0];
	s->report.subjects = 2;
	assert_contains(report(s, &plain),
			"all 2 domains: 2 errors, 0 warnings, 0 infos, 0 undecided, 0 suppressed, 62 passed\n");
}

static void
test_host_alone(void **state)
{
	struct sample *s = *state;
	const char *text;

	s->subject[0].guest = NULL;
	s->report.source = VC_HOSTFS_LIVE;
	s->finding[0].place = (struct vc_place){ .line = 0 };
	text = report(s, &plain);
	assert_true(strncmp(text, "host    live, Linux 6.12", 24) == 0);
	assert_lacks(text, "  at  ");
}

static void
test_device(void **state)
{
	struct sample *s = *state;
	struct vc_pci *pci = vc_list_append(s->arena, &s->host.pci, sizeof(*pci), "/sys/bus/pci/devices");

	vc_set_text(&pci->address, "0000:03:00.0", "name");
	s->finding[0].device = "0000:03:00.0";
	assert_contains(report(s, &plain), "\n  device  0000:03:00.0\n");
	vc_set_number(&pci->vendor_id, 0x10de, "vendor");
	vc_set_number(&pci->device_id, 0x00ab, "device");
	/* With or without its name: the list of names is not part of the program. */
	assert_contains(report(s, &plain), "\n  device  0000:03:00.0  ");
	assert_contains(report(s, &plain), "[10de:00ab]\n");
}

static void
test_commands(void **state)
{
	struct sample *s = *state;
	struct vc_action *action = &s->action[0];

	*action = (struct vc_action){
		.verb = VC_VERB_COMMAND,
		.value = sample_text(s->arena, "sysctl -w a=0"),
		.persist = sample_text(s->arena, "echo a=0 > /etc/sysctl.d/50-a.conf"),
		.undo = sample_text(s->arena, "sysctl -w a=1"),
		.costs = "guests may slow the host",
		.reboot = true,
	};
	s->fix[0].who = VC_WHO_HOST;
	s->fix[0].safe = false;
	assert_contains(report(s, &plain), "  fix     on the host: limit the guest IOMMU to 39 bits\n"
					   "            sysctl -w a=0\n"
					   "          to keep it after a reboot:\n"
					   "            echo a=0 > /etc/sysctl.d/50-a.conf\n"
					   "          to undo it:\n"
					   "            sysctl -w a=1\n"
					   "          what it costs: guests may slow the host\n"
					   "          takes effect after a reboot\n");
}

/* Nothing from outside drives the terminal, and no line is forged. */
static void
test_hostile(void **state)
{
	struct sample *s = *state;
	const char *text;

	vc_set_text(&s->guest.name, "a\033]0;x\007\nerror[fake]: b\xff", "/domain/name");
	s->guest.file = "x\n\033[2J.xml";
	s->finding[0].message = "m\033[1m\nforged";
	s->finding[0].place.xpath = "/domain\r";
	s->report.root = "r\n";
	vc_set_text(&s->host.kernel_release, "6\n7", "uname");
	sample_add_undecided(s, &s->rule, "f\nact", "p\nath");
	text = report(s, &verbose);
	for (const char *at = text; *at; at++)
		assert_true(*at == '\n' || ((unsigned char)*at >= 0x20 && *at != 0x7f));
	assert_lacks(text, "\nforged");
	assert_lacks(text, "\nerror[fake]");
	assert_contains(text, "a\\x1b]0;x\\x07\\x0aerror[fake]: b\\xff");
}

static void
test_color(void **state)
{
	struct sample *s = *state;
	const struct vc_style colored = { .width = 80, .color = true };

	assert_contains(report(s, &colored), "\033[1;31merror[viommu-aw-bits]\033[0m: ");
	assert_contains(report(s, &colored), "\033[1;31m1 error\033[0m, 0 warnings, ");
	assert_lacks(report(s, &plain), "\033");
}

static void
test_reported(void **state)
{
	struct sample *s = *state;

	s->rule.confidence = VC_REPORTED;
	assert_contains(report(s, &plain), "  note    reported from the field; not proven from source code\n");
}

static void
test_long_xml(void **state)
{
	struct sample *s = *state;
	xmlNode *node = (xmlNode *)(uintptr_t)s->finding[0].place.node;

	for (unsigned i = 0; i < 200; i++)
		xmlNewChild(node, NULL, (const xmlChar *)"x", NULL);
	assert_contains(report(s, &plain), "            ... and 143 more lines: --format json has them\n");
}

static void
test_wrap(_unused_ void **state)
{
	_cleanup_buf_ struct vc_buf out = { 0 };
	const struct vc_style narrow = { .width = 40 };

	vc_layout_wrap(&out, &narrow, "  one two\nthree \xc3\xa4\xc3\xb6\xc3\xbc four five six seven eight\n \n\n nine ",
		       0, 2);
	assert_string_equal(vc_buf_text(&out), "one two three \xc3\xa4\xc3\xb6\xc3\xbc four five six seven\n"
					       "  eight\n"
					       "\n"
					       "  nine\n");
	vc_buf_release(&out);
	vc_layout_wrap(&out, &narrow, "", 0, 2);
	assert_string_equal(vc_buf_text(&out), "\n");
	vc_buf_release(&out);
	/* A word that fits nowhere stands alone, uncut: it may be a path to copy. */
	vc_layout_wrap(&out, &narrow, "a /0123456789/0123456789/0123456789/0123456789 b", 0, 2);
	assert_string_equal(vc_buf_text(&out), "a\n  /0123456789/0123456789/0123456789/0123456789\n  b\n");
}

static void
test_explain(void **state)
{
	struct sample *s = *state;
	static const struct vc_symptom_part part[] = {
		{ .text = "aw-bits " },
		{ .hole = VC_HOLE_DEC, .name = "guest_bits" },
		{ .text = " > host" },
		{ .hole = VC_HOLE_TEXT },
	};
	static const struct vc_symptom_versions versions[] = { { .since = { { 9, 1 } } }, { .before = { { 8 } } } };
	static const struct vc_symptom symptom[] = {
		{ .part = part, .parts = 4, .from = VC_BY_QEMU, .versions = versions, .versions_count = 2, .clue = true },
	};
	static const struct vc_node_expr when = { .op = VC_OP_LITERAL, .flag = true };
	const char *text;

	s->rule.symptom = symptom;
	s->rule.symptoms = 1;
	s->rule.each = vc_schema_find(&vc_schema_guest, "guest.iommu");
	vc_buf_release(&s->out);
	vc_explain_text(&s->rule, s->arena, &plain, &s->out);
	text = vc_buf_text(&s->out);
	assert_contains(text, "viommu-aw-bits: The guest IOMMU is wider than the host IOMMU\n");
	assert_contains(text, "  severity    error: the guest will not start, or data or the host are at risk\n");
	assert_contains(text, "\nWhat it says\n  the host translates {host.iommu.aw_bits} bits\n\nWhy\n");
	assert_contains(text, "  1. In the domain, safe: limit the guest IOMMU to {host.iommu.aw_bits} bits\n"
			      "      set driver/@aw_bits to {host.iommu.aw_bits}\n");
	assert_contains(text, "\nWhat people see\n  aw-bits <guest_bits> > host...\n      QEMU 9.1 and later, or before 8.0; a "
			      "clue: guests that work come with it\n      too\n");
	assert_contains(text, "  asked once for each record of guest.iommu\n");
	assert_contains(text, "\nVersions affected\n  the rule names none\n");
	assert_contains(text, "\nSources\n  qemu 10.0.13 hw/i386/intel_iommu.c vtd_check_hiod\n");

	s->says[1] = s->says[0];
	s->says[0].when = (struct vc_expr){ .node = &when, .count = 1, .text = "guest.hugepages" };
	s->rule.says_count = 2;
	s->out.length = 0;
	vc_explain_text(&s->rule, s->arena, &plain, &s->out);
	assert_contains(vc_buf_text(&s->out),
			"\nWhat it says\n  the host translates {host.iommu.aw_bits} bits\n      said when guest.hugepages\n"
			"  the host translates {host.iommu.aw_bits} bits\n      said otherwise\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_whole, setup, teardown),
		cmocka_unit_test_setup_teardown(test_quiet, setup, teardown),
		cmocka_unit_test_setup_teardown(test_verbose, setup, teardown),
		cmocka_unit_test_setup_teardown(test_same_rule_again, setup, teardown),
		cmocka_unit_test_setup_teardown(test_undecided, setup, teardown),
		cmocka_unit_test_setup_teardown(test_several, setup, teardown),
		cmocka_unit_test_setup_teardown(test_host_alone, setup, teardown),
		cmocka_unit_test_setup_teardown(test_device, setup, teardown),
		cmocka_unit_test_setup_teardown(test_commands, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hostile, setup, teardown),
		cmocka_unit_test_setup_teardown(test_color, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reported, setup, teardown),
		cmocka_unit_test_setup_teardown(test_long_xml, setup, teardown),
		cmocka_unit_test_setup_teardown(test_explain, setup, teardown),
		cmocka_unit_test(test_wrap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
