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
/* {"name": ..., "uuid": ..., "file": ...}; null without a domain. */
struct json_object *vc_json_domain(const struct vc_guest *guest);
/* What the report says of one finding, and of what is undecided. */
struct json_object *vc_json_finding(const struct vc_report *report, const struct vc_report_subject *subject,
				    const struct vc_finding *finding);
struct json_object *vc_json_undecided(const struct vc_finding *finding);
/* Adds the whole, indented, with a newline at the end. */
void vc_json_write(struct json_object *object, struct vc_buf *out);
