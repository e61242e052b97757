/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Facts: typed values with a source and a state, and the tables that describe them.
 *
 * A model is a struct of facts. One X-macro table per struct gives its members, names, units and
 * documentation, so that C code uses a fact as a typed member (host->cpu_phys_bits.value) while rules,
 * reports and test cases reach the same fact by name ("host.cpu.phys_bits").
 */
#pragma once

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/macro.h"
#include "base/range.h"
#include "base/version.h"

/* Zero is "nobody looked": a struct that was never filled answers unknown. */
enum vc_state {
	VC_UNREAD,
	VC_KNOWN,
	VC_ABSENT,     /* proved not to be there */
	VC_UNREADABLE, /* see err */
};

/* Errors a fact may carry besides what the kernel returned. */
#define VC_ENOTCOLLECTED ENODATA /* this tree does not hold the file, and nothing says that the host does not */
#define VC_EGARBLED EBADMSG	 /* it was read, and is not what the source says it is */
#define VC_ERELATIVE EDOM	 /* a file name without a directory: where QEMU is started is not known */
#define VC_EOPTIONS ECHILD	 /* a file with options may say it, and is not read */
#define VC_ESHELL ENOEXEC	 /* it is $VARIABLE or $(command), and no shell was asked */

struct vc_fact {
	enum vc_state state;
	int err;	  /* VC_UNREADABLE: positive errno, or one of the above */
	int line;	  /* guest facts: line in the input, 0 if none (a default, or computed) */
	int argument;	  /* guest facts: number of the argument on a QEMU command line, 0 if none */
	const char *from; /* the path, call, XPath or computation it came from; lives as long as the run */
};

/* The value is meaningful only while fact.state is VC_KNOWN. */
struct vc_fact_flag { struct vc_fact fact; bool value; };
struct vc_fact_number { struct vc_fact fact; uint64_t value; };
struct vc_fact_text { struct vc_fact fact; const char *value; };
struct vc_fact_version { struct vc_fact fact; struct vc_version value; };
struct vc_fact_range { struct vc_fact fact; struct vc_range value; };
/* Words, sorted by strcmp, no duplicates. */
struct vc_fact_set { struct vc_fact fact; const char *const *word; size_t count; };
/* Another record: a hostdev's device, a device's group. */
struct vc_fact_ref { struct vc_fact fact; const void *item; };
/* A collection of records of one schema, in a stable order. */
struct vc_fact_list { struct vc_fact fact; void *item; size_t count; };

enum vc_type {
	VC_TYPE_flag,
	VC_TYPE_number,
	VC_TYPE_text,
	VC_TYPE_version,
	VC_TYPE_range,
	VC_TYPE_set,
	VC_TYPE_ref,
	VC_TYPE_list,
};

/* How a number is shown. Sizes and addresses are bytes; every other unit is part of the fact's name. */
enum vc_unit {
	VC_UNIT_none,
	VC_UNIT_bytes,	 /* "3054 MiB" */
	VC_UNIT_address, /* "0xfee00000" */
	VC_UNIT_hex,	 /* register contents and ids: "0xd2008c20660462" */
	VC_UNIT_bits,
	VC_UNIT_pages,
};

struct vc_schema;

struct vc_field {
	const char *name; /* inside its record: "cpu.phys_bits", "aw_bits" */
	enum vc_type type;
	enum vc_unit unit;
	unsigned needs;		       /* VC_AREA_* of the host that must be probed for it; 0: input alone */
	size_t offset;		       /* of the vc_fact_<type> in the record */
	const struct vc_schema *item;  /* VC_TYPE_ref, VC_TYPE_list: the records it leads to */
	const char *doc;	       /* meaning, and what it is read or computed from */
};

/* Where a guest record stands in the input. */
struct vc_place {
	int line;	   /* 0: unknown */
	const char *xpath; /* NULL: unknown */
	const void *node;  /* borrowed xmlNode, NULL if the input is not XML */
	int argument;	   /* number of the argument on a QEMU command line, the program not counted; 0: none */
	const char *text;  /* the argument, and its value behind it; NULL without one */
};

struct vc_schema {
	const char *name; /* "host", "guest.hostdev": the prefix of its facts */
	const struct vc_field *field;
	size_t count;
	size_t size;	 /* of one record */
	const char *key; /* field that names one record among its like, NULL: its position does */
	bool placed;	 /* the record begins with a struct vc_place */
};

