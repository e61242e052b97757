/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/options.h"

#include <errno.h>
#include <string.h>

#include "base/number.h"
#include "base/suggest.h"

#define C(command) (1u << VC_COMMAND_##command)
#define C_REPORT (C(CHECK) | C(HOST))
#define C_JUDGE (C_REPORT | C(COMPARE))
#define C_RUN (C_JUDGE | C(FIX))
#define C_ALL ((1u << VC_COMMAND_COUNT) - 1)
#define WORDS(array) { .word = array, .count = VC_COUNT(array) }

static const char *const rules_words[] = { "list", "lint", "test" };

const struct vc_command_row vc_commands[VC_COMMAND_COUNT] = {
	[VC_COMMAND_CHECK] = {
		.name = "check",
		.judges = true,
		.reports = true,
		.arguments = "DOMAIN...",
		.help = "check domain XML files (default)",
		.details = "DOMAIN is a libvirt domain XML file, '-' for standard input. With several, or\n"
			   "several --root, every domain is checked on every host. --format also takes\n"
			   "jsonl, sarif, junit and github, with --output again. After '--' every word is a\n"
			   "DOMAIN, unless the first is a program of QEMU's: then it is a command line.\n",
		.operands_min = 1,
		.operands_max = SIZE_MAX,
		.expected = "a domain XML file",
		.takes = VC_TAKES_DOMAIN,
	},
	[VC_COMMAND_FIX] = {
		.name = "fix",
		.judges = true,
		.arguments = "DOMAIN",
		.help = "print the domain, its safe fixes applied",
		.details = "What was changed and what is left is said on standard error. With --qemu-args\n"
			   "the arguments to change are printed: a script is not edited.\n",
		.operands_min = 1,
		.operands_max = 1,
		.expected = "a domain XML file",
		.takes = VC_TAKES_DOMAIN,
	},
	[VC_COMMAND_HOST] = {
		.name = "host",
		.judges = true,
		.reports = true,
		.arguments = "",
		.help = "check the host alone",
		.details = "Only the rules that need no domain. --root may be repeated; --format also takes\n"
			   "jsonl, sarif, junit and github, and may be repeated, each with its --output.\n",
	},
	[VC_COMMAND_COMPARE] = {
		.name = "compare",
		.judges = true,
		.arguments = "OLD NEW [DOMAIN...]",
		.help = "what changed from one host to another",
		.details = "OLD and NEW are captures, or '/' for this host. Tells which facts of the host\n"
			   "changed, and which findings appeared or went, for the host and for every DOMAIN.\n"
			   "The exit status is about what appeared. -v lists facts that change all the time.\n",
		.operands_min = 2,
		.operands_max = SIZE_MAX,
		.expected = "two hosts: captures, or '/' for this one",
		.takes = VC_TAKES_FILE,
	},
	[VC_COMMAND_FACTS] = {
		.name = "facts",
		.arguments = "[PREFIX]",
		.help = "what is known about the host",
		.details = "PREFIX limits the output to facts whose name begins with it: host.iommu\n",
		.operands_max = 1,
		.takes = VC_TAKES_FACT,
	},
	[VC_COMMAND_CAPTURE] = {
		.name = "capture",
		.arguments = "-o FILE|DIR [DOMAIN...]",
		.help = "record this host, for --root elsewhere",
		.details = "FILE is a .tar.gz archive, DIR an empty directory. A capture holds all that is\n"
			   "read and all that is refused. Serial numbers, hardware addresses, UUIDs and\n"
			   "names are replaced unless --no-redact is given.\n"
			   "With a DOMAIN, the files it names for its devices are in it as well.\n",
		.operands_max = SIZE_MAX,
		.takes = VC_TAKES_DOMAIN,
	},
	[VC_COMMAND_DIAGNOSE] = {
		.name = "diagnose",
		.arguments = "LOG...",
		.help = "what the error messages in logs mean",
		.details = "LOG is a log of QEMU, libvirt or the kernel, the output of journalctl or dmesg,\n"
			   "or what virsh printed; '-' is standard input. Known messages lead to what they\n"
			   "mean and to their rules, which --domain and --root have asked whether they hold.\n",
		.operands_min = 1,
		.operands_max = SIZE_MAX,
		.expected = "a log file, or '-' for standard input",
		.takes = VC_TAKES_FILE,
	},
	[VC_COMMAND_EXPLAIN] = {
		.name = "explain",
		.arguments = "RULE",
		.help = "one rule in full",
		.details = "'vhostcheck rules list' lists the rules.\n",
		.operands_min = 1,
		.operands_max = 1,
		.expected = "a rule id, as 'vhostcheck rules list' shows it",
		.takes = VC_TAKES_RULE,
	},
	[VC_COMMAND_RULES] = {
		.name = "rules",
		.arguments = "list|lint|test [FILE...]",
		.help = "the rules; check and test site rules",
		.details = "list        all rules, those of the site included\n"
			   "lint        loads rule and quirk files and prints what is wrong with them\n"
			   "test        runs case files, or the case files in directories\n",
		.operands_min = 1,
		.operands_max = SIZE_MAX,
		.expected = "list, lint or test",
		.words = WORDS(rules_words),
		.takes = VC_TAKES_FILE,
	},
	[VC_COMMAND_HOOK] = {
		.name = "hook",
		.arguments = "--install|--status|...",
		.help = "check each guest as libvirt starts it",
		.details = "--root is the directory of another system to install into.\n"
			   "libvirt calls it as 'vhostcheck hook GUEST OPERATION SUBOPERATION EXTRA', or by\n"
			   "the name of the link; see vhostcheck-hook(8).\n",
	},
};

