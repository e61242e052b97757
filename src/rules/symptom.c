/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/symptom.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/number.h"
#include "base/range.h"
#include "base/suggest.h"
#include "rules/names.h"

static const struct {
	const char *name;
	enum vc_hole hole;
} holes[] = {
	{ .name = "text", .hole = VC_HOLE_TEXT }, { .name = "dec", .hole = VC_HOLE_DEC },
	{ .name = "hex", .hole = VC_HOLE_HEX },   { .name = "device", .hole = VC_HOLE_DEVICE },
	{ .name = "word", .hole = VC_HOLE_WORD }, { .name = "version", .hole = VC_HOLE_VERSION },
};

/* The type of a hole, or -EINVAL after a diagnostic. */
static int
find_hole(const struct vc_source *source, const char *name, enum vc_hole *ret_hole)
{
	struct vc_suggest suggest;

	vc_suggest_init(&suggest, name);
	for (size_t i = 0; i < VC_COUNT(holes); i++) {
		if (strcmp(holes[i].name, name) == 0) {
			*ret_hole = holes[i].hole;
			return 0;
		}
		vc_suggest_offer(&suggest, holes[i].name);
	}
	if (suggest.best)
		vc_diag_add(source->diags, source->file, source->line,
			    "a hole of a symptom cannot hold '%s'; did you mean '%s'?", name, suggest.best);
	else
		vc_diag_add(source->diags, source->file, source->line,
			    "a hole of a symptom cannot hold '%s'; it can be text, dec, hex, device, word or "
			    "version",
			    name);
	return -EINVAL;
}

/* "group:dec", ":dec" or "device": name and type, a type alone, or a type that is its name too. */
static int
parse_hole(const struct vc_source *source, const char *text, size_t length, struct vc_symptom_part *part)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
	const char *colon = memchr(text, ':', length);
	size_t name_length = colon ? (size_t)(colon - text) : length;
	const char *name = vc_arena_strndup(source->arena, text, name_length);
	const char *type =
		colon ? vc_arena_strndup(source->arena, colon + 1, length - name_length - 1) : name;

	if (find_hole(source, type, &part->hole) < 0)
		return -EINVAL;
	if (name[strspn(name, letters)] != '\0') {
		vc_diag_add(source->diags, source->file, source->line,
			    "the name '%s' of a hole should be small letters, digits and '_'", name);
		return -EINVAL;
	}
	part->name = *name ? name : NULL;
	return 0;
}

static struct vc_symptom_part *
append_part(const struct vc_source *source, struct vc_symptom *symptom)
{
	return vc_arena_append(source->arena, (void **)&symptom->part, &symptom->parts,
			       sizeof(struct vc_symptom_part));
}

static void
flush_literal(const struct vc_source *source, struct vc_buf *literal, struct vc_symptom *symptom)
{
	if (literal->length > 0)
		append_part(source, symptom)->text =
			vc_arena_strndup(source->arena, literal->text, literal->length);
	literal->length = 0;
}

/* What makes it findable, and each of its holes end somewhere. */
static int
check_parts(const struct vc_source *source, const struct vc_symptom *symptom)
{
	size_t longest = 0, values = 0;

	for (size_t i = 0; i < symptom->parts; i++) {
		const struct vc_symptom_part *part = &symptom->part[i];

		values += part->name != NULL;
		if (part->text) {
			longest = strlen(part->text) > longest ? strlen(part->text) : longest;
			continue;
		}
		if (i > 0 && !symptom->part[i - 1].text) {
			vc_diag_add(source->diags, source->file, source->line,
				    "two holes of a symptom stand side by side; text has to part them");
			return -EINVAL;
		}
		if (i == 0 && part->hole == VC_HOLE_TEXT) {
			vc_diag_add(source->diags, source->file, source->line,
				    "a symptom begins with what is fixed: what stands before it is left out");
			return -EINVAL;
		}
	}
	if (values > VC_SYMPTOM_VALUES_MAX) {
		vc_diag_add(source->diags, source->file, source->line, "a symptom tells %d values at most",
			    VC_SYMPTOM_VALUES_MAX);
		return -EINVAL;
	}
	if (longest < VC_SYMPTOM_LITERAL_MIN) {
		vc_diag_add(
			source->diags, source->file, source->line,
			"a symptom needs %zu characters in a row that are fixed, or every line would be one",
			VC_SYMPTOM_LITERAL_MIN);
		return -EINVAL;
	}
	return 0;
}