/*
 * A table is a macro that calls its argument F once per fact:
 *   F(type, member, "name", unit, needs, item, "documentation")
 * VC_FACT_MEMBER makes the struct members of it, VC_FACT_FIELD the descriptors.
 */
#define VC_FACT_MEMBER(t, member, name, u, n, i, d) struct vc_fact_##t member;
#define VC_FACT_FIELD(t, m, nm, u, n, i, d)                                                           \
	{ .name = nm, .type = VC_TYPE_##t, .unit = VC_UNIT_##u, .needs = n,                           \
	  .offset = offsetof(VC_FACT_STRUCT, m), .item = i, .doc = d },

/* Fact of a record. @field must belong to the record's schema. */
static inline struct vc_fact *
vc_field_fact(const struct vc_field *field, const void *record)
{
	return (struct vc_fact *)((char *)(uintptr_t)record + field->offset);
}

/* NULL when the schema has no such field. */
const struct vc_field *vc_schema_find(const struct vc_schema *schema, const char *name);

static inline bool
vc_known(const struct vc_fact *fact)
{
	return fact->state == VC_KNOWN;
}

/* Does it stand in the input? What is a default or was computed does not. */
static inline bool
vc_is_written(const struct vc_fact *fact)
{
	return fact->line > 0 || fact->argument > 0;
}

/* Puts @fact where @other stands. */
static inline void
vc_fact_place_like(struct vc_fact *fact, const struct vc_fact *other)
{
	fact->line = other->line;
	fact->argument = other->argument;
}

/* Known, and @word. */
static inline bool
vc_text_is(const struct vc_fact_text *text, const char *word)
{
	return vc_known(&text->fact) && strcmp(text->value, word) == 0;
}

/* Setters. Each makes the fact known, with its source; @from lives as long as the run. */
void vc_set_flag(struct vc_fact_flag *fact, bool value, const char *from);
void vc_set_number(struct vc_fact_number *fact, uint64_t value, const char *from);
void vc_set_text(struct vc_fact_text *fact, const char *value, const char *from);
void vc_set_version(struct vc_fact_version *fact, struct vc_version value, const char *from);
void vc_set_range(struct vc_fact_range *fact, struct vc_range value, const char *from);
void vc_set_ref(struct vc_fact_ref *fact, const void *item, const char *from);
/* Sorts @word (@count texts, may repeat) into arena memory of its own. */
void vc_set_set(struct vc_arena *arena, struct vc_fact_set *fact, const char *const *word, size_t count,
		const char *from);
void vc_set_absent(struct vc_fact *fact, const char *from);
void vc_set_unreadable(struct vc_fact *fact, int err, const char *from);
/* @fact cannot be computed because @cause is not known: takes over its state, error and source. */
void vc_set_unknown_like(struct vc_fact *fact, const struct vc_fact *cause);

bool vc_set_has(const struct vc_fact_set *set, const char *word);

/* Appends a zeroed record to a list that is being filled; makes the list known. See vc_arena_append(). */
void *vc_list_append(struct vc_arena *arena, struct vc_fact_list *list, size_t size, const char *from);

/* Adds the value as people read it, by type and unit; for a fact that is not known, its state. */
void vc_fact_format(struct vc_buf *buf, const struct vc_field *field, const struct vc_fact *fact);
/* The same for a number alone. Sizes are exact: the largest unit that divides the value. */
void vc_number_format(struct vc_buf *buf, uint64_t value, enum vc_unit unit);
/* "0xfee00000-0xfeefffff" */
void vc_range_format(struct vc_buf *buf, struct vc_range range);
/*
 * Sets @fact to the value that @value writes: "yes", "0x10", "2 MiB", "10.0.13", "0x1000-0x1fff", words separated by
 * blanks. -EINVAL for what is none of its type; references and lists have no such text.
 */
int vc_fact_parse(struct vc_arena *arena, const struct vc_field *field, struct vc_fact *fact, const char *value,
		  const char *from) _must_check_;
/* The same for what is no value: "absent", "unread", "unreadable EACCES", and "none" for a list or set. */
int vc_fact_parse_state(struct vc_arena *arena, const struct vc_field *field, struct vc_fact *fact,
			const char *state, const char *from) _must_check_;

/* Why a fact is not known: "permission denied", "not collected", "absent", "not read". Static text. */
const char *vc_fact_reason(const struct vc_fact *fact);
