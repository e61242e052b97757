/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of the contracts: one table per enum, read by the loader and by every report. */
#include "rules/words.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "rules/engine.h"
#include "rules/message.h"

static const char *const severity_words[] = {
	[VC_INFO] = "info",
	[VC_WARNING] = "warning",
	[VC_ERROR] = "error",
	NULL,
};
static const char *const confidence_words[] = {
	[VC_REPORTED] = "reported",
	[VC_PROVEN] = "proven",
	NULL,
};
static const char *const outcome_words[] = {
	[VC_PASS] = "pass",
	[VC_FAIL] = "fail",
	[VC_UNDECIDED] = "undecided",
	[VC_SKIP] = "skip",
	[VC_SUPPRESSED] = "suppressed",
	NULL,
};
static const char *const who_words[] = {
	[VC_WHO_DOMAIN] = "domain",
	[VC_WHO_HOST] = "host",
	[VC_WHO_FIRMWARE] = "firmware",
	[VC_WHO_VENDOR] = "vendor",
	NULL,
};
static const char *const bool_words[] = { [false] = "no", [true] = "yes", NULL };
static const char *const scope_words[] = { "host", NULL };
static const char *const printer_words[] = {
	[VC_BY_QEMU - 1] = "qemu",
	[VC_BY_LIBVIRT - 1] = "libvirt",
	[VC_BY_KERNEL - 1] = "kernel",
	[VC_BY_GUEST - 1] = "guest",
	[VC_BY_OTHER - 1] = "other",
	NULL,
};
static const char *const message_words[] = {
	[VC_MESSAGE_FAILURE] = "failure",
	[VC_MESSAGE_WARNING] = "warning",
	[VC_MESSAGE_NOISE] = "noise",
	[VC_MESSAGE_WRAPPER] = "wrapper",
	[VC_MESSAGE_VERSION] = "version",
	NULL,
};

static const char *const *const tables[] = {
	[VC_WORDS_SEVERITY] = severity_words, [VC_WORDS_CONFIDENCE] = confidence_words,
	[VC_WORDS_WHO] = who_words,           [VC_WORDS_BOOL] = bool_words,
	[VC_WORDS_SCOPE] = scope_words,       [VC_WORDS_PRINTER] = printer_words,
	[VC_WORDS_MESSAGE] = message_words,
};

const char *const *
vc_words_list(enum vc_words words)
{
	return tables[words];
}

int
vc_words_find(enum vc_words words, const char *word)
{
	for (int i = 0; tables[words][i]; i++) {
		if (strcmp(tables[words][i], word) == 0)
			return i;
	}
	return -EINVAL;
}

const char *
vc_severity_name(enum vc_severity severity)
{
	assert(severity < VC_COUNT(severity_words) - 1);
	return severity_words[severity];
}

const char *
vc_confidence_name(enum vc_confidence confidence)
{
	assert(confidence < VC_COUNT(confidence_words) - 1);
	return confidence_words[confidence];
}

const char *
vc_outcome_name(enum vc_outcome outcome)
{
	assert(outcome < VC_COUNT(outcome_words) - 1);
	return outcome_words[outcome];
}

const char *
vc_who_name(enum vc_who who)
{
	assert(who < VC_COUNT(who_words) - 1);
	return who_words[who];
}

const char *
vc_printer_name(enum vc_printer printer)
{
	assert(printer < VC_COUNT(printer_words));
	return printer == VC_BY_ANYONE ? NULL : printer_words[printer - 1];
}

const char *
vc_message_kind_name(enum vc_message_kind kind)
{
	assert(kind < VC_COUNT(message_words) - 1);
	return message_words[kind];
}

const char *
vc_type_name(enum vc_type type)
{
	static const char *const name[] = {
		[VC_TYPE_flag] = "a flag (yes or no)",
		[VC_TYPE_number] = "a number",
		[VC_TYPE_text] = "text",
		[VC_TYPE_version] = "a version",
		[VC_TYPE_range] = "a range",
		[VC_TYPE_set] = "a set of words",
		[VC_TYPE_ref] = "a reference",
		[VC_TYPE_list] = "a list",
	};

	assert(type < VC_COUNT(name));
	return name[type];
}
