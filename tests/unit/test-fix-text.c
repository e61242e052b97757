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
	const struct vc_scope scope = {
		.host = &s->host,
		.guest = &s->guest,
		.each = s->finding[0].each,
		.verdict = &s->finding[0].verdict,
	};
	const struct vc_fix_input input = {
		.finding = &s->finding[0],
		.scope = &scope,
		.guest = &s->guest,
		.arena = s->arena,
	};

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
	/* What is not there needs no removal; it is said in words. */
	action.select = "/nowhere";
	assert_null(xml_of(s, &action));
}

static void
test_insert(void **state)
{
	struct sample *s = *state;
	struct vc_template_part name = sample_fact_part(VC_ROOT_HOST, &vc_schema_host, "host.name", "host.name");
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
		cmocka_unit_test_setup_teardown(test_unknown_value, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_xml, setup, teardown),
		cmocka_unit_test_setup_teardown(test_when, setup, teardown),
		cmocka_unit_test_setup_teardown(test_command, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
