/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where this machine keeps what is its own. Tests are linked with other places (tests/integration/site.c). */
#pragma once

struct vc_site {
	const char *root;          /* the host that the hook judges */
	const char *rules_dir;     /* it need not exist */
	const char *quirks_dir;    /* nor need this */
	const char *configuration; /* nor need this */
	const char *log;           /* the socket of the system's log */
};

const struct vc_site *vc_site(void);
