/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading logs: cleaning lines, finding symptoms, grouping what was seen. Rules and messages are made up here. */
#include "rule-helper.h"

#include "diagnose/automaton.h"
#include "diagnose/diagnosis.h"
#include "diagnose/lines.h"

/* --- lines --- */

struct taken {
	struct vc_arena *arena;
	struct vc_buf text; /* "LINE[old]:text\n" */
};

static void
take(void *context, const struct vc_log_piece *piece)
{
	struct taken *taken = context;

	assert_int_equal(strlen(piece->text), piece->length);
	vc_buf_addf(&taken->text, "%u[%zu]%s", (unsigned)piece->line, piece->old, piece->last ? ":" : "+");
	vc_buf_add(&taken->text, piece->text);
	vc_buf_add(&taken->text, "\n");
}

/* What becomes of @size bytes, given in pieces of @step. */
static char *
clean(struct vc_arena *arena, const char *data, size_t size, size_t step)
{
	struct vc_log_lines *lines = vc_arena_make(arena, struct vc_log_lines);
	struct taken taken = { .arena = arena };
	char *text;

	vc_log_lines_init(lines, take, &taken);
	for (size_t at = 0; at < size; at += step)
		vc_log_lines_feed(lines, data + at, size - at < step ? size - at : step);
	vc_log_lines_end(lines);
	assert_int_equal(lines->bytes, size);
	text = vc_arena_strdup(arena, vc_buf_text(&taken.text));
	vc_buf_release(&taken.text);
	return text;
}

static void
lines_are_cleaned(void **state _unused_)
{
	static const struct {
		const char *data;
		size_t size;
		const char *expected;
	} cases[] = {
#define CASE(literal, wanted) { .data = literal, .size = sizeof(literal) - 1, .expected = wanted }
		CASE("", ""),
		CASE("a", "1[0]:a\n"),
		CASE("a\n", "1[0]:a\n"),
		CASE("\n\nb", "1[0]:\n2[0]:\n3[0]:b\n"),
		CASE("  a \t b  \r\nc\r\n", "1[0]:a b\n2[0]:c\n"),
		CASE("a\rb\rc", "1[0]:a b c\n"),
		CASE("\033[1;31merror:\033[0m x\033[K\n", "1[0]:error: x\n"),
		CASE("\033]0;title\aa \033]8;;u\033\\b\n", "1[0]:a b\n"),
		CASE("\033(Ba\033=b", "1[0]:ab\n"),
		/* Never ended: given up with the line. */
		CASE("a\033[1;2\nb\033]x\nc", "1[0]:a\n2[0]:b\n3[0]:c\n"),
		CASE("e\0r\0r\0", "1[0]:err\n"),
		CASE("type \xe2\x80\x98" "127\xe2\x80\x99 \xe2\x80\x9cx\xe2\x80\x9d\xc2\xa0y", "1[0]:type '127' \"x\" y\n"),
		CASE("{\"desc\": \"romfile \\\"/x\\\"\"}", "1[0]:{\"desc\": \"romfile \"/x\"\"}\n"),
		CASE("\xff\xfe\x80 x", "1[0]:\xff\xfe\x80 x\n"),
	};

	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		_cleanup_arena_ struct vc_arena *arena = vc_arena_new();

		for (size_t step = 1; step < 8; step++)
			assert_string_equal(clean(arena, cases[i].data, cases[i].size, step), cases[i].expected);
	}
}

static void
long_lines_come_in_pieces(void **state _unused_)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	size_t size = 2 * VC_LINE_MAX;
	char *data = vc_arena_alloc(arena, size), *text;
	const char *second;

	for (size_t i = 0; i < size; i++)
		data[i] = (char)('a' + i % 26);
	text = clean(arena, data, size, 1000);
	assert_int_equal(strncmp(text, "1[0]+abc", 8), 0);
	second = strchr(text, '\n') + 1;
	assert_int_equal((size_t)(second - text), strlen("1[0]+") + VC_LINE_MAX + 1);
	assert_int_equal(strncmp(second, "1[2048]+", 8), 0);
	/* It begins with the end of the piece before. */
	assert_memory_equal(second + 8, second - 1 - VC_LINE_OVERLAP, VC_LINE_OVERLAP);
	assert_string_equal(strrchr(text, ':') - strlen("1[2048]"), strstr(text, "1[2048]:"));
	/* An escape sequence that never ends does not swallow megabytes. */
	memset(data, 'x', size);
	data[0] = '\033';
	data[1] = ']';
	assert_true(strlen(clean(arena, data, size, 999)) > size - 1000);
}

