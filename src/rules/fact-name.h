/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The canonical name of a fact: "host.pci.device[0000:01:00.0].driver", "guest.hostdev[0].address". */
#pragma once

#include "rules/engine.h"

/*
 * Finds the record that holds @fact. Returns its field and adds its name; NULL, with nothing added, when no
 * record that @scope leads to holds it.
 */
const struct vc_field *vc_fact_name(const struct vc_scope *scope, const struct vc_fact *fact,
				    struct vc_buf *name);
