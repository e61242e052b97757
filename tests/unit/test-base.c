/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/fact.h"
#include "base/number.h"
#include "base/range.h"
#include "base/suggest.h"
#include "base/tri.h"
#include "base/version.h"

/* --- three-valued logic: every cell --- */

static void
tri_tables(void **state _unused_)
{
	static const enum vc_tri all[] = { VC_NO, VC_UNKNOWN, VC_YES };

	/* With no < unknown < yes: "and" the smaller, "or" the larger, "not" the mirror [Kleene 1952 §64]. */
	for (int a = 0; a < 3; a++) {
		for (int b = 0; b < 3; b++) {
			assert_int_equal(vc_tri_and(all[a], all[b]), all[a < b ? a : b]);
			assert_int_equal(vc_tri_or(all[a], all[b]), all[a > b ? a : b]);
		}
		assert_int_equal(vc_tri_not(all[a]), all[2 - a]);
	}
	assert_int_equal(vc_tri_from(true), VC_YES);
	assert_int_equal(vc_tri_from(false), VC_NO);
	assert_int_equal((enum vc_tri){ 0 }, VC_UNKNOWN);
}

/* --- numbers --- */

static void
number_accepts(void **state _unused_)
{
	static const struct {
		const char *text;
		enum vc_base base;
		uint64_t value;
	} good[] = {
		{ .text = "0", .base = VC_BASE_DEC, .value = 0 },
		{ .text = "007", .base = VC_BASE_DEC, .value = 7 },
		{ .text = "18446744073709551615", .base = VC_BASE_DEC, .value = UINT64_MAX },
		{ .text = "d2008c20660462", .base = VC_BASE_HEX, .value = UINT64_C(0xd2008c20660462) },
		{ .text = "0xD2008C20660462", .base = VC_BASE_HEX, .value = UINT64_C(0xd2008c20660462) },
		{ .text = "ffffffffffffffff", .base = VC_BASE_HEX, .value = UINT64_MAX },
		{ .text = "10", .base = VC_BASE_HEX, .value = 16 },
		{ .text = "0Xa", .base = VC_BASE_C, .value = 10 },
		{ .text = "010", .base = VC_BASE_C, .value = 8 },
		{ .text = "10", .base = VC_BASE_C, .value = 10 },
		{ .text = "0", .base = VC_BASE_C, .value = 0 },
	};

	for (size_t i = 0; i < VC_COUNT(good); i++) {
		uint64_t value = 99;

		assert_int_equal(vc_parse_u64(good[i].text, good[i].base, &value), 0);
		assert_true(value == good[i].value);
	}
}

static void
number_refuses(void **state _unused_)
{
	static const struct {
		const char *text;
		enum vc_base base;
		int error;
	} bad[] = {
		{ .text = "", .base = VC_BASE_DEC, .error = -EINVAL },
		{ .text = "", .base = VC_BASE_HEX, .error = -EINVAL },
		{ .text = "", .base = VC_BASE_C, .error = -EINVAL },
		{ .text = " 1", .base = VC_BASE_DEC, .error = -EINVAL },
		{ .text = "1 ", .base = VC_BASE_DEC, .error = -EINVAL },
		{ .text = "1\n", .base = VC_BASE_DEC, .error = -EINVAL },
		{ .text = "-1", .base = VC_BASE_DEC, .error = -EINVAL },
		{ .text = "+1", .base = VC_BASE_DEC, .error = -EINVAL },
		{ .text = "1a", .base = VC_BASE_DEC, .error = -EINVAL },
		{ .text = "0x10", .base = VC_BASE_DEC, .error = -EINVAL },
		{ .text = "0x", .base = VC_BASE_HEX, .error = -EINVAL },
		{ .text = "0x", .base = VC_BASE_C, .error = -EINVAL },
		{ .text = "0x0x1", .base = VC_BASE_HEX, .error = -EINVAL },
		{ .text = "g", .base = VC_BASE_HEX, .error = -EINVAL },
		{ .text = "08", .base = VC_BASE_C, .error = -EINVAL },
		{ .text = "a", .base = VC_BASE_C, .error = -EINVAL },
		{ .text = "18446744073709551616", .base = VC_BASE_DEC, .error = -ERANGE },
		{ .text = "99999999999999999999", .base = VC_BASE_DEC, .error = -ERANGE },
		{ .text = "10000000000000000", .base = VC_BASE_HEX, .error = -ERANGE },
		{ .text = "02000000000000000000000", .base = VC_BASE_C, .error = -ERANGE },
	};

	for (size_t i = 0; i < VC_COUNT(bad); i++) {
		uint64_t value = 99;

		assert_int_equal(vc_parse_u64(bad[i].text, bad[i].base, &value), bad[i].error);
		assert_true(value == 99);
	}
}

