/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sample.h"

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

static bool
make(struct sample *s, const struct vc_fix *fix, struct vc_fix_text *text)
{
	const struct vc_fix_input input = vc_fix_input_of(&s->finding[0], &s->host, &s->guest, s->arena);

	return vc_fix_text(fix, &input, text);
}

/* The XML that one domain action gives. */
static const char *
xml_of(struct sample *s, const struct vc_action *action)
{
	const struct vc_fix fix = {
		.who = VC_WHO_DOMAIN,
		.safe = true,
		.summary = sample_text(s->arena, "change it"),
		.action = action,
		.actions = 1,
	};
	struct vc_fix_text text;

	assert_true(make(s, &fix, &text));
	return text.xml;
}

static void
test_set(void **state)
{
	struct sample *s = *state;
	struct vc_fix_text text;

	assert_true(make(s, &s->fix[0], &text));
	assert_string_equal(text.summary, "limit the guest IOMMU to 39 bits");
	assert_string_equal(text.xml, "<iommu model='intel'>\n"
				      "  <driver intremap='on' caching_mode='on' aw_bits='39'/>\n"
				      "</iommu>\n");
	assert_true(text.safe);
	assert_int_equal(text.lines, 0);
	/* The domain itself stays as it was. */
	assert_null(xmlHasProp((xmlNode *)(uintptr_t)sample_child(s->finding[0].place.node, "driver"),
			       (const xmlChar *)"aw_bits"));
}

static void
test_set_creates(void **state)
{
	struct sample *s = *state;
	struct vc_action action = { .verb = VC_VERB_SET, .select = "alias/deep", .attribute = "name",
				    .value = sample_text(s->arena, "a'b<\"") };

	assert_string_equal(xml_of(s, &action), "<iommu model='intel'>\n"
						"  <driver intremap='on' caching_mode='on'/>\n"
						"  <alias>\n"
						"    <deep name='a&apos;b&lt;\"'/>\n"
						"  </alias>\n"
						"</iommu>\n");
	action = (struct vc_action){ .verb = VC_VERB_SET, .select = "/memoryBacking/locked",
				     .value = sample_text(s->arena, "x & y") };
	assert_string_equal(xml_of(s, &action), "<!-- add inside <domain>: -->\n"
						"<memoryBacking>\n"
						"  <locked>x &amp; y</locked>\n"
						"</memoryBacking>\n");
}

static void
test_set_text(void **state)
{
	struct sample *s = *state;
	struct vc_action action = { .verb = VC_VERB_SET, .select = "/memory",
				    .value = sample_text(s->arena, "4194304") };

	assert_string_equal(xml_of(s, &action), "<memory unit='KiB'>4194304</memory>\n");
	action = (struct vc_action){ .verb = VC_VERB_SET, .select = "/devices/emulator",
				     .value = sample_text(s->arena, "/usr/bin/qemu") };
	assert_string_equal(xml_of(s, &action), "<emulator>/usr/bin/qemu</emulator>\n");
	action = (struct vc_action){ .verb = VC_VERB_SET, .select = "/", .attribute = "type",
				     .value = sample_text(s->arena, "qemu") };
	assert_string_equal(vc_action_words(&action, "qemu", s->arena), "set /@type to qemu");
	assert_string_equal(xml_of(s, &action),
			    "<!-- change the start tag: -->\n"
			    "<domain xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0' type='qemu'/>\n");
}

static void
test_remove(void **state)
{
	struct sample *s = *state;
	struct vc_action action = { .verb = VC_VERB_REMOVE, .select = "driver" };

	assert_string_equal(xml_of(s, &action), "<iommu model='intel'/>\n");
	action.select = "";
	assert_string_equal(xml_of(s, &action), "<!-- remove this element: -->\n"
						"<iommu model='intel'>\n"
						"  <driver intremap='on' caching_mode='on'/>\n"
						"</iommu>\n");
	action = (struct vc_action){ .verb = VC_VERB_REMOVE, .select = "driver", .attribute = "intremap" };
	assert_string_equal(xml_of(s, &action), "<iommu model='intel'>\n"
						"  <driver caching_mode='on'/>\n"
						"</iommu>\n");
	assert_string_equal(vc_action_words(&action, NULL, s->arena), "remove driver/@intremap");
	action = (struct vc_action){ .verb = VC_VERB_REMOVE };
	/* What is not there needs no removal; it is said in words. */
	action.select = "/nowhere";
	assert_null(xml_of(s, &action));
}