/* --- automaton --- */

static void
automaton_finds_all_words(void **state _unused_)
{
	static const char *const words[] = { "he", "she", "his", "hers", "HE", "xyz" };
	static const char text[] = "usHERs";
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	const struct vc_automaton *automaton = vc_automaton_new(words, VC_COUNT(words), arena);
	_cleanup_buf_ struct vc_buf found = { 0 };
	uint32_t at = VC_AUTOMATON_START, link;

	for (size_t i = 0; text[i]; i++) {
		at = vc_automaton_step(automaton, at, (unsigned char)text[i]);
		for (link = vc_automaton_first(automaton, at); link != 0;)
			vc_buf_addf(&found, "%zu:%s ", i, words[vc_automaton_word(automaton, link, &link)]);
	}
	/* Both spellings of one word, and its longer forms before it. */
	assert_string_equal(vc_buf_text(&found), "3:she 3:HE 3:he 5:hers ");
}

/* --- matcher --- */

/* One rule with one symptom; @attributes of it. */
static const struct vc_rule *
rule_with(struct vc_arena *arena, const char *id, const char *attributes, const char *symptom)
{
	return load_good(arena, id,
			 vc_arena_printf(arena,
					 "<rule id='%s' since='0.1' severity='error' confidence='proven'>"
					 "<fails>yes</fails><says>s</says><symptom %s>%s</symptom>" TAIL,
					 id, attributes, symptom));
}

static const struct vc_messages no_messages = { .count = 0 };

/* What is found of @symptom in @text: "[begin-end name=value ...]" for each match. */
static const char *
find(const char *attributes, const char *symptom, const char *text)
{
	static struct vc_buf found;
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	const struct vc_rule *rule = rule_with(arena, "x", attributes, symptom);
	const struct vc_ruleset rules = { .rule = &rule, .count = 1 };
	struct vc_matcher *matcher = vc_matcher_new(&rules, &no_messages, arena);
	struct vc_match match[8];
	bool trouble;
	size_t count = vc_matcher_find(matcher, text, strlen(text), 0, match, VC_COUNT(match), &trouble);

	vc_buf_release(&found);
	for (size_t i = 0; i < count; i++) {
		vc_buf_addf(&found, "[%zu-%zu", match[i].begin, match[i].end);
		for (size_t j = 0; j < match[i].values; j++)
			vc_buf_addf(&found, " %s=%.*s", match[i].value[j].name,
				    (int)(match[i].value[j].end - match[i].value[j].begin),
				    text + match[i].value[j].begin);
		vc_buf_add(&found, "]");
	}
	return vc_buf_text(&found);
}

