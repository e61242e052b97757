/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * QEMU command lines as people have them: a shell script with other commands around it, /proc/PID/cmdline, the log
 * that libvirt keeps of a guest, the output of ps, or the arguments of a program.
 */
#pragma once

#include "guest/guest.h"

struct vc_argument {
	const char *text;
	int line;  /* in the input; 0: it has no lines */
	bool open; /* holds $VARIABLE or $(command), which only a shell could replace */
};

struct vc_command_line {
	const char *program; /* as written; NULL: arguments alone */
	int line;
	bool privileged; /* started through sudo or doas */
	bool running;	 /* that of a process: /proc/PID/cmdline */
	struct vc_argument *argument;
	size_t arguments;
};

/*
 * Every QEMU command in @text. -EBADMSG with a diagnostic if there is none, or the text cannot be taken apart; -EFBIG if it
 * is too large. @file is borrowed.
 */
int vc_command_lines_find(const char *text, size_t size, const char *file, struct vc_arena *arena,
			  struct vc_diags *diags, struct vc_command_line **ret_line, size_t *ret_count) _must_check_;

/* Is it the name of a QEMU program ("/usr/bin/qemu-system-x86_64", "qemu-kvm")? */
bool vc_is_qemu_program(const char *word);

/* @word[0] is the program. */
void vc_command_line_from_words(const char *const *word, size_t words, struct vc_arena *arena,
				struct vc_command_line *ret_line);

/*
 * The guest that a command line makes, with QEMU's defaults for what is not on it. What cannot be taken into account
 * (unknown options, variables, files with configuration) is in @diags, once.
 */
void vc_guest_read_command_line(const struct vc_command_line *line, const char *file, struct vc_arena *arena,
				struct vc_diags *diags, struct vc_guest *ret_guest);
