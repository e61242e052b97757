/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A rule as the engine holds it: loaded, type-checked, immutable. The rules of the project are turned into C
 * at build time (rulec), so that starting costs nothing; site rules are loaded from XML by the same code.
 * Everything here is plain data that a C initialiser can express.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fact.h"
#include "base/tri.h"
#include "checks/check.h"
#include "rules/symptom.h"

enum vc_severity { VC_INFO, VC_WARNING, VC_ERROR };
enum vc_confidence { VC_REPORTED, VC_PROVEN };
enum vc_who { VC_WHO_DOMAIN, VC_WHO_HOST, VC_WHO_FIRMWARE, VC_WHO_VENDOR };

/* Where a path starts. */
enum vc_root { VC_ROOT_HOST, VC_ROOT_GUEST, VC_ROOT_EACH, VC_ROOT_CHECK };

/*
 * "each.device.group.type": a root, references to follow, a field at the end. In <uses> lists may be on the way as
 * well ("guest.hostdev.device"): every record is meant.
 */
#define VC_PATH_MAX 4
struct vc_path {
	enum vc_root root;
	unsigned steps;
	const struct vc_field *step[VC_PATH_MAX]; /* all but the last are VC_TYPE_ref */
	const char *text;			  /* as written */
};

enum vc_op {
	VC_OP_LITERAL, /* value */
	VC_OP_FACT,    /* path */
	VC_OP_AND, VC_OP_OR, VC_OP_NOT,
	VC_OP_EQ, VC_OP_NE, VC_OP_LT, VC_OP_LE, VC_OP_GT, VC_OP_GE,
	VC_OP_ADD, VC_OP_SUB,
	VC_OP_IN,      /* left, in any of the literals [right, right + count), or in a set fact */
	VC_OP_PRESENT, /* left is a fact: known yes, absent no, else unknown */
	VC_OP_BIT,     /* bit left, right */
	VC_OP_OVERLAPS,
};

/*
 * One node of an expression; operands are indices into the expression's array, below the node's own. The program has
 * thousands of them, which the loader relocates page by page before anything runs: so they are small.
 */
struct vc_node_expr {
	enum vc_op op;
	enum vc_type type; /* of the result */
	unsigned left, right, count;
	union {
		const struct vc_path *path; /* VC_OP_FACT */
		/* VC_OP_LITERAL, by type */
		bool flag;
		uint64_t number;
		const char *text;
		struct vc_version version;
	};
};

/* The last node is the root. count 0: no expression (a missing <applies> is yes). */
struct vc_expr {
	const struct vc_node_expr *node;
	size_t count;
	const char *text; /* as written, blanks folded */
};

/* Text with {facts} in it: alternately literal text and a path. */
struct vc_template_part {
	const char *text;	  /* NULL: path */
	const struct vc_path *path;
	enum vc_unit unit;	  /* how to show a number: the field's unit, or as asked by {path:hex} */
};
struct vc_template {
	const struct vc_template_part *part;
	size_t count;
};

enum vc_verb {
	VC_VERB_SET, VC_VERB_REMOVE, VC_VERB_INSERT,
	VC_VERB_COMMAND, VC_VERB_SETTING, VC_VERB_ADVICE,
	/* Settings of the host: what to run and what to write follows from them [report/host-fix.h]. */
	VC_VERB_SYSCTL, VC_VERB_MODULE, VC_VERB_KERNEL, VC_VERB_LOAD,
	VC_VERB_QEMU, /* the same fix for those who run QEMU without libvirt: its arguments */
};

/*
 * One action of a fix. For the domain verbs @select is a path of element names relative to the place of the
 * finding ("driver"), or from <domain> if it begins with '/'; missing elements of a set are created.
 */
struct vc_action {
	enum vc_verb verb;
	const char *select;	   /* set, remove, insert: the element ("" is the place itself) */
	const char *attribute;	   /* set: its attribute; NULL: its text. remove: its attribute; NULL: all of it */
	struct vc_template value;  /* set: the value; command, setting, advice: the text; sysctl, module: the value;
				    * kernel: words of the command line; qemu: the arguments */
	const char *xml;	   /* insert: the element, may hold {facts} (see xml_template) */
	struct vc_template xml_template;
	const char *before;	   /* insert: name of the sibling to stand before, or NULL */
	const char *after;
	struct vc_template persist; /* command: what makes it last */
	struct vc_template undo;
	bool reboot;
	const char *costs;	   /* NULL: nothing worth saying */
	const char *name;	   /* sysctl, module, load: the name */
	const char *parameter;	   /* module: its parameter */
	struct vc_template was;	   /* sysctl, module: the value that undo goes back to; empty: not said */
	bool remove;		   /* kernel: take the words away */
	bool live;		   /* module: the parameter can be changed while the module is loaded */
};

/* It changes the domain. */
static inline bool
vc_verb_is_edit(enum vc_verb verb)
{
	return verb <= VC_VERB_INSERT;
}

static inline bool
vc_verb_is_host_setting(enum vc_verb verb)
{
	return verb >= VC_VERB_SYSCTL && verb <= VC_VERB_LOAD;
}

struct vc_fix {
	enum vc_who who;
	bool safe;	     /* can be applied without a person deciding */
	struct vc_expr when; /* offered only then; empty: always */
	struct vc_template summary;
	const struct vc_action *action;
	size_t actions;
};

/* One way to put what is wrong. The first whose condition is yes is said. */
struct vc_says {
	struct vc_expr when; /* empty: always, which only the last one is */
	struct vc_template text;
};

struct vc_rule {
	const char *id;
	const char *topic;	/* directory of the rule file */
	const char *file;	/* rule file, for diagnostics */
	const char *since;	/* version of vhostcheck that introduced it */
	enum vc_severity severity;
	enum vc_confidence confidence;
	bool host_only;		/* needs no domain: run by vhostcheck host as well */
	bool host_at_risk;	/* cannot be suppressed from inside a domain */
	const char *title;
	const struct vc_field *each; /* list field of host or guest to iterate over; NULL: once */
	enum vc_root each_root;
	struct vc_expr applies;
	struct vc_expr fails;	     /* empty with a check */
	const struct vc_check *check;
	const struct vc_path *const *uses; /* facts a check decides by: needs, evidence, explain */
	size_t uses_count;
	const struct vc_path *at;    /* fact whose place is shown; NULL: none written */
	const struct vc_path *device; /* text fact: PCI address the finding is about, or NULL */
	unsigned needs;		     /* VC_AREA_* of the host that it can make use of */
	const struct vc_says *says;
	size_t says_count;	     /* at least 1 */
	const char *affects;	     /* the versions it is about, in words; NULL: not said */
	const char *why;	     /* paragraphs separated by an empty line, lines not folded */
	const struct vc_fix *fix;
	size_t fixes;
	const struct vc_symptom *symptom; /* messages people see */
	size_t symptoms;
	const char *const *supersedes;
	size_t supersedes_count;
	const char *const *source;
	size_t sources;
};

struct vc_ruleset {
	const struct vc_rule *const *rule; /* sorted by id */
	size_t count;
};

/* The rules of the project, made by rulec. */
extern const struct vc_ruleset vc_builtin_rules;