int
vc_symptom_parse(const char *text, const struct vc_source *source, struct vc_symptom *symptom)
{
	_cleanup_buf_ struct vc_buf literal = { 0 };

	for (const char *at = text; *at;) {
		struct vc_symptom_part part = { 0 };
		size_t length;

		if ((*at == '{' || *at == '}') && at[1] == *at) {
			vc_buf_add_n(&literal, at, 1);
			at += 2;
			continue;
		}
		if (*at == '}') {
			vc_diag_add(source->diags, source->file, source->line,
				    "'}' closes nothing; write '}}' for the character itself");
			return -EINVAL;
		}
		if (*at != '{') {
			vc_buf_add_n(&literal, at++, 1);
			continue;
		}
		length = strcspn(at + 1, "{}");
		if (at[1 + length] != '}') {
			vc_diag_add(source->diags, source->file, source->line,
				    "'%.20s' has no closing '}'; write '{{' for the character itself", at);
			return -EINVAL;
		}
		if (parse_hole(source, at + 1, length, &part) < 0)
			return -EINVAL;
		flush_literal(source, &literal, symptom);
		*append_part(source, symptom) = part;
		at += length + 2;
	}
	flush_literal(source, &literal, symptom);
	return check_parts(source, symptom);
}

/* --- versions --- */

static int
parse_version(const struct vc_source *source, const char *text, size_t length, struct vc_version *ret_version)
{
	return vc_version_parse(vc_arena_strndup(source->arena, text, length), ret_version);
}

/* "7.2-9.0", "9.1-", "-8.2" */
static int
parse_range(const struct vc_source *source, const char *text, size_t length,
	    struct vc_symptom_versions *ret_range)
{
	const char *dash = memchr(text, '-', length);
	struct vc_symptom_versions range = { .since = { .part = { 0 } } };
	size_t since = dash ? (size_t)(dash - text) : 0, before = dash ? length - since - 1 : 0;

	if (since + before == 0)
		return -EINVAL;
	if (since && parse_version(source, text, since, &range.since) < 0)
		return -EINVAL;
	if (before && (parse_version(source, dash + 1, before, &range.before) < 0 ||
		       vc_version_compare(range.since, range.before) >= 0))
		return -EINVAL;
	*ret_range = range;
	return 0;
}

int
vc_symptom_parse_versions(const char *text, const struct vc_source *source, struct vc_symptom *symptom)
{
	struct vc_symptom_versions range;

	if (symptom->from != VC_BY_QEMU && symptom->from != VC_BY_LIBVIRT && symptom->from != VC_BY_KERNEL) {
		vc_diag_add(source->diags, source->file, source->line,
			    "'versions' are those of QEMU, libvirt or the kernel; 'from' should say which");
		return -EINVAL;
	}
	for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
		size_t length = strcspn(text, " ");

		if (parse_range(source, text, length, &range) < 0) {
			vc_diag_add(source->diags, source->file, source->line,
				    "'%.*s' of 'versions' is not a range such as 7.2-9.0, 9.1- or -8.2",
				    (int)length, text);
			return -EINVAL;
		}
		*(struct vc_symptom_versions *)vc_arena_append(source->arena, (void **)&symptom->versions,
							       &symptom->versions_count, sizeof(range)) =
			range;
		text += length;
	}
	return 0;
}

/* --- what is asked of the values --- */

static const struct vc_symptom_part *
find_part(const struct vc_symptom *symptom, const char *name)
{
	for (size_t i = 0; i < symptom->parts; i++) {
		if (symptom->part[i].name && strcmp(symptom->part[i].name, name) == 0)
			return &symptom->part[i];
	}
	return NULL;
}

/* The next word of *@text, blanks passed; "" at the end. */
static const char *
next_word(const struct vc_source *source, const char **text)
{
	const char *begin = *text + strspn(*text, " ");
	size_t length = strcspn(begin, " ");

	*text = begin + length;
	return vc_arena_strndup(source->arena, begin, length);
}

static bool
is_number_hole(const struct vc_symptom *symptom, const char *name)
{
	const struct vc_symptom_part *part = find_part(symptom, name);

	return part && (part->hole == VC_HOLE_DEC || part->hole == VC_HOLE_HEX);
}

static int
find_compare(const char *word, enum vc_symptom_compare *ret_compare)
{
	static const char *const words[] = {
		[VC_WHERE_LT] = "<", [VC_WHERE_LE] = "<=", [VC_WHERE_GT] = ">", [VC_WHERE_GE] = ">=", [VC_WHERE_EQ] = "==",
	};

	for (size_t i = 0; i < VC_COUNT(words); i++) {
		if (strcmp(words[i], word) == 0) {
			*ret_compare = (enum vc_symptom_compare)i;
			return 0;
		}
	}
	return -EINVAL;
}

