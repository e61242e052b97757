/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The XML of files of the site, which are rules, quirks and messages: no DTD, no entities, no network. */
#pragma once

#include <libxml/tree.h>
#include <stdbool.h>

#include "base/diag.h"

/* No file is larger; nothing beyond it is read. */
#define VC_SITE_XML_MAX ((size_t)256 * 1024)

static inline void
vc_xml_doc_freep(xmlDoc **doc)
{
	if (*doc)
		xmlFreeDoc(*doc);
}
#define _cleanup_xml_doc_ _cleanup_(vc_xml_doc_freep)

/* @what it is a file of, "rule" or "quirk". On failure adds one diagnostic and returns a negative errno. */
int vc_site_xml_parse(const char *text, size_t size, const char *what, const char *file, struct vc_diags *diags,
		      xmlDoc **ret_doc) _must_check_;

/* Is @name its root element? What is wrong with the rest is for those who read it. */
bool vc_site_xml_root_is(const char *text, size_t size, const char *name);
