/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside of redact: what its files share. */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "host/redact.h"

enum vc_redact_kind { VC_REDACT_UUID, VC_REDACT_MAC, VC_REDACT_PCI_SERIAL, VC_REDACT_TEXT, VC_REDACT_KINDS };

/* A value that was met, and which placeholder it got. */
struct vc_redact_value {
	enum vc_redact_kind kind;
	const char *text;
	size_t length;
	unsigned ordinal; /* from 1, per kind */
};

struct vc_redact {
	struct vc_arena *arena;
	const char *host_name;
	size_t host_name_length; /* without its domain */
	struct vc_redact_value *value;
	size_t count;
	unsigned last[VC_REDACT_KINDS];
};

/* The number of a value, from 1; upper and lower case are the same value. */
unsigned vc_redact_ordinal(struct vc_redact *redact, enum vc_redact_kind kind, const char *text, size_t length);
/* Adds @text with every letter and digit made 0, the last ones counting: "ABCD-1234" becomes "0000-0001". */
void vc_redact_word(struct vc_redact *redact, struct vc_buf *out, const char *text, size_t length);
/* Adds @text with placeholders for UUIDs and hardware addresses. */
void vc_redact_patterns(struct vc_redact *redact, struct vc_buf *out, const char *text, size_t size);
bool vc_has_uuid(const char *text, size_t length);
/* Adds @text without the name of the host where it is a word of its own; @dash: also beside a dash. */
void vc_redact_host_name(struct vc_redact *redact, struct vc_buf *out, const char *text, size_t size, bool dash);
/* redact-parameter.c: adds a kernel command line without what tells whose it is. */
void vc_redact_parameters(struct vc_redact *redact, struct vc_buf *out, const char *text, size_t size);
