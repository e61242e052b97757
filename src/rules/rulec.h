/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside rulec: writing C. */
#pragma once

#include <stdio.h>

#include "rules/engine.h"
#include "rules/rules-dir.h"

/*
 * Arrays that a rule points to are objects of their own, written before it. Their names are numbered through the
 * file: nodes_7, parts_8.
 */
struct writer {
	FILE *file;
	struct vc_arena *arena;
	unsigned names;
	/* Those that stand in the file already, path_0 and so on: a fact is named by many rules. */
	const struct vc_path **path;
	size_t paths;
};

/* 0, or -1 after a message. */
int rulec_open(struct writer *w, const char *output) _must_check_;
/* The exit status. */
int rulec_close(struct writer *w, const char *output) _must_check_;

/* A string literal, or NULL. */
void write_text(struct writer *w, const char *text);
/* ".member = text, ", or nothing for NULL. */
void write_member(struct writer *w, const char *member, const char *text);
/* The same as a line of its own. */
void write_line(struct writer *w, const char *member, const char *text);

/* The array behind a list; its number is returned, 0 for none. */
unsigned write_texts(struct writer *w, const char *const *text, size_t count);
void write_list(struct writer *w, const char *member, const char *counter, unsigned texts, size_t count);
unsigned write_symptoms(struct writer *w, const struct vc_symptom *symptom, size_t count);

/* "rules/iommu/x.xml" wherever the build directory is: the same source gives the same binary. */
const char *rulec_shown_file(const char *path);

/* rulec --messages; the exit status. */
int rulec_messages(const char *output, char **path, size_t paths, struct vc_arena *arena, struct vc_diags *diags);