static void
number_of_length(void **state _unused_)
{
	uint64_t value = 0;

	assert_int_equal(vc_parse_u64_n("1234", 2, VC_BASE_DEC, &value), 0);
	assert_true(value == 12);
	assert_int_equal(vc_parse_u64_n("12", 0, VC_BASE_DEC, &value), -EINVAL);
	assert_int_equal(vc_parse_u64_n("1\0002", 3, VC_BASE_DEC, &value), -EINVAL);
	assert_int_equal(vc_parse_u64_n("0x1f", 3, VC_BASE_HEX, &value), 0);
	assert_true(value == 1);
}

/* --- ranges and checked arithmetic --- */

static void
range_from_size(void **state _unused_)
{
	struct vc_range range = { .first = 7, .last = 7 };

	assert_int_equal(vc_range_from_size(0x1000, 0x1000, &range), 0);
	assert_true(range.first == 0x1000 && range.last == 0x1fff);
	assert_int_equal(vc_range_from_size(UINT64_MAX, 1, &range), 0);
	assert_true(range.first == UINT64_MAX && range.last == UINT64_MAX);
	assert_int_equal(vc_range_from_size(1, UINT64_MAX, &range), 0);
	assert_true(range.last == UINT64_MAX);
	assert_int_equal(vc_range_from_size(0, UINT64_MAX, &range), 0);
	assert_true(range.last == UINT64_MAX - 1);

	range = (struct vc_range){ .first = 7, .last = 7 };
	assert_int_equal(vc_range_from_size(0, 0, &range), -ERANGE);
	assert_int_equal(vc_range_from_size(2, UINT64_MAX, &range), -ERANGE);
	assert_int_equal(vc_range_from_size(UINT64_MAX, 2, &range), -ERANGE);
	assert_true(range.first == 7 && range.last == 7);
}

static void
range_relations(void **state _unused_)
{
	const struct vc_range a = { .first = 10, .last = 20 };
	const struct vc_range all = { .first = 0, .last = UINT64_MAX };

	assert_true(vc_range_overlaps(a, (struct vc_range){ .first = 20, .last = 30 }));
	assert_false(vc_range_overlaps(a, (struct vc_range){ .first = 21, .last = 30 }));
	assert_true(vc_range_overlaps(a, (struct vc_range){ .first = 0, .last = 10 }));
	assert_false(vc_range_overlaps(a, (struct vc_range){ .first = 0, .last = 9 }));
	assert_true(vc_range_overlaps(a, (struct vc_range){ .first = 12, .last = 13 }));
	assert_true(vc_range_overlaps(all, a) && vc_range_overlaps(a, all));
	assert_true(vc_range_contains(a, a));
	assert_true(vc_range_contains(all, a));
	assert_false(vc_range_contains(a, (struct vc_range){ .first = 10, .last = 21 }));
	assert_false(vc_range_contains(a, (struct vc_range){ .first = 9, .last = 20 }));
}

static void
arithmetic(void **state _unused_)
{
	uint64_t value = 7;

	assert_int_equal(vc_add(UINT64_MAX - 1, 1, &value), 0);
	assert_true(value == UINT64_MAX);
	assert_int_equal(vc_mul(UINT64_C(1) << 32, (UINT64_C(1) << 32) - 1, &value), 0);
	assert_true(value == UINT64_C(0xffffffff00000000));
	assert_int_equal(vc_round_up(UINT64_C(0xfffffffffffff000), 0x1000, &value), 0);
	assert_true(value == UINT64_C(0xfffffffffffff000));
	assert_int_equal(vc_round_up(1, 0x1000, &value), 0);
	assert_true(value == 0x1000);
	assert_int_equal(vc_round_up(0, 0x1000, &value), 0);
	assert_true(value == 0);
	assert_int_equal(vc_round_up(5, 1, &value), 0);
	assert_true(value == 5);

	value = 7;
	assert_int_equal(vc_add(UINT64_MAX, 1, &value), -ERANGE);
	assert_int_equal(vc_mul(UINT64_C(1) << 32, UINT64_C(1) << 32, &value), -ERANGE);
	assert_int_equal(vc_round_up(UINT64_C(0xfffffffffffff001), 0x1000, &value), -ERANGE);
	assert_true(value == 7);
}

