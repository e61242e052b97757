/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A message as people see it: text with typed holes, "group {group:dec} is not viable". Rules and the files of
 * data/messages write them; src/diagnose finds them in logs.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/version.h"

struct vc_buf;
struct vc_source;

/* Who prints it. */
enum vc_printer {
	VC_BY_ANYONE, /* not said */
	VC_BY_QEMU,
	VC_BY_LIBVIRT,
	VC_BY_KERNEL, /* Linux */
	VC_BY_GUEST,
	VC_BY_OTHER,
};

/* What stands in a hole. */
enum vc_hole {
	VC_HOLE_TEXT,	 /* anything, as little as possible; at the end of a symptom the rest of the line */
	VC_HOLE_DEC,	 /* decimal digits, a sign before them */
	VC_HOLE_HEX,	 /* hexadecimal digits with or without 0x; "(nil)", as C libraries print a null pointer */
	VC_HOLE_DEVICE,	 /* a PCI address, with or without its domain */
	VC_HOLE_WORD,	 /* letters, digits and _ . - + @ / # */
	VC_HOLE_VERSION, /* digits and dots */
};

struct vc_symptom_part {
	const char *text; /* as written; NULL: a hole */
	enum vc_hole hole;
	const char *name; /* of the value in the hole; NULL: not worth telling */
};

/* From the first on, up to the second, which is not one of them; all zero: that end is open. */
struct vc_symptom_versions {
	struct vc_version since, before;
};

/* What a symptom asks of its values: "address + size > 0x8000000000". */
struct vc_symptom_where {
	const char *name, *plus; /* values; NULL: nothing is asked, nothing is added */
	enum vc_symptom_compare { VC_WHERE_LT, VC_WHERE_LE, VC_WHERE_GT, VC_WHERE_GE, VC_WHERE_EQ } compare;
	uint64_t number;
};

struct vc_symptom {
	enum vc_printer from;
	/* Of the program that prints it; none: not said. */
	const struct vc_symptom_versions *versions;
	size_t versions_count;
	struct vc_symptom_where where;
	bool alone; /* not where something that is known stands directly before it */
	bool clue; /* guests that work come with it too */
	const struct vc_symptom_part *part; /* holes never stand side by side */
	size_t parts;
};

/* A symptom is looked for by a run of literal text, which has to be at least so long. */
#define VC_SYMPTOM_LITERAL_MIN ((size_t)6)

/* Values that a symptom may tell. */
#define VC_SYMPTOM_VALUES_MAX 8

/* The parts of @text. -EINVAL after a diagnostic. */
int vc_symptom_parse(const char *text, const struct vc_source *source, struct vc_symptom *symptom) _must_check_;
/* "7.2-9.0 9.1-". -EINVAL after a diagnostic. */
int vc_symptom_parse_versions(const char *text, const struct vc_source *source, struct vc_symptom *symptom)
	_must_check_;

/* "address + size > 0x8000000000". @symptom has its parts. -EINVAL after a diagnostic. */
int vc_symptom_parse_where(const char *text, const struct vc_source *source, struct vc_symptom *symptom) _must_check_;

/* Whether the values are those that the symptom asks for. The value of a hole that is not asked for is not looked at. */
struct vc_symptom_value {
	const char *name, *text;
	size_t length;
};
bool vc_symptom_holds(const struct vc_symptom *symptom, const struct vc_symptom_value *value, size_t values);

/* As people read it: "group <group> is not viable"; "..." for what is not worth telling. */
void vc_symptom_format(const struct vc_symptom *symptom, struct vc_buf *buf);
/* "QEMU before 9.0"; nothing if it is not said. */
void vc_symptom_format_printer(const struct vc_symptom *symptom, struct vc_buf *buf);
/* "7.2-9.0 9.1-"; nothing if there are none. */
void vc_symptom_format_versions(const struct vc_symptom *symptom, struct vc_buf *buf);

/* "qemu", as rule files write it; NULL for VC_BY_ANYONE. */
const char *vc_printer_name(enum vc_printer printer);
