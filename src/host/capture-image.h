/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What lies where in a capture that is being written. */
#pragma once

#include "host/hostfs-impl.h"

enum vc_image_kind {
	VC_IMAGE_UNUSED, /* it was passed by, but nothing is stored there */
	VC_IMAGE_DIRECTORY,
	VC_IMAGE_FILE,
	VC_IMAGE_LINK,
};

struct vc_image_entry {
	const char *path; /* "/sys/class/iommu": no links, no ".." */
	enum vc_image_kind kind;
	const char *data; /* contents; target of a link */
	size_t size;
};

struct vc_image {
	struct vc_hostfs *fs; /* tells which names are links */
	struct vc_image_entry **place;
	size_t count;
	void *index;     /* of <search.h>, by path */
	unsigned stored; /* files below vhostcheck/data/ */
};

void vc_image_init(struct vc_image *image, struct vc_hostfs *fs);
void vc_image_release(struct vc_image *image);

/*
 * Finds a place for the answer of @record, which is known, and notes it there (record->store). Whole files
 * come before parts and longer parts before shorter ones, so that what a longer one holds is stored once.
 */
void vc_image_add(struct vc_image *image, struct vc_record *record);
/* Stores a file of the capture itself: "/vhostcheck/manifest". */
void vc_image_add_own(struct vc_image *image, const char *path, const char *data, size_t size);

/* Puts directories before what is in them. No more may be added. */
void vc_image_sort(struct vc_image *image);
