/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JUnit XML, as Jenkins and others read it: a suite is a domain on a host, a test a rule that applies to it.
 * What makes the run fail (--fail-on) is a failure, a finding below that passes with its text as output, what
 * is undecided is skipped, or an error with --strict. What could not be read is an error of its own suite.
 */
#include <string.h>

#include "report/stream.h"
#include "report/text.h"
#include "report/xml-write.h"

struct suite {
	struct vc_buf cases;
	size_t tests, failures, errors, skipped;
	const char *class;
	struct vc_arena *arena;
};

static void
begin(struct vc_stream *stream, struct vc_buf *out)
{
	(void)stream;
	vc_buf_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"vhostcheck\">\n");
}

/* What terminals must not see XML 1.0 cannot hold either (section 2.2); U+FFFE and U+FFFF are left. */
static void
add_safe(struct vc_buf *out, const char *text, char quote)
{
	_cleanup_buf_ struct vc_buf safe = { 0 }, part = { 0 };
	const char *at;

	vc_buf_add_safe(&safe, text, 1);
	for (at = vc_buf_text(&safe); *at;) {
		const char *bad = strstr(at, "\xef\xbf");
		size_t length = bad ? (size_t)(bad - at) : strlen(at);

		part.length = 0;
		vc_buf_add_n(&part, at, length);
		vc_xml_escape_for(out, vc_buf_text(&part), quote);
		at += length;
		if (!bad)
			break;
		if ((unsigned char)at[2] >= 0xbe)
			vc_buf_addf(out, "\\xef\\xbf\\x%02x", (unsigned char)at[2]);
		else
			vc_buf_add_n(out, at, 3);
		at += 3;
	}
}

static void
add_attribute(struct vc_buf *out, const char *name, const char *value)
{
	vc_buf_addf(out, " %s=\"", name);
	add_safe(out, value, '"');
	vc_buf_add(out, "\"");
}

static void
begin_case(struct suite *suite, const char *name)
{
	suite->tests++;
	vc_buf_add(&suite->cases, "    <testcase");
	add_attribute(&suite->cases, "classname", suite->class);
	add_attribute(&suite->cases, "name", name);
}

static void
add_case(struct suite *suite, const char *name, const char *element, const char *type, const char *message,
	 const char *text)
{
	struct vc_buf *out = &suite->cases;

	begin_case(suite, name);
	vc_buf_addf(out, ">\n      <%s", element);
	if (type)
		add_attribute(out, "type", type);
	if (message)
		add_attribute(out, "message", message);
	vc_buf_add(out, ">");
	add_safe(out, text, '\0');
	vc_buf_addf(out, "</%s>\n    </testcase>\n", element);
}

static size_t
index_of(const struct vc_ruleset *rules, const struct vc_rule *rule)
{
	size_t i = 0;

	while (i < rules->count && rules->rule[i] != rule)
		i++;
	return i;
}

/* Several findings of one rule are several tests, each with a name of its own. @alike: how many it has. */
static const char *
case_name(const struct vc_finding *finding, size_t alike, struct vc_arena *arena)
{
	const char *where =
		finding->outcome == VC_UNDECIDED ? finding->unknown_fact : vc_finding_where(finding, arena);

	if (alike == 1)
		return finding->rule->id;
	return vc_arena_printf(arena, "%s, %s", finding->rule->id, where ? where : "host");
}

static void
add_finding(const struct vc_stream *stream, const struct vc_report *report, const struct vc_finding *finding,
	    const char *name, struct suite *suite)
{
	static const struct vc_style plain = { .width = VC_WIDTH_DEFAULT };
	bool fails = stream->info->fails[finding->rule->severity];
	_cleanup_buf_ struct vc_buf text = { 0 };

	vc_text_head(report, finding, &plain, &text);
	vc_text_why(finding->rule, false, &plain, &text);
	vc_text_fixes(report, finding, &plain, &text);
	if (fails) {
		suite->failures++;
		add_case(suite, name, "failure", vc_severity_name(finding->rule->severity),
			 vc_finding_message(finding), vc_buf_text(&text));
	} else {
		add_case(suite, name, "system-out", NULL, NULL, vc_buf_text(&text));
	}
}

