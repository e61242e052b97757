/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <json-c/json.h>
#include <libxml/parser.h>
#include <signal.h>
#include <stdio.h>

#include "base/number.h"
#include "cli/cli.h"
#include "cli/connect.h"
#include "cli/hook.h"

static enum vc_exit (*const run_command[VC_COMMAND_COUNT])(const struct vc_options *options) = {
	[VC_COMMAND_CHECK] = vc_command_check,
	[VC_COMMAND_FIX] = vc_command_fix,
	[VC_COMMAND_HOST] = vc_command_host,
	[VC_COMMAND_COMPARE] = vc_command_compare,
	[VC_COMMAND_FACTS] = vc_command_facts,
	[VC_COMMAND_CAPTURE] = vc_command_capture,
	[VC_COMMAND_DIAGNOSE] = vc_command_diagnose,
	[VC_COMMAND_EXPLAIN] = vc_command_explain,
	[VC_COMMAND_RULES] = vc_command_rules,
	[VC_COMMAND_HOOK] = vc_command_hook,
};

static const char introduction[] =
	"vhostcheck tells whether a libvirt guest will start and run properly on a host,\n"
	"and if not, what to change. Nothing is started, nothing is touched.\n"
	"\n"
	"  vhostcheck DOMAIN.xml    check a domain against this host\n"
	"  vhostcheck host          check this host alone\n"
	"  vhostcheck --help        all commands and options\n";

static void
add_version(struct vc_buf *out)
{
	uint64_t number = 0;

	vc_buf_add(out, "vhostcheck " VC_VERSION "\n");
	/* xmlParserVersion is "20914", sometimes with more behind it [libxml2 2.9 parser.c xmlParserVersion]. */
	if (vc_parse_u64_n(xmlParserVersion, 5, VC_BASE_DEC, &number) == 0)
		vc_buf_addf(out, "libxml2 %u.%u.%u, ", (unsigned)(number / 10000), (unsigned)(number / 100 % 100),
			    (unsigned)(number % 100));
	vc_buf_addf(out, "json-c %s, libpci %s\n", json_c_version(), VC_LIBPCI_VERSION);
	vc_buf_addf(out, "%zu rules\n", vc_builtin_rules.count);
}

static enum vc_exit
answer(const struct vc_options *options)
{
	struct vc_options plain = { .output = NULL };
	_cleanup_buf_ struct vc_buf out = { 0 };

	if (options->ask == VC_ASK_VERSION)
		add_version(&out);
	else if (options->command_named)
		vc_options_help_command(options->command, &out);
	else
		vc_options_help(&out);
	return vc_output_write(&plain, &out);
}

/* What libxml2 has to say of an encoding it says to nobody in particular, that is to standard error. */
static void
ignore_message(void *context _unused_, const char *format _unused_, ...)
{
}

static enum vc_exit
run_command_line(int argc, char *const *argv)
{
	_cleanup_arena_ struct vc_arena *arena = vc_arena_new();
	struct vc_diags diags = { .arena = arena };
	struct vc_options options;

	if (vc_options_parse(argc > 0 ? argc - 1 : 0, argv + (argc > 0), arena, &diags, &options) < 0) {
		vc_print_diags(&diags);
		return VC_EXIT_INPUT;
	}
	if (options.ask != VC_ASK_NOTHING)
		return (int)answer(&options);
	if (!options.command_named && !options.all && !vc_options_have_input(&options)) {
		fputs(introduction, stderr);
		return VC_EXIT_INPUT;
	}
	if (vc_commands[options.command].judges)
		vc_configure(&options);
	if (options.connect && vc_connect(&options) != VC_EXIT_OK)
		return VC_EXIT_INPUT;
	return run_command[options.command](&options);
}

int
main(int argc, char **argv)
{
	struct vc_hook_call call;
	bool hook = vc_hook_is_called(argc, argv, &call);

	if (hook && !vc_hook_acts(&call))
		return 0;
	/* A reader that goes away is a failed write, and said so, not a silent death. */
	signal(SIGPIPE, SIG_IGN);
	xmlSetGenericErrorFunc(NULL, ignore_message);
	return hook ? vc_hook_run(&call) : (int)run_command_line(argc, argv);
}
