/* SPDX-License-Identifier: GPL-2.0-or-later */
/* With a directory as its argument it also leaves its reports there, for tests/lint/check-schema. */
#include "sample.h"

#include <json-c/json.h>

static const char *directory;

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

static void
keep(const struct sample *s, const char *name)
{
	char path[4096];
	FILE *file;

	if (!directory)
		return;
	snprintf(path, sizeof(path), "%s/%s.json", directory, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(vc_buf_text(&s->out), file);
	assert_int_equal(fclose(file), 0);
}

/* Makes the report, and reads it back. */
static struct json_object *
report(struct sample *s, const char *name)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *object;

	vc_buf_release(&s->out);
	vc_report_json(&s->report, &s->out);
	keep(s, name);
	/* Strictness is check-schema's: json-c 0.18 refuses every character beyond ASCII when it is strict. */
	object = json_tokener_parse_ex(tokener, vc_buf_text(&s->out), (int)s->out.length);
	if (!object)
		fail_msg("%s:\n%s", json_tokener_error_desc(json_tokener_get_error(tokener)), vc_buf_text(&s->out));
	json_tokener_free(tokener);
	return object;
}

static void
test_contract(void **state)
{
	struct sample *s = *state;

	sample_add_undecided(s, &s->rule, "host.msr.test_ctrl", "/dev/cpu/0/msr");
	json_object_put(report(s, "contract"));
	assert_string_equal(
		vc_buf_text(&s->out),
		"{\n"
		"  \"schema\": \"vhostcheck-report\",\n"
		"  \"schema_version\": 1,\n"
		"  \"tool\": {\n"
		"    \"name\": \"vhostcheck\",\n"
		"    \"version\": \"" VC_VERSION "\"\n"
		"  },\n"
		"  \"host\": {\n"
		"    \"source\": \"capture\",\n"
		"    \"hostname\": null,\n"
		"    \"kernel\": \"6.12.107+deb13-amd64\"\n"
		"  },\n"
		"  \"subjects\": [\n"
		"    {\n"
		"      \"domain\": {\n"
		"        \"name\": \"win11\",\n"
		"        \"uuid\": null,\n"
		"        \"file\": \"win11.xml\"\n"
		"      },\n"
		"      \"findings\": [\n"
		"        {\n"
		"          \"rule\": \"viommu-aw-bits\",\n"
		"          \"outcome\": \"fail\",\n"
		"          \"severity\": \"error\",\n"
		"          \"confidence\": \"proven\",\n"
		"          \"title\": \"The guest IOMMU is wider than the host IOMMU\",\n"
		"          \"message\": \"the guest IOMMU offers 48 address bits, the host translates 39\",\n"
		"          \"why\": \"QEMU compares the two when the device is attached, and refuses to start the "
		"guest.\\n\\nThe default changed in 10.0.\",\n"
		"          \"at\": {\n"
		"            \"line\": 12,\n"
		"            \"xpath\": \"/domain/devices/iommu\",\n"
		"            \"argument\": null,\n"
		"            \"text\": null\n"
		"          },\n"
		"          \"device\": null,\n"
		"          \"evidence\": [\n"
		"            {\n"
		"              \"fact\": \"host.iommu.aw_bits\",\n"
		"              \"value\": \"39\",\n"
		"              \"from\": \"/sys/class/iommu/dmar0/intel-iommu/cap\"\n"
		"            }\n"
		"          ],\n"
		"          \"fixes\": [\n"
		"            {\n"
		"              \"who\": \"domain\",\n"
		"              \"safe\": true,\n"
		"              \"summary\": \"limit the guest IOMMU to 39 bits\",\n"
		"              \"xml\": \"<iommu model='intel'>\\n  <driver intremap='on' caching_mode='on' "
		"aw_bits='39'/>\\n</iommu>\\n\",\n"
		"              \"commands\": [],\n"
		"              \"persist\": null,\n"
		"              \"undo\": null,\n"
		"              \"reboot\": false,\n"
		"              \"costs\": null,\n"
		"              \"qemu_args\": []\n"
		"            }\n"
		"          ],\n"
		"          \"sources\": [\n"
		"            \"qemu 10.0.13 hw/i386/intel_iommu.c vtd_check_hiod\"\n"
		"          ]\n"
		"        }\n"
		"      ],\n"
		"      \"undecided\": [\n"
		"        {\n"
		"          \"rule\": \"viommu-aw-bits\",\n"
		"          \"fact\": \"host.msr.test_ctrl\",\n"
		"          \"reason\": \"permission denied\",\n"
		"          \"hint\": \"run as root\"\n"
		"        }\n"
		"      ],\n"
		"      \"summary\": {\n"
		"        \"error\": 1,\n"
		"        \"warning\": 0,\n"
		"        \"info\": 0,\n"
		"        \"undecided\": 1,\n"
		"        \"suppressed\": 0,\n"
		"        \"passed\": 31,\n"
		"        \"skipped\": 96\n"
		"      }\n"
		"    }\n"
		"  ]\n"
		"}\n");
}

