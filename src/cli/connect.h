/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Domains by name. They are asked for before a command runs, which then works on them as on files: its
 * operands are "URI/NAME", and reading one of those gives what libvirt said.
 */
#pragma once

#include "cli/cli.h"

struct vc_named_domain {
	const char *label; /* "qemu:///system/win11"; a name has no slash */
	const char *xml;   /* NULL: libvirt gave none */
	size_t size;
	const char *why;
};

struct vc_named_domains {
	const struct vc_named_domain *domain;
	size_t count;
};

/*
 * Asks libvirt for the operands of @options, or for all domains, and puts what it found in their place.
 * VC_EXIT_INPUT after a message if libvirt cannot be asked. A domain that there is none of is a message of
 * the command that reads it.
 */
enum vc_exit vc_connect(struct vc_options *options) _must_check_;

/* As vc_input_read(), for a file or the label of a named domain. @named may be NULL. */
int vc_domain_read(const struct vc_named_domains *named, const char *file, struct vc_arena *arena,
		   struct vc_diags *diags, const char **ret_text, size_t *ret_size) _must_check_;