static void
test_insert(void **state)
{
	struct sample *s = *state;
	struct vc_template_part name = sample_fact_part(s->arena, VC_ROOT_HOST, &vc_schema_host, "host.name", "host.name");
	struct vc_action action = {
		.verb = VC_VERB_INSERT,
		.select = "/features",
		.before = "hyperv",
		.xml = "<ioapic driver='kvm'/>",
		.xml_template = sample_text(s->arena, "<ioapic driver='kvm'/>"),
	};

	assert_string_equal(xml_of(s, &action), "<features>\n"
						"  <acpi/>\n"
						"  <!-- keep -->\n"
						"  <ioapic driver='kvm'/>\n"
						"  <hyperv mode='custom'/>\n"
						"</features>\n");
	action.before = NULL;
	action.after = "acpi";
	assert_contains(xml_of(s, &action), "  <acpi/>\n  <ioapic driver='kvm'/>\n  <!-- keep -->\n");
	action.select = "/devices";
	assert_string_equal(xml_of(s, &action), "<!-- add inside <devices>: -->\n<ioapic driver='kvm'/>\n");
	/* A fact is text inside the markup, whatever it holds. */
	vc_set_text(&s->host.hostname, "'/><evil a='<&", "uname");
	action.select = "/features";
	action.after = NULL;
	action.xml_template = sample_template(s->arena, "<x a='", &name, "'/>");
	assert_contains(xml_of(s, &action), "  <x a='&apos;/&gt;&lt;evil a=&apos;&lt;&amp;'/>\n");
	/* The prefix that libvirt knows needs no new declaration where the domain has one. */
	action.select = "/qemu:commandline";
	action.xml_template = sample_text(s->arena, "<qemu:arg value='-S'/>");
	assert_string_equal(xml_of(s, &action), "<qemu:commandline>\n"
						"  <qemu:arg value='-s'/>\n"
						"  <qemu:arg value='-S'/>\n"
						"</qemu:commandline>\n");
}

static void
test_two_actions_one_element(void **state)
{
	struct sample *s = *state;
	const struct vc_action actions[] = {
		{ .verb = VC_VERB_SET, .select = "driver", .attribute = "eim", .value = sample_text(s->arena, "on") },
		{ .verb = VC_VERB_SET, .select = "/devices/iommu", .attribute = "model",
		  .value = sample_text(s->arena, "virtio") },
	};
	const struct vc_fix fix = { .summary = sample_text(s->arena, "x"), .action = actions, .actions = 2 };
	struct vc_fix_text text;

	assert_true(make(s, &fix, &text));
	assert_string_equal(text.xml, "<iommu model='virtio'>\n"
				      "  <driver intremap='on' caching_mode='on' eim='on'/>\n"
				      "</iommu>\n");
}

/* Below the place of the finding, and by a path that leads through it: one piece. */
static void
test_place_inside_piece(void **state)
{
	struct sample *s = *state;
	const struct vc_action actions[] = {
		{ .verb = VC_VERB_SET, .attribute = "mode", .value = sample_text(s->arena, "passthrough") },
		{ .verb = VC_VERB_REMOVE, .select = "/features/acpi" },
	};
	const struct vc_fix fix = { .summary = sample_text(s->arena, "x"), .action = actions, .actions = 2 };
	struct vc_fix_text text;

	s->finding[0].place.node = sample_child(sample_child(s->guest.root, "features"), "hyperv");
	assert_true(make(s, &fix, &text));
	assert_string_equal(text.xml, "<features>\n"
				      "  <!-- keep -->\n"
				      "  <hyperv mode='passthrough'/>\n"
				      "</features>\n");
}

