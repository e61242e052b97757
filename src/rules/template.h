/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Templates with values for another reader than a person. */
#pragma once

#include "rules/engine.h"

/*
 * Values come from the domain, the host or a capture, and a fix is pasted or applied: a name must not turn into
 * markup or a second command.
 */
enum vc_quote {
	VC_QUOTE_NONE,	/* for people */
	VC_QUOTE_XML,	/* VC_VERB_INSERT: values are escaped */
	VC_QUOTE_SHELL, /* VC_VERB_COMMAND: values that are no plain words are put in quotes */
};
void vc_template_render_quoted(const struct vc_template *template, const struct vc_scope *scope, enum vc_quote quote,
			       struct vc_buf *buf);

/* Every fact in it is known: the text can be applied, and not only be read. */
bool vc_template_is_known(const struct vc_template *template, const struct vc_scope *scope);