static void
holes_hold_what_they_say(void **state _unused_)
{
	static const struct {
		const char *symptom, *text, *expected;
	} cases[] = {
		{ "group {g:dec} is not viable", "vfio: group 15 is not viable", "[6-28 g=15]" },
		{ "group {g:dec} is not viable", "Group 15 IS NOT VIABLE!", "[0-22 g=15]" },
		{ "group {g:dec} is not viable", "group  is not viable", "" },
		{ "group {g:dec} is not viable", "group x is not viable", "" },
		{ "group {g:dec} is not viable", "group 15 is not viables", "" },
		{ "group {g:dec} is not viable", "mygroup 15 is not viable", "" },
		{ "failed with {e:dec}.", "failed with -22.", "[0-16 e=-22]" },
		{ "failed with {e:dec}", "failed with 22x", "" },
		{ "{n:dec} is too many", "12 is too many, -3 is too many, 0x4 is too many", "[0-14 n=12][16-30 n=-3]" },
		{ "map({:hex}, {a:hex}) failed", "map(0x55, 0xABCDEF) failed", "[0-26 a=0xABCDEF]" },
		{ "map({:hex}, {a:hex}) failed", "map((nil), ff) failed", "[0-21 a=ff]" },
		{ "map({:hex}, {a:hex}) failed", "map(0x55, 0x) failed", "" },
		{ "{a:hex} failed to map", "at 0xfee00000 failed to map", "[3-27 a=0xfee00000]" },
		{ "{a:hex} failed to map", "at (nil) failed to map", "[3-22 a=(nil)]" },
		{ "vfio {device}: no group", "vfio 0000:03:00.1: no group", "[0-27 device=0000:03:00.1]" },
		{ "vfio {device}: no group", "vfio 03:00.1: no group", "[0-22 device=03:00.1]" },
		{ "vfio {device}: no group", "vfio 10000:e1:00.0: no group", "[0-28 device=10000:e1:00.0]" },
		{ "vfio {device}: no group", "vfio 0000:03:00.8: no group", "" },
		{ "{device}: no group at all", "x=0000:03:00.1: no group at all", "[2-31 device=0000:03:00.1]" },
		{ "Region {r:word}: refused", "Region mach-virt.ram: refused", "[0-29 r=mach-virt.ram]" },
		{ "Region {r:word}. refused", "Region pc.ram. refused", "[0-22 r=pc.ram]" },
		{ "version {v:version}, ok", "version 10.0.13, ok", "[0-19 v=10.0.13]" },
		{ "version {v:version}", "version 10.0.13Debian 1:10.0", "[0-15 v=10.0.13]" },
		{ "romfile \"{f:text}\" is empty", "romfile \"/a b/c\" is empty", "[0-25 f=/a b/c]" },
		{ "romfile \"{f:text}\" is empty", "romfile \"\" is empty", "[0-19 f=]" },
		{ "cannot open: {e:text}", "cannot open: No such file", "[0-13 e=No such file]" },
		{ "requirement.  Contact your vendor", "requirement. Contact your vendor", "[0-32]" },
		/* The key is in the middle, and what stands before it is found from there. */
		{ "a{x:dec}: {y:text} z: this is the longest part of it", "a1: b c z: this is the longest part of it",
		  "[0-41 x=1 y=b c]" },
		{ "twice {n:dec} times", "twice 1 times twice 2 times", "[0-13 n=1][14-27 n=2]" },
	};

	for (size_t i = 0; i < VC_COUNT(cases); i++)
		assert_string_equal(find("", cases[i].symptom, cases[i].text), cases[i].expected);
}

static void
values_are_asked_for(void **state _unused_)
{
	static const struct {
		const char *where, *text, *expected;
	} cases[] = {
		{ "a >= 0x100", "map(0x100, 0) failed", "[0-20 a=0x100 n=0]" },
		{ "a >= 0x100", "map(0xff, 0) failed", "" },
		{ "a + n > 4096", "map(0xfff, 1) failed", "" },
		{ "a + n > 4096", "map(0xfff, 2) failed", "[0-20 a=0xfff n=2]" },
		{ "a &lt; 2", "map((nil), 2) failed", "[0-20 a=(nil) n=2]" },
		{ "n == 10", "map(0xa, 10) failed", "[0-19 a=0xa n=10]" },
		{ "n == 10", "map(10, 11) failed", "" },
		{ "n &lt;= 3", "map(10, 3) failed", "[0-17 a=10 n=3]" },
		/* Beyond 64 bits the sum is greater than anything; a value that does not fit is no value. */
		{ "a + n > 1", "map(0xffffffffffffffff, 9) failed", "[0-33 a=0xffffffffffffffff n=9]" },
		{ "a + n &lt; 1", "map(0xffffffffffffffff, 9) failed", "" },
		{ "a > 1", "map(0x10000000000000000, 9) failed", "" },
	};

	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		char attributes[64];

		snprintf(attributes, sizeof(attributes), "where='%s'", cases[i].where);
		assert_string_equal(find(attributes, "map({a:hex}, {n:dec}) failed", cases[i].text), cases[i].expected);
	}
}