static void
add_undecided(const struct vc_stream *stream, const struct vc_finding *finding, const char *name,
	      struct suite *suite)
{
	const char *doubt = vc_finding_doubt(finding, suite->arena);
	bool strict = stream->info->strict;

	if (strict)
		suite->errors++;
	else
		suite->skipped++;
	add_case(suite, name, strict ? "error" : "skipped", "undecided", doubt, "");
}

static void
add_findings(const struct vc_stream *stream, const struct vc_report *report, struct suite *suite)
{
	const struct vc_findings *findings = report->subject[0].findings;
	const struct vc_ruleset *rules = stream->info->rules;
	size_t *alike = vc_arena_make_array(suite->arena, rules->count + 1, size_t);

	for (size_t i = 0; i < findings->count; i++)
		alike[index_of(rules, findings->item[i].rule)]++;
	for (size_t i = 0; i < findings->count; i++) {
		const struct vc_finding *finding = &findings->item[i];
		const char *name = case_name(finding, alike[index_of(rules, finding->rule)], suite->arena);

		if (findings->item[i].outcome == VC_FAIL)
			add_finding(stream, report, &findings->item[i], name, suite);
		else if (findings->item[i].outcome == VC_UNDECIDED)
			add_undecided(stream, &findings->item[i], name, suite);
	}
}

/* Rules of which nothing was found wrong. */
static void
add_passed(const struct vc_stream *stream, const struct vc_findings *findings, struct suite *suite)
{
	for (size_t i = 0; findings->passed_rule && i < stream->info->rules->count; i++) {
		if (!findings->passed_rule[i])
			continue;
		begin_case(suite, stream->info->rules->rule[i]->id);
		vc_buf_add(&suite->cases, "/>\n");
	}
}

static void
write_suite(const struct suite *suite, const char *name, const char *host, struct vc_buf *out)
{
	vc_buf_add(out, "  <testsuite");
	add_attribute(out, "name", name);
	vc_buf_addf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"", suite->tests,
		    suite->failures, suite->errors, suite->skipped);
	if (host)
		add_attribute(out, "hostname", host);
	vc_buf_add(out, ">\n");
	vc_buf_add(out, vc_buf_text(&suite->cases));
	vc_buf_add(out, "  </testsuite>\n");
}

static const char *
without_dots(const char *text, struct vc_arena *arena)
{
	char *copy = vc_arena_strdup(arena, text);

	for (char *at = copy; *at; at++)
		*at = *at == '.' ? '_' : *at;
	return copy;
}

/* Jenkins takes what stands before the last dot for a package: HOST.DOMAIN, and no other dots. */
static const char *
make_class(const char *host, const char *domain, struct vc_arena *arena)
{
	domain = without_dots(domain, arena);
	return host ? vc_arena_printf(arena, "%s.%s", without_dots(host, arena), domain) : domain;
}

static void
add(struct vc_stream *stream, const struct vc_report *report, size_t host, struct vc_buf *out)
{
	const char *label = stream->info->host[host].label;
	const char *file = vc_subject_file(&report->subject[0]);
	struct suite suite = { .arena = report->arena };

	suite.class = make_class(stream->info->hosts > 1 ? label : NULL, vc_subject_name(&report->subject[0]),
				 report->arena);
	add_findings(stream, report, &suite);
	add_passed(stream, report->subject[0].findings, &suite);
	write_suite(&suite,
		    stream->info->hosts > 1 ? vc_arena_printf(report->arena, "%s on %s", file, label) : file,
		    label, out);
	vc_buf_release(&suite.cases);
}

static void
end(struct vc_stream *stream, const struct vc_diags *refused, struct vc_buf *out)
{
	for (size_t i = 0; i < refused->count; i++) {
		const struct vc_diag *diag = &refused->item[i];
		const char *file = !diag->file                    ? "vhostcheck"
				   : strcmp(diag->file, "-") == 0 ? "<stdin>"
								  : diag->file;
		struct suite suite = { .arena = stream->arena, .errors = 1 };

		suite.class = make_class(NULL, file, stream->arena);
		add_case(&suite, "readable", "error", "input", diag->text, "");
		write_suite(&suite, file, NULL, out);
		vc_buf_release(&suite.cases);
	}
	vc_buf_add(out, "</testsuites>\n");
}

const struct vc_format_row vc_format_junit = { "junit", begin, add, end };