enum option_id {
	OPTION_ROOT,
	OPTION_DOMAIN,
	OPTION_FORMAT,
	OPTION_OUTPUT,
	OPTION_FAIL_ON,
	OPTION_STRICT,
	OPTION_IGNORE,
	OPTION_RULES,
	OPTION_CONNECT,
	OPTION_ALL,
	OPTION_TIMEOUT,
	OPTION_QEMU_ARGS,
	OPTION_QEMU_VERSION,
	OPTION_LIBVIRT_VERSION,
	OPTION_DIFF,
	OPTION_IN_PLACE,
	OPTION_ONLY,
	OPTION_UNSAFE,
	OPTION_HOST_SCRIPT,
	OPTION_ANSIBLE,
	OPTION_NO_REDACT,
	OPTION_INSTALL,
	OPTION_UNINSTALL,
	OPTION_STATUS,
	OPTION_TOPIC,
	OPTION_SEVERITY,
	OPTION_FIXABLE,
	OPTION_COLOR,
	OPTION_QUIET,
	OPTION_VERBOSE,
	OPTION_HELP,
	OPTION_VERSION,
};

/* The arguments of options that are one of a few words, in the order of their enum. */
static const char *const format_words[VC_FORMAT_COUNT] = {
	[VC_FORMAT_TEXT] = "text",
	[VC_FORMAT_JSON] = "json",
	[VC_FORMAT_JSONL] = "jsonl",
	[VC_FORMAT_SARIF] = "sarif",
	[VC_FORMAT_JUNIT] = "junit",
	[VC_FORMAT_GITHUB] = "github",
};
static const char *const fail_on_words[] = {
	[VC_FAIL_ON_ERROR] = "error",
	[VC_FAIL_ON_WARNING] = "warning",
	[VC_FAIL_ON_INFO] = "info",
	[VC_FAIL_ON_NEVER] = "never",
};
static const char *const severity_words[] = {
	[VC_INFO] = "info",
	[VC_WARNING] = "warning",
	[VC_ERROR] = "error",
};
static const char *const fixable_words[] = { "any", "safe" };
static const char *const color_words[] = {
	[VC_COLOR_AUTO] = "auto",
	[VC_COLOR_ALWAYS] = "always",
	[VC_COLOR_NEVER] = "never",
};

static int
read_word(const char *option, struct vc_words words, const char *value, struct vc_diags *diags)
{
	_cleanup_buf_ struct vc_buf expected = { 0 };
	struct vc_suggest suggest;

	vc_suggest_init(&suggest, value);
	for (size_t i = 0; i < words.count; i++) {
		if (strcmp(words.word[i], value) == 0)
			return (int)i;
		vc_suggest_offer(&suggest, words.word[i]);
		vc_buf_addf(&expected, "%s%s", i == 0 ? "" : i + 1 == words.count ? " or " : ", ", words.word[i]);
	}
	if (suggest.best)
		vc_diag_add(diags, NULL, 0, "--%s takes %s, not '%s'; did you mean '%s'?", option,
			    vc_buf_text(&expected), value, suggest.best);
	else
		vc_diag_add(diags, NULL, 0, "--%s takes %s, not '%s'", option, vc_buf_text(&expected), value);
	return -EINVAL;
}