/* --- diagnoses --- */

#define MESSAGE(id, kind, body)                                                                              \
	"<message id='" id "' kind='" kind "'><title>T " id "</title>" body "<meaning>m</meaning>"          \
	"<source>qemu 10.0 hw/x.c y</source></message>"

struct made {
	struct vc_arena *arena;
	const struct vc_rule *rule[8];
	struct vc_ruleset rules;
	struct vc_messages messages;
	struct vc_diagnoses diagnoses;
};

static int
make(void **state)
{
	static const char messages[] = "<messages>"
		MESSAGE("noise", "noise", "<symptom>Unexpected RDMSR {msr:hex}, ignored</symptom>")
		MESSAGE("wrapped", "wrapper", "<symptom>failed to setup container for group {group:dec}</symptom>")
		MESSAGE("ended", "wrapper", "<symptom>closed the monitor</symptom>")
		MESSAGE("general", "failure", "<symptom>cannot be opened: {e:text}</symptom><advice>a</advice>")
		MESSAGE("special", "warning", "<symptom>device cannot be opened: denied</symptom><advice>a</advice>")
		MESSAGE("versions", "version", "<symptom>qemu version: {qemu:version}</symptom>")
		"</messages>";
	struct made *made = calloc(1, sizeof(*made));
	struct vc_diags diags;

	assert_non_null(made);
	made->arena = vc_arena_new();
	diags = (struct vc_diags){ .arena = made->arena };
	made->rule[0] = load_good(made->arena, "alone",
				  RULE("alone", "<fails>yes</fails><says>s</says>"
						"<symptom alone='yes'>map({:hex}) = -22</symptom>"));
	made->rule[1] = load_good(made->arena, "clue",
				  RULE("clue", "<fails>yes</fails><says>s</says>"
					       "<symptom clue='yes'>No DMAR devices found</symptom>"));
	made->rule[2] = load_good(made->arena, "one",
				  RULE("one", "<fails>yes</fails><says>s</says>"
					      "<symptom>MAP_DMA failed: Invalid</symptom>"
					      "<symptom>Region {region:word}: map({address:hex}) = -22</symptom>"));
	made->rule[3] = load_good(made->arena, "other",
				  RULE("other", "<fails>yes</fails><says>s</says>"
						"<symptom>MAP_DMA failed: Invalid</symptom>"));
	made->rule[4] = load_good(made->arena, "specific",
				  RULE("specific", "<fails>yes</fails><says>s</says>"
						   "<symptom>Code 43</symptom><supersedes>general</supersedes>"));
	made->rule[5] = load_good(made->arena, "a-general",
				  RULE("a-general", "<fails>yes</fails><says>s</says><symptom>Code 43</symptom>"));
	made->rules = (struct vc_ruleset){ .rule = made->rule, .count = 6 };
	if (vc_messages_load(messages, strlen(messages), "m.xml", made->arena, &diags, &made->messages) < 0)
		fail_msg("%s", diags.item[0].text);
	assert_int_equal(vc_messages_finish(&made->messages, made->arena, &diags), 0);
	*state = made;
	return 0;
}

static int
unmake(void **state)
{
	struct made *made = *state;

	vc_arena_free(made->arena);
	free(made);
	return 0;
}

static const struct vc_diagnoses *
diagnose(struct made *made, const char *text)
{
	struct vc_diagnoser *diagnoser = vc_diagnoser_new(&made->rules, &made->messages, made->arena);

	vc_diagnoser_begin(diagnoser, "x.log");
	vc_diagnoser_feed(diagnoser, text, strlen(text));
	vc_diagnoser_end(diagnoser);
	vc_diagnoser_finish(diagnoser, &made->diagnoses);
	return &made->diagnoses;
}