/* Of several devices the one that has the finding. */
static void
test_second_of_its_kind(void **state)
{
	struct sample *s = *state;
	struct vc_action action = { .verb = VC_VERB_SET, .attribute = "x", .value = sample_text(s->arena, "1") };
	xmlNode *devices = (xmlNode *)(uintptr_t)sample_child(s->guest.root, "devices");

	xmlNewProp(xmlNewChild(devices, NULL, BAD_CAST "disk", NULL), BAD_CAST "n", BAD_CAST "1");
	s->finding[0].place.node = xmlNewChild(devices, NULL, BAD_CAST "disk", NULL);
	assert_string_equal(xml_of(s, &action), "<disk x='1'/>\n");
	/* A path has no choice but the first. */
	action.select = "/devices/disk";
	assert_string_equal(xml_of(s, &action), "<disk n='1' x='1'/>\n");
}

/* Nobody reads that much, and every finding has its own: what the fix is not about is left out. */
static void
test_large_piece(void **state)
{
	struct sample *s = *state;
	struct vc_action action = { .verb = VC_VERB_SET, .select = "/features/hyperv/relaxed", .attribute = "x",
				    .value = sample_text(s->arena, "1") };
	xmlNode *features = (xmlNode *)(uintptr_t)sample_child(s->guest.root, "features");

	for (unsigned i = 0; i < 10000; i++)
		xmlNewChild(features, NULL, BAD_CAST "more", NULL);
	assert_string_equal(xml_of(s, &action), "<features>\n"
						"  <!-- ... -->\n"
						"  <hyperv mode='custom'>\n"
						"    <relaxed x='1'/>\n"
						"  </hyperv>\n"
						"</features>\n");
	action = (struct vc_action){ .verb = VC_VERB_INSERT, .select = "/features", .before = "acpi",
				     .xml_template = sample_text(s->arena, "<apic/>") };
	assert_string_equal(xml_of(s, &action), "<features>\n"
						"  <!-- ... -->\n"
						"  <apic/>\n"
						"  <acpi/>\n"
						"</features>\n");
	action = (struct vc_action){ .verb = VC_VERB_REMOVE, .select = "/features" };
	assert_string_equal(xml_of(s, &action), "<!-- remove this element: -->\n"
						"<features>\n"
						"  <!-- ... -->\n"
						"</features>\n");
}

/* The prefix is the domain's own affair. */
static void
test_other_prefix(void **state)
{
	static const char domain[] = "<domain xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'>\n"
				     "<q:commandline/></domain>";
	struct sample *s = *state;
	struct vc_action action = { .verb = VC_VERB_INSERT, .select = "/qemu:commandline",
				    .xml_template = sample_text(s->arena, "<qemu:arg value='-S'/>") };

	xmlFreeDoc((xmlDoc *)(uintptr_t)s->guest.doc);
	s->guest.doc = xmlReadMemory(domain, (int)strlen(domain), NULL, NULL, XML_PARSE_NONET);
	s->guest.root = xmlDocGetRootElement((xmlDoc *)(uintptr_t)s->guest.doc);
	s->finding[0].place.node = s->guest.root;
	assert_string_equal(xml_of(s, &action), "<q:commandline>\n"
						"  <qemu:arg xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0' value='-S'/>\n"
						"</q:commandline>\n");
}

/* An argument of QEMU holds no elements: there a fix says what to do, and nobody does it. */
static void
test_qemu_argument(void **state)
{
	struct sample *s = *state;
	const struct vc_fix_input input = vc_fix_input_of(&s->finding[0], &s->host, &s->guest, s->arena);
	struct vc_action actions[] = {
		s->action[0],
		{ .verb = VC_VERB_QEMU, .value = sample_text(s->arena, "-device intel-iommu,...,aw-bits=39") },
	};
	struct vc_fix fix = s->fix[0];
	struct vc_fix_text text;

	assert_true(vc_fix_is_concrete(&fix, &input));
	s->finding[0].place.node = sample_child(sample_child(s->guest.root, "commandline"), "arg");
	assert_false(vc_fix_is_concrete(&fix, &input));
	assert_true(make(s, &fix, &text));
	assert_null(text.xml);
	assert_false(text.safe);
	assert_int_equal(text.lines, 2);
	assert_contains(text.line[0], "argument for QEMU");
	assert_string_equal(text.line[1], "set driver/@aw_bits to 39");
	/* Where the form for QEMU is known, it says all there is to say. */
	fix.action = actions;
	fix.actions = 2;
	assert_true(make(s, &fix, &text));
	assert_int_equal(text.lines, 1);
	assert_int_equal(text.qemus, 1);
	/* What is named from <domain> has its place all the same. */
	actions[0].select = "/features";
	fix.actions = 1;
	assert_true(vc_fix_is_concrete(&fix, &input));
	assert_true(make(s, &fix, &text));
	assert_true(text.safe);
	assert_contains(text.xml, "<features aw_bits='39'>");
}

