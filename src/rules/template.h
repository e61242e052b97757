/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Templates for another reader than a person. */
#pragma once

#include "rules/engine.h"

/*
 * Values come from the domain, the host or a capture, and people paste commands: those that are no plain
 * words are put in quotes, so that a name does not turn into a second command. The loader makes sure that
 * they do not stand in quotes already.
 */
void vc_template_render_command(const struct vc_template *template, const struct vc_scope *scope,
				struct vc_buf *buf);