/* "one,other:3 clue:1" */
static const char *
outline(struct made *made)
{
	_cleanup_buf_ struct vc_buf buf = { 0 };

	for (size_t i = 0; i < made->diagnoses.count; i++) {
		const struct vc_diagnosis *item = &made->diagnoses.item[i];

		vc_buf_add(&buf, i > 0 ? " " : "");
		for (size_t j = 0; j < item->causes; j++)
			vc_buf_addf(&buf, "%s%s", j > 0 ? "," : "", vc_cause_id(&item->cause[j].cause));
		vc_buf_addf(&buf, ":%u%s", (unsigned)item->count, item->clue ? "c" : "");
	}
	return vc_arena_strdup(made->arena, vc_buf_text(&buf));
}

static void
a_chain_is_one_diagnosis(void **state)
{
	struct made *made = *state;
	const struct vc_sighting *sighting;

	diagnose(made, "qemu: MAP_DMA failed: Invalid\n"
		       "other program: nothing\n"
		       "vfio 0000:29:00.0: failed to setup container for group 28: Region pc.ram: map(0x40) = -22\n");
	/* What explains both lines comes first; "alone" does not stand alone; the wrapper gave its value and went. */
	assert_string_equal(outline(made), "one,other:2");
	sighting = made->diagnoses.item[0].sighting[1];
	assert_int_equal(sighting->values, 4);
	assert_string_equal(sighting->value[0].name, "device");
	assert_string_equal(sighting->value[0].text, "0000:29:00.0");
	assert_string_equal(sighting->value[1].text, "28");
	assert_string_equal(sighting->value[2].text, "pc.ram");
	assert_string_equal(sighting->value[3].text, "0x40");
	assert_int_equal(sighting->first.line, 3);
	assert_int_equal(made->diagnoses.wrappers, 0);

	diagnose(made, "qemu: map(0x40) = -22");
	assert_string_equal(outline(made), "alone:1");
	/* Interleaved, in another order, with something of its own. */
	diagnose(made, "Code 43\nRegion pc.ram: map(0x40) = -22\nMAP_DMA failed: Invalid\nCode 43\n");
	assert_string_equal(outline(made), "a-general,specific:2 one,other:2");
}

static void
better_messages_win(void **state)
{
	struct made *made = *state;

	diagnose(made, "file cannot be opened: missing\n");
	assert_string_equal(outline(made), "general:1");
	diagnose(made, "device cannot be opened: denied\n");
	assert_string_equal(outline(made), "special:1");
	assert_int_equal(made->diagnoses.item[0].severity, VC_WARNING);
}

static void
what_is_no_failure(void **state)
{
	struct made *made = *state;

	diagnose(made, "NVMM: Unexpected RDMSR 0x3a, ignored\nNVMM: Unexpected RDMSR 0x3a, ignored\n"
		       "Unexpected RDMSR 0xce, ignored\nqemu version: 10.0.13Debian\nerror: what\nwerror=stop\n");
	assert_string_equal(outline(made), "");
	assert_int_equal(made->diagnoses.noises, 2);
	assert_int_equal(made->diagnoses.noise[0]->count, 2);
	assert_int_equal(made->diagnoses.noise[0]->last.line, 2);
	assert_int_equal(made->diagnoses.versions, 1);
	assert_string_equal(made->diagnoses.version[0].text, "10.0.13");
	assert_int_equal(made->diagnoses.unknown_lines, 1);
	assert_string_equal(made->diagnoses.unknown[0].text, "error: what");
	assert_int_equal(made->diagnoses.unknown[0].place.line, 5);

	diagnose(made, "DMAR: No DMAR devices found\n");
	assert_string_equal(outline(made), "clue:1c");
	/* A clue comes after failures, whatever comes first in the log. */
	diagnose(made, "DMAR: No DMAR devices found\nCode 43\n");
	assert_string_equal(outline(made), "a-general,specific:1 clue:1c");
}

static void
wrappers_speak_where_nothing_else_does(void **state)
{
	struct made *made = *state;

	diagnose(made, "qemu closed the monitor: nobody knows why\n");
	assert_string_equal(outline(made), "ended:1");
	assert_int_equal(made->diagnoses.item[0].severity, VC_ERROR);
	diagnose(made, "qemu closed the monitor: 09:12 qemu: MAP_DMA failed: Invalid\n");
	assert_string_equal(outline(made), "one,other:1");
	assert_int_equal(made->diagnoses.wrappers, 1);
}