/* A value that is not known is never offered for pasting. */
static void
test_unknown_value(void **state)
{
	struct sample *s = *state;
	struct vc_fix_text text;

	vc_set_unreadable(&s->host.iommu_aw_bits.fact, EACCES, "/sys/x");
	assert_true(make(s, &s->fix[0], &text));
	assert_null(text.xml);
	assert_false(text.safe);
	assert_int_equal(text.lines, 1);
	assert_string_equal(text.line[0], "set driver/@aw_bits to {host.iommu.aw_bits}, where host.iommu.aw_bits has "
					  "to be found out first: permission denied");
}

static void
test_no_xml(void **state)
{
	struct sample *s = *state;
	struct vc_fix_text text;

	s->finding[0].place.node = NULL;
	assert_true(make(s, &s->fix[0], &text));
	assert_null(text.xml);
	assert_int_equal(text.lines, 1);
	assert_string_equal(text.line[0], "set driver/@aw_bits to 39");
}

static void
test_when(void **state)
{
	struct sample *s = *state;
	const struct vc_node_expr no = { .op = VC_OP_LITERAL, .type = VC_TYPE_flag, .flag = false };
	struct vc_fix_text text;

	s->fix[0].when = (struct vc_expr){ .node = &no, .count = 1, .text = "no" };
	assert_false(make(s, &s->fix[0], &text));
}

static void
test_command(void **state)
{
	struct sample *s = *state;
	const struct vc_action actions[] = {
		{ .verb = VC_VERB_COMMAND, .value = sample_text(s->arena, "modprobe msr"),
		  .persist = sample_text(s->arena, "echo msr > /etc/modules-load.d/msr.conf"), .reboot = true,
		  .costs = "nothing" },
		{ .verb = VC_VERB_ADVICE, .value = sample_text(s->arena, "ask the vendor") },
		{ .verb = VC_VERB_SETTING, .value = sample_text(s->arena, "VT-d") },
	};
	const struct vc_fix fix = { .who = VC_WHO_HOST, .summary = sample_text(s->arena, "load it"),
				    .action = actions, .actions = 3 };
	struct vc_fix_text text;

	assert_true(make(s, &fix, &text));
	assert_int_equal(text.commands, 1);
	assert_string_equal(text.command[0].command, "modprobe msr");
	assert_string_equal(text.command[0].persist, "echo msr > /etc/modules-load.d/msr.conf");
	assert_null(text.command[0].undo);
	assert_true(text.command[0].reboot);
	assert_int_equal(text.lines, 2);
	assert_string_equal(text.line[1], "VT-d");
	assert_null(text.xml);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_set, setup, teardown),
		cmocka_unit_test_setup_teardown(test_set_creates, setup, teardown),
		cmocka_unit_test_setup_teardown(test_set_text, setup, teardown),
		cmocka_unit_test_setup_teardown(test_remove, setup, teardown),
		cmocka_unit_test_setup_teardown(test_insert, setup, teardown),
		cmocka_unit_test_setup_teardown(test_two_actions_one_element, setup, teardown),
		cmocka_unit_test_setup_teardown(test_place_inside_piece, setup, teardown),
		cmocka_unit_test_setup_teardown(test_second_of_its_kind, setup, teardown),
		cmocka_unit_test_setup_teardown(test_large_piece, setup, teardown),
		cmocka_unit_test_setup_teardown(test_other_prefix, setup, teardown),
		cmocka_unit_test_setup_teardown(test_qemu_argument, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unknown_value, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_xml, setup, teardown),
		cmocka_unit_test_setup_teardown(test_when, setup, teardown),
		cmocka_unit_test_setup_teardown(test_command, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
