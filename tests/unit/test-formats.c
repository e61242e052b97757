/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every format, on text that is hostile. With a directory as its argument it also leaves its reports there,
 * for tests/lint/check-formats.
 */
#include "sample.h"

#include <json-c/json.h>

#include "report/format.h"
#include "report/matrix.h"

/* Quotes of all kinds, ends of lines, a terminal's escape, what ends a command or a CDATA section, bad UTF-8,
 * U+FFFE. */
#define HOSTILE "<&>'\"]]>%0A::error::x ##[error]y, a=b;\r\n\x1b[31m\xff \xef\xbf\xbe \xc3\xa9"

static const char *directory;

struct fixture {
	struct sample sample;
	struct vc_stream_host host[3];
	const struct vc_rule *rules[1];
	struct vc_ruleset ruleset;
	struct vc_stream_info info;
	struct vc_diags refused;
	bool passed[1];
};

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	sample_init(&f->sample);
	f->rules[0] = &f->sample.rule;
	f->ruleset = (struct vc_ruleset){ .rule = f->rules, .count = 1 };
	f->host[0] = (struct vc_stream_host){ .root = "hosts/intel39", .label = "intel39" };
	f->host[1] = (struct vc_stream_host){ .root = "hosts/" HOSTILE, .label = HOSTILE };
	f->host[2] = (struct vc_stream_host){ .root = "hosts/c", .label = "c" };
	f->info = (struct vc_stream_info){ .host = f->host, .hosts = 1, .rules = &f->ruleset };
	f->info.fails[VC_ERROR] = true;
	f->refused.arena = f->sample.arena;
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	sample_release(&f->sample);
	free(f);
	return 0;
}

