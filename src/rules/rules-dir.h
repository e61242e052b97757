/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rule files on disk. */
#pragma once

#include "base/arena.h"

/* The directory that the file stands in: "iommu" of "rules/iommu/x.xml". */
const char *vc_rule_topic(struct vc_arena *arena, const char *path);
