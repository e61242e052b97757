/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The places of src/cli/site.c, from the environment: vhostcheck-site is the program with this in its stead, so that what
 * libvirt starts can be tried on any host, with any configuration, and its log can be read. What is not set is nowhere.
 */
#include <stdlib.h>

#include "cli/site.h"

static const char *
place(const char *name, const char *otherwise)
{
	const char *value = getenv(name);

	return value ? value : otherwise;
}

const struct vc_site *
vc_site(void)
{
	static struct vc_site site;

	site = (struct vc_site){
		.root = place("SITE_ROOT", "/"),
		.rules_dir = place("SITE_RULES", "/nowhere/rules.d"),
		.quirks_dir = place("SITE_QUIRKS", "/nowhere/quirks.d"),
		.configuration = place("SITE_CONFIGURATION", "/nowhere/vhostcheck.conf"),
		.log = place("SITE_LOG", "/nowhere/log"),
	};
	return &site;
}