static void
address_bits(void **state _unused_)
{
	assert_true(vc_last_address(0) == 0);
	assert_true(vc_last_address(39) == UINT64_C(0x7fffffffff));
	assert_true(vc_last_address(63) == UINT64_MAX / 2);
	assert_true(vc_last_address(64) == UINT64_MAX);
	for (unsigned bits = 1; bits <= 64; bits++) {
		assert_int_equal(vc_bits_for(vc_last_address(bits)), bits);
		if (bits < 64)
			assert_int_equal(vc_bits_for(vc_last_address(bits) + 1), bits + 1);
	}
	assert_int_equal(vc_bits_for(0), 0);
}

/* --- versions --- */

static struct vc_version
version_of(const char *text)
{
	struct vc_version version;

	assert_int_equal(vc_version_parse(text, &version), 0);
	return version;
}

static void
version_parse(void **state _unused_)
{
	static const char *const bad[] = {
		"",      ".",  "9.", ".9",         "9..1",         "9.1.", "1.2.3.4.5",
		"9.1rc", " 9", "v9", "4294967296", "1.4294967296", "-1",
	};
	struct vc_version version = { { 7, 7, 7, 7 } };

	for (size_t i = 0; i < VC_COUNT(bad); i++)
		assert_int_equal(vc_version_parse(bad[i], &version), -EINVAL);
	assert_int_equal(version.part[0], 7);
	assert_int_equal(version_of("10.0.13").part[2], 13);
	assert_true(version_of("4294967295").part[0] == UINT32_MAX);
}

static void
version_prefix(void **state _unused_)
{
	struct vc_version version = { { 7, 7, 7, 7 } };

	assert_int_equal(vc_version_parse_prefix("6", &version), -EINVAL);
	assert_int_equal(vc_version_parse_prefix("x6.1", &version), -EINVAL);
	assert_int_equal(version.part[0], 7);
	assert_int_equal(vc_version_parse_prefix("6.12.107+deb13-amd64", &version), 0);
	assert_int_equal(vc_version_compare(version, version_of("6.12.107")), 0);
	assert_int_equal(vc_version_parse_prefix("5.15.0-1.el9", &version), 0);
	assert_int_equal(vc_version_compare(version, version_of("5.15")), 0);
}

static void
version_order(void **state _unused_)
{
	static const char *const rising[] = {
		"0.9", "1", "1.0.0.1", "1.0.1", "1.1", "1.9", "1.10", "2", "10"
	};
	char text[VC_VERSION_TEXT_MAX];

	for (size_t i = 0; i < VC_COUNT(rising); i++) {
		for (size_t j = 0; j < VC_COUNT(rising); j++) {
			int order = vc_version_compare(version_of(rising[i]), version_of(rising[j]));

			assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
		}
	}
	vc_version_format(version_of("9"), text);
	assert_string_equal(text, "9.0");
	vc_version_format(version_of("6.12.107"), text);
	assert_string_equal(text, "6.12.107");
	vc_version_format(version_of("1.0.0.4"), text);
	assert_string_equal(text, "1.0.0.4");
	vc_version_format(version_of("4294967295.4294967295.4294967295.4294967295"), text);
	assert_string_equal(text, "4294967295.4294967295.4294967295.4294967295");
}

/* --- suggestions --- */

static const char *
suggestion(const char *word, const char *const *candidate, size_t count)
{
	struct vc_suggest suggest;

	vc_suggest_init(&suggest, word);
	for (size_t i = 0; i < count; i++)
		vc_suggest_offer(&suggest, candidate[i]);
	return suggest.best;
}

static void
suggest(void **state _unused_)
{
	static const char *const names[] = { "severity", "since", "check", "scope" };
	char longest[200];

	assert_string_equal(suggestion("sevrity", names, 4), "severity");
	assert_string_equal(suggestion("sicne", names, 4), "since");
	assert_string_equal(suggestion("chekc", names, 4), "check");
	assert_string_equal(suggestion("check", names, 4), "check");
	assert_null(suggestion("confidence", names, 4));
	assert_null(suggestion("x", names, 0));
	/* The nearest, not the first. */
	assert_string_equal(suggestion("ab", (const char *const[]){ "abc", "ab" }, 2), "ab");
	/* A word beyond what is compared gets no suggestion, and no harm. */
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_null(suggestion(longest, names, 4));
	assert_null(suggestion("", (const char *const[]){ longest }, 1));
}

