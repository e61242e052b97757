/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A message of QEMU, libvirt, the kernel or a guest that no rule predicts, and what it means. Made by rulec from the
 * files of data/messages; plain data, as the rules are.
 */
#pragma once

#include "rules/symptom.h"

struct vc_arena;
struct vc_diags;

enum vc_message_kind {
	VC_MESSAGE_FAILURE, /* the guest did not start, or stopped */
	VC_MESSAGE_WARNING, /* it runs, with something missing */
	VC_MESSAGE_NOISE,   /* nothing is wrong */
	VC_MESSAGE_WRAPPER, /* carries the message of another program: says something only where that is missing */
	VC_MESSAGE_VERSION, /* tells which QEMU, libvirt or kernel wrote the log: values of these names */
};

struct vc_message {
	const char *id;
	const char *file;
	enum vc_message_kind kind;
	const char *title;
	const char *meaning; /* paragraphs, as a rule's why */
	const char *const *advice; /* what to do, one step each */
	size_t advices;
	const struct vc_symptom *symptom; /* at least one */
	size_t symptoms;
	const char *const *source;
	size_t sources;
};

struct vc_messages {
	const struct vc_message *item; /* sorted by id */
	size_t count;
};

/* The messages of the project. */
extern const struct vc_messages vc_builtin_messages;

/*
 * Adds the messages of one file (<messages> as the root) to @messages. On failure adds diagnostics and returns a
 * negative errno.
 */
int vc_messages_load(const char *text, size_t size, const char *file, struct vc_arena *arena, struct vc_diags *diags,
		     struct vc_messages *messages) _must_check_;

/* Sorts, and refuses an id that stands twice. -EINVAL after a diagnostic. */
int vc_messages_finish(struct vc_messages *messages, struct vc_arena *arena, struct vc_diags *diags) _must_check_;

/* "failure", as the files write it. */
const char *vc_message_kind_name(enum vc_message_kind kind);
