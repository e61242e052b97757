/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Elements with their place: every value that is read becomes a fact with its line and XPath. Private to this
 * room.
 */
#pragma once

#include <libxml/tree.h>
#include <libxml/xmlmemory.h>

#include "base/number.h"
#include "guest/guest-input.h"
#include "guest/guest.h"

/* An element of the input, or the place where one would be (node NULL): reading from that gives absent facts.
 */
struct vc_el {
	const xmlNode *node;
	const char *path; /* XPath */
};

struct vc_reader {
	struct vc_arena *arena;
	struct vc_guest *guest;
	struct vc_guest_input *input;
};

struct vc_els {
	struct vc_el *el;
	size_t count;
};

/* The first child of this name. libvirt's elements have no namespace. */
struct vc_el vc_el_child(const struct vc_reader *r, struct vc_el parent, const char *name);
/* "os/type": one step after the other. */
struct vc_el vc_el_at(const struct vc_reader *r, struct vc_el parent, const char *steps);
/* Every child of this name, NULL for any; paths have [n] where several share a name. @ns NULL: no namespace.
 */
struct vc_els vc_el_children(const struct vc_reader *r, struct vc_el parent, const char *name,
			     const char *ns);

struct vc_place vc_el_place(struct vc_el el);
bool vc_el_named(struct vc_el el, const char *name);

/* NULL if not written. */
const char *vc_el_attr(const struct vc_reader *r, struct vc_el el, const char *name);
/* Text without blanks at its ends; "" for an empty element, NULL for none. */
const char *vc_el_text(const struct vc_reader *r, struct vc_el el);

/*
 * From an attribute, or from the text if @attr is NULL. What is not written makes the fact absent; what
 * cannot be understood makes it unreadable (VC_EGARBLED).
 */
void vc_read_text(const struct vc_reader *r, struct vc_el el, const char *attr, struct vc_fact_text *fact);
void vc_read_number(const struct vc_reader *r, struct vc_el el, const char *attr, enum vc_base base,
		    struct vc_fact_number *fact);
/* yes, on, no, off */
void vc_read_flag(const struct vc_reader *r, struct vc_el el, const char *attr, struct vc_fact_flag *fact);
/* The same, with what libvirt assumes if it is not written. */
void vc_read_flag_or(const struct vc_reader *r, struct vc_el el, const char *attr, bool assumed,
		     struct vc_fact_flag *fact);
/* Whether the element is there. */
void vc_read_presence(struct vc_el el, struct vc_fact_flag *fact);
/* A size in bytes: number in the text (or @attr), unit in @unit; KiB if it is not written. */
void vc_read_size(const struct vc_reader *r, struct vc_el el, const char *attr, struct vc_fact_number *fact);

/* Puts a fact's source at @el. */
void vc_fact_at(const struct vc_reader *r, struct vc_fact *fact, struct vc_el el, const char *attr);

/* Rounds a known size up; a size that no longer fits becomes unreadable. */
void vc_round_fact(struct vc_fact_number *fact, uint64_t to);
