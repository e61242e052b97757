/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>
#include <unistd.h>

#include "host/capture.h"

#include "cli/cli.h"

static enum vc_exit
say_what_was_recorded(const struct vc_options *options, const struct vc_capture_summary *summary)
{
	const struct vc_options plain = { .output = NULL };
	_cleanup_buf_ struct vc_buf out = { 0 };

	vc_buf_add_safe(&out, options->output, 0);
	vc_buf_addf(&out, ": %zu answers, %zu things that are not there, %zu refusals\n", summary->known,
		    summary->absent, summary->refused);
	if (summary->refused > 0)
		vc_buf_addf(&out, "Rules that need what was refused stay undecided%s.\n",
			    geteuid() == 0 ? "" : "; root is refused less");
	return vc_output_write(&plain, &out);
}

/* The files that they name are recorded as well. */
static int
add_guests(const struct vc_options *options, struct vc_run *run)
{
	int r = 0;

	for (size_t i = 0; i < options->operands && r == 0; i++)
		r = vc_run_add_domain(run, options->operand[i]);
	if (r == 0 && options->qemu_args)
		r = vc_run_add_command_lines(run, options->qemu_args);
	if (options->words > 0)
		vc_run_add_command(run, options->word, options->words);
	return r;
}

enum vc_exit
vc_command_capture(const struct vc_options *options)
{
	_cleanup_(vc_run_release) struct vc_run run = { 0 };
	struct vc_run_options run_options = vc_run_options_from(options);
	const struct vc_capture_options capture_options = { .keep_identity = options->no_redact };
	struct vc_capture_summary summary;
	struct vc_capture *capture;

	/* A capture tells on standard output what it recorded, so it goes elsewhere itself. */
	if (!options->output || strcmp(options->output, "-") == 0) {
		vc_print_problem("'vhostcheck capture' expects -o FILE.tar.gz or -o DIRECTORY");
		return VC_EXIT_INPUT;
	}
	vc_run_init(&run);
	if (vc_run_open(&run, &run_options) < 0) {
		vc_print_diags(&run.diags);
		return VC_EXIT_INPUT;
	}
	if (add_guests(options, &run) < 0) {
		vc_print_diags(&run.diags);
		return VC_EXIT_INPUT;
	}
	capture = vc_capture_start(run.fs);
	vc_run_probe_all(&run, &run_options);
	if (vc_capture_save(capture, options->output, &capture_options, &run.diags, &summary) < 0) {
		vc_print_diags(&run.diags);
		return VC_EXIT_INPUT;
	}
	return say_what_was_recorded(options, &summary);
}