static int
read_version(const char *option, const char *value, struct vc_diags *diags, struct vc_version *ret_version)
{
	int r = vc_version_parse(value, ret_version);

	if (r < 0)
		vc_diag_add(diags, NULL, 0, "--%s takes a version such as 10.0.13, not '%s'", option, value);
	return r;
}

static int
read_root(const char *value, struct vc_diags *diags, struct vc_options *options)
{
	if (*value == '\0') {
		vc_diag_add(diags, NULL, 0, "--root takes a directory or a capture, not an empty text");
		return -EINVAL;
	}
	*(const char **)vc_arena_append(options->arena, (void **)&options->roots, &options->root_count,
					sizeof(*options->roots)) = value;
	return 0;
}

static int
read_domain(const char *value, struct vc_diags *diags, struct vc_options *options)
{
	if (*value == '\0' || options->domain) {
		vc_diag_add(diags, NULL, 0, "--domain takes one domain XML file");
		return -EINVAL;
	}
	options->domain = value;
	return 0;
}

/* The output that what comes next belongs to: the last one, or another if that has it already. */
static struct vc_output *
current_output(struct vc_options *options, bool has_already)
{
	if (options->output_count == 0 || has_already)
		return vc_arena_append(options->arena, (void **)&options->outputs, &options->output_count,
				       sizeof(*options->outputs));
	return (struct vc_output *)(uintptr_t)&options->outputs[options->output_count - 1];
}

static const struct vc_output *
last_output(const struct vc_options *options)
{
	static const struct vc_output none;

	return options->output_count > 0 ? &options->outputs[options->output_count - 1] : &none;
}

static int
read_format(const char *value, struct vc_diags *diags, struct vc_options *options)
{
	int word = read_word("format", (struct vc_words)WORDS(format_words), value, diags);
	struct vc_output *output;

	if (word < 0)
		return word;
	output = current_output(options, last_output(options)->format_named);
	output->format = (enum vc_format)word;
	output->format_named = true;
	return 0;
}

static int
read_output(const char *value, struct vc_diags *diags, struct vc_options *options)
{
	if (*value == '\0') {
		vc_diag_add(diags, NULL, 0, "--output takes a file name, not an empty text");
		return -EINVAL;
	}
	current_output(options, last_output(options)->file)->file = value;
	return 0;
}

static int
read_fail_on(const char *value, struct vc_diags *diags, struct vc_options *options)
{
	int word = read_word("fail-on", (struct vc_words)WORDS(fail_on_words), value, diags);

	if (word < 0)
		return word;
	options->fail_on = (enum vc_fail_on)word;
	return 0;
}

static int
read_strict(_unused_ const char *value, _unused_ struct vc_diags *diags, struct vc_options *options)
{
	options->strict = true;
	return 0;
}

static int
read_ignore(const char *value, _unused_ struct vc_diags *diags, struct vc_options *options)
{
	const char **slot = vc_arena_append(options->arena, (void **)&options->ignore, &options->ignored,
					    sizeof(*slot));

	*slot = value;
	return 0;
}

static int
read_rules(const char *value, struct vc_diags *diags, struct vc_options *options)
{
	if (*value == '\0' || options->rules_dir) {
		vc_diag_add(diags, NULL, 0, "--rules takes one directory");
		return -EINVAL;
	}
	options->rules_dir = value;
	return 0;
}

static int
read_connect(const char *value, struct vc_diags *diags, struct vc_options *options)
{
	if (*value == '\0' || options->connect) {
		vc_diag_add(diags, NULL, 0, "--connect takes one URI of libvirt, such as qemu:///system");
		return -EINVAL;
	}
	options->connect = value;
	return 0;
}

static int
read_all(_unused_ const char *value, _unused_ struct vc_diags *diags, struct vc_options *options)
{
	options->all = true;
	return 0;
}

static int
read_timeout(const char *value, struct vc_diags *diags, struct vc_options *options)
{
	uint64_t seconds;

	if (vc_parse_u64(value, VC_BASE_DEC, &seconds) < 0 || seconds < 1 || seconds > 3600) {
		vc_diag_add(diags, NULL, 0, "--timeout takes a number of seconds from 1 to 3600, not '%s'", value);
		return -EINVAL;
	}
	options->timeout = (unsigned)seconds;
	return 0;
}