/* --- text --- */

static void
buf_grows(void **state _unused_)
{
	_cleanup_buf_ struct vc_buf buf = { 0 };

	assert_string_equal(vc_buf_text(&buf), "");
	for (int i = 0; i < 5000; i++)
		vc_buf_addf(&buf, "%d,", i % 10);
	assert_int_equal(buf.length, 10000);
	assert_int_equal(strlen(buf.text), 10000);
	vc_buf_add_n(&buf, "a\0b", 3);
	assert_int_equal(buf.length, 10003);
	assert_int_equal(memcmp(buf.text + 10000, "a\0b", 4), 0);
	vc_buf_release(&buf);
	assert_string_equal(vc_buf_text(&buf), "");
}

static void
buf_safe(void **state _unused_)
{
	static const struct {
		const char *text, *shown;
		int newlines;
	} cases[] = {
		{ .text = "plain", .shown = "plain" },
		{ .text = "gr\303\274n \342\202\254 \360\237\220\247",
		  .shown = "gr\303\274n \342\202\254 \360\237\220\247" },
		{ .text = "\033[31mred", .shown = "\\x1b[31mred" },
		{ .text = "a\nb\tc", .shown = "a\\x0ab\\x09c" },
		{ .text = "a\nb\rc", .shown = "a\nb\\x0dc", .newlines = 1 },
		{ .text = "\177", .shown = "\\x7f" },
		{ .text = "\302\233"
			  "31m",
		  .shown = "\\xc2\\x9b31m" }, /* C1: CSI */
		{ .text = "\302\240", .shown = "\302\240" },
		{ .text = "\377\376", .shown = "\\xff\\xfe" },
		{ .text = "\303", .shown = "\\xc3" },
		{ .text = "\342\202", .shown = "\\xe2\\x82" },
		{ .text = "\300\257", .shown = "\\xc0\\xaf" }, /* overlong '/' */
		{ .text = "\340\200\257", .shown = "\\xe0\\x80\\xaf" },
		{ .text = "\355\240\200", .shown = "\\xed\\xa0\\x80" },          /* surrogate */
		{ .text = "\364\220\200\200", .shown = "\\xf4\\x90\\x80\\x80" }, /* beyond U+10FFFF */
		{ .text = "\365\200\200\200", .shown = "\\xf5\\x80\\x80\\x80" },
	};

	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		_cleanup_buf_ struct vc_buf buf = { 0 };

		vc_buf_add_safe(&buf, cases[i].text, cases[i].newlines);
		assert_string_equal(vc_buf_text(&buf), cases[i].shown);
	}
}

/* --- memory --- */

static void
arena_alloc(void **state _unused_)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	static const size_t size[] = { 0, 1, 7, 100, 4096, 16384, 16385, 65536, 200000, 3 };

	for (int round = 0; round < 20; round++) {
		for (size_t i = 0; i < VC_COUNT(size); i++) {
			unsigned char *memory = vc_arena_alloc(arena, size[i]);

			assert_int_equal((uintptr_t)memory % alignof(max_align_t), 0);
			for (size_t j = 0; j < size[i]; j++)
				assert_int_equal(memory[j], 0);
			memset(memory, 0xff, size[i]);
		}
	}
	vc_arena_free(NULL);
}

/* Across the ends of blocks, and with a block of its own now and then. */
static int
width_of(int i)
{
	return i % 50 == 0 ? 20000 : 1 + i % 97;
}

/* What is not part of a text is still zero. */
static void
arena_printf(void **state _unused_)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	const char *text[2000];

	for (int i = 0; i < 2000; i++) {
		const unsigned char *memory;

		text[i] = vc_arena_printf(arena, "%*d%s", width_of(i), i, letters + i % 36);
		memory = vc_arena_alloc(arena, 24);
		for (size_t j = 0; j < 24; j++)
			assert_int_equal(memory[j], 0);
	}
	for (int i = 0; i < 2000; i++) {
		char wanted[20100];

		snprintf(wanted, sizeof(wanted), "%*d%s", width_of(i), i, letters + i % 36);
		assert_string_equal(text[i], wanted);
	}
}

