/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One run, from inputs to findings: the single place where the rooms are joined.
 *   read the domains -> ask the rules what they need of the host -> probe that -> derive the guests -> evaluate
 */
#pragma once

#include "base/diag.h"
#include "cli/config.h"
#include "guest/guest.h"
#include "host/host.h"
#include "host/hostfs.h"
#include "rules/engine.h"

struct vc_run_options {
	const char *root;	       /* --root; "/" is the live host; NULL: no host, its facts are set by hand */
	const char *rules_dir;	       /* --rules, or NULL */
	const char *const *ignore;     /* --ignore */
	size_t ignored;
	const struct vc_version *qemu_version;	  /* --qemu-version, or NULL */
	const struct vc_version *libvirt_version; /* --libvirt-version, or NULL */
	const char *qemu_version_from, *libvirt_version_from; /* where they are from; NULL: the options */
	bool may_execute;	       /* an emulator may be asked for its version */
	struct vc_site_quirks *site_quirks; /* NULL: none */
	const struct vc_named_domains *named; /* domains that are no files, or NULL */
	const struct vc_config *config;	       /* of the site, or NULL */
	const char *today;	       /* YYYY-MM-DD, UTC; NULL: unknown */
};

struct vc_subject {
	struct vc_guest guest;	    /* empty for a host-only run */
	bool host_only;
	const char *text;	    /* the domain as it was read, NULL for a command line; arena */
	size_t size;
	struct vc_findings findings;
};

struct vc_run {
	struct vc_arena *arena;
	struct vc_diags diags;	    /* what was wrong with the inputs */
	struct vc_hostfs *fs;
	struct vc_ruleset rules;
	int broken_rules;	    /* files of the site that were refused; the rest counts */
	const struct vc_named_domains *named; /* or NULL */
	struct vc_host host;
	struct vc_subject *subject;
	size_t subjects;
};

void vc_run_init(struct vc_run *run);
void vc_run_release(struct vc_run *run);

/* Loads the rules and opens the host. Negative errno with diagnostics on failure. */
int vc_run_open(struct vc_run *run, const struct vc_run_options *options) _must_check_;

/* Adds a domain: a named one, a file, or "-" for standard input. Negative errno with diagnostics on failure. */
int vc_run_add_domain(struct vc_run *run, const char *file) _must_check_;
/* The same from memory, which lives as long as the run; @file names it in messages. */
int vc_run_add_domain_text(struct vc_run *run, const char *text, size_t size, const char *file) _must_check_;

/* Adds the guest of every QEMU command line in a file, "-" for standard input. */
int vc_run_add_command_lines(struct vc_run *run, const char *file) _must_check_;
int vc_run_add_command_lines_text(struct vc_run *run, const char *text, size_t size, const char *file) _must_check_;
/* That of one command line, @word[0] being the program. */
void vc_run_add_command(struct vc_run *run, const char *const *word, size_t words);

/*
 * Puts another text in the place of a subject's. Findings about the old one are gone, and have to be judged anew. On
 * failure the old one stays.
 */
int vc_run_replace_text(struct vc_run *run, size_t subject, const char *text, size_t size) _must_check_;

/* Adds a subject without a domain: the host itself, judged by the host rules. */
void vc_run_add_host(struct vc_run *run);

/* Probes the host for what the rules need to judge the subjects. */
void vc_run_probe(struct vc_run *run, const struct vc_run_options *options);

/* Probes everything, for facts and capture. */
void vc_run_probe_all(struct vc_run *run, const struct vc_run_options *options);

/* Derives the guests from the host model and evaluates the rules. */
void vc_run_judge(struct vc_run *run, const struct vc_run_options *options);

/* One guest, read and not derived, or NULL, on one host. Derives it. */
void vc_judge(const struct vc_ruleset *rules, const struct vc_host *host, struct vc_guest *guest,
	      const struct vc_run_options *options, struct vc_arena *arena, struct vc_findings *ret_findings);