static void
specific_before_general(void **state)
{
	struct made *made = *state;
	static const char *const general[] = { "a-general" };
	struct vc_rule specific = *made->rule[4];

	specific.supersedes = general;
	made->rule[4] = &specific;
	diagnose(made, "Code 43");
	assert_string_equal(outline(made), "specific,a-general:1");
	/* What is confirmed comes before. */
	made->diagnoses.item[0].cause[1].verdict = VC_VERDICT_CONFIRMED;
	vc_diagnoses_order(&made->diagnoses);
	assert_string_equal(outline(made), "a-general,specific:1");
}

static void
what_is_kept_is_bounded(void **state)
{
	struct made *made = *state;
	_cleanup_buf_ struct vc_buf text = { 0 };
	uint64_t count = 0;
	size_t various = 0;

	for (unsigned i = 0; i < 5000; i++)
		vc_buf_addf(&text, "Unexpected RDMSR 0x%x, ignored\n", i);
	diagnose(made, vc_buf_text(&text));
	assert_int_equal(made->diagnoses.noises, VC_SIGHTINGS_PER_MESSAGE + 1);
	for (size_t i = 0; i < made->diagnoses.noises; i++) {
		count += made->diagnoses.noise[i]->count;
		various += made->diagnoses.noise[i]->various;
	}
	assert_int_equal(count, 5000);
	assert_int_equal(various, 1);
	text.length = 0;
	for (unsigned i = 0; i < 5000; i++)
		vc_buf_addf(&text, "error: number %u\n", i);
	diagnose(made, vc_buf_text(&text));
	assert_int_equal(made->diagnoses.unknown_lines, 5000);
	assert_int_equal(made->diagnoses.unknowns, VC_UNKNOWN_LINES_MAX);
}

static void
a_message_across_pieces_is_found_once(void **state)
{
	struct made *made = *state;
	static const char message[] = "Region pc.ram: map(0x40) = -22";

	/* Wherever the border of two pieces falls. */
	for (size_t before = VC_LINE_MAX - 64; before < VC_LINE_MAX + 64; before += 7) {
		_cleanup_buf_ struct vc_buf text = { 0 };

		for (size_t i = 0; i < before; i++)
			vc_buf_add(&text, i % 50 == 49 ? " " : "x");
		vc_buf_addf(&text, " %s ", message);
		for (size_t i = 0; i < VC_LINE_MAX; i++)
			vc_buf_add(&text, i % 50 == 49 ? " " : "y");
		diagnose(made, vc_buf_text(&text));
		assert_string_equal(outline(made), "one:1");
		assert_true(strlen(made->diagnoses.item[0].sighting[0]->text) <= VC_LOG_TEXT_MAX + 8);
		assert_non_null(strstr(made->diagnoses.item[0].sighting[0]->text, message));
	}
}

/* Steps per byte for @unit, repeated to about @size bytes. */
static double
steps_per_byte(struct made *made, const char *unit, size_t size)
{
	struct vc_diagnoser *diagnoser = vc_diagnoser_new(&made->rules, &made->messages, made->arena);
	size_t length = strlen(unit), count = size / length;

	vc_diagnoser_begin(diagnoser, "x.log");
	for (size_t i = 0; i < count; i++)
		vc_diagnoser_feed(diagnoser, unit, length);
	vc_diagnoser_end(diagnoser);
	vc_diagnoser_finish(diagnoser, &made->diagnoses);
	return (double)vc_matcher_steps(made->diagnoses.matcher) / (double)(count * length);
}