static void
arena_append(void **state _unused_)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	int *number = NULL;
	size_t count = 0;

	for (int i = 0; i < 1000; i++) {
		int *item = vc_arena_append(arena, (void **)&number, &count, sizeof(*item));

		assert_int_equal(*item, 0);
		*item = i;
	}
	assert_int_equal(count, 1000);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(number[i], i);
	assert_string_equal(vc_arena_printf(arena, "%s-%d", "a", 5), "a-5");
	assert_string_equal(vc_arena_strndup(arena, "abc", 2), "ab");
	assert_string_equal(vc_arena_join(arena, "a", "", "bc", "/", "d", NULL), "abc/d");
	assert_string_equal(vc_arena_join(arena, "", NULL), "");
}

/* --- diagnostics and facts --- */

static void
diags(void **state _unused_)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	struct vc_diags list = { .arena = arena };

	vc_diag_add(&list, "file", 3, "no '%s'", "\033[2J");
	vc_diag_add(&list, NULL, 0, "plain");
	assert_int_equal(list.count, 2);
	assert_string_equal(list.item[0].text, "no '\\x1b[2J'");
	assert_int_equal(list.item[0].line, 3);
	assert_null(list.item[1].file);
}

static void
fact_states(void **state _unused_)
{
	struct vc_fact_number number = { 0 }, other = { 0 };

	assert_false(vc_known(&number.fact));
	assert_string_equal(vc_fact_reason(&number.fact), "not read");
	vc_set_unreadable(&number.fact, EACCES, "/x");
	assert_string_equal(vc_fact_reason(&number.fact), "permission denied");
	vc_set_unknown_like(&other.fact, &number.fact);
	assert_int_equal(other.fact.state, VC_UNREADABLE);
	assert_int_equal(other.fact.err, EACCES);
	assert_string_equal(other.fact.from, "/x");
	vc_set_unreadable(&number.fact, VC_ENOTCOLLECTED, "/x");
	assert_string_equal(vc_fact_reason(&number.fact), "not collected");
	vc_set_absent(&number.fact, "/x");
	assert_string_equal(vc_fact_reason(&number.fact), "absent");
	vc_set_number(&number, 5, "/y");
	assert_true(vc_known(&number.fact) && number.value == 5 && number.fact.err == 0);
}

static void
fact_sets(void **state _unused_)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	static const char *const word[] = { "vmx", "lm", "vmx", "aes", "lm" };
	struct vc_fact_set set = { 0 };

	assert_false(vc_set_has(&set, "lm"));
	vc_set_set(arena, &set, word, VC_COUNT(word), "x");
	assert_int_equal(set.count, 3);
	assert_string_equal(set.word[0], "aes");
	assert_string_equal(set.word[2], "vmx");
	assert_true(vc_set_has(&set, "lm"));
	assert_false(vc_set_has(&set, "l"));
	vc_set_set(arena, &set, NULL, 0, "x");
	assert_true(vc_known(&set.fact) && set.count == 0);
}

static void
number_shown(void **state _unused_)
{
	static const struct {
		uint64_t value;
		enum vc_unit unit;
		const char *text;
	} cases[] = {
		{ .value = 0, .unit = VC_UNIT_bytes, .text = "0 bytes" },
		{ .value = 1023, .unit = VC_UNIT_bytes, .text = "1023 bytes" },
		{ .value = 1025, .unit = VC_UNIT_bytes, .text = "1025 bytes" },
		{ .value = UINT64_C(3054) << 20, .unit = VC_UNIT_bytes, .text = "3054 MiB" },
		{ .value = UINT64_C(4) << 30, .unit = VC_UNIT_bytes, .text = "4 GiB" },
		{ .value = UINT64_C(2048) << 40, .unit = VC_UNIT_bytes, .text = "2048 TiB" },
		{ .value = UINT64_MAX, .unit = VC_UNIT_bytes, .text = "18446744073709551615 bytes" },
		{ .value = UINT64_MAX, .unit = VC_UNIT_address, .text = "0xffffffffffffffff" },
		{ .value = 0, .unit = VC_UNIT_hex, .text = "0x0" },
		{ .value = 39, .unit = VC_UNIT_bits, .text = "39" },
	};
	_cleanup_buf_ struct vc_buf buf = { 0 };

	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		buf.length = 0;
		vc_number_format(&buf, cases[i].value, cases[i].unit);
		assert_string_equal(vc_buf_text(&buf), cases[i].text);
	}
	buf.length = 0;
	vc_range_format(&buf, (struct vc_range){ .first = 0xfee00000, .last = 0xfeefffff });
	assert_string_equal(vc_buf_text(&buf), "0xfee00000-0xfeefffff");
}

