/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What loads, and still should not be shipped. */
#pragma once

#include "base/diag.h"
#include "rules/message.h"
#include "rules/rule.h"

/* Adds one diagnostic per problem, and returns how many there are. */
size_t vc_ruleset_lint(const struct vc_ruleset *rules, struct vc_diags *diags);
/* @rules: which a message has to leave to. */
size_t vc_messages_lint(const struct vc_messages *messages, const struct vc_ruleset *rules, struct vc_diags *diags);