static void
keep(const char *text, const char *name)
{
	char path[4096];
	FILE *file;

	if (!directory)
		return;
	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

/* The sample on every host, @times in a row, as if it were so many domains. */
static const char *
run(struct fixture *f, enum vc_format format, unsigned times, const char *name)
{
	struct vc_stream stream = { .info = &f->info, .arena = f->sample.arena };
	struct vc_report report = f->sample.report;

	vc_buf_release(&f->sample.out);
	vc_formats[format]->begin(&stream, &f->sample.out);
	for (unsigned i = 0; i < times; i++) {
		for (size_t host = 0; host < f->info.hosts; host++) {
			report.root = f->host[host].root;
			vc_formats[format]->add(&stream, &report, host, &f->sample.out);
		}
	}
	vc_formats[format]->end(&stream, &f->refused, &f->sample.out);
	if (name)
		keep(vc_buf_text(&f->sample.out), name);
	return vc_buf_text(&f->sample.out);
}

static void
make_hostile(struct fixture *f)
{
	struct sample *s = &f->sample;

	s->guest.file = "dir/" HOSTILE ".xml";
	vc_set_text(&s->guest.name, HOSTILE, "/domain/name");
	s->finding[0].message = HOSTILE;
	s->finding[0].device = HOSTILE;
	s->finding[0].place.xpath = "/domain/" HOSTILE;
	sample_add_undecided(s, &s->rule, "host." HOSTILE, "/sys/" HOSTILE);
	vc_diag_add(&f->refused, "bad/" HOSTILE, 7, "%s", HOSTILE);
	vc_diag_add(&f->refused, "-", 0, "is empty");
	f->info.hosts = 2;
	f->info.several = true;
}

static struct json_object *
parse(const char *text)
{
	struct json_object *object = json_tokener_parse(text);

	if (!object)
		fail_msg("no JSON:\n%s", text);
	return object;
}

/* "runs.0.results.1.kind" */
static struct json_object *
at(struct json_object *object, const char *path)
{
	_cleanup_free_ char *copy = strdup(path);
	char *rest = copy, *step;

	while ((step = strsep(&rest, "."))) {
		struct json_object *next = NULL;

		if (json_object_is_type(object, json_type_array))
			next = json_object_array_get_idx(object, (size_t)atoi(step));
		else
			json_object_object_get_ex(object, step, &next);
		if (!next)
			fail_msg("nothing at %s of %s", step, path);
		object = next;
	}
	return object;
}

static const char *
text_at(struct json_object *object, const char *path)
{
	return json_object_get_string(at(object, path));
}

/* --- JSON --- */

static void
test_json_is_the_report(void **state)
{
	struct fixture *f = *state;
	_cleanup_buf_ struct vc_buf whole = { 0 };

	vc_report_json(&f->sample.report, &whole);
	assert_string_equal(run(f, VC_FORMAT_JSON, 1, NULL), vc_buf_text(&whole));
}

static void
test_json_of_several_hosts(void **state)
{
	struct fixture *f = *state;
	struct json_object *report;

	make_hostile(f);
	report = parse(run(f, VC_FORMAT_JSON, 2, "several.json"));
	assert_null(json_object_object_get(report, "host"));
	assert_int_equal(json_object_array_length(at(report, "subjects")), 4);
	assert_string_equal(text_at(report, "subjects.0.host.root"), "hosts/intel39");
	assert_string_equal(text_at(report, "subjects.0.host.source"), "capture");
	json_object_put(report);
}

static void
test_lines(void **state)
{
	struct fixture *f = *state;
	_cleanup_free_ char *copy = NULL;
	char *rest, *line;
	size_t lines = 0;

	make_hostile(f);
	copy = strdup(run(f, VC_FORMAT_JSONL, 3, "several.jsonl"));
	rest = copy;
	while ((line = strsep(&rest, "\n")) && *line) {
		struct json_object *subject = parse(line);

		assert_string_equal(text_at(subject, "schema"), "vhostcheck-subject");
		assert_string_equal(text_at(subject, "host.kernel"), "6.12.107+deb13-amd64");
		json_object_put(subject);
		lines++;
	}
	assert_int_equal(lines, 6);
}

/* --- SARIF --- */

static void
test_sarif(void **state)
{
	struct fixture *f = *state;
	struct json_object *log;

	sample_add_undecided(&f->sample, &f->sample.rule, "host.msr.test_ctrl", "/dev/cpu/0/msr");
	log = parse(run(f, VC_FORMAT_SARIF, 1, "plain.sarif"));
	assert_string_equal(text_at(log, "version"), "2.1.0");
	assert_string_equal(text_at(log, "runs.0.results.0.kind"), "fail");
	assert_string_equal(text_at(log, "runs.0.results.0.level"), "error");
	assert_string_equal(text_at(log, "runs.0.results.0.message.text"),
			    "the guest IOMMU offers 48 address bits, the host translates 39\n"
			    "fix, in the domain, safe: limit the guest IOMMU to 39 bits");
	assert_string_equal(
		text_at(log, "runs.0.results.0.locations.0.physicalLocation.artifactLocation.uri"),
		"win11.xml");
	assert_int_equal(json_object_get_int(
				 at(log, "runs.0.results.0.locations.0.physicalLocation.region.startLine")),
			 12);
	assert_string_equal(text_at(log, "runs.0.results.1.kind"), "open");
	assert_string_equal(text_at(log, "runs.0.results.1.level"), "none");
	/* Both are of one rule, which is described once. */
	assert_int_equal(json_object_get_int(at(log, "runs.0.results.1.ruleIndex")), 0);
	assert_int_equal(json_object_array_length(at(log, "runs.0.tool.driver.rules")), 1);
	assert_true(json_object_get_boolean(at(log, "runs.0.invocations.0.executionSuccessful")));
	json_object_put(log);
}

static void
test_sarif_uris(void **state)
{
	static const struct {
		const char *file, *uri;
	} names[] = {
		{ "a b.xml", "a%20b.xml" },
		{ "a:b%.xml", "a%3Ab%25.xml" },
		{ "../\xc3\xa9\xff?#[].xml", "../%C3%A9%FF%3F%23%5B%5D.xml" },
		{ "/etc/libvirt/qemu/x.xml", "file:///etc/libvirt/qemu/x.xml" },
		{ "//etc/x.xml", "file:///etc/x.xml" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < VC_COUNT(names); i++) {
		struct json_object *log;

		f->sample.guest.file = names[i].file;
		log = parse(run(f, VC_FORMAT_SARIF, 1, NULL));
		assert_string_equal(
			text_at(log, "runs.0.results.0.locations.0.physicalLocation.artifactLocation.uri"),
			names[i].uri);
		json_object_put(log);
	}
	/* Standard input is no artifact. */
	f->sample.guest.file = "-";
	assert_lacks(run(f, VC_FORMAT_SARIF, 1, "stdin.sarif"), "physicalLocation");
}

static void
test_sarif_hostile(void **state)
{
	struct fixture *f = *state;
	struct json_object *log;

	make_hostile(f);
	log = parse(run(f, VC_FORMAT_SARIF, 2, "hostile.sarif"));
	assert_int_equal(json_object_array_length(at(log, "runs.0.results")), 8);
	assert_false(json_object_get_boolean(at(log, "runs.0.invocations.0.executionSuccessful")));
	assert_int_equal(
		json_object_get_int(at(log, "runs.0.invocations.0.toolExecutionNotifications.0.locations.0."
					    "physicalLocation.region.startLine")),
		7);
	assert_lacks(vc_buf_text(&f->sample.out), "\x1b");
	json_object_put(log);
}

static void
test_sarif_clean(void **state)
{
	struct fixture *f = *state;
	struct json_object *log;

	f->sample.findings.count = 0;
	log = parse(run(f, VC_FORMAT_SARIF, 1, "clean.sarif"));
	assert_int_equal(json_object_array_length(at(log, "runs.0.results")), 0);
	json_object_put(log);
}

/* --- JUnit --- */

static xmlDoc *
parse_xml(const char *text)
{
	xmlDoc *doc = xmlReadMemory(text, (int)strlen(text), "junit.xml", NULL, XML_PARSE_NONET);

	if (!doc)
		fail_msg("no XML:\n%s", text);
	return doc;
}

static void
assert_attribute(const xmlNode *node, const char *name, const char *expected)
{
	xmlChar *value = xmlGetProp((xmlNode *)(uintptr_t)node, (const xmlChar *)name);

	assert_non_null(value);
	assert_string_equal((const char *)value, expected);
	xmlFree(value);
}

static void
test_junit(void **state)
{
	struct fixture *f = *state;
	const xmlNode *suite, *test;
	xmlDoc *doc;

	f->sample.findings.passed_rule = f->passed;
	sample_add_undecided(&f->sample, &f->sample.rule, "host.msr.test_ctrl", "/dev/cpu/0/msr");
	doc = parse_xml(run(f, VC_FORMAT_JUNIT, 1, "plain.junit"));
	suite = sample_child(xmlDocGetRootElement(doc), "testsuite");
	assert_attribute(suite, "name", "win11.xml");
	assert_attribute(suite, "tests", "2");
	assert_attribute(suite, "failures", "1");
	assert_attribute(suite, "errors", "0");
	assert_attribute(suite, "skipped", "1");
	test = sample_child(suite, "testcase");
	assert_attribute(test, "classname", "win11");
	assert_attribute(test, "name", "viommu-aw-bits, line 12");
	assert_attribute(sample_child(test, "failure"), "type", "error");
	xmlFreeDoc(doc);

	/* Below the threshold it passes, and says so; with --strict what is undecided is an error. */
	f->info.fails[VC_ERROR] = false;
	f->info.strict = true;
	doc = parse_xml(run(f, VC_FORMAT_JUNIT, 1, "strict.junit"));
	suite = sample_child(xmlDocGetRootElement(doc), "testsuite");
	assert_attribute(suite, "failures", "0");
	assert_attribute(suite, "errors", "1");
	assert_attribute(suite, "skipped", "0");
	assert_non_null(sample_child(sample_child(suite, "testcase"), "system-out"));
	xmlFreeDoc(doc);
}

static void
test_junit_passed(void **state)
{
	struct fixture *f = *state;
	const xmlNode *test;
	xmlDoc *doc;

	f->passed[0] = true;
	f->sample.findings.count = 0;
	f->sample.findings.passed_rule = f->passed;
	doc = parse_xml(run(f, VC_FORMAT_JUNIT, 1, "clean.junit"));
	test = sample_child(sample_child(xmlDocGetRootElement(doc), "testsuite"), "testcase");
	assert_attribute(test, "name", "viommu-aw-bits");
	assert_null(test->children);
	xmlFreeDoc(doc);
}

static void
test_junit_hostile(void **state)
{
	struct fixture *f = *state;
	const xmlNode *suite;
	xmlDoc *doc;

	make_hostile(f);
	doc = parse_xml(run(f, VC_FORMAT_JUNIT, 1, "hostile.junit"));
	suite = sample_child(xmlDocGetRootElement(doc), "testsuite");
	/* A newline in an attribute is one that was escaped. */
	assert_attribute(
		sample_child(sample_child(suite, "testcase"), "failure"), "message",
		"<&>'\"]]>%0A::error::x ##[error]y, a=b;\\x0d\n\\x1b[31m\\xff \\xef\\xbf\\xbe \xc3\xa9");
	assert_int_equal(xmlChildElementCount(xmlDocGetRootElement(doc)), 4);
	xmlFreeDoc(doc);
}

/* --- GitHub --- */

static void
test_github(void **state)
{
	struct fixture *f = *state;

	sample_add_undecided(&f->sample, &f->sample.rule, "host.msr.test_ctrl", "/dev/cpu/0/msr");
	assert_string_equal(
		run(f, VC_FORMAT_GITHUB, 1, NULL),
		"::error file=win11.xml,line=12,title=viommu-aw-bits::"
		"the guest IOMMU offers 48 address bits, the host translates 39%0A"
		"fix, in the domain, safe: limit the guest IOMMU to 39 bits\n"
		"::notice file=win11.xml,title=1 undecided::viommu-aw-bits: permission denied; run as root: "
		"host.msr.test_ctrl (/dev/cpu/0/msr)\n"
		"vhostcheck, checks 1: errors 1, warnings 0, infos 0, undecided 1\n");
	f->sample.rule.severity = VC_WARNING;
	assert_contains(run(f, VC_FORMAT_GITHUB, 1, NULL), "::warning file=win11.xml,");
	f->sample.rule.severity = VC_INFO;
	assert_contains(run(f, VC_FORMAT_GITHUB, 1, NULL), "::notice file=win11.xml,line=12,");
	f->sample.guest.file = "-";
	assert_contains(run(f, VC_FORMAT_GITHUB, 1, NULL), "::notice title=viommu-aw-bits::");
}

static void
test_github_hostile(void **state)
{
	struct fixture *f = *state;
	const char *text;

	make_hostile(f);
	text = run(f, VC_FORMAT_GITHUB, 1, "hostile.github");
	/* In a property colons and commas are escaped as well. */
	assert_contains(text, "::error file=dir/<&>'\"]]>%250A%3A%3Aerror%3A%3Ax ##[error]y%2C "
			      "a=b;\\x0d%0A\\x1b[31m\\xff ");
	assert_contains(text, "::<&>'\"]]>%250A::error::x ##[error]y, a=b;\\x0d%0A\\x1b[31m\\xff ");
	assert_contains(text, ",line=7,title=not checked::");
	for (const char *line = text; *line; line = strchr(line, '\n') + 1)
		assert_true(strncmp(line, "::", 2) == 0 || strncmp(line, "vhostcheck, checks 2", 20) == 0);
}

/* --- text --- */

static void
test_text_of_one(void **state)
{
	struct fixture *f = *state;
	_cleanup_buf_ struct vc_buf whole = { 0 };

	vc_report_text(&f->sample.report, &f->info.style, &whole);
	assert_string_equal(run(f, VC_FORMAT_TEXT, 1, NULL), vc_buf_text(&whole));
}

static size_t
count_of(const char *text, const char *part)
{
	size_t count = 0;

	while ((text = strstr(text, part))) {
		count++;
		text += strlen(part);
	}
	return count;
}

/* However often it is there, a finding is shown once, with a bounded number of places. */
static void
test_text_groups(void **state)
{
	struct fixture *f = *state;
	struct vc_stream stream = { .info = &f->info, .arena = f->sample.arena };
	const char *text;

	f->info.several = true;
	text = run(f, VC_FORMAT_TEXT, 30, NULL);
	assert_int_equal(count_of(text, "error[viommu-aw-bits]"), 1);
	assert_contains(text, "all 30 domains: 30 errors, ");
	assert_lacks(text, "  also");

	vc_buf_release(&f->sample.out);
	vc_formats[VC_FORMAT_TEXT]->begin(&stream, &f->sample.out);
	for (int i = 0; i < 30; i++) {
		f->sample.finding[0].place.line = 1 + i;
		vc_formats[VC_FORMAT_TEXT]->add(&stream, &f->sample.report, 0, &f->sample.out);
	}
	vc_formats[VC_FORMAT_TEXT]->end(&stream, &f->refused, &f->sample.out);
	text = vc_buf_text(&f->sample.out);
	assert_int_equal(count_of(text, "error[viommu-aw-bits]"), 1);
	assert_contains(text, "  also    win11.xml:2\n          win11.xml:3\n");
	assert_contains(text,
			"          win11.xml:10\n          and 20 times more: --format jsonl has them all\n");
}

static void
test_text_hosts(void **state)
{
	struct fixture *f = *state;
	const char *text;

	f->info.hosts = 3;
	f->info.several = true;
	f->host[1] = (struct vc_stream_host){ .root = "hosts/b", .label = "b" };
	sample_add_undecided(&f->sample, &f->sample.rule, "host.msr.test_ctrl", "/dev/cpu/0/msr");
	text = run(f, VC_FORMAT_TEXT, 1, NULL);
	assert_contains(text, "           intel39    b          c\nwin11.xml  error      error      error\n");
	assert_contains(text, "  host    all 3 hosts\n");
	assert_contains(text, "3 undecided: permission denied; run as root\n"
			      "  host.msr.test_ctrl (/dev/cpu/0/msr): viommu-aw-bits on all 3 hosts\n");
	assert_contains(text, "3 checks on 3 hosts: 3 errors, ");
	f->info.style.loudness = VC_QUIET;
	text = run(f, VC_FORMAT_TEXT, 1, NULL);
	assert_int_equal(count_of(text, "\n"), 3);
	assert_contains(text, "39 [viommu-aw-bits] on intel39\n");
}

static void
test_text_hostile(void **state)
{
	struct fixture *f = *state;
	const char *text;

	make_hostile(f);
	text = run(f, VC_FORMAT_TEXT, 2, NULL);
	assert_lacks(text, "\x1b");
	assert_lacks(text, "\r");
	assert_contains(text, "not checked: bad/<&>");
}

/* --- the matrix --- */

static void
test_matrix_letters(void **state)
{
	struct fixture *f = *state;
	struct vc_stream_host hosts[60];
	struct vc_matrix matrix = { .arena = f->sample.arena, .info = &f->info };

	for (size_t i = 0; i < VC_COUNT(hosts); i++)
		hosts[i] = (struct vc_stream_host){ .root = "a-host-with-a-name",
						    .label = "a-host-with-a-name" };
	f->info.host = hosts;
	f->info.hosts = VC_COUNT(hosts);
	f->info.style.width = 80;
	for (size_t row = 0; row < 2; row++) {
		for (size_t i = 0; i < VC_COUNT(hosts); i++)
			vc_matrix_add(&matrix, row ? "/etc/libvirt/qemu/b.xml" : "/etc/libvirt/qemu/a.xml", i,
				      (enum vc_cell)(i % 6));
	}
	vc_matrix_text(&matrix, &f->sample.out);
	/* The directory that all share is left out, and so many hosts as do not fit follow below. */
	assert_contains(vc_buf_text(&f->sample.out), "a.xml  -  .  i  ?  W  E  -  .");
	assert_int_equal(count_of(vc_buf_text(&f->sample.out), "a.xml"), 4);
	for (const char *line = vc_buf_text(&f->sample.out); *line; line = strchr(line, '\n') + 1)
		assert_true(strcspn(line, "\n") <= 80);
}

static void
test_matrix_names(void **state)
{
	struct fixture *f = *state;
	struct vc_matrix matrix = { .arena = f->sample.arena, .info = &f->info };
	char longest[4096];

	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	memcpy(longest + 4080, "\xc3\xa9the-end.xml", 13);
	vc_matrix_add(&matrix, longest, 0, VC_CELL_OK);
	vc_matrix_add(&matrix, "a.xml", 0, VC_CELL_UNDECIDED);
	vc_matrix_text(&matrix, &f->sample.out);
	assert_contains(vc_buf_text(&f->sample.out), "\n...xxx");
	assert_contains(vc_buf_text(&f->sample.out), "\xc3\xa9the-end.xml");
	for (const char *line = vc_buf_text(&f->sample.out); *line; line = strchr(line, '\n') + 1)
		assert_true(strcspn(line, "\n") < 60);
}

static void
test_cells(_unused_ void **state)
{
	assert_int_equal(vc_cell_of(&(struct vc_count){ .passed = 3 }), VC_CELL_OK);
	assert_int_equal(vc_cell_of(&(struct vc_count){ .info = 1 }), VC_CELL_INFO);
	/* What nobody could look at is worse than advice, and no reason to hide a warning. */
	assert_int_equal(vc_cell_of(&(struct vc_count){ .info = 1, .undecided = 1 }), VC_CELL_UNDECIDED);
	assert_int_equal(vc_cell_of(&(struct vc_count){ .warning = 1, .undecided = 1 }), VC_CELL_WARNING);
	assert_int_equal(vc_cell_of(&(struct vc_count){ .warning = 1, .error = 1 }), VC_CELL_ERROR);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		T(test_json_is_the_report),
		T(test_json_of_several_hosts),
		T(test_lines),
		T(test_sarif),
		T(test_sarif_uris),
		T(test_sarif_hostile),
		T(test_sarif_clean),
		T(test_junit),
		T(test_junit_passed),
		T(test_junit_hostile),
		T(test_github),
		T(test_github_hostile),
		T(test_text_of_one),
		T(test_text_groups),
		T(test_text_hosts),
		T(test_text_hostile),
		T(test_matrix_letters),
		T(test_matrix_names),
		T(test_cells),
	};

	directory = argc > 1 ? argv[1] : NULL;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
