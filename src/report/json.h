/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the JSON reports share. */
#pragma once

#include <json-c/json.h>

#include "report/report.h"

/* json-c takes back the reference with every object that is added to another one. */
static inline void
vc_json_putp(struct json_object **object)
{
	json_object_put(*object);
}
#define _cleanup_json_ _cleanup_(vc_json_putp)

/*
 * Text from outside as a JSON string; NULL gives null. What is not UTF-8, and what drives terminals, becomes
 * \xNN as everywhere in vhostcheck; newlines and tabs stay.
 */
struct json_object *vc_json_text(const char *text);
void vc_json_add_text(struct json_object *object, const char *key, const char *text);
void vc_json_add_count(struct json_object *object, const char *key, size_t count);

/* {"schema": NAME, "schema_version": 1, "tool": {...}} */
struct json_object *vc_json_begin(const char *schema);
/* {"source": ..., "hostname": ..., "kernel": ...} */
struct json_object *vc_json_host(const struct vc_report *report);
/* The same with "root": which host it is, where there are several. */
struct json_object *vc_json_host_of_several(const struct vc_report *report);
/* The subject of a report of one. @host: it says which host it is about. */
struct json_object *vc_json_subject(const struct vc_report *report, bool host);
struct json_object *vc_json_finding(const struct vc_report *report, const struct vc_finding *finding);
struct json_object *vc_json_undecided(const struct vc_finding *finding);
struct json_object *vc_json_domain(const struct vc_guest *guest);

/* Adds @value as it stands at @depth, without a newline at the end. */
void vc_json_write_at(struct json_object *value, unsigned depth, struct vc_buf *out);
/* Adds the object with one more key, whose array is still open: elements follow at depth 2. */
void vc_json_write_open(struct json_object *object, const char *key, struct vc_buf *out);
/* Adds the whole in one line. */
void vc_json_write_line(struct json_object *object, struct vc_buf *out);
/* Adds the whole, indented, with a newline at the end. */
void vc_json_write(struct json_object *object, struct vc_buf *out);
