/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whom libvirt's QEMU runs as, by the files in which accounts usually are. Pure. */
#pragma once

#include "host/scan.h"

/*
 * Adds "name NAME", "uid N" and "gid N" for each of its groups. @user and @group as in qemu.conf, NULL where
 * nothing is written there. -EOPNOTSUPP: the files do not say; accounts may be elsewhere.
 */
int vc_account_describe(struct vc_span passwd, struct vc_span group_file, const char *user, const char *group,
			struct vc_buf *answer) _must_check_;
