/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/site.h"

const struct vc_site *
vc_site(void)
{
	static const struct vc_site site = {
		.root = "/",
		.rules_dir = VC_SITE_RULES_DIR,
		.quirks_dir = VC_SITE_QUIRKS_DIR,
		.configuration = VC_SITE_CONFIGURATION,
		.log = "/dev/log",
	};

	return &site;
}