static int
read_qemu_args(const char *value, struct vc_diags *diags, struct vc_options *options)
{
	if (*value == '\0' || options->qemu_args) {
		vc_diag_add(diags, NULL, 0, "--qemu-args takes one file, or - for standard input");
		return -EINVAL;
	}
	options->qemu_args = value;
	return 0;
}

static int
read_qemu_version(const char *value, struct vc_diags *diags, struct vc_options *options)
{
	options->has_qemu_version = true;
	return read_version("qemu-version", value, diags, &options->qemu_version);
}

static int
read_libvirt_version(const char *value, struct vc_diags *diags, struct vc_options *options)
{
	options->has_libvirt_version = true;
	return read_version("libvirt-version", value, diags, &options->libvirt_version);
}

static int
read_no_redact(_unused_ const char *value, _unused_ struct vc_diags *diags, struct vc_options *options)
{
	options->no_redact = true;
	return 0;
}

static int
read_diff(_unused_ const char *value, _unused_ struct vc_diags *diags, struct vc_options *options)
{
	options->diff = true;
	return 0;
}

static int
read_in_place(_unused_ const char *value, _unused_ struct vc_diags *diags, struct vc_options *options)
{
	options->in_place = true;
	return 0;
}

static int
read_only(const char *value, _unused_ struct vc_diags *diags, struct vc_options *options)
{
	const char **slot = vc_arena_append(options->arena, (void **)&options->only, &options->only_count,
					    sizeof(*slot));

	*slot = value;
	return 0;
}

static int
read_unsafe(_unused_ const char *value, _unused_ struct vc_diags *diags, struct vc_options *options)
{
	options->unsafe = true;
	return 0;
}

static int
read_host_script(_unused_ const char *value, _unused_ struct vc_diags *diags, struct vc_options *options)
{
	options->host_script = true;
	return 0;
}

static int
read_ansible(_unused_ const char *value, _unused_ struct vc_diags *diags, struct vc_options *options)
{
	options->ansible = true;
	return 0;
}

static int
read_hook_task(enum vc_hook_task task, struct vc_diags *diags, struct vc_options *options)
{
	if (options->hook_task != VC_HOOK_TASK_NONE && options->hook_task != task) {
		vc_diag_add(diags, NULL, 0, "--install, --uninstall and --status exclude each other");
		return -EINVAL;
	}
	options->hook_task = task;
	return 0;
}

static int
read_install(_unused_ const char *value, struct vc_diags *diags, struct vc_options *options)
{
	return read_hook_task(VC_HOOK_TASK_INSTALL, diags, options);
}

static int
read_uninstall(_unused_ const char *value, struct vc_diags *diags, struct vc_options *options)
{
	return read_hook_task(VC_HOOK_TASK_UNINSTALL, diags, options);
}

static int
read_status(_unused_ const char *value, struct vc_diags *diags, struct vc_options *options)
{
	return read_hook_task(VC_HOOK_TASK_STATUS, diags, options);
}

static int
read_topic(const char *value, _unused_ struct vc_diags *diags, struct vc_options *options)
{
	options->filter.topic = value;
	options->filtered = true;
	return 0;
}

static int
read_severity(const char *value, struct vc_diags *diags, struct vc_options *options)
{
	int word = read_word("severity", (struct vc_words)WORDS(severity_words), value, diags);

	if (word < 0)
		return word;
	options->filter.severity = (enum vc_severity)word;
	options->filter.has_severity = true;
	options->filtered = true;
	return 0;
}

static int
read_fixable(const char *value, struct vc_diags *diags, struct vc_options *options)
{
	int word = read_word("fixable", (struct vc_words)WORDS(fixable_words), value, diags);

	if (word < 0)
		return word;
	options->filter.fixable = word == 0 ? VC_FIXABLE_ANY : VC_FIXABLE_SAFE;
	options->filtered = true;
	return 0;
}

static int
read_color(const char *value, struct vc_diags *diags, struct vc_options *options)
{
	int word = read_word("color", (struct vc_words)WORDS(color_words), value, diags);

	if (word < 0)
		return word;
	options->color = (enum vc_color)word;
	return 0;
}

static int
read_quiet(_unused_ const char *value, _unused_ struct vc_diags *diags, struct vc_options *options)
{
	options->loudness = VC_QUIET;
	return 0;
}

