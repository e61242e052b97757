/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The manifest of a capture: every question the probes asked and how the host answered, so that "absent",
 * "refused" and "never asked" stay different offline. Contents are files beside it; see src/host/capture.h
 * for where they lie.
 *
 *   vhostcheck-capture 1
 *   redacted yes
 *   file known /proc/cmdline
 *   file EACCES /proc/iomem
 *   list known /sys/class/iommu
 *   	dmar0
 *   stat known /dev/kvm character 0660 0 104 0 1732147200
 *   end
 *
 * One line per question: kind, state, path, then what the kind needs:
 *   part PATH OFFSET SIZE, stat PATH KIND MODE UID GID SIZE CTIME
 * and for file, part, link and ask optionally the number of a file below vhostcheck/data/ that holds the
 * answer because its natural place was taken. The names of a directory follow it, one per line, after a tab.
 * Bytes that are not printable ASCII, blanks and backslashes are written \xNN. Sorted by path, then kind. A
 * manifest without the last line is refused: what was cut off would pass for what was never asked.
 */
#pragma once

#include "host/hostfs.h"

enum vc_question { VC_ASK_FILE, VC_ASK_PART, VC_ASK_LINK, VC_ASK_LIST, VC_ASK_STAT, VC_ASK_OTHER };

/* A question and its answer. In a manifest data is NULL: it lies in the tree. */
struct vc_record {
	enum vc_question question;
	const char *path; /* VC_ASK_OTHER: the name below vhostcheck/ */
	uint64_t offset;  /* VC_ASK_PART */
	size_t length;    /* VC_ASK_PART: bytes asked for */
	struct vc_fact fact;
	unsigned store;   /* number below vhostcheck/data/ from 1; 0: at its natural place */
	const char *data; /* contents, or the target of a link */
	size_t size;
	const char *const *name; /* VC_ASK_LIST */
	size_t names;
	struct vc_node node; /* VC_ASK_STAT */
};

struct vc_manifest {
	bool redacted;
	struct vc_record *record; /* sorted by vc_record_compare() */
	size_t count;
};

/* Orders by question alone, as the manifest is sorted. */
int vc_record_compare(const void *a, const void *b);

/*
 * Reads a manifest. @text, which a NUL follows, is taken apart where it stands and lives as long as the
 * manifest. On failure adds a diagnostic with @file and the line.
 */
int vc_manifest_parse(struct vc_arena *arena, const char *file, char *text, size_t size,
		      struct vc_diags *diags, struct vc_manifest *ret_manifest) _must_check_;
void vc_manifest_format(struct vc_buf *buf, const struct vc_manifest *manifest);

/* NULL: never asked. */
const struct vc_record *vc_manifest_find(const struct vc_manifest *manifest, enum vc_question question,
					 const char *path, uint64_t offset, size_t length);
/* The same for a part of a file: what was read of it from @offset on, perhaps more than @length, or all of
 * it. */
const struct vc_record *vc_manifest_find_part(const struct vc_manifest *manifest, const char *path,
					      uint64_t offset, size_t length);
