/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pack DIR FILE.tar.gz DOMAIN: writes the archive that 'vhostcheck capture' would write on the host that DIR is a
 * capture of, with the files that DOMAIN names. It asks what a capture asks, and says how much of that the made-up host leaves unanswered.
 */
#include <errno.h>
#include <stdio.h>

#include "cli/run.h"
#include "host/capture.h"
#include "host/hostfs-impl.h"

static void
count_missing(void *context, const struct vc_record *record)
{
	*(size_t *)context += record->fact.state == VC_UNREADABLE && record->fact.err == VC_ENOTCOLLECTED;
}

static int
pack(struct vc_run *run, const char *from, const char *to, const char *domain)
{
	const struct vc_run_options options = { .root = from };
	const struct vc_capture_options capture_options = { .keep_identity = true };
	struct vc_capture *capture;
	size_t missing = 0;

	if (vc_run_open(run, &options) < 0 || vc_run_add_domain(run, domain) < 0)
		return 1;
	run->fs->listen = count_missing;
	run->fs->listener = &missing;
	vc_run_probe_all(run, &options);
	if (missing > 0)
		fprintf(stderr, "pack: %zu questions have no answer in %s\n", missing, from);
	capture = vc_capture_start(run->fs);
	vc_run_probe_all(run, &options);
	return vc_capture_save(capture, to, &capture_options, &run->diags, NULL) < 0;
}

int
main(int argc, char **argv)
{
	struct vc_run run;
	int status;

	if (argc != 4) {
		fputs("usage: pack DIR FILE.tar.gz DOMAIN\n", stderr);
		return 2;
	}
	vc_run_init(&run);
	status = pack(&run, argv[1], argv[2], argv[3]);
	for (size_t i = 0; i < run.diags.count; i++)
		fprintf(stderr, "pack: %s: %s\n", run.diags.item[i].file, run.diags.item[i].text);
	vc_run_release(&run);
	return status;
}