static int
read_verbose(_unused_ const char *value, _unused_ struct vc_diags *diags, struct vc_options *options)
{
	options->loudness = VC_VERBOSE;
	return 0;
}

static int
read_help(_unused_ const char *value, _unused_ struct vc_diags *diags, struct vc_options *options)
{
	options->ask = VC_ASK_HELP;
	return 0;
}

static int
read_ask_version(_unused_ const char *value, _unused_ struct vc_diags *diags, struct vc_options *options)
{
	if (options->ask == VC_ASK_NOTHING)
		options->ask = VC_ASK_VERSION;
	return 0;
}

const struct vc_option_row vc_option_rows[] = {
	{ .id = OPTION_ROOT, .name = "root", .argument = "DIR|FILE", .read = read_root,
	  .takes = VC_TAKES_FILE,
	  .commands = C_REPORT | C(FIX) | C(FACTS) | C(HOOK) | C(DIAGNOSE),
	  .help = "a capture or copied tree instead of this host" },
	{ .id = OPTION_DOMAIN, .name = "domain", .argument = "FILE", .read = read_domain, .rare = true,
	  .takes = VC_TAKES_FILE,
	  .commands = C(DIAGNOSE),
	  .help = "ask the rules about this domain XML file" },
	{ .id = OPTION_FORMAT, .name = "format", .argument = "FORMAT", .read = read_format,
	  .words = WORDS(format_words),
	  .commands = C_JUDGE | C(DIAGNOSE) | C(FACTS) | C(RULES),
	  .help = "text (default), json; for check and host more" },
	{ .id = OPTION_OUTPUT, .name = "output", .letter = 'o', .argument = "FILE", .read = read_output,
	  .takes = VC_TAKES_FILE,
	  .commands = C_ALL,
	  .help = "write there instead of standard output" },
	{ .id = OPTION_FAIL_ON, .name = "fail-on", .argument = "LEVEL", .read = read_fail_on,
	  .words = WORDS(fail_on_words),
	  .commands = C_RUN | C(DIAGNOSE),
	  .help = "exit 1 from error (default), warning, info, or never" },
	{ .id = OPTION_STRICT, .name = "strict", .read = read_strict, .rare = true,
	  .commands = C_RUN,
	  .help = "exit 3 if something is undecided" },
	{ .id = OPTION_IGNORE, .name = "ignore", .argument = "RULE", .read = read_ignore, .rare = true,
	  .takes = VC_TAKES_RULE,
	  .commands = C_RUN,
	  .help = "suppress a rule; may be repeated" },
	{ .id = OPTION_RULES, .name = "rules", .argument = "DIR", .read = read_rules, .rare = true,
	  .takes = VC_TAKES_DIRECTORY,
	  .commands = C_RUN | C(DIAGNOSE) | C(EXPLAIN) | C(RULES),
	  .help = "more rules, from the .xml files in DIR" },
	{ .id = OPTION_CONNECT, .name = "connect", .argument = "URI", .read = read_connect,
	  .commands = C(CHECK) | C(FIX) | C(CAPTURE),
	  .help = "DOMAIN is a name or UUID at libvirt, not a file" },
	{ .id = OPTION_ALL, .name = "all", .read = read_all, .rare = true,
	  .commands = C(CHECK) | C(CAPTURE),
	  .help = "with --connect: every domain there is" },
	{ .id = OPTION_TIMEOUT, .name = "timeout", .argument = "SECONDS", .read = read_timeout, .rare = true,
	  .commands = C(CHECK) | C(FIX) | C(CAPTURE),
	  .help = "with --connect: how long libvirt may be silent (30)" },
	{ .id = OPTION_QEMU_ARGS, .name = "qemu-args", .argument = "FILE", .read = read_qemu_args,
	  .takes = VC_TAKES_FILE,
	  .commands = C(CHECK) | C(FIX) | C(CAPTURE),
	  .help = "a QEMU command line instead of a domain" },
	{ .id = OPTION_QEMU_VERSION, .name = "qemu-version", .argument = "V", .read = read_qemu_version,
	  .commands = C_RUN | C(DIAGNOSE) | C(FACTS),
	  .help = "the QEMU that would run the guest" },
	{ .id = OPTION_LIBVIRT_VERSION, .name = "libvirt-version", .argument = "V", .read = read_libvirt_version,
	  .rare = true,
	  .commands = C_RUN | C(DIAGNOSE) | C(FACTS),
	  .help = "the libvirt that would start it" },
	{ .id = OPTION_DIFF, .name = "diff", .read = read_diff, .rare = true,
	  .commands = C(FIX),
	  .help = "the changes as a unified diff, for patch -p0" },
	{ .id = OPTION_IN_PLACE, .name = "in-place", .read = read_in_place, .rare = true,
	  .commands = C(FIX),
	  .help = "change the file itself; the old one becomes FILE~" },
	{ .id = OPTION_ONLY, .name = "only", .argument = "RULE", .read = read_only, .rare = true,
	  .takes = VC_TAKES_RULE,
	  .commands = C(FIX),
	  .help = "fix the findings of this rule; may be repeated" },
	{ .id = OPTION_UNSAFE, .name = "unsafe", .read = read_unsafe, .rare = true,
	  .commands = C(FIX),
	  .help = "apply fixes that need your decision as well" },
	{ .id = OPTION_HOST_SCRIPT, .name = "host-script", .read = read_host_script, .rare = true,
	  .commands = C(FIX),
	  .help = "the fixes of the host instead, as a shell script" },
	{ .id = OPTION_ANSIBLE, .name = "ansible", .read = read_ansible, .rare = true,
	  .commands = C(FIX),
	  .help = "the fixes of the host instead, as Ansible tasks" },
	{ .id = OPTION_NO_REDACT, .name = "no-redact", .read = read_no_redact, .rare = true,
	  .commands = C(CAPTURE),
	  .help = "keep serial numbers, hardware addresses and names" },
	{ .id = OPTION_INSTALL, .name = "install", .read = read_install, .rare = true,
	  .commands = C(HOOK),
	  .help = "make the link that libvirt finds" },
	{ .id = OPTION_UNINSTALL, .name = "uninstall", .read = read_uninstall, .rare = true,
	  .commands = C(HOOK),
	  .help = "remove it" },
	{ .id = OPTION_STATUS, .name = "status", .read = read_status, .rare = true,
	  .commands = C(HOOK),
	  .help = "whether it is there and works; exit 1 if not" },
	{ .id = OPTION_TOPIC, .name = "topic", .argument = "TOPIC", .read = read_topic, .rare = true,
	  .takes = VC_TAKES_TOPIC,
	  .commands = C(RULES),
	  .help = "list: only the rules of one topic" },
	{ .id = OPTION_SEVERITY, .name = "severity", .argument = "LEVEL", .read = read_severity, .rare = true,
	  .words = WORDS(severity_words),
	  .commands = C(RULES),
	  .help = "list: only error, warning or info" },
	{ .id = OPTION_FIXABLE, .name = "fixable", .argument = "safe|any", .read = read_fixable, .rare = true,
	  .words = WORDS(fixable_words),
	  .commands = C(RULES),
	  .help = "list: only rules with a safe fix, or one beyond advice" },
	{ .id = OPTION_COLOR, .name = "color", .argument = "WHEN", .read = read_color, .rare = true,
	  .words = WORDS(color_words),
	  .commands = C_ALL & ~(C(CAPTURE) | C(FIX) | C(HOOK)),
	  .help = "auto (default), always or never" },
	{ .id = OPTION_QUIET, .name = "quiet", .letter = 'q', .read = read_quiet,
	  .commands = C_RUN | C(DIAGNOSE) | C(RULES),
	  .help = "one line per finding" },
	{ .id = OPTION_VERBOSE, .name = "verbose", .letter = 'v', .read = read_verbose,
	  .commands = C_JUDGE | C(DIAGNOSE) | C(FACTS) | C(RULES),
	  .help = "evidence, sources and suppressed rules as well" },
	{ .id = OPTION_HELP, .name = "help", .letter = 'h', .read = read_help,
	  .commands = C_ALL,
	  .help = "this help, or that of the command" },
	{ .id = OPTION_VERSION, .name = "version", .read = read_ask_version,
	  .commands = C_ALL,
	  .help = "versions of vhostcheck and of its libraries" },
};
const size_t vc_option_rows_count = VC_COUNT(vc_option_rows);

const struct vc_command_row *
vc_command_find(const char *name)
{
	for (size_t i = 0; i < VC_COMMAND_COUNT; i++) {
		if (strcmp(vc_commands[i].name, name) == 0)
			return &vc_commands[i];
	}
	return NULL;
}
