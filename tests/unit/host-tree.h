/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A small host in a temporary directory: a capture, whose manifest says what was asked, or a copied tree
 * without one. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "host/host.h"
#include "host/hostfs.h"

struct tree {
	char root[64];
	bool capture;
	struct vc_buf manifest;
	struct vc_arena *arena;
	struct vc_hostfs *fs;
	struct vc_host host;
};

struct tree *tree_new(bool capture);
void tree_free(struct tree *tree);

/* A file of the host, or an answer that is no file ("msr/0x3a"). */
void tree_file(struct tree *tree, const char *path, const char *text);
void tree_file_n(struct tree *tree, const char *path, const char *text, size_t size);
void tree_ask(struct tree *tree, const char *name, const char *text);
void tree_link(struct tree *tree, const char *path, const char *target);
/* A line of the manifest as it is: "file EACCES /proc/iomem", "list known /sys/module\n\tkvm". */
void tree_line(struct tree *tree, const char *line);

/* Opens the tree and probes @request (its areas alone: tree_probe). The facts are in tree->host. */
const struct vc_host *tree_probe(struct tree *tree, unsigned areas);
const struct vc_host *tree_probe_request(struct tree *tree, const struct vc_host_request *request);

#define assert_known_flag(f, v)                                                                              \
	assert_int_equal((f).fact.state, VC_KNOWN);                                                          \
	assert_int_equal((f).value, v)
#define assert_known_number(f, v)                                                                            \
	assert_int_equal((f).fact.state, VC_KNOWN);                                                          \
	assert_int_equal((f).value, v)
#define assert_known_text(f, v)                                                                              \
	assert_int_equal((f).fact.state, VC_KNOWN);                                                          \
	assert_string_equal((f).value, v)
#define assert_absent(f) assert_int_equal((f).fact.state, VC_ABSENT)
#define assert_unreadable(f, e)                                                                              \
	assert_int_equal((f).fact.state, VC_UNREADABLE);                                                     \
	assert_int_equal((f).fact.err, e)