/* What people write of a fact, and how it reads back. */
static void
facts_from_text(void **state)
{
	static const struct {
		enum vc_type type;
		const char *text, *shown; /* shown NULL: refused */
	} cases[] = {
		{ VC_TYPE_flag, "yes", "yes" },
		{ VC_TYPE_flag, "on", NULL },
		{ VC_TYPE_number, "0x10", "16" },
		{ VC_TYPE_number, "2 KiB", "2048" },
		{ VC_TYPE_number, "18446744073709551615", "18446744073709551615" },
		{ VC_TYPE_number, "18446744073709551616", NULL },
		{ VC_TYPE_number, "16777216TiB", NULL },
		{ VC_TYPE_number, "KiB", NULL },
		{ VC_TYPE_number, "-1", NULL },
		{ VC_TYPE_text, "", "" },
		{ VC_TYPE_version, "10.0.13", "10.0.13" },
		{ VC_TYPE_version, "ten", NULL },
		{ VC_TYPE_range, "0x1000-0x1fff", "0x1000-0x1fff" },
		{ VC_TYPE_range, "2-1", NULL },
		{ VC_TYPE_range, "1", NULL },
		{ VC_TYPE_set, " b  a b", "a b" },
		{ VC_TYPE_list, "a", NULL },
		{ VC_TYPE_ref, "a", NULL },
	};
	static const struct {
		enum vc_type type;
		const char *text;
		int result;
		enum vc_state state;
		int err;
	} states[] = {
		{ VC_TYPE_flag, "absent", 0, VC_ABSENT, 0 },
		{ VC_TYPE_flag, "unread", 0, VC_UNREAD, 0 },
		{ VC_TYPE_flag, "unreadable EACCES", 0, VC_UNREADABLE, EACCES },
		{ VC_TYPE_flag, "unreadable ENODATA", 0, VC_UNREADABLE, VC_ENOTCOLLECTED },
		{ VC_TYPE_flag, "unreadable", -EINVAL, VC_KNOWN, 0 },
		{ VC_TYPE_flag, "unreadable E", -EINVAL, VC_KNOWN, 0 },
		{ VC_TYPE_flag, "none", -EINVAL, VC_KNOWN, 0 },
		{ VC_TYPE_list, "none", 0, VC_KNOWN, 0 },
		{ VC_TYPE_set, "none", 0, VC_KNOWN, 0 },
	};
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();

	(void)state;
	for (size_t i = 0; i < VC_COUNT(cases); i++) {
		const struct vc_field field = { .name = "f", .type = cases[i].type };
		union { struct vc_fact fact; char room[256]; } record = { .fact = { .state = VC_UNREAD } };
		_cleanup_buf_ struct vc_buf shown = { 0 };
		int r = vc_fact_parse(arena, &field, &record.fact, cases[i].text, "here");

		assert_int_equal(r, cases[i].shown ? 0 : -EINVAL);
		assert_int_equal(record.fact.state, cases[i].shown ? VC_KNOWN : VC_UNREAD);
		if (!cases[i].shown)
			continue;
		vc_fact_format(&shown, &field, &record.fact);
		assert_string_equal(vc_buf_text(&shown), cases[i].shown);
	}
	for (size_t i = 0; i < VC_COUNT(states); i++) {
		const struct vc_field field = { .name = "f", .type = states[i].type };
		union { struct vc_fact fact; char room[256]; } record = { .fact = { .state = VC_KNOWN } };

		assert_int_equal(vc_fact_parse_state(arena, &field, &record.fact, states[i].text, "here"),
				 states[i].result);
		assert_int_equal(record.fact.state, states[i].state);
		assert_int_equal(record.fact.err, states[i].err);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(facts_from_text),
		cmocka_unit_test(tri_tables),      cmocka_unit_test(number_accepts),
		cmocka_unit_test(number_refuses),  cmocka_unit_test(number_of_length),
		cmocka_unit_test(range_from_size), cmocka_unit_test(range_relations),
		cmocka_unit_test(arithmetic),      cmocka_unit_test(address_bits),
		cmocka_unit_test(version_parse),   cmocka_unit_test(version_prefix),
		cmocka_unit_test(version_order),   cmocka_unit_test(suggest),
		cmocka_unit_test(buf_grows),       cmocka_unit_test(buf_safe),
		cmocka_unit_test(arena_alloc),     cmocka_unit_test(arena_printf),
		cmocka_unit_test(arena_append),    cmocka_unit_test(diags),
		cmocka_unit_test(fact_states),     cmocka_unit_test(fact_sets),
		cmocka_unit_test(number_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