static void
test_host_alone(void **state)
{
	struct sample *s = *state;
	struct vc_action actions[] = {
		{ .verb = VC_VERB_COMMAND, .value = sample_text(s->arena, "one"), .undo = sample_text(s->arena, "un-one") },
		{ .verb = VC_VERB_COMMAND, .value = sample_text(s->arena, "two"), .undo = sample_text(s->arena, "un-two"),
		  .reboot = true, .costs = "time" },
		{ .verb = VC_VERB_ADVICE, .value = sample_text(s->arena, "and be patient") },
	};
	const char *text;

	s->subject[0].guest = NULL;
	s->report.source = VC_HOSTFS_LIVE;
	s->finding[0].place = (struct vc_place){ .line = 0 };
	s->finding[0].device = "0000:03:00.0";
	s->fix[0] = (struct vc_fix){ .who = VC_WHO_HOST, .summary = sample_text(s->arena, "do both"), .action = actions,
				     .actions = 3 };
	json_object_put(report(s, "host-alone"));
	text = vc_buf_text(&s->out);
	assert_contains(text, "\"domain\": null,");
	assert_contains(text, "\"at\": null,");
	assert_contains(text, "\"device\": \"0000:03:00.0\",");
	assert_contains(text, "\"source\": \"live\",");
	assert_contains(text, "\"summary\": \"do both\\nand be patient\",");
	assert_contains(text, "\"undo\": \"un-one\\nun-two\",");
	assert_contains(text, "\"reboot\": true,\n              \"costs\": \"time\"");
}

/* Valid JSON in valid UTF-8, whatever the domain is called. */
static void
test_hostile(void **state)
{
	struct sample *s = *state;

	vc_set_text(&s->guest.name, "a\"b\\\x01\033[2J\xff\xc0\xaf\xed\xa0\x80\xf0\x9f\x98\x80\n\t</x>", "/domain/name");
	s->finding[0].message = "\xff\xfe";
	s->guest.file = "\x80.xml";
	s->report.source = VC_HOSTFS_FOREIGN;
	json_object_put(report(s, "hostile"));
	assert_contains(vc_buf_text(&s->out),
			"\"name\": \"a\\\"b\\\\\\\\x01\\\\x1b[2J\\\\xff\\\\xc0\\\\xaf\\\\xed\\\\xa0\\\\x80"
			"\xf0\x9f\x98\x80\\n\\t</x>\"");
	assert_contains(vc_buf_text(&s->out), "\"source\": \"capture\",");
}

static void
test_several(void **state)
{
	struct sample *s = *state;
	struct json_object *object, *subjects;

	s->subject[1] = s->subject[0];
	s->report.subjects = 2;
	object = report(s, "several");
	assert_true(json_object_object_get_ex(object, "subjects", &subjects));
	assert_int_equal(json_object_array_length(subjects), 2);
	json_object_put(object);
}

static void
test_same_bytes(void **state)
{
	struct sample *s = *state;
	_cleanup_buf_ struct vc_buf first = { 0 };

	vc_report_json(&s->report, &first);
	json_object_put(report(s, "same"));
	assert_string_equal(vc_buf_text(&first), vc_buf_text(&s->out));
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_contract, setup, teardown),
		cmocka_unit_test_setup_teardown(test_host_alone, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hostile, setup, teardown),
		cmocka_unit_test_setup_teardown(test_several, setup, teardown),
		cmocka_unit_test_setup_teardown(test_same_bytes, setup, teardown),
	};

	directory = argc > 1 ? argv[1] : NULL;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
