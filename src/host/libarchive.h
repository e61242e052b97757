/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libarchive, loaded when an archive is named and not before: no check of the live host pays for it. The few
 * calls in use are declared here, so that building needs no headers of it either.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/diag.h"

struct archive;
struct archive_entry;
typedef int archive_open_callback(struct archive *archive, void *context);
typedef ssize_t archive_write_callback(struct archive *archive, void *context, const void *data, size_t size);
typedef int archive_close_callback(struct archive *archive, void *context);

/* [libarchive 3.6.2 libarchive/archive.h; la_int64_t and la_ssize_t as on Linux] */
enum { VC_ARCHIVE_EOF = 1, VC_ARCHIVE_OK = 0, VC_ARCHIVE_WARN = -20 };

/* F(type, name, arguments) [libarchive 3.6.2 libarchive/archive.h, archive_entry.h] */
#define VC_LIBARCHIVE_CALLS(F) \
	F(const char *, archive_error_string, (struct archive *)) \
	F(int64_t, archive_filter_bytes, (struct archive *, int)) \
	F(struct archive *, archive_read_new, (void)) \
	F(int, archive_read_support_filter_gzip, (struct archive *)) \
	F(int, archive_read_support_filter_xz, (struct archive *)) \
	F(int, archive_read_support_format_tar, (struct archive *)) \
	F(int, archive_read_open_fd, (struct archive *, int, size_t)) \
	F(int, archive_read_open_memory, (struct archive *, const void *, size_t)) \
	F(int, archive_read_next_header, (struct archive *, struct archive_entry **)) \
	F(ssize_t, archive_read_data, (struct archive *, void *, size_t)) \
	F(int, archive_read_free, (struct archive *)) \
	F(const char *, archive_entry_pathname, (struct archive_entry *)) \
	F(const char *, archive_entry_pathname_utf8, (struct archive_entry *)) \
	F(mode_t, archive_entry_filetype, (struct archive_entry *)) \
	F(mode_t, archive_entry_perm, (struct archive_entry *)) \
	F(int64_t, archive_entry_uid, (struct archive_entry *)) \
	F(int64_t, archive_entry_gid, (struct archive_entry *)) \
	F(int64_t, archive_entry_size, (struct archive_entry *)) \
	F(const char *, archive_entry_symlink, (struct archive_entry *)) \
	F(const char *, archive_entry_hardlink, (struct archive_entry *)) \
	F(struct archive *, archive_write_new, (void)) \
	F(int, archive_write_set_format_pax_restricted, (struct archive *)) \
	F(int, archive_write_set_format_raw, (struct archive *)) \
	F(int, archive_write_set_bytes_per_block, (struct archive *, int)) \
	F(int, archive_write_add_filter_gzip, (struct archive *)) \
	F(int, archive_write_set_options, (struct archive *, const char *)) \
	F(int, archive_write_open, (struct archive *, void *, archive_open_callback *, archive_write_callback *, \
				    archive_close_callback *)) \
	F(int, archive_write_header, (struct archive *, struct archive_entry *)) \
	F(ssize_t, archive_write_data, (struct archive *, const void *, size_t)) \
	F(int, archive_write_finish_entry, (struct archive *)) \
	F(int, archive_write_close, (struct archive *)) \
	F(int, archive_write_free, (struct archive *)) \
	F(struct archive_entry *, archive_entry_new, (void)) \
	F(struct archive_entry *, archive_entry_clear, (struct archive_entry *)) \
	F(void, archive_entry_free, (struct archive_entry *)) \
	F(void, archive_entry_set_pathname, (struct archive_entry *, const char *)) \
	F(void, archive_entry_set_filetype, (struct archive_entry *, unsigned)) \
	F(void, archive_entry_set_perm, (struct archive_entry *, mode_t)) \
	F(void, archive_entry_set_size, (struct archive_entry *, int64_t)) \
	F(void, archive_entry_set_mtime, (struct archive_entry *, time_t, long)) \
	F(void, archive_entry_set_symlink, (struct archive_entry *, const char *))

#define VC_LIBARCHIVE_MEMBER(type, name, arguments) type(*name) arguments;
struct vc_libarchive { VC_LIBARCHIVE_CALLS(VC_LIBARCHIVE_MEMBER) };

/* NULL, with a diagnostic about @file, when the library is not installed. */
const struct vc_libarchive *vc_libarchive_load(const char *file, struct vc_diags *diags);
