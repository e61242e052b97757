/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fixes applied to the text of a domain: what they do not name stays, to the byte. The text is held twice, as bytes
 * with the place of every element, and as libxml2's tree; the two are made to agree before anything is changed, and
 * the tree after every change is compared with the one before.
 */
#pragma once

#include <libxml/tree.h>

#include "report/kept.h"
#include "report/span.h"
#include "rules/engine.h"

struct vc_edit {
	char *text; /* owned */
	size_t size;
	struct vc_spans spans;
	xmlDoc *doc;  /* owned; an element's _private is its index in the spans, plus 1 */
	xmlNode **node; /* owned: the elements, as in the spans */
};

/*
 * @text has been read as a domain before. -EILSEQ: an encoding that is not edited; -EBADMSG: it is not understood.
 * *ret_why then says so.
 */
int vc_edit_open(const char *text, size_t size, struct vc_edit *ret_edit, const char **ret_why) _must_check_;
void vc_edit_release(struct vc_edit *edit);
#define _cleanup_edit_ _cleanup_(vc_edit_release)

/* Where an element of the tree stands in the text. */
const struct vc_span_element *vc_edit_element(const struct vc_edit *edit, const xmlNode *node);

/* The first child that a rule calls @name, or NULL; the name of libvirt's elements for QEMU begins with "qemu:". */
xmlNode *vc_edit_find_child(const xmlNode *parent, const char *name, size_t length);

/* A fix, and where it is to be applied. */
struct vc_edit_fix {
	const struct vc_fix *fix;
	const struct vc_scope *scope;
	size_t place; /* offset of the element that relative paths begin at */
};

/*
 * Applies the domain actions of a fix. Returns 1 with the new text in *ret_edit, and what it keeps of the old one in
 * *ret_kept; 0 if there is nothing to change. Failures say why in *ret_why: -EINVAL, it cannot be applied here;
 * -EILSEQ, a value that XML cannot hold; -EBUSY, see @earlier; -ENOTRECOVERABLE, the result is not what it should be,
 * which is a defect of the editor.
 *
 * @earlier (or NULL): what other fixes kept of the text until now. One that is in their way gets -EBUSY.
 */
int vc_edit_apply(const struct vc_edit *edit, const struct vc_edit_fix *fix, const struct vc_kept *earlier,
		  struct vc_edit *ret_edit, struct vc_kept *ret_kept, const char **ret_why) _must_check_;