/* Twice the bytes, twice the work: whatever the lines hold, and if there are none. */
static void
work_is_linear(void **state)
{
	struct made *made = *state;
	static const char *const units[] = {
		"nothing to be seen here, move on\n",
		"Region pc.ram: map(0x40) = -22\n",
		"Region pc.ram: map(0x40) = -22 ",  /* one line of megabytes */
		"Region Region Region Region ",	      /* half a message, again and again */
		"cannot be opened: ",
		"Unexpected RDMSR 0x",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"0000000000000000000000000000000000000000000000000000000000000000000000000000000",
		"error error error ",
		"\033]",
		"\n",
	};

	for (size_t i = 0; i < VC_COUNT(units); i++) {
		double once = steps_per_byte(made, units[i], 200000), four = steps_per_byte(made, units[i], 800000);

		if (four > once * 1.05 + 0.01)
			fail_msg("%s: %f steps per byte, and %f for more of it", units[i], once, four);
		if (four > 600)
			fail_msg("%s: %f steps per byte", units[i], four);
	}
}

/* --- files of messages --- */

static void
message_files_are_checked(void **state _unused_)
{
	static const struct {
		const char *text, *said;
	} cases[] = {
		{ "<rule/>", "1: the root element is <rule>; a file of messages holds <messages>" },
		{ "<messages/>", "1: <messages> needs <message>" },
		{ "<messages x='1'>" MESSAGE("a", "noise", "<symptom>six letters</symptom>") "</messages>",
		  "1: <messages> has no attribute 'x'" },
		{ "<messages>" MESSAGE("A", "noise", "<symptom>six letters</symptom>") "</messages>",
		  "1: the id 'A' should be words of small letters and digits joined by '-'" },
		{ "<messages>" MESSAGE("a", "nose", "<symptom>six letters</symptom>") "</messages>",
		  "1: 'kind' of <message> is 'nose'; it can be 'failure', 'warning', 'noise', 'wrapper' or 'version'" },
		{ "<messages>" MESSAGE("a", "noise", "") "</messages>", "1: <message> needs <symptom>" },
		{ "<messages>" MESSAGE("a", "failure", "<symptom>six letters</symptom>") "</messages>",
		  "1: a failure or a warning needs <advice>: what to do about it" },
		{ "<messages>" MESSAGE("a", "noise", "<symptom>six letters</symptom><advice>x</advice>") "</messages>",
		  "1: there is nothing to do about this kind of message: <advice> is for others" },
		{ "<messages>" MESSAGE("a", "noise", "<symptom>six {x:y}</symptom>") "</messages>",
		  "1: a hole of a symptom cannot hold 'y'; it can be text, dec, hex, device, word or version" },
		{ "<messages>" MESSAGE("a", "noise", "<symptom>six letters</symptom>")
		  MESSAGE("a", "noise", "<symptom>six letters</symptom>") "</messages>",
		  "0: there is a message 'a' already, in m.xml" },
	};

	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
		struct vc_diags diags = { .arena = arena };
		struct vc_messages messages = { .count = 0 };
		char said[512];
		int r = vc_messages_load(cases[i].text, strlen(cases[i].text), "m.xml", arena, &diags, &messages);

		if (r == 0)
			r = vc_messages_finish(&messages, arena, &diags);
		assert_true(r < 0);
		assert_true(diags.count > 0);
		snprintf(said, sizeof(said), "%d: %s", diags.item[0].line, diags.item[0].text);
		assert_string_equal(said, cases[i].said);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_cleaned),
		cmocka_unit_test(long_lines_come_in_pieces),
		cmocka_unit_test(automaton_finds_all_words),
		cmocka_unit_test(holes_hold_what_they_say),
		cmocka_unit_test(values_are_asked_for),
		cmocka_unit_test_setup_teardown(a_chain_is_one_diagnosis, make, unmake),
		cmocka_unit_test_setup_teardown(better_messages_win, make, unmake),
		cmocka_unit_test_setup_teardown(what_is_no_failure, make, unmake),
		cmocka_unit_test_setup_teardown(wrappers_speak_where_nothing_else_does, make, unmake),
		cmocka_unit_test_setup_teardown(specific_before_general, make, unmake),
		cmocka_unit_test_setup_teardown(what_is_kept_is_bounded, make, unmake),
		cmocka_unit_test_setup_teardown(a_message_across_pieces_is_found_once, make, unmake),
		cmocka_unit_test_setup_teardown(work_is_linear, make, unmake),
		cmocka_unit_test(message_files_are_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
