/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line: two tables, commands and options. Parsing, help, suggestions and the lint test that compares
 * them with the manual all read the same rows.
 */
#pragma once

#include "base/diag.h"
#include "base/version.h"
#include "cli/exit-status.h"
#include "report/format.h"

enum vc_command_id {
	VC_COMMAND_CHECK,
	VC_COMMAND_FIX,
	VC_COMMAND_HOST,
	VC_COMMAND_COMPARE,
	VC_COMMAND_FACTS,
	VC_COMMAND_CAPTURE,
	VC_COMMAND_DIAGNOSE,
	VC_COMMAND_EXPLAIN,
	VC_COMMAND_RULES,
	VC_COMMAND_HOOK,
	VC_COMMAND_COUNT,
};

enum vc_color { VC_COLOR_AUTO, VC_COLOR_ALWAYS, VC_COLOR_NEVER };

/* What the command hook does when a person calls it. */
enum vc_hook_task { VC_HOOK_TASK_NONE, VC_HOOK_TASK_INSTALL, VC_HOOK_TASK_UNINSTALL, VC_HOOK_TASK_STATUS };

/* What is asked for instead of running the command. */
enum vc_ask { VC_ASK_NOTHING, VC_ASK_HELP, VC_ASK_VERSION };

/* One --format with its --output. */
struct vc_output {
	enum vc_format format;
	bool format_named;
	const char *file; /* NULL: standard output */
};

struct vc_options {
	struct vc_arena *arena; /* borrowed; holds the lists below */
	enum vc_command_id command;
	bool command_named; /* the command was written, not assumed */
	enum vc_ask ask;
	const char *const *operand; /* what is left: files, a prefix, a rule */
	size_t operands;
	const char *qemu_args; /* file with QEMU command lines, "-" for standard input; NULL: none */
	const char *const *word; /* of a command line behind "--", the program first */
	size_t words;
	const char *root; /* the first of them */
	const char *const *roots;
	size_t root_count;
	bool root_named; /* one was written, not assumed */
	enum vc_format format; /* of the first output */
	const char *output;    /* its file; NULL: standard output */
	const struct vc_output *outputs;
	size_t output_count;
	enum vc_fail_on fail_on;
	bool strict;
	const char *const *ignore;
	size_t ignored;
	const char *rules_dir; /* NULL: none */
	bool has_qemu_version, has_libvirt_version;
	struct vc_version qemu_version, libvirt_version;
	enum vc_color color;
	enum vc_loudness loudness;
	bool no_redact;
	struct vc_rules_filter filter; /* rules list */
	bool filtered;		       /* anything of it was asked for */
	const char *domain; /* diagnose: NULL: none */
	/* fix */
	bool diff, in_place, unsafe, host_script, ansible;
	const char *const *only;
	size_t only_count;
	enum vc_hook_task hook_task;
	/* domains by name */
	const char *connect; /* NULL: operands are files */
	bool all;
	unsigned timeout; /* seconds */
	const struct vc_config *config; /* of the site; NULL: it does not matter */
	const struct vc_named_domains *named; /* what was found, see cli/connect.h */
};

/* What an operand, or the argument of an option, is. The shells complete by it. */
enum vc_takes {
	VC_TAKES_TEXT, /* anything; nothing can be offered */
	VC_TAKES_FILE,
	VC_TAKES_DIRECTORY,
	VC_TAKES_DOMAIN,
	VC_TAKES_RULE,
	VC_TAKES_TOPIC,
	VC_TAKES_FACT,
};

struct vc_words {
	const char *const *word;
	size_t count;
};

struct vc_command_row {
	const char *name, *arguments, *help;
	const char *details; /* of vhostcheck help NAME; lines */
	size_t operands_min, operands_max;
	const char *expected; /* "a rule id": said when operands are missing */
	struct vc_words words; /* the first operand is one of them */
	enum vc_takes takes;   /* the other operands */
	bool judges;	       /* by rules, so that the configuration of the site counts */
	bool reports;	       /* checks, as many as there are hosts and domains, in several formats at once */
};

/* Reads @value into @options. -EINVAL after a diagnostic. */
typedef int (*vc_option_fn)(const char *value, struct vc_diags *diags, struct vc_options *options);

struct vc_option_row {
	unsigned id;	      /* below 64 */
	const char *name;     /* without "--" */
	char letter;	      /* 0: none */
	const char *argument; /* NULL: takes none */
	struct vc_words words; /* the argument is one of them; none: as @takes says */
	enum vc_takes takes;
	const char *help;
	unsigned commands; /* bits by enum vc_command_id */
	bool rare;	   /* only in the help of its commands */
	vc_option_fn read;
};

/* By enum vc_command_id. */
extern const struct vc_command_row vc_commands[VC_COMMAND_COUNT];
/* In the order of the help. */
extern const struct vc_option_row vc_option_rows[];
extern const size_t vc_option_rows_count;

/* NULL when there is none. */
const struct vc_command_row *vc_command_find(const char *name);

/*
 * Reads the arguments (argv[0] excluded). On failure adds one diagnostic without a file, and returns -EINVAL.
 * No command and no operand is no failure: command check with operands 0.
 */
int vc_options_parse(int argc, char *const *argv, struct vc_arena *arena, struct vc_diags *diags,
		     struct vc_options *ret_options) _must_check_;

/* Is there anything to work on: a file, a command line? */
bool vc_options_have_input(const struct vc_options *options);

/* Adds the help of one command, or of the whole program. */
void vc_options_help(struct vc_buf *out);
void vc_options_help_command(enum vc_command_id command, struct vc_buf *out);
