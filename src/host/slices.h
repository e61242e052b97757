/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A capture as an archive is a .tar.gz like any other, cut into slices: gzip members that stand for
 * themselves, as gzip allows. Each begins with a whole member of the tar archive and says in an extra field
 * of its header [RFC 1952 2.3.1.1] what that one is called and how long the slice is:
 *
 *   'V' 'C'   uint16: length of the rest   uint32: bytes of the slice   path, as the tar archive has it
 *
 * (little endian). Members are sorted, so that a check unpacks the few slices that hold what it asks for: a
 * host with many devices does not cost a check of one. Whoever does not know of this reads the archive from
 * its beginning.
 */
#pragma once

#include "host/hostfs-impl.h"
#include "host/tree.h"

/* A slice ends with the member that fills it. */
#define VC_SLICE_SIZE ((size_t)32 * 1024)

struct vc_slices;

/* Does the file begin with a slice? Spares all other archives being read twice. */
bool vc_slices_begin(int fd);

/*
 * NULL unless @data is slices from end to end. It lives as long as @fs. Only their headers are looked at:
 * what is wrong inside is found when it is asked for.
 */
struct vc_slices *vc_slices_open(struct vc_hostfs *fs, const char *data, size_t size);

/* As vc_tree_find(). -EBADMSG: the slice that would hold it is damaged. */
int vc_slices_find(struct vc_hostfs *fs, const char *path, bool follow, const struct vc_tree_node **ret_node);

/* Makes a slice of @gzip, a single gzip member as libarchive writes it, that begins with @path. */
int vc_slice_seal(struct vc_buf *slice, const char *path, const char *gzip, size_t size) _must_check_;