int
vc_symptom_parse_where(const char *text, const struct vc_source *source, struct vc_symptom *symptom)
{
	struct vc_symptom_where where = { .name = NULL };
	const char *at = text, *word;

	where.name = next_word(source, &at);
	word = next_word(source, &at);
	if (strcmp(word, "+") == 0) {
		where.plus = next_word(source, &at);
		word = next_word(source, &at);
	}
	if (find_compare(word, &where.compare) < 0 || vc_parse_u64(next_word(source, &at), VC_BASE_C, &where.number) < 0 ||
	    *next_word(source, &at) != '\0') {
		vc_diag_add(source->diags, source->file, source->line,
			    "'where' is '%s'; it should be such as 'address >= 0x8000000000' or 'address + size > 4096'",
			    text);
		return -EINVAL;
	}
	if (!is_number_hole(symptom, where.name) || (where.plus && !is_number_hole(symptom, where.plus))) {
		vc_diag_add(source->diags, source->file, source->line,
			    "'where' asks of '%s', which is no hole of the symptom that holds a number",
			    is_number_hole(symptom, where.name) ? where.plus : where.name);
		return -EINVAL;
	}
	symptom->where = where;
	return 0;
}

/* -ENOENT: the value is not there or does not fit. */
static int
read_number(const struct vc_symptom *symptom, const char *name, const struct vc_symptom_value *value, size_t values,
	    uint64_t *ret_number)
{
	enum vc_base base = find_part(symptom, name)->hole == VC_HOLE_HEX ? VC_BASE_HEX : VC_BASE_DEC;

	for (size_t i = 0; i < values; i++) {
		if (strcmp(value[i].name, name) != 0)
			continue;
		/* The null pointer as C libraries print it. */
		if (value[i].length > 0 && value[i].text[0] == '(') {
			*ret_number = 0;
			return 0;
		}
		return vc_parse_u64_n(value[i].text, value[i].length, base, ret_number);
	}
	return -ENOENT;
}

bool
vc_symptom_holds(const struct vc_symptom *symptom, const struct vc_symptom_value *value, size_t values)
{
	const struct vc_symptom_where *where = &symptom->where;
	uint64_t number, more = 0;

	if (!where->name)
		return true;
	if (read_number(symptom, where->name, value, values, &number) < 0 ||
	    (where->plus && read_number(symptom, where->plus, value, values, &more) < 0))
		return false;
	/* Beyond 64 bits it is greater than anything. */
	if (vc_add(number, more, &number) < 0)
		return where->compare == VC_WHERE_GT || where->compare == VC_WHERE_GE;
	switch (where->compare) {
	case VC_WHERE_LT:
		return number < where->number;
	case VC_WHERE_LE:
		return number <= where->number;
	case VC_WHERE_GT:
		return number > where->number;
	case VC_WHERE_GE:
		return number >= where->number;
	case VC_WHERE_EQ:
		break;
	}
	return number == where->number;
}

/* --- words --- */

static bool
is_open(struct vc_version version)
{
	return vc_version_compare(version, (struct vc_version){ .part = { 0 } }) == 0;
}

void
vc_symptom_format(const struct vc_symptom *symptom, struct vc_buf *buf)
{
	for (size_t i = 0; i < symptom->parts; i++) {
		const struct vc_symptom_part *part = &symptom->part[i];

		if (part->text)
			vc_buf_add(buf, part->text);
		else if (part->name)
			vc_buf_addf(buf, "<%s>", part->name);
		else
			vc_buf_add(buf, "...");
	}
}

void
vc_symptom_format_versions(const struct vc_symptom *symptom, struct vc_buf *buf)
{
	for (size_t i = 0; i < symptom->versions_count; i++) {
		const struct vc_symptom_versions *range = &symptom->versions[i];
		char since[VC_VERSION_TEXT_MAX] = "", before[VC_VERSION_TEXT_MAX] = "";

		if (!is_open(range->since))
			vc_version_format(range->since, since);
		if (!is_open(range->before))
			vc_version_format(range->before, before);
		vc_buf_addf(buf, "%s%s-%s", i > 0 ? " " : "", since, before);
	}
}

static void
add_range_words(const struct vc_symptom_versions *range, struct vc_buf *buf)
{
	char since[VC_VERSION_TEXT_MAX], before[VC_VERSION_TEXT_MAX];

	vc_version_format(range->since, since);
	vc_version_format(range->before, before);
	if (is_open(range->since))
		vc_buf_addf(buf, "before %s", before);
	else if (is_open(range->before))
		vc_buf_addf(buf, "%s and later", since);
	else
		vc_buf_addf(buf, "%s and later, before %s", since, before);
}

void
vc_symptom_format_printer(const struct vc_symptom *symptom, struct vc_buf *buf)
{
	static const char *const titles[] = {
		[VC_BY_QEMU] = "QEMU",       [VC_BY_LIBVIRT] = "libvirt",       [VC_BY_KERNEL] = "the kernel",
		[VC_BY_GUEST] = "the guest", [VC_BY_OTHER] = "another program",
	};

	if (symptom->from == VC_BY_ANYONE)
		return;
	vc_buf_add(buf, titles[symptom->from]);
	for (size_t i = 0; i < symptom->versions_count; i++) {
		vc_buf_add(buf, i == 0 ? " " : ", or ");
		add_range_words(&symptom->versions[i], buf);
	}
}
